#include "wire.h"

#include <check.h>
#include <string.h>

#include <wmat/link.h>
#include <wmat/tcp.h>
#include <wmat/wifi.h>

#include "test_dialect.h"

#define GRACE_MS 2000 /* by which an operation may miss its deadline */
#define STALL_MS 2000

static void boot(struct wire *wire)
{
    struct fw_config config = {.port = &wire->fake.port, .dialect = test_dialect()};
    ck_assert_int_eq(fw_init(&wire->fw, &config, wire->now_ms), 0);
}

void wire_start(struct wire *wire, enum wm_receive receive, size_t ring_bytes)
{
    wire->now_ms = 1000;
    wire->passed[0] = wire->passed[1] = 0;
    wire->to_host_len = 0;
    wire->stalled_until_ms = 0;
    fake_port_init(&wire->fake);
    fake_serve(&wire->fake, 7, FAKE_ACCEPTS, true);
    boot(wire);
    struct wm_core_config config = {.links = wire->links,
                                    .link_count = WM_LINKS,
                                    .rings = wire->rings,
                                    .ring_bytes = ring_bytes,
                                    .receive = receive};
    ck_assert_int_eq(wm_core_init(&wire->core, &config, wire->now_ms), 0);
}

void wire_stop(struct wire *wire)
{
    fw_stop(&wire->fw, wire->now_ms);
    fake_port_free(&wire->fake);
}

static void reset(struct wire *wire)
{
    fw_stop(&wire->fw, wire->now_ms);
    boot(wire);
}

/* What becomes of one byte: how many there are of it, 0 to 2. */
static size_t hit(struct wire *wire, enum wire_side side, unsigned char *byte)
{
    if (wire->fault == WIRE_SOUND || side != wire->side || wire->passed[side]++ != wire->at)
        return 1;
    switch (wire->fault) {
    case WIRE_DROP:
        return 0;
    case WIRE_DOUBLE:
        return 2;
    case WIRE_FLIP:
        *byte ^= 0x10;
        break;
    case WIRE_RESET:
        reset(wire);
        break;
    case WIRE_STALL:
        wire->stalled_until_ms = wire->now_ms + STALL_MS;
        break;
    case WIRE_SOUND:
        break;
    }
    return 1;
}

static size_t some(struct wire *wire, size_t len)
{
    if (wire->seed == 0 || len < 2)
        return len;
    wire->seed = wire->seed * 1103515245u + 12345u;
    size_t most = (wire->seed >> 16) % 97 + 1;
    return len < most ? len : most;
}

/* The bytes of in as the other side gets them; returns their number, at most twice len. */
static size_t through(struct wire *wire, enum wire_side side, const unsigned char *in, size_t len,
                      unsigned char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = in[i];
        for (size_t copies = hit(wire, side, &byte); copies > 0; copies--)
            out[n++] = byte;
    }
    return n;
}

static bool to_module(struct wire *wire)
{
    const void *lent;
    unsigned char in[256], out[512];
    size_t len = wm_core_output(&wire->core, &lent, wire->now_ms);
    len = some(wire, len < sizeof in ? len : sizeof in);
    if (len == 0)
        return false;
    memcpy(in, lent, len);
    size_t n = through(wire, WIRE_TO_MODULE, in, len, out);
    wm_core_sent(&wire->core, len, wire->now_ms);
    for (size_t at = 0; at < n;) {
        size_t taken = fw_feed(&wire->fw, out + at, n - at, wire->now_ms);
        fw_tick(&wire->fw, wire->now_ms);
        ck_assert_msg(taken > 0, "the module takes nothing and the wire is no buffer");
        at += taken;
    }
    return true;
}

static bool to_host(struct wire *wire)
{
    unsigned char in[256];
    if (wire->to_host_len == 0) {
        size_t len = fw_drain(&wire->fw, in, some(wire, sizeof in), wire->now_ms);
        wire->to_host_len = through(wire, WIRE_TO_HOST, in, len, wire->to_host);
    }
    if (wire->to_host_len == 0)
        return false;
    size_t n = wm_core_feed(&wire->core, wire->to_host, wire->to_host_len, wire->now_ms);
    wire->to_host_len -= n;
    memmove(wire->to_host, wire->to_host + n, wire->to_host_len);
    return n > 0;
}

void wire_pass(struct wire *wire)
{
    bool more = true;
    wire->now_ms++;
    fw_tick(&wire->fw, wire->now_ms);
    wm_core_tick(&wire->core, wire->now_ms);
    while (more && wire->now_ms >= wire->stalled_until_ms) {
        more = to_module(wire);
        more = to_host(wire) || more;
        fw_tick(&wire->fw, wire->now_ms);
    }
}

int wire_run(struct wire *wire, struct wm_op *op, uint32_t timeout_ms)
{
    int err = wm_core_submit(&wire->core, op, timeout_ms, NULL, NULL, wire->now_ms);
    if (err < 0)
        return err;
    uint64_t limit_ms = op->deadline_ms + GRACE_MS;
    while (!wm_op_ended(op)) {
        wire_pass(wire);
        ck_assert_msg(wire->now_ms <= limit_ms, "a call went on past its deadline");
    }
    return op->result;
}

int wire_ready(struct wire *wire)
{
    for (int ms = 0; ms < 60000; ms++) {
        if (wm_core_ready(&wire->core))
            return 0;
        wire_pass(wire);
    }
    return WM_ERR_TIMEOUT;
}

int wire_join(struct wire *wire)
{
    struct wm_op op;
    struct wm_wifi_join_options options = {.ssid = "wmat", .password = "wmat-demo-1"};
    wm_wifi_join_prepare(&op, &options);
    return wire_run(wire, &op, 0);
}

int wire_connect(struct wire *wire, unsigned port)
{
    struct wm_op op;
    struct wm_tcp_options options = {.host = "10.0.0.1", .port = port};
    wm_tcp_connect_prepare(&op, &options);
    return wire_run(wire, &op, 0);
}

int wire_send(struct wire *wire, int link, const void *bytes, size_t len)
{
    struct wm_op op;
    wm_send_prepare(&op, link, bytes, len);
    return wire_run(wire, &op, 0);
}

int wire_recv(struct wire *wire, int link, void *bytes, size_t cap, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_recv_prepare(&op, link, bytes, cap);
    return wire_run(wire, &op, timeout_ms);
}

int wire_close(struct wire *wire, int link)
{
    struct wm_op op;
    wm_link_close_prepare(&op, link);
    return wire_run(wire, &op, 0);
}
