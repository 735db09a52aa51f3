/* TCP-IP_AT: CIPSTART (UDP), CIPSEND with a remote host, datagram boundaries. */
#include <stdio.h>
#include <string.h>

#include "addr.h"
#include "fw_bench.h"
#include "suite.h"

static struct fw_bench bench;

static void setup(void)
{
    memset(&bench, 0, sizeof bench);
}

static void teardown(void)
{
    bench_stop(&bench);
}

/* A UDP link in single connection mode. */
static struct fake_peer *open_udp(int feed, const char *arguments)
{
    char say[128];

    bench_start(&bench, (enum bench_feed)feed);
    bench_join(&bench);
    snprintf(say, sizeof say, "AT+CIPSTART=\"UDP\",%s\r\n", arguments);
    bench_talk(&bench, say, "CONNECT\r\nOK\r\n");
    return fake_last_peer(&bench.fake);
}

static void check_sent(const struct fake_peer *peer, size_t which, const char *ip, uint16_t port,
                       size_t len)
{
    char text[FW_ADDR_TEXT];

    ck_assert_uint_gt(peer->sent_count, which);
    fw_addr_format(&peer->sent[which].peer.addr, text);
    ck_assert_str_eq(text, ip);
    ck_assert_uint_eq(peer->sent[which].peer.port, port);
    ck_assert_uint_eq(peer->sent[which].len, len);
}

static void send_hello(void)
{
    bench_talk(&bench, "AT+CIPSEND=5\r\n", "OK\r\n>\r\n");
    bench_talk(&bench, "hello", "SEND OK\r\n");
}

START_TEST(one_send_is_one_datagram)
{
    struct fake_peer *peer = open_udp(_i, "\"192.0.2.7\",8080,1002");
    static char big[5760];

    ck_assert_uint_eq(peer->local_port, 1002);
    send_hello();
    check_sent(peer, 0, "192.0.2.7", 8080, 5);
    bench_talk(&bench, "AT+CIPSEND=5760\r\n", "OK\r\n>\r\n");
    bench_say_bytes(&bench, big, sizeof big);
    bench_expect(&bench, "SEND OK\r\n");
    check_sent(peer, 1, "192.0.2.7", 8080, 5760);
    bench_talk(&bench, "AT+CIPSTATE?\r\n",
               "+CIPSTATE:0,\"UDP\",\"192.0.2.7\",8080,1002,0\r\nOK\r\n");
}
END_TEST

/* The link's own remote end stays what it was. */
START_TEST(a_send_can_name_another_host)
{
    struct fake_peer *peer = open_udp(_i, "\"192.0.2.7\",8080");

    fake_name(&bench.fake, "other", "192.0.2.8");
    bench_talk(&bench, "AT+CIPSEND=2,\"192.0.2.9\",9\r\n", "OK\r\n>\r\n");
    bench_talk(&bench, "ab", "SEND OK\r\n");
    check_sent(peer, 0, "192.0.2.9", 9, 2);
    bench_talk(&bench, "AT+CIPSENDEX=2,\"other\",65535\r\n", "OK\r\n>\r\n");
    bench_talk(&bench, "ab", "SEND OK\r\n");
    check_sent(peer, 1, "192.0.2.8", 65535, 2);
    send_hello();
    check_sent(peer, 2, "192.0.2.7", 8080, 5);
    bench_talk(&bench, "AT+CIPSEND=2,\"nobody\",9\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSEND=2,\"::1\",9\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSEND=2,\"192.0.2.9\"\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPSEND=2,,9\r\n", "CMD PARSE ERR\r\n");
    ck_assert_uint_eq(peer->sent_count, 3);
}
END_TEST

START_TEST(a_name_that_is_not_answered_ends_the_send)
{
    struct fake_peer *peer = open_udp(_i, "\"192.0.2.7\",8080");

    bench.fake.dns_silent = true;
    bench_talk(&bench, "AT+CIPSEND=2,\"silent\",9\r\n", "");
    bench_talk(&bench, "AT\r\n", "busy ...\r\n");
    bench_wait(&bench, 9999);
    bench_expect(&bench, "");
    bench_wait(&bench, 1);
    bench_expect(&bench, "ERROR\r\n");
    ck_assert_uint_eq(peer->sent_count, 0);
}
END_TEST

START_TEST(a_refused_datagram_is_a_failed_send)
{
    struct fake_peer *peer = open_udp(_i, "\"192.0.2.7\",8080");

    bench_talk(&bench, "AT+CIPSEND=1\r\n", "OK\r\n>\r\n");
    peer->accepts = 0;
    bench_talk(&bench, "x", "");
    peer->accepts = SIZE_MAX;
    bench_wait(&bench, 1);
    bench_expect(&bench, "SEND OK\r\n");
    bench_talk(&bench, "AT+CIPSEND=1\r\n", "OK\r\n>\r\n");
    peer->refuses = true;
    bench_talk(&bench, "x", "SEND FAIL\r\n");
}
END_TEST

static void datagram(struct fake_peer *peer, const char *from, uint16_t port, const char *text)
{
    fake_datagram(peer, from, port, text, strlen(text));
}

START_TEST(active_frames_keep_boundaries)
{
    struct fake_peer *peer = open_udp(_i, "\"192.0.2.7\",8080");

    datagram(peer, "192.0.2.7", 8080, "one");
    datagram(peer, "192.0.2.8", 81, "two2");
    bench_wait(&bench, 1);
    bench_expect(&bench, "+IPD,3:one\r\n+IPD,4:two2\r\n");
    bench_talk(&bench, "AT+CIPDINFO=1\r\n", "OK\r\n");
    datagram(peer, "192.0.2.8", 81, "x");
    datagram(peer, "192.0.2.7", 8080, "yz");
    bench_wait(&bench, 1);
    bench_expect(&bench, "+IPD,1,\"192.0.2.8\",81:x\r\n+IPD,2,\"192.0.2.7\",8080:yz\r\n");
}
END_TEST

/* A read never reaches into the next datagram; what is left of one comes with the next read. */
START_TEST(passive_reads_keep_boundaries)
{
    struct fake_peer *peer = open_udp(_i, "\"192.0.2.7\",8080");

    bench_talk(&bench, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPDINFO=1\r\n", "OK\r\n");
    datagram(peer, "192.0.2.7", 8080, "hello");
    datagram(peer, "192.0.2.8", 81, "you");
    bench_wait(&bench, 1);
    bench_expect(&bench, "+IPD,8\r\n");
    bench_talk(&bench, "AT+CIPRECVLEN?\r\n", "+CIPRECVLEN:8,,,,\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=2\r\n",
               "+CIPRECVDATA:2,192.0.2.7,8080,he\r\nOK\r\n+IPD,6\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=100\r\n",
               "+CIPRECVDATA:3,192.0.2.7,8080,llo\r\nOK\r\n+IPD,3\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=100\r\n", "+CIPRECVDATA:3,192.0.2.8,81,you\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=100\r\n", "ERROR\r\n");
}
END_TEST

/* Spec, CIPRECVMODE: for UDP transmission, if the cache is full, data loss will occur. */
START_TEST(a_full_window_loses_datagrams)
{
    struct fake_peer *peer = open_udp(_i, "\"192.0.2.7\",8080");
    static char big[2000];

    bench_talk(&bench, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    for (int i = 0; i < 4; i++) {
        memset(big, 'a' + i, sizeof big);
        fake_datagram(peer, "192.0.2.7", 8080, big, sizeof big);
    }
    datagram(peer, "192.0.2.7", 8080, "small");
    bench_wait(&bench, 1);
    bench_expect(&bench, "+IPD,4005\r\n");
    ck_assert_uint_eq(peer->coming_taken, 5);
    ck_assert_str_eq(bench.fake.last_loss, "lost: the receive window is full");
}
END_TEST

/* However fast they come: the rest of the module, and the other modules, have their turn. */
START_TEST(a_flood_is_taken_in_pieces)
{
    struct fake_peer *peer = open_udp(_i, "\"192.0.2.7\",8080");
    static char big[2900];

    bench_talk(&bench, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    fake_datagram(peer, "192.0.2.7", 8080, big, sizeof big);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,2900\r\n");
    for (int i = 0; i < 60; i++) { /* none of which has room */
        fake_datagram(peer, "192.0.2.7", 8080, big, sizeof big);
    }
    fw_tick(&bench.fw, bench.now_ms);
    ck_assert_uint_ge(peer->coming_taken, 2);
    ck_assert_uint_le(peer->coming_taken, 32);
}
END_TEST

START_TEST(the_longest_frame_is_the_longest_datagram)
{
    struct fake_peer *peer = open_udp(_i, "\"192.0.2.7\",8080");
    static char big[2921], head[] = "+IPD,2920:";

    fake_datagram(peer, "192.0.2.7", 8080, big, 2921);
    bench_wait(&bench, 1);
    bench_expect(&bench, "");
    ck_assert_str_eq(bench.fake.last_loss, "lost: longer than a frame");
    fake_datagram(peer, "192.0.2.7", 8080, "", 0);
    fake_datagram(peer, "192.0.2.7", 8080, big, 2920);
    bench_wait(&bench, 1);
    ck_assert_uint_eq(bench.out_len, sizeof head - 1 + 2920 + 2);
    ck_assert_mem_eq(bench.out, head, sizeof head - 1);
    bench.out_len = 0;
}
END_TEST

static void check_remote(const char *expected)
{
    char line[128];

    snprintf(line, sizeof line, "+CIPSTATE:0,\"UDP\",%s,1002,0\r\nOK\r\n", expected);
    bench_talk(&bench, "AT+CIPSTATE?\r\n", line);
}

/* Spec, CIPSTART <mode>: 0 never, 1 once, 2 always. */
START_TEST(modes_change_the_remote_end)
{
    static const char *const after[3][3] = {
        {"\"192.0.2.7\",8080", "\"192.0.2.7\",8080", "\"192.0.2.7\",8080"},
        {"\"192.0.2.7\",8080", "\"192.0.2.8\",81", "\"192.0.2.8\",81"},
        {"\"192.0.2.7\",8080", "\"192.0.2.8\",81", "\"192.0.2.9\",82"},
    };
    char arguments[64];
    struct fake_peer *peer;
    int mode = _i;

    snprintf(arguments, sizeof arguments, "\"192.0.2.7\",8080,1002,%d", mode);
    peer = open_udp(BENCH_WHOLE, arguments);
    datagram(peer, "192.0.2.7", 8080, "a"); /* the one that was configured */
    bench_wait(&bench, 1);
    bench_expect(&bench, "+IPD,1:a\r\n");
    check_remote(after[mode][0]);
    datagram(peer, "192.0.2.8", 81, "b");
    bench_wait(&bench, 1);
    bench_expect(&bench, "+IPD,1:b\r\n");
    check_remote(after[mode][1]);
    datagram(peer, "192.0.2.9", 82, "c");
    bench_wait(&bench, 1);
    bench_expect(&bench, "+IPD,1:c\r\n");
    check_remote(after[mode][2]);
    send_hello();
    ck_assert_uint_eq(peer->sent[0].peer.port, mode == 0 ? 8080 : mode == 1 ? 81 : 82);
}
END_TEST

START_TEST(a_mode_needs_the_local_port)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPSTART=\"UDP\",\"192.0.2.7\",8080,,1\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"UDP\",\"192.0.2.7\",8080,,2\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"UDP\",\"192.0.2.7\",8080,,0\r\n", "CONNECT\r\nOK\r\n");
}
END_TEST

START_TEST(local_address_and_name)
{
    static const unsigned char local[] = {127, 0, 0, 9};
    struct fake_peer *peer;

    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    fake_name(&bench.fake, "host", "192.0.2.7");
    bench_talk(&bench, "AT+CIPSTART=\"UDP\",\"host\",8080,,,\"127.0.0.9\"\r\n",
               "CONNECT\r\nOK\r\n");
    peer = fake_last_peer(&bench.fake);
    ck_assert_mem_eq(peer->local.bytes, local, 4);
    bench_talk(&bench, "AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"UDP\",\"host\",8080,,,\"198.51.100.1\"\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"UDPv6\",\"host\",8080\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"UDPv6\",\"::1\",8080\r\n", "CONNECT\r\nOK\r\n");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("udp");
    TCase *tcase = tcase_create("udp");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, one_send_is_one_datagram, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, a_send_can_name_another_host, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, a_name_that_is_not_answered_ends_the_send, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, a_refused_datagram_is_a_failed_send, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, active_frames_keep_boundaries, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, passive_reads_keep_boundaries, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, a_full_window_loses_datagrams, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, a_flood_is_taken_in_pieces, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, the_longest_frame_is_the_longest_datagram, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, modes_change_the_remote_end, 0, 3);
    tcase_add_loop_test(tcase, a_mode_needs_the_local_port, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, local_address_and_name, 0, BENCH_FEEDS);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
