/* TLS that encrypts nothing, in the place of firmware/tls: what goes over a TLS link is then as
 * easy to look at as any other, and a handshake costs nothing. The driver can't tell: it sees
 * commands and their results. The peer hears the server name that the link's settings name. What a
 * handshake comes to follows from the port: one in eight fails, another one never ends. */
#include "tls.h"

#include <stdio.h>
#include <stdlib.h>

#include "fake_port.h"

struct fw_tls {
    const struct fw_port *port;
    int sock;
};

struct fw_tls_server {
    const struct fw_port *port;
};

static struct fake_peer *peer_of(const struct fw_tls *tls)
{
    struct fake_port *fake = tls->port->net_ctx;
    return fake->sockets[tls->sock];
}

static struct fw_tls *session_new(const struct fw_port *port, int sock)
{
    struct fw_tls *tls = malloc(sizeof *tls);
    if (!tls)
        abort();
    *tls = (struct fw_tls){port, sock};
    return tls;
}

struct fw_tls *fw_tls_connect(const struct fw_port *port, int sock,
                              const struct fw_tls_config *config, uint64_t unix_s,
                              const char **reason)
{
    if ((config->auth_mode & 2) && unix_s == 0) {
        *reason = "the clock is not set";
        return NULL;
    }
    struct fw_tls *tls = session_new(port, sock);
    snprintf(peer_of(tls)->sni, sizeof peer_of(tls)->sni, "%s", config->sni);
    return tls;
}

struct fw_tls_server *fw_tls_server_open(const struct fw_port *port, bool verify, uint64_t unix_s,
                                         const char **reason)
{
    struct fw_tls_server *server = malloc(sizeof *server);
    (void)verify, (void)unix_s, (void)reason;
    if (!server)
        abort();
    server->port = port;
    return server;
}

void fw_tls_server_close(struct fw_tls_server *server)
{
    free(server);
}

struct fw_tls *fw_tls_accept(struct fw_tls_server *server, int sock, uint64_t unix_s,
                             const char **reason)
{
    (void)unix_s, (void)reason;
    return session_new(server->port, sock);
}

int fw_tls_handshake(struct fw_tls *tls, const char **reason)
{
    *reason = "the peer wants no TLS";
    switch (peer_of(tls)->port % 8) {
    case 6:
        return FW_IO_AGAIN;
    case 7:
        return FW_IO_FAIL;
    default:
        return peer_of(tls)->reset ? FW_IO_FAIL : 0;
    }
}

unsigned fw_tls_progress(const struct fw_tls *tls)
{
    (void)tls;
    return 0;
}

int fw_tls_send(struct fw_tls *tls, const void *data, size_t len)
{
    return tls->port->net->send(tls->port->net_ctx, tls->sock, data, len);
}

int fw_tls_recv(struct fw_tls *tls, void *data, size_t cap)
{
    return tls->port->net->recv(tls->port->net_ctx, tls->sock, data, cap);
}

void fw_tls_abandon_send(struct fw_tls *tls)
{
    (void)tls;
}

size_t fw_tls_pending(const struct fw_tls *tls)
{
    (void)tls;
    return 0;
}

unsigned fw_tls_wants(const struct fw_tls *tls)
{
    (void)tls;
    return FW_WANT_READ;
}

uint64_t fw_tls_overhead(const struct fw_tls *tls)
{
    (void)tls;
    return 0;
}

void fw_tls_close(struct fw_tls *tls)
{
    free(tls);
}
