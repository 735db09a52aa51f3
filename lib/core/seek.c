#include "seek.h"

#include "at_limits.h"
#include "at_text.h"
#include "lexer.h"
#include "frame.h"
#include "txn.h"

enum seek_state {
    SEEK_GUARD,  /* silence before +++ */
    SEEK_ESCAPE, /* silence behind it */
    SEEK_FLUSH,  /* an empty line went out; the module may still have something to say */
    SEEK_PROBE,  /* AT went out */
    SEEK_PAUSE,  /* before the next AT */
    SEEK_FILL,   /* a length that may have been announced is being filled up */
    SEEK_QUIET,  /* OK came; a second one may follow */
};

#define GUARD_MS     (AT_ESCAPE_GUARD_MS + 10)
#define QUIET_MS     30  /* the module is taken to have nothing more to say */
#define FLUSH_MAX_MS 300 /* unless active data keeps coming */
#define BUSY_MS      500
#define QUEUED_MS    20000 /* the longest that a command may have to wait for others */
#define FLOW_MS      100   /* without a byte: nothing is on its way */
#define FILLER_PIECE 64
#define SILENT_ROUND 3 /* rounds without an answer before the application is told */

static void go(struct wm_core *core, enum seek_state state, uint32_t in_ms)
{
    core->seek_state = (uint8_t)state;
    core->seek_at_ms = core->now_ms + in_ms;
}

void seek_start(struct wm_core *core)
{
    core->seek_round = 0;
    core->seek_probe_ms = SEEK_PROBE_MS;
    go(core, SEEK_GUARD, GUARD_MS);
}

static void send(struct wm_core *core, const char *text, size_t len)
{
    txn_raw(&core->txn, text, len);
}

static void flush(struct wm_core *core)
{
    send(core, AT_TEXT_EOL, 2);
    go(core, SEEK_FLUSH, FLUSH_MAX_MS);
}

/* A frame that a restart has cut off takes the answers for its payload. The first silence may be a
 * wait that +++ asks for, the second a send that wants its bytes. */
static void no_answer(struct wm_core *core)
{
    if (core->now_ms >= core->last_rx_ms + FLOW_MS)
        frame_reset(core);
    core->stats.retries++;
    if (core->seek_round < UINT8_MAX)
        core->seek_round++;
    if (core->seek_round == SILENT_ROUND)
        core->events |= 1u << WM_EVENT_SILENT;
    if (core->seek_round == 1) {
        core->seek_state = SEEK_PAUSE;
        core->seek_at_ms = core->escape_at_ms + AT_ESCAPE_WAIT_MS;
    } else if (core->seek_round == 2) {
        core->filler_left = AT_SEND_MAX;
        go(core, SEEK_FILL, 0);
    } else {
        go(core, SEEK_GUARD, BUSY_MS);
    }
}

/* Empty lines; an odd byte at the end is a CR. */
static void fill(struct wm_core *core)
{
    size_t len = core->filler_left < FILLER_PIECE ? core->filler_left : FILLER_PIECE;
    if (len == 0) {
        flush(core);
        return;
    }
    core->filler_left -= (uint32_t)len;
    for (size_t at = 0; at < len; at++)
        core->txn.line[at] = at & 1 ? '\n' : '\r';
    txn_raw(&core->txn, core->txn.line, len);
}

static bool drained(const struct wm_core *core)
{
    return core->txn.line_sent == core->txn.line_len;
}

static uint64_t quiet_at_ms(const struct wm_core *core)
{
    uint64_t last = core->last_rx_ms > core->last_tx_ms ? core->last_rx_ms : core->last_tx_ms;
    return last + QUIET_MS;
}

/* What a line of another speed, or an interrupted one, has left must not stand before the answer.
 */
static void drop_junk(struct wm_core *core)
{
    if (!lexer_in_frame(&core->lexer))
        lexer_reset(&core->lexer);
}

uint64_t seek_deadline(const struct wm_core *core)
{
    uint64_t at_ms = core->seek_at_ms;
    uint64_t guard_ms = core->last_tx_ms + GUARD_MS;
    uint64_t quiet_ms = quiet_at_ms(core);
    if (!drained(core))
        return WM_NO_DEADLINE;
    switch ((enum seek_state)core->seek_state) {
    case SEEK_GUARD:
        return at_ms > guard_ms ? at_ms : guard_ms;
    case SEEK_ESCAPE:
        return guard_ms;
    case SEEK_FLUSH:
    case SEEK_QUIET:
        return at_ms < quiet_ms ? at_ms : quiet_ms;
    case SEEK_PROBE:
    case SEEK_PAUSE:
    case SEEK_FILL:
        break;
    }
    return at_ms;
}

bool seek_tick(struct wm_core *core)
{
    if (core->now_ms < seek_deadline(core))
        return false;
    switch ((enum seek_state)core->seek_state) {
    case SEEK_GUARD:
        send(core, AT_TEXT_ESCAPE, 3);
        core->seek_state = SEEK_ESCAPE;
        break;
    case SEEK_ESCAPE:
        core->escape_at_ms = core->last_tx_ms;
        flush(core);
        break;
    case SEEK_FLUSH:
        drop_junk(core);
        send(core, "AT\r\n", 4);
        go(core, SEEK_PROBE, core->seek_probe_ms);
        break;
    case SEEK_PROBE:
        no_answer(core);
        break;
    case SEEK_PAUSE:
        flush(core);
        break;
    case SEEK_FILL:
        fill(core);
        break;
    case SEEK_QUIET:
        return true;
    }
    return false;
}

/* What can be read has come at the right speed: the wait that was cut short is made up for. */
static void wait_longer(struct wm_core *core)
{
    if (core->seek_state == SEEK_PROBE)
        core->seek_at_ms += SEEK_PROBE_MS - core->seek_probe_ms;
    core->seek_probe_ms = SEEK_PROBE_MS;
}

void seek_final(struct wm_core *core, enum final final)
{
    wait_longer(core);
    if (core->seek_state == SEEK_PROBE && final == FINAL_OK)
        go(core, SEEK_QUIET, FLUSH_MAX_MS);
}

void seek_busy(struct wm_core *core)
{
    wait_longer(core);
    if (core->seek_state != SEEK_PROBE)
        return;
    if (core->profile.busy_queues)
        core->seek_at_ms = core->now_ms + QUEUED_MS; /* AT runs later */
    else
        go(core, SEEK_PAUSE, BUSY_MS);
}
