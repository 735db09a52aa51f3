/* What the program needs of the chip's memory. */
#ifndef MEMORY_H
#define MEMORY_H

/* Marks the unused stack, so that what is used of it from then on can be told. Before there are
 * interrupts. */
void memory_start(void);

/* Prints flash, static RAM, and how deep the stack has been. */
void memory_print(void);

#endif
