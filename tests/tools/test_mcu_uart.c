/* examples/mcu: what becomes of bytes that its UART can't take. Its registers are memory here. */
#define CHIP_H
#include <check.h>
#include <stdint.h>
#include <string.h>

#include <wmat/err.h>
#include <wmat/sys.h>

#include "suite.h"

struct chip_uart {
    uint32_t data, state, control, interrupts, divider;
};
static struct chip_uart registers;
static uint32_t enabled;

#define MODULE               (&registers)
#define CPU_HZ               25000000u
#define UART_BAUD            115200u
#define UART_TX_FULL         1u
#define UART_RX_FULL         2u
#define UART_RX_OVERRUN      8u
#define UART_TX_ON           1u
#define UART_RX_ON           2u
#define UART_TX_INTERRUPT_ON 4u
#define UART_RX_INTERRUPT_ON 8u
#define UART_TX_INTERRUPT    1u
#define UART_RX_INTERRUPT    2u
#define MODULE_RX_IRQ        2
#define MODULE_TX_IRQ        3
#define NVIC_ENABLE          enabled
#define interrupts_off()     (void)0
#define interrupts_on()      (void)0

#include "uart.c"
#include "module.c"

static uint64_t now_ms;
static char said[256];

uint64_t clock_ms(void)
{
    return now_ms;
}

void console_text(const char *text)
{
    strncat(said, text, sizeof said - strlen(said) - 1);
}

static void receive(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        registers.data = (uint8_t)bytes[i];
        registers.state |= UART_RX_FULL;
        uart_rx_interrupt();
        registers.state = 0;
    }
}

static void receive_many(size_t count)
{
    while (count-- > 0)
        receive("x", 1);
}

/* Counts the bytes that can be taken, and takes them. */
static size_t take_all(void)
{
    const uint8_t *bytes;
    size_t n, all = 0;
    while ((n = uart_received(&bytes)) > 0) {
        uart_consume(n);
        all += n;
    }
    return all;
}

START_TEST(bytes_without_room_are_counted)
{
    unsigned before = uart_lost();
    receive_many(RX_BYTES);
    ck_assert_uint_eq(uart_lost(), before);
    receive_many(3);
    ck_assert_uint_eq(uart_lost(), before + 3);
    ck_assert_uint_eq(take_all(), RX_BYTES);
    receive_many(1); /* there is room again */
    ck_assert_uint_eq(uart_lost(), before + 3);
    ck_assert_uint_eq(take_all(), 1);
}
END_TEST

START_TEST(a_late_interrupt_is_counted)
{
    unsigned before = uart_lost();
    registers.state = UART_RX_OVERRUN;
    receive("b", 1);
    ck_assert_uint_eq(uart_lost(), before + 1);
    ck_assert_uint_eq(take_all(), 1);
}
END_TEST

START_TEST(bytes_go_round_in_order)
{
    const uint8_t *bytes;
    for (unsigned i = 0; i < 3 * RX_BYTES; i++) {
        receive(&(const char){(char)i}, 1);
        ck_assert_uint_eq(uart_received(&bytes), 1);
        ck_assert_uint_eq(*bytes, i & 255);
        uart_consume(1);
    }
}
END_TEST

START_TEST(writing_takes_what_there_is_room_for)
{
    uint8_t bytes[TX_BYTES + 10];
    memset(bytes, 'y', sizeof bytes);
    registers.state = UART_TX_FULL; /* the transmitter has one already */
    ck_assert_uint_eq(uart_write(bytes, sizeof bytes), TX_BYTES);
    ck_assert_uint_eq(uart_write(bytes, 1), 0);
    registers.state = 0;
    uart_tx_interrupt(); /* this transmitter is never full */
    ck_assert_uint_eq(registers.data, 'y');
    ck_assert_uint_eq(uart_write(bytes, 10), 10);
}
END_TEST

static int result;

static void ended(struct wm_op *op, int how, void *user)
{
    (void)op, (void)user;
    result = how;
}

/* A call that waits for its answer: what is lost may have been that. */
START_TEST(a_loss_fails_what_is_pending)
{
    struct wm_op op;
    module_start();
    result = 1;
    ck_assert_int_eq(wm_probe_prepare(&op), 0);
    ck_assert_int_eq(module_submit(&op, 0, ended), 0);
    module_poll();
    ck_assert_int_eq(result, 1);
    ck_assert_str_eq(said, "");
    receive_many(RX_BYTES + 1);
    module_poll();
    ck_assert_int_eq(result, WM_ERR_IO);
    ck_assert_str_eq(said, "bytes were lost\n");
    ck_assert_uint_eq(take_all(), 0);
    module_poll(); /* said once */
    ck_assert_str_eq(said, "bytes were lost\n");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("mcu uart");
    TCase *tcase = tcase_create("mcu uart");
    tcase_add_test(tcase, bytes_without_room_are_counted);
    tcase_add_test(tcase, a_late_interrupt_is_counted);
    tcase_add_test(tcase, bytes_go_round_in_order);
    tcase_add_test(tcase, writing_takes_what_there_is_room_for);
    tcase_add_test(tcase, a_loss_fails_what_is_pending);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
