#include "turns.h"

#include "engine.h"
#include "keeper.h"
#include "lexer.h"
#include "module.h"

#define HOLD_MS 1000 /* the longest that a command waits for the end of frames */

/* Before seek_at_ms no command starts; while the module is searched for that means another thing.
 */
static bool too_early(const struct wm_core *core)
{
    return module_state(core) == MODULE_READY && core->now_ms < core->seek_at_ms;
}

/* The echo of a command would land in the frame that is arriving (device_dialect, section 1). A
 * module that sends without a pause is not waited for for ever: what collides is found. */
static bool collides(const struct wm_core *core)
{
    return core->config.receive == WM_RECEIVE_ACTIVE && core->profile.echo &&
           (lexer_in_frame(&core->lexer) || lexer_in_header(&core->lexer));
}

static void hold(struct wm_core *core)
{
    bool collision = core->queue && collides(core);
    if (collision && !core->holding)
        core->seek_at_ms = core->now_ms + HOLD_MS;
    else if (!collision && core->holding)
        core->seek_at_ms = core->now_ms;
    core->holding = collision;
}

static bool give_turn(struct wm_core *core)
{
    if (engine_busy(core))
        return false;
    if (module_state(core) == MODULE_READY)
        hold(core);
    if (too_early(core))
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
