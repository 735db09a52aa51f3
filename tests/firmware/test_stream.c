/* TCP-IP_AT: CIPMODE=1 and AT+CIPSEND, passthrough; CIPRECONNINTV; +++. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static struct fake_peer *enter(int feed)
{
    struct fake_peer *peer;

    bench_start(&bench, (enum bench_feed)feed);
    bench_join(&bench);
    peer = bench_connect(&bench);
    bench_talk(&bench, "AT+CIPMODE=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSEND\r\n", "OK\r\n>\r\n");
    return peer;
}

static void leave(const char *expect)
{
    bench_wait(&bench, 31);
    bench_expect(&bench, "");
    bench_talk(&bench, "+++", "");
    bench_wait(&bench, 30);
    bench_expect(&bench, expect);
    bench_talk(&bench, "AT\r\n", "OK\r\n");
}

static void check_received(const struct fake_peer *peer, const char *text)
{
    ck_assert_uint_eq(peer->received.len, strlen(text));
    ck_assert_mem_eq(peer->received.data, text, strlen(text));
}

/* Spec, CIPSEND: blocks of 512 bytes at once, anything less after 30 ms. */
START_TEST(blocks_and_silence)
{
    struct fake_peer *peer = enter(_i);
    static char bytes[1300];

    bench_talk(&bench, "hello", "");
    bench_wait(&bench, 29);
    ck_assert_uint_eq(peer->received.len, 0);
    bench_wait(&bench, 2);
    check_received(peer, "hello");
    bench_say_bytes(&bench, bytes, 511);
    ck_assert_uint_eq(peer->received.len, 5);
    bench_say_bytes(&bench, bytes, 1);
    ck_assert_uint_eq(peer->received.len, 5 + 512);
    bench_say_bytes(&bench, bytes, 1300);
    ck_assert_uint_eq(peer->received.len, 5 + 512 + 1024);
    bench_wait(&bench, 31);
    ck_assert_uint_eq(peer->received.len, 5 + 512 + 1300);
    leave("");
}
END_TEST

START_TEST(received_bytes_come_raw)
{
    struct fake_peer *peer = enter(_i);
    static char big[20000];

    fake_peer_send(peer, "+IPD,0,3:\r\nOK", 13);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,0,3:\r\nOK");
    for (size_t i = 0; i < sizeof big; i++) {
        big[i] = (char)(i * 7 + i / 256);
    }
    fake_peer_send(peer, big, sizeof big);
    bench_wait(&bench, 0);
    bench_expect_bytes(&bench, big, sizeof big);
    leave("");
    fake_peer_send(peer, "now", 3);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,3:now\r\n");
}
END_TEST

/* Whatever AT+CIPRECVMODE says (spec: it is not for passthrough), what waited included. */
START_TEST(passive_mode_does_not_matter)
{
    struct fake_peer *peer;

    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    peer = bench_connect(&bench);
    fake_peer_send(peer, "early", 5);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,5\r\n");
    bench_talk(&bench, "AT+CIPMODE=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSEND\r\n", "OK\r\n>\r\nearly");
    fake_peer_send(peer, "late", 4);
    bench_wait(&bench, 0);
    bench_expect(&bench, "late");
    leave("");
}
END_TEST

/* Only a guarded +++ by itself ends it; each of these is data. */
START_TEST(plus_signs_in_data)
{
    static const char *const texts[] = {"+++x", "x+++", "++", "+", "++++", "+++++++"};
    struct fake_peer *peer = enter(_i);
    char all[64] = "";

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bench_wait(&bench, 40);
        bench_talk(&bench, texts[i], "");
        bench_wait(&bench, 40);
        strcat(all, texts[i]);
        check_received(peer, all);
    }
    bench_talk(&bench, "y", ""); /* no silence before it */
    bench_talk(&bench, "+++", "");
    strcat(all, "y+++");
    bench_wait(&bench, 60);
    check_received(peer, all);
    leave("");
    check_received(peer, all);
}
END_TEST

START_TEST(needs_the_right_state)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPMODE?\r\n", "+CIPMODE:0\r\nOK\r\n");
    bench_connect(&bench);
    bench_talk(&bench, "AT+CIPSEND\r\n", "ERROR\r\n"); /* normal transmission */
    bench_talk(&bench, "AT+CIPMODE=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPMODE?\r\n", "+CIPMODE:1\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSEND=5\r\n", "ERROR\r\n"); /* passthrough */
    bench_talk(&bench, "AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSEND\r\n", "ERROR\r\n"); /* no link */
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"UDP\",\"192.0.2.1\",80,1002,2\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPMODE=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"UDP\",\"192.0.2.1\",80,1002,2\r\n", "CONNECT\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPMODE=1\r\n", "ERROR\r\n"); /* the remote end is not fixed */
    bench_talk(&bench, "AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPMODE=1\r\n", "ERROR\r\n");
}
END_TEST

START_TEST(udp_blocks_are_datagrams)
{
    struct fake_peer *peer;
    static char bytes[6000];

    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPSTART=\"UDP\",\"192.0.2.1\",80\r\n", "CONNECT\r\nOK\r\n");
    peer = fake_last_peer(&bench.fake);
    bench_talk(&bench, "AT+CIPMODE=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSEND\r\n", "OK\r\n>\r\n");
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)(i * 11 + i / 256);
    }
    for (size_t at = 0; at < sizeof bytes; at += 600) {
        bench_say_bytes(&bench, bytes + at, 600);
    }
    bench_wait(&bench, 31);
    ck_assert_uint_eq(peer->received.len, sizeof bytes);
    ck_assert_mem_eq(peer->received.data, bytes, sizeof bytes);
    ck_assert_uint_eq(peer->sent_count, 12); /* 11 x 512 and the rest */
    for (size_t i = 0; i < 11; i++) {
        ck_assert_uint_eq(peer->sent[i].len, 512);
    }
    fake_datagram(peer, "192.0.2.1", 80, "ping", 4);
    bench_wait(&bench, 0);
    bench_expect(&bench, "ping");
    leave("");
}
END_TEST

/* What the network refuses is lost, as a datagram is; the host goes on, and can leave. */
START_TEST(udp_blocks_that_are_refused_are_lost)
{
    struct fake_peer *peer;
    static char bytes[6000];

    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPSTART=\"UDP\",\"192.0.2.1\",80\r\n", "CONNECT\r\nOK\r\n");
    peer = fake_last_peer(&bench.fake);
    bench_talk(&bench, "AT+CIPMODE=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSEND\r\n", "OK\r\n>\r\n");
    peer->refuses = true;
    bench_say_bytes(&bench, bytes, sizeof bytes);
    bench_wait(&bench, 31);
    peer->refuses = false;
    bench_talk(&bench, "hello", "");
    bench_wait(&bench, 31);
    check_received(peer, "hello");
    peer->refuses = true;
    bench_say_bytes(&bench, bytes, sizeof bytes);
    leave("");
}
END_TEST

/* Spec, CIPRECONNINTV: every interval x 100 ms, in silence. */
START_TEST(a_lost_link_opens_again)
{
    struct fake_peer *peer = enter(_i);
    struct fake_peer *again;

    fake_peer_send(peer, "last", 4);
    fake_peer_end(peer);
    bench_wait(&bench, 0);
    bench_expect(&bench, "last");
    bench_talk(&bench, "kept", "");
    bench_wait(&bench, 99);
    ck_assert_ptr_eq(fake_last_peer(&bench.fake), peer);
    bench_wait(&bench, 1);
    again = fake_last_peer(&bench.fake);
    ck_assert_ptr_ne(again, peer);
    bench_wait(&bench, 31);
    check_received(again, "kept");
    fake_peer_send(again, "back", 4);
    bench_wait(&bench, 0);
    bench_expect(&bench, "back");
    leave("");
}
END_TEST

START_TEST(the_interval_is_configured)
{
    struct fake_peer *peer;
    size_t tries;

    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPRECONNINTV?\r\n", "+CIPRECONNINTV:1\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPRECONNINTV=10\r\n", "OK\r\n");
    peer = bench_connect(&bench);
    bench_talk(&bench, "AT+CIPMODE=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSEND\r\n", "OK\r\n>\r\n");
    bench.fake.servers[0].answer = FAKE_REFUSES;
    fake_peer_end(peer);
    bench_wait(&bench, 999);
    tries = bench.fake.peer_count;
    for (size_t i = 1; i <= 5; i++) {
        bench_wait(&bench, i == 1 ? 1 : 1000);
        ck_assert_uint_eq(bench.fake.peer_count, tries + i);
    }
    leave("CLOSED\r\n");
    bench_talk(&bench, "AT+CIPSTATE?\r\n", "OK\r\n");
}
END_TEST

/* While it is down, what the buffer holds is kept, the line stays open, and +++ works. */
START_TEST(a_flood_while_it_is_down)
{
    struct fake_peer *peer = enter(BENCH_WHOLE);
    static char bytes[20000];

    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)(i * 7 + i / 256);
    }
    bench.fake.servers[0].answer = FAKE_REFUSES;
    fake_peer_end(peer);
    bench_wait(&bench, 1);
    bench_say_bytes(&bench, bytes, sizeof bytes);
    bench.fake.servers[0].answer = FAKE_ACCEPTS;
    bench_wait(&bench, 300);
    peer = fake_last_peer(&bench.fake);
    ck_assert_uint_eq(peer->received.len, 5760);
    ck_assert_mem_eq(peer->received.data, bytes, 5760);
    bench.fake.servers[0].answer = FAKE_REFUSES;
    fake_peer_end(peer);
    bench_wait(&bench, 1);
    bench_say_bytes(&bench, bytes, sizeof bytes);
    leave("CLOSED\r\n");
}
END_TEST

/* A peer that does not read holds the line up: nothing is lost. */
START_TEST(a_stalled_peer_pushes_back)
{
    struct fake_peer *peer = enter(BENCH_WHOLE);
    static char bytes[8000];
    size_t taken;

    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)(i * 13 + i / 256);
    }
    peer->accepts = 0;
    taken = fw_feed(&bench.fw, bytes, sizeof bytes, bench.now_ms);
    ck_assert_uint_eq(taken, 5760);
    ck_assert_uint_eq(fw_feed(&bench.fw, bytes, 1, bench.now_ms), 0);
    peer->accepts = SIZE_MAX;
    bench_wait(&bench, 31);
    bench_say_bytes(&bench, bytes + taken, sizeof bytes - taken);
    bench_wait(&bench, 31);
    ck_assert_uint_eq(peer->received.len, sizeof bytes);
    ck_assert_mem_eq(peer->received.data, bytes, sizeof bytes);
    leave("");
}
END_TEST

/* The radio's reports would be data for the host: they stay out, and nothing is tried without a
 * network. */
START_TEST(the_network_goes_and_comes_back)
{
    struct fake_peer *peer = enter(_i);
    struct fake_peer *again;

    fw_radio_ops.leave(&bench.fake.radio, bench.now_ms);
    bench_wait(&bench, 900);
    bench_expect(&bench, "");
    ck_assert(peer->closed);
    ck_assert_ptr_eq(fake_last_peer(&bench.fake), peer);
    bench_wait(&bench, 1000); /* CWJAP's reconn_interval: 1 s */
    again = fake_last_peer(&bench.fake);
    ck_assert_ptr_ne(again, peer);
    bench_talk(&bench, "hello", "");
    bench_wait(&bench, 31);
    check_received(again, "hello");
    leave("");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("stream");
    TCase *tcase = tcase_create("stream");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, blocks_and_silence, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, received_bytes_come_raw, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, passive_mode_does_not_matter, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, plus_signs_in_data, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, needs_the_right_state, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, udp_blocks_are_datagrams, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, udp_blocks_that_are_refused_are_lost, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, a_lost_link_opens_again, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, the_interval_is_configured, 0, BENCH_FEEDS);
    tcase_add_test(tcase, a_flood_while_it_is_down);
    tcase_add_test(tcase, a_stalled_peer_pushes_back);
    tcase_add_loop_test(tcase, the_network_goes_and_comes_back, 0, BENCH_FEEDS);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
