#include "softap_store.h"

#include <string.h>

#include "addr.h"
#include "station.h"

static const struct fw_ipv4_config default_address = {
    .ip = {.family = FW_IPV4, .bytes = {192, 168, 10, 1}},
    .gateway = {.family = FW_IPV4, .bytes = {192, 168, 10, 1}},
    .netmask = {.family = FW_IPV4, .bytes = {255, 255, 255, 0}},
};

/* W800- and the end of the hardware address. */
static void default_ssid(struct fw_softap *softap)
{
    char *text = softap->config.ssid + strlen(strcpy(softap->config.ssid, "W800-"));
    uint8_t mac[6];

    fw_softap_mac(softap, mac);
    for (size_t i = 3; i < sizeof mac; i++) {
        *text++ = "0123456789ABCDEF"[mac[i] >> 4];
        *text++ = "0123456789ABCDEF"[mac[i] & 15];
    }
    *text = '\0';
}

static void load_config(struct fw_softap *softap)
{
    const struct fw_store *store = softap->store;
    struct fw_softap_config *config = &softap->config;

    fw_store_get_text(store, "ap.ssid", config->ssid, sizeof config->ssid, "");
    if (config->ssid[0] == '\0') {
        default_ssid(softap);
    }
    fw_store_get_text(store, "ap.password", config->password, sizeof config->password, "");
    if (!fw_is_password(config->password, strlen(config->password))) {
        config->password[0] = '\0';
    }
    config->channel = fw_store_get_number(store, "ap.channel", 1, AT_CHANNEL_MAX, 1);
    config->ecn = fw_store_get_number(store, "ap.ecn", 0, AT_SOFTAP_ECN_MAX, 0);
    if (config->ecn == AT_ECN_WEP || config->password[0] == '\0') {
        config->ecn = 0;
    }
    config->max_stations =
        fw_store_get_number(store, "ap.max_stations", 1, FW_SOFTAP_STATIONS, FW_SOFTAP_STATIONS);
    config->hidden = fw_store_get_number(store, "ap.hidden", 0, 1, 0);
}

static void load_address(struct fw_softap *softap)
{
    const struct fw_store *store = softap->store;
    struct fw_ipv4_config *address = &softap->address;

    fw_store_get_addr(store, "ap.ip", FW_IPV4, &address->ip);
    fw_store_get_addr(store, "ap.gateway", FW_IPV4, &address->gateway);
    fw_store_get_addr(store, "ap.netmask", FW_IPV4, &address->netmask);
    if (!fw_ipv4_is_host(&address->ip)) {
        *address = default_address;
        return;
    }
    if (address->gateway.family == 0) {
        address->gateway = address->ip;
    }
    if (!fw_ipv4_is_netmask(&address->netmask)) {
        address->netmask = default_address.netmask;
    }
}

static void load_pool(struct fw_softap *softap)
{
    const struct fw_store *store = softap->store;
    struct fw_softap_pool *pool = &softap->pool;

    softap->dhcp = fw_store_get_number(store, "ap.dhcp", 0, 1, 1) != 0;
    fw_store_get_addr(store, "ap.pool_first", FW_IPV4, &pool->first);
    fw_store_get_addr(store, "ap.pool_last", FW_IPV4, &pool->last);
    pool->lease_min = fw_store_get_number(store, "ap.lease", 1, AT_LEASE_MAX, AT_LEASE_DEFAULT);
    if (!fw_softap_pool_fits(softap, pool)) {
        pool->first = pool->last = (struct fw_addr){0};
    }
}

/* The default name comes from the factory's hardware address, so that one is read last. */
void fw_softap_load(struct fw_softap *softap)
{
    load_config(softap);
    fw_store_get_mac(softap->store, "ap.mac", softap->mac);
    load_address(softap);
    load_pool(softap);
}

void fw_softap_save_config(struct fw_softap *softap)
{
    const struct fw_softap_config *config = &softap->config;

    fw_store_put_text(softap->store, "ap.ssid", config->ssid);
    fw_store_put_text(softap->store, "ap.password", config->password);
    fw_store_put_number(softap->store, "ap.channel", config->channel);
    fw_store_put_number(softap->store, "ap.ecn", config->ecn);
    fw_store_put_number(softap->store, "ap.max_stations", config->max_stations);
    fw_store_put_number(softap->store, "ap.hidden", config->hidden);
    fw_store_commit(softap->store);
}

void fw_softap_save_address(struct fw_softap *softap)
{
    fw_store_put_addr(softap->store, "ap.ip", &softap->address.ip);
    fw_store_put_addr(softap->store, "ap.gateway", &softap->address.gateway);
    fw_store_put_addr(softap->store, "ap.netmask", &softap->address.netmask);
    fw_store_commit(softap->store);
}

void fw_softap_save_mac(struct fw_softap *softap)
{
    fw_store_put_mac(softap->store, "ap.mac", softap->mac);
    fw_store_commit(softap->store);
}

void fw_softap_save_pool(struct fw_softap *softap)
{
    fw_store_put_addr(softap->store, "ap.pool_first", &softap->pool.first);
    fw_store_put_addr(softap->store, "ap.pool_last", &softap->pool.last);
    fw_store_put_number(softap->store, "ap.lease", softap->pool.lease_min);
    fw_store_commit(softap->store);
}
