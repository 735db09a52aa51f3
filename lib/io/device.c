#include "device.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine.h"

#define RING_DEFAULT    16384
#define OPEN_MS_DEFAULT 15000
#define CLOSE_STREAM_MS 3000 /* two silences, and a set-up */
#define CLOSE_MS        1000

static int ready_ready(struct wm_core *core, struct wm_op *op)
{
    (void)op;
    return wm_core_ready(core) ? 0 : WM_STEP_WAIT;
}

static const struct wm_op_def ready_def = {
    .timeout_ms = OPEN_MS_DEFAULT, .no_turn = true, .ready = ready_ready};

static int init_core(struct device *dev, const struct wm_config *config)
{
    size_t ring_bytes = config->ring_bytes ? config->ring_bytes : RING_DEFAULT;
    struct wm_core_config core = {
        .links = dev->links,
        .settings = dev->settings,
        .settings_bytes = sizeof dev->settings,
        .link_count = config->attach ? 0 : WM_LINK_SLOTS,
        .ring_bytes = ring_bytes,
        .receive = config->receive,
        .attach = config->attach,
        .idle_poll_ms = config->idle_poll_ms,
        .tls_links = config->tls_links,
        .profile = config->profile,
        .baud = device_line_baud(config),
        .long_send = config->options.flow == WM_FLOW_RTSCTS ? &wm_long_send : NULL,
        .trace = config->trace,
        .trace_user = config->trace_user,
    };
    dev->rings = config->attach ? NULL : calloc(WM_LINK_SLOTS, ring_bytes);
    if (!dev->rings && !config->attach)
        return WM_ERR_NOMEM;
    core.rings = dev->rings;
    return wm_core_init(&dev->core, &core, device_look_at_clock(dev));
}

/* What is pending ends now, and nothing can be started any more. The I/O thread has ended. */
static void finish(struct device *dev)
{
    device_lock(dev);
    wm_core_lost(&dev->core, WM_ERR_CANCELLED);
    device_run_completions(dev);
    device_unlock(dev);
}

static void free_device(struct device *dev)
{
    if (dev->wake_fd >= 0)
        close(dev->wake_fd);
    device_close_port(dev);
    pthread_mutex_destroy(&dev->mutex);
    free(dev->rings);
    free(dev);
}

static void explain_silence(const struct wm_config *config, const struct device *dev)
{
    char words[64];
    wm_core_detail(&dev->core, words, sizeof words);
    char speeds[128];
    device_speeds_tried(dev, speeds, sizeof speeds);
    if (words[0]) /* a command of the set-up: it was found before */
        snprintf(config->detail, config->detail_size,
                 "the module answers, but could not be set up (%s); restart it, or check its "
                 "firmware",
                 words);
    else if (speeds[0])
        snprintf(config->detail, config->detail_size,
                 "nothing that speaks AT answered at %s baud; check the port and the wiring",
                 speeds);
    else
        snprintf(config->detail, config->detail_size,
                 "nothing that speaks AT answered; check the port, its speed and the wiring");
}

static void explain(const struct wm_config *config, struct device *dev, int err)
{
    if (!config->detail || config->detail_size == 0)
        return;
    if (err == WM_ERR_TIMEOUT)
        explain_silence(config, dev);
    else
        snprintf(config->detail, config->detail_size, "%s",
                 dev->transport && dev->transport->detail[0] ? dev->transport->detail
                                                             : wm_err_text(err));
}

/* Waits until the module is in its known state. */
static int await_module(struct device *dev, const struct wm_config *config)
{
    struct wm_op ready;
    op_prepare(&ready, &ready_def, NULL, NULL);
    int err = wm_run(&dev->base, &ready, config->open_timeout_ms);
    if (err == 0)
        return 0;
    device_stop_thread(dev);
    finish(dev);
    return err;
}

/* With a loop of the program's, events tell what becomes of the module. A port that vanishes while
 * somebody waits for it to open is not opened again. */
static int start(struct device *dev, const struct wm_config *config)
{
    bool reopens = dev->port.reopens;
    if (dev->loop)
        return 0;
    dev->port.reopens = false;
    int err = device_start_thread(dev);
    if (err == 0)
        err = await_module(dev, config);
    if (err < 0)
        return err;
    device_lock(dev);
    dev->port.reopens = reopens;
    device_unlock(dev);
    return 0;
}

static int open_device(struct device *dev, const struct wm_config *config)
{
    dev->loop = config->loop;
    dev->base = (struct wm_device){&dev->core, dev->loop ? &device_loop_ops : &device_thread_ops};
    dev->on_event = config->on_event;
    dev->user = config->user;
    int err = init_core(dev, config);
    if (err == 0)
        err = start(dev, config);
    if (err < 0) {
        explain(config, dev, err);
        free_device(dev);
    }
    return err;
}

/* What is wrong with a configuration; NULL: nothing. */
static const char *misfit(const struct wm_config *config)
{
    if ((unsigned)config->receive > WM_RECEIVE_ZERO_SAFE)
        return "config.receive is no receive mode";
    if ((unsigned)config->options.flow > WM_FLOW_RTSCTS)
        return "config.options.flow is no flow control";
    if (config->tls_links > WM_LINKS)
        return "config.tls_links is more than a module has links (5)";
    if (config->ring_bytes != 0 && config->ring_bytes < WM_RING_MIN)
        return "config.ring_bytes is out of its range: at least 256, or 0";
    return NULL;
}

static int refuse(const struct wm_config *config, const char *words)
{
    if (config->transport)
        config->transport->ops->close(config->transport);
    if (config->detail && config->detail_size > 0)
        snprintf(config->detail, config->detail_size, "%s", words);
    return WM_ERR_ARG;
}

int wm_open(struct wm_device **out, const struct wm_config *config)
{
    *out = NULL;
    if (config->detail && config->detail_size > 0)
        config->detail[0] = '\0';
    const char *words = misfit(config);
    if (words)
        return refuse(config, words);
    struct device *dev = calloc(1, sizeof *dev);
    if (!dev) {
        if (config->transport)
            config->transport->ops->close(config->transport);
        return WM_ERR_NOMEM;
    }
    dev->wake_fd = -1;
    pthread_mutex_init(&dev->mutex, NULL);
    int err = device_open_port(dev, config);
    if (err < 0) {
        free_device(dev);
        return err;
    }
    err = open_device(dev, config);
    if (err == 0)
        *out = &dev->base;
    return err;
}

static void cancel_pending(struct device *dev)
{
    device_lock(dev);
    device_look_at_clock(dev);
    device_tick(dev);
    engine_fail_all(&dev->core, WM_ERR_CANCELLED);
    device_unlock(dev);
}

/* Passthrough is left: the next program wants a module that answers. */
static void close_stream(struct device *dev)
{
    for (unsigned id = 0; id < dev->core.link_count; id++) {
        const struct wm_link *link = &dev->core.links[id];
        device_lock(dev);
        int handle = link->owned && link->stream && !dev->core.lost ? link->handle : -1;
        device_unlock(dev);
        if (handle >= 0)
            wm_stream_close(&dev->base, handle, CLOSE_STREAM_MS);
    }
}

/* Closes what is open in the module, all of it within one deadline. */
static void close_links(struct device *dev)
{
    uint64_t deadline_ms = 0;
    for (unsigned id = 0; id < dev->core.link_count; id++) {
        const struct wm_link *link = &dev->core.links[id];
        device_lock(dev);
        int handle = link->owned && wm_core_ready(&dev->core) ? link->handle : -1;
        uint64_t now_ms = device_look_at_clock(dev);
        device_unlock(dev);
        if (deadline_ms == 0)
            deadline_ms = now_ms + CLOSE_MS;
        if (handle >= 0 && now_ms < deadline_ms)
            wm_link_close(&dev->base, handle, (uint32_t)(deadline_ms - now_ms));
    }
}

void wm_close(struct wm_device *base)
{
    if (!base)
        return;
    struct device *dev = device_of(base);
    cancel_pending(dev);
    close_stream(dev);
    close_links(dev);
    if (!dev->loop)
        device_stop_thread(dev);
    finish(dev);
    free_device(dev);
}

const char *wm_version(void)
{
    return WM_VERSION;
}
