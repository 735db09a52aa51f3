/* What the driver does of its own accord: the set-up of the module, reading what waits in it,
 * asking for what it forgot to report, closing links that nobody holds. */
#ifndef KEEPER_H
#define KEEPER_H

#include <wmat/core.h>

/* Starts the most urgent of these if one is due. False: none is. Nothing is in flight. */
bool keeper_turn(struct wm_core *core);

/* When one will be due; WM_NO_DEADLINE: not by time alone. */
uint64_t keeper_deadline(const struct wm_core *core);

/* AT+CIPRECVLEN is to be asked within delay_ms. */
void keeper_ask_within(struct wm_core *core, uint32_t delay_ms);

/* A link has come up by itself: what it has sent may have been reported before that was noticed, or
 * not at all. */
void keeper_watch(struct wm_core *core);

/* The answer of AT+CIPRECVDATA has begun, with len bytes: on a slow line they take longer than its
 * deadline, and the gaps between them are watched. */
void keeper_reads(struct wm_core *core, uint32_t len);

#endif
