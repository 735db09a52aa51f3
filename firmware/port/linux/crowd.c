#include "crowd.h"

#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sockaddr.h"

bool fw_addr_is_crowd(const struct fw_addr *addr)
{
    return fw_addr_is_group(addr) || fw_addr_is_broadcast(addr);
}

static int join_ipv4(int fd, const struct fw_addr *group, const struct fw_addr *own)
{
    struct ip_mreqn at = {.imr_ifindex = (int)if_nametoindex("lo")};

    memcpy(&at.imr_multiaddr, group->bytes, 4);
    memcpy(&at.imr_address, own->bytes, 4);
    return setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &at, sizeof at) < 0 ||
                   setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &at, sizeof at) < 0
               ? -1
               : 0;
}

/* Whether there is a way to the group through that interface, and from which address. */
static bool find_source(unsigned interface, const struct fw_addr *group, struct fw_addr *own)
{
    struct fw_endpoint where = {.addr = *group, .port = 9}; /* nothing is sent */
    struct sockaddr_storage storage;
    socklen_t len = fw_sockaddr_make(&where, &storage);
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool found;

    if (fd < 0) {
        return false;
    }
    found = setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &interface, sizeof interface) == 0 &&
            connect(fd, (struct sockaddr *)&storage, len) == 0;
    len = sizeof storage;
    found = found && getsockname(fd, (struct sockaddr *)&storage, &len) == 0;
    close(fd);
    if (found) {
        fw_sockaddr_read(&storage, &where);
        *own = where.addr;
    }
    return found;
}

/* Linux gives the loopback interface no route to IPv6 groups. With a hop limit of 0 what is sent on
 * another one reaches this host and nothing else. */
static int join_ipv6(int fd, const struct fw_addr *group, unsigned interface, struct fw_addr *own)
{
    struct ipv6_mreq at = {.ipv6mr_interface = interface};
    int hops = 0;

    memcpy(&at.ipv6mr_multiaddr, group->bytes, 16);
    return interface == 0 || !find_source(interface, group, own) ||
                   setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops, sizeof hops) < 0 ||
                   setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, &interface, sizeof interface) <
                       0 ||
                   setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &at, sizeof at) < 0
               ? -1
               : 0;
}

int fw_crowd_join(int fd, const struct fw_addr *address, unsigned interface,
                  const struct fw_addr *crowd, struct fw_addr *own)
{
    int on = 1;

    *own = *address;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fw_addr_is_broadcast(crowd)) {
        return setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
    }
    return crowd->family == FW_IPV4 ? join_ipv4(fd, crowd, own)
                                    : join_ipv6(fd, crowd, interface, own);
}

ssize_t fw_crowd_send(int fd, const struct fw_addr *own, const struct fw_endpoint *everybody,
                      const void *data, size_t len)
{
    struct in_pktinfo info = {.ipi_ifindex = (int)if_nametoindex("lo")};
    union {
        struct cmsghdr head;
        unsigned char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
    } control = {.head = {.cmsg_len = CMSG_LEN(sizeof info),
                          .cmsg_level = IPPROTO_IP,
                          .cmsg_type = IP_PKTINFO}};
    struct sockaddr_storage to;
    struct iovec payload = {.iov_base = (void *)data, .iov_len = len};
    struct msghdr message = {.msg_name = &to,
                             .msg_namelen = fw_sockaddr_make(everybody, &to),
                             .msg_iov = &payload,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = sizeof control.bytes};

    memcpy(&info.ipi_spec_dst, own->bytes, 4);
    memcpy(CMSG_DATA(&control.head), &info, sizeof info);
    return sendmsg(fd, &message, MSG_NOSIGNAL);
}
