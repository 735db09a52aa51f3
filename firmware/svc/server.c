#include "server.h"

#include "trace.h"

void fw_server_init(struct fw_server *server, struct fw_links *links)
{
    *server = (struct fw_server){.links = links, .sock = -1, .max_clients = AT_LINKS};
}

bool fw_server_is_on(const struct fw_server *server)
{
    return server->sock >= 0;
}

static bool open_tls(struct fw_server *server, uint64_t now_ms, const char **reason)
{
    const struct fw_links *links = server->links;

    if (!fw_link_is_ssl(server->type)) {
        return true;
    }
    server->tls = fw_tls_server_open(links->port, server->verify,
                                     fw_clock_unix_s(links->clock, now_ms), reason);
    return server->tls != NULL;
}

bool fw_server_start(struct fw_server *server, enum fw_link_type type, uint16_t port, bool verify,
                     uint64_t now_ms, const char **reason)
{
    const struct fw_port *platform = server->links->port;

    server->type = type;
    server->port = port;
    server->verify = verify;
    if (!open_tls(server, now_ms, reason)) {
        return false;
    }
    server->sock = platform->net->listen(platform->net_ctx, fw_link_family(type), port);
    if (server->sock < 0) {
        *reason = "the port is taken or not allowed";
        fw_server_stop(server);
        return false;
    }
    platform->net->want(platform->net_ctx, server->sock, FW_WANT_READ);
    return true;
}

static void drop_handshakes(struct fw_server *server)
{
    for (unsigned id = 0; id < AT_LINKS; id++) {
        const struct fw_link *link = &server->links->link[id];

        if (link->server && link->state == FW_LINK_HANDSHAKING) {
            fw_link_close(server->links, id);
        }
    }
}

void fw_server_stop(struct fw_server *server)
{
    const struct fw_port *port = server->links->port;

    if (server->sock >= 0) {
        port->net->close(port->net_ctx, server->sock, FW_CLOSE_BACKGROUND);
        server->sock = -1;
    }
    drop_handshakes(server);
    fw_tls_server_close(server->tls);
    server->tls = NULL;
}

static unsigned clients(const struct fw_server *server)
{
    unsigned count = 0;

    for (unsigned id = 0; id < AT_LINKS; id++) {
        const struct fw_link *link = &server->links->link[id];

        count += link->server && link->state != FW_LINK_FREE;
    }
    return count;
}

/* A client that finds no room is turned away at once; one at a time, however many call. */
static bool take_client(struct fw_server *server, unsigned kept, uint64_t now_ms)
{
    const struct fw_port *port = server->links->port;
    struct fw_link_accepted client = {
        .type = server->type, .local_port = server->port, .tls = server->tls};
    int id = fw_links_find_free(server->links, kept);

    client.sock = port->net->accept(port->net_ctx, server->sock, &client.peer);
    if (client.sock < 0) {
        return false;
    }
    if (id < 0 || clients(server) >= server->max_clients ||
        (client.tls != NULL && fw_links_tls_taken(server->links))) {
        fw_trace(port, "server", "turned a client away: no link is free for it");
        port->net->close(port->net_ctx, client.sock, FW_CLOSE_BACKGROUND);
        return false;
    }
    fw_link_accept(server->links, (unsigned)id, &client, now_ms);
    return true;
}

static uint64_t idle_deadline(const struct fw_server *server, const struct fw_link *link)
{
    if (server->idle_limit_s == 0 || !link->server || link->state != FW_LINK_OPEN) {
        return FW_NEVER;
    }
    return link->traffic_ms + (uint64_t)server->idle_limit_s * 1000;
}

static void end_client(struct fw_server *server, unsigned id)
{
    if (server->expires_silently) {
        fw_link_close(server->links, id);
    } else {
        fw_link_abort(server->links, id);
    }
}

/* Handshakes that failed free their links, and silent clients lose theirs (spec, CIPSTO). */
static bool end_clients(struct fw_server *server, uint64_t now_ms)
{
    bool changed = false;

    for (unsigned id = 0; id < AT_LINKS; id++) {
        const struct fw_link *link = &server->links->link[id];

        if (link->server && link->state == FW_LINK_FAILED) {
            fw_link_close(server->links, id);
            changed = true;
        } else if (now_ms >= idle_deadline(server, link)) {
            fw_trace(server->links->port, "server", "ended a client: silent for too long");
            end_client(server, id);
            changed = true;
        }
    }
    return changed;
}

bool fw_server_poll(struct fw_server *server, unsigned kept, uint64_t now_ms)
{
    bool changed = end_clients(server, now_ms);

    return (server->sock >= 0 && take_client(server, kept, now_ms)) || changed;
}

uint64_t fw_server_deadline(const struct fw_server *server)
{
    uint64_t first = FW_NEVER;

    for (unsigned id = 0; id < AT_LINKS; id++) {
        uint64_t deadline_ms = idle_deadline(server, &server->links->link[id]);

        first = deadline_ms < first ? deadline_ms : first;
    }
    return first;
}
