/* The core as a whole, where no single command is to blame: input that is held up, frames that a
 * search interrupts, operations around the loss of the port. */
#include <string.h>

#include <wmat/link.h>
#include <wmat/sys.h>
#include <wmat/tcp.h>

#include "bench.h"
#include "suite.h"

static struct bench bench;
static int link0;

static int read_link(void *buffer, size_t cap)
{
    return wm_core_read(&bench.core, link0, buffer, cap, bench.now_ms);
}

static int link_state_now(void)
{
    struct wm_link_info info;
    ck_assert_int_eq(wm_core_link_info(&bench.core, link0, &info), 0);
    return (int)info.state;
}

/* A frame of 600 bytes for a ring of 256, up to where the input is held up. */

static char frame[640];
static size_t frame_len, fed;

static void feed_rest(void)
{
    fed += wm_core_feed(&bench.core, frame + fed, frame_len - fed, bench.now_ms);
}

static void hold_up(void)
{
    bench_open(&bench, WM_RECEIVE_ACTIVE, 256, 0);
    link0 = bench_connect(&bench);
    strcpy(frame, "+IPD,0,600:");
    frame_len = strlen(frame);
    for (int i = 0; i < 600; i++)
        frame[frame_len++] = (char)('a' + i % 26);
    memcpy(frame + frame_len, "\r\n", 2);
    frame_len += 2;
    fed = 0;
    feed_rest();
    ck_assert(!wm_core_wants_input(&bench.core));
}

/* Reads all of it; other callers let time pass between a read and the input that it makes room for.
 */
static void expect_frame(void)
{
    char bytes[256];
    for (int at = 0; at < 600;) {
        int n = read_link(bytes, sizeof bytes);
        ck_assert_msg(n > 0, "%s after %d bytes", wm_err_name(n), at);
        for (int i = 0; i < n; i++, at++)
            ck_assert_int_eq(bytes[i], 'a' + at % 26);
        wm_core_tick(&bench.core, bench.now_ms);
        feed_rest();
    }
    ck_assert_uint_eq(fed, frame_len);
    ck_assert_int_eq(link_state_now(), WM_LINK_OPEN);
}

START_TEST(held_up_input_loses_nothing)
{
    hold_up();
    ck_assert_uint_eq(wm_core_deadline(&bench.core), WM_NO_DEADLINE);
    bench_silence(&bench, 10000);
    expect_frame();
}
END_TEST

/* The module answers, and nobody listens: that is no silence of the module's. */
START_TEST(held_up_input_is_no_silence)
{
    struct wm_op op;
    hold_up();
    wm_probe_prepare(&op);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT\r\n");
    bench_pass(&bench, 1000);
    ck_assert_int_eq(bench_result(&op), WM_ERR_TIMEOUT);
    ck_assert_uint_eq(wm_core_deadline(&bench.core), WM_NO_DEADLINE);
    bench_silence(&bench, 10000);
    expect_frame();
    bench_module(&bench, "OK\r\n");
    wm_probe_prepare(&op);
    ck_assert_int_eq(bench_run(&bench, &op, "AT\r\n", "OK\r\n"), 0);
}
END_TEST

/* The same for a command of the driver's own: a link that is closed behind the scenes. */
START_TEST(held_up_input_and_a_link_to_close)
{
    struct wm_op op;
    hold_up();
    expect_frame();
    int link1 = bench_connect(&bench);
    fed = 0;
    feed_rest();
    wm_link_close_prepare(&op, link1);
    bench_submit(&bench, &op, 100);
    bench_expect(&bench, "AT+CIPCLOSE=1\r\n");
    bench_pass(&bench, 100);
    ck_assert_int_eq(bench_result(&op), WM_ERR_TIMEOUT);
    feed_rest();
    ck_assert(!wm_core_wants_input(&bench.core));
    bench_silence(&bench, 20000);
    expect_frame();
    bench_module(&bench, "1,CLOSED\r\n\r\nOK\r\n");
    ck_assert(wm_core_ready(&bench.core));
}
END_TEST

/* Nothing more goes into the ring of a link that has failed. */
START_TEST(a_failed_link_holds_nothing_up)
{
    struct wm_op send;
    hold_up();
    wm_send_prepare(&send, link0, "hello", 5);
    bench_submit(&bench, &send, 100);
    bench_expect(&bench, "AT+CIPSEND=0,5\r\n");
    bench_pass(&bench, 100);
    ck_assert_int_eq(link_state_now(), WM_LINK_FAILED);
    ck_assert(wm_core_wants_input(&bench.core));
    feed_rest();
    ck_assert_uint_eq(fed, frame_len);
}
END_TEST

/* A command of which nothing went out before its call was cancelled stays here. */
START_TEST(a_command_that_nobody_wants_is_not_sent)
{
    const void *out;
    struct wm_op op, next;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 256, 0);
    wm_probe_prepare(&op);
    wm_store_get_prepare(&next);
    wm_core_submit(&bench.core, &op, 0, NULL, NULL, bench.now_ms);
    wm_core_submit(&bench.core, &next, 0, NULL, NULL, bench.now_ms);
    wm_core_cancel(&bench.core, &op);
    wm_core_tick(&bench.core, bench.now_ms);
    ck_assert_uint_eq(wm_core_output(&bench.core, &out, bench.now_ms), 14);
    ck_assert_int_eq(memcmp(out, "AT+SYSSTORE?\r\n", 14), 0);
}
END_TEST

/* The port takes nothing while the first of two is cancelled: the second has its turn. */
START_TEST(who_is_cancelled_makes_room)
{
    struct wm_op first, second;
    const void *bytes;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    wm_probe_prepare(&first);
    wm_store_get_prepare(&second);
    ck_assert_int_eq(wm_core_submit(&bench.core, &first, 0, NULL, NULL, bench.now_ms), 0);
    ck_assert_int_eq(wm_core_submit(&bench.core, &second, 0, NULL, NULL, bench.now_ms), 0);
    wm_core_cancel(&bench.core, &first);
    ck_assert_uint_gt(wm_core_output(&bench.core, &bytes, bench.now_ms), 0); /* at once */
    bench_expect(&bench, "AT+SYSSTORE?\r\n");
    bench_module(&bench, "+SYSSTORE:1\r\nOK\r\n");
    ck_assert_int_eq(bench_result(&second), 1);
}
END_TEST

/* Words about an older failure say nothing about a call whose turn never came. */
START_TEST(who_waits_in_vain_finds_no_older_words)
{
    struct wm_op first, second;
    char words[64];
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    wm_probe_prepare(&first);
    ck_assert_int_eq(bench_run(&bench, &first, "AT\r\n", "ERROR\r\n"), WM_ERR_DEVICE);
    ck_assert_str_eq(wm_core_detail(&bench.core, words, sizeof words), "AT: ERROR");
    wm_probe_prepare(&first);
    bench_submit(&bench, &first, 1000);
    wm_probe_prepare(&second);
    bench_submit(&bench, &second, 100);
    bench_expect(&bench, "AT\r\n");
    bench_pass(&bench, 100);
    ck_assert_int_eq(bench_result(&second), WM_ERR_TIMEOUT);
    ck_assert_str_eq(wm_core_detail(&bench.core, words, sizeof words), "");
}
END_TEST

/* Bytes that come while the module is searched for count for nothing: the frame that they belong to
 * is lost, and its link with it. */
START_TEST(a_search_in_mid_frame_fails_the_link)
{
    struct wm_op op;
    char buffer[16];
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, 0);
    link0 = bench_connect(&bench);
    wm_probe_prepare(&op);
    bench_submit(&bench, &op, 1000);
    bench_module(&bench, "+IPD,0,10:h");
    for (int i = 0; i < 3; i++) {
        bench_pass(&bench, 2000);
        bench_module(&bench, "i");
    }
    ck_assert_int_eq(read_link(buffer, sizeof buffer), WM_ERR_PROTO);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 1);
}
END_TEST

/* The payload behind a header that has begun must not be taken for lines. */
START_TEST(a_search_in_mid_header_loses_nothing)
{
    struct wm_op op;
    char bytes[8];
    bench_open(&bench, WM_RECEIVE_ACTIVE, 256, 0);
    link0 = bench_connect(&bench);
    wm_probe_prepare(&op);
    bench_submit(&bench, &op, 1000);
    bench_expect(&bench, "AT\r\n");
    bench_pass(&bench, 1000);
    bench_module(&bench, "+IPD,0,");
    bench_pass(&bench, 5000);
    bench_expect(&bench, "+++");
    bench_module(&bench, "7:\r\nOK\r\nx\r\n");
    ck_assert_int_eq(read_link(bytes, sizeof bytes), 7);
    ck_assert_int_eq(memcmp(bytes, "\r\nOK\r\nx", 7), 0);
}
END_TEST

/* Nor is what lost its header. */
START_TEST(a_search_that_hears_a_damaged_header_fails_the_link)
{
    struct wm_op op;
    char byte;
    bench_open(&bench, WM_RECEIVE_ACTIVE, 256, (size_t)_i % 2);
    link0 = bench_connect(&bench);
    wm_probe_prepare(&op);
    bench_submit(&bench, &op, 1000);
    bench_expect(&bench, "AT\r\n");
    bench_pass(&bench, 6000);
    bench_expect(&bench, "+++");
    bench_module(&bench, _i / 2 ? "IPD,0,5:hello\r\n" : "+IPD,0,5hello\r\n");
    ck_assert_int_eq(read_link(&byte, 1), WM_ERR_PROTO);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 1);
    bench_answer_search(&bench);
}
END_TEST

/* The module restarts in mid-frame while it is searched for: its answers are no payload. */
START_TEST(a_frame_that_takes_the_answers_is_given_up)
{
    struct wm_op op;
    char byte;
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, 0);
    link0 = bench_connect(&bench);
    wm_probe_prepare(&op);
    bench_submit(&bench, &op, 1000);
    bench_expect(&bench, "AT\r\n");
    bench_pass(&bench, 6000);
    bench_expect(&bench, "+++");
    bench_module(&bench, "+IPD,0,2920:hel");
    bench_module(&bench, "ready\r\n");
    bench_expect(&bench, "\r\n");
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "\r\n");
    ck_assert_int_eq(read_link(&byte, 1), WM_ERR_PROTO);
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
}
END_TEST

/* A frame whose colon was lost, and its payload is an empty line. */
START_TEST(active_data_that_is_only_announced_is_a_loss)
{
    char buffer[16];
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, (size_t)_i);
    link0 = bench_connect(&bench);
    bench_module(&bench, "+IPD,0,2\r\n\r\n");
    ck_assert_int_eq(read_link(buffer, sizeof buffer), WM_ERR_PROTO);
}
END_TEST

/* The port is gone. */

START_TEST(bytes_from_before_the_loss_are_delivered)
{
    struct wm_op op;
    char buffer[16];
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, 0);
    link0 = bench_connect(&bench);
    bench_module(&bench, "+IPD,0,5:hello\r\n");
    wm_core_lost(&bench.core, WM_ERR_IO);
    ck_assert_int_eq(wm_recv_prepare(&op, link0, buffer, 3), 0);
    bench_submit(&bench, &op, 1000);
    ck_assert_int_eq(bench_result(&op), 3);
    bench_submit(&bench, &op, 1000);
    ck_assert_int_eq(bench_result(&op), 2);
    bench_submit(&bench, &op, 1000);
    ck_assert_int_eq(bench_result(&op), WM_ERR_IO);
    wm_probe_prepare(&op);
    ck_assert_int_eq(wm_core_submit(&bench.core, &op, 0, NULL, NULL, bench.now_ms), WM_ERR_IO);
}
END_TEST

/* A link that had come to its end before is whole. */
START_TEST(the_end_of_file_outlives_the_port)
{
    struct wm_op op;
    char buffer[16];
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, 0);
    link0 = bench_connect(&bench);
    bench_module(&bench, "+IPD,0,5:hello\r\n0,CLOSED\r\n");
    wm_core_lost(&bench.core, WM_ERR_IO);
    wm_recv_prepare(&op, link0, buffer, sizeof buffer);
    bench_submit(&bench, &op, 1000);
    ck_assert_int_eq(bench_result(&op), 5);
    bench_submit(&bench, &op, 1000);
    ck_assert_int_eq(bench_result(&op), 0);
}
END_TEST

/* Operations. */

static int calls;

static void count_call(struct wm_op *op, int result, void *user)
{
    ck_assert_ptr_eq(user, op);
    ck_assert_int_eq(result, 0);
    calls++;
}

static int submit_counted(struct wm_op *op)
{
    return wm_core_submit(&bench.core, op, 0, count_call, op, bench.now_ms);
}

START_TEST(an_operation_is_the_driver_s_until_its_callback)
{
    struct wm_op op;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    calls = 0;
    wm_probe_prepare(&op);
    ck_assert_int_eq(submit_counted(&op), 0);
    ck_assert_int_eq(submit_counted(&op), WM_ERR_STATE);
    bench_expect(&bench, "AT\r\n");
    ck_assert_int_eq(submit_counted(&op), WM_ERR_STATE);
    bench_module(&bench, "OK\r\n");
    ck_assert(wm_op_ended(&op));
    ck_assert_int_eq(submit_counted(&op), WM_ERR_STATE);
    wm_core_cancel(&bench.core, &op);
    wm_core_dispatch(&bench.core, NULL, NULL);
    ck_assert_int_eq(calls, 1);
    ck_assert_int_eq(submit_counted(&op), 0);
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "OK\r\n");
    wm_core_dispatch(&bench.core, NULL, NULL);
    ck_assert_int_eq(calls, 2);
}
END_TEST

/* Events of a restart. */

static int next_event(void)
{
    struct wm_event event;
    return wm_core_next_event(&bench.core, &event) ? (int)event.kind : -1;
}

/* A link of the module's beyond those that have memory is a foreign one. */
START_TEST(a_core_with_one_link)
{
    struct wm_tcp_options options = {.host = "192.168.1.9", .port = 8080};
    struct wm_op op;
    bench_start_links(&bench, 1, WM_RECEIVE_PASSIVE, WM_RING_MIN, 1);
    bench_answer_search(&bench);
    bench_answer_profile(&bench);
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPMUX?\r\n");
    bench_module(&bench, "+CIPMUX:1\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSTATE?\r\n");
    bench_module(&bench, "+CIPSTATE:3,\"TCP\",\"192.168.1.9\",80,50001,0\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSERVER=0,1\r\n");
    bench_module(&bench, "ERROR\r\n");
    bench_expect(&bench, "AT+CIPCLOSE=3\r\n");
    bench_module(&bench, "3,CLOSED\r\n\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPRECVMODE=1\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPDINFO=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CWSTATE?\r\n");
    bench_module(&bench, "+CWSTATE:0,\"\"\r\nOK\r\n");
    link0 = bench_connect(&bench);
    bench_module(&bench, "4,CLOSED\r\n+IPD,4,10\r\n");
    ck_assert_int_eq(link_state_now(), WM_LINK_OPEN);
    ck_assert_int_eq(wm_tcp_connect_prepare(&op, &options), 0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(bench_result(&op), WM_ERR_STATE);
    ck_assert_int_eq(wm_core_link_info(&bench.core, link0 + 1, &(struct wm_link_info){0}),
                     WM_ERR_ARG);
}
END_TEST

START_TEST(memory_that_does_not_do_is_refused)
{
    struct wm_core core;
    struct wm_core_config good = {
        .links = bench.links, .link_count = 2, .rings = bench.rings, .ring_bytes = WM_RING_MIN};
    struct wm_core_config bad[4] = {good, good, good, good};
    bad[0].links = NULL;
    bad[1].rings = NULL;
    bad[2].ring_bytes--;
    bad[3].link_count = WM_LINK_SLOTS + 1;
    ck_assert_int_eq(wm_core_init(&core, &good, 0), 0);
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(wm_core_init(&core, &bad[i], 0), WM_ERR_ARG);
}
END_TEST

START_TEST(a_restart_takes_back_what_was_not_told)
{
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    bench_module(&bench, "WIFI GOT IP\r\nready\r\n");
    ck_assert_int_eq(next_event(), WM_EVENT_RESET);
    ck_assert_int_eq(next_event(), -1);
    bench_pass(&bench, 20000);
    bench.sent_len = 0;
    bench_module(&bench, "ready\r\n");
    bench_answer_search(&bench);
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    ck_assert_int_eq(next_event(),
                     WM_EVENT_READY); /* nothing was set up that a second one could end */
    ck_assert_int_eq(next_event(), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("core");
    TCase *tc = tcase_create("core");
    tcase_add_test(tc, held_up_input_loses_nothing);
    tcase_add_test(tc, held_up_input_is_no_silence);
    tcase_add_test(tc, held_up_input_and_a_link_to_close);
    tcase_add_test(tc, a_failed_link_holds_nothing_up);
    tcase_add_test(tc, a_command_that_nobody_wants_is_not_sent);
    tcase_add_test(tc, who_is_cancelled_makes_room);
    tcase_add_test(tc, who_waits_in_vain_finds_no_older_words);
    tcase_add_test(tc, a_search_in_mid_frame_fails_the_link);
    tcase_add_test(tc, a_search_in_mid_header_loses_nothing);
    tcase_add_loop_test(tc, a_search_that_hears_a_damaged_header_fails_the_link, 0, 4);
    tcase_add_test(tc, a_frame_that_takes_the_answers_is_given_up);
    tcase_add_loop_test(tc, active_data_that_is_only_announced_is_a_loss, 0, 2);
    tcase_add_test(tc, bytes_from_before_the_loss_are_delivered);
    tcase_add_test(tc, the_end_of_file_outlives_the_port);
    tcase_add_test(tc, an_operation_is_the_driver_s_until_its_callback);
    tcase_add_test(tc, a_restart_takes_back_what_was_not_told);
    tcase_add_test(tc, a_core_with_one_link);
    tcase_add_test(tc, memory_that_does_not_do_is_refused);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
