/* The driver's core and what moves its bytes: the part that is the same in every program. */
#ifndef MODULE_H
#define MODULE_H

#include <stdbool.h>

#include <wmat/core.h>

#define MODULE_RING_BYTES 512 /* received bytes of a link */

/* Starts with a module of which nothing is known, also when it has been started before: what was
 * open then is closed. */
void module_start(void);

/* A turn of the loop: received bytes in, bytes to send out, time, callbacks. Never waits. True:
 * something has moved, so there may be more. */
bool module_poll(void);

/* As wm_core_submit. */
int module_submit(struct wm_op *op, uint32_t timeout_ms, wm_done_fn done);

#endif
