/* The same as test_pace against w800-sim --baud B, a process of its own on a pty: real time on a
 * machine that does other things as well, so the figures are printed and judge nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wmat/wmat.h>

#include "peer.h"
#include "sim.h"
#include "suite.h"

static const unsigned bauds[] = {115200, 921600, 2000000};

static struct sim sim;
static struct wm_device *dev;
static unsigned char data[64 * 1024];

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void print(const char *name, unsigned baud, size_t bytes, double start_s, double best)
{
    double share = (double)bytes * 10 / baud / (now_s() - start_s) * 100 / (best / 100);
    printf("{\"name\": \"%s at %u baud, w800-sim\", \"value\": %.2f, \"unit\": \"%% of the best\", "
           "\"limit\": null, \"peer\": null, \"floor\": null}\n",
           name, baud, share);
    fflush(stdout);
}

/* About two seconds of the line. */
static size_t amount(unsigned baud)
{
    return baud / 5;
}

static int open_link(unsigned baud, enum wm_receive receive, unsigned port)
{
    char rate[16];
    const char *const args[] = {"--join", "wmat", "--baud", rate, "--flow", "rtscts", NULL};
    snprintf(rate, sizeof rate, "%u", baud);
    sim_start(&sim, args);
    struct wm_config config = {
        .port = sim.path,
        .options = {.baud = baud, .flow = WM_FLOW_RTSCTS},
        .receive = receive,
    };
    ck_assert_int_eq(wm_open(&dev, &config), 0);
    int link = wm_tcp_connect(dev, &(struct wm_tcp_options){.host = "127.0.0.1", .port = port}, 0);
    ck_assert_int_gt(link, 0);
    return link;
}

static void close_all(int link, struct peer *peer)
{
    wm_link_close(dev, link, 0);
    peer_join(peer);
    wm_close(dev);
    sim_stop(&sim);
}

static void receive(unsigned baud, enum wm_receive mode, const char *name, double best)
{
    struct peer peer;
    size_t left = amount(baud);
    peer_start(&peer, &(struct peer_plan){.send_bytes = left, .expect_bytes = UINT64_MAX});
    int link = open_link(baud, mode, peer.port);
    double start_s = now_s();
    while (left > 0) {
        int n = wm_recv(dev, link, data, sizeof data, 10000);
        ck_assert_int_gt(n, 0);
        left -= (size_t)n;
    }
    print(name, baud, amount(baud), start_s, best);
    close_all(link, &peer);
}

START_TEST(active_receive)
{
    receive(bauds[_i], WM_RECEIVE_ACTIVE, "active receive", 99.6);
}
END_TEST

START_TEST(passive_receive)
{
    receive(bauds[_i], WM_RECEIVE_PASSIVE, "passive receive", 99.0);
}
END_TEST

START_TEST(send)
{
    struct peer peer;
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX});
    int link = open_link(bauds[_i], WM_RECEIVE_PASSIVE, peer.port);
    double start_s = now_s();
    for (size_t left = amount(bauds[_i]); left > 0;) {
        size_t n = left < sizeof data ? left : sizeof data;
        ck_assert_int_eq(wm_send(dev, link, data, n, 60000), (int)n);
        left -= n;
    }
    print("send", bauds[_i], amount(bauds[_i]), start_s, 99.4);
    close_all(link, &peer);
}
END_TEST

int main(void)
{
    int rates = sizeof bauds / sizeof bauds[0];
    Suite *suite = suite_create("sim_pace");
    TCase *tc = tcase_create("sim_pace");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, active_receive, 0, rates);
    tcase_add_loop_test(tc, passive_receive, 0, rates);
    tcase_add_loop_test(tc, send, 0, rates);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
