/* Wi-Fi as a shipping module has it: section 10 of the page on what it does, rows 5 and 37 of its
 * section 13. */
#include <string.h>

#include "shipping_bench.h"
#include "suite.h"

#define A    "02:00:00:00:00:0a"
#define JOIN "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n"

/* Row 37: OK is the association; addresses come later, in quotes. */
START_TEST(join)
{
    bench_play(&bench, "address-delay 5000");
    bench_say(&bench, JOIN);
    bench_wait(&bench, 4000);
    bench_expect(&bench, JOIN "\r\nWIFI CONNECTED\r\nOK\r\n"
                              "WIFI GOT IPv6 LL \"FE80::80:FF:FE01:0\"\r\n"
                              "WIFI GOT IPv6 GL \"::1\"\r\n");
    bench_command(&bench, "AT+CWSTATE?", "+CWSTATE:1,\"wmat\"\r\nOK\r\n");
    bench_command(&bench, "AT+CIPSTART=\"TCP\",\"192.0.2.1\",80", "ERROR\r\n");
    bench_wait(&bench, 4000);
    bench_expect(&bench, "WIFI GOT IP \"127.87.0.1\"\r\n");
    bench_command(&bench, "AT+CWSTATE?", "+CWSTATE:2,\"wmat\"\r\nOK\r\n");
    bench_connect(&bench);
    bench_command(&bench, "AT+CWJAP?",
                  "+CWJAP:\"wmat\",\"02:80:aa:00:00:01\",1,-40,0,1,3,0,1\r\n\r\nOK\r\n");
    bench_command(&bench, "AT+CWQAP", "WIFI DISCONNECT\r\nCLOSED\r\nOK\r\n");
    bench_command(&bench, "AT+CWSTATE?", "+CWSTATE:4,\"wmat\"\r\nOK\r\n");
    bench_command(&bench, "AT+CWQAP", "OK\r\n");
}
END_TEST

/* A join that fails says ERROR alone; a loss says so. */
START_TEST(failures)
{
    bench_say(&bench, "AT+CWJAP=\"wmat\",\"12345\"\r\n");
    bench_wait(&bench, 20000);
    bench_expect(&bench, "AT+CWJAP=\"wmat\",\"12345\"\r\n\r\nERROR\r\n");
    bench_command(&bench, "AT+CWSTATE?", "+CWSTATE:4,\"wmat\"\r\nOK\r\n");
    bench_say(&bench, "AT+CWJAP=\"nowhere\",\"12345678\",,,,,,3\r\n");
    bench_wait(&bench, 20000);
    bench_expect(&bench, "AT+CWJAP=\"nowhere\",\"12345678\",,,,,,3\r\n\r\nERROR\r\n");
    bench_join(&bench);
    bench_play(&bench, "ap-gone wmat");
    bench_wait(&bench, 100);
    bench_expect(&bench, "WIFI DISCONNECT\r\n");
}
END_TEST

/* Known, but not joined since power-on. */
START_TEST(state_of_a_stored_access_point)
{
    bench_join(&bench);
    bench_command(&bench, "AT+CWAUTOCONN=0", "OK\r\n");
    bench_reset(&bench);
    bench_expect(&bench, "ready\r\n");
    bench_command(&bench, "AT+CWSTATE?", "+CWSTATE:4,\"wmat\"\r\nOK\r\n");
}
END_TEST

/* A key of five characters is one here, and is still there after a reset. */
START_TEST(a_short_key_is_kept)
{
    fw_radio_add(&bench.fake.radio, "wep", "abcde");
    bench_say(&bench, "AT+CWJAP=\"wep\",\"abcde\"\r\n");
    bench_wait(&bench, 1000);
    ck_assert_ptr_nonnull(strstr(bench.out, "WIFI GOT IP "));
    bench.out_len = 0;
    bench_reset(&bench);
    bench_wait(&bench, 5000);
    bench.out[bench.out_len] = '\0';
    ck_assert_ptr_nonnull(strstr(bench.out, "ready\r\nWIFI CONNECTED\r\nWIFI GOT IP "));
    bench.out_len = 0;
}
END_TEST

START_TEST(lost_address)
{
    bench_join(&bench);
    bench_command(&bench, "AT+CIPSTA=\"10.0.0.9\"", "OK\r\n");
    bench_say(&bench, "AT+CWDHCP=1,1\r\n");
    bench_wait(&bench, 1000);
    bench_expect(&bench, "AT+CWDHCP=1,1\r\n\r\nOK\r\nWIFI LOST IP\r\n"
                         "WIFI GOT IP \"127.87.0.1\"\r\n");
}
END_TEST

/* The reports of stations end in LF alone, but for that of an address. */
START_TEST(stations)
{
    bench_command(&bench, "AT+CWMODE=2", "OK\r\n");
    bench_play(&bench, "station-joins " A);
    bench_wait(&bench, 1000);
    bench_expect(&bench, "+STA_CONNECTED:\"" A "\"\n"
                         "+DIST_STA_IP:\"" A "\",\"192.168.10.2\"\r\n");
    bench_play(&bench, "station-leaves " A);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+STA_DISCONNECTED:\"" A "\"\n");
    bench_command(&bench, "AT+CWDHCPS?",
                  "+CWDHCPS=120,\"192.168.10.2\",\"192.168.10.101\"\r\nOK\r\n");
}
END_TEST

/* Nine fields; those that AT+CWLAPOPT masks off are empty. */
START_TEST(scan)
{
    bench_command(&bench, "AT+CWLAPOPT=10", "OK\r\n");
    bench_say(&bench, "AT+CWLAP\r\n");
    bench_wait(&bench, 3000);
    bench_expect(&bench, "AT+CWLAP\r\n\r\n+CWLAP:,\"wmat\",,\"02:80:aa:00:00:01\",,,,,\r\nOK\r\n");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("w800 wifi");
    TCase *tcase = tcase_create("w800 wifi");

    tcase_add_checked_fixture(tcase, shipping_start, shipping_stop);
    tcase_add_test(tcase, join);
    tcase_add_test(tcase, failures);
    tcase_add_test(tcase, state_of_a_stored_access_point);
    tcase_add_test(tcase, a_short_key_is_kept);
    tcase_add_test(tcase, lost_address);
    tcase_add_test(tcase, stations);
    tcase_add_test(tcase, scan);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
