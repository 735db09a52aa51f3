#include "tls_peer.h"

#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int peer_send(void *ctx, const unsigned char *data, size_t len)
{
    struct tls_peer *peer = ctx;
    int sent = tls_wire_put(peer->wire, data, len);

    return sent == FW_IO_AGAIN ? MBEDTLS_ERR_SSL_WANT_WRITE : sent;
}

static int peer_recv(void *ctx, unsigned char *data, size_t cap)
{
    struct tls_peer *peer = ctx;
    int got = tls_wire_get(peer->wire, data, cap);

    return got == FW_IO_AGAIN ? MBEDTLS_ERR_SSL_WANT_READ : got;
}

static int note_sni(void *ctx, mbedtls_ssl_context *ssl, const unsigned char *name, size_t len)
{
    struct tls_peer *peer = ctx;

    (void)ssl;
    snprintf(peer->sni, sizeof peer->sni, "%.*s", (int)len, (const char *)name);
    return 0;
}

/* Signatures only: this host's clock is of no interest. */
static int ignore_dates(void *ctx, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
    (void)ctx;
    (void)crt;
    (void)depth;
    *flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
    return 0;
}

static void configure_authentication(struct tls_peer *peer, const struct tls_peer_options *options)
{
    mbedtls_ssl_config *conf = &peer->conf;

    mbedtls_ssl_conf_authmode(conf, MBEDTLS_SSL_VERIFY_NONE);
    if (options->ca != NULL) {
        mbedtls_ssl_conf_authmode(conf, options->optional ? MBEDTLS_SSL_VERIFY_OPTIONAL
                                                          : MBEDTLS_SSL_VERIFY_REQUIRED);
        mbedtls_ssl_conf_ca_chain(conf, &options->ca->crt, NULL);
        mbedtls_ssl_conf_verify(conf, ignore_dates, NULL);
    }
    if (options->identity != NULL) {
        ck_assert_int_eq(
            mbedtls_ssl_conf_own_cert(conf, &options->identity->crt, &options->identity->key), 0);
    }
    if (options->psk != NULL) {
        ck_assert_int_eq(mbedtls_ssl_conf_psk(conf, (const unsigned char *)options->psk,
                                              strlen(options->psk),
                                              (const unsigned char *)options->psk_identity,
                                              strlen(options->psk_identity)),
                         0);
    }
}

static void configure(struct tls_peer *peer, const struct tls_peer_options *options)
{
    mbedtls_ssl_config *conf = &peer->conf;

    ck_assert_int_eq(mbedtls_ssl_config_defaults(
                         conf, options->client ? MBEDTLS_SSL_IS_CLIENT : MBEDTLS_SSL_IS_SERVER,
                         MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT),
                     0);
    mbedtls_ssl_conf_rng(conf, tls_random, NULL);
    mbedtls_ssl_conf_min_version(conf, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_1);
    if (options->last_minor_version != 0) {
        mbedtls_ssl_conf_max_version(conf, MBEDTLS_SSL_MAJOR_VERSION_3,
                                     options->last_minor_version);
    }
    if (options->suites != NULL) {
        mbedtls_ssl_conf_ciphersuites(conf, options->suites);
    }
    if (options->alpn != NULL) {
        ck_assert_int_eq(mbedtls_ssl_conf_alpn_protocols(conf, options->alpn), 0);
    }
    if (options->renegotiation) {
        mbedtls_ssl_conf_renegotiation(conf, MBEDTLS_SSL_RENEGOTIATION_ENABLED);
        mbedtls_ssl_conf_renegotiation_enforced(conf, MBEDTLS_SSL_RENEGOTIATION_NOT_ENFORCED);
    }
    if (!options->client) {
        mbedtls_ssl_conf_sni(conf, note_sni, peer);
    }
}

void tls_peer_init(struct tls_peer *peer, struct tls_wire *wire,
                   const struct tls_peer_options *options)
{
    peer->wire = wire;
    peer->result = MBEDTLS_ERR_SSL_WANT_READ;
    strcpy(peer->sni, "(none)");
    mbedtls_ssl_init(&peer->ssl);
    mbedtls_ssl_config_init(&peer->conf);
    configure(peer, options);
    configure_authentication(peer, options);
    ck_assert_int_eq(mbedtls_ssl_setup(&peer->ssl, &peer->conf), 0);
    ck_assert_int_eq(mbedtls_ssl_set_hostname(&peer->ssl, options->name), 0);
    mbedtls_ssl_set_bio(&peer->ssl, peer, peer_send, peer_recv, NULL);
}

void tls_peer_free(struct tls_peer *peer)
{
    mbedtls_ssl_free(&peer->ssl);
    mbedtls_ssl_config_free(&peer->conf);
}

static bool under_way(int result)
{
    return result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE;
}

void tls_peer_step(struct tls_peer *peer)
{
    if (under_way(peer->result)) {
        peer->result = mbedtls_ssl_handshake(&peer->ssl);
    }
}

static int outcome(int result)
{
    if (result >= 0) {
        return result;
    }
    if (result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
        return 0;
    }
    return under_way(result) ? FW_IO_AGAIN : FW_IO_FAIL;
}

int tls_peer_send(struct tls_peer *peer, const void *data, size_t len)
{
    return outcome(mbedtls_ssl_write(&peer->ssl, data, len));
}

int tls_peer_recv(struct tls_peer *peer, void *data, size_t cap)
{
    int result = mbedtls_ssl_read(&peer->ssl, data, cap);

    return result == 0 ? FW_IO_FAIL : outcome(result);
}

void tls_peer_close(struct tls_peer *peer)
{
    ck_assert_int_eq(mbedtls_ssl_close_notify(&peer->ssl), 0);
}

const char *tls_peer_sees(const struct tls_peer *peer)
{
    static char name[80];
    const mbedtls_x509_crt *crt = mbedtls_ssl_get_peer_cert(&peer->ssl);

    if (crt == NULL) {
        return "(none)";
    }
    ck_assert_int_gt(mbedtls_x509_dn_gets(name, sizeof name, &crt->subject), 0);
    ck_assert_int_eq(strncmp(name, "CN=", 3), 0);
    return name + 3;
}
