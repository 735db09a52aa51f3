/* Connecting, sending, receiving, closing, against golden bytes (TCP-IP_AT: CIPSTART, CIPSEND,
 * CIPRECVDATA, CIPRECVLEN, CIPCLOSE). Every case runs with the module's bytes whole and one at a
 * time. */
#include <string.h>

#include <wmat/link.h>
#include <wmat/sys.h>
#include <wmat/tcp.h>

#include "bench.h"
#include "suite.h"

static struct bench bench;
static int link0;

static void open_passive(int piece)
{
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, (size_t)piece);
    link0 = bench_connect(&bench);
}

static void open_active(int piece, size_t ring_bytes)
{
    bench_open(&bench, WM_RECEIVE_ACTIVE, ring_bytes, (size_t)piece);
    link0 = bench_connect(&bench);
}

static int result_of(struct wm_op *op)
{
    ck_assert(wm_op_ended(op));
    return op->result;
}

static int state_of(int link)
{
    struct wm_link_info info;
    ck_assert_int_eq(wm_core_link_info(&bench.core, link, &info), 0);
    return (int)info.state;
}

static int read_link(int link, char *buffer, size_t cap)
{
    return wm_core_read(&bench.core, link, buffer, cap, bench.now_ms);
}

static void expect_read(const char *text)
{
    char buffer[8192];
    int len = read_link(link0, buffer, sizeof buffer);
    ck_assert_int_eq(len, (int)strlen(text));
    ck_assert_int_eq(memcmp(buffer, text, strlen(text)), 0);
}

/* CIPSTART. */

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

/* CIPSEND. */

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
    size_t piece = wm_core_output(&bench.core, &out, bench.now_ms);
    ck_assert_uint_eq(piece, 1024);
    wm_core_sent(&bench.core, piece, bench.now_ms);
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
    ck_assert_int_eq(result_of(&op), _i == 2 ? WM_ERR_CLOSED : WM_ERR_DEVICE);
}
END_TEST

/* Receiving, passive (TCP-IP_AT: CIPRECVMODE, CIPRECVDATA). */

START_TEST(passive_data_is_fetched)
{
    open_passive(_i);
    bench_module(&bench, "+IPD,0,5\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    bench_module(&bench, "+CIPRECVDATA:5,hello\r\nOK\r\n");
    expect_read("hello");
    ck_assert_int_eq(read_link(link0, (char[1]){0}, 1), WM_ERR_TIMEOUT);
}
END_TEST

/* PITFALLS 2: room is there before bytes are asked for. */
START_TEST(only_what_the_ring_can_hold_is_asked_for)
{
    char text[64] = "+CIPRECVDATA:256,";
    char data[256];
    bench_open(&bench, WM_RECEIVE_PASSIVE, 256, (size_t)_i);
    link0 = bench_connect(&bench);
    memset(data, 'd', sizeof data);
    bench_module(&bench, "+IPD,0,1000\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,256\r\n");
    bench_module(&bench, text);
    bench_module_bytes(&bench, data, 256);
    bench_module(&bench, "\r\nOK\r\n+IPD,0,744\r\n");
    bench_silence(&bench, 500);
    ck_assert_int_eq(read_link(link0, data, 10), 10);
    bench_silence(&bench, 500);
    ck_assert_int_eq(read_link(link0, data, 54), 54);
    bench_expect(&bench, "AT+CIPRECVDATA=0,64\r\n");
}
END_TEST

START_TEST(a_full_window_is_followed_by_the_rest)
{
    open_passive(_i);
    bench_module(&bench, "+IPD,0,5\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    bench_module(&bench, "+CIPRECVDATA:3,hel\r\nOK\r\n+IPD,0,2\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4093\r\n");
    bench_module(&bench, "+CIPRECVDATA:2,lo\r\nOK\r\n");
    expect_read("hello");
}
END_TEST

START_TEST(an_empty_read_is_no_failure)
{
    open_passive(0);
    bench_module(&bench, "+IPD,0,5\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    bench_module(&bench, "ERROR\r\n");
    ck_assert_int_eq(state_of(link0), WM_LINK_OPEN);
    ck_assert_int_eq(read_link(link0, (char[1]){0}, 1), WM_ERR_TIMEOUT);
}
END_TEST

/* PITFALLS 3: a report that was lost does not stall the transfer. */
START_TEST(idle_links_are_asked_for_forgotten_data)
{
    open_passive(0);
    bench.core.config.idle_poll_ms = 1000;
    bench.core.ask_at_ms = bench.now_ms;
    bench_expect(&bench, "AT+CIPRECVLEN?\r\n");
    bench_module(&bench, "+CIPRECVLEN:0,,,,\r\nOK\r\n");
    bench_silence(&bench, 990);
    bench_expect(&bench, "AT+CIPRECVLEN?\r\n");
    bench_module(&bench,
                 "+CIPRECVLEN:3,,,,,\r\nOK\r\n"); /* the specification's example has five commas */
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    bench_module(&bench, "+CIPRECVDATA:3,abc\r\nOK\r\n");
    expect_read("abc");
}
END_TEST

/* PITFALLS 4: CLOSED overtakes data. */
START_TEST(the_end_of_file_comes_after_the_last_byte)
{
    open_passive(_i);
    bench_module(&bench, "+IPD,0,5\r\n0,CLOSED\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    ck_assert_int_eq(read_link(link0, (char[1]){0}, 1), WM_ERR_TIMEOUT);
    bench_module(&bench, "+CIPRECVDATA:5,hello\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4091\r\n");
    bench_module(&bench, "ERROR\r\n");
    expect_read("hello");
    ck_assert_int_eq(read_link(link0, (char[1]){0}, 1), 0);
    ck_assert_int_eq(read_link(link0, (char[1]){0}, 1), 0);
}
END_TEST

START_TEST(closed_behind_the_last_read)
{
    open_passive(_i);
    bench_module(&bench, "+IPD,0,5\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    bench_module(&bench, "+CIPRECVDATA:5,hello\r\nOK\r\n0,CLOSED\r\n");
    expect_read("hello");
    ck_assert_int_eq(read_link(link0, (char[1]){0}, 1), 0);
    bench_silence(&bench, 100);
}
END_TEST

/* Receiving, active. */

START_TEST(active_data_and_the_end_of_file)
{
    open_active(_i, 4096);
    bench_module(&bench, "+IPD,0,5:hello\r\n+IPD,0,2:\r\n\r\n0,CLOSED\r\n");
    expect_read("hello\r\n");
    ck_assert_int_eq(read_link(link0, (char[1]){0}, 1), 0);
}
END_TEST

/* A full ring holds up the input; nothing is lost. */
START_TEST(a_full_ring_stops_the_input)
{
    char frame[700] = "+IPD,0,600:", out[600];
    size_t len = strlen(frame), used = 0;
    open_active(0, 256);
    for (int i = 0; i < 600; i++)
        frame[len++] = (char)('a' + i % 26);
    memcpy(frame + len, "\r\n", 2);
    len += 2;
    for (size_t at = 0; at < 600;) {
        used += wm_core_feed(&bench.core, frame + used, len - used, bench.now_ms);
        ck_assert(at + 256 >= 600 || !wm_core_wants_input(&bench.core));
        bench.now_ms += 5000; /* a slow reader is no fault of the frame's */
        wm_core_tick(&bench.core, bench.now_ms);
        int n = read_link(link0, out + at, 100);
        ck_assert_int_gt(n, 0);
        at += (size_t)n;
        ck_assert(wm_core_wants_input(&bench.core));
        wm_core_tick(&bench.core, bench.now_ms);
    }
    used += wm_core_feed(&bench.core, frame + used, len - used, bench.now_ms);
    ck_assert_uint_eq(used, len);
    for (int i = 0; i < 600; i++)
        ck_assert_int_eq(out[i], 'a' + i % 26);
}
END_TEST

/* PITFALLS 1: a gap ends the link loudly, and the bytes of that frame are not delivered. */
START_TEST(a_short_frame_fails_its_link)
{
    char buffer[32];
    open_active(_i, 4096);
    bench_module(&bench, "+IPD,0,5:hello\r\n+IPD,0,5:hel\r\n+IPD,0,5:world\r\n");
    ck_assert_int_eq(read_link(link0, buffer, sizeof buffer), 5);
    ck_assert_int_eq(read_link(link0, buffer, sizeof buffer), WM_ERR_PROTO);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 1);
}
END_TEST

START_TEST(a_frame_that_stops_is_given_up)
{
    struct wm_op op;
    char buffer[32];
    open_active(0, 4096);
    bench_module(&bench, "+IPD,0,5:hel");
    bench_pass(&bench, 3001);
    ck_assert_int_eq(read_link(link0, buffer, sizeof buffer), WM_ERR_PROTO);
    bench_answer_search(&bench);
    bench_answer_checkup(&bench, WM_RECEIVE_ACTIVE,
                         "+CIPSTATE:0,\"TCP\",\"127.0.0.1\",7,50001,0\r\n");
    wm_probe_prepare(&op);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "OK\r\n");
    ck_assert_int_eq(result_of(&op), 0);
}
END_TEST

/* A module that restarted unseen refuses what the driver knows to be right: it is set up again. */
START_TEST(a_refusal_that_can_not_be_is_looked_into)
{
    struct wm_op op;
    open_passive(0);
    wm_send_prepare(&op, link0, "hello", 5);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSEND=0,5\r\n");
    bench_module(&bench, "CMD PARSE ERR\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_REFUSED);
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPMUX?\r\n");
    bench_module(&bench, "+CIPMUX:0\r\nOK\r\n");
    ck_assert_int_eq(read_link(link0, (char[1]){0}, 1), WM_ERR_RESET);
    bench_answer_search(&bench);
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
}
END_TEST

/* It may have been anybody's. */
START_TEST(data_of_no_link_is_a_loss)
{
    open_active(_i, 4096);
    bench_module(&bench, "+IPD,4,5:hello\r\n");
    ck_assert_int_eq(read_link(link0, (char[1]){0}, 1), WM_ERR_PROTO);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 1);
}
END_TEST

/* Headers that lost a byte: payload that spells frames and results must not be taken for them. */
static const char *const damaged[] = {
    "+ID,0,14:ab\r\n+IPD,0,3:xyz\r\n\r\n", "IPD,0,14:ab\r\n+IPD,0,3:xyz\r\n\r\n",
    "+IPD,014:ab\r\n+IPD,0,3:xyz\r\n\r\n", "+IPD,,14:ab\r\n+IPD,0,3:xyz\r\n\r\n",
    "+IPD,0,14ab\r\n+IPD,0,3:xyz\r\n\r\n", "+IPD,0,14:b\r\n+IPD,0,3:xyz\r\n\r\n",
    "+IPD,0,4:ab\r\n+IPD,0,3:xyz\r\n\r\n",
};

START_TEST(a_damaged_header_fails_the_link)
{
    char buffer[32];
    open_active(_i % 2, 4096);
    bench_module(&bench, damaged[_i / 2]);
    bench_pass(&bench, 60);
    ck_assert_int_eq(read_link(link0, buffer, sizeof buffer), WM_ERR_PROTO);
}
END_TEST

START_TEST(a_damaged_read_fails_the_link)
{
    char buffer[32];
    open_passive(_i);
    bench_module(&bench, "+IPD,0,14\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    bench_module(&bench, "+CIPRECVDTA:18,+IPD,0,3:xyz\r\nOK\r\n\r\nOK\r\n");
    ck_assert_int_eq(read_link(link0, buffer, sizeof buffer), WM_ERR_PROTO);
}
END_TEST

START_TEST(a_read_without_its_data_fails_the_link)
{
    char buffer[32];
    open_passive(_i);
    bench_module(&bench, "+IPD,0,14\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    bench_module(&bench, "OK\r\n");
    ck_assert_int_eq(read_link(link0, buffer, sizeof buffer), WM_ERR_PROTO);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 1);
}
END_TEST

/* A stream whose frames have no CR LF behind them (device_dialect, "What this is for"). */
START_TEST(frames_without_a_trailer)
{
    open_active(_i, 4096);
    bench_module(&bench, "+IPD,0,5:hello+IPD,0,3:abc");
    expect_read("hello");
    bench_pass(&bench, 60);
    expect_read("abc");
    bench_module(&bench, "+IPD,0,2:xyWIFI GOT IP\r\n");
    expect_read("xy");
}
END_TEST

/* CIPCLOSE. */

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

/* Everything at once. */

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

int main(void)
{
    Suite *suite = suite_create("link");
    TCase *tc = tcase_create("link");
    tcase_add_loop_test(tc, connect_with_every_option, 0, 2);
    tcase_add_loop_test(tc, bad_arguments_send_nothing, 0,
                        sizeof bad_options / sizeof bad_options[0]);
    tcase_add_test(tc, a_quote_and_a_comma_in_a_host_stay_inside);
    tcase_add_loop_test(tc, a_refused_connection_frees_its_link, 0,
                        sizeof refusals / sizeof refusals[0]);
    tcase_add_loop_test(tc, a_late_connection_is_closed, 0, 2);
    tcase_add_loop_test(tc, a_late_result_is_not_the_next_command_s, 0, 2);
    tcase_add_loop_test(tc, late_lines_are_no_noise, 0, 2);
    tcase_add_test(tc, cancelling_a_queued_and_a_running_call);
    tcase_add_test(tc, five_links_and_no_sixth);
    tcase_add_loop_test(tc, a_send_and_its_prompt, 0, 8);
    tcase_add_loop_test(tc, reports_inside_a_send, 0, 2);
    tcase_add_test(tc, a_long_send_goes_in_chunks);
    tcase_add_test(tc, plus_plus_plus_is_split);
    tcase_add_loop_test(tc, a_link_that_closes_in_mid_send, 0, 2);
    tcase_add_test(tc, receiving_beside_a_send);
    tcase_add_test(tc, unknown_delivery_gives_up_the_link);
    tcase_add_loop_test(tc, send_failures, 0, 3);
    tcase_add_loop_test(tc, passive_data_is_fetched, 0, 2);
    tcase_add_loop_test(tc, only_what_the_ring_can_hold_is_asked_for, 0, 2);
    tcase_add_loop_test(tc, a_full_window_is_followed_by_the_rest, 0, 2);
    tcase_add_test(tc, an_empty_read_is_no_failure);
    tcase_add_test(tc, idle_links_are_asked_for_forgotten_data);
    tcase_add_loop_test(tc, the_end_of_file_comes_after_the_last_byte, 0, 2);
    tcase_add_loop_test(tc, closed_behind_the_last_read, 0, 2);
    tcase_add_loop_test(tc, active_data_and_the_end_of_file, 0, 2);
    tcase_add_test(tc, a_full_ring_stops_the_input);
    tcase_add_loop_test(tc, a_short_frame_fails_its_link, 0, 2);
    tcase_add_test(tc, a_frame_that_stops_is_given_up);
    tcase_add_test(tc, a_refusal_that_can_not_be_is_looked_into);
    tcase_add_loop_test(tc, data_of_no_link_is_a_loss, 0, 2);
    tcase_add_loop_test(tc, a_damaged_header_fails_the_link, 0,
                        2 * sizeof damaged / sizeof damaged[0]);
    tcase_add_loop_test(tc, a_damaged_read_fails_the_link, 0, 2);
    tcase_add_loop_test(tc, a_read_without_its_data_fails_the_link, 0, 2);
    tcase_add_loop_test(tc, frames_without_a_trailer, 0, 2);
    tcase_add_loop_test(tc, close_gives_the_handle_back, 0, 2);
    tcase_add_test(tc, close_of_an_ended_link_asks_nothing);
    tcase_add_test(tc, a_close_that_times_out_goes_on_behind_the_scenes);
    tcase_add_test(tc, a_lost_port_fails_what_is_pending);
    tcase_add_loop_test(tc, links_of_the_module, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
