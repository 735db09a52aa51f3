/* A device without a thread: the program's loop polls its port and calls wm_process. */
#include "device.h"

#include <poll.h>

/* The lock is kept, and never fought for: what the two doors share takes it. */

int wm_fd(struct wm_device *base)
{
    struct device *dev = device_of(base);
    if (!dev->loop || device_poll_events(dev) == 0)
        return -1; /* poll would tell of a hang-up that nobody wants to hear of yet */
    return dev->transport->ops->fd(dev->transport);
}

short wm_events(struct wm_device *base)
{
    struct device *dev = device_of(base);
    return dev->loop ? device_poll_events(dev) : 0;
}

uint64_t wm_deadline(struct wm_device *base)
{
    struct device *dev = device_of(base);
    if (!dev->loop)
        return WM_NO_DEADLINE;
    if (device_callback_is_due(dev) || device_port_is_missed(dev) ||
        (dev->input_len > 0 && wm_core_wants_input(&dev->core)))
        return 0;
    return device_deadline(dev);
}

static void work(struct device *dev)
{
    device_look_at_clock(dev);
    device_take_input(dev);
    device_tick(dev);
    device_keep_port(dev);
    device_flush(dev);
}

int wm_process(struct wm_device *base)
{
    struct device *dev = device_of(base);
    if (!dev->loop || dev->in_callback)
        return WM_ERR_STATE;
    device_lock(dev);
    work(dev);
    device_run_callbacks(dev);
    int err = dev->port.reopens ? 0 : dev->core.lost;
    device_unlock(dev);
    return err;
}

/* Callbacks stay due meanwhile: they run inside wm_process only. */
int device_loop_run(struct wm_device *base, struct wm_op *op, uint32_t timeout_ms)
{
    struct device *dev = device_of(base);
    if (dev->in_callback)
        return WM_ERR_STATE;
    device_lock(dev);
    uint64_t now_ms = device_look_at_clock(dev);
    int err = wm_core_submit(&dev->core, op, timeout_ms, NULL, NULL, now_ms);
    device_flush(dev);
    while (err == 0 && !wm_op_ended(op)) {
        struct pollfd pfd = {.fd = wm_fd(base), .events = device_poll_events(dev)};
        poll(&pfd, 1, device_poll_timeout(dev, device_deadline(dev)));
        work(dev);
    }
    device_unlock(dev);
    return err < 0 ? err : op->result;
}
