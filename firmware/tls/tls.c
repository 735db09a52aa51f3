#include "tls.h"

#include <assert.h>

#include <mbedtls/net_sockets.h>
#include <mbedtls/platform.h>

#include "reason.h"
#include "session.h"
#include "verify.h"

static int send_bytes(void *ctx, const unsigned char *data, size_t len)
{
    const struct fw_tls *tls = ctx;
    int sent = tls->port->net->send(tls->port->net_ctx, tls->sock, data, len);

    if (sent == FW_IO_AGAIN) {
        return MBEDTLS_ERR_SSL_WANT_WRITE;
    }
    return sent < 0 ? MBEDTLS_ERR_NET_SEND_FAILED : sent;
}

static int receive_bytes(void *ctx, unsigned char *data, size_t cap)
{
    const struct fw_tls *tls = ctx;
    int got = tls->port->net->recv(tls->port->net_ctx, tls->sock, data, cap);

    if (got == FW_IO_AGAIN) {
        return MBEDTLS_ERR_SSL_WANT_READ;
    }
    return got < 0 ? MBEDTLS_ERR_NET_RECV_FAILED : got;
}

struct fw_tls *fw_tls_session_new(struct fw_tls_setup *setup, int sock, uint64_t unix_s,
                                  const char **reason)
{
    struct fw_tls *tls = mbedtls_calloc(1, sizeof *tls);
    int result;

    if (tls == NULL) {
        *reason = FW_TLS_NO_MEMORY;
        return NULL;
    }
    tls->port = setup->port;
    tls->sock = sock;
    tls->unix_s = unix_s;
    mbedtls_ssl_init(&tls->ssl);
    result = mbedtls_ssl_setup(&tls->ssl, &setup->conf);
    if (result != 0) {
        *reason = fw_tls_reason(result);
        fw_tls_close(tls);
        return NULL;
    }
    mbedtls_ssl_set_bio(&tls->ssl, tls, send_bytes, receive_bytes, NULL);
    mbedtls_ssl_set_verify(&tls->ssl, fw_tls_verify_dates, &tls->unix_s);
    return tls;
}

/* What an operation that can't go on now, or ever, returns. */
static int stop(struct fw_tls *tls, int error)
{
    if (error == MBEDTLS_ERR_SSL_WANT_READ) {
        tls->wants = FW_WANT_READ;
        return FW_IO_AGAIN;
    }
    if (error == MBEDTLS_ERR_SSL_WANT_WRITE) {
        tls->wants = FW_WANT_WRITE;
        return FW_IO_AGAIN;
    }
    tls->failure = fw_tls_handshake_reason(&tls->ssl, error);
    return FW_IO_FAIL;
}

/* mbedTLS has one name for two things: it is the SNI while the ClientHello is written, and what the
 * peer's certificate is compared with later. AT+CIPSSLCSNI and AT+CIPSSLCCN set them apart. */
static int change_name(struct fw_tls *tls)
{
    if (!tls->client || tls->hello_sent || tls->ssl.state <= MBEDTLS_SSL_CLIENT_HELLO) {
        return 0;
    }
    tls->hello_sent = true;
    return mbedtls_ssl_set_hostname(&tls->ssl, tls->common_name);
}

static int step(struct fw_tls *tls)
{
    int result = mbedtls_ssl_handshake_step(&tls->ssl);
    int named = change_name(tls);

    return result != 0 ? result : named;
}

/* Before that, a read or write of mbedTLS would go on with the handshake past change_name. */
static bool is_open(const struct fw_tls *tls)
{
    return tls->ssl.state == MBEDTLS_SSL_HANDSHAKE_OVER;
}

int fw_tls_handshake(struct fw_tls *tls, const char **reason)
{
    int result = 0;

    while (tls->failure == NULL && result == 0 && !is_open(tls)) {
        int error = step(tls);

        result = error == 0 ? 0 : stop(tls, error);
    }
    if (tls->failure != NULL) {
        *reason = tls->failure;
        return FW_IO_FAIL;
    }
    return result;
}

unsigned fw_tls_progress(const struct fw_tls *tls)
{
    return (unsigned)tls->ssl.state;
}

/* mbedTLS may still hold part of an alert that it has sent of its own accord, or of a record that
 * was abandoned. A new record must not be offered before that is out, since it would be taken for
 * written when the old one is. */
static int flush_old(struct fw_tls *tls, const void *data)
{
    if (tls->unsent > 0 || tls->ssl.out_left == 0) {
        return 0;
    }
    return mbedtls_ssl_write(&tls->ssl, data, 0);
}

int fw_tls_send(struct fw_tls *tls, const void *data, size_t len)
{
    int result;

    if (tls->failure != NULL) {
        return FW_IO_FAIL;
    }
    assert(is_open(tls) && len > 0 && len >= tls->unsent);
    result = flush_old(tls, data);
    if (result != 0) {
        return stop(tls, result);
    }
    /* What is encrypted already counts as sent when it is out: no more than that was offered. */
    if (tls->unsent == 0) {
        tls->unsent = len;
    }
    result = mbedtls_ssl_write(&tls->ssl, data, tls->unsent);
    if (result < 0) {
        return stop(tls, result);
    }
    tls->unsent = 0;
    return result;
}

void fw_tls_abandon_send(struct fw_tls *tls)
{
    tls->unsent = 0; /* flush_old lets the rest of the record go first */
}

/* A read that finds nothing pending starts with a new record. */
static int read_bytes(struct fw_tls *tls, void *data, size_t cap)
{
    bool new_record = fw_tls_pending(tls) == 0;
    int result = mbedtls_ssl_read(&tls->ssl, data, cap);

    if (result > 0 && new_record) {
        tls->overhead_bytes += (uint64_t)mbedtls_ssl_get_record_expansion(&tls->ssl);
    }
    return result;
}

int fw_tls_recv(struct fw_tls *tls, void *data, size_t cap)
{
    int result;

    if (tls->ended || tls->failure != NULL) {
        return tls->ended ? 0 : FW_IO_FAIL;
    }
    assert(is_open(tls) && cap > 0);
    result = read_bytes(tls, data, cap);
    if (result > 0) {
        return result;
    }
    if (result == 0 || result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
        tls->ended = true;
        return 0;
    }
    return stop(tls, result);
}

size_t fw_tls_pending(const struct fw_tls *tls)
{
    return mbedtls_ssl_get_bytes_avail(&tls->ssl);
}

unsigned fw_tls_wants(const struct fw_tls *tls)
{
    return tls->wants;
}

uint64_t fw_tls_overhead(const struct fw_tls *tls)
{
    return tls->overhead_bytes;
}

/* With something left to write, mbedTLS only writes that: the alert that says why a handshake
 * failed, or the rest of a record. close_notify is for connections that were sound. */
static void say_end(struct fw_tls *tls)
{
    if (tls->ssl.out_left > 0 && mbedtls_ssl_close_notify(&tls->ssl) != 0) {
        return;
    }
    if (tls->failure == NULL) {
        mbedtls_ssl_close_notify(&tls->ssl);
    }
}

void fw_tls_close(struct fw_tls *tls)
{
    if (tls == NULL) {
        return;
    }
    if (tls->ssl.conf != NULL) {
        say_end(tls);
    }
    mbedtls_ssl_free(&tls->ssl);
    if (tls->release != NULL) {
        tls->release(tls->owner);
    }
    mbedtls_free(tls);
}
