/* The rows of the Wi-Fi commands: forms (at_command.def), rules, handlers, usage. */
#include "rules.h"

/* clang-format off */
static const struct fw_arg cwmode[] = {
    NUMBER(0, 3),
    NUMBER_OR(0, 1, 1), /* auto_connect */
};

static const struct fw_arg cwjap[] = {
    TEXT(1, AT_SSID_MAX),
    PASSWORD,
    OPTIONAL(FW_ARG_MAC),  /* bssid */
    NUMBER_OR(0, 1, 0),    /* pci_en */
    NUMBER_OR(0, 7200, 1), /* reconn_interval */
    NUMBER_OR(1, 100, 3),  /* listen_interval */
    NUMBER_OR(0, 1, 0),    /* scan_mode */
    NUMBER_OR(3, 600, 15), /* jap_timeout */
    NUMBER_OR(0, 3, 1),    /* pmf */
};

static const struct fw_arg cwlap[] = {
    TEXT_OR_NONE(AT_SSID_MAX),
    OPTIONAL(FW_ARG_MAC),
    NUMBER_OR(0, 14, 0),   /* channel */
    NUMBER_OR(0, 1, 0),    /* scan_type */
    NUMBER_OR(0, 1500, 0), /* scan_time_min */
    NUMBER_OR(0, 1500, 0), /* scan_time_max */
};

static const struct fw_arg cipsta[] = {
    IPV4,
    OPTIONAL(FW_ARG_IPV4), /* gateway */
    OPTIONAL(FW_ARG_IPV4), /* netmask */
};

static const struct fw_command rows[] = {
    {AT_CMD_CWMODE, SCHEMA(cwmode), fw_cwmode_query, fw_cwmode_set,
     .usage = "AT+CWMODE?\r\nAT+CWMODE=<mode>[,<auto_connect>]"},
    {AT_CMD_CWSTATE, NULL, fw_cwstate_query, .usage = "AT+CWSTATE?"},
    {AT_CMD_CWJAP, SCHEMA(cwjap), fw_cwjap_query, fw_cwjap_set, fw_cwjap_execute, fw_cwjap_poll,
     .usage = "AT+CWJAP?\r\n"
              "AT+CWJAP=<\"ssid\">,<\"pwd\">[,<\"bssid\">][,<pci_en>][,<reconn_interval>]"
              "[,<listen_interval>][,<scan_mode>][,<jap_timeout>][,<pmf>]\r\n"
              "AT+CWJAP"},
    {AT_CMD_CWLAP, SCHEMA(cwlap), NULL, fw_cwlap_set, fw_cwlap_execute, fw_cwlap_poll,
     .usage = "AT+CWLAP=[<\"ssid\">,<\"mac\">,<channel>,<scan_type>,<scan_time_min>,<scan_time_max>]\r\n"
              "AT+CWLAP"},
    {AT_CMD_CWQAP, .execute = fw_cwqap_execute, .usage = "AT+CWQAP"},
    {AT_CMD_CIPSTA, SCHEMA(cipsta), fw_cipsta_query, fw_cipsta_set,
     .usage = "AT+CIPSTA?\r\nAT+CIPSTA=<\"ip\">[,<\"gateway\">,<\"netmask\">]"},
};
/* clang-format on */

const struct fw_chapter fw_chapter_wifi = {rows, COUNT(rows)};
