/* AT+CWLAP and AT+CWLAPOPT. */
#include <wmat/wifi.h>

#include "at_limits.h"
#include "arg.h"
#include "simple.h"

#define SCAN_MS 15000

/* What AT+CWLAPOPT masks off is an empty position, or missing at the end. */
static const struct field ap_fields[] = {
    NUMBER_OR(wm_wifi_ap, ecn, 0, 255, -1),
    MAYBE(TEXT, wm_wifi_ap, ssid),
    NUMBER_OR(wm_wifi_ap, rssi, -255, 255, 0),
    MAYBE(MAC, wm_wifi_ap, bssid),
    NUMBER_OR(wm_wifi_ap, channel, 0, 255, 0),
    NUMBER_OR(wm_wifi_ap, pairwise_cipher, 0, 255, -1),
    NUMBER_OR(wm_wifi_ap, group_cipher, 0, 255, -1),
    NUMBER_OR(wm_wifi_ap, bgn, 0, 255, -1),
    NUMBER_OR(wm_wifi_ap, wps, 0, 255, -1),
};

#define SCAN(how_to_begin)                                                                         \
    {                                                                                              \
        .op = {.timeout_ms = SCAN_MS,                                                              \
               .module_ms = SCAN_MS,                                                               \
               .begin = how_to_begin,                                                              \
               .line = simple_element,                                                             \
               .final = simple_count},                                                             \
        .command = AT_CMD_CWLAP, .fields = ap_fields, .count = COUNT(ap_fields),                   \
        .size = sizeof(struct wm_wifi_ap)                                                          \
    }

static const struct simple all = SCAN(simple_execute);

int wm_wifi_scan_prepare(struct wm_op *op, struct wm_wifi_ap *aps, size_t max)
{
    return simple_prepare_list(op, &all, aps, max);
}

int wm_wifi_scan(struct wm_device *dev, struct wm_wifi_ap *aps, size_t max, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_scan_prepare(&op, aps, max), timeout_ms);
}

static const struct field filter_fields[] = {
    STRING(wm_wifi_scan_filter, ssid, 1, AT_SSID_MAX),
    STRING(wm_wifi_scan_filter, bssid, WM_MAC_SIZE - 1, WM_MAC_SIZE - 1),
    OPTION(wm_wifi_scan_filter, channel, 1, AT_CHANNEL_MAX),
    OPTION(wm_wifi_scan_filter, passive, 1, 1),
    OPTION(wm_wifi_scan_filter, min_ms, 1, AT_SCAN_MAX),
    OPTION(wm_wifi_scan_filter, max_ms, 1, AT_SCAN_MAX),
};

static int some_begin(struct wm_core *core, struct wm_op *op)
{
    struct writer writer = txn_set(&core->txn, AT_CMD_CWLAP);
    op->value = 0;
    fields_write(&writer, filter_fields, COUNT(filter_fields), op->args);
    return op_command(core, &writer);
}

static const struct simple some = SCAN(some_begin);

static bool filter_sound(const struct wm_wifi_scan_filter *filter)
{
    return filter && fields_sound(filter_fields, COUNT(filter_fields), filter) &&
           (!filter->bssid || arg_mac(filter->bssid)) &&
           (filter->ssid || filter->bssid || filter->channel || filter->passive || filter->min_ms ||
            filter->max_ms);
}

int wm_wifi_scan_for_prepare(struct wm_op *op, const struct wm_wifi_scan_filter *filter,
                             struct wm_wifi_ap *aps, size_t max)
{
    int err = simple_prepare_list(op, &some, aps, max);
    op->args = filter;
    return op_checked(op, err == 0 && filter_sound(filter));
}

int wm_wifi_scan_for(struct wm_device *dev, const struct wm_wifi_scan_filter *filter,
                     struct wm_wifi_ap *aps, size_t max, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_scan_for_prepare(&op, filter, aps, max), timeout_ms);
}

/* AT+CWLAPOPT. */

static const struct field view_fields[] = {
    NUMBER(wm_wifi_scan_view, fields, 0, 0x1ff),
    NUMBER(wm_wifi_scan_view, rssi, AT_RSSI_MIN, AT_RSSI_MAX),
    NUMBER(wm_wifi_scan_view, authmodes, 0, 0xffff),
};
static const struct simple view = SIMPLE_SET(AT_CMD_CWLAPOPT, view_fields);

int wm_wifi_scan_view_set_prepare(struct wm_op *op, const struct wm_wifi_scan_view *scan_view)
{
    return simple_prepare_set(op, &view, scan_view);
}

int wm_wifi_scan_view_set(struct wm_device *dev, const struct wm_wifi_scan_view *scan_view,
                          uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_wifi_scan_view_set_prepare(&op, scan_view), timeout_ms);
}
