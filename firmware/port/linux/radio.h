/* A simulated radio: access points, joining, addresses, stations of the module's own access point,
 * on the time that its callers pass in. It uses nothing of its platform, so tests have it, too.
 * What happens in the air is called by name (fw_radio_ap_gone, ...); nothing happens by itself. */
#ifndef FW_RADIO_H
#define FW_RADIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/port.h>

#define FW_RADIO_APS      16
#define FW_RADIO_EVENTS   32
#define FW_RADIO_STATIONS 16

#define FW_RADIO_SCAN_MS    30 /* until the first access point of a scan */
#define FW_RADIO_JOIN_MS    30 /* until association, or until a wrong password shows */
#define FW_RADIO_ADDRESS_MS 10 /* from association to the addresses */

struct fw_radio_ap {
    struct fw_ap ap;
    char password[65];
    bool gone; /* out of reach */
};

/* A station in reach of the module's own access point. */
struct fw_radio_station {
    uint8_t mac[6];
    bool present;
    bool told; /* the firmware knows that it has joined, */
    bool left; /* and has to be told that it has left */
};

struct fw_radio {
    uint8_t mac[6];
    struct fw_ipv4_config lease; /* what its DHCP server gives */
    uint64_t address_ms; /* from association to the answer of the DHCP server; FW_NEVER: none */
    bool at_once;        /* the next join and its addresses take no time */
    bool associated;
    size_t ap; /* that the station has joined, or tries to */
    struct fw_addr ip6_ll;
    struct fw_wifi_addressing addressing;
    struct fw_radio_ap aps[FW_RADIO_APS];
    size_t ap_count;
    bool softap_up;
    struct fw_wifi_softap softap;
    struct fw_radio_station stations[FW_RADIO_STATIONS];
    struct {
        uint64_t due_ms;
        struct fw_wifi_event event;
    } events[FW_RADIO_EVENTS]; /* by time */
    size_t event_count;
};

/* A radio without access points. seed and module determine the hardware addresses. */
void fw_radio_init(struct fw_radio *radio, uint64_t seed, unsigned module,
                   const struct fw_addr *ip);

/* Adds one; password "" for an open network. False: too many, or a text too long or empty. */
bool fw_radio_add(struct fw_radio *radio, const char *ssid, const char *password);

/* Whether there is an access point of that name, gone or not. */
bool fw_radio_knows(const struct fw_radio *radio, const char *ssid);

/* Every access point of that name goes out of reach: who has joined one loses it, who tries to,
 * fails. And back again. */
void fw_radio_ap_gone(struct fw_radio *radio, const char *ssid, uint64_t now_ms);
void fw_radio_ap_back(struct fw_radio *radio, const char *ssid);

/* The DHCP answer of later joins comes that long after the association; FW_NEVER: not at all. */
void fw_radio_address_delay(struct fw_radio *radio, uint64_t delay_ms);

/* A station joins the module's access point: false when that is down or full, or the station is
 * there already. Or it leaves: false when it is not there. */
bool fw_radio_station_joins(struct fw_radio *radio, const uint8_t mac[6]);
bool fw_radio_station_leaves(struct fw_radio *radio, const uint8_t mac[6]);

/* ctx is a struct fw_radio. */
extern const struct fw_wifi_ops fw_radio_ops;

#endif
