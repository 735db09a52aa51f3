#include <wmat/sys.h>

#include <string.h>

#include <wmat/wmat.h>

#include "engine.h"
#include "module.h"
#include "scan.h"

/* AT (framework, "System commands"). */

static int probe_begin(struct wm_core *core, struct wm_op *op)
{
    (void)op;
    struct writer writer = txn_execute(&core->txn, AT_CMD_AT);
    return op_command(core, &writer);
}

static const struct wm_op_def probe = {.timeout_ms = 1000, .begin = probe_begin};

int wm_probe_prepare(struct wm_op *op)
{
    return op_prepare(op, &probe, NULL, NULL);
}

int wm_probe(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_probe_prepare(&op);
    return wm_run(dev, &op, timeout_ms);
}

/* AT+RST and AT+RESTORE. */

static int restart_begin(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = txn_execute(&core->txn, (enum at_command)op->value);
    return op_command(core, &writer);
}

static int restart_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    (void)op;
    if (final != FINAL_OK)
        return op_result(final);
    module_event(core, MODULE_REBOOTING);
    return WM_STEP_WAIT;
}

static int restart_ready(struct wm_core *core, struct wm_op *op)
{
    (void)op;
    return module_state(core) == MODULE_READY ? 0 : WM_STEP_WAIT;
}

static const struct wm_op_def restart = {
    .timeout_ms = 15000, .begin = restart_begin, .final = restart_final, .ready = restart_ready};

int wm_restart_prepare(struct wm_op *op)
{
    op_prepare(op, &restart, NULL, NULL);
    op->value = AT_CMD_RST;
    return 0;
}

int wm_restart(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_restart_prepare(&op);
    return wm_run(dev, &op, timeout_ms);
}

int wm_restore_prepare(struct wm_op *op)
{
    op_prepare(op, &restart, NULL, NULL);
    op->value = AT_CMD_RESTORE;
    return 0;
}

int wm_restore(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_restore_prepare(&op);
    return wm_run(dev, &op, timeout_ms);
}

/* AT+SYSSTORE. */

static int store_set_begin(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = txn_set(&core->txn, AT_CMD_SYSSTORE);
    writer_int(&writer, op->value);
    return op_command(core, &writer);
}

static const struct wm_op_def store_set = {.timeout_ms = 5000, .begin = store_set_begin};

int wm_store_set_prepare(struct wm_op *op, bool store)
{
    op_prepare(op, &store_set, NULL, NULL);
    op->value = store;
    return 0;
}

int wm_store_set(struct wm_device *dev, bool store, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_store_set_prepare(&op, store);
    return wm_run(dev, &op, timeout_ms);
}

static int store_get_begin(struct wm_core *core, struct wm_op *op)
{
    op->value = -1;
    struct writer writer = txn_query(&core->txn, AT_CMD_SYSSTORE);
    return op_command(core, &writer);
}

/* A shipping module prints two colons (device_dialect, section 13, row 35). */
static void store_get_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct scan scan;
    uint32_t mode;
    if ((scan_after(line, "+SYSSTORE::", &scan) || scan_after(line, "+SYSSTORE:", &scan)) &&
        scan_uint(&scan, 1, &mode))
        op->value = (int)mode;
    else
        core->stats.noise++;
}

static int store_get_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    (void)core;
    if (final != FINAL_OK)
        return op_result(final);
    return op->value < 0 ? WM_ERR_PROTO : op->value;
}

static const struct wm_op_def store_get = {
    .timeout_ms = 5000, .begin = store_get_begin, .line = store_get_line, .final = store_get_final};

int wm_store_get_prepare(struct wm_op *op)
{
    return op_prepare(op, &store_get, NULL, NULL);
}

int wm_store_get(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_store_get_prepare(&op);
    return wm_run(dev, &op, timeout_ms);
}

/* Raw commands. */

static int at_begin(struct wm_core *core, struct wm_op *op)
{
    const struct wm_at_request *request = op->args;
    struct writer writer = {.text = core->txn.line, .size = WM_LINE_SIZE};
    writer_raw(&writer, request->command, strlen(request->command));
    return op_command(core, &writer);
}

static void at_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    const struct wm_at_request *request = op->args;
    (void)core;
    if (request->on_line)
        request->on_line(request->user, line.text, line.len);
}

static const struct wm_op_def at = {
    .timeout_ms = 10000, .module_ms = 20000, .begin = at_begin, .line = at_line};

/* Commands that are followed by payload in one direction or the other, in these forms. */
static const struct {
    enum at_command command;
    const char *forms; /* what may follow the name */
} with_payload[] = {
    {AT_CMD_CIPSEND, "="},   {AT_CMD_CIPSEND, ""},      {AT_CMD_CIPSENDL, "="},
    {AT_CMD_CIPSENDEX, "="}, {AT_CMD_CIPRECVDATA, "="},
};

/* AT+X in the form that rest starts with; "=?" only asks how X is used. */
static bool moves_payload(const char *name)
{
    for (size_t i = 0; i < sizeof with_payload / sizeof with_payload[0]; i++) {
        const char *other = at_command_name(with_payload[i].command);
        size_t len = strlen(other);
        if (strncmp(name, other, len) != 0 || name[len] != with_payload[i].forms[0])
            continue;
        if (strcmp(name + len, "=?") != 0)
            return true;
    }
    return false;
}

int wm_at_prepare(struct wm_op *op, const struct wm_at_request *request)
{
    const char *command = request->command;
    op_prepare(op, &at, request, NULL);
    size_t len = command ? strlen(command) : 0;
    bool sound = len >= 2 && len <= WM_LINE_SIZE - 2 && command[0] == 'A' && command[1] == 'T';
    for (size_t i = 0; sound && i < len; i++)
        sound = (unsigned char)command[i] >= ' ' && command[i] != 0x7f;
    if (!sound || (command[2] == '+' && moves_payload(command + 3))) {
        op->def = NULL;
        return WM_ERR_ARG;
    }
    return 0;
}

int wm_at(struct wm_device *dev, const char *command, wm_line_fn on_line, void *user,
          uint32_t timeout_ms)
{
    struct wm_at_request request = {command, on_line, user};
    struct wm_op op;
    int err = wm_at_prepare(&op, &request);
    return err < 0 ? err : wm_run(dev, &op, timeout_ms);
}
