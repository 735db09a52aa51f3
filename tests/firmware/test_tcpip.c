/* TCP-IP_AT: CIPSTART, CIPSTARTEX, CIPCLOSE, CIPSTATE, CIFSR, CIPMUX, CIPDINFO. */
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

static void start_joined(int feed)
{
    bench_start(&bench, (enum bench_feed)feed);
    bench_join(&bench);
    fake_serve(&bench.fake, 8080, FAKE_ACCEPTS, false);
}

static void start_multiple(int feed)
{
    start_joined(feed);
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
}

START_TEST(cipstart_single)
{
    start_joined(_i);
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"192.168.10.110\",8080\r\n", "CONNECT\r\nOK\r\n");
    ck_assert_uint_eq(fake_last_peer(&bench.fake)->keep_alive_s, 0);
    bench_talk(&bench, "AT+CIPSTATE?\r\n",
               "+CIPSTATE:0,\"TCP\",\"192.168.10.110\",8080,50000,0\r\nOK\r\n");
}
END_TEST

START_TEST(cipstart_multiple)
{
    start_multiple(_i);
    bench_talk(&bench, "AT+CIPSTATE?\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSTART=4,\"TCP\",\"192.168.10.110\",8080\r\n", "4,CONNECT\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTART=0,\"TCPv6\",\"fe80::860d:8eff:fe9d:cd90\",8080\r\n",
               "0,CONNECT\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTATE?\r\n",
               "+CIPSTATE:0,\"TCPv6\",\"fe80::860d:8eff:fe9d:cd90\",8080,50001,0\r\n"
               "+CIPSTATE:4,\"TCP\",\"192.168.10.110\",8080,50000,0\r\nOK\r\n");
}
END_TEST

/* CIPSTART on a used id, without an address, refused: ERROR. */
START_TEST(cipstart_errors)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"192.168.10.110\",8080\r\n", "ERROR\r\n");
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"192.168.10.110\",8080\r\n", "ERROR\r\n");
    bench_connect(&bench);
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"192.0.2.1\",80\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTARTEX=\"TCP\",\"192.0.2.1\",80\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTATE?\r\n",
               "+CIPSTATE:0,\"TCP\",\"192.0.2.1\",80,50001,0\r\nOK\r\n");
}
END_TEST

/* The ends of every range are inside. */
START_TEST(cipstart_limits)
{
    start_multiple(_i);
    fake_serve(&bench.fake, 1, FAKE_ACCEPTS, false);
    fake_serve(&bench.fake, 65535, FAKE_ACCEPTS, false);
    fake_name(&bench.fake, "h", "192.0.2.7");
    bench_talk(&bench, "AT+CIPSTART=0,\"TCP\",\"h\",1\r\n", "0,CONNECT\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTART=4,\"TCP\",\"h\",65535\r\n", "4,CONNECT\r\nOK\r\n");
}
END_TEST

START_TEST(cipstart_rules)
{
    static const char *const bad[] = {
        "",
        "\"TCP\"",
        "\"TCP\",\"host\"",
        "\"TCP\",\"host\",0",
        "\"TCP\",\"host\",65536",
        "\"TCP\",\"host\",-1",
        "\"TCP\",\"host\",\"80\"",
        "\"TCP\",\"\",80",
        "\"TCP\",host,80",
        "TCP,\"host\",80",
        "\"tcp\",\"host\",80",
        "\"UDP\",\"host\",80,,3",
        "\"SSL\",\"host\",80,7201",
        "\"TCP\",\"host\",80,7201",
        "\"TCP\",\"host\",80,-1",
        "\"TCP\",\"host\",80,,\"not an address\"",
        "\"TCP\",\"host\",80,,127.0.0.1",
        "\"TCP\",\"host\",80,,\"127.0.0.1\",1",
        "0,\"TCP\",\"host\",80",
        "\"TCP\",\"12345678901234567890123456789012345678901234567890123456789012345\",80",
        "\"TCP\",\"ho\rst\",80",
    };

    start_joined(_i);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char say[128];

        snprintf(say, sizeof say, "AT+CIPSTART=%s\r\n", bad[i]);
        bench_talk(&bench, say, "CMD PARSE ERR\r\n");
    }
    bench_say_bytes(&bench, "AT+CIPSTART=\"TCP\",\"a\0b\",80\r\n", 29);
    bench_expect(&bench, "CMD PARSE ERR\r\n");
    ck_assert_uint_eq(bench.fake.peer_count, 0);
    ck_assert_str_eq(bench.fake.asked, "");
}
END_TEST

START_TEST(cipstart_rules_multiple)
{
    static const char *const bad[] = {"\"TCP\",\"host\",80", "5,\"TCP\",\"host\",80",
                                      "-1,\"TCP\",\"host\",80", ",\"TCP\",\"host\",80",
                                      "\"0\",\"TCP\",\"host\",80"};

    start_multiple(_i);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char say[128];

        snprintf(say, sizeof say, "AT+CIPSTART=%s\r\n", bad[i]);
        bench_talk(&bench, say, "CMD PARSE ERR\r\n");
    }
}
END_TEST

/* The final value is determined by the command set later; without one, the last configured is used.
 */
START_TEST(cipstart_keep_alive)
{
    start_multiple(_i);
    bench_talk(&bench, "AT+CIPSTART=0,\"TCP\",\"192.168.10.110\",8080,60\r\n",
               "0,CONNECT\r\nOK\r\n");
    ck_assert_uint_eq(fake_last_peer(&bench.fake)->keep_alive_s, 60);
    bench_talk(&bench, "AT+CIPSTART=1,\"TCP\",\"192.168.10.110\",8080\r\n", "1,CONNECT\r\nOK\r\n");
    ck_assert_uint_eq(fake_last_peer(&bench.fake)->keep_alive_s, 0); /* a setting of each link */
    bench_talk(&bench, "AT+CIPCLOSE=0\r\n", "0,CLOSED\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTART=0,\"TCP\",\"192.168.10.110\",8080\r\n", "0,CONNECT\r\nOK\r\n");
    ck_assert_uint_eq(fake_last_peer(&bench.fake)->keep_alive_s, 60);
    bench_talk(&bench, "AT+CIPSTART=2,\"TCP\",\"192.168.10.110\",8080,7200\r\n",
               "2,CONNECT\r\nOK\r\n");
    ck_assert_uint_eq(fake_last_peer(&bench.fake)->keep_alive_s, 7200);
    bench_talk(&bench, "AT+CIPSTART=3,\"TCP\",\"192.168.10.110\",8080,0\r\n",
               "3,CONNECT\r\nOK\r\n");
    ck_assert_uint_eq(fake_last_peer(&bench.fake)->keep_alive_s, 0);
    bench_talk(&bench, "AT+CIPSTART=4,\"TCP\",\"192.168.10.110\",7,60\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTART=4,\"TCP\",\"192.168.10.110\",8080\r\n", "4,CONNECT\r\nOK\r\n");
    ck_assert_uint_eq(fake_last_peer(&bench.fake)->keep_alive_s,
                      0); /* what failed has changed nothing */
}
END_TEST

START_TEST(cipstart_local_ip)
{
    static const unsigned char local[] = {127, 0, 0, 9};

    start_multiple(_i);
    bench_talk(&bench, "AT+CIPSTART=0,\"TCP\",\"192.168.10.110\",8080,,\"127.0.0.9\"\r\n",
               "0,CONNECT\r\nOK\r\n");
    ck_assert_mem_eq(fake_last_peer(&bench.fake)->local.bytes, local, 4);
    bench_talk(&bench, "AT+CIPSTART=1,\"TCP\",\"192.168.10.110\",8080,,\"192.168.10.100\"\r\n",
               "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTART=1,\"TCP\",\"192.168.10.110\",8080,,\"\"\r\n",
               "1,CONNECT\r\nOK\r\n");
    ck_assert_uint_eq(fake_last_peer(&bench.fake)->local.family, 0);
}
END_TEST

START_TEST(cipstart_resolves_names)
{
    start_multiple(_i);
    fake_name(&bench.fake, "www.example.com", "192.0.2.7");
    fake_name(&bench.fake, "six.example.com", "2001:db8::7");
    bench_talk(&bench, "AT+CIPSTART=0,\"TCP\",\"www.example.com\",8080\r\n", "0,CONNECT\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTART=1,\"TCPv6\",\"six.example.com\",8080\r\n",
               "1,CONNECT\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTART=2,\"TCPv6\",\"www.example.com\",8080\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTART=2,\"TCP\",\"nobody.example.com\",8080\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTATE?\r\n",
               "+CIPSTATE:0,\"TCP\",\"192.0.2.7\",8080,50000,0\r\n"
               "+CIPSTATE:1,\"TCPv6\",\"2001:db8::7\",8080,50001,0\r\nOK\r\n");
}
END_TEST

START_TEST(cipstart_literals_never_go_to_dns)
{
    start_multiple(_i);
    bench_talk(&bench, "AT+CIPSTART=0,\"TCP\",\"::1\",8080\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTART=0,\"TCPv6\",\"127.0.0.1\",8080\r\n", "ERROR\r\n");
    ck_assert_str_eq(bench.fake.asked, "");
    /* 64 bytes are a host, and what the host said is what is asked for */
    bench_talk(&bench,
               "AT+CIPSTART=0,\"TCP\","
               "\"a\\\"b123456789012345678901234567890123456789012345678901234567890x\","
               "8080\r\n",
               "ERROR\r\n");
    ck_assert_str_eq(bench.fake.asked,
                     "a\"b123456789012345678901234567890123456789012345678901234567890x");
    ck_assert_uint_eq(strlen(bench.fake.asked), 64);
}
END_TEST

START_TEST(cipstart_gives_up_after_10_s)
{
    start_joined(_i);
    fake_serve(&bench.fake, 7, FAKE_KEEPS_SILENT, false);
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"192.0.2.1\",7\r\n", "");
    bench_wait(&bench, 9999);
    bench_talk(&bench, "AT\r\n", "busy ...\r\n");
    bench_wait(&bench, 1);
    bench_expect(&bench, "ERROR\r\n");
    ck_assert(fake_last_peer(&bench.fake)->closed);
    bench.fake.dns_silent = true;
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"slow.example.com\",7\r\n", "");
    bench_wait(&bench, 10000);
    bench_expect(&bench, "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTATE?\r\n", "OK\r\n");
}
END_TEST

START_TEST(cipstart_slow_answers)
{
    start_joined(_i);
    fake_serve(&bench.fake, 7, FAKE_KEEPS_SILENT, false);
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"192.0.2.1\",7\r\n", "");
    bench_wait(&bench, 5000);
    fake_peer_answer(fake_last_peer(&bench.fake), FAKE_ACCEPTS);
    bench_wait(&bench, 0);
    bench_expect(&bench, "CONNECT\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"192.0.2.1\",7\r\n", "");
    fake_peer_answer(fake_last_peer(&bench.fake), FAKE_REFUSES);
    bench_wait(&bench, 0);
    bench_expect(&bench, "ERROR\r\n");
}
END_TEST

/* The network goes while a link connects. */
START_TEST(cipstart_loses_the_network)
{
    start_joined(_i);
    fake_serve(&bench.fake, 7, FAKE_KEEPS_SILENT, false);
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"192.0.2.1\",7\r\n", "");
    fw_radio_ops.leave(&bench.fake.radio, bench.now_ms);
    bench_wait(&bench, 10);
    bench_expect(&bench, "WIFI DISCONNECT\r\nERROR\r\n");
    ck_assert_uint_eq(fake_open_sockets(&bench.fake), 0);
}
END_TEST

/* What the peer sends at once comes behind CONNECT and OK, and so does its end. */
START_TEST(data_comes_behind_connect)
{
    start_joined(_i);
    fake_serve(&bench.fake, 7, FAKE_KEEPS_SILENT, false);
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"192.0.2.1\",7\r\n", "");
    fake_peer_answer(fake_last_peer(&bench.fake), FAKE_ACCEPTS);
    fake_peer_send(fake_last_peer(&bench.fake), "hi", 2);
    fake_peer_end(fake_last_peer(&bench.fake));
    bench_wait(&bench, 0);
    bench_expect(&bench, "CONNECT\r\nOK\r\n+IPD,2:hi\r\nCLOSED\r\n");
}
END_TEST

START_TEST(cipstartex_chooses_the_first_free_id)
{
    start_multiple(_i);
    for (int id = 0; id < 5; id++) {
        char expect[32];

        snprintf(expect, sizeof expect, "%d,CONNECT\r\nOK\r\n", id);
        bench_talk(&bench, "AT+CIPSTARTEX=\"TCP\",\"192.168.10.110\",8080,60\r\n", expect);
    }
    bench_talk(&bench, "AT+CIPSTARTEX=\"TCP\",\"192.168.10.110\",8080\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPCLOSE=2\r\n", "2,CLOSED\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTARTEX=\"TCP\",\"192.168.10.110\",8080\r\n", "2,CONNECT\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTARTEX=3,\"TCP\",\"192.168.10.110\",8080\r\n", "CMD PARSE ERR\r\n");
}
END_TEST

START_TEST(cipstartex_single)
{
    start_joined(_i);
    bench_talk(&bench, "AT+CIPSTARTEX=\"TCP\",\"192.168.10.110\",8080\r\n", "CONNECT\r\nOK\r\n");
}
END_TEST

START_TEST(cipclose_single)
{
    struct fake_peer *peer;

    start_joined(_i);
    bench_talk(&bench, "AT+CIPCLOSE\r\n", "ERROR\r\n");
    peer = bench_connect(&bench);
    bench_talk(&bench, "AT+CIPCLOSE=0\r\n", "CMD PARSE ERR\r\n");
    ck_assert(!peer->closed);
    bench_talk(&bench, "AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
    ck_assert(peer->closed);
    bench_talk(&bench, "AT+CIPSTATE?\r\n", "OK\r\n");
}
END_TEST

START_TEST(cipclose_multiple)
{
    start_multiple(_i);
    bench_talk(&bench, "AT+CIPCLOSE=0\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPCLOSE=5\r\n", "OK\r\n");
    bench_connect_id(&bench, 0);
    bench_connect_id(&bench, 2);
    bench_connect_id(&bench, 4);
    bench_talk(&bench, "AT+CIPCLOSE\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPCLOSE=6\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPCLOSE=-1\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPCLOSE=0\r\n", "0,CLOSED\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPCLOSE=5\r\n", "2,CLOSED\r\n4,CLOSED\r\n\r\nOK\r\n");
    ck_assert_uint_eq(fake_open_sockets(&bench.fake), 0);
}
END_TEST

START_TEST(peer_ends_or_breaks_the_link)
{
    start_multiple(_i);
    fake_peer_end(bench_connect_id(&bench, 0));
    bench_wait(&bench, 0);
    bench_expect(&bench, "0,CLOSED\r\n");
    fake_peer_reset(bench_connect_id(&bench, 1));
    bench_wait(&bench, 0);
    bench_expect(&bench, "1,CLOSED\r\n");
    ck_assert_uint_eq(fake_open_sockets(&bench.fake), 0);
    bench_talk(&bench, "AT+CIPSTATE?\r\n", "OK\r\n");
}
END_TEST

/* Only when the module has obtained valid interface information can it be queried. */
START_TEST(cifsr)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIFSR\r\n", "+CIFSR:STAMAC,\"02:80:00:01:00:00\"\r\nOK\r\n");
    bench_join(&bench);
    bench_talk(&bench, "AT+CIFSR\r\n",
               "+CIFSR:STAIP,\"127.87.0.1\"\r\n+CIFSR:STAIP6LL,\"fe80::80:ff:fe01:0\"\r\n"
               "+CIFSR:STAIP6GL,\"::1\"\r\n+CIFSR:STAMAC,\"02:80:00:01:00:00\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWMODE=2\r\n", "OK\r\nWIFI DISCONNECT\r\n");
    bench_talk(&bench, "AT+CIFSR\r\n",
               "+CIFSR:APIP,\"192.168.10.1\"\r\n+CIFSR:APMAC,\"02:80:00:01:00:01\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWMODE=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIFSR\r\n", "OK\r\n");
}
END_TEST

/* The connection mode can only be changed when all connections are closed. */
START_TEST(cipmux)
{
    start_joined(_i);
    bench_talk(&bench, "AT+CIPMUX?\r\n", "+CIPMUX:0\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPMUX=2\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPMUX=-1\r\n", "CMD PARSE ERR\r\n");
    bench_connect(&bench);
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPMUX=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPMUX?\r\n", "+CIPMUX:1\r\nOK\r\n");
    bench_connect_id(&bench, 3);
    bench_talk(&bench, "AT+CIPMUX=0\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPMUX?\r\n", "+CIPMUX:1\r\nOK\r\n");
}
END_TEST

START_TEST(cipdinfo)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIPDINFO?\r\n", "+CIPDINFO:false\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPDINFO=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPDINFO?\r\n", "+CIPDINFO:true\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPDINFO=2\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPDINFO=-1\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPDINFO=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPDINFO?\r\n", "+CIPDINFO:false\r\nOK\r\n");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("tcpip");
    TCase *tcase = tcase_create("tcpip");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, cipstart_single, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstart_multiple, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstart_errors, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstart_limits, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstart_rules, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstart_rules_multiple, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstart_keep_alive, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstart_local_ip, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstart_resolves_names, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstart_literals_never_go_to_dns, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstart_gives_up_after_10_s, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstart_slow_answers, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstart_loses_the_network, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, data_comes_behind_connect, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstartex_chooses_the_first_free_id, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstartex_single, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipclose_single, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipclose_multiple, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, peer_ends_or_breaks_the_link, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cifsr, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipmux, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipdinfo, 0, BENCH_FEEDS);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
