#include "station.h"

#include <string.h>

#include "addr.h"
#include "hex.h"
#include "station_store.h"
#include "trace.h"

enum event {
    EVENT_JOIN,   /* wanted: join */
    EVENT_REJOIN, /* wanted: join another one than the present */
    EVENT_LEAVE,  /* wanted: leave, or give up */
    EVENT_JOINED,
    EVENT_FAILED,
    EVENT_ADDRESS,
    EVENT_NO_ADDRESS, /* wanted: another one is asked for */
    EVENT_LOST,
};

static const struct {
    enum fw_station_state state;
    enum event event;
    enum fw_station_state next;
} transitions[] = {
    {FW_STATION_NEVER, EVENT_JOIN, FW_STATION_JOINING},
    {FW_STATION_DOWN, EVENT_JOIN, FW_STATION_JOINING},
    {FW_STATION_JOINING, EVENT_JOIN, FW_STATION_JOINING},
    {FW_STATION_LEAVING, EVENT_LOST, FW_STATION_JOINING},
    {FW_STATION_ASSOCIATED, EVENT_REJOIN, FW_STATION_LEAVING},
    {FW_STATION_ONLINE, EVENT_REJOIN, FW_STATION_LEAVING},
    {FW_STATION_LEAVING, EVENT_REJOIN, FW_STATION_LEAVING},
    {FW_STATION_JOINING, EVENT_LEAVE, FW_STATION_DOWN},
    {FW_STATION_JOINING, EVENT_JOINED, FW_STATION_ASSOCIATED},
    {FW_STATION_JOINING, EVENT_FAILED, FW_STATION_DOWN},
    {FW_STATION_LEAVING, EVENT_FAILED, FW_STATION_DOWN},
    {FW_STATION_ASSOCIATED, EVENT_ADDRESS, FW_STATION_ONLINE},
    {FW_STATION_ONLINE, EVENT_NO_ADDRESS, FW_STATION_ASSOCIATED},
    {FW_STATION_ASSOCIATED, EVENT_LOST, FW_STATION_DOWN},
    {FW_STATION_ONLINE, EVENT_LOST, FW_STATION_DOWN},
};

static const char *const state_names[FW_STATION_STATES] = {
    [FW_STATION_NEVER] = "never",     [FW_STATION_JOINING] = "joining",
    [FW_STATION_LEAVING] = "leaving", [FW_STATION_ASSOCIATED] = "associated",
    [FW_STATION_ONLINE] = "online",   [FW_STATION_DOWN] = "down",
};

/* The only place that changes the state; false when the event means nothing there. */
static bool step(struct fw_station *station, enum event event)
{
    for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i++) {
        if (transitions[i].state == station->state && transitions[i].event == event) {
            station->state = transitions[i].next;
            fw_trace(station->port, "station", state_names[station->state]);
            return true;
        }
    }
    return false;
}

static void report(struct fw_station *station, enum fw_station_report what)
{
    station->reports[station->report_count++] = what;
}

static void put_addressing(struct fw_station *station, uint64_t now_ms)
{
    struct fw_wifi_addressing addressing = {
        .dhcp = station->dhcp,
        .fixed = station->fixed,
        .ip6 = station->ip6,
    };

    memcpy(addressing.hostname, station->hostname, sizeof addressing.hostname);
    station->port->wifi->addressing(station->port->wifi_ctx, &addressing, now_ms);
}

static void start_join(struct fw_station *station, uint64_t now_ms)
{
    const struct fw_join_config *candidate = &station->candidate;
    struct fw_wifi_join join = {
        .channels = station->country.channels,
        .secured = candidate->pci_en != 0,
        .strongest = candidate->scan_mode != 0,
        .listen_interval = (uint8_t)candidate->listen_interval,
        .pmf = (uint8_t)candidate->pmf,
        .protocols = (uint8_t)station->protocols,
    };

    memcpy(join.ssid, candidate->ssid, sizeof join.ssid);
    memcpy(join.password, candidate->password, sizeof join.password);
    memcpy(join.bssid, candidate->bssid, sizeof join.bssid);
    fw_station_mac(station, join.mac);
    put_addressing(station, now_ms);
    if (station->port->wifi->join(station->port->wifi_ctx, &join, now_ms) < 0) {
        station->join_ms = now_ms; /* the attempt is over */
    }
}

static void begin(struct fw_station *station, const struct fw_join_config *join, bool by_itself,
                  uint64_t now_ms)
{
    station->candidate = *join;
    station->leaving = false;
    station->by_itself = by_itself;
    station->outcome = FW_JOIN_PENDING;
    station->join_ms = now_ms + (uint64_t)join->timeout_s * 1000;
    station->retry_ms = FW_NEVER;
    if (step(station, EVENT_REJOIN)) {
        station->port->wifi->leave(station->port->wifi_ctx, now_ms);
        return;
    }
    if (station->state == FW_STATION_JOINING) {
        station->port->wifi->leave(station->port->wifi_ctx, now_ms);
    }
    step(station, EVENT_JOIN);
    start_join(station, now_ms);
}

static void join_by_itself(struct fw_station *station, uint64_t now_ms)
{
    if (fw_station_is_on(station) && station->joined.ssid[0] != '\0') {
        begin(station, &station->joined, true, now_ms);
    }
}

static void retry_later(struct fw_station *station, uint64_t now_ms)
{
    int interval_s = station->joined.reconn_interval_s;
    bool may = station->repeat_count == 0 || station->repeats < station->repeat_count;

    station->retry_ms = interval_s > 0 && may ? now_ms + (uint64_t)interval_s * 1000 : FW_NEVER;
}

/* wm_dev- and the end of the hardware address: so a shipping module is called. */
static void default_hostname(struct fw_station *station)
{
    char *text = station->hostname + strlen(strcpy(station->hostname, "wm_dev-"));
    uint8_t mac[6];

    station->port->wifi->mac(station->port->wifi_ctx, mac);
    fw_hex_put(text, mac + 2, sizeof mac - 2);
}

void fw_station_init(struct fw_station *station, const struct fw_port *port, struct fw_store *store)
{
    memset(station, 0, sizeof *station);
    station->port = port;
    station->store = store;
    station->retry_ms = FW_NEVER;
    station->driver = true;
    station->protocols = 7;
    station->country = (struct fw_country){"CN", {.first = 1, .count = 13}};
    default_hostname(station);
    fw_station_load(station);
}

static void forget_addresses(struct fw_station *station)
{
    memset(&station->leased, 0, sizeof station->leased);
    memset(&station->ip6_ll, 0, sizeof station->ip6_ll);
    memset(&station->ip6_gl, 0, sizeof station->ip6_gl);
}

static void on_joined(struct fw_station *station, const struct fw_ap *ap)
{
    if (!step(station, EVENT_JOINED)) {
        return;
    }
    station->ap = *ap;
    station->repeats = 0;
    station->outcome = FW_JOIN_DONE;
    if (!station->by_itself) { /* or AT+CWRECONNCFG may have changed the configured one meanwhile */
        station->joined = station->candidate;
        fw_station_save_join(station);
    }
    report(station, FW_STATION_CONNECTED);
}

static void on_failed(struct fw_station *station, const char *reason, uint64_t now_ms)
{
    if (!step(station, EVENT_FAILED)) {
        return;
    }
    fw_trace(station->port, "station", reason != NULL ? reason : "the join has failed");
    forget_addresses(station);
    station->outcome = FW_JOIN_FAILED;
    if (station->by_itself) {
        retry_later(station, now_ms);
    }
}

static void on_lost(struct fw_station *station, uint64_t now_ms)
{
    if (!step(station, EVENT_LOST)) {
        return;
    }
    forget_addresses(station);
    report(station, FW_STATION_DISCONNECTED);
    if (station->state == FW_STATION_JOINING) {
        start_join(station, now_ms);
    } else if (!station->leaving) {
        station->repeats = 0;
        retry_later(station, now_ms);
    }
    station->leaving = false;
}

/* A renewed lease, or another fixed address, is no news. */
static void on_address(struct fw_station *station, const struct fw_ipv4_config *ipv4)
{
    if (station->dhcp) {
        station->leased = *ipv4;
    } else if (station->fixed.ip.family == 0) {
        return;
    }
    if (step(station, EVENT_ADDRESS)) {
        report(station, FW_STATION_GOT_IP);
    }
}

static void on_ip6(struct fw_station *station, const struct fw_addr *from, struct fw_addr *to,
                   enum fw_station_report what)
{
    if (station->ip6) {
        *to = *from;
        report(station, what);
    }
}

void fw_station_handle(struct fw_station *station, const struct fw_wifi_event *event,
                       uint64_t now_ms)
{
    switch (event->type) {
    case FW_WIFI_SCAN_AP:
        station->scan_ap = event->ap;
        station->has_scan_ap = station->scanning;
        break;
    case FW_WIFI_SCAN_DONE:
        station->scanning = false;
        break;
    case FW_WIFI_JOINED:
        on_joined(station, &event->ap);
        break;
    case FW_WIFI_JOIN_FAILED:
        on_failed(station, event->reason, now_ms);
        break;
    case FW_WIFI_GOT_IP:
        on_address(station, &event->ipv4);
        break;
    case FW_WIFI_GOT_IP6_LL:
        on_ip6(station, &event->ip6, &station->ip6_ll, FW_STATION_GOT_IP6_LL);
        break;
    case FW_WIFI_GOT_IP6_GL:
        on_ip6(station, &event->ip6, &station->ip6_gl, FW_STATION_GOT_IP6_GL);
        break;
    case FW_WIFI_LOST:
        on_lost(station, now_ms);
        break;
    case FW_WIFI_STA_JOINED:
    case FW_WIFI_STA_LEFT:
        break;
    }
}

static bool is_joining(const struct fw_station *station)
{
    return station->state == FW_STATION_JOINING || station->state == FW_STATION_LEAVING;
}

bool fw_station_check(struct fw_station *station, uint64_t now_ms)
{
    if (is_joining(station) && now_ms >= station->join_ms) {
        station->port->wifi->leave(station->port->wifi_ctx, now_ms);
        on_failed(station, "no answer from the access point in time", now_ms);
        return true;
    }
    if (now_ms >= station->retry_ms) {
        station->retry_ms = FW_NEVER;
        station->repeats++;
        join_by_itself(station, now_ms);
        return true;
    }
    return false;
}

bool fw_station_has_room(const struct fw_station *station)
{
    return station->report_count < FW_STATION_REPORTS && !station->has_scan_ap;
}

uint64_t fw_station_deadline(const struct fw_station *station)
{
    uint64_t join_ms = is_joining(station) ? station->join_ms : FW_NEVER;

    return join_ms < station->retry_ms ? join_ms : station->retry_ms;
}

bool fw_station_next_report(struct fw_station *station, enum fw_station_report *out)
{
    if (station->report_count == 0) {
        return false;
    }
    *out = station->reports[0];
    station->report_count--;
    memmove(station->reports, station->reports + 1,
            station->report_count * sizeof *station->reports);
    return true;
}

bool fw_station_is_on(const struct fw_station *station)
{
    return station->driver && (station->mode & 1) != 0;
}

bool fw_station_is_joined(const struct fw_station *station)
{
    return station->state == FW_STATION_ASSOCIATED || station->state == FW_STATION_ONLINE;
}

bool fw_station_is_rejoining(const struct fw_station *station)
{
    return is_joining(station) || station->retry_ms != FW_NEVER;
}

struct fw_ipv4_config fw_station_ipv4(const struct fw_station *station)
{
    static const struct fw_ipv4_config none;

    if (station->state != FW_STATION_ONLINE) {
        return none;
    }
    return station->fixed.ip.family != 0 ? station->fixed : station->leased;
}

void fw_station_mac(const struct fw_station *station, uint8_t mac[6])
{
    if (fw_mac_is_host(station->mac)) {
        memcpy(mac, station->mac, sizeof station->mac);
    } else {
        station->port->wifi->mac(station->port->wifi_ctx, mac);
    }
}

void fw_station_join_again(struct fw_station *station, uint64_t now_ms)
{
    station->repeats = 0;
    join_by_itself(station, now_ms);
}

void fw_station_join(struct fw_station *station, const struct fw_join_config *join, uint64_t now_ms)
{
    begin(station, join, false, now_ms);
}

void fw_station_leave(struct fw_station *station, uint64_t now_ms)
{
    station->retry_ms = FW_NEVER;
    station->leaving = fw_station_is_joined(station);
    station->port->wifi->leave(station->port->wifi_ctx, now_ms);
    step(station, EVENT_LEAVE);
}

void fw_station_set_reconnect(struct fw_station *station, int interval_s, int repeat_count,
                              uint64_t now_ms)
{
    station->joined.reconn_interval_s = interval_s;
    station->repeat_count = repeat_count;
    fw_store_put_number(station->store, "join.reconn_interval", interval_s);
    fw_store_put_number(station->store, "join.repeat_count", repeat_count);
    fw_store_commit(station->store);
    if (station->retry_ms != FW_NEVER) {
        retry_later(station, now_ms);
    }
}

void fw_station_set_ipv4(struct fw_station *station, const struct fw_ipv4_config *fixed,
                         uint64_t now_ms)
{
    station->fixed = *fixed;
    station->dhcp = false;
    fw_station_save_ipv4(station);
    put_addressing(station, now_ms);
}

void fw_station_set_dhcp(struct fw_station *station, bool on, uint64_t now_ms)
{
    if (on && !station->dhcp) {
        memset(&station->fixed, 0, sizeof station->fixed);
        memset(&station->leased, 0, sizeof station->leased);
        if (step(station, EVENT_NO_ADDRESS) && station->report_count < FW_STATION_REPORTS) {
            report(station, FW_STATION_LOST_IP);
        }
    }
    station->dhcp = on;
    fw_station_save_ipv4(station);
    put_addressing(station, now_ms);
}

void fw_station_set_ip6(struct fw_station *station, bool on, uint64_t now_ms)
{
    station->ip6 = on;
    if (!on) {
        memset(&station->ip6_ll, 0, sizeof station->ip6_ll);
        memset(&station->ip6_gl, 0, sizeof station->ip6_gl);
    }
    fw_store_put_number(station->store, "ip6", on);
    fw_store_commit(station->store);
    put_addressing(station, now_ms);
}

void fw_station_set_mac(struct fw_station *station, const uint8_t mac[6])
{
    memcpy(station->mac, mac, sizeof station->mac);
    fw_store_put_mac(station->store, "sta.mac", mac);
    fw_store_commit(station->store);
}

void fw_station_set_hostname(struct fw_station *station, const char *hostname, uint64_t now_ms)
{
    memset(station->hostname, 0, sizeof station->hostname);
    memcpy(station->hostname, hostname, strlen(hostname));
    put_addressing(station, now_ms);
}

bool fw_station_scan(struct fw_station *station, struct fw_wifi_scan *scan, uint64_t now_ms)
{
    scan->channels = station->country.channels;
    station->has_scan_ap = false;
    station->scanning = station->port->wifi->scan(station->port->wifi_ctx, scan, now_ms) == 0;
    return station->scanning;
}

bool fw_station_scanned(struct fw_station *station, struct fw_ap *out)
{
    if (!station->has_scan_ap) {
        return false;
    }
    station->has_scan_ap = false;
    *out = station->scan_ap;
    return true;
}
