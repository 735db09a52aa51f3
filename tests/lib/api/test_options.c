/* Options of links and long sends, against golden bytes (TCP/IP AT: CIPTCPOPT, CIPRECONNINTV;
 * DESIGN.md, section 7: CIPSENDLCFG; device_dialect, sections 9, 11 and 13). */
#include <string.h>

#include <wmat/options.h>

#include "dialogue.h"
#include "golden.h"
#include "suite.h"

/* AT+CIPTCPOPT. */

static const struct {
    struct wm_link_options options;
    const char *line; /* behind the id */
} sets[] = {
    {{.keep_alive_s = 0}, ",-1,0,0\r\n"},
    {{.linger = true}, ",0,0,0\r\n"},
    {{.linger = true, .linger_s = 65535}, ",65535,0,0\r\n"},
    {{.linger_s = 5}, ",-1,0,0\r\n"},
    {{.no_delay = true}, ",-1,1,0\r\n"},
    {{.send_timeout_ms = 2147483647}, ",-1,0,2147483647\r\n"},
    {{.keep_alive_s = 7200}, ",-1,0,0,7200\r\n"},
    {{.keep_alive_s = -1}, ",-1,0,0,0\r\n"},
    {{true, 1, true, 5000, 60}, ",1,1,5000,60\r\n"},
};

START_TEST(options_of_a_link)
{
    char line[64] = "AT+CIPTCPOPT=1";
    struct wm_op op;
    open_passive(_i % 2);
    int link1 = bench_connect(&bench);
    strcat(line, sets[_i / 2].line);
    ck_assert_int_eq(wm_link_options_prepare(&op, link1, &sets[_i / 2].options), 0);
    ck_assert_int_eq(bench_run(&bench, &op, line, "OK\r\n"), 0);
    line[13] = '5';
    ck_assert_int_eq(wm_link_options_prepare(&op, WM_LINK_ALL, &sets[_i / 2].options), 0);
    ck_assert_int_eq(bench_run(&bench, &op, line, "CMD PARSE ERR\r\n"), WM_ERR_REFUSED);
}
END_TEST

/* That of a handle that is gone. */
START_TEST(options_of_no_link)
{
    struct wm_link_options options = {0};
    struct wm_op op;
    open_passive(0);
    ck_assert_int_eq(wm_link_options_prepare(&op, link0 + 8, &options), 0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(bench_result(&op), WM_ERR_ARG);
    ck_assert_int_eq(wm_link_options_get_prepare(&op, link0 + 8, &options), 0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(bench_result(&op), WM_ERR_ARG);
    bench_silence(&bench, 100);
}
END_TEST

/* The number of one that has closed may be another's. */
START_TEST(options_of_a_link_that_has_closed)
{
    struct wm_link_options options = {0};
    struct wm_op op;
    open_passive(0);
    bench_module(&bench, "0,CLOSED\r\n");
    ck_assert_int_eq(wm_link_options_prepare(&op, link0, &options), 0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(bench_result(&op), WM_ERR_CLOSED);
    ck_assert_int_eq(wm_link_options_get_prepare(&op, link0, &options), 0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(bench_result(&op), WM_ERR_CLOSED);
    bench_silence(&bench, 100);
}
END_TEST

#define OTHERS                                                                                     \
    "+CIPTCPOPT:1,0,1,0,0\r\n+CIPTCPOPT:2,-1,0,0,0\r\n+CIPTCPOPT:3,-1,0,0,0\r\n"                   \
    "+CIPTCPOPT:4,-1,0,0,0\r\nOK\r\n"

static const struct {
    const char *answer;
    int result;
    struct wm_link_options options;
} gets[] = {
    {"+CIPTCPOPT:0,-1,0,0,0\r\n" OTHERS, 0, {.keep_alive_s = -1}},
    {"+CIPTCPOPT:0,0,0,0,1\r\n" OTHERS, 0, {.linger = true, .keep_alive_s = 1}},
    {"+CIPTCPOPT:0,65535,1,2147483647,7200\r\n" OTHERS, 0, {true, 65535, true, 2147483647, 7200}},
    /* device_dialect, section 13, row 32 */
    {"AT+CIPTCPOPT?\r\n\r\nCIPTCPOPT:0,-1,0,0,0\r\nCIPTCPOPT:1,-1,1,0,0\r\nOK\r\n",
     0,
     {.keep_alive_s = -1}},
    {OTHERS, WM_ERR_PROTO, {0}},
    {"+CIPTCPOPT:0,-2,0,0,0\r\n" OTHERS, WM_ERR_PROTO, {0}},
    {"+CIPTCPOPT:0,-1,2,0,0\r\n" OTHERS, WM_ERR_PROTO, {0}},
    {"+CIPTCPOPT:0,-1,0,2147483648,0\r\n" OTHERS, WM_ERR_PROTO, {0}},
    {"+CIPTCPOPT:0,-1,0,0,7201\r\n" OTHERS, WM_ERR_PROTO, {0}},
    {"+CIPTCPOPT:0,-1,0,0\r\n" OTHERS, WM_ERR_PROTO, {0}},
    {"+CIPTCPOPT:0,-1,0,0,0,0\r\n" OTHERS, WM_ERR_PROTO, {0}},
    {"+CIPTCPOPT:0,-1,0,0,0\r\n+CIPTCPOPT:x,-1,0,0,0\r\n" OTHERS, WM_ERR_PROTO, {0}},
    {"ERROR\r\n", WM_ERR_DEVICE, {0}},
};

START_TEST(options_that_a_link_has)
{
    struct wm_link_options options;
    const struct wm_link_options *wanted = &gets[_i / 2].options;
    struct wm_op op;
    memset(&options, 0x55, sizeof options);
    open_passive(_i % 2);
    ck_assert_int_eq(wm_link_options_get_prepare(&op, link0, &options), 0);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIPTCPOPT?\r\n", gets[_i / 2].answer),
                     gets[_i / 2].result);
    ck_assert_int_eq(options.linger, wanted->linger);
    ck_assert_uint_eq(options.linger_s, wanted->linger_s);
    ck_assert_int_eq(options.no_delay, wanted->no_delay);
    ck_assert_uint_eq(options.send_timeout_ms, wanted->send_timeout_ms);
    ck_assert_int_eq(options.keep_alive_s, wanted->keep_alive_s);
}
END_TEST

/* AT+CIPRECONNINTV, AT+CIPSENDLCFG. */

static struct wm_long_send config;
static const struct wm_long_send wide = {1048576, 2920}, report_only = {100, 0};

static int every_second(struct wm_op *op)
{
    return wm_reconnect_interval_set_prepare(op, 1000);
}

static int get_config(struct wm_op *op)
{
    return wm_long_send_get_prepare(op, &config);
}

static int set_wide(struct wm_op *op)
{
    return wm_long_send_set_prepare(op, &wide);
}

static int set_report_only(struct wm_op *op)
{
    return wm_long_send_set_prepare(op, &report_only);
}

#define INTERVAL(answer, result)                                                                   \
    GOLDEN(wm_reconnect_interval_get_prepare, "AT+CIPRECONNINTV?", answer, result)
#define CONFIG(answer, result, ...)                                                                \
    GOLDEN_INTO(config, get_config, "AT+CIPSENDLCFG?", answer, result, __VA_ARGS__)

static const struct golden rows[] = {
    INTERVAL("+CIPRECONNINTV:1\r\nOK", 100),
    INTERVAL("+CIPRECONNINTV:36000\r\nOK", 3600000),
    INTERVAL("+CIPRECONNINTV:36001\r\nOK", WM_ERR_PROTO),
    INTERVAL("+CIPRECONNINTV:0\r\nOK", WM_ERR_PROTO),
    INTERVAL("ERROR", WM_ERR_DEVICE),
    GOLDEN(every_second, "AT+CIPRECONNINTV=10", "OK", 0),
    CONFIG("+CIPSENDLCFG:1048576,2920\r\nOK", 0, &wide),
    CONFIG("+CIPSENDLCFG:1048576\r\nOK", WM_ERR_PROTO, NULL),
    CONFIG("+CIPSENDLCFG:1048576,-1\r\nOK", WM_ERR_PROTO, NULL),
    CONFIG("ERROR", WM_ERR_DEVICE, NULL), /* the module does not have it */
    GOLDEN(set_wide, "AT+CIPSENDLCFG=1048576,2920", "OK", 0),
    GOLDEN(set_report_only, "AT+CIPSENDLCFG=100", "ERROR", WM_ERR_DEVICE),
};

GOLDEN_TEST(the_others, rows)

int main(void)
{
    Suite *suite = suite_create("options");
    TCase *tc = tcase_create("options");
    tcase_add_loop_test(tc, options_of_a_link, 0, 2 * (sizeof sets / sizeof sets[0]));
    tcase_add_test(tc, options_of_no_link);
    tcase_add_test(tc, options_of_a_link_that_has_closed);
    tcase_add_loop_test(tc, options_that_a_link_has, 0, 2 * (sizeof gets / sizeof gets[0]));
    GOLDEN_ADD(tc, the_others, rows);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
