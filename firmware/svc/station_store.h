/* The station's settings, to and from the store. */
#ifndef FW_STATION_STORE_H
#define FW_STATION_STORE_H

#include "station.h"

/* Everything that is stored; a value that is missing or out of its range is the default. */
void fw_station_load(struct fw_station *station);

void fw_station_save_join(struct fw_station *station);
void fw_station_save_ipv4(struct fw_station *station);

#endif
