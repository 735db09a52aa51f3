/* The module's own addresses and names (framework, "Wi-Fi commands"; TCP/IP AT: CIFSR, CIPV6). For
 * threads, time and callbacks see wmat.h. Every call's default deadline is 5 s. Errors of all:
 * WM_ERR_ARG: a value out of its range, an address that is none, a NULL; nothing was sent.
 * WM_ERR_DEVICE: the module could not (the interface is not on). WM_ERR_PROTO: its answer could not
 * be read; what a result was to go into is all zero then. */
#ifndef WMAT_ADDRESS_H
#define WMAT_ADDRESS_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

/* AT+CIFSR: all addresses; "" where there is none. */
struct wm_addresses {
    char station_ip[WM_IP_SIZE];
    char station_ip6_local[WM_IP_SIZE];
    char station_ip6_global[WM_IP_SIZE];
    char station_mac[WM_MAC_SIZE];
    char softap_ip[WM_IP_SIZE];
    char softap_mac[WM_MAC_SIZE];
};

int wm_addresses(struct wm_device *dev, struct wm_addresses *addresses, uint32_t timeout_ms);
int wm_addresses_prepare(struct wm_op *op, struct wm_addresses *addresses);

/* AT+CIPSTA: the station's addresses. "0.0.0.0" where it has no IPv4 address, "" where it has no
 * IPv6 address. For setting: gateway and netmask both or none ("": the module chooses); the IPv6
 * addresses are not looked at. */
struct wm_station_ip {
    char ip[WM_IP_SIZE];
    char gateway[WM_IP_SIZE];
    char netmask[WM_IP_SIZE];
    char ip6_local[WM_IP_SIZE];
    char ip6_global[WM_IP_SIZE];
};

int wm_station_ip_get(struct wm_device *dev, struct wm_station_ip *ip, uint32_t timeout_ms);
int wm_station_ip_get_prepare(struct wm_op *op, struct wm_station_ip *ip);

/* A fixed address; switches DHCP off for the station. */
int wm_station_ip_set(struct wm_device *dev, const struct wm_station_ip *ip, uint32_t timeout_ms);
int wm_station_ip_set_prepare(struct wm_op *op, const struct wm_station_ip *ip);

/* AT+CIPSTAMAC: the station's hardware address, "xx:xx:xx:xx:xx:xx". */
int wm_station_mac_get(struct wm_device *dev, char mac[WM_MAC_SIZE], uint32_t timeout_ms);
int wm_station_mac_get_prepare(struct wm_op *op, char mac[WM_MAC_SIZE]);
int wm_station_mac_set(struct wm_device *dev, const char *mac, uint32_t timeout_ms);
int wm_station_mac_set_prepare(struct wm_op *op, const char *mac);

/* AT+CWHOSTNAME: the name that the station gives to DHCP servers, 1..32 bytes. */
#define WM_HOSTNAME_SIZE 33 /* terminated */

int wm_hostname_get(struct wm_device *dev, char name[WM_HOSTNAME_SIZE], uint32_t timeout_ms);
int wm_hostname_get_prepare(struct wm_op *op, char name[WM_HOSTNAME_SIZE]);
int wm_hostname_set(struct wm_device *dev, const char *name, uint32_t timeout_ms);
int wm_hostname_set_prepare(struct wm_op *op, const char *name);

/* AT+CWDHCP: who has its address by DHCP: the station as a client, the SoftAP as a server. */
enum wm_dhcp { WM_DHCP_STATION = 1, WM_DHCP_SOFTAP = 2 };

/* Returns these bits. */
int wm_dhcp_get(struct wm_device *dev, uint32_t timeout_ms);
int wm_dhcp_get_prepare(struct wm_op *op);

/* Switches it on or off for those that interfaces names (one bit or both); the other one stays. A
 * fixed address and DHCP exclude each other, the one set last holds. */
int wm_dhcp_set(struct wm_device *dev, unsigned interfaces, bool on, uint32_t timeout_ms);
int wm_dhcp_set_prepare(struct wm_op *op, unsigned interfaces, bool on);

/* AT+CIPV6: is IPv6 on? It is by default. wm_ipv6_get returns 1 or 0. */
int wm_ipv6_get(struct wm_device *dev, uint32_t timeout_ms);
int wm_ipv6_get_prepare(struct wm_op *op);
int wm_ipv6_set(struct wm_device *dev, bool on, uint32_t timeout_ms);
int wm_ipv6_set_prepare(struct wm_op *op, bool on);

#ifdef __cplusplus
}
#endif

#endif
