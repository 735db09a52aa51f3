#include "tls_config.h"

#include "at_limits.h"
#include "arg.h"
#include "simple.h"

/* Setting: a line for each of these that the configuration names. */

static bool write_auth(struct writer *writer, const struct wm_tls_config *config)
{
    if (config->auth == WM_TLS_KEEP)
        return false;
    writer_int(writer, (int)config->auth - WM_TLS_NONE);
    if (config->auth != WM_TLS_NONE) { /* a shipping module wants both numbers, or neither */
        writer_int(writer, (int)config->pki);
        writer_int(writer, (int)config->ca);
    }
    return true;
}

static bool write_common_name(struct writer *writer, const struct wm_tls_config *config)
{
    if (config->common_name)
        writer_string(writer, config->common_name);
    return config->common_name != NULL;
}

static bool write_sni(struct writer *writer, const struct wm_tls_config *config)
{
    if (config->sni)
        writer_string(writer, config->sni);
    return config->sni != NULL;
}

static bool write_alpn(struct writer *writer, const struct wm_tls_config *config)
{
    if (!config->alpn)
        return false;
    writer_int(writer, (int)config->alpn_count);
    for (size_t i = 0; i < config->alpn_count; i++)
        writer_string(writer, config->alpn[i]);
    return true;
}

/* The key goes as hex digits (framework, "The manual dialect"). */
static bool write_psk(struct writer *writer, const struct wm_tls_config *config)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *key = config->psk;
    char hex[2 * WM_PSK_MAX + 1];
    if (!key)
        return false;
    for (size_t i = 0; i < config->psk_len; i++) {
        hex[2 * i] = digits[key[i] >> 4];
        hex[2 * i + 1] = digits[key[i] & 15];
    }
    hex[2 * config->psk_len] = '\0';
    writer_string(writer, hex);
    writer_string(writer, config->psk_len > 0 ? config->psk_identity : "");
    return true;
}

static const struct {
    enum at_command command;
    bool (*write)(struct writer *writer, const struct wm_tls_config *config);
} lines[TLS_CONFIG_LINES] = {
    {AT_CMD_CIPSSLCCONF, write_auth}, {AT_CMD_CIPSSLCCN, write_common_name},
    {AT_CMD_CIPSSLCSNI, write_sni},   {AT_CMD_CIPSSLCALPN, write_alpn},
    {AT_CMD_CIPSSLCPSK, write_psk},
};

/* Line number step; false: the configuration does not name it. */
static bool write_line(struct writer *writer, char *text, const struct wm_tls_config *config,
                       unsigned link_id, uint8_t step)
{
    *writer = writer_set(text, WM_LINE_SIZE, lines[step].command);
    writer_int(writer, (int)link_id);
    return lines[step].write(writer, config);
}

static int start_next(struct wm_core *core, const struct wm_tls_config *config, unsigned link_id,
                      uint8_t *step, int (*command)(struct wm_core *core, struct writer *writer))
{
    struct writer writer;
    while (*step < TLS_CONFIG_LINES) {
        if (write_line(&writer, core->txn.line, config, link_id, (*step)++))
            return command(core, &writer);
    }
    return 0;
}

int tls_config_next(struct wm_core *core, const struct wm_tls_config *config, unsigned link_id,
                    uint8_t *step)
{
    return start_next(core, config, link_id, step, op_command);
}

static bool alpn_sound(const struct wm_tls_config *config)
{
    char text[WM_LINE_SIZE];
    struct writer writer = writer_set(text, sizeof text, AT_CMD_CIPSSLCALPN);
    if (config->alpn_count > (config->alpn ? AT_ALPN_MAX : 0))
        return false;
    for (size_t i = 0; i < config->alpn_count; i++) {
        if (!arg_text(config->alpn[i], 1, WM_LINE_SIZE))
            return false;
    }
    writer_int(&writer, 0);
    write_alpn(&writer, config);
    return writer_end(&writer) >= 0;
}

static bool psk_sound(const struct wm_tls_config *config)
{
    if (!config->psk || config->psk_len == 0)
        return config->psk_len == 0 && !config->psk_identity;
    return config->psk_len <= AT_PSK_MAX && arg_text(config->psk_identity, 1, AT_PSK_MAX);
}

bool tls_config_sound(const struct wm_tls_config *config)
{
    return config && (unsigned)config->auth <= WM_TLS_BOTH && config->pki <= AT_CERT_NUMBER_MAX &&
           config->ca <= AT_CERT_NUMBER_MAX &&
           (!config->common_name || arg_text(config->common_name, 0, AT_TLS_NAME_MAX)) &&
           (!config->sni || arg_text(config->sni, 0, AT_TLS_NAME_MAX)) && alpn_sound(config) &&
           psk_sound(config);
}

static int set_begin(struct wm_core *core, struct wm_op *op)
{
    return start_next(core, op->args, (unsigned)op->value, &op->step, setting_command);
}

static int set_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    int err = setting_of_first_final(core, op, final);
    return err < 0 ? err : WM_STEP_AGAIN;
}

static const struct wm_op_def config_set = {
    .timeout_ms = SIMPLE_MS, .begin = set_begin, .final = set_final};

int wm_tls_config_prepare(struct wm_op *op, unsigned link_id, const struct wm_tls_config *config)
{
    op_prepare(op, &config_set, config, NULL);
    op->value = (int)link_id;
    return op_checked(op, link_id <= WM_LINK_ALL && tls_config_sound(config));
}

int wm_tls_config(struct wm_device *dev, unsigned link_id, const struct wm_tls_config *config,
                  uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_tls_config_prepare(&op, link_id, config), timeout_ms);
}
