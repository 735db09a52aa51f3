#include "stall.h"

void stall_begin(struct wm_core *core)
{
    core->stalled = true;
    core->stalled_at_ms = core->now_ms;
}

void stall_end(struct wm_core *core)
{
    if (!core->stalled)
        return;
    uint64_t held_ms = core->now_ms - core->stalled_at_ms;
    core->stalled = false;
    core->last_rx_ms = core->now_ms;
    core->seek_at_ms += held_ms;
    core->txn.deadline_ms += held_ms;
    core->keeper.deadline_ms += held_ms;
}
