/* A certificate for a server that was given none. */
#ifndef FW_TLS_SELF_SIGNED_H
#define FW_TLS_SELF_SIGNED_H

#include "setup.h"

/* Makes a P-256 key in setup->key and a certificate of its own in setup->chain. It proves nothing:
 * whoever connects has to do without verifying it. */
bool fw_tls_self_sign(struct fw_tls_setup *setup, const char **reason);

#endif
