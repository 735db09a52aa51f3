#include "nvs.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 65536 };

static char *with_suffix(const char *path, const char *suffix)
{
    char *text = malloc(strlen(path) + strlen(suffix) + 1);

    if (text != NULL) {
        strcpy(text, path);
        strcat(text, suffix);
    }
    return text;
}

/* The whole file, to be freed; NULL and errno. */
static char *read_file(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t len;

    if (file == NULL) {
        return NULL;
    }
    text = malloc(FILE_MAX + 1);
    if (text != NULL) {
        len = fread(text, 1, FILE_MAX, file);
        text[len] = '\0';
        if (ferror(file)) {
            free(text);
            text = NULL;
            errno = EIO;
        }
    }
    fclose(file);
    return text;
}

static bool is_object_of_texts(const cJSON *json)
{
    const cJSON *item;

    if (!cJSON_IsObject(json)) {
        return false;
    }
    cJSON_ArrayForEach(item, json)
    {
        if (!cJSON_IsString(item)) {
            return false;
        }
    }
    return true;
}

static void keep_damaged(const char *path)
{
    char *bad = with_suffix(path, ".bad");

    if (bad != NULL && rename(path, bad) == 0) {
        fprintf(stderr, "%s is damaged: starting from defaults, its content is kept in %s\n", path,
                bad);
    } else {
        fprintf(stderr, "%s is damaged: starting from defaults\n", path);
    }
    free(bad);
}

static int load(struct fw_nvs *nvs)
{
    char *text = read_file(nvs->path);
    cJSON *json;

    if (text == NULL) {
        return errno == ENOENT ? 0 : -errno;
    }
    json = cJSON_Parse(text);
    free(text);
    if (is_object_of_texts(json)) {
        cJSON_Delete(nvs->settings);
        nvs->settings = json;
    } else {
        cJSON_Delete(json);
        keep_damaged(nvs->path);
    }
    return 0;
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
        nvs->path = strdup(path);
        result = nvs->path != NULL ? load(nvs) : -ENOMEM;
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

static int write_synced(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int result;

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
