/* Serial servers over TCP. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <wmat/err.h>
#include <wmat/transport.h>

#include "suite.h"
#include "test_port.h"

static int listener;
static char name[64];

static void start_server(void)
{
    unsigned port;

    listener = test_bind(1, &port);
    snprintf(name, sizeof name, "tcp://127.0.0.1:%u", port);
}

static struct wm_transport *accept_one(void)
{
    struct wm_transport *peer;
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(wm_transport_from_fd(&peer, fd), 0);
    return peer;
}

static void expect_failure(const char *port, int err, const char *words)
{
    const struct wm_port_options options = {.connect_timeout_ms = 50};
    struct wm_transport *transport;
    char detail[WM_DETAIL_MAX];

    ck_assert_int_eq(wm_transport_open(&transport, port, &options, detail, sizeof detail), err);
    ck_assert_ptr_null(transport);
    ck_assert_msg(strstr(detail, words) != NULL, "%s: '%s' is not in '%s'", port, words, detail);
}

START_TEST(moves_a_mebibyte_both_ways)
{
    struct wm_transport *port = test_port_open(name, NULL);
    struct wm_transport *peer = accept_one();

    test_transfer(port, peer, 1 << 20);
    port->ops->close(port);
    test_await_gone(peer);
    peer->ops->close(peer);
}
END_TEST

START_TEST(a_closed_connection_is_an_error)
{
    struct wm_transport *port = test_port_open(name, NULL);
    struct wm_transport *peer = accept_one();

    peer->ops->close(peer);
    test_await_gone(port);
    ck_assert(port->ops->set_baud == NULL);
    port->ops->close(port);
}
END_TEST

START_TEST(nobody_there)
{
    unsigned port;
    char nobody[64];
    int fd = test_bind(-1, &port);

    snprintf(nobody, sizeof nobody, "tcp://127.0.0.1:%u", port);
    expect_failure(nobody, WM_ERR_IO, "nothing listens");
    close(fd);
}
END_TEST

/* A listener whose queue is full answers nothing. */
START_TEST(no_answer_ends_at_the_deadline)
{
    const struct wm_port_options options = {.connect_timeout_ms = 50};
    struct wm_transport *queued[8];
    int count = 0;

    ck_assert_int_eq(listen(listener, 0), 0);
    while (wm_transport_open(&queued[count], name, &options, NULL, 0) == 0)
        ck_assert_int_lt(++count, 8);
    expect_failure(name, WM_ERR_IO, "did not answer within 50 ms");
    while (count-- > 0)
        queued[count]->ops->close(queued[count]);
}
END_TEST

static const char *const malformed[] = {
    "tcp://",           "tcp://host",        "tcp://host:",    "tcp://:80",     "tcp://host:0",
    "tcp://host:65536", "tcp://host:999999", "tcp://host:80x", "tcp://host:-1", "tcp://::1:80",
    "tcp://[::1]80",    "tcp://[::1]",       "tcp://[]:80",    "tcp://[::1:80", "tcp://host:80/",
};

START_TEST(malformed_addresses_are_refused)
{
    expect_failure(malformed[_i], WM_ERR_ARG, "tcp://HOST:PORT");
}
END_TEST

START_TEST(an_overlong_host_is_refused)
{
    char port[400] = "tcp://";

    memset(port + 6, 'a', 300);
    strcpy(port + 306, ":80");
    expect_failure(port, WM_ERR_ARG, "tcp://HOST:PORT");
}
END_TEST

START_TEST(ipv6_stands_in_brackets)
{
    expect_failure("tcp://[::1%nosuchlink]:80", WM_ERR_IO, "::1%nosuchlink");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tcp");
    TCase *tcase = tcase_create("tcp");

    tcase_add_checked_fixture(tcase, start_server, NULL);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, moves_a_mebibyte_both_ways);
    tcase_add_test(tcase, a_closed_connection_is_an_error);
    tcase_add_test(tcase, nobody_there);
    tcase_add_test(tcase, no_answer_ends_at_the_deadline);
    tcase_add_loop_test(tcase, malformed_addresses_are_refused, 0,
                        sizeof malformed / sizeof *malformed);
    tcase_add_test(tcase, an_overlong_host_is_refused);
    tcase_add_test(tcase, ipv6_stands_in_brackets);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
