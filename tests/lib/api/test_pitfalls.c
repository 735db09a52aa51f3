/* Fifteen ways in which drivers of AT modules fail in the field, and the rule that makes each
 * impossible here; one test a rule, named after it. Golden bytes from the specification. */
#include <string.h>

#include <wmat/server.h>
#include <wmat/stream.h>
#include <wmat/tls.h>
#include <wmat/udp.h>

#include "dialogue.h"

static struct wm_op op;
static char buffer[64];

static void answer(const char *line, const char *result)
{
    bench_expect(&bench, line);
    bench_module(&bench, result);
}

static int read0(void)
{
    return read_link(link0, buffer, sizeof buffer);
}

static const struct wm_stats *stats(void)
{
    return wm_core_stats(&bench.core);
}

/* An overrun loses bytes that TCP has acknowledged: by default nothing comes unasked; a gap ends
 * the link, loudly, and no byte of that frame is delivered. Case: where the gap is. */
static const char *const gaps[] = {
    "+CIPRECVDATA:14,0123456789ab\r\nOK\r\n+IPD,0,9\r\n", /* the payload, */
    "+CIPRECVDATA:14,0123456789\r\nOK\r\n",               /* filled by what follows, */
    "+CIPRECVDATA:1,0123456789abcd\r\nOK\r\n",            /* the length, */
    "+CIPRECVDATA:14,0123456789abcdOK\r\n",               /* the CR LF behind it, */
    "+CIPREATA:14,0123456789abcd\r\nOK\r\n",              /* the header, */
    "56789abcd\r\nOK\r\n",                                /* all of it, */
    "OK\r\n",                                             /* and everything */
};

START_TEST(pitfall_1_uart_overrun)
{
    open_passive(_i % 2);
    bench_module(&bench, "+IPD,0,14\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    bench_module(&bench, gaps[_i / 2]);
    bench_pass(&bench, 5000);
    ck_assert_int_eq(read0(), WM_ERR_PROTO);
    ck_assert_int_eq(state_of(link0), WM_LINK_FAILED);
    ck_assert_uint_eq(stats()->losses, 1);
}
END_TEST

/* No memory, payload skipped: room is there before bytes are asked for, and a full ring asks for
 * nothing; in active mode it stops the input. */
START_TEST(pitfall_2_no_memory)
{
    char data[256], header[] = "+CIPRECVDATA:256,";
    bench_open(&bench, WM_RECEIVE_PASSIVE, 256, (size_t)_i);
    link0 = bench_connect(&bench);
    memset(data, 'd', sizeof data);
    bench_module(&bench, "+IPD,0,5760\r\n");
    answer("AT+CIPRECVDATA=0,256\r\n", header);
    bench_module_bytes(&bench, data, sizeof data);
    bench_module(&bench, "\r\nOK\r\n+IPD,0,5504\r\n");
    bench_silence(&bench, 5000);
    ck_assert_int_eq(read_link(link0, data, 100), 100);
    bench_expect(&bench, "AT+CIPRECVDATA=0,100\r\n");
    ck_assert_uint_eq(stats()->losses, 0);
}
END_TEST

/* +IPD never comes: it is only a hint. AT+CIPRECVLEN is asked after connecting, after a read that
 * gave all that was asked for, and when idle. What it counts on a TLS link may not be readable. */
START_TEST(pitfall_3_ipd_never_comes)
{
    char data[256];
    bench_open(&bench, WM_RECEIVE_PASSIVE, 256, 0);
    bench.core.config.idle_poll_ms = 1000;
    link0 = bench_connect(&bench);
    answer("AT+CIPRECVLEN?\r\n", "+CIPRECVLEN:256,,,,\r\nOK\r\n");
    answer("AT+CIPRECVDATA=0,256\r\n", "+CIPRECVDATA:256,");
    memset(data, 'd', sizeof data);
    bench_module_bytes(&bench, data, sizeof data);
    bench_module(&bench, "\r\nOK\r\n");
    ck_assert_int_eq(read_link(link0, data, sizeof data), 256);
    bench_silence(&bench, 99);
    answer("AT+CIPRECVLEN?\r\n", "+CIPRECVLEN:0,,,,\r\nOK\r\n");
    bench_silence(&bench, 999);
    answer("AT+CIPRECVLEN?\r\n", "+CIPRECVLEN:29,,,,\r\nOK\r\n");
    answer("AT+CIPRECVDATA=0,256\r\n", "ERROR\r\n"); /* not deciphered yet */
    ck_assert_int_eq(state_of(link0), WM_LINK_OPEN);
    ck_assert_int_eq(read0(), WM_ERR_TIMEOUT);
}
END_TEST

/* CLOSED overtakes data: the end of file comes behind the last byte, and the id is not used again
 * before the handle was given back. */
START_TEST(pitfall_4_closed_overtakes_data)
{
    open_passive(_i);
    bench_module(&bench, "+IPD,0,5\r\n0,CLOSED\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    ck_assert_int_eq(read0(), WM_ERR_TIMEOUT);
    bench_module(&bench, "+CIPRECVDATA:5,hello\r\nOK\r\n");
    answer("AT+CIPRECVDATA=0,4091\r\n", "ERROR\r\n");
    int other = bench_connect(&bench); /* the next id: 0 is still held */
    struct wm_link_info info;
    ck_assert_int_eq(wm_core_link_info(&bench.core, other, &info), 0);
    ck_assert_uint_eq(info.id, 1);
    expect_read("hello");
    ck_assert_int_eq(read0(), 0);
    wm_link_close_prepare(&op, link0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), 0);
    other = bench_connect(&bench);
    ck_assert_int_eq(wm_core_link_info(&bench.core, other, &info), 0);
    ck_assert_uint_eq(info.id, 0);
}
END_TEST

static void open_datagrams(size_t ring_bytes)
{
    struct wm_udp_options options = {.host = "192.168.101.110", .port = 8080};
    bench_open(&bench, WM_RECEIVE_PASSIVE, ring_bytes, 0);
    wm_udp_open_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    answer("AT+CIPDINFO=1\r\n", "OK\r\n");
    answer("AT+CIPSTART=0,\"UDP\",\"192.168.101.110\",8080\r\n", "0,CONNECT\r\nOK\r\n");
    link0 = result_of(&op);
}

static int read_datagram(struct wm_datagram *from)
{
    return wm_core_read_from(&bench.core, link0, buffer, sizeof buffer, from, bench.now_ms);
}

/* Passive UDP merges or cuts datagrams: each read is one of them, whole; where the ring is too
 * small for that, it says that it was cut. */
START_TEST(pitfall_5_datagrams_merged_or_cut)
{
    struct wm_datagram from;
    open_datagrams(8192);
    bench_module(&bench, "+IPD,0,10\r\n");
    answer("AT+CIPRECVDATA=0,5760\r\n", "+CIPRECVDATA:4,192.168.101.110,8080,one!\r\nOK\r\n"
                                        "+IPD,0,6\r\n");
    answer("AT+CIPRECVDATA=0,5760\r\n", "+CIPRECVDATA:6,192.168.101.111,8081,second\r\nOK\r\n");
    ck_assert_int_eq(read_datagram(&from), 4);
    ck_assert(!from.cut && from.port == 8080);
    ck_assert_int_eq(read_datagram(&from), 6);
    ck_assert(!from.cut && from.port == 8081);
    ck_assert_str_eq(from.ip, "192.168.101.111");
    open_datagrams(256);
    bench_module(&bench, "+IPD,0,600\r\n");
    char data[300];
    memset(data, 'd', sizeof data);
    answer("AT+CIPRECVDATA=0,205\r\n", "+CIPRECVDATA:205,192.168.101.110,8080,");
    bench_module_bytes(&bench, data, 205);
    bench_module(&bench, "\r\nOK\r\n");
    ck_assert_int_eq(wm_core_read_from(&bench.core, link0, data, sizeof data, &from, bench.now_ms),
                     205);
    ck_assert(from.cut);
}
END_TEST

/* Reports inside an exchange: between OK and the prompt, before SEND OK, in the middle of an
 * answer. A '>' that nobody awaits is no prompt; payload is counted, never searched. */
START_TEST(pitfall_6_reports_inside_an_exchange)
{
    open_active(_i, 4096);
    wm_send_prepare(&op, link0, "hello", 5);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSEND=0,5\r\n");
    bench_module(&bench, "WIFI GOT IP\r\n+IPD,0,20:SEND OK\r\nERROR\r\n>\r\nO\r\nOK\r\n");
    bench_module(&bench, "+STA_CONNECTED: 02:00:00:00:00:01\r\n> ");
    bench_expect(&bench, "hello");
    bench_module(&bench, "1,CLOSED\r\n+IPD,0,4:0,CL\r\nSEND OK\r\n");
    ck_assert_int_eq(result_of(&op), 5);
    expect_read("SEND OK\r\nERROR\r\n>\r\nO0,CL");
    ck_assert_uint_eq(stats()->noise, 0);
    bench_module(&bench, ">\r\n");
    ck_assert_uint_eq(stats()->noise, 1);
}
END_TEST

/* A lost prompt or byte wedges CIPSEND, and the next command becomes payload: the length is filled
 * or cancelled, in bounded time, the link is dead, and nothing else is sent before AT has its OK.
 */
START_TEST(pitfall_7_a_lost_byte_wedges_cipsend)
{
    open_passive(0);
    wm_send_prepare(&op, link0, "hello", 5);
    bench_submit(&bench, &op, 1000);
    bench_expect(&bench, "AT+CIPSEND=0,5\r\n");
    if (_i > 0)
        bench_module(&bench, "OK\r\n");
    if (_i > 0)
        bench_expect(&bench, "hello"); /* of which the module got four bytes */
    bench_pass(&bench, 1000);
    ck_assert_int_eq(result_of(&op), WM_ERR_UNKNOWN_DELIVERY);
    ck_assert_int_eq(read0(), WM_ERR_UNKNOWN_DELIVERY);
    wm_probe_prepare(&op);
    bench_submit(&bench, &op, 60000);
    for (int ms = 0; bench.sent_len == 0 && ms < 20000; ms++)
        bench_pass(&bench, 1);
    bench_answer_search(&bench);
    bench_answer_checkup(&bench, WM_RECEIVE_PASSIVE,
                         "+CIPSTATE:0,\"TCP\",\"127.0.0.1\",7,50001,0\r\n");
    answer("AT\r\n", "OK\r\n");
    ck_assert_int_eq(result_of(&op), 0);
}
END_TEST

/* A send ends ambiguously: 'delivery unknown' is an error of its own, and nothing is sent twice. */
START_TEST(pitfall_8_an_ambiguous_send)
{
    open_passive(0);
    wm_send_prepare(&op, link0, "hello", 5);
    bench_submit(&bench, &op, 0);
    answer("AT+CIPSEND=0,5\r\n", "OK\r\n>\r\n");
    answer("hello", _i ? "SEND FAIL\r\n" : "ERROR\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_UNKNOWN_DELIVERY);
    wm_send_prepare(&op, link0, "hello", 5);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_UNKNOWN_DELIVERY);
    bench_silence(&bench, 1000);
}
END_TEST

/* Storms of busy: it is no reason to repeat the command. Quiet is waited for, then AT asks; a late
 * final result is no newer command's. */
START_TEST(pitfall_9_storms_of_busy)
{
    struct wm_op next;
    open_passive(0);
    wm_store_get_prepare(&op);
    bench_submit(&bench, &op, 0);
    answer("AT+SYSSTORE?\r\n", "busy ...\r\nbusy ...\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_BUSY);
    wm_probe_prepare(&next);
    bench_submit(&bench, &next, 10000);
    bench_expect(&bench, "+++");
    bench_module(&bench, "+SYSSTORE:1\r\nOK\r\n"); /* it runs after all */
    bench_expect(&bench, "\r\n");
    answer("AT\r\n", "busy ...\r\n");
    bench_silence(&bench, 450);
    bench_expect(&bench, "\r\n");
    answer("AT\r\n", "OK\r\n");
    bench_answer_checkup(&bench, WM_RECEIVE_PASSIVE,
                         "+CIPSTATE:0,\"TCP\",\"127.0.0.1\",7,50001,0\r\n");
    ck_assert(!wm_op_ended(&next));
    answer("AT\r\n", "OK\r\n");
    ck_assert_int_eq(result_of(&next), 0);
    ck_assert_int_eq(state_of(link0), WM_LINK_OPEN);
}
END_TEST

/* Connect blocks for 15 s: it ends by its deadline, or when it is cancelled, and a CONNECT that
 * comes behind that is closed again. */
START_TEST(pitfall_10_connect_blocks)
{
    struct wm_tcp_options options = {.host = "192.168.10.110", .port = 8080};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 300);
    bench_expect(&bench, "AT+CIPSTART=0,\"TCP\",\"192.168.10.110\",8080\r\n");
    bench_pass(&bench, _i ? 300 : 299);
    if (_i == 0) {
        ck_assert(!wm_op_ended(&op));
        wm_core_cancel(&bench.core, &op);
    }
    ck_assert_int_eq(result_of(&op), _i ? WM_ERR_TIMEOUT : WM_ERR_CANCELLED);
    bench_silence(&bench, 9000);
    bench_module(&bench, "0,CONNECT\r\nOK\r\n");
    answer("AT+CIPCLOSE=0\r\n", "0,CLOSED\r\n\r\nOK\r\n");
    bench_silence(&bench, 100);
}
END_TEST

/* A silent reset: the check-up finds that the module has forgotten what was set, links of before
 * fail with 'reset', everything is set again, and calls work. */
START_TEST(pitfall_11_a_silent_reset)
{
    open_passive(0);
    wm_send_prepare(&op, link0, "hello", 5);
    bench_submit(&bench, &op, 0);
    if (_i == 0) {
        answer("AT+CIPSEND=0,5\r\n", "CMD PARSE ERR\r\n"); /* in single connection mode */
        ck_assert_int_eq(result_of(&op), WM_ERR_REFUSED);
        answer("AT+CIPMODE=0\r\n", "OK\r\n");
        answer("AT+CIPMUX?\r\n", "+CIPMUX:0\r\nOK\r\n");
    } else {
        answer("AT+CIPSEND=0,5\r\n", "ready\r\n");
        ck_assert_int_eq(result_of(&op), WM_ERR_RESET);
    }
    ck_assert_int_eq(read0(), WM_ERR_RESET);
    ck_assert_uint_eq(stats()->resets, 1);
    bench_answer_search(&bench);
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    link0 = bench_connect(&bench);
    ck_assert_int_eq(state_of(link0), WM_LINK_OPEN);
}
END_TEST

/* Client and server collide on a link id: ids that clients may take are kept apart, and where one
 * was faster all the same, the call dials under another. */
START_TEST(pitfall_12_client_and_server_collide)
{
    struct wm_server_options server = {.port = 80};
    struct wm_tcp_options options = {.host = "192.168.10.110", .port = 8080};
    struct wm_op accept;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    wm_server_start_prepare(&op, &server);
    bench_submit(&bench, &op, 0);
    answer("AT+CIPSERVERMAXCONN=5\r\n", "OK\r\n");
    answer("AT+CIPSTO=0\r\n", "OK\r\n");
    answer("AT+CIPSERVER=1,80\r\n", "OK\r\n");
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    answer("AT+CIPSTART=4,\"TCP\",\"192.168.10.110\",8080\r\n", "4,CONNECT\r\nERROR\r\n");
    answer("AT+CIPSTART=3,\"TCP\",\"192.168.10.110\",8080\r\n", "3,CONNECT\r\nOK\r\n");
    wm_accept_prepare(&accept);
    bench_submit(&bench, &accept, 1000);
    bench_pass(&bench, 1);
    struct wm_link_info info;
    ck_assert_int_eq(wm_core_link_info(&bench.core, result_of(&accept), &info), 0);
    ck_assert_uint_eq(info.id, 4);
    ck_assert_int_eq(wm_core_link_info(&bench.core, result_of(&op), &info), 0);
    ck_assert_uint_eq(info.id, 3);
}
END_TEST

/* TLS says only ERROR: the host gives common name and SNI, and what can be known before is said:
 * verification needs a clock. */
START_TEST(pitfall_13_tls_says_only_error)
{
    struct wm_tls_options options = {
        .host = "www.winnermicro.com", .port = 8443, .tls = {.auth = WM_TLS_SERVER}};
    char words[80];
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    wm_tls_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    answer("AT+CIPSSLCCONF=0,2,0,0\r\n", "OK\r\n");
    answer("AT+CIPSSLCCN=0,\"www.winnermicro.com\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCSNI=0,\"www.winnermicro.com\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCALPN=0,0\r\n", "OK\r\n");
    answer("AT+CIPSSLCPSK=0,\"\",\"\"\r\n", "OK\r\n");
    answer("AT+CIPSNTPTIME?\r\n", "+CIPSNTPTIME:Thu Jan  1 00:00:07 1970\r\nOK\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_STATE);
    ck_assert_str_eq(wm_core_detail(&bench.core, words, sizeof words),
                     "AT+CIPSNTPTIME: the clock was never set, see wm_sntp_set");
    bench_silence(&bench, 100);
}
END_TEST

/* +++ fails or leaves the mode unknown: the driver keeps the guard times, asks AT behind it, and
 * never sends a payload that is exactly that alone. */
START_TEST(pitfall_14_plus_plus_plus)
{
    struct wm_stream_options options = {.host = "192.168.10.110", .port = 8080};
    open_passive(0);
    wm_send_prepare(&op, link0, "+++", 3);
    bench_submit(&bench, &op, 0);
    answer("AT+CIPSEND=0,1\r\n", "OK\r\n>\r\n");
    answer("+", "SEND OK\r\n");
    answer("AT+CIPSEND=0,2\r\n", "OK\r\n>\r\n");
    answer("++", "SEND OK\r\n");
    ck_assert_int_eq(result_of(&op), 3);
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, 0);
    wm_stream_open_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    answer("AT+CIPRECVMODE=1\r\n", "OK\r\n");
    answer("AT+CIPMUX=0\r\n", "OK\r\n");
    answer("AT+CIPSTART=\"TCP\",\"192.168.10.110\",8080\r\n", "CONNECT\r\nOK\r\n");
    answer("AT+CIPMODE=1\r\n", "OK\r\n");
    answer("AT+CIPSEND\r\n", "OK\r\n>\r\n");
    link0 = result_of(&op);
    wm_stream_close_prepare(&op, link0);
    bench_submit(&bench, &op, 0);
    bench_silence(&bench, 30); /* no byte for 30 ms before */
    bench_expect(&bench, "+++");
    bench_silence(&bench, 30); /* and behind it */
    bench_expect(&bench, "\r\n");
    answer("AT\r\n", "OK\r\n");
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
}
END_TEST

static int second;

static void from_a_callback(struct wm_op *ended, int result, void *user)
{
    static struct wm_op next, looks;
    (void)ended, (void)result;
    *(int *)user += 1;
    wm_probe_prepare(&next);
    second = wm_core_submit(&bench.core, &next, 0, NULL, NULL, bench.now_ms);
    wm_core_cancel(&bench.core, &next);
    wm_recv_prepare(&looks, link0, buffer, sizeof buffer);
    wm_core_submit(&bench.core, &looks, 0, NULL, NULL, bench.now_ms);
}

/* Deadlock in a callback: callbacks run in wm_core_dispatch alone, and everything of the core may
 * be called in them (the device: io/device, completions_may_start_calls_but_not_wait). */
START_TEST(pitfall_15_deadlock_in_a_callback)
{
    int called = 0;
    open_passive(0);
    wm_probe_prepare(&op);
    ck_assert_int_eq(wm_core_submit(&bench.core, &op, 0, from_a_callback, &called, bench.now_ms),
                     0);
    answer("AT\r\n", "OK\r\n");
    ck_assert_int_eq(called, 0);
    wm_core_dispatch(&bench.core, NULL, NULL);
    ck_assert_int_eq(called, 1);
    ck_assert_int_eq(second, 0);
    wm_core_dispatch(&bench.core, NULL, NULL);
    ck_assert_int_eq(called, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pitfalls");
    TCase *tc = tcase_create("pitfalls");
    tcase_add_loop_test(tc, pitfall_1_uart_overrun, 0, 2 * sizeof gaps / sizeof gaps[0]);
    tcase_add_loop_test(tc, pitfall_2_no_memory, 0, 2);
    tcase_add_test(tc, pitfall_3_ipd_never_comes);
    tcase_add_loop_test(tc, pitfall_4_closed_overtakes_data, 0, 2);
    tcase_add_test(tc, pitfall_5_datagrams_merged_or_cut);
    tcase_add_loop_test(tc, pitfall_6_reports_inside_an_exchange, 0, 2);
    tcase_add_loop_test(tc, pitfall_7_a_lost_byte_wedges_cipsend, 0, 2);
    tcase_add_loop_test(tc, pitfall_8_an_ambiguous_send, 0, 2);
    tcase_add_test(tc, pitfall_9_storms_of_busy);
    tcase_add_loop_test(tc, pitfall_10_connect_blocks, 0, 2);
    tcase_add_loop_test(tc, pitfall_11_a_silent_reset, 0, 2);
    tcase_add_test(tc, pitfall_12_client_and_server_collide);
    tcase_add_test(tc, pitfall_13_tls_says_only_error);
    tcase_add_test(tc, pitfall_14_plus_plus_plus);
    tcase_add_test(tc, pitfall_15_deadlock_in_a_callback);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
