/* Driver and virtual module in threads of one process, eight more on the device: what wmat.h says
 * of threads, callbacks and cancelled calls included. Under ThreadSanitizer this looks at both
 * sides.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <wmat/wmat.h>

#include "echo.h"
#include "sim_thread.h"
#include "suite.h"

#define TALKERS      3
#define LINKS_EACH   12
#define SENDS_EACH   4
#define MESSAGE      1200
#define PATIENT_MS   60000
#define OTHER_ROUNDS 40

static struct wm_device *dev;
static uint16_t port;
static atomic_int handles[TALKERS]; /* what the onlooker looks at; they may be gone */
static atomic_int events;

static void on_event(struct wm_device *from, const struct wm_event *event, void *user)
{
    struct wm_link_info info;
    struct wm_port_state state;
    (void)user;
    events++;
    wm_port_state(from, &state);
    if (event->link >= 0)
        wm_link_info(from, event->link, &info);
    ck_assert_int_eq(wm_probe(from, 0), WM_ERR_STATE);
}

static int dial(void)
{
    struct wm_tcp_options options = {.host = "127.0.0.1", .port = port};
    int link = wm_tcp_connect(dev, &options, PATIENT_MS);
    ck_assert_msg(link > 0, "%s", wm_err_name(link));
    return link;
}

static void expect(int link, const unsigned char *bytes, size_t len)
{
    unsigned char got[MESSAGE];
    for (size_t at = 0; at < len;) {
        int n = wm_recv(dev, link, got, len - at, PATIENT_MS);
        ck_assert_msg(n > 0, "%s", wm_err_name(n));
        ck_assert_int_eq(memcmp(got, bytes + at, (size_t)n), 0);
        at += (size_t)n;
    }
}

/* Connects, sends, receives, closes. */
static void *talk(void *arg)
{
    int self = *(int *)arg;
    unsigned char bytes[MESSAGE];
    for (int i = 0; i < LINKS_EACH; i++) {
        int link = dial();
        handles[self] = link;
        for (int n = 0; n < SENDS_EACH; n++) {
            memset(bytes, 'a' + self * SENDS_EACH + n, sizeof bytes);
            ck_assert_int_eq(wm_send(dev, link, bytes, sizeof bytes, PATIENT_MS), MESSAGE);
            expect(link, bytes, sizeof bytes);
        }
        ck_assert_int_eq(wm_link_close(dev, link, PATIENT_MS), 0);
    }
    return NULL;
}

static void *probe(void *arg)
{
    (void)arg;
    for (int i = 0; i < OTHER_ROUNDS; i++) {
        ck_assert_int_eq(wm_probe(dev, PATIENT_MS), 0);
        ck_assert_int_ge(wm_store_get(dev, PATIENT_MS), 0);
    }
    return NULL;
}

static void *scan(void *arg)
{
    struct wm_wifi_ap aps[4];
    struct wm_link_list list;
    (void)arg;
    for (int i = 0; i < OTHER_ROUNDS; i++) {
        ck_assert_int_eq(wm_wifi_scan(dev, aps, 4, PATIENT_MS), 1);
        ck_assert_str_eq(aps[0].ssid, "wmat");
        ck_assert_int_ge(wm_links(dev, &list, PATIENT_MS), 0);
    }
    return NULL;
}

/* Calls that wait for nothing. */
static void *look_on(void *arg)
{
    struct wm_link_info info;
    struct wm_stats stats;
    char words[64];
    (void)arg;
    for (int i = 0; i < OTHER_ROUNDS * 50; i++) {
        int handle = handles[i % TALKERS];
        int err = handle > 0 ? wm_link_info(dev, handle, &info) : 0;
        ck_assert(err == 0 || err == WM_ERR_ARG);
        wm_get_stats(dev, &stats);
        wm_last_detail(dev, words, sizeof words);
    }
    return NULL;
}

/* Asynchronous calls, half of them cancelled. */

struct call {
    struct wm_op op;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool over;
    int result;
};

static void finish(struct wm_op *op, int result, void *user)
{
    struct call *call = user;
    ck_assert_ptr_eq(op, &call->op);
    pthread_mutex_lock(&call->mutex);
    call->over = true;
    call->result = result;
    pthread_cond_signal(&call->changed);
    pthread_mutex_unlock(&call->mutex);
}

static void start(struct call *call)
{
    call->over = false;
    ck_assert_int_eq(wm_submit(dev, &call->op, PATIENT_MS, finish, call), 0);
}

static int await(struct call *call)
{
    pthread_mutex_lock(&call->mutex);
    while (!call->over)
        pthread_cond_wait(&call->changed, &call->mutex);
    pthread_mutex_unlock(&call->mutex);
    return call->result;
}

static void *submit_and_cancel(void *arg)
{
    struct call call = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    (void)arg;
    for (int i = 0; i < OTHER_ROUNDS; i++) {
        wm_wifi_mode_get_prepare(&call.op);
        start(&call);
        if (i % 2)
            wm_cancel(dev, &call.op);
        int result = await(&call);
        ck_assert_msg(result == 1 || (i % 2 && result == WM_ERR_CANCELLED), "%s",
                      wm_err_name(result));
    }
    return NULL;
}

/* A receive that waits for nothing that comes, ended by its own thread. */
static void *receive_and_cancel(void *arg)
{
    struct call call = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    char byte;
    (void)arg;
    int link = dial();
    for (int i = 0; i < OTHER_ROUNDS; i++) {
        ck_assert_int_eq(wm_recv_prepare(&call.op, link, &byte, 1), 0);
        start(&call);
        ck_assert_int_eq(wm_recv(dev, link, &byte, 1, 1), WM_ERR_TIMEOUT);
        wm_cancel(dev, &call.op);
        ck_assert_int_eq(await(&call), WM_ERR_CANCELLED);
    }
    ck_assert_int_eq(wm_link_close(dev, link, PATIENT_MS), 0);
    return NULL;
}

static void open_device(enum wm_receive receive)
{
    char detail[256];
    struct fw_linux *sim = sim_thread_start((struct fw_linux_options){.join_ssid = "wmat"});
    struct wm_config config = {.port = fw_linux_path(sim, 0),
                               .receive = receive,
                               .on_event = on_event,
                               .detail = detail,
                               .detail_size = sizeof detail};
    int err = wm_open(&dev, &config);
    ck_assert_msg(err == 0, "%s: %s", wm_err_name(err), detail);
}

START_TEST(eight_threads_on_one_device)
{
    void *(*const jobs[])(void *) = {
        talk, talk, talk, probe, scan, look_on, submit_and_cancel, receive_and_cancel};
    pthread_t threads[8];
    int numbers[8];
    struct wm_stats stats;
    struct wm_link_list list;
    port = echo_start();
    open_device(_i ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE);
    for (int i = 0; i < 8; i++) {
        numbers[i] = i;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, jobs[i], &numbers[i]), 0);
    }
    for (int i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    ck_assert_int_eq(wm_links(dev, &list, 0), 0);
    wm_get_stats(dev, &stats);
    ck_assert_uint_eq(stats.losses, 0);
    ck_assert_uint_eq(stats.resyncs, 0);
    ck_assert_int_gt(events, 0);
    wm_close(dev);
    sim_thread_stop();
    echo_stop();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("one process");
    TCase *tc = tcase_create("one process");
    tcase_set_timeout(tc, 300);
    tcase_add_checked_fixture(tc, sim_thread_setup, sim_thread_teardown);
    tcase_add_loop_test(tc, eight_threads_on_one_device, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
