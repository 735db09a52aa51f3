/* The other side of a TLS connection: mbedTLS by itself, with settings of its own, so that what the
 * firmware's TLS says is read by somebody else. */
#ifndef TLS_PEER_H
#define TLS_PEER_H

#include <stdbool.h>
#include <stddef.h>

#include <mbedtls/ssl.h>

#include "tls_identity.h"
#include "tls_wire.h"

/* Everything zero: a server without a certificate, which nobody can talk to. */
struct tls_peer_options {
    bool client;
    struct tls_identity *identity; /* that it presents; NULL: none */
    struct tls_identity *ca;       /* a root that the module's certificate must lead to, by
                                      signatures; dates are not looked at. NULL: not asked for */
    bool optional;                 /* a module without a certificate is all right */
    const char *name;              /* a client's: of the server; NULL: none */
    const char **alpn;             /* ends with NULL; NULL: it knows no ALPN */
    const char *psk, *psk_identity;
    int last_minor_version; /* MBEDTLS_SSL_MINOR_VERSION_..; 0: TLS 1.2 */
    const int *suites;      /* ends with 0; NULL: all */
    bool renegotiation;
};

struct tls_peer {
    struct tls_wire *wire;
    mbedtls_ssl_context ssl;
    mbedtls_ssl_config conf;
    int result;   /* of its handshake: 0, or the error; WANT_READ or WANT_WRITE under way */
    char sni[80]; /* a server's: that it was asked for; "(none)": none */
};

void tls_peer_init(struct tls_peer *peer, struct tls_wire *wire,
                   const struct tls_peer_options *options);
void tls_peer_free(struct tls_peer *peer);

/* Goes on with its handshake as far as that goes now, and sets result. */
void tls_peer_step(struct tls_peer *peer);

/* Bytes sent or received, FW_IO_AGAIN, or FW_IO_FAIL. 0 of a receive: close_notify; FW_IO_FAIL: an
 * end without it as well. The same bytes have to be sent again after FW_IO_AGAIN. */
int tls_peer_send(struct tls_peer *peer, const void *data, size_t len);
int tls_peer_recv(struct tls_peer *peer, void *data, size_t cap);

/* Sends close_notify. */
void tls_peer_close(struct tls_peer *peer);

/* The common name of the certificate that the module has presented, "(none)" without one. Valid
 * until the next call. */
const char *tls_peer_sees(const struct tls_peer *peer);

#endif
