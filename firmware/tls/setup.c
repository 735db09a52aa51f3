#include "setup.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/ssl_ciphersuites.h>

#include "reason.h"
#include "verify.h"

/* Forward secrecy and authenticated encryption first; then one of the two, for older peers. */
static const int certificate_suites[] = {
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,
    MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384,
    MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384,
    MBEDTLS_TLS_RSA_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_RSA_WITH_AES_256_GCM_SHA384,
    0,
};

static const int psk_suites[] = {
    MBEDTLS_TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256,
    MBEDTLS_TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256,
    MBEDTLS_TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384,
    MBEDTLS_TLS_PSK_WITH_AES_128_GCM_SHA256,
    MBEDTLS_TLS_PSK_WITH_CHACHA20_POLY1305_SHA256,
    MBEDTLS_TLS_PSK_WITH_AES_256_GCM_SHA384,
    0,
};

static const mbedtls_ecp_group_id curves[] = {
    MBEDTLS_ECP_DP_SECP256R1, MBEDTLS_ECP_DP_CURVE25519, MBEDTLS_ECP_DP_SECP384R1,
    MBEDTLS_ECP_DP_SECP521R1, MBEDTLS_ECP_DP_NONE,
};

static const int signature_hashes[] = {
    MBEDTLS_MD_SHA256,
    MBEDTLS_MD_SHA384,
    MBEDTLS_MD_SHA512,
    MBEDTLS_MD_NONE,
};

static const struct {
    const char *missing, *unreadable;
} texts[] = {
    [FW_CERT_CA] = {"there is no CA certificate of that number",
                    "the CA certificate can't be read"},
    [FW_CERT_CHAIN] = {"there is no client certificate of that number",
                       "the client certificate can't be read"},
    [FW_CERT_KEY] = {"there is no client key of that number", "the client key can't be read"},
    [FW_CERT_SERVER_CA] = {"there is no CA certificate for the server's clients",
                           "the CA certificate for the server's clients can't be read"},
    [FW_CERT_SERVER_CHAIN] = {"there is no server certificate",
                              "the server certificate can't be read"},
    [FW_CERT_SERVER_KEY] = {"there is no key for the server certificate",
                            "the server key can't be read"},
};

void fw_tls_setup_init(struct fw_tls_setup *setup, const struct fw_port *port)
{
    setup->port = port;
    mbedtls_ssl_config_init(&setup->conf);
    mbedtls_x509_crt_init(&setup->ca);
    mbedtls_x509_crt_init(&setup->chain);
    mbedtls_pk_init(&setup->key);
}

void fw_tls_setup_free(struct fw_tls_setup *setup)
{
    mbedtls_ssl_config_free(&setup->conf);
    mbedtls_pk_free(&setup->key);
    mbedtls_x509_crt_free(&setup->chain);
    mbedtls_x509_crt_free(&setup->ca);
}

int fw_tls_random(void *ctx, unsigned char *out, size_t len)
{
    const struct fw_port *port = ((struct fw_tls_setup *)ctx)->port;
    int result = port->entropy(port->entropy_ctx, out, len);

    return result < 0 ? MBEDTLS_ERR_CTR_DRBG_ENTROPY_SOURCE_FAILED : 0;
}

bool fw_tls_setup_defaults(struct fw_tls_setup *setup, int endpoint, enum fw_tls_suites suites,
                           const char **reason)
{
    mbedtls_ssl_config *conf = &setup->conf;
    int result = mbedtls_ssl_config_defaults(conf, endpoint, MBEDTLS_SSL_TRANSPORT_STREAM,
                                             MBEDTLS_SSL_PRESET_DEFAULT);

    if (result != 0) {
        *reason = fw_tls_reason(result);
        return false;
    }
    mbedtls_ssl_conf_rng(conf, fw_tls_random, setup);
    mbedtls_ssl_conf_min_version(conf, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
    mbedtls_ssl_conf_ciphersuites(conf,
                                  suites == FW_TLS_SUITES_PSK ? psk_suites : certificate_suites);
    mbedtls_ssl_conf_curves(conf, curves);
    mbedtls_ssl_conf_sig_hashes(conf, signature_hashes);
    mbedtls_ssl_conf_renegotiation(conf, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
    mbedtls_ssl_conf_session_tickets(conf, MBEDTLS_SSL_SESSION_TICKETS_DISABLED);
    mbedtls_ssl_conf_authmode(conf, MBEDTLS_SSL_VERIFY_NONE);
    return true;
}

/* Parsing copies: what is lent need not live on. */
static bool load_certificates(const struct fw_port *port, enum fw_cert what, unsigned index,
                              mbedtls_x509_crt *out, const char **reason)
{
    size_t len;
    const void *bytes = port->certs->lend(port->certs_ctx, what, index, &len);

    if (bytes == NULL) {
        *reason = texts[what].missing;
        return false;
    }
    if (mbedtls_x509_crt_parse(out, bytes, len) != 0) {
        *reason = texts[what].unreadable;
        return false;
    }
    return true;
}

static bool load_key(const struct fw_port *port, enum fw_cert what, unsigned index,
                     mbedtls_pk_context *out, const char **reason)
{
    size_t len;
    const void *bytes = port->certs->lend(port->certs_ctx, what, index, &len);

    if (bytes == NULL) {
        *reason = texts[what].missing;
        return false;
    }
    if (mbedtls_pk_parse_key(out, bytes, len, NULL, 0) != 0) {
        *reason = texts[what].unreadable;
        return false;
    }
    return true;
}

bool fw_tls_setup_verify(struct fw_tls_setup *setup, enum fw_cert ca, unsigned index,
                         uint64_t unix_s, const char **reason)
{
    if (!fw_tls_clock_is_set(unix_s, reason) ||
        !load_certificates(setup->port, ca, index, &setup->ca, reason)) {
        return false;
    }
    mbedtls_ssl_conf_ca_chain(&setup->conf, &setup->ca, NULL);
    mbedtls_ssl_conf_authmode(&setup->conf, MBEDTLS_SSL_VERIFY_REQUIRED);
    return true;
}

bool fw_tls_setup_own(struct fw_tls_setup *setup, const char **reason)
{
    int result = mbedtls_ssl_conf_own_cert(&setup->conf, &setup->chain, &setup->key);

    if (result != 0) {
        *reason = fw_tls_reason(result);
    }
    return result == 0;
}

bool fw_tls_setup_present(struct fw_tls_setup *setup, enum fw_cert chain, enum fw_cert key,
                          unsigned index, const char **reason)
{
    if (!load_certificates(setup->port, chain, index, &setup->chain, reason) ||
        !load_key(setup->port, key, index, &setup->key, reason)) {
        return false;
    }
    if (mbedtls_pk_check_pair(&setup->chain.pk, &setup->key) != 0) {
        *reason = "the key is not that of the certificate";
        return false;
    }
    return fw_tls_setup_own(setup, reason);
}
