/* Operations and turns. An operation is one call of the API: it takes turns, each one command,
 * until it ends. One definition serves its blocking and its asynchronous form.
 *
 * Lifecycle of an operation:
 *   submitted -> queue -> turn: begin() writes a command -> lines -> final() -> ended
 *                  ^                                           |
 *                  +------------- WM_STEP_AGAIN ---------------+
 *                                                              +- WM_STEP_WAIT -> waiting -> ended
 * One with a callback is due first, until wm_core_next_done hands it out.
 */
#ifndef ENGINE_H
#define ENGINE_H

#include <wmat/core.h>

#include "report.h"
#include "slice.h"
#include "txn.h"

/* What begin, final and ready return beside a result; no enum wm_err has these values. */
enum {
    WM_STEP_COMMAND = -100, /* begin: a command was started */
    WM_STEP_AGAIN = -101,   /* final: another turn, after others had theirs */
    WM_STEP_WAIT = -102,    /* nothing to send: ready() is asked whenever something has changed */
};

struct wm_op_def {
    uint16_t timeout_ms; /* deadline where the caller gives 0; 0: looks once */
    uint16_t module_ms; /* how long the module may work on a command that nobody waits for any more,
                           before it is searched for; 0: 5000 */
    bool no_turn;       /* needs no command: ready() is asked first, and may give WM_STEP_AGAIN
                           where it needs one after all */
    bool needs_links;   /* not possible on a device that only attached */
    bool exclusive;     /* its turns follow one another, without others in between */
    /* Starts the command of this turn with txn_start (WM_STEP_COMMAND), or ends the operation, or
     * WM_STEP_WAIT. */
    int (*begin)(struct wm_core *core, struct wm_op *op);
    /* Takes a line that is no final result and no report. NULL: such lines are noise. */
    void (*line)(struct wm_core *core, struct wm_op *op, struct slice line);
    /* Takes the final result. NULL: op_result. */
    int (*final)(struct wm_core *core, struct wm_op *op, enum final final);
    /* Asked while waiting: WM_STEP_WAIT or the result. NULL: never ends but by its deadline. */
    int (*ready)(struct wm_core *core, struct wm_op *op);
    /* Called once when the operation ends, in whatever way; returns the result to give. in_flight:
     * the module still has a command of this operation. NULL: nothing to do. */
    int (*end)(struct wm_core *core, struct wm_op *op, int result, bool in_flight);
};

enum op_state {
    OP_PREPARED,
    OP_QUEUED,
    OP_TURN,
    OP_WAITING,
    OP_DUE, /* ended; its callback has not been called yet */
    OP_ENDED,
};

/* Ends an operation that has not ended with WM_ERR_CANCELLED. */
void engine_cancel(struct wm_core *core, struct wm_op *op);

/* The result of a final: 0 for OK and SEND OK, else the error of its class. */
int op_result(enum final final);

/* Starts the line that writer holds: WM_STEP_COMMAND or WM_ERR_ARG. What begin ends with. */
int op_command(struct wm_core *core, struct writer *writer);

/* Leaves words about a failure for wm_last_detail: the command in txn, then text. */
void op_explain(struct wm_core *core, const char *text);

/* Prepares an operation: its fields are 0 but for these. Returns 0. */
int op_prepare(struct wm_op *op, const struct wm_op_def *def, const void *args, void *out);

/* Where an operation goes first: WM_STEP_AGAIN, into the queue; or, if it needs no turn,
 * WM_STEP_WAIT or its result. */
int engine_first_step(struct wm_core *core, struct wm_op *op);

/* Lets it go there. Its deadline and callback are set. */
void engine_submit(struct wm_core *core, struct wm_op *op, int step);

/* Has an operation the turn, or is a command in flight? */
bool engine_busy(const struct wm_core *core);

/* Gives the turn to an operation of the driver's own, or to the first in the queue (false: none is
 * there). The engine must not be busy. */
void engine_turn(struct wm_core *core, struct wm_op *op);
bool engine_next_turn(struct wm_core *core);

/* Asks the operations that wait whether what they wait for is there. */
void engine_ask_waiting(struct wm_core *core);

/* A final result for the operation that has the turn, and its text, which is static. False: it
 * refuses what is known to be right. So bytes were lost, changed or left over from payload; or the
 * module has forgotten what was set up: a restart that nobody saw (or, for CIPSTART on a shipping
 * module, it can't resolve a name). */
bool engine_final(struct wm_core *core, enum final final, const char *words);

/* A line for the operation that has the turn. */
void engine_line(struct wm_core *core, struct slice line);

/* Ends the operation that has the turn, if there is one. */
void engine_fail_turn(struct wm_core *core, int err);

/* Ends every operation in the queue; every operation at all. */
void engine_fail_queue(struct wm_core *core, int err);
void engine_fail_all(struct wm_core *core, int err);

/* Ends operations whose deadline has passed. */
void engine_expire(struct wm_core *core);

/* The next deadline of an operation. */
uint64_t engine_deadline(const struct wm_core *core);

/* Something changed that an operation or an application may wait for. */
static inline void engine_changed(struct wm_core *core)
{
    core->changes++;
}

#endif
