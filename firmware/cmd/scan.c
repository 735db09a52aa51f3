/* AT+CWLAP, AT+CWLAPOPT: which access points are there. */
#include "handlers.h"

#include <string.h>

#include "addr.h"

static enum fw_outcome start_scan(struct fw_module *module, const struct fw_scan_filter *filter,
                                  struct fw_wifi_scan *scan)
{
    module->job_scan = *filter;
    if (!fw_station_is_on(&module->station) ||
        !fw_station_scan(&module->station, scan, module->now_ms)) {
        return FW_FAILED;
    }
    return FW_WAIT;
}

enum fw_outcome fw_cwlap_set(struct fw_module *module, const struct fw_args *args)
{
    struct fw_scan_filter filter = {.by_bssid = args->value[1].given};
    struct fw_wifi_scan scan = {
        .channel = (uint8_t)args->value[2].number,
        .passive = args->value[3].number != 0,
        .channel_min_ms = (uint16_t)args->value[4].number,
        .channel_max_ms = (uint16_t)args->value[5].number,
    };

    memcpy(filter.ssid, args->value[0].text, args->value[0].len);
    memcpy(filter.bssid, args->value[1].mac, sizeof filter.bssid);
    return start_scan(module, &filter, &scan);
}

enum fw_outcome fw_cwlap_execute(struct fw_module *module, const struct fw_args *args)
{
    static const struct fw_scan_filter any;
    struct fw_wifi_scan scan = {0};

    (void)args;
    return start_scan(module, &any, &scan);
}

static bool passes(const struct fw_module *module, const struct fw_ap *ap)
{
    const struct fw_scan_filter *filter = &module->job_scan;
    const struct fw_scan_options *options = &module->scan_options;

    return (filter->ssid[0] == '\0' || strcmp(filter->ssid, ap->ssid) == 0) &&
           (!filter->by_bssid || memcmp(filter->bssid, ap->bssid, sizeof ap->bssid) == 0) &&
           ap->rssi >= options->rssi_min && (options->authmodes >> ap->ecn & 1) != 0;
}

/* The fields of AT+CWLAP, text where there is one. A field that AT+CWLAPOPT masks off is empty. */
static void print_ap(struct fw_module *module, const struct fw_ap *ap)
{
    char mac[FW_MAC_TEXT];
    const struct {
        const char *text;
        int number;
    } fields[] = {
        {NULL, ap->ecn},          {ap->ssid, 0},
        {NULL, ap->rssi},         {mac, 0},
        {NULL, ap->channel},      {NULL, ap->pairwise_cipher},
        {NULL, ap->group_cipher}, {NULL, ap->bgn},
        {NULL, ap->wps},
    };

    fw_mac_format(ap->bssid, mac);
    fw_reply_message(&module->reply, FW_MSG_CWLAP_HEAD);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (i > 0) {
            fw_reply_message(&module->reply, FW_MSG_CWLAP_SEPARATOR);
        }
        if ((module->scan_options.fields >> i & 1) == 0) {
            continue;
        }
        if (fields[i].text != NULL) {
            fw_reply_message(&module->reply, FW_MSG_CWLAP_TEXT, fields[i].text);
        } else {
            fw_reply_message(&module->reply, FW_MSG_CWLAP_NUMBER, fields[i].number);
        }
    }
    fw_reply_message(&module->reply, FW_MSG_CWLAP_TAIL);
}

enum fw_outcome fw_cwlap_poll(struct fw_module *module)
{
    struct fw_ap ap;

    if (fw_station_scanned(&module->station, &ap) && passes(module, &ap)) {
        print_ap(module, &ap);
    }
    return module->station.scanning ? FW_WAIT : FW_DONE;
}

enum fw_outcome fw_cwlapopt_set(struct fw_module *module, const struct fw_args *args)
{
    module->scan_options = (struct fw_scan_options){
        .fields = (unsigned)args->value[0].number,
        .rssi_min = args->value[1].number,
        .authmodes = (unsigned)args->value[2].number,
    };
    return FW_DONE;
}
