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

/* An IPv4 address as a number in host order, and back. */
uint32_t fw_ipv4_to_number(const struct fw_addr *addr);
struct fw_addr fw_ipv4_from_number(uint32_t number);

/* Whether a host can have it: not 0.x.x.x, no group, no broadcast address. */
bool fw_ipv4_is_host(const struct fw_addr *addr);

/* Whether its ones stand in front of its zeros, and some of each. */
bool fw_ipv4_is_netmask(const struct fw_addr *addr);

/* Completes a fixed address: without a netmask the network is the /24 of the address, without a
 * gateway it is the first address there. */
void fw_ipv4_complete(struct fw_ipv4_config *ipv4);

/* xx:xx:xx:xx:xx:xx, either case in, lower case out. */
bool fw_mac_parse(const char *text, size_t len, uint8_t mac[6]);
void fw_mac_format(const uint8_t mac[6], char text[FW_MAC_TEXT]);

/* Whether an interface can have it: not all zero, and no group (bit 0 of the first byte). */
bool fw_mac_is_host(const uint8_t mac[6]);

#endif
