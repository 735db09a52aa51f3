/* The blocking device: calls, callbacks and deadlines, against a scripted module. What wmat.h says
 * of threads and time is held here. */
#include <pthread.h>
#include <signal.h>
#include <string.h>

#include "device_rig.h"
#include "suite.h"

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

/* A program's signals go to its own threads. */
static bool blocks_signals(struct note *note)
{
    sigset_t mask;
    ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, NULL, &mask), 0);
    ck_assert_int_eq(sigismember(&mask, SIGUSR1) && sigismember(&mask, SIGTERM), 1);
    (void)note;
    return false;
}

START_TEST(the_io_thread_takes_no_signals)
{
    static struct note note = {.then = blocks_signals};
    sigset_t mask;
    open_device(WM_RECEIVE_PASSIVE);
    wm_probe_prepare(&note.op);
    submit(&note, 20000);
    ck_assert_int_eq(await(&note), 0);
    ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, NULL, &mask), 0);
    ck_assert_int_eq(sigismember(&mask, SIGUSR1), 0); /* those of the program are as they were */
    close_device();
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
    tcase_add_test(tc, close_cancels_what_is_pending);
    tcase_add_test(tc, close_closes_the_links);
    tcase_add_test(tc, deadlines_hold_when_the_module_says_nothing);
    tcase_add_test(tc, the_io_thread_takes_no_signals);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
