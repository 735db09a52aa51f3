#include "call.h"

#include <wmat/wmat.h>

int wm_run(struct wm_device *dev, struct wm_op *op, uint32_t timeout_ms)
{
    return dev->ops->run(dev, op, timeout_ms);
}

int wm_submit(struct wm_device *dev, struct wm_op *op, uint32_t timeout_ms, wm_done_fn done,
              void *user)
{
    const struct wm_wait_ops *ops = dev->ops;
    ops->lock(dev);
    int err = wm_core_submit(dev->core, op, timeout_ms, done, user, ops->now_ms(dev));
    ops->flush(dev);
    ops->unlock(dev);
    return err;
}

void wm_cancel(struct wm_device *dev, struct wm_op *op)
{
    dev->ops->lock(dev);
    dev->ops->tick(dev); /* what the module may still need for it counts from now */
    wm_core_cancel(dev->core, op);
    dev->ops->flush(dev);
    dev->ops->unlock(dev);
}

const char *wm_last_detail(struct wm_device *dev, char *text, size_t size)
{
    dev->ops->lock(dev);
    wm_core_detail(dev->core, text, size);
    dev->ops->unlock(dev);
    return text;
}

int wm_profile(struct wm_device *dev, struct wm_profile *profile)
{
    dev->ops->lock(dev);
    int err = wm_core_profile(dev->core, profile);
    dev->ops->unlock(dev);
    return err;
}

void wm_get_stats(struct wm_device *dev, struct wm_stats *stats)
{
    dev->ops->lock(dev);
    *stats = *wm_core_stats(dev->core);
    dev->ops->unlock(dev);
}
