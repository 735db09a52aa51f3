/* Moving bytes between a core and its port. */
#include "device.h"

#include <poll.h>
#include <time.h>

#define SLEEP_MAX_MS 60000

uint64_t device_look_at_clock(struct device *dev)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    dev->now_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    return dev->now_ms;
}

void device_flush(struct device *dev)
{
    const void *out;
    size_t len;
    dev->output_due = false;
    while ((len = wm_core_output(&dev->core, &out, dev->now_ms)) > 0) {
        ptrdiff_t n = dev->transport->ops->write(dev->transport, out, len);
        if (n < 0) {
            device_lose_port(dev);
            return;
        }
        wm_core_sent(&dev->core, (size_t)n, dev->now_ms);
        if ((size_t)n < len) {
            dev->output_due = true;
            return;
        }
    }
}

static void feed(struct device *dev)
{
    size_t used = wm_core_feed(&dev->core, dev->input + dev->input_at, dev->input_len, dev->now_ms);
    dev->input_at += used;
    dev->input_len -= used;
}

void device_take_input(struct device *dev)
{
    if (dev->core.lost || !wm_core_wants_input(&dev->core))
        return;
    if (dev->input_len == 0) {
        ptrdiff_t n = dev->transport->ops->read(dev->transport, dev->input, sizeof dev->input);
        if (n < 0) {
            device_lose_port(dev);
            return;
        }
        dev->input_at = 0;
        dev->input_len = (size_t)n;
    }
    if (dev->input_len > 0)
        feed(dev);
}

/* Nothing is late whose bytes have arrived while nobody ran (the program was stopped, the machine
 * asleep). */
void device_tick(struct device *dev)
{
    if (wm_core_deadline(&dev->core) <= dev->now_ms)
        device_take_input(dev);
    wm_core_tick(&dev->core, dev->now_ms);
    device_scan_speeds(dev);
}

uint64_t device_deadline(const struct device *dev)
{
    return dev->core.lost && dev->port.reopens ? dev->port.at_ms : wm_core_deadline(&dev->core);
}

short device_poll_events(const struct device *dev)
{
    bool input = dev->input_len == 0 && wm_core_wants_input(&dev->core);
    if (dev->core.lost)
        return 0;
    return (short)((input ? POLLIN : 0) | (dev->output_due ? POLLOUT : 0));
}

int device_poll_timeout(const struct device *dev, uint64_t until_ms)
{
    if (dev->input_len > 0 && wm_core_wants_input(&dev->core))
        return 0;
    if (until_ms == WM_NO_DEADLINE)
        return -1;
    if (until_ms <= dev->now_ms)
        return 0;
    return until_ms - dev->now_ms > SLEEP_MAX_MS ? SLEEP_MAX_MS : (int)(until_ms - dev->now_ms);
}

bool device_event_is_due(const struct device *dev)
{
    if (!dev->on_event)
        return false;
    unsigned events = dev->core.events;
    for (unsigned id = 0; id < dev->core.links_end; id++)
        events |= dev->core.links[id].events;
    return events != 0;
}

/* Callbacks run with no lock held. */

static void complete(struct device *dev, struct wm_op *op)
{
    wm_done_fn done = op->done;
    void *user = op->user;
    int result = op->result;
    device_unlock(dev);
    done(op, result, user);
    device_lock(dev);
}

void device_run_completions(struct device *dev)
{
    struct wm_op *op;
    dev->in_callback = true;
    while ((op = wm_core_next_done(&dev->core)))
        complete(dev, op);
    dev->in_callback = false;
    device_look_at_clock(dev);
}

static void tell_events(struct device *dev)
{
    struct wm_event event;
    dev->in_callback = true;
    while (device_event_is_due(dev) && wm_core_next_event(&dev->core, &event)) {
        device_unlock(dev);
        dev->on_event(&dev->base, &event, dev->user);
        device_lock(dev);
    }
    dev->in_callback = false;
    device_look_at_clock(dev);
}

bool device_callback_is_due(const struct device *dev)
{
    return dev->core.done || device_event_is_due(dev);
}

void device_run_callbacks(struct device *dev)
{
    while (device_callback_is_due(dev)) {
        device_run_completions(dev);
        tell_events(dev);
    }
}
