#include <wmat/server.h>

#include <wmat/wmat.h>

#include "at_limits.h"
#include "engine.h"
#include "keeper.h"
#include "link.h"
#include "module.h"
#include "settings.h"

#define SERVER_MS 5000

static const char server_lines[] = "AT+CIPSERVER"; /* and AT+CIPSERVERMAXCONN */
static const char idle_lines[] = "AT+CIPSTO=";

/* Whatever had a number before has closed, whether that was said or not, and nothing more is due
 * for it. One that was about to be dialled has to find another number. */
static void supersede(struct wm_core *core, int id)
{
    for (int i = 0; i < core->link_count; i++) {
        struct wm_link *before = &core->links[i];
        if (before->state == WM_LINK_FREE || before->id != id)
            continue;
        before->peer_closed = true;
        if (!before->in_module)
            continue;
        core->stats.losses += before->state == WM_LINK_OPEN;
        link_fail(core, before, WM_ERR_PROTO);
        link_closed(core, before);
    }
}

/* A client has come up. */
static void arrived(struct wm_core *core, int id)
{
    if (id < 0)
        return;
    supersede(core, id);
    core->unwanted &= (uint8_t) ~(1u << id);
    if (!link_arrive(core, id))
        core->unwanted |= (uint8_t)(1u << id);
    keeper_watch(core);
}

/* Starting: each step is one command. */

enum step { STEP_MAX, STEP_IDLE, STEP_START, STEP_IDLE_LATE, STEP_END };

/* A shipping module takes the idle time only while there is a server (device_dialect, section 13,
 * row 20). */
static uint8_t step_behind(const struct wm_core *core, uint8_t step)
{
    static const uint8_t early[] = {STEP_IDLE, STEP_START, STEP_END};
    static const uint8_t late[] = {STEP_START, STEP_END, STEP_IDLE_LATE, STEP_END};
    return core->profile.idle_needs_server ? late[step] : early[step];
}

static void write_start(struct writer *writer, const struct wm_server_options *options)
{
    static const char *const types[2][2] = {{"TCP", "TCPv6"}, {"SSL", "SSLv6"}};
    writer_int(writer, 1);
    writer_int(writer, (int)options->port);
    if (options->tls || options->ipv6)
        writer_string(writer, types[options->tls][options->ipv6]);
    if (options->verify_clients)
        writer_int(writer, 1);
}

static unsigned max_clients(const struct wm_core *core, const struct wm_server_options *options)
{
    unsigned most = core->link_count < WM_LINKS ? core->link_count : WM_LINKS;
    return options->max_clients && options->max_clients < most ? options->max_clients : most;
}

static int start_begin(struct wm_core *core, struct wm_op *op)
{
    const struct wm_server_options *options = op->args;
    static const enum at_command commands[] = {
        [STEP_MAX] = AT_CMD_CIPSERVERMAXCONN,
        [STEP_IDLE] = AT_CMD_CIPSTO,
        [STEP_START] = AT_CMD_CIPSERVER,
        [STEP_IDLE_LATE] = AT_CMD_CIPSTO,
    };
    if (core->arrived && op->step == STEP_MAX)
        return WM_ERR_STATE;
    struct writer writer = txn_set(&core->txn, commands[op->step]);
    if (op->step == STEP_MAX) {
        writer_int(&writer, (int)max_clients(core, options));
    } else if (op->step != STEP_START) {
        writer_int(&writer, (int)options->idle_timeout_s);
    } else {
        write_start(&writer, options);
        core->server_links = (uint8_t)options->max_clients;
        core->arrived = arrived;
    }
    return setting_command(core, &writer);
}

static int start_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    if (final != FINAL_OK)
        return op_result(final);
    setting_keep(core);
    uint8_t next = step_behind(core, op->step);
    if (next == STEP_END)
        return 0;
    op->step = next;
    return WM_STEP_AGAIN;
}

static void forget_server(struct wm_core *core)
{
    core->arrived = NULL;
    core->server_links = 0;
    setting_forget(core, server_lines);
    setting_forget(core, idle_lines); /* or the next one would be told behind it */
}

/* One that comes up after the deadline is stopped by the set-up. */
static int start_end(struct wm_core *core, struct wm_op *op, int result, bool in_flight)
{
    bool running = op->step == STEP_MAX && core->arrived; /* and none was started here */
    if (result == 0 || running)
        return result;
    forget_server(core);
    if ((in_flight && op->step == STEP_START) || op->step == STEP_IDLE_LATE) {
        core->stray_server = true;
        module_event(core, MODULE_DOUBT);
    }
    return result;
}

static const struct wm_op_def start_def = {.timeout_ms = SERVER_MS,
                                           .needs_links = true,
                                           .exclusive = true,
                                           .begin = start_begin,
                                           .final = start_final,
                                           .end = start_end};

int wm_server_start_prepare(struct wm_op *op, const struct wm_server_options *options)
{
    op_prepare(op, &start_def, options, NULL);
    if (options && options->port >= 1 && options->port <= AT_PORT_MAX &&
        options->max_clients <= WM_LINKS && options->idle_timeout_s <= AT_IDLE_MAX &&
        (options->tls || !options->verify_clients))
        return 0;
    op->def = NULL;
    return WM_ERR_ARG;
}

int wm_server_start(struct wm_device *dev, const struct wm_server_options *options,
                    uint32_t timeout_ms)
{
    struct wm_op op;
    int err = wm_server_start_prepare(&op, options);
    return err < 0 ? err : wm_run(dev, &op, timeout_ms);
}

/* Accepting. */

/* The client that has waited longest. */
static struct wm_link *next_client(struct wm_core *core)
{
    struct wm_link *first = NULL;
    for (int i = 0; i < core->link_count; i++) {
        struct wm_link *link = &core->links[i];
        bool waits = link->inbound && !link->owned &&
                     (link->state == WM_LINK_OPEN || link->state == WM_LINK_ENDED);
        if (waits && (!first || (int8_t)(link->arrival - first->arrival) < 0))
            first = link;
    }
    return first;
}

static int accept_ready(struct wm_core *core, struct wm_op *op)
{
    struct wm_link *link = next_client(core);
    (void)op;
    if (link)
        return link_accept(core, link);
    return core->arrived ? WM_STEP_WAIT : WM_ERR_STATE;
}

static const struct wm_op_def accept_def = {
    .no_turn = true, .needs_links = true, .ready = accept_ready};

int wm_accept_prepare(struct wm_op *op)
{
    return op_prepare(op, &accept_def, NULL, NULL);
}

int wm_accept(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_accept_prepare(&op);
    return wm_run(dev, &op, timeout_ms);
}

/* Stopping. */

static int stop_begin(struct wm_core *core, struct wm_op *op)
{
    if (!core->arrived)
        return WM_ERR_STATE;
    struct writer writer = txn_set(&core->txn, AT_CMD_CIPSERVER);
    writer_int(&writer, 0);
    writer_int(&writer, op->value);
    return op_command(core, &writer);
}

static int stop_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    struct wm_link *link;
    (void)op;
    if (final != FINAL_OK && final != FINAL_ERROR)
        return op_result(final);
    forget_server(core);
    while ((link = next_client(core)))
        link_event(core, link, LINK_HANG_UP);
    if (final == FINAL_OK)
        return 0;
    core->stray_server = true; /* it says that there is none; if it meant another command, the
                                  set-up stops it */
    module_event(core, MODULE_DOUBT);
    return WM_ERR_STATE;
}

static const struct wm_op_def stop_def = {
    .timeout_ms = SERVER_MS, .needs_links = true, .begin = stop_begin, .final = stop_final};

int wm_server_stop_prepare(struct wm_op *op, bool close_clients)
{
    op_prepare(op, &stop_def, NULL, NULL);
    op->value = close_clients;
    return 0;
}

int wm_server_stop(struct wm_device *dev, bool close_clients, uint32_t timeout_ms)
{
    struct wm_op op;
    wm_server_stop_prepare(&op, close_clients);
    return wm_run(dev, &op, timeout_ms);
}
