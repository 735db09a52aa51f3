/* From reset to main: the vector table, and memory as C expects it. */
#include <stdint.h>

#include "chip.h"
#include "clock.h"
#include "console.h"
#include "uart.h"

int main(void);
void reset(void);

/* Of link.ld; what counts is where they are. */
extern uint32_t data_load[], ram_start[], data_end[], bss_start[], bss_end[], stack_top[];

void reset(void)
{
    const uint32_t *from = data_load;
    for (uint32_t *to = ram_start; to < data_end;)
        *to++ = *from++;
    for (uint32_t *to = bss_start; to < bss_end;)
        *to++ = 0;
    main();
}

static void fault(void)
{
    console_text("stopped by a fault\n");
    for (;;)
        ;
}

typedef void (*vector_fn)(void);

static const vector_fn vectors[16 + CHIP_IRQS] __attribute__((section(".vectors"), used)) = {
    (vector_fn)(uintptr_t)stack_top,
    reset,
    [2] = fault, /* NMI */
    [3] = fault, /* HardFault, and what is not enabled of the next three */
    [4] = fault,
    [5] = fault,
    [6] = fault,
    [15] = clock_interrupt,
    [16 + MODULE_RX_IRQ] = uart_rx_interrupt,
    [16 + MODULE_TX_IRQ] = uart_tx_interrupt,
};
