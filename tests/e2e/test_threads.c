/* Eight threads on one device, each at something else, all of them at once: what tools/check.sh
 * runs under ThreadSanitizer. */
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host.h"
#include "suite.h"

#define ROUNDS 12
#define LEN    3000

static struct host host;
static atomic_bool done;

/* A server of this machine that sends back what it gets, on several connections. */

#define PEERS 16

static int listener;
static uint16_t echo_port;

static int echo_once(int fd)
{
    char bytes[4096];
    ssize_t n = recv(fd, bytes, sizeof bytes, 0);
    return n > 0 && send(fd, bytes, (size_t)n, MSG_NOSIGNAL) == n ? 0 : -1;
}

static void *echo(void *arg)
{
    struct pollfd fds[PEERS + 1] = {{.fd = listener, .events = POLLIN}};
    nfds_t count = 1;
    while (!atomic_load(&done)) {
        poll(fds, count, 20);
        if ((fds[0].revents & POLLIN) && count <= PEERS)
            fds[count++] = (struct pollfd){.fd = accept(listener, NULL, NULL), .events = POLLIN};
        for (nfds_t i = count - 1; i >= 1; i--) {
            if (!fds[i].revents || echo_once(fds[i].fd) == 0)
                continue;
            close(fds[i].fd);
            fds[i] = fds[--count];
        }
    }
    for (nfds_t i = 0; i < count; i++)
        close(fds[i].fd);
    return arg;
}

static void listen_for_echo(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, len), 0);
    ck_assert_int_eq(listen(listener, PEERS), 0);
    getsockname(listener, (struct sockaddr *)&address, &len);
    echo_port = ntohs(address.sin_port);
}

/* What the threads do. Each returns how often something was wrong. */

static uintptr_t talk_once(unsigned seed)
{
    unsigned char sent[LEN], got[LEN];
    size_t have = 0;
    int n;
    for (size_t i = 0; i < LEN; i++)
        sent[i] = (unsigned char)(i * 13 + seed);
    int link = host_connect(&host, echo_port);
    uintptr_t wrong = wm_send(host.dev, link, sent, LEN, 0) != LEN;
    while (have < LEN && (n = wm_recv(host.dev, link, got + have, LEN - have, 20000)) > 0)
        have += (size_t)n;
    wrong += have != LEN || memcmp(sent, got, LEN) != 0;
    return wrong + (wm_link_close(host.dev, link, 0) != 0);
}

static void *talk(void *arg)
{
    uintptr_t wrong = 0;
    for (unsigned i = 0; i < ROUNDS; i++)
        wrong += talk_once(i + (unsigned)(uintptr_t)arg);
    return (void *)wrong;
}

static void *probe(void *arg)
{
    uintptr_t wrong = (uintptr_t)arg - (uintptr_t)arg;
    while (!atomic_load(&done))
        wrong += wm_probe(host.dev, 20000) != 0;
    return (void *)wrong;
}

static void *ask(void *arg)
{
    struct wm_wifi_ap aps[4];
    struct wm_addresses addresses;
    struct wm_link_list links;
    uintptr_t wrong = (uintptr_t)arg - (uintptr_t)arg;
    while (!atomic_load(&done)) {
        wrong += wm_wifi_scan(host.dev, aps, 4, 20000) < 0;
        wrong += wm_addresses(host.dev, &addresses, 20000) < 0;
        wrong += wm_links(host.dev, &links, 20000) < 0;
    }
    return (void *)wrong;
}

/* Looks without the module, and gives up what it has started. */
static void *look_and_cancel(void *arg)
{
    struct wm_link_info info;
    struct wm_stats stats;
    char detail[64];
    uintptr_t wrong = (uintptr_t)arg - (uintptr_t)arg;
    while (!atomic_load(&done)) {
        struct wm_op op;
        wm_link_info(host.dev, 8, &info);
        wm_get_stats(host.dev, &stats);
        wm_last_detail(host.dev, detail, sizeof detail);
        int n = wm_probe(host.dev, 1); /* may be too short, and is given up then */
        wrong += n != 0 && n != WM_ERR_TIMEOUT;
        wm_probe_prepare(&op);
        wrong += wm_run(host.dev, &op, 20000) != 0;
    }
    return (void *)wrong;
}

static void count_done(struct wm_op *op, int result, void *user)
{
    (void)op;
    atomic_fetch_add((atomic_uint *)user, result == 0 || result == WM_ERR_CANCELLED ? 1 : 1000);
}

static void *submit(void *arg)
{
    uintptr_t wrong = (uintptr_t)arg - (uintptr_t)arg;
    while (!atomic_load(&done)) {
        struct wm_op ops[3];
        atomic_uint ended = 0;
        for (int i = 0; i < 3; i++) {
            wm_probe_prepare(&ops[i]);
            wrong += wm_submit(host.dev, &ops[i], 20000, count_done, &ended) != 0;
        }
        wm_cancel(host.dev, &ops[1]);
        while (atomic_load(&ended) < 3)
            wrong += wm_probe(host.dev, 20000) != 0;
        wrong += atomic_load(&ended) != 3;
    }
    return (void *)wrong;
}

START_TEST(eight_threads_on_one_device)
{
    void *(*const jobs[8])(void *) = {talk, talk, talk, talk, probe, ask, look_and_cancel, submit};
    pthread_t threads[8], server;
    host_open(&host, _i ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE);
    listen_for_echo();
    ck_assert_int_eq(pthread_create(&server, NULL, echo, NULL), 0);
    for (uintptr_t i = 0; i < 8; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, jobs[i], (void *)i), 0);
    for (int i = 0; i < 8; i++) {
        void *wrong;
        pthread_join(threads[i], &wrong);
        ck_assert_msg(wrong == NULL, "thread %d: %u times", i, (unsigned)(uintptr_t)wrong);
        if (i == 3)
            atomic_store(&done, true); /* the others go on as long as these talk */
    }
    pthread_join(server, NULL);
    struct wm_stats stats;
    wm_get_stats(host.dev, &stats);
    ck_assert_uint_eq(stats.losses, 0);
    ck_assert_uint_eq(stats.resyncs, 0);
    host_close(&host);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("threads");
    TCase *tc = tcase_create("threads");
    tcase_set_timeout(tc, 200);
    tcase_add_loop_test(tc, eight_threads_on_one_device, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
