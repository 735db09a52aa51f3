/* A full ring holds up the input (active mode). While nobody listens the module can't be late. */
#ifndef STALL_H
#define STALL_H

#include <wmat/core.h>

/* The input stops: what is left of a frame has no room. */
void stall_begin(struct wm_core *core);

/* A ring has room again. The module gets the time back that nobody listened. */
void stall_end(struct wm_core *core);

#endif
