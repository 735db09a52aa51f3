#include "oracle.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wmat/link.h>

#define FRAME_MAX 2920 /* active mode (TCP-IP_AT: CIPRECVMODE) */

void oracle_init(struct oracle *oracle, struct rig *rig)
{
    memset(oracle, 0, sizeof *oracle);
    oracle->rig = rig;
}

void oracle_free(struct oracle *oracle)
{
    for (unsigned i = 0; i < oracle->count; i++)
        free(oracle->flows[i].given.data);
}

void oracle_blame(struct oracle *oracle, const struct flow *flow, const char *format, ...)
{
    va_list args;
    if (oracle->verdict[0])
        return;
    int n = flow ? snprintf(oracle->verdict, sizeof oracle->verdict,
                            "%s %u: ", flow->udp ? "datagrams" : "stream", flow->port)
                 : 0;
    va_start(args, format);
    vsnprintf(oracle->verdict + n, sizeof oracle->verdict - (size_t)n, format, args);
    va_end(args);
}

/* Is the frame that is arriving larger than the room for it? */
static bool overflows(const struct rig *rig, const struct flow *flow)
{
    struct wm_link_info info;
    int handle = flow->opening ? flow->opening->link : flow->handle;
    if (wm_core_link_info(&rig->core, handle, &info) < 0)
        return flow->waiting != 0;
    return rig->core.config.ring_bytes - info.buffered_bytes <= rig->seen.payload_len;
}

static void hit_payload(const struct rig *rig, struct flow *flow, const struct rig_hit *hit)
{
    if (!flow)
        return;
    if (hit->kind != RIG_FLIP && hit->side == RIG_TO_HOST &&
        rig->core.config.receive == WM_RECEIVE_ACTIVE)
        flow->doomed |= hit->kind == RIG_RESET || (overflows(rig, flow) && !flow->udp);
    if (hit->side == RIG_TO_HOST && (hit->kind == RIG_DROP || hit->kind == RIG_DOUBLE)) {
        flow->shift = flow->shifted == rig->seen.frames ? flow->shift : 0;
        flow->shift += hit->kind == RIG_DROP ? -1 : 1;
        flow->shifted = rig->seen.frames;
        flow->rx_free |= flow->shift == 0;
    }
    if (hit->kind == RIG_FLIP && hit->side == RIG_TO_HOST)
        flow->rx_flips++;
    else if (hit->kind == RIG_FLIP)
        flow->tx_flips++;
    else if (hit->kind == RIG_DOUBLE && hit->side == RIG_TO_MODULE)
        flow->tx_free = true;
}

static const char shows_peers[] = "AT+CIPDINFO=";

void oracle_hit(struct oracle *oracle, const struct rig_hit *hit)
{
    struct flow *flow = oracle_at(oracle, hit->link);
    oracle->mute |= hit->part == RIG_COMMAND &&
                    strncmp(oracle->rig->core.txn.line, shows_peers, sizeof shows_peers - 1) == 0;
    if (hit->part == RIG_PAYLOAD) {
        hit_payload(oracle->rig, flow, hit);
    } else if (hit->sense) {
        oracle_free_all(oracle, hit->link);
        oracle_free_all(oracle, hit->now_link);
    } else if (hit->part == RIG_LINE && flow) {
        flow->end_free = true;
    }
    for (unsigned i = 0; hit->part == RIG_HEADER && i < oracle->count; i++) {
        oracle->flows[i].from_free = true;
        oracle->flows[i].loose |= oracle->rig->core.config.receive == WM_RECEIVE_ACTIVE &&
                                  oracle->rig->core.config.ring_bytes <= 2 * FRAME_MAX;
    }
}

void oracle_look(struct oracle *oracle)
{
    for (unsigned i = 0; !oracle->rig->fake.radio.associated && i < oracle->count; i++)
        oracle->flows[i].air |= oracle->flows[i].handle > 0 || oracle->flows[i].waiting > 0;
    oracle_look_clients(oracle);
}

struct flow *oracle_open(struct oracle *oracle, uint16_t port, bool udp, const struct wm_op *op)
{
    if (oracle->dialled == ORACLE_DIALLED)
        return NULL;
    oracle->dialled++;
    struct flow *flow = &oracle->flows[oracle->count++];
    *flow = (struct flow){.port = port, .udp = udp, .opening = op};
    return flow;
}

void oracle_opened(struct oracle *oracle, struct flow *flow, int result)
{
    flow->opening = NULL;
    flow->handle = result > 0 ? result : 0;
    flow->was_open = result > 0;
    if (result > 0 && !oracle_peer(oracle, flow) && !flow->tx_free)
        oracle_blame(oracle, flow, "is open, and the module never called its peer");
    else if (result > 0 && !flow->tx_free && strcmp(oracle_peer(oracle, flow)->sni, flow->sni) != 0)
        oracle_blame(oracle, flow, "its peer was called \"%s\", not \"%s\"",
                     oracle_peer(oracle, flow)->sni, flow->sni);
}

void oracle_closed(struct flow *flow)
{
    flow->handle = flow->waiting = 0;
}

struct fake_peer *oracle_peer(const struct oracle *oracle, const struct flow *flow)
{
    struct fake_port *fake = &oracle->rig->fake;
    if (flow->client)
        return flow->peer;
    for (size_t i = fake->peer_count; i-- > 0;) {
        if (fake->peers[i].port == flow->port && fake->peers[i].datagram == flow->udp)
            return &fake->peers[i];
    }
    return NULL;
}

static size_t differing(const unsigned char *a, const unsigned char *b, size_t len)
{
    size_t count = 0;
    if (len == 0 || memcmp(a, b, len) == 0)
        return 0;
    for (size_t i = 0; i < len; i++)
        count += a[i] != b[i];
    return count;
}

/* Are they the same, but for what was flipped? */
static bool same(unsigned *flips, const unsigned char *a, const unsigned char *b, size_t len)
{
    size_t wrong = differing(a, b, len);
    if (wrong > *flips)
        return false;
    *flips -= (unsigned)wrong;
    return true;
}

/* The end of file comes behind the last byte, unless the connection was broken or the network went
 * away. */
static void check_end(struct oracle *oracle, struct flow *flow, const struct fake_peer *peer)
{
    flow->ended = true;
    if (flow->end_free)
        return;
    if (!peer->closed && !peer->ended)
        oracle_blame(oracle, flow, "ended, and neither side has ended it");
    if (flow->delivered < peer->taken)
        oracle_blame(oracle, flow, "ended after %zu bytes, the module took %zu", flow->delivered,
                     peer->taken);
    if (peer->ended && !peer->reset && !flow->air && flow->delivered < peer->to_module.len)
        oracle_blame(oracle, flow, "ended after %zu bytes of %zu", flow->delivered,
                     peer->to_module.len);
}

bool oracle_allows(const struct oracle *oracle, const struct flow *flow, int error)
{
    const struct wm_core *core = &oracle->rig->core;
    bool passive = core->config.receive != WM_RECEIVE_ACTIVE;
    if (!flow)
        return false;
    if (error == WM_ERR_OVERFLOW)
        return core->profile.passive_discards && passive && !flow->stream;
    return error == WM_ERR_MANGLED && core->profile.zeros_lost && (!flow->stream || flow->rx_free);
}

static void failed(struct oracle *oracle, struct flow *flow, int error)
{
    flow->error = error;
    if (error == WM_ERR_PROTO && wm_core_stats(&oracle->rig->core)->losses == 0)
        oracle_blame(oracle, flow, "failed, and no loss was counted");
    if (error != WM_ERR_PROTO && error != WM_ERR_RESET && error != WM_ERR_IO &&
        error != WM_ERR_UNKNOWN_DELIVERY && !oracle_allows(oracle, flow, error))
        oracle_blame(oracle, flow, "failed with %s", wm_err_name(error));
}

/* The errors that say something about the call alone. */
static bool of_the_call(int result)
{
    return result == WM_ERR_TIMEOUT || result == WM_ERR_CANCELLED || result == WM_ERR_ARG ||
           result == WM_ERR_CLOSED || result == WM_ERR_NOMEM;
}

void oracle_check_bytes(struct oracle *oracle, struct flow *flow, const unsigned char *bytes,
                        size_t len)
{
    const struct fake_peer *peer = oracle_peer(oracle, flow);
    bool right = flow->delivered + len <= peer->taken &&
                 same(&flow->rx_flips, bytes, peer->to_module.data + flow->delivered, len);
    if (!right && !flow->loose)
        oracle_blame(oracle, flow, "wrong bytes were delivered in silence, behind byte %zu",
                     flow->delivered);
    flow->doomed |= !right;
    flow->delivered += len;
}

void oracle_received(struct oracle *oracle, struct flow *flow, const void *bytes, int result)
{
    size_t len = result > 0 ? (size_t)result : 0;
    if (result < 0 && !of_the_call(result))
        failed(oracle, flow, result);
    if (result < 0 || flow->rx_free || flow->doomed)
        return;
    size_t name = flow->client ? oracle_name(oracle, flow, bytes, len) : 0;
    const struct fake_peer *peer = oracle_peer(oracle, flow);
    if (result == 0 && peer)
        check_end(oracle, flow, peer);
    else if (flow->ended && result > 0)
        oracle_blame(oracle, flow, "%d bytes behind the end of file", result);
    else if (peer && len > name)
        oracle_check_bytes(oracle, flow, (const unsigned char *)bytes + name, len - name);
    flow->ended |= result == 0;
}

/* Where a datagram of the peer begins. */
static const unsigned char *coming(const struct fake_peer *peer, size_t which)
{
    size_t at = 0;
    for (size_t i = 0; i < which; i++)
        at += peer->coming[i].len;
    return peer->to_module.data + at;
}

/* Is this the datagram, or the part of it that is due? */
static bool fits(struct flow *flow, const struct fake_peer *peer, size_t which,
                 const unsigned char *bytes, size_t len, bool cut)
{
    size_t at = which == flow->delivered ? flow->delivered_of : 0;
    size_t left = peer->coming[which].len - at;
    if (len > left || (!cut && (at > 0 || len != left)))
        return false;
    if (!same(&flow->rx_flips, bytes, coming(peer, which) + at, len))
        return false;
    flow->delivered = which + (len == left);
    flow->delivered_of = len == left ? 0 : at + len;
    return true;
}

void oracle_datagram(struct oracle *oracle, struct flow *flow, const void *bytes, int result,
                     const struct wm_datagram *from)
{
    const struct fake_peer *peer = oracle_peer(oracle, flow);
    if (result < 0 && !of_the_call(result))
        failed(oracle, flow, result);
    if (result <= 0 || flow->rx_free || flow->doomed || !peer)
        return;
    for (size_t i = flow->delivered; i < peer->coming_taken; i++) {
        if (!fits(flow, peer, i, bytes, (size_t)result, from->cut))
            continue;
        bool unsaid = oracle->mute && from->port == 0;
        if (!flow->from_free && !unsaid && from->port != peer->coming[i].peer.port)
            oracle_blame(oracle, flow, "a datagram of port %u came from %u",
                         peer->coming[i].peer.port, from->port);
        return;
    }
    oracle_blame(oracle, flow, "a datagram of %d bytes that nobody sent so%s", result,
                 from->cut ? ", cut" : "");
}

void oracle_append(struct fake_bytes *to, const void *bytes, size_t len)
{
    if (to->len + len > to->cap) {
        to->cap = 2 * (to->len + len);
        to->data = realloc(to->data, to->cap);
    }
    if (len > 0)
        memcpy(to->data + to->len, bytes, len);
    to->len += len;
}

/* What the module has handed to the peer must be what was given: all of it, or, where a call that
 * failed gave the link up, at least what was confirmed. */
static void check_stream(struct oracle *oracle, struct flow *flow, bool dead)
{
    const struct fake_peer *peer = oracle_peer(oracle, flow);
    size_t len = peer ? peer->received.len : 0, given = flow->given.len;
    if (flow->tx_free || !peer)
        return;
    if (len < given || (len > given && !dead)) {
        oracle_blame(oracle, flow, "%zu bytes were sent, the peer got %zu", given, len);
        return;
    }
    if (differing(peer->received.data, flow->given.data, given) > flow->tx_flips)
        oracle_blame(oracle, flow, "the peer got wrong bytes");
}

void oracle_sent(struct oracle *oracle, struct flow *flow, const void *bytes, size_t len,
                 int result)
{
    struct wm_link_info info;
    if (result >= 0 && (size_t)result != len)
        oracle_blame(oracle, flow, "%d of %zu bytes sent", result, len);
    if (wm_core_link_info(&oracle->rig->core, flow->handle, &info) < 0)
        return; /* given back meanwhile */
    bool dead = info.state != WM_LINK_OPEN;
    flow->error = result < 0 ? info.error : flow->error;
    if (info.sent_bytes < flow->given.len || info.sent_bytes - flow->given.len > len ||
        (result >= 0 && info.sent_bytes - flow->given.len != len))
        oracle_blame(oracle, flow, "%u bytes confirmed", (unsigned)info.sent_bytes);
    else
        oracle_append(&flow->given, bytes, (size_t)info.sent_bytes - flow->given.len);
    check_stream(oracle, flow, dead);
}

void oracle_sent_datagram(struct oracle *oracle, struct flow *flow, const void *bytes, size_t len,
                          int result)
{
    const struct fake_peer *peer = oracle_peer(oracle, flow);
    size_t at = 0;
    flow->doubtful += result < 0;
    if (result < 0 || flow->tx_free || !peer)
        return;
    for (size_t i = 0; i < peer->sent_count; at += peer->sent[i++].len) {
        if (i < flow->sent || peer->sent[i].len != len ||
            !same(&flow->tx_flips, peer->received.data + at, bytes, len))
            continue;
        flow->stray += i - flow->sent;
        flow->sent = i + 1;
        return;
    }
    oracle_blame(oracle, flow, "a datagram of %zu bytes was not sent so", len);
}

static void judge_stream(struct oracle *oracle, struct flow *flow, const struct fake_peer *peer)
{
    struct wm_link_info info;
    if (wm_core_link_info(&oracle->rig->core, flow->handle, &info) < 0)
        return;
    if (info.state != WM_LINK_FAILED && flow->doomed && !flow->rx_free)
        oracle_blame(oracle, flow, "a damaged frame did not fail it");
    if (info.state == WM_LINK_FAILED && !flow->error && !flow->ended)
        oracle_blame(oracle, flow, "failed, and no call was told");
    if (info.state == WM_LINK_OPEN)
        check_stream(oracle, flow, false);
    if (info.state == WM_LINK_OPEN && !flow->rx_free && !flow->end_free &&
        flow->delivered < peer->to_module.len)
        oracle_blame(oracle, flow, "is open, and %zu bytes of %zu came", flow->delivered,
                     peer->to_module.len);
    if (info.state == WM_LINK_OPEN && !flow->end_free && peer->closed)
        oracle_blame(oracle, flow, "is open, and the module closed it");
}

static void judge_datagrams(struct oracle *oracle, struct flow *flow, const struct fake_peer *peer)
{
    size_t stray = flow->stray + peer->sent_count - flow->sent;
    if (stray > flow->doubtful && !flow->tx_free)
        oracle_blame(oracle, flow, "%zu datagrams that nobody sent, %zu sends failed", stray,
                     flow->doubtful);
}

void oracle_judge(struct oracle *oracle)
{
    for (unsigned i = 0; i < oracle->count; i++) {
        struct flow *flow = &oracle->flows[i];
        const struct fake_peer *peer = oracle_peer(oracle, flow);
        if (flow->stream)
            continue;
        if (peer && flow->udp)
            judge_datagrams(oracle, flow, peer);
        else if (peer)
            judge_stream(oracle, flow, peer);
    }
    oracle_judge_clients(oracle);
    oracle_judge_stream(oracle);
}
