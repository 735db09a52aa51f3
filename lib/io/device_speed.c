/* The speed of the line. Where nothing has answered twice, the other usual speeds are tried, each
 * for a moment; then the search goes on where it began, because the module may only have been slow
 * to start. */
#include "device.h"

#include <stdio.h>
#include <string.h>

#define ROUNDS_FIRST 2
#define ROUNDS_LATER 3 /* the last one fills up a length that may have been announced */
#define PROBE_MS     150

static const unsigned speeds[] = {115200, 921600, 2000000, 1000000, 460800,  230400,
                                  57600,  38400,  19200,   9600,    1500000, 3000000};

#define SPEEDS (sizeof speeds / sizeof speeds[0])

/* The list, and behind it the speed that was asked for. */
static unsigned speed_at(const struct device *dev, size_t at)
{
    return at < SPEEDS ? speeds[at] : dev->speeds.asked;
}

/* Another one than the search begins with, and not a second time. */
static bool is_new(const struct device *dev, size_t at)
{
    unsigned speed = speed_at(dev, at);
    if (speed == dev->speeds.home)
        return false;
    for (size_t i = 0; at == SPEEDS && i < SPEEDS; i++) {
        if (speeds[i] == speed)
            return false;
    }
    return true;
}

/* False: the port can't have this speed. */
static bool change(struct device *dev, unsigned baud, uint32_t probe_ms)
{
    int err = dev->transport->ops->set_baud(dev->transport, baud);
    if (err == WM_ERR_IO)
        device_lose_port(dev);
    if (err < 0)
        return false;
    dev->port.state.baud = dev->core.config.baud = baud;
    dev->input_len = 0;
    wm_core_search(&dev->core, probe_ms, dev->now_ms);
    return true;
}

/* Nothing answered at any speed: home again. */
static void give_up(struct device *dev)
{
    dev->speeds.scanning = false;
    if (!dev->speeds.silence_told)
        dev->core.events |= 1u << WM_EVENT_SILENT;
    dev->speeds.silence_told = true;
    change(dev, dev->speeds.home, 0);
}

static void go_on(struct device *dev)
{
    while (dev->speeds.next <= SPEEDS && !dev->core.lost) {
        size_t at = dev->speeds.next++;
        if (dev->speeds.tried < dev->speeds.next)
            dev->speeds.tried = dev->speeds.next;
        if (is_new(dev, at) && change(dev, speed_at(dev, at), PROBE_MS))
            return;
    }
    if (!dev->core.lost)
        give_up(dev);
}

static int rounds(const struct device *dev)
{
    return dev->speeds.tried == 0 ? ROUNDS_FIRST : ROUNDS_LATER;
}

static void found(struct device *dev)
{
    dev->speeds.scanning = false;
    dev->speeds.silence_told = false;
    dev->speeds.tried = 0;
    dev->speeds.home = dev->port.state.baud;
}

void device_scan_speeds(struct device *dev)
{
    if (!dev->speeds.on || dev->core.lost)
        return;
    int unanswered = wm_core_unanswered(&dev->core);
    if (unanswered < 0) {
        if (dev->speeds.tried > 0)
            found(dev);
    } else if (dev->speeds.scanning && unanswered >= 1) {
        go_on(dev);
    } else if (unanswered >= rounds(dev)) {
        dev->core.events &= (uint16_t) ~(1u << WM_EVENT_SILENT); /* not before all were tried */
        dev->speeds.scanning = true;
        dev->speeds.next = 0;
        go_on(dev);
    }
}

void device_speeds_tried(const struct device *dev, char *text, size_t size)
{
    size_t len = 0;
    text[0] = '\0';
    if (dev->speeds.tried > 0)
        len = (size_t)snprintf(text, size, "%u", dev->speeds.home);
    for (size_t at = 0; at < dev->speeds.tried && len < size; at++) {
        if (is_new(dev, at))
            len += (size_t)snprintf(text + len, size - len, ", %u", speed_at(dev, at));
    }
}
