#include <wmat/udp.h>

#include <limits.h>
#include <string.h>

#include <wmat/wmat.h>

#include "arg.h"
#include "at_limits.h"
#include "datagram.h"
#include "dial.h"
#include "lexer.h"
#include "link.h"
#include "profile.h"
#include "send.h"

/* Sending. A datagram of which a hand-over may be exactly +++ would end data mode (TCP/IP AT:
 * "+++"), so it goes out by AT+CIPSENDEX behind a larger length, which its \0 cuts short. */

#define LONGER 5 /* by which that length is larger than the datagram */

/* Is there a \0 in it, or a zero byte, which hides the one at its end (device_dialect, section 5)?
 */
static bool has_end(const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (data[i] == '\0' || (data[i] == '\\' && i + 1 < len && data[i + 1] == '0'))
            return true;
    }
    return false;
}

/* Where a module knows escapes, only +++ itself goes this way, and needs none. */
static bool fits_escape(const struct wm_message *message)
{
    return message->len + 2 <= AT_SEND_MAX && !has_end(message->data, message->len);
}

/* Of a datagram that ends in +++: may that be the last hand-over? */
static bool splits(const struct wm_core *core, const struct wm_message *message)
{
    return message->len == 3 || profile_splits(&core->profile, message->len - 3);
}

static struct writer write_send(struct wm_core *core, const struct wm_link *link,
                                const struct wm_message *message, bool escape)
{
    struct writer writer = txn_set(&core->txn, escape ? AT_CMD_CIPSENDEX : AT_CMD_CIPSEND);
    size_t len = escape ? message->len + LONGER : message->len;
    writer_int(&writer, link->id);
    writer_int(&writer, (int)(len < AT_SEND_MAX ? len : AT_SEND_MAX));
    if (message->host) {
        writer_string(&writer, message->host);
        writer_int(&writer, (int)message->port);
    }
    return writer;
}

static int send_datagram(struct wm_core *core, struct wm_link *link,
                         const struct wm_message *message)
{
    bool ends = send_ends_in_escape(message->data, message->len);
    if (message->len > core->profile.datagram_max) {
        txn_set(&core->txn, AT_CMD_CIPSEND);
        op_explain(core, "the module would make several datagrams of it");
        return WM_ERR_ARG;
    }
    bool escape = ends && (message->len == 3 || core->profile.no_escapes) && fits_escape(message);
    struct writer writer = write_send(core, link, message, escape);
    if (ends && !escape && splits(core, message)) {
        op_explain(core, "+++ at the end of this datagram would cancel it");
        return WM_ERR_ARG;
    }
    if (link->redirected && !message->host) {
        op_explain(core, "the module has forgotten the remote end for the last one named");
        return WM_ERR_STATE;
    }
    link->redirected |= message->host && core->profile.sendto_redirects;
    if (!escape)
        return send_start(core, link, &writer, message->data, message->len);
    core->lexer.prompt_expected = true;
    int err = txn_start_send_escape(&core->txn, &writer, link, message->data, message->len);
    return err < 0 ? err : WM_STEP_COMMAND;
}

/* wm_send on a link of datagrams: one of them, to the remote end. */
static int datagram_send(struct wm_core *core, struct wm_op *op, struct wm_link *link)
{
    struct wm_message message = {.data = op->args, .len = op->size};
    if (op->size > AT_SEND_MAX)
        return WM_ERR_ARG;
    op->value = (int)op->size;
    return send_datagram(core, link, &message);
}

static int sendto_begin(struct wm_core *core, struct wm_op *op)
{
    const struct wm_message *message = op->args;
    struct wm_link *link = link_of(core, op->link);
    int err = send_state(link);
    if (err < 0)
        return err;
    if (!link->datagrams)
        return WM_ERR_STATE;
    op->value = (int)op->size;
    return send_datagram(core, link, message);
}

static const struct wm_op_def sendto_def = {.timeout_ms = SEND_MS,
                                            .module_ms = SEND_LIMIT_MS,
                                            .needs_links = true,
                                            .begin = sendto_begin,
                                            .final = send_final,
                                            .end = send_end};

static bool message_sound(const struct wm_message *message)
{
    return message->data && message->len >= 1 && message->len <= AT_SEND_MAX &&
           (!message->host || (arg_text(message->host, 1, AT_HOST_MAX) && message->port >= 1 &&
                               message->port <= AT_PORT_MAX));
}

int wm_sendto_prepare(struct wm_op *op, int link, const struct wm_message *message)
{
    op_prepare(op, &sendto_def, message, NULL);
    op->link = link;
    op->size = message ? message->len : 0;
    if (link >= 0 && message && message_sound(message))
        return 0;
    op->def = NULL;
    return WM_ERR_ARG;
}

int wm_sendto(struct wm_device *dev, int link, const void *data, size_t len, const char *host,
              unsigned port, uint32_t timeout_ms)
{
    struct wm_message message = {data, len, host, port};
    struct wm_op op;
    int err = wm_sendto_prepare(&op, link, &message);
    return err < 0 ? err : wm_run(dev, &op, timeout_ms);
}

/* AT+CIPSTART for "UDP" and "UDPv6" (TCP/IP AT: CIPSTART), behind AT+CIPDINFO=1 where that is not
 * on yet: who has sent a datagram is part of it. */

static const struct wm_datagram_ops datagrams = {.begin = datagram_begin,
                                                 .wanted = datagram_wanted,
                                                 .first = datagram_first,
                                                 .read = datagram_read,
                                                 .send = datagram_send};

static struct dial dial_of(const struct wm_udp_options *options)
{
    return (struct dial){.type = "UDP",
                         .type6 = "UDPv6",
                         .host = options->host,
                         .port = options->port,
                         .ipv6 = options->ipv6,
                         .link_id = dial_id(options->own_id, options->link_id),
                         .datagrams = &datagrams};
}

/* [,<local port>,<mode>,<"local IP">] */
static void write_local(struct writer *writer, const struct wm_udp_options *options)
{
    if (options->local_port)
        writer_int(writer, (int)options->local_port);
    else if (options->local_ip)
        writer_omit(writer);
    if (options->peer != WM_UDP_PEER_FIXED)
        writer_int(writer, (int)options->peer);
    else if (options->local_ip)
        writer_omit(writer);
    if (options->local_ip)
        writer_string(writer, options->local_ip);
}

static int show_peers(struct wm_core *core)
{
    core->lexer.take_peer = lexer_take_peer; /* also if the result never comes */
    struct writer writer = txn_set(&core->txn, AT_CMD_CIPDINFO);
    writer_int(&writer, 1);
    return op_command(core, &writer);
}

static int open_begin(struct wm_core *core, struct wm_op *op)
{
    const struct wm_udp_options *options = op->args;
    const struct dial dial = dial_of(options);
    if (!core->peers_shown)
        return show_peers(core);
    int err = dial_take(core, op, &dial);
    if (err < 0)
        return err;
    struct writer writer = dial_write(core, op, &dial);
    write_local(&writer, options);
    return op_command(core, &writer);
}

static int open_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    if (core->peers_shown)
        return dial_final(core, op, final);
    if (final != FINAL_OK)
        return op_result(final);
    core->peers_shown = core->lexer.with_peer = true;
    return WM_STEP_AGAIN;
}

static const struct wm_op_def open_def = {.timeout_ms = DIAL_MS,
                                          .module_ms = DIAL_LIMIT_MS,
                                          .needs_links = true,
                                          .begin = open_begin,
                                          .final = open_final,
                                          .end = dial_end};

static bool local_sound(const struct wm_udp_options *options)
{
    return options->local_port <= AT_PORT_MAX && (unsigned)options->peer <= WM_UDP_PEER_LAST &&
           (options->peer == WM_UDP_PEER_FIXED || options->local_port > 0) &&
           dial_tail_sound(0, options->local_ip);
}

int wm_udp_open_prepare(struct wm_op *op, const struct wm_udp_options *options)
{
    op_prepare(op, &open_def, options, NULL);
    if (!options)
        return op_checked(op, false);
    const struct dial dial = dial_of(options);
    if (dial_sound(&dial) && local_sound(options))
        return 0;
    op->def = NULL;
    return WM_ERR_ARG;
}

int wm_udp_open(struct wm_device *dev, const struct wm_udp_options *options, uint32_t timeout_ms)
{
    struct wm_op op;
    int err = wm_udp_open_prepare(&op, options);
    return err < 0 ? err : wm_run(dev, &op, timeout_ms);
}
