#include "setup.h"

#include "engine.h"
#include "link.h"
#include "module.h"
#include "profile.h"
#include "scan.h"
#include "settings.h"

#define SETUP_MS 10000

/* What op->value gathers of the module's state. */
enum {
    FOUND_MUX = 1 << 8,                /* multiple connections are on */
    FOUND_RESTART = 1 << 9,            /* it has forgotten what we had set up */
    FOUND_NOISE = 1 << 10,             /* a line that can't be read */
    FOUND_LINKS = (1 << WM_LINKS) - 1, /* the links of the module, a bit each */
};

#define SKIP (-1)

struct step {
    const char *name;
    /* The value that the command sets. SKIP: this step is not needed. NULL: there is none. */
    int (*value)(struct wm_core *core, struct wm_op *op);
    /* Takes a line of the answer to a query: its first field, which is at most max; more follow. */
    void (*line)(struct wm_core *core, struct wm_op *op, uint32_t value, struct scan *more);
    void (*done)(struct wm_core *core, struct wm_op *op);
    char ending; /* '?', or '=' and the value; 0: nothing */
    uint8_t max;
    bool required : 1; /* a module that refuses this one can't be used */
    bool repeat : 1;   /* until it is not needed */
    bool off : 1;      /* a 0 stands before the value */
};

/* Once for every restart. */
static int profile(struct wm_core *core, struct wm_op *op)
{
    (void)op;
    return core->known || core->config.profile ? SKIP : 0;
}

static void store_line(struct wm_core *core, struct wm_op *op, uint32_t value, struct scan *more)
{
    (void)core, (void)op, (void)value, (void)more; /* profile_line has looked at it */
}

static int zero(struct wm_core *core, struct wm_op *op)
{
    (void)core, (void)op;
    return 0;
}

static void mux_line(struct wm_core *core, struct wm_op *op, uint32_t value, struct scan *more)
{
    (void)core, (void)more;
    if (value == 1)
        op->value |= FOUND_MUX;
}

/* A module that we had set up and that is in single connection mode again has restarted. */
static void mux_done(struct wm_core *core, struct wm_op *op)
{
    if (core->known && !core->single && !(op->value & FOUND_MUX))
        op->value |= FOUND_RESTART;
    if (op->value & FOUND_MUX)
        core->single = false;
}

static void state_line(struct wm_core *core, struct wm_op *op, uint32_t id, struct scan *more)
{
    struct slice last = {0};
    while (scan_text(more, &last))
        ;
    struct wm_link *link = link_at(core, (int)id);
    bool unwanted = core->unwanted & 1u << id;
    if (core->arrived && SLICE_IS(last, "1") && !(link && link->in_module) && !unwanted)
        core->arrived(core, (int)id); /* its CONNECT was lost */
    op->value |= 1 << id;
}

static bool ours(const struct wm_link *link)
{
    return link->in_module && (link->state == WM_LINK_OPEN || link->state == WM_LINK_ENDED ||
                               link->state == WM_LINK_FAILED);
}

/* Links that only one of the two sides knows: ours fail, the module's are closed. */
static void state_done(struct wm_core *core, struct wm_op *op)
{
    for (int i = 0; i < core->link_count; i++) {
        struct wm_link *link = &core->links[i];
        if (!link->in_module)
            continue;
        if (core->single) {
            link_closed(core, link); /* a stream's; the module's end of it follows */
        } else if (!(op->value & (1 << link->id))) {
            if (link->state == WM_LINK_OPEN && !link->peer_closed) {
                core->stats.losses++; /* its CLOSED at least */
                link_fail(core, link, WM_ERR_PROTO);
            }
            link_closed(core, link);
        } else if (ours(link) || link->state == WM_LINK_CLOSING) {
            op->value &= ~(1 << link->id);
        }
    }
}

static int server_stop(struct wm_core *core, struct wm_op *op)
{
    bool stray = !core->known || core->stray_server;
    core->stray_server = false;
    return stray && (op->value & FOUND_MUX) ? 1 : SKIP;
}

/* One foreign link at a time; in single connection mode there is but one, and it has no number. */
static int foreign_link(struct wm_core *core, struct wm_op *op)
{
    (void)core;
    for (int id = 0; id < WM_LINKS; id++) {
        if (op->value & (1 << id)) {
            op->value &= ~(1 << id);
            return id;
        }
    }
    return SKIP;
}

static int close_many(struct wm_core *core, struct wm_op *op)
{
    return op->value & FOUND_MUX ? foreign_link(core, op) : SKIP;
}

static void mux_set(struct wm_core *core, struct wm_op *op)
{
    (void)op;
    core->single = false;
}

static int close_one(struct wm_core *core, struct wm_op *op)
{
    return op->value & FOUND_MUX ? SKIP : foreign_link(core, op);
}

static int mux(struct wm_core *core, struct wm_op *op)
{
    (void)core;
    return op->value & FOUND_MUX ? SKIP : 1;
}

static int receive_mode(struct wm_core *core, struct wm_op *op)
{
    (void)op;
    return core->config.receive != WM_RECEIVE_ACTIVE;
}

static int peers(struct wm_core *core, struct wm_op *op)
{
    (void)op;
    core->lexer.with_peer = core->peers_shown;
    return core->peers_shown;
}

static void wifi_line(struct wm_core *core, struct wm_op *op, uint32_t state, struct scan *more)
{
    (void)op, (void)more;
    module_wifi(core, state == 2);
    core->wifi_joining = state >= 1 && state <= 3;
}

static const struct step steps[] = {
    {at_name_SYSSTORE, .ending = '?', .value = profile, .line = store_line, .max = 1},
    {at_name_CIPMODE, .ending = '=', .value = zero},
    {at_name_CIPMUX, .ending = '?', .line = mux_line, .done = mux_done, .required = true, .max = 1},
    {at_name_CIPSTATE, .ending = '?', .line = state_line, .done = state_done, .required = true,
     .max = WM_LINKS - 1},
    {at_name_CIPSERVER, .ending = '=', .off = true, .value = server_stop},
    {at_name_CIPCLOSE, .ending = '=', .value = close_many, .repeat = true},
    {at_name_CIPCLOSE, .value = close_one, .repeat = true},
    {at_name_CIPMUX, .ending = '=', .value = mux, .done = mux_set, .required = true},
    {at_name_CIPRECVMODE, .ending = '=', .value = receive_mode, .required = true},
    {at_name_CIPDINFO, .ending = '=', .value = peers},
    {at_name_CWSTATE, .ending = '?', .line = wifi_line, .max = 4},
};

#define STEPS (sizeof steps / sizeof steps[0])

static int begin(struct wm_core *core, struct wm_op *op)
{
    size_t steps_due = core->config.attach ? 1 : STEPS; /* the first one only looks */
    for (; op->step < steps_due; op->step++) {
        const struct step *step = &steps[op->step];
        int value = step->value ? step->value(core, op) : 0;
        if (value == SKIP)
            continue;
        struct writer writer = txn_line(&core->txn, step->name, step->ending);
        if (step->off)
            writer_int(&writer, 0);
        if (step->ending == '=')
            writer_int(&writer, value);
        return op_command(core, &writer);
    }
    op->step = STEPS;
    int step = core->settings && !core->known ? core->settings->replay(core, op) : 0;
    if (step == 0)
        module_event(core, MODULE_SETTLED);
    return step;
}

/* What can't be read may have been the line that matters: once more, from the beginning. */
static void line(struct wm_core *core, struct wm_op *op, struct slice text)
{
    const struct step *step = op->step < STEPS ? &steps[op->step] : NULL;
    struct scan scan;
    uint32_t value;
    bool asked = step && step->line;
    profile_line(core, text);
    if (asked && scan_answer(text, step->name, &scan) && scan_uint(&scan, step->max, &value)) {
        step->line(core, op, value, &scan);
        return;
    }
    core->stats.noise++;
    if (asked && step->required)
        op->value |= FOUND_NOISE;
}

static int final(struct wm_core *core, struct wm_op *op, enum final result)
{
    if (op->step == STEPS) {
        core->settings->replayed(core, result);
        return WM_STEP_AGAIN;
    }
    const struct step *step = &steps[op->step];
    bool gone = step->repeat && result == FINAL_ERROR; /* what was to be closed */
    if (result != FINAL_OK && (step->required || step->repeat) && !gone) {
        op_explain(core, "refused");
        return op_result(result);
    }
    if (op->value & FOUND_NOISE)
        return WM_ERR_PROTO;
    if (step->done)
        step->done(core, op);
    if (op->value & FOUND_RESTART)
        return WM_ERR_RESET;
    op->step += !step->repeat;
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
