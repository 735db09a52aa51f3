/* The search for the module. It assumes nothing: the module may be in data mode, in passthrough, in
 * the middle of a command or of a send, or not there. It sends +++ between guard times, an empty
 * line that flushes what that left in a line buffer, and AT until OK comes back; later it fills up
 * a length that may have been announced. */
#ifndef SEEK_H
#define SEEK_H

#include <wmat/core.h>

#include "report.h"

#define SEEK_PROBE_MS 500 /* how long AT may stay without an answer */

/* Starts from the first step. The transaction is idle. */
void seek_start(struct wm_core *core);

/* A final result, 'busy ...', that came during the search. */
void seek_final(struct wm_core *core, enum final final);
void seek_busy(struct wm_core *core);

/* Takes the next step if it is due. True: the module is found. */
bool seek_tick(struct wm_core *core);

/* When the next step is due; WM_NO_DEADLINE while bytes of the last one wait to be sent. */
uint64_t seek_deadline(const struct wm_core *core);

#endif
