#include <wmat/link.h>

#include <limits.h>
#include <string.h>

#include <wmat/wmat.h>

#include "at_limits.h"
#include "at_text.h"
#include "arg.h"
#include "call.h"
#include "engine.h"
#include "link.h"
#include "module.h"
#include "scan.h"

/* AT+CIPCLOSE (TCP/IP AT: CIPCLOSE). */

/* A link that the module does not have needs no command, nor a port to send one. */
static int close_ready(struct wm_core *core, struct wm_op *op)
{
    const struct wm_link *link = link_of(core, op->link);
    if (!link)
        return WM_ERR_ARG;
    if (link->stream)
        return WM_ERR_STATE;
    return link->in_module ? WM_STEP_AGAIN : 0;
}

static int close_begin(struct wm_core *core, struct wm_op *op)
{
    struct wm_link *link = link_of(core, op->link);
    if (!link)
        return WM_ERR_ARG;
    if (!link->in_module)
        return 0;
    op->value = link->id;
    link_event(core, link, LINK_HANG_UP); /* its CLOSED is no end of file */
    struct writer writer = txn_line(&core->txn, at_name_CIPCLOSE, '=');
    writer_int(&writer, op->value);
    return op_command(core, &writer);
}

static int close_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    link_hung_up(core, op->value, final);
    return 0;
}

/* However it ends, the handle is gone; what is left to do the driver does behind the scenes. */
static int close_end(struct wm_core *core, struct wm_op *op, int result, bool in_flight)
{
    struct wm_link *link = link_of(core, op->link);
    (void)in_flight;
    if (link && !link->stream)
        link_event(core, link, LINK_HANG_UP);
    return result;
}

static const struct wm_op_def close_def = {.timeout_ms = 5000,
                                           .module_ms = 10000,
                                           .no_turn = true,
                                           .needs_links = true,
                                           .ready = close_ready,
                                           .begin = close_begin,
                                           .final = close_final,
                                           .end = close_end};

int wm_link_close_prepare(struct wm_op *op, int link)
{
    op_prepare(op, &close_def, NULL, NULL);
    op->link = link;
    if (link >= 0)
        return 0;
    op->def = NULL;
    return WM_ERR_ARG;
}

int wm_link_close(struct wm_device *dev, int link, uint32_t timeout_ms)
{
    struct wm_op op;
    int err = wm_link_close_prepare(&op, link);
    return err < 0 ? err : wm_run(dev, &op, timeout_ms);
}

int wm_link_info(struct wm_device *dev, int handle, struct wm_link_info *info)
{
    dev->ops->lock(dev);
    int err = wm_core_link_info(dev->core, handle, info);
    dev->ops->unlock(dev);
    return err;
}

/* AT+CIPSTATE? (TCP/IP AT: CIPSTATE). */

static int state_begin(struct wm_core *core, struct wm_op *op)
{
    struct wm_link_list *list = op->out;
    list->count = 0;
    op->value = 0;
    struct writer writer = txn_line(&core->txn, at_name_CIPSTATE, '?');
    return op_command(core, &writer);
}

static bool state_fields(struct scan *scan, struct wm_link_status *status)
{
    uint32_t id, remote, local, server;
    if (!scan_uint(scan, WM_LINKS - 1, &id) ||
        !scan_string(scan, status->type, sizeof status->type) ||
        !scan_string(scan, status->remote_ip, sizeof status->remote_ip) ||
        !scan_uint(scan, AT_PORT_MAX, &remote) || !scan_uint(scan, AT_PORT_MAX, &local) ||
        !scan_uint(scan, 1, &server))
        return false;
    status->id = id;
    status->remote_port = remote;
    status->local_port = local;
    status->server = server == 1;
    return true;
}

static void state_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct wm_link_list *list = op->out;
    struct scan scan;
    if (list->count < WM_LINKS && scan_answer(line, at_name_CIPSTATE, &scan) &&
        state_fields(&scan, &list->links[list->count])) {
        list->count++;
    } else {
        core->stats.noise++;
        op->value = WM_ERR_PROTO;
    }
}

static int state_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    struct wm_link_list *list = op->out;
    int err = final == FINAL_OK ? op->value : op_result(final);
    (void)core;
    if (err < 0)
        list->count = 0;
    return err < 0 ? err : (int)list->count;
}

static const struct wm_op_def state_def = {
    .timeout_ms = 5000, .begin = state_begin, .line = state_line, .final = state_final};

int wm_links_prepare(struct wm_op *op, struct wm_link_list *list)
{
    op_prepare(op, &state_def, NULL, list);
    return op_checked(op, list != NULL);
}

int wm_links(struct wm_device *dev, struct wm_link_list *list, uint32_t timeout_ms)
{
    struct wm_op op;
    int err = wm_links_prepare(&op, list);
    return err < 0 ? err : wm_run(dev, &op, timeout_ms);
}
