/* Receiving (TCP-IP_AT: CIPRECVMODE, CIPRECVDATA, CIPRECVLEN; framework: +IPD by mode). Golden
 * bytes; most cases run with the module's bytes whole and one at a time. */
#include <stdio.h>
#include <string.h>

#include <wmat/address.h>

#include "dialogue.h"

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

/* A link that always has something to read does not keep the others from being asked. */
START_TEST(a_busy_link_does_not_stall_another)
{
    char got[64], line[32];
    open_passive(0);
    bench.core.config.idle_poll_ms = 1000;
    bench.core.ask_at_ms = bench.now_ms + 1000;
    bench_module(&bench, "+IPD,0,5\r\n");
    for (int i = 0; i < 20; i++) {
        snprintf(line, sizeof line, "AT+CIPRECVDATA=0,%d\r\n", i == 0 ? 4096 : 4091);
        bench_expect(&bench, line);
        bench_pass(&bench, 100);
        read_link(link0, got, sizeof got);
        bench_module(&bench, "+CIPRECVDATA:5,hello\r\nOK\r\n+IPD,0,5\r\n");
    }
    bench_expect(&bench, "AT+CIPRECVLEN?\r\n");
}
END_TEST

/* 5760 bytes take 6 s at 9600 baud: as long as they come, they are waited for. */
START_TEST(a_read_may_take_longer_than_its_deadline)
{
    char got[5760];
    bench_open(&bench, WM_RECEIVE_PASSIVE, 8192, 0);
    link0 = bench_connect(&bench);
    bench.core.ask_at_ms = WM_NO_DEADLINE;
    bench_module(&bench, "+IPD,0,5760\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,5760\r\n");
    bench_module(&bench, "+CIPRECVDATA:5760,");
    for (int i = 0; i < 5760; i += 96) {
        bench_pass(&bench, 100);
        bench_module_bytes(&bench, memset(got, 'x', 96), 96);
    }
    bench_module(&bench, "\r\nOK\r\n");
    ck_assert_int_eq(read_link(link0, got, sizeof got), 5760);
    ck_assert_int_eq(state_of(link0), WM_LINK_OPEN);
}
END_TEST

/* An answer that can't be read is no payload that was taken for lines: its call fails, no link. */
START_TEST(a_damaged_answer_fails_its_call_alone)
{
    struct wm_op op;
    struct wm_addresses addresses;
    open_active(_i, 4096);
    wm_addresses_prepare(&op, &addresses);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIFSR\r\n");
    bench_module(&bench, "+CIFSR:STAIP,\"10.0.0.1/24\"\r\nOK\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_PROTO);
    ck_assert_int_eq(state_of(link0), WM_LINK_OPEN);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 0);
    bench_module(&bench, "+IPD,0,5:hello\r\n");
    expect_read("hello");
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

/* A CLOSED that was lost: the module has no such link any more, so its field is empty; or it came
 * as something else. */
START_TEST(a_lost_closed_fails_the_link)
{
    open_passive(0);
    if (_i == 0) {
        bench.core.config.idle_poll_ms = 1000;
        bench.core.ask_at_ms = bench.now_ms;
        bench_expect(&bench, "AT+CIPRECVLEN?\r\n");
        bench_module(&bench, "+CIPRECVLEN:,,,,\r\nOK\r\n");
    } else {
        bench_module(&bench, "0,LOSED\r\n");
    }
    bench_answer_checkup(&bench, WM_RECEIVE_PASSIVE, "");
    ck_assert_int_eq(read_link(link0, (char[1]){0}, 1), WM_ERR_PROTO);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 1);
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

/* Four bytes are lost, and what follows completes the frame as if nothing had happened: only the OK
 * is missing. The same where the module restarts, and says so in the middle of a frame. */
static const char *const completed[] = {
    "+CIPRECVDATA:14,0123456789\r\nOK\r\n",
    "+CIPRECVDATA:14,012345678ready\r\nWIFI CONNECTED\r\n",
};

START_TEST(a_read_counts_when_its_ok_has_come)
{
    char buffer[32];
    open_passive(_i % 2);
    bench_module(&bench, "+IPD,0,14\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    bench_module(&bench, completed[_i / 2]);
    ck_assert_int_eq(read_link(link0, buffer, sizeof buffer), WM_ERR_TIMEOUT);
    bench_pass(&bench, 5000);
    ck_assert_int_eq(read_link(link0, buffer, sizeof buffer), WM_ERR_PROTO);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 1);
    bench_answer_search(&bench);
}
END_TEST

/* Nobody knows what has left the module: a read whose answer does not come, comes twice, or is
 * followed by ERROR. */
static const char *const doubtful[] = {
    "",
    "+CIPRECVDATA:2,ab\r\n+CIPRECVDATA:2,ab\r\nOK\r\n",
    "+CIPRECVDATA:2,ab\r\nERROR\r\n",
};

START_TEST(a_read_in_doubt_fails_the_link)
{
    char buffer[32];
    open_passive(_i % 2);
    bench_module(&bench, "+IPD,0,2\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    bench_module(&bench, doubtful[_i / 2]);
    bench_pass(&bench, 5000);
    ck_assert_int_eq(read_link(link0, buffer, sizeof buffer), WM_ERR_PROTO);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 1);
}
END_TEST

/* The line hangs in front of the CR LF, of which frames of this stream are known to have one. */
START_TEST(a_late_trailer_is_no_loss)
{
    if (_i == 0) {
        open_passive(0);
        bench_module(&bench, "+IPD,0,5\r\n");
        bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
        bench_module(&bench, "+CIPRECVDATA:5,hello");
    } else {
        open_active(0, 4096);
        bench_module(&bench, "+IPD,0,3:hel\r\n+IPD,0,2:lo");
    }
    bench_pass(&bench, 2900);
    bench_module(&bench, _i ? "\r\n" : "\r\nOK\r\n");
    expect_read("hello");
    ck_assert_int_eq(state_of(link0), WM_LINK_OPEN);
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

/* A call that waits with a large buffer gets its bytes without the ring. */

static char direct[4096];

static void wait_direct(struct wm_op *op, size_t cap)
{
    memset(direct, '-', sizeof direct);
    ck_assert_int_eq(wm_recv_prepare(op, link0, direct, cap), 0);
    bench_submit(&bench, op, 1000);
    ck_assert(!wm_op_ended(op));
}

START_TEST(bytes_come_straight_into_the_buffer)
{
    struct wm_op op;
    open_active(_i, 4096);
    wait_direct(&op, sizeof direct);
    bench_module(&bench, "+IPD,0,5:hel");
    ck_assert_int_eq(memcmp(direct, "hel-", 4), 0); /* there, and not yet told */
    ck_assert(!wm_op_ended(&op));
    bench_module(&bench, "lo\r\n");
    ck_assert_int_eq(result_of(&op), 5);
    ck_assert_int_eq(memcmp(direct, "hello-", 6), 0);
    bench_module(&bench, "+IPD,0,1:x\r\n");
    expect_read("x");
}
END_TEST

START_TEST(a_passive_read_asks_for_what_the_buffer_holds)
{
    struct wm_op op;
    open_passive(_i);
    wait_direct(&op, 3000);
    bench_module(&bench, "+IPD,0,5000\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,3000\r\n");
    bench_module(&bench, "+CIPRECVDATA:5,hello\r\nOK\r\n");
    ck_assert_int_eq(result_of(&op), 5);
    ck_assert_int_eq(memcmp(direct, "hello-", 6), 0);
}
END_TEST

/* What the call does not take stays: the begin of a frame, and what came behind the first one. */
START_TEST(a_call_that_ends_in_mid_frame)
{
    struct wm_op op;
    open_active(0, 4096);
    wait_direct(&op, sizeof direct);
    bench_module(&bench, "+IPD,0,8:half a");
    if (_i == 0)
        wm_core_cancel(&bench.core, &op);
    else
        bench_pass(&bench, 1001);
    ck_assert_int_eq(result_of(&op), _i == 0 ? WM_ERR_CANCELLED : WM_ERR_TIMEOUT);
    ck_assert_int_eq(read_link(link0, direct, sizeof direct), WM_ERR_TIMEOUT);
    bench_module(&bench, " n\r\n");
    expect_read("half a n");
}
END_TEST

START_TEST(frames_behind_the_first_one)
{
    struct wm_op op;
    open_active(0, 4096);
    wait_direct(&op, sizeof direct);
    bench_module(&bench, "+IPD,0,3:abc\r\n+IPD,0,3:def\r\n+IPD,0,3:gh");
    ck_assert_int_eq(result_of(&op), 6);
    ck_assert_int_eq(memcmp(direct, "abcdef", 6), 0);
    bench_module(&bench, "i\r\n");
    expect_read("ghi");
}
END_TEST

/* A frame that came up short was never told. */
START_TEST(a_short_frame_is_no_result)
{
    struct wm_op op;
    open_active(0, 4096);
    bench_module(&bench, "+IPD,0,1:x\r\n"); /* so frames have a trailer here */
    expect_read("x");
    wait_direct(&op, sizeof direct);
    bench_module(&bench, "+IPD,0,5:hell\r\nOK\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_PROTO);
}
END_TEST

START_TEST(a_buffer_smaller_than_the_frame)
{
    static char frame[4000];
    struct wm_op op;
    open_active(0, 4096);
    wait_direct(&op, 2048);
    memset(frame, 'f', sizeof frame);
    memcpy(frame, "+IPD,0,2920:", 12);
    memcpy(frame + 12 + 2920, "\r\n", 2);
    size_t len = 12 + 2920 + 2;
    size_t used = wm_core_feed(&bench.core, frame, len, bench.now_ms);
    ck_assert_int_eq(result_of(&op), 2048);
    ck_assert_uint_eq(wm_core_feed(&bench.core, frame + used, len - used, bench.now_ms),
                      len - used);
    ck_assert_int_eq(read_link(link0, direct, sizeof direct), 2920 - 2048);
}
END_TEST

START_TEST(two_calls_wait)
{
    static char other[4096];
    struct wm_op first, second;
    open_active(0, 4096);
    wait_direct(&first, sizeof direct);
    wm_recv_prepare(&second, link0, other, sizeof other);
    bench_submit(&bench, &second, 1000);
    ck_assert_int_eq(read_link(link0, other, sizeof other), WM_ERR_TIMEOUT);
    bench_module(&bench, "+IPD,0,3:abc\r\n");
    ck_assert_int_eq(result_of(&first), 3);
    bench_module(&bench, "+IPD,0,3:def\r\n");
    ck_assert_int_eq(result_of(&second), 3);
    ck_assert_int_eq(memcmp(other, "def", 3), 0);
}
END_TEST

/* The end of file is not told before the byte that another call is about to take. */
START_TEST(the_end_waits_for_the_other_call)
{
    char small[1];
    struct wm_op first, second;
    open_active(0, 4096);
    wm_recv_prepare(&first, link0, small, 1);
    bench_submit(&bench, &first, 1000);
    wait_direct(&second, sizeof direct);
    bench_module(&bench, "+IPD,0,3:abc\r\n0,CLOSED\r\n");
    ck_assert_int_eq(result_of(&second), 3);
    ck_assert_int_eq(result_of(&first), 0);
}
END_TEST

/* The link is given back, and its place taken anew, while a call waits with its buffer. */
START_TEST(a_link_that_goes_while_a_call_waits)
{
    struct wm_op op, close;
    open_active(0, 4096);
    wait_direct(&op, sizeof direct);
    bench_module(&bench, "+IPD,0,9:half");
    wm_link_close_prepare(&close, link0);
    bench_submit(&bench, &close, 0);
    bench_module(&bench, " and \r\n");
    bench_expect(&bench, "AT+CIPCLOSE=0\r\n");
    bench_module(&bench, "0,CLOSED\r\n\r\nOK\r\n");
    ck_assert_int_ne(op.result, 0);
    link0 = bench_connect(&bench);
    bench_module(&bench, "+IPD,0,3:new\r\n");
    expect_read("new");
}
END_TEST

/* Bytes that are lent stay where they are until they are consumed. */
START_TEST(bytes_are_lent)
{
    const void *bytes, *again;
    struct wm_op op;
    open_active(0, 256);
    wm_peek_prepare(&op, link0, &bytes);
    bench_submit(&bench, &op, 1000);
    bench_module(&bench, "+IPD,0,5:hello\r\n");
    ck_assert_int_eq(result_of(&op), 5);
    ck_assert_int_eq(memcmp(bytes, "hello", 5), 0);
    bench_module(&bench, "+IPD,0,1:!\r\n");
    ck_assert_int_eq(wm_core_peek(&bench.core, link0, &again), 6);
    ck_assert_ptr_eq(bytes, again);
    ck_assert_int_eq(wm_core_consume(&bench.core, link0, 7, bench.now_ms), WM_ERR_ARG);
    ck_assert_int_eq(wm_core_consume(&bench.core, link0, 4, bench.now_ms), 0);
    expect_read("o!");
    ck_assert_int_eq(wm_core_peek(&bench.core, link0, &again), WM_ERR_TIMEOUT);
    bench_module(&bench, "0,CLOSED\r\n");
    ck_assert_int_eq(wm_core_peek(&bench.core, link0, &again), 0);
    ck_assert_int_eq(wm_peek_prepare(&op, link0, NULL), WM_ERR_ARG);
    ck_assert_int_eq(wm_core_peek(&bench.core, 7, &again), WM_ERR_ARG);
}
END_TEST

/* A ring's end is a seam: what stands behind it is lent next. Consuming lets the input go on. */
START_TEST(lending_across_the_seam)
{
    char frame[300];
    const void *bytes;
    open_active(0, 256);
    memset(frame, 'a', sizeof frame);
    memcpy(frame, "+IPD,0,200:", 11);
    memcpy(frame + 211, "\r\n", 2);
    bench_module_bytes(&bench, frame, 213);
    ck_assert_int_eq(wm_core_peek(&bench.core, link0, &bytes), 200);
    ck_assert_int_eq(wm_core_consume(&bench.core, link0, 150, bench.now_ms), 0);
    size_t used = wm_core_feed(&bench.core, frame, 213, bench.now_ms);
    ck_assert_int_eq(wm_core_peek(&bench.core, link0, &bytes), 106);
    ck_assert_int_eq(wm_core_consume(&bench.core, link0, 106, bench.now_ms), 0);
    wm_core_feed(&bench.core, frame + used, 213 - used, bench.now_ms);
    ck_assert_int_eq(wm_core_peek(&bench.core, link0, &bytes), 144);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("receive");
    TCase *tc = tcase_create("receive");
    tcase_add_loop_test(tc, passive_data_is_fetched, 0, 2);
    tcase_add_loop_test(tc, only_what_the_ring_can_hold_is_asked_for, 0, 2);
    tcase_add_loop_test(tc, a_full_window_is_followed_by_the_rest, 0, 2);
    tcase_add_test(tc, an_empty_read_is_no_failure);
    tcase_add_test(tc, idle_links_are_asked_for_forgotten_data);
    tcase_add_test(tc, a_busy_link_does_not_stall_another);
    tcase_add_test(tc, a_read_may_take_longer_than_its_deadline);
    tcase_add_loop_test(tc, a_damaged_answer_fails_its_call_alone, 0, 2);
    tcase_add_loop_test(tc, the_end_of_file_comes_after_the_last_byte, 0, 2);
    tcase_add_loop_test(tc, closed_behind_the_last_read, 0, 2);
    tcase_add_loop_test(tc, a_lost_closed_fails_the_link, 0, 2);
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
    tcase_add_loop_test(tc, a_read_counts_when_its_ok_has_come, 0,
                        2 * sizeof completed / sizeof completed[0]);
    tcase_add_loop_test(tc, a_read_in_doubt_fails_the_link, 0,
                        2 * sizeof doubtful / sizeof doubtful[0]);
    tcase_add_loop_test(tc, a_late_trailer_is_no_loss, 0, 2);
    tcase_add_loop_test(tc, frames_without_a_trailer, 0, 2);
    tcase_add_loop_test(tc, bytes_come_straight_into_the_buffer, 0, 2);
    tcase_add_loop_test(tc, a_passive_read_asks_for_what_the_buffer_holds, 0, 2);
    tcase_add_loop_test(tc, a_call_that_ends_in_mid_frame, 0, 2);
    tcase_add_test(tc, frames_behind_the_first_one);
    tcase_add_test(tc, a_short_frame_is_no_result);
    tcase_add_test(tc, a_buffer_smaller_than_the_frame);
    tcase_add_test(tc, two_calls_wait);
    tcase_add_test(tc, the_end_waits_for_the_other_call);
    tcase_add_test(tc, a_link_that_goes_while_a_call_waits);
    tcase_add_test(tc, bytes_are_lent);
    tcase_add_test(tc, lending_across_the_seam);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
