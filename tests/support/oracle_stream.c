/* The oracle's part for passthrough. It has no frames, so what can be known ends at the rig's wire:
 * what the driver delivers is what reached it, what leaves it is what was written, and what the
 * peer gets is some of what was on the wire, in its order. Without an accident towards the module
 * it is what was written and nothing else. */
#include "oracle.h"

#include <string.h>

#include <wmat/link.h>

struct flow *oracle_stream_open(struct oracle *oracle, uint16_t port, const struct wm_op *op)
{
    const struct rig *rig = oracle->rig;
    oracle_judge_stream(oracle);
    struct flow *flow = oracle_open(oracle, port, false, op);
    if (!flow)
        return NULL;
    flow->stream = true;
    flow->late = rig->held_until_ms[2] > rig->now_ms || rig->back_at_ms > 0;
    flow->refusals = rig->refusals;
    memcpy(flow->struck, rig->struck, sizeof flow->struck);
    oracle->stream = flow;
    return flow;
}

/* Nothing has happened to what goes that way since it was opened. */
static bool sound(const struct oracle *oracle, const struct flow *flow, enum rig_side side)
{
    return oracle->rig->struck[side] == flow->struck[side] && !flow->late;
}

void oracle_stream_opened(struct oracle *oracle, struct flow *flow, int result)
{
    flow->tx_free = !sound(oracle, flow, RIG_TO_MODULE) || !sound(oracle, flow, RIG_TO_HOST);
    oracle_opened(oracle, flow, result);
    flow->rx_free = oracle->rig->core.profile.stream_framed;
    if (result < 0)
        oracle_stream_closing(oracle, flow);
}

/* What reached the core, without the prompt. */
static size_t heard(const struct oracle *oracle, const unsigned char **bytes)
{
    const struct rig_log *log = &oracle->rig->log[RIG_HEARD];
    size_t prompt = log->len < 3 ? log->len : 3;
    if (prompt > 0 && memcmp(log->data, ">\r\n", prompt) != 0)
        prompt = 0;
    *bytes = log->data ? log->data + prompt : NULL;
    return log->len - prompt;
}

static bool is_of_a_call(int result)
{
    return result == WM_ERR_TIMEOUT || result == WM_ERR_CANCELLED || result == WM_ERR_CLOSED ||
           result == WM_ERR_ARG;
}

static void check_error(struct oracle *oracle, struct flow *flow, int result)
{
    if (result >= 0 || is_of_a_call(result))
        return;
    flow->error = result;
    if ((result != WM_ERR_IO && result != WM_ERR_RESET) || sound(oracle, flow, RIG_TO_HOST))
        oracle_blame(oracle, flow, "failed with %s", wm_err_name(result));
}

void oracle_stream_read(struct oracle *oracle, struct flow *flow, const void *bytes, int result)
{
    const struct fake_peer *peer = oracle_peer(oracle, flow);
    const unsigned char *came;
    size_t len = result > 0 ? (size_t)result : 0, total = heard(oracle, &came);
    if (flow->rx_free)
        return;
    check_error(oracle, flow, result);
    if (result == 0)
        oracle_blame(oracle, flow, "has an end of file");
    if (len == 0)
        return;
    if (flow->delivered + len > total || memcmp(came + flow->delivered, bytes, len) != 0)
        oracle_blame(oracle, flow, "bytes were read that did not come so, behind byte %zu",
                     flow->delivered);
    else if (sound(oracle, flow, RIG_TO_HOST) && peer->port == flow->port &&
             oracle_calls(oracle, flow) == 1 &&
             (flow->delivered + len > peer->taken ||
              memcmp(peer->to_module.data + flow->delivered, bytes, len) != 0))
        oracle_blame(oracle, flow, "bytes were read that its peer did not send so");
    flow->delivered += len;
}

/* One write goes out behind the other, so they end in the order of their bytes. */
void oracle_stream_wrote(struct oracle *oracle, struct flow *flow, const struct wm_op *op,
                         int result)
{
    const struct rig_log *said = &oracle->rig->log[RIG_SAID];
    size_t at = flow->given.len, len = result < 0 ? op->progress : op->size;
    if (!flow->rx_free)
        check_error(oracle, flow, result);
    if (result >= 0 && (size_t)result != op->size)
        oracle_blame(oracle, flow, "%d of %zu bytes written", result, op->size);
    if (len == 0)
        return;
    oracle_append(&flow->given, op->args, len);
    if (said->len < flow->given.len || memcmp(said->data + at, op->args, len) != 0)
        oracle_blame(oracle, flow, "what left is not what was written, behind byte %zu", at);
}

/* All writes have ended: nothing else has left. */
static void check_said(struct oracle *oracle, struct flow *flow)
{
    size_t said = oracle->rig->log[RIG_SAID].len;
    if (said != flow->given.len)
        oracle_blame(oracle, flow, "%zu bytes left, %zu were written", said, flow->given.len);
}

void oracle_stream_closing(struct oracle *oracle, struct flow *flow)
{
    const struct fake_peer *peer = oracle_peer(oracle, flow);
    flow->choked = peer && peer->accepts != SIZE_MAX;
    flow->waiting_bytes = oracle->rig->held_back;
    flow->refused = oracle->rig->refusals;
}

void oracle_stream_closed(struct oracle *oracle, struct flow *flow, int result)
{
    oracle_closed(flow);
    if (flow->was_open && result == 0)
        oracle_judge_stream(oracle);
}

/* The calls of the module that reached that peer: it calls again when a connection ends. */
unsigned oracle_calls(const struct oracle *oracle, const struct flow *flow)
{
    unsigned count = 0;
    for (size_t i = 0; i < oracle->rig->fake.peer_count; i++)
        count += oracle->rig->fake.peers[i].port == flow->port;
    return count;
}

/* How many of these bytes are found there, in their order, from *at on. */
static size_t follow(const struct fake_bytes *bytes, const unsigned char *there, size_t len,
                     size_t *at)
{
    size_t found = 0;
    for (; found < bytes->len && *at < len; (*at)++)
        found += bytes->data[found] == there[*at];
    return found;
}

/* Is what the peer got, over all its connections, among these bytes, in their order? */
static bool is_among(const struct oracle *oracle, const struct flow *flow,
                     const unsigned char *bytes, size_t len)
{
    size_t at = 0;
    for (size_t i = 0; i < oracle->rig->fake.peer_count; i++) {
        const struct fake_peer *peer = &oracle->rig->fake.peers[i];
        if (peer->port == flow->port &&
            follow(&peer->received, bytes, len, &at) < peer->received.len)
            return false;
    }
    return true;
}

/* One connection that nobody broke, on a sound wire that the module never held back, and nothing
 * had to stay in the module (+++ discards that). */
static bool is_exact(const struct oracle *oracle, const struct flow *flow,
                     const struct fake_peer *peer)
{
    return oracle_calls(oracle, flow) == 1 && !peer->ended && !peer->reset && !flow->air &&
           flow->refusals == oracle->rig->refusals && !flow->choked && peer->accepts == SIZE_MAX;
}

static void judge_peer(struct oracle *oracle, struct flow *flow, const struct fake_peer *peer)
{
    const struct rig_log *wired = &oracle->rig->log[RIG_WIRED];
    size_t got = peer->received.len, given = flow->given.len;
    if (!is_among(oracle, flow, wired->data, wired->len))
        oracle_blame(oracle, flow, "the peer got what was not on the wire, or not so");
    if (!sound(oracle, flow, RIG_TO_MODULE) || flow->waiting_bytes ||
        flow->refused != oracle->rig->refusals)
        return;
    if (!is_among(oracle, flow, flow->given.data, given))
        oracle_blame(oracle, flow, "the peer got what nobody wrote");
    if (!is_exact(oracle, flow, peer))
        return;
    if (got > given || (got > 0 && memcmp(peer->received.data, flow->given.data, got) != 0))
        oracle_blame(oracle, flow, "the peer got other bytes than were written");
    if (got < given)
        oracle_blame(oracle, flow, "%zu bytes were written, the peer got %zu", given, got);
    oracle->exact += given > 0;
}

/* Nothing is under way any more. */
static void judge_open(struct oracle *oracle, struct flow *flow, const struct fake_peer *peer)
{
    const unsigned char *came;
    size_t total = heard(oracle, &came);
    if (flow->error || flow->rx_free)
        return;
    if (flow->delivered != total)
        oracle_blame(oracle, flow, "%zu bytes came, %zu were delivered", total, flow->delivered);
    if (sound(oracle, flow, RIG_TO_HOST) && sound(oracle, flow, RIG_TO_MODULE) &&
        oracle_calls(oracle, flow) == 1 && !peer->reset && !peer->ended && !flow->air &&
        flow->delivered != peer->to_module.len)
        oracle_blame(oracle, flow, "its peer sent %zu bytes, %zu were delivered",
                     peer->to_module.len, flow->delivered);
}

void oracle_judge_stream(struct oracle *oracle)
{
    struct flow *flow = oracle->stream;
    const struct fake_peer *peer = flow ? oracle_peer(oracle, flow) : NULL;
    if (flow && flow->was_open)
        check_said(oracle, flow);
    if (flow && flow->handle) {
        if (peer)
            judge_open(oracle, flow, peer);
        return;
    }
    if (peer)
        judge_peer(oracle, flow, peer);
    oracle->stream = NULL;
}
