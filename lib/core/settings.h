/* What the module has to be told again after a restart: the lines of the commands that have set
 * something, in the caller's memory. Only the calls that set something refer to this. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "engine.h"

struct wm_settings_ops {
    /* Sends the next line again, on behalf of op, whose progress it counts: the step of begin; 0:
     * all have been sent. */
    int (*replay)(struct wm_core *core, struct wm_op *op);
    /* Takes its result. */
    void (*replayed)(struct wm_core *core, enum final final);
};

/* Starts the line that writer holds, which sets something: as op_command, or WM_ERR_NOMEM where
 * there is no room to remember it. */
int setting_command(struct wm_core *core, struct writer *writer);

/* The final of an operation that is one such command: remembers it in the place of an earlier one
 * of its name, or of its name and first parameter (a link id, for instance). */
int setting_final(struct wm_core *core, struct wm_op *op, enum final final);
int setting_of_first_final(struct wm_core *core, struct wm_op *op, enum final final);

/* The same for operations of several commands: remembers the line that has just been answered with
 * OK. */
void setting_keep(struct wm_core *core);

/* Forgets what starts with text, such as "AT+CIPSERVER=". */
void setting_forget(struct wm_core *core, const char *text);

#endif
