/* Certificates and keys from a folder, by the names that wmfw/linux.h gives (certs_path). */
#ifndef FW_CERTS_H
#define FW_CERTS_H

#include <wmfw/port.h>

struct fw_certs {
    char *folder; /* NULL: there are none */
    char *lent;   /* what was lent last */
};

/* 0, or a negative errno when the folder can't be read. */
int fw_certs_init(struct fw_certs *certs, const char *folder);
void fw_certs_close(struct fw_certs *certs);

extern const struct fw_cert_ops fw_certs_ops; /* ctx is a struct fw_certs */

#endif
