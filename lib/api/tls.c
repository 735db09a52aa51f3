#include <wmat/tls.h>

#include "arg.h"
#include "dial.h"
#include "lexer.h"
#include "link.h"
#include "module.h"
#include "simple.h"
#include "tls_dial.h"

#define SETTING_MS 2000 /* more than any takes */

/* AT+CIPSTART for "SSL" and "SSLv6" (TCP/IP AT: CIPSTART). */

static struct dial dial_of(const struct wm_tls_options *options)
{
    return (struct dial){.type = "SSL",
                         .type6 = "SSLv6",
                         .host = options->host,
                         .port = options->port,
                         .ipv6 = options->ipv6,
                         .link_id = dial_id(options->own_id, options->link_id)};
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

static int begin(struct wm_core *core, struct wm_op *op)
{
    const struct wm_tls_options *options = op->args;
    const struct dial dial = dial_of(options);
    int step = dial_has_link(op) ? 0 : take_link(core, op, &dial);
    if (step < 0)
        return step;
    struct wm_link *link = link_of(core, op->link);
    if (link_state(link) == WM_LINK_OPENING && link->peer_closed) { /* a client has its number */
        dial_again(core, op);
        return begin(core, op);
    }
    if (link_state(link) != WM_LINK_OPENING)
        return link->error; /* the module restarted between two commands */
    if (op->step < TLS_DIAL_STEPS)
        step = tls_dial_next(core, op, options->host, &options->tls, link->id);
    if (step != 0)
        return step;
    struct writer writer = dial_write(core, op, &dial);
    dial_tail(&writer, options->keep_alive_s, options->local_ip);
    return op_command(core, &writer);
}

static int final(struct wm_core *core, struct wm_op *op, enum final final)
{
    const struct wm_tls_options *options = op->args;
    if (op->step < TLS_DIAL_STEPS)
        return tls_dial_final(core, op, &options->tls, final);
    return dial_final(core, op, final);
}

/* A setting takes the module no time: after a while without an answer it is lost. (Where the input
 * is held up, or in the middle of a frame, it may be waiting.) */
static int end(struct wm_core *core, struct wm_op *op, int result, bool in_flight)
{
    bool lost = in_flight && op->step < TLS_DIAL_STEPS && !core->stalled &&
                !lexer_in_frame(&core->lexer) && core->now_ms >= core->last_tx_ms + SETTING_MS;
    result = dial_end(core, op, result, in_flight);
    if (result == WM_ERR_TIMEOUT && lost)
        module_event(core, MODULE_TROUBLE);
    return result;
}

static const struct wm_op_def connect_def = {.timeout_ms = DIAL_TLS_MS,
                                             .module_ms = DIAL_TLS_LIMIT_MS,
                                             .needs_links = true,
                                             .begin = begin,
                                             .line = tls_dial_line,
                                             .final = final,
                                             .end = end};

int wm_tls_connect_prepare(struct wm_op *op, const struct wm_tls_options *options)
{
    op_prepare(op, &connect_def, options, NULL);
    if (!options)
        return op_checked(op, false);
    const struct dial dial = dial_of(options);
    return op_checked(op, dial_sound(&dial) &&
                              dial_tail_sound(options->keep_alive_s, options->local_ip) &&
                              tls_dial_sound(options->host, &options->tls));
}

int wm_tls_connect(struct wm_device *dev, const struct wm_tls_options *options, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_tls_connect_prepare(&op, options), timeout_ms);
}
