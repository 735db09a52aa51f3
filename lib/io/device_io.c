/* Moving bytes between a core and its port. */
#include "device.h"

#include <time.h>

uint64_t device_look_at_clock(struct device *dev)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    dev->now_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    return dev->now_ms;
}

static void lost(struct device *dev)
{
    wm_core_lost(&dev->core, WM_ERR_IO);
    dev->input_len = 0; /* nobody takes it any more */
    dev->output_due = false;
}

void device_flush(struct device *dev)
{
    const void *out;
    size_t len;
    dev->output_due = false;
    while ((len = wm_core_output(&dev->core, &out, dev->now_ms)) > 0) {
        ptrdiff_t n = dev->transport->ops->write(dev->transport, out, len);
        if (n < 0) {
            lost(dev);
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
    if (dev->input_len == 0) {
        ptrdiff_t n = dev->transport->ops->read(dev->transport, dev->input, sizeof dev->input);
        if (n < 0) {
            lost(dev);
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
    bool due = wm_core_deadline(&dev->core) <= dev->now_ms;
    if (due && !dev->core.lost && wm_core_wants_input(&dev->core))
        device_take_input(dev);
    wm_core_tick(&dev->core, dev->now_ms);
}

bool device_event_is_due(const struct device *dev)
{
    if (!dev->on_event)
        return false;
    unsigned events = dev->core.events;
    for (unsigned id = 0; id < dev->core.link_count; id++)
        events |= dev->core.links[id].events;
    return events != 0;
}
