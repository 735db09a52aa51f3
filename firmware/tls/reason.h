/* Why something failed, as static text for a trace. */
#ifndef FW_TLS_REASON_H
#define FW_TLS_REASON_H

#include <mbedtls/ssl.h>

#define FW_TLS_NO_MEMORY "no memory left"

/* Of an error of mbedTLS. */
const char *fw_tls_reason(int error);

/* Of an error of the handshake: what is wrong with the peer's certificate, or what the peer's alert
 * says, as far as the error is one of those. */
const char *fw_tls_handshake_reason(const mbedtls_ssl_context *ssl, int error);

#endif
