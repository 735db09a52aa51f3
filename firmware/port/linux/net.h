/* Host sockets of one module. */
#ifndef FW_NET_H
#define FW_NET_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include <wmfw/port.h>

#define FW_NET_SOCKETS 8 /* five links, a server, SNTP, one to turn away */

struct fw_net {
    struct {
        int fd; /* -1: free */
        unsigned want;
        bool started;       /* connect was called */
        struct fw_addr own; /* it talks to a crowd: what it sends comes back from here; family 0 */
    } socket[FW_NET_SOCKETS];
    struct fw_addr
        address; /* IPv4: what servers listen at, and datagrams to this machine come from */
    unsigned group_interface; /* where IPv6 groups are joined; 0: nowhere */
    uint16_t port_offset;     /* added to the port of a server */
};

/* IPv6 groups are joined nowhere until group_interface is set. */
void fw_net_init(struct fw_net *net, const struct fw_addr *address, uint16_t port_offset);

/* Writes what to poll for: how many entries, at most FW_NET_SOCKETS. Sockets that nothing is wanted
 * of are left out: a hang-up there would be reported for ever. */
size_t fw_net_poll_set(const struct fw_net *net, struct pollfd *set);

extern const struct fw_net_ops fw_net_ops; /* ctx is a struct fw_net */

#endif
