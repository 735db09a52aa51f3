#include "named.h"

#include "arg.h"

static const struct named_get *named_of(const struct wm_op *op)
{
    return (const struct named_get *)op->def;
}

/* op->value: 0, or WM_ERR_PROTO once a line could not be read; op->progress: a bit for each name
 * that has come. */
int named_begin(struct wm_core *core, struct wm_op *op)
{
    const struct named_get *call = named_of(op);
    enum at_command command = (enum at_command)call->command;
    struct writer writer =
        call->query ? txn_query(&core->txn, command) : txn_execute(&core->txn, command);
    memset(op->out, 0, call->size);
    op->value = 0;
    return op_command(core, &writer);
}

/* Names that nobody asks for are skipped: a shipping module's SoftAP has an IPv6 address
 * (device_dialect, section 13, row 18). */
static bool take(const struct named_get *call, struct wm_op *op, struct slice rest)
{
    for (size_t i = 0; i < call->count; i++) {
        const struct named *named = &call->lines[i];
        struct scan scan;
        if (!scan_after(rest, named->name, &scan))
            continue;
        op->progress |= (size_t)1 << i;
        return fields_read(&scan, &named->field, 1, op->out) && scan_ended(&scan);
    }
    return true;
}

void named_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    const struct named_get *call = named_of(op);
    struct scan scan;
    if (answer_of(line, (enum at_command)call->command, &scan) &&
        take(call, op, slice_make(scan.at, (size_t)(scan.end - scan.at))))
        return;
    op->value = WM_ERR_PROTO;
    core->stats.noise++;
}

static bool complete(const struct named_get *call, const struct wm_op *op)
{
    for (size_t i = 0; i < call->count; i++) {
        if (call->lines[i].needed && !(op->progress & (size_t)1 << i))
            return false;
    }
    return true;
}

int named_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    const struct named_get *call = named_of(op);
    int err = final == FINAL_OK ? op->value : op_result(final);
    (void)core;
    if (err == 0 && !complete(call, op))
        err = WM_ERR_PROTO;
    if (err < 0)
        memset(op->out, 0, call->size);
    return err;
}

int named_prepare(struct wm_op *op, const struct named_get *call, void *out)
{
    op_prepare(op, &call->op, NULL, out);
    return op_checked(op, out != NULL);
}
