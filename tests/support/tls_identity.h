/* Certificates and keys for tests, made when they are needed, with dates of the test's choice. They
 * are the same in every run. */
#ifndef TLS_IDENTITY_H
#define TLS_IDENTITY_H

#include <stdbool.h>
#include <stddef.h>

#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#define TLS_IDENTITY_TEXT 4096

struct tls_identity {
    mbedtls_pk_context key;
    mbedtls_x509_crt crt; /* its certificate, then those above it but for the root */
    char subject[64];
    unsigned char chain_pem[TLS_IDENTITY_TEXT], key_pem[TLS_IDENTITY_TEXT]; /* end with a NUL, */
    size_t chain_pem_len, key_pem_len;                                      /* which counts */
    unsigned char key_der[TLS_IDENTITY_TEXT];
    size_t key_der_len;
};

struct tls_issue {
    const char *subject;         /* "CN=..." */
    struct tls_identity *issuer; /* NULL: it signs itself, as a root does */
    const char *from, *to;       /* YYYYMMDDhhmmss; NULL: from 1990 to 2099 */
    bool authority;              /* it may sign others */
    bool rsa;                    /* an RSA key (always the same one) instead of a P-256 one */
};

void tls_identity_make(struct tls_identity *out, const struct tls_issue *issue);
void tls_identity_free(struct tls_identity *identity);

/* Random bytes for mbedTLS that are the same in every run. */
int tls_random(void *ctx, unsigned char *out, size_t len);

#endif
