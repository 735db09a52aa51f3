/* Links: how they open and end. */
#include "link.h"

#include <string.h>

#include "link_state.h"
#include "trace.h"

static const struct fw_link_options default_options = {.linger_s = -1};

void fw_links_init(struct fw_links *links, const struct fw_port *port, const struct fw_clock *clock)
{
    memset(links, 0, sizeof *links);
    links->port = port;
    links->clock = clock;
    for (unsigned id = 0; id < AT_LINKS; id++) {
        links->link[id].sock = -1;
        links->options[id] = default_options;
    }
}

static void drop_socket(struct fw_links *links, unsigned id, enum fw_close how)
{
    struct fw_link *link = &links->link[id];

    fw_tls_close(link->tls);
    link->tls = NULL;
    if (link->sock >= 0) {
        links->port->net->close(links->port->net_ctx, link->sock, how);
        link->sock = -1;
    }
    link->wants_to_send = false;
}

static void forget_received(struct fw_link *link)
{
    fw_ring_clear(&link->rx);
    link->rx_payload = 0;
    link->front.len = 0;
    link->overhead = 0;
}

static void fail(struct fw_links *links, unsigned id, const char *reason)
{
    fw_trace(links->port, "connect", reason);
    drop_socket(links, id, FW_CLOSE_BACKGROUND);
    fw_link_step(links, id, FW_LINK_EVENT_FAIL);
}

static void opened(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];

    if (!link->server) {
        link->local_port = links->port->net->local_port(links->port->net_ctx, link->sock);
    }
    link->traffic_ms = now_ms;
    fw_link_step(links, id, FW_LINK_EVENT_OPENED);
}

static void check_handshake(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];
    const char *reason = "";
    unsigned before = fw_tls_progress(link->tls);
    int result = fw_tls_handshake(link->tls, &reason);

    if (fw_tls_progress(link->tls) != before) {
        link->deadline_ms = now_ms + FW_LINK_CONNECT_MS;
    }
    if (result >= 0) {
        opened(links, id, now_ms);
    } else if (result != FW_IO_AGAIN) {
        fail(links, id, reason);
    } else if (now_ms >= link->deadline_ms) {
        fail(links, id, "the TLS handshake took too long");
    } else {
        links->port->net->want(links->port->net_ctx, link->sock, fw_tls_wants(link->tls));
    }
}

static void begin_handshake(struct fw_links *links, unsigned id, struct fw_tls *tls,
                            const char *reason, uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];

    link->tls = tls;
    link->deadline_ms = now_ms + FW_LINK_CONNECT_MS;
    fw_link_step(links, id, FW_LINK_EVENT_HANDSHAKE);
    if (tls == NULL) {
        fail(links, id, reason);
    } else {
        check_handshake(links, id, now_ms);
    }
}

static struct fw_tls_config tls_config(const struct fw_links *links, unsigned id)
{
    struct fw_tls_config config = links->tls[id];

    if (links->common_name_is_sni) {
        memcpy(config.sni, config.common_name, sizeof config.sni);
    }
    return config;
}

static void connected(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];
    struct fw_tls_config config;
    const char *reason = "";
    struct fw_tls *tls;

    if (!fw_link_is_ssl(link->type)) {
        opened(links, id, now_ms);
        return;
    }
    config = tls_config(links, id);
    tls = fw_tls_connect(links->port, link->sock, &config, fw_clock_unix_s(links->clock, now_ms),
                         &reason);
    begin_handshake(links, id, tls, reason, now_ms);
}

static void check_connected(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];
    int result = links->port->net->connect(links->port->net_ctx, link->sock, &link->remote);

    if (result >= 0) {
        connected(links, id, now_ms);
    } else if (result != FW_IO_AGAIN) {
        fail(links, id, "refused or unreachable");
    } else if (now_ms >= link->deadline_ms) {
        fail(links, id, "no answer in time");
    } else {
        links->port->net->want(links->port->net_ctx, link->sock, FW_WANT_WRITE);
    }
}

void fw_link_apply_options(struct fw_links *links, unsigned id)
{
    const struct fw_port *port = links->port;
    const struct fw_link_options *options = &links->options[id];
    const struct fw_link *link = &links->link[id];

    if (link->sock >= 0 && !fw_link_is_datagram(link->type)) {
        port->net->keep_alive(port->net_ctx, link->sock, options->keep_alive_s);
        port->net->no_delay(port->net_ctx, link->sock, options->no_delay);
    }
}

static void open_datagram(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    const struct fw_port *port = links->port;
    struct fw_link *link = &links->link[id];

    link->sock = port->net->open_datagram(port->net_ctx, &link->local, &link->remote);
    if (link->sock < 0) {
        fail(links, id, "the local address or port can't be used");
    } else {
        opened(links, id, now_ms);
    }
}

static void open_stream(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    const struct fw_port *port = links->port;
    struct fw_link *link = &links->link[id];

    link->sock = port->net->open(port->net_ctx, fw_link_family(link->type));
    if (link->sock < 0) {
        fail(links, id, "no socket left");
        return;
    }
    if (link->local.addr.family != 0 &&
        port->net->bind(port->net_ctx, link->sock, &link->local.addr) < 0) {
        fail(links, id, "the local address can't be bound");
        return;
    }
    fw_link_apply_options(links, id);
    link->deadline_ms = now_ms + FW_LINK_CONNECT_MS;
    check_connected(links, id, now_ms);
}

static void start_connect(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    fw_link_step(links, id, FW_LINK_EVENT_CONNECT);
    if (fw_link_is_datagram(links->link[id].type)) {
        open_datagram(links, id, now_ms);
    } else {
        open_stream(links, id, now_ms);
    }
}

static void check_resolved(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];
    int result = fw_lookup_poll(&link->lookup, now_ms, &link->remote.addr);

    if (result >= 0) {
        start_connect(links, id, now_ms);
    } else if (result != FW_IO_AGAIN) {
        link->unresolved = true;
        fail(links, id, link->lookup.reason);
    }
}

/* A free link begins: nothing of the one before is left. */
static void begin(struct fw_links *links, unsigned id, enum fw_link_type type)
{
    struct fw_link *link = &links->link[id];

    forget_received(link);
    link->generation++;
    link->type = type;
    link->remote = link->local = (struct fw_endpoint){.port = 0};
    link->local_port = 0;
    link->udp_mode = FW_UDP_FIXED;
    link->udp_moved = link->unresolved = false;
    link->merged = links->receiving != FW_RECEIVE_WINDOW;
    link->server = link->reported = link->announced = link->held = false;
}

void fw_link_start(struct fw_links *links, unsigned id, const struct fw_link_request *request,
                   uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];
    bool ipv4 = fw_link_family(request->type) == FW_IPV4;

    begin(links, id, request->type);
    link->remote.port = request->port;
    link->local = request->local;
    link->udp_mode = request->udp_mode;
    fw_lookup_start(&link->lookup, links->port, request->host, ipv4 ? FW_ONLY_IPV4 : FW_ONLY_IPV6,
                    now_ms);
    fw_link_step(links, id, FW_LINK_EVENT_RESOLVE);
    check_resolved(links, id, now_ms);
}

void fw_link_accept(struct fw_links *links, unsigned id, const struct fw_link_accepted *accepted,
                    uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];
    const char *reason = "";
    struct fw_tls *tls;

    begin(links, id, accepted->type);
    link->server = true;
    link->sock = accepted->sock;
    link->remote = accepted->peer;
    link->local_port = accepted->local_port;
    fw_link_apply_options(links, id);
    if (accepted->tls == NULL) {
        opened(links, id, now_ms);
        return;
    }
    tls = fw_tls_accept(accepted->tls, link->sock, fw_clock_unix_s(links->clock, now_ms), &reason);
    begin_handshake(links, id, tls, reason, now_ms);
}

void fw_link_reconnect(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    drop_socket(links, id, FW_CLOSE_BACKGROUND);
    start_connect(links, id, now_ms);
}

void fw_link_hold(struct fw_links *links, unsigned id)
{
    drop_socket(links, id, FW_CLOSE_BACKGROUND);
    links->link[id].held = fw_link_step(links, id, FW_LINK_EVENT_HOLD);
}

static bool was_open(const struct fw_link *link)
{
    return link->state == FW_LINK_OPEN || link->state == FW_LINK_CLOSING ||
           link->state == FW_LINK_ENDED;
}

static void free_link(struct fw_links *links, unsigned id, enum fw_close how)
{
    struct fw_link *link = &links->link[id];

    if (link->state == FW_LINK_FREE) {
        return;
    }
    if (links->forgets_options && was_open(link)) {
        links->options[id] = default_options;
    }
    fw_lookup_cancel(&link->lookup);
    drop_socket(links, id, how);
    forget_received(link);
    link->reported = false;
    fw_link_step(links, id, FW_LINK_EVENT_FREE);
}

void fw_link_close(struct fw_links *links, unsigned id)
{
    free_link(links, id, FW_CLOSE_BACKGROUND);
}

static void linger(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];

    fw_tls_close(link->tls);
    link->tls = NULL;
    links->port->net->shutdown(links->port->net_ctx, link->sock);
    links->port->net->want(links->port->net_ctx, link->sock, FW_WANT_READ);
    link->deadline_ms = now_ms + (uint64_t)links->options[id].linger_s * 1000;
    forget_received(link);
    fw_link_step(links, id, FW_LINK_EVENT_LINGER);
}

void fw_link_end(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    const struct fw_link *link = &links->link[id];
    int linger_s = links->options[id].linger_s;
    bool stream = link->state == FW_LINK_OPEN && !fw_link_is_datagram(link->type);

    if (stream && linger_s > 0) {
        linger(links, id, now_ms);
    } else {
        free_link(links, id, stream && linger_s == 0 ? FW_CLOSE_RESET : FW_CLOSE_BACKGROUND);
    }
}

void fw_link_abort(struct fw_links *links, unsigned id)
{
    struct fw_link *link = &links->link[id];

    fw_lookup_cancel(&link->lookup);
    drop_socket(links, id, FW_CLOSE_BACKGROUND);
    if (link->state == FW_LINK_CLOSING) {
        fw_link_close(links, id);
    } else if (!fw_link_step(links, id, FW_LINK_EVENT_END) && link->state != FW_LINK_FREE) {
        fw_link_step(links, id, FW_LINK_EVENT_FAIL);
    }
}

/* Lingering: what still comes is thrown away until the peer has ended its side, too. */
static void check_closed(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    enum { AT_ONCE = 16 };
    struct fw_link *link = &links->link[id];
    int got = 1;

    for (int i = 0; i < AT_ONCE && got > 0; i++) {
        got = links->port->net->recv(links->port->net_ctx, link->sock, links->datagram,
                                     sizeof links->datagram);
    }
    if (got == 0 || got == FW_IO_FAIL) {
        free_link(links, id, FW_CLOSE_BACKGROUND);
    } else if (now_ms >= link->deadline_ms) {
        fw_trace(links->port, "close", "the peer has not ended its side in time");
        free_link(links, id, FW_CLOSE_RESET);
    }
}

static bool exchange(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    bool ended;
    bool received = fw_link_receive(links, id, now_ms, &ended);

    if (ended) {
        drop_socket(links, id, FW_CLOSE_BACKGROUND);
        fw_link_step(links, id, FW_LINK_EVENT_END);
    } else {
        fw_link_update_wants(links, id);
    }
    return received;
}

size_t fw_link_take(struct fw_links *links, unsigned id, uint64_t now_ms, struct fw_endpoint *from)
{
    struct fw_link *link = &links->link[id];
    int got = link->state == FW_LINK_OPEN ? fw_link_receive_piece(links, link, from) : FW_IO_AGAIN;

    if (got == FW_IO_FAIL) {
        drop_socket(links, id, FW_CLOSE_BACKGROUND);
        fw_link_step(links, id, FW_LINK_EVENT_END);
    }
    if (got < 0) {
        return 0;
    }
    link->traffic_ms = now_ms;
    return (size_t)got;
}

static bool poll_link(struct fw_links *links, unsigned id, uint64_t now_ms)
{
    struct fw_link *link = &links->link[id];
    enum fw_link_state before = link->state;
    bool received = false;

    switch (link->state) {
    case FW_LINK_RESOLVING:
        check_resolved(links, id, now_ms);
        break;
    case FW_LINK_CONNECTING:
        check_connected(links, id, now_ms);
        break;
    case FW_LINK_HANDSHAKING:
        check_handshake(links, id, now_ms);
        break;
    case FW_LINK_OPEN:
        received = exchange(links, id, now_ms);
        break;
    case FW_LINK_CLOSING:
        check_closed(links, id, now_ms);
        break;
    default:
        break;
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

static uint64_t deadline_of(const struct fw_link *link)
{
    switch (link->state) {
    case FW_LINK_RESOLVING:
        return fw_lookup_deadline(&link->lookup);
    case FW_LINK_CONNECTING:
    case FW_LINK_HANDSHAKING:
    case FW_LINK_CLOSING:
        return link->deadline_ms;
    default:
        return FW_NEVER;
    }
}

uint64_t fw_links_deadline(const struct fw_links *links)
{
    uint64_t first = FW_NEVER;

    for (unsigned id = 0; id < AT_LINKS; id++) {
        uint64_t deadline_ms = deadline_of(&links->link[id]);

        first = deadline_ms < first ? deadline_ms : first;
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

int fw_links_find_free(const struct fw_links *links, unsigned kept)
{
    for (unsigned id = 0; id < AT_LINKS; id++) {
        if (links->link[id].state == FW_LINK_FREE && (kept >> id & 1) == 0) {
            return (int)id;
        }
    }
    return -1;
}

bool fw_links_tls_taken(const struct fw_links *links)
{
    for (unsigned id = 0; id < AT_LINKS && links->one_tls; id++) {
        if (links->link[id].state != FW_LINK_FREE && fw_link_is_ssl(links->link[id].type)) {
            return true;
        }
    }
    return false;
}

bool fw_link_exists(const struct fw_links *links, unsigned id)
{
    return links->link[id].state == FW_LINK_OPEN || links->link[id].state == FW_LINK_ENDED;
}
