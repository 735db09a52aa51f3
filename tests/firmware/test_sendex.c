/* TCP-IP_AT: CIPSENDEX, CIPSENDL, CIPSENDLCFG; CIPTCPOPT so_sndtimeo. */
#include <stdio.h>
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

static struct fake_peer *connect_one(int feed)
{
    bench_start(&bench, (enum bench_feed)feed);
    bench.fake.port.extensions = true;
    bench_join(&bench);
    return bench_connect(&bench);
}

static void check_received(const struct fake_peer *peer, const void *bytes, size_t len)
{
    ck_assert_uint_eq(peer->received.len, len);
    ck_assert_mem_eq(peer->received.data, bytes, len);
}

/* Spec, CIPSENDEX, notes: \0 ends it, \<any> is <any>, \\0 is \0. */
START_TEST(sendex_escapes)
{
    static const struct {
        const char *line, *data;
        unsigned announced;
    } cases[] = {
        {"hello", "hello", 5},        {"hello\\0", "hello", 100},   {"a\\bc\\0", "abc", 100},
        {"a\\\\0b\\0", "a\\0b", 100}, {"\\\\\\\\\\0", "\\\\", 100}, {"\\\"\\,\\+\\0", "\",+", 100},
        {"a\\\\", "a\\", 3},   /* the length counts bytes of the line */
        {"abc\\", "abc\\", 4}, /* nothing is left to escape */
        {"ab\\0", "ab", 4},    /* both at once */
        {"x\r\ny\\0", "x\r\ny", 9},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fake_peer *peer = connect_one(_i);
        char say[64];

        snprintf(say, sizeof say, "AT+CIPSENDEX=%u\r\n", cases[i].announced);
        bench_talk(&bench, say, "OK\r\n>\r\n");
        bench_talk(&bench, cases[i].line, "SEND OK\r\n");
        check_received(peer, cases[i].data, strlen(cases[i].data));
        bench_talk(&bench, "AT\r\n", "OK\r\n");
        if (i + 1 < sizeof cases / sizeof *cases) {
            bench_stop(&bench);
        }
    }
}
END_TEST

START_TEST(sendex_ends_in_other_ways)
{
    struct fake_peer *peer = connect_one(_i);

    bench_talk(&bench, "AT+CIPSENDEX=10\r\n", "OK\r\n>\r\n");
    bench_talk(&bench, "\\0", "SEND FAIL\r\n"); /* there is nothing to send */
    bench_talk(&bench, "AT+CIPSENDEX=10\r\n", "OK\r\n>\r\n");
    bench_talk(&bench, "abc", "");
    bench_wait(&bench, 30);
    bench_talk(&bench, "+++", "");
    bench_wait(&bench, 30);
    bench_talk(&bench, "AT\r\n", "OK\r\n");
    ck_assert_uint_eq(peer->received.len, 0);
    bench_talk(&bench, "AT+CIPSENDEX=3\r\n", "OK\r\n>\r\n");
    fake_peer_end(peer);
    bench_wait(&bench, 0);
    bench_expect(&bench, "CLOSED\r\n");
    bench_talk(&bench, "abc", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSENDEX=3\r\n", "ERROR\r\n");
}
END_TEST

/* Every byte value, a NUL included, is data. */
START_TEST(sendex_takes_every_byte)
{
    struct fake_peer *peer = connect_one(_i);
    unsigned char line[514], data[256];
    size_t len = 0;

    for (int i = 0; i < 256; i++) {
        data[i] = (unsigned char)i;
        if (i == '\\') {
            line[len++] = '\\';
        }
        line[len++] = (unsigned char)i;
    }
    line[len++] = '\\';
    line[len++] = '0';
    bench_talk(&bench, "AT+CIPSENDEX=5760\r\n", "OK\r\n>\r\n");
    bench_say_bytes(&bench, line, len);
    bench_expect(&bench, "SEND OK\r\n");
    check_received(peer, data, sizeof data);
}
END_TEST

static const char *stream(void)
{
    static char bytes[20000];

    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (char)(i * 7 + i / 256);
    }
    return bytes;
}

/* More than any buffer holds, handed over while it comes in; a report every 1024 bytes. */
START_TEST(sendl_is_parallel)
{
    struct fake_peer *peer = connect_one(BENCH_WHOLE);
    const char *bytes = stream();

    bench_talk(&bench, "AT+CIPSENDL=2500\r\n", "OK\r\n>\r\n");
    bench_say_bytes(&bench, bytes, 1000);
    ck_assert_uint_eq(peer->received.len, 1000);
    bench_expect(&bench, "");
    bench_say_bytes(&bench, bytes + 1000, 24);
    bench_expect(&bench, "+CIPSENDL:1024,1024\r\n");
    bench_say_bytes(&bench, bytes + 1024, 1476);
    bench_expect(&bench, "+CIPSENDL:2500,2500\r\nSEND OK\r\n");
    check_received(peer, bytes, 2500);
}
END_TEST

START_TEST(sendl_of_any_length)
{
    struct fake_peer *peer = connect_one(_i);
    const char *bytes = stream();

    bench_talk(&bench, "AT+CIPSENDLCFG?\r\n", "+CIPSENDLCFG:1024,2920\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSENDLCFG=1048576,100\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSENDL=20000\r\n", "OK\r\n>\r\n");
    bench_say_bytes(&bench, bytes, 20000);
    bench_expect(&bench, "+CIPSENDL:20000,20000\r\nSEND OK\r\n");
    check_received(peer, bytes, 20000);
    bench_talk(&bench, "AT+CIPSENDL=2147483647\r\n", "OK\r\n>\r\n");
    bench_wait(&bench, 30);
    bench_talk(&bench, "+++", "");
    bench_wait(&bench, 30);
    bench_expect(&bench, "SEND CANCELLED\r\n");
}
END_TEST

START_TEST(sendl_pushes_back)
{
    struct fake_peer *peer = connect_one(BENCH_WHOLE);
    const char *bytes = stream();
    size_t taken;

    bench_talk(&bench, "AT+CIPSENDLCFG=1048576\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSENDL=8000\r\n", "OK\r\n>\r\n");
    peer->accepts = 10;
    taken = fw_feed(&bench.fw, bytes, 8000, bench.now_ms);
    ck_assert_uint_lt(taken, 6000);
    peer->accepts = SIZE_MAX;
    bench_wait(&bench, 1);
    bench_say_bytes(&bench, bytes + taken, 8000 - taken);
    bench_expect(&bench, "+CIPSENDL:8000,8000\r\nSEND OK\r\n");
    check_received(peer, bytes, 8000);
}
END_TEST

/* Spec, CIPSENDL: a link that is gone swallows what still comes, until all of it or +++. */
START_TEST(sendl_on_a_link_that_dies)
{
    struct fake_peer *peer = connect_one(_i);
    const char *bytes = stream();

    bench_talk(&bench, "AT+CIPSENDL=6000\r\n", "OK\r\n>\r\n");
    bench_say_bytes(&bench, bytes, 1000);
    fake_peer_reset(peer);
    bench_wait(&bench, 0);
    bench_expect(&bench, "CLOSED\r\n");
    bench_say_bytes(&bench, bytes, 5000);
    bench.out[bench.out_len] = '\0';
    ck_assert_ptr_nonnull(strstr(bench.out, "+CIPSENDL:1000,6000\r\nSEND FAIL\r\n"));
    bench.out_len = 0;
    bench_talk(&bench, "AT\r\n", "OK\r\n");
    peer = bench_connect(&bench);
    bench_talk(&bench, "AT+CIPSENDL=6000\r\n", "OK\r\n>\r\n");
    fake_peer_end(peer);
    bench_wait(&bench, 40);
    bench_expect(&bench, "CLOSED\r\n");
    bench_talk(&bench, "+++", "");
    bench_wait(&bench, 30);
    bench_expect(&bench, "SEND CANCELLED\r\n");
}
END_TEST

START_TEST(sendl_as_datagrams)
{
    struct fake_peer *peer;

    bench_start(&bench, (enum bench_feed)_i);
    bench.fake.port.extensions = true;
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPSTART=\"UDP\",\"192.0.2.1\",80\r\n", "CONNECT\r\nOK\r\n");
    peer = fake_last_peer(&bench.fake);
    bench_talk(&bench, "AT+CIPSENDLCFG=100000,400\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSENDL=1000,\"192.0.2.5\",9\r\n", "OK\r\n>\r\n");
    bench_say_bytes(&bench, stream(), 900);
    ck_assert_uint_eq(peer->sent_count, 2);
    bench_wait(&bench, 30);
    ck_assert_uint_eq(peer->sent_count, 3);
    bench_say_bytes(&bench, stream() + 900, 100);
    bench_expect(&bench, "+CIPSENDL:1000,1000\r\nSEND OK\r\n");
    ck_assert_uint_eq(peer->sent_count, 4);
    ck_assert_uint_eq(peer->sent[2].len, 100);
    ck_assert_uint_eq(peer->sent[3].peer.port, 9);
    check_received(peer, stream(), 1000);
}
END_TEST

/* Spec, CIPTCPOPT <so_sndtimeo>: the send returns in that time, whatever became of it. */
START_TEST(a_send_has_a_limit)
{
    struct fake_peer *peer = connect_one(_i);

    bench_talk(&bench, "AT+CIPTCPOPT=,,5000\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPTCPOPT?\r\n", "+CIPTCPOPT:0,-1,0,5000,0\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSEND=5\r\n", "OK\r\n>\r\n");
    peer->accepts = 2;
    bench_talk(&bench, "hello", "");
    bench_wait(&bench, 4999);
    bench_talk(&bench, "AT\r\n", "busy ...\r\n");
    bench_wait(&bench, 1);
    bench_expect(&bench, "SEND FAIL\r\n");
    peer->accepts = SIZE_MAX;
    bench_talk(&bench, "AT+CIPSEND=2\r\n", "OK\r\n>\r\n");
    bench_talk(&bench, "AB", "SEND OK\r\n");
    check_received(peer, "heAB", 4);
    bench_talk(&bench, "AT+CIPSENDL=5\r\n", "OK\r\n>\r\n");
    peer->accepts = 1;
    bench_talk(&bench, "hello", "");
    bench_wait(&bench, 4999);
    bench_expect(&bench, "");
    bench_wait(&bench, 1);
    bench_expect(&bench, "+CIPSENDL:1,5\r\nSEND FAIL\r\n");
    bench_talk(&bench, "AT\r\n", "OK\r\n");
}
END_TEST

/* One send that stalls, and one close that lingers, keep no other link waiting. */
START_TEST(others_go_on_meanwhile)
{
    struct fake_peer *stalled, *other;

    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
    stalled = bench_connect_id(&bench, 0);
    other = bench_connect_id(&bench, 1);
    bench_talk(&bench, "AT+CIPSEND=0,5\r\n", "OK\r\n>\r\n");
    stalled->accepts = 0;
    bench_talk(&bench, "hello", "");
    fake_peer_send(other, "data", 4);
    bench_wait(&bench, 100000);
    bench_expect(&bench, "+IPD,1,4:data\r\n");
    stalled->accepts = SIZE_MAX;
    bench_wait(&bench, 1);
    bench_expect(&bench, "SEND OK\r\n");
    bench_talk(&bench, "AT+CIPTCPOPT=0,60\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPCLOSE=0\r\n", "");
    ck_assert(stalled->shut && !stalled->closed);
    fake_peer_send(stalled, "late", 4); /* and is thrown away */
    fake_peer_send(other, "more", 4);
    bench_wait(&bench, 1000);
    bench_expect(&bench, "+IPD,1,4:more\r\n");
    bench_talk(&bench, "AT\r\n", "busy ...\r\n");
    fake_peer_end(stalled);
    bench_wait(&bench, 1);
    bench_expect(&bench, "0,CLOSED\r\n\r\nOK\r\n");
}
END_TEST

/* TCP-IP_AT: CIPTCPOPT <so_linger>. */
START_TEST(linger)
{
    struct fake_peer *peer = connect_one(_i);

    bench_talk(&bench, "AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n"); /* -1: in the background */
    ck_assert(peer->closed && !peer->was_reset && !peer->shut);
    bench_talk(&bench, "AT+CIPTCPOPT=0,,\r\n", "OK\r\n");
    peer = bench_connect(&bench);
    bench_talk(&bench, "AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
    ck_assert(peer->closed && peer->was_reset);
    bench_talk(&bench, "AT+CIPTCPOPT=2,1,,7200\r\n", "OK\r\n");
    peer = bench_connect(&bench);
    ck_assert(peer->no_delay);
    ck_assert_uint_eq(peer->keep_alive_s, 7200);
    bench_talk(&bench, "AT+CIPCLOSE\r\n", "");
    bench_wait(&bench, 1999);
    bench_expect(&bench, "");
    bench_wait(&bench, 1);
    bench_expect(&bench, "CLOSED\r\n\r\nOK\r\n");
    ck_assert(peer->closed && peer->was_reset);
}
END_TEST

START_TEST(options_of_open_links)
{
    struct fake_peer *peer = connect_one(_i);

    bench_talk(&bench, "AT+CIPTCPOPT=,1,,60\r\n", "OK\r\n");
    ck_assert(peer->no_delay);
    ck_assert_uint_eq(peer->keep_alive_s, 60);
    bench_talk(&bench, "AT+CIPTCPOPT=,,\r\n", "OK\r\n"); /* defaults; keep_alive as it was */
    ck_assert(!peer->no_delay);
    bench_talk(&bench, "AT+CIPTCPOPT?\r\n", "+CIPTCPOPT:0,-1,0,0,60\r\nOK\r\n");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("sendex");
    TCase *tcase = tcase_create("sendex");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, sendex_escapes, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, sendex_ends_in_other_ways, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, sendex_takes_every_byte, 0, BENCH_FEEDS);
    tcase_add_test(tcase, sendl_is_parallel);
    tcase_add_loop_test(tcase, sendl_of_any_length, 0, BENCH_FEEDS);
    tcase_add_test(tcase, sendl_pushes_back);
    tcase_add_loop_test(tcase, sendl_on_a_link_that_dies, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, sendl_as_datagrams, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, a_send_has_a_limit, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, others_go_on_meanwhile, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, linger, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, options_of_open_links, 0, BENCH_FEEDS);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
