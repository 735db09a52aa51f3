#include "commands.h"

#include <time.h>

#include "record.h"

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

/* Time from AT to OK, in milliseconds. */
static int add_answer_time(const struct cli *cli, struct wm_device *dev, cJSON *record)
{
    double start_ms = now_ms();
    int err = wm_probe(dev, cli->timeout_ms);

    if (err < 0)
        return err;
    cJSON_AddNumberToObject(record, "answers_in_ms", (long)((now_ms() - start_ms) * 100) / 100.0);
    return 0;
}

static int add_settings(const struct cli *cli, struct wm_device *dev, cJSON *record)
{
    static const char *const modes[] = {"off", "station", "SoftAP", "station and SoftAP"};
    int mode = wm_wifi_mode_get(dev, cli->timeout_ms);
    int store = mode < 0 ? mode : wm_store_get(dev, cli->timeout_ms);

    if (store < 0)
        return store;
    record_add(record, "wifi_mode", mode <= WM_WIFI_BOTH ? modes[mode] : "unknown");
    cJSON_AddBoolToObject(record, "stores_settings", store);
    return 0;
}

/* What the module does otherwise than its manual says; nothing for one that follows it. */
static int add_profile(struct wm_device *dev, cJSON *record)
{
    struct wm_profile profile;
    int err = wm_profile(dev, &profile);

    if (err < 0)
        return err;
    cJSON_AddBoolToObject(record, "echoes_commands", profile.echo);
    cJSON_AddBoolToObject(record, "loses_zero_bytes", profile.zeros_lost);
    cJSON_AddBoolToObject(record, "discards_unread_data", profile.passive_discards);
    cJSON_AddBoolToObject(record, "frames_passthrough", profile.stream_framed);
    cJSON_AddNumberToObject(record, "tls_links", profile.tls_links);
    return 0;
}

static int add_addresses(const struct cli *cli, struct wm_device *dev, cJSON *record)
{
    struct wm_addresses addresses;
    int err = wm_addresses(dev, &addresses, cli->timeout_ms);

    if (err < 0)
        return err;
    record_add(record, "station_mac", addresses.station_mac);
    record_add(record, "station_ip", addresses.station_ip);
    record_add(record, "softap_mac", addresses.softap_mac);
    record_add(record, "softap_ip", addresses.softap_ip);
    return 0;
}

static int ask(const struct cli *cli, struct wm_device *dev)
{
    cJSON *record = cJSON_CreateObject();
    int err;

    record_add(record, "port", cli->port);
    record_add(record, "driver", wm_version());
    err = add_answer_time(cli, dev, record);
    if (err == 0)
        err = add_profile(dev, record);
    if (err == 0)
        err = add_settings(cli, dev, record);
    if (err == 0)
        err = add_addresses(cli, dev, record);
    record_print(cli, record);
    return err < 0 ? cli_fail(cli, dev, err, NULL, "the module does not say all") : CLI_DONE;
}

int cmd_info(const struct cli *cli, int argc, char **argv)
{
    (void)argv;
    return session_ask(cli, argc, "info", ask);
}
