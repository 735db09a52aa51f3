/* The module's server, and clients that are sockets of this machine. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host.h"
#include "suite.h"

#define ONE_BY_ONE 50
#define AT_ONCE    4
#define LEN        9000

static struct host host;
static struct sockaddr_in server;

/* A port of the module's address that is free at the moment. */
static uint16_t free_port(const char *ip)
{
    socklen_t len = sizeof server;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    server = (struct sockaddr_in){.sin_family = AF_INET};
    ck_assert_int_eq(inet_pton(AF_INET, ip, &server.sin_addr), 1);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&server, sizeof server), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&server, &len), 0);
    close(fd);
    return ntohs(server.sin_port);
}

static void open_server(enum wm_receive receive)
{
    struct wm_addresses addresses;
    host_open(&host, receive);
    ck_assert_int_eq(wm_addresses(host.dev, &addresses, 0), 0);
    struct wm_server_options options = {.port = free_port(addresses.station_ip)};
    ck_assert_int_eq(wm_server_start(host.dev, &options, 0), 0);
}

static void byte_stream(unsigned seed, unsigned char *bytes)
{
    for (size_t i = 0; i < LEN; i++)
        bytes[i] =
            (unsigned char)((i * 31 + seed + i / 251) % 255 + 1); /* some modules lose zeros */
}

/* Sends LEN bytes and wants them back. Returns how many came back right. */
static void *client(void *arg)
{
    unsigned seed = (unsigned)(uintptr_t)arg;
    unsigned char sent[LEN], got[LEN];
    size_t have = 0;
    ssize_t n;
    byte_stream(seed, sent);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&server, sizeof server) < 0 ||
        send(fd, sent, LEN, MSG_NOSIGNAL) != LEN)
        return NULL;
    while (have < LEN && (n = recv(fd, got + have, LEN - have, 0)) > 0)
        have += (size_t)n;
    close(fd);
    return (void *)(uintptr_t)(have == LEN && memcmp(sent, got, LEN) == 0);
}

/* Sends back what comes until the client has left. */
static void *echo(void *arg)
{
    int link = (int)(intptr_t)arg;
    char bytes[2048];
    int n;
    while ((n = wm_recv(host.dev, link, bytes, sizeof bytes, 20000)) > 0) {
        if (wm_send(host.dev, link, bytes, (size_t)n, 0) != n)
            break;
    }
    wm_link_close(host.dev, link, 0);
    return NULL;
}

/* The next one comes as soon as the one before has left; the module gives it the same number. */
START_TEST(clients_one_by_one)
{
    open_server(_i ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE);
    for (uintptr_t i = 0; i < ONE_BY_ONE; i++) {
        pthread_t thread;
        void *right;
        ck_assert_int_eq(pthread_create(&thread, NULL, client, (void *)i), 0);
        int link = wm_accept(host.dev, 20000);
        ck_assert_msg(link > 0, "client %u: %s", (unsigned)i, wm_err_name(link));
        echo((void *)(intptr_t)link);
        pthread_join(thread, &right);
        ck_assert_ptr_nonnull(right);
    }
    host_close(&host);
}
END_TEST

START_TEST(clients_at_once)
{
    pthread_t clients[AT_ONCE], echoes[AT_ONCE];
    open_server(_i ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE);
    for (uintptr_t i = 0; i < AT_ONCE; i++)
        ck_assert_int_eq(pthread_create(&clients[i], NULL, client, (void *)i), 0);
    for (int i = 0; i < AT_ONCE; i++) {
        int link = wm_accept(host.dev, 20000);
        ck_assert_msg(link > 0, "%s", wm_err_name(link));
        ck_assert_int_eq(pthread_create(&echoes[i], NULL, echo, (void *)(intptr_t)link), 0);
    }
    for (int i = 0; i < AT_ONCE; i++) {
        void *right;
        pthread_join(clients[i], &right);
        pthread_join(echoes[i], NULL);
        ck_assert_ptr_nonnull(right);
    }
    ck_assert_int_eq(wm_server_stop(host.dev, true, 0), 0);
    ck_assert_int_eq(wm_accept(host.dev, 0), WM_ERR_STATE);
    host_close(&host);
}
END_TEST

/* The module restarts; the driver starts the server again once there is a network. */
START_TEST(the_server_outlives_a_restart)
{
    pthread_t thread;
    void *right;
    open_server(WM_RECEIVE_PASSIVE);
    ck_assert_int_eq(wm_restart(host.dev, 0), 0);
    int fd = -1, connected = -1;
    for (int i = 0; i < 2000 && connected < 0; i++) {
        struct wm_wifi_status status; /* takes its time: there is something to wait for */
        ck_assert_int_eq(wm_wifi_status(host.dev, &status, 0), 0);
        fd = socket(AF_INET, SOCK_STREAM, 0);
        connected = connect(fd, (struct sockaddr *)&server, sizeof server);
        close(fd);
    }
    ck_assert_int_eq(connected, 0);
    int link = wm_accept(host.dev, 20000);
    ck_assert_int_gt(link, 0);
    wm_link_close(host.dev, link, 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, client, NULL), 0);
    link = wm_accept(host.dev, 20000);
    ck_assert_int_gt(link, 0);
    echo((void *)(intptr_t)link);
    pthread_join(thread, &right);
    ck_assert_ptr_nonnull(right);
    host_close(&host);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server");
    TCase *tc = tcase_create("server");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, clients_one_by_one, 0, 2);
    tcase_add_loop_test(tc, clients_at_once, 0, 2);
    tcase_add_test(tc, the_server_outlives_a_restart);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
