/* Driver and firmware in one process on virtual time: every fault at every byte of a short session.
 * What arrives is what was sent, or an error says that it isn't; every call ends by its deadline;
 * afterwards the driver works again. */
#include <stdlib.h>
#include <string.h>

#include <wmat/link.h>

#include "suite.h"
#include "wire.h"

#define LEN 300

static struct wire wire;
static unsigned char sent[LEN];

static void fill(void)
{
    for (size_t i = 0; i < LEN; i++)
        sent[i] = (unsigned char)(i * 7 + i / 256);
    memcpy(sent + 20, "\r\nOK\r\n+IPD,0,9:\r\nERROR\r\n>0,CLOSED\r\n+++", 38);
}

/* What the peer got, and so echoed, is what was sent; but for a byte that the wire added to the
 * payload or changed in it on its way to the module, which nobody can notice. */
static const unsigned char *expected(void)
{
    bool may_differ = wire.side == WIRE_TO_MODULE && wire.fault != WIRE_SOUND;
    const struct fake_peer *peer = fake_last_peer(&wire.fake);
    ck_assert(may_differ || (peer->received.len <= LEN &&
                             memcmp(peer->received.data, sent, peer->received.len) == 0));
    return may_differ ? peer->received.data : sent;
}

/* Reads up to LEN echoed bytes; stops at an error. None may be wrong. */
static int read_echo(int link)
{
    bool flipped = wire.fault == WIRE_FLIP && wire.side == WIRE_TO_HOST;
    unsigned char got[LEN];
    size_t at = 0;
    while (at < LEN) {
        int n = wire_recv(&wire, link, got, LEN - at, 3000);
        if (n <= 0)
            return n < 0 ? n : WM_ERR_CLOSED;
        ck_assert_msg(flipped || memcmp(got, expected() + at, (size_t)n) == 0,
                      "a wrong byte was delivered in silence (fault at byte %u)",
                      (unsigned)wire.at);
        at += (size_t)n;
    }
    return 0;
}

static struct wm_profile profile(void)
{
    struct wm_profile now;
    wm_core_profile(&wire.core, &now);
    return now;
}

/* Some modules lose them: test_capabilities.c is about that. */
static void spare_zeros(unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] = (unsigned char)(bytes[i] + (bytes[i] == 0));
}

static int session(void)
{
    int err = wire_ready(&wire);
    if (err == 0)
        err = wire_join(&wire);
    int link = err < 0 ? err : wire_connect(&wire, 7);
    if (link < 0)
        return link;
    if (profile().zeros_lost)
        spare_zeros(sent, LEN);
    err = wire_send(&wire, link, sent, LEN);
    int read_err = err < 0 ? err : read_echo(link);
    int close_err = wire_close(&wire, link);
    return read_err < 0 ? read_err : close_err;
}

/* After an accident a user tries again, and that must work. */
static void works_again(void)
{
    int err = WM_ERR_TIMEOUT;
    wire.fault = WIRE_SOUND;
    for (int tries = 0; tries < 5 && err < 0; tries++)
        err = session();
    ck_assert_msg(err == 0, "does not work again: %s (fault at byte %u)", wm_err_name(err),
                  (unsigned)wire.at);
}

static void play(enum wm_receive receive, size_t ring_bytes, unsigned seed, enum wire_fault fault,
                 enum wire_side side, uint64_t at)
{
    wire.seed = seed;
    wire.fault = fault;
    wire.side = side;
    wire.at = at;
    wire_start(&wire, receive, ring_bytes);
    int err = session();
    if (fault == WIRE_SOUND)
        ck_assert_msg(err == 0, "%s", wm_err_name(err));
    else
        works_again();
    wire_stop(&wire);
}

static enum wm_receive mode(int i)
{
    return i & 1 ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE;
}

START_TEST(a_sound_wire_in_pieces_of_any_size)
{
    fill();
    for (unsigned seed = 0; seed < 40; seed++)
        play(mode(_i), seed % 3 ? 256 : 8192, seed, WIRE_SOUND, WIRE_TO_HOST, 0);
}
END_TEST

/* Bytes of a session: some more than either side sends. */
#define SESSION_BYTES 1200

static const enum wire_fault faults[] = {WIRE_DROP, WIRE_FLIP, WIRE_DOUBLE, WIRE_RESET, WIRE_STALL};

/* Case: receive mode, fault, side. */
START_TEST(every_fault_at_every_byte)
{
    uint64_t step = getenv("WMAT_FULL") ? 1 : 3;
    fill();
    for (uint64_t at = (uint64_t)_i % step; at < SESSION_BYTES; at += step)
        play(mode(_i), 1024, 0, faults[_i / 4], _i & 2 ? WIRE_TO_HOST : WIRE_TO_MODULE, at);
}
END_TEST

/* TCP-IP_AT: CIPRECVMODE: a full window blocks the socket; nothing is lost. */
START_TEST(back_pressure_reaches_the_socket)
{
    static unsigned char data[40000], got[40000];
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(i * 31 + i / 251);
    wire.fault = WIRE_SOUND;
    wire.seed = 0;
    wire_start(&wire, WM_RECEIVE_PASSIVE, 1024);
    fake_serve(&wire.fake, 80, FAKE_ACCEPTS, false);
    ck_assert_int_eq(wire_ready(&wire), 0);
    ck_assert_int_eq(wire_join(&wire), 0);
    int link = wire_connect(&wire, 80);
    ck_assert_int_gt(link, 0);
    struct fake_peer *peer = fake_last_peer(&wire.fake);
    if (profile().passive_discards) {
        wire_stop(&wire); /* it has no back-pressure: test_capabilities.c */
        return;
    }
    fake_peer_send(peer, data, sizeof data);
    for (int ms = 0; ms < 5000; ms++)
        wire_pass(&wire);
    ck_assert_uint_eq(peer->taken, 1024 + 5760); /* the ring of the driver and one window */
    fake_peer_end(peer);
    for (size_t at = 0; at < sizeof got;) {
        int n = wire_recv(&wire, link, got + at, 700, 3000);
        ck_assert_msg(n > 0, "%s", wm_err_name(n));
        at += (size_t)n;
        ck_assert_uint_le(peer->taken, at + 1024 + 5760);
    }
    ck_assert_int_eq(memcmp(got, data, sizeof data), 0);
    ck_assert_int_eq(wire_recv(&wire, link, got, 1, 3000), 0);
    wire_stop(&wire);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("virtual");
    TCase *tc = tcase_create("virtual");
    tcase_set_timeout(tc, 600);
    tcase_add_loop_test(tc, a_sound_wire_in_pieces_of_any_size, 0, 2);
    tcase_add_loop_test(tc, every_fault_at_every_byte, 0, 4 * sizeof faults / sizeof faults[0]);
    tcase_add_test(tc, back_pressure_reaches_the_socket);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
