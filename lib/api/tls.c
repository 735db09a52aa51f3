#include <wmat/tls.h>

#include <string.h>

#include "at_limits.h"
#include "arg.h"
#include "dial.h"
#include "link.h"
#include "scan.h"
#include "simple.h"
#include "tls_config.h"

/* AT+CIPSTART for "SSL" and "SSLv6" (TCP/IP AT: CIPSTART), behind the settings of its link id and,
 * where certificates are to be verified, a look at the module's clock. */

#define CONNECT_MS 30000
#define CONNECT_LIMIT_MS                                                                           \
    60000 /* a name, a connection, and 10 s for each message of the handshake */

enum { STEP_CLOCK = TLS_CONFIG_LINES, STEP_CLOCK_ASKED, STEP_CONNECT };

static struct dial dial_of(const struct wm_tls_options *options)
{
    return (struct dial){.type = "SSL",
                         .type6 = "SSLv6",
                         .host = options->host,
                         .port = options->port,
                         .ipv6 = options->ipv6,
                         .link_id = dial_id(options->own_id, options->link_id)};
}

/* No certificate and no SNI has an address (RFC 6066, section 3). */
static bool is_address(const char *host)
{
    return strchr(host, ':') || host[strspn(host, "0123456789.")] == '\0';
}

/* What is set for the link: nothing of an earlier one may stay. */
static struct wm_tls_config full_config(const struct wm_tls_options *options)
{
    static const char *const no_protocols[] = {""};
    struct wm_tls_config full = options->tls;
    const char *name = is_address(options->host) ? "" : options->host;
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

static bool verifies(const struct wm_tls_options *options)
{
    return options->tls.auth == WM_TLS_SERVER || options->tls.auth == WM_TLS_BOTH;
}

static bool tls_link_is_free(const struct wm_core *core)
{
    unsigned count = 0;
    for (int i = 0; i < core->link_count; i++)
        count += core->links[i].state != WM_LINK_FREE && core->links[i].tls;
    return core->config.tls_links == 0 || count < core->config.tls_links;
}

static int take_link(struct wm_core *core, struct wm_op *op, const struct dial *dial)
{
    if (!tls_link_is_free(core))
        return WM_ERR_STATE;
    int err = dial_take(core, op, dial);
    if (err < 0)
        return err;
    link_of(core, op->link)->tls = true;
    op->step = 0;
    return 0;
}

static int ask_clock(struct wm_core *core, struct wm_op *op)
{
    op->step = STEP_CLOCK_ASKED;
    op->value = false;
    struct writer writer = txn_query(&core->txn, AT_CMD_CIPSNTPTIME);
    return op_command(core, &writer);
}

static int write_connect(struct wm_core *core, const struct wm_op *op, const struct dial *dial)
{
    const struct wm_tls_options *options = op->args;
    struct writer writer = dial_write(core, op, dial);
    dial_tail(&writer, options->keep_alive_s, options->local_ip);
    return op_command(core, &writer);
}

static int begin(struct wm_core *core, struct wm_op *op)
{
    const struct wm_tls_options *options = op->args;
    const struct wm_tls_config config = full_config(options);
    const struct dial dial = dial_of(options);
    int step = op->link < 0 ? take_link(core, op, &dial) : 0;
    if (step < 0)
        return step;
    const struct wm_link *link = link_of(core, op->link);
    if (link_state(link) != WM_LINK_OPENING)
        return link->error; /* the module restarted between two commands */
    if (op->step < TLS_CONFIG_LINES)
        step = tls_config_next(core, &config, link->id, &op->step);
    if (step != 0)
        return step;
    if (op->step == STEP_CLOCK && verifies(options))
        return ask_clock(core, op);
    op->step = STEP_CONNECT;
    return write_connect(core, op, &dial);
}

/* A clock that was never set runs from 1970 on. */
static void line(struct wm_core *core, struct wm_op *op, struct slice text)
{
    struct scan scan;
    if (op->step == STEP_CLOCK_ASKED && scan_after(text, "+CIPSNTPTIME:", &scan) && text.len > 5)
        op->value = memcmp(text.text + text.len - 5, " 1970", 5) != 0;
    else
        core->stats.noise++;
}

static int clock_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    if (final != FINAL_OK)
        return op_result(final);
    if (op->value) {
        op->step = STEP_CONNECT;
        return WM_STEP_AGAIN;
    }
    op_explain(core, "the clock was never set, see wm_sntp_set");
    return WM_ERR_STATE;
}

/* A setting that is only to be taken away need not be there. */
static bool line_matters(const struct wm_tls_options *options, unsigned step)
{
    switch (step - 1) { /* step is behind the line */
    case 3:
        return options->tls.alpn_count > 0;
    case 4:
        return options->tls.psk_len > 0;
    }
    return true;
}

static int final(struct wm_core *core, struct wm_op *op, enum final final)
{
    if (op->step == STEP_CONNECT)
        return dial_final(core, op, final);
    if (op->step == STEP_CLOCK_ASKED)
        return clock_final(core, op, final);
    return final == FINAL_OK || !line_matters(op->args, op->step) ? WM_STEP_AGAIN
                                                                  : op_result(final);
}

static const struct wm_op_def connect_def = {.timeout_ms = CONNECT_MS,
                                             .module_ms = CONNECT_LIMIT_MS,
                                             .needs_links = true,
                                             .begin = begin,
                                             .line = line,
                                             .final = final,
                                             .end = dial_end};

int wm_tls_connect_prepare(struct wm_op *op, const struct wm_tls_options *options)
{
    op_prepare(op, &connect_def, options, NULL);
    if (!options || !options->host)
        return op_checked(op, false);
    const struct dial dial = dial_of(options);
    const struct wm_tls_config config = full_config(options);
    return op_checked(op, dial_sound(&dial) &&
                              dial_tail_sound(options->keep_alive_s, options->local_ip) &&
                              options->tls.auth != WM_TLS_KEEP && tls_config_sound(&config));
}

int wm_tls_connect(struct wm_device *dev, const struct wm_tls_options *options, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_tls_connect_prepare(&op, options), timeout_ms);
}
