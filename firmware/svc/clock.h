/* The module's wall clock: nothing until SNTP has set it, then the time of day by the milliseconds
 * that have passed since. */
#ifndef FW_CLOCK_H
#define FW_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct fw_clock {
    bool set;
    uint64_t set_ms;  /* when it was set, or started */
    uint64_t unix_ms; /* what it was set to: ms since 1970, UTC */
};

/* Power on: it starts in 1970. */
static inline void fw_clock_start(struct fw_clock *clock, uint64_t now_ms)
{
    clock->set = false;
    clock->set_ms = now_ms;
    clock->unix_ms = 0;
}

static inline void fw_clock_set(struct fw_clock *clock, uint64_t unix_ms, uint64_t now_ms)
{
    clock->set = true;
    clock->set_ms = now_ms;
    clock->unix_ms = unix_ms;
}

/* What it shows: seconds since 1970 (UTC), wrong while it was never set. */
static inline uint64_t fw_clock_shown_s(const struct fw_clock *clock, uint64_t now_ms)
{
    return (clock->unix_ms + (now_ms - clock->set_ms)) / 1000;
}

/* The same, 0 while it was never set. */
static inline uint64_t fw_clock_unix_s(const struct fw_clock *clock, uint64_t now_ms)
{
    return clock->set ? fw_clock_shown_s(clock, now_ms) : 0;
}

#endif
