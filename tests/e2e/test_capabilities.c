/* Driver and firmware in one process on virtual time: what a capability of the module (wm_profile)
 * means for data. Each test asks for the capability, and wants either the data whole or the error
 * that the table in DESIGN.md, section 3, names; never a wrong byte in silence. */
#include <string.h>

#include <wmat/link.h>
#include <wmat/stream.h>
#include <wmat/udp.h>

#include "suite.h"
#include "wire.h"

#define RING 8192

static struct wire wire;
static unsigned char data[60000], got[60000];

static struct wm_profile profile(void)
{
    struct wm_profile now;
    ck_assert_int_eq(wm_core_profile(&wire.core, &now), 0);
    return now;
}

/* A module that has joined. Returns its link to port 80, whose peer says what the test says. */
static int start(enum wm_receive receive)
{
    wire.fault = WIRE_SOUND;
    wire.seed = 0;
    wire_start(&wire, receive, RING);
    fake_serve(&wire.fake, 80, FAKE_ACCEPTS, false);
    ck_assert_int_eq(wire_ready(&wire), 0);
    ck_assert_int_eq(wire_join(&wire), 0);
    return 0;
}

static void fill(unsigned char lowest)
{
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(lowest + (i * 31 + i / 251) % (256 - lowest));
}

static void peer_sends(const void *bytes, size_t len)
{
    fake_peer_send(fake_last_peer(&wire.fake), bytes, len);
}

static void pass(unsigned ms)
{
    while (ms-- > 0)
        wire_pass(&wire);
}

/* Reads up to len bytes, which must be those of data. Returns how many, and the error that ended
 * them. */
static size_t read_right(int link, size_t len, int *err)
{
    size_t at = 0;
    int n = 0;
    while (at < len && (n = wire_recv(&wire, link, got + at, len - at, 5000)) > 0) {
        ck_assert_int_eq(memcmp(got + at, data + at, (size_t)n), 0);
        at += (size_t)n;
    }
    *err = n < 0 ? n : 0;
    return at;
}

/* zeros_lost: WM_ERR_MANGLED, or right in zero-safe mode. The number of zeros goes from one to what
 * swallows all that follows the frame. */
START_TEST(zero_bytes)
{
    enum wm_receive receive = (enum wm_receive)(_i % 3);
    size_t zeros = (size_t)(_i / 3) * 3 + 1;
    int err;
    start(receive);
    fill(1);
    memset(data + 10, 0, zeros);
    int link = wire_connect(&wire, 80);
    peer_sends(data, 60);
    size_t n = read_right(link, 60, &err);
    if (profile().zeros_lost && receive != WM_RECEIVE_ZERO_SAFE)
        ck_assert_msg(n == 0 && err == WM_ERR_MANGLED, "%u bytes, %s", (unsigned)n,
                      wm_err_name(err));
    else
        ck_assert_msg(n == 60, "%u bytes, %s", (unsigned)n, wm_err_name(err));
    wire_stop(&wire);
}
END_TEST

/* The other link has its data, whatever became of the first. */
START_TEST(zero_bytes_beside_another_link)
{
    int err;
    start(_i ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE);
    fill(1);
    int first = wire_connect(&wire, 80);
    struct fake_peer *zero = fake_last_peer(&wire.fake);
    int second = wire_connect(&wire, 80);
    fake_peer_send(zero, "a\0\0b", 4);
    pass(3000);
    int n = wire_recv(&wire, first, got, 4, 5000);
    ck_assert_int_eq(n, profile().zeros_lost ? WM_ERR_MANGLED : 4);
    peer_sends(data, 500);
    ck_assert_uint_eq(read_right(second, 500, &err), 500);
    wire_stop(&wire);
}
END_TEST

/* passive_discards: WM_ERR_OVERFLOW behind what was right; active mode is whole. */
START_TEST(more_than_the_buffer_holds)
{
    int err;
    start(_i ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE);
    fill(1);
    int link = wire_connect(&wire, 80);
    peer_sends(data, sizeof data);
    pass(2000); /* nobody reads */
    size_t n = read_right(link, sizeof data, &err);
    if (profile().passive_discards && _i == 0) {
        ck_assert_msg(err == WM_ERR_OVERFLOW, "%s", wm_err_name(err));
        ck_assert_uint_ge(n, 5760);
        ck_assert_uint_ge(wm_core_stats(&wire.core)->overflows, 1);
    } else {
        ck_assert_msg(n == sizeof data, "%s", wm_err_name(err));
    }
    wire_stop(&wire);
}
END_TEST

/* hand_over_bytes: sent whole, whatever its size, and also where it ends in +++. */
static const size_t sizes[] = {1,    3,    4,    1023, 1024, 1025, 1026, 1027, 1053, 1176, 1177,
                               2051, 2348, 4099, 4692, 5119, 5120, 5121, 5760, 5763, 20000};

START_TEST(sends_of_every_kind)
{
    size_t len = sizes[_i / 2];
    start(WM_RECEIVE_PASSIVE);
    fill(0);
    if (_i & 1)
        memset(data + (len > 7 ? len - 7 : 0), '+', len > 7 ? 7 : len);
    int link = wire_connect(&wire, 80);
    struct fake_peer *peer = fake_last_peer(&wire.fake);
    ck_assert_int_eq(wire_send(&wire, link, data, len), (int)len);
    ck_assert_int_eq(wire_send(&wire, link, "next", 4), 4);
    pass(100);
    ck_assert_uint_eq(peer->received.len, len + 4);
    ck_assert_int_eq(memcmp(peer->received.data, data, len), 0);
    ck_assert_int_eq(memcmp(peer->received.data + len, "next", 4), 0);
    wire_stop(&wire);
}
END_TEST

/* Datagrams that end in +++ go out whole, or not at all and with WM_ERR_ARG. */
START_TEST(datagrams_that_end_in_pluses)
{
    static const size_t lengths[] = {3, 4, 100, 1027, 1053, 1400};
    size_t len = lengths[_i / 2];
    struct wm_udp_options options = {.host = "192.0.2.1", .port = 9};
    struct wm_op op;
    start(WM_RECEIVE_PASSIVE);
    fill(1);
    for (size_t i = 0; i < len; i++)
        data[i] = (unsigned char)('a' + i % 26);
    if (_i & 1 && len > 10)
        memcpy(data + 2, "\\0", 2);
    memcpy(data + len - 3, "+++", 3);
    wm_udp_open_prepare(&op, &options);
    int link = wire_run(&wire, &op, 5000);
    ck_assert_int_gt(link, 0);
    int n = wire_send(&wire, link, data, len);
    const struct fake_peer *peer = fake_last_peer(&wire.fake);
    pass(100);
    if (n == WM_ERR_ARG)
        ck_assert(profile().no_escapes && (_i & 1) && peer->received.len == 0);
    else
        ck_assert_msg(n == (int)len && peer->received.len == len &&
                          memcmp(peer->received.data, data, len) == 0,
                      "%s, %u bytes", wm_err_name(n), (unsigned)peer->received.len);
    wire_stop(&wire);
}
END_TEST

/* stream_framed: the application sees no frames; zeros as above. */
START_TEST(streams)
{
    struct wm_stream_options options = {.host = "192.0.2.1", .port = 80};
    struct wm_op op;
    int err;
    start(_i & 1 ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE);
    fill(1);
    if (_i & 2)
        data[100] = 0;
    wm_stream_open_prepare(&op, &options);
    int stream = wire_run(&wire, &op, 5000);
    ck_assert_msg(stream > 0, "%s", wm_err_name(stream));
    struct fake_peer *peer = fake_last_peer(&wire.fake);
    fake_peer_send(peer, data, 20000);
    wm_stream_write_prepare(&op, stream, data + 200, 5000);
    ck_assert_int_eq(wire_run(&wire, &op, 5000), 5000);
    size_t n = read_right(stream, 20000, &err);
    if (_i & 2 && profile().zeros_lost) {
        ck_assert_msg(err == WM_ERR_MANGLED, "%s", wm_err_name(err));
    } else {
        ck_assert_msg(n == 20000, "%s", wm_err_name(err));
        pass(100);
        ck_assert_uint_eq(peer->received.len, 5000);
        ck_assert_int_eq(memcmp(peer->received.data, data + 200, 5000), 0);
    }
    wm_stream_close_prepare(&op, stream);
    ck_assert_int_eq(wire_run(&wire, &op, 10000), 0);
    int link = wire_connect(&wire, 80);
    ck_assert_int_gt(link, 0);
    wire_stop(&wire);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("capabilities");
    TCase *tc = tcase_create("capabilities");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, zero_bytes, 0, 3 * 15);
    tcase_add_loop_test(tc, zero_bytes_beside_another_link, 0, 2);
    tcase_add_loop_test(tc, more_than_the_buffer_holds, 0, 2);
    tcase_add_loop_test(tc, sends_of_every_kind, 0, 2 * (int)(sizeof sizes / sizeof sizes[0]));
    tcase_add_loop_test(tc, datagrams_that_end_in_pluses, 0, 2 * 6);
    tcase_add_loop_test(tc, streams, 0, 4);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
