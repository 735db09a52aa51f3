/* Scans, against golden bytes (framework: "Wi-Fi commands"; device_dialect, section 10). */
#include <string.h>

#include <wmat/wifi.h>

#include "bench.h"
#include "suite.h"

#define THIRTY_TWO "01234567890123456789012345678901"

static struct bench bench;

static void open_bench(int piece)
{
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, (size_t)piece);
}

/* AT+CWLAP. */

static struct wm_wifi_ap aps[4];

static int scan(const char *answer, size_t max)
{
    struct wm_op op;
    memset(aps, 0x55, sizeof aps);
    wm_wifi_scan_prepare(&op, aps, max);
    return bench_run(&bench, &op, "AT+CWLAP\r\n", answer);
}

static void expect_ap(const struct wm_wifi_ap *ap, const struct wm_wifi_ap *expected)
{
    ck_assert_int_eq(ap->ecn, expected->ecn);
    ck_assert_str_eq(ap->ssid, expected->ssid);
    ck_assert_int_eq(ap->rssi, expected->rssi);
    ck_assert_str_eq(ap->bssid, expected->bssid);
    ck_assert_int_eq(ap->channel, expected->channel);
    ck_assert_int_eq(ap->pairwise_cipher, expected->pairwise_cipher);
    ck_assert_int_eq(ap->group_cipher, expected->group_cipher);
    ck_assert_int_eq(ap->bgn, expected->bgn);
    ck_assert_int_eq(ap->wps, expected->wps);
}

static const struct {
    const char *line;
    struct wm_wifi_ap ap;
} found[] = {
    {"+CWLAP:3,\"home\",-48,\"aa:bb:cc:dd:ee:ff\",6,3,4,7,1\r\n",
     {3, "home", -48, "aa:bb:cc:dd:ee:ff", 6, 3, 4, 7, 1}},
    /* hidden */
    {"+CWLAP:0,\"\",-90,\"aa:bb:cc:dd:ee:ff\",13,0,0,7,0\r\n",
     {0, "", -90, "aa:bb:cc:dd:ee:ff", 13, 0, 0, 7, 0}},
    /* never escaped */
    {"+CWLAP:4,\"a\"b,c\\d\",-1,\"aa:bb:cc:dd:ee:ff\",1,3,3,7,0\r\n",
     {4, "a\"b,c\\d", -1, "aa:bb:cc:dd:ee:ff", 1, 3, 3, 7, 0}},
    {"+CWLAP:4,\"a\",-1,\"b\",-2,\"aa:bb:cc:dd:ee:ff\",1,3,3,7,0\r\n",
     {4, "a\",-1,\"b", -2, "aa:bb:cc:dd:ee:ff", 1, 3, 3, 7, 0}},
    {"+CWLAP:6,\"caf\xc3\xa9\",-7,\"aa:bb:cc:dd:ee:ff\",1,3,3,7,0\r\n",
     {6, "caf\xc3\xa9", -7, "aa:bb:cc:dd:ee:ff", 1, 3, 3, 7, 0}},
    {"+CWLAP:3,\"" THIRTY_TWO "\",-7,\"aa:bb:cc:dd:ee:ff\",1,3,3,7,0\r\n",
     {3, THIRTY_TWO, -7, "aa:bb:cc:dd:ee:ff", 1, 3, 3, 7, 0}},
    /* Fields that AT+CWLAPOPT masks off stay as empty positions. */
    {"+CWLAP:,\"home\",,,,,,,\r\n", {-1, "home", 0, "", 0, -1, -1, -1, -1}},
    {"+CWLAP:3,,-48,\"aa:bb:cc:dd:ee:ff\",,,,,\r\n",
     {3, "", -48, "aa:bb:cc:dd:ee:ff", 0, -1, -1, -1, -1}},
    {"+CWLAP:,,,,11,,,,\r\n", {-1, "", 0, "", 11, -1, -1, -1, -1}},
    {"+CWLAP:,,,,,,,,0\r\n", {-1, "", 0, "", 0, -1, -1, -1, 0}},
    {"+CWLAP:3,\"home\"\r\n", {3, "home", 0, "", 0, -1, -1, -1, -1}},
};

START_TEST(scan_of_one)
{
    char answer[256] = "";
    open_bench(_i % 2);
    strcat(strcat(answer, found[_i / 2].line), "OK\r\n");
    ck_assert_int_eq(scan(answer, 4), 1);
    expect_ap(&aps[0], &found[_i / 2].ap);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->noise, 0);
}
END_TEST

START_TEST(scan_of_more_than_there_is_room_for)
{
    static const char answer[] = "AT+CWLAP\r\n\r\n"
                                 "+CWLAP:3,\"a\",-48,\"aa:bb:cc:dd:ee:01\",6,3,3,7,0\r\n"
                                 "+CWLAP:3,\"b\",-58,\"aa:bb:cc:dd:ee:02\",7,3,3,7,0\r\n"
                                 "WIFI DISCONNECT\r\n"
                                 "+CWLAP:0,\"c\",-68,\"aa:bb:cc:dd:ee:03\",8,0,0,7,0\r\nOK\r\n";
    open_bench(_i % 2);
    size_t max = (size_t)_i / 2;
    ck_assert_int_eq(scan(answer, max), 3);
    if (max > 0)
        ck_assert_str_eq(aps[0].ssid, "a");
    if (max > 1)
        ck_assert_str_eq(aps[1].ssid, "b");
    ck_assert_int_eq((unsigned char)aps[max].ssid[0], 0x55);
}
END_TEST

START_TEST(scan_that_finds_nothing_or_fails)
{
    open_bench(0);
    ck_assert_int_eq(scan("OK\r\n", 4), 0);
    ck_assert_int_eq(scan("+CWLAP:3,\"a\",-48\r\nERROR\r\n", 4), WM_ERR_DEVICE);
}
END_TEST

/* One that can't be read hides an access point, so the list is none, and nothing of it is given. */
static const char *const damaged[] = {
    "+CWLAP:3,\"a\",-48,\"aa:bb:cc:dd:ee:0\",6,3,3,7,0\r\n",
    "+CWLAP:3,\"a\",-48,\"aa:bb:cc:dd:ee:01\",6,3,3,7,0,5\r\n",
    "+CWLAP:x,\"a\",-48,\"aa:bb:cc:dd:ee:01\",6,3,3,7,0\r\n",
    "+CWLAP:3,\"" THIRTY_TWO "2\",-48,\"aa:bb:cc:dd:ee:01\",6,3,3,7,0\r\n",
    "+CWLAP:3,\"a\",-4-8,\"aa:bb:cc:dd:ee:01\",6,3,3,7,0\r\n",
    "+CWLAP:3,\"a\",-48,\"aa:bb:cc:dd:ee:01\",256,3,3,7,0\r\n",
    "+CWLAX:3,\"a\",-48,\"aa:bb:cc:dd:ee:01\",6,3,3,7,0\r\n",
    "+CWLAP\r\n",
};

START_TEST(scan_with_a_line_that_is_damaged)
{
    char answer[256] = "+CWLAP:3,\"b\",-58,\"aa:bb:cc:dd:ee:02\",7,3,3,7,0\r\n";
    open_bench(_i % 2);
    strcat(strcat(answer, damaged[_i / 2]), "OK\r\n");
    ck_assert_int_eq(scan(answer, 4), WM_ERR_PROTO);
    ck_assert_mem_eq(&aps[0], &(struct wm_wifi_ap){0}, sizeof aps[0]);
    ck_assert_mem_eq(&aps[1], &(struct wm_wifi_ap){0}, sizeof aps[1]);
}
END_TEST

/* AT+CWLAP, set form. */

static const struct {
    struct wm_wifi_scan_filter filter;
    const char *line; /* NULL: WM_ERR_ARG */
} filters[] = {
    {{.ssid = "a,b"}, "AT+CWLAP=\"a\\,b\"\r\n"},
    {{.bssid = "aa:bb:cc:dd:ee:ff"}, "AT+CWLAP=,\"aa:bb:cc:dd:ee:ff\"\r\n"},
    {{.channel = 14}, "AT+CWLAP=,,14\r\n"},
    {{.passive = 1}, "AT+CWLAP=,,,1\r\n"},
    {{.min_ms = 1500}, "AT+CWLAP=,,,,1500\r\n"},
    {{.max_ms = 1}, "AT+CWLAP=,,,,,1\r\n"},
    {{"h", "aa:bb:cc:dd:ee:ff", 6, 1, 100, 200},
     "AT+CWLAP=\"h\",\"aa:bb:cc:dd:ee:ff\",6,1,100,200\r\n"},
    {{.ssid = NULL}, NULL}, /* that is the execute form */
    {{.ssid = ""}, NULL},
    {{.ssid = THIRTY_TWO "2"}, NULL},
    {{.bssid = "aa:bb:cc:dd:ee:fg"}, NULL},
    {{.channel = 15}, NULL},
    {{.channel = -1}, NULL},
    {{.passive = 2}, NULL},
    {{.min_ms = 1501}, NULL},
    {{.max_ms = -1}, NULL},
};

START_TEST(scan_through_a_filter)
{
    struct wm_op op;
    open_bench(0);
    int err = wm_wifi_scan_for_prepare(&op, &filters[_i].filter, aps, 4);
    ck_assert_int_eq(err, filters[_i].line ? 0 : WM_ERR_ARG);
    if (err < 0)
        return;
    ck_assert_int_eq(bench_run(&bench, &op, filters[_i].line,
                               "+CWLAP:3,\"a\",-48,\"aa:bb:cc:dd:ee:01\",6,3,3,7,0\r\nOK\r\n"),
                     1);
    ck_assert_str_eq(aps[0].ssid, "a");
}
END_TEST

/* AT+CWLAPOPT. */

START_TEST(scan_view)
{
    struct wm_wifi_scan_view view = {0x1ff, -100, 0xffff};
    struct wm_op op;
    open_bench(0);
    ck_assert_int_eq(wm_wifi_scan_view_set_prepare(&op, &view), 0);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CWLAPOPT=511,-100,65535\r\n", "OK\r\n"), 0);
    view = (struct wm_wifi_scan_view){0, 40, 0};
    ck_assert_int_eq(wm_wifi_scan_view_set_prepare(&op, &view), 0);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CWLAPOPT=0,40,0\r\n", "CMD PARSE ERR\r\n"),
                     WM_ERR_REFUSED);
}
END_TEST

#define COUNT(rows) ((int)(sizeof rows / sizeof rows[0]))

int main(void)
{
    Suite *suite = suite_create("wifi_scan");
    TCase *tc = tcase_create("wifi_scan");
    tcase_add_loop_test(tc, scan_of_one, 0, 2 * COUNT(found));
    tcase_add_loop_test(tc, scan_of_more_than_there_is_room_for, 0, 6);
    tcase_add_test(tc, scan_that_finds_nothing_or_fails);
    tcase_add_loop_test(tc, scan_with_a_line_that_is_damaged, 0, 2 * COUNT(damaged));
    tcase_add_loop_test(tc, scan_through_a_filter, 0, COUNT(filters));
    tcase_add_test(tc, scan_view);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
