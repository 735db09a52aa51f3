/* The module's own access point: its configuration, its stations, and the DHCP server that gives
 * them addresses. */
#ifndef FW_SOFTAP_H
#define FW_SOFTAP_H

#include <stdbool.h>
#include <stdint.h>

#include <wmfw/port.h>

#include "at_limits.h"
#include "store.h"

#define FW_SOFTAP_STATIONS 8 /* at most, and the default of AT+CWSAP */
#define FW_SOFTAP_REPORTS  8

/* The parameters of AT+CWSAP. */
struct fw_softap_config {
    char ssid[AT_SSID_MAX + 1];
    char password[AT_PASSWORD_HEX + 1];
    int channel;
    int ecn;
    int max_stations;
    int hidden;
};

/* AT+CWDHCPS: which addresses, and for how long. first.family 0: the default pool. */
struct fw_softap_pool {
    struct fw_addr first, last;
    int lease_min;
};

/* A station that is here, or one that was and may come back to its address. */
struct fw_softap_station {
    uint8_t mac[6];
    bool here;
    struct fw_addr ip; /* family 0: none */
    uint64_t until_ms; /* end of the lease of one that has left */
};

enum fw_softap_report_type {
    FW_SOFTAP_STA_CONNECTED,
    FW_SOFTAP_STA_ADDRESS,
    FW_SOFTAP_STA_DISCONNECTED,
};

struct fw_softap_report {
    enum fw_softap_report_type type;
    uint8_t mac[6];
    struct fw_addr ip;
};

struct fw_softap {
    const struct fw_port *port;
    struct fw_store *store;
    bool up;
    struct fw_softap_config config;
    struct fw_ipv4_config address; /* AT+CIPAP */
    uint8_t mac[6];                /* AT+CIPAPMAC; all zero: the one behind the station's */
    int protocols;                 /* AT+CWAPPROTO */
    bool dhcp;                     /* AT+CWDHCP */
    struct fw_softap_pool pool;
    struct fw_softap_station stations[FW_SOFTAP_STATIONS];
    struct fw_softap_report reports[FW_SOFTAP_REPORTS];
    unsigned report_count;
};

/* Loads the stored settings; it is down. */
void fw_softap_init(struct fw_softap *softap, const struct fw_port *port, struct fw_store *store);

/* Brings it up: false when the radio refuses. Or takes it down. */
bool fw_softap_start(struct fw_softap *softap, uint64_t now_ms);
void fw_softap_stop(struct fw_softap *softap, uint64_t now_ms);

/* Takes an event of the radio that is about a station. There must be room for what it has to tell.
 */
bool fw_softap_has_room(const struct fw_softap *softap);
void fw_softap_handle(struct fw_softap *softap, const struct fw_wifi_event *event, uint64_t now_ms);

/* The oldest report: true and *out, or false. */
bool fw_softap_next_report(struct fw_softap *softap, struct fw_softap_report *out);

void fw_softap_mac(const struct fw_softap *softap, uint8_t mac[6]);

/* The pool in use: the configured one, or the addresses behind the module's own. */
struct fw_softap_pool fw_softap_pool(const struct fw_softap *softap);

/* Whether a pool lies in the module's network, in order. */
bool fw_softap_pool_fits(const struct fw_softap *softap, const struct fw_softap_pool *pool);

/* Drops a station, or (NULL) all: false when it is not here. */
bool fw_softap_drop(struct fw_softap *softap, const uint8_t *mac, uint64_t now_ms);

/* The commands that set something; each stores it where AT+SYSSTORE allows. False: the radio
 * refuses, and nothing has changed. What shows in the air begins anew where it is up, without its
 * stations, unless it has not changed. */
bool fw_softap_configure(struct fw_softap *softap, const struct fw_softap_config *config,
                         uint64_t now_ms);
bool fw_softap_set_address(struct fw_softap *softap, const struct fw_ipv4_config *address,
                           uint64_t now_ms);
bool fw_softap_set_mac(struct fw_softap *softap, const uint8_t mac[6], uint64_t now_ms);
bool fw_softap_set_protocols(struct fw_softap *softap, int protocols, uint64_t now_ms);
void fw_softap_set_pool(struct fw_softap *softap, const struct fw_softap_pool *pool);

#endif
