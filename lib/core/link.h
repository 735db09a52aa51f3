/* The links: their states, handles and received bytes. */
#ifndef LINK_H
#define LINK_H

#include <wmat/core.h>
#include <wmat/link.h>
#include <wmat/udp.h>

#include "report.h"

enum link_event {
    LINK_DIAL,      /* AT+CIPSTART is about to go out */
    LINK_UP,        /* it was answered with OK */
    LINK_REFUSED,   /* it failed */
    LINK_PEER_GONE, /* CLOSED, and nothing of it is left in the module */
    LINK_BROKEN,    /* an error; the handle's owner will see it */
    LINK_HANG_UP,   /* the owner gave the handle back, or never got it */
    LINK_GONE,      /* a link in closing is out of the module */
    LINK_ARRIVED,   /* a client of the server */
};

/* Makes the links of the configuration free ones. */
void links_init(struct wm_core *core);

/* Gives a link its own ring (again), empty. */
void link_own_ring(struct wm_core *core, struct wm_link *link);

/* The link that has a number in the module, or had it last (CLOSED may overtake data); NULL: not
 * one of ours. */
struct wm_link *link_at(struct wm_core *core, int id);

/* The link of which an active frame with this number is; NULL: of none here. CLOSED may overtake
 * data; but where there is a server, or may be one, the number may be a client's by then, of whom
 * the driver does not know. */
struct wm_link *link_sending(struct wm_core *core, int id);

/* The link that a handle means, or NULL. */
struct wm_link *link_of(struct wm_core *core, int handle);

static inline enum wm_link_state link_state(const struct wm_link *link)
{
    return (enum wm_link_state)link->state;
}

/* A datagram was lost; the reader is told. */
static inline void link_count_dropped(struct wm_link *link)
{
    if (link->dropped < 127)
        link->dropped++;
}

/* Moves on by the table in link.c; an event without a row changes nothing. */
void link_event(struct wm_core *core, struct wm_link *link, enum link_event event);

/* Takes a free link, with the number id in the module (0..4) or any that no handle has (-1). It is
 * WM_LINK_OPENING with a new handle, owned by the caller, and not yet in_module: its command has to
 * say that. NULL: none is free. */
struct wm_link *link_take(struct wm_core *core, int preferred);

/* A client of the server has the number id in the module: the link that it gets, or NULL. Nobody
 * owns it before link_accept, which gives it a handle. */
struct wm_link *link_arrive(struct wm_core *core, int id);
int link_accept(struct wm_core *core, struct wm_link *link);

/* What was dialled has failed, but a client came up under its number: it becomes that client's. */
void link_hand_over(struct wm_core *core, struct wm_link *link);

/* Fails a link, or all that are in use. err: a negative enum wm_err. */
void link_fail(struct wm_core *core, struct wm_link *link, int err);
void links_fail(struct wm_core *core, int err);

/* The module reported the link closed. */
void link_closed(struct wm_core *core, struct wm_link *link);

/* The result of AT+CIPCLOSE for a link in closing. ERROR: there is none, and its CLOSED was lost;
 * or the number was, and another was meant. With any but OK it is closed later. */
void link_hung_up(struct wm_core *core, int id, enum final final);

/* What receiving gives now: bytes, 0 for the end of file, the link's error, WM_ERR_TIMEOUT for
 * nothing yet, WM_ERR_ARG for no such link. from, which may be NULL, is filled for a datagram. */
int link_read(struct wm_core *core, int handle, void *buffer, size_t cap, struct wm_datagram *from);

/* Marks an event of a link as due. */
void link_notify(struct wm_core *core, struct wm_link *link, enum wm_event_kind kind);

#endif
