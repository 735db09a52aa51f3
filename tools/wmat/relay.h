/* One local connection and the module's link that it is joined to. Everything runs in one thread,
 * by a poll loop: relay_ready takes what the local socket has or has room for, the driver's
 * completions (inside wm_process) do the rest.
 *
 * Back-pressure: the local socket is read when all that was read before has been sent, and the
 * driver keeps what the local socket has no room for, up to its receive buffer; then it asks the
 * module for no more. */
#ifndef RELAY_H
#define RELAY_H

#include <stdbool.h>
#include <stdint.h>

#include "cli.h"
#include "socks.h"

#define RELAY_SEND_BYTES (4 * 5760) /* of one call; AT+CIPSEND takes 5760 at a time */

enum relay_state {
    RELAY_FREE,
    RELAY_HANDSHAKE, /* speaks SOCKS */
    RELAY_WAITING,   /* in line for a link */
    RELAY_RESOLVING, /* AT+CIPDOMAIN */
    RELAY_CONNECTING,
    RELAY_OPEN,
    RELAY_LEAVING,   /* calls end, the link closes */
    RELAY_LINGERING, /* only the local socket is left */
    RELAY_STATES
};

/* What all of them share. */
struct relay_common {
    const struct cli *cli;
    struct wm_device *dev;
    const char *user, *password; /* of the proxy; NULL: everybody may */
    uint32_t quit_ms;            /* see relay_deadline_ms */
    bool wifi_up;
    bool somebody_waits; /* in line for a link */
    bool over;           /* the program ends: nothing is told any more */
    uint64_t retry_ms;   /* not before that is there a link to be had */
};

struct relay {
    struct relay_common *common;
    enum relay_state state;
    uint64_t ticket;   /* its place in line */
    uint64_t since_ms; /* of the state; of an open one, since something came from the module */
    int fd;            /* -1: closed */
    bool lingers;      /* all was said to the local side; what it still sends is thrown away */
    uint64_t linger_ms;

    bool proxied; /* the client speaks SOCKS */
    struct socks socks;
    char host[SOCKS_TEXT_MAX + 1]; /* where to */
    unsigned port;
    char ip[WM_IP_SIZE]; /* of a name */
    struct wm_tcp_options options;

    int link;                             /* handle; 0: none */
    struct wm_op call, send, lend;        /* connect and close; then one each way */
    bool call_runs, send_runs, lend_runs; /* their completions are to come */
    unsigned char up[RELAY_SEND_BYTES];   /* on its way to the module */
    size_t up_len;
    bool up_ended;       /* the local side has ended, or the peer takes nothing any more */
    const void *lent;    /* on its way to the local side */
    size_t lent_len;     /* 0: nothing */
    uint64_t sent_bytes; /* confirmed by the module */
    uint64_t received_bytes;
    int err; /* what it failed with, 0 otherwise */
};

/* Takes over the local connection fd. host NULL: it says by SOCKS where it wants to go. ticket: its
 * place in line. */
void relay_begin(struct relay *relay, struct relay_common *common, int fd, const char *host,
                 unsigned port, uint64_t ticket);

/* Opens the link: of one that is RELAY_WAITING, whose turn it is. */
void relay_start(struct relay *relay);

/* Does it have one of the module's links, or is it about to? */
bool relay_holds_link(const struct relay *relay);

/* What to poll its fd for, and what poll said. */
short relay_events(const struct relay *relay);
void relay_ready(struct relay *relay, short revents);

/* When relay_tick is needed at the latest; WM_NO_DEADLINE: never. A client that does not speak is
 * given up after 30 s. A connection whose local side has ended, and that may have gone for good,
 * which can't be told apart, is given up when nothing has come for quit_ms; for 2 s where others
 * wait in line. */
uint64_t relay_deadline_ms(const struct relay *relay);
void relay_tick(struct relay *relay, uint64_t now_ms);

/* Ends it. sound: everything was said, so the local side sees an end of file; else a reset. */
void relay_end(struct relay *relay, bool sound);

/* The same after an error, which is told. */
void relay_fail(struct relay *relay, int err, const char *advice, const char *what);

/* The parts: of relay.c, for relay_pump.c and relay_local.c. Every completion of a call calls
 * relay_leave when its relay is not RELAY_OPEN any more. */
void relay_leave(struct relay *relay);
void relay_asked(struct relay *relay, const char *host, unsigned port);

/* relay_pump.c: copies both ways, from the moment that the link is open. */
void relay_pump(struct relay *relay);
void relay_read_local(struct relay *relay);
void relay_write_local(struct relay *relay);
void relay_discard(struct relay *relay);

/* relay_local.c: the local socket beside that. */
void relay_handshake(struct relay *relay);
void relay_answer(struct relay *relay, enum socks_reply reply);
void relay_finish_local(struct relay *relay);
void relay_linger(struct relay *relay);
void relay_reset_local(struct relay *relay);
void relay_drain_local(struct relay *relay);

#endif
