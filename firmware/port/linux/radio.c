#include "radio.h"

#include <string.h>

enum { ECN_OPEN = 0, ECN_WEP = 1, ECN_WPA2 = 3, CIPHER_NONE = 0, CIPHER_CCMP = 4 };

void fw_radio_init(struct fw_radio *radio, uint64_t seed, unsigned module, const struct fw_addr *ip)
{
    memset(radio, 0, sizeof *radio);
    radio->mac[0] = 0x02; /* locally administered */
    radio->mac[1] = 0x80;
    radio->mac[2] = (uint8_t)(seed >> 8);
    radio->mac[3] = (uint8_t)seed;
    radio->mac[4] = (uint8_t)(module >> 4);
    radio->mac[5] = (uint8_t)(module << 4);
    radio->lease.ip = *ip;
    radio->lease.gateway = *ip;
    radio->lease.gateway.bytes[3] = 254;
    radio->lease.netmask = (struct fw_addr){.family = FW_IPV4, .bytes = {255, 255, 255, 0}};
    radio->address_ms = FW_RADIO_ADDRESS_MS;
}

bool fw_radio_add(struct fw_radio *radio, const char *ssid, const char *password)
{
    struct fw_radio_ap *entry = &radio->aps[radio->ap_count];
    struct fw_ap *ap = &entry->ap;
    size_t index = radio->ap_count;
    bool open = password[0] == '\0';

    if (index == FW_RADIO_APS || ssid[0] == '\0' || strlen(ssid) >= sizeof ap->ssid ||
        strlen(password) >= sizeof entry->password) {
        return false;
    }
    memset(entry, 0, sizeof *entry);
    memcpy(ap->ssid, ssid, strlen(ssid));
    memcpy(entry->password, password, strlen(password));
    memcpy(ap->bssid, (const uint8_t[]){0x02, 0x80, 0xaa, 0x00, 0x00, (uint8_t)(index + 1)}, 6);
    ap->channel = (uint8_t)(1 + 5 * index % 13);
    ap->rssi = (int8_t)(-40 - 3 * (int)index);
    ap->ecn = open ? ECN_OPEN : ECN_WPA2;
    ap->pairwise_cipher = ap->group_cipher = open ? CIPHER_NONE : CIPHER_CCMP;
    ap->bgn = 7;
    ap->wps = 0;
    radio->ap_count++;
    return true;
}

bool fw_radio_knows(const struct fw_radio *radio, const char *ssid)
{
    for (size_t i = 0; i < radio->ap_count; i++) {
        if (strcmp(radio->aps[i].ap.ssid, ssid) == 0) {
            return true;
        }
    }
    return false;
}

static void schedule(struct fw_radio *radio, uint64_t due_ms, const struct fw_wifi_event *event)
{
    size_t at = radio->event_count;

    if (at == FW_RADIO_EVENTS) {
        return;
    }
    while (at > 0 && radio->events[at - 1].due_ms > due_ms) {
        radio->events[at] = radio->events[at - 1];
        at--;
    }
    radio->events[at].due_ms = due_ms;
    radio->events[at].event = *event;
    radio->event_count++;
}

static unsigned bit(enum fw_wifi_event_type type)
{
    return 1u << type;
}

/* Events that replace each other. A loss that was not told yet belongs to none of them: who asks to
 * leave waits for it. */
enum {
    SCANS = 1 << FW_WIFI_SCAN_AP | 1 << FW_WIFI_SCAN_DONE,
    IP4 = 1 << FW_WIFI_GOT_IP,
    IP6 = 1 << FW_WIFI_GOT_IP6_LL | 1 << FW_WIFI_GOT_IP6_GL,
    JOINS = 1 << FW_WIFI_JOINED | 1 << FW_WIFI_JOIN_FAILED | IP4 | IP6,
};

static void forget(struct fw_radio *radio, unsigned types)
{
    size_t kept = 0;

    for (size_t i = 0; i < radio->event_count; i++) {
        if ((bit(radio->events[i].event.type) & types) == 0) {
            radio->events[kept++] = radio->events[i];
        }
    }
    radio->event_count = kept;
}

static void mac_of(void *ctx, uint8_t mac[6])
{
    memcpy(mac, ((struct fw_radio *)ctx)->mac, 6);
}

static bool is_within(const struct fw_wifi_channels *channels, uint8_t channel)
{
    return channel >= channels->first && channel < channels->first + channels->count;
}

/* However long a scan may take on each channel: the simulated ones answer at once. */
static int scan(void *ctx, const struct fw_wifi_scan *request, uint64_t now_ms)
{
    struct fw_radio *radio = ctx;
    struct fw_wifi_event event = {.type = FW_WIFI_SCAN_AP};

    forget(radio, SCANS);
    for (size_t i = 0; i < radio->ap_count; i++) {
        event.ap = radio->aps[i].ap;
        if (!radio->aps[i].gone && is_within(&request->channels, event.ap.channel) &&
            (request->channel == 0 || request->channel == event.ap.channel)) {
            schedule(radio, now_ms + FW_RADIO_SCAN_MS, &event);
        }
    }
    event = (struct fw_wifi_event){.type = FW_WIFI_SCAN_DONE};
    schedule(radio, now_ms + FW_RADIO_SCAN_MS, &event);
    return 0;
}

static bool suits(const struct fw_radio_ap *entry, const struct fw_wifi_join *join)
{
    static const uint8_t any[6];

    return !entry->gone && strcmp(entry->ap.ssid, join->ssid) == 0 &&
           is_within(&join->channels, entry->ap.channel) &&
           (memcmp(join->bssid, any, 6) == 0 || memcmp(join->bssid, entry->ap.bssid, 6) == 0);
}

/* The first one that suits, or the strongest; ap_count: none. */
static size_t find_ap(const struct fw_radio *radio, const struct fw_wifi_join *join)
{
    size_t found = radio->ap_count;

    for (size_t i = 0; i < radio->ap_count; i++) {
        if (suits(&radio->aps[i], join) &&
            (found == radio->ap_count ||
             (join->strongest && radio->aps[i].ap.rssi > radio->aps[found].ap.rssi))) {
            found = i;
        }
    }
    return found;
}

static bool lets_in(const struct fw_radio_ap *entry, const struct fw_wifi_join *join)
{
    return strcmp(entry->password, join->password) == 0 &&
           (!join->secured || entry->ap.ecn > ECN_WEP);
}

/* fe80:: and the hardware address with ff:fe in the middle (RFC 4291, appendix A). */
static struct fw_addr link_local(const uint8_t mac[6])
{
    struct fw_addr addr = {.family = FW_IPV6, .bytes = {0xfe, 0x80}};

    addr.bytes[8] = mac[0] ^ 2;
    addr.bytes[9] = mac[1];
    addr.bytes[10] = mac[2];
    addr.bytes[11] = 0xff;
    addr.bytes[12] = 0xfe;
    memcpy(addr.bytes + 13, mac + 3, 3);
    return addr;
}

/* What the DHCP server answers, or the fixed address. */
static void schedule_ip4(struct fw_radio *radio, uint64_t now_ms, uint64_t fixed_ms,
                         uint64_t dhcp_ms)
{
    const struct fw_wifi_addressing *addressing = &radio->addressing;
    struct fw_wifi_event event = {.type = FW_WIFI_GOT_IP, .ipv4 = addressing->fixed};

    if (addressing->dhcp) {
        event.ipv4 = radio->lease;
        if (dhcp_ms != FW_NEVER) {
            schedule(radio, now_ms + dhcp_ms, &event);
        }
    } else if (addressing->fixed.ip.family != 0) {
        schedule(radio, now_ms + fixed_ms, &event);
    }
}

static void schedule_ip6(struct fw_radio *radio, uint64_t due_ms)
{
    struct fw_wifi_event event = {.type = FW_WIFI_GOT_IP6_LL, .ip6 = radio->ip6_ll};

    if (radio->addressing.ip6) {
        schedule(radio, due_ms, &event);
        event = (struct fw_wifi_event){.type = FW_WIFI_GOT_IP6_GL,
                                       .ip6 = {.family = FW_IPV6, .bytes = {[15] = 1}}};
        schedule(radio, due_ms, &event);
    }
}

static int join(void *ctx, const struct fw_wifi_join *request, uint64_t now_ms)
{
    struct fw_radio *radio = ctx;
    struct fw_wifi_event event = {.type = FW_WIFI_JOIN_FAILED,
                                  .reason = "no such access point is in reach"};

    forget(radio, JOINS);
    radio->associated = false;
    radio->ap = find_ap(radio, request);
    radio->ip6_ll = link_local(request->mac);
    if (radio->ap < radio->ap_count && !lets_in(&radio->aps[radio->ap], request)) {
        event.reason = "the access point refuses the password, or is open";
    } else if (radio->ap < radio->ap_count) {
        event = (struct fw_wifi_event){.type = FW_WIFI_JOINED, .ap = radio->aps[radio->ap].ap};
    }
    schedule(radio, now_ms + (radio->at_once ? 0 : FW_RADIO_JOIN_MS), &event);
    return 0;
}

static void leave(void *ctx, uint64_t now_ms)
{
    struct fw_radio *radio = ctx;
    struct fw_wifi_event lost = {.type = FW_WIFI_LOST};

    forget(radio, JOINS);
    if (radio->associated) {
        radio->associated = false;
        schedule(radio, now_ms, &lost);
    }
}

static void addressing(void *ctx, const struct fw_wifi_addressing *wanted, uint64_t now_ms)
{
    struct fw_radio *radio = ctx;
    struct fw_wifi_addressing before = radio->addressing;

    radio->addressing = *wanted;
    if (!radio->associated) {
        return;
    }
    if (before.dhcp != wanted->dhcp ||
        memcmp(&before.fixed.ip, &wanted->fixed.ip, sizeof before.fixed.ip) != 0) {
        forget(radio, IP4);
        schedule_ip4(radio, now_ms, 0, radio->address_ms);
    }
    if (before.ip6 != wanted->ip6) {
        forget(radio, IP6);
        schedule_ip6(radio, now_ms);
    }
}

static struct fw_radio_station *find_station(struct fw_radio *radio, const uint8_t mac[6])
{
    for (size_t i = 0; i < FW_RADIO_STATIONS; i++) {
        struct fw_radio_station *station = &radio->stations[i];

        if (memcmp(station->mac, mac, 6) == 0) {
            return station;
        }
    }
    return NULL;
}

static struct fw_radio_station *new_station(struct fw_radio *radio, const uint8_t mac[6])
{
    for (size_t i = 0; i < FW_RADIO_STATIONS; i++) {
        struct fw_radio_station *station = &radio->stations[i];

        if (!station->present && !station->left) {
            memcpy(station->mac, mac, 6);
            return station;
        }
    }
    return NULL;
}

static unsigned count_stations(const struct fw_radio *radio)
{
    unsigned count = 0;

    for (size_t i = 0; i < FW_RADIO_STATIONS; i++) {
        count += radio->stations[i].present;
    }
    return count;
}

bool fw_radio_station_joins(struct fw_radio *radio, const uint8_t mac[6])
{
    struct fw_radio_station *station = find_station(radio, mac);

    if (!radio->softap_up || count_stations(radio) >= radio->softap.max_stations ||
        (station != NULL && station->present)) {
        return false;
    }
    if (station == NULL) {
        station = new_station(radio, mac);
    }
    if (station != NULL) {
        station->present = true;
    }
    return station != NULL;
}

bool fw_radio_station_leaves(struct fw_radio *radio, const uint8_t mac[6])
{
    struct fw_radio_station *station = find_station(radio, mac);

    if (station == NULL || !station->present) {
        return false;
    }
    station->present = false;
    station->left = station->told;
    return true;
}

static void drop_all(struct fw_radio *radio)
{
    for (size_t i = 0; i < FW_RADIO_STATIONS; i++) {
        fw_radio_station_leaves(radio, radio->stations[i].mac);
    }
}

static int ap_start(void *ctx, const struct fw_wifi_softap *softap, uint64_t now_ms)
{
    struct fw_radio *radio = ctx;

    (void)now_ms;
    drop_all(radio);
    radio->softap = *softap;
    radio->softap_up = true;
    return 0;
}

static void ap_stop(void *ctx, uint64_t now_ms)
{
    struct fw_radio *radio = ctx;

    (void)now_ms;
    drop_all(radio);
    radio->softap_up = false;
}

static void ap_drop(void *ctx, const uint8_t mac[6], uint64_t now_ms)
{
    (void)now_ms;
    fw_radio_station_leaves(ctx, mac);
}

/* A station that has left and come back in between is told in this order. */
static bool poll_stations(struct fw_radio *radio, struct fw_wifi_event *out)
{
    for (size_t i = 0; i < FW_RADIO_STATIONS; i++) {
        struct fw_radio_station *station = &radio->stations[i];

        if (station->left || (station->present && !station->told)) {
            *out = (struct fw_wifi_event){.type = station->left ? FW_WIFI_STA_LEFT
                                                                : FW_WIFI_STA_JOINED};
            memcpy(out->mac, station->mac, 6);
            station->told = !station->left;
            station->left = false;
            return true;
        }
    }
    return false;
}

static bool poll_event(void *ctx, uint64_t now_ms, struct fw_wifi_event *out)
{
    struct fw_radio *radio = ctx;
    uint64_t usual_ms = radio->at_once ? 0 : FW_RADIO_ADDRESS_MS;

    if (radio->event_count == 0 || radio->events[0].due_ms > now_ms) {
        return poll_stations(radio, out);
    }
    *out = radio->events[0].event;
    radio->event_count--;
    memmove(radio->events, radio->events + 1, radio->event_count * sizeof *radio->events);
    if (out->type == FW_WIFI_JOINED) {
        radio->associated = true;
        schedule_ip4(radio, now_ms, usual_ms, radio->at_once ? 0 : radio->address_ms);
        schedule_ip6(radio, now_ms + usual_ms);
    }
    radio->at_once &= (bit(out->type) & JOINS) == 0;
    return true;
}

static uint64_t deadline(void *ctx)
{
    const struct fw_radio *radio = ctx;

    for (size_t i = 0; i < FW_RADIO_STATIONS; i++) {
        const struct fw_radio_station *station = &radio->stations[i];

        if (station->left || (station->present && !station->told)) {
            return 0;
        }
    }
    return radio->event_count > 0 ? radio->events[0].due_ms : FW_NEVER;
}

static bool is_named(const struct fw_radio *radio, size_t ap, const char *ssid)
{
    return ap < radio->ap_count && strcmp(radio->aps[ap].ap.ssid, ssid) == 0;
}

/* An attempt to join it comes to nothing at the time at which it would have succeeded. */
static void fail_joins(struct fw_radio *radio)
{
    for (size_t i = 0; i < radio->event_count; i++) {
        if (radio->events[i].event.type == FW_WIFI_JOINED) {
            radio->events[i].event.type = FW_WIFI_JOIN_FAILED;
        }
    }
}

void fw_radio_ap_gone(struct fw_radio *radio, const char *ssid, uint64_t now_ms)
{
    for (size_t i = 0; i < radio->ap_count; i++) {
        radio->aps[i].gone |= is_named(radio, i, ssid);
    }
    if (is_named(radio, radio->ap, ssid)) {
        fail_joins(radio);
        if (radio->associated) {
            leave(radio, now_ms);
        }
    }
}

void fw_radio_ap_back(struct fw_radio *radio, const char *ssid)
{
    for (size_t i = 0; i < radio->ap_count; i++) {
        radio->aps[i].gone &= !is_named(radio, i, ssid);
    }
}

void fw_radio_address_delay(struct fw_radio *radio, uint64_t delay_ms)
{
    radio->address_ms = delay_ms;
}

const struct fw_wifi_ops fw_radio_ops = {
    .mac = mac_of,
    .scan = scan,
    .join = join,
    .leave = leave,
    .addressing = addressing,
    .ap_start = ap_start,
    .ap_stop = ap_stop,
    .ap_drop = ap_drop,
    .poll = poll_event,
    .deadline = deadline,
};
