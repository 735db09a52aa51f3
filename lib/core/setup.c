#include "setup.h"

#include "link.h"
#include "module.h"
#include "scan.h"
#include "settings.h"

#define SETUP_MS 10000

/* What op->value gathers of the module's state. */
enum {
    FOUND_MUX = 1 << 8,                /* multiple connections are on */
    FOUND_RESTART = 1 << 9,            /* it has forgotten what we had set up */
    FOUND_LINKS = (1 << WM_LINKS) - 1, /* the links of the module, a bit each */
};

struct step {
    enum at_command command;
    /* Writes what follows the name. False: this step is not needed. */
    bool (*write)(struct wm_core *core, struct wm_op *op, struct writer *writer);
    void (*line)(struct wm_core *core, struct wm_op *op, struct slice line);
    void (*done)(struct wm_core *core, struct wm_op *op, bool ok);
    bool required; /* a module that refuses this one can't be used */
    bool query;
};

static bool write_zero(struct wm_core *core, struct wm_op *op, struct writer *writer)
{
    (void)core, (void)op;
    writer_int(writer, 0);
    return true;
}

static bool write_nothing(struct wm_core *core, struct wm_op *op, struct writer *writer)
{
    (void)core, (void)op, (void)writer;
    return true;
}

static void mux_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct scan scan;
    uint32_t mux;
    (void)core;
    if (scan_after(line, "+CIPMUX:", &scan) && scan_uint(&scan, 1, &mux) && mux == 1)
        op->value |= FOUND_MUX;
}

/* A module that we had set up and that is in single connection mode again has restarted. */
static void mux_done(struct wm_core *core, struct wm_op *op, bool ok)
{
    if (ok && core->known && !core->single && !(op->value & FOUND_MUX))
        op->value |= FOUND_RESTART;
    if (op->value & FOUND_MUX)
        core->single = false;
}

static void state_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct scan scan;
    struct slice last = {0};
    uint32_t id;
    if (!scan_after(line, "+CIPSTATE:", &scan) || !scan_uint(&scan, WM_LINKS - 1, &id))
        return;
    while (scan_text(&scan, &last))
        ;
    struct wm_link *link = link_at(core, (int)id);
    if (core->arrived && SLICE_IS(last, "1") && !(link && link->in_module))
        core->arrived(core, (int)id); /* its CONNECT was lost */
    op->value |= 1 << id;
}

static bool ours(const struct wm_link *link)
{
    return link->state == WM_LINK_OPEN || link->state == WM_LINK_ENDED ||
           link->state == WM_LINK_FAILED;
}

/* Links that only one of the two sides knows: ours fail, the module's are closed. */
static void state_done(struct wm_core *core, struct wm_op *op, bool ok)
{
    for (int i = 0; ok && i < core->link_count; i++) {
        struct wm_link *link = &core->links[i];
        if (!link->in_module)
            continue;
        if (core->single) {
            link_closed(core, link); /* a stream's; the module's end of it follows */
        } else if (!(op->value & (1 << link->id))) {
            if (link->state == WM_LINK_OPEN && !link->peer_closed)
                link_fail(core, link, WM_ERR_PROTO);
            link_closed(core, link);
        } else if (ours(link) || link->state == WM_LINK_CLOSING) {
            op->value &= ~(1 << link->id);
        }
    }
}

static bool write_server_stop(struct wm_core *core, struct wm_op *op, struct writer *writer)
{
    writer_int(writer, 0);
    writer_int(writer, 1);
    bool stray = !core->known || core->stray_server;
    core->stray_server = false;
    return stray && (op->value & FOUND_MUX);
}

/* One foreign link at a time. */
static bool write_close(struct wm_core *core, struct wm_op *op, struct writer *writer)
{
    (void)core;
    for (int id = 0; id < WM_LINKS; id++) {
        if (op->value & (1 << id)) {
            op->value &= ~(1 << id);
            if (!(op->value & FOUND_MUX))
                *writer = writer_execute(writer->text, writer->size, AT_CMD_CIPCLOSE);
            else
                writer_int(writer, id);
            return true;
        }
    }
    return false;
}

static void close_done(struct wm_core *core, struct wm_op *op, bool ok)
{
    (void)core, (void)ok;
    if (op->value & FOUND_LINKS)
        op->step--; /* the next of them */
}

static void mux_set(struct wm_core *core, struct wm_op *op, bool ok)
{
    (void)op, (void)ok;
    core->single = false;
}

static bool write_mux(struct wm_core *core, struct wm_op *op, struct writer *writer)
{
    (void)core;
    writer_int(writer, 1);
    return !(op->value & FOUND_MUX);
}

static bool write_receive(struct wm_core *core, struct wm_op *op, struct writer *writer)
{
    (void)op;
    writer_int(writer, core->config.receive == WM_RECEIVE_PASSIVE);
    return true;
}

static bool write_peers(struct wm_core *core, struct wm_op *op, struct writer *writer)
{
    (void)op;
    writer_int(writer, core->peers_shown);
    core->lexer.with_peer = core->peers_shown;
    return true;
}

static void wifi_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct scan scan;
    uint32_t state;
    (void)op;
    if (!scan_after(line, "+CWSTATE:", &scan) || !scan_uint(&scan, 4, &state))
        return;
    core->wifi_up = state == 2;
    core->wifi_joining = state >= 1 && state <= 3;
}

static const struct step steps[] = {
    {.command = AT_CMD_CIPMODE, .write = write_zero},
    {.command = AT_CMD_CIPMUX,
     .write = write_nothing,
     .line = mux_line,
     .done = mux_done,
     .query = true,
     .required = true},
    {.command = AT_CMD_CIPSTATE,
     .write = write_nothing,
     .line = state_line,
     .done = state_done,
     .query = true,
     .required = true},
    {.command = AT_CMD_CIPSERVER, .write = write_server_stop},
    {.command = AT_CMD_CIPCLOSE, .write = write_close, .done = close_done},
    {.command = AT_CMD_CIPMUX, .write = write_mux, .done = mux_set, .required = true},
    {.command = AT_CMD_CIPRECVMODE, .write = write_receive, .required = true},
    {.command = AT_CMD_CIPDINFO, .write = write_peers},
    {.command = AT_CMD_CWSTATE, .write = write_nothing, .line = wifi_line, .query = true},
};

#define STEPS (sizeof steps / sizeof steps[0])

static int begin(struct wm_core *core, struct wm_op *op)
{
    if (core->config.attach)
        op->step = STEPS;
    for (; op->step < STEPS; op->step++) {
        const struct step *step = &steps[op->step];
        struct writer writer =
            step->query ? txn_query(&core->txn, step->command) : txn_set(&core->txn, step->command);
        if (step->write(core, op, &writer))
            return op_command(core, &writer);
    }
    int step = core->settings && !core->known ? core->settings->replay(core, op) : 0;
    if (step == 0)
        module_event(core, MODULE_SETTLED);
    return step;
}

static void line(struct wm_core *core, struct wm_op *op, struct slice text)
{
    const struct step *step = op->step < STEPS ? &steps[op->step] : NULL;
    if (step && step->line)
        step->line(core, op, text);
    else
        core->stats.noise++;
}

static int final(struct wm_core *core, struct wm_op *op, enum final result)
{
    if (op->step == STEPS) {
        core->settings->replayed(core, result);
        return WM_STEP_AGAIN;
    }
    const struct step *step = &steps[op->step];
    if (result != FINAL_OK && step->required)
        return op_result(result);
    if (step->done)
        step->done(core, op, result == FINAL_OK);
    if (op->value & FOUND_RESTART)
        return WM_ERR_RESET;
    op->step++;
    return WM_STEP_AGAIN;
}

/* A set-up that did not come to its end starts over with the search. */
static int end(struct wm_core *core, struct wm_op *op, int result, bool in_flight)
{
    (void)op, (void)in_flight;
    if (result < 0 && module_state(core) == MODULE_SET_UP)
        module_event(core, result == WM_ERR_RESET ? MODULE_BOOTED : MODULE_TROUBLE);
    return result;
}

const struct wm_op_def setup_def = {
    .timeout_ms = SETUP_MS, .begin = begin, .line = line, .final = final, .end = end};
