#include "park.h"

#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <wmat/core.h>

/* Returns when told is no longer 0, when until has come, and sometimes for nothing at all. */
static long sleep_on(struct park *park, const struct timespec *until)
{
    return syscall(SYS_futex, &park->told, FUTEX_WAIT_BITSET_PRIVATE, 0, until, NULL,
                   FUTEX_BITSET_MATCH_ANY);
}

bool park_await(struct park *park, uint64_t deadline_ms)
{
    struct timespec until = {.tv_sec = (time_t)(deadline_ms / 1000),
                             .tv_nsec = (long)(deadline_ms % 1000) * 1000000};
    bool late = false;
    while (atomic_load_explicit(&park->told, memory_order_acquire) == 0) {
        if (late)
            return false;
        late =
            sleep_on(park, deadline_ms == WM_NO_DEADLINE ? NULL : &until) < 0 && errno == ETIMEDOUT;
    }
    return true;
}

void park_tell(struct park *park)
{
    atomic_store_explicit(&park->told, 1, memory_order_release);
    syscall(SYS_futex, &park->told, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
