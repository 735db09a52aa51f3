/* One thread sleeps until another one tells it something. Each sleep costs one system call, each
 * telling another one; a condition variable costs the same and ten times the instructions, and
 * wakes threads that only go on to wait for the lock. */
#ifndef IO_PARK_H
#define IO_PARK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct park {
    atomic_uint told; /* 0 until somebody has told */
};

/* Sleeps until told (true), or until deadline_ms of CLOCK_MONOTONIC (false; WM_NO_DEADLINE:
 * never). */
bool park_await(struct park *park, uint64_t deadline_ms);

/* Tells. The sleeper may be awake already and may free park as soon as told is set: nothing of it
 * is touched after that but its address. */
void park_tell(struct park *park);

#endif
