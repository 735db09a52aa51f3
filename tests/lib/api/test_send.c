/* Sending (TCP-IP_AT: CIPSEND). Golden bytes; most cases run with the module's bytes whole and one
 * at a time. */
#include <string.h>

#include "dialogue.h"

START_TEST(a_send_and_its_prompt)
{
    static const char *const answers[] = {"OK\r\n>\r\n", "OK\r\n> ", "OK\r\n>", "OK\r\n"};
    struct wm_op op;
    open_passive(_i / 4);
    wm_send_prepare(&op, link0, "hello", 5);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSEND=0,5\r\n");
    bench_silence(&bench, 50);
    bench_module(&bench, answers[_i % 4]);
    bench_expect(&bench, "hello");
    bench_module(&bench, "SEND OK\r\n");
    ck_assert_int_eq(result_of(&op), 5);
}
END_TEST

/* PITFALLS 6: reports inside an exchange. */
START_TEST(reports_inside_a_send)
{
    struct wm_op op;
    char buffer[16];
    open_active(_i, 4096);
    wm_send_prepare(&op, link0, "hello", 5);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSEND=0,5\r\n");
    bench_module(&bench,
                 "+IPD,0,2:>\n\r\nWIFI GOT IP\r\nOK\r\n+IPD,0,4:OK\r\n\r\n>\r\n1,CLOSED\r\n");
    bench_expect(&bench, "hello");
    bench_module(&bench, "+IPD,0,9:SEND OK\r\n\r\n");
    ck_assert(!wm_op_ended(&op));
    bench_module(&bench, "SEND OK\r\n");
    ck_assert_int_eq(result_of(&op), 5);
    ck_assert_int_eq(read_link(link0, buffer, sizeof buffer), 15);
    ck_assert_int_eq(memcmp(buffer, ">\nOK\r\nSEND OK\r\n", 15), 0);
}
END_TEST

START_TEST(a_long_send_goes_in_chunks)
{
    static char data[5760 + 10];
    struct wm_op op;
    memset(data, 'd', sizeof data);
    open_passive(0);
    wm_send_prepare(&op, link0, data, sizeof data);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSEND=0,5760\r\n");
    bench_module(&bench, "OK\r\n>\r\n");
    bench_expect_bytes(&bench, data, 5760);
    bench_module(&bench, "SEND OK\r\n");
    bench_expect(&bench, "AT+CIPSEND=0,10\r\n");
    bench_module(&bench, "OK\r\n>\r\n");
    bench_expect_bytes(&bench, data, 10);
    bench_module(&bench, "SEND OK\r\n");
    ck_assert_int_eq(result_of(&op), sizeof data);
}
END_TEST

/* PITFALLS 14: a payload that is exactly +++ never goes out alone. */
START_TEST(plus_plus_plus_is_split)
{
    struct wm_op op;
    open_passive(0);
    wm_send_prepare(&op, link0, "+++", 3);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSEND=0,1\r\n");
    bench_module(&bench, "OK\r\n>\r\n");
    bench_expect(&bench, "+");
    bench_module(&bench, "SEND OK\r\n");
    bench_expect(&bench, "AT+CIPSEND=0,2\r\n");
    bench_module(&bench, "OK\r\n>\r\n");
    bench_expect(&bench, "++");
    bench_module(&bench, "SEND OK\r\n");
    ck_assert_int_eq(result_of(&op), 3);
}
END_TEST

START_TEST(a_link_that_closes_in_mid_send)
{
    static char data[3000];
    struct wm_op op;
    const void *out;
    open_passive(0);
    wm_send_prepare(&op, link0, data, sizeof data);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSEND=0,3000\r\n");
    const char ok[] = "OK\r\n>\r\n";
    wm_core_feed(&bench.core, ok, sizeof ok - 1, bench.now_ms);
    ck_assert_uint_eq(wm_core_output(&bench.core, &out, bench.now_ms), sizeof data);
    wm_core_sent(&bench.core, 1024, bench.now_ms); /* what the port had room for */
    bench_module(&bench, "0,CLOSED\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_CLOSED);
    if (_i == 0) {
        bench_module(&bench, "ERROR\r\n"); /* or the rest of the length is cancelled */
    } else {
        bench_answer_search(&bench);
        bench_answer_checkup(&bench, WM_RECEIVE_PASSIVE, "");
    }
    ck_assert(wm_core_ready(&bench.core));
    ck_assert_int_eq(state_of(link0), WM_LINK_ENDED);
    wm_send_prepare(&op, link0, data, 1);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_CLOSED);
}
END_TEST

/* A call that only waits leaves the one that has the turn alone. */
START_TEST(receiving_beside_a_send)
{
    struct wm_op send, recv;
    char buffer[8];
    open_passive(0);
    wm_send_prepare(&send, link0, "hello", 5);
    bench_submit(&bench, &send, 0);
    bench_expect(&bench, "AT+CIPSEND=0,5\r\n");
    wm_recv_prepare(&recv, link0, buffer, sizeof buffer);
    bench_submit(&bench, &recv, 1000);
    bench_module(&bench, "OK\r\n>\r\n");
    bench_expect(&bench, "hello");
    bench_module(&bench, "SEND OK\r\n+IPD,0,2\r\n");
    ck_assert_int_eq(result_of(&send), 5);
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    bench_module(&bench, "+CIPRECVDATA:2,hi\r\nOK\r\n");
    ck_assert_int_eq(result_of(&recv), 2);
}
END_TEST

/* PITFALLS 8: a send that ends without a result. */
START_TEST(unknown_delivery_gives_up_the_link)
{
    struct wm_op op;
    char buffer[4];
    open_passive(0);
    wm_send_prepare(&op, link0, "hello", 5);
    bench_submit(&bench, &op, 2000);
    bench_expect(&bench, "AT+CIPSEND=0,5\r\n");
    bench_module(&bench, "OK\r\n>\r\n");
    bench_expect(&bench, "hello");
    bench_pass(&bench, 2000);
    ck_assert_int_eq(result_of(&op), WM_ERR_UNKNOWN_DELIVERY);
    ck_assert_int_eq(read_link(link0, buffer, sizeof buffer), WM_ERR_UNKNOWN_DELIVERY);
    bench_silence(&bench, 1000);
    bench_module(&bench, "SEND OK\r\n"); /* late: nobody's */
    wm_send_prepare(&op, link0, "x", 1);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_UNKNOWN_DELIVERY);
    bench_silence(&bench, 100);
}
END_TEST

/* PITFALLS 7: the OK may come at any time, and then what the search sends is payload. */
START_TEST(a_send_without_its_ok_gives_up_the_link)
{
    struct wm_op op;
    char byte;
    open_passive(0);
    wm_send_prepare(&op, link0, "hello", 5);
    bench_submit(&bench, &op, _i ? 100 : 1000);
    bench_expect(&bench, "AT+CIPSEND=0,5\r\n");
    bench_pass(&bench, 100);
    if (_i == 0)
        wm_core_cancel(&bench.core, &op);
    ck_assert_int_eq(result_of(&op), _i ? WM_ERR_UNKNOWN_DELIVERY : WM_ERR_CANCELLED);
    ck_assert_int_eq(read_link(link0, &byte, 1), WM_ERR_UNKNOWN_DELIVERY);
    bench_answer_search(&bench);
}
END_TEST

/* Refused; failed behind the payload; closed meanwhile. */
static const int failures[] = {WM_ERR_DEVICE, WM_ERR_UNKNOWN_DELIVERY, WM_ERR_CLOSED};

/* PITFALLS 7: the announced length is neither filled nor cancelled, so the module is searched for.
 */
START_TEST(a_result_before_the_payload_is_no_delivery)
{
    struct wm_op op;
    char byte;
    open_passive(0);
    wm_send_prepare(&op, link0, "hello", 5);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSEND=0,5\r\n");
    bench_module(&bench, "SEND OK\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_UNKNOWN_DELIVERY);
    ck_assert_int_eq(read_link(link0, &byte, 1), WM_ERR_UNKNOWN_DELIVERY);
    bench_answer_search(&bench);
}
END_TEST

START_TEST(send_failures)
{
    struct wm_op op;
    open_passive(0);
    wm_send_prepare(&op, link0, "hello", 5);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSEND=0,5\r\n");
    if (_i == 0) {
        bench_module(&bench, "ERROR\r\n");
    } else {
        bench_module(&bench, "OK\r\n>\r\n");
        bench_expect(&bench, "hello");
        bench_module(&bench, _i == 1 ? "SEND FAIL\r\n" : "0,CLOSED\r\nERROR\r\n");
    }
    ck_assert_int_eq(result_of(&op), failures[_i]);
}
END_TEST

/* TCP-IP_AT: CIPSENDL, where the module has it and the configuration names it. */

static char long_data[20000];

static void send_long(struct wm_op *op, size_t len)
{
    for (size_t i = 0; i < sizeof long_data; i++)
        long_data[i] = (char)(i * 7);
    bench.core.config.long_send = &wm_long_send;
    ck_assert_int_eq(wm_send_prepare(op, link0, long_data, len), 0);
    bench_submit(&bench, op, 0);
}

START_TEST(a_long_send_takes_one_command)
{
    struct wm_op op;
    open_passive(_i);
    send_long(&op, 20000);
    bench_expect(&bench, "AT+CIPSENDL=?\r\n");
    bench_module(&bench, "AT+CIPSENDL=<link ID>,<length>\r\n+CIPSENDL\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSENDL=0,16384\r\n");
    bench_module(&bench, "OK\r\n>\r\n");
    bench_expect_bytes(&bench, long_data, 16384);
    bench_module(&bench, "+CIPSENDL:0,1024\r\n+CIPSENDL:16384,16384\r\nSEND OK\r\n");
    bench_expect(&bench, "AT+CIPSEND=0,3616\r\n"); /* the rest is a chunk like any other */
    bench_module(&bench, "OK\r\n>\r\n");
    bench_expect_bytes(&bench, long_data + 16384, 3616);
    bench_module(&bench, "SEND OK\r\n");
    ck_assert_int_eq(result_of(&op), 20000);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->noise, 0);
    send_long(&op, 6000); /* it is asked once */
    bench_expect(&bench, "AT+CIPSENDL=0,6000\r\n");
}
END_TEST

START_TEST(a_module_without_long_sends)
{
    struct wm_op op;
    open_passive(0);
    send_long(&op, 6000);
    bench_expect(&bench, "AT+CIPSENDL=?\r\n");
    bench_module(&bench, _i ? "CMD FORMAT ERR\r\n" : "ERROR\r\n");
    if (_i) /* an unknown command is looked into, as every one is */
        bench_answer_checkup(&bench, WM_RECEIVE_PASSIVE,
                             "+CIPSTATE:0,\"TCP\",\"127.0.0.1\",7,50001,0\r\n");
    bench_expect(&bench, "AT+CIPSEND=0,5760\r\n");
    bench_module(&bench, "OK\r\n>\r\n");
    bench_expect_bytes(&bench, long_data, 5760);
    bench_module(&bench, "SEND OK\r\n");
    bench_expect(&bench, "AT+CIPSEND=0,240\r\n");
    bench_module(&bench, "OK\r\n>\r\n");
    bench_expect_bytes(&bench, long_data + 5760, 240);
    bench_module(&bench, "SEND OK\r\n");
    ck_assert_int_eq(result_of(&op), 6000);
    send_long(&op, 100); /* not asked again, nor for what fits a chunk */
    bench_expect(&bench, "AT+CIPSEND=0,100\r\n");
}
END_TEST

/* What was announced is cancelled, which has a result here. */
START_TEST(a_link_that_closes_in_a_long_send)
{
    struct wm_op op;
    const void *out;
    open_passive(0);
    send_long(&op, 6000);
    bench_expect(&bench, "AT+CIPSENDL=?\r\n");
    bench_module(&bench, "AT+CIPSENDL=<link ID>,<length>\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSENDL=0,6000\r\n");
    ck_assert_uint_eq(wm_core_feed(&bench.core, "OK\r\n>\r\n", 7, bench.now_ms), 7);
    ck_assert_uint_eq(wm_core_output(&bench.core, &out, bench.now_ms), 5760);
    wm_core_sent(&bench.core, 1024, bench.now_ms);
    wm_core_feed(&bench.core, "0,CLOSED\r\n", 10, bench.now_ms);
    ck_assert_int_eq(result_of(&op), WM_ERR_CLOSED);
    ck_assert_uint_eq(wm_core_output(&bench.core, &out, bench.now_ms), 0);
    bench_expect(&bench, "+++");
    bench_module(&bench, "SEND CANCELLED\r\n");
    bench_expect(&bench, "\r\n");
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "OK\r\n");
    bench_answer_checkup(&bench, WM_RECEIVE_PASSIVE, "");
    ck_assert_uint_eq(wm_core_stats(&bench.core)->noise, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("send");
    TCase *tc = tcase_create("send");
    tcase_add_loop_test(tc, a_send_and_its_prompt, 0, 8);
    tcase_add_loop_test(tc, reports_inside_a_send, 0, 2);
    tcase_add_test(tc, a_long_send_goes_in_chunks);
    tcase_add_test(tc, plus_plus_plus_is_split);
    tcase_add_loop_test(tc, a_link_that_closes_in_mid_send, 0, 2);
    tcase_add_test(tc, receiving_beside_a_send);
    tcase_add_test(tc, unknown_delivery_gives_up_the_link);
    tcase_add_test(tc, a_result_before_the_payload_is_no_delivery);
    tcase_add_loop_test(tc, a_send_without_its_ok_gives_up_the_link, 0, 2);
    tcase_add_loop_test(tc, send_failures, 0, 3);
    tcase_add_loop_test(tc, a_long_send_takes_one_command, 0, 2);
    tcase_add_loop_test(tc, a_module_without_long_sends, 0, 2);
    tcase_add_test(tc, a_link_that_closes_in_a_long_send);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
