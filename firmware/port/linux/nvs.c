#include "nvs.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 65536, KEPT_MAX = 999 };

static char *with_suffix(const char *path, const char *suffix)
{
    char *text = malloc(strlen(path) + strlen(suffix) + 1);

    if (text != NULL) {
        strcpy(text, path);
        strcat(text, suffix);
    }
    return text;
}

/* Why a file can't be used. */
enum trouble {
    NO_TROUBLE,
    NO_FILE,
    NO_MEMORY,
    NOT_A_FILE, /* a directory, a device, a pipe */
    UNREADABLE,
    TOO_LARGE,
    DAMAGED,
};

static const char *const troubles[] = {
    [NOT_A_FILE] = "is no regular file",
    [UNREADABLE] = "can't be read",
    [TOO_LARGE] = "is too large",
    [DAMAGED] = "is damaged",
};

/* Fills text[0..FILE_MAX + 1); what does not fit is too large. */
static enum trouble read_all(int fd, char *text, size_t *len)
{
    ssize_t n = 1;

    *len = 0;
    while (n != 0) {
        n = read(fd, text + *len, FILE_MAX + 1 - *len);
        if (n < 0 && errno != EINTR) {
            return UNREADABLE;
        }
        *len += n > 0 ? (size_t)n : 0;
        if (*len > FILE_MAX) {
            return TOO_LARGE;
        }
    }
    text[*len] = '\0';
    return NO_TROUBLE;
}

/* The whole file, to be freed, with a NUL behind it. Nobody waits for the writer of a pipe. */
static enum trouble read_file(const char *path, char **out, size_t *len)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    enum trouble trouble = NO_MEMORY;
    struct stat about;

    if (fd < 0) {
        return errno == ENOENT ? NO_FILE : UNREADABLE;
    }
    *out = malloc(FILE_MAX + 2);
    if (fstat(fd, &about) == 0 && !S_ISREG(about.st_mode)) {
        trouble = NOT_A_FILE;
    } else if (*out != NULL) {
        trouble = read_all(fd, *out, len);
    }
    close(fd);
    return trouble;
}

/* One text a name: a second one of the same name could not be changed. */
static bool is_object_of_texts(const cJSON *json)
{
    const cJSON *item;

    if (!cJSON_IsObject(json)) {
        return false;
    }
    cJSON_ArrayForEach(item, json)
    {
        if (!cJSON_IsString(item) || cJSON_GetObjectItemCaseSensitive(json, item->string) != item) {
            return false;
        }
    }
    return true;
}

static bool is_taken(const char *path)
{
    struct stat about;

    return lstat(path, &about) == 0 || errno != ENOENT;
}

/* PATH.bad, PATH.bad.1, ...: the first name that nothing has. NULL: none is left. */
static char *find_free_name(const char *path)
{
    for (int i = 0; i <= KEPT_MAX; i++) {
        char suffix[16];
        char *name;

        snprintf(suffix, sizeof suffix, i == 0 ? ".bad" : ".bad.%d", i);
        name = with_suffix(path, suffix);
        if (name == NULL || !is_taken(name)) {
            return name;
        }
        free(name);
    }
    return NULL;
}

/* The file goes out of the way, so that nothing overwrites it. Where that can't be, it stays where
 * it is and nothing is stored. */
static void keep(struct fw_nvs *nvs, enum trouble trouble)
{
    char *name = trouble != NOT_A_FILE ? find_free_name(nvs->path) : NULL;

    if (name != NULL && rename(nvs->path, name) == 0) {
        fprintf(stderr, "%s %s: starting from defaults, its content is kept in %s\n", nvs->path,
                troubles[trouble], name);
    } else {
        fprintf(stderr,
                "%s %s: starting from defaults; it is left alone, and settings last until the "
                "module stops\n",
                nvs->path, troubles[trouble]);
        free(nvs->path);
        nvs->path = NULL;
    }
    free(name);
}

static enum trouble parse(struct fw_nvs *nvs, const char *text, size_t len)
{
    cJSON *json = strlen(text) == len ? cJSON_ParseWithOpts(text, NULL, true) : NULL;

    if (!is_object_of_texts(json)) {
        cJSON_Delete(json);
        return DAMAGED;
    }
    cJSON_Delete(nvs->settings);
    nvs->settings = json;
    return NO_TROUBLE;
}

static int load(struct fw_nvs *nvs)
{
    char *text = NULL;
    size_t len = 0;
    enum trouble trouble = read_file(nvs->path, &text, &len);

    if (trouble == NO_TROUBLE) {
        trouble = parse(nvs, text, len);
    }
    free(text);
    if (trouble == NO_MEMORY) {
        return -ENOMEM;
    }
    if (trouble != NO_TROUBLE && trouble != NO_FILE) {
        keep(nvs, trouble);
    }
    return 0;
}

/* A symbolic link stays one: what it leads to is the file. */
static char *real_path(const char *path)
{
    char *real = realpath(path, NULL);

    return real != NULL ? real : strdup(path);
}

static void warn_unless_writable(const char *path)
{
    char *copy = strdup(path);

    if (copy != NULL && access(dirname(copy), W_OK | X_OK) < 0) {
        fprintf(stderr, "%s can't be written (%s): settings last until the module stops\n", path,
                strerror(errno));
    }
    free(copy);
}

int fw_nvs_init(struct fw_nvs *nvs, const char *path)
{
    int result = 0;

    nvs->path = NULL;
    nvs->settings = cJSON_CreateObject();
    if (nvs->settings == NULL) {
        return -ENOMEM;
    }
    if (path != NULL) {
        nvs->path = real_path(path);
        result = nvs->path != NULL ? load(nvs) : -ENOMEM;
        warn_unless_writable(path);
    }
    if (result < 0) {
        fw_nvs_close(nvs);
    }
    return result;
}

void fw_nvs_close(struct fw_nvs *nvs)
{
    cJSON_Delete(nvs->settings);
    free(nvs->path);
    nvs->settings = NULL;
    nvs->path = NULL;
}

static int get(void *ctx, const char *key, char *text, size_t cap)
{
    const struct fw_nvs *nvs = ctx;
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(nvs->settings, key));
    size_t len = value != NULL ? strlen(value) : cap;

    if (len >= cap) {
        return FW_IO_FAIL;
    }
    memcpy(text, value, len + 1);
    return (int)len;
}

static int put(void *ctx, const char *key, const char *text)
{
    struct fw_nvs *nvs = ctx;

    cJSON_DeleteItemFromObjectCaseSensitive(nvs->settings, key);
    return cJSON_AddStringToObject(nvs->settings, key, text) != NULL ? 0 : FW_IO_FAIL;
}

static void erase(void *ctx)
{
    struct fw_nvs *nvs = ctx;
    cJSON *empty = cJSON_CreateObject();

    if (empty != NULL) {
        cJSON_Delete(nvs->settings);
        nvs->settings = empty;
    }
}

static int write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, text, len);

        if (n < 0 && errno != EINTR) {
            return -errno;
        }
        text += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* A new file: what an earlier process has left there may be anything, a symbolic link, too. */
static int write_synced(const char *path, const char *text)
{
    int result, fd;

    unlink(path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return -errno;
    }
    result = write_all(fd, text, strlen(text));
    if (result == 0 && fsync(fd) < 0) {
        result = -errno;
    }
    close(fd);
    return result;
}

/* The new name is on disk once its directory is. */
static void sync_directory(const char *path)
{
    char *copy = strdup(path);
    int fd = copy != NULL ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(copy);
}

static int replace_file(const char *path, const char *text)
{
    char *temporary = with_suffix(path, ".tmp");
    int result = -ENOMEM;

    if (temporary == NULL) {
        return result;
    }
    result = write_synced(temporary, text);
    if (result == 0 && rename(temporary, path) < 0) {
        result = -errno;
    }
    if (result < 0) {
        unlink(temporary);
    } else {
        sync_directory(path);
    }
    free(temporary);
    return result;
}

static int commit(void *ctx)
{
    struct fw_nvs *nvs = ctx;
    char *text;
    int result = -ENOMEM;

    if (nvs->path == NULL) {
        return 0;
    }
    text = cJSON_Print(nvs->settings);
    if (text != NULL) {
        result = replace_file(nvs->path, text);
    }
    if (result < 0) {
        fprintf(stderr, "%s can't be written (%s): settings last until the module stops\n",
                nvs->path, strerror(-result));
    }
    free(text);
    return result < 0 ? FW_IO_FAIL : 0;
}

const struct fw_nvs_ops fw_nvs_ops = {
    .get = get,
    .put = put,
    .erase = erase,
    .commit = commit,
};
