#include "handlers.h"

#include <string.h>

#include "addr.h"

static bool station_is_on(const struct fw_module *module)
{
    return (module->station.mode & 1) != 0;
}

enum fw_outcome fw_cwmode_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CWMODE, module->station.mode);
    return FW_DONE;
}

enum fw_outcome fw_cwmode_set(struct fw_module *module, const struct fw_args *args)
{
    fw_station_set_mode(&module->station, args->value[0].number, args->value[1].number,
                        module->now_ms);
    return FW_DONE;
}

enum fw_outcome fw_cwstate_query(struct fw_module *module, const struct fw_args *args)
{
    static const int numbers[FW_STATION_STATES] = {
        [FW_STATION_NEVER] = 0,   [FW_STATION_ASSOCIATED] = 1, [FW_STATION_ONLINE] = 2,
        [FW_STATION_JOINING] = 3, [FW_STATION_LEAVING] = 3,    [FW_STATION_DOWN] = 4,
    };
    const struct fw_station *station = &module->station;
    const char *ssid = station->candidate.ssid;

    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CWSTATE, numbers[station->state], ssid);
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
    return FW_DONE;
}

static enum fw_outcome start_scan(struct fw_module *module, const struct fw_scan_filter *filter)
{
    module->job_scan = *filter;
    if (!station_is_on(module) || !fw_station_scan(&module->station, module->now_ms)) {
        return FW_FAILED;
    }
    return FW_WAIT;
}

enum fw_outcome fw_cwlap_set(struct fw_module *module, const struct fw_args *args)
{
    struct fw_scan_filter filter = {
        .by_bssid = args->value[1].given,
        .channel = args->value[2].number,
    };

    memcpy(filter.ssid, args->value[0].text, args->value[0].len);
    memcpy(filter.bssid, args->value[1].mac, sizeof filter.bssid);
    return start_scan(module, &filter);
}

enum fw_outcome fw_cwlap_execute(struct fw_module *module, const struct fw_args *args)
{
    static const struct fw_scan_filter any;

    (void)args;
    return start_scan(module, &any);
}

static bool passes(const struct fw_scan_filter *filter, const struct fw_ap *ap)
{
    return (filter->ssid[0] == '\0' || strcmp(filter->ssid, ap->ssid) == 0) &&
           (!filter->by_bssid || memcmp(filter->bssid, ap->bssid, sizeof ap->bssid) == 0) &&
           (filter->channel == 0 || filter->channel == ap->channel);
}

enum fw_outcome fw_cwlap_poll(struct fw_module *module)
{
    struct fw_ap ap;
    char mac[FW_MAC_TEXT];

    if (fw_station_scanned(&module->station, &ap) && passes(&module->job_scan, &ap)) {
        fw_mac_format(ap.bssid, mac);
        fw_reply_message(&module->reply, FW_MSG_CWLAP, (int)ap.ecn, ap.ssid, (int)ap.rssi, mac,
                         (int)ap.channel, (int)ap.pairwise_cipher, (int)ap.group_cipher,
                         (int)ap.bgn, (int)ap.wps);
    }
    return module->station.scanning ? FW_WAIT : FW_DONE;
}

static void print_sta(struct fw_module *module, const char *name, const struct fw_addr *addr)
{
    char text[FW_ADDR_TEXT];

    fw_addr_format(addr, text);
    fw_reply_message(&module->reply, FW_MSG_CIPSTA, name, text);
}

enum fw_outcome fw_cipsta_query(struct fw_module *module, const struct fw_args *args)
{
    static const struct fw_addr none = {.family = FW_IPV4};
    struct fw_ipv4_config now = fw_station_ipv4(&module->station);
    bool online = now.ip.family != 0;

    (void)args;
    print_sta(module, "ip", online ? &now.ip : &none);
    print_sta(module, "gateway", online ? &now.gateway : &none);
    print_sta(module, "netmask", online ? &now.netmask : &none);
    if (module->station.ip6_ll.family != 0) {
        print_sta(module, "ip6ll", &module->station.ip6_ll);
    }
    if (module->station.ip6_gl.family != 0) {
        print_sta(module, "ip6gl", &module->station.ip6_gl);
    }
    return FW_DONE;
}

/* A gateway and a netmask come together. Without them the network is the /24 of the address, its
 * gateway the first address there. */
enum fw_outcome fw_cipsta_set(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_value *value = args->value;
    struct fw_ipv4_config fixed = {.ip = value[0].addr};

    if (value[1].given != value[2].given) {
        return FW_BAD_PARAMETER;
    }
    if (!station_is_on(module)) {
        return FW_FAILED;
    }
    if (value[1].given) {
        fixed.gateway = value[1].addr;
        fixed.netmask = value[2].addr;
    } else {
        fixed.gateway = fixed.ip;
        fixed.gateway.bytes[3] = 1;
        fixed.netmask = (struct fw_addr){.family = FW_IPV4, .bytes = {255, 255, 255, 0}};
    }
    fw_station_set_ipv4(&module->station, &fixed);
    return FW_DONE;
}
