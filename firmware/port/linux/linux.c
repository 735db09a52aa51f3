#include <wmfw/linux.h>

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <arpa/inet.h>
#include <ares.h>

#include <wmfw/wmfw.h>

#include "journal.h"
#include "net.h"
#include "nvs.h"
#include "radio.h"
#include "resolver.h"
#include "uart.h"

#define DEFAULT_ADDRESS "127.87.0.1"
#define DEFAULT_SEED    0x5eed
#define MODULE_FDS      (FW_UART_FDS + FW_NET_SOCKETS + FW_RESOLVER_FDS)

static const struct fw_linux_ap default_ap = {"wmat", "wmat-demo-1"};

struct module {
    struct fw fw;
    struct fw_port port;
    struct fw_net net;
    struct fw_resolver resolver;
    struct fw_radio radio;
    struct fw_nvs nvs;
    struct fw_uart uart;
    struct fw_linux *sim;
    unsigned index;
    bool booted;
    char input[4096]; /* read and not yet accepted: input[input_at .. input_len) */
    size_t input_at, input_len;
    size_t poll_first, poll_count,
        poll_dns; /* its entries of the poll set; the last ones are the resolver's */
};

struct fw_linux {
    struct fw_journal journal;
    uint64_t now_ms;
    struct pollfd *set;
    unsigned count;
    struct module modules[];
};

static uint64_t monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static int entropy(void *ctx, void *out, size_t len)
{
    (void)ctx;
    return getrandom(out, len, 0) == (ssize_t)len ? 0 : FW_IO_FAIL;
}

static void trace(void *ctx, const char *subject, const char *text)
{
    struct module *module = ctx;

    fw_journal_event(&module->sim->journal, module->sim->now_ms, module->index, subject, text);
}

static void connect_port(struct module *module)
{
    module->port = (struct fw_port){
        .net = &fw_net_ops,
        .net_ctx = &module->net,
        .dns = &fw_resolver_ops,
        .dns_ctx = &module->resolver,
        .wifi = &fw_radio_ops,
        .wifi_ctx = &module->radio,
        .nvs = &fw_nvs_ops,
        .nvs_ctx = &module->nvs,
        .entropy = entropy,
        .trace = module->sim->journal.file != NULL ? trace : NULL,
        .trace_ctx = module,
    };
}

__attribute__((format(printf, 4, 5))) static int fail(char *err, size_t err_size, int error,
                                                      const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(err, err_size, format, args);
    va_end(args);
    return -error;
}

static int station_address(const struct fw_linux_options *options, unsigned index,
                           struct fw_addr *out, char *err, size_t err_size)
{
    const char *text = options->address != NULL ? options->address : DEFAULT_ADDRESS;
    struct in_addr address;

    if (inet_pton(AF_INET, text, &address) != 1) {
        return fail(err, err_size, EINVAL, "%s: the station address has to be an IPv4 address",
                    text);
    }
    address.s_addr = htonl(ntohl(address.s_addr) + index);
    *out = (struct fw_addr){.family = FW_IPV4};
    memcpy(out->bytes, &address, 4);
    return 0;
}

static int open_radio(struct module *module, const struct fw_linux_options *options, char *err,
                      size_t err_size)
{
    const struct fw_linux_ap *aps = options->ap_count > 0 ? options->aps : &default_ap;
    size_t count = options->ap_count > 0 ? options->ap_count : 1;
    struct fw_addr address;
    int result = station_address(options, module->index, &address, err, err_size);

    if (result < 0) {
        return result;
    }
    fw_radio_init(&module->radio, options->seed != 0 ? options->seed : DEFAULT_SEED, module->index,
                  &address);
    for (size_t i = 0; i < count; i++) {
        const char *password = aps[i].password != NULL ? aps[i].password : "";
        size_t len = strlen(password);

        if ((len > 0 && (len < 8 || len > 63)) ||
            !fw_radio_add(&module->radio, aps[i].ssid, password)) {
            return fail(
                err, err_size, EINVAL,
                "access point %s: the name has 1 to 32 bytes, the password 8 to 63 characters, "
                "and there are at most 16",
                aps[i].ssid);
        }
    }
    return 0;
}

/* Starts joined: as if the access point had been stored, and without the time that a join takes. */
static int prejoin(struct module *module, const char *ssid, char *err, size_t err_size)
{
    for (size_t i = 0; i < module->radio.ap_count; i++) {
        if (strcmp(module->radio.aps[i].ap.ssid, ssid) == 0) {
            fw_nvs_ops.put(&module->nvs, "join.ssid", ssid);
            fw_nvs_ops.put(&module->nvs, "join.password", module->radio.aps[i].password);
            fw_nvs_ops.put(&module->nvs, "wifi.mode", "1");
            module->radio.at_once = true;
            return 0;
        }
    }
    return fail(err, err_size, EINVAL, "%s can't be joined: there is no such access point (--ap)",
                ssid);
}

static int open_settings(struct module *module, const struct fw_linux_options *options, char *err,
                         size_t err_size)
{
    char path[4096];
    const char *file = options->state_path;
    int result;

    if (file != NULL && options->count > 1) {
        snprintf(path, sizeof path, "%s%u", file, module->index);
        file = path;
    }
    result = fw_nvs_init(&module->nvs, file);
    if (result < 0) {
        return fail(err, err_size, -result, "the settings file %s can't be read: %s", file,
                    strerror(-result));
    }
    return options->join_ssid != NULL ? prejoin(module, options->join_ssid, err, err_size) : 0;
}

/* Takes input for as long as the module accepts it; true when something moved. */
static bool move_input(struct module *module)
{
    size_t used;

    if (module->input_at == module->input_len) {
        module->input_at = 0;
        module->input_len = fw_uart_read(&module->uart, module->input, sizeof module->input);
        fw_journal_bytes(&module->sim->journal, module->sim->now_ms, module->index, "in",
                         module->input, module->input_len);
    }
    if (module->input_at == module->input_len) {
        return false;
    }
    used = fw_feed(&module->fw, module->input + module->input_at,
                   module->input_len - module->input_at, module->sim->now_ms);
    module->input_at += used;
    return used > 0;
}

static bool move_output(struct module *module)
{
    const void *bytes;
    size_t len = fw_peek(&module->fw, &bytes);
    size_t written = len > 0 ? fw_uart_write(&module->uart, bytes, len) : 0;

    if (written == 0) {
        return false;
    }
    fw_journal_bytes(&module->sim->journal, module->sim->now_ms, module->index, "out", bytes,
                     written);
    fw_consume(&module->fw, written, module->sim->now_ms);
    return true;
}

static int open_module(struct module *module, const struct fw_linux_options *options, char *err,
                       size_t err_size)
{
    struct fw_config config = {.port = &module->port};
    int result;

    fw_net_init(&module->net);
    result = fw_resolver_init(&module->resolver, options->resolver);
    if (result < 0) {
        return fail(err, err_size, EINVAL, "%s: the resolver has the form ADDR:PORT",
                    options->resolver);
    }
    result = open_radio(module, options, err, err_size);
    if (result == 0) {
        result = open_settings(module, options, err, err_size);
    }
    if (result == 0) {
        result = fw_uart_open(&module->uart, options, module->index, err, err_size);
    }
    if (result == 0) {
        connect_port(module);
        fw_init(&module->fw, &config, module->sim->now_ms);
        module->booted = true;
        move_output(module); /* what it says at boot waits in a pty, and is lost without a host */
    }
    return result;
}

static int check_options(const struct fw_linux_options *options, char *err, size_t err_size)
{
    bool single = options->uart == FW_LINUX_FD || options->uart == FW_LINUX_STDIO;

    if (options->count > 1 && single) {
        return fail(err, err_size, EINVAL, "several modules need a pty or a TCP port each");
    }
    if (options->link_path != NULL && options->uart != FW_LINUX_PTY) {
        return fail(err, err_size, EINVAL, "%s: only a pty can have a symbolic link",
                    options->link_path);
    }
    return 0;
}

static int open_all(struct fw_linux *sim, const struct fw_linux_options *options, char *err,
                    size_t err_size)
{
    if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
        return fail(err, err_size, ENOMEM, "c-ares can't start");
    }
    if (options->trace_path != NULL) {
        sim->journal.file = fopen(options->trace_path, "we");
        if (sim->journal.file == NULL) {
            int error = errno;

            return fail(err, err_size, error, "the trace %s can't be written: %s",
                        options->trace_path, strerror(error));
        }
    }
    for (unsigned i = 0; i < sim->count; i++) {
        int result = open_module(&sim->modules[i], options, err, err_size);

        if (result < 0) {
            return result;
        }
    }
    return 0;
}

static struct fw_linux *allocate(unsigned count)
{
    struct fw_linux *sim = calloc(1, sizeof *sim + count * sizeof *sim->modules);

    if (sim == NULL) {
        return NULL;
    }
    sim->count = count;
    sim->set = calloc(1 + (size_t)count * MODULE_FDS, sizeof *sim->set);
    sim->now_ms = sim->journal.start_ms = monotonic_ms();
    for (unsigned i = 0; i < count; i++) {
        struct module *module = &sim->modules[i];

        module->sim = sim;
        module->index = i;
        module->uart.kind = FW_LINUX_FD; /* closes nothing before it is open */
        module->uart.in = module->uart.out = module->uart.listener = module->uart.slave = -1;
    }
    return sim;
}

int fw_linux_open(struct fw_linux **out, const struct fw_linux_options *options, char *err,
                  size_t err_size)
{
    unsigned count = options->count > 0 ? options->count : 1;
    char nowhere[1];
    struct fw_linux *sim;
    int result;

    *out = NULL;
    if (err == NULL) {
        err = nowhere;
        err_size = sizeof nowhere;
    }
    result = check_options(options, err, err_size);
    if (result < 0) {
        return result;
    }
    sim = allocate(count);
    if (sim == NULL || sim->set == NULL) {
        free(sim);
        return fail(err, err_size, ENOMEM, "out of memory");
    }
    result = open_all(sim, options, err, err_size);
    if (result < 0) {
        fw_linux_close(sim);
        return result;
    }
    *out = sim;
    return 0;
}

const char *fw_linux_path(const struct fw_linux *sim, unsigned module)
{
    return module < sim->count ? sim->modules[module].uart.path : NULL;
}

/* A busy module comes back to the loop after some rounds: the others have their turn. */
static void serve(struct module *module)
{
    fw_uart_accept(&module->uart);
    fw_tick(&module->fw, module->sim->now_ms);
    for (int rounds = 0; rounds < 16; rounds++) {
        bool in = move_input(module);
        bool out = move_output(module);

        if (!in && !out) {
            break;
        }
    }
}

static bool has_output(const struct module *module)
{
    const void *bytes;

    return fw_peek(&module->fw, &bytes) > 0;
}

static size_t fill_poll_set(struct fw_linux *sim, size_t count)
{
    for (unsigned i = 0; i < sim->count; i++) {
        struct module *module = &sim->modules[i];
        bool wants_input = module->input_at == module->input_len;

        module->poll_first = count;
        count += fw_uart_poll_set(&module->uart, wants_input, has_output(module), sim->set + count);
        count += fw_net_poll_set(&module->net, sim->set + count);
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

/* Input that waits although there is no output to drain can go on at once. */
static int wait_of(const struct module *module, uint64_t now_ms)
{
    uint64_t deadline_ms = fw_deadline(&module->fw);
    uint64_t wait_ms = deadline_ms > now_ms ? deadline_ms - now_ms : 0;
    int wait = deadline_ms == FW_NEVER ? -1 : (int)(wait_ms < 60000 ? wait_ms : 60000);

    if (module->input_at < module->input_len && !has_output(module)) {
        return 0;
    }
    return earlier(wait, fw_resolver_timeout(&module->resolver));
}

static int next_wait(const struct fw_linux *sim)
{
    int wait = -1;

    for (unsigned i = 0; i < sim->count; i++) {
        wait = earlier(wait, wait_of(&sim->modules[i], sim->now_ms));
    }
    return wait;
}

static bool is_ready(const struct fw_linux *sim, const struct module *module)
{
    for (size_t i = 0; i < module->poll_count; i++) {
        if (sim->set[module->poll_first + i].revents != 0) {
            return true;
        }
    }
    return fw_deadline(&module->fw) <= sim->now_ms || fw_resolver_timeout(&module->resolver) == 0 ||
           module->input_at < module->input_len;
}

static void serve_ready(struct fw_linux *sim)
{
    for (unsigned i = 0; i < sim->count; i++) {
        struct module *module = &sim->modules[i];
        size_t dns_count = module->poll_first + module->poll_count - module->poll_dns;

        if (is_ready(sim, module)) {
            fw_resolver_process(&module->resolver, sim->set + module->poll_dns, dns_count);
            serve(module);
        }
    }
}

static bool stream_has_ended(const struct fw_linux *sim)
{
    return sim->modules[0].uart.ended && !has_output(&sim->modules[0]);
}

int fw_linux_run(struct fw_linux *sim, int stop_fd)
{
    while (!stream_has_ended(sim)) {
        size_t count = fill_poll_set(sim, 1);

        sim->set[0] = (struct pollfd){.fd = stop_fd, .events = POLLIN};
        sim->now_ms = monotonic_ms();
        if (poll(sim->set, count, next_wait(sim)) < 0 && errno != EINTR) {
            return -errno;
        }
        sim->now_ms = monotonic_ms();
        if (sim->set[0].revents != 0) {
            break;
        }
        serve_ready(sim);
    }
    return 0;
}

void fw_linux_close(struct fw_linux *sim)
{
    if (sim == NULL) {
        return;
    }
    for (unsigned i = 0; i < sim->count; i++) {
        struct module *module = &sim->modules[i];

        if (module->booted) {
            fw_stop(&module->fw, sim->now_ms);
        }
        fw_uart_close(&module->uart);
        fw_resolver_close(&module->resolver);
        fw_nvs_close(&module->nvs);
    }
    if (sim->journal.file != NULL) {
        fclose(sim->journal.file);
    }
    ares_library_cleanup();
    free(sim->set);
    free(sim);
}
