#include "module.h"

#include "engine.h"
#include "frame.h"
#include "link.h"
#include "profile.h"
#include "seek.h"
#include "transition.h"
#include "txn.h"

#define REBOOT_MS 5000 /* from AT+RST to 'ready' */

static const struct transition rows[] = {
    TRANSITION(MODULE_SEEK, MODULE_FOUND, MODULE_SET_UP),
    TRANSITION(MODULE_SEEK, MODULE_BOOTED, MODULE_SEEK),
    TRANSITION(MODULE_SEEK, MODULE_TROUBLE, MODULE_SEEK),
    TRANSITION(MODULE_SEEK, MODULE_GONE, MODULE_LOST),

    TRANSITION(MODULE_SET_UP, MODULE_SETTLED, MODULE_READY),
    TRANSITION(MODULE_SET_UP, MODULE_TROUBLE, MODULE_SEEK),
    TRANSITION(MODULE_SET_UP, MODULE_BOOTED, MODULE_SEEK),
    TRANSITION(MODULE_SET_UP, MODULE_GONE, MODULE_LOST),
    TRANSITION(MODULE_SET_UP, MODULE_STREAMING, MODULE_STREAM), /* a check-up is due, and waits */

    TRANSITION(MODULE_READY, MODULE_TROUBLE, MODULE_SEEK),
    TRANSITION(MODULE_READY, MODULE_DOUBT, MODULE_SET_UP),
    TRANSITION(MODULE_READY, MODULE_BOOTED, MODULE_SEEK),
    TRANSITION(MODULE_READY, MODULE_REBOOTING, MODULE_REBOOT),
    TRANSITION(MODULE_READY, MODULE_GONE, MODULE_LOST),

    TRANSITION(MODULE_READY, MODULE_STREAMING, MODULE_STREAM),
    TRANSITION(MODULE_STREAM, MODULE_LEAVE, MODULE_SEEK),
    TRANSITION(MODULE_STREAM, MODULE_TROUBLE, MODULE_SEEK),
    TRANSITION(MODULE_STREAM, MODULE_GONE, MODULE_LOST),

    TRANSITION(MODULE_REBOOT, MODULE_BOOTED, MODULE_SEEK),
    TRANSITION(MODULE_REBOOT, MODULE_TROUBLE, MODULE_SEEK),
    TRANSITION(MODULE_REBOOT, MODULE_GONE, MODULE_LOST),

    TRANSITION(MODULE_LOST, MODULE_PLUGGED, MODULE_SEEK),
};

void module_init(struct wm_core *core)
{
    core->state = MODULE_SEEK;
    seek_start(core);
}

void module_forget(struct wm_core *core)
{
    core->known = false;
    profile_forget(core);
    core->wifi_up = false;
    core->has_long_send = 0;
    if (!core->settings) { /* nobody tells it again */
        core->arrived = NULL;
        core->server_links = 0;
    }
}

void module_tell_wifi(struct wm_core *core, bool up)
{
    core->wifi_up = up;
    core->events |= (uint16_t)(1u << (up ? WM_EVENT_WIFI_UP : WM_EVENT_WIFI_DOWN));
    engine_changed(core);
}

void module_wifi(struct wm_core *core, bool up)
{
    if (core->wifi_up != up)
        module_tell_wifi(core, up);
}

/* Nothing from before the restart is left in the module. One that was never set up has lost
 * nothing: its 'ready' may have waited on the line since it was switched on. */
static void booted(struct wm_core *core)
{
    if (!core->known)
        return;
    core->stats.resets++;
    module_forget(core);
    core->events = 1u << WM_EVENT_RESET; /* what was not told yet holds no longer */
    links_fail(core, WM_ERR_RESET);
}

static void enter(struct wm_core *core, enum module_state next)
{
    core->state = (uint8_t)next;
    if (next == MODULE_SEEK) {
        seek_start(core);
    } else if (next == MODULE_REBOOT) {
        core->seek_at_ms = core->now_ms + REBOOT_MS;
    } else if (next == MODULE_READY) {
        core->known = true;
        core->seek_at_ms = core->now_ms;
        core->events &= (uint16_t) ~(1u << WM_EVENT_SILENT); /* if that was not told yet */
        core->events |= 1u << WM_EVENT_READY;
    }
    engine_changed(core);
}

void module_event(struct wm_core *core, enum module_event event)
{
    int next = TRANSITION_FIND(rows, core->state, event);
    if (next < 0)
        return;
    if (event == MODULE_BOOTED)
        booted(core);
    if (next == MODULE_SEEK && event != MODULE_LEAVE)
        core->stats.resyncs += core->known;
    if (next == MODULE_SEEK && event != MODULE_LEAVE)
        frame_reset(core);
    enter(core, (enum module_state)next);
    if (next != MODULE_SEEK)
        return;
    engine_fail_turn(core, event == MODULE_BOOTED ? WM_ERR_RESET : WM_ERR_PROTO);
    txn_event(&core->txn, TXN_CLEAR);
}
