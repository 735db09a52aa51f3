/* 16 MiB each way at once through one link, over a real serial line of either kind, to a real TCP
 * peer: what arrives has the SHA-256 of what was sent. $WM_TRANSFER_MIB sets another amount. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wmat/wmat.h>

#include "host.h"
#include "peer.h"
#include "serial_shim.h"
#include "suite.h"

#define SEED_UP   1u
#define SEED_DOWN 2u

static struct host host;

static uint64_t amount(void)
{
    const char *mib = getenv("WM_TRANSFER_MIB");
    return (mib ? strtoull(mib, NULL, 10) : 16) << 20;
}

static void open_device(enum wm_receive receive, bool through_libserialport)
{
    static const char *const args[] = {"--join", "wmat", NULL};
    sim_start(&host.sim, args);
    struct wm_config config = {.port = host.sim.path, .receive = receive};
    if (through_libserialport) {
        char map[300];
        snprintf(map, sizeof map, "/dev/ttyWM0=%s", host.sim.path);
        setenv(SERIAL_SHIM_ENV, map, 1);
        config.port = "/dev/ttyWM0";
    }
    host_open_device(&host, config);
}

struct upload {
    int link;
    uint64_t len;
    int err;
};

static void *upload(void *arg)
{
    struct upload *up = arg;
    static unsigned char piece[64 * 1024];
    for (uint64_t at = 0; at < up->len && up->err >= 0;) {
        size_t n = up->len - at < sizeof piece ? (size_t)(up->len - at) : sizeof piece;
        stream_bytes(SEED_UP, at, piece, n);
        up->err = wm_send(host.dev, up->link, piece, n, 60000);
        at += n;
    }
    return NULL;
}

static uint64_t download(int link, unsigned char sha[32])
{
    static unsigned char piece[16 * 1024];
    mbedtls_sha256_context context;
    uint64_t total = 0;
    int n;
    mbedtls_sha256_init(&context);
    mbedtls_sha256_starts_ret(&context, 0);
    while ((n = wm_recv(host.dev, link, piece, sizeof piece, 60000)) > 0) {
        mbedtls_sha256_update_ret(&context, piece, (size_t)n);
        total += (uint64_t)n;
    }
    ck_assert_msg(n == 0, "%s", wm_err_name(n));
    mbedtls_sha256_finish_ret(&context, sha);
    mbedtls_sha256_free(&context);
    return total;
}

static void transfer(enum wm_receive receive, bool through_libserialport)
{
    uint64_t len = amount();
    struct peer peer;
    unsigned char sha[32], expected[32];
    pthread_t thread;
    struct upload up = {.len = len};
    open_device(receive, through_libserialport);
    if (receive == WM_RECEIVE_PASSIVE && host_profile(&host).passive_discards) {
        host_close(&host); /* whole in active mode only, which has a case of its own */
        return;
    }
    peer_start(&peer,
               &(struct peer_plan){.send_bytes = len, .seed = SEED_DOWN, .expect_bytes = len});
    up.link = wm_tcp_connect(host.dev,
                             &(struct wm_tcp_options){.host = "127.0.0.1", .port = peer.port}, 0);
    ck_assert_int_gt(up.link, 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, upload, &up), 0);
    uint64_t received = download(up.link, sha);
    pthread_join(thread, NULL);
    ck_assert_msg(up.err >= 0, "%s", wm_err_name(up.err));
    peer_join(&peer);
    ck_assert_uint_eq(received, len);
    stream_sha(SEED_DOWN, len, expected);
    ck_assert_int_eq(memcmp(sha, expected, 32), 0);
    ck_assert_uint_eq(peer.received, len);
    stream_sha(SEED_UP, len, expected);
    ck_assert_int_eq(memcmp(peer.received_sha, expected, 32), 0);
    ck_assert_int_eq(wm_link_close(host.dev, up.link, 0), 0);
    struct wm_stats stats;
    wm_get_stats(host.dev, &stats);
    ck_assert_uint_eq(stats.losses, 0);
    ck_assert_uint_eq(stats.resyncs, 0);
    host_close(&host);
}

START_TEST(both_ways_at_once)
{
    transfer(_i & 1 ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE, _i & 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("transfer");
    TCase *tc = tcase_create("transfer");
    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, both_ways_at_once, 0, 4);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
