/* Finding the module and setting it up (lib/core: seek, module, setup). */
#include <string.h>

#include <wmat/core.h>
#include <wmat/link.h>
#include <wmat/sys.h>

#include "bench.h"
#include "suite.h"

static struct bench bench;

/* TCP-IP_AT: "+++": 30 ms of silence on both sides. */
START_TEST(the_search_keeps_the_guard_times)
{
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    bench_silence(&bench, 31);
    bench_expect(&bench, "+++");
    bench_silence(&bench, 31);
    bench_expect(&bench, "\r\n");
    bench_expect(&bench, "AT\r\n");
}
END_TEST

/* A loop that sleeps until wm_core_deadline misses nothing and does not spin. */
START_TEST(the_deadlines_are_enough)
{
    const void *out;
    unsigned ticks = 0;
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    while (bench.now_ms < 60000) {
        wm_core_tick(&bench.core, bench.now_ms);
        for (size_t n; (n = wm_core_output(&bench.core, &out, bench.now_ms)) > 0;
             bench.sent_len += n)
            wm_core_sent(&bench.core, n, bench.now_ms);
        uint64_t deadline_ms = wm_core_deadline(&bench.core);
        ck_assert_uint_ne(deadline_ms, WM_NO_DEADLINE);
        ck_assert(deadline_ms > bench.now_ms || bench.core.filler_left > 0 ||
                  bench.sent_len >= 5760);
        if (deadline_ms > bench.now_ms)
            bench.now_ms = deadline_ms;
        ticks++;
    }
    ck_assert_uint_ge(bench.sent_len, 5760 + 30 * 9); /* a minute of attempts */
    ck_assert_uint_lt(ticks, 1000);
}
END_TEST

START_TEST(a_fresh_module_is_set_up)
{
    bench_open(&bench, _i ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE, 4096, 1);
    bench_silence(&bench, 5000);
}
END_TEST

/* It may have waited on the line since the module was switched on. */
START_TEST(an_old_ready_is_no_reset)
{
    struct wm_event event;
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    bench_module(&bench, "ready\r\n");
    bench_answer_search(&bench);
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    ck_assert(wm_core_next_event(&bench.core, &event));
    ck_assert_int_eq(event.kind, WM_EVENT_READY);
    ck_assert(!wm_core_next_event(&bench.core, &event));
    ck_assert_uint_eq(wm_core_stats(&bench.core)->resets, 0);
}
END_TEST

START_TEST(what_the_flushed_junk_prints_is_not_the_answer)
{
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    bench_expect(&bench, "+++");
    bench_expect(&bench, "\r\n");
    bench_module(&bench, "CMD FORMAT ERR\r\n");
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "CMD FORMAT ERR\r\n");
    bench_silence(&bench, 400);
    bench_module(&bench, "OK\r\n");
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
}
END_TEST

START_TEST(a_module_that_needs_its_second_is_asked_again)
{
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    bench_expect(&bench, "+++");
    bench_expect(&bench, "\r\n");
    uint64_t escaped_ms = bench.now_ms;
    bench_expect(&bench, "AT\r\n");
    bench_expect(&bench, "\r\nAT\r\n");
    ck_assert_uint_ge(bench.now_ms, escaped_ms + 900);
    bench_module(&bench, "OK\r\n");
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
}
END_TEST

/* PITFALLS 7: an announced length is filled up where +++ did not cancel it. */
START_TEST(an_announced_length_is_filled)
{
    static char filler[5760];
    for (size_t i = 0; i < sizeof filler; i += 2)
        memcpy(filler + i, "\r\n", 2);
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    bench_expect(&bench, "+++\r\nAT\r\n\r\nAT\r\n");
    bench_expect_bytes(&bench, filler, sizeof filler);
    bench_module(&bench, "SEND OK\r\n");
    bench_expect(&bench, "\r\nAT\r\n");
    bench_module(&bench, "OK\r\n");
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->retries, 2);
}
END_TEST

/* PITFALLS 9: busy is never answered with a repeat at once. */
START_TEST(a_busy_module_gets_time)
{
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    bench_expect(&bench, "+++\r\nAT\r\n");
    bench_module(&bench, "busy ...\r\n");
    bench_silence(&bench, 450);
    bench_expect(&bench, "\r\nAT\r\n");
    bench_module(&bench, "OK\r\n");
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
}
END_TEST

/* A line of the answer that can't be read: it may be a link that nobody would know of. */
START_TEST(a_set_up_that_can_not_be_read_starts_over)
{
    bench_start(&bench, WM_RECEIVE_PASSIVE, 1024, 0);
    bench_answer_search(&bench);
    bench_answer_profile(&bench);
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPMUX?\r\n");
    bench_module(&bench, _i ? "+CIPMX:1\r\nOK\r\n" : "+CIPMUX:1\r\nOK\r\n");
    if (_i == 0) {
        bench_expect(&bench, "AT+CIPSTATE?\r\n");
        bench_module(&bench, "+CIPSTTATE:0,\"TCP\",\"127.0.0.1\",7,50001,0\r\nOK\r\n");
    }
    ck_assert_uint_eq(wm_core_stats(&bench.core)->noise, 1);
    bench_answer_search(&bench);
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
}
END_TEST

/* A shipping module without an SSID says +CWSTATE=0 (device_dialect, section 10). */
START_TEST(a_station_s_state_with_an_equals_sign)
{
    static const char *const dialogue[][2] = {
        {"AT+SYSSTORE?\r\n", "+SYSSTORE::1\r\nOK\r\n"},
        {"AT+CIPMODE=0\r\n", "OK\r\n"},
        {"AT+CIPMUX?\r\n", "+CIPMUX:1\r\nOK\r\n"},
        {"AT+CIPSTATE?\r\n", "OK\r\n"},
        {"AT+CIPSERVER=0,1\r\n", "ERROR\r\n"},
        {"AT+CIPRECVMODE=1\r\n", "OK\r\n"},
        {"AT+CIPDINFO=0\r\n", "OK\r\n"},
        {"AT+CWSTATE?\r\n", "+CWSTATE=0\r\nOK\r\n"},
    };
    bench_start(&bench, WM_RECEIVE_PASSIVE, 1024, 0);
    bench_answer_search(&bench);
    for (size_t i = 0; i < sizeof dialogue / sizeof dialogue[0]; i++) {
        bench_expect(&bench, dialogue[i][0]);
        bench_module(&bench, dialogue[i][1]);
    }
    ck_assert(wm_core_ready(&bench.core));
    ck_assert_uint_eq(wm_core_stats(&bench.core)->noise, 0);
}
END_TEST

START_TEST(foreign_links_and_servers_are_closed)
{
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, _i);
    bench_answer_search(&bench);
    bench_answer_profile(&bench);
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
    bench_module(&bench, "CMD FORMAT ERR\r\n");
    bench_expect(&bench, "AT+CIPMUX?\r\n");
    bench_module(&bench, "+CIPMUX:1\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSTATE?\r\n");
    bench_module(&bench, "+CIPSTATE:1,\"TCP\",\"10.0.0.1\",80,50001,0\r\n"
                         "+CIPSTATE:4,\"SSL\",\"10.0.0.1\",443,50002,1\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSERVER=0,1\r\n");
    bench_module(&bench, "ERROR\r\n");
    bench_expect(&bench, "AT+CIPCLOSE=1\r\n");
    bench_module(&bench, "1,CLOSED\r\n\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPCLOSE=4\r\n");
    bench_module(&bench, "ERROR\r\n");
    bench_expect(&bench, "AT+CIPRECVMODE=1\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPDINFO=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CWSTATE?\r\n");
    bench_module(&bench, "+CWSTATE=0\r\nOK\r\n");
    ck_assert(wm_core_ready(&bench.core));
}
END_TEST

/* Then a byte of it was lost or added, and the link is still there. */
START_TEST(a_foreign_link_that_is_not_closed)
{
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    bench_answer_search(&bench);
    bench_answer_profile(&bench);
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPMUX?\r\n");
    bench_module(&bench, "+CIPMUX:1\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSTATE?\r\n");
    bench_module(&bench, "+CIPSTATE:1,\"TCP\",\"10.0.0.1\",80,50001,0\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSERVER=0,1\r\n");
    bench_module(&bench, "ERROR\r\n");
    bench_expect(&bench, "AT+CIPCLOSE=1\r\n");
    bench_module(&bench, "CMD PARSE ERR\r\n");
    bench_answer_search(&bench);
}
END_TEST

START_TEST(a_link_of_single_connection_mode_is_closed)
{
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    bench_answer_search(&bench);
    bench_answer_profile(&bench);
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPMUX?\r\n");
    bench_module(&bench, "+CIPMUX:0\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSTATE?\r\n");
    bench_module(&bench, "+CIPSTATE:0,\"TCP\",\"10.0.0.1\",80,50001,0\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPCLOSE\r\n");
    bench_module(&bench, "CLOSED\r\n\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPMUX=1\r\n");
}
END_TEST

START_TEST(a_silent_module_is_told_and_looked_for_again)
{
    struct wm_event event;
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    ck_assert(!wm_core_next_event(&bench.core, &event));
    bench_pass(&bench, 4000);
    ck_assert(wm_core_next_event(&bench.core, &event));
    ck_assert_int_eq(event.kind, WM_EVENT_SILENT);
    bench.sent_len = 0;
    bench_expect(&bench, "+++");
}
END_TEST

static int result_of(struct wm_op *op)
{
    ck_assert(wm_op_ended(op));
    return op->result;
}

START_TEST(a_restart_is_followed_by_a_new_setup)
{
    struct wm_op op;
    struct wm_event event;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 1);
    while (wm_core_next_event(&bench.core, &event))
        ;
    wm_restart_prepare(&op);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+RST\r\n");
    bench_module(&bench, "OK\r\n");
    bench_silence(&bench, 300);
    bench_module(&bench, "ready\r\n");
    ck_assert(!wm_op_ended(&op));
    bench_answer_search(&bench);
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    ck_assert_int_eq(result_of(&op), 0);
    ck_assert(wm_core_next_event(&bench.core, &event));
    ck_assert_int_eq(event.kind, WM_EVENT_RESET);
}
END_TEST

/* PITFALLS 11: a silent reset is noticed by what the module has forgotten. */
START_TEST(a_restart_that_nobody_saw_fails_the_links)
{
    struct wm_op op;
    struct wm_link_info info;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    int link = bench_connect(&bench);
    wm_probe_prepare(&op);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT\r\n");
    bench_pass(&bench, 1001);
    ck_assert_int_eq(result_of(&op), WM_ERR_TIMEOUT);
    bench_pass(&bench, 5000);
    bench_answer_search(&bench);
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPMUX?\r\n");
    bench_module(&bench, "+CIPMUX:0\r\nOK\r\n");
    ck_assert_int_eq(wm_core_link_info(&bench.core, link, &info), 0);
    ck_assert_int_eq(info.error, WM_ERR_RESET);
    bench_answer_search(&bench);
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("find");
    TCase *tc = tcase_create("find");
    tcase_add_test(tc, the_search_keeps_the_guard_times);
    tcase_add_test(tc, the_deadlines_are_enough);
    tcase_add_loop_test(tc, a_fresh_module_is_set_up, 0, 2);
    tcase_add_test(tc, an_old_ready_is_no_reset);
    tcase_add_test(tc, what_the_flushed_junk_prints_is_not_the_answer);
    tcase_add_test(tc, a_module_that_needs_its_second_is_asked_again);
    tcase_add_test(tc, an_announced_length_is_filled);
    tcase_add_test(tc, a_busy_module_gets_time);
    tcase_add_loop_test(tc, a_set_up_that_can_not_be_read_starts_over, 0, 2);
    tcase_add_test(tc, a_station_s_state_with_an_equals_sign);
    tcase_add_loop_test(tc, foreign_links_and_servers_are_closed, 0, 3);
    tcase_add_test(tc, a_foreign_link_that_is_not_closed);
    tcase_add_test(tc, a_link_of_single_connection_mode_is_closed);
    tcase_add_test(tc, a_silent_module_is_told_and_looked_for_again);
    tcase_add_test(tc, a_restart_is_followed_by_a_new_setup);
    tcase_add_test(tc, a_restart_that_nobody_saw_fails_the_links);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
