/* Whose turn it is: the driver's own operations and those of its user alternate. */
#ifndef TURNS_H
#define TURNS_H

#include <wmat/core.h>

/* Gives turns as long as nothing is in flight, then asks those that wait. To be called after
 * whatever may have changed something. */
void turns_run(struct wm_core *core);

#endif
