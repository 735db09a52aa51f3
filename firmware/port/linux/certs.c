#include "certs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20 };

int fw_certs_init(struct fw_certs *certs, const char *folder)
{
    struct stat what = {0};

    *certs = (struct fw_certs){.folder = NULL};
    if (folder == NULL) {
        return 0;
    }
    if (stat(folder, &what) < 0) {
        return -errno;
    }
    if (!S_ISDIR(what.st_mode)) {
        return -ENOTDIR;
    }
    if (access(folder, R_OK | X_OK) < 0) {
        return -errno;
    }
    certs->folder = strdup(folder);
    return certs->folder != NULL ? 0 : -ENOMEM;
}

void fw_certs_close(struct fw_certs *certs)
{
    free(certs->folder);
    free(certs->lent);
    certs->folder = certs->lent = NULL;
}

static void file_name(enum fw_cert what, unsigned index, char *name, size_t size)
{
    switch (what) {
    case FW_CERT_CA:
        snprintf(name, size, "ca%u.pem", index);
        break;
    case FW_CERT_CHAIN:
        snprintf(name, size, "cert%u.pem", index);
        break;
    case FW_CERT_KEY:
        snprintf(name, size, "key%u.pem", index);
        break;
    case FW_CERT_SERVER_CA:
        snprintf(name, size, "server_ca.pem");
        break;
    case FW_CERT_SERVER_CHAIN:
        snprintf(name, size, "server_cert.pem");
        break;
    case FW_CERT_SERVER_KEY:
        snprintf(name, size, "server_key.pem");
        break;
    }
}

static char *read_file(const char *path, size_t *len)
{
    FILE *file = fopen(path, "re");
    char *bytes = file != NULL ? malloc(FILE_MAX + 1) : NULL;

    if (bytes != NULL) {
        *len = fread(bytes, 1, FILE_MAX, file);
        bytes[*len] = '\0';
    }
    if (file != NULL) {
        fclose(file);
    }
    return bytes;
}

/* The NUL behind a PEM text counts (port.h). */
static const void *lend(void *ctx, enum fw_cert what, unsigned index, size_t *len)
{
    struct fw_certs *certs = ctx;
    char name[32], path[4096];

    free(certs->lent);
    certs->lent = NULL;
    if (certs->folder == NULL) {
        return NULL;
    }
    file_name(what, index, name, sizeof name);
    if (snprintf(path, sizeof path, "%s/%s", certs->folder, name) >= (int)sizeof path) {
        return NULL;
    }
    certs->lent = read_file(path, len);
    if (certs->lent != NULL && strstr(certs->lent, "-----BEGIN ") != NULL) {
        *len += 1;
    }
    return certs->lent;
}

const struct fw_cert_ops fw_certs_ops = {.lend = lend};
