/* firmware/port/linux/cable: the pace of the line, the receive buffer, a wrong speed. Time is the
 * test's; the serial line is a socket pair, or a pty where its speed matters. */
#include "cable.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "suite.h"
#include "baud.h"

static struct fw_cable cable;
static struct fw_uart uart;
static int host;
static uint64_t now_us;

static void start(unsigned baud, bool hold_back)
{
    struct fw_linux_options options = {.uart = FW_LINUX_FD};
    char err[128];
    int fds[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    host = fds[0];
    options.uart_fd = fds[1];
    ck_assert_int_eq(fw_uart_open(&uart, &options, 0, err, sizeof err), 0);
    ck_assert_int_eq(fcntl(host, F_SETFL, O_NONBLOCK), 0);
    fw_cable_init(&cable, baud, hold_back, 1);
    now_us = 1000000;
    fw_pace_rest(&cable.in, now_us);
    fw_pace_rest(&cable.out, now_us);
}

static void stop(void)
{
    close(uart.in);
    close(host);
}

static void host_sends(size_t len)
{
    static char bytes[65536];

    ck_assert_int_eq(write(host, bytes, len), (ssize_t)len);
}

/* Lets ms milliseconds pass; the firmware takes everything where it listens. */
static size_t pass(unsigned ms, bool firmware_listens)
{
    size_t got = 0;

    for (unsigned i = 0; i < ms; i++) {
        now_us += 1000;
        got += fw_cable_fill(&cable, &uart, now_us);
        if (firmware_listens) {
            cable.at = cable.len;
        }
    }
    return got;
}

static size_t heard(void)
{
    char bytes[65536];
    ssize_t n = read(host, bytes, sizeof bytes);

    return n > 0 ? (size_t)n : 0;
}

/* 8N1: ten bits a byte. */
START_TEST(bytes_come_in_at_the_pace)
{
    static const unsigned bauds[] = {9600, 115200, 2000000};

    for (size_t i = 0; i < sizeof bauds / sizeof *bauds; i++) {
        size_t expected = bauds[i] / 100; /* in 100 ms */
        size_t got;

        start(bauds[i], false);
        host_sends(40000);
        got = pass(100, true);
        ck_assert_uint_le(got, expected);
        ck_assert_uint_ge(got + 2 + expected / 100, expected);
        ck_assert_uint_eq(cable.lost, 0);
        stop();
    }
}
END_TEST

START_TEST(bytes_go_out_at_the_pace)
{
    static char bytes[20000];
    size_t sent = 0, read = 0;

    start(115200, false);
    for (unsigned ms = 0; ms < 1000; ms++) {
        now_us += 1000;
        sent += fw_cable_send(&cable, &uart, bytes + sent, sizeof bytes - sent, now_us);
        ck_assert_uint_le(sent, 11520 * (ms + 1) / 1000);
        read += heard();
    }
    ck_assert_uint_ge(sent, 11500);
    ck_assert_uint_eq(read, sent);
    stop();
}
END_TEST

/* A line that was idle has saved nothing up. */
START_TEST(silence_is_not_saved_up)
{
    start(115200, false);
    ck_assert_uint_eq(pass(1000, true), 0);
    ck_assert(fw_cable_listens(&cable));
    host_sends(1000);
    ck_assert_uint_le(pass(10, true), 116);
    ck_assert(!fw_cable_listens(&cable));
    ck_assert_int_eq(fw_cable_wait_ms(&cable, false), 1);
    stop();
}
END_TEST

/* Framework: a receive buffer of 1024 bytes, and nobody who empties it. */
START_TEST(without_flow_control_it_overruns)
{
    start(115200, false);
    host_sends(3000);
    ck_assert_uint_eq(pass(1000, false), 1024);
    ck_assert_uint_eq(cable.lost, 3000 - 1024);
    ck_assert_uint_eq(cable.len - cable.at, 1024);
    stop();
}
END_TEST

START_TEST(with_rtscts_the_host_waits)
{
    start(115200, true);
    host_sends(3000);
    ck_assert_uint_eq(pass(1000, false), 1024);
    ck_assert_uint_eq(cable.lost, 0);
    ck_assert(!fw_cable_listens(&cable));
    cable.at = cable.len;
    ck_assert_uint_eq(pass(1000, true), 3000 - 1024);
    ck_assert_uint_eq(cable.lost, 0);
    stop();
}
END_TEST

START_TEST(without_a_pace_nothing_is_lost)
{
    start(0, false);
    host_sends(10000);
    ck_assert_uint_eq(fw_cable_fill(&cable, &uart, now_us), 4096);
    ck_assert_uint_eq(fw_cable_fill(&cable, &uart, now_us), 0);
    ck_assert_uint_eq(pass(2, true), 4096);
    ck_assert_uint_eq(pass(1, true), 10000 - 8192);
    ck_assert_uint_eq(cable.lost, 0);
    ck_assert_int_eq(fw_cable_wait_ms(&cable, true), -1);
    stop();
}
END_TEST

/* What waits is taken at once, unless the module has just refused it: then it waits for something
 * to change, and the loop does not spin meanwhile. */
START_TEST(refused_bytes_wait)
{
    start(0, false);
    host_sends(10);
    ck_assert_uint_eq(fw_cable_fill(&cable, &uart, now_us), 10);
    ck_assert_int_eq(fw_cable_wait_ms(&cable, false), 0);
    ck_assert_int_eq(fw_cable_wait_ms(&cable, true), -1);
    fw_cable_taken(&cable, 4);
    ck_assert_int_eq(fw_cable_wait_ms(&cable, false), 0);
    fw_cable_taken(&cable, 0);
    ck_assert_int_eq(fw_cable_wait_ms(&cable, false), -1);
    ck_assert_uint_eq(fw_cable_send(&cable, &uart, "OK\r\n", 4, now_us), 4);
    ck_assert_int_eq(fw_cable_wait_ms(&cable, false), 0);
    fw_cable_taken(&cable, 6);
    ck_assert_int_eq(fw_cable_wait_ms(&cable, false), -1);
    stop();
}
END_TEST

/* On a pty the host sets a speed: another one than the module's makes garbage in both directions.
 */
START_TEST(a_wrong_speed_garbles)
{
    struct fw_linux_options options = {.uart = FW_LINUX_PTY, .baud = 9600};
    char err[128], bytes[8] = "";
    struct pollfd readable;

    ck_assert_int_eq(fw_uart_open(&uart, &options, 0, err, sizeof err), 0);
    host = open(uart.path, O_RDWR | O_NOCTTY | O_NONBLOCK);
    ck_assert_int_ge(host, 0);
    readable = (struct pollfd){.fd = host, .events = POLLIN};
    for (int right = 0; right <= 1; right++) {
        fw_tty_set_speed(host, right ? 9600 : 115200);
        fw_cable_init(&cable, 9600, false, 1);
        now_us = 1000000;
        fw_pace_rest(&cable.in, now_us);
        fw_pace_rest(&cable.out, now_us);
        ck_assert_int_eq(write(host, "AT\r\n", 4), 4);
        poll(&(struct pollfd){.fd = uart.in, .events = POLLIN}, 1, 1000);
        ck_assert_uint_eq(pass(10, false), 4);
        ck_assert_int_eq(memcmp(cable.buffer, "AT\r\n", 4) == 0, right);
        for (int i = 0; i < 4 && !right; i++) {
            ck_assert_int_ne(cable.buffer[i], "AT\r\n"[i]);
        }
        now_us += 10000;
        ck_assert_uint_eq(fw_cable_send(&cable, &uart, "OK\r\n", 4, now_us), 4);
        poll(&readable, 1, 1000);
        ck_assert_int_eq(read(host, bytes, sizeof bytes), 4);
        ck_assert_int_eq(memcmp(bytes, "OK\r\n", 4) == 0, right);
    }
    close(host);
    fw_uart_close(&uart);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("cable");
    TCase *tcase = tcase_create("cable");

    tcase_add_test(tcase, bytes_come_in_at_the_pace);
    tcase_add_test(tcase, bytes_go_out_at_the_pace);
    tcase_add_test(tcase, silence_is_not_saved_up);
    tcase_add_test(tcase, without_flow_control_it_overruns);
    tcase_add_test(tcase, with_rtscts_the_host_waits);
    tcase_add_test(tcase, without_a_pace_nothing_is_lost);
    tcase_add_test(tcase, refused_bytes_wait);
    tcase_add_test(tcase, a_wrong_speed_garbles);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
