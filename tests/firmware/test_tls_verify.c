/* firmware/tls: who is who. Certificates, their dates and names, and the keys that both share
 * (TCP-IP_AT: CIPSSLCCONF, CIPSSLCCN, CIPSSLCPSK). */
#include "tls.h"

#include <string.h>

#include "suite.h"
#include "tls_bench.h"

enum { PRESENT = 1, VERIFY = 2, MUTUAL = 3 };

static struct tls_bench bench;

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
}

static void teardown(void)
{
    tls_bench_end(&bench);
}

/* A client of the module that does so, with the numbers under which there is something. */
static struct fw_tls_config client(uint8_t auth_mode)
{
    return (struct fw_tls_config){
        .auth_mode = auth_mode,
        .pki_number = TLS_BENCH_PKI,
        .ca_number = TLS_BENCH_CA,
    };
}

#define UNKNOWN "the peer's certificate is of an unknown CA"
#define EXPIRED "the peer's certificate has expired"
#define EARLY   "the peer's certificate is not valid yet"
#define NAME    "the peer's certificate is for another name"

/* Times of the module's clock. */
#define Y2001 978307200u
#define Y2002 1009843200u
#define Y2003 1041379200u
#define Y2050 2524608000u
#define Y2060 2840140800u
#define Y2090 3786912000u
#define Y2092 3849984000u
#define Y2095 3944678400u

/* A chain of three, in which one has dates of its own and the others are valid for ever. The host's
 * clock is after the years of the past and before those of the future: it would refuse both. */
enum { ROOT, MIDDLE, LEAF };
static const struct {
    int which;
    const char *from, *to;
    uint64_t unix_s;
    const char *reason; /* NULL: accepted */
} dates[] = {
    {LEAF, "20010101000000", "20030101000000", Y2002, NULL},
    {MIDDLE, "20010101000000", "20030101000000", Y2002, NULL},
    {ROOT, "20010101000000", "20030101000000", Y2002, NULL},
    {LEAF, "20900101000000", "20950101000000", Y2092, NULL},
    {MIDDLE, "20900101000000", "20950101000000", Y2092, NULL},
    {ROOT, "20900101000000", "20950101000000", Y2092, NULL},
    /* The first and the last second, and those beside them. */
    {LEAF, "20010101000000", "20030101000000", Y2001, NULL},
    {LEAF, "20010101000000", "20030101000000", Y2001 - 1, EARLY},
    {LEAF, "20010101000000", "20030101000000", Y2003, NULL},
    {LEAF, "20010101000000", "20030101000000", Y2003 + 1, EXPIRED},
    {LEAF, "20240229000000", "20240301000000", 1709164800, NULL},
    {LEAF, "20240229000000", "20240301000000", 1709164800 - 1, EARLY},
    {LEAF, "20240229000000", "20240301000000", 1709251200, NULL},
    {LEAF, "20240229000000", "20240301000000", 1709251200 + 1, EXPIRED},
    {LEAF, "20900101000000", "20950101000000", Y2090 - 1, EARLY},
    {LEAF, "20900101000000", "20950101000000", Y2095 + 1, EXPIRED},
    /* The host's clock would accept these. */
    {LEAF, "20020101000000", "20500101000000", Y2060, EXPIRED},
    {MIDDLE, "20020101000000", "20500101000000", Y2060, EXPIRED},
    {ROOT, "20020101000000", "20500101000000", Y2060, EXPIRED},
    {LEAF, "20020101000000", "20500101000000", Y2001, EARLY},
    {MIDDLE, "20020101000000", "20500101000000", Y2001, EARLY},
    {ROOT, "20020101000000", "20500101000000", Y2001, EARLY},
    {LEAF, "20020101000000", "20500101000000", 1, EARLY},
};

static void make_chain(struct tls_identity chain[3], size_t i)
{
    static const char *const subjects[] = {"CN=top", "CN=middle", "CN=server.example"};

    for (int at = ROOT; at <= LEAF; at++) {
        bool own = at == dates[i].which;

        tls_identity_make(&chain[at], &(struct tls_issue){
                                          .subject = subjects[at],
                                          .issuer = at == ROOT ? NULL : &chain[at - 1],
                                          .from = own ? dates[i].from : NULL,
                                          .to = own ? dates[i].to : NULL,
                                          .authority = at != LEAF,
                                      });
    }
}

START_TEST(module_clock_decides)
{
    struct fw_tls_config config = client(VERIFY);
    struct tls_identity chain[3];
    size_t i = (size_t)_i;

    make_chain(chain, i);
    tls_bench_trust(&bench, FW_CERT_CA, &chain[ROOT]);
    tls_bench_connect(&bench, &(struct tls_peer_options){.identity = &chain[LEAF]}, &config,
                      dates[i].unix_s);
    if (dates[i].reason == NULL) {
        tls_bench_shake_well(&bench);
    } else {
        tls_bench_shake_badly(&bench, dates[i].reason);
    }
    for (int at = ROOT; at <= LEAF; at++) {
        tls_identity_free(&chain[at]);
    }
}
END_TEST

/* What the test above says of this host's clock is so. */
START_TEST(host_clock_is_between)
{
    ck_assert(mbedtls_x509_time_is_past(&(mbedtls_x509_time){.year = 2003, .mon = 1, .day = 1}));
    ck_assert(mbedtls_x509_time_is_future(&(mbedtls_x509_time){.year = 2090, .mon = 1, .day = 1}));
    ck_assert(!mbedtls_x509_time_is_past(&(mbedtls_x509_time){.year = 2050, .mon = 1, .day = 1}));
    ck_assert(!mbedtls_x509_time_is_future(&(mbedtls_x509_time){.year = 2002, .mon = 1, .day = 1}));
}
END_TEST

START_TEST(unknown_ca_is_refused)
{
    struct fw_tls_config config = client(VERIFY);

    tls_bench_trust(&bench, FW_CERT_CA, &bench.other_root);
    tls_bench_connect(&bench, &(struct tls_peer_options){.identity = &bench.server}, &config,
                      TLS_BENCH_NOW);
    tls_bench_shake_badly(&bench, UNKNOWN);
    ck_assert_int_eq(bench.peer.result, MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE);
}
END_TEST

static const struct {
    const char *common_name;
    uint8_t auth_mode;
    const char *reason;
} names[] = {
    {"server.example", VERIFY, NULL},
    {"SERVER.example", VERIFY, NULL},
    {"", VERIFY, NULL},
    {"device.example", VERIFY, NAME},
    {"server.exampl", VERIFY, NAME},
    {"server.example.org", VERIFY, NAME},
    {"*.example", VERIFY, NAME},
    {"device.example", 0, NULL},
};

/* The name is checked where the certificate is, and only there; the SNI is no part of it. */
START_TEST(common_name_is_checked)
{
    static const char *const snis[] = {"", "server.example", "elsewhere.example"};

    for (size_t i = 0; i < sizeof snis / sizeof *snis; i++) {
        struct fw_tls_config config = client(names[_i].auth_mode);

        strcpy(config.common_name, names[_i].common_name);
        strcpy(config.sni, snis[i]);
        tls_bench_connect(&bench, &(struct tls_peer_options){.identity = &bench.server}, &config,
                          TLS_BENCH_NOW);
        if (names[_i].reason == NULL) {
            tls_bench_shake_well(&bench);
        } else {
            tls_bench_shake_badly(&bench, names[_i].reason);
        }
    }
}
END_TEST

/* Mode 0 asks for nothing: not for a clock, a known CA, a date or a name. */
START_TEST(without_verification_all_is_accepted)
{
    struct fw_tls_config config = {.common_name = "nobody.example"};
    struct tls_identity old;

    tls_identity_make(
        &old,
        &(struct tls_issue){.subject = "CN=old", .from = "20010101000000", .to = "20020101000000"});
    memset(bench.certs, 0, sizeof bench.certs);
    tls_bench_connect(&bench, &(struct tls_peer_options){.identity = &old}, &config, 0);
    tls_bench_shake_well(&bench);
    tls_identity_free(&old);
}
END_TEST

/* The peer wants a certificate (of that root, or any) and the module has one to give, or not. */
static const struct {
    uint8_t auth_mode;
    bool optional, other_root;
    const char *seen;   /* by the peer */
    const char *reason; /* NULL: it works */
} presented[] = {
    {PRESENT, false, false, "device.example", NULL},
    {MUTUAL, false, false, "device.example", NULL},
    {PRESENT, true, false, "device.example", NULL},
    {0, true, false, "(none)", NULL},
    {VERIFY, true, false, "(none)", NULL},
    {0, false, false, NULL, "the peer ended during the handshake"},
    {PRESENT, false, true, NULL, "the peer refuses our certificate (alert)"},
    {MUTUAL, false, true, NULL, "the peer refuses our certificate (alert)"},
};

START_TEST(client_certificate_is_presented)
{
    struct fw_tls_config config = client(presented[_i].auth_mode);
    struct tls_peer_options options = {
        .identity = &bench.server,
        .ca = presented[_i].other_root ? &bench.other_root : &bench.root,
        .optional = presented[_i].optional,
    };

    tls_bench_connect(&bench, &options, &config, TLS_BENCH_NOW);
    if (presented[_i].reason == NULL) {
        tls_bench_shake_well(&bench);
        ck_assert_str_eq(tls_peer_sees(&bench.peer), presented[_i].seen);
    } else {
        tls_bench_shake_badly(&bench, presented[_i].reason);
    }
}
END_TEST

/* Mutual: the module checks the peer as well. */
START_TEST(mutual_authentication_checks_the_peer)
{
    struct fw_tls_config config = client(MUTUAL);
    struct tls_peer_options options = {.identity = &bench.server, .ca = &bench.root};

    tls_bench_trust(&bench, FW_CERT_CA, &bench.other_root);
    tls_bench_connect(&bench, &options, &config, TLS_BENCH_NOW);
    tls_bench_shake_badly(&bench, UNKNOWN);
}
END_TEST

/* A certificate of an intermediate goes out with it, or the peer could not follow. */
START_TEST(the_whole_chain_is_presented)
{
    struct fw_tls_config config = client(PRESENT);
    struct tls_peer_options options = {.identity = &bench.server, .ca = &bench.root};
    struct tls_identity middle, leaf;

    tls_identity_make(
        &middle,
        &(struct tls_issue){.subject = "CN=middle", .issuer = &bench.root, .authority = true});
    tls_identity_make(&leaf, &(struct tls_issue){.subject = "CN=leaf", .issuer = &middle});
    tls_bench_store(&bench, FW_CERT_CHAIN, FW_CERT_KEY, &leaf);
    tls_bench_connect(&bench, &options, &config, TLS_BENCH_NOW);
    tls_bench_shake_well(&bench);
    ck_assert_str_eq(tls_peer_sees(&bench.peer), "leaf");
    tls_identity_free(&leaf);
    tls_identity_free(&middle);
}
END_TEST

START_TEST(der_is_read_as_well)
{
    struct fw_tls_config config = client(MUTUAL);
    struct tls_peer_options options = {.identity = &bench.server, .ca = &bench.root};

    bench.certs[FW_CERT_CA].bytes = bench.root.crt.raw.p;
    bench.certs[FW_CERT_CA].len = bench.root.crt.raw.len;
    bench.certs[FW_CERT_CHAIN].bytes = bench.device.crt.raw.p;
    bench.certs[FW_CERT_CHAIN].len = bench.device.crt.raw.len;
    bench.certs[FW_CERT_KEY].bytes = bench.device.key_der;
    bench.certs[FW_CERT_KEY].len = bench.device.key_der_len;
    tls_bench_connect(&bench, &options, &config, TLS_BENCH_NOW);
    tls_bench_shake_well(&bench);
    ck_assert_str_eq(tls_peer_sees(&bench.peer), "device.example");
}
END_TEST

static void refused(const struct fw_tls_config *config, uint64_t unix_s, const char *reason)
{
    bench.reason = NULL;
    ck_assert_ptr_null(fw_tls_connect(&bench.port, TLS_WIRE_SOCK, config, unix_s, &bench.reason));
    ck_assert_str_eq(bench.reason, reason);
}

static const struct {
    enum fw_cert what;
    uint8_t auth_mode;
    const char *missing, *unreadable;
} needed[] = {
    {FW_CERT_CA, VERIFY, "there is no CA certificate of that number",
     "the CA certificate can't be read"},
    {FW_CERT_CHAIN, PRESENT, "there is no client certificate of that number",
     "the client certificate can't be read"},
    {FW_CERT_KEY, PRESENT, "there is no client key of that number", "the client key can't be read"},
    {FW_CERT_KEY, MUTUAL, "there is no client key of that number", "the client key can't be read"},
};

START_TEST(what_is_missing_is_named)
{
    static const char half[] = "-----BEGIN CERTIFICATE-----\nMIIB\n";
    struct fw_tls_config config = client(needed[_i].auth_mode);
    size_t len = bench.certs[needed[_i].what].len;

    bench.certs[needed[_i].what].len = len / 2;
    refused(&config, TLS_BENCH_NOW, needed[_i].unreadable);
    bench.certs[needed[_i].what].bytes = half;
    bench.certs[needed[_i].what].len = sizeof half;
    refused(&config, TLS_BENCH_NOW, needed[_i].unreadable);
    bench.certs[needed[_i].what].bytes = NULL;
    refused(&config, TLS_BENCH_NOW, needed[_i].missing);
}
END_TEST

/* <pki_number> and <ca_number> count. */
START_TEST(numbers_of_certificates_count)
{
    struct fw_tls_config config = client(MUTUAL);

    config.ca_number++;
    refused(&config, TLS_BENCH_NOW, "there is no CA certificate of that number");
    config.ca_number--;
    config.pki_number++;
    refused(&config, TLS_BENCH_NOW, "there is no client certificate of that number");
}
END_TEST

START_TEST(foreign_key_is_refused)
{
    struct fw_tls_config config = client(PRESENT);

    bench.certs[FW_CERT_KEY].bytes = bench.server.key_pem;
    bench.certs[FW_CERT_KEY].len = bench.server.key_pem_len;
    refused(&config, TLS_BENCH_NOW, "the key is not that of the certificate");
}
END_TEST

START_TEST(without_a_clock_nobody_is_verified)
{
    struct fw_tls_config config = client(VERIFY);

    refused(&config, 0, "the clock is not set: certificate dates can't be checked");
    config.auth_mode = MUTUAL;
    refused(&config, 0, "the clock is not set: certificate dates can't be checked");
    config.auth_mode = PRESENT;
    tls_bench_connect(&bench, &(struct tls_peer_options){.identity = &bench.server}, &config, 0);
    tls_bench_shake_well(&bench);
}
END_TEST

static const struct {
    const char *psk, *identity; /* the peer's */
    const char *reason;
} psks[] = {
    {"0123456789abcdef", "thing", NULL},
    {"0123456789abcdeX", "thing", "the peer finds other keys than we (alert)"},
    {"0123456789abcdef", "thine", "the peer doesn't know the PSK identity (alert)"},
};

/* The key is all of the authentication: auth_mode asks for certificates that nobody has, and for a
 * clock. */
START_TEST(shared_key)
{
    struct fw_tls_config config = {.auth_mode = MUTUAL, .psk_identity = "thing", .psk_len = 16};
    struct tls_peer_options options = {.psk = psks[_i].psk, .psk_identity = psks[_i].identity};

    memcpy(config.psk, "0123456789abcdef", 16);
    tls_bench_connect(&bench, &options, &config, 0);
    if (psks[_i].reason == NULL) {
        tls_bench_shake_well(&bench);
        ck_assert_str_eq(tls_peer_sees(&bench.peer), "(none)");
        tls_bench_exchange(&bench, 3000, 1000);
    } else {
        tls_bench_shake_badly(&bench, psks[_i].reason);
    }
}
END_TEST

/* With a key configured, a server with a certificate only is refused. */
START_TEST(shared_key_is_never_left_out)
{
    struct fw_tls_config config = {.psk_identity = "thing", .psk_len = 32};

    tls_bench_connect(&bench, &(struct tls_peer_options){.identity = &bench.server}, &config,
                      TLS_BENCH_NOW);
    tls_bench_shake_badly(&bench, "the peer accepts nothing that is offered (alert)");
}
END_TEST

#define COUNT(table) ((int)(sizeof table / sizeof *table))

static Suite *make_suite(void)
{
    Suite *suite = suite_create("tls verify");
    TCase *tcase = tcase_create("tls verify");

    tcase_set_timeout(tcase, 60);
    tcase_add_unchecked_fixture(tcase, make, unmake);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, module_clock_decides, 0, COUNT(dates));
    tcase_add_test(tcase, host_clock_is_between);
    tcase_add_test(tcase, unknown_ca_is_refused);
    tcase_add_loop_test(tcase, common_name_is_checked, 0, COUNT(names));
    tcase_add_test(tcase, without_verification_all_is_accepted);
    tcase_add_loop_test(tcase, client_certificate_is_presented, 0, COUNT(presented));
    tcase_add_test(tcase, mutual_authentication_checks_the_peer);
    tcase_add_test(tcase, the_whole_chain_is_presented);
    tcase_add_test(tcase, der_is_read_as_well);
    tcase_add_loop_test(tcase, what_is_missing_is_named, 0, COUNT(needed));
    tcase_add_test(tcase, numbers_of_certificates_count);
    tcase_add_test(tcase, foreign_key_is_refused);
    tcase_add_test(tcase, without_a_clock_nobody_is_verified);
    tcase_add_loop_test(tcase, shared_key, 0, COUNT(psks));
    tcase_add_test(tcase, shared_key_is_never_left_out);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
