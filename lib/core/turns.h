/* Whose turn it is: the driver's own operations and those of its user alternate. */
#ifndef TURNS_H
#define TURNS_H

#include <wmat/core.h>

/* Gives turns as long as nothing is in flight, then asks those that wait. To be called after
 * whatever may have changed something. */
void turns_run(struct wm_core *core);

/* When the next turn may be given that is not to be given now; else WM_NO_DEADLINE. */
uint64_t turns_deadline(const struct wm_core *core);

#endif
