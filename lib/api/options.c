#include <wmat/options.h>

#include <string.h>

#include "at_limits.h"
#include "arg.h"
#include "link.h"
#include "simple.h"

/* AT+CIPTCPOPT (TCP/IP AT: CIPTCPOPT). */

static void write_options(struct writer *writer, const struct wm_link_options *options)
{
    writer_int(writer, options->linger ? (int)options->linger_s : -1);
    writer_int(writer, options->no_delay);
    writer_int(writer, (int)options->send_timeout_ms);
    if (options->keep_alive_s != 0)
        writer_int(writer, options->keep_alive_s < 0 ? 0 : options->keep_alive_s);
}

/* The number in the module of the link that op means, WM_LINK_ALL, or an error: its number may be
 * another's once it has closed. */
static int id_of(struct wm_core *core, const struct wm_op *op)
{
    struct wm_link *link = link_of(core, op->link);
    if (op->link == WM_LINK_ALL)
        return WM_LINK_ALL;
    if (!link)
        return WM_ERR_ARG;
    return link->in_module ? link->id : WM_ERR_CLOSED;
}

static int options_begin(struct wm_core *core, struct wm_op *op)
{
    int id = id_of(core, op);
    if (id < 0)
        return id;
    struct writer writer = txn_set(&core->txn, AT_CMD_CIPTCPOPT);
    writer_int(&writer, id);
    write_options(&writer, op->args);
    return id == WM_LINK_ALL ? setting_command(core, &writer) : op_command(core, &writer);
}

/* A link is gone with the restart that options could be told again after. */
static int set_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    return op->link == WM_LINK_ALL ? setting_of_first_final(core, op, final) : op_result(final);
}

static const struct wm_op_def options_set = {
    .timeout_ms = SIMPLE_MS, .needs_links = true, .begin = options_begin, .final = set_final};

static bool options_sound(const struct wm_link_options *options)
{
    return options && options->linger_s <= AT_LINGER_MAX && options->send_timeout_ms <= INT32_MAX &&
           options->keep_alive_s >= -1 && options->keep_alive_s <= AT_KEEP_ALIVE_MAX;
}

int wm_link_options_prepare(struct wm_op *op, int link, const struct wm_link_options *options)
{
    op_prepare(op, &options_set, options, NULL);
    op->link = link;
    return op_checked(op, link > 0 && options_sound(options));
}

int wm_link_options(struct wm_device *dev, int link, const struct wm_link_options *options,
                    uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_link_options_prepare(&op, link, options), timeout_ms);
}

/* op->value: 0 once the line of the link has come; op->size: its id; op->progress: 1 once a line
 * could not be read. */
static int options_ask(struct wm_core *core, struct wm_op *op)
{
    int id = id_of(core, op);
    if (id < 0)
        return id;
    memset(op->out, 0, sizeof(struct wm_link_options));
    op->value = WM_ERR_PROTO;
    op->size = (size_t)id;
    struct writer writer = txn_query(&core->txn, AT_CMD_CIPTCPOPT);
    return op_command(core, &writer);
}

static bool read_options(struct scan *scan, int *id, struct wm_link_options *options)
{
    int linger, no_delay, send_timeout_ms, keep_alive;
    if (!scan_number(scan, 0, WM_LINKS - 1, id) || !scan_number(scan, -1, AT_LINGER_MAX, &linger) ||
        !scan_number(scan, 0, 1, &no_delay) || !scan_number(scan, 0, INT32_MAX, &send_timeout_ms) ||
        !scan_number(scan, 0, AT_KEEP_ALIVE_MAX, &keep_alive) || !scan_ended(scan))
        return false;
    *options = (struct wm_link_options){.linger = linger >= 0,
                                        .linger_s = linger >= 0 ? (unsigned)linger : 0,
                                        .no_delay = no_delay == 1,
                                        .send_timeout_ms = (unsigned)send_timeout_ms,
                                        .keep_alive_s = keep_alive == 0 ? -1 : keep_alive};
    return true;
}

static void options_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct wm_link_options options;
    struct scan scan;
    int id;
    if (!answer_of(line, AT_CMD_CIPTCPOPT, &scan) || !read_options(&scan, &id, &options)) {
        core->stats.noise++;
        op->progress = 1;
    } else if ((size_t)id == op->size) {
        memcpy(op->out, &options, sizeof options);
        op->value = 0;
    }
}

static int options_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    int err = final == FINAL_OK ? op->value : op_result(final);
    (void)core;
    if (err == 0 && op->progress > 0)
        err = WM_ERR_PROTO;
    if (err < 0)
        memset(op->out, 0, sizeof(struct wm_link_options));
    return err;
}

static const struct wm_op_def options_get = {.timeout_ms = SIMPLE_MS,
                                             .needs_links = true,
                                             .begin = options_ask,
                                             .line = options_line,
                                             .final = options_final};

int wm_link_options_get_prepare(struct wm_op *op, int link, struct wm_link_options *options)
{
    op_prepare(op, &options_get, NULL, options);
    op->link = link;
    return op_checked(op, link > 0 && link != WM_LINK_ALL && options);
}

int wm_link_options_get(struct wm_device *dev, int link, struct wm_link_options *options,
                        uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_link_options_get_prepare(&op, link, options), timeout_ms);
}

/* AT+CIPRECONNINTV (TCP/IP AT: CIPRECONNINTV), in units of 100 ms. */

#define UNIT_MS 100

static int interval_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    int interval = simple_value(core, op, final);
    return interval < 0 ? interval : interval * UNIT_MS;
}

static const struct simple interval_get = {.op = {.timeout_ms = SIMPLE_MS,
                                                  .begin = simple_ask_number,
                                                  .line = simple_number,
                                                  .final = interval_final},
                                           .command = AT_CMD_CIPRECONNINTV,
                                           .min = 1,
                                           .max = AT_RECONNINTV_MAX};
static const struct simple interval_set =
    SIMPLE_NUMBER_SET(AT_CMD_CIPRECONNINTV, 1, AT_RECONNINTV_MAX);

int wm_reconnect_interval_get_prepare(struct wm_op *op)
{
    return simple_prepare(op, &interval_get);
}

int wm_reconnect_interval_get(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_reconnect_interval_get_prepare(&op), timeout_ms);
}

int wm_reconnect_interval_set_prepare(struct wm_op *op, unsigned interval_ms)
{
    int err = simple_prepare_number(op, &interval_set, interval_ms / UNIT_MS);
    return op_checked(op, err == 0 && interval_ms % UNIT_MS == 0);
}

int wm_reconnect_interval_set(struct wm_device *dev, unsigned interval_ms, uint32_t timeout_ms)
{
    struct wm_op op;
    int prepared = wm_reconnect_interval_set_prepare(&op, interval_ms);
    return run_prepared(dev, &op, prepared, timeout_ms);
}

/* AT+CIPSENDLCFG: what the specification leaves open is in DESIGN.md, section 7. */

static const struct field long_read[] = {
    NUMBER(wm_long_send, report_bytes, 0, INT32_MAX),
    NUMBER(wm_long_send, piece_bytes, 0, INT32_MAX),
};
static const struct field long_write[] = {
    NUMBER(wm_long_send, report_bytes, AT_SENDL_REPORT_MIN, AT_SENDL_REPORT_MAX),
    OPTION(wm_long_send, piece_bytes, AT_SENDL_REPORT_MIN, AT_SENDL_PIECE_MAX),
};
static const struct reading long_reading[] = {READING(AT_CMD_CIPSENDLCFG, long_read)};
static const struct simple long_get = SIMPLE_GET(struct wm_long_send, long_reading);
static const struct simple long_set = SIMPLE_SET(AT_CMD_CIPSENDLCFG, long_write);

int wm_long_send_get_prepare(struct wm_op *op, struct wm_long_send *config)
{
    return simple_prepare_get(op, &long_get, config);
}

int wm_long_send_get(struct wm_device *dev, struct wm_long_send *config, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_long_send_get_prepare(&op, config), timeout_ms);
}

int wm_long_send_set_prepare(struct wm_op *op, const struct wm_long_send *config)
{
    return simple_prepare_set(op, &long_set, config);
}

int wm_long_send_set(struct wm_device *dev, const struct wm_long_send *config, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_long_send_set_prepare(&op, config), timeout_ms);
}
