/* A simulated radio: access points, joining, addresses, on the time that its callers pass in. It
 * uses nothing of its platform, so tests have it, too. */
#ifndef FW_RADIO_H
#define FW_RADIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/port.h>

#define FW_RADIO_APS    16
#define FW_RADIO_EVENTS 32

#define FW_RADIO_SCAN_MS    30 /* until the first access point of a scan */
#define FW_RADIO_JOIN_MS    30 /* until association, or until a wrong password shows */
#define FW_RADIO_ADDRESS_MS 10 /* from association to the addresses */

struct fw_radio_ap {
    struct fw_ap ap;
    char password[65];
};

struct fw_radio {
    uint8_t mac[6];
    struct fw_addr ip, gateway, netmask; /* what its DHCP server gives */
    bool at_once;                        /* the next join and its addresses take no time */
    bool associated;
    struct fw_radio_ap aps[FW_RADIO_APS];
    size_t ap_count;
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

/* ctx is a struct fw_radio. */
extern const struct fw_wifi_ops fw_radio_ops;

#endif
