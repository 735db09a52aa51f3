#include "keeper.h"

#include "at_limits.h"
#include "datagram.h"
#include "engine.h"
#include "frame.h"
#include "link.h"
#include "module.h"
#include "overflow.h"
#include "profile.h"
#include "ring.h"
#include "scan.h"
#include "setup.h"

#define KEEPER_MS       5000
#define SLOWEST_BYTE_MS 3   /* at 4800 baud, twice nearly */
#define ASK_SOON_MS     100 /* after a read that gave all that was asked for, if no +IPD came */
#define ASK_IDLE_MS     1000

void keeper_ask_within(struct wm_core *core, uint32_t delay_ms)
{
    uint64_t at_ms = core->now_ms + delay_ms;
    if (core->config.receive != WM_RECEIVE_ACTIVE && core->config.idle_poll_ms != WM_FOREVER &&
        at_ms < core->ask_at_ms)
        core->ask_at_ms = at_ms;
}

static uint32_t idle_poll_ms(const struct wm_core *core)
{
    return core->config.idle_poll_ms ? core->config.idle_poll_ms : ASK_IDLE_MS;
}

void keeper_watch(struct wm_core *core)
{
    keeper_ask_within(core, idle_poll_ms(core));
}

/* The bytes have left the module and did not come, or nobody knows. */
static int lose_fetch(struct wm_core *core, struct wm_link *link)
{
    core->stats.losses += frame_wanted(link);
    link_fail(core, link, profile_loss(core));
    return WM_ERR_PROTO;
}

/* A module that leaves one of the driver's own commands without an answer is lost track of. */
static int keeper_end(struct wm_core *core, struct wm_op *op, int result, bool in_flight)
{
    (void)op;
    if (core->fetch_link && in_flight)
        lose_fetch(core, core->fetch_link);
    core->fetch_link = NULL;
    if (result == WM_ERR_TIMEOUT)
        module_event(core, MODULE_TROUBLE);
    return result;
}

/* AT+CIPRECVDATA: what a link's ring has room for. */

/* How much to ask for; 0: not worth a command. The ring can take all that waits, or a good part of
 * itself. */
static uint32_t wanted(const struct wm_link *link)
{
    size_t room = ring_free(&link->ring);
    if (link->datagrams)
        return link->datagrams->wanted(link);
    if (room < link->hint_bytes && room < link->ring.size / 4)
        return 0;
    return room < AT_RECV_WINDOW ? (uint32_t)room : AT_RECV_WINDOW;
}

static int fetch_begin(struct wm_core *core, struct wm_op *op)
{
    struct wm_link *link = &core->links[op->value];
    core->fetch_link = link;
    uint32_t most = profile_reads_bytes(core) && !link->datagrams ? 1 : wanted(link);
    if (link->datagrams)
        most = link->datagrams->first(core, link, most);
    core->fetch_max = (uint16_t)overflow_limit(link, most);
    core->fetch_got = FETCH_NOTHING;
    link->hint_bytes = 0;
    struct writer writer = txn_line(&core->txn, at_name_CIPRECVDATA, '=');
    writer_int(&writer, link->id);
    writer_int(&writer, (int32_t)core->fetch_max);
    return op_command(core, &writer);
}

void keeper_reads(struct wm_core *core, uint32_t len)
{
    uint64_t latest_ms = core->now_ms + SLOWEST_BYTE_MS * len;
    if (latest_ms > core->keeper.deadline_ms)
        core->keeper.deadline_ms = latest_ms;
}

/* An empty read is no failure: the length that a TLS link reports counts undeciphered bytes. */
static int fetch_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    struct wm_link *link = core->fetch_link;
    (void)op;
    core->fetch_link = NULL;
    if (!link)
        return 0; /* it has gone meanwhile */
    if ((final == FINAL_OK) != (core->fetch_got != FETCH_NOTHING))
        return lose_fetch(core, link);
    frame_confirm(core, link);
    if (final == FINAL_OK)
        overflow_read(core, link);
    if (link->peer_closed && final == FINAL_ERROR) {
        link_closed(core, link);
        return 0;
    }
    if (link->peer_closed)
        link->hint_bytes = 1;
    link->piled = core->fetch_got == core->fetch_max; /* whatever came meanwhile */
    if (link->piled)
        keeper_ask_within(core,
                          core->profile.datagrams_merged && link->datagrams ? 0 : ASK_SOON_MS);
    return 0;
}

static const struct wm_op_def fetch = {
    .timeout_ms = KEEPER_MS, .begin = fetch_begin, .final = fetch_final, .end = keeper_end};

/* AT+CIPRECVLEN?: +IPD is only a hint, and one that was lost must not stall a link for ever. */

static int ask_begin(struct wm_core *core, struct wm_op *op)
{
    (void)op;
    core->ask_at_ms = core->now_ms + idle_poll_ms(core);
    struct writer writer = txn_line(&core->txn, at_name_CIPRECVLEN, '?');
    return op_command(core, &writer);
}

static void ask_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct scan scan;
    (void)op;
    if (!scan_answer(line, at_name_CIPRECVLEN, &scan)) {
        core->stats.noise++;
        return;
    }
    for (int id = 0; id < WM_LINKS && !scan_ended(&scan); id++) {
        struct wm_link *link = link_at(core, id);
        struct slice unused;
        uint32_t len;
        bool open = link && link_state(link) == WM_LINK_OPEN;
        if (scan_uint(&scan, UINT32_MAX, &len)) {
            if (!open)
                continue;
            link->hint_bytes = len;
            link->piled = link->piled && len > 0;
            overflow_notice(core, link);
        } else if (!scan_text(&scan, &unused)) {
            break;
        } else if (open && !link->peer_closed && unused.len == 0) {
            module_event(core, MODULE_DOUBT); /* no such link: its CLOSED was lost */
        }
    }
}

static const struct wm_op_def ask = {
    .timeout_ms = KEEPER_MS, .begin = ask_begin, .line = ask_line, .end = keeper_end};

/* AT+CIPCLOSE of a link that nobody holds, or that has no place here. op->value is its number. */

static int drop_begin(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = txn_line(&core->txn, at_name_CIPCLOSE, '=');
    writer_int(&writer, op->value);
    return op_command(core, &writer);
}

static int drop_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    link_hung_up(core, op->value, final);
    return 0;
}

static const struct wm_op_def drop = {
    .timeout_ms = KEEPER_MS, .begin = drop_begin, .final = drop_final, .end = keeper_end};

static bool start(struct wm_core *core, const struct wm_op_def *def, int value)
{
    op_prepare(&core->keeper, def, NULL, NULL);
    core->keeper.value = value;
    core->keeper.deadline_ms = core->now_ms + def->timeout_ms;
    engine_turn(core, &core->keeper);
    return true;
}

/* What a link needs of the module. */
static const struct wm_op_def *need_of(const struct wm_link *link)
{
    if (link_state(link) == WM_LINK_CLOSING)
        return &drop;
    bool readable = link->hint_bytes > 0 && link_state(link) == WM_LINK_OPEN;
    return readable && wanted(link) > 0 ? &fetch : NULL;
}

/* The next link that needs something, in turn. */
static bool serve_link(struct wm_core *core)
{
    unsigned at = core->next_link;
    for (unsigned i = 0; i < core->links_end; i++, at++) {
        if (at >= core->links_end)
            at = 0;
        const struct wm_op_def *need = need_of(&core->links[at]);
        if (!need)
            continue;
        core->next_link = (uint8_t)(at + 1);
        return start(core, need, need == &drop ? core->links[at].id : (int)at);
    }
    return false;
}

static int next_unwanted(struct wm_core *core)
{
    for (int id = 0; core->unwanted; id++) {
        if (core->unwanted & (1u << id)) {
            core->unwanted = (uint8_t)(core->unwanted & ~(1u << id));
            return id;
        }
    }
    return -1;
}

static bool any_open(const struct wm_core *core)
{
    for (int id = 0; id < core->links_end; id++) {
        if (link_state(&core->links[id]) == WM_LINK_OPEN)
            return true;
    }
    return false;
}

static bool ask_due(const struct wm_core *core)
{
    return core->now_ms >= core->ask_at_ms && any_open(core);
}

/* One link that always has something to be read must not stall another whose +IPD was lost. */
static bool ask_overdue(const struct wm_core *core)
{
    return core->ask_at_ms != WM_NO_DEADLINE && core->now_ms >= core->ask_at_ms + ASK_IDLE_MS;
}

static uint64_t due_at_ms(const struct wm_core *core)
{
    return core->due_when_up && core->wifi_up ? core->escape_at_ms : WM_NO_DEADLINE;
}

bool keeper_turn(struct wm_core *core)
{
    int id;
    if (module_state(core) == MODULE_SET_UP)
        return start(core, &setup_def, 0);
    if (module_state(core) != MODULE_READY)
        return false;
    if (ask_overdue(core))
        return start(core, &ask, 0);
    if (serve_link(core))
        return true;
    if ((id = next_unwanted(core)) >= 0)
        return start(core, &drop, id);
    if (core->now_ms >= due_at_ms(core)) {
        const struct wm_op_def *due = core->due_when_up;
        core->due_when_up = NULL;
        return start(core, due, 0);
    }
    if (ask_due(core))
        return start(core, &ask, 0);
    return false;
}

uint64_t keeper_deadline(const struct wm_core *core)
{
    if (module_state(core) != MODULE_READY)
        return WM_NO_DEADLINE;
    uint64_t due_ms = due_at_ms(core), ask_ms = any_open(core) ? core->ask_at_ms : WM_NO_DEADLINE;
    return due_ms < ask_ms ? due_ms : ask_ms;
}
