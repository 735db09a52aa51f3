/* The port that goes and comes back, and the search that is started over (lib/core: plug). */
#include <string.h>

#include "dialogue.h"

static int next_event(void)
{
    struct wm_event event;
    return wm_core_next_event(&bench.core, &event) ? (int)event.kind : -1;
}

static void drop_events(void)
{
    while (next_event() >= 0)
        ;
}

/* What the module still has from before; the driver's set-up closes it. */
static void answer_setup_with_link(void)
{
    bench_answer_profile(&bench);
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPMUX?\r\n");
    bench_module(&bench, "+CIPMUX:1\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSTATE?\r\n");
    bench_module(&bench, "+CIPSTATE:0,\"TCP\",\"127.0.0.1\",7,50001,0\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSERVER=0,1\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPCLOSE=0\r\n");
    bench_module(&bench, "0,CLOSED\r\n\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPRECVMODE=1\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPDINFO=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CWSTATE?\r\n");
    bench_module(&bench, "+CWSTATE:2,\"x\"\r\nOK\r\n");
}

START_TEST(what_is_pending_fails_and_new_calls_work)
{
    struct wm_op running, queued, waiting, refused;
    char byte;
    open_passive(0);
    wm_store_get_prepare(&running);
    wm_probe_prepare(&queued);
    wm_recv_prepare(&waiting, link0, &byte, 1);
    bench_submit(&bench, &running, WM_FOREVER);
    bench_submit(&bench, &queued, WM_FOREVER);
    bench_submit(&bench, &waiting, WM_FOREVER);
    bench_expect(&bench, "AT+SYSSTORE?\r\n");
    bench_module(&bench, "+SYSSTO"); /* half a line */
    drop_events();
    wm_core_unplugged(&bench.core);
    ck_assert_int_eq(result_of(&running), WM_ERR_IO);
    ck_assert_int_eq(result_of(&queued), WM_ERR_IO);
    ck_assert_int_eq(result_of(&waiting), WM_ERR_IO);
    wm_probe_prepare(&refused);
    ck_assert_int_eq(wm_core_submit(&bench.core, &refused, 0, NULL, NULL, bench.now_ms), WM_ERR_IO);
    ck_assert_uint_eq(wm_core_deadline(&bench.core), WM_NO_DEADLINE);
    ck_assert_int_eq(next_event(), WM_EVENT_LOST);
    bench_pass(&bench, 3000);
    wm_core_plugged(&bench.core, bench.now_ms);
    bench_submit(&bench, &refused, 0);
    bench_answer_search(&bench);
    answer_setup_with_link();
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "OK\r\n");
    ck_assert_int_eq(result_of(&refused), 0);
    ck_assert_int_eq(next_event(), WM_EVENT_WIFI_UP); /* it has stayed joined, without a report */
    ck_assert_int_eq(next_event(), WM_EVENT_READY);
    ck_assert_int_eq(next_event(), WM_EVENT_FAILED);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->resyncs, 1);
}
END_TEST

/* Its id is free again once the handle was given back, and that takes no command. */
START_TEST(a_link_from_before)
{
    struct wm_op op;
    open_passive(0);
    wm_core_unplugged(&bench.core);
    ck_assert_int_eq(state_of(link0), WM_LINK_FAILED);
    wm_core_plugged(&bench.core, bench.now_ms);
    bench_answer_search(&bench);
    answer_setup_with_link();
    wm_send_prepare(&op, link0, "x", 1);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_RESET);
    wm_link_close_prepare(&op, link0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), 0);
    bench_silence(&bench, 500);
    int link = bench_connect(&bench);
    ck_assert_int_ne(link, link0);
}
END_TEST

/* link.h: the handle is gone, whatever becomes of the port. */
START_TEST(closing_a_link_of_a_lost_port)
{
    struct wm_op op;
    open_passive(0);
    if (_i)
        wm_core_unplugged(&bench.core);
    else
        wm_core_lost(&bench.core, WM_ERR_IO);
    wm_link_close_prepare(&op, link0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), 0);
    struct wm_link_info info;
    ck_assert_int_eq(wm_core_link_info(&bench.core, link0, &info), WM_ERR_ARG);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_ARG);
}
END_TEST

/* Events of a loss and of what came later are told in that order. */
START_TEST(lost_comes_before_ready)
{
    open_passive(0);
    wm_core_unplugged(&bench.core);
    wm_core_plugged(&bench.core, bench.now_ms);
    bench_answer_search(&bench);
    answer_setup_with_link();
    ck_assert_int_eq(next_event(), WM_EVENT_LOST);
    ck_assert_int_eq(next_event(), WM_EVENT_WIFI_UP);
    ck_assert_int_eq(next_event(), WM_EVENT_READY);
}
END_TEST

START_TEST(calls_that_mean_nothing_now)
{
    open_passive(0);
    wm_core_plugged(&bench.core, bench.now_ms); /* it is not lost */
    ck_assert(wm_core_ready(&bench.core));
    ck_assert_int_eq(wm_core_unanswered(&bench.core), -1);
    wm_core_search(&bench.core, 0, bench.now_ms); /* it is not searched for */
    ck_assert(wm_core_ready(&bench.core));
    wm_core_lost(&bench.core, WM_ERR_IO);
    wm_core_unplugged(&bench.core);
    wm_core_search(&bench.core, 0, bench.now_ms);
    ck_assert_int_eq(wm_core_unanswered(&bench.core), -1);
    bench_silence(&bench, 1000);
}
END_TEST

/* At another speed: a short wait for an answer, then the usual one. */
START_TEST(a_search_that_is_started_over)
{
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    ck_assert_int_eq(wm_core_unanswered(&bench.core), 0);
    bench_expect(&bench, "+++");
    bench_expect(&bench, "\r\n");
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "\x80\xf8\x80"); /* its OK at another speed */
    bench_pass(&bench, 600);
    ck_assert_int_eq(wm_core_unanswered(&bench.core), 1);
    wm_core_search(&bench.core, 150, bench.now_ms);
    ck_assert_int_eq(wm_core_unanswered(&bench.core), 0);
    bench_expect(&bench, "+++");
    bench_expect(&bench, "\r\n");
    bench_expect(&bench, "AT\r\n");
    bench_pass(&bench, 140);
    ck_assert_int_eq(wm_core_unanswered(&bench.core), 0);
    bench_pass(&bench, 20);
    ck_assert_int_eq(wm_core_unanswered(&bench.core), 1);
    wm_core_search(&bench.core, 0, bench.now_ms);
    bench_answer_search(&bench);
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    ck_assert(wm_core_ready(&bench.core));
}
END_TEST

/* A refusal can be read, so the speed is right: its OK may take the usual time. */
START_TEST(a_legible_answer_is_worth_a_longer_wait)
{
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    bench_pass(&bench, 1);
    wm_core_search(&bench.core, 150, bench.now_ms);
    bench_expect(&bench, "+++");
    bench_expect(&bench, "\r\n");
    bench_expect(&bench, "AT\r\n");
    bench_pass(&bench, 140);
    bench_module(&bench, _i ? "busy ...\r\n" : "CMD PARSE ERR\r\n");
    if (_i) {
        bench_expect(&bench, "\r\n");
        bench_expect(&bench, "AT\r\n");
    }
    bench_pass(&bench, 340);
    ck_assert_int_eq(wm_core_unanswered(&bench.core), 0);
    bench_module(&bench, "OK\r\n");
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    ck_assert(wm_core_ready(&bench.core));
}
END_TEST

/* Half a line of an earlier speed stands before the answer. */
START_TEST(junk_in_front_of_the_answer)
{
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    bench_expect(&bench, "+++");
    bench_module(&bench, "\xf8\x80+IPD");
    bench_expect(&bench, "\r\n");
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "OK\r\n");
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    ck_assert(wm_core_ready(&bench.core));
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("plug");
    TCase *tc = tcase_create("plug");
    tcase_add_test(tc, what_is_pending_fails_and_new_calls_work);
    tcase_add_test(tc, a_link_from_before);
    tcase_add_loop_test(tc, closing_a_link_of_a_lost_port, 0, 2);
    tcase_add_test(tc, lost_comes_before_ready);
    tcase_add_test(tc, calls_that_mean_nothing_now);
    tcase_add_test(tc, a_search_that_is_started_over);
    tcase_add_loop_test(tc, a_legible_answer_is_worth_a_longer_wait, 0, 2);
    tcase_add_test(tc, junk_in_front_of_the_answer);
    suite_add_tcase(suite, tc);
    return suite;
}

SUITE_MAIN(suite)
