/* firmware/tls: connections that the module accepts (TCP-IP_AT: CIPSERVER with the type SSL). */
#include "tls.h"

#include <string.h>

#include "suite.h"
#include "tls_bench.h"

#define COUNT(table) ((int)(sizeof table / sizeof *table))

#define Y2002 1009843200u
#define Y2004 1072915200u

static struct tls_bench bench;
static struct fw_tls_server *server;

static void make(void)
{
    tls_bench_make(&bench);
}

static void unmake(void)
{
    tls_bench_free(&bench);
}

static void setup(void)
{
    tls_bench_begin(&bench);
    server = NULL;
}

static void teardown(void)
{
    tls_bench_end(&bench);
    fw_tls_server_close(server);
}

static void serve(bool verify)
{
    fw_tls_server_close(server);
    server = fw_tls_server_open(&bench.port, verify, TLS_BENCH_NOW, &bench.reason);
    ck_assert_msg(server != NULL, "%s", bench.reason);
}

static void without_certificate(void)
{
    bench.certs[FW_CERT_SERVER_CHAIN].bytes = NULL;
    bench.certs[FW_CERT_SERVER_KEY].bytes = NULL;
}

/* A client that takes any certificate. */
static void accept_anybody(void)
{
    tls_bench_accept(&bench, &(struct tls_peer_options){.client = true}, server, TLS_BENCH_NOW);
}

static void accept_well(void)
{
    accept_anybody();
    tls_bench_shake_well(&bench);
}

static const mbedtls_x509_crt *seen(void)
{
    const mbedtls_x509_crt *crt = mbedtls_ssl_get_peer_cert(&bench.peer.ssl);

    ck_assert_ptr_nonnull(crt);
    return crt;
}

START_TEST(self_signed_certificate)
{
    mbedtls_x509_crt *crt;
    uint32_t flags;

    without_certificate();
    serve(false);
    accept_well();
    ck_assert_str_eq(tls_peer_sees(&bench.peer), "w800");
    crt = (mbedtls_x509_crt *)(uintptr_t)seen();
    ck_assert_int_eq(mbedtls_pk_get_type(&crt->pk), MBEDTLS_PK_ECKEY);
    ck_assert_uint_eq(mbedtls_pk_get_bitlen(&crt->pk), 256);
    ck_assert_int_eq(crt->valid_from.year, 2000);
    ck_assert_int_eq(crt->valid_to.year, 2049);
    ck_assert_int_eq(mbedtls_x509_crt_verify(crt, crt, NULL, "w800", &flags, NULL, NULL), 0);
    tls_bench_exchange(&bench, 5000, 1460);
}
END_TEST

/* One certificate a server, a new one for the next server. */
START_TEST(self_signed_once_a_server)
{
    unsigned char first[1024];
    size_t len;

    without_certificate();
    serve(false);
    accept_well();
    len = seen()->raw.len;
    ck_assert_uint_le(len, sizeof first);
    memcpy(first, seen()->raw.p, len);
    accept_well();
    ck_assert_uint_eq(seen()->raw.len, len);
    ck_assert_mem_eq(seen()->raw.p, first, len);
    serve(false);
    accept_well();
    ck_assert(seen()->raw.len != len || memcmp(seen()->raw.p, first, len) != 0);
}
END_TEST

/* A client that verifies it finds the root and the name that it expects. */
START_TEST(given_certificate)
{
    struct tls_peer_options options = {.client = true, .ca = &bench.root, .name = "server.example"};

    serve(false);
    tls_bench_accept(&bench, &options, server, 0);
    tls_bench_shake_well(&bench);
    ck_assert_str_eq(tls_peer_sees(&bench.peer), "server.example");
    options.ca = &bench.other_root;
    tls_bench_accept(&bench, &options, server, 0);
    tls_bench_shake_badly(&bench, "the peer refuses our certificate (alert)");
}
END_TEST

START_TEST(rsa_certificate)
{
    struct tls_identity rsa;

    tls_identity_make(&rsa, &(struct tls_issue){.subject = "CN=rsa.example", .rsa = true});
    tls_bench_store(&bench, FW_CERT_SERVER_CHAIN, FW_CERT_SERVER_KEY, &rsa);
    serve(false);
    accept_well();
    ck_assert_str_eq(tls_peer_sees(&bench.peer), "rsa.example");
    tls_bench_exchange(&bench, 5000, 1460);
    tls_identity_free(&rsa);
}
END_TEST

/* The clients that come: with a certificate of the known root, of another one, or without. */
enum { KNOWN, UNKNOWN, NONE };
static const struct {
    int who;
    bool verify;
    const char *reason; /* NULL: accepted */
} clients[] = {
    {KNOWN, false, NULL},
    {UNKNOWN, false, NULL},
    {NONE, false, NULL},
    {KNOWN, true, NULL},
    {UNKNOWN, true, "the peer's certificate is of an unknown CA"},
    {NONE, true, "the peer has presented no certificate"},
};

START_TEST(clients_are_verified)
{
    struct tls_peer_options options = {.client = true};
    struct tls_identity stranger;

    tls_identity_make(&stranger, &(struct tls_issue){.subject = "CN=device.example",
                                                     .issuer = &bench.other_root});
    options.identity = clients[_i].who == KNOWN     ? &bench.device
                       : clients[_i].who == UNKNOWN ? &stranger
                                                    : NULL;
    serve(clients[_i].verify);
    tls_bench_accept(&bench, &options, server, TLS_BENCH_NOW);
    if (clients[_i].reason == NULL) {
        tls_bench_shake_well(&bench);
        tls_bench_exchange(&bench, 100, 10);
    } else {
        tls_bench_shake_badly(&bench, clients[_i].reason);
    }
    tls_identity_free(&stranger);
}
END_TEST

/* The module's clock when the client comes, not when the server was opened, nor the host's. */
START_TEST(clock_at_the_accept_decides)
{
    struct tls_identity old;
    struct tls_peer_options options = {.client = true, .identity = &old};

    tls_identity_make(&old, &(struct tls_issue){.subject = "CN=old",
                                                .issuer = &bench.root,
                                                .from = "20010101000000",
                                                .to = "20030101000000"});
    serve(true);
    tls_bench_accept(&bench, &options, server, Y2002);
    tls_bench_shake_well(&bench);
    tls_bench_accept(&bench, &options, server, Y2004);
    tls_bench_shake_badly(&bench, "the peer's certificate has expired");
    tls_identity_free(&old);
}
END_TEST

START_TEST(without_a_clock_nobody_is_verified)
{
    static const char text[] = "the clock is not set: certificate dates can't be checked";

    ck_assert_ptr_null(fw_tls_server_open(&bench.port, true, 0, &bench.reason));
    ck_assert_str_eq(bench.reason, text);
    serve(true);
    bench.reason = NULL;
    ck_assert_ptr_null(fw_tls_accept(server, TLS_WIRE_SOCK, 0, &bench.reason));
    ck_assert_str_eq(bench.reason, text);
    fw_tls_server_close(server);
    server = fw_tls_server_open(&bench.port, false, 0, &bench.reason);
    ck_assert_ptr_nonnull(server);
    tls_bench_accept(&bench, &(struct tls_peer_options){.client = true}, server, 0);
    tls_bench_shake_well(&bench);
}
END_TEST

static const struct {
    enum fw_cert what;
    const char *missing, *unreadable;
} needed[] = {
    {FW_CERT_SERVER_CA, "there is no CA certificate for the server's clients",
     "the CA certificate for the server's clients can't be read"},
    {FW_CERT_SERVER_CHAIN, NULL, "the server certificate can't be read"},
    {FW_CERT_SERVER_KEY, "there is no key for the server certificate",
     "the server key can't be read"},
};

static void refused(const char *reason)
{
    bench.reason = NULL;
    ck_assert_ptr_null(fw_tls_server_open(&bench.port, true, TLS_BENCH_NOW, &bench.reason));
    ck_assert_str_eq(bench.reason, reason);
}

START_TEST(what_is_missing_is_named)
{
    bench.certs[needed[_i].what].len /= 2;
    refused(needed[_i].unreadable);
    bench.certs[needed[_i].what].bytes = NULL;
    if (needed[_i].missing != NULL) {
        refused(needed[_i].missing);
    }
}
END_TEST

START_TEST(foreign_key_is_refused)
{
    bench.certs[FW_CERT_SERVER_KEY].bytes = bench.device.key_pem;
    bench.certs[FW_CERT_SERVER_KEY].len = bench.device.key_pem_len;
    refused("the key is not that of the certificate");
}
END_TEST

/* Whichever call for random bytes fails while a server opens, it does not open. */
START_TEST(randomness_fails)
{
    unsigned n = 0;

    without_certificate();
    do {
        n++;
        fw_tls_server_close(server);
        bench.entropy_calls = 0;
        bench.entropy_fails_at = n;
        server = fw_tls_server_open(&bench.port, false, 0, &bench.reason);
        ck_assert_int_eq(server != NULL, bench.entropy_calls < n);
    } while (server == NULL);
    ck_assert_uint_gt(n, 2);
}
END_TEST

/* AT+CIPSERVER=0,0: closing the server keeps its connections, those that shake hands as well. */
START_TEST(connections_outlive_the_server)
{
    without_certificate();
    serve(true);
    fw_tls_server_close(server);
    server = NULL;
    serve(false);
    accept_anybody();
    ck_assert_int_eq(fw_tls_handshake(bench.tls, &bench.reason), FW_IO_AGAIN);
    fw_tls_server_close(server);
    server = NULL;
    tls_bench_shake_well(&bench);
    tls_bench_exchange(&bench, 5000, 1460);
}
END_TEST

/* RFC 5246 7.4.1.2: the highest version that the client knows. */
START_TEST(old_versions_are_refused)
{
    static const int versions[] = {MBEDTLS_SSL_MINOR_VERSION_1, MBEDTLS_SSL_MINOR_VERSION_2};

    serve(false);
    for (int i = 0; i < COUNT(versions); i++) {
        struct tls_peer_options options = {.client = true, .last_minor_version = versions[i]};

        tls_bench_accept(&bench, &options, server, TLS_BENCH_NOW);
        tls_bench_shake_badly(&bench, "no TLS version in common");
        ck_assert_int_ne(bench.peer.result, 0);
    }
}
END_TEST

START_TEST(other_suites_are_refused)
{
    static const int suites[] = {MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
                                 MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CCM, 0};

    serve(false);
    tls_bench_accept(&bench, &(struct tls_peer_options){.client = true, .suites = suites}, server,
                     TLS_BENCH_NOW);
    tls_bench_shake_badly(&bench, "no cipher suite in common");
}
END_TEST

START_TEST(garbage_is_no_tls)
{
    static const char garbage[] = "GET / HTTP/1.1\r\n\r\n";

    serve(false);
    accept_anybody();
    ck_assert_int_eq(fw_tls_handshake(bench.tls, &bench.reason), FW_IO_AGAIN);
    ck_assert_int_gt(tls_wire_put(&bench.wire, garbage, sizeof garbage - 1), 0);
    tls_bench_shake_badly(&bench, "what the peer says is no TLS");
}
END_TEST

/* A client may offer ALPN; a server of the module chooses nothing. */
START_TEST(alpn_is_left_alone)
{
    static const char *alpn[] = {"http/1.1", NULL};

    serve(false);
    tls_bench_accept(&bench, &(struct tls_peer_options){.client = true, .alpn = alpn}, server,
                     TLS_BENCH_NOW);
    tls_bench_shake_well(&bench);
    ck_assert_ptr_null(mbedtls_ssl_get_alpn_protocol(&bench.peer.ssl));
}
END_TEST

static const struct {
    size_t room, wire_piece, len, piece;
} wires[] = {
    {TLS_WIRE_MAX, SIZE_MAX, 65536, 20000},
    {1, 1, 65536, 100},
    {1000, 7, 65536, 2920},
};

START_TEST(bytes_arrive_over_any_wire)
{
    tls_wire_limit(&bench.wire, wires[_i].room, wires[_i].wire_piece);
    serve(false);
    accept_well();
    tls_bench_exchange(&bench, wires[_i].len, wires[_i].piece);
}
END_TEST

static void add_certificate_tests(TCase *tcase)
{
    tcase_add_test(tcase, self_signed_certificate);
    tcase_add_test(tcase, self_signed_once_a_server);
    tcase_add_test(tcase, given_certificate);
    tcase_add_test(tcase, rsa_certificate);
    tcase_add_loop_test(tcase, clients_are_verified, 0, COUNT(clients));
    tcase_add_test(tcase, clock_at_the_accept_decides);
    tcase_add_test(tcase, without_a_clock_nobody_is_verified);
    tcase_add_loop_test(tcase, what_is_missing_is_named, 0, COUNT(needed));
    tcase_add_test(tcase, foreign_key_is_refused);
    tcase_add_test(tcase, randomness_fails);
}

static void add_connection_tests(TCase *tcase)
{
    tcase_add_test(tcase, connections_outlive_the_server);
    tcase_add_test(tcase, old_versions_are_refused);
    tcase_add_test(tcase, other_suites_are_refused);
    tcase_add_test(tcase, garbage_is_no_tls);
    tcase_add_test(tcase, alpn_is_left_alone);
    tcase_add_loop_test(tcase, bytes_arrive_over_any_wire, 0, COUNT(wires));
}

static Suite *make_suite(void)
{
    Suite *suite = suite_create("tls server");
    TCase *tcase = tcase_create("tls server");

    tcase_set_timeout(tcase, 100);
    tcase_add_unchecked_fixture(tcase, make, unmake);
    tcase_add_checked_fixture(tcase, setup, teardown);
    add_certificate_tests(tcase);
    add_connection_tests(tcase);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
