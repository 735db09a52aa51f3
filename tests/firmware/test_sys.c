/* Framework, "System commands": AT, AT+RST, AT+RESTORE, AT+SYSSTORE, AT+SYSRAM; and what is stored.
 */
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

START_TEST(at)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT\r\n", "OK\r\n");
}
END_TEST

/* AT+RST: OK, then the module restarts and prints ready; the line is deaf meanwhile. */
START_TEST(rst_restarts)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPDINFO=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+RST\r\nAT\r\n", "OK\r\n");
    bench_wait(&bench, 1000);
    bench_expect(&bench, "ready\r\n");
    bench_talk(&bench, "AT+CIPMUX?\r\n", "+CIPMUX:0\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPDINFO?\r\n", "+CIPDINFO:false\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPRECVMODE?\r\n", "+CIPRECVMODE:0\r\nOK\r\n");
}
END_TEST

/* A restart closes links and leaves the access point without a report, then joins it again. */
START_TEST(rst_is_silent_about_links)
{
    struct fake_peer *peer;

    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    peer = bench_connect(&bench);
    bench_talk(&bench, "AT+RST\r\n", "OK\r\n");
    ck_assert(peer->closed);
    bench_wait(&bench, 1000);
    bench_expect(
        &bench,
        "ready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    bench_talk(&bench, "AT+CIPSTATE?\r\n", "OK\r\n");
}
END_TEST

START_TEST(restore_forgets_what_was_stored)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CWMODE=3\r\n", "OK\r\n");
    bench_talk(&bench, "AT+RESTORE\r\n", "OK\r\n");
    bench_wait(&bench, 5000);
    bench_expect(&bench, "ready\r\n");
    bench_talk(&bench, "AT+CWMODE?\r\n", "+CWMODE:1\r\nOK\r\n");
    bench_talk(&bench, "AT+CWJAP\r\n", "ERROR\r\n");
    ck_assert_ptr_null(fake_setting(&bench.fake, "join.ssid"));
}
END_TEST

START_TEST(sysstore_query_and_set)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+SYSSTORE?\r\n", "+SYSSTORE:1\r\nOK\r\n");
    bench_talk(&bench, "AT+SYSSTORE=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+SYSSTORE?\r\n", "+SYSSTORE:0\r\nOK\r\n");
    bench_talk(&bench, "AT+SYSSTORE=2\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+SYSSTORE=-1\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+SYSSTORE=\"1\"\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+SYSSTORE?\r\n", "+SYSSTORE:0\r\nOK\r\n");
}
END_TEST

/* 0: set commands live in RAM only; queries answer from RAM. */
START_TEST(sysstore_0_stores_nothing)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+SYSSTORE=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWMODE=3,0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSTA=\"10.0.0.2\"\r\n", "OK\r\n");
    bench_join(&bench);
    bench_talk(&bench, "AT+CWMODE?\r\n", "+CWMODE:3\r\nOK\r\n");
    bench_talk(&bench, "AT+SYSSTORE=1\r\n", "OK\r\n");
    fw_radio_ops.leave(&bench.fake.radio, bench.now_ms); /* it comes back by itself */
    bench_wait(&bench, 5000);
    bench_expect(&bench, "WIFI DISCONNECT\r\nWIFI CONNECTED\r\n"
                         "WIFI GOT IP\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    ck_assert_uint_eq(bench.fake.commits, 0);
    ck_assert_uint_eq(bench.fake.setting_count, 0);
}
END_TEST

/* Writing the value that is already stored writes nothing. */
START_TEST(equal_values_are_not_written)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWMODE=3\r\n", "OK\r\n");
    ck_assert_uint_eq(bench.fake.commits, 1);
    bench_talk(&bench, "AT+CWMODE=3\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWMODE=3,1\r\n", "OK\r\n");
    ck_assert_uint_eq(bench.fake.commits, 1);
    bench_join(&bench);
    ck_assert_uint_eq(bench.fake.commits, 2);
    bench_talk(&bench, "AT+CWQAP\r\n", "OK\r\nWIFI DISCONNECT\r\n");
    bench_join(&bench);
    ck_assert_uint_eq(bench.fake.commits, 2);
    bench_talk(&bench, "AT+CIPSTA=\"10.0.0.2\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSTA=\"10.0.0.2\"\r\n", "OK\r\n");
    ck_assert_uint_eq(bench.fake.commits, 3);
}
END_TEST

/* Stored: CWMODE, CWJAP, CIPSTA. Not stored: the settings of links, and AT+SYSSTORE itself. */
START_TEST(settings_survive_a_power_cycle)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIPSTA=\"10.0.0.2\",\"10.0.0.254\",\"255.0.0.0\"\r\n", "OK\r\n");
    bench_join(&bench);
    bench_talk(&bench, "AT+CWMODE=3\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
    fw_stop(&bench.fw, bench.now_ms);
    bench_boot(&bench);
    bench_wait(&bench, 1000);
    bench_expect(
        &bench,
        "ready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    bench_talk(&bench, "AT+CWMODE?\r\n", "+CWMODE:3\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPMUX?\r\n", "+CIPMUX:0\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTA?\r\n",
               "+CIPSTA:ip:\"10.0.0.2\"\r\n+CIPSTA:gateway:\"10.0.0.254\"\r\n"
               "+CIPSTA:netmask:\"255.0.0.0\"\r\n+CIPSTA:ip6ll:\"fe80::80:ff:fe01:0\"\r\n"
               "+CIPSTA:ip6gl:\"::1\"\r\nOK\r\n");
}
END_TEST

/* Stored nonsense counts as not stored. */
START_TEST(damaged_settings_are_defaults)
{
    const struct fw_nvs_ops *nvs;

    bench_start(&bench, (enum bench_feed)_i);
    nvs = bench.fake.port.nvs;
    nvs->put(&bench.fake, "wifi.mode", "9");
    nvs->put(&bench.fake, "wifi.auto_connect", "yes");
    nvs->put(&bench.fake, "join.listen_interval", "-");
    nvs->put(&bench.fake, "join.timeout", "99999999999");
    nvs->put(&bench.fake, "sta.ip", "::1");
    nvs->put(&bench.fake, "join.ssid", "a name that is too long for any access point");
    fw_stop(&bench.fw, bench.now_ms);
    bench_boot(&bench);
    bench_wait(&bench, 1000);
    bench_expect(&bench, "ready\r\n");
    bench_talk(&bench, "AT+CWMODE?\r\n", "+CWMODE:1\r\nOK\r\n");
    bench_join(&bench);
}
END_TEST

/* Five receive windows and the payload to send of 5760 bytes each, the output of 8192. */
enum { ALL_FREE = 6 * 5760 + 8192 };

static void expect_free(int free, int lowest)
{
    char expect[48];

    snprintf(expect, sizeof expect, "+SYSRAM:%d,%d\r\nOK\r\n", free, lowest);
    bench_talk(&bench, "AT+SYSRAM?\r\n", expect);
}

/* What was free, what is, and how little it was: all of it counted. */
START_TEST(sysram)
{
    static const char data[5760];
    struct fake_peer *peer;
    int before = ALL_FREE - 25; /* the two lines of the first answer, in the output */

    bench_start(&bench, BENCH_WHOLE);
    expect_free(ALL_FREE, ALL_FREE - 7); /* `ready` */
    expect_free(ALL_FREE, before);
    bench_join(&bench);
    peer = bench_connect(&bench);
    bench_talk(&bench, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    fake_peer_send(peer, data, 1000);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,1000\r\n");
    expect_free(ALL_FREE - 1000, ALL_FREE - 1000 - 11);
    fake_peer_send(peer, data, sizeof data);
    bench_wait(&bench, 0);
    expect_free(ALL_FREE - 5760, ALL_FREE - 5760);
    bench_say(&bench, "AT+CIPRECVDATA=5760\r\n");
    bench.out_len = 0;
    bench_wait(&bench, 0); /* the rest follows */
    bench.out_len = 0;
    bench_say(&bench, "AT+CIPRECVDATA=5760\r\n");
    bench.out_len = 0;
    /* in the output the answer, in the window the rest, and behind the answer its report */
    expect_free(ALL_FREE, ALL_FREE - (18 + 5760 + 2 + 4) - 1000 - 11);
    bench_play(&bench, "reset");
    bench_expect(&bench, "ready\r\n");
    expect_free(ALL_FREE, ALL_FREE - 7);
}
END_TEST

/* Payload of AT+CIPSEND that the network does not take. */
START_TEST(sysram_counts_what_is_to_be_sent)
{
    static const char data[5760];
    struct fake_peer *peer;

    bench_start(&bench, BENCH_WHOLE);
    bench_join(&bench);
    peer = bench_connect(&bench);
    peer->accepts = 0;
    bench_talk(&bench, "AT+CIPSEND=5760\r\n", "OK\r\n>\r\n");
    bench_say_bytes(&bench, data, sizeof data);
    peer->accepts = SIZE_MAX;
    bench_wait(&bench, 0);
    bench_expect(&bench, "SEND OK\r\n");
    expect_free(ALL_FREE, ALL_FREE - 5760);
    bench_talk(&bench, "AT+SYSRAM\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+SYSRAM=1\r\n", "ERROR\r\n");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("sys");
    TCase *tcase = tcase_create("sys");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, at, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, rst_restarts, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, rst_is_silent_about_links, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, restore_forgets_what_was_stored, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, sysstore_query_and_set, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, sysstore_0_stores_nothing, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, equal_values_are_not_written, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, settings_survive_a_power_cycle, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, damaged_settings_are_defaults, 0, BENCH_FEEDS);
    tcase_add_test(tcase, sysram);
    tcase_add_test(tcase, sysram_counts_what_is_to_be_sent);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
