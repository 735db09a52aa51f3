/* Host sockets of one module. */
#ifndef FW_NET_H
#define FW_NET_H

#include <poll.h>
#include <stddef.h>

#include <wmfw/port.h>

#define FW_NET_SOCKETS 8

struct fw_net {
    struct {
        int fd; /* -1: free */
        unsigned want;
        bool started; /* connect was called */
    } socket[FW_NET_SOCKETS];
};

void fw_net_init(struct fw_net *net);

/* Writes what to poll for: how many entries, at most FW_NET_SOCKETS. Sockets that nothing is wanted
 * of are left out: a hang-up there would be reported for ever. */
size_t fw_net_poll_set(const struct fw_net *net, struct pollfd *set);

extern const struct fw_net_ops fw_net_ops; /* ctx is a struct fw_net */

#endif
