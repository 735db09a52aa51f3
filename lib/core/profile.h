/* What is found out about the module (profile.h of the public headers). */
#ifndef PROFILE_H
#define PROFILE_H

#include <wmat/core.h>

#include "slice.h"

/* Nothing is known (any more) but what the configuration says. */
void profile_forget(struct wm_core *core);

/* Takes a line of the answer to AT+SYSSTORE?. */
void profile_line(struct wm_core *core, struct slice line);

/* A command came back in front of its answer. */
void profile_echo(struct wm_core *core);

/* Why a link fails whose received bytes are not all there, or too many: with a module that swallows
 * some, that is why. */
int profile_loss(const struct wm_core *core);

/* Is the module asked for one byte at a time, because it swallows zero bytes? */
bool profile_reads_bytes(const struct wm_core *core);

/* How much of a stream fits into one command: where the module hands payload over by count, the
 * last hand-over is not to wait for the gap. */
uint32_t profile_chunk(const struct wm_profile *profile);

/* May a hand-over end behind the first before bytes of a payload? It ends once hand_over_bytes
 * wait, which are looked for after each read of the line, of up to 150 bytes (device_dialect,
 * section 2). */
bool profile_splits(const struct wm_profile *profile, size_t before);

#endif
