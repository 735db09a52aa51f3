#include <wmat/link.h>

#include <limits.h>
#include <string.h>

#include <wmat/wmat.h>

#include "at_limits.h"
#include "at_text.h"
#include "call.h"
#include "engine.h"
#include "link.h"
#include "module.h"
#include "scan.h"

/* AT+CIPSEND, normal transmission mode (TCP/IP AT: CIPSEND). */

#define SEND_MS       10000
#define SEND_LIMIT_MS 15000

/* The next chunk. One that is exactly +++ would end data mode instead of being sent (TCP/IP AT:
 * "+++"), so a stream splits it. */
static size_t chunk_len(const uint8_t *data, size_t left)
{
    if (left == 3 && memcmp(data, AT_TEXT_ESCAPE, 3) == 0)
        return 1;
    return left < AT_SEND_MAX ? left : AT_SEND_MAX;
}

static int send_state(const struct wm_link *link)
{
    if (!link)
        return WM_ERR_ARG;
    if (link->state == WM_LINK_FAILED)
        return link->error;
    return link->state != WM_LINK_OPEN || link->peer_closed ? WM_ERR_CLOSED : 0;
}

static int send_begin(struct wm_core *core, struct wm_op *op)
{
    struct wm_link *link = link_of(core, op->link);
    const uint8_t *data = op->args;
    int err =
        !link && op->progress > 0 ? WM_ERR_CLOSED : send_state(link); /* given back meanwhile */
    if (err < 0 || op->size == 0)
        return err;
    size_t len = chunk_len(data + op->progress, op->size - op->progress);
    op->value = (int)len;
    unsigned id = link_id(core, link);
    struct writer writer = txn_set(&core->txn, AT_CMD_CIPSEND);
    writer_int(&writer, (int)id);
    writer_int(&writer, (int)len);
    core->lexer.prompt_expected = true;
    err = txn_start_send(&core->txn, &writer, (int)id, data + op->progress, len);
    return err < 0 ? err : WM_STEP_COMMAND;
}

/* A failure behind payload: part of it may be out. The module is in data mode as long as the length
 * is neither reached nor cancelled; step says so to send_end. */
static int send_failed(struct wm_core *core, struct wm_op *op, enum final final, bool whole)
{
    struct wm_link *link = link_of(core, op->link);
    int err = send_state(link);
    op->step = !whole && (core->txn.payload_sent > 0 || final == FINAL_SEND_OK);
    if (err < 0)
        return err;
    if (core->txn.payload_sent == 0 && !op->step)
        return op_result(final);
    link_fail(core, link, WM_ERR_UNKNOWN_DELIVERY);
    return WM_ERR_UNKNOWN_DELIVERY;
}

static int send_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    struct wm_link *link = link_of(core, op->link);
    bool whole = core->txn.payload_sent == core->txn.payload_len;
    if (final != FINAL_SEND_OK || !whole)
        return send_failed(core, op, final, whole);
    op->progress += (size_t)op->value;
    if (link)
        link->sent_bytes += (uint64_t)op->value;
    return op->progress == op->size ? (int)op->size : WM_STEP_AGAIN;
}

/* A send without a result: part of the payload may be out, so nothing may follow it. */
static int send_end(struct wm_core *core, struct wm_op *op, int result, bool in_flight)
{
    struct wm_link *link = link_of(core, op->link);
    if (op->step)
        module_event(core, MODULE_TROUBLE);
    if (!in_flight || core->txn.payload_sent == 0 || result == WM_ERR_CLOSED)
        return result;
    if (link)
        link_fail(core, link, WM_ERR_UNKNOWN_DELIVERY);
    return result == WM_ERR_TIMEOUT ? WM_ERR_UNKNOWN_DELIVERY : result;
}

static const struct wm_op_def send_def = {.timeout_ms = SEND_MS,
                                          .module_ms = SEND_LIMIT_MS,
                                          .needs_links = true,
                                          .begin = send_begin,
                                          .final = send_final,
                                          .end = send_end};

int wm_send_prepare(struct wm_op *op, int link, const void *data, size_t len)
{
    op_prepare(op, &send_def, data, NULL);
    op->link = link;
    op->size = len;
    op->timeout_ms = SEND_MS + (uint32_t)(len / 4096) * 1000;
    if (link >= 0 && len <= INT_MAX && (data || len == 0))
        return 0;
    op->def = NULL;
    return WM_ERR_ARG;
}

int wm_send(struct wm_device *dev, int link, const void *data, size_t len, uint32_t timeout_ms)
{
    struct wm_op op;
    int err = wm_send_prepare(&op, link, data, len);
    return err < 0 ? err : wm_run(dev, &op, timeout_ms);
}

/* Receiving: from the link's ring, which the driver fills by itself. */

static int recv_ready(struct wm_core *core, struct wm_op *op)
{
    int len = link_read(core, op->link, op->out, op->size);
    if (len == WM_ERR_ARG && op->state == OP_WAITING)
        return WM_ERR_CLOSED; /* the handle was given back meanwhile */
    return len == WM_ERR_TIMEOUT ? WM_STEP_WAIT : len;
}

static const struct wm_op_def recv_def = {
    .no_turn = true, .needs_links = true, .ready = recv_ready};

int wm_recv_prepare(struct wm_op *op, int link, void *buffer, size_t cap)
{
    op_prepare(op, &recv_def, NULL, buffer);
    op->link = link;
    op->size = cap;
    if (link >= 0 && buffer && cap > 0)
        return 0;
    op->def = NULL;
    return WM_ERR_ARG;
}

int wm_recv(struct wm_device *dev, int link, void *buffer, size_t cap, uint32_t timeout_ms)
{
    struct wm_op op;
    int err = wm_recv_prepare(&op, link, buffer, cap);
    return err < 0 ? err : wm_run(dev, &op, timeout_ms);
}

/* AT+CIPCLOSE (TCP/IP AT: CIPCLOSE). */

static int close_begin(struct wm_core *core, struct wm_op *op)
{
    struct wm_link *link = link_of(core, op->link);
    if (!link)
        return WM_ERR_ARG;
    if (!link->in_module)
        return 0;
    struct writer writer = txn_set(&core->txn, AT_CMD_CIPCLOSE);
    writer_int(&writer, (int)link_id(core, link));
    return op_command(core, &writer);
}

/* ERROR: the link had closed by itself meanwhile. */
static int close_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    struct wm_link *link = link_of(core, op->link);
    (void) final;
    if (link)
        link_closed(core, link);
    return 0;
}

/* However it ends, the handle is gone; what is left to do the driver does behind the scenes. */
static int close_end(struct wm_core *core, struct wm_op *op, int result, bool in_flight)
{
    struct wm_link *link = link_of(core, op->link);
    (void)in_flight;
    if (link)
        link_event(core, link, LINK_HANG_UP);
    return result;
}

static const struct wm_op_def close_def = {.timeout_ms = 5000,
                                           .module_ms = 10000,
                                           .needs_links = true,
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
    struct writer writer = txn_query(&core->txn, AT_CMD_CIPSTATE);
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
    if (list->count < WM_LINKS && scan_after(line, "+CIPSTATE:", &scan) &&
        state_fields(&scan, &list->links[list->count]))
        list->count++;
    else
        core->stats.noise++;
}

static int state_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    const struct wm_link_list *list = op->out;
    (void)core;
    return final == FINAL_OK ? (int)list->count : op_result(final);
}

static const struct wm_op_def state_def = {
    .timeout_ms = 5000, .begin = state_begin, .line = state_line, .final = state_final};

int wm_links_prepare(struct wm_op *op, struct wm_link_list *list)
{
    return op_prepare(op, &state_def, NULL, list);
}

int wm_links(struct wm_device *dev, struct wm_link_list *list, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_links_prepare(&op, list);
    return wm_run(dev, &op, timeout_ms);
}
