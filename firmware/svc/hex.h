/* Hex digits. */
#ifndef FW_HEX_H
#define FW_HEX_H

#include <stddef.h>
#include <stdint.h>

/* The value of a digit, either case; -1 where it is none. */
int fw_hex_digit(char c);

/* Writes two digits a byte, lower case, and a NUL; where that NUL is. */
char *fw_hex_put(char *text, const uint8_t *bytes, size_t len);

#endif
