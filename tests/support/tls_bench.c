#include "tls_bench.h"

#include <check.h>
#include <string.h>

enum { PATIENCE = 1000000 /* turns without an end */ };

static const void *lend(void *ctx, enum fw_cert what, unsigned index, size_t *len)
{
    const struct tls_bench *bench = ctx;
    unsigned expected = what == FW_CERT_CA                             ? TLS_BENCH_CA
                        : what == FW_CERT_CHAIN || what == FW_CERT_KEY ? TLS_BENCH_PKI
                                                                       : 0;

    *len = bench->certs[what].len;
    return index == expected ? bench->certs[what].bytes : NULL;
}

static const struct fw_cert_ops cert_ops = {lend};

static int entropy(void *ctx, void *out, size_t len)
{
    struct tls_bench *bench = ctx;

    bench->entropy_calls++;
    if (bench->entropy_calls == bench->entropy_fails_at) {
        return FW_IO_FAIL;
    }
    return tls_random(NULL, out, len);
}

void tls_bench_make(struct tls_bench *bench)
{
    memset(bench, 0, sizeof *bench);
    tls_identity_make(&bench->root, &(struct tls_issue){.subject = "CN=root", .authority = true});
    tls_identity_make(&bench->other_root,
                      &(struct tls_issue){.subject = "CN=other root", .authority = true});
    tls_identity_make(&bench->server,
                      &(struct tls_issue){.subject = "CN=server.example", .issuer = &bench->root});
    tls_identity_make(&bench->device,
                      &(struct tls_issue){.subject = "CN=device.example", .issuer = &bench->root});
}

void tls_bench_free(struct tls_bench *bench)
{
    tls_identity_free(&bench->root);
    tls_identity_free(&bench->other_root);
    tls_identity_free(&bench->server);
    tls_identity_free(&bench->device);
}

void tls_bench_begin(struct tls_bench *bench)
{
    bench->port = (struct fw_port){
        .net = &tls_wire_net,
        .net_ctx = &bench->wire,
        .certs = &cert_ops,
        .certs_ctx = bench,
        .entropy = entropy,
        .entropy_ctx = bench,
    };
    tls_wire_init(&bench->wire);
    bench->entropy_calls = bench->entropy_fails_at = 0;
    tls_bench_trust(bench, FW_CERT_CA, &bench->root);
    tls_bench_trust(bench, FW_CERT_SERVER_CA, &bench->root);
    tls_bench_store(bench, FW_CERT_CHAIN, FW_CERT_KEY, &bench->device);
    tls_bench_store(bench, FW_CERT_SERVER_CHAIN, FW_CERT_SERVER_KEY, &bench->server);
}

void tls_bench_end(struct tls_bench *bench)
{
    fw_tls_close(bench->tls);
    bench->tls = NULL;
    if (bench->peer_is_there) {
        tls_peer_free(&bench->peer);
        bench->peer_is_there = false;
    }
}

void tls_bench_store(struct tls_bench *bench, enum fw_cert chain, enum fw_cert key,
                     const struct tls_identity *identity)
{
    bench->certs[chain].bytes = identity->chain_pem;
    bench->certs[chain].len = identity->chain_pem_len;
    bench->certs[key].bytes = identity->key_pem;
    bench->certs[key].len = identity->key_pem_len;
}

void tls_bench_trust(struct tls_bench *bench, enum fw_cert ca, const struct tls_identity *root)
{
    bench->certs[ca].bytes = root->chain_pem;
    bench->certs[ca].len = root->chain_pem_len;
}

static void begin_connection(struct tls_bench *bench, const struct tls_peer_options *options)
{
    size_t room = bench->wire.to_peer.room, piece = bench->wire.to_peer.piece;

    tls_bench_end(bench);
    tls_wire_init(&bench->wire);
    tls_wire_limit(&bench->wire, room, piece);
    tls_peer_init(&bench->peer, &bench->wire, options);
    bench->peer_is_there = true;
}

void tls_bench_connect(struct tls_bench *bench, const struct tls_peer_options *options,
                       const struct fw_tls_config *config, uint64_t unix_s)
{
    begin_connection(bench, options);
    bench->tls = fw_tls_connect(&bench->port, TLS_WIRE_SOCK, config, unix_s, &bench->reason);
    ck_assert_msg(bench->tls != NULL, "refused: %s", bench->reason);
}

void tls_bench_accept(struct tls_bench *bench, const struct tls_peer_options *options,
                      struct fw_tls_server *server, uint64_t unix_s)
{
    begin_connection(bench, options);
    bench->tls = fw_tls_accept(server, TLS_WIRE_SOCK, unix_s, &bench->reason);
    ck_assert_msg(bench->tls != NULL, "refused: %s", bench->reason);
}

/* What has happened so far, which is how a stall shows. */
static size_t progress(const struct tls_bench *bench)
{
    const struct tls_wire *wire = &bench->wire;

    return wire->to_module.total + wire->to_module.used + wire->to_module.ended +
           wire->to_peer.total + wire->to_peer.used;
}

/* A peer whose handshake has failed hangs up, as programs do. */
static void step_peer(struct tls_bench *bench)
{
    int result;

    tls_peer_step(&bench->peer);
    result = bench->peer.result;
    if (result != 0 && result != MBEDTLS_ERR_SSL_WANT_READ &&
        result != MBEDTLS_ERR_SSL_WANT_WRITE) {
        bench->wire.to_module.ended = true;
    }
}

/* What it says to wait for is what can't be done now. */
static void check_wants(const struct tls_bench *bench)
{
    const struct tls_wire *wire = &bench->wire;

    if (fw_tls_wants(bench->tls) == FW_WANT_READ) {
        ck_assert_uint_eq(wire->to_module.used, 0);
    } else {
        ck_assert_uint_eq(fw_tls_wants(bench->tls), FW_WANT_WRITE);
        ck_assert_uint_eq(wire->to_peer.used, wire->to_peer.room);
    }
}

int tls_bench_shake(struct tls_bench *bench)
{
    size_t before;
    int result;

    do {
        before = progress(bench);
        result = fw_tls_handshake(bench->tls, &bench->reason);
        if (result == FW_IO_AGAIN) {
            check_wants(bench);
        }
        step_peer(bench);
    } while (progress(bench) != before);
    return result;
}

void tls_bench_shake_well(struct tls_bench *bench)
{
    int result = tls_bench_shake(bench);

    ck_assert_msg(result == 0, "%d: %s", result, result == FW_IO_FAIL ? bench->reason : "stalled");
    ck_assert_int_eq(bench->peer.result, 0);
}

void tls_bench_shake_badly(struct tls_bench *bench, const char *reason)
{
    ck_assert_int_eq(tls_bench_shake(bench), FW_IO_FAIL);
    ck_assert_str_eq(bench->reason, reason);
    bench->reason = NULL;
    ck_assert_int_eq(fw_tls_handshake(bench->tls, &bench->reason), FW_IO_FAIL);
    ck_assert_str_eq(bench->reason, reason);
    ck_assert_int_eq(fw_tls_recv(bench->tls, &(char){0}, 1), FW_IO_FAIL);
    ck_assert_int_eq(fw_tls_send(bench->tls, "x", 1), FW_IO_FAIL);
}

static unsigned char pattern(size_t at, unsigned salt)
{
    return (unsigned char)(at * 7 + at / 251 + salt);
}

/* One direction: what was sent of it, and what has arrived. */
struct stream {
    size_t len, sent, got;
    size_t offer; /* bytes to offer next */
    unsigned salt;
};

static size_t next_offer(const struct stream *stream, unsigned char out[TLS_BENCH_PIECE_MAX])
{
    size_t left = stream->len - stream->sent;
    size_t n = left < stream->offer ? left : stream->offer;

    for (size_t i = 0; i < n; i++) {
        out[i] = pattern(stream->sent + i, stream->salt);
    }
    return n;
}

static void note_sent(struct stream *stream, int sent)
{
    ck_assert_int_ne(sent, FW_IO_FAIL);
    stream->sent += sent > 0 ? (size_t)sent : 0;
}

static void note_got(struct stream *stream, const unsigned char *bytes, int got)
{
    if (got == FW_IO_AGAIN) {
        return;
    }
    ck_assert_int_gt(got, 0);
    for (size_t i = 0; i < (size_t)got; i++, stream->got++) {
        ck_assert_msg(bytes[i] == pattern(stream->got, stream->salt), "byte %zu", stream->got);
    }
}

/* After FW_IO_AGAIN it offers the same bytes and one more. */
static void module_turn(struct tls_bench *bench, struct stream *out, struct stream *in,
                        size_t piece)
{
    unsigned char bytes[TLS_BENCH_PIECE_MAX];
    size_t n = next_offer(out, bytes);

    if (n > 0) {
        int sent = fw_tls_send(bench->tls, bytes, n);

        note_sent(out, sent);
        out->offer = sent > 0 ? piece : n + (n < sizeof bytes);
    }
    if (in->got < in->len) {
        note_got(in, bytes, fw_tls_recv(bench->tls, bytes, piece));
    }
}

static void peer_turn(struct tls_bench *bench, struct stream *out, struct stream *in)
{
    unsigned char bytes[TLS_BENCH_PIECE_MAX];
    size_t n = next_offer(out, bytes);

    if (n > 0) {
        note_sent(out, tls_peer_send(&bench->peer, bytes, n));
    }
    if (in->got < in->len) {
        note_got(in, bytes, tls_peer_recv(&bench->peer, bytes, sizeof bytes));
    }
}

void tls_bench_exchange(struct tls_bench *bench, size_t len, size_t piece)
{
    struct stream up = {.len = len, .offer = piece, .salt = 1};
    struct stream down = {.len = len, .offer = piece, .salt = 2};

    ck_assert_uint_le(piece, TLS_BENCH_PIECE_MAX);
    for (unsigned turn = 0; up.got < len || down.got < len; turn++) {
        ck_assert_uint_lt(turn, PATIENCE);
        module_turn(bench, &up, &down, piece);
        peer_turn(bench, &down, &up);
    }
    ck_assert_int_eq(fw_tls_recv(bench->tls, &(char){0}, 1), FW_IO_AGAIN);
}
