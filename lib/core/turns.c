#include "turns.h"

#include "engine.h"
#include "keeper.h"
#include "module.h"

static bool give_turn(struct wm_core *core)
{
    if (engine_busy(core))
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
