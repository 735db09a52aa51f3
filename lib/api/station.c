/* What the station is and does, and what it may: the rest of wmat/wifi.h. */
#include <wmat/wifi.h>

#include "at_limits.h"
#include "simple.h"

/* AT+CWJAP?. */

static const struct field joined_fields[] = {
    TEXT(wm_wifi_joined, ssid, 1),
    ADDRESS(MAC, wm_wifi_joined, bssid),
    NUMBER(wm_wifi_joined, channel, 0, 255),
    NUMBER(wm_wifi_joined, rssi, -255, 255),
    NUMBER(wm_wifi_joined, pci_en, 0, 1),
    NUMBER(wm_wifi_joined, reconnect_s, 0, AT_RECONNECT_MAX),
    NUMBER(wm_wifi_joined, listen_interval, 0, AT_LISTEN_MAX),
    NUMBER(wm_wifi_joined, scan_mode, 0, 1),
    NUMBER(wm_wifi_joined, pmf, 0, 3),
};
static const struct reading joined_reading[] = {{.command = AT_CMD_CWJAP,
                                                 .count = COUNT(joined_fields),
                                                 .may_lack = true,
                                                 .fields = joined_fields}};
static const struct simple joined = SIMPLE_GET(struct wm_wifi_joined, joined_reading);

int wm_wifi_joined_prepare(struct wm_op *op, struct wm_wifi_joined *out)
{
    return simple_prepare_get(op, &joined, out);
}

int wm_wifi_joined(struct wm_device *dev, struct wm_wifi_joined *out, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_joined_prepare(&op, out), timeout_ms);
}

/* AT+CWSTATE?. A shipping module without an SSID prints +CWSTATE=0 (device_dialect, section 10). */

static const struct field status_fields[] = {
    NUMBER(wm_wifi_status, state, WM_WIFI_NEVER, WM_WIFI_DOWN),
    MAYBE(TEXT, wm_wifi_status, ssid),
};
static const struct reading status_reading[] = {READING(AT_CMD_CWSTATE, status_fields)};
static const struct simple status = SIMPLE_GET(struct wm_wifi_status, status_reading);

int wm_wifi_status_prepare(struct wm_op *op, struct wm_wifi_status *out)
{
    return simple_prepare_get(op, &status, out);
}

int wm_wifi_status(struct wm_device *dev, struct wm_wifi_status *out, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_status_prepare(&op, out), timeout_ms);
}

/* AT+CWRECONNCFG. */

static const struct field reconnect_fields[] = {
    NUMBER(wm_wifi_reconnect, interval_s, 0, AT_RECONNECT_MAX),
    NUMBER(wm_wifi_reconnect, repeats, 0, AT_REPEATS_MAX),
};
static const struct reading reconnect_reading[] = {READING(AT_CMD_CWRECONNCFG, reconnect_fields)};
static const struct simple reconnect_get = SIMPLE_GET(struct wm_wifi_reconnect, reconnect_reading);
static const struct simple reconnect_set = SIMPLE_SET(AT_CMD_CWRECONNCFG, reconnect_fields);

int wm_wifi_reconnect_get_prepare(struct wm_op *op, struct wm_wifi_reconnect *reconnect)
{
    return simple_prepare_get(op, &reconnect_get, reconnect);
}

int wm_wifi_reconnect_get(struct wm_device *dev, struct wm_wifi_reconnect *reconnect,
                          uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_reconnect_get_prepare(&op, reconnect), timeout_ms);
}

int wm_wifi_reconnect_set_prepare(struct wm_op *op, const struct wm_wifi_reconnect *reconnect)
{
    return simple_prepare_set(op, &reconnect_set, reconnect);
}

int wm_wifi_reconnect_set(struct wm_device *dev, const struct wm_wifi_reconnect *reconnect,
                          uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_reconnect_set_prepare(&op, reconnect), timeout_ms);
}

/* AT+CWSTAPROTO. */

static const struct simple protocols_get = SIMPLE_NUMBER_GET(AT_CMD_CWSTAPROTO, 1, 7);
static const struct simple protocols_set = SIMPLE_NUMBER_SET(AT_CMD_CWSTAPROTO, 1, 7);

int wm_wifi_protocols_get_prepare(struct wm_op *op)
{
    return simple_prepare(op, &protocols_get);
}

int wm_wifi_protocols_get(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_protocols_get_prepare(&op), timeout_ms);
}

int wm_wifi_protocols_set_prepare(struct wm_op *op, unsigned protocols)
{
    return simple_prepare_number(op, &protocols_set, protocols);
}

int wm_wifi_protocols_set(struct wm_device *dev, unsigned protocols, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_protocols_set_prepare(&op, protocols), timeout_ms);
}

/* AT+CWCOUNTRY. */

static const struct field country_fields[] = {
    TEXT(wm_wifi_country, code, 2),
    NUMBER(wm_wifi_country, first_channel, 1, AT_CHANNEL_MAX),
    NUMBER(wm_wifi_country, channels, 1, AT_CHANNEL_MAX),
};
static const struct reading country_reading[] = {READING(AT_CMD_CWCOUNTRY, country_fields)};
static const struct simple country_get = SIMPLE_GET(struct wm_wifi_country, country_reading);
static const struct simple country_set = SIMPLE_SET(AT_CMD_CWCOUNTRY, country_fields);

int wm_wifi_country_get_prepare(struct wm_op *op, struct wm_wifi_country *country)
{
    return simple_prepare_get(op, &country_get, country);
}

int wm_wifi_country_get(struct wm_device *dev, struct wm_wifi_country *country, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_country_get_prepare(&op, country), timeout_ms);
}

int wm_wifi_country_set_prepare(struct wm_op *op, const struct wm_wifi_country *country)
{
    return simple_prepare_set(op, &country_set, country);
}

int wm_wifi_country_set(struct wm_device *dev, const struct wm_wifi_country *country,
                        uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_country_set_prepare(&op, country), timeout_ms);
}
