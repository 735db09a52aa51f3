/* Links: their types and the life of one. */
#include "link_state.h"

#include "trace.h"

enum transport { STREAM, DATAGRAM, SSL };

static const struct {
    const char *name;
    enum transport transport;
    enum fw_family family;
} types[FW_LINK_TYPES] = {
    [FW_LINK_TCP] = {"TCP", STREAM, FW_IPV4},   [FW_LINK_TCPV6] = {"TCPv6", STREAM, FW_IPV6},
    [FW_LINK_UDP] = {"UDP", DATAGRAM, FW_IPV4}, [FW_LINK_UDPV6] = {"UDPv6", DATAGRAM, FW_IPV6},
    [FW_LINK_SSL] = {"SSL", SSL, FW_IPV4},      [FW_LINK_SSLV6] = {"SSLv6", SSL, FW_IPV6},
};

static const struct {
    enum fw_link_state state;
    enum fw_link_event event;
    enum fw_link_state next;
} transitions[] = {
    {FW_LINK_FREE, FW_LINK_EVENT_RESOLVE, FW_LINK_RESOLVING},
    {FW_LINK_FREE, FW_LINK_EVENT_HANDSHAKE, FW_LINK_HANDSHAKING}, /* accepted */
    {FW_LINK_FREE, FW_LINK_EVENT_OPENED, FW_LINK_OPEN},           /* accepted */
    {FW_LINK_RESOLVING, FW_LINK_EVENT_CONNECT, FW_LINK_CONNECTING},
    {FW_LINK_RESOLVING, FW_LINK_EVENT_FAIL, FW_LINK_FAILED},
    {FW_LINK_RESOLVING, FW_LINK_EVENT_FREE, FW_LINK_FREE},
    {FW_LINK_CONNECTING, FW_LINK_EVENT_HANDSHAKE, FW_LINK_HANDSHAKING},
    {FW_LINK_CONNECTING, FW_LINK_EVENT_OPENED, FW_LINK_OPEN},
    {FW_LINK_CONNECTING, FW_LINK_EVENT_FAIL, FW_LINK_FAILED},
    {FW_LINK_CONNECTING, FW_LINK_EVENT_FREE, FW_LINK_FREE},
    {FW_LINK_HANDSHAKING, FW_LINK_EVENT_OPENED, FW_LINK_OPEN},
    {FW_LINK_HANDSHAKING, FW_LINK_EVENT_FAIL, FW_LINK_FAILED},
    {FW_LINK_HANDSHAKING, FW_LINK_EVENT_FREE, FW_LINK_FREE},
    {FW_LINK_CONNECTING, FW_LINK_EVENT_HOLD, FW_LINK_ENDED},
    {FW_LINK_HANDSHAKING, FW_LINK_EVENT_HOLD, FW_LINK_ENDED},
    {FW_LINK_FAILED, FW_LINK_EVENT_HOLD, FW_LINK_ENDED},
    {FW_LINK_ENDED, FW_LINK_EVENT_HOLD, FW_LINK_ENDED},
    {FW_LINK_OPEN, FW_LINK_EVENT_END, FW_LINK_ENDED},
    {FW_LINK_OPEN, FW_LINK_EVENT_LINGER, FW_LINK_CLOSING},
    {FW_LINK_OPEN, FW_LINK_EVENT_FREE, FW_LINK_FREE},
    {FW_LINK_CLOSING, FW_LINK_EVENT_FREE, FW_LINK_FREE},
    {FW_LINK_ENDED, FW_LINK_EVENT_CONNECT, FW_LINK_CONNECTING}, /* passthrough */
    {FW_LINK_ENDED, FW_LINK_EVENT_FREE, FW_LINK_FREE},
    {FW_LINK_FAILED, FW_LINK_EVENT_CONNECT, FW_LINK_CONNECTING}, /* passthrough */
    {FW_LINK_FAILED, FW_LINK_EVENT_FREE, FW_LINK_FREE},
};

static const char *const state_names[FW_LINK_STATES] = {
    [FW_LINK_FREE] = "free",
    [FW_LINK_RESOLVING] = "resolving",
    [FW_LINK_CONNECTING] = "connecting",
    [FW_LINK_HANDSHAKING] = "handshaking",
    [FW_LINK_OPEN] = "open",
    [FW_LINK_CLOSING] = "closing",
    [FW_LINK_ENDED] = "ended",
    [FW_LINK_FAILED] = "failed",
};

bool fw_link_step(struct fw_links *links, unsigned id, enum fw_link_event event)
{
    static const char *const subjects[AT_LINKS] = {"link 0", "link 1", "link 2", "link 3",
                                                   "link 4"};
    struct fw_link *link = &links->link[id];

    for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i++) {
        if (transitions[i].state == link->state && transitions[i].event == event) {
            link->state = transitions[i].next;
            fw_trace(links->port, subjects[id], state_names[link->state]);
            return true;
        }
    }
    return false;
}

const char *fw_link_type_name(enum fw_link_type type)
{
    return types[type].name;
}

enum fw_family fw_link_family(enum fw_link_type type)
{
    return types[type].family;
}

bool fw_link_is_datagram(enum fw_link_type type)
{
    return types[type].transport == DATAGRAM;
}

bool fw_link_is_ssl(enum fw_link_type type)
{
    return types[type].transport == SSL;
}
