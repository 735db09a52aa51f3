/* The port vanishes with its module and comes back, under the same name or another one: links fail,
 * events tell, and new calls work. */
#include <poll.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "folder.h"
#include "host.h"
#include "peer.h"
#include "suite.h"
#include "watch.h"

static struct host host;
static void stop(void)
{
    sim_stop(&host.sim);
    folder_remove();
}

static void start_sim(struct sim *sim, const char *link)
{
    const char *const args[] = {"--join", "wmat", "--link", link, NULL};
    sim_start(sim, args);
}

static struct wm_port_state port_state(void)
{
    struct wm_port_state state;
    wm_port_state(host.dev, &state);
    return state;
}

/* The virtual module dies and is started again under the same name. */

START_TEST(the_same_path_comes_back)
{
    const char *link_path = folder_path("w800");
    struct peer peer;
    start_sim(&host.sim, link_path);
    host_open_with(&host, (struct wm_config){.port = link_path});
    ck_assert_str_eq(port_state().name, link_path);
    ck_assert(port_state().open);
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX});
    int link = host_connect(&host, peer.port);
    sim_kill(&host.sim);
    watch_await(WM_EVENT_LOST);
    ck_assert_int_eq(wm_probe(host.dev, 0), WM_ERR_IO);
    host_expect_reset(&host, link);
    ck_assert(!port_state().open);
    peer_join(&peer);
    start_sim(&host.sim, link_path);
    watch_await(WM_EVENT_READY);
    ck_assert(port_state().open);
    ck_assert_uint_eq(port_state().reopened, 1);
    host_expect_works(&host);
    wm_close(host.dev);
}
END_TEST

START_TEST(closing_while_the_port_is_gone)
{
    const char *link_path = folder_path("w800");
    start_sim(&host.sim, link_path);
    host_open_with(&host, (struct wm_config){.port = link_path});
    sim_kill(&host.sim);
    watch_await(WM_EVENT_LOST);
    wm_close(host.dev);
    unlink(link_path);
}
END_TEST

START_TEST(a_port_that_is_not_opened_again)
{
    const char *link_path = folder_path("w800");
    struct peer peer;
    start_sim(&host.sim, link_path);
    host_open_with(&host, (struct wm_config){.port = link_path, .no_reopen = true});
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX});
    int link = host_connect(&host, peer.port);
    char byte;
    sim_kill(&host.sim);
    ck_assert_int_eq(wm_recv(host.dev, link, &byte, 1, 20000), WM_ERR_IO);
    ck_assert_int_eq(wm_recv(host.dev, link, &byte, 1, 20000), WM_ERR_IO);
    ck_assert_int_eq(wm_probe(host.dev, 0), WM_ERR_IO);
    peer_join(&peer);
    wm_close(host.dev);
    unlink(link_path);
}
END_TEST

/* In the program's loop. */

static void turn(void)
{
    struct pollfd pfd = {.fd = wm_fd(host.dev), .events = wm_events(host.dev)};
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t now_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    uint64_t deadline_ms = wm_deadline(host.dev);
    poll(&pfd, 1,
         deadline_ms == WM_NO_DEADLINE ? -1
                                       : (int)(deadline_ms > now_ms ? deadline_ms - now_ms : 0));
    ck_assert_int_eq(wm_process(host.dev), 0);
}

static void turn_until(enum wm_event_kind kind)
{
    while (!watch_has(kind))
        turn();
    watch_await(kind);
}

START_TEST(the_same_path_comes_back_in_a_loop)
{
    const char *link_path = folder_path("w800");
    start_sim(&host.sim, link_path);
    host_open_with(&host, (struct wm_config){.port = link_path, .loop = true});
    turn_until(WM_EVENT_READY);
    host_expect_works(&host);
    sim_kill(&host.sim);
    turn_until(WM_EVENT_LOST);
    ck_assert_int_eq(wm_fd(host.dev), -1);
    ck_assert_uint_ne(wm_deadline(host.dev), WM_NO_DEADLINE);
    ck_assert_int_eq(wm_probe(host.dev, 0), WM_ERR_IO);
    start_sim(&host.sim, link_path);
    turn_until(WM_EVENT_READY);
    host_expect_works(&host);
    wm_close(host.dev);
}
END_TEST

/* The adapter gets another name: found by its serial number. */

static struct wm_port ports[3];
static int port_count, lists;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t listed = PTHREAD_COND_INITIALIZER;

static int list_ports(void *user, struct wm_port *out, size_t max)
{
    (void)user;
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < port_count && (size_t)i < max; i++)
        out[i] = ports[i];
    int count = port_count;
    lists++;
    pthread_cond_broadcast(&listed);
    pthread_mutex_unlock(&mutex);
    return count;
}

static const struct wm_port_source table = {.list = list_ports};

/* name and serial of each, the last name NULL. */
static void set_ports(const char *const (*rows)[2])
{
    pthread_mutex_lock(&mutex);
    for (port_count = 0; rows[port_count][0]; port_count++) {
        ports[port_count] = (struct wm_port){.usb_vid = 0x1a86, .usb_pid = 0x7523};
        strcpy(ports[port_count].name, rows[port_count][0]);
        strcpy(ports[port_count].serial, rows[port_count][1]);
    }
    lists = 0;
    pthread_mutex_unlock(&mutex);
}

#define PORTS(...) set_ports((const char *const[][2]){__VA_ARGS__, {NULL, NULL}})

static void await_lists(int count)
{
    pthread_mutex_lock(&mutex);
    while (lists < count)
        pthread_cond_wait(&listed, &mutex);
    pthread_mutex_unlock(&mutex);
}

START_TEST(another_path_with_the_same_serial_number)
{
    const char *first = folder_path("first"), *second = folder_path("second");
    struct sim other;
    PORTS({first, "W800-1"}, {"/dev/ttyNONE9", "W800-2"});
    start_sim(&host.sim, first);
    host_open_with(&host, (struct wm_config){.port = first, .ports = &table});
    ck_assert_str_eq(port_state().serial, "W800-1");
    sim_kill(&host.sim);
    watch_await(WM_EVENT_LOST);
    start_sim(&host.sim, first); /* another adapter has this name now */
    PORTS({first, "W800-3"}, {"/dev/ttyNONE9", "W800-2"});
    await_lists(3);
    ck_assert(!port_state().open);
    start_sim(&other, second);
    PORTS({first, "W800-3"}, {second, "W800-1"});
    watch_await(WM_EVENT_READY);
    ck_assert_str_eq(port_state().name, second);
    host_expect_works(&host);
    wm_close(host.dev);
    sim_stop(&other);
}
END_TEST

/* An adapter with several ports: the same one of them, when all are there. */
START_TEST(one_of_the_ports_of_an_adapter)
{
    const char *first = folder_path("first"), *second = folder_path("second"),
               *third = folder_path("third");
    struct sim other;
    PORTS({first, "QUAD"}, {second, "QUAD"});
    start_sim(&host.sim, second);
    host_open_with(&host, (struct wm_config){.port = second, .ports = &table});
    sim_kill(&host.sim);
    watch_await(WM_EVENT_LOST);
    unlink(second);              /* its pty may be given to another module */
    start_sim(&host.sim, first); /* not ours */
    start_sim(&other, third);
    PORTS({first, "QUAD"});
    await_lists(2);
    PORTS({first, "QUAD"}, {third, "QUAD"});
    watch_await(WM_EVENT_READY);
    ck_assert_str_eq(port_state().name, third);
    host_expect_works(&host);
    wm_close(host.dev);
    sim_stop(&other);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("recovery");
    TCase *tc = tcase_create("recovery");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, folder_make, stop);
    tcase_add_test(tc, the_same_path_comes_back);
    tcase_add_test(tc, closing_while_the_port_is_gone);
    tcase_add_test(tc, a_port_that_is_not_opened_again);
    tcase_add_test(tc, the_same_path_comes_back_in_a_loop);
    tcase_add_test(tc, another_path_with_the_same_serial_number);
    tcase_add_test(tc, one_of_the_ports_of_an_adapter);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
