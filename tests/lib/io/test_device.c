/* The blocking device: its threads, callbacks, deadlines and ports, against a scripted module. What
 * wmat.h says of threads and time is held here. */
#include <dirent.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <poll.h>
#include <unistd.h>

#include <wmat/wmat.h>

#include "scripted.h"
#include "suite.h"

static struct scripted module;
static struct wm_device *dev;

static uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void open_with(struct wm_config config)
{
    char detail[256];
    config.detail = detail;
    config.detail_size = sizeof detail;
    int err = wm_open(&dev, &config);
    ck_assert_msg(err == 0, "%s: %s", wm_err_name(err), detail);
}

static void open_device(enum wm_receive receive)
{
    open_with((struct wm_config){.transport = scripted_start(&module, false),
                                 .receive = receive,
                                 .idle_poll_ms = WM_FOREVER});
}

static void close_device(void)
{
    wm_close(dev);
    scripted_join(&module);
}

static int connect_link(void)
{
    int link = wm_tcp_connect(dev, &(struct wm_tcp_options){.host = "h", .port = 7}, 0);
    ck_assert_msg(link > 0, "%s", wm_err_name(link));
    return link;
}

/* Completions: what ended, where, how. */

struct note {
    struct wm_op op;
    int result;
    int calls;
    pthread_t thread;
    bool (*then)(struct note *note); /* true: it was started again */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

static void take_note(struct wm_op *op, int result, void *user)
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

static void submit(struct note *note, uint32_t timeout_ms)
{
    ck_assert_int_eq(wm_submit(dev, &note->op, timeout_ms, take_note, note), 0);
}

static int await(struct note *note)
{
    pthread_mutex_lock(&mutex);
    while (note->calls == 0)
        pthread_cond_wait(&changed, &mutex);
    ck_assert_int_eq(note->calls, 1);
    int result = note->result;
    pthread_mutex_unlock(&mutex);
    return result;
}

/* Blocking calls from several threads at once. */

static int calls_of_each_kind(void)
{
    char words[64];
    struct wm_stats stats;
    int link = connect_link();
    for (int i = 0; i < 25; i++) {
        if (wm_probe(dev, 20000) != 0 || wm_store_get(dev, 20000) != 1 ||
            wm_wifi_mode_get(dev, 20000) != 1 || wm_send(dev, link, "hello", 5, 20000) != 5 ||
            wm_at(dev, "AT+PING=\"x\"", NULL, NULL, 20000) != WM_ERR_DEVICE)
            return i + 1;
        wm_get_stats(dev, &stats);
        wm_last_detail(dev, words, sizeof words);
        ck_assert_str_eq(words, "AT+PING: ERROR");
    }
    return wm_link_close(dev, link, 0);
}

static void *call(void *arg)
{
    *(int *)arg = calls_of_each_kind();
    return NULL;
}

START_TEST(calls_from_several_threads)
{
    pthread_t threads[WM_LINKS];
    int results[WM_LINKS];
    open_device(_i ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE);
    for (int i = 0; i < WM_LINKS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, call, &results[i]), 0);
    for (int i = 0; i < WM_LINKS; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(results[i], 0);
    }
    close_device();
    ck_assert_uint_eq(module.payload_len, WM_LINKS * 25 * 5);
}
END_TEST

/* Asynchronous calls. */

START_TEST(completions_run_on_the_io_thread)
{
    static struct note notes[20];
    open_device(WM_RECEIVE_PASSIVE);
    for (int i = 0; i < 20; i++) {
        wm_store_get_prepare(&notes[i].op);
        submit(&notes[i], 20000);
    }
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(await(&notes[i]), 1);
        ck_assert(!pthread_equal(notes[i].thread, pthread_self()));
        ck_assert(pthread_equal(notes[i].thread, notes[0].thread));
    }
    close_device();
}
END_TEST

START_TEST(what_can_not_start_is_refused_at_once)
{
    struct wm_op op;
    struct note note = {0};
    open_device(WM_RECEIVE_PASSIVE);
    ck_assert_int_eq(wm_wifi_mode_set_prepare(&op, (enum wm_wifi_mode)9), WM_ERR_ARG);
    ck_assert_int_eq(wm_submit(dev, &op, 0, take_note, &note), WM_ERR_STATE);
    ck_assert_int_eq(wm_run(dev, &op, 0), WM_ERR_STATE);
    ck_assert_int_eq(note.calls, 0);
    close_device();
}
END_TEST

/* Inside callbacks. */

static struct note inner;
static int link_in_callback;

static bool call_in_callback(struct note *note)
{
    char bytes[4], words[32];
    struct wm_link_info info;
    struct wm_stats stats;
    (void)note;
    ck_assert_int_eq(wm_probe(dev, 0), WM_ERR_STATE);
    ck_assert_int_eq(wm_send(dev, link_in_callback, "x", 1, 0), WM_ERR_STATE);
    ck_assert_int_eq(wm_recv(dev, link_in_callback, bytes, sizeof bytes, 0), WM_ERR_STATE);
    ck_assert_int_eq(wm_link_close(dev, link_in_callback, 0), WM_ERR_STATE);
    ck_assert_int_eq(wm_link_info(dev, link_in_callback, &info), 0);
    wm_get_stats(dev, &stats);
    wm_last_detail(dev, words, sizeof words);
    wm_store_get_prepare(&inner.op);
    submit(&inner, 20000);
    return false;
}

START_TEST(completions_may_start_calls_but_not_wait)
{
    struct note note = {.then = call_in_callback};
    open_device(WM_RECEIVE_PASSIVE);
    link_in_callback = connect_link();
    wm_probe_prepare(&note.op);
    submit(&note, 20000);
    ck_assert_int_eq(await(&note), 0);
    ck_assert_int_eq(await(&inner), 1);
    close_device();
}
END_TEST

/* A chain: each completion starts its own operation again. */

static int rounds;

static bool resubmit(struct note *note)
{
    if (++rounds == 10)
        return false;
    submit(note, 20000);
    return true;
}

START_TEST(a_completion_may_start_its_operation_again)
{
    static struct note note = {.then = resubmit};
    open_device(WM_RECEIVE_PASSIVE);
    wm_probe_prepare(&note.op);
    submit(&note, 20000);
    ck_assert_int_eq(await(&note), 0);
    close_device();
    ck_assert_int_eq(rounds, 10);
}
END_TEST

/* wm_cancel. */

START_TEST(cancelling_running_queued_and_waiting_calls)
{
    static struct note running, queued, waiting;
    char bytes[4];
    open_device(WM_RECEIVE_PASSIVE);
    int link = connect_link();
    scripted_hold(&module, "AT+SYSSTORE?");
    wm_store_get_prepare(&running.op);
    wm_probe_prepare(&queued.op);
    wm_recv_prepare(&waiting.op, link, bytes, sizeof bytes);
    submit(&running, WM_FOREVER);
    submit(&queued, WM_FOREVER);
    submit(&waiting, WM_FOREVER);
    scripted_await_held(&module);
    wm_cancel(dev, &waiting.op);
    ck_assert_int_eq(await(&waiting), WM_ERR_CANCELLED);
    wm_cancel(dev, &queued.op);
    ck_assert_int_eq(await(&queued), WM_ERR_CANCELLED);
    wm_cancel(dev, &running.op);
    ck_assert_int_eq(await(&running), WM_ERR_CANCELLED);
    wm_cancel(dev, &running.op); /* it has ended */
    scripted_answer(&module, "+SYSSTORE:0\r\nOK\r\n");
    ck_assert_int_eq(wm_store_get(dev, 0), 1);
    ck_assert_int_eq(running.calls, 1);
    close_device();
}
END_TEST

static void *run_op(void *arg)
{
    struct note *note = arg;
    note->result = wm_run(dev, &note->op, 10000);
    return NULL;
}

START_TEST(cancelling_a_blocking_call)
{
    struct note note = {0};
    pthread_t thread;
    open_device(WM_RECEIVE_PASSIVE);
    scripted_hold(&module, "AT+SYSSTORE?");
    wm_store_get_prepare(&note.op);
    pthread_create(&thread, NULL, run_op, &note);
    scripted_await_held(&module);
    wm_cancel(dev, &note.op);
    pthread_join(thread, NULL);
    ck_assert_int_eq(note.result, WM_ERR_CANCELLED);
    scripted_answer(&module, "OK\r\n");
    close_device();
}
END_TEST

/* Events. */

static struct wm_event events[64];
static size_t event_count, events_seen;

static void keep_event(struct wm_device *from, const struct wm_event *event, void *user)
{
    ck_assert_ptr_eq(user, events);
    ck_assert_int_eq(wm_probe(from, 0), WM_ERR_STATE);
    pthread_mutex_lock(&mutex);
    ck_assert_uint_lt(event_count, 64);
    events[event_count++] = *event;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

/* The next event must be this one. */
static void expect_event(enum wm_event_kind kind, int link)
{
    pthread_mutex_lock(&mutex);
    while (event_count == events_seen)
        pthread_cond_wait(&changed, &mutex);
    struct wm_event event = events[events_seen++];
    pthread_mutex_unlock(&mutex);
    ck_assert_int_eq((int)event.kind, (int)kind);
    ck_assert_int_eq(event.link, link);
}

static void open_with_events(void)
{
    open_with((struct wm_config){.transport = scripted_start(&module, false),
                                 .receive = WM_RECEIVE_ACTIVE,
                                 .on_event = keep_event,
                                 .user = events});
    expect_event(WM_EVENT_READY, -1);
}

START_TEST(events_are_told)
{
    open_with_events();
    int link = connect_link();
    scripted_say(&module, "+IPD,0,5:hello\r\n");
    expect_event(WM_EVENT_READABLE, link);
    scripted_say(&module, "0,CLOSED\r\n");
    expect_event(WM_EVENT_ENDED, link);
    scripted_say(&module, "WIFI GOT IP\r\n");
    expect_event(WM_EVENT_WIFI_UP, -1);
    scripted_say(&module, "WIFI DISCONNECT\r\n");
    expect_event(WM_EVENT_WIFI_DOWN, -1);
    link = wm_tcp_connect(
        dev, &(struct wm_tcp_options){.host = "h", .port = 7, .own_id = true, .link_id = 3}, 0);
    ck_assert_int_gt(link, 0);
    scripted_say(&module, "ready\r\n");
    expect_event(WM_EVENT_RESET, -1);
    expect_event(WM_EVENT_FAILED, link);
    expect_event(WM_EVENT_READY, -1);
    scripted_hang_up(&module);
    expect_event(WM_EVENT_LOST, -1);
    close_device();
}
END_TEST

/* A send that is cancelled in mid-payload gives up its link: its owner hears that at once. */
START_TEST(a_failure_that_a_caller_caused_is_told)
{
    static struct note note;
    open_with_events();
    int link = connect_link();
    scripted_hold(&module, "SEND OK");
    wm_send_prepare(&note.op, link, "hello", 5);
    submit(&note, WM_FOREVER);
    scripted_await_held(&module);
    wm_cancel(dev, &note.op);
    ck_assert_int_eq(await(&note), WM_ERR_CANCELLED);
    expect_event(WM_EVENT_FAILED, link);
    close_device();
}
END_TEST

START_TEST(a_failure_of_a_blocking_call_is_told)
{
    struct note note = {0};
    pthread_t thread;
    open_with_events();
    int link = connect_link();
    scripted_hold(&module, "SEND OK");
    wm_send_prepare(&note.op, link, "hello", 5);
    pthread_create(&thread, NULL, run_op, &note);
    scripted_await_held(&module);
    uint64_t start_ms = clock_ms();
    wm_cancel(dev, &note.op);
    expect_event(WM_EVENT_FAILED, link);
    ck_assert_uint_lt(clock_ms() - start_ms, 5000);
    pthread_join(thread, NULL);
    ck_assert_int_eq(note.result, WM_ERR_CANCELLED);
    close_device();
}
END_TEST

/* wm_close. */

static int wait_while_closing, start_when_closed;

/* Only that thread moves bytes, and it has ended. */
static bool call_when_closed(struct note *note)
{
    start_when_closed = wm_submit(dev, &note->op, 0, take_note, note);
    return false;
}

static bool call_while_closing(struct note *note)
{
    (void)note;
    wait_while_closing = wm_probe(dev, 0);
    wm_probe_prepare(&inner.op);
    inner.then = call_when_closed;
    submit(&inner, WM_FOREVER);
    return false;
}

START_TEST(close_cancels_what_is_pending)
{
    static struct note running = {.then = call_while_closing}, queued, waiting;
    char bytes[4];
    open_device(WM_RECEIVE_PASSIVE);
    int link = connect_link();
    scripted_hold(&module, "AT+SYSSTORE?");
    wm_store_get_prepare(&running.op);
    wm_probe_prepare(&queued.op);
    wm_recv_prepare(&waiting.op, link, bytes, sizeof bytes);
    submit(&running, WM_FOREVER);
    submit(&queued, WM_FOREVER);
    submit(&waiting, WM_FOREVER);
    scripted_await_held(&module);
    uint64_t start_ms = clock_ms();
    wm_close(dev);
    ck_assert_uint_lt(clock_ms() - start_ms, 5000);
    ck_assert_int_eq(await(&running), WM_ERR_CANCELLED);
    ck_assert_int_eq(await(&queued), WM_ERR_CANCELLED);
    ck_assert_int_eq(await(&waiting), WM_ERR_CANCELLED);
    ck_assert_int_eq(wait_while_closing, WM_ERR_STATE);
    ck_assert_int_eq(await(&inner), WM_ERR_CANCELLED);
    ck_assert_int_eq(start_when_closed, WM_ERR_CANCELLED);
    scripted_join(&module);
}
END_TEST

START_TEST(close_closes_the_links)
{
    open_device(WM_RECEIVE_PASSIVE);
    connect_link();
    connect_link();
    close_device();
    ck_assert_uint_eq(module.links, 0);
    wm_close(NULL);
}
END_TEST

/* The port vanishes. */

START_TEST(a_call_while_the_port_vanishes)
{
    static struct note async;
    struct note blocking = {0};
    pthread_t thread;
    char bytes[16];
    open_device(WM_RECEIVE_ACTIVE);
    int link = connect_link();
    scripted_say(&module, "+IPD,0,5:hello\r\n");
    ck_assert_int_eq(wm_recv(dev, link, bytes, 2, 20000), 2);
    scripted_hold(&module, "AT+SYSSTORE?");
    wm_store_get_prepare(&blocking.op);
    pthread_create(&thread, NULL, run_op, &blocking);
    scripted_await_held(&module);
    wm_probe_prepare(&async.op);
    submit(&async, WM_FOREVER);
    scripted_hang_up(&module);
    pthread_join(thread, NULL);
    ck_assert_int_eq(blocking.result, WM_ERR_IO);
    ck_assert_int_eq(await(&async), WM_ERR_IO);
    ck_assert_int_eq(wm_probe(dev, 0), WM_ERR_IO);
    ck_assert_int_eq(wm_recv(dev, link, bytes, sizeof bytes, 0), 3);
    ck_assert_int_eq(memcmp(bytes, "llo", 3), 0);
    ck_assert_int_eq(wm_recv(dev, link, bytes, sizeof bytes, WM_FOREVER), WM_ERR_IO);
    close_device();
}
END_TEST

/* A transport of the caller's: around another, it takes few bytes at a time and tells when it took
 * fewer than it was given. */

struct choke {
    struct wm_transport base;
    struct wm_transport *inner;
    size_t most; /* at a time */
    int short_fd;
    atomic_int closed;
};

static ptrdiff_t choke_read(struct wm_transport *transport, void *bytes, size_t cap)
{
    struct choke *choke = (struct choke *)transport;
    return choke->inner->ops->read(choke->inner, bytes, cap < choke->most ? cap : choke->most);
}

static ptrdiff_t choke_write(struct wm_transport *transport, const void *bytes, size_t len)
{
    struct choke *choke = (struct choke *)transport;
    uint64_t one = 1;
    size_t most = len < choke->most ? len : choke->most;
    ptrdiff_t n = choke->inner->ops->write(choke->inner, bytes, most);
    if (n >= 0 && (size_t)n < most)
        ck_assert_int_eq((int)write(choke->short_fd, &one, sizeof one), sizeof one);
    return n;
}

static int choke_get_fd(struct wm_transport *transport)
{
    struct choke *choke = (struct choke *)transport;
    return choke->inner->ops->fd(choke->inner);
}

static void choke_close(struct wm_transport *transport)
{
    struct choke *choke = (struct choke *)transport;
    choke->inner->ops->close(choke->inner);
    close(choke->short_fd);
    choke->closed++;
}

static const struct wm_transport_ops choke_ops = {
    .read = choke_read, .write = choke_write, .fd = choke_get_fd, .close = choke_close};

static struct choke choke;

static struct wm_transport *choke_start(size_t most, bool mute)
{
    memset(&choke, 0, sizeof choke);
    choke.base.ops = &choke_ops;
    choke.inner = scripted_start(&module, mute);
    choke.most = most;
    choke.short_fd = eventfd(0, EFD_CLOEXEC);
    return &choke.base;
}

static unsigned char data[30000];

static void fill_data(void)
{
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)(i * 7 + i / 251);
}

START_TEST(short_reads_and_writes)
{
    static const size_t sizes[] = {1, 2, 3, 7, 1000};
    unsigned char bytes[5];
    fill_data();
    open_with((struct wm_config){.transport = choke_start(sizes[_i], false),
                                 .receive = WM_RECEIVE_ACTIVE});
    int link = connect_link();
    ck_assert_int_eq(wm_send(dev, link, data, sizeof data, 60000), sizeof data);
    scripted_say(&module, "+IPD,0,5:hello\r\n");
    for (int at = 0; at < 5;) {
        int n = wm_recv(dev, link, bytes + at, sizeof bytes - (size_t)at, 20000);
        ck_assert_int_gt(n, 0);
        at += n;
    }
    ck_assert_int_eq(memcmp(bytes, "hello", 5), 0);
    close_device();
    ck_assert_int_eq(choke.closed, 1);
    ck_assert_uint_eq(module.payload_len, sizeof data);
    ck_assert_int_eq(memcmp(module.payload, data, sizeof data), 0);
}
END_TEST

/* The module stops reading in the middle of a send until the port takes nothing more. */
START_TEST(a_full_output_buffer)
{
    static struct note note;
    int small = 1;
    uint64_t shorts;
    fill_data();
    struct wm_transport *transport = choke_start(SIZE_MAX, false);
    setsockopt(choke_get_fd(transport), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    open_with((struct wm_config){.transport = transport});
    int link = connect_link();
    scripted_deafen(&module, true);
    wm_send_prepare(&note.op, link, data, sizeof data);
    submit(&note, 60000);
    ck_assert_int_eq((int)read(choke.short_fd, &shorts, sizeof shorts), sizeof shorts);
    ck_assert_int_eq(wm_recv(dev, link, &(char){0}, 1, 0), WM_ERR_TIMEOUT);
    scripted_deafen(&module, false);
    ck_assert_int_eq(await(&note), sizeof data);
    close_device();
    ck_assert_int_eq(memcmp(module.payload, data, sizeof data), 0);
}
END_TEST

/* Active mode: a full ring holds up the input until somebody reads. */

#define STREAM (512 * 1024)

static void *stream(void *arg)
{
    char frame[1500];
    (void)arg;
    for (size_t at = 0; at < STREAM; at += 1024) {
        memcpy(frame, "+IPD,0,1024:", 12);
        for (size_t i = 0; i < 1024; i++)
            frame[12 + i] = (char)((at + i) % 253);
        memcpy(frame + 12 + 1024, "\r\n", 2);
        scripted_say_bytes(&module, frame, 12 + 1024 + 2);
    }
    return NULL;
}

/* Until the stream has filled the ring of a link. */
static void await_full_ring(int link)
{
    struct wm_link_info info;
    do {
        sched_yield();
        ck_assert_int_eq(wm_link_info(dev, link, &info), 0);
    } while (info.buffered_bytes < WM_RING_MIN);
}

START_TEST(a_full_ring_waits_for_its_reader)
{
    unsigned char bytes[300];
    pthread_t thread;
    struct wm_stats stats;
    open_with((struct wm_config){.transport = scripted_start(&module, false),
                                 .receive = WM_RECEIVE_ACTIVE,
                                 .ring_bytes = WM_RING_MIN});
    int link = connect_link();
    pthread_create(&thread, NULL, stream, NULL);
    await_full_ring(link);
    ck_assert_int_eq(wm_probe(dev, 50),
                     WM_ERR_TIMEOUT); /* its answer is behind what nobody reads */
    for (size_t at = 0; at < STREAM;) {
        int n = wm_recv(dev, link, bytes, at % 300 + 1, 20000);
        ck_assert_msg(n > 0, "%s at %zu", wm_err_name(n), at);
        for (int i = 0; i < n; i++, at++)
            ck_assert_int_eq(bytes[i], (int)(at % 253));
    }
    pthread_join(thread, NULL);
    ck_assert_int_eq(wm_probe(dev, 20000), 0);
    wm_get_stats(dev, &stats);
    ck_assert_uint_eq(stats.losses, 0);
    close_device();
}
END_TEST

/* Time. */

START_TEST(deadlines_hold_when_the_module_says_nothing)
{
    char byte;
    open_device(WM_RECEIVE_PASSIVE);
    int link = connect_link();
    scripted_hold(&module, "AT");
    uint64_t start_ms = clock_ms();
    ck_assert_int_eq(wm_probe(dev, 200), WM_ERR_TIMEOUT);
    ck_assert_int_eq(wm_store_get(dev, 200),
                     WM_ERR_TIMEOUT); /* behind the one that is not answered */
    ck_assert_int_eq(wm_recv(dev, link, &byte, 1, 200), WM_ERR_TIMEOUT);
    uint64_t took_ms = clock_ms() - start_ms;
    ck_assert_uint_ge(took_ms, 600);
    ck_assert_uint_lt(took_ms, 5000);
    ck_assert_int_eq(wm_recv(dev, link, &byte, 1, 0), WM_ERR_TIMEOUT);
    scripted_answer(&module, "OK\r\n");
    ck_assert_int_eq(wm_store_get(dev, 0), 1);
    close_device();
}
END_TEST

/* wm_open that fails. */

static int count_fds(void)
{
    int count = 0;
    DIR *dir = opendir("/proc/self/fd");
    ck_assert_ptr_nonnull(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static const struct {
    struct wm_config config;
    bool mute, gone;
    int err;
    const char *words;
} failures[] = {
    {{.ring_bytes = 255}, false, false, WM_ERR_ARG, "range"},
    {{.open_timeout_ms = 200}, true, false, WM_ERR_TIMEOUT, "check the port"},
    {{.open_timeout_ms = 20000}, false, true, WM_ERR_IO, "vanished"},
    {{.open_timeout_ms = 20000, .attach = true}, false, true, WM_ERR_IO, "vanished"},
};

START_TEST(an_open_that_fails_leaves_nothing_behind)
{
    char detail[256] = "";
    int before = count_fds();
    struct wm_config config = failures[_i].config;
    config.transport = choke_start(SIZE_MAX, failures[_i].mute);
    config.detail = detail;
    config.detail_size = sizeof detail;
    dev = (struct wm_device *)&choke;
    if (failures[_i].gone)
        scripted_hang_up(&module);
    ck_assert_int_eq(wm_open(&dev, &config), failures[_i].err);
    ck_assert_ptr_null(dev);
    ck_assert_int_eq(choke.closed, 1);
    scripted_join(&module);
    ck_assert_int_eq(count_fds(), before);
    ck_assert_msg(strstr(detail, failures[_i].words), "%s", detail);
}
END_TEST

START_TEST(an_open_and_a_close_leave_nothing_behind)
{
    int before = count_fds();
    open_with((struct wm_config){.transport = choke_start(SIZE_MAX, false), .attach = _i});
    ck_assert_int_eq(wm_probe(dev, 0), 0);
    if (_i)
        ck_assert_int_eq(wm_tcp_connect(dev, &(struct wm_tcp_options){.host = "h", .port = 7}, 0),
                         WM_ERR_STATE);
    close_device();
    ck_assert_int_eq(choke.closed, 1);
    ck_assert_int_eq(count_fds(), before);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("device");
    TCase *tc = tcase_create("device");
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, calls_from_several_threads, 0, 2);
    tcase_add_test(tc, completions_run_on_the_io_thread);
    tcase_add_test(tc, what_can_not_start_is_refused_at_once);
    tcase_add_test(tc, completions_may_start_calls_but_not_wait);
    tcase_add_test(tc, a_completion_may_start_its_operation_again);
    tcase_add_test(tc, cancelling_running_queued_and_waiting_calls);
    tcase_add_test(tc, cancelling_a_blocking_call);
    tcase_add_test(tc, events_are_told);
    tcase_add_test(tc, a_failure_that_a_caller_caused_is_told);
    tcase_add_test(tc, a_failure_of_a_blocking_call_is_told);
    tcase_add_test(tc, close_cancels_what_is_pending);
    tcase_add_test(tc, close_closes_the_links);
    tcase_add_test(tc, a_call_while_the_port_vanishes);
    tcase_add_loop_test(tc, short_reads_and_writes, 0, 5);
    tcase_add_test(tc, a_full_output_buffer);
    tcase_add_test(tc, a_full_ring_waits_for_its_reader);
    tcase_add_test(tc, deadlines_hold_when_the_module_says_nothing);
    tcase_add_loop_test(tc, an_open_that_fails_leaves_nothing_behind, 0,
                        sizeof failures / sizeof failures[0]);
    tcase_add_loop_test(tc, an_open_and_a_close_leave_nothing_behind, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
