/* System commands and raw commands, against golden bytes (framework: "System commands", "Final
 * results"; device_dialect, sections 1, 9 and 12). Every case runs with the module's bytes whole
 * and one at a time. */
#include <stdio.h>
#include <string.h>

#include <wmat/link.h>
#include <wmat/sys.h>

#include "at_command.h"
#include "bench.h"
#include "golden.h"
#include "suite.h"

static struct bench bench;

static void open_bench(int piece)
{
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, (size_t)piece);
}

static void expect_detail(const char *text)
{
    char words[64];
    ck_assert_str_eq(wm_core_detail(&bench.core, words, sizeof words), text);
    ck_assert_uint_le(strlen(wm_core_detail(&bench.core, words, 8)), 7);
}

/* AT. */

static const struct {
    const char *answer;
    int result;
    const char *detail;
} results[] = {
    {"OK\r\n", 0, ""},
    {"AT\r\n\r\nOK\r\n", 0, ""}, /* echo of a shipping module */
    {"WIFI CONNECTED\r\nOK\r\n", 0, ""},
    {"ERROR\r\n", WM_ERR_DEVICE, "AT: ERROR"},
    {"CMD FORMAT ERR\r\n", WM_ERR_UNSUPPORTED, "AT: CMD FORMAT ERR"},
    {"CMD PARSE ERR\r\n", WM_ERR_REFUSED, "AT: CMD PARSE ERR"},
    {"ready\r\n", WM_ERR_RESET, ""},
    {"busy ...\r\n", WM_ERR_BUSY, ""},
};

START_TEST(probe_by_its_result)
{
    struct wm_op op;
    open_bench(_i % 2);
    wm_probe_prepare(&op);
    ck_assert_int_eq(bench_run(&bench, &op, "AT\r\n", results[_i / 2].answer),
                     results[_i / 2].result);
    expect_detail(results[_i / 2].detail);
}
END_TEST

START_TEST(probe_without_an_answer)
{
    struct wm_op op;
    open_bench(0);
    wm_probe_prepare(&op);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT\r\n");
    bench_pass(&bench, 999);
    ck_assert(!wm_op_ended(&op));
    bench_pass(&bench, 1);
    ck_assert_int_eq(bench_result(&op), WM_ERR_TIMEOUT);
    expect_detail("AT: no answer");
}
END_TEST

/* AT+RST, AT+RESTORE. */

static void prepare_restart(struct wm_op *op, bool restore)
{
    if (restore)
        wm_restore_prepare(op);
    else
        wm_restart_prepare(op);
}

static void accept_restart(struct wm_op *op, bool restore)
{
    prepare_restart(op, restore);
    bench_submit(&bench, op, 0);
    bench_expect(&bench, restore ? "AT+RESTORE\r\n" : "AT+RST\r\n");
    bench_module(&bench, "OK\r\n");
    ck_assert(!wm_op_ended(op));
}

START_TEST(restart_ends_when_the_module_is_set_up_again)
{
    struct wm_op op;
    open_bench(_i % 2);
    int link = bench_connect(&bench);
    accept_restart(&op, _i / 2);
    bench_silence(&bench, 1500);
    bench_module(&bench, "ready\r\n");
    ck_assert_int_eq(wm_core_read(&bench.core, link, (char[1]){0}, 1, bench.now_ms), WM_ERR_RESET);
    bench_answer_search(&bench);
    ck_assert(!wm_op_ended(&op));
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    ck_assert_int_eq(bench_result(&op), 0);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->resets, 1);
}
END_TEST

/* The boot at another speed, or noise, hides 'ready'; the set-up sees that the module has
 * forgotten. */
START_TEST(restart_whose_ready_is_lost)
{
    struct wm_op op;
    open_bench(0);
    accept_restart(&op, false);
    bench_silence(&bench, 4990);
    bench_answer_search(&bench);
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPMUX?\r\n");
    bench_module(&bench, "+CIPMUX:0\r\nOK\r\n");
    bench_answer_search(&bench);
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    ck_assert_int_eq(bench_result(&op), 0);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->resets, 1);
}
END_TEST

START_TEST(restart_that_is_refused)
{
    struct wm_op op;
    open_bench(0);
    int link = bench_connect(&bench);
    prepare_restart(&op, _i);
    ck_assert_int_eq(bench_run(&bench, &op, _i ? "AT+RESTORE\r\n" : "AT+RST\r\n", "ERROR\r\n"),
                     WM_ERR_DEVICE);
    ck_assert(wm_core_ready(&bench.core));
    ck_assert_int_eq(wm_core_read(&bench.core, link, (char[1]){0}, 1, bench.now_ms),
                     WM_ERR_TIMEOUT);
}
END_TEST

START_TEST(restart_of_a_module_that_stays_away)
{
    struct wm_op op;
    open_bench(0);
    accept_restart(&op, false);
    bench_pass(&bench, 14999);
    ck_assert(!wm_op_ended(&op));
    bench_pass(&bench, 1);
    ck_assert_int_eq(bench_result(&op), WM_ERR_TIMEOUT);
}
END_TEST

START_TEST(calls_wait_for_the_end_of_a_restart)
{
    struct wm_op restart, probe;
    open_bench(0);
    accept_restart(&restart, false);
    wm_probe_prepare(&probe);
    bench_submit(&bench, &probe, 10000);
    bench_module(&bench, "ready\r\n");
    bench_answer_search(&bench);
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "OK\r\n");
    ck_assert_int_eq(bench_result(&restart), 0);
    ck_assert_int_eq(bench_result(&probe), 0);
}
END_TEST

/* AT+SYSSTORE. */

static const struct {
    const char *answer;
    int result;
} stores[] = {
    {"+SYSSTORE:1\r\nOK\r\n", 1},
    {"+SYSSTORE:0\r\nOK\r\n", 0},
    {"AT+SYSSTORE?\r\n\r\n+SYSSTORE::1\r\nOK\r\n", 1}, /* device_dialect, section 9 */
    {"+SYSSTORE::0\r\nOK\r\n", 0},
    {"+SYSSTORE:2\r\nOK\r\n", WM_ERR_PROTO},
    {"+SYSSTORE:\r\nOK\r\n", WM_ERR_PROTO},
    {"+SYSSTORE:1,1x\r\nERROR\r\n", WM_ERR_DEVICE},
    {"OK\r\n", WM_ERR_PROTO},
    {"CMD FORMAT ERR\r\n", WM_ERR_UNSUPPORTED},
};

START_TEST(store_get)
{
    struct wm_op op;
    open_bench(_i % 2);
    wm_store_get_prepare(&op);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+SYSSTORE?\r\n", stores[_i / 2].answer),
                     stores[_i / 2].result);
}
END_TEST

START_TEST(store_set)
{
    struct wm_op op;
    open_bench(0);
    wm_store_set_prepare(&op, true);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+SYSSTORE=1\r\n", "OK\r\n"), 0);
    wm_store_set_prepare(&op, false);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+SYSSTORE=0\r\n", "CMD PARSE ERR\r\n"),
                     WM_ERR_REFUSED);
    expect_detail("AT+SYSSTORE: CMD PARSE ERR");
}
END_TEST

/* AT+SYSRAM. */

static struct wm_ram ram;
static const struct wm_ram some_ram = {102400, 2147483647};

static int get_ram(struct wm_op *op)
{
    return wm_ram_prepare(op, &ram);
}

#define RAM(answer, result, ...)                                                                   \
    GOLDEN_INTO(ram, get_ram, "AT+SYSRAM?", answer, result, __VA_ARGS__)

static const struct golden ram_rows[] = {
    RAM("+SYSRAM:102400,2147483647\r\nOK", 0, &some_ram),
    RAM("+SYSRAM:102400\r\nOK", WM_ERR_PROTO, NULL),
    RAM("+SYSRAM:102400,2147483648\r\nOK", WM_ERR_PROTO, NULL),
    RAM("+SYSRAM:102400,-1\r\nOK", WM_ERR_PROTO, NULL),
    RAM("+SYSRAM:102400,1,1\r\nOK", WM_ERR_PROTO, NULL),
    RAM("OK", WM_ERR_PROTO, NULL),
};

GOLDEN_TEST(ram_get, ram_rows)

/* Raw commands. */

static char heard[1024];

/* Each line in brackets. */
static void hear(void *user, const char *text, size_t len)
{
    size_t at = strlen(heard);
    ck_assert_ptr_eq(user, heard);
    ck_assert_uint_lt(at + len + 2, sizeof heard);
    heard[at] = '[';
    memcpy(heard + at + 1, text, len);
    strcpy(heard + at + 1 + len, "]");
}

static const struct {
    const char *command, *answer;
    int result;
    const char *lines;
} raw[] = {
    {"AT", "OK\r\n", 0, ""},
    {"ATE0", "CMD FORMAT ERR\r\n", WM_ERR_UNSUPPORTED, ""},
    {"AT+CIPMUX?", "+CIPMUX:1\r\nOK\r\n", 0, "[+CIPMUX:1]"},
    {"AT+CIPMUX?", "AT+CIPMUX?\r\n\r\n+CIPMUX:1\r\nOK\r\n", 0, "[+CIPMUX:1]"},
    {"AT+CIPV6?", "+CIPV6:1\r\n\r\nOK\r\n", 0, "[+CIPV6:1]"},
    {"AT+CIPMUX=?", "AT+CIPMUX=<mode>\r\nmode: 0, 1\r\n\r\nOK\r\n", 0,
     "[AT+CIPMUX=<mode>][mode: 0, 1]"},
    {"AT+CIPSEND=?", "AT+CIPSEND=?\r\n\r\nAT+CIPSEND=<length>\r\n\r\nOK\r\n", 0,
     "[AT+CIPSEND=<length>]"}, /* the echo is no usage text */
    {"AT+CIPSENDEX=?", "OK\r\n", 0, ""},
    {"AT+CIPSENDL=?", "\r\nOK\r\n", 0, ""},
    {"AT+CIPSENDLCFG?", "ERROR\r\n", WM_ERR_DEVICE, ""},
    {"AT+CIPRECVDATA=?", "OK\r\n", 0, ""},
    {"AT+CIPRECVLEN?", "+CIPRECVLEN:,,,,\r\nOK\r\n", 0, "[+CIPRECVLEN:,,,,]"},
    {"AT+PING=\"x\"", "PING:TIMEOUT\r\nERROR\r\n", WM_ERR_DEVICE, "[PING:TIMEOUT]"},
    {"AT+CIPMUX=2", "CMD PARSE ERR\r\n", WM_ERR_REFUSED, ""},
    {"AT+CWQAP", "WIFI DISCONNECT\r\nOK\r\n", 0, ""}, /* a report is no line of the response */
    {"AT+CWJAP=\"caf\xc3\xa9\",\"\"", "ERROR\r\n", WM_ERR_DEVICE, ""},
};

START_TEST(raw_commands)
{
    const size_t i = (size_t)_i / 2;
    char line[64];
    struct wm_at_request request = {.command = raw[i].command, .on_line = hear, .user = heard};
    struct wm_op op;
    heard[0] = '\0';
    open_bench(_i % 2);
    ck_assert_int_eq(wm_at_prepare(&op, &request), 0);
    strcat(strcpy(line, raw[i].command), "\r\n");
    ck_assert_int_eq(bench_run(&bench, &op, line, raw[i].answer), raw[i].result);
    ck_assert_str_eq(heard, raw[i].lines);
}
END_TEST

/* AT+X=?. */

static const struct {
    const char *name, *line, *answer;
    int result;
    const char *lines;
} usages[] = {
    {"AT", "AT=?\r\n", "OK\r\n", 0, ""},
    {"RST", "AT+RST=?\r\n", "ERROR\r\n", WM_ERR_DEVICE, ""},
    {"CIPMUX", "AT+CIPMUX=?\r\n", "AT+CIPMUX?\r\nAT+CIPMUX=<mode>\r\nOK\r\n", 0,
     "[AT+CIPMUX?][AT+CIPMUX=<mode>]"},
    /* device_dialect, section 12 */
    {"CIPMUX", "AT+CIPMUX=?\r\n", "AT+CIPMUX=?\r\n\r\nAT+CIPMUX=<mode>\r\n\r\nOK\r\n", 0,
     "[AT+CIPMUX=<mode>]"},
    {"CIPSENDL", "AT+CIPSENDL=?\r\n", "\r\nOK\r\n", 0, ""},
    {"CIUPDATE", "AT+CIUPDATE=?\r\n", "CMD FORMAT ERR\r\n", WM_ERR_UNSUPPORTED, ""},
    {"", NULL, NULL, 0, NULL},
    {NULL, NULL, NULL, 0, NULL},
    {"cipmux", NULL, NULL, 0, NULL},
    {"AT+CIPMUX", NULL, NULL, 0, NULL},
    {"CIPMUX=?\r\nAT+RST", NULL, NULL, 0, NULL},
    {"CIPMU", NULL, NULL, 0, NULL},
    {"CIPMUXX", NULL, NULL, 0, NULL},
};

START_TEST(usage_texts)
{
    const size_t i = (size_t)_i / 2;
    struct wm_usage_request request = {usages[i].name, hear, heard};
    struct wm_op op;
    heard[0] = '\0';
    open_bench(_i % 2);
    ck_assert_int_eq(wm_usage_prepare(&op, &request), usages[i].line ? 0 : WM_ERR_ARG);
    if (!usages[i].line)
        return;
    ck_assert_int_eq(bench_run(&bench, &op, usages[i].line, usages[i].answer), usages[i].result);
    ck_assert_str_eq(heard, usages[i].lines);
}
END_TEST

/* Every command has a usage text (framework, "Line and command grammar"). */
START_TEST(usage_of_every_command)
{
    const char *name = at_command_name((enum at_command)_i);
    struct wm_usage_request request = {.name = name[0] ? name : "AT"};
    struct wm_op op;
    char line[64];
    sprintf(line, "AT%s%s=?\r\n", name[0] ? "+" : "", name);
    open_bench(0);
    ck_assert_int_eq(wm_usage_prepare(&op, &request), 0);
    ck_assert_int_eq(bench_run(&bench, &op, line, "AT+X?\r\nOK\r\n"), 0);
}
END_TEST

START_TEST(usage_without_a_listener)
{
    struct wm_usage_request request = {.name = "CIPMUX"};
    struct wm_op op;
    open_bench(0);
    ck_assert_int_eq(wm_usage_prepare(&op, NULL), WM_ERR_ARG);
    ck_assert_int_eq(wm_usage_prepare(&op, &request), 0);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIPMUX=?\r\n", "AT+CIPMUX?\r\nOK\r\n"), 0);
}
END_TEST

START_TEST(raw_without_a_listener)
{
    struct wm_at_request request = {.command = "AT+CIPMUX?"};
    struct wm_op op;
    open_bench(0);
    ck_assert_int_eq(wm_at_prepare(&op, &request), 0);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIPMUX?\r\n", "+CIPMUX:1\r\nOK\r\n"), 0);
}
END_TEST

static const char *const unsound[] = {
    NULL,
    "",
    "A",
    "at",
    "+CIPMUX?",
    " AT",
    "+++",
    "AT\r",
    "AT\r\nAT+RST",
    "AT\nAT+RST",
    "AT+CWJAP=\"a\x01\"",
    "AT\x7f",
    "AT+CIPSEND",
    "AT+CIPSEND=5",
    "AT+CIPSEND=0,5",
    "AT+CIPSEND=",
    "AT+CIPSEND=?5",
    "AT+CIPSENDEX=5",
    "AT+CIPSENDL=5",
    "AT+CIPRECVDATA=0,5",
};

START_TEST(raw_commands_that_are_refused)
{
    struct wm_at_request request = {.command = unsound[_i]};
    struct wm_op op;
    open_bench(0);
    ck_assert_int_eq(wm_at_prepare(&op, &request), WM_ERR_ARG);
    ck_assert_int_eq(wm_core_submit(&bench.core, &op, 0, NULL, NULL, bench.now_ms), WM_ERR_STATE);
    bench_silence(&bench, 100);
}
END_TEST

/* A line has 256 bytes, CR LF included (framework, "Line and command grammar"). */
START_TEST(the_longest_raw_command)
{
    char command[258] = "AT+CWHOSTNAME=", line[258];
    struct wm_at_request request = {.command = command};
    struct wm_op op;
    open_bench(0);
    memset(command + 14, 'x', 255 - 14);
    ck_assert_int_eq(wm_at_prepare(&op, &request), WM_ERR_ARG);
    command[254] = '\0';
    ck_assert_int_eq(wm_at_prepare(&op, &request), 0);
    strcat(strcpy(line, command), "\r\n");
    ck_assert_int_eq(bench_run(&bench, &op, line, "ERROR\r\n"), WM_ERR_DEVICE);
    expect_detail("AT+CWHOSTNAME: ERROR");
}
END_TEST

/* A line that is too long is delivered as far as it goes. */
START_TEST(a_long_line_of_a_response)
{
    char answer[512] = "";
    struct wm_at_request request = {.command = "AT+X=?", .on_line = hear, .user = heard};
    struct wm_op op;
    heard[0] = '\0';
    open_bench(_i);
    memset(answer, 'u', 400);
    strcat(answer, "\r\nOK\r\n");
    ck_assert_int_eq(wm_at_prepare(&op, &request), 0);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+X=?\r\n", answer), WM_ERR_PROTO);
    ck_assert_uint_eq(strlen(heard), WM_LINE_SIZE + 2);
    strcpy(answer + 255, "\r\nOK\r\n"); /* the longest that is whole */
    ck_assert_int_eq(bench_run(&bench, &op, "AT+X=?\r\n", answer), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sys");
    TCase *tc = tcase_create("sys");
    tcase_add_loop_test(tc, probe_by_its_result, 0, 2 * (sizeof results / sizeof results[0]));
    tcase_add_test(tc, probe_without_an_answer);
    tcase_add_loop_test(tc, restart_ends_when_the_module_is_set_up_again, 0, 4);
    tcase_add_test(tc, restart_whose_ready_is_lost);
    tcase_add_loop_test(tc, restart_that_is_refused, 0, 2);
    tcase_add_test(tc, restart_of_a_module_that_stays_away);
    tcase_add_test(tc, calls_wait_for_the_end_of_a_restart);
    tcase_add_loop_test(tc, store_get, 0, 2 * (sizeof stores / sizeof stores[0]));
    tcase_add_test(tc, store_set);
    GOLDEN_ADD(tc, ram_get, ram_rows);
    tcase_add_loop_test(tc, usage_texts, 0, 2 * (sizeof usages / sizeof usages[0]));
    tcase_add_loop_test(tc, usage_of_every_command, 0, AT_COMMAND_COUNT);
    tcase_add_test(tc, usage_without_a_listener);
    tcase_add_loop_test(tc, raw_commands, 0, 2 * (sizeof raw / sizeof raw[0]));
    tcase_add_test(tc, raw_without_a_listener);
    tcase_add_loop_test(tc, raw_commands_that_are_refused, 0, sizeof unsound / sizeof unsound[0]);
    tcase_add_test(tc, the_longest_raw_command);
    tcase_add_loop_test(tc, a_long_line_of_a_response, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
