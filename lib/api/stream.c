#include <wmat/stream.h>

#include <limits.h>

#include <wmat/link.h>

#include "arg.h"
#include "at_limits.h"
#include "dial.h"
#include "link.h"
#include "module.h"
#include "simple.h"
#include "stream.h"
#include "tls_dial.h"

#define OPEN_MS  20000
#define WRITE_MS 10000
#define CLOSE_MS 10000

/* Opening: nothing else may have its turn between these commands. */

enum {
    STEP_RECEIVE = TLS_DIAL_STEPS, /* passive: a peer that talks at once waits for passthrough,
                                      where the mode means nothing; active where it does, because
                                      passthrough would only tell how much has come */
    STEP_MUX,
    STEP_START,
    STEP_MODE,
    STEP_ENTER,
    STEP_ENTERED,
};

static struct dial dial_of(const struct wm_stream_options *options)
{
    static const char *const types[][2] = {
        [WM_STREAM_TCP] = {"TCP", "TCPv6"},
        [WM_STREAM_UDP] = {"UDP", "UDPv6"},
        [WM_STREAM_TLS] = {"SSL", "SSLv6"},
    };
    return (struct dial){.type = types[options->kind][0],
                         .type6 = types[options->kind][1],
                         .host = options->host,
                         .port = options->port,
                         .ipv6 = options->ipv6,
                         .link_id = 0};
}

static bool module_is_free(const struct wm_core *core)
{
    for (int i = 0; i < core->link_count; i++) {
        if (core->links[i].state != WM_LINK_FREE)
            return false;
    }
    return !core->arrived;
}

static int take_link(struct wm_core *core, struct wm_op *op)
{
    const struct wm_stream_options *options = op->args;
    const struct dial dial = dial_of(options);
    bool tls = options->kind == WM_STREAM_TLS;
    if (!module_is_free(core))
        return WM_ERR_STATE;
    int err = dial_take(core, op, &dial);
    if (err < 0)
        return err;
    link_of(core, op->link)->tls = tls;
    link_of(core, op->link)->stream = true;
    op->step = tls ? 0 : STEP_RECEIVE;
    return 0;
}

/* UDP: <local port>, and between it and the address the mode, which has to be 0 here. */
static void write_local(struct writer *writer, const struct wm_stream_options *options)
{
    if (options->local_port)
        writer_int(writer, (int)options->local_port);
    else if (options->local_ip)
        writer_omit(writer);
    if (options->local_ip) {
        writer_omit(writer);
        writer_string(writer, options->local_ip);
    }
}

static int write_start(struct wm_core *core, const struct wm_op *op)
{
    const struct wm_stream_options *options = op->args;
    const struct dial dial = dial_of(options);
    struct writer writer = dial_write(core, op, &dial);
    if (options->kind == WM_STREAM_UDP)
        write_local(&writer, options);
    else
        dial_tail(&writer, options->keep_alive_s, options->local_ip);
    return op_command(core, &writer);
}

static int write_number(struct wm_core *core, enum at_command command, int number)
{
    struct writer writer = txn_set(&core->txn, command);
    writer_int(&writer, number);
    return op_command(core, &writer);
}

static int write_step(struct wm_core *core, const struct wm_op *op)
{
    struct writer writer;
    switch (op->step) {
    case STEP_RECEIVE:
        return write_number(core, AT_CMD_CIPRECVMODE, !core->profile.stream_framed);
    case STEP_MUX:
        core->single = true;
        return write_number(core, AT_CMD_CIPMUX, 0);
    case STEP_START:
        return write_start(core, op);
    case STEP_MODE:
        return write_number(core, AT_CMD_CIPMODE, 1);
    }
    writer = txn_execute(&core->txn, AT_CMD_CIPSEND);
    return op_command(core, &writer);
}

static int open_begin(struct wm_core *core, struct wm_op *op)
{
    const struct wm_stream_options *options = op->args;
    int step = dial_has_link(op) ? 0 : take_link(core, op);
    if (step < 0)
        return step;
    const struct wm_link *link = link_of(core, op->link);
    if (link_state(link) != WM_LINK_OPENING)
        return link->error;
    if (op->step > STEP_START && !link->in_module)
        return WM_ERR_CLOSED; /* by the peer, already */
    if (op->step < TLS_DIAL_STEPS)
        step = tls_dial_next(core, op, options->host, &options->tls, 0);
    return step != 0 ? step : write_step(core, op);
}

static int open_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    const struct wm_stream_options *options = op->args;
    if (op->step < TLS_DIAL_STEPS)
        return tls_dial_final(core, op, &options->tls, final);
    struct wm_link *link = link_of(core, op->link);
    if (op->step == STEP_START && final == FINAL_PARSE_ERR)
        return WM_ERR_DEVICE; /* the name, as in dial_final */
    if (op->step == STEP_ENTER)
        op->step = STEP_ENTERED;
    if (final != FINAL_OK)
        return op_result(final);
    if (link_state(link) != WM_LINK_OPENING)
        return link->error; /* it has sent more than there is room for */
    if (op->step < STEP_ENTERED) {
        op->step++;
        return WM_STEP_AGAIN;
    }
    link_event(core, link, LINK_UP);
    stream_begin(core);
    engine_fail_queue(core, WM_ERR_STATE);
    return op->link;
}

/* What was begun is taken back by the set-up. A search comes first where a command that takes the
 * module no time has no answer, and once AT+CIPSEND is out: where its OK was lost, what followed
 * was payload, and may have spelled a result. */
static int open_end(struct wm_core *core, struct wm_op *op, int result, bool in_flight)
{
    bool begun = dial_has_link(op);
    bool lost = in_flight && result == WM_ERR_TIMEOUT && op->step != STEP_START;
    bool in_stream = op->step == STEP_ENTERED || (in_flight && op->step == STEP_ENTER);
    result = dial_end(core, op, result, in_flight);
    if (result < 0 && begun)
        module_event(core, lost || in_stream ? MODULE_TROUBLE : MODULE_DOUBT);
    return result;
}

static const struct wm_op_def open_def = {.timeout_ms = OPEN_MS,
                                          .module_ms = DIAL_TLS_LIMIT_MS,
                                          .needs_links = true,
                                          .exclusive = true,
                                          .begin = open_begin,
                                          .line = tls_dial_line,
                                          .final = open_final,
                                          .end = open_end};

static bool options_sound(const struct wm_stream_options *options)
{
    if ((unsigned)options->kind > WM_STREAM_TLS)
        return false;
    const struct dial dial = dial_of(options);
    bool udp = options->kind == WM_STREAM_UDP;
    return dial_sound(&dial) && dial_tail_sound(options->keep_alive_s, options->local_ip) &&
           options->local_port <= (udp ? AT_PORT_MAX : 0) && (!udp || options->keep_alive_s == 0) &&
           (options->kind != WM_STREAM_TLS || tls_dial_sound(options->host, &options->tls));
}

int wm_stream_open_prepare(struct wm_op *op, const struct wm_stream_options *options)
{
    op_prepare(op, &open_def, options, NULL);
    if (options && options->kind == WM_STREAM_TLS)
        op->timeout_ms = OPEN_MS + DIAL_TLS_MS - DIAL_MS;
    return op_checked(op, options && options_sound(options));
}

int wm_stream_open(struct wm_device *dev, const struct wm_stream_options *options,
                   uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_stream_open_prepare(&op, options), timeout_ms);
}

/* Writing. */

static bool is_open(struct wm_core *core, int handle)
{
    const struct wm_link *link = link_of(core, handle);
    return link && link->stream && link_state(link) == WM_LINK_OPEN;
}

static int write_ready(struct wm_core *core, struct wm_op *op)
{
    const struct wm_link *link = link_of(core, op->link);
    if (op->state != OP_WAITING)
        return is_open(core, op->link) ? (op->size > 0 ? WM_STEP_WAIT : 0) : WM_ERR_ARG;
    if (op->progress == op->size)
        return (int)op->size;
    if (!is_open(core, op->link))
        return link && link->error < 0 ? link->error : WM_ERR_CLOSED;
    stream_offer(core, op);
    return WM_STEP_WAIT;
}

static int write_end(struct wm_core *core, struct wm_op *op, int result, bool in_flight)
{
    (void)in_flight;
    stream_withdraw(core, op);
    return result;
}

static const struct wm_op_def write_def = {.timeout_ms = WRITE_MS,
                                           .no_turn = true,
                                           .needs_links = true,
                                           .ready = write_ready,
                                           .end = write_end};

int wm_stream_write_prepare(struct wm_op *op, int stream, const void *data, size_t len)
{
    op_prepare(op, &write_def, data, NULL);
    op->link = stream;
    op->size = len;
    op->timeout_ms = WRITE_MS + (uint32_t)(len / 4096) * 1000;
    return op_checked(op, stream >= 0 && len <= INT_MAX && (data || len == 0));
}

int wm_stream_write(struct wm_device *dev, int stream, const void *data, size_t len,
                    uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_stream_write_prepare(&op, stream, data, len), timeout_ms);
}

/* Reading is wm_recv. */

int wm_stream_read_prepare(struct wm_op *op, int stream, void *buffer, size_t cap)
{
    return wm_recv_prepare(op, stream, buffer, cap);
}

int wm_stream_read(struct wm_device *dev, int stream, void *buffer, size_t cap, uint32_t timeout_ms)
{
    return wm_recv(dev, stream, buffer, cap, timeout_ms);
}

/* Closing: the search ends data mode, the set-up does the rest. */

static int close_ready(struct wm_core *core, struct wm_op *op)
{
    struct wm_link *link = link_of(core, op->link);
    if (op->state != OP_WAITING) {
        if (!link || !link->stream)
            return WM_ERR_ARG;
        link_event(core, link, LINK_HANG_UP);
        if (module_state(core) == MODULE_STREAM)
            module_event(core, MODULE_LEAVE);
    }
    return module_state(core) == MODULE_READY ? 0 : WM_STEP_WAIT;
}

static const struct wm_op_def close_def = {
    .timeout_ms = CLOSE_MS, .no_turn = true, .needs_links = true, .ready = close_ready};

int wm_stream_close_prepare(struct wm_op *op, int stream)
{
    op_prepare(op, &close_def, NULL, NULL);
    op->link = stream;
    return op_checked(op, stream >= 0);
}

int wm_stream_close(struct wm_device *dev, int stream, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_stream_close_prepare(&op, stream), timeout_ms);
}
