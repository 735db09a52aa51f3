#include <wmat/tcp.h>

#include <wmat/wmat.h>

#include "arg.h"
#include "dial.h"

/* AT+CIPSTART for "TCP" and "TCPv6" (TCP/IP AT: CIPSTART). */

static struct dial dial_of(const struct wm_tcp_options *options)
{
    return (struct dial){.type = "TCP",
                         .type6 = "TCPv6",
                         .host = options->host,
                         .port = options->port,
                         .ipv6 = options->ipv6,
                         .link_id = dial_id(options->own_id, options->link_id)};
}

static int begin(struct wm_core *core, struct wm_op *op)
{
    const struct wm_tcp_options *options = op->args;
    const struct dial dial = dial_of(options);
    int err = dial_take(core, op, &dial);
    if (err < 0)
        return err;
    struct writer writer = dial_write(core, op, &dial);
    dial_tail(&writer, options->keep_alive_s, options->local_ip);
    return op_command(core, &writer);
}

static const struct wm_op_def connect_def = {.timeout_ms = DIAL_MS,
                                             .module_ms = DIAL_LIMIT_MS,
                                             .needs_links = true,
                                             .begin = begin,
                                             .final = dial_final,
                                             .end = dial_end};

int wm_tcp_connect_prepare(struct wm_op *op, const struct wm_tcp_options *options)
{
    op_prepare(op, &connect_def, options, NULL);
    if (!options)
        return op_checked(op, false);
    const struct dial dial = dial_of(options);
    if (dial_sound(&dial) && dial_tail_sound(options->keep_alive_s, options->local_ip))
        return 0;
    op->def = NULL;
    return WM_ERR_ARG;
}

int wm_tcp_connect(struct wm_device *dev, const struct wm_tcp_options *options, uint32_t timeout_ms)
{
    struct wm_op op;
    int err = wm_tcp_connect_prepare(&op, options);
    return err < 0 ? err : wm_run(dev, &op, timeout_ms);
}
