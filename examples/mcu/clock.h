/* Milliseconds since clock_start, counted by SysTick. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

void clock_start(void);
uint64_t clock_ms(void);
void clock_interrupt(void);

#endif
