#include "wifi.h"

void fw_wifi_boot(struct fw_station *station, struct fw_softap *softap, const struct fw_port *port,
                  struct fw_store *store, uint64_t now_ms)
{
    fw_station_init(station, port, store);
    fw_softap_init(softap, port, store);
    if ((station->mode & 2) != 0) {
        fw_softap_start(softap, now_ms);
    }
    if (station->auto_join) {
        fw_station_join_again(station, now_ms);
    }
}

void fw_wifi_halt(struct fw_station *station, struct fw_softap *softap, uint64_t now_ms)
{
    fw_station_leave(station, now_ms);
    fw_softap_stop(softap, now_ms);
}

/* What is to be there from now on; the access point first, as that is what can fail. */
static bool apply(struct fw_station *station, struct fw_softap *softap, bool driver, int mode,
                  bool join, uint64_t now_ms)
{
    bool was_on = fw_station_is_on(station);
    bool wants_softap = driver && (mode & 2) != 0;

    if (wants_softap && !softap->up && !fw_softap_start(softap, now_ms)) {
        return false;
    }
    if (!wants_softap && softap->up) {
        fw_softap_stop(softap, now_ms);
    }
    station->driver = driver;
    station->mode = mode;
    if (was_on && !fw_station_is_on(station)) {
        fw_station_leave(station, now_ms);
    } else if (!was_on && fw_station_is_on(station) && join) {
        fw_station_join_again(station, now_ms);
    }
    return true;
}

bool fw_wifi_set_mode(struct fw_station *station, struct fw_softap *softap, int mode,
                      bool auto_connect, uint64_t now_ms)
{
    if (!apply(station, softap, station->driver, mode, auto_connect, now_ms)) {
        return false;
    }
    fw_store_put_number(station->store, "wifi.mode", mode);
    fw_store_commit(station->store);
    return true;
}

bool fw_wifi_set_driver(struct fw_station *station, struct fw_softap *softap, bool on,
                        uint64_t now_ms)
{
    return apply(station, softap, on, station->mode, station->auto_join, now_ms);
}

void fw_wifi_set_dhcp(struct fw_station *station, struct fw_softap *softap, bool on, int which,
                      uint64_t now_ms)
{
    if ((which & 2) != 0) {
        softap->dhcp = on;
        fw_store_put_number(softap->store, "ap.dhcp", on);
    }
    if ((which & 1) != 0) {
        fw_station_set_dhcp(station, on, now_ms);
    }
    fw_store_commit(station->store);
}

bool fw_wifi_poll(struct fw_station *station, struct fw_softap *softap, uint64_t now_ms)
{
    struct fw_wifi_event event;

    if (!fw_station_has_room(station) || !fw_softap_has_room(softap)) {
        return false;
    }
    if (!station->port->wifi->poll(station->port->wifi_ctx, now_ms, &event)) {
        return fw_station_check(station, now_ms);
    }
    fw_station_handle(station, &event, now_ms);
    fw_softap_handle(softap, &event, now_ms);
    return true;
}

uint64_t fw_wifi_deadline(const struct fw_station *station, const struct fw_softap *softap)
{
    uint64_t radio_ms = station->port->wifi->deadline(station->port->wifi_ctx);
    uint64_t station_ms = fw_station_deadline(station);

    if (!fw_station_has_room(station) || !fw_softap_has_room(softap)) {
        return FW_NEVER; /* the host has to read first */
    }
    return radio_ms < station_ms ? radio_ms : station_ms;
}
