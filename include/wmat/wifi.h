/* The Wi-Fi station (framework, "Wi-Fi commands"). For threads, time and callbacks see wmat.h.
 * Unless a call says otherwise its default deadline is 5 s, and its errors are:
 * WM_ERR_ARG: a value out of its range, a NULL that is not allowed, a control character in a text;
 * nothing was sent. WM_ERR_DEVICE: the module could not (wrong mode, wrong state). WM_ERR_PROTO:
 * its answer could not be read; what a result was to go into is all zero then. */
#ifndef WMAT_WIFI_H
#define WMAT_WIFI_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

/* AT+CWINIT: is the Wi-Fi driver up? Without it there is neither station nor SoftAP. Never stored;
 * it is up after every start. wm_wifi_driver_get returns 1 or 0. */
int wm_wifi_driver_get(struct wm_device *dev, uint32_t timeout_ms);
int wm_wifi_driver_get_prepare(struct wm_op *op);
int wm_wifi_driver_set(struct wm_device *dev, bool up, uint32_t timeout_ms);
int wm_wifi_driver_set_prepare(struct wm_op *op, bool up);

/* AT+CWMODE: 0 off, 1 station, 2 SoftAP, 3 both. wm_wifi_mode_get returns it. */
enum wm_wifi_mode { WM_WIFI_OFF, WM_WIFI_STATION, WM_WIFI_SOFTAP, WM_WIFI_BOTH };

int wm_wifi_mode_get(struct wm_device *dev, uint32_t timeout_ms);
int wm_wifi_mode_get_prepare(struct wm_op *op);

/* Where the station comes on by this, the module joins the last access point (<auto_connect> left
 * out is 1); wm_wifi_mode_set_auto says whether it shall. */
int wm_wifi_mode_set(struct wm_device *dev, enum wm_wifi_mode mode, uint32_t timeout_ms);
int wm_wifi_mode_set_prepare(struct wm_op *op, enum wm_wifi_mode mode);
int wm_wifi_mode_set_auto(struct wm_device *dev, enum wm_wifi_mode mode, bool auto_connect,
                          uint32_t timeout_ms);
int wm_wifi_mode_set_auto_prepare(struct wm_op *op, enum wm_wifi_mode mode, bool auto_connect);

/* AT+CWAUTOCONN: shall the module join the stored access point at power-on? It does by default.
 * Stored whatever wm_store_set says. */
int wm_wifi_auto_join_set(struct wm_device *dev, bool join, uint32_t timeout_ms);
int wm_wifi_auto_join_set_prepare(struct wm_op *op, bool join);

/* An access point to join, and how. All zero but ssid is the default. */
struct wm_wifi_join_options {
    const char *ssid;     /* 1..32 bytes */
    const char *password; /* 8..63 characters or 64 hex digits; NULL or "": an open network */
    const char *bssid;    /* "xx:xx:xx:xx:xx:xx"; NULL: any */
    int pci_en;           /* 1: only networks with encryption; 0: any */
    int reconnect_s;      /* seconds to the next attempt after a loss: 0: 1 s; 1..7200; -1: none */
    int listen_interval;  /* in beacons of the access point: 0: 3; 1..100 */
    int scan_mode; /* 1: all channels are scanned and the strongest one is taken; 0: the first
                      one that is found */
    int timeout_s; /* <jap_timeout>, the module's own: 0: 15 s; 3..600 */
    int pmf;       /* protected management frames: 0: as 1; 1: possible, 2: required, 3: both
                      bits; -1: none */
};

/* AT+CWJAP, set form: joins and waits until there is an IPv4 address (WIFI GOT IP), not only for
 * OK. Sets station mode first where the module is in another. Default deadline 25 s, or 10 s more
 * than timeout_s where that is given. WM_ERR_ARG: ssid or password of a wrong length, an option out
 * of its range, a control character in a text. WM_ERR_DEVICE: the module could not join (no such
 * network, wrong password). WM_ERR_TIMEOUT: no address in time. WM_ERR_RESET: the module restarted
 * meanwhile. wm_wifi_join takes the default of everything else. */
int wm_wifi_join(struct wm_device *dev, const char *ssid, const char *password,
                 uint32_t timeout_ms);
int wm_wifi_join_with(struct wm_device *dev, const struct wm_wifi_join_options *options,
                      uint32_t timeout_ms);
int wm_wifi_join_prepare(struct wm_op *op, const struct wm_wifi_join_options *options);

/* AT+CWJAP, execute form: joins the access point that was configured last, and waits as
 * wm_wifi_join does; the mode stays as it is. Default deadline 25 s. WM_ERR_DEVICE: none is
 * configured, or the module could not join. */
int wm_wifi_rejoin(struct wm_device *dev, uint32_t timeout_ms);
int wm_wifi_rejoin_prepare(struct wm_op *op);

/* AT+CWQAP: leaves the access point. */
int wm_wifi_leave(struct wm_device *dev, uint32_t timeout_ms);
int wm_wifi_leave_prepare(struct wm_op *op);

/* The access point that the station is joined to, and how: AT+CWJAP?. */
struct wm_wifi_joined {
    char ssid[WM_SSID_SIZE]; /* "" when it is not joined; the rest is 0 then */
    char bssid[WM_MAC_SIZE];
    int channel;
    int rssi; /* dBm */
    int pci_en;
    int reconnect_s; /* 0: never */
    int listen_interval;
    int scan_mode;
    int pmf; /* bits 0 and 1 */
};

int wm_wifi_joined(struct wm_device *dev, struct wm_wifi_joined *joined, uint32_t timeout_ms);
int wm_wifi_joined_prepare(struct wm_op *op, struct wm_wifi_joined *joined);

/* AT+CWRECONNCFG: what the station does after a loss. */
struct wm_wifi_reconnect {
    unsigned interval_s; /* between two attempts, 1..7200; 0: none */
    unsigned repeats;    /* attempts, 1..1000; 0: without end */
};

int wm_wifi_reconnect_get(struct wm_device *dev, struct wm_wifi_reconnect *reconnect,
                          uint32_t timeout_ms);
int wm_wifi_reconnect_get_prepare(struct wm_op *op, struct wm_wifi_reconnect *reconnect);
int wm_wifi_reconnect_set(struct wm_device *dev, const struct wm_wifi_reconnect *reconnect,
                          uint32_t timeout_ms);
int wm_wifi_reconnect_set_prepare(struct wm_op *op, const struct wm_wifi_reconnect *reconnect);

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

/* One line of AT+CWLAP. What wm_wifi_scan_view_set masks off is -1, "" or an rssi and channel of 0.
 */
struct wm_wifi_ap {
    int ecn;                 /* 0 open, 1 WEP, 2 WPA, 3 WPA2, 4 WPA/WPA2, 5 WPA2 enterprise, 6 WPA3,
                                7 WPA2/WPA3, 8 WAPI */
    char ssid[WM_SSID_SIZE]; /* terminated, control characters as '?'; "" for a hidden one */
    int rssi;                /* dBm */
    char bssid[WM_MAC_SIZE]; /* "xx:xx:xx:xx:xx:xx" */
    int channel;
    int pairwise_cipher; /* the module's numbers */
    int group_cipher;
    int bgn; /* bits: WM_WIFI_11B, ... */
    int wps; /* 1: it has WPS */
};

/* AT+CWLAP, execute form: every access point in reach. Returns how many the module listed; only max
 * are stored. aps may be NULL where max is 0. Default deadline 15 s. */
int wm_wifi_scan(struct wm_device *dev, struct wm_wifi_ap *aps, size_t max, uint32_t timeout_ms);
int wm_wifi_scan_prepare(struct wm_op *op, struct wm_wifi_ap *aps, size_t max);

/* What a scan looks for. All zero is everything. */
struct wm_wifi_scan_filter {
    const char *ssid;  /* 1..32 bytes; NULL: any */
    const char *bssid; /* "xx:xx:xx:xx:xx:xx"; NULL: any */
    int channel;       /* 1..14; 0: all */
    int passive;       /* 1: listens only; 0: asks */
    int min_ms;        /* on each channel, at least and at most: 1..1500; 0: the module's choice */
    int max_ms;
};

/* AT+CWLAP, set form: as wm_wifi_scan, for those that filter lets through. A filter of nothing but
 * zeros is WM_ERR_ARG: that is wm_wifi_scan. */
int wm_wifi_scan_for(struct wm_device *dev, const struct wm_wifi_scan_filter *filter,
                     struct wm_wifi_ap *aps, size_t max, uint32_t timeout_ms);
int wm_wifi_scan_for_prepare(struct wm_op *op, const struct wm_wifi_scan_filter *filter,
                             struct wm_wifi_ap *aps, size_t max);

/* What scans show. */
struct wm_wifi_scan_view {
    int fields;    /* bits 0..8, the members of struct wm_wifi_ap from ecn to wps; 0x1ff: all */
    int rssi;      /* the weakest, -100..40 dBm */
    int authmodes; /* bits 0..15, one a value of ecn; 0xffff: all */
};

/* AT+CWLAPOPT. */
int wm_wifi_scan_view_set(struct wm_device *dev, const struct wm_wifi_scan_view *view,
                          uint32_t timeout_ms);
int wm_wifi_scan_view_set_prepare(struct wm_op *op, const struct wm_wifi_scan_view *view);

/* AT+CWSTAPROTO: the station's 802.11 protocols, at least one. wm_wifi_protocols_get returns them.
 */
enum wm_wifi_protocol { WM_WIFI_11B = 1, WM_WIFI_11G = 2, WM_WIFI_11N = 4 };

int wm_wifi_protocols_get(struct wm_device *dev, uint32_t timeout_ms);
int wm_wifi_protocols_get_prepare(struct wm_op *op);
int wm_wifi_protocols_set(struct wm_device *dev, unsigned protocols, uint32_t timeout_ms);
int wm_wifi_protocols_set_prepare(struct wm_op *op, unsigned protocols);

/* AT+CWCOUNTRY: the channels that may be used. */
struct wm_wifi_country {
    char code[3];      /* two letters, "CN" */
    int first_channel; /* 1..14 */
    int channels;      /* how many, 1..14 */
};

int wm_wifi_country_get(struct wm_device *dev, struct wm_wifi_country *country,
                        uint32_t timeout_ms);
int wm_wifi_country_get_prepare(struct wm_op *op, struct wm_wifi_country *country);
int wm_wifi_country_set(struct wm_device *dev, const struct wm_wifi_country *country,
                        uint32_t timeout_ms);
int wm_wifi_country_set_prepare(struct wm_op *op, const struct wm_wifi_country *country);

#ifdef __cplusplus
}
#endif

#endif
