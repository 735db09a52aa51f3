#include <wmat/wifi.h>

#include <wmat/wmat.h>

#include "at_limits.h"
#include "arg.h"
#include "simple.h"

#define JOIN_MS  25000
#define GRACE_MS 10000 /* for the address, behind the module's own limit */

/* AT+CWINIT. */

static const struct simple driver_get = SIMPLE_NUMBER_GET(AT_CMD_CWINIT, 0, 1);
static const struct simple driver_set = SIMPLE_NUMBER_SET(AT_CMD_CWINIT, 0, 1);

int wm_wifi_driver_get_prepare(struct wm_op *op)
{
    return simple_prepare(op, &driver_get);
}

int wm_wifi_driver_get(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_driver_get_prepare(&op), timeout_ms);
}

int wm_wifi_driver_set_prepare(struct wm_op *op, bool up)
{
    return simple_prepare_number(op, &driver_set, up);
}

int wm_wifi_driver_set(struct wm_device *dev, bool up, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_driver_set_prepare(&op, up), timeout_ms);
}

/* AT+CWMODE. */

static const struct simple mode_get = {.op = {.timeout_ms = SIMPLE_MS,
                                              .begin = simple_ask_number,
                                              .line = simple_number,
                                              .final = simple_value},
                                       .command = AT_CMD_CWMODE,
                                       .more = true, /* auto_connect */
                                       .max = WM_WIFI_BOTH};
static const struct simple mode_set = SIMPLE_NUMBER_SET(AT_CMD_CWMODE, WM_WIFI_OFF, WM_WIFI_BOTH);

int wm_wifi_mode_get_prepare(struct wm_op *op)
{
    return simple_prepare(op, &mode_get);
}

int wm_wifi_mode_get(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_mode_get_prepare(&op), timeout_ms);
}

int wm_wifi_mode_set_prepare(struct wm_op *op, enum wm_wifi_mode mode)
{
    return simple_prepare_number(op, &mode_set, (int)mode);
}

int wm_wifi_mode_set(struct wm_device *dev, enum wm_wifi_mode mode, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_mode_set_prepare(&op, mode), timeout_ms);
}

static int write_mode(struct wm_core *core, int mode)
{
    struct writer writer = txn_set(&core->txn, AT_CMD_CWMODE);
    writer_int(&writer, mode);
    return setting_command(core, &writer);
}

static int mode_auto_begin(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = txn_set(&core->txn, AT_CMD_CWMODE);
    writer_int(&writer, op->value);
    writer_int(&writer, op->size != 0);
    return setting_command(core, &writer);
}

static const struct simple mode_auto = {
    .op = {.timeout_ms = SIMPLE_MS, .begin = mode_auto_begin, .final = setting_final},
    .max = WM_WIFI_BOTH};

int wm_wifi_mode_set_auto_prepare(struct wm_op *op, enum wm_wifi_mode mode, bool auto_connect)
{
    int err = simple_prepare_number(op, &mode_auto, (int)mode);
    op->size = auto_connect;
    return err;
}

int wm_wifi_mode_set_auto(struct wm_device *dev, enum wm_wifi_mode mode, bool auto_connect,
                          uint32_t timeout_ms)
{
    struct wm_op op;
    int prepared = wm_wifi_mode_set_auto_prepare(&op, mode, auto_connect);
    return run_prepared(dev, &op, prepared, timeout_ms);
}

/* AT+CWAUTOCONN. */

static const struct simple auto_join = SIMPLE_NUMBER_SET(AT_CMD_CWAUTOCONN, 0, 1);

int wm_wifi_auto_join_set_prepare(struct wm_op *op, bool join)
{
    return simple_prepare_number(op, &auto_join, join);
}

int wm_wifi_auto_join_set(struct wm_device *dev, bool join, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_auto_join_set_prepare(&op, join), timeout_ms);
}

/* AT+CWJAP: the mode is asked, set where it has no station, then the access point is joined. */

enum join_step { JOIN_ASK_MODE, JOIN_SET_MODE, JOIN_JOIN };

static const struct field join_fields[] = {
    STRING(wm_wifi_join_options, bssid, WM_MAC_SIZE - 1, WM_MAC_SIZE - 1),
    OPTION(wm_wifi_join_options, pci_en, 1, 1),
    OPTION(wm_wifi_join_options, reconnect_s, 0, AT_RECONNECT_MAX),
    OPTION(wm_wifi_join_options, listen_interval, 1, AT_LISTEN_MAX),
    OPTION(wm_wifi_join_options, scan_mode, 1, 1),
    OPTION(wm_wifi_join_options, timeout_s, AT_JOIN_MIN, AT_JOIN_MAX),
    OPTION(wm_wifi_join_options, pmf, 0, 3),
};

static struct writer write_join(char *line, const struct wm_wifi_join_options *options)
{
    struct writer writer = writer_set(line, WM_LINE_SIZE, AT_CMD_CWJAP);
    writer_string(&writer, options->ssid);
    writer_string(&writer, options->password ? options->password : "");
    fields_write(&writer, join_fields, COUNT(join_fields), options);
    return writer;
}

/* From now on WIFI GOT IP counts. */
static int start_join(struct wm_core *core, struct wm_op *op, struct writer *writer,
                      int (*command)(struct wm_core *core, struct writer *writer))
{
    core->wifi_up = false;
    op->size = (size_t)core->stats.resets;
    return command(core, writer);
}

static int join_begin(struct wm_core *core, struct wm_op *op)
{
    switch ((enum join_step)op->step) {
    case JOIN_ASK_MODE:
        return simple_ask_number(core, op);
    case JOIN_SET_MODE:
        return write_mode(core, op->value == WM_WIFI_SOFTAP ? WM_WIFI_BOTH : WM_WIFI_STATION);
    case JOIN_JOIN:
        break;
    }
    struct writer writer = write_join(core->txn.line, op->args);
    return start_join(core, op, &writer, setting_command);
}

static int join_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    if (final != FINAL_OK)
        return op_result(final);
    if (op->step != JOIN_ASK_MODE)
        setting_keep(core);
    if (op->step == JOIN_ASK_MODE && op->value < 0)
        return WM_ERR_PROTO; /* the mode could not be read: nothing to change it by */
    if (op->step == JOIN_JOIN)
        return WM_STEP_WAIT;
    bool station = op->value == WM_WIFI_STATION || op->value == WM_WIFI_BOTH;
    op->step = op->step == JOIN_ASK_MODE && !station ? JOIN_SET_MODE : JOIN_JOIN;
    return WM_STEP_AGAIN;
}

/* OK means association; only WIFI GOT IP means an address (framework, "The manual dialect"). A
 * module that restarts meanwhile has forgotten the join. */
static int join_ready(struct wm_core *core, struct wm_op *op)
{
    if (op->size != (size_t)core->stats.resets)
        return WM_ERR_RESET;
    return core->wifi_up ? 0 : WM_STEP_WAIT;
}

static const struct simple join = {.op = {.timeout_ms = JOIN_MS,
                                          .module_ms = 30000,
                                          .begin = join_begin,
                                          .line = simple_number,
                                          .final = join_final,
                                          .ready = join_ready},
                                   .command = AT_CMD_CWMODE,
                                   .more = true,
                                   .max = WM_WIFI_BOTH};

static bool join_sound(const struct wm_wifi_join_options *options)
{
    char line[WM_LINE_SIZE];
    if (!options || !arg_text(options->ssid, 1, AT_SSID_MAX) ||
        (options->password && !arg_password(options->password)) ||
        (options->bssid && !arg_mac(options->bssid)) ||
        !fields_sound(join_fields, COUNT(join_fields), options))
        return false;
    struct writer writer = write_join(line, options);
    return writer_end(&writer) >= 0;
}

int wm_wifi_join_prepare(struct wm_op *op, const struct wm_wifi_join_options *options)
{
    op_prepare(op, &join.op, options, NULL);
    int err = op_checked(op, join_sound(options));
    if (err == 0 && options->timeout_s > 0)
        op->timeout_ms = (uint32_t)options->timeout_s * 1000 + GRACE_MS;
    return err;
}

int wm_wifi_join_with(struct wm_device *dev, const struct wm_wifi_join_options *options,
                      uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_join_prepare(&op, options), timeout_ms);
}

int wm_wifi_join(struct wm_device *dev, const char *ssid, const char *password, uint32_t timeout_ms)
{
    struct wm_wifi_join_options options = {.ssid = ssid, .password = password};
    return wm_wifi_join_with(dev, &options, timeout_ms);
}

static int rejoin_begin(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = txn_execute(&core->txn, AT_CMD_CWJAP);
    return start_join(core, op, &writer, op_command);
}

static int rejoin_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    (void)core, (void)op;
    return final == FINAL_OK ? WM_STEP_WAIT : op_result(final);
}

static const struct wm_op_def rejoin = {.timeout_ms = JOIN_MS,
                                        .module_ms = 30000,
                                        .begin = rejoin_begin,
                                        .final = rejoin_final,
                                        .ready = join_ready};

int wm_wifi_rejoin_prepare(struct wm_op *op)
{
    return op_prepare(op, &rejoin, NULL, NULL);
}

int wm_wifi_rejoin(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_rejoin_prepare(&op), timeout_ms);
}

/* AT+CWQAP. */

/* A module that restarts is not to join again what was left. */
static int leave_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    (void)op;
    if (final == FINAL_OK)
        setting_forget(core, "AT+CWJAP=");
    return op_result(final);
}

static const struct simple leave = {
    .op = {.timeout_ms = SIMPLE_MS, .begin = simple_execute, .final = leave_final},
    .command = AT_CMD_CWQAP};

int wm_wifi_leave_prepare(struct wm_op *op)
{
    return simple_prepare(op, &leave);
}

int wm_wifi_leave(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_leave_prepare(&op), timeout_ms);
}
