/* Passthrough against a module with real sockets, and over a line as slow as a real one. */
#include <pthread.h>
#include <string.h>

#include <wmat/wmat.h>

#include "host.h"
#include "peer.h"
#include "suite.h"

#define SEED 7
#define RING (1 << 18) /* for a peer that talks before passthrough is on */

static struct host host;

static void open_module(const char *const *args)
{
    sim_start(&host.sim, args);
    host_open_device(&host, (struct wm_config){.port = host.sim.path, .ring_bytes = RING});
}

static int open_stream(uint16_t port)
{
    struct wm_stream_options options = {.host = "127.0.0.1", .port = port};
    int stream = wm_stream_open(host.dev, &options, 0);
    ck_assert_msg(stream > 0, "%s", wm_err_name(stream));
    return stream;
}

static void write_stream(int stream, size_t len)
{
    static unsigned char bytes[1 << 18];
    stream_bytes(SEED, 0, bytes, len);
    int n = wm_stream_write(host.dev, stream, bytes, len, 0);
    ck_assert_msg(n == (int)len, "%s", wm_err_name(n));
}

/* What the peer got is what was written, to the last byte, and no +++ behind it. */
static void check_peer(struct peer *peer, size_t len)
{
    unsigned char sha[32];
    peer_join(peer);
    stream_sha(SEED, len, sha);
    ck_assert_uint_eq(peer->received, len);
    ck_assert_int_eq(memcmp(peer->received_sha, sha, sizeof sha), 0);
}

enum { LEN = 200000 };

static void *write_all(void *arg)
{
    write_stream((int)(intptr_t)arg, LEN);
    return NULL;
}

/* Both ways at once, then links again on the same module. */
START_TEST(both_ways)
{
    static const char *const args[] = {"--join", "wmat", NULL};
    static unsigned char got[LEN], expected[LEN];
    struct peer peer, next;
    pthread_t writer;
    size_t at = 0;
    int n;
    open_module(args);
    peer_start(&peer,
               &(struct peer_plan){.send_bytes = LEN, .seed = SEED, .expect_bytes = UINT64_MAX});
    int stream = open_stream(peer.port);
    ck_assert_int_eq(pthread_create(&writer, NULL, write_all, (void *)(intptr_t)stream), 0);
    while (at < LEN && (n = wm_stream_read(host.dev, stream, got + at, LEN - at, 20000)) > 0)
        at += (size_t)n;
    stream_bytes(SEED, 0, expected, LEN);
    ck_assert_uint_eq(at, LEN);
    pthread_join(writer, NULL);
    ck_assert_int_eq(memcmp(got, expected, LEN), 0);
    ck_assert_int_eq(wm_stream_close(host.dev, stream, 0), 0);
    check_peer(&peer, LEN);
    peer_start(&next, &(struct peer_plan){.send_bytes = 5, .text = "hello", .expect_bytes = 0});
    int link = wm_tcp_connect(host.dev,
                              &(struct wm_tcp_options){.host = "127.0.0.1", .port = next.port}, 0);
    ck_assert_int_gt(link, 0);
    ck_assert_int_eq(wm_recv(host.dev, link, got, sizeof got, 20000), 5);
    peer_join(&next);
    host_close(&host);
}
END_TEST

/* Right behind the last write the line is busy for a while: the silence in front of +++ counts from
 * its end. */
START_TEST(closing_behind_a_busy_line)
{
    static const char *const args[] = {"--join", "wmat", "--baud", "115200", NULL};
    struct peer peer;
    open_module(args);
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX});
    int stream = open_stream(peer.port);
    write_stream(stream, 3000);
    if (_i == 0)
        ck_assert_int_eq(wm_stream_close(host.dev, stream, 0), 0);
    host_close(&host); /* ends a stream, too */
    check_peer(&peer, 3000);
}
END_TEST

/* The device that is closed with a stream leaves a module in command mode. */
START_TEST(closing_the_device_with_a_stream)
{
    static const char *const args[] = {"--join", "wmat", NULL};
    struct peer peer;
    open_module(args);
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX});
    int stream = open_stream(peer.port);
    write_stream(stream, 1000);
    wm_close(host.dev);
    check_peer(&peer, 1000);
    struct wm_config config = {.port = host.sim.path, .attach = true};
    ck_assert_int_eq(wm_open(&host.dev, &config), 0);
    struct wm_stats stats;
    wm_get_stats(host.dev, &stats);
    ck_assert_uint_eq(stats.resyncs, 0);
    host_close(&host);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stream");
    TCase *tc = tcase_create("stream");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, both_ways);
    tcase_add_loop_test(tc, closing_behind_a_busy_line, 0, 2);
    tcase_add_test(tc, closing_the_device_with_a_stream);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
