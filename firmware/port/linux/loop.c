/* The event loop: one poll for all modules. */
#include "sim.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <time.h>

void fw_sim_look_at_clock(struct fw_linux *sim)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    sim->now_us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
    sim->now_ms = sim->now_us / 1000;
}

static void report_loss(struct fw_sim_module *module, uint64_t before)
{
    char text[96];

    if (module->cable.lost > before) {
        snprintf(text, sizeof text,
                 "%" PRIu64 " bytes lost: the receive buffer is full (%" PRIu64 " in all)",
                 module->cable.lost - before, module->cable.lost);
        fw_journal_event(&module->sim->journal, module->sim->now_ms, module->index, "uart", text);
    }
}

static void report_speed(struct fw_sim_module *module, unsigned before)
{
    char text[96];

    if (module->cable.wrong_baud != before && module->cable.wrong_baud != 0) {
        snprintf(text, sizeof text,
                 "the host's line is at %u baud, this one at %u: only garbage passes",
                 module->cable.wrong_baud, module->cable.in.baud);
        fw_journal_event(&module->sim->journal, module->sim->now_ms, module->index, "uart", text);
    }
}

/* Takes input for as long as the module accepts it; true when something moved. */
static bool move_input(struct fw_sim_module *module)
{
    struct fw_cable *cable = &module->cable;
    uint64_t lost = cable->lost;
    unsigned wrong_baud = cable->wrong_baud;
    size_t got = fw_cable_fill(cable, &module->uart, module->sim->now_us);
    size_t used;

    report_loss(module, lost);
    report_speed(module, wrong_baud);
    fw_journal_bytes(&module->sim->journal, module->sim->now_ms, module->index, "in",
                     cable->buffer + cable->len - got, got);
    if (cable->at == cable->len) {
        return false;
    }
    used = fw_feed(&module->fw, cable->buffer + cable->at, cable->len - cable->at,
                   module->sim->now_ms);
    fw_cable_taken(cable, used);
    return used > 0;
}

bool fw_sim_move_output(struct fw_sim_module *module)
{
    const void *bytes;
    size_t len = fw_peek(&module->fw, &bytes);
    size_t written = 0;

    if (len > 0) {
        written = fw_cable_send(&module->cable, &module->uart, bytes, len, module->sim->now_us);
    } else {
        fw_pace_rest(&module->cable.out, module->sim->now_us);
    }
    if (written == 0) {
        return false;
    }
    fw_journal_bytes(&module->sim->journal, module->sim->now_ms, module->index, "out", bytes,
                     written);
    fw_consume(&module->fw, written, module->sim->now_ms);
    return true;
}

void fw_sim_boot(struct fw_sim_module *module)
{
    fw_init(&module->fw, &module->config, module->sim->now_ms);
    fw_sim_move_output(module); /* waits in a pty, and is lost without a host */
}

/* A busy module comes back to the loop after some rounds: the others have their turn. */
static void serve(struct fw_sim_module *module)
{
    fw_uart_accept(&module->uart);
    fw_tick(&module->fw, module->sim->now_ms);
    for (int rounds = 0; rounds < 16; rounds++) {
        bool in = move_input(module);
        bool out = fw_sim_move_output(module);

        if (!in && !out) {
            break;
        }
    }
}

static bool has_output(const struct fw_sim_module *module)
{
    const void *bytes;

    return fw_peek(&module->fw, &bytes) > 0;
}

static size_t fill_poll_set(struct fw_linux *sim, size_t count)
{
    for (unsigned i = 0; i < sim->count; i++) {
        struct fw_sim_module *module = &sim->modules[i];
        bool wants_input = fw_cable_listens(&module->cable);
        bool can_send = module->cable.out.baud == 0 && has_output(module);

        module->poll_first = count;
        count += fw_uart_poll_set(&module->uart, wants_input, can_send, sim->set + count);
        count += fw_net_poll_set(&module->net, sim->set + count);
        count += fw_ping_poll_set(&module->ping, sim->set + count);
        module->poll_dns = count;
        count += fw_resolver_poll_set(&module->resolver, sim->set + count);
        module->poll_count = count - module->poll_first;
    }
    return count;
}

static int earlier(int a, int b)
{
    return b < 0 || (a >= 0 && a < b) ? a : b;
}

static bool has_input(const struct fw_sim_module *module)
{
    return module->cable.at < module->cable.len;
}

static int wait_of(const struct fw_sim_module *module, uint64_t now_ms)
{
    uint64_t deadline_ms = fw_deadline(&module->fw);
    uint64_t wait_ms = deadline_ms > now_ms ? deadline_ms - now_ms : 0;
    int wait = deadline_ms == FW_NEVER ? -1 : (int)(wait_ms < 60000 ? wait_ms : 60000);

    wait = earlier(wait, fw_cable_wait_ms(&module->cable, has_output(module)));
    return earlier(wait, fw_resolver_timeout(&module->resolver));
}

static uint64_t elapsed_ms(const struct fw_linux *sim)
{
    return sim->now_ms - sim->journal.start_ms;
}

static int script_wait(const struct fw_linux *sim)
{
    uint64_t next_ms = fw_script_deadline(&sim->script);
    uint64_t wait_ms = next_ms > elapsed_ms(sim) ? next_ms - elapsed_ms(sim) : 0;

    return next_ms == FW_NEVER ? -1 : (int)(wait_ms < 60000 ? wait_ms : 60000);
}

static int next_wait(const struct fw_linux *sim)
{
    int wait = script_wait(sim);

    for (unsigned i = 0; i < sim->count; i++) {
        wait = earlier(wait, wait_of(&sim->modules[i], sim->now_ms));
    }
    return wait;
}

static bool is_ready(const struct fw_linux *sim, const struct fw_sim_module *module)
{
    for (size_t i = 0; i < module->poll_count; i++) {
        if (sim->set[module->poll_first + i].revents != 0) {
            return true;
        }
    }
    return fw_deadline(&module->fw) <= sim->now_ms || fw_resolver_timeout(&module->resolver) == 0 ||
           has_input(module) || fw_cable_wait_ms(&module->cable, has_output(module)) > 0;
}

static void serve_ready(struct fw_linux *sim)
{
    for (unsigned i = 0; i < sim->count; i++) {
        struct fw_sim_module *module = &sim->modules[i];
        size_t dns_count = module->poll_first + module->poll_count - module->poll_dns;

        if (is_ready(sim, module)) {
            fw_resolver_process(&module->resolver, sim->set + module->poll_dns, dns_count);
            serve(module);
        }
    }
}

/* As if the power was off for a moment: what was on its way in is lost. */
static void reset(struct fw_sim_module *module)
{
    fw_stop(&module->fw, module->sim->now_ms);
    module->cable.at = module->cable.len = 0;
    fw_sim_boot(module);
}

static void play(struct fw_sim_module *module, const struct fw_script_event *event)
{
    fw_journal_event(&module->sim->journal, module->sim->now_ms, module->index, "script",
                     fw_script_name(event));
    if (event->kind == FW_SCRIPT_RESET) {
        reset(module);
    } else {
        fw_script_play(event, &module->radio, module->sim->now_ms);
    }
    serve(module); /* before the next one */
}

static void play_script(struct fw_linux *sim)
{
    const struct fw_script_event *event;

    while ((event = fw_script_due(&sim->script, elapsed_ms(sim))) != NULL) {
        for (unsigned i = 0; i < sim->count; i++) {
            if (event->module == FW_SCRIPT_EVERY || event->module == i) {
                play(&sim->modules[i], event);
            }
        }
    }
}

/* A command that runs may still answer. */
static bool stream_has_ended(const struct fw_linux *sim)
{
    const struct fw_sim_module *module = &sim->modules[0];

    return module->uart.ended && !has_output(module) && !fw_is_busy(&module->fw);
}

int fw_linux_run(struct fw_linux *sim, int stop_fd)
{
    while (!stream_has_ended(sim)) {
        size_t count = fill_poll_set(sim, 1);

        sim->set[0] = (struct pollfd){.fd = stop_fd, .events = POLLIN};
        fw_sim_look_at_clock(sim);
        if (poll(sim->set, count, next_wait(sim)) < 0 && errno != EINTR) {
            return -errno;
        }
        fw_sim_look_at_clock(sim);
        if (sim->set[0].revents != 0) {
            break;
        }
        play_script(sim);
        serve_ready(sim);
    }
    return 0;
}
