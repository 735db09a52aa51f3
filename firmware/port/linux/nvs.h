/* Stored settings as a JSON object of texts in a file. */
#ifndef FW_NVS_H
#define FW_NVS_H

#include <wmfw/port.h>

struct cJSON;

struct fw_nvs {
    char *path; /* NULL: in memory only */
    struct cJSON *settings;
};

/* Reads the file. One that is missing gives no settings. So does one that can't be used (damaged,
 * unreadable, too large, no regular file), with a warning on standard error: it is kept under the
 * first free of the names PATH.bad, PATH.bad.1, ..., or stays where it is and nothing is written. 0
 * or -ENOMEM. */
int fw_nvs_init(struct fw_nvs *nvs, const char *path);
void fw_nvs_close(struct fw_nvs *nvs);

extern const struct fw_nvs_ops fw_nvs_ops; /* ctx is a struct fw_nvs */

#endif
