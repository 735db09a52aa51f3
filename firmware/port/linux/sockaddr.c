#include "sockaddr.h"

#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

socklen_t fw_sockaddr_make(const struct fw_endpoint *endpoint, struct sockaddr_storage *out)
{
    struct sockaddr_in *in4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;

    memset(out, 0, sizeof *out);
    if (endpoint->addr.family == FW_IPV4) {
        in4->sin_family = AF_INET;
        in4->sin_port = htons(endpoint->port);
        memcpy(&in4->sin_addr, endpoint->addr.bytes, 4);
        return sizeof *in4;
    }
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(endpoint->port);
    memcpy(&in6->sin6_addr, endpoint->addr.bytes, 16);
    if (IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr)) {
        in6->sin6_scope_id = if_nametoindex("lo");
    }
    return sizeof *in6;
}

void fw_sockaddr_read(const struct sockaddr_storage *from, struct fw_endpoint *out)
{
    const struct sockaddr_in *in4 = (const struct sockaddr_in *)from;
    const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)from;

    memset(out, 0, sizeof *out);
    if (from->ss_family == AF_INET) {
        out->addr.family = FW_IPV4;
        memcpy(out->addr.bytes, &in4->sin_addr, 4);
        out->port = ntohs(in4->sin_port);
    } else {
        out->addr.family = FW_IPV6;
        memcpy(out->addr.bytes, &in6->sin6_addr, 16);
        out->port = ntohs(in6->sin6_port);
    }
}

bool fw_addr_is_group(const struct fw_addr *addr)
{
    return addr->family == FW_IPV4 ? (addr->bytes[0] & 0xf0) == 0xe0 : addr->bytes[0] == 0xff;
}

bool fw_addr_is_broadcast(const struct fw_addr *addr)
{
    static const uint8_t all[4] = {255, 255, 255, 255};

    return addr->family == FW_IPV4 && memcmp(addr->bytes, all, 4) == 0;
}

bool fw_addr_is_loopback(const struct fw_addr *addr)
{
    static const struct fw_addr loopback = {.family = FW_IPV6, .bytes = {[15] = 1}};

    return addr->family == FW_IPV4 ? addr->bytes[0] == 127
                                   : memcmp(addr->bytes, loopback.bytes, 16) == 0;
}
