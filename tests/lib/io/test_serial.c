/* The libserialport transport, over a pty that the shim dresses up as a serial port. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <wmat/err.h>
#include <wmat/transport.h>

#include "serial_shim.h"
#include "suite.h"
#include "test_port.h"
#include "tty_speed.h"

#define DEVICE "/dev/ttyWM0"

static struct test_pty pty;

static void plug_in(void)
{
    char text[128];

    test_pty_open(&pty);
    snprintf(text, sizeof text, "%s=%s", DEVICE, pty.path);
    setenv(SERIAL_SHIM_ENV, text, 1);
}

static struct wm_transport *wrap_master(void)
{
    struct wm_transport *master;

    ck_assert_int_eq(wm_transport_from_fd(&master, pty.master), 0);
    return master;
}

START_TEST(moves_a_mebibyte_both_ways)
{
    struct wm_transport *port = test_port_open(DEVICE, NULL);
    struct wm_transport *master = wrap_master();

    test_transfer(port, master, 1 << 20);
    port->ops->close(port);
    master->ops->close(master);
}
END_TEST

START_TEST(nothing_to_read_is_zero)
{
    struct wm_transport *port = test_port_open(DEVICE, NULL);
    char byte;

    ck_assert_int_eq(port->ops->read(port, &byte, 1), 0);
    port->ops->close(port);
}
END_TEST

START_TEST(a_full_port_takes_no_more)
{
    static char block[1 << 16];
    struct wm_transport *port = test_port_open(DEVICE, NULL);
    ptrdiff_t n;
    ptrdiff_t taken = 0;

    while ((n = port->ops->write(port, block, sizeof block)) > 0)
        taken += n;
    ck_assert_int_eq(n, 0);
    ck_assert_int_gt(taken, 0);
    port->ops->close(port);
}
END_TEST

START_TEST(an_unplugged_adapter_is_an_error)
{
    struct wm_transport *port = test_port_open(DEVICE, NULL);

    close(pty.master);
    test_await_gone(port);
    ck_assert_int_eq(port->ops->write(port, "AT\r\n", 4), WM_ERR_IO);
    ck_assert_int_eq(port->ops->set_baud(port, 9600), WM_ERR_IO);
    port->ops->close(port);
}
END_TEST

START_TEST(speed_and_flow_reach_the_port)
{
    const struct wm_port_options options = {.baud = 921600, .flow = WM_FLOW_RTSCTS};
    struct wm_transport *port = test_port_open(DEVICE, &options);
    struct termios settings;

    ck_assert_uint_eq(test_tty_speed(pty.master), 921600);
    ck_assert_int_eq(tcgetattr(pty.master, &settings), 0);
    ck_assert_uint_ne(settings.c_cflag & CRTSCTS, 0);
    ck_assert_int_eq(port->ops->set_baud(port, 2000000), 0);
    ck_assert_uint_eq(test_tty_speed(pty.master), 2000000);
    port->ops->close(port);
}
END_TEST

START_TEST(a_flow_control_left_on_is_switched_off)
{
    const struct wm_port_options options = {.flow = WM_FLOW_RTSCTS};
    struct wm_transport *port = test_port_open(DEVICE, &options);
    struct termios settings;

    port->ops->close(port);
    port = test_port_open(DEVICE, NULL);
    ck_assert_int_eq(tcgetattr(pty.master, &settings), 0);
    ck_assert_uint_eq(settings.c_cflag & CRTSCTS, 0);
    port->ops->close(port);
}
END_TEST

START_TEST(low_latency_is_asked_for)
{
    struct wm_transport *port = test_port_open(DEVICE, NULL);

    ck_assert(serial_shim_low_latency());
    port->ops->close(port);
}
END_TEST

START_TEST(a_port_is_for_one_program)
{
    struct wm_transport *port = test_port_open(DEVICE, NULL);
    struct wm_transport *second;
    char detail[WM_DETAIL_MAX];

    ck_assert_int_eq(wm_transport_open(&second, DEVICE, NULL, detail, sizeof detail), WM_ERR_BUSY);
    ck_assert_ptr_nonnull(strstr(detail, "another program"));
    port->ops->close(port);
}
END_TEST

START_TEST(a_port_that_libserialport_does_not_know_is_an_error)
{
    struct wm_transport *port;
    char detail[WM_DETAIL_MAX];

    setenv(SERIAL_SHIM_ENV, DEVICE "=/nonexistent", 1);
    ck_assert_int_eq(wm_transport_open(&port, DEVICE, NULL, detail, sizeof detail), WM_ERR_IO);
    ck_assert_ptr_nonnull(strstr(detail, "can't open"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("serial");
    TCase *tcase = tcase_create("libserialport");

    tcase_add_checked_fixture(tcase, plug_in, NULL);
    tcase_set_timeout(tcase, 30);
    tcase_add_test(tcase, moves_a_mebibyte_both_ways);
    tcase_add_test(tcase, nothing_to_read_is_zero);
    tcase_add_test(tcase, a_full_port_takes_no_more);
    tcase_add_test(tcase, an_unplugged_adapter_is_an_error);
    tcase_add_test(tcase, speed_and_flow_reach_the_port);
    tcase_add_test(tcase, a_flow_control_left_on_is_switched_off);
    tcase_add_test(tcase, low_latency_is_asked_for);
    tcase_add_test(tcase, a_port_is_for_one_program);
    tcase_add_test(tcase, a_port_that_libserialport_does_not_know_is_an_error);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
