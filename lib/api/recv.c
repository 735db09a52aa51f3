#include <wmat/link.h>
#include <wmat/udp.h>

#include <wmat/wmat.h>

#include "engine.h"
#include "link.h"

/* Receiving: from the link's ring, which the driver fills by itself. */

static int recv_ready(struct wm_core *core, struct wm_op *op)
{
    int len = link_read(core, op->link, op->out, op->size, op->about);
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
