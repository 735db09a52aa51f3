#include "clock.h"

#include "chip.h"

static volatile uint64_t ticks;

void clock_start(void)
{
    SYSTICK_RELOAD = CPU_HZ / 1000 - 1;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = SYSTICK_ON;
}

void clock_interrupt(void)
{
    ticks++;
}

uint64_t clock_ms(void)
{
    uint64_t now;
    do /* two words, and a tick may come between them */
        now = ticks;
    while (now != ticks);
    return now;
}
