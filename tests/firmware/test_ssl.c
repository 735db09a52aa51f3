/* TCP-IP_AT: CIPSTART, CIPSERVER with "SSL" and "SSLv6": links of the command set to a peer that
 * does TLS by itself. */
#include <string.h>

#include "fw_bench.h"
#include "suite.h"
#include "tls_identity.h"
#include "tls_peer.h"
#include "tls_wire.h"

static struct fw_bench bench;
static struct tls_wire wire;
static struct tls_peer peer;
static struct tls_identity identity;
static size_t moved; /* of what the fake peer got: so much went into the wire */

static void make_identity(void)
{
    tls_identity_make(&identity, &(struct tls_issue){.subject = "CN=server.example"});
}

static void free_identity(void)
{
    tls_identity_free(&identity);
}

static void setup(void)
{
    bench_start(&bench, BENCH_WHOLE);
    bench_join(&bench);
    fake_serve(&bench.fake, 443, FAKE_ACCEPTS, false);
    tls_wire_init(&wire);
    moved = 0;
}

static void teardown(void)
{
    tls_peer_free(&peer);
    bench_stop(&bench);
}

/* Bytes from one side to the other; whether there were any. */
static bool carry(struct fake_peer *fake)
{
    char bytes[4096];
    size_t len = fake->received.len - moved;
    int got = tls_wire_net.recv(&wire, TLS_WIRE_SOCK, bytes, sizeof bytes);

    if (len > 0) {
        moved += (size_t)tls_wire_net.send(&wire, TLS_WIRE_SOCK, fake->received.data + moved, len);
    }
    if (got > 0) {
        fake_peer_send(fake, bytes, (size_t)got);
    }
    return len > 0 || got > 0;
}

/* Until neither has anything to say. */
static void converse(void)
{
    bool goes_on = true;

    while (goes_on) {
        if (peer.result != 0) {
            tls_peer_step(&peer);
        }
        goes_on = carry(fake_last_peer(&bench.fake));
        bench_wait(&bench, 0);
    }
}

/* Both directions over the open link of that id, -1 in single connection mode. */
static void exchange(int id)
{
    char say[32], expect[32], got[8] = "";

    snprintf(say, sizeof say, id < 0 ? "AT+CIPSEND=5\r\n" : "AT+CIPSEND=%d,5\r\n", id);
    snprintf(expect, sizeof expect, id < 0 ? "+IPD,5:world\r\n" : "+IPD,%d,5:world\r\n", id);
    bench_talk(&bench, say, "OK\r\n>\r\n");
    bench_talk(&bench, "hello", "SEND OK\r\n");
    converse();
    ck_assert_int_eq(tls_peer_recv(&peer, got, sizeof got), 5);
    ck_assert_str_eq(got, "hello");
    ck_assert_int_eq(tls_peer_send(&peer, "world", 5), 5);
    converse();
    bench_expect(&bench, expect);
}

static const struct {
    const char *start, *state;
} single[] = {
    {"AT+CIPSTART=\"SSL\",\"192.0.2.1\",443\r\n",
     "+CIPSTATE:0,\"SSL\",\"192.0.2.1\",443,50000,0\r\nOK\r\n"},
    {"AT+CIPSTART=\"SSLv6\",\"2001:db8::1\",443\r\n",
     "+CIPSTATE:0,\"SSLv6\",\"2001:db8::1\",443,50000,0\r\nOK\r\n"},
    {"AT+CIPSTARTEX=\"SSL\",\"192.0.2.1\",443\r\n",
     "+CIPSTATE:0,\"SSL\",\"192.0.2.1\",443,50000,0\r\nOK\r\n"},
    {"AT+CIPSTARTEX=\"SSLv6\",\"2001:db8::1\",443\r\n",
     "+CIPSTATE:0,\"SSLv6\",\"2001:db8::1\",443,50000,0\r\nOK\r\n"},
};

START_TEST(ssl_links_open_and_carry_bytes)
{
    tls_peer_init(&peer, &wire, &(struct tls_peer_options){.identity = &identity});
    bench_say(&bench, single[_i].start);
    converse();
    bench_expect(&bench, "CONNECT\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTATE?\r\n", single[_i].state);
    exchange(-1);
    tls_peer_close(&peer);
    converse();
    bench_expect(&bench, "CLOSED\r\n");
}
END_TEST

START_TEST(ssl_servers_take_clients)
{
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSERVER=1,443,\"SSL\"\r\n", "OK\r\n");
    tls_peer_init(&peer, &wire, &(struct tls_peer_options){.client = true});
    ck_assert_ptr_nonnull(fake_call(&bench.fake, 443));
    bench_wait(&bench, 0);
    bench_expect(&bench, ""); /* before the handshake there is no connection */
    converse();
    bench_expect(&bench, "0,CONNECT\r\n");
    bench_talk(&bench, "AT+CIPSTATE?\r\n",
               "+CIPSTATE:0,\"SSL\",\"192.0.2.9\",40001,443,1\r\nOK\r\n");
    exchange(0);
    bench_talk(&bench, "AT+CIPSERVER=0,1\r\n", "0,CLOSED\r\nOK\r\n");
}
END_TEST

/* Spec, CIPSTART: 10 s for each packet of the handshake, so that all of it may take longer. */
START_TEST(every_message_of_a_handshake_has_its_time)
{
    tls_peer_init(&peer, &wire, &(struct tls_peer_options){.identity = &identity});
    bench_say(&bench, single[0].start);
    for (int flight = 0; flight < 2; flight++) {
        bench_wait(&bench, 9999);
        bench_expect(&bench, "");
        carry(fake_last_peer(&bench.fake));
        tls_peer_step(&peer);
        carry(fake_last_peer(&bench.fake));
    }
    bench_wait(&bench, 0);
    bench_expect(&bench, "CONNECT\r\nOK\r\n");
}
END_TEST

START_TEST(a_silent_peer_ends_a_handshake)
{
    tls_peer_init(&peer, &wire, &(struct tls_peer_options){.identity = &identity});
    bench_say(&bench, single[0].start);
    bench_wait(&bench, 5000);
    carry(fake_last_peer(&bench.fake));
    tls_peer_step(&peer);
    carry(fake_last_peer(&bench.fake));
    bench_wait(&bench, 9999);
    bench_expect(&bench, "");
    bench_wait(&bench, 1);
    bench_expect(&bench, "ERROR\r\n");
}
END_TEST

static void setup_shipping(void)
{
    bench_start_as(&bench, BENCH_WHOLE, FW_DIALECT_W800);
    bench_join(&bench);
    fake_serve(&bench.fake, 443, FAKE_ACCEPTS, false);
    tls_wire_init(&wire);
    moved = 0;
}

#define START "AT+CIPSTART=1,\"SSL\",\"192.0.2.1\",443\r\n"

/* What a shipping module does, rows 28 and 36: the common name is the host name of the ClientHello,
 * the SNI is not; beside that link there is no other one with TLS. */
START_TEST(a_shipping_module_has_one_tls_link)
{
    bench_command(&bench, "AT+CIPMUX=1", "OK\r\n");
    bench_command(&bench, "AT+CIPSSLCCN=1,\"server.example\"", "OK\r\n");
    bench_command(&bench, "AT+CIPSSLCSNI=1,\"other.example\"", "OK\r\n");
    tls_peer_init(&peer, &wire, &(struct tls_peer_options){.identity = &identity});
    bench_say(&bench, START);
    bench_wait(&bench, BENCH_PAUSE_MS);
    converse();
    bench_expect(&bench, START "\r\n1,CONNECT\r\nOK\r\n");
    ck_assert_str_eq(peer.sni, "server.example");
    bench_command(&bench, "AT+CIPSTART=2,\"SSL\",\"192.0.2.1\",443", "ERROR\r\n");
    bench_command(&bench, "AT+CIPSERVER=1,443,\"SSL\"", "CMD PARSE ERR\r\n");
    bench_connect_id(&bench, 2);
    bench_command(&bench, "AT+CIPSERVER=1,81", "OK\r\n");
}
END_TEST

/* Row 36: a second client is turned away without a word. */
START_TEST(a_shipping_module_serves_one_tls_client)
{
    struct fake_peer *second;

    bench_command(&bench, "AT+CIPMUX=1", "OK\r\n");
    bench_command(&bench, "AT+CIPSERVER=1,443,\"SSL\"", "OK\r\n");
    tls_peer_init(&peer, &wire, &(struct tls_peer_options){.client = true});
    ck_assert_ptr_nonnull(fake_call(&bench.fake, 443));
    bench_wait(&bench, 0);
    converse();
    bench_expect(&bench, "0,CONNECT\r\n");
    second = fake_call(&bench.fake, 443);
    bench_wait(&bench, 0);
    ck_assert(second->closed);
    bench_expect(&bench, "");
}
END_TEST

static Suite *make_suite(void)
{
    TCase *shipping = tcase_create("shipping module");
    Suite *suite = suite_create("ssl");
    TCase *tcase = tcase_create("links");

    tcase_add_unchecked_fixture(tcase, make_identity, free_identity);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, ssl_links_open_and_carry_bytes, 0,
                        (int)(sizeof single / sizeof *single));
    tcase_add_test(tcase, ssl_servers_take_clients);
    tcase_add_test(tcase, every_message_of_a_handshake_has_its_time);
    tcase_add_test(tcase, a_silent_peer_ends_a_handshake);
    suite_add_tcase(suite, tcase);
    tcase_add_unchecked_fixture(shipping, make_identity, free_identity);
    tcase_add_checked_fixture(shipping, setup_shipping, teardown);
    tcase_add_test(shipping, a_shipping_module_has_one_tls_link);
    tcase_add_test(shipping, a_shipping_module_serves_one_tls_client);
    suite_add_tcase(suite, shipping);
    return suite;
}

SUITE_MAIN(make_suite)
