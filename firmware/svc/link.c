#include "link.h"

#include <string.h>

#include "addr.h"
#include "trace.h"

static const struct {
    const char *name;
    enum fw_family family;
} types[FW_LINK_TYPES] = {
    [FW_LINK_TCP] = {"TCP", FW_IPV4},
    [FW_LINK_TCPV6] = {"TCPv6", FW_IPV6},
};

enum event {
    EVENT_RESOLVE,
    EVENT_CONNECT,
    EVENT_OPENED,
    EVENT_FAIL,
    EVENT_END,
    EVENT_FREE,
};

static const struct {
    enum fw_link_state state;
    enum event event;
    enum fw_link_state next;
} transitions[] = {
    {FW_LINK_FREE, EVENT_RESOLVE, FW_LINK_RESOLVING},
    {FW_LINK_FREE, EVENT_CONNECT, FW_LINK_CONNECTING},
    {FW_LINK_FREE, EVENT_FAIL, FW_LINK_FAILED},
    {FW_LINK_RESOLVING, EVENT_CONNECT, FW_LINK_CONNECTING},
    {FW_LINK_RESOLVING, EVENT_FAIL, FW_LINK_FAILED},
    {FW_LINK_RESOLVING, EVENT_FREE, FW_LINK_FREE},
    {FW_LINK_CONNECTING, EVENT_OPENED, FW_LINK_OPEN},
    {FW_LINK_CONNECTING, EVENT_FAIL, FW_LINK_FAILED},
    {FW_LINK_CONNECTING, EVENT_FREE, FW_LINK_FREE},
    {FW_LINK_OPEN, EVENT_END, FW_LINK_ENDED},
    {FW_LINK_OPEN, EVENT_FREE, FW_LINK_FREE},
    {FW_LINK_ENDED, EVENT_FREE, FW_LINK_FREE},
    {FW_LINK_FAILED, EVENT_FREE, FW_LINK_FREE},
};

static const char *const state_names[FW_LINK_STATES] = {
    [FW_LINK_FREE] = "free", [FW_LINK_RESOLVING] = "resolving", [FW_LINK_CONNECTING] = "connecting",
    [FW_LINK_OPEN] = "open", [FW_LINK_ENDED] = "ended",         [FW_LINK_FAILED] = "failed",
};

/* The only place that changes the state; false when the event means nothing there. */
static bool step(struct fw_links *links, unsigned id, enum event event)
{
    static const char *const subjects[AT_LINKS] = {"link 0", "link 1", "link 2", "link 3",
                                                   "link 4"};
    struct fw_link *link = &links->link[id];

    for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i++) {
        if (transitions[i].state == link->state && transitions[i].event == event) {
            link->state = transitions[i].next;
            fw_trace(links->port, subjects[id], state_names[link->state]);
            return true;
        }
    }
    return false;
}

const char *fw_link_type_name(enum fw_link_type type)
{
    return types[type].name;
}

void fw_links_init(struct fw_links *links, const struct fw_port *port)
{
    memset(links, 0, sizeof *links);
    links->port = port;
    for (unsigned id = 0; id < AT_LINKS; id++) {
        links->link[id].sock = -1;
    }
}

static void drop_socket(struct fw_links *links, unsigned id)
{
    struct fw_link *link = &links->link[id];

    if (link->sock >= 0) {
        links->port->net->close(links->port->net_ctx, link->sock, FW_CLOSE_BACKGROUND);
        link->sock = -1;
    }
    links->wants_to_send[id] = false;
}

static void fail(struct fw_links *links, unsigned id, const char *reason)
{
    fw_trace(links->port, "connect", reason);
    drop_socket(links, id);
    step(links, id, EVENT_FAIL);
}

static void check_connected(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];
    int result = links->port->net->connect(links->port->net_ctx, link->sock, &link->remote);

    if (result >= 0) {
        link->local_port = links->port->net->local_port(links->port->net_ctx, link->sock);
        step(links, id, EVENT_OPENED);
    } else if (result != FW_IO_AGAIN) {
        fail(links, id, "refused or unreachable");
    } else if (now_ms >= link->deadline_ms) {
        fail(links, id, "no answer in time");
    } else {
        links->port->net->want(links->port->net_ctx, link->sock, FW_WANT_WRITE);
    }
}

static void start_connect(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    const struct fw_port *port = links->port;
    struct fw_link *link = &links->link[id];

    step(links, id, EVENT_CONNECT);
    link->sock = port->net->open(port->net_ctx, types[link->type].family);
    if (link->sock < 0) {
        fail(links, id, "no socket left");
        return;
    }
    if (link->local.family != 0 && port->net->bind(port->net_ctx, link->sock, &link->local) < 0) {
        fail(links, id, "the local address can't be bound");
        return;
    }
    if (link->keep_alive_s > 0) {
        port->net->keep_alive(port->net_ctx, link->sock, link->keep_alive_s);
    }
    link->deadline_ms = now_ms + FW_LINK_CONNECT_MS;
    check_connected(links, id, now_ms);
}

static void start_resolve(struct fw_links *links, unsigned id, const char *host, uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];

    link->query = links->port->dns->start(links->port->dns_ctx, host, types[link->type].family);
    if (link->query < 0) {
        fail(links, id, "the name can't be asked for");
        return;
    }
    link->deadline_ms = now_ms + FW_LINK_CONNECT_MS;
    step(links, id, EVENT_RESOLVE);
}

static void check_resolved(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];
    int result = links->port->dns->result(links->port->dns_ctx, link->query, &link->remote.addr);

    if (result >= 0) {
        start_connect(links, id, now_ms);
    } else if (result != FW_IO_AGAIN) {
        fail(links, id, "no such name");
    } else if (now_ms >= link->deadline_ms) {
        links->port->dns->cancel(links->port->dns_ctx, link->query);
        fail(links, id, "no answer from the name server");
    }
}

void fw_link_start(struct fw_links *links, unsigned id, const struct fw_link_request *request,
                   uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];

    link->type = request->type;
    link->remote = (struct fw_endpoint){.port = request->port};
    link->local = request->local;
    link->local_port = 0;
    link->keep_alive_s = request->keep_alive_s;
    link->reported = false;
    link->announced = false;
    link->server = false;
    link->rx.head = link->rx.used = 0;
    if (!fw_addr_parse(request->host, strlen(request->host), &link->remote.addr)) {
        start_resolve(links, id, request->host, now_ms);
    } else if (link->remote.addr.family != types[link->type].family) {
        fail(links, id, "an address of the other family");
    } else {
        start_connect(links, id, now_ms);
    }
}

void fw_link_close(struct fw_links *links, unsigned id)
{
    struct fw_link *link = &links->link[id];

    if (link->state == FW_LINK_RESOLVING) {
        links->port->dns->cancel(links->port->dns_ctx, link->query);
    }
    drop_socket(links, id);
    link->rx.head = link->rx.used = 0;
    link->reported = false;
    step(links, id, EVENT_FREE);
}

void fw_link_abort(struct fw_links *links, unsigned id)
{
    struct fw_link *link = &links->link[id];

    if (link->state == FW_LINK_RESOLVING) {
        links->port->dns->cancel(links->port->dns_ctx, link->query);
    }
    drop_socket(links, id);
    if (!step(links, id, EVENT_END) && link->state != FW_LINK_FREE) {
        step(links, id, EVENT_FAIL);
    }
}

static void update_wants(struct fw_links *links, unsigned id)
{
    const struct fw_link *link = &links->link[id];
    unsigned flags = 0;

    if (link->state != FW_LINK_OPEN) {
        return;
    }
    if (link->rx.used < sizeof link->rx.bytes) {
        flags |= FW_WANT_READ;
    }
    if (links->wants_to_send[id]) {
        flags |= FW_WANT_WRITE;
    }
    links->port->net->want(links->port->net_ctx, link->sock, flags);
}

int fw_link_send(struct fw_links *links, unsigned id, const void *data, size_t len)
{
    struct fw_link *link = &links->link[id];
    int sent;

    if (link->state != FW_LINK_OPEN) {
        return FW_IO_FAIL;
    }
    sent = links->port->net->send(links->port->net_ctx, link->sock, data, len);
    links->wants_to_send[id] = sent == FW_IO_AGAIN;
    update_wants(links, id);
    return sent;
}

/* Fills the receive window and stops there: what it can't hold stays in the network. */
static bool receive(struct fw_links *links, unsigned id)
{
    struct fw_link *link = &links->link[id];
    unsigned char *space;
    size_t room;
    bool changed = false;

    while ((room = fw_ring_space(&link->rx, &space)) > 0) {
        int got = links->port->net->recv(links->port->net_ctx, link->sock, space, room);

        if (got == FW_IO_AGAIN) {
            return changed;
        }
        if (got <= 0) {
            drop_socket(links, id);
            step(links, id, EVENT_END);
            return true;
        }
        fw_ring_produced(&link->rx, (size_t)got);
        changed = true;
        if ((size_t)got < room) {
            break;
        }
    }
    return changed;
}

static bool poll_link(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];
    enum fw_link_state before = link->state;
    bool received = false;

    if (link->state == FW_LINK_RESOLVING) {
        check_resolved(links, id, now_ms);
    } else if (link->state == FW_LINK_CONNECTING) {
        check_connected(links, id, now_ms);
    }
    if (link->state == FW_LINK_OPEN) {
        received = receive(links, id);
        update_wants(links, id);
    }
    return received || link->state != before;
}

bool fw_links_poll(struct fw_links *links, uint64_t now_ms)
{
    bool changed = false;

    for (unsigned id = 0; id < AT_LINKS; id++) {
        changed |= poll_link(links, id, now_ms);
    }
    return changed;
}

uint64_t fw_links_deadline(const struct fw_links *links)
{
    uint64_t first = FW_NEVER;

    for (unsigned id = 0; id < AT_LINKS; id++) {
        const struct fw_link *link = &links->link[id];
        bool waits = link->state == FW_LINK_RESOLVING || link->state == FW_LINK_CONNECTING;

        if (waits && link->deadline_ms < first) {
            first = link->deadline_ms;
        }
    }
    return first;
}

bool fw_links_all_free(const struct fw_links *links)
{
    for (unsigned id = 0; id < AT_LINKS; id++) {
        if (links->link[id].state != FW_LINK_FREE) {
            return false;
        }
    }
    return true;
}

int fw_links_find_free(const struct fw_links *links)
{
    for (unsigned id = 0; id < AT_LINKS; id++) {
        if (links->link[id].state == FW_LINK_FREE) {
            return (int)id;
        }
    }
    return -1;
}

bool fw_link_exists(const struct fw_links *links, unsigned id)
{
    return links->link[id].state == FW_LINK_OPEN || links->link[id].state == FW_LINK_ENDED;
}
