/* What calls wait with (call.h): the lock, and sleeping until an operation has ended.
 *
 * A blocking call writes its command itself, and watches the deadlines that the I/O thread does not
 * know of, so that a round trip wakes that thread once: for the answer. */
#include "device.h"

/* Does the I/O thread sleep through something that only it does? */
static bool thread_is_missed(const struct device *dev)
{
    return dev->core.done || device_port_is_missed(dev) ||
           (dev->output_due && !dev->polls_output) ||
           (!dev->polls_input && wm_core_wants_input(&dev->core)) || device_event_is_due(dev);
}

/* Takes out the calls whose operations have ended. */
static struct waiter *take_ended(struct device *dev)
{
    struct waiter *ended = NULL;
    if (dev->changes_seen == dev->core.changes)
        return NULL;
    dev->changes_seen = dev->core.changes;
    for (struct waiter **at = &dev->waiters; *at;) {
        struct waiter *waiter = *at;
        if (!wm_op_ended(waiter->op)) {
            at = &waiter->next;
            continue;
        }
        *at = waiter->next;
        waiter->next = ended;
        ended = waiter;
    }
    return ended;
}

/* Nobody is woken to find the lock taken. */
static void unlock(struct device *dev, bool thread_is_due)
{
    struct waiter *ended = take_ended(dev);
    bool wake = dev->asleep && thread_is_due;
    if (wake)
        dev->asleep = false;
    pthread_mutex_unlock(&dev->mutex);
    if (wake)
        device_wake_thread(dev);
    while (ended) {
        struct waiter *next = ended->next;
        park_tell(&ended->park);
        ended = next;
    }
}

void device_lock(struct device *dev)
{
    pthread_mutex_lock(&dev->mutex);
}

void device_unlock_to_sleep(struct device *dev)
{
    unlock(dev, false);
}

void device_unlock(struct device *dev)
{
    unlock(dev, dev->asleep &&
                    (wm_core_deadline(&dev->core) < dev->polls_until_ms || thread_is_missed(dev)));
}

/* Takes out one that waits no longer. False: it is taken out already, and about to be told. */
static bool take_out(struct device *dev, const struct waiter *waiter)
{
    for (struct waiter **at = &dev->waiters; *at; at = &(*at)->next) {
        if (*at == waiter) {
            *at = waiter->next;
            return true;
        }
    }
    return false;
}

/* Gives up the lock and sleeps until op has ended: true, and the lock is not held. False: time has
 * to pass, the lock is held again. */
static bool sleep_until_ended(struct device *dev, struct wm_op *op)
{
    struct waiter waiter = {.next = dev->waiters, .op = op};
    uint64_t deadline_ms = wm_core_deadline(&dev->core);
    if (dev->asleep && dev->polls_until_ms <= deadline_ms)
        deadline_ms = WM_NO_DEADLINE; /* the I/O thread sees to it */
    dev->waiters = &waiter;
    unlock(dev, dev->asleep && thread_is_missed(dev));
    if (park_await(&waiter.park, deadline_ms))
        return true;
    device_lock(dev);
    if (take_out(dev, &waiter))
        return false;
    pthread_mutex_unlock(&dev->mutex);
    return park_await(&waiter.park, WM_NO_DEADLINE);
}

/* Waits for an operation that was submitted; the lock is held, and not any more afterwards. */
static void await(struct device *dev, struct wm_op *op)
{
    device_flush(dev);
    while (!wm_op_ended(op)) {
        if (sleep_until_ended(dev, op))
            return;
        device_look_at_clock(dev);
        device_tick(dev);
        device_flush(dev);
    }
    device_unlock(dev);
}

/* in_callback is the I/O thread's, so another thread must not look at it. */
static bool on_io_thread(const struct device *dev)
{
    return dev->running && pthread_equal(pthread_self(), dev->thread);
}

static int op_run(struct wm_device *base, struct wm_op *op, uint32_t timeout_ms)
{
    struct device *dev = device_of(base);
    if (on_io_thread(dev))
        return WM_ERR_STATE;
    device_lock(dev);
    uint64_t now_ms = device_look_at_clock(dev);
    int err = wm_core_submit(&dev->core, op, timeout_ms, NULL, NULL, now_ms);
    if (err < 0) {
        device_unlock(dev);
        return err;
    }
    await(dev, op);
    return op->result;
}

static void op_lock(struct wm_device *base)
{
    device_lock(device_of(base));
}

static void op_unlock(struct wm_device *base)
{
    device_unlock(device_of(base));
}

static uint64_t op_now(struct wm_device *base)
{
    return device_look_at_clock(device_of(base));
}

static void op_flush(struct wm_device *base)
{
    device_flush(device_of(base));
}

static void op_tick(struct wm_device *base)
{
    device_look_at_clock(device_of(base));
    device_tick(device_of(base));
}

#define OPS(run_)                                                                                  \
    {                                                                                              \
        .lock = op_lock, .unlock = op_unlock, .now_ms = op_now, .tick = op_tick,                   \
        .flush = op_flush, .run = run_                                                             \
    }

const struct wm_wait_ops device_thread_ops = OPS(op_run);
const struct wm_wait_ops device_loop_ops = OPS(device_loop_run);
