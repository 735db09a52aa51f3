#include "rig.h"

#include <string.h>

#include "rig_fault.h"
#include "txn.h"

static void boot(struct rig *rig)
{
    struct fw_config config = {.port = &rig->fake.port};
    fw_init(&rig->fw, &config, rig->now_ms);
    rig->seen.len = 0;
    rig->seen.payload_left = 0;
    rig->seen.peers = false;
}

void rig_start(struct rig *rig)
{
    rig->now_ms = 1000;
    fake_port_init(&rig->fake);
    boot(rig);
}

void rig_stop(struct rig *rig)
{
    fw_stop(&rig->fw, rig->now_ms);
    fake_port_free(&rig->fake);
}

void rig_attach(struct rig *rig, const struct wm_core_config *config)
{
    wm_core_init(&rig->core, config, rig->now_ms);
    rig->fifo_len = rig->to_host_len = 0;
    rig->unplugged = false;
}

void rig_reset(struct rig *rig)
{
    fw_stop(&rig->fw, rig->now_ms);
    rig->resets++;
    boot(rig);
}

void rig_mend(struct rig *rig)
{
    memset(rig->faults, 0, sizeof rig->faults);
    for (unsigned i = 0; i < RIG_FAULTS; i++)
        rig->faults[i].done = true;
    memset(rig->held_until_ms, 0, sizeof rig->held_until_ms);
    rig->swallowing = false;
    if (rig->back_at_ms > rig->now_ms)
        rig->back_at_ms = rig->now_ms;
}

static bool held(const struct rig *rig, int what)
{
    return rig->now_ms < rig->held_until_ms[what];
}

/* How many of len bytes pass now. */
static size_t portion(struct rig *rig, enum rig_side side, size_t len)
{
    size_t most = dice_between(&rig->dice, 1, rig->piece);
    if (rig->bytes_per_ms && most > rig->budget[side])
        most = rig->budget[side];
    return len < most ? len : most;
}

static void spend(struct rig *rig, enum rig_side side, size_t len)
{
    rig->budget[side] -= rig->bytes_per_ms ? (unsigned)len : 0;
}

static bool out_of_core(struct rig *rig)
{
    const void *lent;
    size_t len = wm_core_output(&rig->core, &lent, rig->now_ms);
    size_t room = (RIG_FIFO - rig->fifo_len) / 2;
    len = portion(rig, RIG_TO_MODULE, len < room ? len : room);
    if (len == 0 || held(rig, RIG_TO_MODULE))
        return false;
    rig->fifo_len += rig_to_module(rig, lent, len, rig->fifo + rig->fifo_len);
    spend(rig, RIG_TO_MODULE, len);
    wm_core_sent(&rig->core, len, rig->now_ms);
    return true;
}

static bool into_module(struct rig *rig)
{
    if (rig->fifo_len == 0 || held(rig, 2))
        return false;
    size_t n = fw_feed(&rig->fw, rig->fifo, rig->fifo_len, rig->now_ms);
    rig->fifo_len -= n;
    memmove(rig->fifo, rig->fifo + n, rig->fifo_len);
    return n > 0;
}

static bool to_host(struct rig *rig)
{
    if (rig->to_host_len == 0 && !held(rig, RIG_TO_HOST)) {
        unsigned char in[256];
        size_t len = portion(rig, RIG_TO_HOST, sizeof in);
        len = len > 0 ? fw_drain(&rig->fw, in, len, rig->now_ms) : 0;
        rig->to_host_len = rig_to_host(rig, in, len, rig->to_host);
        spend(rig, RIG_TO_HOST, len);
    }
    if (rig->to_host_len == 0)
        return false;
    if (rig->back_at_ms > 0) {
        rig->to_host_len = 0; /* nobody hears it */
        return true;
    }
    size_t n = wm_core_feed(&rig->core, rig->to_host, rig->to_host_len, rig->now_ms);
    rig->to_host_len -= n;
    memmove(rig->to_host, rig->to_host + n, rig->to_host_len);
    return n > 0;
}

/* What was on the wire, or in the hands of the adapter, is gone. */
static void plug_in(struct rig *rig)
{
    rig->back_at_ms = 0;
    rig->fifo_len = rig->to_host_len = 0;
    wm_core_plugged(&rig->core, rig->now_ms);
}

static void tick(struct rig *rig)
{
    fw_tick(&rig->fw, rig->now_ms);
    wm_core_tick(&rig->core, rig->now_ms);
    if (rig->unplugged)
        wm_core_lost(&rig->core, WM_ERR_IO);
    else if (rig->back_at_ms > rig->now_ms)
        wm_core_unplugged(&rig->core);
    else if (rig->back_at_ms > 0)
        plug_in(rig);
    if (rig->on_step)
        rig->on_step(rig->user);
}

/* Everything that needs no time, or very little. */
static void exchange(struct rig *rig, uint64_t end_ms)
{
    bool more = true;
    while (more && rig->now_ms <= end_ms) {
        more = out_of_core(rig);
        more |= into_module(rig);
        more |= to_host(rig);
        if (more && rig->jitter && rig->now_ms < end_ms && dice_once_in(&rig->dice, 16))
            rig->now_ms++;
        tick(rig);
    }
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static bool under_way(const struct rig *rig)
{
    const void *lent;
    return rig->bytes_per_ms &&
           (rig->fifo_len > 0 || rig->to_host_len > 0 || fw_peek(&rig->fw, &lent) > 0 ||
            rig->core.txn.line_sent < rig->core.txn.line_len || txn_in_payload(&rig->core.txn));
}

static uint64_t next_ms(const struct rig *rig, uint64_t end_ms)
{
    uint64_t at_ms = sooner(end_ms, sooner(wm_core_deadline(&rig->core), fw_deadline(&rig->fw)));
    if (rig->back_at_ms > rig->now_ms)
        at_ms = sooner(at_ms, rig->back_at_ms);
    for (int i = 0; i < 3; i++) {
        if (held(rig, i))
            at_ms = sooner(at_ms, rig->held_until_ms[i]);
    }
    return at_ms > rig->now_ms && !under_way(rig) ? at_ms : rig->now_ms + 1;
}

void rig_pass(struct rig *rig, unsigned ms)
{
    uint64_t end_ms = rig->now_ms + ms;
    for (;;) {
        rig->budget[0] = rig->budget[1] = rig->bytes_per_ms;
        tick(rig);
        exchange(rig, end_ms);
        if (rig->now_ms >= end_ms)
            return;
        rig->now_ms = next_ms(rig, end_ms);
    }
}
