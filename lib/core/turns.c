#include "turns.h"

#include "engine.h"
#include "keeper.h"
#include "module.h"

/* A module of which only the search is under way is spoken to by that. */
static bool too_early(const struct wm_core *core)
{
    return module_state(core) == MODULE_READY && core->now_ms < core->seek_at_ms;
}

static bool give_turn(struct wm_core *core)
{
    if (engine_busy(core) || too_early(core))
        return false;
    bool user_waits = module_state(core) == MODULE_READY && core->queue;
    if (!(core->keeper_turn && user_waits) && keeper_turn(core)) {
        core->keeper_turn = true;
        return true;
    }
    core->keeper_turn = false;
    return user_waits && engine_next_turn(core);
}

void turns_run(struct wm_core *core)
{
    while (give_turn(core))
        ;
    engine_ask_waiting(core);
}

uint64_t turns_deadline(const struct wm_core *core)
{
    return too_early(core) ? core->seek_at_ms : WM_NO_DEADLINE;
}
