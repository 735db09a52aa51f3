/* wm_tls_config_get: a query for each line of a configuration. */
#include <string.h>

#include "at_limits.h"
#include "arg.h"
#include "simple.h"
#include "tls_config.h"

static bool read_auth(struct scan *scan, struct wm_tls_settings *settings)
{
    int auth, pki, ca;
    if (!scan_number(scan, 0, WM_TLS_BOTH - WM_TLS_NONE, &auth) ||
        !scan_number(scan, 0, AT_CERT_NUMBER_MAX, &pki) ||
        !scan_number(scan, 0, AT_CERT_NUMBER_MAX, &ca))
        return false;
    settings->auth = (enum wm_tls_auth)(auth + WM_TLS_NONE);
    settings->pki = (unsigned)pki;
    settings->ca = (unsigned)ca;
    return true;
}

static bool read_text(struct scan *scan, char *to, size_t size)
{
    struct slice text;
    if (!scan_text(scan, &text) || text.len >= size)
        return false;
    scan_copy(to, size, text);
    return true;
}

static bool read_common_name(struct scan *scan, struct wm_tls_settings *settings)
{
    return read_text(scan, settings->common_name, sizeof settings->common_name);
}

static bool read_sni(struct scan *scan, struct wm_tls_settings *settings)
{
    return read_text(scan, settings->sni, sizeof settings->sni);
}

/* A shipping module prints the names without quotes (device_dialect, section 13, row 29). */
static bool read_alpn(struct scan *scan, struct wm_tls_settings *settings)
{
    size_t at = 0;
    for (unsigned count = 0; !scan_ended(scan); count++) {
        if (count > 0)
            settings->alpn[at++] = ',';
        if (count == WM_TLS_ALPN_MAX ||
            !read_text(scan, settings->alpn + at, sizeof settings->alpn - at))
            return false;
        at += strlen(settings->alpn + at);
        settings->alpn_count = count + 1;
        if (at + 1 >= sizeof settings->alpn)
            return scan_ended(scan);
    }
    return settings->alpn_count > 0;
}

static int hex_value(char digit)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = memchr(digits, digit, sizeof digits - 1);
    return at ? (int)((at - digits) % 16) : -1;
}

static bool read_psk(struct scan *scan, struct wm_tls_settings *settings)
{
    struct slice hex;
    if (!scan_text(scan, &hex) || hex.len % 2 != 0 || hex.len > 2 * WM_PSK_MAX)
        return false;
    for (size_t i = 0; i < hex.len; i += 2) {
        int high = hex_value(hex.text[i]), low = hex_value(hex.text[i + 1]);
        if (high < 0 || low < 0)
            return false;
        settings->psk[i / 2] = (unsigned char)(high << 4 | low);
    }
    settings->psk_len = hex.len / 2;
    return read_text(scan, settings->psk_identity, sizeof settings->psk_identity);
}

/* In single connection mode a shipping module answers AT+CIPSSLCCN? with the wrong name
 * (device_dialect, section 13, row 27). */
static const struct {
    enum at_command command, alias;
    bool (*read)(struct scan *scan, struct wm_tls_settings *settings);
} queries[TLS_CONFIG_LINES] = {
    {AT_CMD_CIPSSLCCONF, AT_CMD_CIPSSLCCONF, read_auth},
    {AT_CMD_CIPSSLCCN, AT_CMD_CIPSSLCSNI, read_common_name},
    {AT_CMD_CIPSSLCSNI, AT_CMD_CIPSSLCSNI, read_sni},
    {AT_CMD_CIPSSLCALPN, AT_CMD_CIPSSLCALPN, read_alpn},
    {AT_CMD_CIPSSLCPSK, AT_CMD_CIPSSLCPSK, read_psk},
};

/* op->value: the link id; op->size: 1 once a line could not be read. */
static int get_begin(struct wm_core *core, struct wm_op *op)
{
    if (op->step == 0) {
        memset(op->out, 0, sizeof(struct wm_tls_settings));
        op->size = 0;
    }
    struct writer writer = txn_query(&core->txn, queries[op->step].command);
    return op_command(core, &writer);
}

static bool take_line(struct wm_op *op, struct slice line)
{
    struct scan scan;
    int id;
    if (!answer_of(line, queries[op->step].command, &scan) &&
        !answer_of(line, queries[op->step].alias, &scan))
        return false;
    if (!scan_number(&scan, 0, WM_LINKS - 1, &id))
        return false;
    return id != op->value || (queries[op->step].read(&scan, op->out) && scan_ended(&scan));
}

static void get_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    if (take_line(op, line))
        return;
    core->stats.noise++;
    op->size = 1;
}

static int get_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    struct wm_tls_settings *settings = op->out;
    int err = final == FINAL_OK ? 0 : op_result(final);
    (void)core;
    if (err == 0 && (op->size > 0 || settings->auth == WM_TLS_KEEP))
        err = WM_ERR_PROTO; /* AT+CIPSSLCCONF? shows every link */
    if (err < 0)
        memset(settings, 0, sizeof *settings);
    else if (++op->step < TLS_CONFIG_LINES)
        return WM_STEP_AGAIN;
    return err;
}

static const struct wm_op_def config_get = {
    .timeout_ms = SIMPLE_MS, .begin = get_begin, .line = get_line, .final = get_final};

int wm_tls_config_get_prepare(struct wm_op *op, unsigned link_id, struct wm_tls_settings *settings)
{
    op_prepare(op, &config_get, NULL, settings);
    op->value = (int)link_id;
    return op_checked(op, link_id < WM_LINKS && settings);
}

int wm_tls_config_get(struct wm_device *dev, unsigned link_id, struct wm_tls_settings *settings,
                      uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_tls_config_get_prepare(&op, link_id, settings), timeout_ms);
}
