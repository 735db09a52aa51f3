/* Passthrough (TCP-IP_AT: CIPMODE, CIPSEND's execute form, "+++"). Golden bytes. */
#include <string.h>

#include <wmat/stream.h>

#include "dialogue.h"

static struct wm_op op;

static void answer(const char *line, const char *result)
{
    bench_expect(&bench, line);
    bench_module(&bench, result);
}

static void ok(const char *line)
{
    answer(line, "OK\r\n");
}

static void start(const struct wm_stream_options *options)
{
    ck_assert_int_eq(wm_stream_open_prepare(&op, options), 0);
    bench_submit(&bench, &op, 0);
}

static const struct wm_stream_options to_a_server = {.host = "192.168.10.110", .port = 8080};

/* Open, up to the prompt. */
static void open_stream(enum wm_receive receive, size_t ring_bytes, int piece)
{
    bench_open(&bench, receive, ring_bytes, (size_t)piece);
    start(&to_a_server);
    ok("AT+CIPRECVMODE=1\r\n");
    ok("AT+CIPMUX=0\r\n");
    answer("AT+CIPSTART=\"TCP\",\"192.168.10.110\",8080\r\n", "CONNECT\r\nOK\r\n");
    ok("AT+CIPMODE=1\r\n");
    answer("AT+CIPSEND\r\n", "OK\r\n>\r\n");
    link0 = result_of(&op);
    ck_assert_int_gt(link0, 0);
}

static void answer_leaving(enum wm_receive receive)
{
    ok("AT+CIPMODE=0\r\n");
    answer("AT+CIPMUX?\r\n", "+CIPMUX:0\r\nOK\r\n");
    answer("AT+CIPSTATE?\r\n", "+CIPSTATE:0,\"TCP\",\"192.168.10.110\",8080,50001,0\r\nOK\r\n");
    answer("AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
    ok("AT+CIPMUX=1\r\n");
    ok(receive == WM_RECEIVE_PASSIVE ? "AT+CIPRECVMODE=1\r\n" : "AT+CIPRECVMODE=0\r\n");
    ok("AT+CIPDINFO=0\r\n");
    answer("AT+CWSTATE?\r\n", "+CWSTATE:2,\"x\"\r\nOK\r\n");
}

START_TEST(there_and_back)
{
    enum wm_receive receive = _i & 1 ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE;
    struct wm_op write;
    open_stream(receive, 4096, _i & 2 ? 1 : 0);
    wm_stream_write_prepare(&write, link0, "OK\r\n\0AT\r\n", 9);
    bench_submit(&bench, &write, 0);
    bench_expect_bytes(&bench, "OK\r\n\0AT\r\n", 9);
    ck_assert_int_eq(result_of(&write), 9);
    static const char payload[] = "\r\nERROR\r\n+IPD,0,9:>\0ready\r\n0,CLOSED\r\n";
    bench_module_bytes(&bench, payload, sizeof payload);
    char got[64];
    ck_assert_int_eq(read_link(link0, got, sizeof got), (int)sizeof payload);
    ck_assert_int_eq(memcmp(got, payload, sizeof payload), 0);
    wm_stream_close_prepare(&op, link0);
    bench_submit(&bench, &op, 0);
    bench_silence(&bench, 31);
    bench_expect(&bench, "+++");
    bench_silence(&bench, 31);
    answer("\r\n", "");
    ok("AT\r\n");
    answer_leaving(receive);
    ck_assert_int_eq(result_of(&op), 0);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->resyncs, 0);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->resets, 0);
    ck_assert_int_gt(bench_connect(&bench), 0);
}
END_TEST

/* What comes behind the prompt, in whatever pieces, is payload; also what only looks like one. */
START_TEST(the_prompt_is_no_payload)
{
    static const char *const behind[][2] = {
        {">\r\nhello", "hello"}, {">hello", ">hello"}, {"hello", "hello"},
        {">\r\n>\r\n", ">\r\n"}, {">\rx", ">\rx"},
    };
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, (size_t)(_i % 2));
    start(&to_a_server);
    ok("AT+CIPRECVMODE=1\r\n");
    ok("AT+CIPMUX=0\r\n");
    answer("AT+CIPSTART=\"TCP\",\"192.168.10.110\",8080\r\n", "CONNECT\r\nOK\r\n");
    ok("AT+CIPMODE=1\r\n");
    ok("AT+CIPSEND\r\n");
    link0 = result_of(&op);
    bench_module(&bench, behind[_i / 2][0]);
    char got[16];
    size_t at = 0;
    for (int n; (n = read_link(link0, got + at, sizeof got - at)) > 0;)
        at += (size_t)n;
    ck_assert_uint_eq(at, strlen(behind[_i / 2][1]));
    ck_assert_int_eq(memcmp(got, behind[_i / 2][1], at), 0);
}
END_TEST

/* A server that greets at once: passive mode withholds what it says until passthrough begins, so
 * that no ring overflows before somebody can read. */
START_TEST(an_early_greeting_is_payload)
{
    bench_open(&bench, _i & 2 ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE, 256, (size_t)(_i & 1));
    start(&to_a_server);
    ok("AT+CIPRECVMODE=1\r\n");
    ok("AT+CIPMUX=0\r\n");
    answer("AT+CIPSTART=\"TCP\",\"192.168.10.110\",8080\r\n", "CONNECT\r\nOK\r\n+IPD,5\r\n");
    ok("AT+CIPMODE=1\r\n");
    answer("AT+CIPSEND\r\n", "+IPD,6\r\nOK\r\n>\r\nhello!");
    link0 = result_of(&op);
    char got[32];
    size_t at = 0;
    for (int n; (n = read_link(link0, got + at, sizeof got - at)) > 0;)
        at += (size_t)n;
    ck_assert_uint_eq(at, 6);
    ck_assert_int_eq(memcmp(got, "hello!", 6), 0);
}
END_TEST

static const struct {
    struct wm_stream_options options;
    const char *line;
} opens[] = {
    {{.host = "h", .port = 80, .keep_alive_s = 60, .local_ip = "10.0.0.1"},
     "AT+CIPSTART=\"TCP\",\"h\",80,60,\"10.0.0.1\"\r\n"},
    {{.host = "fe80::1", .port = 80}, "AT+CIPSTART=\"TCPv6\",\"fe80::1\",80\r\n"},
    {{.kind = WM_STREAM_UDP, .host = "h", .port = 80}, "AT+CIPSTART=\"UDP\",\"h\",80\r\n"},
    {{.kind = WM_STREAM_UDP, .host = "h", .port = 80, .local_port = 9, .local_ip = "10.0.0.1"},
     "AT+CIPSTART=\"UDP\",\"h\",80,9,,\"10.0.0.1\"\r\n"},
};

START_TEST(every_form_of_opening)
{
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, 0);
    start(&opens[_i].options);
    ok("AT+CIPRECVMODE=1\r\n");
    ok("AT+CIPMUX=0\r\n");
    answer(opens[_i].line, "CONNECT\r\nOK\r\n");
    ok("AT+CIPMODE=1\r\n");
    answer("AT+CIPSEND\r\n", "OK\r\n>\r\n");
    ck_assert_int_gt(result_of(&op), 0);
}
END_TEST

/* The settings of link 0 count in single connection mode, too. */
START_TEST(over_tls)
{
    struct wm_stream_options options = {
        .kind = WM_STREAM_TLS, .host = "h", .port = 443, .tls = {.auth = WM_TLS_SERVER}};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    start(&options);
    ok("AT+CIPSSLCCONF=0,2,0,0\r\n");
    ok("AT+CIPSSLCCN=0,\"h\"\r\n");
    ok("AT+CIPSSLCSNI=0,\"h\"\r\n");
    ok("AT+CIPSSLCALPN=0,0\r\n");
    ok("AT+CIPSSLCPSK=0,\"\",\"\"\r\n");
    answer("AT+CIPSNTPTIME?\r\n", "+CIPSNTPTIME:Tue Oct 19 17:47:56 2021\r\nOK\r\n");
    ok("AT+CIPRECVMODE=1\r\n");
    ok("AT+CIPMUX=0\r\n");
    answer("AT+CIPSTART=\"SSL\",\"h\",443\r\n", "CONNECT\r\nOK\r\n");
    ok("AT+CIPMODE=1\r\n");
    answer("AT+CIPSEND\r\n", "OK\r\n>\r\n");
    ck_assert_int_gt(result_of(&op), 0);
}
END_TEST

/* Whichever command fails, links are possible again. */
START_TEST(a_failure_on_the_way)
{
    static const char *const lines[] = {"AT+CIPRECVMODE=1\r\n", "AT+CIPMUX=0\r\n",
                                        "AT+CIPSTART=\"TCP\",\"192.168.10.110\",8080\r\n",
                                        "AT+CIPMODE=1\r\n", "AT+CIPSEND\r\n"};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    start(&to_a_server);
    for (int i = 0; i < _i; i++)
        ok(lines[i]);
    answer(lines[_i], "ERROR\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_DEVICE);
    if (_i == 4)
        bench_answer_search(&bench);
    ok("AT+CIPMODE=0\r\n");
    if (_i < 2) {
        answer("AT+CIPMUX?\r\n", "+CIPMUX:1\r\nOK\r\n");
        answer("AT+CIPSTATE?\r\n", "OK\r\n");
    } else {
        answer("AT+CIPMUX?\r\n", "+CIPMUX:0\r\nOK\r\n");
        answer("AT+CIPSTATE?\r\n",
               _i > 2 ? "+CIPSTATE:0,\"TCP\",\"192.168.10.110\",8080,50001,0\r\nOK\r\n" : "OK\r\n");
        if (_i > 2)
            answer("AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
        ok("AT+CIPMUX=1\r\n");
    }
    ok("AT+CIPRECVMODE=1\r\n");
    ok("AT+CIPDINFO=0\r\n");
    answer("AT+CWSTATE?\r\n", "+CWSTATE:2,\"x\"\r\nOK\r\n");
    ck_assert_uint_eq(wm_core_stats(&bench.core)->resets, 0);
    ck_assert_int_gt(bench_connect(&bench), 0);
}
END_TEST

START_TEST(a_peer_that_closes_on_the_way)
{
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    start(&to_a_server);
    ok("AT+CIPRECVMODE=1\r\n");
    ok("AT+CIPMUX=0\r\n");
    answer("AT+CIPSTART=\"TCP\",\"192.168.10.110\",8080\r\n", "CONNECT\r\nOK\r\nCLOSED\r\n");
    bench_pass(&bench, 1);
    answer("AT+CIPMODE=1\r\n", "OK\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_CLOSED);
}
END_TEST

/* A line that can't be read calls for a check-up. Not in passthrough: its commands would be
 * payload; the end of the stream is one. */
START_TEST(a_doubt_on_the_way)
{
    static const char *const broken[] = {"ONNECT\r\nOK\r\n", "CONNECT\r\nOK\r\nCLSED\r\n"};
    struct wm_op write;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    start(&to_a_server);
    ok("AT+CIPRECVMODE=1\r\n");
    ok("AT+CIPMUX=0\r\n");
    answer("AT+CIPSTART=\"TCP\",\"192.168.10.110\",8080\r\n", broken[_i]);
    ok("AT+CIPMODE=1\r\n");
    answer("AT+CIPSEND\r\n", "OK\r\n>\r\n");
    link0 = result_of(&op);
    ck_assert_int_gt(link0, 0);
    bench_silence(&bench, 100);
    wm_stream_write_prepare(&write, link0, "hello", 5);
    bench_submit(&bench, &write, 0);
    bench_expect(&bench, "hello");
    bench_module(&bench, "+CIPMUX:0\r\n");
    char got[16];
    ck_assert_int_eq(read_link(link0, got, sizeof got), 11);
    wm_stream_close_prepare(&op, link0);
    bench_submit(&bench, &op, 0);
    bench_answer_search(&bench);
    answer_leaving(WM_RECEIVE_PASSIVE);
    ck_assert_int_eq(result_of(&op), 0);
}
END_TEST

/* Only the connection itself may still come up behind the deadline: where the answer to another
 * command is missing, the search follows at once. */
START_TEST(a_step_without_an_answer)
{
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    start(&to_a_server);
    ok("AT+CIPRECVMODE=1\r\n");
    answer("AT+CIPMUX=0\r\n", "");
    bench_pass(&bench, (unsigned)(op.deadline_ms - bench.now_ms));
    ck_assert_int_eq(result_of(&op), WM_ERR_TIMEOUT);
    bench_answer_search(&bench);
    bench_answer_single(&bench, WM_RECEIVE_PASSIVE);
    ck_assert_uint_le(bench.now_ms, op.deadline_ms + 500);
    ck_assert_int_gt(bench_connect(&bench), 0);
}
END_TEST

/* Where the OK of AT+CIPSEND was lost, what comes behind it may spell any result: no command goes
 * out before the search has ended passthrough. */
START_TEST(a_result_that_may_be_payload)
{
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    start(&to_a_server);
    ok("AT+CIPRECVMODE=1\r\n");
    ok("AT+CIPMUX=0\r\n");
    answer("AT+CIPSTART=\"TCP\",\"192.168.10.110\",8080\r\n", "CONNECT\r\nOK\r\n");
    ok("AT+CIPMODE=1\r\n");
    answer("AT+CIPSEND\r\n", ">\r\nhello\r\nERROR\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_DEVICE);
    bench_silence(&bench, 31);
    bench_answer_search(&bench);
    answer_leaving(WM_RECEIVE_PASSIVE);
    ck_assert_int_gt(bench_connect(&bench), 0);
}
END_TEST

START_TEST(a_stream_is_no_link_to_be_closed)
{
    struct wm_op other;
    open_stream(WM_RECEIVE_PASSIVE, 4096, 0);
    wm_link_close_prepare(&other, link0);
    bench_submit(&bench, &other, 0);
    ck_assert_int_eq(result_of(&other), WM_ERR_STATE);
    wm_stream_write_prepare(&other, link0, "x", 1);
    bench_submit(&bench, &other, 0);
    bench_expect(&bench, "x");
    ck_assert_int_eq(result_of(&other), 1);
}
END_TEST

/* Nothing gets between its commands, and nothing is possible beside it. */
START_TEST(a_stream_has_the_module_for_itself)
{
    struct wm_op other;
    struct wm_tcp_options tcp = {.host = "h", .port = 1};
    open_passive(0);
    start(&to_a_server);
    ck_assert_int_eq(result_of(&op), WM_ERR_STATE); /* a link is open */

    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    start(&to_a_server);
    wm_probe_prepare(&other);
    bench_submit(&bench, &other, WM_FOREVER);
    ok("AT+CIPRECVMODE=1\r\n");
    ok("AT+CIPMUX=0\r\n");
    answer("AT+CIPSTART=\"TCP\",\"192.168.10.110\",8080\r\n", "CONNECT\r\nOK\r\n");
    ok("AT+CIPMODE=1\r\n");
    answer("AT+CIPSEND\r\n", "OK\r\n>\r\n");
    int stream = result_of(&op);
    ck_assert_int_eq(result_of(&other), WM_ERR_STATE);
    ck_assert_int_eq(wm_core_submit(&bench.core, &other, 0, NULL, NULL, bench.now_ms),
                     WM_ERR_STATE);
    wm_tcp_connect_prepare(&other, &tcp);
    ck_assert_int_eq(wm_core_submit(&bench.core, &other, 0, NULL, NULL, bench.now_ms),
                     WM_ERR_STATE);
    wm_send_prepare(&other, stream, "x", 1);
    ck_assert_int_eq(wm_core_submit(&bench.core, &other, 0, NULL, NULL, bench.now_ms),
                     WM_ERR_STATE);
    bench_silence(&bench, 5000);
}
END_TEST

/* PITFALLS 14: +++ never goes out alone, whatever pieces it is written in. */

static void write_now(const char *bytes)
{
    struct wm_op write;
    wm_stream_write_prepare(&write, link0, bytes, strlen(bytes));
    bench_submit(&bench, &write, 0);
    for (int ms = 0; !wm_op_ended(&write) && ms < 1000; ms++)
        bench_pass(&bench, 1);
    ck_assert_int_eq(result_of(&write), (int)strlen(bytes));
}

static const char *const pluses[][4] = {
    {"+++"}, {"+", "+", "+"}, {"++", "+"}, {"+", "++"}, {"+++++"}, {"+++x"}, {"++", "+x"}, {"++++"},
};

START_TEST(three_pluses_have_a_pause)
{
    size_t total = 0, first;
    bool paused = false;
    open_stream(WM_RECEIVE_ACTIVE, 4096, 0);
    bench_pass(&bench, 1000);
    for (int i = 0; i < 4 && pluses[_i][i]; i++) {
        struct wm_op *write = &(struct wm_op){0};
        wm_stream_write_prepare(write, link0, pluses[_i][i], strlen(pluses[_i][i]));
        bench_submit(&bench, write, 100);
        total += strlen(pluses[_i][i]);
        first = bench.sent_len;
        if (wm_op_ended(write))
            continue;
        ck_assert_uint_eq(first, 2); /* "++", and then silence */
        paused = true;
        bench_pass(&bench, 30);
        ck_assert_uint_eq(bench.sent_len, 2);
        bench_pass(&bench, 60);
        ck_assert(wm_op_ended(write));
    }
    ck_assert(paused);
    ck_assert_uint_eq(bench.sent_len, total);
}
END_TEST

/* In the middle of other bytes they need none. */
START_TEST(pluses_in_the_middle)
{
    open_stream(WM_RECEIVE_ACTIVE, 4096, 0);
    write_now("a+++");
    bench_expect(&bench, "a+++");
    write_now("+++a");
    bench_expect(&bench, "+++a");
    write_now("+");
    bench_pass(&bench, 50);
    write_now("++");
    bench_expect(&bench, "+++");
}
END_TEST

START_TEST(long_writes_and_several_writers)
{
    static char data[5000];
    struct wm_op first, second;
    memset(data, 'x', sizeof data);
    open_stream(WM_RECEIVE_ACTIVE, 4096, 0);
    wm_stream_write_prepare(&first, link0, data, sizeof data);
    wm_stream_write_prepare(&second, link0, "yy", 2);
    ck_assert_int_eq(wm_core_submit(&bench.core, &first, 0, NULL, NULL, bench.now_ms), 0);
    ck_assert_int_eq(wm_core_submit(&bench.core, &second, 0, NULL, NULL, bench.now_ms), 0);
    bench_expect_bytes(&bench, data, sizeof data);
    bench_expect(&bench, "yy");
    ck_assert_int_eq(result_of(&first), 5000);
    ck_assert_int_eq(result_of(&second), 2);
    struct wm_link_info info;
    ck_assert_int_eq(wm_core_link_info(&bench.core, link0, &info), 0);
    ck_assert_uint_eq(info.sent_bytes, 5002);
}
END_TEST

/* A port that takes nothing more. */
START_TEST(a_write_that_times_out)
{
    static char data[3000];
    const void *out;
    struct wm_op write, next;
    struct wm_link_info info;
    open_stream(WM_RECEIVE_ACTIVE, 4096, 0);
    wm_stream_write_prepare(&write, link0, data, sizeof data);
    wm_core_submit(&bench.core, &write, 100, NULL, NULL, bench.now_ms);
    ck_assert_uint_eq(wm_core_output(&bench.core, &out, bench.now_ms), 1024);
    wm_core_sent(&bench.core, 1000, bench.now_ms);
    bench.now_ms += 101;
    wm_core_tick(&bench.core, bench.now_ms);
    ck_assert_int_eq(result_of(&write), WM_ERR_TIMEOUT);
    wm_core_link_info(&bench.core, link0, &info);
    ck_assert_uint_eq(info.sent_bytes, 1000);
    ck_assert_uint_eq(wm_core_output(&bench.core, &out, bench.now_ms), 0);
    wm_stream_write_prepare(&next, link0, "z", 1);
    bench_submit(&bench, &next, 0);
    bench_expect(&bench, "z");
    ck_assert_int_eq(result_of(&next), 1);
}
END_TEST

/* A full ring holds up the input, and nothing is lost. */
START_TEST(a_full_ring_holds_up_the_input)
{
    char bytes[400], got[400];
    open_stream(WM_RECEIVE_ACTIVE, 256, 0);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)i;
    ck_assert_uint_eq(wm_core_feed(&bench.core, bytes, sizeof bytes, bench.now_ms), 256);
    ck_assert(!wm_core_wants_input(&bench.core));
    ck_assert_int_eq(read_link(link0, got, sizeof got), 256);
    ck_assert(wm_core_wants_input(&bench.core));
    ck_assert_uint_eq(wm_core_feed(&bench.core, bytes + 256, 144, bench.now_ms), 144);
    ck_assert_int_eq(read_link(link0, got + 256, 144), 144);
    ck_assert_int_eq(memcmp(bytes, got, sizeof got), 0);
}
END_TEST

/* Bytes may stand in a queue in front of the line: the silence counts from its end. */
START_TEST(closing_waits_for_the_line)
{
    static char data[1000];
    struct wm_op write;
    open_stream(WM_RECEIVE_ACTIVE, 4096, 0);
    bench.core.config.baud = 115200;
    wm_stream_write_prepare(&write, link0, data, sizeof data);
    bench_submit(&bench, &write, 0);
    bench_expect_bytes(&bench, data, sizeof data);
    wm_stream_close_prepare(&op, link0);
    bench_submit(&bench, &op, 0);
    bench_silence(&bench, 86 + 30); /* 1000 bytes, and the silence */
    bench_expect(&bench, "+++");
}
END_TEST

START_TEST(closing_ends_reads_and_writes)
{
    struct wm_op write, read;
    const void *out;
    char got[8];
    open_stream(WM_RECEIVE_ACTIVE, 4096, 0);
    wm_stream_read_prepare(&read, link0, got, sizeof got);
    bench_submit(&bench, &read, WM_FOREVER);
    wm_stream_write_prepare(&write, link0, "abc", 3);
    wm_core_submit(&bench.core, &write, WM_FOREVER, NULL, NULL, bench.now_ms);
    ck_assert_uint_eq(wm_core_output(&bench.core, &out, bench.now_ms), 3); /* not sent */
    wm_stream_close_prepare(&op, link0);
    wm_core_submit(&bench.core, &op, 0, NULL, NULL, bench.now_ms);
    ck_assert_int_eq(result_of(&read), WM_ERR_CLOSED);
    ck_assert_int_eq(result_of(&write), WM_ERR_CLOSED);
    wm_stream_write_prepare(&write, link0, "abc", 3);
    bench_submit(&bench, &write, 0);
    ck_assert_int_eq(result_of(&write), WM_ERR_ARG);
    bench_answer_search(&bench);
    answer_leaving(WM_RECEIVE_ACTIVE);
    ck_assert_int_eq(result_of(&op), 0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_ARG);
}
END_TEST

/* The module restarted in passthrough, unseen; closing the stream finds out. */
START_TEST(a_restart_is_found_at_the_end)
{
    open_stream(WM_RECEIVE_PASSIVE, 4096, 0);
    bench_module(&bench, "ready\r\n"); /* payload, for all that can be seen */
    wm_stream_close_prepare(&op, link0);
    bench_submit(&bench, &op, 0);
    bench_answer_search(&bench);
    bench_answer_single(&bench, WM_RECEIVE_PASSIVE);
    ck_assert_int_eq(result_of(&op), 0);
}
END_TEST

START_TEST(the_port_is_lost)
{
    struct wm_op read;
    char got[8];
    open_stream(WM_RECEIVE_PASSIVE, 4096, 0);
    wm_stream_read_prepare(&read, link0, got, sizeof got);
    bench_submit(&bench, &read, WM_FOREVER);
    wm_core_lost(&bench.core, WM_ERR_IO);
    ck_assert_int_eq(result_of(&read), WM_ERR_IO);
    ck_assert_int_eq(state_of(link0), WM_LINK_FAILED);
}
END_TEST

START_TEST(bad_arguments_send_nothing)
{
    static const struct wm_stream_options bad[] = {
        {.port = 1},
        {.host = "h", .port = 0},
        {.host = "h", .port = 65536},
        {.host = "h\n", .port = 1},
        {.host = "h", .port = 1, .kind = (enum wm_stream_kind)3},
        {.host = "h", .port = 1, .kind = (enum wm_stream_kind) - 1},
        {.host = "h", .port = 1, .kind = WM_STREAM_TLS},
        {.host = "h", .port = 1, .local_port = 1},
        {.host = "h", .port = 1, .keep_alive_s = 7201},
        {.host = "h", .port = 1, .kind = WM_STREAM_UDP, .keep_alive_s = 1},
        {.host = "h", .port = 1, .kind = WM_STREAM_UDP, .local_port = 65536},
        {.host = "h", .port = 1, .local_ip = "\n"},
    };
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_int_eq(wm_stream_open_prepare(&op, &bad[i]), WM_ERR_ARG);
    ck_assert_int_eq(wm_stream_open_prepare(&op, NULL), WM_ERR_ARG);
    ck_assert_int_eq(wm_stream_write_prepare(&op, -1, "x", 1), WM_ERR_ARG);
    ck_assert_int_eq(wm_stream_write_prepare(&op, 8, NULL, 1), WM_ERR_ARG);
    ck_assert_int_eq(wm_stream_close_prepare(&op, -1), WM_ERR_ARG);
    int link = bench_connect(&bench); /* a link is no stream */
    wm_stream_write_prepare(&op, link, "x", 1);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_ARG);
    wm_stream_close_prepare(&op, link);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_ARG);
    bench_silence(&bench, 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stream");
    TCase *tc = tcase_create("stream");
    tcase_add_loop_test(tc, there_and_back, 0, 4);
    tcase_add_loop_test(tc, the_prompt_is_no_payload, 0, 10);
    tcase_add_loop_test(tc, an_early_greeting_is_payload, 0, 4);
    tcase_add_loop_test(tc, every_form_of_opening, 0, sizeof opens / sizeof opens[0]);
    tcase_add_test(tc, over_tls);
    tcase_add_loop_test(tc, a_failure_on_the_way, 0, 5);
    tcase_add_loop_test(tc, a_doubt_on_the_way, 0, 2);
    tcase_add_test(tc, a_step_without_an_answer);
    tcase_add_test(tc, a_result_that_may_be_payload);
    tcase_add_test(tc, a_peer_that_closes_on_the_way);
    tcase_add_test(tc, a_stream_is_no_link_to_be_closed);
    tcase_add_test(tc, a_stream_has_the_module_for_itself);
    tcase_add_loop_test(tc, three_pluses_have_a_pause, 0, sizeof pluses / sizeof pluses[0]);
    tcase_add_test(tc, pluses_in_the_middle);
    tcase_add_test(tc, long_writes_and_several_writers);
    tcase_add_test(tc, a_write_that_times_out);
    tcase_add_test(tc, a_full_ring_holds_up_the_input);
    tcase_add_test(tc, closing_waits_for_the_line);
    tcase_add_test(tc, closing_ends_reads_and_writes);
    tcase_add_test(tc, a_restart_is_found_at_the_end);
    tcase_add_test(tc, the_port_is_lost);
    tcase_add_test(tc, bad_arguments_send_nothing);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
