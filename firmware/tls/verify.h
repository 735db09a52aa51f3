/* Certificate dates against the module's clock. */
#ifndef FW_TLS_VERIFY_H
#define FW_TLS_VERIFY_H

#include <stdbool.h>
#include <stdint.h>

#include <mbedtls/x509_crt.h>

/* Whether dates can be checked at all; false and *reason with unix_s 0. */
bool fw_tls_clock_is_set(uint64_t unix_s, const char **reason);

/* mbedTLS's callback for each certificate of a chain; ctx points to the time (uint64_t, seconds
 * since 1970 UTC) that the dates are compared with. */
int fw_tls_verify_dates(void *ctx, mbedtls_x509_crt *crt, int depth, uint32_t *flags);

#endif
