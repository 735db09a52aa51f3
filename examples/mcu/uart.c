#include "uart.h"

#include "chip.h"
#include "module.h"
#include "ring.h"

/* The module is only asked for what a link has room for (passive receiving), so whatever it says at
 * a time fits here, however late the loop comes to it: one answer, and lines beside it. */
#define RX_BYTES 1024
_Static_assert(RX_BYTES >= MODULE_RING_BYTES + 256, "an answer must fit");
#define TX_BYTES 64

static uint8_t rx_bytes[RX_BYTES], tx_bytes[TX_BYTES];
static struct ring rx = {.bytes = rx_bytes, .size = RX_BYTES};
static struct ring tx = {.bytes = tx_bytes, .size = TX_BYTES};
static atomic_uint lost;

static void count_loss(void)
{
    atomic_store(&lost, atomic_load(&lost) + 1);
}

void uart_start(void)
{
    MODULE->divider = CPU_HZ / UART_BAUD;
    MODULE->control = UART_TX_ON | UART_RX_ON | UART_TX_INTERRUPT_ON | UART_RX_INTERRUPT_ON;
    NVIC_ENABLE = 1u << MODULE_RX_IRQ | 1u << MODULE_TX_IRQ;
}

void uart_rx_interrupt(void)
{
    MODULE->interrupts =
        UART_RX_INTERRUPT; /* first: a byte that comes behind it interrupts again */
    uint32_t state = MODULE->state;
    if (state & UART_RX_OVERRUN) {
        MODULE->state = UART_RX_OVERRUN; /* clears it */
        count_loss();
    }
    if (state & UART_RX_FULL && !ring_put(&rx, (uint8_t)MODULE->data))
        count_loss();
}

static void feed_transmitter(void)
{
    const uint8_t *byte;
    while (!(MODULE->state & UART_TX_FULL) && ring_peek(&tx, &byte) > 0) {
        MODULE->data = *byte;
        ring_take(&tx, 1);
    }
}

void uart_tx_interrupt(void)
{
    MODULE->interrupts = UART_TX_INTERRUPT;
    feed_transmitter();
}

size_t uart_received(const uint8_t **bytes)
{
    return ring_peek(&rx, bytes);
}

void uart_consume(size_t n)
{
    ring_take(&rx, n);
}

size_t uart_write(const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    size_t n = 0;
    while (n < len && ring_put(&tx, at[n]))
        n++;
    interrupts_off(); /* the first byte starts the transmitter, its interrupts do the rest */
    feed_transmitter();
    interrupts_on();
    return n;
}

unsigned uart_lost(void)
{
    return atomic_load(&lost);
}
