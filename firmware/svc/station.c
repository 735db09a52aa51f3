#include "station.h"

#include <string.h>

#include "addr.h"
#include "trace.h"

enum event {
    EVENT_JOIN,   /* wanted: join */
    EVENT_REJOIN, /* wanted: join another one than the present */
    EVENT_LEAVE,  /* wanted: leave, or give up */
    EVENT_JOINED,
    EVENT_FAILED,
    EVENT_ADDRESS,
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

static void load_mac(const struct fw_store *store, const char *key, uint8_t mac[6])
{
    char text[FW_STORE_TEXT];

    memset(mac, 0, 6);
    fw_store_get_text(store, key, text, sizeof text, "");
    fw_mac_parse(text, strlen(text), mac);
}

static void load_addr(const struct fw_store *store, const char *key, struct fw_addr *addr)
{
    char text[FW_STORE_TEXT];

    memset(addr, 0, sizeof *addr);
    fw_store_get_text(store, key, text, sizeof text, "");
    if (!fw_addr_parse(text, strlen(text), addr) || addr->family != FW_IPV4) {
        addr->family = 0;
    }
}

static void load(struct fw_station *station)
{
    const struct fw_store *store = station->store;
    struct fw_join_config *join = &station->joined;

    station->mode = fw_store_get_number(store, "wifi.mode", 0, 3, 1);
    station->auto_connect = fw_store_get_number(store, "wifi.auto_connect", 0, 1, 1);
    fw_store_get_text(store, "join.ssid", join->ssid, sizeof join->ssid, "");
    fw_store_get_text(store, "join.password", join->password, sizeof join->password, "");
    load_mac(store, "join.bssid", join->bssid);
    join->pci_en = fw_store_get_number(store, "join.pci_en", 0, 1, 0);
    join->reconn_interval_s = fw_store_get_number(store, "join.reconn_interval", 0, 7200, 1);
    join->listen_interval = fw_store_get_number(store, "join.listen_interval", 1, 100, 3);
    join->scan_mode = fw_store_get_number(store, "join.scan_mode", 0, 1, 0);
    join->timeout_s = fw_store_get_number(store, "join.timeout", 3, 600, 15);
    join->pmf = fw_store_get_number(store, "join.pmf", 0, 3, 1);
    load_addr(store, "sta.ip", &station->fixed.ip);
    load_addr(store, "sta.gateway", &station->fixed.gateway);
    load_addr(store, "sta.netmask", &station->fixed.netmask);
}

static void save_join(struct fw_station *station)
{
    const struct fw_join_config *join = &station->joined;
    char mac[FW_MAC_TEXT];

    fw_mac_format(join->bssid, mac);
    fw_store_put_text(station->store, "join.ssid", join->ssid);
    fw_store_put_text(station->store, "join.password", join->password);
    fw_store_put_text(station->store, "join.bssid", mac);
    fw_store_put_number(station->store, "join.pci_en", join->pci_en);
    fw_store_put_number(station->store, "join.reconn_interval", join->reconn_interval_s);
    fw_store_put_number(station->store, "join.listen_interval", join->listen_interval);
    fw_store_put_number(station->store, "join.scan_mode", join->scan_mode);
    fw_store_put_number(station->store, "join.timeout", join->timeout_s);
    fw_store_put_number(station->store, "join.pmf", join->pmf);
    fw_store_commit(station->store);
}

static void save_addr(struct fw_station *station, const char *key, const struct fw_addr *addr)
{
    char text[FW_ADDR_TEXT];

    fw_addr_format(addr, text);
    fw_store_put_text(station->store, key, text);
}

static void start_join(struct fw_station *station, uint64_t now_ms)
{
    struct fw_wifi_join join;

    memcpy(join.ssid, station->candidate.ssid, sizeof join.ssid);
    memcpy(join.password, station->candidate.password, sizeof join.password);
    memcpy(join.bssid, station->candidate.bssid, sizeof join.bssid);
    if (station->port->wifi->join(station->port->wifi_ctx, &join, now_ms) < 0) {
        step(station, EVENT_FAILED);
        station->outcome = FW_JOIN_FAILED;
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
    if ((station->mode & 1) != 0 && station->joined.ssid[0] != '\0') {
        begin(station, &station->joined, true, now_ms);
    }
}

static void retry_later(struct fw_station *station, uint64_t now_ms)
{
    int interval_s = station->joined.reconn_interval_s;

    if (interval_s > 0) {
        station->retry_ms = now_ms + (uint64_t)interval_s * 1000;
    }
}

void fw_station_init(struct fw_station *station, const struct fw_port *port, struct fw_store *store,
                     uint64_t now_ms)
{
    memset(station, 0, sizeof *station);
    station->port = port;
    station->store = store;
    station->retry_ms = FW_NEVER;
    load(station);
    join_by_itself(station, now_ms);
}

static void forget_addresses(struct fw_station *station)
{
    memset(&station->dhcp, 0, sizeof station->dhcp);
    memset(&station->ip6_ll, 0, sizeof station->ip6_ll);
    memset(&station->ip6_gl, 0, sizeof station->ip6_gl);
}

static void on_joined(struct fw_station *station, const struct fw_ap *ap)
{
    if (!step(station, EVENT_JOINED)) {
        return;
    }
    station->ap = *ap;
    station->joined = station->candidate;
    station->outcome = FW_JOIN_DONE;
    if (!station->by_itself) {
        save_join(station); /* AT+SYSSTORE was asked when the host chose this one */
    }
    report(station, FW_STATION_CONNECTED);
}

static void on_failed(struct fw_station *station, uint64_t now_ms)
{
    if (!step(station, EVENT_FAILED)) {
        return;
    }
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
        retry_later(station, now_ms);
    }
    station->leaving = false;
}

static void on_address(struct fw_station *station, const struct fw_wifi_event *event)
{
    station->dhcp.ip = event->ip;
    station->dhcp.gateway = event->gateway;
    station->dhcp.netmask = event->netmask;
    step(station, EVENT_ADDRESS);
    report(station, FW_STATION_GOT_IP);
}

static void handle(struct fw_station *station, const struct fw_wifi_event *event, uint64_t now_ms)
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
        on_failed(station, now_ms);
        break;
    case FW_WIFI_GOT_IP:
        on_address(station, event);
        break;
    case FW_WIFI_GOT_IP6_LL:
        station->ip6_ll = event->ip;
        report(station, FW_STATION_GOT_IP6_LL);
        break;
    case FW_WIFI_GOT_IP6_GL:
        station->ip6_gl = event->ip;
        report(station, FW_STATION_GOT_IP6_GL);
        break;
    case FW_WIFI_LOST:
        on_lost(station, now_ms);
        break;
    }
}

static bool is_joining(const struct fw_station *station)
{
    return station->state == FW_STATION_JOINING || station->state == FW_STATION_LEAVING;
}

/* An attempt that takes too long, and one that is due. */
static bool check_deadlines(struct fw_station *station, uint64_t now_ms)
{
    if (is_joining(station) && now_ms >= station->join_ms) {
        station->port->wifi->leave(station->port->wifi_ctx, now_ms);
        on_failed(station, now_ms);
        return true;
    }
    if (now_ms >= station->retry_ms) {
        station->retry_ms = FW_NEVER;
        join_by_itself(station, now_ms);
        return true;
    }
    return false;
}

bool fw_station_poll(struct fw_station *station, uint64_t now_ms)
{
    struct fw_wifi_event event;

    if (station->report_count == FW_STATION_REPORTS || station->has_scan_ap) {
        return false;
    }
    if (station->port->wifi->poll(station->port->wifi_ctx, now_ms, &event)) {
        handle(station, &event, now_ms);
        return true;
    }
    return check_deadlines(station, now_ms);
}

uint64_t fw_station_deadline(const struct fw_station *station)
{
    uint64_t radio_ms = station->port->wifi->deadline(station->port->wifi_ctx);

    if (station->report_count == FW_STATION_REPORTS || station->has_scan_ap) {
        return FW_NEVER; /* the host has to read first */
    }
    if (is_joining(station) && station->join_ms < radio_ms) {
        radio_ms = station->join_ms;
    }
    return radio_ms < station->retry_ms ? radio_ms : station->retry_ms;
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

bool fw_station_is_joined(const struct fw_station *station)
{
    return station->state == FW_STATION_ASSOCIATED || station->state == FW_STATION_ONLINE;
}

struct fw_ipv4_config fw_station_ipv4(const struct fw_station *station)
{
    static const struct fw_ipv4_config none;

    if (station->state != FW_STATION_ONLINE) {
        return none;
    }
    return station->fixed.ip.family != 0 ? station->fixed : station->dhcp;
}

void fw_station_mac(const struct fw_station *station, uint8_t mac[6])
{
    station->port->wifi->mac(station->port->wifi_ctx, mac);
}

void fw_station_set_mode(struct fw_station *station, int mode, int auto_connect, uint64_t now_ms)
{
    bool was_station = (station->mode & 1) != 0;
    bool is_station = (mode & 1) != 0;

    station->mode = mode;
    station->auto_connect = auto_connect;
    fw_store_put_number(station->store, "wifi.mode", mode);
    fw_store_put_number(station->store, "wifi.auto_connect", auto_connect);
    fw_store_commit(station->store);
    if (was_station && !is_station) {
        fw_station_leave(station, now_ms);
    } else if (!was_station && is_station && auto_connect != 0) {
        join_by_itself(station, now_ms);
    }
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

void fw_station_set_ipv4(struct fw_station *station, const struct fw_ipv4_config *fixed)
{
    station->fixed = *fixed;
    save_addr(station, "sta.ip", &fixed->ip);
    save_addr(station, "sta.gateway", &fixed->gateway);
    save_addr(station, "sta.netmask", &fixed->netmask);
    fw_store_commit(station->store);
}

bool fw_station_scan(struct fw_station *station, uint64_t now_ms)
{
    station->has_scan_ap = false;
    station->scanning = station->port->wifi->scan(station->port->wifi_ctx, now_ms) == 0;
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
