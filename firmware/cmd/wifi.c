/* AT+CWINIT, AT+CWMODE, AT+CWSTATE, AT+CWJAP and what belongs to it: the station. */
#include "handlers.h"

#include <string.h>

#include "addr.h"

bool fw_has_network(const struct fw_module *module)
{
    return module->station.state == FW_STATION_ONLINE || module->softap.up;
}

bool fw_can_reach(const struct fw_module *module, enum fw_family family)
{
    const struct fw_station *station = &module->station;

    return family == FW_IPV4 ? fw_has_network(module)
                             : station->ip6_ll.family != 0 || station->ip6_gl.family != 0;
}

bool fw_has_ipv6(const struct fw_module *module)
{
    return module->station.ip6;
}

static bool station_is_on(const struct fw_module *module)
{
    return fw_station_is_on(&module->station);
}

/* Links end with the last network. (With the station's association they end anyway: report.c.) */
static enum fw_outcome end_links_without_network(struct fw_module *module)
{
    for (unsigned id = 0; id < AT_LINKS; id++) {
        if (!fw_can_reach(module, fw_link_family(module->links.link[id].type))) {
            fw_link_abort(&module->links, id);
        }
    }
    return FW_DONE;
}

enum fw_outcome fw_cwinit_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CWINIT, (int)module->station.driver);
    return FW_DONE;
}

enum fw_outcome fw_cwinit_set(struct fw_module *module, const struct fw_args *args)
{
    bool on = args->value[0].number != 0;

    if (!fw_wifi_set_driver(&module->station, &module->softap, on, module->now_ms)) {
        return FW_FAILED;
    }
    return end_links_without_network(module);
}

enum fw_outcome fw_cwmode_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CWMODE, module->station.mode);
    return FW_DONE;
}

enum fw_outcome fw_cwmode_set(struct fw_module *module, const struct fw_args *args)
{
    if (!module->station.driver ||
        !fw_wifi_set_mode(&module->station, &module->softap, args->value[0].number,
                          args->value[1].number != 0, module->now_ms)) {
        return FW_FAILED;
    }
    return end_links_without_network(module);
}

/* A module that numbers no state 0 and says so where it knows no access point. */
static enum fw_outcome print_known_state(struct fw_module *module, int number)
{
    const struct fw_station *station = &module->station;
    const char *ssid = number != 0 ? station->candidate.ssid : station->joined.ssid;

    if (ssid[0] == '\0') {
        fw_reply_message(&module->reply, FW_MSG_CWSTATE_NONE, 0);
    } else {
        fw_reply_message(&module->reply, FW_MSG_CWSTATE, number != 0 ? number : 4, ssid);
    }
    return FW_DONE;
}

/* 4 means that it stays so: while it is going to join again by itself it is 3. */
enum fw_outcome fw_cwstate_query(struct fw_module *module, const struct fw_args *args)
{
    static const int numbers[FW_STATION_STATES] = {
        [FW_STATION_NEVER] = 0,   [FW_STATION_ASSOCIATED] = 1, [FW_STATION_ONLINE] = 2,
        [FW_STATION_JOINING] = 3, [FW_STATION_LEAVING] = 3,    [FW_STATION_DOWN] = 4,
    };
    const struct fw_station *station = &module->station;
    enum fw_station_state state = station->state;

    (void)args;
    if (state == FW_STATION_DOWN && fw_station_is_rejoining(station)) {
        state = FW_STATION_JOINING;
    }
    if (fw_has_quirk(module->habits, FW_QUIRK_CWSTATE_NONE)) {
        return print_known_state(module, numbers[state]);
    }
    fw_reply_message(&module->reply, FW_MSG_CWSTATE, numbers[state], station->candidate.ssid);
    return FW_DONE;
}

enum fw_outcome fw_cwjap_query(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_join_config *join = &module->station.joined;
    const struct fw_ap *ap = &module->station.ap;
    char bssid[FW_MAC_TEXT];

    (void)args;
    if (!fw_station_is_joined(&module->station)) {
        return FW_DONE;
    }
    fw_mac_format(ap->bssid, bssid);
    fw_reply_message(&module->reply, FW_MSG_CWJAP, ap->ssid, bssid, (int)ap->channel, (int)ap->rssi,
                     join->pci_en, join->reconn_interval_s, join->listen_interval, join->scan_mode,
                     join->pmf);
    return FW_DONE;
}

enum fw_outcome fw_cwjap_set(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_value *value = args->value;
    struct fw_join_config join = {
        .pci_en = value[3].number,
        .reconn_interval_s = value[4].number,
        .listen_interval = value[5].number,
        .scan_mode = value[6].number,
        .timeout_s = value[7].number,
        .pmf = value[8].number,
    };

    if (!station_is_on(module)) {
        return FW_FAILED;
    }
    memcpy(join.ssid, value[0].text, value[0].len);
    memcpy(join.password, value[1].text, value[1].len);
    memcpy(join.bssid, value[2].mac, sizeof join.bssid);
    fw_station_join(&module->station, &join, module->now_ms);
    return FW_WAIT;
}

enum fw_outcome fw_cwjap_execute(struct fw_module *module, const struct fw_args *args)
{
    struct fw_join_config join = module->station.joined;

    (void)args;
    if (!station_is_on(module) || join.ssid[0] == '\0') {
        return FW_FAILED;
    }
    fw_station_join(&module->station, &join, module->now_ms);
    return FW_WAIT;
}

enum fw_outcome fw_cwjap_poll(struct fw_module *module)
{
    if (module->station.report_count > 0) {
        return FW_WAIT; /* WIFI CONNECTED comes before OK */
    }
    switch (module->station.outcome) {
    case FW_JOIN_DONE:
        return FW_DONE;
    case FW_JOIN_FAILED:
        return FW_FAILED;
    default:
        return FW_WAIT;
    }
}

enum fw_outcome fw_cwqap_execute(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_station_leave(&module->station, module->now_ms);
    return FW_WAIT;
}

/* OK at once, or behind WIFI DISCONNECT. */
enum fw_outcome fw_cwqap_poll(struct fw_module *module)
{
    bool left = !fw_station_is_joined(&module->station) && module->station.report_count == 0;

    return left || !fw_has_quirk(module->habits, FW_QUIRK_CWQAP_REPORTS) ? FW_DONE : FW_WAIT;
}

enum fw_outcome fw_cwreconncfg_query(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_station *station = &module->station;

    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CWRECONNCFG, station->joined.reconn_interval_s,
                     station->repeat_count);
    return FW_DONE;
}

enum fw_outcome fw_cwreconncfg_set(struct fw_module *module, const struct fw_args *args)
{
    fw_station_set_reconnect(&module->station, args->value[0].number, args->value[1].number,
                             module->now_ms);
    return FW_DONE;
}

enum fw_outcome fw_cwautoconn_set(struct fw_module *module, const struct fw_args *args)
{
    module->station.auto_join = args->value[0].number != 0;
    fw_store_keep_number(&module->store, "wifi.auto_join", args->value[0].number);
    return FW_DONE;
}

enum fw_outcome fw_cwstaproto_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CWSTAPROTO, module->station.protocols);
    return FW_DONE;
}

enum fw_outcome fw_cwstaproto_set(struct fw_module *module, const struct fw_args *args)
{
    module->station.protocols = args->value[0].number;
    return FW_DONE;
}

enum fw_outcome fw_cwcountry_query(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_country *country = &module->station.country;

    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CWCOUNTRY, country->code, (int)country->channels.first,
                     (int)country->channels.count);
    return FW_DONE;
}

/* The access point does not move to another channel by itself: one outside is an error. */
enum fw_outcome fw_cwcountry_set(struct fw_module *module, const struct fw_args *args)
{
    int first = args->value[1].number, count = args->value[2].number;
    int in_use = module->softap.config.channel;
    struct fw_country country = {.channels = {(uint8_t)first, (uint8_t)count}};

    if (first + count - 1 > AT_CHANNEL_MAX) {
        return FW_BAD_PARAMETER;
    }
    if (module->softap.up && (in_use < first || in_use >= first + count)) {
        return FW_FAILED;
    }
    memcpy(country.code, args->value[0].text, args->value[0].len);
    module->station.country = country;
    return FW_DONE;
}
