#include <wmat/core.h>

#include <string.h>

#include "engine.h"
#include "frame.h"
#include "input.h"
#include "keeper.h"
#include "lexer.h"
#include "link.h"
#include "module.h"
#include "profile.h"
#include "ring.h"
#include "seek.h"
#include "stream.h"
#include "turns.h"
#include "txn.h"

static bool config_sound(const struct wm_core_config *config)
{
    if (config->settings_bytes > UINT16_MAX || (config->settings_bytes > 0 && !config->settings))
        return false;
    return config->link_count == 0 || (config->link_count <= WM_LINK_SLOTS && config->links &&
                                       config->rings && config->ring_bytes >= WM_RING_MIN);
}

int wm_core_init(struct wm_core *core, const struct wm_core_config *config, uint64_t now_ms)
{
    if (!config_sound(config))
        return WM_ERR_ARG;
    memset(core, 0, sizeof *core); /* where the lexer and the transaction start, too */
    core->config = *config;
    core->now_ms = now_ms;
    core->ask_at_ms = WM_NO_DEADLINE;
    core->last_rx_ms = core->last_tx_ms = now_ms;
    links_init(core);
    profile_forget(core);
    module_init(core);
    return 0;
}

static uint64_t sooner(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* When a command that nobody waits for takes too long, or a payload that was cut off. */
static uint64_t txn_deadline(const struct wm_core *core)
{
    enum txn_state state = txn_state(&core->txn);
    return state == TXN_ABANDONED || state == TXN_CUT ? core->txn.deadline_ms : WM_NO_DEADLINE;
}

/* When a module that is silent becomes something else. */
static uint64_t module_deadline(const struct wm_core *core)
{
    if (module_state(core) == MODULE_SEEK)
        return seek_deadline(core);
    return module_state(core) == MODULE_REBOOT ? core->seek_at_ms : WM_NO_DEADLINE;
}

static void expire_module(struct wm_core *core)
{
    if (core->now_ms >= txn_deadline(core))
        module_event(core, MODULE_TROUBLE);
    if (core->now_ms < module_deadline(core))
        return;
    if (module_state(core) == MODULE_REBOOT)
        module_event(core, MODULE_TROUBLE);
    else if (seek_tick(core))
        module_event(core, MODULE_FOUND);
}

static void run(struct wm_core *core)
{
    input_expire(core);
    engine_expire(core);
    if (!core->stalled)
        expire_module(core);
    turns_run(core);
}

/* Where a piece from within a payload goes that fits in one go: what nearly all of a transfer
 * consists of, and all that comes to a host which gets its bytes one by one. NULL: it is none. */
static uint8_t *place_inner(struct wm_core *core, size_t len)
{
    struct wm_link *link = core->frame_link;
    if (len >= lexer_payload(&core->lexer) || !link || !frame_wanted(link) || link->skipping ||
        core->config.trace)
        return NULL;
    uint8_t *place = ring_place(&link->ring, len);
    if (place)
        link->received_bytes += len;
    return place;
}

size_t wm_core_feed(struct wm_core *core, const void *bytes, size_t len, uint64_t now_ms)
{
    core->now_ms = now_ms;
    uint8_t *place = len > 0 ? place_inner(core, len) : NULL;
    if (!place)
        return input_feed(core, bytes, len);
    lexer_took_inner(&core->lexer, len);
    core->stats.rx_bytes += len;
    core->last_rx_ms = now_ms;
    if (len == 1)
        *place = *(const uint8_t *)bytes;
    else
        memcpy(place, bytes, len);
    return len;
}

bool wm_core_wants_input(const struct wm_core *core)
{
    return !core->stalled;
}

size_t wm_core_output(struct wm_core *core, const void **bytes, uint64_t now_ms)
{
    const uint8_t *out = NULL;
    core->now_ms = now_ms;
    if (core->lost)
        return 0;
    bool stream = module_state(core) == MODULE_STREAM;
    size_t len = stream ? core->stream->output(core, &out) : txn_output(&core->txn, &out);
    *bytes = out;
    return len;
}

/* When the n bytes that were sent last have left: they may stand in a queue, which has an end. */
static uint64_t gone_at_ms(const struct wm_core *core, size_t n)
{
    const uint32_t bits = 10, queue = 8192;
    uint32_t baud = core->config.baud;
    if (baud == 0)
        return core->now_ms;
    uint64_t busy_until = core->last_tx_ms > core->now_ms ? core->last_tx_ms : core->now_ms;
    uint64_t at_ms = busy_until + (uint32_t)n * bits * 1000 / baud + 1;
    uint64_t latest_ms = core->now_ms + queue * bits * 1000 / baud + 1;
    return at_ms < latest_ms ? at_ms : latest_ms;
}

void wm_core_sent(struct wm_core *core, size_t n, uint64_t now_ms)
{
    const uint8_t *out;
    core->now_ms = now_ms;
    if (n == 0)
        return;
    if (core->config.trace && wm_core_output(core, (const void **)&out, now_ms) >= n)
        core->config.trace(core->config.trace_user, WM_TRACE_TX, out, n, now_ms);
    core->stats.tx_bytes += n;
    if (module_state(core) == MODULE_STREAM)
        core->stream->sent(core, n);
    else
        txn_sent(&core->txn, n);
    core->last_tx_ms = gone_at_ms(core, n);
}

void wm_core_tick(struct wm_core *core, uint64_t now_ms)
{
    core->now_ms = now_ms;
    if (!core->lost)
        run(core);
}

uint64_t wm_core_deadline(const struct wm_core *core)
{
    if (core->lost)
        return WM_NO_DEADLINE;
    uint64_t deadline_ms = sooner(engine_deadline(core), input_deadline(core));
    if (core->stalled)
        return deadline_ms;
    deadline_ms = sooner(deadline_ms, sooner(module_deadline(core), txn_deadline(core)));
    if (module_state(core) == MODULE_STREAM)
        return sooner(deadline_ms, core->stream->deadline(core));
    bool idle = txn_state(&core->txn) == TXN_IDLE;
    return idle ? sooner(deadline_ms, sooner(keeper_deadline(core), turns_deadline(core)))
                : deadline_ms;
}

static uint64_t deadline_of(const struct wm_op *op, uint32_t timeout_ms, uint64_t now_ms)
{
    if (timeout_ms == WM_FOREVER)
        return WM_NO_DEADLINE;
    if (timeout_ms == 0)
        timeout_ms = op->timeout_ms ? op->timeout_ms : op->def->timeout_ms;
    return now_ms + timeout_ms;
}

int wm_core_submit(struct wm_core *core, struct wm_op *op, uint32_t timeout_ms, wm_done_fn done,
                   void *user, uint64_t now_ms)
{
    core->now_ms = now_ms;
    if (!op->def || (op->state != OP_PREPARED && op->state != OP_ENDED))
        return WM_ERR_STATE;
    if (op->def->needs_links && core->config.attach)
        return WM_ERR_STATE;
    if (module_state(core) == MODULE_STREAM && !op->def->no_turn)
        return WM_ERR_STATE;
    int step = engine_first_step(core, op);
    if (core->lost && (step == WM_STEP_AGAIN || step == WM_STEP_WAIT))
        return core->lost;
    op->done = done;
    op->user = user;
    op->deadline_ms = deadline_of(op, timeout_ms, now_ms);
    engine_submit(core, op, step);
    turns_run(core);
    return 0;
}

int wm_core_read_from(struct wm_core *core, int handle, void *buffer, size_t cap,
                      struct wm_datagram *from, uint64_t now_ms)
{
    core->now_ms = now_ms;
    int len = link_read(core, handle, buffer, cap, from);
    if (len > 0 && core->config.receive != WM_RECEIVE_ACTIVE)
        turns_run(core); /* there is room to fetch more */
    return len;
}

int wm_core_read(struct wm_core *core, int handle, void *buffer, size_t cap, uint64_t now_ms)
{
    return wm_core_read_from(core, handle, buffer, cap, NULL, now_ms);
}

void wm_core_lost(struct wm_core *core, int err)
{
    bool gone_already = core->lost;
    core->lost = err;
    if (gone_already)
        return;
    core->stalled = false;
    core->frame_link = NULL;
    core->events = 1u << WM_EVENT_LOST; /* what was not told yet holds no longer */
    links_fail(core, err);
    module_event(core, MODULE_GONE);
    engine_fail_all(core, err);
    txn_event(&core->txn, TXN_CLEAR);
}

/* Takes the first event that is due; -1: none is. */
static int take_event(uint16_t *events)
{
    for (int kind = 0; kind < WM_EVENT_KINDS; kind++) {
        uint16_t bit = (uint16_t)(1u << kind);
        if (*events & bit) {
            *events = (uint16_t)(*events & ~bit);
            return kind;
        }
    }
    return -1;
}

/* Events that came together are told in the order of their kinds, the module's first; but of
 * opposites the one that holds is the last. */
bool wm_core_next_event(struct wm_core *core, struct wm_event *event)
{
    const uint16_t up = 1u << WM_EVENT_WIFI_UP, down = 1u << WM_EVENT_WIFI_DOWN;
    uint16_t *events = &core->events;
    int kind;
    event->link = -1;
    for (unsigned i = 0; (kind = take_event(events)) < 0; i++) {
        if (i == core->link_count)
            return false;
        events = &core->links[i].events;
        event->link = core->links[i].handle;
    }
    if (kind == WM_EVENT_WIFI_UP && core->wifi_up && (core->events & down)) {
        core->events = (uint16_t)(core->events ^ (down | up));
        kind = WM_EVENT_WIFI_DOWN;
    }
    event->kind = (enum wm_event_kind)kind;
    return true;
}

void wm_core_dispatch(struct wm_core *core,
                      void (*on_event)(void *user, const struct wm_event *event), void *user)
{
    struct wm_op *op;
    struct wm_event event;
    while ((op = wm_core_next_done(core)))
        op->done(op, op->result, op->user);
    while (wm_core_next_event(core, &event)) {
        if (on_event)
            on_event(user, &event);
    }
}

bool wm_core_ready(const struct wm_core *core)
{
    return module_state(core) == MODULE_READY;
}

const struct wm_stats *wm_core_stats(const struct wm_core *core)
{
    return &core->stats;
}

char *wm_core_detail(const struct wm_core *core, char *text, size_t size)
{
    const char *parts[] = {core->failed, ": ", core->why};
    size_t len = 0;
    for (size_t i = 0; core->why && i < sizeof parts / sizeof parts[0]; i++) {
        for (const char *c = parts[i]; *c && len + 1 < size; c++)
            text[len++] = *c;
    }
    if (size > 0)
        text[len] = '\0';
    return text;
}

void wm_core_cancel(struct wm_core *core, struct wm_op *op)
{
    engine_cancel(core, op);
    turns_run(core); /* its turn is another one's */
}
