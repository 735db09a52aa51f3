/* ICMP echo of one module: an unprivileged ICMP socket where the host allows it
 * (net.ipv4.ping_group_range), else a raw one (CAP_NET_RAW). */
#ifndef FW_PING_H
#define FW_PING_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/port.h>

#define FW_PING_FDS 1

struct fw_ping {
    int fd; /* -1: no request is out */
    bool raw;
    struct fw_addr host;
    uint16_t id, sequence; /* of the request; an ICMP socket has an id of the kernel's choice */
    uint64_t sent_ms;
};

void fw_ping_init(struct fw_ping *ping, unsigned module);
void fw_ping_close(struct fw_ping *ping);

/* Writes what to poll for: how many entries, at most FW_PING_FDS. */
size_t fw_ping_poll_set(const struct fw_ping *ping, struct pollfd *set);

extern const struct fw_ping_ops fw_ping_ops; /* ctx is a struct fw_ping */

#endif
