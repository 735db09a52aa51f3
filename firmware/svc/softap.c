#include "softap.h"

#include <string.h>

#include "addr.h"
#include "softap_store.h"
#include "trace.h"

#define DEFAULT_POOL 100 /* addresses */

void fw_softap_init(struct fw_softap *softap, const struct fw_port *port, struct fw_store *store)
{
    memset(softap, 0, sizeof *softap);
    softap->port = port;
    softap->store = store;
    softap->protocols = 7;
    fw_softap_load(softap);
}

void fw_softap_mac(const struct fw_softap *softap, uint8_t mac[6])
{
    if (fw_mac_is_host(softap->mac)) {
        memcpy(mac, softap->mac, sizeof softap->mac);
    } else {
        softap->port->wifi->mac(softap->port->wifi_ctx, mac);
        mac[5]++;
    }
}

/* The only place that changes it. */
static void set_up(struct fw_softap *softap, bool up)
{
    if (softap->up != up) {
        softap->up = up;
        fw_trace(softap->port, "softap", up ? "up" : "down");
    }
}

bool fw_softap_start(struct fw_softap *softap, uint64_t now_ms)
{
    const struct fw_softap_config *config = &softap->config;
    struct fw_wifi_softap request = {
        .channel = (uint8_t)config->channel,
        .ecn = (uint8_t)config->ecn,
        .max_stations = (uint8_t)config->max_stations,
        .hidden = config->hidden != 0,
        .protocols = (uint8_t)softap->protocols,
        .address = softap->address,
    };

    memcpy(request.ssid, config->ssid, sizeof request.ssid);
    memcpy(request.password, config->password, sizeof request.password);
    fw_softap_mac(softap, request.mac);
    if (softap->port->wifi->ap_start(softap->port->wifi_ctx, &request, now_ms) < 0) {
        return false;
    }
    set_up(softap, true);
    return true;
}

void fw_softap_stop(struct fw_softap *softap, uint64_t now_ms)
{
    softap->port->wifi->ap_stop(softap->port->wifi_ctx, now_ms);
    set_up(softap, false);
}

/* Where it is up: with what was just set. */
static bool start_anew(struct fw_softap *softap, uint64_t now_ms)
{
    return !softap->up || fw_softap_start(softap, now_ms);
}

static uint32_t host_mask(const struct fw_softap *softap)
{
    return ~fw_ipv4_to_number(&softap->address.netmask);
}

static bool is_in_network(const struct fw_softap *softap, const struct fw_addr *addr)
{
    uint32_t hosts = host_mask(softap);
    uint32_t host = fw_ipv4_to_number(addr) & hosts;
    uint32_t differs = fw_ipv4_to_number(addr) ^ fw_ipv4_to_number(&softap->address.ip);

    return addr->family == FW_IPV4 && (differs & ~hosts) == 0 && host != 0 && host != hosts;
}

bool fw_softap_pool_fits(const struct fw_softap *softap, const struct fw_softap_pool *pool)
{
    return is_in_network(softap, &pool->first) && is_in_network(softap, &pool->last) &&
           fw_ipv4_to_number(&pool->first) <= fw_ipv4_to_number(&pool->last);
}

/* As many addresses as there are behind the module's own, at most DEFAULT_POOL; or in front of it,
 * where it is the last one. */
static void find_default_pool(const struct fw_softap *softap, struct fw_softap_pool *pool)
{
    uint32_t own = fw_ipv4_to_number(&softap->address.ip), hosts = host_mask(softap);
    uint32_t first = (own & ~hosts) + 1, last = (own | hosts) - 1;

    if (own < last) {
        first = own + 1;
        last = last - own > DEFAULT_POOL ? own + DEFAULT_POOL : last;
    } else if (own > first) {
        last = own - 1;
        first = own - first > DEFAULT_POOL ? own - DEFAULT_POOL : first;
    }
    pool->first = fw_ipv4_from_number(first);
    pool->last = fw_ipv4_from_number(last);
}

struct fw_softap_pool fw_softap_pool(const struct fw_softap *softap)
{
    struct fw_softap_pool pool = softap->pool;

    if (!fw_softap_pool_fits(softap, &pool)) {
        find_default_pool(softap, &pool);
    }
    return pool;
}

static bool is_free(const struct fw_softap *softap, uint32_t number, uint64_t now_ms)
{
    if (number == fw_ipv4_to_number(&softap->address.ip)) {
        return false;
    }
    for (size_t i = 0; i < FW_SOFTAP_STATIONS; i++) {
        const struct fw_softap_station *station = &softap->stations[i];

        if (station->ip.family != 0 && fw_ipv4_to_number(&station->ip) == number &&
            (station->here || station->until_ms > now_ms)) {
            return false;
        }
    }
    return true;
}

/* Who comes back within the time of its lease gets the same address. */
static bool has_lease(const struct fw_softap_station *station, const struct fw_softap_pool *pool,
                      uint64_t now_ms)
{
    uint32_t number = fw_ipv4_to_number(&station->ip);

    return station->ip.family != 0 && station->until_ms > now_ms &&
           number >= fw_ipv4_to_number(&pool->first) && number <= fw_ipv4_to_number(&pool->last);
}

static struct fw_addr lease(const struct fw_softap *softap, const struct fw_softap_station *station,
                            uint64_t now_ms)
{
    struct fw_softap_pool pool = fw_softap_pool(softap);
    uint32_t last = fw_ipv4_to_number(&pool.last);

    if (has_lease(station, &pool, now_ms)) {
        return station->ip;
    }
    for (uint32_t number = fw_ipv4_to_number(&pool.first); number <= last; number++) {
        if (is_free(softap, number, now_ms)) {
            return fw_ipv4_from_number(number);
        }
    }
    return (struct fw_addr){0};
}

static struct fw_softap_station *find_station(struct fw_softap *softap, const uint8_t mac[6])
{
    for (size_t i = 0; i < FW_SOFTAP_STATIONS; i++) {
        if (memcmp(softap->stations[i].mac, mac, 6) == 0) {
            return &softap->stations[i];
        }
    }
    return NULL;
}

/* The place of the one that has been away for the longest time. */
static struct fw_softap_station *make_place(struct fw_softap *softap, const uint8_t mac[6])
{
    struct fw_softap_station *oldest = NULL;

    for (size_t i = 0; i < FW_SOFTAP_STATIONS; i++) {
        struct fw_softap_station *station = &softap->stations[i];

        if (!station->here && (oldest == NULL || station->until_ms < oldest->until_ms)) {
            oldest = station;
        }
    }
    if (oldest != NULL) {
        memset(oldest, 0, sizeof *oldest);
        memcpy(oldest->mac, mac, 6);
    }
    return oldest;
}

static void report(struct fw_softap *softap, enum fw_softap_report_type type,
                   const struct fw_softap_station *station)
{
    struct fw_softap_report *what = &softap->reports[softap->report_count++];

    what->type = type;
    what->ip = station->ip;
    memcpy(what->mac, station->mac, sizeof what->mac);
}

static void on_joined(struct fw_softap *softap, const uint8_t mac[6], uint64_t now_ms)
{
    struct fw_softap_station *station = find_station(softap, mac);

    if (station == NULL) {
        station = make_place(softap, mac);
    }
    if (station == NULL || !softap->up) {
        return; /* a radio that lets in more than it may */
    }
    station->ip = softap->dhcp ? lease(softap, station, now_ms) : (struct fw_addr){0};
    station->here = true;
    report(softap, FW_SOFTAP_STA_CONNECTED, station);
    if (station->ip.family != 0) {
        report(softap, FW_SOFTAP_STA_ADDRESS, station);
    }
}

static void on_left(struct fw_softap *softap, const uint8_t mac[6], uint64_t now_ms)
{
    struct fw_softap_station *station = find_station(softap, mac);

    if (station == NULL || !station->here) {
        return;
    }
    station->here = false;
    station->until_ms = now_ms + (uint64_t)softap->pool.lease_min * 60000;
    report(softap, FW_SOFTAP_STA_DISCONNECTED, station);
}

bool fw_softap_has_room(const struct fw_softap *softap)
{
    return softap->report_count + 2 <= FW_SOFTAP_REPORTS;
}

void fw_softap_handle(struct fw_softap *softap, const struct fw_wifi_event *event, uint64_t now_ms)
{
    if (event->type == FW_WIFI_STA_JOINED) {
        on_joined(softap, event->mac, now_ms);
    } else if (event->type == FW_WIFI_STA_LEFT) {
        on_left(softap, event->mac, now_ms);
    }
}

bool fw_softap_next_report(struct fw_softap *softap, struct fw_softap_report *out)
{
    if (softap->report_count == 0) {
        return false;
    }
    *out = softap->reports[0];
    softap->report_count--;
    memmove(softap->reports, softap->reports + 1, softap->report_count * sizeof *softap->reports);
    return true;
}

bool fw_softap_drop(struct fw_softap *softap, const uint8_t *mac, uint64_t now_ms)
{
    bool any = false;

    for (size_t i = 0; i < FW_SOFTAP_STATIONS; i++) {
        const struct fw_softap_station *station = &softap->stations[i];

        if (station->here && (mac == NULL || memcmp(mac, station->mac, 6) == 0)) {
            softap->port->wifi->ap_drop(softap->port->wifi_ctx, station->mac, now_ms);
            any = true;
        }
    }
    return any;
}

static bool is_same(const struct fw_softap_config *a, const struct fw_softap_config *b)
{
    return strcmp(a->ssid, b->ssid) == 0 && strcmp(a->password, b->password) == 0 &&
           a->channel == b->channel && a->ecn == b->ecn && a->max_stations == b->max_stations &&
           a->hidden == b->hidden;
}

bool fw_softap_configure(struct fw_softap *softap, const struct fw_softap_config *config,
                         uint64_t now_ms)
{
    struct fw_softap_config before = softap->config;

    softap->config = *config;
    if (!is_same(&before, config) && !start_anew(softap, now_ms)) {
        softap->config = before;
        return false;
    }
    fw_softap_save_config(softap);
    return true;
}

bool fw_softap_set_address(struct fw_softap *softap, const struct fw_ipv4_config *address,
                           uint64_t now_ms)
{
    struct fw_ipv4_config before = softap->address;

    softap->address = *address;
    if (memcmp(&before, address, sizeof before) != 0 && !start_anew(softap, now_ms)) {
        softap->address = before;
        return false;
    }
    fw_softap_save_address(softap);
    return true;
}

bool fw_softap_set_mac(struct fw_softap *softap, const uint8_t mac[6], uint64_t now_ms)
{
    uint8_t before[6], in_use[6];

    memcpy(before, softap->mac, sizeof before);
    fw_softap_mac(softap, in_use);
    memcpy(softap->mac, mac, sizeof softap->mac);
    if (memcmp(in_use, mac, sizeof in_use) != 0 && !start_anew(softap, now_ms)) {
        memcpy(softap->mac, before, sizeof before);
        return false;
    }
    fw_softap_save_mac(softap);
    return true;
}

bool fw_softap_set_protocols(struct fw_softap *softap, int protocols, uint64_t now_ms)
{
    int before = softap->protocols;

    softap->protocols = protocols;
    if (before != protocols && !start_anew(softap, now_ms)) {
        softap->protocols = before;
        return false;
    }
    return true;
}

void fw_softap_set_pool(struct fw_softap *softap, const struct fw_softap_pool *pool)
{
    softap->pool = *pool;
    fw_softap_save_pool(softap);
}
