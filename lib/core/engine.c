#include "engine.h"

#include <assert.h>
#include <string.h>

#define MODULE_MS_DEFAULT 5000
#define CUT_MS            60 /* for the final result of a send whose link has closed */

static void push(struct wm_op **queue, struct wm_op *op)
{
    while (*queue)
        queue = &(*queue)->next;
    op->next = NULL;
    *queue = op;
}

static bool take_out(struct wm_op **queue, const struct wm_op *op)
{
    for (; *queue; queue = &(*queue)->next) {
        if (*queue == op) {
            *queue = op->next;
            return true;
        }
    }
    return false;
}

static struct wm_op *pop(struct wm_op **queue)
{
    struct wm_op *op = *queue;
    if (op)
        *queue = op->next;
    return op;
}

int op_result(enum final final)
{
    static const int8_t results[] = {
        [FINAL_OK] = 0,
        [FINAL_SEND_OK] = 0,
        [FINAL_ERROR] = WM_ERR_DEVICE,
        [FINAL_SEND_FAIL] = WM_ERR_DEVICE,
        [FINAL_SEND_CANCELLED] = WM_ERR_DEVICE,
        [FINAL_FORMAT_ERR] = WM_ERR_UNSUPPORTED,
        [FINAL_PARSE_ERR] = WM_ERR_REFUSED,
    };
    return results[final];
}

int op_command(struct wm_core *core, struct writer *writer)
{
    int err = txn_start(&core->txn, writer);
    return err < 0 ? err : WM_STEP_COMMAND;
}

int op_prepare(struct wm_op *op, const struct wm_op_def *def, const void *args, void *out)
{
    *op = (struct wm_op){.def = def, .args = args, .out = out, .state = OP_PREPARED, .link = -1};
    return 0;
}

#define FROM(state) (1u << (state))

/* The states that each may follow. */
static const uint8_t may_follow[] = {
    [OP_QUEUED] = FROM(OP_PREPARED) | FROM(OP_ENDED) | FROM(OP_TURN),
    [OP_TURN] = FROM(OP_PREPARED) | FROM(OP_QUEUED) | FROM(OP_TURN),
    [OP_WAITING] = FROM(OP_PREPARED) | FROM(OP_ENDED) | FROM(OP_TURN),
    [OP_DUE] =
        FROM(OP_PREPARED) | FROM(OP_ENDED) | FROM(OP_QUEUED) | FROM(OP_TURN) | FROM(OP_WAITING),
    [OP_ENDED] = FROM(OP_PREPARED) | FROM(OP_ENDED) | FROM(OP_QUEUED) | FROM(OP_TURN) |
                 FROM(OP_WAITING) | FROM(OP_DUE),
};

static void enter(struct wm_op *op, enum op_state state)
{
    assert(may_follow[state] & FROM(op->state));
    (void)sizeof may_follow; /* nobody else reads it */
    op->state = (uint8_t)state;
}

/* Has the module at least the beginning of a command of this operation? */
static bool in_flight(const struct wm_core *core, const struct wm_op *op)
{
    return core->current == op && txn_state(&core->txn) != TXN_IDLE && core->txn.line_sent > 0;
}

/* The module goes on working on a command that nobody waits for any more. */
static void abandon(struct wm_core *core, const struct wm_op *op)
{
    uint32_t module_ms = op->def->module_ms ? op->def->module_ms : MODULE_MS_DEFAULT;
    txn_event(&core->txn, TXN_ABANDON);
    core->txn.deadline_ms = core->now_ms + (txn_state(&core->txn) == TXN_CUT ? CUT_MS : module_ms);
}

static void finish(struct wm_core *core, struct wm_op *op, int result)
{
    bool flying = in_flight(core, op), current = core->current == op;
    if (current)
        core->current = NULL;
    if (op->def->end)
        result = op->def->end(core, op, result, flying);
    if (flying)
        abandon(core, op);
    else if (current)
        txn_event(&core->txn, TXN_CLEAR); /* nothing of it went out, and nothing will */
    op->result = result;
    enter(op, op->done ? OP_DUE : OP_ENDED);
    if (op->done)
        push(&core->done, op);
    engine_changed(core);
}

/* Goes where the last step of an operation says. */
static void settle(struct wm_core *core, struct wm_op *op, int step)
{
    if (step == WM_STEP_COMMAND) {
        core->stats.commands++;
        return;
    }
    if (step != WM_STEP_AGAIN && step != WM_STEP_WAIT) {
        finish(core, op, step);
        return;
    }
    if (core->current == op)
        core->current = NULL;
    enter(op, step == WM_STEP_AGAIN ? OP_QUEUED : OP_WAITING);
    push(step == WM_STEP_AGAIN ? &core->queue : &core->waiting, op);
}

bool engine_busy(const struct wm_core *core)
{
    return core->current || txn_state(&core->txn) != TXN_IDLE;
}

void engine_turn(struct wm_core *core, struct wm_op *op)
{
    core->current = op;
    enter(op, OP_TURN);
    settle(core, op, op->def->begin(core, op));
}

bool engine_next_turn(struct wm_core *core)
{
    struct wm_op *op = pop(&core->queue);
    if (op)
        engine_turn(core, op);
    return op != NULL;
}

void engine_ask_waiting(struct wm_core *core)
{
    struct wm_op *next;
    for (struct wm_op *op = core->waiting; op; op = next) {
        next = op->next;
        int step = op->def->ready ? op->def->ready(core, op) : WM_STEP_WAIT;
        if (step == WM_STEP_WAIT || !take_out(&core->waiting, op))
            continue;
        finish(core, op, step);
        next = core->waiting; /* what it has taken may be what another one waited for to go */
    }
}

void op_explain(struct wm_core *core, const char *why)
{
    const char *name = core->txn.line;
    size_t len = 0;
    for (;
         len + 1 < sizeof core->failed && name[len] > '\r' && name[len] != '=' && name[len] != '?';
         len++)
        core->failed[len] = name[len];
    core->failed[len] = '\0';
    core->why = why;
}

bool engine_final(struct wm_core *core, enum final final, const char *words)
{
    if (!txn_final(&core->txn, final)) {
        if (!txn_in_payload(&core->txn))
            core->stats.noise++;
        return true;
    }
    core->lexer.prompt_expected = false;
    struct wm_op *op = core->current;
    if (!op) {
        engine_changed(core);
        return true;
    }
    if (op_result(final) < 0 && op != &core->keeper) /* whose refusals concern nobody */
        op_explain(core, words);
    bool refused = final == FINAL_PARSE_ERR || final == FINAL_FORMAT_ERR;
    bool sound = !refused || !(op->def->needs_links || op == &core->keeper);
    int step = op->def->final ? op->def->final(core, op, final) : op_result(final);
    if (step == WM_STEP_AGAIN && (op == &core->keeper || op->def->exclusive))
        engine_turn(core, op);
    else
        settle(core, op, step);
    return sound;
}

int engine_first_step(struct wm_core *core, struct wm_op *op)
{
    return op->def->no_turn ? op->def->ready(core, op) : WM_STEP_AGAIN;
}

void engine_submit(struct wm_core *core, struct wm_op *op, int step)
{
    op->step = 0;
    op->progress = 0;
    settle(core, op, step);
}

/* A line of the command that nobody waits for any more? */
static bool is_late(const struct wm_txn *txn, struct slice line)
{
    return txn_state(txn) == TXN_ABANDONED && txn_is_answer(txn, line);
}

void engine_line(struct wm_core *core, struct slice line)
{
    if (core->current && core->current->def->line)
        core->current->def->line(core, core->current, line);
    else if (!is_late(&core->txn, line))
        core->stats.noise++;
}

void engine_fail_turn(struct wm_core *core, int err)
{
    if (core->current)
        finish(core, core->current, err);
}

void engine_fail_queue(struct wm_core *core, int err)
{
    struct wm_op *op;
    while ((op = pop(&core->queue)))
        finish(core, op, err);
}

void engine_fail_all(struct wm_core *core, int err)
{
    struct wm_op *op;
    engine_fail_turn(core, err);
    while ((op = pop(&core->queue)) || (op = pop(&core->waiting)))
        finish(core, op, err);
}

static void expire_queue(struct wm_core *core, struct wm_op **queue)
{
    struct wm_op *next;
    for (struct wm_op *op = *queue; op; op = next) {
        next = op->next;
        if (op->deadline_ms > core->now_ms || !take_out(queue, op))
            continue;
        if (queue == &core->queue)
            core->why = NULL; /* the module was not asked: its older words are not about this */
        finish(core, op, WM_ERR_TIMEOUT);
    }
}

/* The deadline of the operation that has the turn. The driver's own wait while the input is held
 * up. */
static uint64_t turn_deadline(const struct wm_core *core)
{
    const struct wm_op *op = core->current;
    return op && !(core->stalled && op == &core->keeper) ? op->deadline_ms : WM_NO_DEADLINE;
}

void engine_expire(struct wm_core *core)
{
    if (turn_deadline(core) <= core->now_ms) {
        op_explain(core, "no answer");
        finish(core, core->current, WM_ERR_TIMEOUT);
    }
    expire_queue(core, &core->queue);
    expire_queue(core, &core->waiting);
}

static uint64_t earliest(const struct wm_op *op, uint64_t deadline_ms)
{
    for (; op; op = op->next) {
        if (op->deadline_ms < deadline_ms)
            deadline_ms = op->deadline_ms;
    }
    return deadline_ms;
}

uint64_t engine_deadline(const struct wm_core *core)
{
    uint64_t deadline_ms = earliest(core->queue, turn_deadline(core));
    return earliest(core->waiting, deadline_ms);
}

void engine_cancel(struct wm_core *core, struct wm_op *op)
{
    if (op->state == OP_TURN || (op->state == OP_QUEUED && take_out(&core->queue, op)) ||
        (op->state == OP_WAITING && take_out(&core->waiting, op)))
        finish(core, op, WM_ERR_CANCELLED);
}

bool wm_op_ended(const struct wm_op *op)
{
    return op->state == OP_DUE || op->state == OP_ENDED;
}

struct wm_op *wm_core_next_done(struct wm_core *core)
{
    struct wm_op *op = pop(&core->done);
    if (op)
        enter(op, OP_ENDED);
    return op;
}
