/* Received datagrams: in a link's ring each stands behind a header with its length and its sender,
 * so that their boundaries stay. Only wm_udp_open refers to this; a link of a stream has none. */
#ifndef DATAGRAM_H
#define DATAGRAM_H

#include "lexer.h"
#include "link.h"

struct wm_datagram_ops {
    /* Stages the header of one that arrives. False: the ring has no room for all of it. */
    bool (*begin)(struct wm_core *core, struct wm_link *link, const struct frame *frame);
    /* Passive: how many bytes to ask for, 0: nothing yet. */
    uint32_t (*wanted)(const struct wm_link *link);
    /* How much of that to ask for now, so that a datagram comes alone. */
    uint32_t (*first)(const struct wm_core *core, struct wm_link *link, uint32_t wanted);
    /* Takes one out; as link_read. from may be NULL. */
    int (*read)(struct wm_link *link, void *buffer, size_t cap, struct wm_datagram *from);
    /* Starts the command that sends one: the step of begin. */
    int (*send)(struct wm_core *core, struct wm_op *op, struct wm_link *link);
};

bool datagram_begin(struct wm_core *core, struct wm_link *link, const struct frame *frame);
uint32_t datagram_wanted(const struct wm_link *link);
uint32_t datagram_first(const struct wm_core *core, struct wm_link *link, uint32_t wanted);
int datagram_read(struct wm_link *link, void *buffer, size_t cap, struct wm_datagram *from);

#endif
