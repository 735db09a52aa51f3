/* Received bytes, token by token, to whom they belong. */
#ifndef INPUT_H
#define INPUT_H

#include <wmat/core.h>

/* As wm_core_feed, without the turns that follow. */
size_t input_feed(struct wm_core *core, const uint8_t *bytes, size_t len);

/* A ring has room again: the input is not held up any more. */
void input_resume(struct wm_core *core);

/* The module is searched for: what has begun is given up, and an unfinished frame fails its link.
 */
void input_reset(struct wm_core *core);

/* Gives up a frame whose rest does not come. */
void input_expire(struct wm_core *core);
uint64_t input_deadline(const struct wm_core *core);

#endif
