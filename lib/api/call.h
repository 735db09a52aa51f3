/* How a blocking call waits: through these operations, which io supplies, so that api never reaches
 * upward. */
#ifndef CALL_H
#define CALL_H

#include <wmat/core.h>

struct wm_device;

struct wm_wait_ops {
    void (*lock)(struct wm_device *dev);
    /* Tells waiting calls and the I/O thread what has changed, and gives up the lock. */
    void (*unlock)(struct wm_device *dev);
    /* With the lock held: the time, of a clock that never goes back. */
    uint64_t (*now_ms)(struct wm_device *dev);
    /* With the lock held: lets time pass; sends what is due. */
    void (*tick)(struct wm_device *dev);
    void (*flush)(struct wm_device *dev);
    /* Without the lock: runs a prepared operation to its end (wm_run). */
    int (*run)(struct wm_device *dev, struct wm_op *op, uint32_t timeout_ms);
};

/* What api knows of a device; io's own structure starts with it. */
struct wm_device {
    struct wm_core *core;
    const struct wm_wait_ops *ops;
};

#endif
