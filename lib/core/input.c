#include "input.h"

#include <string.h>

#include "engine.h"
#include "lexer.h"
#include "link.h"
#include "module.h"
#include "keeper.h"
#include "report.h"
#include "ring.h"
#include "seek.h"

#define FRAME_GAP_MS 3000 /* between two bytes of a frame, unless we hold them up ourselves */

/* Is there somebody who will read payload? CLOSED may overtake data. */
static bool wants_data(const struct wm_link *link)
{
    return link->state == WM_LINK_OPENING || link->state == WM_LINK_OPEN ||
           link->state == WM_LINK_ENDED;
}

static struct wm_link *frame_link(struct wm_core *core)
{
    return core->frame_link >= 0 ? &core->links[core->frame_link] : NULL;
}

/* Bytes are missing or were added: loud for whoever reads that link. */
static void lose_frame(struct wm_core *core)
{
    struct wm_link *link = frame_link(core);
    core->stats.losses++;
    if (link)
        link_fail(core, link, WM_ERR_PROTO);
    core->frame_link = -1;
}

static void on_frame(struct wm_core *core, const struct frame *frame)
{
    core->frame_source = (uint8_t)frame->source;
    core->frame_link = -1;
    core->frame_at_ms = core->now_ms;
    core->unconfirmed = false;
    core->stats.frames++;
    core->stats.frame_bytes += frame->len;
    if (frame->source == FRAME_IPD && frame->link_id >= 0)
        core->frame_link = (int8_t)frame->link_id;
    else if (frame->source == FRAME_RECVDATA && frame->len <= core->fetch_max)
        core->frame_link = core->fetch_link;
    core->fetch_got = frame->source == FRAME_RECVDATA ? frame->len : core->fetch_got;
    if (core->frame_link < 0)
        core->stats.losses++;
}

/* Returns how many bytes had to be left because a ring is full. */
static size_t on_data(struct wm_core *core, struct slice data)
{
    struct wm_link *link = frame_link(core);
    core->frame_at_ms = core->now_ms;
    if (!link || !wants_data(link))
        return 0;
    size_t left = data.len - ring_stage(&link->ring, data.text, data.len);
    if (left > 0) {
        ring_commit(&link->ring); /* the rest can't come before somebody reads */
        link_notify(core, link, WM_EVENT_READABLE);
        core->stalled = true;
    }
    link->received_bytes += data.len - left;
    return left;
}

static void on_frame_end(struct wm_core *core, const struct frame *frame)
{
    struct wm_link *link = frame_link(core);
    bool whole = frame->trailer == TRAILER_FOUND ||
                 (frame->trailer == TRAILER_NONE && core->frame_source == FRAME_IPD);
    if (!whole) {
        lose_frame(core);
        return;
    }
    core->unconfirmed = frame->trailer == TRAILER_NONE;
    if (link && wants_data(link)) {
        ring_commit(&link->ring);
        link_notify(core, link, WM_EVENT_READABLE);
    }
}

/* No more payload for a link that has closed: a shipping module would read it as commands. */
static void cut_send(struct wm_core *core)
{
    const struct wm_link *link = &core->links[core->txn.link_id < 0 ? 0 : core->txn.link_id];
    if (link->state == WM_LINK_OPEN && !link->peer_closed)
        return;
    if (txn_event(&core->txn, TXN_LINK_CLOSED))
        engine_fail_turn(core, WM_ERR_CLOSED);
}

static void on_closed(struct wm_core *core, struct wm_link *link)
{
    bool data_due = link->hint_bytes > 0 || core->fetch_link == (int)link_id(core, link);
    if (data_due && link->state == WM_LINK_OPEN)
        link->peer_closed = true; /* half-closed until what was reported has been read */
    else
        link_closed(core, link);
    cut_send(core);
}

static void on_final(struct wm_core *core, enum final final)
{
    if (module_state(core) == MODULE_SEEK) {
        seek_final(core, final);
        return;
    }
    engine_final(core, final);
    cut_send(core);
}

static void on_ipd(struct wm_core *core, const struct report *report)
{
    if (report->link_id < 0 || !wants_data(&core->links[report->link_id]))
        return;
    core->links[report->link_id].hint_bytes = report->len;
}

/* The command was dropped, or it was put off: which of the two depends on the firmware. */
static void on_busy(struct wm_core *core)
{
    if (module_state(core) == MODULE_SEEK) {
        seek_busy(core);
    } else if (core->current) {
        engine_fail_turn(core, WM_ERR_BUSY);
        module_event(core, MODULE_TROUBLE);
    }
}

static void on_wifi(struct wm_core *core, bool up)
{
    core->wifi_up = up;
    core->events |= (uint16_t)(1u << (up ? WM_EVENT_WIFI_UP : WM_EVENT_WIFI_DOWN));
    engine_changed(core);
}

static void on_report(struct wm_core *core, const struct report *report)
{
    core->stats.reports++;
    switch (report->report) {
    case REPORT_READY:
        module_event(core, MODULE_BOOTED);
        break;
    case REPORT_BUSY:
        on_busy(core);
        break;
    case REPORT_CLOSED:
        if (report->link_id >= 0)
            on_closed(core, &core->links[report->link_id]);
        break;
    case REPORT_IPD:
        on_ipd(core, report);
        break;
    case REPORT_WIFI_GOT_IP:
        on_wifi(core, true);
        break;
    case REPORT_WIFI_DISCONNECT:
    case REPORT_WIFI_LOST_IP:
        on_wifi(core, false);
        break;
    case REPORT_CONNECT: /* the OK behind it counts */
    case REPORT_WIFI_CONNECTED:
    case REPORT_WIFI_GOT_IP6:
    case REPORT_STATION:
    case REPORT_TIME:
        break;
    }
}

/* A line of a response; or what a frame that came up short left of itself. */
static void on_result(struct wm_core *core, struct slice line)
{
    uint64_t noise = core->stats.noise;
    engine_line(core, line);
    if (core->unconfirmed && core->stats.noise != noise)
        lose_frame(core);
}

/* A shipping module repeats the command before it answers. */
static bool is_echo(const struct wm_core *core, struct slice line)
{
    size_t len = core->txn.line_len;
    return len > 2 && slice_is(line, core->txn.line, len - 2);
}

static void on_line(struct wm_core *core, const struct token *token)
{
    struct report report = report_parse(token->text);
    if (report.kind == LINE_FINAL)
        on_final(core, report.final);
    else if (report.kind == LINE_REPORT)
        on_report(core, &report);
    else if (report.kind == LINE_RESULT || !is_echo(core, token->text))
        on_result(core, token->text);
    core->unconfirmed = false;
}

/* Returns how many bytes of the token have to come again. */
static size_t on_token(struct wm_core *core, const struct token *token)
{
    switch (token->kind) {
    case TOKEN_LINE:
        on_line(core, token);
        break;
    case TOKEN_FRAME:
        on_frame(core, &token->frame);
        break;
    case TOKEN_DATA:
        return on_data(core, token->text);
    case TOKEN_FRAME_END:
        on_frame_end(core, &token->frame);
        break;
    case TOKEN_PROMPT:
    case TOKEN_NONE:
        break;
    }
    return 0;
}

size_t input_feed(struct wm_core *core, const uint8_t *bytes, size_t len)
{
    size_t used = 0;
    while (used < len && !core->stalled) {
        struct token token;
        used += lexer_next(&core->lexer, bytes + used, len - used, &token);
        size_t again = on_token(core, &token);
        if (again > 0)
            lexer_unread_data(&core->lexer, (uint32_t)again);
        used -= again;
    }
    return used;
}

uint64_t input_deadline(const struct wm_core *core)
{
    if (!lexer_in_frame(&core->lexer) || core->stalled)
        return WM_NO_DEADLINE;
    return core->frame_at_ms + FRAME_GAP_MS;
}

void input_expire(struct wm_core *core)
{
    if (core->now_ms < input_deadline(core))
        return;
    lose_frame(core);
    lexer_reset(&core->lexer);
}
