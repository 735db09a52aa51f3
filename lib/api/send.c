#include "send.h"

#include <limits.h>
#include <string.h>

#include <wmat/link.h>
#include <wmat/wmat.h>

#include "at_limits.h"
#include "at_text.h"
#include "datagram.h"
#include "link.h"
#include "module.h"
#include "profile.h"

#define REST_MS 2 /* behind a send, before the next command */

/* AT+CIPSEND, normal transmission mode (TCP/IP AT: CIPSEND). */

bool send_ends_in_escape(const void *data, size_t len)
{
    return len >= 3 && memcmp((const uint8_t *)data + len - 3, AT_TEXT_ESCAPE, 3) == 0;
}

/* The next chunk. A hand-over that is exactly +++ would end data mode instead of being sent (TCP/IP
 * AT: "+++"): a stream splits a chunk that is one, and shortens one that may leave it for the last.
 */
static size_t chunk_len(const struct wm_profile *profile, const uint8_t *data, size_t left)
{
    size_t most = profile_chunk(profile), len = left < most ? left : most;
    while (len > 3 && send_ends_in_escape(data, len) && profile_splits(profile, len - 3))
        len--;
    return len == 3 && send_ends_in_escape(data, len) ? 1 : len;
}

int send_state(const struct wm_link *link)
{
    if (!link)
        return WM_ERR_ARG;
    if (link->state == WM_LINK_FAILED)
        return link->error;
    return link->state != WM_LINK_OPEN || link->peer_closed ? WM_ERR_CLOSED : 0;
}

int send_start(struct wm_core *core, const struct wm_link *link, struct writer *writer,
               const void *payload, size_t len)
{
    core->lexer.prompt_expected = true;
    int err = txn_start_send(&core->txn, writer, link, payload, len);
    return err < 0 ? err : WM_STEP_COMMAND;
}

static int send_begin(struct wm_core *core, struct wm_op *op)
{
    struct wm_link *link = link_of(core, op->link);
    const uint8_t *data = op->args;
    int err =
        !link && op->progress > 0 ? WM_ERR_CLOSED : send_state(link); /* given back meanwhile */
    if (err < 0 || op->size == 0)
        return err;
    if (link->datagrams)
        return link->datagrams->send(core, op, link);
    const struct wm_long_send_ops *long_send = core->config.long_send;
    int step = long_send ? long_send->begin(core, op, link, op->size - op->progress) : 0;
    if (step != 0)
        return step;
    size_t len = chunk_len(&core->profile, data + op->progress, op->size - op->progress);
    op->value = (int)len;
    struct writer writer = txn_line(&core->txn, at_name_CIPSEND, '=');
    writer_int(&writer, link->id);
    writer_int(&writer, (int)len);
    return send_start(core, link, &writer, data + op->progress, len);
}

/* What follows could be out of order, unless each payload is a datagram of its own, and nothing of
 * it stays for the next one. */
static int give_up(struct wm_core *core, struct wm_link *link)
{
    if (!link->datagrams || core->profile.send_leftover)
        link_fail(core, link, WM_ERR_UNKNOWN_DELIVERY);
    return WM_ERR_UNKNOWN_DELIVERY;
}

/* A failure behind payload: part of it may be out. The module is in data mode as long as the length
 * is neither reached nor cancelled; step says so to send_end. */
static int send_failed(struct wm_core *core, struct wm_op *op, enum final final, bool whole)
{
    struct wm_link *link = link_of(core, op->link);
    int err = send_state(link);
    op->step = !whole && (core->txn.payload_sent > 0 || final == FINAL_SEND_OK);
    if (err < 0)
        return err;
    bool refused = link->datagrams && whole; /* by the network, all of it */
    if (refused || (core->txn.payload_sent == 0 && !op->step))
        return op_result(final);
    return give_up(core, link);
}

/* Data mode is left after the result is printed (device_dialect, section 4). */
static void rest(struct wm_core *core)
{
    if (core->profile.hand_over_gap_ms > 0)
        core->seek_at_ms = core->now_ms + REST_MS;
}

int send_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    struct wm_link *link = link_of(core, op->link);
    if (!core->txn.link)
        return core->config.long_send->asked(core, final);
    rest(core);
    bool whole = core->txn.payload_sent == core->txn.payload_len;
    if (final != FINAL_SEND_OK || !whole)
        return send_failed(core, op, final, whole);
    op->progress += (size_t)op->value;
    if (link)
        link->sent_bytes += (uint64_t)op->value;
    return op->progress == op->size ? (int)op->size : WM_STEP_AGAIN;
}

/* A send without a result: part of the payload may be out, or the module still waits for it and
 * takes what the search sends instead. So nothing may follow it. */
int send_end(struct wm_core *core, struct wm_op *op, int result, bool in_flight)
{
    struct wm_link *link = link_of(core, op->link);
    if (op->step)
        module_event(core, MODULE_TROUBLE);
    if (!in_flight || !core->txn.link || result == WM_ERR_CLOSED)
        return result;
    if (link)
        give_up(core, link);
    return result == WM_ERR_TIMEOUT ? WM_ERR_UNKNOWN_DELIVERY : result;
}

/* How far a long send has come; and the usage text of its command. */
static void send_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    (void)op;
    const struct wm_long_send_ops *long_send = core->config.long_send;
    if (long_send && !core->txn.link)
        long_send->usage(core);
    else if (!long_send || !SLICE_STARTS(line, "+CIPSENDL:"))
        core->stats.noise++;
}

static const struct wm_op_def send_def = {.timeout_ms = SEND_MS,
                                          .module_ms = SEND_LIMIT_MS,
                                          .needs_links = true,
                                          .begin = send_begin,
                                          .line = send_line,
                                          .final = send_final,
                                          .end = send_end};

int wm_send_prepare(struct wm_op *op, int link, const void *data, size_t len)
{
    op_prepare(op, &send_def, data, NULL);
    op->link = link;
    op->size = len;
    op->timeout_ms = SEND_MS + (uint32_t)(len / 512) * 1000;
    if (link >= 0 && len <= INT_MAX && (data || len == 0))
        return 0;
    op->def = NULL;
    return WM_ERR_ARG;
}

int wm_send(struct wm_device *dev, int link, const void *data, size_t len, uint32_t timeout_ms)
{
    struct wm_op op;
    int err = wm_send_prepare(&op, link, data, len);
    return err < 0 ? err : wm_run(dev, &op, timeout_ms);
}
