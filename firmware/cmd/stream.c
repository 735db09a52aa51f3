/* Passthrough (AT+CIPMODE=1, AT+CIPSEND): bytes of the line to the link and back, and a link that
 * opens again by itself. */
#include "stream.h"

#include "at_text.h"

#include "handlers.h"
#include "trace.h"

#define BLOCK_BYTES 512 /* spec, CIPSEND: passthrough sends in blocks of so many */

static struct fw_link *link_of(struct fw_module *module)
{
    return &module->links.link[0];
}

static bool is_open(const struct fw_module *module)
{
    return module->links.link[0].state == FW_LINK_OPEN;
}

/* While the link is down the buffer is all that is kept: the line stays open for `+++`. */
static size_t take(struct fw_module *module, const char *bytes, size_t len)
{
    struct fw_send *send = &module->send;
    size_t room = sizeof send->data.bytes - send->data.used;
    size_t kept = len < room ? len : room;

    if (send->data.used == 0) {
        send->block_ms = module->now_ms + FW_BLOCK_MS;
    }
    fw_ring_write(&send->data, bytes, kept);
    if (kept < len && !is_open(module)) {
        fw_trace(module->port, "passthrough", "bytes lost: the link is down and the buffer full");
        return len;
    }
    return kept;
}

static bool sends_at_once(const struct fw_module *module)
{
    return fw_has_quirk(module->habits, FW_QUIRK_STREAM_AT_ONCE);
}

static size_t piece_bytes(const struct fw_module *module)
{
    return sends_at_once(module) ? fw_send_piece(module) : BLOCK_BYTES;
}

static size_t ready(const struct fw_module *module)
{
    size_t held = fw_escape_held(&module->escape, module->now_ms);
    size_t used = module->send.data.used > held ? module->send.data.used - held : 0;

    return module->now_ms >= module->send.block_ms || sends_at_once(module)
               ? used
               : used - used % BLOCK_BYTES;
}

/* A datagram that the network refuses is lost. (A stream that it refuses has died, as its link is
 * about to find out: the bytes are kept for the next connection.) */
static bool lose_datagram(struct fw_module *module)
{
    size_t len = ready(module);

    if (!fw_link_is_datagram(link_of(module)->type)) {
        return false;
    }
    fw_trace(module->port, "passthrough", "bytes lost: the network refuses them");
    fw_ring_consumed(&module->send.data, len < piece_bytes(module) ? len : piece_bytes(module));
    return true;
}

static bool hand_over(struct fw_module *module)
{
    struct fw_send *send = &module->send;
    size_t before = send->sent;
    int result = fw_send_hand_over(module, ready(module), piece_bytes(module));
    bool lost = result == FW_IO_FAIL && lose_datagram(module);

    if (send->sent > before) {
        send->block_ms = module->now_ms + FW_BLOCK_MS;
    }
    return send->sent > before || lost;
}

static uint64_t interval_ms(const struct fw_module *module)
{
    return (uint64_t)module->reconnect_intervals * 100;
}

/* Spec, CIPRECONNINTV. Nothing is tried while the module has no network. */
static bool reconnect(struct fw_module *module)
{
    struct fw_send *send = &module->send;
    enum fw_link_state state = link_of(module)->state;

    if (state != FW_LINK_ENDED && state != FW_LINK_FAILED) {
        send->retry_ms = FW_NEVER;
        return false;
    }
    if (send->retry_ms == FW_NEVER) {
        send->retry_ms = module->now_ms + interval_ms(module);
    }
    if (module->now_ms < send->retry_ms) {
        return false;
    }
    send->retry_ms = FW_NEVER;
    if (fw_can_reach(module, fw_link_family(link_of(module)->type))) {
        fw_link_reconnect(&module->links, 0, module->now_ms);
    }
    return true;
}

static bool go_on(struct fw_module *module)
{
    if (is_open(module)) {
        return hand_over(module);
    }
    return reconnect(module);
}

/* The three bytes themselves are no data. A link that is down now stays down, and says so. */
static int leave(struct fw_module *module)
{
    struct fw_link *link = link_of(module);
    size_t left = module->send.data.used;

    if (left > sizeof AT_TEXT_ESCAPE - 1) {
        fw_trace(module->port, "passthrough", "bytes lost: not yet sent when +++ came");
    }
    if (link->state == FW_LINK_OPEN) {
        return FW_DONE_SILENT;
    }
    if (fw_has_quirk(module->habits, FW_QUIRK_STREAM_LINK_STAYS)) {
        fw_link_hold(&module->links, 0);
    } else if (link->state != FW_LINK_ENDED) {
        fw_link_close(&module->links, 0);
        fw_reply_message(&module->reply, FW_MSG_CLOSED, fw_shown_id(module, 0));
    }
    return FW_DONE_SILENT;
}

static uint64_t deadline(const struct fw_module *module)
{
    const struct fw_send *send = &module->send;
    uint64_t first = fw_escape_release(&module->escape, module->now_ms);

    if (!is_open(module)) {
        return send->retry_ms;
    }
    if (send->data.used > 0 && send->block_ms > module->now_ms && send->block_ms < first) {
        first = send->block_ms;
    }
    return first;
}

static const struct fw_sink sink = {
    .take = take, .go_on = go_on, .escape = leave, .deadline = deadline};

bool fw_stream_is_on(const struct fw_module *module)
{
    return module->phase == FW_PHASE_DATA && module->send.sink == &sink;
}

bool fw_stream_is_raw(const struct fw_module *module)
{
    return fw_stream_is_on(module) && !fw_has_quirk(module->habits, FW_QUIRK_STREAM_FRAMED);
}

enum fw_outcome fw_cipsend_execute(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_link *link = link_of(module);

    (void)args;
    if (!module->passthrough || !is_open(module) || link->udp_mode != FW_UDP_FIXED) {
        return FW_FAILED;
    }
    fw_send_reset(module, 0, &sink);
    return FW_DATA;
}
