/* Stored settings as a JSON object of texts in a file. */
#ifndef FW_NVS_H
#define FW_NVS_H

#include <wmfw/port.h>

struct cJSON;

struct fw_nvs {
    char *path; /* NULL: in memory only */
    struct cJSON *settings;
};

/* Reads the file. One that is missing gives no settings; one that is damaged is kept as PATH.bad,
 * with a warning on standard error. 0 or a negative errno. */
int fw_nvs_init(struct fw_nvs *nvs, const char *path);
void fw_nvs_close(struct fw_nvs *nvs);

extern const struct fw_nvs_ops fw_nvs_ops; /* ctx is a struct fw_nvs */

#endif
