#include <wmat/sys.h>

#include <string.h>

#include <wmat/wmat.h>

#include "arg.h"
#include "module.h"
#include "simple.h"

/* AT (framework, "System commands"). */

static const struct simple probe = {.op = {.timeout_ms = 1000, .begin = simple_execute},
                                    .command = AT_CMD_AT};

int wm_probe_prepare(struct wm_op *op)
{
    return simple_prepare(op, &probe);
}

int wm_probe(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_probe_prepare(&op), timeout_ms);
}

/* AT+RST and AT+RESTORE. */

static int restart_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    (void)op;
    if (final != FINAL_OK)
        return op_result(final);
    module_event(core, MODULE_REBOOTING);
    return WM_STEP_WAIT;
}

/* Factory values are to be what they are. */
static int restore_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    if (final == FINAL_OK) {
        setting_forget(core, "");
        core->arrived = NULL;
        core->server_links = 0;
    }
    return restart_final(core, op, final);
}

static int restart_ready(struct wm_core *core, struct wm_op *op)
{
    (void)op;
    return module_state(core) == MODULE_READY ? 0 : WM_STEP_WAIT;
}

#define RESTART(cmd, how_to_end)                                                                   \
    {                                                                                              \
        .op = {.timeout_ms = 15000,                                                                \
               .begin = simple_execute,                                                            \
               .final = how_to_end,                                                                \
               .ready = restart_ready},                                                            \
        .command = cmd                                                                             \
    }

static const struct simple restart = RESTART(AT_CMD_RST, restart_final);
static const struct simple restore = RESTART(AT_CMD_RESTORE, restore_final);

int wm_restart_prepare(struct wm_op *op)
{
    return simple_prepare(op, &restart);
}

int wm_restart(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_restart_prepare(&op), timeout_ms);
}

int wm_restore_prepare(struct wm_op *op)
{
    return simple_prepare(op, &restore);
}

int wm_restore(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_restore_prepare(&op), timeout_ms);
}

/* AT+SYSSTORE. */

static const struct simple store_set = SIMPLE_NUMBER_SET(AT_CMD_SYSSTORE, 0, 1);
static const struct simple store_get = SIMPLE_NUMBER_GET(AT_CMD_SYSSTORE, 0, 1);

int wm_store_set_prepare(struct wm_op *op, bool store)
{
    return simple_prepare_number(op, &store_set, store);
}

int wm_store_set(struct wm_device *dev, bool store, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_store_set_prepare(&op, store), timeout_ms);
}

int wm_store_get_prepare(struct wm_op *op)
{
    return simple_prepare(op, &store_get);
}

int wm_store_get(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_store_get_prepare(&op), timeout_ms);
}

/* AT+SYSRAM. */

static const struct field ram_fields[] = {
    NUMBER(wm_ram, free_bytes, 0, INT32_MAX),
    NUMBER(wm_ram, lowest_bytes, 0, INT32_MAX),
};
static const struct reading ram_reading[] = {READING(AT_CMD_SYSRAM, ram_fields)};
static const struct simple ram = SIMPLE_GET(struct wm_ram, ram_reading);

int wm_ram_prepare(struct wm_op *op, struct wm_ram *out)
{
    return simple_prepare_get(op, &ram, out);
}

int wm_ram(struct wm_device *dev, struct wm_ram *out, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_ram_prepare(&op, out), timeout_ms);
}

/* AT+X=?. */

static int usage_begin(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = txn_set(&core->txn, (enum at_command)op->value);
    writer_raw(&writer, "?", 1);
    return op_command(core, &writer);
}

static void usage_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    const struct wm_usage_request *request = op->args;
    (void)core;
    if (request->on_line)
        request->on_line(request->user, line.text, line.len);
}

static const struct wm_op_def usage = {
    .timeout_ms = SIMPLE_MS, .begin = usage_begin, .line = usage_line};

/* The command of that name that has a test form; -1: none. */
static int usable(const char *name)
{
    if (!name || name[0] == '\0')
        return -1;
    const char *wanted = strcmp(name, "AT") == 0 ? "" : name;
    for (int command = 0; command < AT_COMMAND_COUNT; command++) {
        if (strcmp(at_command_name((enum at_command)command), wanted) == 0)
            return at_command_forms((enum at_command)command) & AT_T ? command : -1;
    }
    return -1;
}

int wm_usage_prepare(struct wm_op *op, const struct wm_usage_request *request)
{
    op_prepare(op, &usage, request, NULL);
    op->value = request ? usable(request->name) : -1;
    return op_checked(op, op->value >= 0);
}

int wm_usage(struct wm_device *dev, const char *name, wm_line_fn on_line, void *user,
             uint32_t timeout_ms)
{
    struct wm_usage_request request = {name, on_line, user};
    struct wm_op op;
    return run_prepared(dev, &op, wm_usage_prepare(&op, &request), timeout_ms);
}

/* Raw commands. */

static int at_begin(struct wm_core *core, struct wm_op *op)
{
    const struct wm_at_request *request = op->args;
    struct writer writer = {.text = core->txn.line, .size = WM_LINE_SIZE};
    writer_raw(&writer, request->command, strlen(request->command));
    op->value = 0;
    return op_command(core, &writer);
}

static void at_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    const struct wm_at_request *request = op->args;
    (void)core;
    if (line.len >= WM_LINE_SIZE)
        op->value = WM_ERR_PROTO; /* the lexer has cut it */
    if (request->on_line)
        request->on_line(request->user, line.text, line.len);
}

static int at_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    (void)core;
    return final == FINAL_OK ? op->value : op_result(final);
}

static const struct wm_op_def at = {
    .timeout_ms = 10000, .module_ms = 20000, .begin = at_begin, .line = at_line, .final = at_final};

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

/* Does it start with AT, is it short enough and without control characters? */
static bool is_command(const char *command)
{
    return arg_text(command, 2, WM_LINE_SIZE - 2) && command[0] == 'A' && command[1] == 'T';
}

int wm_at_prepare(struct wm_op *op, const struct wm_at_request *request)
{
    op_prepare(op, &at, request, NULL);
    const char *command = request ? request->command : NULL;
    return op_checked(op,
                      is_command(command) && !(command[2] == '+' && moves_payload(command + 3)));
}

int wm_at(struct wm_device *dev, const char *command, wm_line_fn on_line, void *user,
          uint32_t timeout_ms)
{
    struct wm_at_request request = {command, on_line, user};
    struct wm_op op;
    return run_prepared(dev, &op, wm_at_prepare(&op, &request), timeout_ms);
}
