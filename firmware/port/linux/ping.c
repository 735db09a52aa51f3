#include "ping.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockaddr.h"

enum { DATA_BYTES = 32, ECHO_BYTES = 8 + DATA_BYTES };

void fw_ping_init(struct fw_ping *ping, unsigned module)
{
    memset(ping, 0, sizeof *ping);
    ping->fd = -1;
    ping->id = (uint16_t)(getpid() * 251u + module);
}

void fw_ping_close(struct fw_ping *ping)
{
    if (ping->fd >= 0) {
        close(ping->fd);
        ping->fd = -1;
    }
}

size_t fw_ping_poll_set(const struct fw_ping *ping, struct pollfd *set)
{
    if (ping->fd < 0) {
        return 0;
    }
    set[0] = (struct pollfd){.fd = ping->fd, .events = POLLIN};
    return 1;
}

/* RFC 792, RFC 4443: type, code, checksum, identifier, sequence number, data. */
static void make_request(const struct fw_ping *ping, uint8_t packet[ECHO_BYTES])
{
    uint32_t sum = 0;

    memset(packet, 0, ECHO_BYTES);
    packet[0] = ping->host.family == FW_IPV4 ? ICMP_ECHO : ICMP6_ECHO_REQUEST;
    packet[4] = (uint8_t)(ping->id >> 8);
    packet[5] = (uint8_t)ping->id;
    packet[6] = (uint8_t)(ping->sequence >> 8);
    packet[7] = (uint8_t)ping->sequence;
    for (int i = 8; i < ECHO_BYTES; i++) {
        packet[i] = (uint8_t)i;
    }
    for (int i = 0; i < ECHO_BYTES; i += 2) {
        sum += (uint32_t)packet[i] << 8 | packet[i + 1];
    }
    sum = (sum & 0xffff) + (sum >> 16);
    sum = ~(sum + (sum >> 16));
    packet[2] = (uint8_t)(sum >> 8); /* the kernel makes that of ICMPv6 */
    packet[3] = (uint8_t)sum;
}

static int open_fd(struct fw_ping *ping)
{
    int family = ping->host.family == FW_IPV4 ? AF_INET : AF_INET6;
    int protocol = family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6;
    int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;

    ping->raw = false;
    ping->fd = socket(family, SOCK_DGRAM | flags, protocol);
    if (ping->fd < 0) {
        ping->raw = true;
        ping->fd = socket(family, SOCK_RAW | flags, protocol);
    }
    return ping->fd;
}

static int forbidden(struct fw_ping *ping, const char **reason)
{
    *reason = "this host forbids ICMP: give the program CAP_NET_RAW, or its group a place in the "
              "sysctl net.ipv4.ping_group_range";
    fprintf(stderr, "AT+PING: %s\n", *reason);
    fw_ping_close(ping);
    return FW_IO_FAIL;
}

static int start(void *ctx, const struct fw_addr *host, uint64_t now_ms, const char **reason)
{
    struct fw_ping *ping = ctx;
    struct fw_endpoint where = {.addr = *host};
    struct sockaddr_storage to;
    socklen_t len = fw_sockaddr_make(&where, &to);
    uint8_t packet[ECHO_BYTES];

    fw_ping_close(ping);
    ping->host = *host;
    ping->sequence++;
    ping->sent_ms = now_ms;
    if (open_fd(ping) < 0) {
        return forbidden(ping, reason);
    }
    make_request(ping, packet);
    if (sendto(ping->fd, packet, sizeof packet, 0, (struct sockaddr *)&to, len) < 0 &&
        (errno == EPERM || errno == EACCES)) {
        return forbidden(ping, reason);
    }
    return 0; /* unreachable: there will be no answer */
}

/* The echo inside what was received: a raw IPv4 socket gives the IP header, too. */
static const uint8_t *echo_in(const struct fw_ping *ping, const uint8_t *packet, size_t len)
{
    size_t at = ping->raw && ping->host.family == FW_IPV4 ? (size_t)(packet[0] & 15) * 4 : 0;

    return len == at + ECHO_BYTES ? packet + at : NULL;
}

static bool is_reply(const struct fw_ping *ping, const uint8_t *packet, size_t len)
{
    const uint8_t *echo = echo_in(ping, packet, len);
    uint8_t type = ping->host.family == FW_IPV4 ? ICMP_ECHOREPLY : ICMP6_ECHO_REPLY;

    if (echo == NULL || echo[0] != type || (echo[6] << 8 | echo[7]) != ping->sequence) {
        return false;
    }
    return !ping->raw || (echo[4] << 8 | echo[5]) == ping->id;
}

static int result(void *ctx, uint64_t now_ms)
{
    struct fw_ping *ping = ctx;
    uint8_t packet[256];
    ssize_t n;

    if (ping->fd < 0) {
        return FW_IO_AGAIN;
    }
    while ((n = recv(ping->fd, packet, sizeof packet, 0)) > 0) {
        if (is_reply(ping, packet, (size_t)n)) {
            fw_ping_close(ping);
            return (int)(now_ms - ping->sent_ms);
        }
    }
    return FW_IO_AGAIN;
}

static void cancel(void *ctx)
{
    fw_ping_close(ctx);
}

const struct fw_ping_ops fw_ping_ops = {.start = start, .result = result, .cancel = cancel};
