/* Closing links (TCP-IP_AT: CIPCLOSE), losing the port, listing links (TCP-IP_AT: CIPSTATE). Golden
 * bytes; most cases run with the module's bytes whole and one at a time. */
#include <string.h>

#include "dialogue.h"

START_TEST(close_gives_the_handle_back)
{
    struct wm_op op;
    open_passive(_i);
    wm_link_close_prepare(&op, link0);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPCLOSE=0\r\n");
    bench_module(&bench, "0,CLOSED\r\n\r\nOK\r\n");
    ck_assert_int_eq(result_of(&op), 0);
    ck_assert_int_eq(read_link(link0, (char[1]){0}, 1), WM_ERR_ARG);
    int next = bench_connect(&bench);
    ck_assert_int_ne(next, link0);
    wm_link_close_prepare(&op, link0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_ARG);
    ck_assert_int_eq(state_of(next), WM_LINK_OPEN);
}
END_TEST

START_TEST(a_close_ends_who_waits_on_the_link)
{
    struct wm_op recv, close;
    char buffer[8];
    open_passive(0);
    wm_recv_prepare(&recv, link0, buffer, sizeof buffer);
    bench_submit(&bench, &recv, 5000);
    wm_link_close_prepare(&close, link0);
    bench_submit(&bench, &close, 0);
    bench_expect(&bench, "AT+CIPCLOSE=0\r\n");
    bench_module(&bench, "OK\r\n");
    ck_assert_int_eq(result_of(&close), 0);
    bench_pass(&bench, 1);
    ck_assert_int_eq(result_of(&recv), WM_ERR_CLOSED);
}
END_TEST

/* The CLOSED that our own command brings is no end of file: what was not read is discarded. */
START_TEST(a_close_is_no_end_of_file)
{
    struct wm_op recv, close;
    char buffer[8];
    open_passive(0);
    wm_recv_prepare(&recv, link0, buffer, sizeof buffer);
    bench_submit(&bench, &recv, 5000);
    wm_link_close_prepare(&close, link0);
    bench_submit(&bench, &close, 0);
    bench_expect(&bench, "AT+CIPCLOSE=0\r\n");
    bench_module(&bench, "0,CLOSED\r\n\r\n");
    bench_pass(&bench, 1);
    ck_assert_int_eq(result_of(&recv), WM_ERR_CLOSED);
    bench_module(&bench, "OK\r\n");
    ck_assert_int_eq(result_of(&close), 0);
}
END_TEST

/* Bytes in front of the command made it another: the link is still there. */
START_TEST(a_close_that_was_not_understood_is_done_later)
{
    struct wm_op op;
    open_passive(0);
    wm_link_close_prepare(&op, link0);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIPCLOSE=0\r\n", "CMD FORMAT ERR\r\n"), 0);
    bench_answer_checkup(&bench, WM_RECEIVE_PASSIVE,
                         "+CIPSTATE:0,\"TCP\",\"127.0.0.1\",7,50001,0\r\n");
    bench_expect(&bench, "AT+CIPCLOSE=0\r\n");
    bench_module(&bench, "0,CLOSED\r\n\r\nOK\r\n");
    bench_silence(&bench, 100);
}
END_TEST

/* ERROR says that there is no such link, and no CLOSED said so before: another may have been meant.
 */
START_TEST(a_close_that_fails_is_looked_into)
{
    struct wm_op op;
    open_passive(0);
    wm_link_close_prepare(&op, link0);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIPCLOSE=0\r\n", "ERROR\r\n"), 0);
    bench_answer_checkup(&bench, WM_RECEIVE_PASSIVE,
                         _i ? "" : "+CIPSTATE:0,\"TCP\",\"127.0.0.1\",7,50001,0\r\n");
    if (_i == 0) {
        bench_expect(&bench, "AT+CIPCLOSE=0\r\n");
        bench_module(&bench, "0,CLOSED\r\n\r\nOK\r\n");
    }
    bench_silence(&bench, 100);
}
END_TEST

START_TEST(close_of_an_ended_link_asks_nothing)
{
    struct wm_op op;
    open_passive(0);
    bench_module(&bench, "0,CLOSED\r\n");
    wm_link_close_prepare(&op, link0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), 0);
    bench_silence(&bench, 100);
}
END_TEST

START_TEST(a_close_that_times_out_goes_on_behind_the_scenes)
{
    struct wm_op op;
    open_passive(0);
    wm_link_close_prepare(&op, link0);
    bench_submit(&bench, &op, 100);
    bench_expect(&bench, "AT+CIPCLOSE=0\r\n");
    bench_pass(&bench, 100);
    ck_assert_int_eq(result_of(&op), WM_ERR_TIMEOUT);
    bench_module(&bench, "ERROR\r\n");
    bench_expect(&bench, "AT+CIPCLOSE=0\r\n");
    bench_module(&bench, "0,CLOSED\r\n\r\nOK\r\n");
    ck_assert_int_eq(bench_connect(&bench) & 7, 0);
}
END_TEST

START_TEST(a_lost_port_fails_what_is_pending)
{
    struct wm_op send, queued;
    open_passive(0);
    wm_send_prepare(&send, link0, "hello", 5);
    wm_probe_prepare(&queued);
    bench_submit(&bench, &send, 0);
    bench_submit(&bench, &queued, 0);
    wm_core_lost(&bench.core, WM_ERR_IO);
    ck_assert_int_eq(result_of(&send), WM_ERR_IO);
    ck_assert_int_eq(result_of(&queued), WM_ERR_IO);
    ck_assert_int_eq(read_link(link0, (char[1]){0}, 1), WM_ERR_IO);
    ck_assert_int_eq(wm_core_submit(&bench.core, &queued, 0, NULL, NULL, bench.now_ms), WM_ERR_IO);
    ck_assert_uint_eq(wm_core_deadline(&bench.core), WM_NO_DEADLINE);
}
END_TEST

START_TEST(links_of_the_module)
{
    struct wm_op op;
    struct wm_link_list list;
    open_passive(_i);
    wm_links_prepare(&op, &list);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSTATE?\r\n");
    bench_module(&bench, "+CIPSTATE:0,\"TCP\",\"192.168.1.9\",80,50001,0\r\n"
                         "+CIPSTATE:4,\"TCPv6\",\"fe80::1\",8080,50002,1\r\nOK\r\n");
    ck_assert_int_eq(result_of(&op), 2);
    ck_assert_str_eq(list.links[0].remote_ip, "192.168.1.9");
    ck_assert_uint_eq(list.links[1].id, 4);
    ck_assert_str_eq(list.links[1].type, "TCPv6");
    ck_assert_uint_eq(list.links[1].remote_port, 8080);
    ck_assert_uint_eq(list.links[1].local_port, 50002);
    ck_assert(list.links[1].server);
}
END_TEST

/* A part of the list would pass for the whole. */
START_TEST(a_list_of_links_that_is_damaged)
{
    struct wm_op op;
    struct wm_link_list list;
    open_passive(_i);
    wm_links_prepare(&op, &list);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSTATE?\r\n");
    bench_module(&bench, "+CIPSTATE:0,\"TCP\",\"192.168.1.9\",80,50001,0\r\n"
                         "+CIPSTATE:4,\"TCP\",\"192.168.1.9\",x,50002,1\r\nOK\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_PROTO);
    ck_assert_uint_eq(list.count, 0);
    ck_assert_int_eq(wm_core_link_info(&bench.core, link0, NULL), WM_ERR_ARG);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("link");
    TCase *tc = tcase_create("link");
    tcase_add_loop_test(tc, close_gives_the_handle_back, 0, 2);
    tcase_add_test(tc, a_close_ends_who_waits_on_the_link);
    tcase_add_test(tc, a_close_is_no_end_of_file);
    tcase_add_test(tc, a_close_that_was_not_understood_is_done_later);
    tcase_add_loop_test(tc, a_close_that_fails_is_looked_into, 0, 2);
    tcase_add_test(tc, close_of_an_ended_link_asks_nothing);
    tcase_add_test(tc, a_close_that_times_out_goes_on_behind_the_scenes);
    tcase_add_test(tc, a_lost_port_fails_what_is_pending);
    tcase_add_loop_test(tc, links_of_the_module, 0, 2);
    tcase_add_loop_test(tc, a_list_of_links_that_is_damaged, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
