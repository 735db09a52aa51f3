/* TLS over the sockets of port.h, with mbedTLS: the only part of the firmware that allocates, and
 * that only because mbedTLS does. TLS 1.2 and up, suites with authenticated encryption or forward
 * secrecy only; certificate dates are checked against the module's own clock. */
#ifndef FW_TLS_H
#define FW_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/port.h>

#define FW_TLS_NAME_MAX 64 /* bytes of a common name or of an SNI (spec: CIPSSLCCN, CIPSSLCSNI) */
#define FW_TLS_ALPN_MAX 5  /* protocols (spec: CIPSSLCALPN) */
#define FW_TLS_ALPN_TEXT                                                                           \
    240                   /* bytes of all protocols and their NULs: a command line holds no more */
#define FW_TLS_PSK_MAX 32 /* bytes of a key, and of an identity (spec: CIPSSLCPSK) */

/* What a link presents and demands (AT+CIPSSLC...). Everything zero: no authentication.
 * common_name and sni are settings of their own: neither stands in for the other. */
struct fw_tls_config {
    uint8_t auth_mode;  /* bit 0: present a certificate; bit 1: verify the peer's */
    uint8_t pki_number; /* which FW_CERT_CHAIN and FW_CERT_KEY */
    uint8_t ca_number;  /* which FW_CERT_CA */
    uint8_t alpn_count;
    /* 0: no pre-shared key. With one, only suites that use it are offered; they have no
     * certificates, so auth_mode and common_name mean nothing. */
    uint8_t psk_len;
    /* That a verified certificate must be for: one of its DNS names or, where it has none, its
     * common name. "": any. */
    char common_name[FW_TLS_NAME_MAX + 1];
    char sni[FW_TLS_NAME_MAX + 1]; /* in the ClientHello; "": none */
    char alpn[FW_TLS_ALPN_TEXT];   /* alpn_count texts, each with its NUL */
    uint8_t psk[FW_TLS_PSK_MAX];
    char psk_identity[FW_TLS_PSK_MAX + 1];
};

/* One connection. */
struct fw_tls;

/* What a server's connections share: its certificate, key and CA. */
struct fw_tls_server;

/* unix_s is the module's clock in seconds since 1970 (UTC), 0 while it was never set. The text of a
 * reason is static. port lives as long as what was made with it. */

/* Begins a client's connection over a connected socket, which stays the caller's. NULL and *reason:
 * a certificate is missing or can't be read, no memory, or the clock is not set although dates have
 * to be checked. config need not live on. */
struct fw_tls *fw_tls_connect(const struct fw_port *port, int sock,
                              const struct fw_tls_config *config, uint64_t unix_s,
                              const char **reason);

/* Gets ready to serve: with the certificate of FW_CERT_SERVER_CHAIN or, without one, a self-signed
 * one that is made now; verify: a client needs a certificate that leads to FW_CERT_SERVER_CA. NULL
 * and *reason, see fw_tls_connect. */
struct fw_tls_server *fw_tls_server_open(const struct fw_port *port, bool verify, uint64_t unix_s,
                                         const char **reason);

/* No more fw_tls_accept. Connections that it has accepted go on (AT+CIPSERVER=0,0), and what they
 * share lives until the last one is closed. NULL is harmless. */
void fw_tls_server_close(struct fw_tls_server *server);

/* Begins a server's connection over an accepted socket, which stays the caller's. NULL and
 * *reason: no memory, or the clock is not set although clients are verified. */
struct fw_tls *fw_tls_accept(struct fw_tls_server *server, int sock, uint64_t unix_s,
                             const char **reason);

/* Goes on with the handshake: 0 done, FW_IO_AGAIN (see fw_tls_wants), FW_IO_FAIL and *reason. What
 * follows, but for fw_tls_progress, fw_tls_wants and fw_tls_close, has to wait until it is done. */
int fw_tls_handshake(struct fw_tls *tls, const char **reason);

/* How far the handshake has come: it changes with each message of it. */
unsigned fw_tls_progress(const struct fw_tls *tls);

/* As in fw_net_ops; len and cap are at least 1. After FW_IO_AGAIN of a send the same bytes have to
 * be offered again, and more may follow them. A recv takes at most one record more from the socket
 * than it gives. 0: the peer has said that it ends, or has ended without saying so; the connection
 * can still send. */
int fw_tls_send(struct fw_tls *tls, const void *data, size_t len);
int fw_tls_recv(struct fw_tls *tls, void *data, size_t cap);

/* The bytes that were to be offered again will not be: what is encrypted of them still goes out,
 * and a send may begin with others. */
void fw_tls_abandon_send(struct fw_tls *tls);

/* Bytes that fw_tls_recv can give without the socket. */
size_t fw_tls_pending(const struct fw_tls *tls);

/* What the last FW_IO_AGAIN waits for: FW_WANT_READ or FW_WANT_WRITE. */
unsigned fw_tls_wants(const struct fw_tls *tls);

/* Bytes by which the records received so far were longer than what was in them. */
uint64_t fw_tls_overhead(const struct fw_tls *tls);

/* Tells the peer that it ends, as far as that goes at once, and frees everything but the socket.
 * NULL is harmless. */
void fw_tls_close(struct fw_tls *tls);

#endif
