/* Events of the blocking device, told on its I/O thread. */
#include <pthread.h>

#include "device_rig.h"
#include "suite.h"

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

/* A completion that comes due while an event is told is not left until something else happens. */

static struct note waiting;

static void cancel_waiting(struct wm_device *from, const struct wm_event *event, void *user)
{
    keep_event(from, event, user);
    if (event->kind == WM_EVENT_WIFI_UP)
        wm_cancel(from, &waiting.op);
}

START_TEST(a_call_that_ends_while_an_event_is_told)
{
    char byte;
    open_with((struct wm_config){.transport = scripted_start(&module, false),
                                 .idle_poll_ms = WM_FOREVER,
                                 .on_event = cancel_waiting,
                                 .user = events});
    wm_recv_prepare(&waiting.op, connect_link(), &byte, 1);
    submit(&waiting, WM_FOREVER);
    scripted_say(&module, "WIFI GOT IP\r\n");
    ck_assert_int_eq(await(&waiting), WM_ERR_CANCELLED);
    close_device();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("device_events");
    TCase *tc = tcase_create("device_events");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, events_are_told);
    tcase_add_test(tc, a_failure_that_a_caller_caused_is_told);
    tcase_add_test(tc, a_failure_of_a_blocking_call_is_told);
    tcase_add_test(tc, a_call_that_ends_while_an_event_is_told);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
