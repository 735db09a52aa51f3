/* Framework, "Wi-Fi commands": joining again (CWRECONNCFG, CWAUTOCONN, CWSTATE), CWINIT, CWCOUNTRY,
 * CWSTAPROTO, and what CWJAP asks of an access point. */
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

START_TEST(cwreconncfg_ranges)
{
    static const char *const bad[] = {"7201,0", "-1,0", "0,1001", "0,-1",    "0",  ",0",
                                      "0,",     "",     "0,0,0",  "\"0\",0", "x,0"};

    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWRECONNCFG?\r\n", "+CWRECONNCFG:0,0\r\nOK\r\n");
    bench_talk(&bench, "AT+CWRECONNCFG=7200,1000\r\n", "OK\r\n");
    BENCH_REFUSE(&bench, "AT+CWRECONNCFG", bad);
    bench_talk(&bench, "AT+CWRECONNCFG?\r\n", "+CWRECONNCFG:7200,1000\r\nOK\r\n");
    bench_talk(&bench, "AT+CWRECONNCFG=0,0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWRECONNCFG?\r\n", "+CWRECONNCFG:0,0\r\nOK\r\n");
}
END_TEST

/* The interval is CWJAP's reconn_interval: the one that was set last counts. */
START_TEST(interval_of_two_commands)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWRECONNCFG=9,7\r\n", "OK\r\n");
    bench_join(&bench);
    bench_talk(&bench, "AT+CWRECONNCFG?\r\n", "+CWRECONNCFG:1,7\r\nOK\r\n");
    bench_talk(&bench, "AT+CWRECONNCFG=5,3\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWJAP?\r\n",
               "+CWJAP:\"wmat\",\"02:80:aa:00:00:01\",1,-40,0,5,3,0,1\r\nOK\r\n");
    bench_talk(&bench, "AT+CWQAP\r\n", "OK\r\nWIFI DISCONNECT\r\n");
    bench_say(&bench, "AT+CWJAP\r\n"); /* sets nothing */
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\n" GOT_ADDRESSES);
    bench_talk(&bench, "AT+CWRECONNCFG?\r\n", "+CWRECONNCFG:5,3\r\nOK\r\n");
    bench_say(&bench, "AT+CWJAP=\"nobody\",\"\",,,77\r\n"); /* fails, and so does not, either */
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI DISCONNECT\r\nERROR\r\n");
    bench_talk(&bench, "AT+CWRECONNCFG?\r\n", "+CWRECONNCFG:5,3\r\nOK\r\n");
}
END_TEST

/* An interval counts from the loss, and from the end of an attempt that failed. */
START_TEST(interval_is_kept)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CWRECONNCFG=20,0\r\n", "OK\r\n");
    bench_play(&bench, "ap-gone wmat");
    bench_expect(&bench, "WIFI DISCONNECT\r\n");
    bench_wait(&bench, 20000 + FW_RADIO_JOIN_MS); /* tried in vain */
    bench_play(&bench, "ap-back wmat");
    bench_wait(&bench, 19999);
    bench_expect(&bench, "");
    bench_wait(&bench, 1 + FW_RADIO_JOIN_MS);
    bench_expect(&bench, "WIFI CONNECTED\r\n");
    bench_wait(&bench, FW_RADIO_ADDRESS_MS);
    bench_expect(&bench, GOT_ADDRESSES);
}
END_TEST

/* repeat_count attempts, each an interval behind the one before, and no more; 0: for ever. */
START_TEST(attempts_are_counted)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    for (int round = 0; round < 2; round++) { /* counts anew after each loss */
        bench_talk(&bench, "AT+CWRECONNCFG=1,3\r\n", "OK\r\n");
        bench_play(&bench, "ap-gone wmat");
        bench_wait(&bench, 3 * (1000 + FW_RADIO_JOIN_MS) - FW_RADIO_JOIN_MS);
        bench_talk(&bench, "AT+CWSTATE?\r\n", "WIFI DISCONNECT\r\n+CWSTATE:3,\"wmat\"\r\nOK\r\n");
        bench_wait(&bench, FW_RADIO_JOIN_MS);
        bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:4,\"wmat\"\r\nOK\r\n");
        bench_play(&bench, "ap-back wmat");
        bench_wait(&bench, 100000);
        bench_expect(&bench, "");
        bench_join(&bench);
    }
    bench_talk(&bench, "AT+CWRECONNCFG=1,0\r\n", "OK\r\n");
    bench_play(&bench, "ap-gone wmat");
    bench_wait(&bench, 5000000);
    bench_play(&bench, "ap-back wmat");
    bench_wait(&bench, 2000);
    bench_expect(&bench, "WIFI DISCONNECT\r\nWIFI CONNECTED\r\n" GOT_ADDRESSES);
}
END_TEST

/* A new configuration counts for a loss that has happened, too; CWQAP ends it. */
START_TEST(configuration_while_waiting)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CWRECONNCFG=7200,0\r\n", "OK\r\n");
    bench_play(&bench, "ap-gone wmat");
    bench_talk(&bench, "AT+CWSTATE?\r\n", "WIFI DISCONNECT\r\n+CWSTATE:3,\"wmat\"\r\nOK\r\n");
    bench_play(&bench, "ap-back wmat");
    bench_talk(&bench, "AT+CWRECONNCFG=2,0\r\n", "OK\r\n");
    bench_wait(&bench, 2000 + FW_RADIO_JOIN_MS);
    bench_expect(&bench, "WIFI CONNECTED\r\n");
    bench_wait(&bench, FW_RADIO_ADDRESS_MS);
    bench_expect(&bench, GOT_ADDRESSES);
    bench_play(&bench, "ap-gone wmat");
    bench_play(&bench, "ap-back wmat");
    bench_talk(&bench, "AT+CWRECONNCFG=0,0\r\n", "WIFI DISCONNECT\r\nOK\r\n");
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:4,\"wmat\"\r\nOK\r\n");
    bench_wait(&bench, 100000);
    bench_expect(&bench, "");
    bench_join(&bench);
    bench_play(&bench, "ap-gone wmat");
    bench_talk(&bench, "AT+CWQAP\r\n", "WIFI DISCONNECT\r\nOK\r\n");
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:4,\"wmat\"\r\nOK\r\n");
}
END_TEST

/* CWAUTOCONN=0: nothing is joined at power-on; it has no query. */
START_TEST(cwautoconn)
{
    static const char *const bad[] = {"2", "-1", "", "0,0", "\"0\"", "x"};

    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    BENCH_REFUSE(&bench, "AT+CWAUTOCONN", bad);
    bench_talk(&bench, "AT+CWAUTOCONN?\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CWAUTOCONN=0\r\n", "OK\r\n");
    bench_play(&bench, "reset");
    bench_wait(&bench, 100000);
    bench_expect(&bench, "ready\r\n");
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:0,\"\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWAUTOCONN=1\r\n", "OK\r\n");
    bench_play(&bench, "reset");
    bench_wait(&bench, 100);
    bench_expect(&bench, "ready\r\nWIFI CONNECTED\r\n" GOT_ADDRESSES);
}
END_TEST

/* At power-on the access point may come later than the module. */
START_TEST(joins_late_after_power_on)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_play(&bench, "ap-gone wmat");
    bench_expect(&bench, "WIFI DISCONNECT\r\n");
    bench_play(&bench, "reset");
    bench_wait(&bench, 60000);
    bench_expect(&bench, "ready\r\n");
    bench_play(&bench, "ap-back wmat");
    bench_wait(&bench, 2000);
    bench_expect(&bench, "WIFI CONNECTED\r\n" GOT_ADDRESSES);
}
END_TEST

/* The access point goes out of reach in the middle of a join. */
START_TEST(gone_while_joining)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n", "");
    bench_play(&bench, "ap-gone wmat");
    bench_wait(&bench, FW_RADIO_JOIN_MS);
    bench_expect(&bench, "ERROR\r\n");
    bench_say(&bench, "AT+CWLAP\r\n");
    bench_wait(&bench, FW_RADIO_SCAN_MS);
    bench_expect(&bench, "OK\r\n");
}
END_TEST

/* The DHCP answer comes late, or never: associated, without an address. */
START_TEST(late_address)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_play(&bench, "address-delay 5000");
    bench_say(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n");
    bench_wait(&bench, FW_RADIO_JOIN_MS + 4999);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:1,\"wmat\"\r\nOK\r\n");
    bench_wait(&bench, 1);
    bench_expect(&bench, "WIFI GOT IP\r\n");
    bench_play(&bench, "address-delay never");
    bench_talk(&bench, "AT+CWQAP\r\n", "OK\r\nWIFI DISCONNECT\r\n");
    bench_say(&bench, "AT+CWJAP\r\n");
    bench_wait(&bench, 1000000);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:1,\"wmat\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"127.0.0.1\",80\r\n", "ERROR\r\n");
}
END_TEST

static int refuse_join(void *ctx, const struct fw_wifi_join *join, uint64_t now_ms)
{
    (void)ctx;
    (void)join;
    (void)now_ms;
    return FW_IO_FAIL;
}

/* A radio that can't join now is asked again. */
START_TEST(radio_refuses)
{
    struct fw_wifi_ops ops = fw_radio_ops;

    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    ops.join = refuse_join;
    bench.fake.port.wifi = &ops;
    bench_play(&bench, "ap-gone wmat");
    bench_play(&bench, "ap-back wmat");
    bench_wait(&bench, 10000);
    bench_talk(&bench, "AT+CWSTATE?\r\n", "WIFI DISCONNECT\r\n+CWSTATE:3,\"wmat\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWJAP\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CWSTATE?\r\n", "+CWSTATE:4,\"wmat\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWMODE=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWMODE=1\r\n", "OK\r\n");
    bench.fake.port.wifi = &fw_radio_ops;
    bench_wait(&bench, 2000);
    bench_expect(&bench, "WIFI CONNECTED\r\n" GOT_ADDRESSES);
}
END_TEST

/* pci_en 1: neither open networks nor WEP. */
START_TEST(cwjap_pci_en)
{
    bench_start(&bench, (enum bench_feed)_i);
    fw_radio_add(&bench.fake.radio, "open", "");
    bench_say(&bench, "AT+CWJAP=\"open\",\"\",,1\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "ERROR\r\n");
    bench_say(&bench, "AT+CWJAP=\"open\",\"\",,0\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI CONNECTED\r\nOK\r\n" GOT_ADDRESSES);
    bench_say(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\",,1\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI DISCONNECT\r\nWIFI CONNECTED\r\nOK\r\n" GOT_ADDRESSES);
}
END_TEST

/* scan_mode 1: of several access points the strongest. */
START_TEST(cwjap_scan_mode)
{
    bench_start(&bench, (enum bench_feed)_i);
    fw_radio_add(&bench.fake.radio, "wmat", "wmat-demo-1");
    bench.fake.radio.aps[1].ap.rssi = -30;
    bench_join(&bench);
    bench_talk(&bench, "AT+CWJAP?\r\n",
               "+CWJAP:\"wmat\",\"02:80:aa:00:00:01\",1,-40,0,1,3,0,1\r\nOK\r\n");
    bench_say(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\",,,,,1\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI DISCONNECT\r\nWIFI CONNECTED\r\nOK\r\n" GOT_ADDRESSES);
    bench_talk(&bench, "AT+CWJAP?\r\n",
               "+CWJAP:\"wmat\",\"02:80:aa:00:00:02\",6,-30,0,1,3,1,1\r\nOK\r\n");
}
END_TEST

START_TEST(cwinit)
{
    static const char *const bad[] = {"2", "-1", "", "1,1", "\"1\""};
    static const char *const commands[] = {
        "AT+CWMODE=1\r\n",
        "AT+CWJAP\r\n",
        "AT+CWLAP\r\n",
        "AT+CWSAP?\r\n",
        "AT+CWLIF\r\n",
        "AT+CIPSTAMAC?\r\n",
        "AT+CIPAP?\r\n",
        "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n",
        "AT+CIPSTART=\"TCP\",\"127.0.0.1\",80\r\n",
    };

    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWINIT?\r\n", "+CWINIT:1\r\nOK\r\n");
    bench_talk(&bench, "AT+CWMODE=3\r\n", "OK\r\n");
    bench_join(&bench);
    bench_play(&bench, "station-joins 02:00:00:00:00:11");
    bench_expect(&bench, "+STA_CONNECTED: 02:00:00:00:00:11\r\n"
                         "+DIST_STA_IP: 02:00:00:00:00:11,192.168.10.2\r\n");
    BENCH_REFUSE(&bench, "AT+CWINIT", bad);
    bench_talk(&bench, "AT+CWINIT=0\r\n",
               "OK\r\nWIFI DISCONNECT\r\n+STA_DISCONNECTED: 02:00:00:00:00:11\r\n");
    bench_talk(&bench, "AT+CWINIT?\r\n", "+CWINIT:0\r\nOK\r\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        bench_talk(&bench, commands[i], "ERROR\r\n");
    }
    bench_talk(&bench, "AT+CIFSR\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWMODE?\r\n", "+CWMODE:3\r\nOK\r\n");
    bench_talk(&bench, "AT+CWINIT=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWINIT=1\r\n", "OK\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI CONNECTED\r\n" GOT_ADDRESSES);
    bench_talk(&bench, "AT+CWLIF\r\n", "OK\r\n");
}
END_TEST

/* Never stored: 1 after a restart. */
START_TEST(cwinit_is_1_after_a_restart)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWINIT=0\r\n", "OK\r\n");
    bench_play(&bench, "reset");
    bench_expect(&bench, "ready\r\n");
    bench_talk(&bench, "AT+CWINIT?\r\n", "+CWINIT:1\r\nOK\r\n");
    ck_assert_uint_eq(bench.fake.commits, 0);
}
END_TEST

/* Without a network no link is left. */
START_TEST(links_end_with_the_last_network)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_connect(&bench);
    bench_talk(&bench, "AT+CWINIT=0\r\n", "OK\r\nWIFI DISCONNECT\r\nCLOSED\r\n");
}
END_TEST

START_TEST(cwcountry)
{
    static const char *const bad[] = {"\"CN\",0,13", "\"CN\",15,1",
                                      "\"CN\",1,0",  "\"CN\",1,15",
                                      "\"CN\",2,14", "\"CN\",14,2",
                                      "\"XX\",1,13", "\"cn\",1,13",
                                      "\"\",1,13",   "CN,1,13",
                                      "\"CN\",1",    "\"CN\",,13",
                                      "\"CN\"",      "",
                                      "\"CN\",1,1,1"};

    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWCOUNTRY?\r\n", "+CWCOUNTRY:\"CN\",1,13\r\nOK\r\n");
    BENCH_REFUSE(&bench, "AT+CWCOUNTRY", bad);
    bench_talk(&bench, "AT+CWCOUNTRY=\"UK\",14,1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWCOUNTRY=\"JP\",1,14\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWCOUNTRY?\r\n", "+CWCOUNTRY:\"JP\",1,14\r\nOK\r\n");
    bench_play(&bench, "reset");
    bench_talk(&bench, "AT+CWCOUNTRY?\r\n", "ready\r\n+CWCOUNTRY:\"CN\",1,13\r\nOK\r\n");
}
END_TEST

/* The channels of the country are the only ones that are scanned, joined and offered. */
START_TEST(cwcountry_counts)
{
    bench_start(&bench, (enum bench_feed)_i);
    fw_radio_add(&bench.fake.radio, "six", ""); /* on channel 6; wmat is on 1 */
    bench_talk(&bench, "AT+CWCOUNTRY=\"US\",2,10\r\n", "OK\r\n");
    bench_say(&bench, "AT+CWLAP\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "+CWLAP:0,\"six\",-43,\"02:80:aa:00:00:02\",6,0,0,7,0\r\nOK\r\n");
    bench_say(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "ERROR\r\n");
    bench_talk(&bench, "AT+CWCOUNTRY=\"CN\",1,13\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWMODE=2\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWSAP=\"net\",\"\",14,0\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CWSAP=\"net\",\"\",13,0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWCOUNTRY=\"US\",1,12\r\n", "ERROR\r\n"); /* it is on 13 */
    bench_talk(&bench, "AT+CWCOUNTRY=\"US\",13,1\r\n", "OK\r\n");
}
END_TEST

START_TEST(cwstaproto)
{
    static const char *const bad[] = {"0", "8", "-1", "", "1,1", "\"7\""};

    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWSTAPROTO?\r\n", "+CWSTAPROTO:7\r\nOK\r\n");
    bench_talk(&bench, "AT+CWSTAPROTO=1\r\n", "OK\r\n");
    BENCH_REFUSE(&bench, "AT+CWSTAPROTO", bad);
    bench_talk(&bench, "AT+CWSTAPROTO?\r\n", "+CWSTAPROTO:1\r\nOK\r\n");
    bench_talk(&bench, "AT+CWSTAPROTO=7\r\n", "OK\r\n");
    ck_assert_uint_eq(bench.fake.commits, 0);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("station");
    TCase *tcase = tcase_create("station");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, cwreconncfg_ranges, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, interval_of_two_commands, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, interval_is_kept, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, attempts_are_counted, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, configuration_while_waiting, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwautoconn, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, joins_late_after_power_on, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, gone_while_joining, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, late_address, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, radio_refuses, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwjap_pci_en, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwjap_scan_mode, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwinit, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwinit_is_1_after_a_restart, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, links_end_with_the_last_network, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwcountry, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwcountry_counts, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwstaproto, 0, BENCH_FEEDS);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
