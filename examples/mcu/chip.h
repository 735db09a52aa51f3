/* The registers that this program uses: a Cortex-M3 with the UARTs of ARM's CMSDK, as on the MPS2
 * board (AN385). Another chip has other UARTs; SysTick and NVIC are in every Cortex-M. */
#ifndef CHIP_H
#define CHIP_H

#include <stdint.h>

#define CPU_HZ    25000000u
#define UART_BAUD 115200u

struct chip_uart {
    volatile uint32_t data;
    volatile uint32_t state;
    volatile uint32_t control;
    volatile uint32_t interrupts; /* read: which are due; write: clears them */
    volatile uint32_t divider;
};

#define CONSOLE ((struct chip_uart *)0x40004000)
#define MODULE  ((struct chip_uart *)0x40005000)

#define UART_TX_FULL    (1u << 0) /* state */
#define UART_RX_FULL    (1u << 1)
#define UART_RX_OVERRUN (1u << 3) /* a byte came while the one before it was still there */

#define UART_TX_ON           (1u << 0) /* control */
#define UART_RX_ON           (1u << 1)
#define UART_TX_INTERRUPT_ON (1u << 2)
#define UART_RX_INTERRUPT_ON (1u << 3)

#define UART_TX_INTERRUPT (1u << 0) /* interrupts */
#define UART_RX_INTERRUPT (1u << 1)

/* Numbers of the module's UART in the vector table, behind the 16 of the core. */
#define MODULE_RX_IRQ 2
#define MODULE_TX_IRQ 3
#define CHIP_IRQS     32

#define NVIC_ENABLE     (*(volatile uint32_t *)0xE000E100)
#define SYSTICK_CONTROL (*(volatile uint32_t *)0xE000E010)
#define SYSTICK_RELOAD  (*(volatile uint32_t *)0xE000E014)
#define SYSTICK_VALUE   (*(volatile uint32_t *)0xE000E018)
#define SYSTICK_ON      7u /* counts, with interrupt, at the speed of the processor */

static inline void interrupts_off(void)
{
    __asm__ volatile("cpsid i" ::: "memory");
}

static inline void interrupts_on(void)
{
    __asm__ volatile("cpsie i" ::: "memory");
}

/* Sleeps until an interrupt is due, also one that can't be served yet. */
static inline void wait_for_interrupt(void)
{
    __asm__ volatile("dsb\n\twfi" ::: "memory");
}

static inline uint32_t *stack_pointer(void)
{
    uint32_t *sp;
    __asm__("mov %0, sp" : "=r"(sp));
    return sp;
}

#endif
