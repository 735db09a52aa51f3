/* What a payload may have taken in (device_dialect, section 7). */
#ifndef HIDDEN_H
#define HIDDEN_H

#include <stdbool.h>

#include <wmat/core.h>

/* A module that swallows zero bytes sends fewer than it has announced, and what comes behind takes
 * their place: by chance just so much that CR LF stands where it should. Does the payload that is
 * staged end in a line that the module prints, in the prompt of a send, or does it hold the header
 * of another frame that reaches beyond it? Only where it can: with zeros_lost. */
bool hidden_by_zeros(const struct wm_core *core);

static inline bool hidden_line(const struct wm_core *core)
{
    return core->profile.zeros_lost && hidden_by_zeros(core);
}

#endif
