/* What calls have set is told again to a module that has restarted; what they have done is not. */
#include <string.h>

#include <wmat/wmat.h>

#include "dialogue.h"
#include "suite.h"

static struct wm_op op;

/* A call that is one line, which the module accepts. */
static void make(int prepared, const char *line)
{
    ck_assert_int_eq(prepared, 0);
    ck_assert_int_eq(bench_run(&bench, &op, line, "OK\r\n"), 0);
}

static void expect_again(const char *line)
{
    bench_expect(&bench, line);
    bench_module(&bench, "OK\r\n");
}

static void restart(void)
{
    bench_module(&bench, "ready\r\n");
    bench_answer_search(&bench);
    bench_answer_setup_lines(&bench, WM_RECEIVE_PASSIVE);
}

static void expect_nothing_more(void)
{
    ck_assert(wm_core_ready(&bench.core));
    ck_assert_uint_eq(wm_core_stats(&bench.core)->unset, 0);
    bench_silence(&bench, 500);
}

START_TEST(each_line_once_in_the_order_of_setting)
{
    struct wm_dns dns = {true, {"192.0.2.1", ""}};
    struct wm_link_options options = {.no_delay = true};
    struct wm_tls_config tls = {.sni = "a", .common_name = "b"};
    open_passive(0);
    make(wm_ipv6_set_prepare(&op, false), "AT+CIPV6=0\r\n");
    make(wm_hostname_set_prepare(&op, "first"), "AT+CWHOSTNAME=\"first\"\r\n");
    make(wm_dns_set_prepare(&op, &dns), "AT+CIPDNS=1,\"192.0.2.1\"\r\n");
    make(wm_dhcp_set_prepare(&op, WM_DHCP_STATION, false), "AT+CWDHCP=0,1\r\n");
    make(wm_dhcp_set_prepare(&op, WM_DHCP_SOFTAP, true), "AT+CWDHCP=1,2\r\n");
    make(wm_link_options_prepare(&op, link0, &options), "AT+CIPTCPOPT=0,-1,1,0\r\n");
    make(wm_link_options_prepare(&op, WM_LINK_ALL, &options), "AT+CIPTCPOPT=5,-1,1,0\r\n");
    make(wm_softap_leases_set_prepare(&op, NULL), "AT+CWDHCPS=0\r\n");
    make(wm_softap_drop_prepare(&op, "aa:bb:cc:dd:ee:ff"), "AT+CWQIF=\"aa:bb:cc:dd:ee:ff\"\r\n");
    make(wm_wifi_mode_set_auto_prepare(&op, WM_WIFI_BOTH, false), "AT+CWMODE=3,0\r\n");
    make(wm_hostname_set_prepare(&op, "second"), "AT+CWHOSTNAME=\"second\"\r\n");
    ck_assert_int_eq(wm_tls_config_prepare(&op, 0, &tls), 0);
    bench_submit(&bench, &op, 0);
    expect_again("AT+CIPSSLCCN=0,\"b\"\r\n");
    expect_again("AT+CIPSSLCSNI=0,\"a\"\r\n");
    tls = (struct wm_tls_config){.sni = "c"};
    make(wm_tls_config_prepare(&op, 1, &tls), "AT+CIPSSLCSNI=1,\"c\"\r\n");
    restart();
    expect_again("AT+CIPV6=0\r\n");
    expect_again("AT+CWHOSTNAME=\"second\"\r\n");
    expect_again("AT+CIPDNS=1,\"192.0.2.1\"\r\n");
    expect_again("AT+CWDHCP=0,1\r\n");
    expect_again("AT+CWDHCP=1,2\r\n");
    expect_again("AT+CIPTCPOPT=5,-1,1,0\r\n");
    expect_again("AT+CWDHCPS=0\r\n");
    expect_again("AT+CWMODE=3,0\r\n");
    expect_again("AT+CIPSSLCCN=0,\"b\"\r\n");
    expect_again("AT+CIPSSLCSNI=0,\"a\"\r\n");
    expect_again("AT+CIPSSLCSNI=1,\"c\"\r\n");
    expect_nothing_more();
}
END_TEST

START_TEST(what_was_refused_is_not_told_again)
{
    open_passive(0);
    make(wm_ipv6_set_prepare(&op, false), "AT+CIPV6=0\r\n");
    ck_assert_int_eq(wm_ipv6_set_prepare(&op, true), 0);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIPV6=1\r\n", "ERROR\r\n"), WM_ERR_DEVICE);
    restart();
    expect_again("AT+CIPV6=0\r\n");
    expect_nothing_more();
}
END_TEST

static void join(void)
{
    struct wm_wifi_join_options home = {.ssid = "home"};
    ck_assert_int_eq(wm_wifi_join_prepare(&op, &home), 0);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CWMODE?\r\n");
    bench_module(&bench, "+CWMODE:2\r\nOK\r\n");
    expect_again("AT+CWMODE=3\r\n");
    bench_expect(&bench, "AT+CWJAP=\"home\",\"\"\r\n");
    bench_module(&bench, "WIFI CONNECTED\r\nOK\r\nWIFI GOT IP\r\n");
    ck_assert_int_eq(bench_result(&op), 0);
}

START_TEST(a_join_is_told_again_until_it_is_left)
{
    open_passive(0);
    join();
    restart();
    expect_again("AT+CWMODE=3\r\n");
    bench_expect(&bench, "AT+CWJAP=\"home\",\"\"\r\n");
    bench_module(&bench, "WIFI CONNECTED\r\nOK\r\n");
    expect_nothing_more();
    make(wm_wifi_leave_prepare(&op), "AT+CWQAP\r\n");
    restart();
    expect_again("AT+CWMODE=3\r\n");
    expect_nothing_more();
}
END_TEST

/* A join that may take a minute has it again; that it did not work out is counted. */
START_TEST(a_slow_join_is_waited_for)
{
    struct wm_wifi_join_options home = {.ssid = "a,b\"", .timeout_s = 60};
    open_passive(0);
    ck_assert_int_eq(wm_wifi_join_prepare(&op, &home), 0);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CWMODE?\r\n");
    bench_module(&bench, "+CWMODE:1\r\nOK\r\n");
    bench_expect(&bench, "AT+CWJAP=\"a\\,b\\\"\",\"\",,,,,,60\r\n");
    bench_module(&bench, "WIFI CONNECTED\r\nOK\r\nWIFI GOT IP\r\n");
    ck_assert_int_eq(bench_result(&op), 0);
    restart();
    bench_expect(&bench, "AT+CWJAP=\"a\\,b\\\"\",\"\",,,,,,60\r\n");
    bench_silence(&bench, 59000);
    bench_module(&bench, "ERROR\r\n");
    ck_assert(wm_core_ready(&bench.core));
    ck_assert_uint_eq(wm_core_stats(&bench.core)->unset, 1);
}
END_TEST

/* What is set anew stays in front of what needs it. */
START_TEST(a_mode_stays_in_front_of_the_join)
{
    open_passive(0);
    join();
    make(wm_wifi_mode_set_prepare(&op, WM_WIFI_STATION), "AT+CWMODE=1\r\n");
    restart();
    expect_again("AT+CWMODE=1\r\n");
    expect_again("AT+CWJAP=\"home\",\"\"\r\n");
    expect_nothing_more();
}
END_TEST

START_TEST(factory_values_stay)
{
    open_passive(0);
    make(wm_ipv6_set_prepare(&op, false), "AT+CIPV6=0\r\n");
    ck_assert_int_eq(wm_restore_prepare(&op), 0);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+RESTORE\r\n");
    bench_module(&bench, "OK\r\n");
    restart();
    expect_nothing_more();
    ck_assert_int_eq(bench_result(&op), 0);
}
END_TEST

/* Nothing is set that would be forgotten. */
START_TEST(no_room_to_remember)
{
    struct wm_tls_config tls = {.sni = "a"};
    struct wm_dns dns = {false, {"", ""}};
    open_passive(0);
    bench.core.config.settings_bytes = 14;
    make(wm_ipv6_set_prepare(&op, false), "AT+CIPV6=0\r\n");
    ck_assert_int_eq(wm_dns_set_prepare(&op, &dns), 0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(bench_result(&op), WM_ERR_NOMEM);
    ck_assert_int_eq(wm_tls_config_prepare(&op, 0, &tls), 0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(bench_result(&op), WM_ERR_NOMEM);
    ck_assert_int_eq(wm_hostname_set_prepare(&op, "name"), 0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(bench_result(&op), WM_ERR_NOMEM);
    bench_silence(&bench, 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("settings");
    TCase *tc = tcase_create("settings");
    tcase_add_test(tc, each_line_once_in_the_order_of_setting);
    tcase_add_test(tc, what_was_refused_is_not_told_again);
    tcase_add_test(tc, a_join_is_told_again_until_it_is_left);
    tcase_add_test(tc, a_slow_join_is_waited_for);
    tcase_add_test(tc, a_mode_stays_in_front_of_the_join);
    tcase_add_test(tc, factory_values_stay);
    tcase_add_test(tc, no_room_to_remember);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
