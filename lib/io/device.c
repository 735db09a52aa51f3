#include <wmat/wmat.h>

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "call.h"
#include "engine.h"

#define INPUT_BYTES     4096
#define RING_DEFAULT    16384
#define OPEN_MS_DEFAULT 15000
#define CLOSE_MS        1000

/* A device: a core, its port, and the thread that moves bytes between them. The lock covers all but
 * the transport's descriptor, which the thread polls without it. */
struct device {
    struct wm_device base; /* first: what api sees */
    struct wm_core core;
    struct wm_link links[WM_LINKS];
    struct wm_transport *transport;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    pthread_t thread;
    int wake_fd;
    bool running, stopping;
    bool output_due;           /* the port had no room for what is due */
    bool input_paused;         /* the thread does not look at the port: a ring is full */
    uint64_t polling_until_ms; /* when the thread wakes up by itself; 0: it is awake */
    uint32_t changes_seen;     /* of core.changes, those that waiting calls were told */
    void (*on_event)(struct wm_device *dev, const struct wm_event *event, void *user);
    void *user;
    size_t input_at, input_len; /* what the core has not taken yet */
    uint8_t input[INPUT_BYTES];
    uint8_t *rings;
};

static struct device *device_of(struct wm_device *base)
{
    return (struct device *)base;
}

static uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* What blocking calls wait with (call.h). */

static void wake(struct device *dev)
{
    uint64_t one = 1;
    ssize_t n = write(dev->wake_fd, &one, sizeof one);
    (void)n; /* it fails only when it is readable anyway */
}

/* Tells the other threads what this one has changed. */
static void tell(struct device *dev)
{
    if (dev->changes_seen != dev->core.changes) {
        dev->changes_seen = dev->core.changes;
        pthread_cond_broadcast(&dev->changed);
    }
}

static bool event_is_due(const struct device *dev)
{
    unsigned events = dev->core.events;
    for (unsigned id = 0; id < dev->core.link_count; id++)
        events |= dev->core.links[id].events;
    return dev->on_event && events;
}

/* Does the I/O thread sleep through something that this thread leaves to it? */
static bool thread_is_due(const struct device *dev)
{
    return wm_core_deadline(&dev->core) < dev->polling_until_ms || dev->core.done.head ||
           (dev->input_paused && wm_core_wants_input(&dev->core)) || event_is_due(dev);
}

static void op_lock(struct wm_device *base)
{
    pthread_mutex_lock(&device_of(base)->mutex);
}

static void op_unlock(struct wm_device *base)
{
    struct device *dev = device_of(base);
    tell(dev);
    if (dev->polling_until_ms > 0 && thread_is_due(dev))
        wake(dev);
    pthread_mutex_unlock(&dev->mutex);
}

static uint64_t op_now(struct wm_device *base)
{
    (void)base;
    return clock_ms();
}

static void lost(struct device *dev)
{
    wm_core_lost(&dev->core, WM_ERR_IO);
    dev->input_len = 0; /* nobody takes it any more */
    pthread_cond_broadcast(&dev->changed);
}

static void flush(struct device *dev)
{
    const void *out;
    size_t len;
    bool was_due = dev->output_due;
    dev->output_due = false;
    while ((len = wm_core_output(&dev->core, &out, clock_ms())) > 0) {
        ptrdiff_t n = dev->transport->ops->write(dev->transport, out, len);
        if (n < 0) {
            lost(dev);
            return;
        }
        wm_core_sent(&dev->core, (size_t)n, clock_ms());
        if ((size_t)n < len) {
            dev->output_due = true;
            break;
        }
    }
    if (dev->output_due && !was_due)
        wake(dev);
}

static void feed(struct device *dev)
{
    size_t used = wm_core_feed(&dev->core, dev->input + dev->input_at, dev->input_len, clock_ms());
    dev->input_at += used;
    dev->input_len -= used;
}

/* Takes what the port has; at most a buffer full at a time, so that output gets its turn. */
static void take_input(struct device *dev)
{
    if (dev->input_len == 0) {
        ptrdiff_t n = dev->transport->ops->read(dev->transport, dev->input, sizeof dev->input);
        if (n < 0) {
            lost(dev);
            return;
        }
        dev->input_at = 0;
        dev->input_len = (size_t)n;
    }
    if (dev->input_len > 0)
        feed(dev);
}

/* Lets time pass; but nothing is late whose bytes have arrived while nobody ran (the program was
 * stopped, the machine asleep). */
static void tick(struct device *dev)
{
    bool due = wm_core_deadline(&dev->core) <= clock_ms();
    if (due && !dev->core.lost && wm_core_wants_input(&dev->core))
        take_input(dev);
    wm_core_tick(&dev->core, clock_ms());
}

static void op_tick(struct wm_device *base)
{
    tick(device_of(base));
}

static void op_flush(struct wm_device *base)
{
    flush(device_of(base));
}

static void op_wait(struct wm_device *base, uint64_t deadline_ms)
{
    struct device *dev = device_of(base);
    tell(dev);
    if (deadline_ms == WM_NO_DEADLINE) {
        pthread_cond_wait(&dev->changed, &dev->mutex);
        return;
    }
    struct timespec until = {.tv_sec = (time_t)(deadline_ms / 1000),
                             .tv_nsec = (long)(deadline_ms % 1000) * 1000000};
    pthread_cond_timedwait(&dev->changed, &dev->mutex, &until);
}

static bool op_in_callback(struct wm_device *base)
{
    struct device *dev = device_of(base);
    return dev->running && pthread_equal(pthread_self(), dev->thread);
}

static const struct wm_wait_ops wait_ops = {
    .lock = op_lock,
    .unlock = op_unlock,
    .now_ms = op_now,
    .tick = op_tick,
    .flush = op_flush,
    .wait = op_wait,
    .in_callback = op_in_callback,
};

/* The I/O thread. */

/* Callbacks run with no lock held. */

static void run_completions(struct device *dev)
{
    struct wm_op *op;
    while ((op = wm_core_next_done(&dev->core))) {
        wm_done_fn done = op->done;
        void *user = op->user;
        int result = op->result;
        pthread_mutex_unlock(&dev->mutex);
        done(op, result, user);
        pthread_mutex_lock(&dev->mutex);
    }
}

static void tell_events(struct device *dev)
{
    struct wm_event event;
    while (wm_core_next_event(&dev->core, &event)) {
        if (!dev->on_event)
            continue;
        pthread_mutex_unlock(&dev->mutex);
        dev->on_event(&dev->base, &event, dev->user);
        pthread_mutex_lock(&dev->mutex);
    }
}

static int poll_timeout(const struct device *dev, uint64_t deadline_ms)
{
    uint64_t now_ms = clock_ms();
    if (dev->input_len > 0 && wm_core_wants_input(&dev->core))
        return 0;
    if (deadline_ms == WM_NO_DEADLINE)
        return -1;
    if (deadline_ms <= now_ms)
        return 0;
    return deadline_ms - now_ms > 60000 ? 60000 : (int)(deadline_ms - now_ms);
}

/* Sleeps until the port, a deadline or another thread has something to do. */
static void wait_for_work(struct device *dev)
{
    bool gone = dev->core.lost != 0;
    short events = 0;
    dev->input_paused = dev->input_len > 0 || !wm_core_wants_input(&dev->core);
    if (!gone && !dev->input_paused)
        events |= POLLIN;
    if (!gone && dev->output_due)
        events |= POLLOUT;
    struct pollfd fds[2] = {
        {.fd = dev->wake_fd, .events = POLLIN},
        {.fd = events ? dev->transport->ops->fd(dev->transport) : -1, .events = events},
    };
    dev->polling_until_ms = wm_core_deadline(&dev->core);
    int timeout_ms = poll_timeout(dev, dev->polling_until_ms);
    pthread_mutex_unlock(&dev->mutex);
    poll(fds, 2, timeout_ms);
    uint64_t count;
    if (fds[0].revents && read(dev->wake_fd, &count, sizeof count) < 0)
        fds[0].revents = 0;
    pthread_mutex_lock(&dev->mutex);
    dev->polling_until_ms = 0;
    if (!dev->core.lost && (fds[1].revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL)))
        take_input(dev);
    else if (!dev->core.lost && dev->input_len > 0 && wm_core_wants_input(&dev->core))
        feed(dev);
}

static void *io_thread(void *arg)
{
    struct device *dev = arg;
    pthread_mutex_lock(&dev->mutex);
    while (!dev->stopping) {
        tick(dev);
        flush(dev);
        tell(dev);
        run_completions(dev);
        tell_events(dev);
        if (!dev->stopping)
            wait_for_work(dev);
    }
    pthread_mutex_unlock(&dev->mutex);
    return NULL;
}

/* Opening and closing. */

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
        .link_count = config->attach ? 0 : WM_LINKS,
        .ring_bytes = ring_bytes,
        .receive = config->receive,
        .attach = config->attach,
        .idle_poll_ms = config->idle_poll_ms,
        .trace = config->trace,
        .trace_user = config->trace_user,
    };
    dev->rings = config->attach ? NULL : calloc(WM_LINKS, ring_bytes);
    if (!dev->rings && !config->attach)
        return WM_ERR_NOMEM;
    core.rings = dev->rings;
    return wm_core_init(&dev->core, &core, clock_ms());
}

static void init_locks(struct device *dev)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&dev->changed, &attr);
    pthread_condattr_destroy(&attr);
    pthread_mutex_init(&dev->mutex, NULL);
}

static int start_thread(struct device *dev)
{
    dev->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (dev->wake_fd < 0)
        return WM_ERR_IO;
    init_locks(dev);
    pthread_mutex_lock(&dev->mutex);
    dev->running = pthread_create(&dev->thread, NULL, io_thread, dev) == 0;
    pthread_mutex_unlock(&dev->mutex);
    if (dev->running)
        return 0;
    pthread_mutex_destroy(&dev->mutex);
    pthread_cond_destroy(&dev->changed);
    return WM_ERR_NOMEM;
}

static void stop_thread(struct device *dev)
{
    pthread_mutex_lock(&dev->mutex);
    dev->stopping = true;
    wake(dev);
    pthread_mutex_unlock(&dev->mutex);
    pthread_join(dev->thread, NULL);
    dev->thread = pthread_self(); /* where callbacks run from now on */
}

/* What is pending ends now, and nothing can be started any more. The I/O thread has ended. */
static void finish(struct device *dev)
{
    pthread_mutex_lock(&dev->mutex);
    wm_core_lost(&dev->core, WM_ERR_CANCELLED);
    run_completions(dev);
    pthread_mutex_unlock(&dev->mutex);
    pthread_mutex_destroy(&dev->mutex);
    pthread_cond_destroy(&dev->changed);
}

static void free_device(struct device *dev)
{
    if (dev->wake_fd >= 0)
        close(dev->wake_fd);
    if (dev->transport)
        dev->transport->ops->close(dev->transport);
    free(dev->rings);
    free(dev);
}

static void explain(const struct wm_config *config, struct device *dev, int err)
{
    if (!config->detail || config->detail_size == 0)
        return;
    const char *words = dev->core.detail;
    if (err == WM_ERR_TIMEOUT)
        snprintf(config->detail, config->detail_size,
                 "nothing that speaks AT answered%s%s; check the port, its speed and the wiring",
                 words[0] ? "; last: " : "", words);
    else
        snprintf(config->detail, config->detail_size, "%s",
                 dev->transport && dev->transport->detail[0] ? dev->transport->detail
                                                             : wm_err_text(err));
}

static int open_transport(struct device *dev, const struct wm_config *config)
{
    dev->transport = config->transport;
    if (dev->transport)
        return 0;
    return wm_transport_open(&dev->transport, config->port, &config->options, config->detail,
                             config->detail_size);
}

/* Waits until the module is in its known state. */
static int await_module(struct device *dev, const struct wm_config *config)
{
    struct wm_op ready;
    op_prepare(&ready, &ready_def, NULL, NULL);
    int err = wm_run(&dev->base, &ready, config->open_timeout_ms);
    if (err == 0)
        return 0;
    stop_thread(dev);
    finish(dev);
    return err;
}

static int open_device(struct device *dev, const struct wm_config *config)
{
    dev->base = (struct wm_device){&dev->core, &wait_ops};
    dev->on_event = config->on_event;
    dev->user = config->user;
    int err = init_core(dev, config);
    if (err == 0)
        err = start_thread(dev);
    if (err == 0)
        err = await_module(dev, config);
    if (err < 0) {
        explain(config, dev, err);
        free_device(dev);
    }
    return err;
}

int wm_open(struct wm_device **out, const struct wm_config *config)
{
    *out = NULL;
    if (config->detail && config->detail_size > 0)
        config->detail[0] = '\0';
    struct device *dev = calloc(1, sizeof *dev);
    if (!dev) {
        if (config->transport)
            config->transport->ops->close(config->transport);
        return WM_ERR_NOMEM;
    }
    dev->wake_fd = -1;
    int err = open_transport(dev, config);
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
    op_lock(&dev->base);
    engine_fail_all(&dev->core, WM_ERR_CANCELLED);
    op_unlock(&dev->base);
}

/* Closes what is open in the module, all of it within one deadline. */
static void close_links(struct device *dev)
{
    uint64_t deadline_ms = clock_ms() + CLOSE_MS;
    for (unsigned id = 0; id < dev->core.link_count; id++) {
        const struct wm_link *link = &dev->core.links[id];
        pthread_mutex_lock(&dev->mutex);
        int handle = link->owned && wm_core_ready(&dev->core) ? link->handle : -1;
        pthread_mutex_unlock(&dev->mutex);
        uint64_t now_ms = clock_ms();
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
    close_links(dev);
    stop_thread(dev);
    finish(dev);
    free_device(dev);
}

const char *wm_version(void)
{
    return WM_VERSION;
}
