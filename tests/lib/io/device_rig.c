#include "device_rig.h"

#include <check.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct scripted module;
struct wm_device *dev;

uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void open_with(struct wm_config config)
{
    char detail[256];
    config.detail = detail;
    config.detail_size = sizeof detail;
    int err = wm_open(&dev, &config);
    ck_assert_msg(err == 0, "%s: %s", wm_err_name(err), detail);
}

void open_device(enum wm_receive receive)
{
    open_with((struct wm_config){.transport = scripted_start(&module, false),
                                 .receive = receive,
                                 .idle_poll_ms = WM_FOREVER});
}

void close_device(void)
{
    wm_close(dev);
    scripted_join(&module);
}

int connect_link(void)
{
    int link = wm_tcp_connect(dev, &(struct wm_tcp_options){.host = "h", .port = 7}, 0);
    ck_assert_msg(link > 0, "%s", wm_err_name(link));
    return link;
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

void take_note(struct wm_op *op, int result, void *user)
{
    struct note *note = user;
    if (note->then && note->then(note))
        return;
    pthread_mutex_lock(&mutex);
    ck_assert_ptr_eq(op, &note->op);
    note->result = result;
    note->calls++;
    note->thread = pthread_self();
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

void submit(struct note *note, uint32_t timeout_ms)
{
    ck_assert_int_eq(wm_submit(dev, &note->op, timeout_ms, take_note, note), 0);
}

int await(struct note *note)
{
    pthread_mutex_lock(&mutex);
    while (note->calls == 0)
        pthread_cond_wait(&changed, &mutex);
    ck_assert_int_eq(note->calls, 1);
    int result = note->result;
    pthread_mutex_unlock(&mutex);
    return result;
}

void *run_op(void *arg)
{
    struct note *note = arg;
    note->result = wm_run(dev, &note->op, 10000);
    return NULL;
}

struct wm_event events[64];
static size_t event_count, events_seen;

void keep_event(struct wm_device *from, const struct wm_event *event, void *user)
{
    ck_assert_ptr_eq(user, events);
    ck_assert_int_eq(wm_probe(from, 0), WM_ERR_STATE);
    pthread_mutex_lock(&mutex);
    ck_assert_uint_lt(event_count, 64);
    events[event_count++] = *event;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

void expect_event(enum wm_event_kind kind, int link)
{
    pthread_mutex_lock(&mutex);
    while (event_count == events_seen)
        pthread_cond_wait(&changed, &mutex);
    struct wm_event event = events[events_seen++];
    pthread_mutex_unlock(&mutex);
    ck_assert_int_eq((int)event.kind, (int)kind);
    ck_assert_int_eq(event.link, link);
}

static ptrdiff_t choke_read(struct wm_transport *transport, void *bytes, size_t cap)
{
    struct choke *self = (struct choke *)transport;
    return self->inner->ops->read(self->inner, bytes, cap < self->most ? cap : self->most);
}

static ptrdiff_t choke_write(struct wm_transport *transport, const void *bytes, size_t len)
{
    struct choke *self = (struct choke *)transport;
    uint64_t one = 1;
    size_t most = len < self->most ? len : self->most;
    ptrdiff_t n = self->inner->ops->write(self->inner, bytes, most);
    if (n >= 0 && (size_t)n < most)
        ck_assert_int_eq((int)write(self->short_fd, &one, sizeof one), sizeof one);
    return n;
}

int choke_get_fd(struct wm_transport *transport)
{
    struct choke *self = (struct choke *)transport;
    return self->inner->ops->fd(self->inner);
}

static void choke_close(struct wm_transport *transport)
{
    struct choke *self = (struct choke *)transport;
    self->inner->ops->close(self->inner);
    close(self->short_fd);
    self->closed++;
}

static const struct wm_transport_ops choke_ops = {
    .read = choke_read, .write = choke_write, .fd = choke_get_fd, .close = choke_close};

struct choke choke;

struct wm_transport *choke_start(size_t most, bool mute)
{
    memset(&choke, 0, sizeof choke);
    choke.base.ops = &choke_ops;
    choke.inner = scripted_start(&module, mute);
    choke.most = most;
    choke.short_fd = eventfd(0, EFD_CLOEXEC);
    return &choke.base;
}
