#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "record.h"
#include "work.h"

#define APS_MAX       64
#define PASSWORD_SIZE 80 /* longer than any that a module takes */

static const char *security(int ecn)
{
    static const char *const names[] = {
        "open", "WEP", "WPA", "WPA2", "WPA/WPA2", "WPA2 enterprise", "WPA3", "WPA2/WPA3", "WAPI"};

    return ecn >= 0 && (size_t)ecn < sizeof names / sizeof *names ? names[ecn] : "unknown";
}

static void print_ap_json(const struct wm_wifi_ap *ap)
{
    cJSON *record = cJSON_CreateObject();

    cJSON_AddItemToObject(record, "ssid", record_bytes(ap->ssid, strlen(ap->ssid)));
    cJSON_AddNumberToObject(record, "rssi_dbm", ap->rssi);
    cJSON_AddNumberToObject(record, "channel", ap->channel);
    record_add(record, "security", security(ap->ecn));
    record_add(record, "bssid", ap->bssid);
    record_print_json(record);
}

static void print_ap_text(const struct wm_wifi_ap *ap)
{
    print_padded(ap->ssid[0] ? ap->ssid : "(hidden)", 34);
    printf("%4d dBm  channel %2d  %-16s %s\n", ap->rssi, ap->channel, security(ap->ecn), ap->bssid);
}

static int scan(const struct cli *cli, struct wm_device *dev)
{
    static struct wm_wifi_ap aps[APS_MAX];
    struct wm_op op;
    int count = wm_wifi_scan_prepare(&op, aps, APS_MAX);

    if (count == 0)
        count = work_run(cli, dev, &op, "looking for access points");
    if (count < 0)
        return cli_fail(cli, dev, count, "a scan needs station mode: `wmat at AT+CWMODE=1`",
                        "the scan failed");
    for (int i = 0; i < count && i < APS_MAX; i++)
        (cli->json ? print_ap_json : print_ap_text)(&aps[i]);
    if (count == 0)
        cli_note(cli, "no access point in reach");
    return CLI_DONE;
}

int cmd_scan(const struct cli *cli, int argc, char **argv)
{
    (void)argv;
    return session_ask(cli, argc, "scan", scan);
}

/* The first line of standard input, without its end. */
static int read_password(const struct cli *cli, char password[PASSWORD_SIZE])
{
    if (fgets(password, PASSWORD_SIZE, stdin) == NULL)
        return cli_usage(cli, "there was no password on standard input");
    password[strcspn(password, "\r\n")] = '\0';
    return CLI_DONE;
}

static int join_failed(const struct cli *cli, struct wm_device *dev, int err, const char *ssid)
{
    const char *advice = NULL;

    if (err == WM_ERR_ARG)
        advice = "an SSID has 1 to 32 bytes, a password 8 to 63 characters or 64 hex digits, and "
                 "neither has a line end";
    else if (err == WM_ERR_DEVICE)
        advice = "check the password, and with `wmat scan` that the access point is in reach";
    else if (err == WM_ERR_TIMEOUT)
        advice = "the access point gave no address in time; is its DHCP server running?";
    return cli_fail(cli, dev, err, advice, "can't join '%s'", ssid);
}

static int join(const struct cli *cli, struct wm_device *dev, const char *ssid,
                const char *password)
{
    const struct wm_wifi_join_options options = {.ssid = ssid, .password = password};
    struct wm_addresses addresses = {0};
    struct wm_op op;
    int err = wm_wifi_join_prepare(&op, &options);
    cJSON *record;

    if (err == 0)
        err = work_run(cli, dev, &op, ssid);
    if (err == 0)
        err = wm_addresses_prepare(&op, &addresses);
    if (err == 0)
        err = work_run(cli, dev, &op, ssid);
    if (err < 0)
        return join_failed(cli, dev, err, ssid);
    record = cJSON_CreateObject();
    record_add(record, "ssid", ssid);
    record_add(record, "ip", addresses.station_ip);
    record_print(cli, record);
    return CLI_DONE;
}

int cmd_join(const struct cli *cli, int argc, char **argv)
{
    struct session session;
    char line[PASSWORD_SIZE];
    const char *password = argc == 3 ? argv[2] : NULL;
    int status = cli_words(cli, argc, 1, 2, "join SSID [PASSWORD]");

    if (status == CLI_DONE && password != NULL && strcmp(password, "-") == 0) {
        status = read_password(cli, line);
        password = line;
    }
    if (status != CLI_DONE)
        return status;
    status = session_attach(&session, cli);
    if (status == CLI_DONE)
        status = join(cli, session.dev, argv[1], password);
    session_close(&session);
    return status;
}

static int leave(const struct cli *cli, struct wm_device *dev)
{
    struct wm_wifi_joined joined;
    int err = wm_wifi_joined(dev, &joined, cli->timeout_ms);
    cJSON *record;

    if (err == 0)
        err = wm_wifi_leave(dev, cli->timeout_ms);
    if (err < 0)
        return cli_fail(cli, dev, err, "leaving needs station mode: `wmat at AT+CWMODE?`",
                        "can't leave the access point");
    if (joined.ssid[0] == '\0')
        cli_note(cli, "it had not joined any");
    record = cJSON_CreateObject();
    if (joined.ssid[0] != '\0')
        cJSON_AddItemToObject(record, "left", record_bytes(joined.ssid, strlen(joined.ssid)));
    record_print(cli, record);
    return CLI_DONE;
}

int cmd_leave(const struct cli *cli, int argc, char **argv)
{
    (void)argv;
    return session_ask(cli, argc, "leave", leave);
}
