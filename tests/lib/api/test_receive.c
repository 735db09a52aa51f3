/* Receiving (TCP-IP_AT: CIPRECVMODE, CIPRECVDATA, CIPRECVLEN; framework: +IPD by mode). Golden
 * bytes; most cases run with the module's bytes whole and one at a time. */
#include <string.h>

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

int main(void)
{
    Suite *suite = suite_create("receive");
    TCase *tc = tcase_create("receive");
    tcase_add_loop_test(tc, passive_data_is_fetched, 0, 2);
    tcase_add_loop_test(tc, only_what_the_ring_can_hold_is_asked_for, 0, 2);
    tcase_add_loop_test(tc, a_full_window_is_followed_by_the_rest, 0, 2);
    tcase_add_test(tc, an_empty_read_is_no_failure);
    tcase_add_test(tc, idle_links_are_asked_for_forgotten_data);
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
    tcase_add_loop_test(tc, frames_without_a_trailer, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
