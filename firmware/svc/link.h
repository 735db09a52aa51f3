/* Links: name resolution, connecting, the receive window, sending, the end. */
#ifndef FW_LINK_H
#define FW_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/port.h>

#include "at_limits.h"
#include "clock.h"
#include "lookup.h"
#include "ring.h"
#include "tls.h"

#define FW_LINK_CONNECT_MS                                                                         \
    10000 /* limit of connecting, and of each message of a TLS handshake (spec: CIPSTART) */

enum fw_link_type {
    FW_LINK_TCP,
    FW_LINK_TCPV6,
    FW_LINK_UDP,
    FW_LINK_UDPV6,
    FW_LINK_SSL,
    FW_LINK_SSLV6,
    FW_LINK_TYPES
};

enum fw_link_state {
    FW_LINK_FREE,
    FW_LINK_RESOLVING,
    FW_LINK_CONNECTING,
    FW_LINK_HANDSHAKING, /* connected, TLS not yet agreed on */
    FW_LINK_OPEN,
    FW_LINK_CLOSING, /* we have ended our side and linger for the peer's */
    FW_LINK_ENDED,   /* the peer has ended it, or it died: what was received can still be read */
    FW_LINK_FAILED,  /* it never opened, or lost a reconnection; fw_link_close frees it */
    FW_LINK_STATES
};

/* What becomes of what the peers send: chosen once, at boot, but for the last two. */
enum fw_receiving {
    FW_RECEIVE_WINDOW,     /* into the window; what it can't hold stays in the network, or, as
                              datagrams, is lost */
    FW_RECEIVE_DIRECT,     /* nothing is taken but by fw_link_take */
    FW_RECEIVE_DISCARDING, /* into the window, datagrams one behind the other; the rest is lost */
};

/* Whom a datagram link talks to (AT+CIPSTART <mode>). */
enum fw_udp_mode {
    FW_UDP_FIXED = 0,  /* the remote end that was configured */
    FW_UDP_ONCE = 1,   /* the first other one that sends something, from then on */
    FW_UDP_FOLLOW = 2, /* whoever sent the last datagram */
};

/* AT+CIPTCPOPT, kept for a link id whatever becomes of the link. */
struct fw_link_options {
    int linger_s; /* -1: a close does not wait; 0: it breaks the connection; else how long it waits
                   */
    bool no_delay;
    unsigned send_timeout_ms; /* 0: no limit */
    unsigned keep_alive_s;    /* 0: none */
};

/* In front of each datagram in the receive window. */
struct fw_datagram {
    size_t len;
    struct fw_endpoint from;
};

struct fw_link {
    enum fw_link_state state;
    enum fw_link_type type;
    unsigned generation; /* counts the links that this id has had */
    int sock;            /* -1: none */
    struct fw_tls *tls;  /* SSL, from the handshake on */
    struct fw_lookup lookup;
    bool unresolved; /* it failed because its name has no address */
    struct fw_endpoint remote;
    struct fw_endpoint local; /* to bind to: family 0 any address, port 0 any port */
    uint16_t local_port;
    enum fw_udp_mode udp_mode;
    bool udp_moved;       /* FW_UDP_ONCE has happened */
    uint64_t deadline_ms; /* of connecting, handshaking, closing */
    uint64_t traffic_ms;  /* when bytes went either way for the last time */
    bool server;          /* it was accepted, not opened */
    bool wants_to_send;   /* the stack was full */
    bool reported;        /* its CONNECT was printed: what it receives may be */
    bool announced;       /* passive: a +IPD waits for its read */
    bool held;            /* it has ended, and nobody is told until it is closed */
    struct fw_ring rx;
    size_t rx_payload;        /* bytes in rx that are payload */
    size_t notice;            /* of them: those that came first, or are left of a read */
    bool merged;              /* datagrams stand in rx without a header */
    struct fw_datagram front; /* datagrams: what is left of the first one */
    uint64_t overhead;        /* SSL: what the records of rx were longer than their content */
};

struct fw_links {
    const struct fw_port *port;
    const struct fw_clock *clock;
    struct fw_link link[AT_LINKS];
    struct fw_link_options options[AT_LINKS];
    struct fw_tls_config tls[AT_LINKS]; /* AT+CIPSSLC... */
    unsigned char
        datagram[AT_RECV_WINDOW + 1]; /* one on its way into a window, or what was taken */
    enum fw_receiving receiving;
    bool accepting;          /* FW_RECEIVE_DIRECT: whoever takes has room */
    bool empty_ends;         /* an empty datagram ends its link */
    bool forgets_options;    /* a link that closes leaves its options at their defaults */
    bool common_name_is_sni; /* and the sni of a configuration is not used */
    bool one_tls;            /* one TLS link at a time, servers' clients included */
};

struct fw_link_request {
    enum fw_link_type type;
    const char *host; /* ends with a NUL; an address or a name */
    uint16_t port;
    struct fw_endpoint local;  /* family 0: not bound; datagrams: port 0 is one of our choice */
    enum fw_udp_mode udp_mode; /* datagrams */
};

/* A client of our server. */
struct fw_link_accepted {
    enum fw_link_type type;
    int sock;
    struct fw_endpoint peer;
    uint16_t local_port;       /* the server's, wherever the platform has really put it */
    struct fw_tls_server *tls; /* NULL: none */
};

/* "TCP", "TCPv6", ... */
const char *fw_link_type_name(enum fw_link_type type);
enum fw_family fw_link_family(enum fw_link_type type);
bool fw_link_is_datagram(enum fw_link_type type);
bool fw_link_is_ssl(enum fw_link_type type);

void fw_links_init(struct fw_links *links, const struct fw_port *port,
                   const struct fw_clock *clock);

/* Starts to open a free link; its state tells the outcome. */
void fw_link_start(struct fw_links *links, unsigned id, const struct fw_link_request *request,
                   uint64_t now_ms);

/* A free link takes over an accepted socket; with a TLS server it has the handshake before it. */
void fw_link_accept(struct fw_links *links, unsigned id, const struct fw_link_accepted *accepted,
                    uint64_t now_ms);

/* Connects an ended or failed link again, to the same address. */
void fw_link_reconnect(struct fw_links *links, unsigned id, uint64_t now_ms);

/* Closes a link in the way that its linger option says: afterwards it is free, or closing until it
 * is. What was received is forgotten. */
void fw_link_end(struct fw_links *links, unsigned id, uint64_t now_ms);

/* Closes a link in any state at once, forgets what was received, and frees its id. */
void fw_link_close(struct fw_links *links, unsigned id);

/* Ends a link as if its peer had: what was received stays readable. */
void fw_link_abort(struct fw_links *links, unsigned id);

/* Keeps a link that has ended, or has lost a reconnection, as one that has ended; held is set. */
void fw_link_hold(struct fw_links *links, unsigned id);

/* Makes an option that was changed hold for the open link. */
void fw_link_apply_options(struct fw_links *links, unsigned id);

/* Goes on with everything that is under way. True when something changed. */
bool fw_links_poll(struct fw_links *links, uint64_t now_ms);

uint64_t fw_links_deadline(const struct fw_links *links);

/* Whether every link is free; the first free id that is not one of kept (bit by bit), or -1. */
bool fw_links_all_free(const struct fw_links *links);
int fw_links_find_free(const struct fw_links *links, unsigned kept);

/* Whether there is a TLS link beside which no other one may be. */
bool fw_links_tls_taken(const struct fw_links *links);

/* A link that opened and whose end was not yet reported. */
bool fw_link_exists(const struct fw_links *links, unsigned id);

/* --- payload: link_data.c --- */

/* Hands payload to the stack: how many bytes it took, FW_IO_AGAIN, or FW_IO_FAIL when the link is
 * not open or the stack refuses. A datagram goes whole; remote NULL: to the link's remote end. */
int fw_link_send(struct fw_links *links, unsigned id, const void *data, size_t len,
                 const struct fw_endpoint *remote, uint64_t now_ms);

/* What was refused with FW_IO_AGAIN will not be offered again: the next send is another one. */
void fw_link_abandon_send(struct fw_links *links, unsigned id);

/* What was refused with FW_IO_AGAIN is offered again when its sender likes: the platform need not
 * say when the stack has room. */
void fw_link_stop_waiting(struct fw_links *links, unsigned id);

/* How many bytes the next delivery of at most max bytes has, and from whom: a piece of the stream,
 * or of one datagram. 0: nothing was received. */
size_t fw_link_next(struct fw_link *link, size_t max, struct fw_endpoint *from);

/* The next piece of those bytes, valid until the next call; and how much of it was used. */
size_t fw_link_peek(const struct fw_link *link, const unsigned char **bytes);
void fw_link_consumed(struct fw_link *link, size_t len);

/* FW_RECEIVE_DIRECT: what one call gives of what the peer sends goes to links->datagram: its
 * length, 0 when there is nothing. The link may have ended. */
size_t fw_link_take(struct fw_links *links, unsigned id, uint64_t now_ms, struct fw_endpoint *from);

/* The same for link.c: FW_IO_AGAIN when there is nothing, FW_IO_FAIL when it has ended. */
int fw_link_receive_piece(struct fw_links *links, struct fw_link *link, struct fw_endpoint *from);

/* Fills the receive window from the socket: true when it holds more than before. *ended: the peer
 * has ended its side, or the link died. */
bool fw_link_receive(struct fw_links *links, unsigned id, uint64_t now_ms, bool *ended);

/* Tells the platform what the open link waits for. */
void fw_link_update_wants(struct fw_links *links, unsigned id);

#endif
