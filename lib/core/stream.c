#include "stream.h"

#include "at_limits.h"
#include "engine.h"
#include "frame.h"
#include "hidden.h"
#include "lexer.h"
#include "link.h"
#include "module.h"
#include "ring.h"
#include "stall.h"
#include "turns.h"

#define PIECE_MAX 1024
#define GAP_MS    (AT_ESCAPE_GUARD_MS + 10)

static const char prompt[] = ">\r\n";
#define PROMPT_LEN (sizeof prompt - 1)

static struct wm_link *stream_link(struct wm_core *core)
{
    return link_at(core, 0);
}

static size_t take(struct wm_core *core, const void *bytes, size_t len)
{
    struct wm_link *link = stream_link(core);
    if (!link || link_state(link) != WM_LINK_OPEN)
        return len;
    size_t taken = ring_stage(&link->ring, bytes, len);
    ring_commit(&link->ring);
    link->received_bytes += taken;
    if (taken > 0)
        link_notify(core, link, WM_EVENT_READABLE);
    if (taken < len)
        stall_begin(core);
    return taken;
}

/* The prompt that follows OK. What only begins like it is payload of a module that prints none.
 * Returns how many bytes were the prompt's. */
static size_t take_prompt(struct wm_core *core, const uint8_t *bytes, size_t len)
{
    size_t at = 0;
    while (at < len && core->stream_prompt < PROMPT_LEN) {
        if (bytes[at] != (uint8_t)prompt[core->stream_prompt]) {
            if (!core->profile.stream_framed)
                take(core, prompt, core->stream_prompt);
            core->stream_prompt = PROMPT_LEN;
            break;
        }
        core->stream_prompt++;
        at++;
    }
    return at;
}

/* Frames: a shipping module has no other way to tell what was received (device_dialect, section 6).
 * Nothing else may come, so whatever does is a gap, or a frame that came up short or long. */

static void fail(struct wm_core *core)
{
    core->frame_link = stream_link(core);
    frame_drop(core);
    module_event(core, MODULE_TROUBLE);
}

static void begin_frame(struct wm_core *core, const struct frame *frame)
{
    core->frame_source = FRAME_IPD;
    core->frame_link = stream_link(core);
    core->stats.frames++;
    core->stats.frame_bytes += frame->len;
    if (frame->source != FRAME_IPD || frame->link_id >= 0)
        fail(core);
}

static size_t take_framed(struct wm_core *core, const uint8_t *bytes, size_t len)
{
    struct token token;
    size_t due = lexer_payload(&core->lexer), used;
    if (due > 0) {
        used = frame_take(core, bytes, len < due ? len : due);
        if (used > 0)
            lexer_took(&core->lexer, bytes, used);
        return used;
    }
    used = lexer_in_frame(&core->lexer) ? lexer_trailer(&core->lexer, bytes, len, &token)
                                        : lexer_next(&core->lexer, bytes, len, &token);
    if (token.kind == TOKEN_FRAME)
        begin_frame(core, &token.frame);
    else if (token.kind == TOKEN_FRAME_END && token.frame.trailer == TRAILER_FOUND &&
             !hidden_line(core))
        frame_commit(core);
    else if (token.kind != TOKEN_NONE)
        fail(core);
    return used;
}

static size_t feed(struct wm_core *core, const uint8_t *bytes, size_t len)
{
    size_t used = take_prompt(core, bytes, len);
    if (used == len)
        return used;
    if (core->profile.stream_framed)
        return used + take_framed(core, bytes + used, len - used);
    return used + take(core, bytes + used, len - used);
}

static bool gap_is_over(const struct wm_core *core)
{
    return core->now_ms >= core->last_tx_ms + GAP_MS;
}

static size_t count_pluses(const uint8_t *bytes, size_t len)
{
    size_t count = 0;
    while (count < len && bytes[count] == '+')
        count++;
    return count;
}

/* How much of what is left may go out now. Three '+' between two silences would end passthrough
 * (TCP/IP AT: "+++"), and where a silence may be nobody knows but the wire: so a third '+' in front
 * of which nothing but '+' has gone out waits until there surely was one. */
static size_t piece_len(const struct wm_core *core, const uint8_t *bytes, size_t left)
{
    size_t before = gap_is_over(core) ? 0 : core->stream_pluses;
    size_t pluses = count_pluses(bytes, left < 3 ? left : 3);
    if (before + pluses < 3 || pluses == 0)
        return left < PIECE_MAX ? left : PIECE_MAX;
    return before < 2 ? 2 - before : 0;
}

static size_t output(struct wm_core *core, const uint8_t **bytes)
{
    const struct wm_op *op = core->stream_op;
    if (!op)
        return 0;
    *bytes = (const uint8_t *)op->args + op->progress;
    core->stream_lent = piece_len(core, *bytes, op->size - op->progress);
    return core->stream_lent;
}

static void sent(struct wm_core *core, size_t n)
{
    struct wm_link *link = stream_link(core);
    struct wm_op *op = core->stream_op;
    if (!op || n > core->stream_lent)
        return; /* it was withdrawn meanwhile */
    const uint8_t *bytes = (const uint8_t *)op->args + op->progress;
    size_t pluses = gap_is_over(core) ? 0 : core->stream_pluses;
    pluses = count_pluses(bytes, n) == n ? pluses + n : 0;
    core->stream_pluses = (uint8_t)(pluses < 3 ? pluses : 0);
    core->stream_lent = 0;
    op->progress += n;
    if (link)
        link->sent_bytes += n;
    if (op->progress < op->size)
        return;
    core->stream_op = NULL;
    turns_run(core);
}

static uint64_t deadline(const struct wm_core *core)
{
    const struct wm_op *op = core->stream_op;
    if (!op || piece_len(core, (const uint8_t *)op->args + op->progress, op->size - op->progress))
        return WM_NO_DEADLINE;
    return core->last_tx_ms + GAP_MS;
}

static const struct wm_stream_ops ops = {feed, output, sent, deadline};

void stream_begin(struct wm_core *core)
{
    core->stream = &ops;
    core->stream_op = NULL;
    core->stream_prompt = core->stream_pluses = 0;
    module_event(core, MODULE_STREAMING);
}

void stream_offer(struct wm_core *core, struct wm_op *op)
{
    if (!core->stream_op)
        core->stream_op = op;
}

void stream_withdraw(struct wm_core *core, const struct wm_op *op)
{
    if (core->stream_op != op)
        return;
    core->stream_op = NULL;
    core->stream_lent = 0;
}
