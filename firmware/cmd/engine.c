#include "engine.h"

#include <string.h>

#include "forms.h"
#include "handlers.h"
#include "report.h"
#include "settle.h"
#include "system.h"
#include "trace.h"

enum event {
    EVENT_BEGIN,  /* a command line came in */
    EVENT_PROMPT, /* payload is expected */
    EVENT_FILLED, /* the payload is complete */
    EVENT_END,    /* the result was printed, or +++ has ended the data mode */
    EVENT_RESTART,
    EVENT_BOOTED,
};

static const struct {
    enum fw_phase phase;
    enum event event;
    enum fw_phase next;
} transitions[] = {
    {FW_PHASE_IDLE, EVENT_BEGIN, FW_PHASE_RUNNING},
    {FW_PHASE_RUNNING, EVENT_PROMPT, FW_PHASE_DATA},
    {FW_PHASE_DATA, EVENT_FILLED, FW_PHASE_RUNNING},
    {FW_PHASE_DATA, EVENT_END, FW_PHASE_IDLE},
    {FW_PHASE_RUNNING, EVENT_END, FW_PHASE_IDLE},
    {FW_PHASE_RUNNING, EVENT_RESTART, FW_PHASE_RESTARTING},
    {FW_PHASE_RESTARTING, EVENT_BOOTED, FW_PHASE_IDLE},
};

static const char *const phase_names[FW_PHASES] = {
    [FW_PHASE_IDLE] = "idle",
    [FW_PHASE_RUNNING] = "running",
    [FW_PHASE_DATA] = "data mode",
    [FW_PHASE_RESTARTING] = "restarting",
};

/* The only place that changes the phase; false when the event means nothing there. */
static bool step(struct fw_module *module, enum event event)
{
    for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i++) {
        if (transitions[i].phase == module->phase && transitions[i].event == event) {
            module->phase = transitions[i].next;
            fw_trace(module->port, "command", phase_names[module->phase]);
            return true;
        }
    }
    return false;
}

void fw_engine_boot(struct fw_module *module)
{
    module->turn = 0;
    module->job_links = 0;
    module->job_ms = FW_NEVER;
    fw_line_init(&module->line);
    fw_burst_init(&module->burst);
    fw_queue_init(&module->queue);
    fw_gather_init(&module->gather);
    module->leftover.used = 0;
    memset(module->leftover.len, 0, sizeof module->leftover.len);
    fw_store_init(&module->store, module->port);
    fw_links_init(&module->links, module->port, &module->clock);
    fw_server_init(&module->server, &module->links);
    fw_settle(module);
    fw_time_load(module);
    fw_names_load(module);
    fw_modes_load(module);
    fw_ssl_load(module);
    fw_reply_message(&module->reply, FW_MSG_READY);
    fw_system_boot(module);
    fw_wifi_boot(&module->station, &module->softap, module->port, &module->store, module->now_ms);
}

void fw_engine_halt(struct fw_module *module)
{
    fw_sntp_stop(&module->sntp);
    fw_server_stop(&module->server);
    for (unsigned id = 0; id < AT_LINKS; id++) {
        fw_link_close(&module->links, id);
    }
    fw_lookup_cancel(&module->job_lookup);
    module->port->ping->cancel(module->port->ping_ctx);
    fw_wifi_halt(&module->station, &module->softap, module->now_ms);
}

static void enter_data_mode(struct fw_module *module)
{
    fw_reply_message(&module->reply, FW_MSG_PROMPT);
    fw_escape_start(&module->escape, module->now_ms);
    fw_gather_init(&module->gather);
    step(module, EVENT_PROMPT);
}

static void restart(struct fw_module *module)
{
    fw_reply_message(&module->reply, FW_MSG_OK);
    fw_burst_init(&module->burst);
    fw_queue_init(&module->queue);
    module->halt_ms =
        module->now_ms + (fw_has_quirk(module->habits, FW_QUIRK_LATE_RESET) ? FW_HALT_MS : 0);
    module->restart_ms = module->now_ms + FW_RESTART_MS;
    step(module, EVENT_RESTART);
}

/* Nothing of a send is left behind. */
static void end(struct fw_module *module)
{
    fw_ring_clear(&module->send.data);
    if (module->send.filled) {
        module->deaf_until = module->reply.passed + module->reply.used;
    }
    module->send.filled = false;
    step(module, EVENT_END);
}

/* Turns what was decided into a result and a phase. */
static void conclude(struct fw_module *module, enum fw_outcome outcome)
{
    static const enum fw_message results[FW_OUTCOMES] = {
        [FW_DONE] = FW_MSG_OK,
        [FW_DONE_BLANK] = FW_MSG_BLANK_OK,
        [FW_DONE_SEND] = FW_MSG_SEND_OK,
        [FW_SEND_FAILED] = FW_MSG_SEND_FAIL,
        [FW_CANCELLED] = FW_MSG_SEND_CANCELLED,
        [FW_FAILED] = FW_MSG_ERROR,
        [FW_FAILED_BLANK] = FW_MSG_BLANK_ERROR,
        [FW_UNKNOWN] = FW_MSG_FORMAT_ERR,
        [FW_BAD_PARAMETER] = FW_MSG_PARSE_ERR,
    };

    switch (outcome) {
    case FW_WAIT:
        break;
    case FW_DONE_SILENT:
        end(module);
        break;
    case FW_DATA:
        enter_data_mode(module);
        break;
    case FW_RESTART:
        restart(module);
        break;
    default:
        fw_reply_message(&module->reply, results[outcome]);
        end(module);
    }
}

/* What mixes an echo with a frame that is leaving; NULL: nothing does. */
static uint32_t *noise_of(struct fw_module *module)
{
    bool mixes = fw_has_quirk(module->habits, FW_QUIRK_ECHO_MIXES) && module->noise != 0;

    return mixes ? &module->noise : NULL;
}

/* The line that module->line holds, with whatever a burst has put behind it. */
static void begin(struct fw_module *module, enum fw_line_event event)
{
    struct fw_line *line = &module->line;

    step(module, EVENT_BEGIN);
    if (fw_has_quirk(module->habits, FW_QUIRK_ECHO)) {
        fw_reply_echo(&module->reply, line->text, line->len, noise_of(module));
    }
    if (event == FW_LINE_TOO_LONG) {
        conclude(module, FW_BAD_PARAMETER);
    } else {
        conclude(module, fw_run_line(module, line->text, fw_line_length(line->text, line->len)));
    }
}

/* Nothing is said about what no command can be. */
static bool is_silent(const struct fw_module *module, enum fw_line_event event, const char *text,
                      size_t len)
{
    bool command = event == FW_LINE_COMPLETE && len >= 2 && memcmp(text, "AT", 2) == 0;

    if (fw_has_quirk(module->habits, FW_QUIRK_SILENT_LINES)) {
        return !command;
    }
    return event == FW_LINE_COMPLETE && len == 0;
}

static bool is_busy(const struct fw_module *module)
{
    return module->phase != FW_PHASE_IDLE || module->queue.count > 0;
}

/* A line is there, in module->line or in a burst. */
static void handle_line(struct fw_module *module, enum fw_line_event event, const char *text,
                        size_t len)
{
    if (event == FW_LINE_NONE || is_silent(module, event, text, len)) {
        return;
    }
    if (is_busy(module)) {
        fw_reply_message(&module->reply, FW_MSG_BUSY);
    }
    if (fw_has_quirk(module->habits, FW_QUIRK_BUSY_QUEUES)) {
        if (!fw_queue_add(&module->queue, text, len)) {
            fw_trace(module->port, "command", "dropped: the queue is full");
        }
    } else if (!is_busy(module)) {
        begin(module, event);
    }
}

static bool run_queued(struct fw_module *module)
{
    if (module->queue.count == 0 || module->phase != FW_PHASE_IDLE ||
        fw_reply_room(&module->reply) < FW_REPLY_RESERVE) {
        return false;
    }
    module->line.len = fw_queue_take(&module->queue, module->line.text);
    begin(module, FW_LINE_COMPLETE);
    return true;
}

static void end_read(struct fw_module *module)
{
    struct fw_burst *burst = &module->burst;
    enum fw_line_event event = fw_burst_end(burst);

    handle_line(module, event, burst->text, burst->len);
    if (event != FW_LINE_NONE) {
        fw_burst_init(burst);
    }
}

/* A message is looked at when its read has ended: now, or when the line has paused. */
static size_t feed_burst(struct fw_module *module, const char *bytes, size_t len)
{
    size_t used = fw_burst_take(&module->burst, bytes, len, module->now_ms);

    if (fw_burst_has_ended(&module->burst, module->now_ms)) {
        end_read(module);
    }
    return used;
}

static size_t feed_line(struct fw_module *module, const char *bytes, size_t len)
{
    enum fw_line_event event;
    size_t used;

    if (fw_reply_room(&module->reply) < FW_REPLY_RESERVE) {
        return 0;
    }
    if (fw_has_quirk(module->habits, FW_QUIRK_ONE_A_BURST)) {
        return feed_burst(module, bytes, len);
    }
    used = fw_line_take(&module->line, bytes, len, &event);
    handle_line(module, event, module->line.text, module->line.len);
    return used;
}

/* The sink has taken bytes: whether it goes on without the line. */
static void check_filled(struct fw_module *module)
{
    const struct fw_sink *sink = module->send.sink;

    if (sink->is_full != NULL && (sink->is_full(module) || fw_send_has_failed(module))) {
        fw_gather_init(&module->gather);
        module->job_ms = fw_send_limit(module);
        module->send.filled = true;
        step(module, EVENT_FILLED);
    }
}

/* True when something moved. */
static bool hand_over(struct fw_module *module)
{
    const struct fw_sink *sink = module->send.sink;
    struct fw_gather *gather = &module->gather;
    size_t used;

    if (module->phase != FW_PHASE_DATA || !fw_gather_is_due(gather, module->now_ms) ||
        fw_reply_room(&module->reply) < FW_REPLY_RESERVE) {
        return false;
    }
    if (fw_gather_is_escape(gather)) {
        conclude(module, (enum fw_outcome)sink->escape(module));
        return true;
    }
    used = sink->take(module, gather->bytes, gather->len);
    fw_gather_taken(gather, used);
    check_filled(module);
    return used > 0 || module->phase != FW_PHASE_DATA;
}

static size_t feed_data(struct fw_module *module, const char *bytes, size_t len)
{
    size_t used;

    if (fw_has_quirk(module->habits, FW_QUIRK_HAND_OVER)) {
        used = fw_gather_take(&module->gather, bytes, len, module->now_ms);
        hand_over(module);
        return used;
    }
    used = module->send.sink->take(module, bytes, len);
    fw_escape_feed(&module->escape, bytes, used, module->now_ms);
    check_filled(module);
    return used;
}

/* Nothing that comes in now is read. */
static bool is_deaf(const struct fw_module *module)
{
    return module->phase == FW_PHASE_RESTARTING ||
           ((module->send.filled || module->reply.passed < module->deaf_until) &&
            fw_has_quirk(module->habits, FW_QUIRK_LOST_SURPLUS));
}

size_t fw_engine_feed(struct fw_module *module, const char *bytes, size_t len)
{
    size_t done = 0;

    while (done < len) {
        size_t used;

        if (is_deaf(module)) {
            return len;
        }
        used = module->phase == FW_PHASE_DATA ? feed_data(module, bytes + done, len - done)
                                              : feed_line(module, bytes + done, len - done);
        if (used == 0) {
            break;
        }
        done += used;
        fw_engine_advance(module);
    }
    return done;
}

static bool poll_command(struct fw_module *module)
{
    enum fw_outcome outcome;

    if (module->phase != FW_PHASE_RUNNING || fw_reply_room(&module->reply) < FW_REPLY_RESERVE) {
        return false;
    }
    outcome = module->poll(module);
    if (outcome == FW_WAIT) {
        return false;
    }
    conclude(module, outcome);
    return true;
}

static bool poll_sink(struct fw_module *module)
{
    const struct fw_sink *sink = module->send.sink;

    return module->phase == FW_PHASE_DATA && sink->go_on != NULL && sink->go_on(module);
}

static bool go_on_restarting(struct fw_module *module)
{
    if (module->now_ms >= module->halt_ms) {
        module->halt_ms = FW_NEVER;
        fw_engine_halt(module);
    }
    if (module->now_ms >= module->restart_ms) {
        fw_engine_boot(module);
        return step(module, EVENT_BOOTED);
    }
    return false;
}

static bool check_deadlines(struct fw_module *module)
{
    if (fw_burst_has_ended(&module->burst, module->now_ms) && module->burst.read_len > 0 &&
        fw_reply_room(&module->reply) >= FW_REPLY_RESERVE) {
        end_read(module);
        return true;
    }
    if (module->phase == FW_PHASE_DATA && fw_escape_due(&module->escape, module->now_ms) &&
        fw_reply_room(&module->reply) >= FW_REPLY_RESERVE) {
        fw_escape_start(&module->escape, module->now_ms);
        conclude(module, (enum fw_outcome)module->send.sink->escape(module));
        return true;
    }
    return module->phase == FW_PHASE_RESTARTING && go_on_restarting(module);
}

void fw_engine_advance(struct fw_module *module)
{
    bool moved = true;

    while (moved) {
        moved = check_deadlines(module);
        if (module->phase == FW_PHASE_RESTARTING) {
            return;
        }
        moved |= run_queued(module);
        moved |= hand_over(module);
        moved |= fw_links_poll(&module->links, module->now_ms);
        fw_system_watch(module);
        moved |= fw_report(module); /* CLOSED comes before the ERROR of the send that it spoils */
        moved |= poll_command(module);
        moved |= poll_sink(module);
        moved |= fw_server_poll(&module->server, module->job_links, module->now_ms);
        moved |= fw_sntp_poll(&module->sntp, fw_has_network(module), module->now_ms);
        moved |= fw_wifi_poll(&module->station, &module->softap, module->now_ms);
    }
}

static uint64_t earlier(uint64_t a_ms, uint64_t b_ms)
{
    return a_ms < b_ms ? a_ms : b_ms;
}

static uint64_t phase_deadline(const struct fw_module *module)
{
    const struct fw_sink *sink = module->send.sink;
    bool can_answer = fw_reply_room(&module->reply) >= FW_REPLY_RESERVE;
    uint64_t escape_ms = can_answer ? earlier(fw_escape_deadline(&module->escape),
                                              fw_gather_deadline(&module->gather))
                                    : FW_NEVER;

    switch (module->phase) {
    case FW_PHASE_RUNNING:
        return can_answer ? module->job_ms : FW_NEVER;
    case FW_PHASE_DATA:
        return earlier(escape_ms, sink->deadline != NULL ? sink->deadline(module) : FW_NEVER);
    default:
        return FW_NEVER;
    }
}

uint64_t fw_engine_deadline(const struct fw_module *module)
{
    bool can_answer = fw_reply_room(&module->reply) >= FW_REPLY_RESERVE;
    uint64_t first = phase_deadline(module);

    if (module->phase == FW_PHASE_RESTARTING) {
        return earlier(module->halt_ms, module->restart_ms);
    }
    first = earlier(first, can_answer ? fw_burst_deadline(&module->burst) : FW_NEVER);
    first = earlier(first, fw_links_deadline(&module->links));
    first = earlier(first, fw_server_deadline(&module->server));
    first = earlier(first, fw_sntp_deadline(&module->sntp, fw_has_network(module)));
    return earlier(first, fw_wifi_deadline(&module->station, &module->softap));
}
