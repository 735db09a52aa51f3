#include "memory.h"

#include <stdint.h>

#include "chip.h"
#include "console.h"

#define UNUSED 0x5AA55AA5u

/* Of link.ld; what counts is where they are. */
extern uint32_t flash_start[], flash_end[], ram_start[], stack_bottom[], stack_top[];

void memory_start(void)
{
    const volatile uint32_t *here = stack_pointer();
    for (volatile uint32_t *at = stack_bottom; at < here; at++)
        *at = UNUSED;
}

static uint32_t bytes_between(const uint32_t *from, const uint32_t *to)
{
    return (uint32_t)((uintptr_t)to - (uintptr_t)from);
}

void memory_print(void)
{
    const uint32_t *deepest = stack_bottom;
    while (deepest < stack_top && *deepest == UNUSED)
        deepest++;
    console_text("memory: flash ");
    console_number(bytes_between(flash_start, flash_end));
    console_text(", static RAM ");
    console_number(bytes_between(ram_start, stack_bottom));
    console_text(", stack ");
    console_number(bytes_between(deepest, stack_top));
    console_text(" of ");
    console_number(bytes_between(stack_bottom, stack_top));
    console_text(" bytes\n");
}
