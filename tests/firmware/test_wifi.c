/* Framework, "Wi-Fi commands": CWMODE, CWSTATE, CWJAP, CWQAP, CIPSTA. */
#include <stdio.h>
#include <string.h>

#include "fw_bench.h"
#include "suite.h"

#define GOT_ADDRESSES "WIFI GOT IP\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n"

static struct fw_bench bench;

static void setup(void)
{
    memset(&bench, 0, sizeof bench);
}

static void teardown(void)
{
    bench_stop(&bench);
}

START_TEST(cwmode)
{
    static const char *const bad[] = {"4", "-1", "1,2", "1,-1", "1,0,0", "\"1\"", ",1", "x", ""};

    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWMODE?\r\n", "+CWMODE:1\r\nOK\r\n");
    bench_talk(&bench, "AT+CWMODE=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWMODE=3,0\r\n", "OK\r\n");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char say[32];

        snprintf(say, sizeof say, "AT+CWMODE=%s\r\n", bad[i]);
        bench_talk(&bench, say, "CMD PARSE ERR\r\n");
    }
    bench_talk(&bench, "AT+CWMODE?\r\n", "+CWMODE:3\r\nOK\r\n");
}
END_TEST

/* Without the station mode there is nothing to join, scan or address. */
START_TEST(station_commands_need_the_station_mode)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CWMODE=2\r\n", "OK\r\nWIFI DISCONNECT\r\n");
    bench_talk(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CWJAP\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CWLAP\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CWLAP=\"wmat\"\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTA=\"10.0.0.2\"\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"127.0.0.1\",80\r\n", "ERROR\r\n");
}
END_TEST

/* auto_connect: join the last access point when the station mode comes on. */
START_TEST(cwmode_auto_connect)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CWMODE=0\r\n", "OK\r\nWIFI DISCONNECT\r\n");
    bench_talk(&bench, "AT+CWMODE=1,0\r\n", "OK\r\n");
    bench_wait(&bench, 5000);
    bench_expect(&bench, "");
    bench_talk(&bench, "AT+CWMODE=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWMODE=1,1\r\n", "OK\r\n");
    bench_wait(&bench, 1000);
    bench_expect(&bench, "WIFI CONNECTED\r\n" GOT_ADDRESSES);
}
END_TEST

/* WIFI CONNECTED, OK, then WIFI GOT IP when there is an address. */
START_TEST(cwjap_joins)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:0,\"\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWJAP?\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n", "");
    bench_wait(&bench, FW_RADIO_JOIN_MS);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\n");
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:1,\"wmat\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"127.0.0.1\",80\r\n", "ERROR\r\n");
    bench_wait(&bench, FW_RADIO_ADDRESS_MS);
    bench_expect(&bench, GOT_ADDRESSES);
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:2,\"wmat\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWJAP?\r\n",
               "+CWJAP:\"wmat\",\"02:80:aa:00:00:01\",1,-40,0,1,3,0,1\r\nOK\r\n");
}
END_TEST

START_TEST(cwjap_keeps_its_parameters)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_say(&bench,
              "AT+CWJAP=\"wmat\",\"wmat-demo-1\",\"02:80:AA:00:00:01\",1,7200,100,1,600,3\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\n" GOT_ADDRESSES);
    bench_talk(&bench, "AT+CWJAP?\r\n",
               "+CWJAP:\"wmat\",\"02:80:aa:00:00:01\",1,-40,1,7200,100,1,3\r\nOK\r\n");
    bench_talk(&bench, "AT+CWQAP\r\n", "OK\r\nWIFI DISCONNECT\r\n");
    bench_say(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\",,,,5\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\n" GOT_ADDRESSES);
    bench_talk(&bench, "AT+CWJAP?\r\n",
               "+CWJAP:\"wmat\",\"02:80:aa:00:00:01\",1,-40,0,1,5,0,1\r\nOK\r\n");
}
END_TEST

/* The ends of every range are inside. */
START_TEST(cwjap_limits)
{
    bench_start(&bench, (enum bench_feed)_i);
    fw_radio_add(&bench.fake.radio, "x", "12345678");
    fw_radio_add(&bench.fake.radio, "12345678901234567890123456789012", "12345678");
    bench_say(&bench, "AT+CWJAP=\"x\",\"12345678\",,0,0,1,0,3,0\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\n" GOT_ADDRESSES);
    bench_talk(&bench, "AT+CWJAP?\r\n",
               "+CWJAP:\"x\",\"02:80:aa:00:00:02\",6,-43,0,0,1,0,0\r\nOK\r\n");
    bench_say(&bench, "AT+CWJAP=\"12345678901234567890123456789012\",\"12345678\"\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI DISCONNECT\r\nWIFI CONNECTED\r\nOK\r\n" GOT_ADDRESSES);
}
END_TEST

START_TEST(cwjap_rules)
{
    static const char *const bad[] = {
        "\"wmat\"",
        "\"\",\"12345678\"",
        "\"123456789012345678901234567890123\",\"12345678\"",
        "\"wmat\",\"1234567\"",
        "\"wmat\",12345678",
        "\"wmat\",\"12345678\",\"02:80\"",
        "\"wmat\",\"12345678\",,2",
        "\"wmat\",\"12345678\",,-1",
        "\"wmat\",\"12345678\",,,,,-1",
        "\"wmat\",\"12345678\",,,,,,,-1",
        "\"wmat\",\"12345678\",,,7201",
        "\"wmat\",\"12345678\",,,-1",
        "\"wmat\",\"12345678\",,,,0",
        "\"wmat\",\"12345678\",,,,101",
        "\"wmat\",\"12345678\",,,,,2",
        "\"wmat\",\"12345678\",,,,,,2",
        "\"wmat\",\"12345678\",,,,,,601",
        "\"wmat\",\"12345678\",,,,,,,4",
        "\"wmat\",\"12345678\",,,,,,,1,1",
    };

    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char say[128];

        snprintf(say, sizeof say, "AT+CWJAP=%s\r\n", bad[i]);
        bench_talk(&bench, say, "CMD PARSE ERR\r\n");
    }
    bench_talk(&bench, "AT+CWSTATE?\r\n",
               "+CWSTATE:2,\"wmat\"\r\nOK\r\n"); /* nothing has changed */
}
END_TEST

/* A failure is ERROR; the access point that was configured stays so. */
START_TEST(cwjap_failures)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_say(&bench, "AT+CWJAP=\"wmat\",\"wrong-password\"\r\n");
    bench_wait(&bench, 5000);
    bench_expect(&bench, "ERROR\r\n");
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:4,\"wmat\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWJAP\r\n", "ERROR\r\n"); /* none is configured */
    bench_join(&bench);
    bench_say(&bench, "AT+CWJAP=\"nobody\",\"12345678\"\r\n");
    bench_wait(&bench, 5000);
    bench_expect(&bench, "WIFI DISCONNECT\r\nERROR\r\n");
    ck_assert_str_eq(fake_setting(&bench.fake, "join.ssid"), "wmat");
    bench_say(&bench, "AT+CWJAP\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\n" GOT_ADDRESSES);
}
END_TEST

/* jap_timeout: 15 s unless told otherwise. */
START_TEST(cwjap_times_out)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_say(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n");
    fw_radio_ops.leave(&bench.fake.radio, bench.now_ms); /* the radio says nothing any more */
    bench_wait(&bench, 14999);
    bench_talk(&bench, "AT\r\n", "busy ...\r\n");
    bench_wait(&bench, 1);
    bench_expect(&bench, "ERROR\r\n");
    bench_say(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\",,,,,,3\r\n");
    fw_radio_ops.leave(&bench.fake.radio, bench.now_ms);
    bench_wait(&bench, 2999);
    bench_expect(&bench, "");
    bench_wait(&bench, 1);
    bench_expect(&bench, "ERROR\r\n");
    bench_join(&bench);
}
END_TEST

START_TEST(cwjap_bssid_chooses)
{
    bench_start(&bench, (enum bench_feed)_i);
    fw_radio_add(&bench.fake.radio, "wmat", "wmat-demo-2");
    bench_say(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-2\",\"02:80:aa:00:00:02\"\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\n" GOT_ADDRESSES);
    bench_talk(&bench, "AT+CWJAP?\r\n",
               "+CWJAP:\"wmat\",\"02:80:aa:00:00:02\",6,-43,0,1,3,0,1\r\nOK\r\n");
}
END_TEST

START_TEST(cwjap_open_network_and_odd_names)
{
    bench_start(&bench, (enum bench_feed)_i);
    fw_radio_add(&bench.fake.radio, "a,b\"c\\d", "");
    bench_say(&bench, "AT+CWJAP=\"a,b\\\"c\\\\d\",\"\"\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\n" GOT_ADDRESSES);
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:2,\"a,b\"c\\d\"\r\nOK\r\n");
}
END_TEST

/* The module's links go with the network; what they had received stays readable. */
START_TEST(cwqap_ends_links)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWQAP\r\n", "OK\r\n");
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
    bench_connect_id(&bench, 1);
    bench_connect_id(&bench, 3);
    bench_talk(&bench, "AT+CWQAP\r\n", "OK\r\nWIFI DISCONNECT\r\n1,CLOSED\r\n3,CLOSED\r\n");
    ck_assert_uint_eq(fake_open_sockets(&bench.fake), 0);
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:4,\"wmat\"\r\nOK\r\n");
    bench_wait(&bench, 60000);
    bench_expect(&bench, ""); /* it does not come back by itself */
    bench_talk(&bench, "AT+CIPSTART=0,\"TCP\",\"127.0.0.1\",80\r\n", "ERROR\r\n");
}
END_TEST

/* reconn_interval: seconds until a lost access point is joined again, 0 for never. */
START_TEST(lost_association_comes_back)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    fw_radio_ops.leave(&bench.fake.radio, bench.now_ms); /* not the host's wish */
    bench_wait(&bench, 999);
    bench_expect(&bench, "WIFI DISCONNECT\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI CONNECTED\r\n" GOT_ADDRESSES);
    bench_say(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\",,,0\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI DISCONNECT\r\nWIFI CONNECTED\r\nOK\r\n" GOT_ADDRESSES);
    fw_radio_ops.leave(&bench.fake.radio, bench.now_ms);
    bench_wait(&bench, 100000);
    bench_expect(&bench, "WIFI DISCONNECT\r\n");
}
END_TEST

/* The association is lost in the moment in which the host joins anew. */
START_TEST(lost_while_joining_anew)
{
    bench_start(&bench, BENCH_WHOLE);
    bench_join(&bench);
    fw_feed(&bench.fw, "AT+CWJAP", 8, bench.now_ms);
    fw_radio_ops.leave(&bench.fake.radio, bench.now_ms + 5);
    bench_say(&bench, "\r\n");
    bench_wait(&bench, 1000);
    bench_expect(&bench, "WIFI DISCONNECT\r\nWIFI CONNECTED\r\nOK\r\n" GOT_ADDRESSES);
}
END_TEST

START_TEST(cipsta)
{
    static const char *const bad[] = {"\"1.2.3\"",
                                      "10.0.0.2",
                                      "\"::1\"",
                                      "\"10.0.0.2\",\"10.0.0.1\"",
                                      "\"10.0.0.2\",,\"255.0.0.0\"",
                                      "\"10.0.0.2\",\"x\",\"255.0.0.0\"",
                                      ""};

    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIPSTA?\r\n",
               "+CIPSTA:ip:\"0.0.0.0\"\r\n+CIPSTA:gateway:\"0.0.0.0\"\r\n"
               "+CIPSTA:netmask:\"0.0.0.0\"\r\nOK\r\n");
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPSTA?\r\n",
               "+CIPSTA:ip:\"127.87.0.1\"\r\n+CIPSTA:gateway:\"127.87.0.254\"\r\n"
               "+CIPSTA:netmask:\"255.255.255.0\"\r\n+CIPSTA:ip6ll:\"fe80::80:ff:fe01:0\"\r\n"
               "+CIPSTA:ip6gl:\"::1\"\r\nOK\r\n");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char say[96];

        snprintf(say, sizeof say, "AT+CIPSTA=%s\r\n", bad[i]);
        bench_talk(&bench, say, "CMD PARSE ERR\r\n");
    }
    bench_talk(&bench, "AT+CIPSTA=\"10.0.0.2\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSTA?\r\n",
               "+CIPSTA:ip:\"10.0.0.2\"\r\n+CIPSTA:gateway:\"10.0.0.1\"\r\n"
               "+CIPSTA:netmask:\"255.255.255.0\"\r\n+CIPSTA:ip6ll:\"fe80::80:ff:fe01:0\"\r\n"
               "+CIPSTA:ip6gl:\"::1\"\r\nOK\r\n");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("wifi");
    TCase *tcase = tcase_create("wifi");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, cwmode, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, station_commands_need_the_station_mode, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwmode_auto_connect, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwjap_joins, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwjap_keeps_its_parameters, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwjap_limits, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwjap_rules, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwjap_failures, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwjap_times_out, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwjap_bssid_chooses, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwjap_open_network_and_odd_names, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwqap_ends_links, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, lost_association_comes_back, 0, BENCH_FEEDS);
    tcase_add_test(tcase, lost_while_joining_anew);
    tcase_add_loop_test(tcase, cipsta, 0, BENCH_FEEDS);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
