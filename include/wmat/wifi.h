/* Wi-Fi station (framework, "Wi-Fi commands"). For threads, time and callbacks see wmat.h. */
#ifndef WMAT_WIFI_H
#define WMAT_WIFI_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

/* AT+CWMODE: 0 off, 1 station, 2 SoftAP, 3 both. */
enum wm_wifi_mode { WM_WIFI_OFF, WM_WIFI_STATION, WM_WIFI_SOFTAP, WM_WIFI_BOTH };

int wm_wifi_mode_get(struct wm_device *dev, uint32_t timeout_ms);
int wm_wifi_mode_get_prepare(struct wm_op *op);
int wm_wifi_mode_set(struct wm_device *dev, enum wm_wifi_mode mode, uint32_t timeout_ms);
int wm_wifi_mode_set_prepare(struct wm_op *op, enum wm_wifi_mode mode);

/* An access point to join. */
struct wm_wifi_join_options {
    const char *ssid;     /* 1..32 bytes */
    const char *password; /* 8..63 characters or 64 hex digits; NULL or "": an open network */
    const char *bssid;    /* "xx:xx:xx:xx:xx:xx"; NULL: any */
};

/* AT+CWJAP, set form: joins and waits until there is an IPv4 address (WIFI GOT IP), not only for
 * OK. Sets station mode first where the module is in another. Default deadline 25 s. WM_ERR_ARG:
 * ssid or password of a wrong length, CR, LF or NUL in one. WM_ERR_DEVICE: the module could not
 * join (no such network, wrong password). WM_ERR_TIMEOUT: no address in time. WM_ERR_RESET: the
 * module restarted meanwhile. */
int wm_wifi_join(struct wm_device *dev, const char *ssid, const char *password,
                 uint32_t timeout_ms);
int wm_wifi_join_prepare(struct wm_op *op, const struct wm_wifi_join_options *options);

/* AT+CWQAP: leaves the access point. */
int wm_wifi_leave(struct wm_device *dev, uint32_t timeout_ms);
int wm_wifi_leave_prepare(struct wm_op *op);

/* One line of AT+CWLAP. */
struct wm_wifi_ap {
    int ecn;                 /* 0 open, 1 WEP, 2 WPA, 3 WPA2, 4 WPA/WPA2, 5 WPA2 enterprise, 6 WPA3,
                                7 WPA2/WPA3, 8 WAPI; -1 not shown */
    char ssid[WM_SSID_SIZE]; /* terminated, control characters as '?'; "" for a hidden one */
    int rssi;                /* dBm */
    char bssid[WM_MAC_SIZE]; /* "xx:xx:xx:xx:xx:xx" */
    int channel;
};

/* Where wm_wifi_scan puts what it finds. */
struct wm_wifi_scan_list {
    struct wm_wifi_ap *aps; /* the caller's, max of them */
    size_t max;
    size_t found; /* how many the module listed; only max are stored */
};

/* AT+CWLAP, execute form. Returns how many access points the module listed (only max are stored).
 * Default deadline 15 s. */
int wm_wifi_scan(struct wm_device *dev, struct wm_wifi_ap *aps, size_t max, uint32_t timeout_ms);
int wm_wifi_scan_prepare(struct wm_op *op, struct wm_wifi_scan_list *list);

/* AT+CWSTATE: the state of the station. */
enum wm_wifi_state {
    WM_WIFI_NEVER,      /* never connected */
    WM_WIFI_NO_ADDRESS, /* associated, no IPv4 address */
    WM_WIFI_UP,         /* has an IPv4 address */
    WM_WIFI_CONNECTING,
    WM_WIFI_DOWN,
};

struct wm_wifi_status {
    enum wm_wifi_state state;
    char ssid[WM_SSID_SIZE]; /* "" when there is none */
};

int wm_wifi_status(struct wm_device *dev, struct wm_wifi_status *status, uint32_t timeout_ms);
int wm_wifi_status_prepare(struct wm_op *op, struct wm_wifi_status *status);

/* The access point that the station is joined to: AT+CWJAP?. */
struct wm_wifi_joined {
    char ssid[WM_SSID_SIZE]; /* "" when it is not joined; the rest is 0 then */
    char bssid[WM_MAC_SIZE];
    int channel;
    int rssi; /* dBm */
};

int wm_wifi_joined(struct wm_device *dev, struct wm_wifi_joined *joined, uint32_t timeout_ms);
int wm_wifi_joined_prepare(struct wm_op *op, struct wm_wifi_joined *joined);

/* AT+CIFSR: the module's own addresses; "" where it has none. */
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

/* AT+CIPSTA: the station's IPv4 address, gateway and netmask. */
struct wm_station_ip {
    char ip[WM_IP_SIZE];
    char gateway[WM_IP_SIZE]; /* for setting: NULL is not possible, "" leaves gateway and netmask
                                 out */
    char netmask[WM_IP_SIZE];
};

int wm_station_ip_get(struct wm_device *dev, struct wm_station_ip *ip, uint32_t timeout_ms);
int wm_station_ip_get_prepare(struct wm_op *op, struct wm_station_ip *ip);
int wm_station_ip_set(struct wm_device *dev, const struct wm_station_ip *ip, uint32_t timeout_ms);
int wm_station_ip_set_prepare(struct wm_op *op, const struct wm_station_ip *ip);

#ifdef __cplusplus
}
#endif

#endif
