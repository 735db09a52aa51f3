/* Addresses as text and back. */
#ifndef FW_ADDR_H
#define FW_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/port.h>

#define FW_ADDR_TEXT 46 /* longest address and its NUL */
#define FW_MAC_TEXT  18

/* Reads an IPv4 address (four decimal numbers) or an IPv6 address (RFC 4291, also with an IPv4
 * tail). False for anything else, a host name included. */
bool fw_addr_parse(const char *text, size_t len, struct fw_addr *out);

/* Writes it in the usual form (RFC 5952, lower case); "" for no address. */
void fw_addr_format(const struct fw_addr *addr, char text[FW_ADDR_TEXT]);

/* xx:xx:xx:xx:xx:xx, either case in, lower case out. */
bool fw_mac_parse(const char *text, size_t len, uint8_t mac[6]);
void fw_mac_format(const uint8_t mac[6], char text[FW_MAC_TEXT]);

#endif
