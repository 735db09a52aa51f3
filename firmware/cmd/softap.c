/* AT+CWSAP, AT+CWLIF, AT+CWQIF, AT+CWDHCPS, AT+CIPAP and what belongs to it: the module's own
 * access point. */
#include "handlers.h"

#include <string.h>

#include "addr.h"
#include "address.h"
#include "show.h"

enum fw_outcome fw_cwsap_query(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_softap_config *config = &module->softap.config;

    (void)args;
    if (!module->softap.up) {
        return FW_FAILED;
    }
    fw_reply_message(&module->reply, FW_MSG_CWSAP, config->ssid, config->password, config->channel,
                     config->ecn, config->max_stations, config->hidden);
    return FW_DONE;
}

/* WEP is not there, every other encryption needs a password, and the channel has to be one that the
 * country allows. */
static bool is_sound(const struct fw_module *module, const struct fw_softap_config *config)
{
    const struct fw_wifi_channels *channels = &module->station.country.channels;

    return config->ecn != AT_ECN_WEP && (config->ecn == 0 || config->password[0] != '\0') &&
           config->channel >= channels->first &&
           config->channel < channels->first + channels->count;
}

enum fw_outcome fw_cwsap_set(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_value *value = args->value;
    struct fw_softap_config config = {
        .channel = value[2].number,
        .ecn = value[3].number,
        .max_stations = value[4].number,
        .hidden = value[5].number,
    };

    memcpy(config.ssid, value[0].text, value[0].len);
    memcpy(config.password, value[1].text, value[1].len);
    if (!is_sound(module, &config)) {
        return FW_BAD_PARAMETER;
    }
    if (!module->softap.up || !fw_softap_configure(&module->softap, &config, module->now_ms)) {
        return FW_FAILED;
    }
    return FW_DONE;
}

enum fw_outcome fw_cwlif_execute(struct fw_module *module, const struct fw_args *args)
{
    static const struct fw_addr none = {.family = FW_IPV4};
    char ip[FW_ADDR_TEXT], mac[FW_MAC_TEXT];

    (void)args;
    if (!module->softap.up) {
        return FW_FAILED;
    }
    for (size_t i = 0; i < FW_SOFTAP_STATIONS; i++) {
        const struct fw_softap_station *station = &module->softap.stations[i];

        if (station->here) {
            fw_show_addr(module, station->ip.family != 0 ? &station->ip : &none, ip);
            fw_mac_format(station->mac, mac);
            fw_reply_message(&module->reply, FW_MSG_CWLIF, ip, mac);
        }
    }
    return FW_DONE;
}

enum fw_outcome fw_cwqif_set(struct fw_module *module, const struct fw_args *args)
{
    bool dropped =
        module->softap.up && fw_softap_drop(&module->softap, args->value[0].mac, module->now_ms);

    return dropped ? FW_DONE : FW_FAILED;
}

enum fw_outcome fw_cwqif_execute(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    if (!module->softap.up) {
        return FW_FAILED;
    }
    fw_softap_drop(&module->softap, NULL, module->now_ms);
    return FW_DONE;
}

static bool serves_addresses(const struct fw_module *module)
{
    return module->softap.up && module->softap.dhcp;
}

enum fw_outcome fw_cwdhcps_query(struct fw_module *module, const struct fw_args *args)
{
    struct fw_softap_pool pool = fw_softap_pool(&module->softap);
    char first[FW_ADDR_TEXT], last[FW_ADDR_TEXT];

    (void)args;
    if (!serves_addresses(module)) {
        return FW_FAILED;
    }
    fw_show_addr(module, &pool.first, first);
    fw_show_addr(module, &pool.last, last);
    fw_reply_message(&module->reply, FW_MSG_CWDHCPS, pool.lease_min, first, last);
    return FW_DONE;
}

/* 0 is the default pool. */
enum fw_outcome fw_cwdhcps_set(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_value *value = args->value;
    struct fw_softap_pool pool = {.lease_min = AT_LEASE_DEFAULT};

    if (value[0].number != 0) {
        pool = (struct fw_softap_pool){value[2].addr, value[3].addr, value[1].number};
        if (!fw_softap_pool_fits(&module->softap, &pool)) {
            return FW_BAD_PARAMETER;
        }
    }
    if (!serves_addresses(module)) {
        return FW_FAILED;
    }
    fw_softap_set_pool(&module->softap, &pool);
    return FW_DONE;
}

enum fw_outcome fw_cwapproto_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CWAPPROTO, module->softap.protocols);
    return FW_DONE;
}

enum fw_outcome fw_cwapproto_set(struct fw_module *module, const struct fw_args *args)
{
    bool set = fw_softap_set_protocols(&module->softap, args->value[0].number, module->now_ms);

    return set ? FW_DONE : FW_FAILED;
}

enum fw_outcome fw_cipap_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    if (!module->softap.up) {
        return FW_FAILED;
    }
    fw_address_print(module, FW_MSG_CIPAP, &module->softap.address);
    return FW_DONE;
}

/* The module itself is the gateway unless another one is given. */
enum fw_outcome fw_cipap_set(struct fw_module *module, const struct fw_args *args)
{
    struct fw_ipv4_config address;

    if (!fw_address_read(args->value, &address)) {
        return FW_BAD_PARAMETER;
    }
    if (address.gateway.family == 0) {
        address.gateway = address.ip;
    }
    fw_ipv4_complete(&address);
    if (!module->softap.up || !fw_softap_set_address(&module->softap, &address, module->now_ms)) {
        return FW_FAILED;
    }
    return FW_DONE;
}

enum fw_outcome fw_cipapmac_query(struct fw_module *module, const struct fw_args *args)
{
    uint8_t mac[6];
    char text[FW_MAC_TEXT];

    (void)args;
    if (!module->softap.up) {
        return FW_FAILED;
    }
    fw_softap_mac(&module->softap, mac);
    fw_mac_format(mac, text);
    fw_reply_message(&module->reply, FW_MSG_CIPAPMAC, text);
    return FW_DONE;
}

enum fw_outcome fw_cipapmac_set(struct fw_module *module, const struct fw_args *args)
{
    uint8_t other[6];

    fw_station_mac(&module->station, other);
    if (!fw_address_mac_is_free(args->value[0].mac, other)) {
        return FW_BAD_PARAMETER;
    }
    if (!module->softap.up ||
        !fw_softap_set_mac(&module->softap, args->value[0].mac, module->now_ms)) {
        return FW_FAILED;
    }
    return FW_DONE;
}
