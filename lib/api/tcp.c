#include <wmat/tcp.h>

#include <string.h>

#include <wmat/wmat.h>

#include "at_limits.h"
#include "arg.h"
#include "engine.h"
#include "keeper.h"
#include "link.h"

/* AT+CIPSTART for "TCP" and "TCPv6" (TCP/IP AT: CIPSTART). */

#define CONNECT_MS 15000
#define CONNECT_LIMIT_MS                                                                           \
    20000 /* a name to resolve and 10 s to connect (device_dialect, section 8) */

static void write_keep_alive(struct writer *writer, const struct wm_tcp_options *options)
{
    if (options->keep_alive_s != 0)
        writer_int(writer, options->keep_alive_s < 0 ? 0 : options->keep_alive_s);
    else if (options->local_ip)
        writer_omit(writer);
}

static int begin(struct wm_core *core, struct wm_op *op)
{
    const struct wm_tcp_options *options = op->args;
    struct wm_link *link = link_take(core, options->own_id ? (int)options->link_id : -1);
    if (!link)
        return WM_ERR_STATE;
    op->link = link->handle;
    bool ipv6 = options->ipv6 || strchr(options->host, ':');
    struct writer writer = txn_set(&core->txn, AT_CMD_CIPSTART);
    writer_int(&writer, (int)link_id(core, link));
    writer_string(&writer, ipv6 ? "TCPv6" : "TCP");
    writer_string(&writer, options->host);
    writer_int(&writer, (int)options->port);
    write_keep_alive(&writer, options);
    if (options->local_ip)
        writer_string(&writer, options->local_ip);
    return op_command(core, &writer);
}

/* The arguments were checked, so a refusal of them means the name: a shipping module says CMD PARSE
 * ERR for one that it can't resolve (device_dialect, section 13, row 22). */
static int final(struct wm_core *core, struct wm_op *op, enum final result)
{
    struct wm_link *link = link_of(core, op->link);
    if (result == FINAL_PARSE_ERR)
        return WM_ERR_DEVICE;
    if (result != FINAL_OK)
        return op_result(result);
    link_event(core, link, LINK_UP);
    if (!link->in_module)
        link_closed(core, link); /* CLOSED came before OK */
    keeper_ask_within(core, 0);
    return op->link;
}

/* A link that may still come up, after the deadline, is closed when it has. */
static int end(struct wm_core *core, struct wm_op *op, int result, bool in_flight)
{
    struct wm_link *link = link_of(core, op->link);
    if (link && result < 0) {
        link->in_module = link->in_module && in_flight;
        link_event(core, link, LINK_HANG_UP);
    }
    if (result < 0)
        op->link = -1;
    return result;
}

static const struct wm_op_def connect_def = {.timeout_ms = CONNECT_MS,
                                             .module_ms = CONNECT_LIMIT_MS,
                                             .needs_links = true,
                                             .begin = begin,
                                             .final = final,
                                             .end = end};

static bool options_sound(const struct wm_tcp_options *options)
{
    return arg_text(options->host, 1, AT_HOST_MAX) && options->port >= 1 &&
           options->port <= AT_PORT_MAX && options->keep_alive_s >= -1 &&
           options->keep_alive_s <= AT_KEEP_ALIVE_MAX &&
           (!options->local_ip || arg_text(options->local_ip, 0, AT_HOST_MAX)) &&
           (!options->own_id || options->link_id < WM_LINKS);
}

int wm_tcp_connect_prepare(struct wm_op *op, const struct wm_tcp_options *options)
{
    op_prepare(op, &connect_def, options, NULL);
    if (options_sound(options))
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
