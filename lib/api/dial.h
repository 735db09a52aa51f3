/* Opening a link: what TCP, UDP and TLS have in common (TCP/IP AT: CIPSTART). */
#ifndef DIAL_H
#define DIAL_H

#include "engine.h"

#define DIAL_MS 15000
#define DIAL_LIMIT_MS                                                                              \
    20000 /* a name to resolve and 10 s to connect (device_dialect, section 8)                     \
           */

#define DIAL_TLS_MS 30000
/* And 10 s for each message of the handshake. */
#define DIAL_TLS_LIMIT_MS 60000

/* The link id of a user who chose one, or -1; a number that no link has where it is out of range.
 */
int dial_id(bool own_id, unsigned link_id);

/* Where to, and as which link. */
struct dial {
    const char *type, *type6; /* "TCP", "TCPv6" */
    const char *host;
    unsigned port;
    bool ipv6;   /* type6; an IPv6 literal has it without being told */
    int link_id; /* -1: any that is free */
    const struct wm_datagram_ops *datagrams;
};

bool dial_sound(const struct dial *dial);

/* Takes a link, which op holds from now on. 0, or WM_ERR_STATE: none is free. */
int dial_take(struct wm_core *core, struct wm_op *op, const struct dial *dial);

/* Gives back a link whose number a client of the server has got, before it was dialled. */
void dial_again(struct wm_core *core, struct wm_op *op);

/* Has op taken its link? */
bool dial_has_link(const struct wm_op *op);

/* Writes the command for the link of op as far as the port. */
struct writer dial_write(struct wm_core *core, const struct wm_op *op, const struct dial *dial);

/* <keep_alive> and <local IP>. keep_alive_s: 0 what was configured last, -1 off. */
bool dial_tail_sound(int keep_alive_s, const char *local_ip);
void dial_tail(struct writer *writer, int keep_alive_s, const char *local_ip);

/* The final and the end of such an operation; its result is the handle. */
int dial_final(struct wm_core *core, struct wm_op *op, enum final final);
int dial_end(struct wm_core *core, struct wm_op *op, int result, bool in_flight);

#endif
