#include <wmat/link.h>
#include <wmat/udp.h>

#include <wmat/wmat.h>

#include "arg.h"
#include "call.h"
#include "engine.h"
#include "link.h"
#include "ring.h"
#include "simple.h"
#include "stall.h"
#include "turns.h"

/* Receiving: from the link's ring, which the driver fills by itself. A call that waits with a large
 * buffer lends it to the link as its ring: what arrives is where it belongs without another copy.
 */

#define LEND_MIN 2048 /* smaller ones would have the driver ask for little at a time */

static void lend(struct wm_core *core, const struct wm_op *op, struct wm_link *link)
{
    size_t size = op->size < core->config.ring_bytes ? op->size : core->config.ring_bytes;
    if (link->datagrams || link->lent || link->ring.held > 0 ||
        size < (core->config.ring_bytes < LEND_MIN ? core->config.ring_bytes : LEND_MIN))
        return;
    ring_init(&link->ring, op->out, size);
    link->lent = true;
}

static bool lent_by(const struct wm_link *link, const struct wm_op *op)
{
    return link && link->lent && link->ring.bytes == op->out;
}

/* Its own ring takes what the call does not: bytes of a frame that is not complete. */
static void take_back(struct wm_core *core, struct wm_link *link, size_t taken)
{
    struct wm_ring lent = link->ring;
    link_own_ring(core, link);
    ring_stage(&link->ring, lent.bytes + taken, lent.held - taken);
    link->ring.used = lent.used - taken;
}

static int recv_ready(struct wm_core *core, struct wm_op *op)
{
    struct wm_link *link = link_of(core, op->link);
    if (lent_by(link, op) && link->ring.used > 0)
        return (int)link->ring.used;
    int len = link_read(core, op->link, op->out, op->size, op->about);
    if (len == WM_ERR_ARG && op->state == OP_WAITING)
        return WM_ERR_CLOSED; /* the handle was given back meanwhile */
    if (len != WM_ERR_TIMEOUT)
        return len;
    if (op->state == OP_WAITING)
        lend(core, op, link);
    return WM_STEP_WAIT;
}

static int recv_end(struct wm_core *core, struct wm_op *op, int result, bool in_flight)
{
    struct wm_link *link = link_of(core, op->link);
    (void)in_flight;
    if (!lent_by(link, op))
        return result;
    take_back(core, link, result > 0 ? (size_t)result : 0);
    if (result > 0)
        stall_end(core);
    return result;
}

static const struct wm_op_def recv_def = {
    .no_turn = true, .needs_links = true, .ready = recv_ready, .end = recv_end};

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

int wm_recvfrom_prepare(struct wm_op *op, int link, void *buffer, size_t cap,
                        struct wm_datagram *from)
{
    int err = wm_recv_prepare(op, link, buffer, cap);
    op->about = from;
    return err;
}

int wm_recvfrom(struct wm_device *dev, int link, void *buffer, size_t cap, struct wm_datagram *from,
                uint32_t timeout_ms)
{
    struct wm_op op;
    int err = wm_recvfrom_prepare(&op, link, buffer, cap, from);
    return err < 0 ? err : wm_run(dev, &op, timeout_ms);
}

/* Borrowing: bytes stay in the ring until they are consumed. */

int wm_core_peek(struct wm_core *core, int handle, const void **bytes)
{
    struct wm_link *link = link_of(core, handle);
    char none;
    if (!link)
        return WM_ERR_ARG;
    if (link->datagrams)
        return WM_ERR_STATE;
    size_t to_end = link->ring.size - link->ring.start;
    size_t len = link->ring.used < to_end ? link->ring.used : to_end;
    if (len == 0 || link->lent)
        return link_read(core, handle, &none, 1, NULL);
    *bytes = link->ring.bytes + link->ring.start;
    return len < INT32_MAX ? (int)len : INT32_MAX;
}

int wm_core_consume(struct wm_core *core, int handle, size_t n, uint64_t now_ms)
{
    struct wm_link *link = link_of(core, handle);
    core->now_ms = now_ms;
    if (!link || link->datagrams || link->lent || n > link->ring.used)
        return WM_ERR_ARG;
    ring_skip(&link->ring, n);
    stall_end(core);
    turns_run(core); /* there is room to fetch more */
    return 0;
}

static int peek_ready(struct wm_core *core, struct wm_op *op)
{
    int len = wm_core_peek(core, op->link, op->out);
    if (len == WM_ERR_ARG && op->state == OP_WAITING)
        return WM_ERR_CLOSED;
    return len == WM_ERR_TIMEOUT ? WM_STEP_WAIT : len;
}

static const struct wm_op_def peek_def = {
    .no_turn = true, .needs_links = true, .ready = peek_ready};

int wm_peek_prepare(struct wm_op *op, int link, const void **bytes)
{
    op_prepare(op, &peek_def, NULL, bytes);
    op->link = link;
    return op_checked(op, link >= 0 && bytes);
}

int wm_peek(struct wm_device *dev, int link, const void **bytes, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_peek_prepare(&op, link, bytes), timeout_ms);
}

int wm_consume(struct wm_device *dev, int link, size_t n)
{
    const struct wm_wait_ops *ops = dev->ops;
    ops->lock(dev);
    int err = wm_core_consume(dev->core, link, n, ops->now_ms(dev));
    ops->flush(dev);
    ops->unlock(dev);
    return err;
}
