/* Datagrams to many: a multicast group, or everybody (255.255.255.255). The network of a virtual
 * module is the loopback interface (DESIGN: addresses). */
#ifndef FW_CROWD_H
#define FW_CROWD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <wmfw/port.h>

bool fw_addr_is_crowd(const struct fw_addr *addr);

/* Before the socket is bound: it hears what is sent to that crowd, whoever else on this host does.
 * address is the module's own (IPv4), interface where IPv6 groups are joined (0: nowhere). *own:
 * where what it sends comes from, and what it so hears of itself. 0, or -1: there is no way to
 * them. */
int fw_crowd_join(int fd, const struct fw_addr *address, unsigned interface,
                  const struct fw_addr *crowd, struct fw_addr *own);

/* As sendto, to everybody, from own: without that, no module would know its own datagrams. */
ssize_t fw_crowd_send(int fd, const struct fw_addr *own, const struct fw_endpoint *everybody,
                      const void *data, size_t len);

#endif
