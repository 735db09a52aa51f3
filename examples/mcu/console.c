#include "console.h"

#include "chip.h"

void console_start(void)
{
    CONSOLE->divider = CPU_HZ / UART_BAUD;
    CONSOLE->control = UART_TX_ON;
}

void console_text(const char *text)
{
    for (; *text; text++) {
        while (CONSOLE->state & UART_TX_FULL)
            ;
        CONSOLE->data = (uint8_t)*text;
    }
}

void console_number(uint32_t number)
{
    char digits[11] = "";
    char *at = digits + sizeof digits - 1;
    do
        *--at = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    console_text(at);
}

void console_hex(uint32_t number)
{
    char digits[9] = "";
    for (int i = 7; i >= 0; i--, number >>= 4)
        digits[i] = "0123456789abcdef"[number & 15];
    console_text(digits);
}
