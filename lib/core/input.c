#include "input.h"

#include <string.h>

#include "at_text.h"
#include "engine.h"
#include "frame.h"
#include "hidden.h"
#include "lexer.h"
#include "link.h"
#include "module.h"
#include "profile.h"
#include "overflow.h"
#include "report.h"
#include "ring.h"
#include "seek.h"
#include "stream.h"
#include "turns.h"

#define FRAME_GAP_MS 3000 /* between two bytes of a frame, unless we hold them up ourselves */
#define SHORT_GAP_MS 1000 /* the same where the frame may have been shorter than it said */
#define CONFIRM_MS   50   /* nothing behind a frame for so long: no CR LF comes, it was whole */

/* The module may have restarted in the middle of the frame, unseen. */
static void lose_frame(struct wm_core *core)
{
    frame_drop(core);
    module_event(core, MODULE_TROUBLE);
}

/* What comes is not what the module can have meant, so payload may have been taken for lines, or
 * lines for payload. Passive mode: that can only be the payload of the read in flight. Active mode:
 * of any link. Those fail, and the module is searched for again: no byte counts before it is quiet.
 * False: there is no such link, so nothing was lost. */
static bool lose_sync(struct wm_core *core)
{
    bool passive = core->config.receive != WM_RECEIVE_ACTIVE || core->single;
    bool lost = false;
    for (int id = 0; id < core->link_count; id++) {
        struct wm_link *link = &core->links[id];
        if (!frame_wanted(link) || (passive && link != core->fetch_link))
            continue;
        link_fail(core, link, profile_loss(core));
        lost = true;
    }
    if (lost) {
        core->frame_link = NULL;
        core->unconfirmed = false;
        module_event(core, MODULE_TROUBLE);
    }
    return lost;
}

/* A client of whom the driver does not know has sent something that nobody will get: it must not be
 * found later. */
static void turn_away(struct wm_core *core, const struct frame *frame)
{
    bool active = core->config.receive == WM_RECEIVE_ACTIVE && frame->source == FRAME_IPD;
    if (core->arrived && active && frame->link_id < WM_LINKS && !link_sending(core, frame->link_id))
        core->unwanted |= (uint8_t)(1u << frame->link_id);
}

static void on_frame(struct wm_core *core, const struct frame *frame)
{
    if (core->unconfirmed)
        frame_commit(core); /* another header right behind it: it was whole */
    if (frame_begin(core, frame))
        return;
    core->stats.losses++;
    turn_away(core, frame);
    lose_sync(core);
}

/* OK stands right behind what was read, unless it was taken for a part of that. */
static void await_ok(struct wm_core *core)
{
    if (core->profile.zeros_lost && core->frame_source == FRAME_RECVDATA)
        core->keeper.deadline_ms = core->now_ms + SHORT_GAP_MS;
}

/* A frame without CR LF behind it, in a stream where none has had one: whole only if what follows
 * makes sense. */
static void on_frame_end(struct wm_core *core, const struct frame *frame)
{
    if (frame->trailer == TRAILER_FOUND && hidden_line(core)) {
        lose_frame(core);
    } else if (frame->trailer == TRAILER_FOUND) {
        frame_commit(core);
        await_ok(core);
    } else if (frame->trailer == TRAILER_NONE && core->frame_source == FRAME_IPD)
        core->unconfirmed = true;
    else
        lose_frame(core);
}

/* No more payload for a link that has closed: a shipping module would read it as commands. */
static void cut_send(struct wm_core *core)
{
    const struct wm_link *link = core->txn.link;
    if (!link)
        return;
    bool open = link->state == WM_LINK_OPEN && !link->peer_closed;
    if (!open && txn_event(&core->txn, TXN_LINK_CLOSED))
        engine_fail_turn(core, WM_ERR_CLOSED);
}

/* Is a CONNECT that of a link that was dialled, although nobody may wait for it any more? */
static bool is_dialled(const struct wm_link *link)
{
    if (link_state(link) == WM_LINK_OPENING)
        return link->in_module || link->came_up;
    return link_state(link) == WM_LINK_CLOSING && !link->inbound && !link->came_up;
}

/* The second one is ours: the first was a client of the server, which was faster, and has left. */
static void came_up(struct wm_core *core, struct wm_link *link)
{
    if (link->came_up)
        link_own_ring(core, link);
    link->came_up = link->in_module = true;
}

/* Who was asked for it? The link that had this number before gets nothing of what it says. */
static void on_stray(struct wm_core *core, struct wm_link *before)
{
    if (before)
        before->peer_closed = true;
    module_event(core, MODULE_DOUBT);
}

/* For a link that was dialled only the OK behind it counts. */
static void on_connect(struct wm_core *core, int id)
{
    struct wm_link *link = link_at(core, id);
    if (link && is_dialled(link))
        came_up(core, link);
    else if (core->arrived)
        core->arrived(core, id);
    else if (id >= 0 && !(link && link->in_module))
        on_stray(core, link);
}

static void on_closed(struct wm_core *core, struct wm_link *link)
{
    if (!link)
        return;
    bool data_due = link->hint_bytes > 0 || core->fetch_link == link;
    if (data_due && link->state == WM_LINK_OPEN)
        link->peer_closed = true; /* half-closed until what was reported has been read */
    else
        link_closed(core, link);
    cut_send(core);
}

/* A line that nobody awaited. doubt: it may have been a CLOSED, or a result that belongs to another
 * command than was thought. */
static void on_noise(struct wm_core *core, bool doubt)
{
    if (core->unconfirmed)
        lose_frame(core);
    else if (lose_sync(core))
        core->stats.losses++;
    else if (doubt)
        module_event(core, MODULE_DOUBT);
}

static void on_final(struct wm_core *core, const struct report *report)
{
    if (module_state(core) == MODULE_SEEK) {
        seek_final(core, report->final);
        return;
    }
    uint32_t noise = core->stats.noise;
    bool sound = engine_final(core, report->final, report->text);
    cut_send(core);
    if (!sound)
        module_event(core, MODULE_DOUBT);
    else if (core->stats.noise != noise)
        on_noise(core, true);
}

/* In active mode: a header that lost its colon, and payload that was taken for lines. */
static void on_ipd(struct wm_core *core, const struct report *report)
{
    if (core->config.receive == WM_RECEIVE_ACTIVE && !core->single) {
        core->stats.losses += lose_sync(core);
        return;
    }
    struct wm_link *link = link_at(core, report->link_id);
    if (core->arrived && !link_sending(core, report->link_id))
        module_event(core, MODULE_DOUBT); /* a client whose CONNECT was lost */
    if (!link || !frame_wanted(link))
        return;
    link->hint_bytes = report->len;
    overflow_notice(core, link);
}

/* The command was put off, where the module queues; else it may have been dropped. */
static void on_busy(struct wm_core *core)
{
    if (module_state(core) == MODULE_SEEK) {
        seek_busy(core);
    } else if (core->current && !core->profile.busy_queues) {
        engine_fail_turn(core, WM_ERR_BUSY);
        module_event(core, MODULE_TROUBLE);
    }
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
        /* in single connection mode it names no link */
        on_closed(core, link_at(core, core->single ? 0 : report->link_id));
        break;
    case REPORT_IPD:
        on_ipd(core, report);
        break;
    case REPORT_WIFI_GOT_IP:
        module_tell_wifi(core, true);
        break;
    case REPORT_WIFI_DISCONNECT:
    case REPORT_WIFI_LOST_IP:
        module_tell_wifi(core, false);
        break;
    case REPORT_CONNECT:
        on_connect(core, report->link_id);
        break;
    case REPORT_WIFI_CONNECTED:
    case REPORT_WIFI_GOT_IP6:
    case REPORT_STATION:
    case REPORT_TIME:
        break;
    }
}

/* A line of a response; or what a frame that came up short, or lost its header, left of itself. */
static void on_result(struct wm_core *core, struct slice line)
{
    uint32_t noise = core->stats.noise;
    bool own = line.text[0] == '+' && !SLICE_STARTS(line, AT_TEXT_IPD);
    engine_line(core, line);
    if (core->stats.noise == noise || (module_state(core) == MODULE_SEEK && own))
        return; /* what an earlier command left comes in a search */
    if (own && txn_is_answer(&core->txn, line))
        return; /* an answer that can't be read, which is its call's affair */
    on_noise(core, !own);
}

static void on_line(struct wm_core *core, const struct token *token)
{
    struct report report = report_parse(token->text);
    uint16_t read_got = core->read_got;
    if (report.kind == LINE_FINAL)
        on_final(core, &report);
    else if (report.kind == LINE_REPORT)
        on_report(core, &report);
    else if (report.kind == LINE_RESULT || !txn_is_echo(&core->txn, token->text))
        on_result(core, token->text);
    else
        profile_echo(core);
    if (core->unconfirmed)
        frame_commit(core);
    if (read_got > 0)
        core->read_got = 0; /* it was the line behind a read */
}

/* A zero byte that was asked for alone is not there, and CR was taken for it: what follows is LF
 * instead of CR LF (device_dialect, section 7). */
static bool is_zero(const struct wm_core *core, uint8_t next)
{
    struct wm_link *link = core->frame_link;
    return next == '\n' && link && link == core->fetch_link && core->fetch_got == 1 &&
           core->fetch_max == 1 && profile_reads_bytes(core) && !lexer_cr_seen(&core->lexer) &&
           ring_staged(&link->ring) > 0 && *ring_last(&link->ring) == '\r';
}

static size_t take_trailer(struct wm_core *core, const uint8_t *bytes, size_t len)
{
    struct token token;
    size_t used = 1;
    if (is_zero(core, bytes[0])) {
        *ring_last(&core->frame_link->ring) = 0;
        lexer_trailer(&core->lexer, (const uint8_t *)AT_TEXT_EOL, 2, &token);
    } else {
        used = lexer_trailer(&core->lexer, bytes, len, &token);
    }
    if (token.kind == TOKEN_FRAME_END)
        on_frame_end(core, &token.frame);
    if (core->holding)
        turns_run(core); /* before the next one begins */
    return used;
}

/* Only a line gives anybody a turn; and the end of a frame, where a command waits for that. */
static size_t take_line(struct wm_core *core, const uint8_t *bytes, size_t len)
{
    struct token token;
    size_t used = lexer_next(&core->lexer, bytes, len, &token);
    if (token.kind == TOKEN_FRAME) {
        on_frame(core, &token.frame);
    } else if (token.kind == TOKEN_LINE) {
        on_line(core, &token);
        core->turn_due = true;
    }
    return used;
}

/* Payload goes straight to whom it belongs. */
static size_t take_payload(struct wm_core *core, const uint8_t *bytes, size_t len)
{
    size_t due = lexer_payload(&core->lexer);
    size_t taken = frame_take(core, bytes, len < due ? len : due);
    if (taken > 0)
        lexer_took(&core->lexer, bytes, taken);
    return taken;
}

static size_t take_some(struct wm_core *core, const uint8_t *bytes, size_t len)
{
    if (module_state(core) == MODULE_STREAM)
        return core->stream->feed(core, bytes, len);
    if (lexer_payload(&core->lexer) > 0)
        return take_payload(core, bytes, len);
    if (lexer_in_frame(&core->lexer))
        return take_trailer(core, bytes, len);
    return take_line(core, bytes, len);
}

static size_t take(struct wm_core *core, const uint8_t *bytes, size_t len)
{
    size_t used = 0;
    core->turn_due = false;
    while (used < len && !core->stalled)
        used += take_some(core, bytes + used, len - used);
    if (core->turn_due)
        turns_run(core);
    else
        engine_ask_waiting(core);
    return used;
}

size_t input_feed(struct wm_core *core, const uint8_t *bytes, size_t len)
{
    if (len == 0 || core->lost)
        return len;
    size_t used = take(core, bytes, len);
    core->stats.rx_bytes += used;
    if (used > 0)
        core->last_rx_ms = core->now_ms;
    if (core->config.trace && used > 0)
        core->config.trace(core->config.trace_user, WM_TRACE_RX, bytes, used, core->now_ms);
    return used;
}

/* A frame that has swallowed zero bytes takes its CR LF for payload, and waits for what never
 * comes. */
static uint32_t gap_ms(const struct wm_core *core)
{
    struct wm_link *link = core->frame_link;
    bool ends = core->profile.zeros_lost && link && ring_staged(&link->ring) > 0 &&
                *ring_last(&link->ring) == '\n';
    return ends ? SHORT_GAP_MS : FRAME_GAP_MS;
}

uint64_t input_deadline(const struct wm_core *core)
{
    bool bare = core->frame_source == FRAME_IPD && !core->lexer.trailer_due;
    if (core->unconfirmed || (bare && lexer_awaits_trailer(&core->lexer)))
        return core->last_rx_ms + CONFIRM_MS;
    if (!lexer_in_frame(&core->lexer) || core->stalled)
        return WM_NO_DEADLINE;
    return core->last_rx_ms + gap_ms(core);
}

void input_expire(struct wm_core *core)
{
    if (core->now_ms < input_deadline(core))
        return;
    if (core->unconfirmed) {
        frame_commit(core);
    } else if (lexer_awaits_trailer(&core->lexer)) {
        struct token token;
        lexer_end_frame(&core->lexer, &token);
        on_frame_end(core, &token.frame);
    } else {
        lexer_reset(&core->lexer);
        lose_frame(core);
    }
}
