/* Ptys: the ports of virtual modules. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

#include <wmat/err.h>
#include <wmat/transport.h>

#include "suite.h"
#include "test_port.h"
#include "tty_speed.h"

static struct test_pty pty;

static void open_pty(void)
{
    test_pty_open(&pty);
}

static struct wm_transport *wrap_master(void)
{
    struct wm_transport *master;

    ck_assert_int_eq(wm_transport_from_fd(&master, pty.master), 0);
    return master;
}

START_TEST(moves_a_mebibyte_both_ways)
{
    struct wm_transport *port = test_port_open(pty.path, NULL);
    struct wm_transport *master = wrap_master();

    test_transfer(port, master, 1 << 20);
    port->ops->close(port);
    test_await_gone(master);
    master->ops->close(master);
}
END_TEST

START_TEST(opens_through_a_symbolic_link)
{
    char folder[] = "/tmp/wmat-test-XXXXXX";
    char link[64];
    struct wm_transport *port;

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(link, sizeof link, "%s/tty", folder);
    ck_assert_int_eq(symlink(pty.path, link), 0);
    port = test_port_open(link, NULL);
    unlink(link);
    rmdir(folder);
    port->ops->close(port);
}
END_TEST

/* A virtual module reads the speed and the flow control of the host from the pty. */
START_TEST(speed_and_flow_are_seen_at_the_other_end)
{
    const struct wm_port_options options = {.baud = 921600, .flow = WM_FLOW_RTSCTS};
    struct wm_transport *port = test_port_open(pty.path, &options);
    struct termios settings;

    ck_assert_uint_eq(test_tty_speed(pty.master), 921600);
    ck_assert_int_eq(tcgetattr(pty.master, &settings), 0);
    ck_assert_uint_ne(settings.c_cflag & CRTSCTS, 0);
    ck_assert_int_eq(port->ops->set_baud(port, 2000000), 0);
    ck_assert_uint_eq(test_tty_speed(pty.master), 2000000);
    ck_assert_int_eq(port->ops->set_baud(port, 12345), WM_ERR_ARG);
    port->ops->close(port);
}
END_TEST

START_TEST(the_default_is_115200_without_flow_control)
{
    struct wm_transport *port = test_port_open(pty.path, NULL);
    struct termios settings;

    ck_assert_uint_eq(test_tty_speed(pty.master), 115200);
    ck_assert_int_eq(tcgetattr(pty.master, &settings), 0);
    ck_assert_uint_eq(settings.c_cflag & CRTSCTS, 0);
    port->ops->close(port);
}
END_TEST

START_TEST(a_vanished_module_is_an_error)
{
    struct wm_transport *port = test_port_open(pty.path, NULL);

    close(pty.master);
    test_await_gone(port);
    ck_assert_int_eq(port->ops->write(port, "AT\r\n", 4), WM_ERR_IO);
    ck_assert_int_eq(port->ops->set_baud(port, 9600), WM_ERR_IO);
    port->ops->close(port);
}
END_TEST

/* An empty read of a tty whose settings let it return at once is not the end. */
START_TEST(settings_changed_by_another_program_end_nothing)
{
    struct wm_transport *port = test_port_open(pty.path, NULL);
    struct termios settings;
    char byte;

    ck_assert_int_eq(tcgetattr(pty.master, &settings), 0);
    settings.c_cc[VMIN] = 0;
    ck_assert_int_eq(tcsetattr(pty.master, TCSANOW, &settings), 0);
    ck_assert_int_eq(port->ops->read(port, &byte, 1), 0);
    port->ops->close(port);
}
END_TEST

START_TEST(a_port_is_for_one_program)
{
    struct wm_transport *port = test_port_open(pty.path, NULL);
    struct wm_transport *second;
    char detail[WM_DETAIL_MAX];

    ck_assert_int_eq(wm_transport_open(&second, pty.path, NULL, detail, sizeof detail),
                     WM_ERR_BUSY);
    ck_assert_ptr_null(second);
    ck_assert_ptr_nonnull(strstr(detail, "another program"));
    port->ops->close(port);
    port = test_port_open(pty.path, NULL);
    port->ops->close(port);
}
END_TEST

/* Refusing must not disturb the program that has the port. */
START_TEST(a_busy_port_is_left_as_it_is)
{
    const struct wm_port_options options = {.baud = 9600};
    int fd = open(pty.path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    struct wm_transport *port;
    struct termios before, after;

    ck_assert_int_eq(flock(fd, LOCK_EX), 0);
    ck_assert_int_eq(tcgetattr(fd, &before), 0);
    ck_assert_int_eq(wm_transport_open(&port, pty.path, &options, NULL, 0), WM_ERR_BUSY);
    ck_assert_int_eq(tcgetattr(fd, &after), 0);
    ck_assert_uint_eq(cfgetospeed(&before), cfgetospeed(&after));
    ck_assert_uint_eq(before.c_lflag, after.c_lflag);
}
END_TEST

START_TEST(an_odd_speed_is_refused)
{
    const struct wm_port_options options = {.baud = 115201};
    struct wm_transport *port;
    char detail[WM_DETAIL_MAX];

    ck_assert_int_eq(wm_transport_open(&port, pty.path, &options, detail, sizeof detail),
                     WM_ERR_ARG);
    ck_assert_ptr_nonnull(strstr(detail, "115201"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("termios");
    TCase *tcase = tcase_create("pty");

    tcase_add_checked_fixture(tcase, open_pty, NULL);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, moves_a_mebibyte_both_ways);
    tcase_add_test(tcase, opens_through_a_symbolic_link);
    tcase_add_test(tcase, speed_and_flow_are_seen_at_the_other_end);
    tcase_add_test(tcase, the_default_is_115200_without_flow_control);
    tcase_add_test(tcase, a_vanished_module_is_an_error);
    tcase_add_test(tcase, settings_changed_by_another_program_end_nothing);
    tcase_add_test(tcase, a_port_is_for_one_program);
    tcase_add_test(tcase, a_busy_port_is_left_as_it_is);
    tcase_add_test(tcase, an_odd_speed_is_refused);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
