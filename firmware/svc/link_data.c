/* Links: payload in both directions. */
#include "link.h"

#include <string.h>

#include "trace.h"

static int send_datagram(struct fw_links *links, struct fw_link *link, const void *data, size_t len,
                         const struct fw_endpoint *remote)
{
    return links->port->net->send_to(links->port->net_ctx, link->sock,
                                     remote != NULL ? remote : &link->remote, data, len);
}

static int hand_over(struct fw_links *links, struct fw_link *link, const void *data, size_t len,
                     const struct fw_endpoint *remote)
{
    if (fw_link_is_datagram(link->type)) {
        return send_datagram(links, link, data, len, remote);
    }
    if (link->tls != NULL) {
        return fw_tls_send(link->tls, data, len);
    }
    return links->port->net->send(links->port->net_ctx, link->sock, data, len);
}

int fw_link_send(struct fw_links *links, unsigned id, const void *data, size_t len,
                 const struct fw_endpoint *remote, uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];
    int sent;

    if (link->state != FW_LINK_OPEN) {
        return FW_IO_FAIL;
    }
    sent = hand_over(links, link, data, len, remote);
    if (sent >= 0) {
        link->traffic_ms = now_ms;
    }
    link->wants_to_send = sent == FW_IO_AGAIN;
    fw_link_update_wants(links, id);
    return sent;
}

void fw_link_abandon_send(struct fw_links *links, unsigned id)
{
    if (links->link[id].tls != NULL) {
        fw_tls_abandon_send(links->link[id].tls);
    }
}

void fw_link_stop_waiting(struct fw_links *links, unsigned id)
{
    links->link[id].wants_to_send = false;
    fw_link_update_wants(links, id);
}

size_t fw_link_next(struct fw_link *link, size_t max, struct fw_endpoint *from)
{
    size_t len = link->rx_payload;

    *from = link->remote;
    if (len == 0) {
        return 0;
    }
    if (fw_link_is_datagram(link->type) && link->merged) {
        *from = link->front.from;
    } else if (fw_link_is_datagram(link->type)) {
        if (link->front.len == 0) {
            fw_ring_read(&link->rx, &link->front, sizeof link->front);
        }
        *from = link->front.from;
        len = link->front.len;
    }
    return len < max ? len : max;
}

size_t fw_link_peek(const struct fw_link *link, const unsigned char **bytes)
{
    return fw_ring_peek(&link->rx, bytes);
}

void fw_link_consumed(struct fw_link *link, size_t len)
{
    fw_ring_consumed(&link->rx, len);
    link->rx_payload -= len;
    if (fw_link_is_datagram(link->type) && !link->merged) {
        link->front.len -= len;
    }
    if (link->rx_payload == 0) {
        link->overhead = 0;
    }
}

/* Spec, CIPSTART <mode>: who is talked to from now on. */
static void follow(struct fw_link *link, const struct fw_endpoint *from)
{
    bool other = memcmp(&link->remote.addr, &from->addr, sizeof from->addr) != 0 ||
                 link->remote.port != from->port;

    if (link->udp_mode == FW_UDP_FOLLOW ||
        (link->udp_mode == FW_UDP_ONCE && !link->udp_moved && other)) {
        link->remote = *from;
        link->udp_moved = true;
    }
}

/* Datagrams are taken whether there is room or not: what the window can't hold is lost (spec,
 * CIPRECVMODE), and so is what no frame could carry. True when it was kept. */
static bool keep_datagram(struct fw_links *links, struct fw_link *link, size_t len,
                          const struct fw_endpoint *from)
{
    struct fw_datagram head = {.len = len, .from = *from};

    follow(link, from);
    if (len == 0) {
        fw_trace(links->port, "datagram", "empty: nothing to deliver");
    } else if (len > AT_IPD_MAX) {
        fw_trace(links->port, "datagram", "lost: longer than a frame");
    } else if (sizeof head + len > sizeof link->rx.bytes - link->rx.used) {
        fw_trace(links->port, "datagram", "lost: the receive window is full");
    } else {
        fw_ring_write(&link->rx, &head, sizeof head);
        fw_ring_write(&link->rx, links->datagram, len);
        link->rx_payload += len;
        return true;
    }
    return false;
}

static int take_datagram(struct fw_links *links, struct fw_link *link, struct fw_endpoint *from)
{
    return links->port->net->recv_from(links->port->net_ctx, link->sock, from, links->datagram,
                                       sizeof links->datagram);
}

/* How a piece comes from the network into links->datagram, and whether it is kept there. */
typedef int (*take_fn)(struct fw_links *links, struct fw_link *link, struct fw_endpoint *from);
typedef bool (*keep_fn)(struct fw_links *links, struct fw_link *link, size_t len,
                        const struct fw_endpoint *from);

/* Some at a time, and none that was lost counts as news, so that a flood does not keep the rest of
 * the module waiting. */
static bool receive_pieces(struct fw_links *links, struct fw_link *link, take_fn take, keep_fn keep,
                           uint64_t now_ms, bool *ended)
{
    enum { AT_ONCE = 16 };
    struct fw_endpoint from = {.port = 0};
    bool kept = false;
    int got = 0;

    for (int i = 0; i < AT_ONCE; i++) {
        got = take(links, link, &from);
        if (got < 0) {
            break;
        }
        link->traffic_ms = now_ms;
        kept |= keep(links, link, (size_t)got, &from);
    }
    *ended = got == FW_IO_FAIL;
    return kept;
}

static int receive_piece(struct fw_links *links, struct fw_link *link, void *space, size_t room)
{
    if (link->tls == NULL) {
        return links->port->net->recv(links->port->net_ctx, link->sock, space, room);
    }
    return fw_tls_recv(link->tls, space, room);
}

/* Fills the window and stops there: what it can't hold stays in the network. */
static bool receive_stream(struct fw_links *links, struct fw_link *link, uint64_t now_ms,
                           bool *ended)
{
    unsigned char *space;
    size_t room;
    bool changed = false;

    while ((room = fw_ring_space(&link->rx, &space)) > 0) {
        uint64_t before = link->tls != NULL ? fw_tls_overhead(link->tls) : 0;
        int got = receive_piece(links, link, space, room);

        if (got == FW_IO_AGAIN) {
            break;
        }
        if (got <= 0) {
            *ended = true;
            break;
        }
        fw_ring_produced(&link->rx, (size_t)got);
        link->rx_payload += (size_t)got;
        link->overhead += link->tls != NULL ? fw_tls_overhead(link->tls) - before : 0;
        link->traffic_ms = now_ms;
        changed = true;
        if (link->tls == NULL && (size_t)got < room) {
            break; /* nothing more waits */
        }
    }
    return changed;
}

/* One that is longer than all that can be delivered loses its end. */
static int receive_datagram(struct fw_links *links, struct fw_link *link, struct fw_endpoint *from)
{
    int got = links->port->net->recv_from(links->port->net_ctx, link->sock, from, links->datagram,
                                          AT_RECV_WINDOW);

    if (got < 0) {
        return got;
    }
    follow(link, from);
    if (got == 0) {
        fw_trace(links->port, "datagram", "empty: nothing to deliver");
        return links->empty_ends ? FW_IO_FAIL : FW_IO_AGAIN;
    }
    return got < AT_RECV_WINDOW ? got : AT_RECV_WINDOW;
}

int fw_link_receive_piece(struct fw_links *links, struct fw_link *link, struct fw_endpoint *from)
{
    int got;

    if (fw_link_is_datagram(link->type)) {
        return receive_datagram(links, link, from);
    }
    *from = link->remote;
    got = receive_piece(links, link, links->datagram, AT_RECV_WINDOW);
    return got == 0 ? FW_IO_FAIL : got;
}

static bool keep_piece(struct fw_links *links, struct fw_link *link, size_t len,
                       const struct fw_endpoint *from)
{
    size_t room = sizeof link->rx.bytes - link->rx.used;
    size_t kept = len < room ? len : room;

    if (link->rx_payload == 0) {
        link->notice = len;
        link->announced = false;
    }
    if (kept < len) {
        fw_trace(links->port, "receive", "bytes lost: the buffer is full");
    }
    link->front.from = *from;
    fw_ring_write(&link->rx, links->datagram, kept);
    link->rx_payload += kept;
    return kept > 0;
}

bool fw_link_receive(struct fw_links *links, unsigned id, uint64_t now_ms, bool *ended)
{
    struct fw_link *link = &links->link[id];

    *ended = false;
    if (links->receiving == FW_RECEIVE_DIRECT) {
        return false;
    }
    if (links->receiving == FW_RECEIVE_DISCARDING) {
        return receive_pieces(links, link, fw_link_receive_piece, keep_piece, now_ms, ended);
    }
    if (fw_link_is_datagram(link->type)) {
        return receive_pieces(links, link, take_datagram, keep_datagram, now_ms, ended);
    }
    return receive_stream(links, link, now_ms, ended);
}

static bool has_room(const struct fw_links *links, const struct fw_link *link)
{
    switch (links->receiving) {
    case FW_RECEIVE_DIRECT:
        return links->accepting;
    case FW_RECEIVE_DISCARDING:
        return true;
    default:
        return fw_link_is_datagram(link->type) || link->rx.used < sizeof link->rx.bytes;
    }
}

void fw_link_update_wants(struct fw_links *links, unsigned id)
{
    const struct fw_link *link = &links->link[id];
    bool room = has_room(links, link);
    unsigned flags = 0;

    if (link->state != FW_LINK_OPEN) {
        return;
    }
    flags |= room ? FW_WANT_READ : 0;
    flags |= link->wants_to_send ? FW_WANT_WRITE : 0;
    links->port->net->want(links->port->net_ctx, link->sock, flags);
}
