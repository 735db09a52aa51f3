#include "simple.h"

#include <string.h>

#include <wmat/wmat.h>

#include "arg.h"

/* What op->value is in an operation that reads, until it is a result. A line that can't be read
 * counts for good: what comes behind it is not trusted either. */
enum { NOTHING_YET = INT32_MIN, DAMAGED };

static const struct simple *simple_of(const struct wm_op *op)
{
    return (const struct simple *)op->def;
}

void simple_damaged(struct wm_core *core, struct wm_op *op)
{
    core->stats.noise++;
    op->value = DAMAGED;
}

int simple_value(struct wm_core *core, struct wm_op *op, enum final final)
{
    (void)core;
    if (final != FINAL_OK)
        return op_result(final);
    return op->value <= DAMAGED ? WM_ERR_PROTO : op->value;
}

static void take_value(struct wm_op *op, int value)
{
    if (op->value != DAMAGED)
        op->value = value;
}

void simple_sound(struct wm_op *op)
{
    take_value(op, 0);
}

int simple_execute(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = txn_execute(&core->txn, (enum at_command)simple_of(op)->command);
    op->value = 0;
    return op_command(core, &writer);
}

int simple_ask_number(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = txn_query(&core->txn, (enum at_command)simple_of(op)->command);
    op->value = NOTHING_YET;
    return op_command(core, &writer);
}

void simple_number(struct wm_core *core, struct wm_op *op, struct slice line)
{
    const struct simple *call = simple_of(op);
    struct scan scan;
    int value;
    if (answer_of(line, (enum at_command)call->command, &scan) &&
        scan_number(&scan, call->min, call->max, &value) && (call->more || scan_ended(&scan)))
        take_value(op, value);
    else
        simple_damaged(core, op);
}

int simple_set_number(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = txn_set(&core->txn, (enum at_command)simple_of(op)->command);
    writer_int(&writer, op->value);
    return setting_command(core, &writer);
}

static struct writer write_fields(struct wm_core *core, const struct wm_op *op)
{
    const struct simple *call = simple_of(op);
    struct writer writer = txn_set(&core->txn, (enum at_command)call->command);
    fields_write(&writer, call->fields, call->count, op->args);
    return writer;
}

int simple_set(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = write_fields(core, op);
    return setting_command(core, &writer);
}

int simple_do(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = write_fields(core, op);
    return op_command(core, &writer);
}

int simple_ask(struct wm_core *core, struct wm_op *op)
{
    const struct simple *call = simple_of(op);
    const struct reading *reading = &call->readings[op->step];
    if (op->step == 0)
        memset(op->out, 0, call->size);
    struct writer writer = txn_query(&core->txn, (enum at_command)reading->command);
    op->value = reading->may_lack ? 0 : NOTHING_YET;
    return op_command(core, &writer);
}

void simple_read(struct wm_core *core, struct wm_op *op, struct slice line)
{
    const struct reading *reading = &simple_of(op)->readings[op->step];
    struct scan scan;
    if (answer_of(line, (enum at_command)reading->command, &scan) &&
        fields_read(&scan, reading->fields, reading->count, op->out) &&
        (reading->more || scan_ended(&scan)))
        take_value(op, 0);
    else
        simple_damaged(core, op);
}

/* What could be read only in part is not given. */
int simple_next(struct wm_core *core, struct wm_op *op, enum final final)
{
    const struct simple *call = simple_of(op);
    int err = simple_value(core, op, final);
    if (err < 0)
        memset(op->out, 0, call->size);
    else if (++op->step < call->count)
        return WM_STEP_AGAIN;
    return err;
}

void simple_element(struct wm_core *core, struct wm_op *op, struct slice line)
{
    const struct simple *call = simple_of(op);
    struct scan scan;
    char spare[SIMPLE_ELEMENT_MAX]; /* for what there is no room for */
    bool fits = op->progress < op->size;
    void *to = fits ? (char *)op->out + op->progress * call->size : spare;
    if (fits)
        memset(to, 0, call->size);
    if (answer_of(line, (enum at_command)call->command, &scan) &&
        fields_read(&scan, call->fields, call->count, to) && (call->more || scan_ended(&scan)))
        op->progress++;
    else
        simple_damaged(core, op);
}

/* As simple_next: not what could be read only in part. */
int simple_count(struct wm_core *core, struct wm_op *op, enum final final)
{
    const struct simple *call = simple_of(op);
    int err = simple_value(core, op, final);
    if (err >= 0)
        return (int)op->progress;
    size_t begun = op->progress < op->size ? op->progress + 1 : op->size;
    if (begun > 0)
        memset(op->out, 0, begun * call->size);
    return err;
}

int simple_prepare(struct wm_op *op, const struct simple *call)
{
    return op_prepare(op, &call->op, NULL, NULL);
}

int simple_prepare_number(struct wm_op *op, const struct simple *call, int64_t value)
{
    op_prepare(op, &call->op, NULL, NULL);
    op->value = (int)value;
    return op_checked(op, value >= call->min && value <= call->max);
}

/* Would the line be one that the module takes? */
static bool line_fits(const struct simple *call, const void *args)
{
    char line[WM_LINE_SIZE];
    struct writer writer = writer_set(line, sizeof line, (enum at_command)call->command);
    fields_write(&writer, call->fields, call->count, args);
    return writer_end(&writer) >= 0;
}

int simple_prepare_set(struct wm_op *op, const struct simple *call, const void *args)
{
    op_prepare(op, &call->op, args, NULL);
    return op_checked(op, args && fields_sound(call->fields, call->count, args) &&
                              line_fits(call, args));
}

int simple_prepare_get(struct wm_op *op, const struct simple *call, void *out)
{
    op_prepare(op, &call->op, NULL, out);
    return op_checked(op, out != NULL);
}

int simple_prepare_list(struct wm_op *op, const struct simple *call, void *list, size_t max)
{
    op_prepare(op, &call->op, NULL, list);
    op->size = max;
    return op_checked(op, list || max == 0);
}

int run_prepared(struct wm_device *dev, struct wm_op *op, int prepared, uint32_t timeout_ms)
{
    return prepared < 0 ? prepared : wm_run(dev, op, timeout_ms);
}
