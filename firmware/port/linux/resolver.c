#include "resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

enum { TRY_MS = 2000, TRIES = 3 };

static int use_servers(struct fw_resolver *resolver)
{
    const char *servers = resolver->fixed[0] != '\0' ? resolver->fixed : resolver->servers;

    if (servers[0] == '\0') {
        return 0;
    }
    return ares_set_servers_ports_csv(resolver->channel, servers) == ARES_SUCCESS ? 0 : FW_IO_FAIL;
}

static void close_channel(struct fw_resolver *resolver)
{
    if (resolver->channel != NULL) {
        ares_destroy(resolver->channel);
        resolver->channel = NULL;
    }
}

static int open_channel(struct fw_resolver *resolver)
{
    struct ares_options options = {.timeout = TRY_MS, .tries = TRIES};
    int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES;

    if (ares_init_options(&resolver->channel, &options, mask) != ARES_SUCCESS) {
        resolver->channel = NULL;
        return FW_IO_FAIL;
    }
    if (use_servers(resolver) < 0) {
        close_channel(resolver);
        return FW_IO_FAIL;
    }
    return 0;
}

/* An empty text is no port, and none at all is the usual one. */
static bool is_port(const char *text)
{
    size_t len = strspn(text, "0123456789");
    unsigned long port = len <= 5 ? strtoul(text, NULL, 10) : 0;

    return text[len] == '\0' && port >= 1 && port <= UINT16_MAX;
}

/* c-ares takes what it does not understand for something else: ADDR, ADDR:PORT, [ADDR]:PORT. */
static bool is_server(const char *text)
{
    unsigned char binary[16];
    char addr[INET6_ADDRSTRLEN];
    bool bracketed = text[0] == '[';
    const char *end = strchr(text, bracketed ? ']' : ':');
    size_t len = end != NULL ? (size_t)(end - text) - bracketed : strlen(text);

    if (len >= sizeof addr) {
        return false;
    }
    memcpy(addr, text + bracketed, len);
    addr[len] = '\0';
    if (bracketed) {
        return end != NULL && end[1] == ':' && is_port(end + 2) &&
               inet_pton(AF_INET6, addr, binary) == 1;
    }
    return inet_pton(AF_INET6, text, binary) == 1 ||
           (inet_pton(AF_INET, addr, binary) == 1 && (end == NULL || is_port(end + 1)));
}

int fw_resolver_init(struct fw_resolver *resolver, const char *server)
{
    memset(resolver, 0, sizeof *resolver);
    if (server == NULL) {
        return 0;
    }
    if (strlen(server) >= sizeof resolver->fixed || !is_server(server)) {
        return FW_IO_FAIL;
    }
    memcpy(resolver->fixed, server, strlen(server) + 1);
    return open_channel(resolver);
}

void fw_resolver_close(struct fw_resolver *resolver)
{
    close_channel(resolver);
}

static void take_address(struct fw_query *query, const struct ares_addrinfo_node *node)
{
    query->addr = (struct fw_addr){.family = (uint8_t)query->family};
    if (node->ai_family == AF_INET) {
        memcpy(query->addr.bytes, &((struct sockaddr_in *)node->ai_addr)->sin_addr, 4);
    } else {
        memcpy(query->addr.bytes, &((struct sockaddr_in6 *)node->ai_addr)->sin6_addr, 16);
    }
}

static void on_answer(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
    struct fw_query *query = arg;
    int family = query->family == FW_IPV4 ? AF_INET : AF_INET6;

    (void)timeouts;
    query->asked = false;
    query->outcome = FW_IO_FAIL;
    for (const struct ares_addrinfo_node *node = info != NULL ? info->nodes : NULL;
         status == ARES_SUCCESS && node != NULL; node = node->ai_next) {
        if (node->ai_family == family) {
            take_address(query, node);
            query->outcome = 0;
            break;
        }
    }
    if (info != NULL) {
        ares_freeaddrinfo(info);
    }
}

static int find_free(const struct fw_resolver *resolver)
{
    for (int i = 0; i < (int)(sizeof resolver->queries / sizeof *resolver->queries); i++) {
        if (!resolver->queries[i].used && !resolver->queries[i].asked) {
            return i;
        }
    }
    return FW_IO_FAIL;
}

static int start(void *ctx, const char *host, enum fw_family family)
{
    struct fw_resolver *resolver = ctx;
    struct ares_addrinfo_hints hints = {.ai_family = family == FW_IPV4 ? AF_INET : AF_INET6,
                                        .ai_socktype = SOCK_STREAM};
    int index = find_free(resolver);

    if (index < 0 || (resolver->channel == NULL && open_channel(resolver) < 0)) {
        return FW_IO_FAIL;
    }
    resolver->queries[index] =
        (struct fw_query){.used = true, .asked = true, .family = family, .outcome = FW_IO_AGAIN};
    ares_getaddrinfo(resolver->channel, host, NULL, &hints, on_answer, &resolver->queries[index]);
    return index;
}

static int result(void *ctx, int index, struct fw_addr *out)
{
    struct fw_query *query = &((struct fw_resolver *)ctx)->queries[index];

    if (query->outcome == 0) {
        *out = query->addr;
    }
    query->used = query->outcome == FW_IO_AGAIN;
    return query->outcome;
}

/* c-ares ends queries only all together; this one is left to end by itself. */
static void cancel(void *ctx, int index)
{
    ((struct fw_resolver *)ctx)->queries[index].used = false;
}

/* The channel is opened anew with the next query; what is under way fails. */
static void set_servers(void *ctx, const struct fw_addr *servers, size_t count)
{
    struct fw_resolver *resolver = ctx;
    char text[INET6_ADDRSTRLEN];
    size_t used = 0;

    resolver->servers[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        int family = servers[i].family == FW_IPV4 ? AF_INET : AF_INET6;

        inet_ntop(family, servers[i].bytes, text, sizeof text);
        used += (size_t)snprintf(resolver->servers + used, sizeof resolver->servers - used,
                                 family == AF_INET ? "%s%s" : "%s[%s]", used > 0 ? "," : "", text);
    }
    close_channel(resolver);
}

static bool is_waiting(const struct fw_resolver *resolver)
{
    for (size_t i = 0; i < sizeof resolver->queries / sizeof *resolver->queries; i++) {
        if (resolver->queries[i].asked) {
            return true;
        }
    }
    return false;
}

size_t fw_resolver_poll_set(const struct fw_resolver *resolver, struct pollfd *set)
{
    ares_socket_t fds[ARES_GETSOCK_MAXNUM];
    size_t count = 0;
    unsigned bits;

    if (resolver->channel == NULL || !is_waiting(resolver)) {
        return 0;
    }
    bits = (unsigned)ares_getsock(resolver->channel, fds, ARES_GETSOCK_MAXNUM);
    for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
        /* c-ares' own macros shift a one into the sign bit */
        bool readable = (bits >> i & 1) != 0;
        bool writable = (bits >> (i + ARES_GETSOCK_MAXNUM) & 1) != 0;
        short events = (short)((readable ? POLLIN : 0) | (writable ? POLLOUT : 0));

        if (events != 0) {
            set[count++] = (struct pollfd){.fd = fds[i], .events = events};
        }
    }
    return count;
}

void fw_resolver_process(struct fw_resolver *resolver, const struct pollfd *set, size_t count)
{
    if (resolver->channel == NULL || !is_waiting(resolver)) {
        return;
    }
    ares_process_fd(resolver->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    for (size_t i = 0; i < count; i++) {
        short got = set[i].revents;

        if (got != 0) {
            ares_process_fd(resolver->channel,
                            (got & (POLLIN | POLLERR | POLLHUP)) != 0 ? set[i].fd : ARES_SOCKET_BAD,
                            (got & POLLOUT) != 0 ? set[i].fd : ARES_SOCKET_BAD);
        }
    }
}

int fw_resolver_timeout(const struct fw_resolver *resolver)
{
    struct timeval wait;

    if (resolver->channel == NULL || !is_waiting(resolver) ||
        ares_timeout(resolver->channel, NULL, &wait) == NULL) {
        return -1;
    }
    return (int)(wait.tv_sec * 1000 + (wait.tv_usec + 999) / 1000);
}

const struct fw_dns_ops fw_resolver_ops = {
    .start = start,
    .result = result,
    .cancel = cancel,
    .servers = set_servers,
};
