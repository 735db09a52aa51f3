#include <wmat/wifi.h>

#include <string.h>

#include <wmat/wmat.h>

#include "at_limits.h"
#include "arg.h"
#include "engine.h"
#include "scan.h"

/* AT+CWMODE. */

static int mode_get_begin(struct wm_core *core, struct wm_op *op)
{
    op->value = -1;
    struct writer writer = txn_query(&core->txn, AT_CMD_CWMODE);
    return op_command(core, &writer);
}

static void mode_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct scan scan;
    uint32_t mode;
    if (scan_after(line, "+CWMODE:", &scan) && scan_uint(&scan, WM_WIFI_BOTH, &mode))
        op->value = (int)mode;
    else
        core->stats.noise++;
}

static int mode_get_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    (void)core;
    if (final != FINAL_OK)
        return op_result(final);
    return op->value < 0 ? WM_ERR_PROTO : op->value;
}

static const struct wm_op_def mode_get = {
    .timeout_ms = 5000, .begin = mode_get_begin, .line = mode_line, .final = mode_get_final};

int wm_wifi_mode_get_prepare(struct wm_op *op)
{
    return op_prepare(op, &mode_get, NULL, NULL);
}

int wm_wifi_mode_get(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_wifi_mode_get_prepare(&op);
    return wm_run(dev, &op, timeout_ms);
}

static int write_mode(struct wm_core *core, int mode)
{
    struct writer writer = txn_set(&core->txn, AT_CMD_CWMODE);
    writer_int(&writer, mode);
    return op_command(core, &writer);
}

static int mode_set_begin(struct wm_core *core, struct wm_op *op)
{
    return write_mode(core, op->value);
}

static const struct wm_op_def mode_set = {.timeout_ms = 5000, .begin = mode_set_begin};

int wm_wifi_mode_set_prepare(struct wm_op *op, enum wm_wifi_mode mode)
{
    op_prepare(op, &mode_set, NULL, NULL);
    op->value = (int)mode;
    if ((int)mode >= WM_WIFI_OFF && (int)mode <= WM_WIFI_BOTH)
        return 0;
    op->def = NULL;
    return WM_ERR_ARG;
}

int wm_wifi_mode_set(struct wm_device *dev, enum wm_wifi_mode mode, uint32_t timeout_ms)
{
    struct wm_op op;
    int err = wm_wifi_mode_set_prepare(&op, mode);
    return err < 0 ? err : wm_run(dev, &op, timeout_ms);
}

/* AT+CWJAP: the mode is asked, set where it has no station, then the access point is joined. */

enum join_step { JOIN_ASK_MODE, JOIN_SET_MODE, JOIN_JOIN };

static int write_join(struct wm_core *core, const struct wm_wifi_join_options *options)
{
    struct writer writer = txn_set(&core->txn, AT_CMD_CWJAP);
    writer_string(&writer, options->ssid);
    writer_string(&writer, options->password ? options->password : "");
    if (options->bssid)
        writer_string(&writer, options->bssid);
    return op_command(core, &writer);
}

static int join_begin(struct wm_core *core, struct wm_op *op)
{
    switch ((enum join_step)op->step) {
    case JOIN_ASK_MODE:
        return mode_get_begin(core, op);
    case JOIN_SET_MODE:
        return write_mode(core, op->value == WM_WIFI_SOFTAP ? WM_WIFI_BOTH : WM_WIFI_STATION);
    case JOIN_JOIN:
        break;
    }
    core->wifi_up = false;
    op->size = (size_t)core->stats.resets;
    return write_join(core, op->args);
}

static int join_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    (void)core;
    if (final != FINAL_OK)
        return op_result(final);
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

static const struct wm_op_def join = {.timeout_ms = 25000,
                                      .module_ms = 30000,
                                      .begin = join_begin,
                                      .line = mode_line,
                                      .final = join_final,
                                      .ready = join_ready};

static bool hex_key(const char *password)
{
    return strspn(password, "0123456789abcdefABCDEF") == AT_PASSWORD_HEX &&
           password[AT_PASSWORD_HEX] == '\0';
}

static bool password_sound(const char *password)
{
    return !password || !password[0] || hex_key(password) ||
           arg_text(password, AT_PASSWORD_MIN, AT_PASSWORD_MAX);
}

int wm_wifi_join_prepare(struct wm_op *op, const struct wm_wifi_join_options *options)
{
    op_prepare(op, &join, options, NULL);
    if (arg_text(options->ssid, 1, AT_SSID_MAX) && password_sound(options->password) &&
        (!options->bssid || arg_text(options->bssid, WM_MAC_SIZE - 1, WM_MAC_SIZE - 1)))
        return 0;
    op->def = NULL;
    return WM_ERR_ARG;
}

int wm_wifi_join(struct wm_device *dev, const char *ssid, const char *password, uint32_t timeout_ms)
{
    struct wm_wifi_join_options options = {.ssid = ssid, .password = password};
    struct wm_op op;
    int err = wm_wifi_join_prepare(&op, &options);
    return err < 0 ? err : wm_run(dev, &op, timeout_ms);
}

/* AT+CWQAP. */

static int leave_begin(struct wm_core *core, struct wm_op *op)
{
    (void)op;
    struct writer writer = txn_execute(&core->txn, AT_CMD_CWQAP);
    return op_command(core, &writer);
}

static const struct wm_op_def leave = {.timeout_ms = 5000, .begin = leave_begin};

int wm_wifi_leave_prepare(struct wm_op *op)
{
    return op_prepare(op, &leave, NULL, NULL);
}

int wm_wifi_leave(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_wifi_leave_prepare(&op);
    return wm_run(dev, &op, timeout_ms);
}

/* AT+CWLAP. */

static int scan_begin(struct wm_core *core, struct wm_op *op)
{
    struct wm_wifi_scan_list *list = op->out;
    list->found = 0;
    struct writer writer = txn_execute(&core->txn, AT_CMD_CWLAP);
    return op_command(core, &writer);
}

/* Fields that AT+CWLAPOPT masks off may be empty. */
static int optional_int(struct scan *scan, int fallback)
{
    struct slice skipped;
    int value;
    if (scan_int(scan, &value))
        return value;
    scan_text(scan, &skipped);
    return fallback;
}

static void scan_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct wm_wifi_scan_list *list = op->out;
    struct scan scan;
    if (!scan_after(line, "+CWLAP:", &scan)) {
        core->stats.noise++;
        return;
    }
    if (list->found++ >= list->max)
        return;
    struct wm_wifi_ap *ap = &list->aps[list->found - 1];
    *ap = (struct wm_wifi_ap){.ecn = optional_int(&scan, -1)};
    scan_string(&scan, ap->ssid, sizeof ap->ssid);
    ap->rssi = optional_int(&scan, 0);
    scan_string(&scan, ap->bssid, sizeof ap->bssid);
    ap->channel = optional_int(&scan, 0);
}

static int scan_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    const struct wm_wifi_scan_list *list = op->out;
    (void)core;
    return final == FINAL_OK ? (int)list->found : op_result(final);
}

static const struct wm_op_def scan_def = {.timeout_ms = 15000,
                                          .module_ms = 15000,
                                          .begin = scan_begin,
                                          .line = scan_line,
                                          .final = scan_final};

int wm_wifi_scan_prepare(struct wm_op *op, struct wm_wifi_scan_list *list)
{
    return op_prepare(op, &scan_def, NULL, list);
}

int wm_wifi_scan(struct wm_device *dev, struct wm_wifi_ap *aps, size_t max, uint32_t timeout_ms)
{
    struct wm_wifi_scan_list list = {.aps = aps, .max = max};
    struct wm_op op;
    wm_wifi_scan_prepare(&op, &list);
    return wm_run(dev, &op, timeout_ms);
}

/* AT+CWSTATE?. */

static int status_begin(struct wm_core *core, struct wm_op *op)
{
    op->value = WM_ERR_PROTO;
    struct writer writer = txn_query(&core->txn, AT_CMD_CWSTATE);
    return op_command(core, &writer);
}

/* A shipping module without an SSID prints +CWSTATE=0 (device_dialect, section 10). */
static void status_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct wm_wifi_status *status = op->out;
    struct scan scan;
    uint32_t state;
    if ((!scan_after(line, "+CWSTATE:", &scan) && !scan_after(line, "+CWSTATE=", &scan)) ||
        !scan_uint(&scan, WM_WIFI_DOWN, &state)) {
        core->stats.noise++;
        return;
    }
    *status = (struct wm_wifi_status){.state = (enum wm_wifi_state)state};
    scan_string(&scan, status->ssid, sizeof status->ssid);
    op->value = 0;
}

/* 0, or WM_ERR_PROTO where the answer could not be read. */
static int value_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    (void)core;
    return final == FINAL_OK ? op->value : op_result(final);
}

static const struct wm_op_def status_def = {
    .timeout_ms = 5000, .begin = status_begin, .line = status_line, .final = value_final};

int wm_wifi_status_prepare(struct wm_op *op, struct wm_wifi_status *status)
{
    return op_prepare(op, &status_def, NULL, status);
}

int wm_wifi_status(struct wm_device *dev, struct wm_wifi_status *status, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_wifi_status_prepare(&op, status);
    return wm_run(dev, &op, timeout_ms);
}

/* AT+CWJAP?. */

static int joined_begin(struct wm_core *core, struct wm_op *op)
{
    memset(op->out, 0, sizeof(struct wm_wifi_joined));
    op->value = 0;
    struct writer writer = txn_query(&core->txn, AT_CMD_CWJAP);
    return op_command(core, &writer);
}

static bool joined_fields(struct scan *scan, struct wm_wifi_joined *joined)
{
    return scan_string(scan, joined->ssid, sizeof joined->ssid) &&
           scan_string(scan, joined->bssid, sizeof joined->bssid) &&
           scan_int(scan, &joined->channel) && scan_int(scan, &joined->rssi);
}

static void joined_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct wm_wifi_joined *joined = op->out;
    struct scan scan;
    if (scan_after(line, "+CWJAP:", &scan) && joined_fields(&scan, joined))
        return;
    memset(joined, 0, sizeof *joined);
    op->value = WM_ERR_PROTO;
    core->stats.noise++;
}

static const struct wm_op_def joined_def = {
    .timeout_ms = 5000, .begin = joined_begin, .line = joined_line, .final = value_final};

int wm_wifi_joined_prepare(struct wm_op *op, struct wm_wifi_joined *joined)
{
    return op_prepare(op, &joined_def, NULL, joined);
}

int wm_wifi_joined(struct wm_device *dev, struct wm_wifi_joined *joined, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_wifi_joined_prepare(&op, joined);
    return wm_run(dev, &op, timeout_ms);
}
