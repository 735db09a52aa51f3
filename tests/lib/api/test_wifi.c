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
    struct wm_wifi_join_options options = {ssid, password, "aa:bb:cc:dd:ee:ff"};
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

/* AT+CWLAP. */

static struct wm_wifi_ap aps[4];

static int scan(const char *answer, size_t max)
{
    struct wm_wifi_scan_list list = {.aps = aps, .max = max};
    struct wm_op op;
    memset(aps, 0x55, sizeof aps);
    wm_wifi_scan_prepare(&op, &list);
    return bench_run(&bench, &op, "AT+CWLAP\r\n", answer);
}

static void expect_ap(const struct wm_wifi_ap *ap, const struct wm_wifi_ap *expected)
{
    ck_assert_int_eq(ap->ecn, expected->ecn);
    ck_assert_str_eq(ap->ssid, expected->ssid);
    ck_assert_int_eq(ap->rssi, expected->rssi);
    ck_assert_str_eq(ap->bssid, expected->bssid);
    ck_assert_int_eq(ap->channel, expected->channel);
}

static const struct {
    const char *line;
    struct wm_wifi_ap ap;
} found[] = {
    {"+CWLAP:3,\"home\",-48,\"aa:bb:cc:dd:ee:ff\",6,3,3,7,0\r\n",
     {3, "home", -48, "aa:bb:cc:dd:ee:ff", 6}},
    {"+CWLAP:0,\"\",-90,\"aa:bb:cc:dd:ee:ff\",13,0,0,7,0\r\n", /* hidden */
     {0, "", -90, "aa:bb:cc:dd:ee:ff", 13}},
    {"+CWLAP:4,\"a\"b,c\\d\",-1,\"aa:bb:cc:dd:ee:ff\",1,3,3,7,0\r\n", /* never escaped */
     {4, "a\"b,c\\d", -1, "aa:bb:cc:dd:ee:ff", 1}},
    {"+CWLAP:6,\"caf\xc3\xa9\",-7,\"aa:bb:cc:dd:ee:ff\",1,3,3,7,0\r\n",
     {6, "caf\xc3\xa9", -7, "aa:bb:cc:dd:ee:ff", 1}},
    {"+CWLAP:3,\"" THIRTY_TWO "\",-7,\"aa:bb:cc:dd:ee:ff\",1,3,3,7,0\r\n",
     {3, THIRTY_TWO, -7, "aa:bb:cc:dd:ee:ff", 1}},
    /* Fields that AT+CWLAPOPT masks off stay as empty positions. */
    {"+CWLAP:,\"home\",,,,,,,\r\n", {-1, "home", 0, "", 0}},
    {"+CWLAP:3,,-48,\"aa:bb:cc:dd:ee:ff\",,,,,\r\n", {3, "", -48, "aa:bb:cc:dd:ee:ff", 0}},
    {"+CWLAP:,,,,11,,,,\r\n", {-1, "", 0, "", 11}},
    {"+CWLAP:3,\"home\"\r\n", {3, "home", 0, "", 0}},
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

/* AT+CWSTATE?. */

static const struct {
    const char *answer;
    int result;
    struct wm_wifi_status status;
} states[] = {
    {"+CWSTATE:0,\"\"\r\nOK\r\n", 0, {WM_WIFI_NEVER, ""}},
    {"+CWSTATE=0\r\nOK\r\n", 0, {WM_WIFI_NEVER, ""}}, /* device_dialect, section 10 */
    {"+CWSTATE:1,\"home\"\r\nOK\r\n", 0, {WM_WIFI_NO_ADDRESS, "home"}},
    {"+CWSTATE:2,\"a,\"b\"\r\nOK\r\n", 0, {WM_WIFI_UP, "a,\"b"}},
    {"+CWSTATE:3,\"caf\xc3\xa9\"\r\nOK\r\n", 0, {WM_WIFI_CONNECTING, "caf\xc3\xa9"}},
    {"AT+CWSTATE?\r\n\r\n+CWSTATE:4,\"home\"\r\nOK\r\n", 0, {WM_WIFI_DOWN, "home"}},
    {"+CWSTATE:5,\"home\"\r\nOK\r\n", WM_ERR_PROTO, {WM_WIFI_NEVER, ""}},
    {"OK\r\n", WM_ERR_PROTO, {WM_WIFI_NEVER, ""}},
    {"ERROR\r\n", WM_ERR_DEVICE, {WM_WIFI_NEVER, ""}},
};

START_TEST(status_of_the_station)
{
    struct wm_wifi_status status = {WM_WIFI_NEVER, ""};
    struct wm_op op;
    open_bench(_i % 2);
    wm_wifi_status_prepare(&op, &status);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CWSTATE?\r\n", states[_i / 2].answer),
                     states[_i / 2].result);
    ck_assert_int_eq((int)status.state, (int)states[_i / 2].status.state);
    ck_assert_str_eq(status.ssid, states[_i / 2].status.ssid);
}
END_TEST

/* AT+CWJAP?. */

static const struct {
    const char *answer;
    int result;
    struct wm_wifi_joined joined;
} joined[] = {
    {"+CWJAP:\"home\",\"aa:bb:cc:dd:ee:ff\",6,-48,0,1,3,0,1\r\nOK\r\n",
     0,
     {"home", "aa:bb:cc:dd:ee:ff", 6, -48}},
    {"AT+CWJAP?\r\n\r\n+CWJAP:\"a,b\",\"aa:bb:cc:dd:ee:ff\",13,-90,0,1,3,0,1\r\n\r\nOK\r\n",
     0,
     {"a,b", "aa:bb:cc:dd:ee:ff", 13,
      -90}}, /* an empty line follows (device_dialect, section 10) */
    {"OK\r\n", 0, {"", "", 0, 0}},
    {"ERROR\r\n", WM_ERR_DEVICE, {"", "", 0, 0}},
    {"+CWJAP:\"home\",6,-48\r\nOK\r\n", WM_ERR_PROTO, {"", "", 0, 0}},
    {"+CWJAP:\"home\r\nOK\r\n", WM_ERR_PROTO, {"", "", 0, 0}},
};

START_TEST(joined_to)
{
    struct wm_wifi_joined now;
    struct wm_op op;
    memset(&now, 0x55, sizeof now);
    open_bench(_i % 2);
    wm_wifi_joined_prepare(&op, &now);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CWJAP?\r\n", joined[_i / 2].answer),
                     joined[_i / 2].result);
    ck_assert_str_eq(now.ssid, joined[_i / 2].joined.ssid);
    ck_assert_str_eq(now.bssid, joined[_i / 2].joined.bssid);
    ck_assert_int_eq(now.channel, joined[_i / 2].joined.channel);
    ck_assert_int_eq(now.rssi, joined[_i / 2].joined.rssi);
}
END_TEST

/* AT+CIFSR. */

static const char quoted[] = "+CIFSR:APIP,\"192.168.10.1\"\r\n"
                             "+CIFSR:APMAC,\"28:6d:cd:00:00:01\"\r\n"
                             "+CIFSR:STAIP,\"192.168.1.50\"\r\n"
                             "+CIFSR:STAIP6LL,\"fe80::2a6d:cdff:fe00:2\"\r\n"
                             "+CIFSR:STAIP6GL,\"2001:db8::2\"\r\n"
                             "+CIFSR:STAMAC,\"28:6d:cd:00:00:02\"\r\n"
                             "OK\r\n";

/* device_dialect, section 9 */
static const char unquoted[] = "AT+CIFSR\r\n\r\n"
                               "+CIFSR:APIP,192.168.10.1\r\n"
                               "+CIFSR:APIP6LL,\"FE80::2A6D:CDFF:FE00:1\"\r\n"
                               "+CIFSR:APMAC,28:6d:cd:00:00:01\r\n"
                               "+CIFSR:STAIP,192.168.1.50\r\n"
                               "+CIFSR:STAIP6LL,fe80::2a6d:cdff:fe00:2\r\n"
                               "+CIFSR:STAIP6GL,2001:db8::2\r\n"
                               "+CIFSR:STAMAC,28:6d:cd:00:00:02\r\n"
                               "OK\r\n";

START_TEST(addresses_quoted_and_not)
{
    struct wm_addresses addresses;
    struct wm_op op;
    memset(&addresses, 0x55, sizeof addresses);
    open_bench(_i % 2);
    wm_addresses_prepare(&op, &addresses);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIFSR\r\n", _i / 2 ? unquoted : quoted), 0);
    ck_assert_str_eq(addresses.softap_ip, "192.168.10.1");
    ck_assert_str_eq(addresses.softap_mac, "28:6d:cd:00:00:01");
    ck_assert_str_eq(addresses.station_ip, "192.168.1.50");
    ck_assert_str_eq(addresses.station_ip6_local, "fe80::2a6d:cdff:fe00:2");
    ck_assert_str_eq(addresses.station_ip6_global, "2001:db8::2");
    ck_assert_str_eq(addresses.station_mac, "28:6d:cd:00:00:02");
}
END_TEST

START_TEST(addresses_that_there_are_none_of)
{
    struct wm_addresses addresses, none = {0};
    struct wm_op op;
    memset(&addresses, 0x55, sizeof addresses);
    open_bench(0);
    wm_addresses_prepare(&op, &addresses);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIFSR\r\n", "OK\r\n"), 0);
    ck_assert_int_eq(memcmp(&addresses, &none, sizeof none), 0);
}
END_TEST

/* A line that only a shipping module prints is no sign of damage: links in active mode stay. */
START_TEST(addresses_beside_an_active_link)
{
    struct wm_addresses addresses;
    struct wm_link_info info;
    struct wm_op op;
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, 0);
    int link = bench_connect(&bench);
    wm_addresses_prepare(&op, &addresses);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIFSR\r\n", unquoted), 0);
    ck_assert_int_eq(wm_core_link_info(&bench.core, link, &info), 0);
    ck_assert_int_eq((int)info.state, WM_LINK_OPEN);
}
END_TEST

/* AT+CIPSTA. */

START_TEST(station_ip_get)
{
    static const char *const answers[] = {
        "+CIPSTA:ip:\"192.168.1.50\"\r\n+CIPSTA:gateway:\"192.168.1.1\"\r\n"
        "+CIPSTA:netmask:\"255.255.255.0\"\r\nOK\r\n",
        "AT+CIPSTA?\r\n\r\n+CIPSTA:ip:192.168.1.50\r\n+CIPSTA:gateway:192.168.1.1\r\n"
        "+CIPSTA:netmask:255.255.255.0\r\n+CIPSTA:ip6ll:\"FE80::1\"\r\n"
        "+CIPSTA:ip6gl:\"2001:DB8::1\"\r\n\r\nOK\r\n",
    };
    struct wm_station_ip ip;
    struct wm_op op;
    memset(&ip, 0x55, sizeof ip);
    open_bench(_i % 2);
    wm_station_ip_get_prepare(&op, &ip);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIPSTA?\r\n", answers[_i / 2]), 0);
    ck_assert_str_eq(ip.ip, "192.168.1.50");
    ck_assert_str_eq(ip.gateway, "192.168.1.1");
    ck_assert_str_eq(ip.netmask, "255.255.255.0");
    ck_assert_uint_eq(wm_core_stats(&bench.core)->noise, 0);
}
END_TEST

static const struct {
    struct wm_station_ip ip;
    const char *line; /* NULL: WM_ERR_ARG */
} station_ips[] = {
    {{"192.168.1.50", "", ""}, "AT+CIPSTA=\"192.168.1.50\"\r\n"},
    {{"192.168.1.50", "192.168.1.1", "255.255.255.0"},
     "AT+CIPSTA=\"192.168.1.50\",\"192.168.1.1\",\"255.255.255.0\"\r\n"},
    {{"", "", ""}, NULL},
    {{"192.168.1.50", "192.168.1.1", ""}, NULL},
    {{"192.168.1.50", "", "255.255.255.0"}, NULL},
    {{"192.168.1.50\r\n", "", ""}, NULL},
};

START_TEST(station_ip_set)
{
    struct wm_op op;
    open_bench(0);
    if (!station_ips[_i].line) {
        ck_assert_int_eq(wm_station_ip_set_prepare(&op, &station_ips[_i].ip), WM_ERR_ARG);
        return;
    }
    ck_assert_int_eq(wm_station_ip_set_prepare(&op, &station_ips[_i].ip), 0);
    ck_assert_int_eq(bench_run(&bench, &op, station_ips[_i].line, "OK\r\n"), 0);
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
    tcase_add_loop_test(tc, scan_of_one, 0, 2 * COUNT(found));
    tcase_add_loop_test(tc, scan_of_more_than_there_is_room_for, 0, 6);
    tcase_add_test(tc, scan_that_finds_nothing_or_fails);
    tcase_add_loop_test(tc, status_of_the_station, 0, 2 * COUNT(states));
    tcase_add_loop_test(tc, joined_to, 0, 2 * COUNT(joined));
    tcase_add_loop_test(tc, addresses_quoted_and_not, 0, 4);
    tcase_add_test(tc, addresses_that_there_are_none_of);
    tcase_add_test(tc, addresses_beside_an_active_link);
    tcase_add_loop_test(tc, station_ip_get, 0, 4);
    tcase_add_loop_test(tc, station_ip_set, 0, COUNT(station_ips));
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
