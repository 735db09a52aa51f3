/* Sending: what a stream and a datagram have in common. */
#ifndef SEND_H
#define SEND_H

#include "engine.h"

#define SEND_MS       10000
#define SEND_LIMIT_MS 15000

/* Sending by AT+CIPSENDL, which wm_send knows of only where the configuration names it. */
struct wm_long_send_ops {
    /* Starts the next command of a send that has left bytes to go: the step of begin; 0: it is not
     * for this one. */
    int (*begin)(struct wm_core *core, struct wm_op *op, struct wm_link *link, size_t left);
    /* A line of its usage text has come: the module has it. */
    void (*usage)(struct wm_core *core);
    /* Takes the result of the question whether the module has the command. */
    int (*asked)(struct wm_core *core, enum final final);
};

/* Are the last three bytes of a payload +++? */
bool send_ends_in_escape(const void *data, size_t len);

/* 0 where a link takes payload; else why it doesn't: WM_ERR_ARG (NULL: no such link), WM_ERR_CLOSED
 * or what it failed with. */
int send_state(const struct wm_link *link);

/* Starts the command that writer holds, with its payload, which must stay. The step of begin. */
int send_start(struct wm_core *core, const struct wm_link *link, struct writer *writer,
               const void *payload, size_t len);

/* The final and the end of an operation that sends op->size bytes; op->value is how many of them
 * the command in flight carries. */
int send_final(struct wm_core *core, struct wm_op *op, enum final final);
int send_end(struct wm_core *core, struct wm_op *op, int result, bool in_flight);

#endif
