/* Framework, "System commands": AT+SYSSTORE and what it governs; "Stored whatever AT+SYSSTORE
 * says"; what is stored survives a restart, what is not does not, and damage falls back value by
 * value. */
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

/* A command of the list, how it is seen, and what a factory-new module says to that. */
static const struct {
    const char *set, *query, *changed, *factory;
} governed[] = {
    {"AT+CWMODE=3\r\n", "AT+CWMODE?\r\n", "+CWMODE:3\r\nOK\r\n", "+CWMODE:1\r\nOK\r\n"},
    {"AT+CIPV6=0\r\n", "AT+CIPV6?\r\n", "+CIPV6:0\r\n\r\nOK\r\n", "+CIPV6:1\r\n\r\nOK\r\n"},
    {"AT+CWSAP=\"net\",\"12345678\",5,3,2,1\r\n", "AT+CWSAP?\r\n",
     "+CWSAP:\"net\",\"12345678\",5,3,2,1\r\nOK\r\n",
     "+CWSAP:\"W800-010001\",\"\",1,0,8,0\r\nOK\r\n"},
    {"AT+CWRECONNCFG=5,6\r\n", "AT+CWRECONNCFG?\r\n", "+CWRECONNCFG:5,6\r\nOK\r\n",
     "+CWRECONNCFG:0,0\r\nOK\r\n"},
    {"AT+CIPAP=\"10.0.0.1\",\"10.0.0.2\",\"255.0.0.0\"\r\n", "AT+CIPAP?\r\n",
     "+CIPAP:ip:\"10.0.0.1\"\r\n+CIPAP:gateway:\"10.0.0.2\"\r\n+CIPAP:netmask:\"255.0.0.0\"\r\n"
     "OK\r\n",
     "+CIPAP:ip:\"192.168.10.1\"\r\n+CIPAP:gateway:\"192.168.10.1\"\r\n"
     "+CIPAP:netmask:\"255.255.255.0\"\r\nOK\r\n"},
    {"AT+CIPSTA=\"10.0.0.3\",\"10.0.0.2\",\"255.0.0.0\"\r\n", "AT+CIPSTA?\r\n",
     "+CIPSTA:ip:\"10.0.0.3\"\r\n+CIPSTA:gateway:\"10.0.0.2\"\r\n"
     "+CIPSTA:netmask:\"255.0.0.0\"\r\nOK\r\n",
     "+CIPSTA:ip:\"0.0.0.0\"\r\n+CIPSTA:gateway:\"0.0.0.0\"\r\n+CIPSTA:netmask:\"0.0.0.0\"\r\n"
     "OK\r\n"},
    {"AT+CIPAPMAC=\"18:fe:35:98:d3:7b\"\r\n", "AT+CIPAPMAC?\r\n",
     "+CIPAPMAC:\"18:fe:35:98:d3:7b\"\r\nOK\r\n", "+CIPAPMAC:\"02:80:00:01:00:01\"\r\nOK\r\n"},
    {"AT+CIPSTAMAC=\"18:6d:cd:55:e5:7b\"\r\n", "AT+CIPSTAMAC?\r\n",
     "+CIPSTAMAC:\"18:6d:cd:55:e5:7b\"\r\nOK\r\n", "+CIPSTAMAC:\"02:80:00:01:00:00\"\r\nOK\r\n"},
    {"AT+CWDHCPS=1,7,\"192.168.10.7\",\"192.168.10.8\"\r\n", "AT+CWDHCPS?\r\n",
     "+CWDHCPS:7,\"192.168.10.7\",\"192.168.10.8\"\r\nOK\r\n",
     "+CWDHCPS:120,\"192.168.10.2\",\"192.168.10.101\"\r\nOK\r\n"},
    {"AT+CWDHCP=0,1\r\n", "AT+CWDHCP?\r\n", "+CWDHCP:2\r\nOK\r\n", "+CWDHCP:3\r\nOK\r\n"},
    {"AT+CWDHCP=0,2\r\n", "AT+CWDHCP?\r\n", "+CWDHCP:1\r\nOK\r\n", "+CWDHCP:3\r\nOK\r\n"},
    {"AT+CWDHCP=0,3\r\n", "AT+CWDHCP?\r\n", "+CWDHCP:0\r\nOK\r\n", "+CWDHCP:3\r\nOK\r\n"},
};

enum { GOVERNED = sizeof governed / sizeof *governed };

/* Both modes, from a stored setting, unless the case is about that one. */
static void start(int i)
{
    bench_start(&bench, BENCH_WHOLE);
    if (i > 0) {
        bench_talk(&bench, "AT+CWMODE=3\r\n", "OK\r\n");
    }
}

static void restart(void)
{
    bench_reset(&bench);
    bench_wait(&bench, 1000);
    bench_expect(&bench, "ready\r\n");
}

START_TEST(stored)
{
    unsigned commits;

    start(_i);
    commits = bench.fake.commits;
    bench_talk(&bench, governed[_i].query, governed[_i].factory);
    bench_talk(&bench, governed[_i].set, "OK\r\n");
    ck_assert_uint_eq(bench.fake.commits, commits + 1); /* at once, in one write */
    bench_talk(&bench, governed[_i].set, "OK\r\n");
    ck_assert_uint_eq(bench.fake.commits, commits + 1); /* is stored already */
    bench_talk(&bench, governed[_i].query, governed[_i].changed);
    restart();
    bench_talk(&bench, governed[_i].query, governed[_i].changed);
    ck_assert_uint_eq(bench.fake.commits, commits + 1);
    bench_talk(&bench, "AT+RESTORE\r\n", "OK\r\n");
    bench_wait(&bench, 1000);
    bench_expect(&bench, "ready\r\n");
    ck_assert_uint_eq(bench.fake.setting_count, 0);
    if (_i > 0) {
        bench_talk(&bench, "AT+CWMODE=3\r\n", "OK\r\n");
    }
    bench_talk(&bench, governed[_i].query, governed[_i].factory);
}
END_TEST

/* AT+SYSSTORE=0: in RAM only, and queries answer from there. Later set commands store what they set
 * and nothing else. */
START_TEST(not_stored)
{
    unsigned commits;

    start(_i);
    bench_talk(&bench, "AT+SYSSTORE=0\r\n", "OK\r\n");
    commits = bench.fake.commits;
    bench_talk(&bench, governed[_i].set, "OK\r\n");
    bench_talk(&bench, governed[_i].query, governed[_i].changed);
    ck_assert_uint_eq(bench.fake.commits, commits);
    bench_talk(&bench, "AT+SYSSTORE=1\r\n", "OK\r\n");
    ck_assert_uint_eq(bench.fake.commits, commits);
    bench_talk(&bench, "AT+CWAUTOCONN=0\r\n", "OK\r\n");
    restart();
    bench_talk(&bench, governed[_i].query, governed[_i].factory);
}
END_TEST

/* Whatever AT+SYSSTORE says. */
START_TEST(cwautoconn_is_always_stored)
{
    bench_start(&bench, BENCH_WHOLE);
    bench_talk(&bench, "AT+SYSSTORE=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWAUTOCONN=0\r\n", "OK\r\n");
    ck_assert_uint_eq(bench.fake.commits, 1);
    ck_assert_str_eq(fake_setting(&bench.fake, "wifi.auto_join"), "0");
    bench_talk(&bench, "AT+CWAUTOCONN=0\r\n", "OK\r\n");
    ck_assert_uint_eq(bench.fake.commits, 1);
    bench_talk(&bench, "AT+CWMODE=3\r\n", "OK\r\n");
    ck_assert_uint_eq(bench.fake.setting_count, 1);
}
END_TEST

/* Everything else is never stored. */
START_TEST(never_stored)
{
    static const char *const commands[] = {
        "AT+CWINIT=0\r\n",
        "AT+CWINIT=1\r\n",
        "AT+CWLAPOPT=1\r\n",
        "AT+CWSTAPROTO=1\r\n",
        "AT+CWAPPROTO=1\r\n",
        "AT+CWHOSTNAME=\"x\"\r\n",
        "AT+CWCOUNTRY=\"US\",1,11\r\n",
        "AT+CIPMUX=1\r\n",
        "AT+CIPDINFO=1\r\n",
        "AT+CIPRECVMODE=1\r\n",
        "AT+SYSSTORE=1\r\n",
    };

    bench_start(&bench, BENCH_WHOLE);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        bench_talk(&bench, commands[i], "OK\r\n");
    }
    ck_assert_uint_eq(bench.fake.commits, 0);
    ck_assert_uint_eq(bench.fake.setting_count, 0);
}
END_TEST

/* A join that was not stored does not come back; the one that was does. */
START_TEST(cwjap_in_ram)
{
    bench_start(&bench, BENCH_WHOLE);
    fw_radio_add(&bench.fake.radio, "guest", "");
    bench_join(&bench);
    bench_talk(&bench, "AT+SYSSTORE=0\r\n", "OK\r\n");
    bench_say(&bench, "AT+CWJAP=\"guest\",\"\"\r\n");
    bench_wait(&bench, 100);
    bench.out_len = 0;
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:2,\"guest\"\r\nOK\r\n");
    bench_reset(&bench);
    bench_wait(&bench, 100);
    bench.out_len = 0;
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:2,\"wmat\"\r\nOK\r\n");
}
END_TEST

/* A fixed address and DHCP: whichever was set last is what a restart finds, and only where it was
 * stored. */
START_TEST(last_of_dhcp_and_fixed_address)
{
    static const char fixed[] = "+CIPSTA:ip:\"10.0.0.3\"\r\n+CIPSTA:gateway:\"10.0.0.1\"\r\n"
                                "+CIPSTA:netmask:\"255.255.255.0\"\r\nOK\r\n";
    static const char none[] = "+CIPSTA:ip:\"0.0.0.0\"\r\n+CIPSTA:gateway:\"0.0.0.0\"\r\n"
                               "+CIPSTA:netmask:\"0.0.0.0\"\r\nOK\r\n";

    bench_start(&bench, BENCH_WHOLE);
    bench_talk(&bench, "AT+CIPSTA=\"10.0.0.3\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWDHCP=1,1\r\n", "OK\r\n");
    restart();
    bench_talk(&bench, "AT+CIPSTA?\r\n", none);
    bench_talk(&bench, "AT+CWDHCP?\r\n", "+CWDHCP:3\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTA=\"10.0.0.3\"\r\n", "OK\r\n");
    restart();
    bench_talk(&bench, "AT+CWDHCP?\r\n", "+CWDHCP:2\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTA?\r\n", fixed);
    bench_talk(&bench, "AT+SYSSTORE=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWDHCP=1,1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSTA?\r\n", none);
    restart();
    bench_talk(&bench, "AT+CIPSTA?\r\n", fixed);
}
END_TEST

/* CWSAP in RAM is not stored along with what is stored later. */
START_TEST(commands_store_their_own)
{
    bench_start(&bench, BENCH_WHOLE);
    bench_talk(&bench, "AT+CWMODE=3\r\n", "OK\r\n");
    bench_talk(&bench, "AT+SYSSTORE=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWSAP=\"net\",\"\",5,0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+SYSSTORE=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPAP=\"10.0.0.1\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPAPMAC=\"18:fe:35:98:d3:7b\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWDHCPS=0\r\n", "OK\r\n");
    restart();
    bench_talk(&bench, "AT+CWSAP?\r\n", "+CWSAP:\"W800-010001\",\"\",1,0,8,0\r\nOK\r\n");
    bench_talk(&bench, "AT+CIFSR\r\n",
               "+CIFSR:APIP,\"10.0.0.1\"\r\n+CIFSR:APMAC,\"18:fe:35:98:d3:7b\"\r\n"
               "+CIFSR:STAMAC,\"02:80:00:01:00:00\"\r\nOK\r\n");
}
END_TEST

/* Each damaged value is its default; the others stay. */
static const struct {
    const char *key, *text, *query, *expect;
} damaged[] = {
    {"wifi.mode", "4", "AT+CWMODE?\r\n", "+CWMODE:1\r\nOK\r\n"},
    {"wifi.mode", "", "AT+CWMODE?\r\n", "+CWMODE:1\r\nOK\r\n"},
    {"wifi.auto_join", "2", "AT+CWMODE?\r\n", "+CWMODE:3\r\nOK\r\n"},
    {"ip6", "yes", "AT+CIPV6?\r\n", "+CIPV6:1\r\n\r\nOK\r\n"},
    {"sta.mac", "01:00:00:00:00:00", "AT+CIPSTAMAC?\r\n",
     "+CIPSTAMAC:\"02:80:00:01:00:00\"\r\nOK\r\n"},
    {"sta.dhcp", "7", "AT+CWDHCP?\r\n", "+CWDHCP:2\r\nOK\r\n"},
    {"sta.dhcp", "1", "AT+CWDHCP?\r\n", "+CWDHCP:3\r\nOK\r\n"},
    {"sta.ip", "0.0.0.0", "AT+CWDHCP?\r\n", "+CWDHCP:3\r\nOK\r\n"},
    {"sta.gateway", "x", "AT+CIPSTA?\r\n",
     "+CIPSTA:ip:\"10.1.0.2\"\r\n+CIPSTA:gateway:\"10.0.0.1\"\r\n"
     "+CIPSTA:netmask:\"255.0.0.0\"\r\nOK\r\n"},
    {"sta.netmask", "1.2.3.4", "AT+CIPSTA?\r\n",
     "+CIPSTA:ip:\"10.1.0.2\"\r\n+CIPSTA:gateway:\"10.1.0.9\"\r\n"
     "+CIPSTA:netmask:\"255.255.255.0\"\r\nOK\r\n"},
    {"join.reconn_interval", "7201", "AT+CWRECONNCFG?\r\n", "+CWRECONNCFG:0,7\r\nOK\r\n"},
    {"join.repeat_count", "1001", "AT+CWRECONNCFG?\r\n", "+CWRECONNCFG:6,0\r\nOK\r\n"},
    {"ap.ssid", "a name that is too long for an access point", "AT+CWSAP?\r\n",
     "+CWSAP:\"W800-010001\",\"12345678\",5,3,2,1\r\nOK\r\n"},
    {"ap.ssid", "line\r\nline", "AT+CWSAP?\r\n",
     "+CWSAP:\"W800-010001\",\"12345678\",5,3,2,1\r\nOK\r\n"},
    {"ap.password", "short", "AT+CWSAP?\r\n", "+CWSAP:\"net\",\"\",5,0,2,1\r\nOK\r\n"},
    {"ap.channel", "15", "AT+CWSAP?\r\n", "+CWSAP:\"net\",\"12345678\",1,3,2,1\r\nOK\r\n"},
    {"ap.ecn", "1", "AT+CWSAP?\r\n", "+CWSAP:\"net\",\"12345678\",5,0,2,1\r\nOK\r\n"},
    {"ap.max_stations", "0", "AT+CWSAP?\r\n", "+CWSAP:\"net\",\"12345678\",5,3,8,1\r\nOK\r\n"},
    {"ap.hidden", "2", "AT+CWSAP?\r\n", "+CWSAP:\"net\",\"12345678\",5,3,2,0\r\nOK\r\n"},
    {"ap.ip", "::1", "AT+CIPAP?\r\n",
     "+CIPAP:ip:\"192.168.10.1\"\r\n+CIPAP:gateway:\"192.168.10.1\"\r\n"
     "+CIPAP:netmask:\"255.255.255.0\"\r\nOK\r\n"},
    {"ap.gateway", "", "AT+CIPAP?\r\n",
     "+CIPAP:ip:\"10.0.0.1\"\r\n+CIPAP:gateway:\"10.0.0.1\"\r\n"
     "+CIPAP:netmask:\"255.0.0.0\"\r\nOK\r\n"},
    {"ap.netmask", "255.0.0.1", "AT+CIPAP?\r\n",
     "+CIPAP:ip:\"10.0.0.1\"\r\n+CIPAP:gateway:\"10.0.0.2\"\r\n"
     "+CIPAP:netmask:\"255.255.255.0\"\r\nOK\r\n"},
    {"ap.mac", "x", "AT+CIPAPMAC?\r\n", "+CIPAPMAC:\"02:80:00:01:00:01\"\r\nOK\r\n"},
    {"ap.dhcp", "-1", "AT+CWDHCP?\r\n", "+CWDHCP:2\r\nOK\r\n"},
    {"ap.lease", "2881", "AT+CWDHCPS?\r\n", "+CWDHCPS:120,\"10.0.0.7\",\"10.0.0.8\"\r\nOK\r\n"},
    {"ap.pool_first", "10.0.0.9", "AT+CWDHCPS?\r\n",
     "+CWDHCPS:7,\"10.0.0.2\",\"10.0.0.101\"\r\nOK\r\n"},
};

START_TEST(damaged_values)
{
    static const char *const settings[][2] = {
        {"wifi.mode", "3"},
        {"sta.ip", "10.1.0.2"},
        {"sta.gateway", "10.1.0.9"},
        {"sta.netmask", "255.0.0.0"},
        {"join.reconn_interval", "6"},
        {"join.repeat_count", "7"},
        {"ap.ssid", "net"},
        {"ap.password", "12345678"},
        {"ap.channel", "5"},
        {"ap.ecn", "3"},
        {"ap.max_stations", "2"},
        {"ap.hidden", "1"},
        {"ap.ip", "10.0.0.1"},
        {"ap.gateway", "10.0.0.2"},
        {"ap.netmask", "255.0.0.0"},
        {"ap.lease", "7"},
        {"ap.pool_first", "10.0.0.7"},
        {"ap.pool_last", "10.0.0.8"},
    };
    const struct fw_nvs_ops *nvs;

    bench_start(&bench, BENCH_WHOLE);
    nvs = bench.fake.port.nvs;
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        nvs->put(&bench.fake, settings[i][0], settings[i][1]);
    }
    nvs->put(&bench.fake, damaged[_i].key, damaged[_i].text);
    restart();
    bench_talk(&bench, damaged[_i].query, damaged[_i].expect);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("stored");
    TCase *tcase = tcase_create("stored");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, stored, 0, GOVERNED);
    tcase_add_loop_test(tcase, not_stored, 0, GOVERNED);
    tcase_add_test(tcase, cwautoconn_is_always_stored);
    tcase_add_test(tcase, never_stored);
    tcase_add_test(tcase, cwjap_in_ram);
    tcase_add_test(tcase, last_of_dhcp_and_fixed_address);
    tcase_add_test(tcase, commands_store_their_own);
    tcase_add_loop_test(tcase, damaged_values, 0, sizeof damaged / sizeof *damaged);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
