/* The module's own access point (framework, "Wi-Fi commands"): wm_wifi_mode_set switches it on. For
 * threads, time and callbacks see wmat.h. Every call's default deadline is 5 s. Errors of all:
 * WM_ERR_ARG: a value out of its range, a NULL, a control character; nothing was sent.
 * WM_ERR_DEVICE: the module could not (no SoftAP in this mode). WM_ERR_PROTO: its answer could not
 * be read; what a result was to go into is all zero then. */
#ifndef WMAT_SOFTAP_H
#define WMAT_SOFTAP_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

#define WM_PASSWORD_SIZE 65 /* a Wi-Fi password, terminated */

/* AT+CWSAP: what it looks like. */
struct wm_softap {
    char ssid[WM_SSID_SIZE];         /* 1..32 bytes */
    char password[WM_PASSWORD_SIZE]; /* 8..63 characters or 64 hex digits; "" with ecn 0 */
    int channel;                     /* 1..14 */
    int ecn;                         /* 0 open, 2 WPA, 3 WPA2, 4 WPA/WPA2 */
    int max_stations;                /* 1..8; 0: 8 (for setting) */
    bool hidden;
};

int wm_softap_get(struct wm_device *dev, struct wm_softap *softap, uint32_t timeout_ms);
int wm_softap_get_prepare(struct wm_op *op, struct wm_softap *softap);
int wm_softap_set(struct wm_device *dev, const struct wm_softap *softap, uint32_t timeout_ms);
int wm_softap_set_prepare(struct wm_op *op, const struct wm_softap *softap);

/* One station of the SoftAP. */
struct wm_softap_station {
    char ip[WM_IP_SIZE]; /* "0.0.0.0": none yet */
    char mac[WM_MAC_SIZE];
};

/* AT+CWLIF. Returns how many the module listed; only max are stored. stations may be NULL where max
 * is 0. */
int wm_softap_stations(struct wm_device *dev, struct wm_softap_station *stations, size_t max,
                       uint32_t timeout_ms);
int wm_softap_stations_prepare(struct wm_op *op, struct wm_softap_station *stations, size_t max);

/* AT+CWQIF: drops one station, or all of them. mac: "xx:xx:xx:xx:xx:xx". WM_ERR_DEVICE: it is not
 * there. */
int wm_softap_drop(struct wm_device *dev, const char *mac, uint32_t timeout_ms);
int wm_softap_drop_prepare(struct wm_op *op, const char *mac);
int wm_softap_drop_all(struct wm_device *dev, uint32_t timeout_ms);
int wm_softap_drop_all_prepare(struct wm_op *op);

/* AT+CWDHCPS: the addresses that it leases to stations. */
struct wm_softap_leases {
    int lease_min;          /* minutes, 1..2880 */
    char first[WM_IP_SIZE]; /* IPv4, both in the network of wm_softap_ip_get */
    char last[WM_IP_SIZE];
};

int wm_softap_leases_get(struct wm_device *dev, struct wm_softap_leases *leases,
                         uint32_t timeout_ms);
int wm_softap_leases_get_prepare(struct wm_op *op, struct wm_softap_leases *leases);

/* leases NULL: the module's default. WM_ERR_REFUSED: not in its network, or the wrong way round. */
int wm_softap_leases_set(struct wm_device *dev, const struct wm_softap_leases *leases,
                         uint32_t timeout_ms);
int wm_softap_leases_set_prepare(struct wm_op *op, const struct wm_softap_leases *leases);

/* AT+CIPAP: its own address. For setting: gateway and netmask both or none ("": the module
 * chooses). */
struct wm_softap_ip {
    char ip[WM_IP_SIZE];
    char gateway[WM_IP_SIZE];
    char netmask[WM_IP_SIZE];
};

int wm_softap_ip_get(struct wm_device *dev, struct wm_softap_ip *ip, uint32_t timeout_ms);
int wm_softap_ip_get_prepare(struct wm_op *op, struct wm_softap_ip *ip);
int wm_softap_ip_set(struct wm_device *dev, const struct wm_softap_ip *ip, uint32_t timeout_ms);
int wm_softap_ip_set_prepare(struct wm_op *op, const struct wm_softap_ip *ip);

/* AT+CIPAPMAC: its hardware address, "xx:xx:xx:xx:xx:xx". */
int wm_softap_mac_get(struct wm_device *dev, char mac[WM_MAC_SIZE], uint32_t timeout_ms);
int wm_softap_mac_get_prepare(struct wm_op *op, char mac[WM_MAC_SIZE]);
int wm_softap_mac_set(struct wm_device *dev, const char *mac, uint32_t timeout_ms);
int wm_softap_mac_set_prepare(struct wm_op *op, const char *mac);

/* AT+CWAPPROTO: its 802.11 protocols, bits of enum wm_wifi_protocol (wifi.h), at least one.
 * wm_softap_protocols_get returns them. */
int wm_softap_protocols_get(struct wm_device *dev, uint32_t timeout_ms);
int wm_softap_protocols_get_prepare(struct wm_op *op);
int wm_softap_protocols_set(struct wm_device *dev, unsigned protocols, uint32_t timeout_ms);
int wm_softap_protocols_set_prepare(struct wm_op *op, unsigned protocols);

#ifdef __cplusplus
}
#endif

#endif
