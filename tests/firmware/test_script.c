/* The script of the radio (DESIGN.md, section 5): its grammar, its messages, its times. */
#include "script.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fw_bench.h"
#include "suite.h"

static struct fw_radio radio;
static struct fw_script script;
static char err[256];

static void setup(void)
{
    const struct fw_addr ip = {.family = FW_IPV4, .bytes = {127, 87, 0, 1}};

    fw_radio_init(&radio, 1, 0, &ip);
    fw_radio_add(&radio, "wmat", "");
    fw_radio_add(&radio, "a b", "");
    err[0] = '\0';
}

static void teardown(void)
{
    fw_script_free(&script);
}

static int read_script(const char *text)
{
    fw_script_free(&script);
    return fw_script_read(&script, "file", text, &radio, 3, err, sizeof err);
}

START_TEST(every_event)
{
    static const uint8_t mac[6] = {0x02, 0, 0, 0, 0xab, 0xcd};

    ck_assert_int_eq(read_script("# a comment\n"
                                 "\n"
                                 " \t# another\n"
                                 "0 ap-gone wmat\n"
                                 "10 module 2 ap-back a b  \r\n"
                                 "\t20\tmodule 0\taddress-delay 1500\n"
                                 "30 address-delay never\n"
                                 "40 station-joins 02:00:00:00:ab:CD\n"
                                 "50 station-leaves 02:00:00:00:AB:cd\n"
                                 "1000000000000 reset"),
                     0);
    ck_assert_uint_eq(script.count, 7);
    ck_assert_int_eq(script.events[0].kind, FW_SCRIPT_AP_GONE);
    ck_assert_uint_eq(script.events[0].module, FW_SCRIPT_EVERY);
    ck_assert_str_eq(script.events[0].ssid, "wmat");
    ck_assert_int_eq(script.events[1].kind, FW_SCRIPT_AP_BACK);
    ck_assert_uint_eq(script.events[1].module, 2);
    ck_assert_str_eq(script.events[1].ssid, "a b");
    ck_assert_uint_eq(script.events[2].delay_ms, 1500);
    ck_assert_uint_eq(script.events[3].delay_ms, FW_NEVER);
    ck_assert_int_eq(script.events[4].kind, FW_SCRIPT_STATION_JOINS);
    ck_assert_mem_eq(script.events[4].mac, mac, 6);
    ck_assert_int_eq(script.events[5].kind, FW_SCRIPT_STATION_LEAVES);
    ck_assert_mem_eq(script.events[5].mac, mac, 6);
    ck_assert_int_eq(script.events[6].kind, FW_SCRIPT_RESET);
    ck_assert_uint_eq(script.events[6].at_ms, 1000000000000);
    ck_assert_str_eq(fw_script_name(&script.events[6]), "reset");
    ck_assert_int_eq(read_script(""), 0);
    ck_assert_uint_eq(fw_script_deadline(&script), FW_NEVER);
}
END_TEST

static const struct {
    const char *text, *message;
} wrong[] = {
    {"x ap-gone wmat", "file:1: a line starts with the milliseconds since the start, not with 'x'"},
    {"-1 reset", "file:1: a line starts with the milliseconds since the start, not with '-1'"},
    {"1.5 reset", "file:1: a line starts with the milliseconds since the start, not with '1.5'"},
    {"reset", "file:1: a line starts with the milliseconds since the start, not with 'reset'"},
    {"99999999999999999999 reset", "file:1: a line starts with the milliseconds"},
    {"\n\n1 explode", "file:3: there is no event 'explode'"},
    {"1", "file:1: there is no event ''"},
    {"1 Reset", "file:1: there is no event 'Reset'"},
    {"1 reset now", "file:1: reset takes nothing behind it"},
    {"1 ap-gone", "file:1: ap-gone takes the name of an access point, 1 to 32 bytes"},
    {"1 ap-gone 123456789012345678901234567890123", "file:1: ap-gone takes the name"},
    {"1 ap-gone nobody", "file:1: there is no access point 'nobody' (--ap)"},
    {"1 ap-back Wmat", "file:1: there is no access point 'Wmat' (--ap)"},
    {"1 address-delay", "file:1: address-delay takes milliseconds, or never"},
    {"1 address-delay soon", "file:1: address-delay takes milliseconds, or never"},
    {"1 address-delay 5 6", "file:1: address-delay takes milliseconds, or never"},
    {"1 station-joins", "file:1: station-joins takes the station's xx:xx:xx:xx:xx:xx"},
    {"1 station-joins 02:00:00:00:00", "file:1: station-joins takes"},
    {"1 station-joins 02:00:00:00:00:0g", "file:1: station-joins takes"},
    {"1 station-joins 02-00-00-00-00-01", "file:1: station-joins takes"},
    {"1 station-joins 01:00:00:00:00:01", "file:1: station-joins takes"},
    {"1 station-leaves 02:00:00:00:00:01x", "file:1: station-leaves takes"},
    {"1 module 3 reset", "file:1: the modules are 0 to 2, not '3'"},
    {"1 module reset", "file:1: the modules are 0 to 2, not 'reset'"},
    {"1 module", "file:1: the modules are 0 to 2, not ''"},
    {"1 module 1", "file:1: there is no event ''"},
    {"1 reset # comment", "file:1: reset takes nothing behind it"},
};

START_TEST(wrong_lines)
{
    ck_assert_int_eq(read_script(wrong[_i].text), -EINVAL);
    ck_assert_msg(strncmp(err, wrong[_i].message, strlen(wrong[_i].message)) == 0, "%s", err);
}
END_TEST

/* By time, whatever their order; in the order of the file where that is equal. */
START_TEST(order)
{
    static const enum fw_script_kind kinds[] = {FW_SCRIPT_AP_BACK, FW_SCRIPT_AP_GONE,
                                                FW_SCRIPT_ADDRESS_DELAY, FW_SCRIPT_RESET};

    ck_assert_int_eq(read_script("30 reset\n20 ap-gone wmat\n20 address-delay 1\n0 ap-back wmat"),
                     0);
    for (size_t i = 0; i < 4; i++) {
        static const uint64_t times[] = {0, 20, 20, 30};

        ck_assert_uint_eq(fw_script_deadline(&script), times[i]);
        if (times[i] > 0) {
            ck_assert_ptr_null(fw_script_due(&script, times[i] - 1));
        }
        ck_assert_int_eq(fw_script_due(&script, times[i])->kind, kinds[i]);
    }
    ck_assert_ptr_null(fw_script_due(&script, UINT64_MAX - 1));
}
END_TEST

static struct fw_bench bench;

/* Plays a whole script on virtual time: what a module says to it is the same every time. */
START_TEST(plays_on_virtual_time)
{
    bench_start(&bench, BENCH_WHOLE);
    bench_join(&bench);
    bench_talk(&bench, "AT+CWMODE=3\r\n", "OK\r\n");
    ck_assert_int_eq(fw_script_read(&script, "file",
                                    "1000 ap-gone wmat\n"
                                    "2500 station-joins 02:00:00:00:00:01\n"
                                    "3000 ap-back wmat\n"
                                    "3000 address-delay 2000\n"
                                    "9000 station-leaves 02:00:00:00:00:01\n",
                                    &bench.fake.radio, 1, err, sizeof err),
                     0);
    for (uint64_t start_ms = bench.now_ms; fw_script_deadline(&script) != FW_NEVER;) {
        const struct fw_script_event *event;

        bench_wait(&bench, start_ms + fw_script_deadline(&script) - bench.now_ms);
        event = fw_script_due(&script, bench.now_ms - start_ms);
        fw_script_play(event, &bench.fake.radio, bench.now_ms);
        bench_wait(&bench, 0);
    }
    bench_expect(&bench, "WIFI DISCONNECT\r\n"
                         "+STA_CONNECTED: 02:00:00:00:00:01\r\n"
                         "+DIST_STA_IP: 02:00:00:00:00:01,192.168.10.2\r\n"
                         "WIFI CONNECTED\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n"
                         "WIFI GOT IP\r\n"
                         "+STA_DISCONNECTED: 02:00:00:00:00:01\r\n");
    bench_stop(&bench);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("script");
    TCase *tcase = tcase_create("script");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, every_event);
    tcase_add_loop_test(tcase, wrong_lines, 0, sizeof wrong / sizeof *wrong);
    tcase_add_test(tcase, order);
    tcase_add_test(tcase, plays_on_virtual_time);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
