#include "rig.h"

#include <stdlib.h>
#include <string.h>

#include "module.h"
#include "test_dialect.h"
#include "rig_fault.h"
#include "txn.h"

static void boot(struct rig *rig)
{
    struct fw_config config = {.port = &rig->fake.port, .dialect = test_dialect()};
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
    for (int i = 0; i < RIG_LOGS; i++)
        free(rig->log[i].data);
}

void rig_note(struct rig *rig, enum rig_logged what, const void *bytes, size_t len)
{
    struct rig_log *log = &rig->log[what];
    if (log->len + len > log->cap) {
        log->cap = 2 * (log->len + len);
        log->data = realloc(log->data, log->cap);
    }
    if (len > 0)
        memcpy(log->data + log->len, bytes, len);
    log->len += len;
}

void rig_attach(struct rig *rig, const struct wm_core_config *config)
{
    wm_core_init(&rig->core, config, rig->now_ms);
    rig->fifo_len = rig->to_host_len = 0;
    rig->unplugged = rig->seen.raw = false;
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
    bool paced = rig->bytes_per_ms && !(rig->queued && side == RIG_TO_MODULE);
    if (paced && most > rig->budget[side])
        most = rig->budget[side];
    return len < most ? len : most;
}

static void spend(struct rig *rig, enum rig_side side, size_t len)
{
    if (!(rig->queued && side == RIG_TO_MODULE))
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
    size_t len = rig->fifo_len;
    if (rig->queued && len > rig->budget[RIG_TO_MODULE])
        len = rig->budget[RIG_TO_MODULE];
    size_t n = fw_feed(&rig->fw, rig->fifo, len, rig->now_ms);
    rig->budget[RIG_TO_MODULE] -= rig->queued ? (unsigned)n : 0;
    rig->refusals += n < len;
    rig->fifo_len -= n;
    rig->held_back = rig->fifo_len > 0 && (rig->held_back || n < len);
    memmove(rig->fifo, rig->fifo + n, rig->fifo_len);
    return n > 0;
}

/* Byte by byte where passthrough may begin in between: what is payload has to be known. */
static size_t hear(struct rig *rig)
{
    struct wm_core *core = &rig->core;
    bool begins = core->txn.line_len == sizeof RIG_ENTERS - 1 &&
                  memcmp(core->txn.line, RIG_ENTERS, sizeof RIG_ENTERS - 1) == 0;
    bool in_stream = module_state(core) == MODULE_STREAM;
    size_t n =
        wm_core_feed(core, rig->to_host, begins && !in_stream ? 1 : rig->to_host_len, rig->now_ms);
    if (in_stream)
        rig_note(rig, RIG_HEARD, rig->to_host, n);
    return n;
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
    size_t n = hear(rig);
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

/* Lines are looked at again once the module has answered. */
static void look_for_lines(struct rig *rig)
{
    const struct wm_core *core = &rig->core;
    if (module_state(core) == MODULE_STREAM) {
        rig->seen.raw |= core->stream_prompt > 2;
    } else if (rig->seen.raw && module_state(core) != MODULE_SEEK) {
        rig->seen.raw = false;
        rig->seen.len = 0;
        rig->seen.payload_left = 0;
    }
}

static void tick(struct rig *rig)
{
    fw_tick(&rig->fw, rig->now_ms);
    wm_core_tick(&rig->core, rig->now_ms);
    look_for_lines(rig);
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
            rig->core.txn.line_sent < rig->core.txn.line_len || txn_in_payload(&rig->core.txn) ||
            (module_state(&rig->core) == MODULE_STREAM && rig->core.stream_op));
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
