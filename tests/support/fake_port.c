#include "fake_port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"

static void die(const char *what)
{
    fprintf(stderr, "fake port: %s\n", what);
    abort();
}

static void append(struct fake_bytes *bytes, const void *data, size_t len)
{
    if (bytes->len + len > bytes->cap) {
        bytes->cap = 2 * (bytes->len + len);
        bytes->data = realloc(bytes->data, bytes->cap);
        if (bytes->data == NULL) {
            die("out of memory");
        }
    }
    if (len > 0) {
        memcpy(bytes->data + bytes->len, data, len);
    }
    bytes->len += len;
}

static struct fake_peer *peer_of(void *ctx, int sock)
{
    struct fake_port *fake = ctx;

    if (sock < 0 || sock >= FAKE_SOCKETS || fake->sockets[sock] == NULL) {
        die("the firmware uses a socket that is not open");
    }
    return fake->sockets[sock];
}

/* A new connection in a free place: its number, or FW_IO_FAIL. */
static int new_socket(struct fake_port *fake)
{
    for (int i = 0; i < FAKE_SOCKETS; i++) {
        if (fake->sockets[i] == NULL) {
            if (fake->peer_count == FAKE_PEERS) {
                return FW_IO_FAIL;
            }
            fake->sockets[i] = &fake->peers[fake->peer_count++];
            *fake->sockets[i] = (struct fake_peer){.accepts = SIZE_MAX};
            return i;
        }
    }
    return FW_IO_FAIL;
}

static int net_open(void *ctx, enum fw_family family)
{
    (void)family;
    return new_socket(ctx);
}

/* Every address of 127/8 and ::1 can be bound to. */
static int net_bind(void *ctx, int sock, const struct fw_addr *local)
{
    bool loopback = local->family == FW_IPV4 ? local->bytes[0] == 127 : local->bytes[15] == 1;

    peer_of(ctx, sock)->local = *local;
    return loopback ? 0 : FW_IO_FAIL;
}

static void net_keep_alive(void *ctx, int sock, unsigned idle_s)
{
    peer_of(ctx, sock)->keep_alive_s = idle_s;
}

static void net_no_delay(void *ctx, int sock, bool on)
{
    peer_of(ctx, sock)->no_delay = on;
}

static int connect_outcome(const struct fake_peer *peer)
{
    switch (peer->answer) {
    case FAKE_ACCEPTS:
        return 0;
    case FAKE_REFUSES:
        return FW_IO_FAIL;
    default:
        return FW_IO_AGAIN;
    }
}

static int net_connect(void *ctx, int sock, const struct fw_endpoint *remote)
{
    struct fake_port *fake = ctx;
    struct fake_peer *peer = peer_of(ctx, sock);

    if (peer->port == 0) {
        peer->port = remote->port;
        peer->answer = FAKE_REFUSES;
        for (size_t i = 0; i < fake->server_count; i++) {
            if (fake->servers[i].port <= remote->port && remote->port <= fake->servers[i].last) {
                peer->answer = fake->servers[i].answer;
                peer->echo = fake->servers[i].echo;
            }
        }
    }
    return connect_outcome(peer);
}

static uint16_t net_local_port(void *ctx, int sock)
{
    struct fake_port *fake = ctx;

    uint16_t given = peer_of(ctx, sock)->local_port;

    return given != 0 ? given : (uint16_t)(50000 + (peer_of(ctx, sock) - fake->peers));
}

static size_t limited(const struct fake_peer *peer, size_t len)
{
    return peer->piece > 0 && len > peer->piece ? peer->piece : len;
}

static int net_send(void *ctx, int sock, const void *data, size_t len)
{
    struct fake_peer *peer = peer_of(ctx, sock);

    if (peer->reset) {
        return FW_IO_FAIL;
    }
    len = limited(peer, len < peer->accepts ? len : peer->accepts);
    if (len == 0) {
        return FW_IO_AGAIN;
    }
    if (peer->accepts != SIZE_MAX) {
        peer->accepts -= len;
    }
    append(&peer->received, data, len);
    if (peer->echo) {
        append(&peer->to_module, data, len);
    }
    return (int)len;
}

static int net_recv(void *ctx, int sock, void *data, size_t cap)
{
    struct fake_peer *peer = peer_of(ctx, sock);
    size_t waiting = peer->to_module.len - peer->taken;

    if (peer->reset) {
        return FW_IO_FAIL;
    }
    if (waiting == 0) {
        return peer->ended ? 0 : FW_IO_AGAIN;
    }
    cap = limited(peer, cap < waiting ? cap : waiting);
    memcpy(data, peer->to_module.data + peer->taken, cap);
    peer->taken += cap;
    return (int)cap;
}

static void net_shutdown(void *ctx, int sock)
{
    peer_of(ctx, sock)->shut = true;
}

static struct fake_peer *find_server(struct fake_port *fake, uint16_t port)
{
    for (size_t i = 0; i < FAKE_SOCKETS; i++) {
        if (fake->sockets[i] != NULL && fake->sockets[i]->listens &&
            fake->sockets[i]->port == port) {
            return fake->sockets[i];
        }
    }
    return NULL;
}

static int net_listen(void *ctx, enum fw_family family, uint16_t port)
{
    int sock = find_server(ctx, port) == NULL ? new_socket(ctx) : FW_IO_FAIL;

    (void)family;
    if (sock >= 0) {
        peer_of(ctx, sock)->listens = true;
        peer_of(ctx, sock)->port = port;
    }
    return sock;
}

static int net_accept(void *ctx, int sock, struct fw_endpoint *peer)
{
    struct fake_port *fake = ctx;

    peer_of(ctx, sock);
    for (int i = 0; i < FAKE_SOCKETS && fake->client_count > 0; i++) {
        if (fake->sockets[i] == NULL) {
            fake->sockets[i] = fake->clients[0];
            fake->client_count--;
            memmove(fake->clients, fake->clients + 1, fake->client_count * sizeof *fake->clients);
            *peer = (struct fw_endpoint){{FW_IPV4, {192, 0, 2, 9}},
                                         (uint16_t)(40000 + (fake->sockets[i] - fake->peers))};
            return i;
        }
    }
    return FW_IO_AGAIN;
}

static int net_open_datagram(void *ctx, const struct fw_endpoint *local,
                             const struct fw_endpoint *remote)
{
    bool foreign = local->addr.family == FW_IPV4 && local->addr.bytes[0] != 127;
    int sock = foreign ? FW_IO_FAIL : new_socket(ctx);

    if (sock >= 0) {
        peer_of(ctx, sock)->datagram = true;
        peer_of(ctx, sock)->local = local->addr;
        peer_of(ctx, sock)->local_port = local->port;
        peer_of(ctx, sock)->remote = *remote;
        peer_of(ctx, sock)->port = remote->port;
    }
    return sock;
}

/* What stands at a port returns datagrams, too. */
static bool returns_datagrams(const struct fake_port *fake, uint16_t port)
{
    for (size_t i = 0; i < fake->server_count; i++) {
        if (fake->servers[i].port <= port && port <= fake->servers[i].last &&
            fake->servers[i].echo) {
            return true;
        }
    }
    return false;
}

static void return_datagram(struct fake_peer *peer, const struct fw_endpoint *remote,
                            const void *data, size_t len)
{
    if (peer->coming_count == FAKE_DATAGRAMS) {
        die("more datagrams than FAKE_DATAGRAMS");
    }
    peer->coming[peer->coming_count].peer = *remote;
    peer->coming[peer->coming_count++].len = len;
    append(&peer->to_module, data, len);
}

static int net_send_to(void *ctx, int sock, const struct fw_endpoint *remote, const void *data,
                       size_t len)
{
    struct fake_peer *peer = peer_of(ctx, sock);

    if (peer->reset || peer->refuses) {
        return FW_IO_FAIL;
    }
    if (peer->accepts < len) {
        return FW_IO_AGAIN;
    }
    if (peer->sent_count == FAKE_DATAGRAMS) {
        die("more datagrams than FAKE_DATAGRAMS");
    }
    append(&peer->received, data, len);
    peer->sent[peer->sent_count].len = len;
    peer->sent[peer->sent_count++].peer = *remote;
    if (returns_datagrams(ctx, remote->port)) {
        return_datagram(peer, remote, data, len);
    }
    return (int)len;
}

static int net_recv_from(void *ctx, int sock, struct fw_endpoint *remote, void *data, size_t cap)
{
    struct fake_peer *peer = peer_of(ctx, sock);
    size_t len;

    if (peer->reset) {
        return FW_IO_FAIL;
    }
    if (peer->coming_taken == peer->coming_count) {
        return FW_IO_AGAIN;
    }
    len = peer->coming[peer->coming_taken].len;
    *remote = peer->coming[peer->coming_taken++].peer;
    if (len > 0) {
        memcpy(data, peer->to_module.data + peer->taken, len < cap ? len : cap);
    }
    peer->taken += len;
    return (int)len;
}

static void net_want(void *ctx, int sock, unsigned flags)
{
    peer_of(ctx, sock);
    ((struct fake_port *)ctx)->wants[sock] = flags;
}

static void net_close(void *ctx, int sock, enum fw_close how)
{
    peer_of(ctx, sock)->closed = true;
    peer_of(ctx, sock)->was_reset = how == FW_CLOSE_RESET;
    ((struct fake_port *)ctx)->sockets[sock] = NULL;
}

static const struct fw_net_ops net_ops = {
    .open = net_open,
    .bind = net_bind,
    .keep_alive = net_keep_alive,
    .no_delay = net_no_delay,
    .connect = net_connect,
    .local_port = net_local_port,
    .send = net_send,
    .recv = net_recv,
    .shutdown = net_shutdown,
    .listen = net_listen,
    .accept = net_accept,
    .open_datagram = net_open_datagram,
    .send_to = net_send_to,
    .recv_from = net_recv_from,
    .want = net_want,
    .close = net_close,
};

static int dns_start(void *ctx, const char *host, enum fw_family family)
{
    struct fake_port *fake = ctx;
    bool silent = fake->dns_silent || (fake->dns_silent4 && family == FW_IPV4);
    int query = 0;

    while (query < FW_DNS_QUERIES && fake->queries[query].used) {
        query++;
    }
    if (query == FW_DNS_QUERIES) {
        return FW_IO_FAIL;
    }
    snprintf(fake->asked, sizeof fake->asked, "%s", host);
    fake->queries[query].used = true;
    fake->queries[query].outcome = silent ? FW_IO_AGAIN : FW_IO_FAIL;
    for (size_t i = 0; i < fake->name_count && !silent; i++) {
        if (strcmp(fake->names[i].host, host) == 0 && fake->names[i].addr.family == family) {
            fake->queries[query].addr = fake->names[i].addr;
            fake->queries[query].outcome = 0;
        }
    }
    return query;
}

static int dns_result(void *ctx, int query, struct fw_addr *out)
{
    struct fake_port *fake = ctx;

    if (query < 0 || query >= FW_DNS_QUERIES || !fake->queries[query].used) {
        die("the firmware asks for a query that is not under way");
    }
    if (fake->queries[query].outcome == 0) {
        *out = fake->queries[query].addr;
    }
    fake->queries[query].used = fake->queries[query].outcome == FW_IO_AGAIN;
    return fake->queries[query].outcome;
}

static void dns_cancel(void *ctx, int query)
{
    ((struct fake_port *)ctx)->queries[query].used = false;
}

static void dns_servers(void *ctx, const struct fw_addr *servers, size_t count)
{
    struct fake_port *fake = ctx;

    fake->dns_server_count = count;
    memcpy(fake->dns_servers, servers, count * sizeof *servers);
}

static const struct fw_dns_ops dns_ops = {dns_start, dns_result, dns_cancel, dns_servers};

static int ping_start(void *ctx, const struct fw_addr *host, uint64_t now_ms, const char **reason)
{
    struct fake_port *fake = ctx;

    (void)now_ms;
    fake->pinged = *host;
    *reason = fake->ping_forbidden;
    return fake->ping_forbidden == NULL ? 0 : FW_IO_FAIL;
}

static int ping_result(void *ctx, uint64_t now_ms)
{
    (void)now_ms;
    return ((struct fake_port *)ctx)->ping_result;
}

static void ping_cancel(void *ctx)
{
    (void)ctx;
}

static const struct fw_ping_ops ping_ops = {ping_start, ping_result, ping_cancel};

const char *fake_setting(const struct fake_port *fake, const char *key)
{
    for (size_t i = 0; i < fake->setting_count; i++) {
        if (strcmp(fake->settings[i].key, key) == 0) {
            return fake->settings[i].text;
        }
    }
    return NULL;
}

static int nvs_get(void *ctx, const char *key, char *text, size_t cap)
{
    const char *found = fake_setting(ctx, key);

    if (found == NULL || strlen(found) >= cap) {
        return FW_IO_FAIL;
    }
    strcpy(text, found);
    return (int)strlen(found);
}

static int nvs_put(void *ctx, const char *key, const char *text)
{
    struct fake_port *fake = ctx;
    size_t at = 0;

    while (at < fake->setting_count && strcmp(fake->settings[at].key, key) != 0) {
        at++;
    }
    if (at == FAKE_SETTINGS || strlen(key) >= sizeof fake->settings[at].key ||
        strlen(text) >= sizeof fake->settings[at].text) {
        die("a setting does not fit");
    }
    fake->setting_count += at == fake->setting_count;
    strcpy(fake->settings[at].key, key);
    strcpy(fake->settings[at].text, text);
    return 0;
}

static void nvs_erase(void *ctx)
{
    ((struct fake_port *)ctx)->setting_count = 0;
}

static int nvs_commit(void *ctx)
{
    ((struct fake_port *)ctx)->commits++;
    return 0;
}

static const struct fw_nvs_ops nvs_ops = {nvs_get, nvs_put, nvs_erase, nvs_commit};

static const void *lend_cert(void *ctx, enum fw_cert what, unsigned index, size_t *len)
{
    const struct fake_port *fake = ctx;

    (void)index;
    *len = fake->ca_pem_len;
    return what == FW_CERT_SERVER_CA ? fake->ca_pem : NULL;
}

static const struct fw_cert_ops cert_ops = {lend_cert};

static int entropy(void *ctx, void *out, size_t len)
{
    (void)ctx;
    memset(out, 0x5a, len);
    return 0;
}

static void trace(void *ctx, const char *subject, const char *text)
{
    struct fake_port *fake = ctx;

    if (strcmp(subject, "datagram") == 0) {
        snprintf(fake->last_loss, sizeof fake->last_loss, "%s", text);
    }
}

void fake_port_init(struct fake_port *fake)
{
    const struct fw_addr address = {.family = FW_IPV4, .bytes = {127, 87, 0, 1}};

    memset(fake, 0, sizeof *fake);
    fw_radio_init(&fake->radio, 1, 0, &address);
    fw_radio_add(&fake->radio, "wmat", "wmat-demo-1");
    fake->port = (struct fw_port){
        .net = &net_ops,
        .net_ctx = fake,
        .dns = &dns_ops,
        .dns_ctx = fake,
        .ping = &ping_ops,
        .ping_ctx = fake,
        .certs = &cert_ops,
        .certs_ctx = fake,
        .wifi = &fw_radio_ops,
        .wifi_ctx = &fake->radio,
        .nvs = &nvs_ops,
        .nvs_ctx = fake,
        .entropy = entropy,
        .trace = trace,
        .trace_ctx = fake,
    };
}

void fake_port_free(struct fake_port *fake)
{
    for (size_t i = 0; i < fake->peer_count; i++) {
        free(fake->peers[i].to_module.data);
        free(fake->peers[i].received.data);
    }
    fake->peer_count = 0;
}

void fake_serve(struct fake_port *fake, uint16_t port, enum fake_answer answer, bool echo)
{
    fake_serve_ports(fake, port, port, answer, echo);
}

void fake_serve_ports(struct fake_port *fake, uint16_t first, uint16_t last,
                      enum fake_answer answer, bool echo)
{
    if (fake->server_count == FAKE_SERVERS) {
        die("more servers than FAKE_SERVERS");
    }
    fake->servers[fake->server_count].port = first;
    fake->servers[fake->server_count].last = last;
    fake->servers[fake->server_count].answer = answer;
    fake->servers[fake->server_count].echo = echo;
    fake->server_count++;
}

void fake_name(struct fake_port *fake, const char *host, const char *address)
{
    if (fake->name_count == FAKE_NAMES || strlen(host) >= sizeof fake->names[0].host) {
        die("a name does not fit");
    }
    strcpy(fake->names[fake->name_count].host, host);
    if (address != NULL &&
        !fw_addr_parse(address, strlen(address), &fake->names[fake->name_count].addr)) {
        die("not an address");
    }
    fake->name_count++;
}

struct fake_peer *fake_last_peer(struct fake_port *fake)
{
    if (fake->peer_count == 0) {
        die("nothing has connected");
    }
    return &fake->peers[fake->peer_count - 1];
}

struct fake_peer *fake_call(struct fake_port *fake, uint16_t port)
{
    struct fake_peer *peer;

    if (find_server(fake, port) == NULL) {
        return NULL;
    }
    if (fake->client_count == FAKE_CLIENTS || fake->peer_count == FAKE_PEERS) {
        die("too many clients");
    }
    peer = &fake->peers[fake->peer_count++];
    *peer = (struct fake_peer){.accepts = SIZE_MAX, .port = port, .local_port = port};
    fake->clients[fake->client_count++] = peer;
    return peer;
}

void fake_datagram(struct fake_peer *peer, const char *from, uint16_t port, const void *bytes,
                   size_t len)
{
    size_t at = peer->coming_count++;

    if (at == FAKE_DATAGRAMS || !fw_addr_parse(from, strlen(from), &peer->coming[at].peer.addr)) {
        die("a datagram too many, or not from an address");
    }
    peer->coming[at].peer.port = port;
    peer->coming[at].len = len;
    append(&peer->to_module, bytes, len);
}

void fake_peer_answer(struct fake_peer *peer, enum fake_answer answer)
{
    peer->answer = answer;
}

void fake_peer_send(struct fake_peer *peer, const void *bytes, size_t len)
{
    append(&peer->to_module, bytes, len);
}

void fake_peer_end(struct fake_peer *peer)
{
    peer->ended = true;
}

void fake_peer_reset(struct fake_peer *peer)
{
    peer->reset = true;
}

size_t fake_open_sockets(const struct fake_port *fake)
{
    size_t count = 0;

    for (size_t i = 0; i < FAKE_SOCKETS; i++) {
        count += fake->sockets[i] != NULL;
    }
    return count;
}
