/* Wi-Fi station commands, against golden bytes (framework: "Wi-Fi commands"; device_dialect,
 * sections 9 and 10). Every case runs with the module's bytes whole and one at a time. */
#include <string.h>

#include <wmat/link.h>
#include <wmat/wifi.h>

#include "bench.h"
#include "suite.h"

static struct bench bench;

static void open_bench(int piece)
{
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, (size_t)piece);
}

/* AT+CWMODE. */

static const struct {
    const char *answer;
    int result;
} modes[] = {
    {"+CWMODE:0\r\nOK\r\n", WM_WIFI_OFF},
    {"+CWMODE:1\r\nOK\r\n", WM_WIFI_STATION},
    {"AT+CWMODE?\r\n\r\n+CWMODE:2\r\nOK\r\n", WM_WIFI_SOFTAP},
    {"+CWMODE:3,1\r\nOK\r\n", WM_WIFI_BOTH}, /* with <auto_connect> */
    {"+CWMODE:4\r\nOK\r\n", WM_ERR_PROTO},
    {"OK\r\n", WM_ERR_PROTO},
    {"ERROR\r\n", WM_ERR_DEVICE},
};

START_TEST(mode_get)
{
    struct wm_op op;
    open_bench(_i % 2);
    wm_wifi_mode_get_prepare(&op);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CWMODE?\r\n", modes[_i / 2].answer),
                     modes[_i / 2].result);
}
END_TEST

START_TEST(mode_set)
{
    char line[] = "AT+CWMODE=_\r\n";
    struct wm_op op;
    open_bench(0);
    for (int mode = WM_WIFI_OFF; mode <= WM_WIFI_BOTH; mode++) {
        ck_assert_int_eq(wm_wifi_mode_set_prepare(&op, (enum wm_wifi_mode)mode), 0);
        line[10] = (char)('0' + mode);
        ck_assert_int_eq(bench_run(&bench, &op, line, "OK\r\n"), 0);
    }
    ck_assert_int_eq(wm_wifi_mode_set_prepare(&op, (enum wm_wifi_mode)4), WM_ERR_ARG);
    ck_assert_int_eq(wm_wifi_mode_set_prepare(&op, (enum wm_wifi_mode) - 1), WM_ERR_ARG);
}
END_TEST

/* AT+CWJAP. */

static const struct wm_wifi_join_options home = {.ssid = "home", .password = "12345678"};

#define JOIN_HOME "AT+CWJAP=\"home\",\"12345678\"\r\n"

/* Up to the moment when AT+CWJAP is due; the module is in station mode. */
static void start_join(struct wm_op *op, const struct wm_wifi_join_options *options)
{
    ck_assert_int_eq(wm_wifi_join_prepare(op, options), 0);
    bench_submit(&bench, op, 0);
    bench_expect(&bench, "AT+CWMODE?\r\n");
    bench_module(&bench, "+CWMODE:1\r\nOK\r\n");
}

static const struct {
    const char *mode, *set;
} starts[] = {
    {"+CWMODE:0\r\nOK\r\n", "AT+CWMODE=1\r\n"},
    {"+CWMODE:1\r\nOK\r\n", NULL},
    {"+CWMODE:2\r\nOK\r\n", "AT+CWMODE=3\r\n"}, /* the SoftAP stays */
    {"+CWMODE:3\r\nOK\r\n", NULL},
};

START_TEST(join_in_every_mode)
{
    struct wm_op op;
    open_bench(_i % 2);
    wm_wifi_join_prepare(&op, &home);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CWMODE?\r\n");
    bench_module(&bench, starts[_i / 2].mode);
    if (starts[_i / 2].set) {
        bench_expect(&bench, starts[_i / 2].set);
        bench_module(&bench, "OK\r\n");
    }
    bench_expect(&bench, JOIN_HOME);
    bench_module(&bench, "WIFI CONNECTED\r\nOK\r\n");
    bench_silence(&bench, 2000);
    ck_assert(!wm_op_ended(&op));
    bench_module(&bench, "WIFI GOT IP\r\n");
    ck_assert_int_eq(bench_result(&op), 0);
}
END_TEST

/* What the module says between AT+CWJAP and the end, and what becomes of it. */
static const struct {
    const char *answer;
    int result;
} joins[] = {
    {"WIFI CONNECTED\r\nOK\r\nWIFI GOT IP\r\n", 0},
    {"WIFI CONNECTED\r\nOK\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IP\r\nWIFI GOT IPv6 GL\r\n", 0},
    {"WIFI CONNECTED\r\nWIFI GOT IP\r\nOK\r\n", 0},
    {"WIFI CONNECTED\r\nOK\r\nWIFI GOT IP \"192.168.1.50\"\r\n",
     0}, /* device_dialect, section 10 */
    {"WIFI DISCONNECT\r\nWIFI CONNECTED\r\nOK\r\nWIFI GOT IP\r\n", 0},
    {"ERROR\r\n", WM_ERR_DEVICE},
    {"CMD PARSE ERR\r\n", WM_ERR_REFUSED},
    {"CMD FORMAT ERR\r\n", WM_ERR_UNSUPPORTED},
    {"busy ...\r\n", WM_ERR_BUSY},
    {"ready\r\n", WM_ERR_RESET},
    {"WIFI CONNECTED\r\nOK\r\nready\r\n", WM_ERR_RESET}, /* the wait has nothing to wait for */
};

START_TEST(join_by_its_result)
{
    struct wm_op op;
    open_bench(_i % 2);
    start_join(&op, &home);
    bench_expect(&bench, JOIN_HOME);
    bench_module(&bench, joins[_i / 2].answer);
    ck_assert_int_eq(bench_result(&op), joins[_i / 2].result);
}
END_TEST

/* An address from before the join does not count. */
START_TEST(join_waits_for_a_new_address)
{
    struct wm_op op;
    open_bench(0);
    bench_module(&bench, "WIFI GOT IP\r\n");
    start_join(&op, &home);
    bench_expect(&bench, JOIN_HOME);
    bench_module(&bench, "WIFI DISCONNECT\r\nWIFI CONNECTED\r\nOK\r\n");
    ck_assert(!wm_op_ended(&op));
    bench_module(&bench, "WIFI GOT IP\r\n");
    ck_assert_int_eq(bench_result(&op), 0);
}
END_TEST

START_TEST(join_without_an_address)
{
    struct wm_op op;
    open_bench(0);
    start_join(&op, &home);
    bench_expect(&bench, JOIN_HOME);
    bench_module(&bench, "WIFI CONNECTED\r\nOK\r\nWIFI GOT IPv6 LL\r\n");
    bench_pass(&bench, 24999);
    ck_assert(!wm_op_ended(&op));
    bench_pass(&bench, 1);
    ck_assert_int_eq(bench_result(&op), WM_ERR_TIMEOUT);
    ck_assert(wm_core_ready(&bench.core));
}
END_TEST

/* The module goes on joining; the next command waits for that. */
START_TEST(join_without_an_answer)
{
    struct wm_op op, next;
    open_bench(0);
    start_join(&op, &home);
    bench_expect(&bench, JOIN_HOME);
    bench_pass(&bench, 25000);
    ck_assert_int_eq(bench_result(&op), WM_ERR_TIMEOUT);
    wm_wifi_mode_get_prepare(&next);
    bench_submit(&bench, &next, 10000);
    bench_silence(&bench, 5000);
    bench_module(&bench, "ERROR\r\n");
    bench_expect(&bench, "AT+CWMODE?\r\n");
    bench_module(&bench, "+CWMODE:1\r\nOK\r\n");
    ck_assert_int_eq(bench_result(&next), 1);
}
END_TEST

START_TEST(join_whose_mode_is_refused)
{
    struct wm_op op;
    open_bench(0);
    wm_wifi_join_prepare(&op, &home);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CWMODE?\r\n");
    bench_module(&bench, _i ? "ERROR\r\n" : "+CWMODE:0\r\nOK\r\n");
    if (_i == 0) {
        bench_expect(&bench, "AT+CWMODE=1\r\n");
        bench_module(&bench, "ERROR\r\n");
    }
    ck_assert_int_eq(bench_result(&op), WM_ERR_DEVICE);
    bench_silence(&bench, 100);
}
END_TEST

#define TEN        "0123456789"
#define SIXTY      TEN TEN TEN TEN TEN TEN
#define THIRTY_TWO TEN TEN TEN "01"

static const struct {
    struct wm_wifi_join_options options;
    const char *line; /* NULL: WM_ERR_ARG */
} credentials[] = {
    {{.ssid = "home"}, "AT+CWJAP=\"home\",\"\"\r\n"},
    {{.ssid = "home", .password = ""}, "AT+CWJAP=\"home\",\"\"\r\n"},
    {{.ssid = "home", .password = "1234567"}, NULL},
    {{.ssid = "home", .password = "12345678"}, JOIN_HOME},
    {{.ssid = "h", .password = SIXTY "-,z"}, "AT+CWJAP=\"h\",\"" SIXTY "-\\,z\"\r\n"},
    {{.ssid = "h", .password = SIXTY "aBcD"}, "AT+CWJAP=\"h\",\"" SIXTY "aBcD\"\r\n"},
    {{.ssid = "h", .password = SIXTY "abcg"}, NULL},
    {{.ssid = "h", .password = SIXTY "abcde"}, NULL},
    {{.ssid = "h", .password = "1234567\r"}, NULL},
    {{.ssid = "h", .password = "12345678\nAT+RST"}, NULL},
    {{.ssid = NULL}, NULL},
    {{.ssid = ""}, NULL},
    {{.ssid = "a\r\nb"}, NULL},
    {{.ssid = THIRTY_TWO "2"}, NULL},
    {{.ssid = THIRTY_TWO}, "AT+CWJAP=\"" THIRTY_TWO "\",\"\"\r\n"},
    {{.ssid = "a\"b,c\\d"}, "AT+CWJAP=\"a\\\"b\\,c\\\\d\",\"\"\r\n"},
    {{.ssid = "caf\xc3\xa9 \xe2\x98\x95"}, "AT+CWJAP=\"caf\xc3\xa9 \xe2\x98\x95\",\"\"\r\n"},
    {{.ssid = "h", .bssid = "aa:bb:cc:dd:ee:ff"}, "AT+CWJAP=\"h\",\"\",\"aa:bb:cc:dd:ee:ff\"\r\n"},
    {{.ssid = "h", .bssid = "aa:bb:cc:dd:ee"}, NULL},
    {{.ssid = "h", .bssid = "aa:bb:cc:dd:ee:ff0"}, NULL},
    {{.ssid = "h", .bssid = ""}, NULL},
    {{.ssid = "h", .pci_en = 1}, "AT+CWJAP=\"h\",\"\",,1\r\n"},
    {{.ssid = "h", .reconnect_s = 7200}, "AT+CWJAP=\"h\",\"\",,,7200\r\n"},
    {{.ssid = "h", .reconnect_s = -1}, "AT+CWJAP=\"h\",\"\",,,0\r\n"},
    {{.ssid = "h", .listen_interval = 100}, "AT+CWJAP=\"h\",\"\",,,,100\r\n"},
    {{.ssid = "h", .scan_mode = 1}, "AT+CWJAP=\"h\",\"\",,,,,1\r\n"},
    {{.ssid = "h", .timeout_s = 3}, "AT+CWJAP=\"h\",\"\",,,,,,3\r\n"},
    {{.ssid = "h", .pmf = -1}, "AT+CWJAP=\"h\",\"\",,,,,,,0\r\n"},
    {{.ssid = "h",
      .password = "12345678",
      .bssid = "aa:bb:cc:dd:ee:ff",
      .pci_en = 1,
      .reconnect_s = 2,
      .listen_interval = 4,
      .scan_mode = 1,
      .timeout_s = 600,
      .pmf = 3},
     "AT+CWJAP=\"h\",\"12345678\",\"aa:bb:cc:dd:ee:ff\",1,2,4,1,600,3\r\n"},
};

START_TEST(join_with_credentials)
{
    struct wm_op op;
    open_bench(0);
    if (!credentials[_i].line) {
        ck_assert_int_eq(wm_wifi_join_prepare(&op, &credentials[_i].options), WM_ERR_ARG);
        ck_assert_int_eq(wm_core_submit(&bench.core, &op, 0, NULL, NULL, bench.now_ms),
                         WM_ERR_STATE);
        bench_silence(&bench, 100);
        return;
    }
    start_join(&op, &credentials[_i].options);
    bench_expect(&bench, credentials[_i].line);
    bench_module(&bench, "ERROR\r\n");
    ck_assert_int_eq(bench_result(&op), WM_ERR_DEVICE);
}
END_TEST

/* The longest line that a join can be fits: every character of both is escaped. */
START_TEST(join_with_nothing_but_quotes)
{
    char ssid[33] = "", password[64] = "", line[300] = "AT+CWJAP=\"";
    struct wm_wifi_join_options options = {
        .ssid = ssid, .password = password, .bssid = "aa:bb:cc:dd:ee:ff"};
    struct wm_op op;
    open_bench(0);
    memset(ssid, '"', 32);
    memset(password, ',', 63);
    for (int i = 0; i < 32; i++)
        strcat(line, "\\\"");
    strcat(line, "\",\"");
    for (int i = 0; i < 63; i++)
        strcat(line, "\\,");
    strcat(line, "\",\"aa:bb:cc:dd:ee:ff\"\r\n");
    start_join(&op, &options);
    bench_expect(&bench, line);
    bench_module(&bench, "WIFI CONNECTED\r\nOK\r\nWIFI GOT IP\r\n");
    ck_assert_int_eq(bench_result(&op), 0);
}
END_TEST

/* <jap_timeout> is the module's; an address may take as long again. */
START_TEST(join_takes_as_long_as_it_was_told)
{
    struct wm_wifi_join_options options = {.ssid = "h", .timeout_s = 600};
    struct wm_op op;
    open_bench(0);
    start_join(&op, &options);
    bench_pass(&bench, 609000);
    ck_assert(!wm_op_ended(&op));
    bench_pass(&bench, 1000);
    ck_assert_int_eq(bench_result(&op), WM_ERR_TIMEOUT);
}
END_TEST

static const struct {
    const char *answer;
    int result;
} rejoins[] = {
    {"WIFI CONNECTED\r\nOK\r\nWIFI GOT IP\r\n", 0},
    {"WIFI CONNECTED\r\nWIFI GOT IP\r\nOK\r\n", 0},
    {"ERROR\r\n", WM_ERR_DEVICE},
    {"WIFI CONNECTED\r\nOK\r\nready\r\n", WM_ERR_RESET},
};

START_TEST(rejoin)
{
    struct wm_op op;
    open_bench(_i % 2);
    ck_assert_int_eq(wm_wifi_rejoin_prepare(&op), 0);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CWJAP\r\n", rejoins[_i / 2].answer),
                     rejoins[_i / 2].result);
    wm_wifi_rejoin_prepare(&op);
    if (rejoins[_i / 2].result == WM_ERR_RESET)
        return;
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CWJAP\r\n");
    bench_module(&bench, "WIFI CONNECTED\r\nOK\r\n");
    ck_assert(!wm_op_ended(&op));
}
END_TEST

/* AT+CWQAP. */

START_TEST(leave)
{
    static const char *const answers[] = {"OK\r\n", "WIFI DISCONNECT\r\nOK\r\n",
                                          "OK\r\nWIFI DISCONNECT\r\n"};
    struct wm_op op;
    open_bench(_i % 2);
    wm_wifi_leave_prepare(&op);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CWQAP\r\n", answers[_i / 2]), 0);
    wm_wifi_leave_prepare(&op);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CWQAP\r\n", "ERROR\r\n"), WM_ERR_DEVICE);
}
END_TEST

/* Events of the station: the last one is the truth. */

static int next_event(void)
{
    struct wm_event event;
    return wm_core_next_event(&bench.core, &event) ? (int)event.kind : -1;
}

START_TEST(events_come_in_their_order)
{
    open_bench(_i);
    while (next_event() >= 0)
        ;
    bench_module(&bench, "WIFI GOT IP\r\nWIFI DISCONNECT\r\n");
    ck_assert_int_eq(next_event(), WM_EVENT_WIFI_UP);
    ck_assert_int_eq(next_event(), WM_EVENT_WIFI_DOWN);
    ck_assert_int_eq(next_event(), -1);
    bench_module(&bench, "WIFI GOT IP\r\nWIFI LOST IP\r\nWIFI GOT IP\r\n");
    ck_assert_int_eq(next_event(), WM_EVENT_WIFI_DOWN);
    ck_assert_int_eq(next_event(), WM_EVENT_WIFI_UP);
    ck_assert_int_eq(next_event(), -1);
}
END_TEST

#define COUNT(rows) ((int)(sizeof rows / sizeof rows[0]))

static void add_joins(TCase *tc)
{
    tcase_add_loop_test(tc, join_in_every_mode, 0, 2 * COUNT(starts));
    tcase_add_loop_test(tc, join_by_its_result, 0, 2 * COUNT(joins));
    tcase_add_test(tc, join_waits_for_a_new_address);
    tcase_add_test(tc, join_without_an_address);
    tcase_add_test(tc, join_without_an_answer);
    tcase_add_loop_test(tc, join_whose_mode_is_refused, 0, 2);
    tcase_add_loop_test(tc, join_with_credentials, 0, COUNT(credentials));
    tcase_add_test(tc, join_with_nothing_but_quotes);
    tcase_add_test(tc, join_takes_as_long_as_it_was_told);
    tcase_add_loop_test(tc, rejoin, 0, 2 * COUNT(rejoins));
}

int main(void)
{
    Suite *suite = suite_create("wifi");
    TCase *tc = tcase_create("wifi");
    tcase_add_loop_test(tc, mode_get, 0, 2 * COUNT(modes));
    tcase_add_test(tc, mode_set);
    add_joins(tc);
    tcase_add_loop_test(tc, leave, 0, 6);
    tcase_add_loop_test(tc, events_come_in_their_order, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
