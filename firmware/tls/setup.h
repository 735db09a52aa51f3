/* What a client's connection, or all connections of a server, are set up with: settings,
 * certificates, key. The functions return false and *reason (static text) when they can't. */
#ifndef FW_TLS_SETUP_H
#define FW_TLS_SETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <mbedtls/pk.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>

#include <wmfw/port.h>

struct fw_tls_setup {
    const struct fw_port *port;
    mbedtls_ssl_config conf;
    mbedtls_x509_crt ca;
    mbedtls_x509_crt chain;
    mbedtls_pk_context key;
};

/* How both sides authenticate: by certificates, or by a key that they share. */
enum fw_tls_suites { FW_TLS_SUITES_CERTIFICATE, FW_TLS_SUITES_PSK };

void fw_tls_setup_init(struct fw_tls_setup *setup, const struct fw_port *port);
void fw_tls_setup_free(struct fw_tls_setup *setup);

/* Versions, suites, curves; nobody is verified yet. endpoint: MBEDTLS_SSL_IS_CLIENT or _SERVER. */
bool fw_tls_setup_defaults(struct fw_tls_setup *setup, int endpoint, enum fw_tls_suites suites,
                           const char **reason);

/* The peer has to present a certificate that leads to this CA. unix_s 0: refused. */
bool fw_tls_setup_verify(struct fw_tls_setup *setup, enum fw_cert ca, unsigned index,
                         uint64_t unix_s, const char **reason);

/* Loads the certificate and key that the connection presents. */
bool fw_tls_setup_present(struct fw_tls_setup *setup, enum fw_cert chain, enum fw_cert key,
                          unsigned index, const char **reason);

/* Presents what setup->chain and setup->key hold. */
bool fw_tls_setup_own(struct fw_tls_setup *setup, const char **reason);

/* mbedTLS's source of random bytes; ctx is the setup. */
int fw_tls_random(void *ctx, unsigned char *out, size_t len);

#endif
