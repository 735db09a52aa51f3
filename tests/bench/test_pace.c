/* How much of a serial line a transfer uses, on virtual time: the driver's core against the
 * firmware, as a share of the best that the protocol allows. Prints its figures as JSON, a line
 * each. */
#include <stdio.h>
#include <string.h>

#include <wmat/link.h>
#include <wmat/stream.h>
#include <wmat/tcp.h>

#include "paced.h"
#include "suite.h"

#define BYTES                                                                                      \
    204800 /* whole blocks of 512: the module sends a part of one after 30 ms (spec: CIPMODE) */

static const unsigned bauds[] = {115200, 921600, 2000000};

static struct paced paced;
static unsigned char data[BYTES];
static size_t received;

static void fill(void)
{
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)((i * 31 + i / 251) % 255 + 1); /* some modules lose zeros */
}

static void read_all(struct paced *wire, int link)
{
    static unsigned char got[PACED_RING];
    int n;
    while ((n = wm_core_read(&wire->core, link, got, sizeof got, wire->now_ns / 1000000)) > 0) {
        ck_assert_int_eq(memcmp(got, data + received, (size_t)n), 0);
        received += (size_t)n;
    }
}

/* best: the share of the line that the protocol leaves to payload; at_least: what of that is
 * wanted. Both in percent. */
static void judge(const char *name, unsigned baud, uint64_t start_ns, double best, double at_least)
{
    double line_ns = (double)BYTES * (double)paced.byte_ns;
    double share = 100 * line_ns / (double)(paced.now_ns - start_ns) / (best / 100);
    printf("{\"name\": \"%s at %u baud\", \"value\": %.2f, \"unit\": \"%% of the best\", "
           "\"limit\": %.0f, \"peer\": null, \"floor\": null}\n",
           name, baud, share, at_least);
    ck_assert_msg(share >= at_least, "%s at %u baud: %.2f %%", name, baud, share);
}

static struct wm_profile profile(void)
{
    struct wm_profile now;
    ck_assert_int_eq(wm_core_profile(&paced.core, &now), 0);
    return now;
}

static int connect_link(void)
{
    struct wm_tcp_options options = {.host = "10.0.0.1", .port = 80};
    struct wm_op op;
    wm_tcp_connect_prepare(&op, &options);
    int link = paced_run(&paced, &op);
    ck_assert_int_gt(link, 0);
    return link;
}

static void receive(unsigned baud, enum wm_receive mode, const char *name, double best,
                    double at_least)
{
    paced_start(&paced, baud, mode);
    connect_link();
    received = 0;
    paced.on_readable = read_all;
    uint64_t start_ns = paced.now_ns;
    fake_peer_send(fake_last_peer(&paced.fake), data, sizeof data);
    while (received < sizeof data)
        paced_step(&paced);
    judge(name, baud, start_ns, best, at_least);
    paced_stop(&paced);
}

START_TEST(active_receive)
{
    receive(bauds[_i], WM_RECEIVE_ACTIVE, "active receive", 99.6, 98);
}
END_TEST

/* A module that throws away what does not fit can't be read at full speed this way. */
START_TEST(passive_receive)
{
    paced_start(&paced, bauds[_i], WM_RECEIVE_PASSIVE);
    bool discards = profile().passive_discards;
    paced_stop(&paced);
    if (discards)
        return;
    receive(bauds[_i], WM_RECEIVE_PASSIVE, "passive receive", 99.0, 97);
}
END_TEST

START_TEST(send)
{
    struct wm_op op;
    paced_start(&paced, bauds[_i], WM_RECEIVE_PASSIVE);
    int link = connect_link();
    uint64_t start_ns = paced.now_ns;
    wm_send_prepare(&op, link, data, sizeof data);
    ck_assert_int_eq(paced_run(&paced, &op), BYTES);
    if (profile().hand_over_bytes > 0) /* chunks of 5120 bytes, an echo and a rest behind each */
        judge("send", bauds[_i], start_ns, 100, bauds[_i] <= 921600 ? 90 : 80);
    else
        judge("send", bauds[_i], start_ns, 99.4, 97);
    paced_stop(&paced);
}
END_TEST

static int open_stream(void)
{
    struct wm_stream_options options = {.host = "10.0.0.1", .port = 80};
    struct wm_op op;
    wm_stream_open_prepare(&op, &options);
    int stream = paced_run(&paced, &op);
    ck_assert_int_gt(stream, 0);
    return stream;
}

START_TEST(stream_write)
{
    struct wm_op op;
    paced_start(&paced, bauds[_i], WM_RECEIVE_PASSIVE);
    int stream = open_stream();
    const struct fake_peer *peer = fake_last_peer(&paced.fake);
    uint64_t start_ns = paced.now_ns;
    wm_stream_write_prepare(&op, stream, data, sizeof data);
    ck_assert_int_eq(paced_run(&paced, &op), BYTES);
    while (peer->received.len < sizeof data)
        paced_step(&paced);
    ck_assert_int_eq(memcmp(peer->received.data, data, sizeof data), 0);
    judge("stream write", bauds[_i], start_ns, 100, 98);
    paced_stop(&paced);
}
END_TEST

START_TEST(stream_read)
{
    paced_start(&paced, bauds[_i], WM_RECEIVE_PASSIVE);
    open_stream();
    received = 0;
    paced.on_readable = read_all;
    uint64_t start_ns = paced.now_ns;
    fake_peer_send(fake_last_peer(&paced.fake), data, sizeof data);
    while (received < sizeof data)
        paced_step(&paced);
    judge("stream read", bauds[_i], start_ns, 100, 98);
    paced_stop(&paced);
}
END_TEST

int main(void)
{
    int rates = sizeof bauds / sizeof bauds[0];
    Suite *suite = suite_create("pace");
    TCase *tc = tcase_create("pace");
    fill();
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, active_receive, 0, rates);
    tcase_add_loop_test(tc, passive_receive, 0, rates);
    tcase_add_loop_test(tc, send, 0, rates);
    tcase_add_loop_test(tc, stream_write, 0, rates);
    tcase_add_loop_test(tc, stream_read, 0, rates);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
