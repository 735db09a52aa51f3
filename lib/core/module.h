/* What the module is up to: searched for, being set up, ready, restarting, gone. */
#ifndef MODULE_H
#define MODULE_H

#include <wmat/core.h>

enum module_state {
    MODULE_SEEK,   /* the module is being searched for */
    MODULE_SET_UP, /* it answers; it is being brought to the known state */
    MODULE_READY,
    MODULE_REBOOT, /* AT+RST was accepted; 'ready' is due */
    MODULE_LOST,   /* the port is gone */
    MODULE_STREAM, /* passthrough: what it sends is payload */
};

enum module_event {
    MODULE_FOUND,     /* AT was answered */
    MODULE_SETTLED,   /* the set-up is done */
    MODULE_TROUBLE,   /* what it is doing is no longer known */
    MODULE_DOUBT,     /* it answers, but as if it were not set up */
    MODULE_REBOOTING, /* it was told to restart */
    MODULE_BOOTED,    /* it printed 'ready' */
    MODULE_GONE,      /* the port is */
    MODULE_STREAMING, /* passthrough was accepted */
    MODULE_LEAVE,     /* and is to end */
    MODULE_PLUGGED,   /* the port is back */
};

static inline enum module_state module_state(const struct wm_core *core)
{
    return (enum module_state)core->state;
}

/* Starts in MODULE_SEEK. */
void module_init(struct wm_core *core);

/* What it was told is no longer to be relied on: the next set-up tells it again. */
void module_forget(struct wm_core *core);

/* The station has an address, or has none: the application is told; or only where that is news,
 * because its report was lost or came before the module was set up. */
void module_tell_wifi(struct wm_core *core, bool up);
void module_wifi(struct wm_core *core, bool up);

/* Moves on by the table in module.c. */
void module_event(struct wm_core *core, enum module_event event);

#endif
