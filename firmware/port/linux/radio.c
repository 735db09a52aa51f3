#include "radio.h"

#include <string.h>

enum { ECN_OPEN = 0, ECN_WPA2 = 3, CIPHER_NONE = 0, CIPHER_CCMP = 4 };

void fw_radio_init(struct fw_radio *radio, uint64_t seed, unsigned module, const struct fw_addr *ip)
{
    memset(radio, 0, sizeof *radio);
    radio->mac[0] = 0x02; /* locally administered */
    radio->mac[1] = 0x80;
    radio->mac[2] = (uint8_t)(seed >> 8);
    radio->mac[3] = (uint8_t)seed;
    radio->mac[4] = (uint8_t)(module >> 4);
    radio->mac[5] = (uint8_t)(module << 4);
    radio->ip = *ip;
    radio->gateway = *ip;
    radio->gateway.bytes[3] = 254;
    radio->netmask = (struct fw_addr){.family = FW_IPV4, .bytes = {255, 255, 255, 0}};
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

static bool is_scan(enum fw_wifi_event_type type)
{
    return type == FW_WIFI_SCAN_AP || type == FW_WIFI_SCAN_DONE;
}

/* Forgets the pending events of scanning, or those of joining. A loss that was not told yet stays:
 * who asks to leave waits for it. */
static void forget(struct fw_radio *radio, bool scans)
{
    size_t kept = 0;

    for (size_t i = 0; i < radio->event_count; i++) {
        enum fw_wifi_event_type type = radio->events[i].event.type;

        if (is_scan(type) != scans || type == FW_WIFI_LOST) {
            radio->events[kept++] = radio->events[i];
        }
    }
    radio->event_count = kept;
}

static void mac_of(void *ctx, uint8_t mac[6])
{
    memcpy(mac, ((struct fw_radio *)ctx)->mac, 6);
}

static int scan(void *ctx, uint64_t now_ms)
{
    struct fw_radio *radio = ctx;
    struct fw_wifi_event event = {.type = FW_WIFI_SCAN_AP};

    forget(radio, true);
    for (size_t i = 0; i < radio->ap_count; i++) {
        event.ap = radio->aps[i].ap;
        schedule(radio, now_ms + FW_RADIO_SCAN_MS, &event);
    }
    event = (struct fw_wifi_event){.type = FW_WIFI_SCAN_DONE};
    schedule(radio, now_ms + FW_RADIO_SCAN_MS, &event);
    return 0;
}

static const struct fw_radio_ap *find_ap(const struct fw_radio *radio,
                                         const struct fw_wifi_join *join)
{
    static const uint8_t any[6];

    for (size_t i = 0; i < radio->ap_count; i++) {
        const struct fw_ap *ap = &radio->aps[i].ap;

        if (strcmp(ap->ssid, join->ssid) == 0 &&
            (memcmp(join->bssid, any, 6) == 0 || memcmp(join->bssid, ap->bssid, 6) == 0)) {
            return &radio->aps[i];
        }
    }
    return NULL;
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

static void schedule_addresses(struct fw_radio *radio, uint64_t due_ms)
{
    struct fw_wifi_event event = {.type = FW_WIFI_GOT_IP,
                                  .ip = radio->ip,
                                  .gateway = radio->gateway,
                                  .netmask = radio->netmask};

    schedule(radio, due_ms, &event);
    event = (struct fw_wifi_event){.type = FW_WIFI_GOT_IP6_LL, .ip = link_local(radio->mac)};
    schedule(radio, due_ms, &event);
    event = (struct fw_wifi_event){.type = FW_WIFI_GOT_IP6_GL,
                                   .ip = {.family = FW_IPV6, .bytes = {[15] = 1}}};
    schedule(radio, due_ms, &event);
}

static int join(void *ctx, const struct fw_wifi_join *request, uint64_t now_ms)
{
    struct fw_radio *radio = ctx;
    const struct fw_radio_ap *found = find_ap(radio, request);
    struct fw_wifi_event event = {.type = FW_WIFI_JOIN_FAILED};
    uint64_t joined_ms = now_ms + (radio->at_once ? 0 : FW_RADIO_JOIN_MS);

    forget(radio, false);
    radio->associated = false;
    if (found != NULL && strcmp(found->password, request->password) == 0) {
        event = (struct fw_wifi_event){.type = FW_WIFI_JOINED, .ap = found->ap};
        schedule(radio, joined_ms, &event);
        schedule_addresses(radio, joined_ms + (radio->at_once ? 0 : FW_RADIO_ADDRESS_MS));
    } else {
        schedule(radio, joined_ms, &event);
    }
    radio->at_once = false;
    return 0;
}

static void leave(void *ctx, uint64_t now_ms)
{
    struct fw_radio *radio = ctx;
    struct fw_wifi_event lost = {.type = FW_WIFI_LOST};

    forget(radio, false);
    if (radio->associated) {
        radio->associated = false;
        schedule(radio, now_ms, &lost);
    }
}

static bool poll_event(void *ctx, uint64_t now_ms, struct fw_wifi_event *out)
{
    struct fw_radio *radio = ctx;

    if (radio->event_count == 0 || radio->events[0].due_ms > now_ms) {
        return false;
    }
    *out = radio->events[0].event;
    radio->event_count--;
    memmove(radio->events, radio->events + 1, radio->event_count * sizeof *radio->events);
    if (out->type == FW_WIFI_JOINED) {
        radio->associated = true;
    }
    return true;
}

static uint64_t deadline(void *ctx)
{
    const struct fw_radio *radio = ctx;

    return radio->event_count > 0 ? radio->events[0].due_ms : FW_NEVER;
}

const struct fw_wifi_ops fw_radio_ops = {
    .mac = mac_of,
    .scan = scan,
    .join = join,
    .leave = leave,
    .poll = poll_event,
    .deadline = deadline,
};
