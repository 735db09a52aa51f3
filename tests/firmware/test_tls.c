/* firmware/tls: a client's connection. What its ClientHello says (TCP-IP_AT: CIPSSLCSNI,
 * CIPSSLCALPN), how handshakes fail, and bytes in both directions, over any wire. */
#include "tls.h"

#include <string.h>

#include "suite.h"
#include "tls_bench.h"

#define COUNT(table) ((int)(sizeof table / sizeof *table))

/* Bytes by which a record with AES-GCM is longer than its content: RFC 5246 6.2.3.3, RFC 5288 3. */
enum { RECORD_HEADER = 5, GCM_NONCE = 8, GCM_TAG = 16 };
#define GCM_EXPANSION (RECORD_HEADER + GCM_NONCE + GCM_TAG)

static struct tls_bench bench;
static struct tls_identity rsa_server;
static const struct fw_tls_config nothing;

static void make(void)
{
    tls_bench_make(&bench);
    tls_identity_make(
        &rsa_server,
        &(struct tls_issue){.subject = "CN=rsa.example", .issuer = &bench.root, .rsa = true});
}

static void unmake(void)
{
    tls_identity_free(&rsa_server);
    tls_bench_free(&bench);
}

static void setup(void)
{
    tls_bench_begin(&bench);
}

static void teardown(void)
{
    tls_bench_end(&bench);
}

static void connect_to(const struct tls_peer_options *options)
{
    tls_bench_connect(&bench, options, &nothing, 0);
}

/* A connection with AES-GCM, whose records have one expansion. */
static void connect_well(void)
{
    static const int gcm[] = {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 0};

    connect_to(&(struct tls_peer_options){.identity = &bench.server, .suites = gcm});
    tls_bench_shake_well(&bench);
}

/* Cipher suites by their numbers (IANA), in the order of the ClientHello; 0x00ff says that secure
 * renegotiation is known (RFC 5746 3.3) and is no suite. */
static const uint16_t certificate_suites[] = {0xc02b, 0xc02f, 0xcca9, 0xcca8, 0xc02c,
                                              0xc030, 0xc023, 0xc027, 0xc024, 0xc028,
                                              0x009c, 0x009d, 0x00ff};
static const uint16_t psk_suites[] = {0xccac, 0xc037, 0xc038, 0x00a8, 0xccab, 0x00a9, 0x00ff};

static unsigned number(const unsigned char *bytes)
{
    return (unsigned)bytes[0] << 8 | bytes[1];
}

/* Checks the ClientHello on the wire up to its suites: RFC 5246 6.2.1 and 7.4.1.2. */
static void check_hello(const uint16_t *suites, size_t count)
{
    const unsigned char *hello = bench.wire.first;
    const unsigned char *session = hello + 5 + 4 + 2 + 32;
    const unsigned char *list = session + 1 + *session;

    ck_assert_uint_eq(hello[0], 22);             /* a handshake record, */
    ck_assert_uint_eq(hello[5], 1);              /* ClientHello, */
    ck_assert_uint_eq(number(hello + 9), 0x303); /* TLS 1.2 */
    ck_assert_uint_eq(number(list), count * 2);
    for (size_t i = 0; i < count; i++) {
        ck_assert_uint_eq(number(list + 2 + i * 2), suites[i]);
    }
    ck_assert_uint_eq(list[2 + count * 2], 1); /* one compression method: */
    ck_assert_uint_eq(list[3 + count * 2], 0); /* none */
}

START_TEST(hello_offers_these_suites)
{
    struct fw_tls_config config = {.psk_identity = "thing", .psk_len = 8, .psk = "12345678"};

    connect_to(&(struct tls_peer_options){.identity = &bench.server});
    tls_bench_shake_well(&bench);
    check_hello(certificate_suites, COUNT(certificate_suites));
    tls_bench_connect(
        &bench, &(struct tls_peer_options){.psk = "12345678", .psk_identity = "thing"}, &config, 0);
    tls_bench_shake_well(&bench);
    check_hello(psk_suites, COUNT(psk_suites));
}
END_TEST

/* The library has every suite that is offered: each one works by itself. */
static void try_suite(uint16_t suite, struct tls_identity *identity, const char *psk)
{
    struct fw_tls_config config = {.psk_identity = "thing"};
    const int suites[] = {suite, 0};
    struct tls_peer_options options = {
        .identity = identity, .psk = psk, .psk_identity = "thing", .suites = suites};

    if (psk != NULL) {
        config.psk_len = (uint8_t)strlen(psk);
        memcpy(config.psk, psk, config.psk_len);
    }
    tls_bench_connect(&bench, &options, &config, 0);
    tls_bench_shake_well(&bench);
    ck_assert_int_eq(bench.peer.ssl.session->ciphersuite, suite);
    tls_bench_exchange(&bench, 5000, 1460);
}

START_TEST(each_suite_works)
{
    for (int i = 0; i < COUNT(certificate_suites) - 1; i++) {
        static const uint16_t ecdsa[] = {0xc02b, 0xcca9, 0xc02c, 0xc023, 0xc024};
        bool rsa = true;

        for (int j = 0; j < COUNT(ecdsa); j++) {
            rsa = rsa && certificate_suites[i] != ecdsa[j];
        }
        try_suite(certificate_suites[i], rsa ? &rsa_server : &bench.server, NULL);
    }
    for (int i = 0; i < COUNT(psk_suites) - 1; i++) {
        try_suite(psk_suites[i], NULL, "12345678");
    }
}
END_TEST

static const struct {
    const char *sni, *common_name;
    uint8_t auth_mode;
} names[] = {
    {"", "", 0},
    {"", "server.example", 0},
    {"", "server.example", 2},
    {"front.example", "", 0},
    {"front.example", "server.example", 2},
    {"server.example", "server.example", 2},
    {"a123456789b123456789c123456789d123456789e123456789f123456789g123", "", 0},
};

START_TEST(sni_is_what_was_set)
{
    struct fw_tls_config config = {.auth_mode = names[_i].auth_mode, .ca_number = TLS_BENCH_CA};

    strcpy(config.sni, names[_i].sni);
    strcpy(config.common_name, names[_i].common_name);
    tls_bench_connect(&bench, &(struct tls_peer_options){.identity = &bench.server}, &config,
                      TLS_BENCH_NOW);
    tls_bench_shake_well(&bench);
    ck_assert_str_eq(bench.peer.sni, *names[_i].sni != '\0' ? names[_i].sni : "(none)");
}
END_TEST

static const char *http_only[] = {"http/1.1", NULL};
static const char *both[] = {"mqtt", "http/1.1", NULL}, *other[] = {"coap", NULL};
static const struct {
    uint8_t count;
    char alpn[32];
    const char **peers;
    const char *chosen; /* NULL: none */
    const char *reason; /* NULL: it works */
} protocols[] = {
    {0, "", NULL, NULL, NULL},
    {0, "", both, NULL, NULL},
    {1, "mqtt", both, "mqtt", NULL},
    {2, "h2\0http/1.1", http_only, "http/1.1", NULL},
    {2, "http/1.1\0mqtt", both, "mqtt", NULL}, /* the server has the choice */
    {5, "a\0b\0c\0d\0http/1.1", http_only, "http/1.1", NULL},
    {2, "h2\0mqtt", NULL, NULL, NULL}, /* a server that knows no ALPN */
    {2, "h2\0mqtt", other, NULL, "no ALPN protocol in common (alert)"},
};

START_TEST(alpn_is_offered)
{
    struct fw_tls_config config = {.alpn_count = protocols[_i].count};
    struct tls_peer_options options = {.identity = &bench.server, .alpn = protocols[_i].peers};
    const char *chosen;

    memcpy(config.alpn, protocols[_i].alpn, sizeof protocols[_i].alpn);
    tls_bench_connect(&bench, &options, &config, 0);
    memset(&config, 'x', sizeof config); /* it need not live on */
    if (protocols[_i].reason != NULL) {
        tls_bench_shake_badly(&bench, protocols[_i].reason);
        return;
    }
    tls_bench_shake_well(&bench);
    chosen = mbedtls_ssl_get_alpn_protocol(&bench.peer.ssl);
    ck_assert_str_eq(chosen != NULL ? chosen : "(none)",
                     protocols[_i].chosen != NULL ? protocols[_i].chosen : "(none)");
}
END_TEST

START_TEST(alpn_without_a_name_is_refused)
{
    struct fw_tls_config config = {.alpn_count = 2, .alpn = "h2"};

    ck_assert_ptr_null(fw_tls_connect(&bench.port, TLS_WIRE_SOCK, &config, 0, &bench.reason));
    ck_assert_str_eq(bench.reason, "an ALPN protocol has no name");
}
END_TEST

/* Lets the ClientHello go out and answers it with these bytes: what the handshake makes of them. */
static int answer_hello(const void *bytes, size_t len)
{
    connect_to(&(struct tls_peer_options){.identity = &bench.server});
    ck_assert_int_eq(fw_tls_handshake(bench.tls, &bench.reason), FW_IO_AGAIN);
    ck_assert_uint_eq(fw_tls_wants(bench.tls), FW_WANT_READ);
    ck_assert_int_eq(tls_wire_put(&bench.wire, bytes, len), (int)len);
    return fw_tls_handshake(bench.tls, &bench.reason);
}

/* A ServerHello of that version with the suite 0xc02f: RFC 5246 7.4.1.3. */
START_TEST(old_versions_are_refused)
{
    unsigned char hello[5 + 4 + 38] = {22, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3};

    hello[44] = 0xc0;
    hello[45] = 0x2f;
    ck_assert_int_eq(answer_hello(hello, sizeof hello), FW_IO_AGAIN);
    for (unsigned char minor = 0; minor < 3; minor++) {
        hello[10] = minor;
        ck_assert_int_eq(answer_hello(hello, sizeof hello), FW_IO_FAIL);
        ck_assert_str_eq(bench.reason, "no TLS version in common");
    }
}
END_TEST

/* A peer that knows old versions only refuses the suites, since none is for them. */
START_TEST(old_peers_refuse)
{
    static const int versions[] = {MBEDTLS_SSL_MINOR_VERSION_1, MBEDTLS_SSL_MINOR_VERSION_2};

    for (int i = 0; i < COUNT(versions); i++) {
        connect_to(
            &(struct tls_peer_options){.identity = &rsa_server, .last_minor_version = versions[i]});
        tls_bench_shake_badly(&bench, "the peer accepts nothing that is offered (alert)");
        ck_assert_int_ne(bench.peer.result, 0);
    }
}
END_TEST

static const struct {
    unsigned char alert;
    const char *reason;
} alerts[] = {
    {40, "the peer accepts nothing that is offered (alert)"},
    {42, "the peer refuses our certificate (alert)"},
    {48, "the peer refuses our certificate (alert)"},
    {51, "the peer finds other keys than we (alert)"},
    {70, "no TLS version in common (alert)"},
    {80, "the peer refuses the connection (alert)"},
    {112, "the peer doesn't know the SNI (alert)"},
    {115, "the peer doesn't know the PSK identity (alert)"},
    {120, "no ALPN protocol in common (alert)"},
};

START_TEST(alerts_are_told)
{
    const unsigned char record[] = {21, 3, 3, 0, 2, 2, alerts[_i].alert};

    ck_assert_int_eq(answer_hello(record, sizeof record), FW_IO_FAIL);
    ck_assert_str_eq(bench.reason, alerts[_i].reason);
}
END_TEST

/* RSA key exchange with CBC has neither of the two that a suite needs at least one of. */
START_TEST(other_suites_are_refused)
{
    static const int suites[] = {MBEDTLS_TLS_RSA_WITH_AES_128_CBC_SHA256,
                                 MBEDTLS_TLS_RSA_WITH_AES_256_CBC_SHA,
                                 MBEDTLS_TLS_DHE_RSA_WITH_AES_128_GCM_SHA256, 0};

    connect_to(&(struct tls_peer_options){.identity = &rsa_server, .suites = suites});
    tls_bench_shake_badly(&bench, "the peer accepts nothing that is offered (alert)");
}
END_TEST

START_TEST(garbage_is_no_tls)
{
    static const char garbage[] = "HTTP/1.1 400 Bad Request\r\n\r\n";

    ck_assert_int_eq(answer_hello(garbage, sizeof garbage - 1), FW_IO_FAIL);
    ck_assert_str_eq(bench.reason, "what the peer says is no TLS");
}
END_TEST

/* The handshake of the other direction takes this many bytes. */
static size_t handshake_len(void)
{
    connect_well();
    return bench.wire.to_module.total;
}

START_TEST(peer_ends_during_the_handshake)
{
    size_t len = handshake_len();

    for (size_t passes = 0; passes < len; passes += passes < 8 ? 1 : 61) {
        connect_to(&(struct tls_peer_options){.identity = &bench.server});
        bench.wire.to_module.passes = passes;
        tls_bench_shake_badly(&bench, "the peer ended during the handshake");
    }
}
END_TEST

/* True when it broke in the turn of that number, false when the handshake was over by then. */
static bool break_in_turn(unsigned turn)
{
    connect_to(&(struct tls_peer_options){.identity = &bench.server});
    for (unsigned i = 0; i < turn; i++) {
        if (fw_tls_handshake(bench.tls, &bench.reason) == 0) {
            return false;
        }
        tls_peer_step(&bench.peer);
    }
    bench.wire.broken = true;
    tls_bench_shake_badly(&bench, "the connection broke");
    return true;
}

START_TEST(connection_breaks_during_the_handshake)
{
    unsigned turn = 0;

    tls_wire_limit(&bench.wire, 50, SIZE_MAX);
    while (break_in_turn(turn)) {
        turn++;
    }
    ck_assert_uint_gt(turn, 5);
}
END_TEST

/* Whichever call for random bytes fails, the connection fails with it, and nothing leaks. */
START_TEST(randomness_fails)
{
    bool done = false;

    for (unsigned n = 1; !done; n++) {
        bench.entropy_calls = 0;
        bench.entropy_fails_at = n;
        connect_to(&(struct tls_peer_options){.identity = &bench.server});
        done = tls_bench_shake(&bench) == 0;
        ck_assert_int_eq(done, bench.entropy_calls < n);
        if (!done) {
            ck_assert_str_eq(bench.reason, "the platform has no random bytes");
        }
        ck_assert_uint_lt(n, 100);
    }
    ck_assert_uint_gt(bench.entropy_calls, 2);
}
END_TEST

static const struct {
    size_t room, wire_piece, len, piece;
} wires[] = {
    {TLS_WIRE_MAX, SIZE_MAX, 65536, 20000},
    {TLS_WIRE_MAX, SIZE_MAX, 65536, 1460},
    {TLS_WIRE_MAX, SIZE_MAX, 300, 1},
    {1, 1, 65536, 100},
    {64, 1, 65536, 5760},
    {1000, 7, 65536, 2920},
};

START_TEST(bytes_arrive_over_any_wire)
{
    tls_wire_limit(&bench.wire, wires[_i].room, wires[_i].wire_piece);
    connect_well();
    tls_bench_exchange(&bench, wires[_i].len, wires[_i].piece);
}
END_TEST

/* An offer that met a full wire counts for what it was, however much follows it the next time. */
START_TEST(offer_may_grow)
{
    static const char text[] = "0123456789";
    char got[16];

    connect_well();
    tls_wire_limit(&bench.wire, 4, SIZE_MAX);
    ck_assert_int_eq(fw_tls_send(bench.tls, text, 3), FW_IO_AGAIN);
    ck_assert_uint_eq(fw_tls_wants(bench.tls), FW_WANT_WRITE);
    tls_wire_limit(&bench.wire, TLS_WIRE_MAX, SIZE_MAX);
    ck_assert_int_eq(fw_tls_send(bench.tls, text, 10), 3);
    ck_assert_int_eq(fw_tls_send(bench.tls, text + 3, 7), 7);
    ck_assert_int_eq(tls_peer_recv(&bench.peer, got, sizeof got), 3);
    ck_assert_int_eq(tls_peer_recv(&bench.peer, got + 3, sizeof got - 3), 7);
    ck_assert_mem_eq(got, text, 10);
}
END_TEST

/* fw_tls_recv leaves in the socket what is behind the record that it is in. */
START_TEST(records_are_read_one_by_one)
{
    char got[16];
    size_t before;

    connect_well();
    before = bench.wire.to_module.total;
    ck_assert_int_eq(tls_peer_send(&bench.peer, "abcde", 5), 5);
    ck_assert_int_eq(tls_peer_send(&bench.peer, "fg", 2), 2);
    ck_assert_uint_eq(fw_tls_overhead(bench.tls), 0);
    ck_assert_int_eq(fw_tls_recv(bench.tls, got, 2), 2);
    ck_assert_uint_eq(bench.wire.to_module.total - before, 5 + GCM_EXPANSION);
    ck_assert_uint_eq(fw_tls_overhead(bench.tls), GCM_EXPANSION);
    ck_assert_uint_eq(fw_tls_pending(bench.tls), 3);
    ck_assert_int_eq(fw_tls_recv(bench.tls, got + 2, 9), 3);
    ck_assert_uint_eq(fw_tls_overhead(bench.tls), GCM_EXPANSION);
    ck_assert_uint_eq(fw_tls_pending(bench.tls), 0);
    ck_assert_int_eq(fw_tls_recv(bench.tls, got + 5, 9), 2);
    ck_assert_uint_eq(fw_tls_overhead(bench.tls), 2 * GCM_EXPANSION);
    ck_assert_mem_eq(got, "abcdefg", 7);
    ck_assert_int_eq(fw_tls_recv(bench.tls, got, 9), FW_IO_AGAIN);
    ck_assert_uint_eq(fw_tls_wants(bench.tls), FW_WANT_READ);
}
END_TEST

START_TEST(peer_says_that_it_ends)
{
    char got[8];

    connect_well();
    ck_assert_int_eq(tls_peer_send(&bench.peer, "last", 4), 4);
    tls_peer_close(&bench.peer);
    ck_assert_int_eq(fw_tls_recv(bench.tls, got, sizeof got), 4);
    ck_assert_int_eq(fw_tls_recv(bench.tls, got, sizeof got), 0);
    ck_assert_int_eq(fw_tls_recv(bench.tls, got, sizeof got), 0);
    ck_assert_int_eq(fw_tls_send(bench.tls, "bye", 3), 3);
    ck_assert_int_eq(tls_peer_recv(&bench.peer, got, sizeof got), 3);
}
END_TEST

START_TEST(peer_ends_without_saying_so)
{
    char got[8];

    connect_well();
    ck_assert_int_eq(tls_peer_send(&bench.peer, "last", 4), 4);
    bench.wire.to_module.ended = true;
    ck_assert_int_eq(fw_tls_recv(bench.tls, got, sizeof got), 4);
    ck_assert_int_eq(fw_tls_recv(bench.tls, got, sizeof got), 0);
    ck_assert_int_eq(fw_tls_recv(bench.tls, got, sizeof got), 0);
}
END_TEST

START_TEST(close_tells_the_peer)
{
    char got[8];

    connect_well();
    ck_assert_int_eq(fw_tls_send(bench.tls, "last", 4), 4);
    fw_tls_close(bench.tls);
    bench.tls = NULL;
    ck_assert_int_eq(tls_peer_recv(&bench.peer, got, sizeof got), 4);
    ck_assert_int_eq(tls_peer_recv(&bench.peer, got, sizeof got), 0);
    fw_tls_close(NULL);
}
END_TEST

/* A send that its caller gives up is out all the same, and what is sent next is not lost to it. */
START_TEST(abandoned_send)
{
    char got[16];

    connect_well();
    tls_wire_limit(&bench.wire, 4, SIZE_MAX);
    ck_assert_int_eq(fw_tls_send(bench.tls, "first", 5), FW_IO_AGAIN);
    fw_tls_abandon_send(bench.tls);
    ck_assert_int_eq(fw_tls_send(bench.tls, "two", 3), FW_IO_AGAIN);
    tls_wire_limit(&bench.wire, TLS_WIRE_MAX, SIZE_MAX);
    ck_assert_int_eq(fw_tls_send(bench.tls, "two", 3), 3);
    ck_assert_int_eq(tls_peer_recv(&bench.peer, got, sizeof got), 5);
    ck_assert_mem_eq(got, "first", 5);
    ck_assert_int_eq(tls_peer_recv(&bench.peer, got, sizeof got), 3);
    ck_assert_mem_eq(got, "two", 3);
}
END_TEST

/* A record of which a part is out goes out whole before the end does. */
START_TEST(close_finishes_a_record)
{
    char got[8];

    connect_well();
    tls_wire_limit(&bench.wire, 4, SIZE_MAX);
    ck_assert_int_eq(fw_tls_send(bench.tls, "last", 4), FW_IO_AGAIN);
    tls_wire_limit(&bench.wire, TLS_WIRE_MAX, SIZE_MAX);
    fw_tls_close(bench.tls);
    bench.tls = NULL;
    ck_assert_int_eq(tls_peer_recv(&bench.peer, got, sizeof got), 4);
    ck_assert_int_eq(tls_peer_recv(&bench.peer, got, sizeof got), 0);
}
END_TEST

START_TEST(changed_bytes_are_noticed)
{
    struct tls_queue *queue = &bench.wire.to_module;
    char got[8];

    connect_well();
    ck_assert_int_eq(tls_peer_send(&bench.peer, "abcd", 4), 4);
    queue->bytes[(queue->head + RECORD_HEADER + GCM_NONCE) % TLS_WIRE_MAX] ^= 1;
    ck_assert_int_eq(fw_tls_recv(bench.tls, got, sizeof got), FW_IO_FAIL);
    ck_assert_int_eq(tls_peer_send(&bench.peer, "efgh", 4), 4);
    ck_assert_int_eq(fw_tls_recv(bench.tls, got, sizeof got), FW_IO_FAIL);
    ck_assert_int_eq(fw_tls_send(bench.tls, "x", 1), FW_IO_FAIL);
    ck_assert_int_eq(tls_peer_recv(&bench.peer, got, sizeof got), FW_IO_FAIL);
}
END_TEST

START_TEST(broken_connection_fails)
{
    connect_well();
    bench.wire.broken = true;
    ck_assert_int_eq(fw_tls_recv(bench.tls, &(char){0}, 1), FW_IO_FAIL);
    connect_well();
    bench.wire.broken = true;
    ck_assert_int_eq(fw_tls_send(bench.tls, "x", 1), FW_IO_FAIL);
}
END_TEST

/* The peer asks for a renegotiation while nothing can be sent: the refusal has to wait, and the
 * bytes that are sent next must not be lost to it. */
START_TEST(renegotiation_is_refused)
{
    char got[8];

    connect_to(&(struct tls_peer_options){.identity = &bench.server, .renegotiation = true});
    tls_bench_shake_well(&bench);
    ck_assert_int_eq(mbedtls_ssl_renegotiate(&bench.peer.ssl), 0);
    tls_wire_limit(&bench.wire, 4, SIZE_MAX);
    bench.wire.to_module.room = TLS_WIRE_MAX;
    ck_assert_int_eq(fw_tls_recv(bench.tls, got, sizeof got), FW_IO_AGAIN);
    ck_assert_int_eq(fw_tls_send(bench.tls, "abcd", 4), FW_IO_AGAIN);
    ck_assert_uint_eq(fw_tls_wants(bench.tls), FW_WANT_WRITE);
    tls_wire_limit(&bench.wire, TLS_WIRE_MAX, SIZE_MAX);
    ck_assert_int_eq(fw_tls_send(bench.tls, "abcd", 4), 4);
    ck_assert_int_eq(tls_peer_recv(&bench.peer, got, sizeof got), FW_IO_AGAIN);
    ck_assert_int_eq(tls_peer_recv(&bench.peer, got, sizeof got), 4);
    ck_assert_mem_eq(got, "abcd", 4);
    ck_assert_int_eq(tls_peer_send(&bench.peer, "efgh", 4), 4);
    ck_assert_int_eq(fw_tls_recv(bench.tls, got, sizeof got), 4);
}
END_TEST

static void add_hello_tests(TCase *tcase)
{
    tcase_add_test(tcase, hello_offers_these_suites);
    tcase_add_test(tcase, each_suite_works);
    tcase_add_loop_test(tcase, sni_is_what_was_set, 0, COUNT(names));
    tcase_add_loop_test(tcase, alpn_is_offered, 0, COUNT(protocols));
    tcase_add_test(tcase, alpn_without_a_name_is_refused);
    tcase_add_test(tcase, old_versions_are_refused);
    tcase_add_test(tcase, old_peers_refuse);
    tcase_add_loop_test(tcase, alerts_are_told, 0, COUNT(alerts));
    tcase_add_test(tcase, other_suites_are_refused);
    tcase_add_test(tcase, garbage_is_no_tls);
    tcase_add_test(tcase, peer_ends_during_the_handshake);
    tcase_add_test(tcase, connection_breaks_during_the_handshake);
    tcase_add_test(tcase, randomness_fails);
}

static void add_stream_tests(TCase *tcase)
{
    tcase_add_loop_test(tcase, bytes_arrive_over_any_wire, 0, COUNT(wires));
    tcase_add_test(tcase, offer_may_grow);
    tcase_add_test(tcase, abandoned_send);
    tcase_add_test(tcase, records_are_read_one_by_one);
    tcase_add_test(tcase, peer_says_that_it_ends);
    tcase_add_test(tcase, peer_ends_without_saying_so);
    tcase_add_test(tcase, close_tells_the_peer);
    tcase_add_test(tcase, close_finishes_a_record);
    tcase_add_test(tcase, changed_bytes_are_noticed);
    tcase_add_test(tcase, broken_connection_fails);
    tcase_add_test(tcase, renegotiation_is_refused);
}

static Suite *make_suite(void)
{
    Suite *suite = suite_create("tls");
    TCase *tcase = tcase_create("tls");

    tcase_set_timeout(tcase, 100);
    tcase_add_unchecked_fixture(tcase, make, unmake);
    tcase_add_checked_fixture(tcase, setup, teardown);
    add_hello_tests(tcase);
    add_stream_tests(tcase);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
