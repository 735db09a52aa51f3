#include "tls_dial.h"

#include <string.h>

#include "link.h"
#include "scan.h"
#include "tls_config.h"

/* No certificate and no SNI has an address (RFC 6066, section 3). */
static bool is_address(const char *host)
{
    return strchr(host, ':') || host[strspn(host, "0123456789.")] == '\0';
}

/* What is set for the link: nothing of an earlier one may stay. */
static struct wm_tls_config full_config(const char *host, const struct wm_tls_config *config)
{
    static const char *const no_protocols[] = {""};
    struct wm_tls_config full = *config;
    const char *name = is_address(host) ? "" : host;
    if (!full.common_name)
        full.common_name = name;
    if (!full.sni)
        full.sni = name;
    if (!full.alpn)
        full.alpn = no_protocols;
    if (!full.psk)
        full.psk = "";
    return full;
}

/* What is to be set: where nothing can be cleared, no empty value. */
static struct wm_tls_config config_for(const struct wm_core *core, const char *host,
                                       const struct wm_tls_config *config)
{
    struct wm_tls_config full = full_config(host, config);
    if (!core->profile.tls_keeps_names)
        return full;
    if (full.common_name[0] == '\0')
        full.common_name = NULL;
    if (full.sni[0] == '\0')
        full.sni = NULL;
    if (full.psk_len == 0)
        full.psk = NULL;
    return full;
}

bool tls_dial_sound(const char *host, const struct wm_tls_config *config)
{
    const struct wm_tls_config full = full_config(host, config);
    return config->auth != WM_TLS_KEEP && tls_config_sound(&full);
}

bool tls_link_is_free(const struct wm_core *core)
{
    unsigned count = 0;
    for (int i = 0; i < core->link_count; i++)
        count += core->links[i].state != WM_LINK_FREE && core->links[i].tls;
    unsigned most = core->profile.tls_links;
    if (core->config.tls_links > 0 && core->config.tls_links < most)
        most = core->config.tls_links;
    return count < most;
}

static int ask_clock(struct wm_core *core, struct wm_op *op)
{
    op->step = TLS_DIAL_CLOCK_ASKED;
    op->value = false;
    struct writer writer = txn_query(&core->txn, AT_CMD_CIPSNTPTIME);
    return op_command(core, &writer);
}

int tls_dial_next(struct wm_core *core, struct wm_op *op, const char *host,
                  const struct wm_tls_config *config, unsigned link_id)
{
    const struct wm_tls_config full = config_for(core, host, config);
    bool verifies = config->auth == WM_TLS_SERVER || config->auth == WM_TLS_BOTH;
    int step = 0;
    if (op->step < TLS_CONFIG_LINES)
        step = tls_config_next(core, &full, link_id, &op->step);
    if (step == 0 && op->step == TLS_DIAL_CLOCK && verifies)
        return ask_clock(core, op);
    if (step == 0)
        op->step = TLS_DIAL_STEPS;
    return step;
}

/* A clock that was never set runs from 1970 on. */
void tls_dial_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct scan scan;
    if (op->step == TLS_DIAL_CLOCK_ASKED && scan_after(line, "+CIPSNTPTIME:", &scan) &&
        line.len > 5)
        op->value = memcmp(line.text + line.len - 5, " 1970", 5) != 0;
    else
        core->stats.noise++;
}

static int clock_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    if (final != FINAL_OK)
        return op_result(final);
    if (op->value) {
        op->step = TLS_DIAL_STEPS;
        return WM_STEP_AGAIN;
    }
    op_explain(core, "the clock was never set, see wm_sntp_set");
    return WM_ERR_STATE;
}

/* A setting that is only to be taken away need not be there. */
static bool line_matters(const struct wm_tls_config *config, unsigned step)
{
    switch (step - 1) { /* step is behind the line */
    case 3:
        return config->alpn_count > 0;
    case 4:
        return config->psk_len > 0;
    }
    return true;
}

int tls_dial_final(struct wm_core *core, struct wm_op *op, const struct wm_tls_config *config,
                   enum final final)
{
    if (op->step == TLS_DIAL_CLOCK_ASKED)
        return clock_final(core, op, final);
    return final == FINAL_OK || !line_matters(config, op->step) ? WM_STEP_AGAIN : op_result(final);
}
