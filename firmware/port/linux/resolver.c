#include "resolver.h"

#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

enum { TRY_MS = 2000, TRIES = 3 };

static int open_channel(struct fw_resolver *resolver)
{
    struct ares_options options = {.timeout = TRY_MS, .tries = TRIES};
    int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES;

    if (ares_init_options(&resolver->channel, &options, mask) != ARES_SUCCESS) {
        resolver->channel = NULL;
        return FW_IO_FAIL;
    }
    if (resolver->servers[0] != '\0' &&
        ares_set_servers_ports_csv(resolver->channel, resolver->servers) != ARES_SUCCESS) {
        ares_destroy(resolver->channel);
        resolver->channel = NULL;
        return FW_IO_FAIL;
    }
    return 0;
}

int fw_resolver_init(struct fw_resolver *resolver, const char *servers)
{
    memset(resolver, 0, sizeof *resolver);
    resolver->outcome = FW_IO_FAIL;
    if (servers == NULL) {
        return 0;
    }
    if (strlen(servers) >= sizeof resolver->servers || servers[0] == '\0') {
        return FW_IO_FAIL;
    }
    memcpy(resolver->servers, servers, strlen(servers) + 1);
    return open_channel(resolver);
}

void fw_resolver_close(struct fw_resolver *resolver)
{
    if (resolver->channel != NULL) {
        ares_destroy(resolver->channel);
        resolver->channel = NULL;
    }
}

static void take_address(struct fw_resolver *resolver, const struct ares_addrinfo_node *node)
{
    resolver->addr = (struct fw_addr){.family = (uint8_t)resolver->family};
    if (node->ai_family == AF_INET) {
        memcpy(resolver->addr.bytes, &((struct sockaddr_in *)node->ai_addr)->sin_addr, 4);
    } else {
        memcpy(resolver->addr.bytes, &((struct sockaddr_in6 *)node->ai_addr)->sin6_addr, 16);
    }
}

static void on_answer(void *arg, int status, int timeouts, struct ares_addrinfo *info)
{
    struct fw_resolver *resolver = arg;
    int family = resolver->family == FW_IPV4 ? AF_INET : AF_INET6;

    (void)timeouts;
    resolver->outcome = FW_IO_FAIL;
    for (const struct ares_addrinfo_node *node = info != NULL ? info->nodes : NULL;
         status == ARES_SUCCESS && node != NULL; node = node->ai_next) {
        if (node->ai_family == family) {
            take_address(resolver, node);
            resolver->outcome = 0;
            break;
        }
    }
    if (info != NULL) {
        ares_freeaddrinfo(info);
    }
}

static int start(void *ctx, const char *host, enum fw_family family)
{
    struct fw_resolver *resolver = ctx;
    struct ares_addrinfo_hints hints = {.ai_family = family == FW_IPV4 ? AF_INET : AF_INET6,
                                        .ai_socktype = SOCK_STREAM};

    if (resolver->channel == NULL && open_channel(resolver) < 0) {
        return FW_IO_FAIL;
    }
    resolver->family = family;
    resolver->outcome = FW_IO_AGAIN;
    ares_getaddrinfo(resolver->channel, host, NULL, &hints, on_answer, resolver);
    return 0;
}

static int result(void *ctx, struct fw_addr *out)
{
    struct fw_resolver *resolver = ctx;

    if (resolver->outcome == 0) {
        *out = resolver->addr;
    }
    return resolver->outcome;
}

static void cancel(void *ctx)
{
    struct fw_resolver *resolver = ctx;

    if (resolver->channel != NULL) {
        ares_cancel(resolver->channel);
    }
    resolver->outcome = FW_IO_FAIL;
}

size_t fw_resolver_poll_set(const struct fw_resolver *resolver, struct pollfd *set)
{
    ares_socket_t fds[ARES_GETSOCK_MAXNUM];
    size_t count = 0;
    unsigned bits;

    if (resolver->channel == NULL || resolver->outcome != FW_IO_AGAIN) {
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
    if (resolver->channel == NULL || resolver->outcome != FW_IO_AGAIN) {
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

    if (resolver->channel == NULL || resolver->outcome != FW_IO_AGAIN ||
        ares_timeout(resolver->channel, NULL, &wait) == NULL) {
        return -1;
    }
    return (int)(wait.tv_sec * 1000 + (wait.tv_usec + 999) / 1000);
}

const struct fw_dns_ops fw_resolver_ops = {
    .start = start,
    .result = result,
    .cancel = cancel,
};
