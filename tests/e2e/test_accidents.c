/* What goes wrong in the field: the module dies, the port vanishes, nobody answers. Each gives its
 * typed error within the call's deadline. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "peer.h"
#include "suite.h"
#include "test_port.h"

static struct host host;

static uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void kill_module(void)
{
    sim_kill(&host.sim);
}

START_TEST(the_module_is_killed_in_mid_transfer)
{
    static unsigned char data[1 << 20];
    struct peer peer;
    char byte;
    host_open(&host, _i ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE);
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX,
                                          .accident = kill_module,
                                          .accident_after = 100000});
    int link = host_connect(&host, peer.port);
    uint64_t start_ms = clock_ms();
    int err = 0;
    while (err >= 0)
        err = wm_send(host.dev, link, data, sizeof data, 20000);
    ck_assert_msg(err == WM_ERR_IO, "%s", wm_err_name(err));
    ck_assert_uint_lt(clock_ms() - start_ms, 20000);
    ck_assert_int_eq(wm_recv(host.dev, link, &byte, 1, 5000), WM_ERR_IO);
    ck_assert_int_eq(wm_probe(host.dev, 0), WM_ERR_IO);
    ck_assert_int_eq(wm_link_close(host.dev, link, 0), 0);
    ck_assert_int_eq(wm_link_close(host.dev, link, 0), WM_ERR_ARG); /* the handle is gone */
    peer_join(&peer);
    wm_close(host.dev);
}
END_TEST

START_TEST(the_pty_is_gone_while_a_call_waits)
{
    struct peer peer;
    char byte;
    host_open(&host, WM_RECEIVE_PASSIVE);
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX});
    int link = host_connect(&host, peer.port);
    host_send(&host, link, "x", 1);
    sim_kill(&host.sim);
    ck_assert_int_eq(wm_recv(host.dev, link, &byte, 1, 20000), WM_ERR_IO);
    peer_join(&peer);
    wm_close(host.dev);
}
END_TEST

/* A serial line that leads nowhere. */
START_TEST(a_module_that_never_answers)
{
    struct test_pty pty;
    struct wm_device *dev;
    char detail[256];
    test_pty_open(&pty);
    struct wm_config config = {
        .port = pty.path, .open_timeout_ms = 700, .detail = detail, .detail_size = sizeof detail};
    uint64_t start_ms = clock_ms();
    ck_assert_int_eq(wm_open(&dev, &config), WM_ERR_TIMEOUT);
    ck_assert_uint_lt(clock_ms() - start_ms, 10000);
    ck_assert_ptr_null(dev);
    ck_assert_ptr_nonnull(strstr(detail, "check the port"));
    close(pty.master);
}
END_TEST

static const struct {
    const char *port;
    int err;
    const char *words;
} bad_ports[] = {
    {"/dev/ttyNONE99", WM_ERR_IO, "wmat ports"},
    {"/tmp", WM_ERR_ARG, "directory"},
    {"/proc/self/exe", WM_ERR_ARG, "not a serial port"},
    {"", WM_ERR_ARG, ""},
    {NULL, WM_ERR_ARG, ""},
    {"tcp://127.0.0.1", WM_ERR_ARG, "tcp://HOST:PORT"},
};

START_TEST(ports_that_can_not_be_opened)
{
    struct wm_device *dev;
    char detail[256];
    struct wm_config config = {
        .port = bad_ports[_i].port, .detail = detail, .detail_size = sizeof detail};
    int err = wm_open(&dev, &config);
    ck_assert_msg(err == bad_ports[_i].err, "%s: %s", wm_err_name(err), detail);
    ck_assert_msg(strstr(detail, bad_ports[_i].words), "%s", detail);
    ck_assert_uint_gt(strlen(detail), 0);
}
END_TEST

START_TEST(a_port_that_is_in_use)
{
    struct wm_device *second;
    char detail[256];
    host_open(&host, WM_RECEIVE_PASSIVE);
    struct wm_config config = {
        .port = host.sim.path, .detail = detail, .detail_size = sizeof detail};
    ck_assert_int_eq(wm_open(&second, &config), WM_ERR_BUSY);
    ck_assert_uint_gt(strlen(detail), 0);
    ck_assert_int_eq(wm_probe(host.dev, 0), 0);
    host_close(&host);
}
END_TEST

/* Another host's dialogue: sends text and reads until what came ends with answer. */
static void say(struct wm_transport *port, const char *text, const char *answer)
{
    char got[512] = "";
    size_t len = 0;
    ck_assert_int_eq(port->ops->write(port, text, strlen(text)), (ptrdiff_t)strlen(text));
    while (len < strlen(answer) || strcmp(got + len - strlen(answer), answer) != 0) {
        ptrdiff_t n = test_await(port, got + len, sizeof got - 1 - len);
        ck_assert_int_gt(n, 0);
        len += (size_t)n;
        got[len] = '\0';
    }
}

/* The driver takes the module over from a host that left it in the middle of a send. */
START_TEST(a_module_left_in_mid_send)
{
    static const char *const args[] = {"--join", "wmat", NULL};
    struct peer peer, other;
    char line[128];
    sim_start(&host.sim, args);
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX});
    struct wm_transport *port = test_port_open(host.sim.path, NULL);
    snprintf(line, sizeof line, "AT+CIPSTART=3,\"TCP\",\"127.0.0.1\",%u\r\n", peer.port);
    say(port, "AT+CIPMUX=1\r\n", "OK\r\n");
    say(port, line, "3,CONNECT\r\nOK\r\n");
    say(port, "AT+CIPSEND=3,5760\r\n", "OK\r\n>\r\n");
    say(port, "half", "");
    port->ops->close(port);

    struct wm_config config = {.port = host.sim.path};
    ck_assert_int_eq(wm_open(&host.dev, &config), 0);
    struct wm_link_list list;
    ck_assert_int_eq(wm_links(host.dev, &list, 0), 0);
    peer_join(&peer);
    ck_assert_uint_eq(peer.received, 0);
    peer_start(&other, &(struct peer_plan){.expect_bytes = 5});
    int link = host_connect(&host, other.port);
    host_send(&host, link, "hello", 5);
    peer_join(&other);
    ck_assert_uint_eq(other.received, 5);
    host_close(&host);
}
END_TEST

START_TEST(a_restart_fails_the_links_and_works_again)
{
    struct peer peer, other;
    char byte;
    host_open(&host, WM_RECEIVE_PASSIVE);
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX});
    int link = host_connect(&host, peer.port);
    ck_assert_int_eq(wm_restart(host.dev, 0), 0);
    ck_assert_int_eq(wm_recv(host.dev, link, &byte, 1, 1000), WM_ERR_RESET);
    ck_assert_int_eq(wm_send(host.dev, link, "x", 1, 1000), WM_ERR_RESET);
    ck_assert_int_eq(wm_link_close(host.dev, link, 0), 0);
    peer_join(&peer);
    ck_assert_int_eq(wm_wifi_join(host.dev, "wmat", "wmat-demo-1", 0), 0);
    peer_start(&other, &(struct peer_plan){.expect_bytes = 5});
    link = host_connect(&host, other.port);
    host_send(&host, link, "hello", 5);
    peer_join(&other);
    host_close(&host);
}
END_TEST

START_TEST(wifi_that_can_not_be_joined)
{
    static const char *const args[] = {NULL};
    sim_start(&host.sim, args);
    struct wm_config config = {.port = host.sim.path};
    ck_assert_int_eq(wm_open(&host.dev, &config), 0);
    ck_assert_int_eq(wm_wifi_join(host.dev, "wmat", "1234567", 0), WM_ERR_ARG);
    ck_assert_int_eq(wm_wifi_join(host.dev, "", NULL, 0), WM_ERR_ARG);
    ck_assert_int_eq(wm_wifi_join(host.dev, "wmat", "wrong-password", 0), WM_ERR_DEVICE);
    ck_assert_int_eq(wm_wifi_join(host.dev, "nobody", NULL, 0), WM_ERR_DEVICE);
    struct wm_tcp_options options = {.host = "127.0.0.1", .port = 7};
    ck_assert_int_eq(wm_tcp_connect(host.dev, &options, 0), WM_ERR_DEVICE);
    ck_assert_int_eq(wm_wifi_join(host.dev, "wmat", "wmat-demo-1", 0), 0);
    host_close(&host);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("accidents");
    TCase *tc = tcase_create("accidents");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, the_module_is_killed_in_mid_transfer, 0, 2);
    tcase_add_test(tc, the_pty_is_gone_while_a_call_waits);
    tcase_add_test(tc, a_module_that_never_answers);
    tcase_add_loop_test(tc, ports_that_can_not_be_opened, 0,
                        sizeof bad_ports / sizeof bad_ports[0]);
    tcase_add_test(tc, a_port_that_is_in_use);
    tcase_add_test(tc, a_module_left_in_mid_send);
    tcase_add_test(tc, a_restart_fails_the_links_and_works_again);
    tcase_add_test(tc, wifi_that_can_not_be_joined);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
