/* The serial line to the module, 8N1. Interrupts move the bytes; nothing here waits. */
#ifndef UART_H
#define UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void uart_start(void);

/* Lends what has come, as much as stands together, until uart_consume. Returns its size. */
size_t uart_received(const uint8_t **bytes);
void uart_consume(size_t n);

/* Takes what there is room for, 0 to len bytes, and sends it. Returns how much that is. */
size_t uart_write(const void *bytes, size_t len);

/* How many bytes have been lost since uart_start: the interrupt came too late, or found the ring
 * full. The UART does not say how many it has lost itself; each time counts as one. */
unsigned uart_lost(void);

void uart_rx_interrupt(void);
void uart_tx_interrupt(void);

#endif
