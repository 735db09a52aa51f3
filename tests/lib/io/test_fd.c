/* Transports over descriptors and joined pairs. */
#include <check.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <wmat/err.h>
#include <wmat/transport.h>

#include "suite.h"
#include "test_port.h"

static struct wm_transport *ends[2];

static void join(void)
{
    ck_assert_int_eq(wm_transport_pair(ends), 0);
}

static void close_end(int i)
{
    ends[i]->ops->close(ends[i]);
}

START_TEST(nothing_to_read_is_zero)
{
    char byte;

    ck_assert_int_eq(ends[0]->ops->read(ends[0], &byte, 1), 0);
    ck_assert_str_eq(ends[0]->detail, "");
    close_end(0);
    close_end(1);
}
END_TEST

START_TEST(a_read_of_no_bytes_is_not_the_end)
{
    char byte = 'x';

    ck_assert_int_eq(ends[1]->ops->write(ends[1], &byte, 1), 1);
    ck_assert_int_eq(ends[0]->ops->read(ends[0], &byte, 0), 0);
    ck_assert_int_eq(ends[0]->ops->read(ends[0], &byte, 1), 1);
    close_end(0);
    close_end(1);
}
END_TEST

START_TEST(moves_a_mebibyte_both_ways)
{
    test_transfer(ends[0], ends[1], 1 << 20);
    close_end(0);
    close_end(1);
}
END_TEST

/* A full transport takes part of what it is given, then nothing; all that it took arrives. */
START_TEST(a_full_transport_takes_no_more)
{
    static char block[1 << 16];
    struct pollfd poller = {.fd = ends[0]->ops->fd(ends[0]), .events = POLLOUT};
    ptrdiff_t n;
    ptrdiff_t taken = 0;
    ptrdiff_t arrived = 0;

    while ((n = ends[0]->ops->write(ends[0], block, sizeof block)) > 0)
        taken += n;
    ck_assert_int_eq(n, 0);
    ck_assert_int_eq(poll(&poller, 1, 0), 0);
    while ((n = ends[1]->ops->read(ends[1], block, sizeof block)) > 0)
        arrived += n;
    ck_assert_int_eq(taken, arrived);
    close_end(0);
    close_end(1);
}
END_TEST

START_TEST(what_came_before_the_end_is_read_first)
{
    char text[8];

    ck_assert_int_eq(ends[1]->ops->write(ends[1], "last", 4), 4);
    close_end(1);
    ck_assert_int_eq(test_await(ends[0], text, sizeof text), 4);
    ck_assert_mem_eq(text, "last", 4);
    test_await_gone(ends[0]);
    close_end(0);
}
END_TEST

START_TEST(writing_to_nobody_is_an_error_and_no_signal)
{
    close_end(1);
    ck_assert_int_eq(ends[0]->ops->write(ends[0], "x", 1), WM_ERR_IO);
    ck_assert_str_ne(ends[0]->detail, "");
    close_end(0);
}
END_TEST

START_TEST(what_is_no_descriptor_is_refused)
{
    struct wm_transport *transport;
    ck_assert_int_eq(wm_transport_from_fd(&transport, -1), WM_ERR_ARG);
    ck_assert_ptr_null(transport);
}
END_TEST

START_TEST(a_descriptor_belongs_to_its_transport)
{
    struct wm_transport *transport;
    int fds[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
    ck_assert_int_eq(wm_transport_from_fd(&transport, fds[0]), 0);
    ck_assert_int_eq(transport->ops->fd(transport), fds[0]);
    ck_assert(transport->ops->set_baud == NULL);
    transport->ops->close(transport);
    ck_assert_int_eq(wm_transport_from_fd(&transport, fds[1]), 0);
    test_await_gone(transport);
    transport->ops->close(transport);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fd");
    TCase *tcase = tcase_create("pair");

    tcase_add_checked_fixture(tcase, join, NULL);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, nothing_to_read_is_zero);
    tcase_add_test(tcase, a_read_of_no_bytes_is_not_the_end);
    tcase_add_test(tcase, moves_a_mebibyte_both_ways);
    tcase_add_test(tcase, a_full_transport_takes_no_more);
    tcase_add_test(tcase, what_came_before_the_end_is_read_first);
    tcase_add_test(tcase, writing_to_nobody_is_an_error_and_no_signal);
    tcase_add_test(tcase, what_is_no_descriptor_is_refused);
    tcase_add_test(tcase, a_descriptor_belongs_to_its_transport);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
