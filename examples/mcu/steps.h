/* What the program does, step by step: a step is one operation of the driver. */
#ifndef STEPS_H
#define STEPS_H

#include <wmat/core.h>

enum verdict { STEP_NEXT, STEP_AGAIN, STEP_FAILED };

struct step {
    const char *name;
    uint32_t timeout_ms; /* 0: the default of its operation */
    int (*prepare)(struct wm_op *op);
    /* Takes its result, 0 or more. NULL: there is nothing to take. */
    enum verdict (*take)(int result);
};

#define HTTP_STEPS 4
#define UDP_STEPS  4

extern const struct step http_steps[HTTP_STEPS];
extern const struct step udp_steps[UDP_STEPS];

#endif
