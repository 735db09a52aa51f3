/* Addresses of port.h as those of the host, and what kind they are. */
#ifndef FW_SOCKADDR_H
#define FW_SOCKADDR_H

#include <stdbool.h>
#include <sys/socket.h>

#include <wmfw/port.h>

/* Its length. Link-local peers are looked for on the loopback interface (DESIGN: addresses). */
socklen_t fw_sockaddr_make(const struct fw_endpoint *endpoint, struct sockaddr_storage *out);
void fw_sockaddr_read(const struct sockaddr_storage *from, struct fw_endpoint *out);

/* Multicast; 255.255.255.255; 127/8 or ::1. */
bool fw_addr_is_group(const struct fw_addr *addr);
bool fw_addr_is_broadcast(const struct fw_addr *addr);
bool fw_addr_is_loopback(const struct fw_addr *addr);

#endif
