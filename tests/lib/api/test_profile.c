/* What the driver finds out about a module (device_dialect, section 13), and what it does otherwise
 * then. Golden bytes; most cases run with the module's bytes whole and one at a time. */
#include <stdio.h>
#include <string.h>

#include <wmat/profile.h>
#include <wmat/server.h>
#include <wmat/tls.h>
#include <wmat/udp.h>

#include "dialogue.h"

/* A command that comes back in front of its answer (device_dialect, section 1). */
static void echoed(const char *command, const char *answer)
{
    bench_expect(&bench, command);
    bench_module(&bench, command);
    bench_module(&bench, "\r\n");
    bench_module(&bench, answer);
}

static void start(enum wm_receive receive, int piece)
{
    bench_start(&bench, receive, 8192, (size_t)piece);
    bench_expect(&bench, "+++");
    bench_expect(&bench, "\r\n");
}

static void set_up(enum wm_receive receive)
{
    echoed("AT+CIPMODE=0\r\n", "OK\r\n");
    echoed("AT+CIPMUX?\r\n", "+CIPMUX:0\r\nOK\r\n");
    echoed("AT+CIPSTATE?\r\n", "OK\r\n");
    echoed("AT+CIPMUX=1\r\n", "OK\r\n");
    echoed(receive == WM_RECEIVE_ACTIVE ? "AT+CIPRECVMODE=0\r\n" : "AT+CIPRECVMODE=1\r\n",
           "OK\r\n");
    echoed("AT+CIPDINFO=0\r\n", "OK\r\n");
    echoed("AT+CWSTATE?\r\n", "+CWSTATE:2,\"x\"\r\nOK\r\n");
    ck_assert(wm_core_ready(&bench.core));
}

static void open_shipping(enum wm_receive receive, int piece)
{
    start(receive, piece);
    echoed("AT\r\n", "OK\r\n");
    echoed("AT+SYSSTORE?\r\n", "+SYSSTORE::1\r\nOK\r\n");
    set_up(receive);
}

static struct wm_profile profile_now(void)
{
    struct wm_profile profile;
    ck_assert_int_eq(wm_core_profile(&bench.core, &profile), 0);
    return profile;
}

START_TEST(a_module_that_follows_its_manual)
{
    struct wm_profile profile;
    bench_start(&bench, WM_RECEIVE_PASSIVE, 4096, (size_t)_i);
    ck_assert_int_eq(wm_core_profile(&bench.core, &profile), WM_ERR_STATE);
    bench_answer_search(&bench);
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    profile = profile_now();
    ck_assert(!profile.echo && !profile.zeros_lost && !profile.stream_framed);
    ck_assert_uint_eq(profile.hand_over_bytes, 0);
    ck_assert_uint_eq(profile.tls_links, 5);
    ck_assert_uint_eq(profile.frame_max, 2920);
}
END_TEST

START_TEST(a_shipping_module)
{
    open_shipping(WM_RECEIVE_PASSIVE, _i);
    struct wm_profile profile = profile_now();
    ck_assert(profile.echo && profile.one_a_burst && profile.busy_queues && profile.zeros_lost);
    ck_assert(profile.passive_discards && profile.stream_framed && profile.send_leftover);
    ck_assert_uint_eq(profile.hand_over_gap_ms, 30);
    ck_assert_uint_eq(profile.hand_over_bytes, 1024);
    ck_assert_uint_eq(profile.tls_links, 1);
    ck_assert_uint_eq(profile.frame_max, 5760);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->noise, 0);
}
END_TEST

/* Newer ones may echo less (device_dialect, head): each of the two signs is enough. */
/* A peer of a passthrough that was found on says what it got: that is no echo of the module's. */
START_TEST(an_echo_of_the_peer)
{
    start(WM_RECEIVE_PASSIVE, _i);
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "AT\r\n");
    bench_expect(&bench, "\r\n");
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "OK\r\n");
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    ck_assert(!profile_now().echo && !profile_now().zeros_lost);
}
END_TEST

START_TEST(one_of_its_signs)
{
    start(WM_RECEIVE_PASSIVE, 0);
    if (_i == 0) {
        bench_expect(&bench, "AT\r\n");
        bench_module(&bench, "OK\r\n");
        bench_expect(&bench, "AT+SYSSTORE?\r\n");
        bench_module(&bench, "+SYSSTORE::1\r\nOK\r\n");
    } else {
        echoed("AT\r\n", "OK\r\n");
        echoed("AT+SYSSTORE?\r\n", "ERROR\r\n");
    }
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
    struct wm_profile profile;
    wm_core_profile(&bench.core, &profile);
    ck_assert(profile.zeros_lost);
    ck_assert_int_eq(profile.echo, _i);
}
END_TEST

/* Once for every restart. */
START_TEST(asked_again_after_a_restart)
{
    open_shipping(WM_RECEIVE_PASSIVE, 0);
    bench_module(&bench, "ready\r\n");
    bench_answer_search(&bench);
    bench_expect(&bench, "AT+SYSSTORE?\r\n");
    bench_module(&bench, "+SYSSTORE:1\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
    struct wm_profile profile;
    wm_core_profile(&bench.core, &profile);
    ck_assert(!profile.zeros_lost && !profile.echo);
}
END_TEST

/* A device that only attached looks as well; one that was told what to assume does not. */
START_TEST(forced)
{
    struct wm_core_config config = {.attach = _i == 1};
    if (_i == 0)
        config.profile = &wm_profile_shipping;
    memset(&bench, 0, sizeof bench);
    ck_assert_int_eq(wm_core_init(&bench.core, &config, 0), 0);
    bench_answer_search(&bench);
    if (_i == 1) {
        echoed("AT+SYSSTORE?\r\n", "+SYSSTORE::1\r\nOK\r\n");
        bench_silence(&bench, 100);
        ck_assert(wm_core_ready(&bench.core));
    } else {
        bench_expect(&bench, "AT+CIPMODE=0\r\n");
    }
    ck_assert(profile_now().zeros_lost);
}
END_TEST

/* Sending (device_dialect, section 4). */

static unsigned char data[12000];

static int open_link(enum wm_receive receive)
{
    struct wm_tcp_options options = {.host = "127.0.0.1", .port = 7};
    struct wm_op op;
    open_shipping(receive, 0);
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    echoed("AT+CIPSTART=0,\"TCP\",\"127.0.0.1\",7\r\n", "0,CONNECT\r\nOK\r\n");
    return link0 = result_of(&op);
}

static void start_send(struct wm_op *op, size_t len)
{
    wm_send_prepare(op, link0, data, len);
    bench_submit(&bench, op, 0);
}

static void expect_chunk(const char *command, size_t at, size_t len)
{
    echoed(command, "OK\r\n>\r\n");
    bench_expect_bytes(&bench, data + at, len);
    bench_module(&bench, "SEND OK\r\n");
}

/* The last hand-over of a full chunk comes by its 1024 bytes, not by 30 ms of silence; behind SEND
 * OK the module needs a moment. */
START_TEST(chunks_of_5120_bytes)
{
    struct wm_op op;
    memset(data, 'd', sizeof data);
    open_link(WM_RECEIVE_PASSIVE);
    start_send(&op, 10245);
    expect_chunk("AT+CIPSEND=0,5120\r\n", 0, 5120);
    bench_silence(&bench, 1);
    ck_assert_uint_eq(wm_core_deadline(&bench.core), bench.now_ms + 1);
    expect_chunk("AT+CIPSEND=0,5120\r\n", 5120, 5120);
    expect_chunk("AT+CIPSEND=0,5\r\n", 10240, 5);
    ck_assert_int_eq(result_of(&op), 10245);
}
END_TEST

/* A hand-over ends behind 1024 bytes, or up to 149 more, as reads of up to 150 bytes make it. What
 * is left is never +++. */
static const struct {
    size_t len, chunk; /* of a payload that ends in +++ */
} escapes[] = {
    {3, 1},       {4, 4},       {1026, 1026}, {1027, 1026}, {1053, 1052}, {1176, 1175},
    {1177, 1177}, {2050, 2050}, {2051, 2050}, {2349, 2348}, {2350, 2350}, {3075, 3074},
    {4099, 4098}, {4695, 4694}, {4696, 4696}, {5120, 5120},
};

START_TEST(no_hand_over_of_three_pluses)
{
    struct wm_op op;
    char command[32];
    size_t len = escapes[_i].len, chunk = escapes[_i].chunk;
    memset(data, 'd', sizeof data);
    memcpy(data + len - 3, "+++", 3);
    open_link(WM_RECEIVE_PASSIVE);
    start_send(&op, len);
    snprintf(command, sizeof command, "AT+CIPSEND=0,%u\r\n", (unsigned)chunk);
    expect_chunk(command, 0, chunk);
    if (chunk < len) {
        snprintf(command, sizeof command, "AT+CIPSEND=0,%u\r\n", (unsigned)(len - chunk));
        expect_chunk(command, chunk, len - chunk);
    }
    ck_assert_int_eq(result_of(&op), (int)len);
}
END_TEST

/* Nothing but pluses: whatever is cut off, none is lost, and no rest of a hand-over is +++. */
START_TEST(pluses_all_the_way)
{
    struct wm_op op;
    memset(data, '+', sizeof data);
    open_link(WM_RECEIVE_PASSIVE);
    start_send(&op, 1100);
    expect_chunk("AT+CIPSEND=0,1026\r\n", 0, 1026);
    expect_chunk("AT+CIPSEND=0,74\r\n", 1026, 74);
    ck_assert_int_eq(result_of(&op), 1100);
}
END_TEST

/* AT+CIPSENDL=? is OK without a usage text there, and the command ERROR (section 12). */
START_TEST(no_long_send)
{
    struct wm_op op;
    memset(data, 'd', sizeof data);
    open_link(WM_RECEIVE_PASSIVE);
    bench.core.config.long_send = &wm_long_send;
    start_send(&op, 6000);
    echoed("AT+CIPSENDL=?\r\n", "\r\nOK\r\n");
    expect_chunk("AT+CIPSEND=0,5120\r\n", 0, 5120);
    expect_chunk("AT+CIPSEND=0,880\r\n", 5120, 880);
    ck_assert_int_eq(result_of(&op), 6000);
}
END_TEST

/* Datagrams. */

static int open_datagrams(void)
{
    struct wm_udp_options options = {.host = "127.0.0.1", .port = 7};
    struct wm_op op;
    open_shipping(WM_RECEIVE_PASSIVE, 0);
    wm_udp_open_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    echoed("AT+CIPDINFO=1\r\n", "OK\r\n");
    echoed("AT+CIPSTART=0,\"UDP\",\"127.0.0.1\",7\r\n", "0,CONNECT\r\nOK\r\n");
    return link0 = result_of(&op);
}

/* Sections 4 and 5: one that ends in +++ goes out by CIPSENDEX, +++ and its \0 in one piece. */
START_TEST(a_datagram_that_ends_in_pluses)
{
    static const struct {
        const char *command;
        size_t len;
    } rows[] = {
        {"AT+CIPSENDEX=0,8\r\n", 3},
        {"AT+CIPSENDEX=0,13\r\n", 8},
        {"AT+CIPSENDEX=0,1058\r\n", 1053},
        {"AT+CIPSENDEX=0,1505\r\n", 1500},
    };
    struct wm_op op;
    size_t len = rows[_i].len;
    const void *out;
    memset(data, 'd', sizeof data);
    memcpy(data + len - 3, "+++", 3);
    open_datagrams();
    start_send(&op, len);
    bench_expect(&bench, rows[_i].command);
    wm_core_feed(&bench.core, "OK\r\n>\r\n", 7, bench.now_ms);
    for (size_t at = 0, n; at + 3 < len; at += n) {
        n = wm_core_output(&bench.core, &out, bench.now_ms);
        ck_assert(at + n <= len - 3 && memcmp(out, data + at, n) == 0);
        wm_core_sent(&bench.core, n, bench.now_ms);
    }
    ck_assert_uint_eq(wm_core_output(&bench.core, &out, bench.now_ms), 5);
    bench_expect(&bench, "+++\\0");
    bench_silence(&bench, 50);
    bench_module(&bench, "SEND OK\r\n");
    ck_assert_int_eq(result_of(&op), (int)len);
}
END_TEST

/* What CIPSENDEX can't carry: a \0, a zero byte in front of it, or no room for its own. */
START_TEST(a_datagram_that_can_not_be_sent)
{
    static const struct {
        size_t len, at;
        const char *what;
        size_t what_len;
    } rows[] = {
        {1053, 10, "\\0", 2}, {1053, 10, "\0", 1}, {1176, 10, "\\0", 2}, {1027, 0, "\0", 1}};
    struct wm_op op;
    char words[80];
    size_t len = rows[_i].len;
    memset(data, 'd', sizeof data);
    memcpy(data + rows[_i].at, rows[_i].what, rows[_i].what_len);
    memcpy(data + len - 3, "+++", 3);
    open_datagrams();
    start_send(&op, len);
    ck_assert_int_eq(result_of(&op), WM_ERR_ARG);
    ck_assert_ptr_nonnull(strstr(wm_core_detail(&bench.core, words, sizeof words), "+++"));
    bench_silence(&bench, 100);
    memmove(data + 20 - 3, "+++", 3); /* short enough, it is one hand-over */
    start_send(&op, 20);
    expect_chunk("AT+CIPSEND=0,20\r\n", 0, 20);
    ck_assert_int_eq(result_of(&op), 20);
}
END_TEST

/* Longer ones would become several (section 4). */
START_TEST(a_datagram_that_is_too_long)
{
    struct wm_op op;
    memset(data, 'd', sizeof data);
    open_datagrams();
    start_send(&op, 1501);
    ck_assert_int_eq(result_of(&op), WM_ERR_ARG);
    start_send(&op, 1500);
    expect_chunk("AT+CIPSEND=0,1500\r\n", 0, 1500);
    ck_assert_int_eq(result_of(&op), 1500);
}
END_TEST

/* A destination replaces the remote end of the link for good (section 4). */
START_TEST(a_destination_stays)
{
    struct wm_message to = {.data = "abcd", .len = 4, .host = "10.0.0.9", .port = 9};
    struct wm_op op;
    memset(data, 'd', sizeof data);
    open_datagrams();
    wm_sendto_prepare(&op, link0, &to);
    bench_submit(&bench, &op, 0);
    echoed("AT+CIPSEND=0,4,\"10.0.0.9\",9\r\n", "OK\r\n>\r\n");
    bench_expect(&bench, "abcd");
    bench_module(&bench, "SEND OK\r\n");
    ck_assert_int_eq(result_of(&op), 4);
    start_send(&op, 4);
    bench_pass(&bench, 5);
    ck_assert_int_eq(result_of(&op), WM_ERR_STATE);
    bench_silence(&bench, 100);
    wm_sendto_prepare(&op, link0, &to);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSEND=0,4,\"10.0.0.9\",9\r\n");
}
END_TEST

/* What a cancelled send leaves would stand in front of the next one (section 4). */
START_TEST(a_cancelled_datagram_gives_up_its_link)
{
    struct wm_op op;
    memset(data, 'd', sizeof data);
    open_datagrams();
    start_send(&op, 1400);
    echoed("AT+CIPSEND=0,1400\r\n", "OK\r\n>\r\n");
    wm_core_cancel(&bench.core, &op);
    ck_assert_int_eq(result_of(&op), WM_ERR_CANCELLED);
    ck_assert_int_eq(state_of(link0), WM_LINK_FAILED);
}
END_TEST

/* One TLS link in all (section 8). */
START_TEST(one_tls_link)
{
    struct wm_tls_options options = {.host = "h", .port = 443, .tls = {.auth = WM_TLS_NONE}};
    struct wm_op first, second;
    open_shipping(WM_RECEIVE_PASSIVE, 0);
    wm_tls_connect_prepare(&first, &options);
    bench_submit(&bench, &first, 0);
    wm_tls_connect_prepare(&second, &options);
    bench_submit(&bench, &second, 0);
    while (!wm_op_ended(&first)) {
        bool starts = memcmp(bench.sent, "AT+CIPSTART", 11) == 0;
        bench.sent_len = 0;
        bench_module(&bench, starts ? "0,CONNECT\r\nOK\r\n" : "OK\r\n");
    }
    ck_assert_int_gt(result_of(&first), 0);
    ck_assert_int_eq(result_of(&second), WM_ERR_STATE);
}
END_TEST

/* Row 20 of section 13: the idle time of clients is taken once the server is there. */
START_TEST(a_server_with_an_idle_time)
{
    struct wm_server_options options = {.port = 80, .max_clients = 2, .idle_timeout_s = 60};
    struct wm_op op;
    open_shipping(WM_RECEIVE_PASSIVE, 0);
    wm_server_start_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    echoed("AT+CIPSERVERMAXCONN=2\r\n", "OK\r\n");
    echoed("AT+CIPSERVER=1,80\r\n", "OK\r\n");
    echoed("AT+CIPSTO=60\r\n", "OK\r\n");
    ck_assert_int_eq(result_of(&op), 0);
}
END_TEST

/* Sections 11: empty names and keys are CMD PARSE ERR, so nothing is cleared. */
START_TEST(a_tls_link_to_an_address)
{
    struct wm_tls_options options = {.host = "10.0.0.1", .port = 443, .tls = {.auth = WM_TLS_NONE}};
    struct wm_op op;
    open_shipping(WM_RECEIVE_PASSIVE, 0);
    wm_tls_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    echoed("AT+CIPSSLCCONF=0,0\r\n", "OK\r\n");
    echoed("AT+CIPSSLCALPN=0,0\r\n", "OK\r\n");
    echoed("AT+CIPSTART=0,\"SSL\",\"10.0.0.1\",443\r\n", "0,CONNECT\r\nOK\r\n");
    ck_assert_int_gt(result_of(&op), 0);
}
END_TEST

int main(void)
{
    static const int pieces = 2; /* 0: whole, 1: a byte at a time */
    Suite *suite = suite_create("profile");
    TCase *tc = tcase_create("found out");
    tcase_add_loop_test(tc, a_module_that_follows_its_manual, 0, pieces);
    tcase_add_loop_test(tc, a_shipping_module, 0, pieces);
    tcase_add_loop_test(tc, an_echo_of_the_peer, 0, 2);
    tcase_add_loop_test(tc, one_of_its_signs, 0, 2);
    tcase_add_test(tc, asked_again_after_a_restart);
    tcase_add_loop_test(tc, forced, 0, 2);
    suite_add_tcase(suite, tc);
    tc = tcase_create("sending");
    tcase_add_test(tc, chunks_of_5120_bytes);
    tcase_add_loop_test(tc, no_hand_over_of_three_pluses, 0,
                        (int)(sizeof escapes / sizeof escapes[0]));
    tcase_add_test(tc, pluses_all_the_way);
    tcase_add_test(tc, no_long_send);
    tcase_add_loop_test(tc, a_datagram_that_ends_in_pluses, 0, 4);
    tcase_add_loop_test(tc, a_datagram_that_can_not_be_sent, 0, 4);
    tcase_add_test(tc, a_datagram_that_is_too_long);
    tcase_add_test(tc, a_destination_stays);
    tcase_add_test(tc, a_cancelled_datagram_gives_up_its_link);
    tcase_add_test(tc, one_tls_link);
    tcase_add_test(tc, a_server_with_an_idle_time);
    tcase_add_test(tc, a_tls_link_to_an_address);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
