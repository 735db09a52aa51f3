/* Links: name resolution, connecting, the receive window, sending, the end. */
#ifndef FW_LINK_H
#define FW_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/port.h>

#include "at_limits.h"
#include "ring.h"

#define FW_LINK_CONNECT_MS 10000 /* limit of resolving a name, and again of connecting */

enum fw_link_type { FW_LINK_TCP, FW_LINK_TCPV6, FW_LINK_TYPES };

enum fw_link_state {
    FW_LINK_FREE,
    FW_LINK_RESOLVING,
    FW_LINK_CONNECTING,
    FW_LINK_OPEN,
    FW_LINK_ENDED,  /* the peer has ended it, or it died: what was received can still be read */
    FW_LINK_FAILED, /* it never opened; fw_link_close frees it */
    FW_LINK_STATES
};

struct fw_link {
    enum fw_link_state state;
    enum fw_link_type type;
    int sock;  /* -1: none */
    int query; /* of the name, while it is resolved */
    struct fw_endpoint remote;
    struct fw_addr local; /* to bind to; family 0: not bound */
    uint16_t local_port;
    unsigned keep_alive_s;
    uint64_t deadline_ms; /* of resolving or connecting */
    bool reported;        /* its CONNECT was printed: what it receives may be */
    bool announced;       /* passive: a +IPD waits for its read */
    bool server;          /* it was accepted, not opened */
    struct fw_ring rx;
};

struct fw_links {
    const struct fw_port *port;
    struct fw_link link[AT_LINKS];
    bool wants_to_send[AT_LINKS];
};

struct fw_link_request {
    enum fw_link_type type;
    const char *host; /* ends with a NUL; an address or a name */
    uint16_t port;
    unsigned keep_alive_s;
    struct fw_addr local; /* family 0: not bound */
};

/* "TCP", "TCPv6", ... */
const char *fw_link_type_name(enum fw_link_type type);

void fw_links_init(struct fw_links *links, const struct fw_port *port);

/* Starts to open a free link; its state tells the outcome. */
void fw_link_start(struct fw_links *links, unsigned id, const struct fw_link_request *request,
                   uint64_t now_ms);

/* Closes a link in any state, forgets what was received, and frees its id. */
void fw_link_close(struct fw_links *links, unsigned id);

/* Ends a link as if its peer had: what was received stays readable. */
void fw_link_abort(struct fw_links *links, unsigned id);

/* Hands payload to the stack: how many bytes it took, FW_IO_AGAIN, or FW_IO_FAIL when the link is
 * not open. */
int fw_link_send(struct fw_links *links, unsigned id, const void *data, size_t len);

/* Goes on resolving, connecting and receiving. True when something changed. */
bool fw_links_poll(struct fw_links *links, uint64_t now_ms);

uint64_t fw_links_deadline(const struct fw_links *links);

/* Whether every link is free; the first free id, or -1. */
bool fw_links_all_free(const struct fw_links *links);
int fw_links_find_free(const struct fw_links *links);

/* A link that opened and whose end was not yet reported. */
bool fw_link_exists(const struct fw_links *links, unsigned id);

#endif
