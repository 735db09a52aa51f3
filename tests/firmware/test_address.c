/* Framework, "Wi-Fi commands": CIPSTA, CWDHCP, CIPSTAMAC, CWHOSTNAME; TCP-IP_AT: CIPV6, CIFSR. */
#include <stdio.h>
#include <string.h>

#include "fw_bench.h"
#include "suite.h"

#define JOIN "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n"
#define LEFT "OK\r\nWIFI DISCONNECT\r\n"
#define CIPSTA(ip, gateway, netmask)                                                               \
    "+CIPSTA:ip:\"" ip "\"\r\n+CIPSTA:gateway:\"" gateway "\"\r\n+CIPSTA:netmask:\"" netmask       \
    "\"\r\n"
#define IP6 "+CIPSTA:ip6ll:\"fe80::80:ff:fe01:0\"\r\n+CIPSTA:ip6gl:\"::1\"\r\n"

static struct fw_bench bench;

static void setup(void)
{
    memset(&bench, 0, sizeof bench);
}

static void teardown(void)
{
    bench_stop(&bench);
}

START_TEST(cipsta_rules)
{
    static const char *const bad[] = {
        "\"0.0.0.0\"",
        "\"255.255.255.255\"",
        "\"224.0.0.1\"",
        "\"10.0.0.2\",\"10.0.0.1\",\"255.0.255.0\"",
        "\"10.0.0.2\",\"10.0.0.1\",\"0.0.0.0\"",
        "\"10.0.0.2\",\"10.0.0.1\",\"255.255.255.255\"",
        "\"10.0.0.2\",\"10.0.0.1\",",
        "\"10.0.0.2\",\"10.0.0.1\",\"255.0.0.0\",1",
    };

    bench_start(&bench, (enum bench_feed)_i);
    BENCH_REFUSE(&bench, "AT+CIPSTA", bad);
    bench_talk(&bench, "AT+CIPSTA?\r\n", CIPSTA("0.0.0.0", "0.0.0.0", "0.0.0.0") "OK\r\n");
    bench_talk(&bench, "AT+CIPSTA=\"10.1.2.3\",\"10.9.9.9\",\"255.254.0.0\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSTA?\r\n", CIPSTA("10.1.2.3", "10.9.9.9", "255.254.0.0") "OK\r\n");
    bench_talk(&bench, "AT+CIPSTA=\"10.1.2.3\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSTA?\r\n", CIPSTA("10.1.2.3", "10.1.2.1", "255.255.255.0") "OK\r\n");
}
END_TEST

/* A fixed address needs no DHCP server, and is there where that does not answer. */
START_TEST(fixed_address_without_dhcp)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_play(&bench, "address-delay never");
    bench_say(&bench, JOIN);
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    bench_talk(&bench, "AT+CIPSTA=\"10.0.0.2\"\r\n", "OK\r\nWIFI GOT IP\r\n");
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:2,\"wmat\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWQAP\r\n", LEFT);
    bench_join(&bench);
    bench_talk(&bench, "AT+CIFSR\r\n",
               "+CIFSR:STAIP,\"10.0.0.2\"\r\n+CIFSR:STAIP6LL,\"fe80::80:ff:fe01:0\"\r\n"
               "+CIFSR:STAIP6GL,\"::1\"\r\n+CIFSR:STAMAC,\"02:80:00:01:00:00\"\r\nOK\r\n");
}
END_TEST

START_TEST(cwdhcp_ranges)
{
    static const char *const bad[] = {"2,1", "-1,1", "1,0", "1,4",   "1,-1",   "1",
                                      ",1",  "1,",   "",    "1,1,1", "\"1\",1"};

    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWDHCP?\r\n", "+CWDHCP:3\r\nOK\r\n");
    BENCH_REFUSE(&bench, "AT+CWDHCP", bad);
    bench_talk(&bench, "AT+CWDHCP=0,1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWDHCP?\r\n", "+CWDHCP:2\r\nOK\r\n");
    bench_talk(&bench, "AT+CWDHCP=0,2\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWDHCP?\r\n", "+CWDHCP:0\r\nOK\r\n");
    bench_talk(&bench, "AT+CWDHCP=1,1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWDHCP?\r\n", "+CWDHCP:1\r\nOK\r\n");
    bench_talk(&bench, "AT+CWDHCP=1,3\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWDHCP?\r\n", "+CWDHCP:3\r\nOK\r\n");
    bench_talk(&bench, "AT+CWDHCP=0,3\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWDHCP?\r\n", "+CWDHCP:0\r\nOK\r\n");
}
END_TEST

/* DHCP and a fixed address exclude each other; the last one set wins. */
START_TEST(dhcp_and_fixed_address)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPSTA=\"10.0.0.2\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWDHCP?\r\n", "+CWDHCP:2\r\nOK\r\n");
    bench_talk(&bench, "AT+CWDHCP=1,2\r\n", "OK\r\n"); /* is about the SoftAP */
    bench_talk(&bench, "AT+CIPSTA?\r\n",
               CIPSTA("10.0.0.2", "10.0.0.1", "255.255.255.0") IP6 "OK\r\n");
    bench_talk(&bench, "AT+CWDHCP=1,1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSTA?\r\n", CIPSTA("0.0.0.0", "0.0.0.0", "0.0.0.0") IP6 "OK\r\n");
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:1,\"wmat\"\r\nOK\r\n");
    bench_wait(&bench, FW_RADIO_ADDRESS_MS);
    bench_expect(&bench, "WIFI GOT IP\r\n");
    bench_talk(&bench, "AT+CIPSTA?\r\n",
               CIPSTA("127.87.0.1", "127.87.0.254", "255.255.255.0") IP6 "OK\r\n");
    bench_talk(&bench, "AT+CWDHCP?\r\n", "+CWDHCP:3\r\nOK\r\n");
    bench_talk(&bench, "AT+CWDHCP=1,1\r\n", "OK\r\n"); /* is on: nothing happens */
    bench_wait(&bench, 1000);
    bench_expect(&bench, "");
}
END_TEST

/* Without DHCP and without a fixed address: the lease lasts as long as the association. */
START_TEST(neither_dhcp_nor_fixed_address)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CWDHCP=0,1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:2,\"wmat\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWQAP\r\n", LEFT);
    bench_say(&bench, "AT+CWJAP\r\n");
    bench_wait(&bench, 100000);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:1,\"wmat\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWDHCP=1,1\r\n", "OK\r\n");
    bench_wait(&bench, FW_RADIO_ADDRESS_MS);
    bench_expect(&bench, "WIFI GOT IP\r\n");
}
END_TEST

/* Switched off while the answer is on its way. */
START_TEST(dhcp_off_while_it_asks)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_play(&bench, "address-delay 100");
    bench_say(&bench, JOIN);
    bench_wait(&bench, FW_RADIO_JOIN_MS);
    bench_talk(&bench, "AT+CWDHCP=0,1\r\n", "WIFI CONNECTED\r\nOK\r\nOK\r\n");
    bench_wait(&bench, 1000);
    bench_expect(&bench, "WIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
}
END_TEST

START_TEST(cipstamac)
{
    static const char *const bad[] = {
        "\"00:00:00:00:00:00\"",
        "\"ff:ff:ff:ff:ff:ff\"",
        "\"15:6d:cd:55:e5:7b\"",
        "\"18:6d:cd:55:e5\"",
        "18:6d:cd:55:e5:7b",
        "\"18-6d-cd-55-e5-7b\"",
        "\"02:80:00:01:00:01\"", /* the SoftAP's */
        "",
        "\"18:6d:cd:55:e5:7b\",1",
    };

    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIPSTAMAC?\r\n", "+CIPSTAMAC:\"02:80:00:01:00:00\"\r\nOK\r\n");
    BENCH_REFUSE(&bench, "AT+CIPSTAMAC", bad);
    bench_talk(&bench, "AT+CIPSTAMAC=\"18:6D:CD:55:E5:7B\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSTAMAC?\r\n", "+CIPSTAMAC:\"18:6d:cd:55:e5:7b\"\r\nOK\r\n");
    bench_join(&bench);
    bench_talk(&bench, "AT+CIFSR\r\n",
               "+CIFSR:STAIP,\"127.87.0.1\"\r\n"
               "+CIFSR:STAIP6LL,\"fe80::1a6d:cdff:fe55:e57b\"\r\n+CIFSR:STAIP6GL,\"::1\"\r\n"
               "+CIFSR:STAMAC,\"18:6d:cd:55:e5:7b\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWMODE=2\r\n", LEFT);
    bench_talk(&bench, "AT+CIPSTAMAC?\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTAMAC=\"18:6d:cd:55:e5:7c\"\r\n", "ERROR\r\n");
}
END_TEST

START_TEST(cwhostname)
{
    static const char *const bad[] = {"\"\"", "\"123456789012345678901234567890123\"", "name", "",
                                      "\"a\",\"b\""};

    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWHOSTNAME?\r\n", "+CWHOSTNAME:\"wm_dev-00010000\"\r\nOK\r\n");
    BENCH_REFUSE(&bench, "AT+CWHOSTNAME", bad);
    bench_talk(&bench, "AT+CWHOSTNAME=\"12345678901234567890123456789012\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWHOSTNAME=\"x\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWHOSTNAME?\r\n", "+CWHOSTNAME:\"x\"\r\nOK\r\n");
    ck_assert_str_eq(bench.fake.radio.addressing.hostname, "x"); /* DHCP tells it */
    bench_talk(&bench, "AT+CWMODE=2\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWHOSTNAME=\"y\"\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CWHOSTNAME?\r\n", "+CWHOSTNAME:\"x\"\r\nOK\r\n");
}
END_TEST

START_TEST(cipv6)
{
    static const char *const bad[] = {"2", "-1", "", "1,1", "\"1\"", "x"};

    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIPV6?\r\n", "+CIPV6:1\r\n\r\nOK\r\n");
    BENCH_REFUSE(&bench, "AT+CIPV6", bad);
    bench_talk(&bench, "AT+CIPV6=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPV6?\r\n", "+CIPV6:0\r\n\r\nOK\r\n");
    bench_say(&bench, JOIN);
    bench_wait(&bench, 1000);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\nWIFI GOT IP\r\n");
    bench_talk(&bench, "AT+CIPSTA?\r\n",
               CIPSTA("127.87.0.1", "127.87.0.254", "255.255.255.0") "OK\r\n");
    bench_talk(&bench, "AT+CIFSR\r\n",
               "+CIFSR:STAIP,\"127.87.0.1\"\r\n+CIFSR:STAMAC,\"02:80:00:01:00:00\"\r\nOK\r\n");
}
END_TEST

/* While joined: the addresses go, and come back. */
START_TEST(cipv6_while_joined)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPV6=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSTA?\r\n",
               CIPSTA("127.87.0.1", "127.87.0.254", "255.255.255.0") "OK\r\n");
    bench_talk(&bench, "AT+CIPV6=1\r\n", "OK\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    bench_talk(&bench, "AT+CIPSTA?\r\n",
               CIPSTA("127.87.0.1", "127.87.0.254", "255.255.255.0") IP6 "OK\r\n");
    bench_talk(&bench, "AT+CIPV6=1\r\n", "OK\r\n");
}
END_TEST

/* It can't be disabled under a link that uses it. */
START_TEST(cipv6_with_a_link)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_connect(&bench);
    bench_talk(&bench, "AT+CIPV6=0\r\n", "OK\r\n"); /* IPv4 does not mind */
    bench_talk(&bench, "AT+CIPV6=1\r\n", "OK\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    bench_talk(&bench, "AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"TCPv6\",\"::1\",80\r\n", "CONNECT\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPV6=0\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPV6?\r\n", "+CIPV6:1\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPV6=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPV6=0\r\n", "OK\r\n");
}
END_TEST

/* TCP-IP_AT: CIFSR in every mode. */
/* Spec, CIPSTART and CIPSERVER: IPv6 needs an IPv6 address, and nothing else. */
START_TEST(each_family_needs_its_own_address)
{
    bench_start(&bench, (enum bench_feed)_i);
    fake_serve(&bench.fake, 80, FAKE_ACCEPTS, false);
    bench_play(&bench, "address-delay never");
    bench_say(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n");
    bench_wait(&bench, 1000);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"192.0.2.1\",80\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"TCPv6\",\"2001:db8::1\",80\r\n", "CONNECT\r\nOK\r\n");
    bench_talk(&bench, "AT+CWMODE=1\r\n", "OK\r\n"); /* changes nothing */
    bench_talk(&bench, "AT+CWMODE=2\r\n", "OK\r\nWIFI DISCONNECT\r\nCLOSED\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"TCPv6\",\"2001:db8::1\",80\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSERVER=1,80,\"TCPv6\"\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSERVER=1,80,\"TCP\"\r\n", "OK\r\n");
}
END_TEST

START_TEST(cifsr)
{
    static const char ap[] =
        "+CIFSR:APIP,\"192.168.10.1\"\r\n+CIFSR:APMAC,\"02:80:00:01:00:01\"\r\n";
    static const char sta[] = "+CIFSR:STAMAC,\"02:80:00:01:00:00\"\r\n";
    char both[256];

    bench_start(&bench, (enum bench_feed)_i);
    snprintf(both, sizeof both, "%s%sOK\r\n", ap, sta);
    bench_talk(&bench, "AT+CIFSR\r\n", "+CIFSR:STAMAC,\"02:80:00:01:00:00\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWMODE=3\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIFSR\r\n", both);
    bench_talk(&bench, "AT+CWMODE=2\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPAP=\"10.0.0.9\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPAPMAC=\"18:fe:35:98:d3:7b\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIFSR\r\n",
               "+CIFSR:APIP,\"10.0.0.9\"\r\n+CIFSR:APMAC,\"18:fe:35:98:d3:7b\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWMODE=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIFSR\r\n", "OK\r\n");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("address");
    TCase *tcase = tcase_create("address");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, cipsta_rules, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, fixed_address_without_dhcp, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwdhcp_ranges, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, dhcp_and_fixed_address, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, neither_dhcp_nor_fixed_address, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, dhcp_off_while_it_asks, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipstamac, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwhostname, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipv6, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipv6_while_joined, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipv6_with_a_link, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, each_family_needs_its_own_address, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cifsr, 0, BENCH_FEEDS);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
