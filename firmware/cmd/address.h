/* Addresses that a host sets: what AT+CIPSTA and AT+CIPAP have in common. */
#ifndef FW_ADDRESS_H
#define FW_ADDRESS_H

#include "module.h"

/* Reads <"ip">[,<"gateway">,<"netmask">]: false where one of the last two is missing, the address
 * is no host's, or the netmask is none. What was omitted has family 0. */
bool fw_address_read(const struct fw_value *value, struct fw_ipv4_config *out);

/* Prints its three lines; 0.0.0.0 where there is no address. */
void fw_address_print(struct fw_module *module, enum fw_message message,
                      const struct fw_ipv4_config *address);

/* Whether an interface can have it, and the other one has not. */
bool fw_address_mac_is_free(const uint8_t mac[6], const uint8_t other[6]);

#endif
