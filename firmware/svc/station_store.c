#include "station_store.h"

#include <string.h>

#include "addr.h"

bool fw_is_password(const char *text, size_t len)
{
    if (len == AT_PASSWORD_HEX) {
        return strspn(text, "0123456789abcdefABCDEF") == len;
    }
    return len == 0 || (len >= AT_PASSWORD_MIN && len <= AT_PASSWORD_MAX);
}

/* Of a shipping module also what no access point of ours would have: five characters, or 64. */
static bool is_stored_password(const char *text)
{
    size_t len = strlen(text);

    return len == 5 || len == AT_PASSWORD_HEX || fw_is_password(text, len);
}

/* An access point that nobody has configured is not joined again: the interval is 0 then (the
 * vendor's default), 1 s with one (AT+CWJAP's). */
static void load_join(struct fw_station *station)
{
    const struct fw_store *store = station->store;
    struct fw_join_config *join = &station->joined;

    fw_store_get_text(store, "join.ssid", join->ssid, sizeof join->ssid, "");
    fw_store_get_text(store, "join.password", join->password, sizeof join->password, "");
    if (!is_stored_password(join->password)) {
        join->password[0] = '\0';
    }
    fw_store_get_mac(store, "join.bssid", join->bssid);
    join->pci_en = fw_store_get_number(store, "join.pci_en", 0, 1, 0);
    join->reconn_interval_s = fw_store_get_number(store, "join.reconn_interval", 0,
                                                  AT_RECONNECT_MAX, join->ssid[0] != '\0');
    join->listen_interval = fw_store_get_number(store, "join.listen_interval", 1, 100, 3);
    join->scan_mode = fw_store_get_number(store, "join.scan_mode", 0, 1, 0);
    join->timeout_s = fw_store_get_number(store, "join.timeout", 3, 600, 15);
    join->pmf = fw_store_get_number(store, "join.pmf", 0, 3, 1);
    station->repeat_count = fw_store_get_number(store, "join.repeat_count", 0, AT_REPEATS_MAX, 0);
}

/* A fixed address that was stored ends DHCP. */
static void load_ipv4(struct fw_station *station)
{
    const struct fw_store *store = station->store;
    struct fw_ipv4_config *fixed = &station->fixed;

    fw_store_get_addr(store, "sta.ip", FW_IPV4, &fixed->ip);
    fw_store_get_addr(store, "sta.gateway", FW_IPV4, &fixed->gateway);
    fw_store_get_addr(store, "sta.netmask", FW_IPV4, &fixed->netmask);
    if (!fw_ipv4_is_host(&fixed->ip)) {
        memset(fixed, 0, sizeof *fixed);
    } else {
        if (!fw_ipv4_is_netmask(&fixed->netmask)) {
            fixed->netmask.family = 0;
        }
        fw_ipv4_complete(fixed);
    }
    station->dhcp = fw_store_get_number(store, "sta.dhcp", 0, 1, fixed->ip.family == 0) != 0;
    if (station->dhcp) {
        memset(fixed, 0, sizeof *fixed);
    }
}

void fw_station_load(struct fw_station *station)
{
    const struct fw_store *store = station->store;

    station->mode = fw_store_get_number(store, "wifi.mode", 0, 3, 1);
    station->auto_join = fw_store_get_number(store, "wifi.auto_join", 0, 1, 1) != 0;
    station->ip6 = fw_store_get_number(store, "ip6", 0, 1, 1) != 0;
    fw_store_get_mac(store, "sta.mac", station->mac);
    load_join(station);
    load_ipv4(station);
}

void fw_station_save_join(struct fw_station *station)
{
    const struct fw_join_config *join = &station->joined;

    fw_store_put_text(station->store, "join.ssid", join->ssid);
    fw_store_put_text(station->store, "join.password", join->password);
    fw_store_put_mac(station->store, "join.bssid", join->bssid);
    fw_store_put_number(station->store, "join.pci_en", join->pci_en);
    fw_store_put_number(station->store, "join.reconn_interval", join->reconn_interval_s);
    fw_store_put_number(station->store, "join.listen_interval", join->listen_interval);
    fw_store_put_number(station->store, "join.scan_mode", join->scan_mode);
    fw_store_put_number(station->store, "join.timeout", join->timeout_s);
    fw_store_put_number(station->store, "join.pmf", join->pmf);
    fw_store_commit(station->store);
}

void fw_station_save_ipv4(struct fw_station *station)
{
    fw_store_put_number(station->store, "sta.dhcp", station->dhcp);
    fw_store_put_addr(station->store, "sta.ip", &station->fixed.ip);
    fw_store_put_addr(station->store, "sta.gateway", &station->fixed.gateway);
    fw_store_put_addr(station->store, "sta.netmask", &station->fixed.netmask);
    fw_store_commit(station->store);
}
