/* Received bytes, token by token, to whom they belong. */
#ifndef INPUT_H
#define INPUT_H

#include <wmat/core.h>

/* As wm_core_feed, for any bytes at the present time. */
size_t input_feed(struct wm_core *core, const uint8_t *bytes, size_t len);

/* Gives up a frame whose rest does not come. */
void input_expire(struct wm_core *core);
uint64_t input_deadline(const struct wm_core *core);

#endif
