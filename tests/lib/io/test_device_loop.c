/* A device that the program's own loop serves (loop.h), against a scripted module. */
#include <dirent.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "device_rig.h"
#include "suite.h"

/* What was called back, all of it in this thread. */
static struct wm_event told[32];
static size_t told_count;
static bool processing;

static void tell(struct wm_device *from, const struct wm_event *event, void *user)
{
    (void)user;
    ck_assert(processing);
    ck_assert_int_eq(wm_process(from), WM_ERR_STATE);
    ck_assert_int_eq(wm_probe(from, 0), WM_ERR_STATE);
    ck_assert_uint_lt(told_count, 32);
    told[told_count++] = *event;
}

static void open_loop(struct wm_transport *transport, enum wm_receive receive)
{
    open_with((struct wm_config){.transport = transport,
                                 .receive = receive,
                                 .ring_bytes = WM_RING_MIN,
                                 .idle_poll_ms = WM_FOREVER,
                                 .loop = true,
                                 .on_event = tell});
    ck_assert_uint_eq(told_count, 0);
}

static int process(void)
{
    processing = true;
    int err = wm_process(dev);
    processing = false;
    return err;
}

/* One turn of a program's loop. */
static int turn(void)
{
    struct pollfd pfd = {.fd = wm_fd(dev), .events = wm_events(dev)};
    uint64_t deadline_ms = wm_deadline(dev), now_ms = clock_ms();
    int timeout_ms = deadline_ms == WM_NO_DEADLINE ? -1
                     : deadline_ms <= now_ms       ? 0
                                                   : (int)(deadline_ms - now_ms);
    ck_assert_int_eq(pfd.fd >= 0, pfd.events != 0);
    poll(&pfd, 1, timeout_ms);
    return process();
}

static void await_event(enum wm_event_kind kind)
{
    while (told_count == 0 || told[told_count - 1].kind != kind)
        turn();
}

static int await_note(const struct note *note)
{
    while (note->calls == 0)
        turn();
    ck_assert(pthread_equal(note->thread, pthread_self()));
    return note->result;
}

static bool was_processing(struct note *note)
{
    (void)note;
    ck_assert(processing);
    ck_assert_int_eq(wm_process(dev), WM_ERR_STATE);
    ck_assert_int_eq(wm_probe(dev, 0), WM_ERR_STATE);
    return false;
}

static int count_threads(void)
{
    int count = 0;
    DIR *dir = opendir("/proc/self/task");
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

START_TEST(the_loop_does_all_the_work)
{
    static struct note note = {.then = was_processing};
    struct wm_transport *transport = scripted_start(&module, false);
    int threads = count_threads();
    open_loop(transport, WM_RECEIVE_PASSIVE);
    ck_assert_int_eq(count_threads(), threads);
    wm_store_get_prepare(&note.op);
    submit(&note, 20000); /* before it is ready: it waits */
    await_event(WM_EVENT_READY);
    ck_assert_int_eq(await_note(&note), 1);
    ck_assert_int_ge(wm_fd(dev), 0);
    ck_assert_int_eq(wm_events(dev), POLLIN);
    ck_assert_uint_eq(wm_deadline(dev), WM_NO_DEADLINE);
    ck_assert_int_eq(process(), 0); /* nothing to do: no harm */
    close_device();
}
END_TEST

START_TEST(blocking_calls_run_the_loop_themselves)
{
    static struct note note = {.then = was_processing};
    open_loop(scripted_start(&module, false), WM_RECEIVE_ACTIVE);
    wm_wifi_mode_get_prepare(&note.op);
    submit(&note, 20000);
    ck_assert_int_eq(wm_store_get(dev, 20000), 1); /* the search included */
    ck_assert_int_eq(note.calls, 0);
    ck_assert_uint_eq(told_count, 0);
    ck_assert_uint_eq(wm_deadline(dev), 0); /* for the callbacks */
    ck_assert_int_eq(process(), 0);
    ck_assert_int_eq(note.result, 1);
    ck_assert_uint_eq(told_count, 1);
    int link = connect_link();
    ck_assert_int_eq(wm_send(dev, link, "hello", 5, 20000), 5);
    scripted_hold(&module, "AT+SYSSTORE?");
    ck_assert_int_eq(wm_store_get(dev, 50), WM_ERR_TIMEOUT);
    scripted_answer(&module, "OK\r\n");
    ck_assert_int_eq(wm_probe(dev, 20000), 0);
    close_device();
    ck_assert_uint_eq(module.links, 0);
}
END_TEST

START_TEST(a_completion_may_start_the_next_call)
{
    static struct note first, second;
    open_loop(scripted_start(&module, false), WM_RECEIVE_PASSIVE);
    wm_probe_prepare(&first.op);
    submit(&first, 20000);
    ck_assert_int_eq(await_note(&first), 0);
    wm_probe_prepare(&second.op);
    submit(&second, 20000);
    wm_cancel(dev, &second.op);
    ck_assert_uint_eq(wm_deadline(dev), 0);
    ck_assert_int_eq(await_note(&second), WM_ERR_CANCELLED);
    close_device();
}
END_TEST

START_TEST(a_deadline_that_passes)
{
    static struct note note;
    open_loop(scripted_start(&module, true), WM_RECEIVE_PASSIVE);
    uint64_t start_ms = clock_ms();
    wm_probe_prepare(&note.op);
    submit(&note, 100);
    ck_assert_int_eq(await_note(&note), WM_ERR_TIMEOUT);
    ck_assert_uint_ge(clock_ms() - start_ms, 100);
    ck_assert_uint_lt(clock_ms() - start_ms, 5000);
    await_event(WM_EVENT_SILENT);
    close_device();
}
END_TEST

START_TEST(a_port_that_vanishes)
{
    static struct note note;
    open_loop(scripted_start(&module, false), WM_RECEIVE_PASSIVE);
    await_event(WM_EVENT_READY);
    scripted_hold(&module, "AT");
    wm_probe_prepare(&note.op);
    submit(&note, WM_FOREVER);
    scripted_await_held(&module);
    scripted_hang_up(&module);
    ck_assert_int_eq(await_note(&note), WM_ERR_IO);
    await_event(WM_EVENT_LOST);
    ck_assert_int_eq(wm_fd(dev), -1);
    ck_assert_int_eq(process(), WM_ERR_IO);
    ck_assert_int_eq(wm_probe(dev, 0), WM_ERR_IO);
    close_device();
}
END_TEST

/* While a ring is full nothing is polled for: a loop that did would spin. */
/* config.reopen runs where callbacks run: nothing in it may serve the device. */
static int reopens;

static int reopen_nothing(void *user, struct wm_transport **out)
{
    (void)user, (void)out;
    reopens++;
    ck_assert_int_eq(wm_process(dev), WM_ERR_STATE);
    ck_assert_int_eq(wm_probe(dev, 0), WM_ERR_STATE);
    return WM_ERR_IO;
}

START_TEST(reopening_is_a_callback)
{
    open_with((struct wm_config){
        .transport = scripted_start(&module, false), .loop = true, .reopen = reopen_nothing});
    scripted_hang_up(&module);
    while (reopens < 2)
        turn();
    ck_assert_int_eq(process(), 0); /* it may serve the device again */
    close_device();
}
END_TEST

START_TEST(a_full_ring)
{
    static char frame[WM_RING_MIN + 100], bytes[sizeof frame];
    open_loop(scripted_start(&module, false), WM_RECEIVE_ACTIVE);
    int link = connect_link();
    scripted_say(&module, "+IPD,0,356:");
    for (size_t i = 0; i < sizeof frame; i++)
        frame[i] = (char)i;
    scripted_say_bytes(&module, frame, sizeof frame);
    scripted_say(&module, "\r\n");
    while (wm_fd(dev) >= 0)
        turn();
    ck_assert_int_eq(wm_events(dev), 0);
    for (size_t at = 0; at < sizeof frame;) {
        int n = wm_recv(dev, link, bytes + at, sizeof bytes - at, 20000);
        ck_assert_int_gt(n, 0);
        at += (size_t)n;
    }
    ck_assert_int_eq(memcmp(bytes, frame, sizeof frame), 0);
    ck_assert_int_eq(wm_events(dev), POLLIN);
    close_device();
}
END_TEST

START_TEST(a_full_output_buffer)
{
    static char data[30000];
    static struct note note;
    int small = 1;
    struct wm_transport *transport = choke_start(SIZE_MAX, false);
    setsockopt(choke_get_fd(transport), SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    open_loop(transport, WM_RECEIVE_PASSIVE);
    int link = connect_link();
    scripted_deafen(&module, true);
    wm_send_prepare(&note.op, link, data, sizeof data);
    submit(&note, 60000);
    while (wm_events(dev) != (POLLIN | POLLOUT))
        turn();
    scripted_deafen(&module, false);
    ck_assert_int_eq(await_note(&note), sizeof data);
    ck_assert_int_eq(wm_events(dev), POLLIN);
    close_device();
    ck_assert_uint_eq(module.payload_len, sizeof data);
}
END_TEST

static bool may_not_wait(struct note *note)
{
    (void)note;
    ck_assert(!processing);
    ck_assert_int_eq(wm_probe(dev, 0), WM_ERR_STATE);
    return false;
}

START_TEST(close_calls_back_what_it_cancels)
{
    static struct note note = {.then = may_not_wait};
    open_loop(scripted_start(&module, false), WM_RECEIVE_PASSIVE);
    await_event(WM_EVENT_READY);
    scripted_hold(&module, "AT");
    wm_probe_prepare(&note.op);
    submit(&note, WM_FOREVER);
    close_device();
    ck_assert_int_eq(note.calls, 1);
    ck_assert_int_eq(note.result, WM_ERR_CANCELLED);
}
END_TEST

START_TEST(a_device_with_a_thread_has_no_such_door)
{
    open_device(WM_RECEIVE_PASSIVE);
    ck_assert_int_eq(wm_fd(dev), -1);
    ck_assert_int_eq(wm_events(dev), 0);
    ck_assert_uint_eq(wm_deadline(dev), WM_NO_DEADLINE);
    ck_assert_int_eq(wm_process(dev), WM_ERR_STATE);
    close_device();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("device_loop");
    TCase *tc = tcase_create("device_loop");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, the_loop_does_all_the_work);
    tcase_add_test(tc, blocking_calls_run_the_loop_themselves);
    tcase_add_test(tc, a_completion_may_start_the_next_call);
    tcase_add_test(tc, a_deadline_that_passes);
    tcase_add_test(tc, a_port_that_vanishes);
    tcase_add_test(tc, reopening_is_a_callback);
    tcase_add_test(tc, a_full_ring);
    tcase_add_test(tc, a_full_output_buffer);
    tcase_add_test(tc, close_calls_back_what_it_cancels);
    tcase_add_test(tc, a_device_with_a_thread_has_no_such_door);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
