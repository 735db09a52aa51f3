/* AT+CIPSNTPCFG, AT+CIPSNTPTIME, AT+CIPSNTPINTV: the time of day. */
#include "handlers.h"

#include <string.h>

#include "calendar.h"

static const char *const default_servers[AT_SNTP_SERVERS] = {"cn.ntp.org.cn", "ntp.sjtu.edu.cn",
                                                             "us.pool.ntp.org"};

void fw_time_load(struct fw_module *module)
{
    fw_sntp_init(&module->sntp, module->port, &module->clock);
    fw_clock_start(&module->clock, module->now_ms);
    module->zone_min = 0;
    for (unsigned i = 0; i < AT_SNTP_SERVERS; i++) {
        strcpy(module->sntp.servers[i], default_servers[i]);
    }
}

/* The time zone is shown in whole hours (spec, CIPSNTPCFG: 015 is set, 0 is shown). */
enum fw_outcome fw_cipsntpcfg_query(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_sntp *sntp = &module->sntp;

    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPSNTPCFG_HEAD, (int)fw_sntp_is_on(sntp),
                     module->zone_min / 60);
    for (unsigned i = 0; i < AT_SNTP_SERVERS; i++) {
        if (sntp->servers[i][0] != '\0') {
            fw_reply_message(&module->reply, FW_MSG_CIPSNTPCFG_FIELD, sntp->servers[i]);
        }
    }
    fw_reply_message(&module->reply, FW_MSG_CIPSNTPCFG_TAIL);
    return FW_DONE;
}

/* Positions: enable, time zone, three servers; without any the default ones are used. */
enum fw_outcome fw_cipsntpcfg_set(struct fw_module *module, const struct fw_args *args)
{
    const struct fw_value *server = &args->value[2];
    bool any = server[0].given || server[1].given || server[2].given;

    fw_sntp_stop(&module->sntp);
    module->zone_min = args->value[1].number;
    for (unsigned i = 0; i < AT_SNTP_SERVERS; i++) {
        strcpy(module->sntp.servers[i], any ? server[i].text : default_servers[i]);
    }
    if (args->value[0].number != 0) {
        fw_sntp_start(&module->sntp, module->now_ms);
    }
    return FW_DONE;
}

enum fw_outcome fw_cipsntptime_query(struct fw_module *module, const struct fw_args *args)
{
    int64_t unix_s = (int64_t)fw_clock_shown_s(&module->clock, module->now_ms);
    char text[FW_DATE_TEXT];

    (void)args;
    fw_date_format(unix_s + 60 * module->zone_min, text);
    fw_reply_message(&module->reply, FW_MSG_CIPSNTPTIME, text);
    return FW_DONE;
}

enum fw_outcome fw_cipsntpintv_query(struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    fw_reply_message(&module->reply, FW_MSG_CIPSNTPINTV, (int)module->sntp.interval_s);
    return FW_DONE_BLANK;
}

enum fw_outcome fw_cipsntpintv_set(struct fw_module *module, const struct fw_args *args)
{
    fw_sntp_set_interval(&module->sntp, (unsigned)args->value[0].number, module->now_ms);
    return FW_DONE;
}
