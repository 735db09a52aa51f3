#include "commands.h"

#include <stdio.h>

#include "record.h"

static int add_wifi(const struct cli *cli, struct wm_device *dev, cJSON *record)
{
    static const char *const states[] = {"never joined", "joined, no address", "up", "connecting",
                                         "down"};
    struct wm_wifi_status status;
    int err = wm_wifi_status(dev, &status, cli->timeout_ms);

    if (err < 0)
        return err;
    record_add(record, "wifi",
               (size_t)status.state < sizeof states / sizeof *states ? states[status.state]
                                                                     : "unknown");
    record_add(record, "ssid", status.ssid);
    return 0;
}

static int add_joined(const struct cli *cli, struct wm_device *dev, cJSON *record)
{
    struct wm_wifi_joined joined;
    int err = wm_wifi_joined(dev, &joined, cli->timeout_ms);

    if (err < 0 || joined.ssid[0] == '\0')
        return err;
    record_add(record, "bssid", joined.bssid);
    cJSON_AddNumberToObject(record, "channel", joined.channel);
    cJSON_AddNumberToObject(record, "rssi_dbm", joined.rssi);
    return 0;
}

static int add_addresses(const struct cli *cli, struct wm_device *dev, cJSON *record)
{
    struct wm_addresses addresses;
    struct wm_station_ip ip;
    int err = wm_station_ip_get(dev, &ip, cli->timeout_ms);

    if (err == 0)
        err = wm_addresses(dev, &addresses, cli->timeout_ms);
    if (err < 0)
        return err;
    record_add(record, "ip", ip.ip);
    record_add(record, "gateway", ip.gateway);
    record_add(record, "netmask", ip.netmask);
    record_add(record, "ip6_local", addresses.station_ip6_local);
    record_add(record, "ip6_global", addresses.station_ip6_global);
    record_add(record, "mac", addresses.station_mac);
    return 0;
}

static cJSON *describe_link(const struct wm_link_status *link)
{
    cJSON *item = cJSON_CreateObject();

    cJSON_AddNumberToObject(item, "id", link->id);
    record_add(item, "type", link->type);
    record_add(item, "role", link->server ? "server" : "client");
    record_add(item, "remote_ip", link->remote_ip);
    cJSON_AddNumberToObject(item, "remote_port", link->remote_port);
    cJSON_AddNumberToObject(item, "local_port", link->local_port);
    return item;
}

static int add_links(const struct cli *cli, struct wm_device *dev, cJSON *record)
{
    struct wm_link_list list;
    int err = wm_links(dev, &list, cli->timeout_ms);
    cJSON *links;

    if (err < 0)
        return err;
    links = cJSON_AddArrayToObject(record, "links");
    for (size_t i = 0; i < list.count; i++)
        cJSON_AddItemToArray(links, describe_link(&list.links[i]));
    return 0;
}

static int ask(const struct cli *cli, struct wm_device *dev)
{
    static int (*const parts[])(const struct cli *, struct wm_device *,
                                cJSON *) = {add_wifi, add_joined, add_addresses, add_links};
    cJSON *record = cJSON_CreateObject();
    int err = 0;

    for (size_t i = 0; i < sizeof parts / sizeof *parts && err >= 0; i++)
        err = parts[i](cli, dev, record);
    record_print(cli, record);
    return err < 0 ? cli_fail(cli, dev, err, NULL, "the module does not say all") : CLI_DONE;
}

int cmd_status(const struct cli *cli, int argc, char **argv)
{
    (void)argv;
    return session_ask(cli, argc, "status", ask);
}
