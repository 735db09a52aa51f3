/* What the station and the module's access point share: the mode, the driver, the radio's events.
 */
#ifndef FW_WIFI_H
#define FW_WIFI_H

#include <stdbool.h>
#include <stdint.h>

#include "softap.h"
#include "station.h"

/* Loads the stored settings and, where they say so, starts to join and brings the access point up.
 */
void fw_wifi_boot(struct fw_station *station, struct fw_softap *softap, const struct fw_port *port,
                  struct fw_store *store, uint64_t now_ms);

/* Leaves the radio alone: power off. */
void fw_wifi_halt(struct fw_station *station, struct fw_softap *softap, uint64_t now_ms);

/* AT+CWMODE: false when the radio refuses the access point, and nothing has changed. auto_connect:
 * join when the station mode comes on. */
bool fw_wifi_set_mode(struct fw_station *station, struct fw_softap *softap, int mode,
                      bool auto_connect, uint64_t now_ms);

/* AT+CWINIT: without the driver there is neither station nor access point; with it they are what
 * they would be at power-on. False as above. */
bool fw_wifi_set_driver(struct fw_station *station, struct fw_softap *softap, bool on,
                        uint64_t now_ms);

/* AT+CWDHCP: of the station, of the access point (the server), or both; stored in one write. */
void fw_wifi_set_dhcp(struct fw_station *station, struct fw_softap *softap, bool on, int which,
                      uint64_t now_ms);

/* Takes at most one event of the radio, and only where there is room for what it has to tell. True
 * when something happened. */
bool fw_wifi_poll(struct fw_station *station, struct fw_softap *softap, uint64_t now_ms);
uint64_t fw_wifi_deadline(const struct fw_station *station, const struct fw_softap *softap);

#endif
