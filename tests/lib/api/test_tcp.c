/* Connecting (TCP-IP_AT: CIPSTART), and whose result is it that comes late. Golden bytes; most
 * cases run with the module's bytes whole and one at a time. */
#include <string.h>

#include "dialogue.h"

START_TEST(connect_with_every_option)
{
    struct wm_op op;
    struct wm_tcp_options options = {
        .host = "192.168.10.110", .port = 8080, .local_ip = "192.168.10.100"};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, (size_t)_i);
    ck_assert_int_eq(wm_tcp_connect_prepare(&op, &options), 0);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSTART=0,\"TCP\",\"192.168.10.110\",8080,,\"192.168.10.100\"\r\n");
    bench_module(&bench, "0,CONNECT\r\nOK\r\n");
    ck_assert_int_gt(result_of(&op), 0);

    options = (struct wm_tcp_options){.host = "fe80::860d:8eff:fe9d:cd90",
                                      .port = 1000,
                                      .keep_alive_s = 60,
                                      .own_id = true,
                                      .link_id = 3};
    ck_assert_int_eq(wm_tcp_connect_prepare(&op, &options), 0);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSTART=3,\"TCPv6\",\"fe80::860d:8eff:fe9d:cd90\",1000,60\r\n");
    bench_module(&bench, "3,CONNECT\r\nOK\r\n");
    ck_assert_int_eq(result_of(&op) & 7, 3);
}
END_TEST

static const struct wm_tcp_options bad_options[] = {
    {.host = NULL, .port = 80},
    {.host = "", .port = 80},
    {.host = "a\r\nAT+RST", .port = 80},
    {.host = "h", .port = 0},
    {.host = "h", .port = 65536},
    {.host = "h", .port = 80, .keep_alive_s = 7201},
    {.host = "h", .port = 80, .keep_alive_s = -2},
    {.host = "h", .port = 80, .local_ip = "\n"},
    {.host = "h", .port = 80, .local_ip = "eth0"},
    {.host = "h", .port = 80, .local_ip = "::1 "},
    {.host = "h", .port = 80, .own_id = true, .link_id = 5},
    {.host = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", .port = 80},
};

START_TEST(bad_arguments_send_nothing)
{
    struct wm_op op;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    ck_assert_int_eq(wm_tcp_connect_prepare(&op, &bad_options[_i]), WM_ERR_ARG);
    ck_assert_int_eq(wm_core_submit(&bench.core, &op, 0, NULL, NULL, bench.now_ms), WM_ERR_STATE);
    bench_silence(&bench, 100);
}
END_TEST

START_TEST(a_quote_and_a_comma_in_a_host_stay_inside)
{
    struct wm_op op;
    struct wm_tcp_options options = {.host = "a\",1,\"b", .port = 80};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    ck_assert_int_eq(wm_tcp_connect_prepare(&op, &options), 0);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSTART=0,\"TCP\",\"a\\\"\\,1\\,\\\"b\",80\r\n");
    bench_module(&bench, "ERROR\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_DEVICE);
}
END_TEST

static const struct {
    const char *answer;
    int err;
} refusals[] = {
    {"ERROR\r\n", WM_ERR_DEVICE},
    {"CMD PARSE ERR\r\n", WM_ERR_DEVICE}, /* device_dialect, section 13, row 22 */
    {"CMD FORMAT ERR\r\n", WM_ERR_UNSUPPORTED},
    {"busy ...\r\n", WM_ERR_BUSY},
    {"ready\r\n", WM_ERR_RESET},
};

START_TEST(a_refused_connection_frees_its_link)
{
    struct wm_op op;
    struct wm_tcp_options options = {.host = "h", .port = 80};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSTART=0,\"TCP\",\"h\",80\r\n");
    bench_module(&bench, refusals[_i].answer);
    ck_assert_int_eq(result_of(&op), refusals[_i].err);
}
END_TEST

/* PITFALLS 10: a connection that comes up after its deadline is closed again. */
START_TEST(a_late_connection_is_closed)
{
    struct wm_op op;
    struct wm_tcp_options options = {.host = "h", .port = 80};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, (size_t)_i);
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 500);
    bench_expect(&bench, "AT+CIPSTART=0,\"TCP\",\"h\",80\r\n");
    bench_pass(&bench, 500);
    ck_assert_int_eq(result_of(&op), WM_ERR_TIMEOUT);
    bench_silence(&bench, 1000);
    bench_module(&bench, "0,CONNECT\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPCLOSE=0\r\n");
    bench_module(&bench, "0,CLOSED\r\n\r\nOK\r\n");
    ck_assert_int_gt(bench_connect(&bench), 0);
}
END_TEST

/* PITFALLS 9: a late final result never matches a newer command. */
START_TEST(a_late_result_is_not_the_next_command_s)
{
    struct wm_op first, second;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, (size_t)_i);
    wm_probe_prepare(&first);
    bench_submit(&bench, &first, 100);
    bench_expect(&bench, "AT\r\n");
    wm_store_get_prepare(&second);
    bench_submit(&bench, &second, 3000);
    bench_pass(&bench, 101);
    ck_assert_int_eq(result_of(&first), WM_ERR_TIMEOUT);
    bench_silence(&bench, 500);
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+SYSSTORE?\r\n");
    ck_assert(!wm_op_ended(&second));
    bench_module(&bench, "+SYSSTORE:1\r\nOK\r\n");
    ck_assert_int_eq(result_of(&second), 1);
}
END_TEST

/* Nor do its lines harm anybody. */
START_TEST(late_lines_are_no_noise)
{
    struct wm_op op;
    struct wm_link_list list;
    open_active(_i, 4096);
    wm_links_prepare(&op, &list);
    bench_submit(&bench, &op, 100);
    bench_expect(&bench, "AT+CIPSTATE?\r\n");
    bench_pass(&bench, 101);
    ck_assert_int_eq(result_of(&op), WM_ERR_TIMEOUT);
    bench_module(&bench, "+CIPSTATE:0,\"TCP\",\"127.0.0.1\",7,50001,0\r\nOK\r\n");
    ck_assert_int_eq(state_of(link0), WM_LINK_OPEN);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->noise, 0);
}
END_TEST

/* Payload that was taken for lines is none of them: here the last byte of a frame that got one too
 * many. */
START_TEST(late_lines_are_those_of_the_command)
{
    struct wm_op op;
    struct wm_link_list list;
    char byte;
    open_active(_i, 4096);
    wm_links_prepare(&op, &list);
    bench_submit(&bench, &op, 100);
    bench_expect(&bench, "AT+CIPSTATE?\r\n");
    bench_pass(&bench, 101);
    bench_module(&bench, "+IPD,0,5:heello\r\n");
    ck_assert_int_eq(read_link(link0, &byte, 1), WM_ERR_PROTO);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 1);
}
END_TEST

/* The id was changed on its way, so the module has another link than the driver. */
START_TEST(a_connection_under_another_id_is_looked_into)
{
    struct wm_tcp_options options = {.host = "127.0.0.1", .port = 7};
    struct wm_op op;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, (size_t)_i);
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSTART=0,\"TCP\",\"127.0.0.1\",7\r\n");
    bench_module(&bench, "1,CONNECT\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPMUX?\r\n");
    bench_module(&bench, "+CIPMUX:1\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSTATE?\r\n");
    bench_module(&bench, "+CIPSTATE:1,\"TCP\",\"127.0.0.1\",7,50001,0\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPCLOSE=1\r\n");
    ck_assert_int_eq(read_link(result_of(&op), (char[1]){0}, 1), WM_ERR_PROTO);
}
END_TEST

START_TEST(cancelling_a_queued_and_a_running_call)
{
    struct wm_op first, second;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    wm_probe_prepare(&first);
    wm_store_get_prepare(&second);
    bench_submit(&bench, &first, 0);
    bench_submit(&bench, &second, 0);
    wm_core_cancel(&bench.core, &second);
    wm_core_cancel(&bench.core, &first);
    ck_assert_int_eq(result_of(&first), WM_ERR_CANCELLED);
    ck_assert_int_eq(result_of(&second), WM_ERR_CANCELLED);
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "OK\r\n");
    bench_silence(&bench, 500);
}
END_TEST

START_TEST(five_links_and_no_sixth)
{
    struct wm_op op;
    struct wm_tcp_options options = {.host = "h", .port = 80};
    open_passive(0);
    for (int id = 1; id < WM_LINKS; id++)
        ck_assert_int_eq(bench_connect(&bench) & 7, id);
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_STATE);
    bench_silence(&bench, 100);
}
END_TEST

/* An operation that is started again has nothing to do with the link that it opened before. */
START_TEST(a_call_made_again_leaves_its_first_link_alone)
{
    struct wm_op op;
    struct wm_tcp_options options = {.host = "127.0.0.1", .port = 7};
    bench_start_links(&bench, 1, WM_RECEIVE_PASSIVE, 4096, 0);
    bench_answer_search(&bench);
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSTART=0,\"TCP\",\"127.0.0.1\",7\r\n");
    bench_module(&bench, "0,CONNECT\r\nOK\r\n");
    int link = result_of(&op);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_STATE);
    ck_assert_int_eq(state_of(link), WM_LINK_OPEN);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tcp");
    TCase *tc = tcase_create("tcp");
    tcase_add_loop_test(tc, connect_with_every_option, 0, 2);
    tcase_add_loop_test(tc, bad_arguments_send_nothing, 0,
                        sizeof bad_options / sizeof bad_options[0]);
    tcase_add_test(tc, a_quote_and_a_comma_in_a_host_stay_inside);
    tcase_add_loop_test(tc, a_refused_connection_frees_its_link, 0,
                        sizeof refusals / sizeof refusals[0]);
    tcase_add_loop_test(tc, a_late_connection_is_closed, 0, 2);
    tcase_add_loop_test(tc, a_late_result_is_not_the_next_command_s, 0, 2);
    tcase_add_loop_test(tc, late_lines_are_no_noise, 0, 2);
    tcase_add_loop_test(tc, late_lines_are_those_of_the_command, 0, 2);
    tcase_add_loop_test(tc, a_connection_under_another_id_is_looked_into, 0, 2);
    tcase_add_test(tc, cancelling_a_queued_and_a_running_call);
    tcase_add_test(tc, five_links_and_no_sixth);
    tcase_add_test(tc, a_call_made_again_leaves_its_first_link_alone);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
