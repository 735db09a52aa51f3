/* AT+CIPSNTPCFG, AT+CIPSNTPTIME, AT+CIPSNTPINTV: the time of day. */
#include "handlers.h"

#include <string.h>

#include "calendar.h"

static const char *const servers_of_manual[AT_SNTP_SERVERS] = {
    "cn.ntp.org.cn",
    "ntp.sjtu.edu.cn",
    "us.pool.ntp.org",
};
static const char *const servers_of_module[AT_SNTP_SERVERS] = {
    "ntp.sjtu.edu.cn",
    "cn.ntp.org.cn",
    "us.pool.ntp.org",
};

static const char *const *default_servers(const struct fw_module *module)
{
    return fw_has_quirk(module->habits, FW_QUIRK_SNTP_SERVERS) ? servers_of_module
                                                               : servers_of_manual;
}

void fw_time_load(struct fw_module *module)
{
    fw_sntp_init(&module->sntp, module->port, &module->clock);
    fw_clock_start(&module->clock, module->now_ms);
    module->zone = module->zone_s = 0;
    for (unsigned i = 0; i < AT_SNTP_SERVERS; i++) {
        strcpy(module->sntp.servers[i], default_servers(module)[i]);
    }
}

enum fw_outcome fw_cipsntpcfg_query(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_sntp *sntp = &module->sntp;

    (void)args;
    if (!fw_sntp_is_on(sntp) && fw_has_quirk(module->habits, FW_QUIRK_SNTP_OFF_ALONE)) {
        fw_reply_message(&module->reply, FW_MSG_CIPSNTPCFG_OFF, 0);
        return FW_DONE;
    }
    fw_reply_message(&module->reply, FW_MSG_CIPSNTPCFG_HEAD, (int)fw_sntp_is_on(sntp),
                     module->zone);
    for (unsigned i = 0; i < AT_SNTP_SERVERS; i++) {
        if (sntp->servers[i][0] != '\0') {
            fw_reply_message(&module->reply, FW_MSG_CIPSNTPCFG_FIELD, sntp->servers[i]);
        }
    }
    fw_reply_message(&module->reply, FW_MSG_CIPSNTPCFG_TAIL);
    return FW_DONE;
}

/* A module that computes with tenths of an hour, each of them a binary fraction: 15 minutes become
 * 12, and 45 are a second short of 42. */
static int round_minutes(int minutes)
{
    static const int seconds_of_tenths[] = {0, 360, 720, 1080, 1440, 1800, 2160, 2519, 2880, 3239};

    return minutes / 6 < 10 ? seconds_of_tenths[minutes / 6] : 60 * minutes;
}

/* The zone in minutes is shown in whole hours (spec, CIPSNTPCFG: 015 is set, 0 is shown); one as it
 * was entered is hours where it is small, and hours and minutes in one number where not. */
static void set_zone(struct fw_module *module, int zone)
{
    int size = zone < 0 ? -zone : zone;
    int seconds;

    if (!fw_has_quirk(module->habits, FW_QUIRK_ZONE_AS_ENTERED)) {
        module->zone = zone / 60;
        module->zone_s = 60 * zone;
        return;
    }
    if (zone >= -12 && zone <= 14) {
        seconds = 3600 * size;
    } else if (fw_has_quirk(module->habits, FW_QUIRK_ZONE_STEPS)) {
        seconds = 3600 * (size / 100) + round_minutes(size % 100);
    } else {
        seconds = 3600 * (size / 100) + 60 * (size % 100);
    }
    module->zone = zone;
    module->zone_s = zone < 0 ? -seconds : seconds;
}

/* Positions: enable, time zone, three servers; without any the default ones are used. */
enum fw_outcome fw_cipsntpcfg_set(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_value *server = &args->value[2];
    bool any = server[0].given || server[1].given || server[2].given;

    fw_sntp_stop(&module->sntp);
    set_zone(module, args->value[1].number);
    for (unsigned i = 0; i < AT_SNTP_SERVERS; i++) {
        strcpy(module->sntp.servers[i], any ? server[i].text : default_servers(module)[i]);
    }
    if (args->value[0].number != 0) {
        fw_sntp_start(&module->sntp, module->now_ms);
    }
    return FW_DONE;
}

enum fw_outcome fw_cipsntptime_query(struct fw_module *module, const struct fw_args *args)
{
    int64_t unix_s = (int64_t)fw_clock_shown_s(&module->clock, module->now_ms);
    char padding = fw_has_quirk(module->habits, FW_QUIRK_PADDED_DAY) ? '0' : ' ';
    char text[FW_DATE_TEXT];

    (void)args;
    fw_date_format(unix_s + module->zone_s, padding, text);
    fw_reply_message(&module->reply, FW_MSG_CIPSNTPTIME, text);
    return FW_DONE;
}

static bool has_interval(const struct fw_module *module)
{
    return fw_sntp_is_on(&module->sntp) ||
           !fw_has_quirk(module->habits, FW_QUIRK_INTERVAL_NEEDS_SNTP);
}

enum fw_outcome fw_cipsntpintv_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    if (!has_interval(module)) {
        return FW_FAILED;
    }
    fw_reply_message(&module->reply, FW_MSG_CIPSNTPINTV, (int)module->sntp.interval_s);
    return FW_DONE_BLANK;
}

enum fw_outcome fw_cipsntpintv_set(struct fw_module *module, const struct fw_args *args)
{
    if (!has_interval(module)) {
        return FW_FAILED;
    }
    fw_sntp_set_interval(&module->sntp, (unsigned)args->value[0].number, module->now_ms);
    return FW_DONE;
}
