/* A datagram to an echo server and back. */
#include <string.h>

#include <wmat/link.h>
#include <wmat/udp.h>

#include "config.h"
#include "console.h"
#include "steps.h"

static const char text[] = "hello from bare metal";

static int link;
static char received[64];
static struct wm_datagram from;

static int prepare_open(struct wm_op *op)
{
    static const struct wm_udp_options peer = {.host = UDP_HOST, .port = UDP_PORT};
    return wm_udp_open_prepare(op, &peer);
}

static enum verdict take_link(int result)
{
    link = result;
    return STEP_NEXT;
}

static int prepare_send(struct wm_op *op)
{
    return wm_send_prepare(op, link, text, sizeof text - 1);
}

static int prepare_receive(struct wm_op *op)
{
    return wm_recvfrom_prepare(op, link, received, sizeof received, &from);
}

static enum verdict take_received(int result)
{
    if ((size_t)result != sizeof text - 1 || memcmp(received, text, sizeof text - 1) != 0)
        return STEP_FAILED;
    console_text("udp: ");
    console_number((uint32_t)result);
    console_text(" bytes came back from ");
    console_text(from.ip);
    console_text(":");
    console_number(from.port);
    console_text("\n");
    return STEP_NEXT;
}

static int prepare_close(struct wm_op *op)
{
    return wm_link_close_prepare(op, link);
}

const struct step udp_steps[UDP_STEPS] = {
    {"udp: open", 0, prepare_open, take_link},
    {"udp: send", 0, prepare_send, NULL},
    {"udp: receive", 5000, prepare_receive, take_received},
    {"udp: close", 0, prepare_close, NULL},
};
