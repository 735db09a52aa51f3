#include <wmfw/linux.h>

#include <arpa/inet.h>
#include <ares.h>
#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "sim.h"
#include "baud.h"

#define DEFAULT_ADDRESS "127.87.0.1"
#define DEFAULT_SEED    0x5eed

enum { SCRIPT_MAX = 1 << 20 };

static const struct fw_linux_ap default_ap = {"wmat", "wmat-demo-1"};

static int entropy(void *ctx, void *out, size_t len)
{
    (void)ctx;
    return getrandom(out, len, 0) == (ssize_t)len ? 0 : FW_IO_FAIL;
}

static void trace(void *ctx, const char *subject, const char *text)
{
    struct fw_sim_module *module = ctx;

    fw_journal_event(&module->sim->journal, module->sim->now_ms, module->index, subject, text);
}

static uint64_t seed_of(const struct fw_linux_options *options, unsigned index)
{
    return (options->seed != 0 ? options->seed : DEFAULT_SEED) + index;
}

static void connect_port(struct fw_sim_module *module, const struct fw_linux_options *options)
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
        .ping = &fw_ping_ops,
        .ping_ctx = &module->ping,
        .certs = &fw_certs_ops,
        .certs_ctx = &module->certs,
        .ntp_port = options->ntp_port,
        .extensions = options->extensions,
        .entropy = entropy,
        .trace = module->sim->journal.file != NULL ? trace : NULL,
        .trace_ctx = module,
    };
    module->config = (struct fw_config){
        .port = &module->port, .dialect = options->dialect, .byte_by_byte = true};
    if (options->interleave) {
        module->config.interleave = (uint32_t)seed_of(options, module->index) | 1;
    }
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

static int open_radio(struct fw_sim_module *module, const struct fw_linux_options *options,
                      char *err, size_t err_size)
{
    const struct fw_linux_ap *aps = options->ap_count > 0 ? options->aps : &default_ap;
    size_t count = options->ap_count > 0 ? options->ap_count : 1;
    struct fw_addr address;
    int result = station_address(options, module->index, &address, err, err_size);

    if (result < 0) {
        return result;
    }
    fw_net_init(&module->net, &address, options->port_offset);
    if (options->groups_at != NULL) {
        module->net.group_interface = if_nametoindex(options->groups_at);
        if (module->net.group_interface == 0) {
            return fail(err, err_size, EINVAL, "%s: there is no such interface here",
                        options->groups_at);
        }
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

/* A stored SoftAP stays beside the station. */
static void put_station_mode(struct fw_nvs *nvs)
{
    char mode[2] = "";

    fw_nvs_ops.get(nvs, "wifi.mode", mode, sizeof mode);
    fw_nvs_ops.put(nvs, "wifi.mode", mode[0] == '2' || mode[0] == '3' ? "3" : "1");
}

/* Starts joined: as if the access point had been stored, and without the time that a join takes. */
static int prejoin(struct fw_sim_module *module, const char *ssid, char *err, size_t err_size)
{
    for (size_t i = 0; i < module->radio.ap_count; i++) {
        if (strcmp(module->radio.aps[i].ap.ssid, ssid) == 0) {
            fw_nvs_ops.put(&module->nvs, "join.ssid", ssid);
            fw_nvs_ops.put(&module->nvs, "join.password", module->radio.aps[i].password);
            put_station_mode(&module->nvs);
            fw_nvs_ops.put(&module->nvs, "wifi.auto_join", "1");
            module->radio.at_once = true;
            return 0;
        }
    }
    return fail(err, err_size, EINVAL, "%s can't be joined: there is no such access point (--ap)",
                ssid);
}

static int open_settings(struct fw_sim_module *module, const struct fw_linux_options *options,
                         char *err, size_t err_size)
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
        return fail(err, err_size, -result, "out of memory");
    }
    return options->join_ssid != NULL ? prejoin(module, options->join_ssid, err, err_size) : 0;
}

static int open_certs(struct fw_sim_module *module, const struct fw_linux_options *options,
                      char *err, size_t err_size)
{
    int result = fw_certs_init(&module->certs, options->certs_path);

    if (result < 0) {
        return fail(err, err_size, -result, "the certificates in %s can't be read: %s",
                    options->certs_path, strerror(-result));
    }
    return 0;
}

static int open_module(struct fw_sim_module *module, const struct fw_linux_options *options,
                       char *err, size_t err_size)
{
    int result;

    result = fw_resolver_init(&module->resolver, options->resolver);
    if (result < 0) {
        return fail(err, err_size, EINVAL, "%s: the resolver has the form ADDR:PORT",
                    options->resolver);
    }
    result = open_radio(module, options, err, err_size);
    if (result == 0) {
        result = open_certs(module, options, err, err_size);
    }
    if (result == 0) {
        result = open_settings(module, options, err, err_size);
    }
    if (result == 0) {
        result = fw_uart_open(&module->uart, options, module->index, err, err_size);
    }
    if (result == 0) {
        fw_cable_init(&module->cable, options->baud, options->hold_back,
                      seed_of(options, module->index));
        if (options->baud > 0 && module->uart.slave >= 0) {
            fw_tty_set_speed(module->uart.slave, options->baud);
        }
        connect_port(module, options);
        fw_sim_boot(module);
        module->booted = true;
    }
    return result;
}

static int check_options(const struct fw_linux_options *options, char *err, size_t err_size)
{
    bool single = options->uart == FW_LINUX_FD || options->uart == FW_LINUX_STDIO;

    if (options->count > 1 && single) {
        return fail(err, err_size, EINVAL, "several modules need a pty or a TCP port each");
    }
    if ((unsigned)options->dialect >= FW_DIALECTS) {
        return fail(err, err_size, EINVAL, "there is no such dialect");
    }
    if (options->link_path != NULL && options->uart != FW_LINUX_PTY) {
        return fail(err, err_size, EINVAL, "%s: only a pty can have a symbolic link",
                    options->link_path);
    }
    return 0;
}

/* The whole file, to be freed, with a NUL behind it; NULL and errno. */
static char *read_text(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = malloc(SCRIPT_MAX + 1);
    size_t len = 0;
    int error = file == NULL ? errno : ENOMEM;

    if (file != NULL && text != NULL) {
        len = fread(text, 1, SCRIPT_MAX, file);
        text[len] = '\0';
        error = ferror(file) ? errno : len == SCRIPT_MAX ? EFBIG : 0;
        for (char *nul = text; (nul = memchr(nul, '\0', len - (size_t)(nul - text))) != NULL;) {
            *nul = '?'; /* no event has one: its line is refused */
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    if (error != 0) {
        free(text);
        errno = error;
        return NULL;
    }
    return text;
}

static int open_script(struct fw_linux *sim, const char *path, char *err, size_t err_size)
{
    char *text = read_text(path);
    int result;

    if (text == NULL) {
        int error = errno;

        return fail(err, err_size, error, "the script %s can't be read: %s", path, strerror(error));
    }
    result =
        fw_script_read(&sim->script, path, text, &sim->modules[0].radio, sim->count, err, err_size);
    free(text);
    return result;
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
    return options->script_path != NULL ? open_script(sim, options->script_path, err, err_size) : 0;
}

static struct fw_linux *allocate(unsigned count)
{
    struct fw_linux *sim = calloc(1, sizeof *sim + count * sizeof *sim->modules);

    if (sim == NULL) {
        return NULL;
    }
    sim->count = count;
    sim->set = calloc(1 + (size_t)count * FW_MODULE_FDS, sizeof *sim->set);
    fw_sim_look_at_clock(sim);
    sim->journal.start_ms = sim->now_ms;
    for (unsigned i = 0; i < count; i++) {
        struct fw_sim_module *module = &sim->modules[i];

        module->sim = sim;
        module->index = i;
        fw_ping_init(&module->ping, i);  /* has nothing to close before it is used */
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

void fw_linux_close(struct fw_linux *sim)
{
    if (sim == NULL) {
        return;
    }
    for (unsigned i = 0; i < sim->count; i++) {
        struct fw_sim_module *module = &sim->modules[i];

        if (module->booted) {
            fw_stop(&module->fw, sim->now_ms);
        }
        fw_uart_close(&module->uart);
        fw_ping_close(&module->ping);
        fw_resolver_close(&module->resolver);
        fw_nvs_close(&module->nvs);
        fw_certs_close(&module->certs);
    }
    if (sim->journal.file != NULL) {
        fclose(sim->journal.file);
    }
    ares_library_cleanup();
    fw_script_free(&sim->script);
    free(sim->set);
    free(sim);
}
