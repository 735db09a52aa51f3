#include <wmat/name.h>

#include <string.h>

#include "at_limits.h"
#include "arg.h"
#include "simple.h"

#define RESOLVE_MS 15000
#define PING_MS    20000 /* a name, then 5 s for the answer */

/* AT+CIPDOMAIN (TCP/IP AT: CIPDOMAIN). */

static struct writer write_resolve(char *line, const char *name, int prefer)
{
    struct writer writer = writer_set(line, WM_LINE_SIZE, AT_CMD_CIPDOMAIN);
    writer_string(&writer, name);
    if (prefer != WM_PREFER_DEFAULT)
        writer_int(&writer, prefer);
    return writer;
}

/* op->value: the preference; op->progress: lines that have come; op->size: 1 once one of them could
 * not be read. */
static int resolve_begin(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = write_resolve(core->txn.line, op->args, op->value);
    memset(op->out, 0, WM_IP_SIZE);
    op->size = 0;
    return op_command(core, &writer);
}

/* A shipping module prints a line an address (device_dialect, section 9); the first one is given.
 */
static void resolve_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    static const struct field ip_field = {.kind = FIELD_IP, .max = WM_IP_SIZE - 1};
    char ip[WM_IP_SIZE];
    struct scan scan;
    if (!answer_of(line, AT_CMD_CIPDOMAIN, &scan) || !fields_read(&scan, &ip_field, 1, ip) ||
        !scan_ended(&scan)) {
        core->stats.noise++;
        op->size = 1;
    } else if (op->progress++ == 0) {
        strcpy(op->out, ip);
    }
}

static int resolve_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    int err = final == FINAL_OK ? 0 : op_result(final);
    (void)core;
    if (err == 0 && (op->progress == 0 || op->size > 0))
        err = WM_ERR_PROTO;
    if (err < 0)
        memset(op->out, 0, WM_IP_SIZE);
    return err;
}

static const struct wm_op_def resolve = {.timeout_ms = RESOLVE_MS,
                                         .module_ms = RESOLVE_MS,
                                         .begin = resolve_begin,
                                         .line = resolve_line,
                                         .final = resolve_final};

static bool resolve_sound(const char *name, int prefer)
{
    char line[WM_LINE_SIZE];
    if (!arg_text(name, 1, WM_LINE_SIZE) || prefer < WM_PREFER_DEFAULT || prefer > WM_ONLY_IPV6)
        return false;
    struct writer writer = write_resolve(line, name, prefer);
    return writer_end(&writer) >= 0;
}

int wm_resolve_prepare(struct wm_op *op, const char *name, enum wm_prefer prefer,
                       char ip[WM_IP_SIZE])
{
    op_prepare(op, &resolve, name, ip);
    op->value = (int)prefer;
    return op_checked(op, ip && resolve_sound(name, (int)prefer));
}

int wm_resolve(struct wm_device *dev, const char *name, enum wm_prefer prefer, char ip[WM_IP_SIZE],
               uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_resolve_prepare(&op, name, prefer, ip), timeout_ms);
}

/* AT+PING (TCP/IP AT: PING). */

static const struct field host_field[] = {{.kind = FIELD_TEXT, .min = 1, .max = WM_LINE_SIZE}};

static int ping_begin(struct wm_core *core, struct wm_op *op)
{
    op->value = WM_ERR_PROTO;
    op->size = 0;
    struct writer writer = txn_set(&core->txn, AT_CMD_PING);
    writer_string(&writer, op->args);
    return op_command(core, &writer);
}

/* "23", or, from a shipping module, "23 ms" (device_dialect, section 13, row 33). */
static bool read_ms(struct slice text, int *ms)
{
    if (text.len > 3 && memcmp(text.text + text.len - 3, " ms", 3) == 0)
        text.len -= 3;
    struct scan scan = scan_fields(text, 0);
    return scan_number(&scan, 0, INT32_MAX, ms) && scan_ended(&scan);
}

static void ping_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct slice text;
    struct scan scan;
    int ms;
    if (answer_of(line, AT_CMD_PING, &scan) && scan_text(&scan, &text) && scan_ended(&scan)) {
        if (SLICE_IS(text, "TIMEOUT")) {
            op->value = WM_ERR_TIMEOUT;
            return;
        }
        if (read_ms(text, &ms)) {
            op->value = ms;
            return;
        }
    }
    core->stats.noise++;
    op->size = 1;
}

static int ping_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    (void)core;
    if (final == FINAL_ERROR && op->value == WM_ERR_TIMEOUT)
        return WM_ERR_TIMEOUT;
    if (final != FINAL_OK)
        return op_result(final);
    return op->size > 0 || op->value < 0 ? WM_ERR_PROTO : op->value;
}

static const struct simple ping = {.op = {.timeout_ms = PING_MS,
                                          .module_ms = PING_MS,
                                          .begin = ping_begin,
                                          .line = ping_line,
                                          .final = ping_final},
                                   .command = AT_CMD_PING,
                                   .fields = host_field,
                                   .count = COUNT(host_field)};

int wm_ping_prepare(struct wm_op *op, const char *host)
{
    return simple_prepare_set(op, &ping, host);
}

int wm_ping(struct wm_device *dev, const char *host, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_ping_prepare(&op, host), timeout_ms);
}

/* AT+CIPDNS (TCP/IP AT: CIPDNS). */

static const struct field dns_fields[] = {
    FLAG(wm_dns, manual),
    MAYBE(IP, wm_dns, servers[0]),
    MAYBE(IP, wm_dns, servers[1]),
};
static const struct reading dns_reading[] = {READING(AT_CMD_CIPDNS, dns_fields)};
static const struct simple dns_get = SIMPLE_GET(struct wm_dns, dns_reading);

int wm_dns_get_prepare(struct wm_op *op, struct wm_dns *dns)
{
    return simple_prepare_get(op, &dns_get, dns);
}

int wm_dns_get(struct wm_device *dev, struct wm_dns *dns, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_dns_get_prepare(&op, dns), timeout_ms);
}

static int dns_begin(struct wm_core *core, struct wm_op *op)
{
    const struct wm_dns *dns = op->args;
    struct writer writer = txn_set(&core->txn, AT_CMD_CIPDNS);
    fields_write(&writer, dns_fields, dns->manual ? COUNT(dns_fields) : 1, dns);
    return setting_command(core, &writer);
}

static const struct wm_op_def dns_set = {
    .timeout_ms = SIMPLE_MS, .begin = dns_begin, .final = setting_final};

/* A shipping module refuses a second server without a first (device_dialect, section 11). */
static bool dns_sound(const struct wm_dns *dns)
{
    if (!dns || !dns->manual)
        return dns != NULL;
    return fields_sound(dns_fields, COUNT(dns_fields), dns) &&
           (!dns->servers[1][0] ||
            (dns->servers[0][0] && strcmp(dns->servers[0], dns->servers[1]) != 0));
}

int wm_dns_set_prepare(struct wm_op *op, const struct wm_dns *dns)
{
    op_prepare(op, &dns_set, dns, NULL);
    return op_checked(op, dns_sound(dns));
}

int wm_dns_set(struct wm_device *dev, const struct wm_dns *dns, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_dns_set_prepare(&op, dns), timeout_ms);
}
