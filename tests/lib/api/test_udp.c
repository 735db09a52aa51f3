/* Datagrams (TCP-IP_AT: CIPSTART, "Establish UDP Transmission"; CIPSEND; CIPDINFO). Golden bytes.
 */
#include <stdio.h>
#include <string.h>

#include <wmat/udp.h>

#include "dialogue.h"

static char got[4096];
static struct wm_datagram from;

static int read_from(size_t cap)
{
    memset(&from, 0xff, sizeof from);
    return wm_core_read_from(&bench.core, link0, got, cap, &from, bench.now_ms);
}

static void expect_datagram(const char *payload, const char *ip, unsigned port)
{
    ck_assert_int_eq(read_from(sizeof got), (int)strlen(payload));
    ck_assert_int_eq(memcmp(got, payload, strlen(payload)), 0);
    ck_assert_str_eq(from.ip, ip);
    ck_assert_uint_eq(from.port, port);
    ck_assert_uint_eq(from.size, strlen(payload));
    ck_assert(!from.cut);
    ck_assert_uint_eq(from.dropped, 0);
}

/* Link 0, to 192.168.101.110:8080. */
static void open_udp(enum wm_receive receive, size_t ring_bytes, int piece)
{
    struct wm_udp_options options = {.host = "192.168.101.110", .port = 8080};
    struct wm_op op;
    bench_open(&bench, receive, ring_bytes, (size_t)piece);
    ck_assert_int_eq(wm_udp_open_prepare(&op, &options), 0);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPDINFO=1\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSTART=0,\"UDP\",\"192.168.101.110\",8080\r\n");
    bench_module(&bench, "0,CONNECT\r\nOK\r\n");
    link0 = result_of(&op);
    ck_assert_int_gt(link0, 0);
}

static const struct {
    struct wm_udp_options options;
    const char *line;
} opens[] = {
    {{.host = "192.168.101.110", .port = 8080, .local_port = 1002, .peer = WM_UDP_PEER_LAST},
     "AT+CIPSTART=1,\"UDP\",\"192.168.101.110\",8080,1002,2\r\n"},
    {{.host = "192.168.101.110", .port = 8080, .local_ip = "192.168.101.100"},
     "AT+CIPSTART=1,\"UDP\",\"192.168.101.110\",8080,,,\"192.168.101.100\"\r\n"},
    {{.host = "fe80::32ae:a4ff:fe80:65ac", .port = 1000},
     "AT+CIPSTART=1,\"UDPv6\",\"fe80::32ae:a4ff:fe80:65ac\",1000\r\n"},
    {{.host = "239.255.255.254", .port = 8080},
     "AT+CIPSTART=1,\"UDP\",\"239.255.255.254\",8080\r\n"},
    {{.host = "name", .port = 1, .ipv6 = true, .own_id = true, .link_id = 4, .local_port = 9},
     "AT+CIPSTART=4,\"UDPv6\",\"name\",1,9\r\n"},
    {{.host = "h", .port = 1, .local_port = 9, .peer = WM_UDP_PEER_FIRST, .local_ip = ""},
     "AT+CIPSTART=1,\"UDP\",\"h\",1,9,1,\"\"\r\n"},
};

/* AT+CIPDINFO=1 goes out once. */
START_TEST(every_form_of_opening)
{
    struct wm_op op;
    open_udp(WM_RECEIVE_PASSIVE, 4096, 0);
    ck_assert_int_eq(wm_udp_open_prepare(&op, &opens[_i].options), 0);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, opens[_i].line);
    bench_module(&bench, "1,CONNECT\r\nOK\r\n");
    ck_assert_int_gt(result_of(&op), 0);
}
END_TEST

static const struct wm_udp_options bad_options[] = {
    {.host = NULL, .port = 80},
    {.host = "h\n", .port = 80},
    {.host = "h", .port = 0},
    {.host = "h", .port = 65536},
    {.host = "h", .port = 80, .local_port = 65536},
    {.host = "h", .port = 80, .peer = WM_UDP_PEER_LAST},
    {.host = "h", .port = 80, .local_port = 1, .peer = (enum wm_udp_peer)3},
    {.host = "h", .port = 80, .local_port = 1, .peer = (enum wm_udp_peer) - 1},
    {.host = "h", .port = 80, .local_ip = "\r"},
    {.host = "h", .port = 80, .local_ip = "localhost"},
    {.host = "h", .port = 80, .own_id = true, .link_id = 5},
    {.host = "h", .port = 80, .own_id = true, .link_id = 4294967295u},
};

START_TEST(bad_options_send_nothing)
{
    struct wm_op op;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    ck_assert_int_eq(wm_udp_open_prepare(&op, &bad_options[_i]), WM_ERR_ARG);
    ck_assert_int_eq(wm_core_submit(&bench.core, &op, 0, NULL, NULL, bench.now_ms), WM_ERR_STATE);
    bench_silence(&bench, 100);
}
END_TEST

/* A module that can't say who sent what is of no use for datagrams. */
/* The module has taken AT+CIPDINFO=1, and its OK is late or lost. */
START_TEST(senders_may_be_shown_before_the_ok)
{
    struct wm_udp_options options = {.host = "h", .port = 80};
    struct wm_op op;
    open_active(_i, 4096);
    wm_udp_open_prepare(&op, &options);
    bench_submit(&bench, &op, 1000);
    bench_expect(&bench, "AT+CIPDINFO=1\r\n");
    bench_module(&bench, "+IPD,0,5,\"10.0.0.1\",80:hello\r\n");
    expect_read("hello");
    ck_assert_int_eq(state_of(link0), WM_LINK_OPEN);
}
END_TEST

START_TEST(without_senders_no_link)
{
    struct wm_udp_options options = {.host = "h", .port = 80};
    struct wm_op op;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    wm_udp_open_prepare(&op, &options);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIPDINFO=1\r\n", "ERROR\r\n"), WM_ERR_DEVICE);
    ck_assert_int_gt(bench_connect(&bench), 0);
}
END_TEST

/* Sending. */

static int send_message(const struct wm_message *message, const char *line, const char *payload)
{
    struct wm_op op;
    ck_assert_int_eq(wm_sendto_prepare(&op, link0, message), 0);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, line);
    bench_module(&bench, "OK\r\n>\r\n");
    bench_expect(&bench, payload);
    bench_module(&bench, "SEND OK\r\n");
    return result_of(&op);
}

START_TEST(datagrams_go_out_whole)
{
    struct wm_message message = {.data = "hello", .len = 5};
    open_udp(WM_RECEIVE_PASSIVE, 4096, _i);
    ck_assert_int_eq(send_message(&message, "AT+CIPSEND=0,5\r\n", "hello"), 5);
    message.host = "192.168.1.9";
    message.port = 1234;
    ck_assert_int_eq(send_message(&message, "AT+CIPSEND=0,5,\"192.168.1.9\",1234\r\n", "hello"), 5);
}
END_TEST

/* PITFALLS 14. TCP-IP_AT: CIPSENDEX, "\0" triggers the transmission. */
START_TEST(three_pluses_go_out_by_cipsendex)
{
    struct wm_message message = {.data = "+++", .len = 3, .host = "h", .port = 7};
    struct wm_op op;
    open_udp(WM_RECEIVE_PASSIVE, 4096, 0);
    ck_assert_int_eq(send_message(&message, "AT+CIPSENDEX=0,8,\"h\",7\r\n", "+++\\0"), 3);
    ck_assert_int_eq(wm_send_prepare(&op, link0, "+++", 3), 0);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSENDEX=0,8\r\n");
    bench_module(&bench, "OK\r\n>\r\n");
    bench_expect(&bench, "+++\\0");
    bench_module(&bench, "SEND OK\r\n");
    ck_assert_int_eq(result_of(&op), 3);
}
END_TEST

/* One refused by the network is lost alone. */
START_TEST(a_refused_datagram_leaves_the_link)
{
    struct wm_message message = {.data = "x", .len = 1};
    struct wm_op op;
    open_udp(WM_RECEIVE_PASSIVE, 4096, 0);
    wm_sendto_prepare(&op, link0, &message);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSEND=0,1\r\n");
    bench_module(&bench, "OK\r\n>\r\n");
    bench_expect(&bench, "x");
    bench_module(&bench, "SEND FAIL\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_DEVICE);
    ck_assert_int_eq(state_of(link0), WM_LINK_OPEN);
    ck_assert_int_eq(send_message(&message, "AT+CIPSEND=0,1\r\n", "x"), 1);
}
END_TEST

START_TEST(a_datagram_without_a_result_leaves_the_link)
{
    struct wm_message message = {.data = "x", .len = 1};
    struct wm_op op;
    open_udp(WM_RECEIVE_PASSIVE, 4096, 0);
    wm_sendto_prepare(&op, link0, &message);
    bench_submit(&bench, &op, 500);
    bench_expect(&bench, "AT+CIPSEND=0,1\r\n");
    bench_module(&bench, "OK\r\n>\r\n");
    bench_expect(&bench, "x");
    bench_pass(&bench, 501);
    ck_assert_int_eq(result_of(&op), WM_ERR_UNKNOWN_DELIVERY);
    bench_module(&bench, "SEND OK\r\n");
    ck_assert_int_eq(state_of(link0), WM_LINK_OPEN);
    ck_assert_int_eq(send_message(&message, "AT+CIPSEND=0,1\r\n", "x"), 1);
}
END_TEST

START_TEST(bad_messages_send_nothing)
{
    static char data[5761];
    const struct wm_message bad[] = {
        {.data = NULL, .len = 1},
        {.data = data, .len = 0},
        {.data = data, .len = 5761},
        {.data = data, .len = 1, .host = "", .port = 1},
        {.data = data, .len = 1, .host = "h\r", .port = 1},
        {.data = data, .len = 1, .host = "h", .port = 0},
        {.data = data, .len = 1, .host = "h", .port = 65536},
    };
    struct wm_op op;
    open_udp(WM_RECEIVE_PASSIVE, 4096, 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_int_eq(wm_sendto_prepare(&op, link0, &bad[i]), WM_ERR_ARG);
    ck_assert_int_eq(wm_sendto_prepare(&op, -1, &(struct wm_message){.data = data, .len = 1}),
                     WM_ERR_ARG);
    ck_assert_int_eq(wm_send_prepare(&op, link0, data, 5761), 0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_ARG);
    bench_silence(&bench, 100);
}
END_TEST

START_TEST(sendto_wants_datagrams)
{
    struct wm_message message = {.data = "x", .len = 1};
    struct wm_op op;
    open_passive(0);
    wm_sendto_prepare(&op, link0, &message);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_STATE);
    bench_silence(&bench, 100);
}
END_TEST

/* Receiving. */

START_TEST(active_datagrams_keep_their_boundaries)
{
    open_udp(WM_RECEIVE_ACTIVE, 4096, _i);
    bench_module(&bench, "+IPD,0,5,\"192.168.1.9\",8080:hello\r\n"
                         "+IPD,0,2,\"fe80::1\",1:\r\n\r\n"
                         "+IPD,0,1:x\r\n");
    expect_datagram("hello", "192.168.1.9", 8080);
    expect_datagram("\r\n", "fe80::1", 1);
    expect_datagram("x", "", 0);
    ck_assert_int_eq(read_from(sizeof got), WM_ERR_TIMEOUT);
}
END_TEST

/* PITFALLS 5. The driver asks for more than a datagram can have: what comes is whole. The address
 * in quotes is a shipping module's (device_dialect, section 7). */
START_TEST(passive_datagrams_keep_their_boundaries)
{
    open_udp(WM_RECEIVE_PASSIVE, 4096, _i);
    bench_module(&bench, "+IPD,0,7\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4045\r\n");
    bench_module(&bench, "+CIPRECVDATA:5,192.168.1.9,8080,hello\r\nOK\r\n+IPD,0,2\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4023\r\n");
    bench_module(&bench, "+CIPRECVDATA:2,\"10.0.0.7\",53,hi\r\nOK\r\n");
    expect_datagram("hello", "192.168.1.9", 8080);
    expect_datagram("hi", "10.0.0.7", 53);
    bench_silence(&bench, 50);
}
END_TEST

static void module_gives(unsigned len)
{
    static char text[4096];
    char head[64];
    memset(text, 'u', len);
    snprintf(head, sizeof head, "+CIPRECVDATA:%u,10.0.0.7,53,", len);
    bench_module(&bench, head);
    bench_module_bytes(&bench, text, len);
    bench_module(&bench, "\r\nOK\r\n");
}

/* The next one is not asked for before the ring has room for all of it. */
START_TEST(no_datagram_is_cut_for_want_of_patience)
{
    open_udp(WM_RECEIVE_PASSIVE, 3000, 0);
    bench_module(&bench, "+IPD,0,2000\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,2949\r\n");
    module_gives(1000);
    bench_module(&bench, "+IPD,0,2000\r\n"); /* 1000 and 1000 */
    bench_silence(&bench, 50);
    ck_assert_int_eq(read_from(sizeof got), 1000);
    bench_expect(&bench, "AT+CIPRECVDATA=0,2949\r\n");
    module_gives(1000);
    ck_assert_int_eq(read_from(sizeof got), 1000);
    ck_assert(!from.cut);
}
END_TEST

START_TEST(a_small_ring_says_that_datagrams_are_cut)
{
    open_udp(WM_RECEIVE_PASSIVE, 256, 0);
    bench_module(&bench, "+IPD,0,300\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,205\r\n");
    module_gives(205);
    bench_module(&bench, "+IPD,0,95\r\n");
    bench_silence(&bench, 50);
    ck_assert_int_eq(wm_core_read(&bench.core, link0, got, sizeof got, bench.now_ms), WM_ERR_NOMEM);
    ck_assert_int_eq(read_from(sizeof got), 205);
    ck_assert(from.cut);
    bench_expect(&bench, "AT+CIPRECVDATA=0,205\r\n");
    module_gives(95);
    ck_assert_int_eq(read_from(sizeof got), 95);
    ck_assert(from.cut);
    bench_module(&bench, "+IPD,0,9\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,205\r\n");
    module_gives(9);
    ck_assert_int_eq(read_from(sizeof got), 9);
    ck_assert(!from.cut);
}
END_TEST

START_TEST(a_small_buffer_leaves_the_datagram)
{
    open_udp(WM_RECEIVE_ACTIVE, 4096, 0);
    bench_module(&bench, "+IPD,0,5,\"192.168.1.9\",8080:hello\r\n");
    ck_assert_int_eq(read_from(4), WM_ERR_NOMEM);
    ck_assert_uint_eq(from.size, 5);
    ck_assert_uint_eq(from.dropped, 0);
    expect_datagram("hello", "192.168.1.9", 8080);
}
END_TEST

/* They are dropped rather than holding up the other links, and the reader is told. */
START_TEST(datagrams_without_room_are_counted)
{
    char frame[300];
    struct wm_op op;
    open_udp(WM_RECEIVE_ACTIVE, 256, 0);
    memset(frame, 'x', sizeof frame);
    memcpy(frame, "+IPD,0,200,\"10.0.0.7\",53:", 25);
    memcpy(frame + 225, "\r\n", 2);
    for (int i = 0; i < 3; i++)
        bench_module_bytes(&bench, frame, 227);
    ck_assert(wm_core_wants_input(&bench.core));
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 2);
    ck_assert_int_eq(read_from(sizeof got), WM_ERR_NOMEM);
    ck_assert_uint_eq(from.dropped, 2);
    ck_assert_int_eq(read_from(sizeof got), 200);
    wm_recv_prepare(&op, link0, got, sizeof got);
    bench_submit(&bench, &op, 1000);
    bench_module_bytes(&bench, frame, 227);
    ck_assert_int_eq(result_of(&op), 200);
    ck_assert_int_eq(read_from(sizeof got), WM_ERR_TIMEOUT);
}
END_TEST

/* A waiting call is told of a loss at once, too. */
START_TEST(a_loss_wakes_the_reader)
{
    struct wm_op op;
    char frame[400];
    open_udp(WM_RECEIVE_ACTIVE, 256, 0);
    memset(frame, 'x', sizeof frame);
    memcpy(frame, "+IPD,0,300,\"10.0.0.7\",53:", 25);
    memcpy(frame + 325, "\r\n", 2);
    wm_recvfrom_prepare(&op, link0, got, sizeof got, &from);
    bench_submit(&bench, &op, 1000);
    bench_module_bytes(&bench, frame, 327);
    ck_assert_int_eq(result_of(&op), WM_ERR_NOMEM);
    ck_assert_uint_eq(from.dropped, 1);
}
END_TEST

/* A module that has restarted is told again to name the senders. */
START_TEST(senders_are_shown_after_a_restart)
{
    open_udp(WM_RECEIVE_PASSIVE, 4096, 0);
    bench_module(&bench, "ready\r\n");
    ck_assert_int_eq(state_of(link0), WM_LINK_FAILED);
    bench_answer_search(&bench);
    bench_answer_profile(&bench);
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPMUX?\r\n");
    bench_module(&bench, "+CIPMUX:0\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSTATE?\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPMUX=1\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPRECVMODE=1\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPDINFO=1\r\n");
    bench_module(&bench, "OK\r\n");
}
END_TEST

START_TEST(a_closed_link_ends_behind_its_datagrams)
{
    open_udp(WM_RECEIVE_ACTIVE, 4096, 0);
    bench_module(&bench, "+IPD,0,5,\"192.168.1.9\",8080:hello\r\n0,CLOSED\r\n");
    expect_datagram("hello", "192.168.1.9", 8080);
    ck_assert_int_eq(read_from(sizeof got), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("udp");
    TCase *tc = tcase_create("udp");
    tcase_add_loop_test(tc, every_form_of_opening, 0, sizeof opens / sizeof opens[0]);
    tcase_add_loop_test(tc, bad_options_send_nothing, 0,
                        sizeof bad_options / sizeof bad_options[0]);
    tcase_add_loop_test(tc, senders_may_be_shown_before_the_ok, 0, 2);
    tcase_add_test(tc, without_senders_no_link);
    tcase_add_loop_test(tc, datagrams_go_out_whole, 0, 2);
    tcase_add_test(tc, three_pluses_go_out_by_cipsendex);
    tcase_add_test(tc, a_refused_datagram_leaves_the_link);
    tcase_add_test(tc, a_datagram_without_a_result_leaves_the_link);
    tcase_add_test(tc, bad_messages_send_nothing);
    tcase_add_test(tc, sendto_wants_datagrams);
    tcase_add_loop_test(tc, active_datagrams_keep_their_boundaries, 0, 2);
    tcase_add_loop_test(tc, passive_datagrams_keep_their_boundaries, 0, 2);
    tcase_add_test(tc, no_datagram_is_cut_for_want_of_patience);
    tcase_add_test(tc, a_small_ring_says_that_datagrams_are_cut);
    tcase_add_test(tc, a_small_buffer_leaves_the_datagram);
    tcase_add_test(tc, datagrams_without_room_are_counted);
    tcase_add_test(tc, a_loss_wakes_the_reader);
    tcase_add_test(tc, senders_are_shown_after_a_restart);
    tcase_add_test(tc, a_closed_link_ends_behind_its_datagrams);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
