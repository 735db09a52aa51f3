/* The Wi-Fi station: joining and joining again, addresses, and what of it is stored. */
#ifndef FW_STATION_H
#define FW_STATION_H

#include <stdbool.h>
#include <stdint.h>

#include <wmfw/port.h>

#include "at_limits.h"
#include "store.h"

enum fw_station_state {
    FW_STATION_NEVER,      /* no connection since boot */
    FW_STATION_JOINING,    /* associating */
    FW_STATION_LEAVING,    /* leaving one access point to join another */
    FW_STATION_ASSOCIATED, /* without an IPv4 address */
    FW_STATION_ONLINE,     /* with an IPv4 address */
    FW_STATION_DOWN,       /* disconnected, or the last attempt failed */
    FW_STATION_STATES
};

/* What the host has to be told, in the order in which it happened. */
enum fw_station_report {
    FW_STATION_CONNECTED,
    FW_STATION_GOT_IP,
    FW_STATION_GOT_IP6_LL,
    FW_STATION_GOT_IP6_GL,
    FW_STATION_LOST_IP, /* the association stays */
    FW_STATION_DISCONNECTED,
};

enum fw_join_outcome { FW_JOIN_PENDING, FW_JOIN_DONE, FW_JOIN_FAILED };

/* The parameters of AT+CWJAP. */
struct fw_join_config {
    char ssid[AT_SSID_MAX + 1]; /* "": no access point is configured */
    char password[AT_PASSWORD_HEX + 1];
    uint8_t bssid[6]; /* all zero: any */
    int pci_en;
    int reconn_interval_s; /* 0: never; AT+CWRECONNCFG sets it, too */
    int listen_interval;
    int scan_mode;
    int timeout_s;
    int pmf;
};

/* AT+CWCOUNTRY. */
struct fw_country {
    char code[4];
    struct fw_wifi_channels channels;
};

#define FW_STATION_REPORTS  8
#define FW_STATION_HOSTNAME 32 /* longest host name */

struct fw_station {
    const struct fw_port *port;
    struct fw_store *store;
    enum fw_station_state state;
    int mode;                     /* AT+CWMODE: bit 0 station, bit 1 SoftAP */
    bool driver;                  /* AT+CWINIT */
    bool auto_join;               /* AT+CWAUTOCONN */
    struct fw_join_config joined; /* the last access point that was joined, or the stored one */
    struct fw_join_config candidate;
    int repeat_count;             /* AT+CWRECONNCFG; 0: for ever */
    int repeats;                  /* attempts since the association was lost */
    enum fw_join_outcome outcome; /* of the last fw_station_join */
    bool by_itself;               /* the attempt under way was not asked for by a command */
    bool leaving;                 /* the loss of the association that comes next was wanted */
    uint64_t join_ms;             /* when the attempt under way has to be over */
    uint64_t retry_ms;            /* when to join again by itself */
    struct fw_ap ap;              /* that it is associated with */
    bool dhcp;                    /* AT+CWDHCP */
    struct fw_ipv4_config fixed;  /* AT+CIPSTA; family 0: none, or DHCP is on */
    struct fw_ipv4_config leased;
    bool ip6; /* AT+CIPV6 */
    struct fw_addr ip6_ll, ip6_gl;
    uint8_t mac[6]; /* AT+CIPSTAMAC; all zero: the factory's */
    int protocols;  /* AT+CWSTAPROTO */
    struct fw_country country;
    char hostname[FW_STATION_HOSTNAME + 1]; /* AT+CWHOSTNAME */
    struct fw_ap scan_ap;                   /* the access point that fw_station_scanned gives out */
    bool scanning, has_scan_ap;
    enum fw_station_report reports[FW_STATION_REPORTS];
    unsigned report_count;
};

/* A password that an access point can have: 8..63 characters, 64 hex digits, or none. */
bool fw_is_password(const char *text, size_t len);

/* Loads the stored settings; joins nothing yet. */
void fw_station_init(struct fw_station *station, const struct fw_port *port,
                     struct fw_store *store);

/* Takes an event of the radio that is the station's. There must be room for what it has to tell. */
bool fw_station_has_room(const struct fw_station *station);
void fw_station_handle(struct fw_station *station, const struct fw_wifi_event *event,
                       uint64_t now_ms);

/* Ends an attempt that takes too long, begins one that is due. True when something happened. */
bool fw_station_check(struct fw_station *station, uint64_t now_ms);
uint64_t fw_station_deadline(const struct fw_station *station);

/* The oldest report: true and *out, or false. */
bool fw_station_next_report(struct fw_station *station, enum fw_station_report *out);

/* The station mode, and a driver for it. */
bool fw_station_is_on(const struct fw_station *station);

/* Association or more. */
bool fw_station_is_joined(const struct fw_station *station);

/* Whether it will join again by itself, or does so now. */
bool fw_station_is_rejoining(const struct fw_station *station);

/* The addresses in use: of AT+CIPSTA or of DHCP; family 0 while there is no IPv4 address. */
struct fw_ipv4_config fw_station_ipv4(const struct fw_station *station);
void fw_station_mac(const struct fw_station *station, uint8_t mac[6]);

/* Joins the configured access point by itself, where there is one. */
void fw_station_join_again(struct fw_station *station, uint64_t now_ms);

/* Leaves where it is and joins; outcome tells the end. A failure leaves the configured one as it
 * was. */
void fw_station_join(struct fw_station *station, const struct fw_join_config *join,
                     uint64_t now_ms);
void fw_station_leave(struct fw_station *station, uint64_t now_ms);

/* The commands that set something; each stores it where AT+SYSSTORE allows. A fixed address ends
 * DHCP, and DHCP forgets the fixed address. Without either, a lease lasts as long as the
 * association. The hardware address, the protocols and the country count from the next join on. */
void fw_station_set_reconnect(struct fw_station *station, int interval_s, int repeat_count,
                              uint64_t now_ms);
void fw_station_set_ipv4(struct fw_station *station, const struct fw_ipv4_config *fixed,
                         uint64_t now_ms);
void fw_station_set_dhcp(struct fw_station *station, bool on, uint64_t now_ms);
void fw_station_set_ip6(struct fw_station *station, bool on, uint64_t now_ms);
void fw_station_set_mac(struct fw_station *station, const uint8_t mac[6]);
void fw_station_set_hostname(struct fw_station *station, const char *hostname, uint64_t now_ms);

/* Starts a scan: false when the radio refuses. Its results come one by one: fw_station_scanned is
 * true and *out is one of them, until scanning is false. scan->channels is filled in. */
bool fw_station_scan(struct fw_station *station, struct fw_wifi_scan *scan, uint64_t now_ms);
bool fw_station_scanned(struct fw_station *station, struct fw_ap *out);

#endif
