/* What the program has to say, on the first UART. Waits until it is out. */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <stdint.h>

void console_start(void);
void console_text(const char *text);
void console_number(uint32_t number);
void console_hex(uint32_t number);

#endif
