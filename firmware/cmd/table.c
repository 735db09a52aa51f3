#include "table.h"

#include <string.h>

#include "handlers.h"

#define COUNT(array)  (sizeof(array) / sizeof *(array))
#define SCHEMA(array) (&(const struct fw_schema){array, COUNT(array)})

/* clang-format off */
#define NUMBER(low, high)            {.kind = FW_ARG_NUMBER, .min = (low), .max = (high)}
#define NUMBER_OR(low, high, value)  {.kind = FW_ARG_NUMBER, .min = (low), .max = (high), \
                                      .optional = true, .fallback = (value)}
#define TEXT(low, high)              {.kind = FW_ARG_TEXT, .min = (low), .max = (high)}
#define TEXT_OR_NONE(high)           {.kind = FW_ARG_TEXT, .max = (high), .optional = true}
#define IPV4                         {.kind = FW_ARG_IPV4}
#define PASSWORD                     {.kind = FW_ARG_PASSWORD}
#define OPTIONAL(rule)               {.kind = (rule), .optional = true}
#define LINK(high)                   {.kind = FW_ARG_LINK, .max = (high)}
#define NOTHING                      {.kind = FW_ARG_NOTHING}

static const struct fw_arg flag[] = {NUMBER(0, 1)};

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

/* Behind the type of CIPSTART. */
static const struct fw_arg stream[] = {
    TEXT(1, AT_HOST_MAX),
    NUMBER(1, AT_PORT_MAX),
    NUMBER_OR(0, AT_KEEP_ALIVE_MAX, 0),
    OPTIONAL(FW_ARG_IP), /* local IP */
};
static const struct fw_schema stream_schema = {stream, COUNT(stream)};

static const struct fw_word link_types[] = {
    {"TCP", FW_LINK_TCP, &stream_schema},
    {"TCPv6", FW_LINK_TCPV6, &stream_schema},
};
#define LINK_TYPE {.kind = FW_ARG_WORD, .words = link_types, .word_count = COUNT(link_types)}

static const struct fw_arg cipstart[] = {LINK(AT_LINKS - 1), LINK_TYPE};
static const struct fw_arg cipstartex[] = {NOTHING, LINK_TYPE};
static const struct fw_arg cipsend[] = {LINK(AT_LINKS - 1), NUMBER(1, AT_SEND_MAX)};
static const struct fw_arg cipclose[] = {LINK(AT_LINK_ALL)};
static const struct fw_arg ciprecvdata[] = {LINK(AT_LINKS - 1), NUMBER(1, AT_RECVDATA_MAX)};

#define STREAM_USAGE "<\"type\">,<\"remote host\">,<remote port>[,<keep_alive>][,<\"local IP\">]"

static const struct fw_command commands[] = {
    {AT_CMD_AT, .execute = fw_at_execute, .usage = "AT"},
    {AT_CMD_RST, .execute = fw_rst_execute, .usage = "AT+RST"},
    {AT_CMD_RESTORE, .execute = fw_restore_execute, .usage = "AT+RESTORE"},
    {AT_CMD_SYSSTORE, SCHEMA(flag), fw_sysstore_query, fw_sysstore_set,
     .usage = "AT+SYSSTORE?\r\nAT+SYSSTORE=<mode>"},

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

    {AT_CMD_CIPSTATE, NULL, fw_cipstate_query, .usage = "AT+CIPSTATE?"},
    {AT_CMD_CIPSTART, SCHEMA(cipstart), NULL, fw_cipstart_set, NULL, fw_cipstart_poll,
     .usage = "AT+CIPSTART=[<link ID>,]" STREAM_USAGE},
    {AT_CMD_CIPSTARTEX, SCHEMA(cipstartex), NULL, fw_cipstartex_set, NULL, fw_cipstart_poll,
     .usage = "AT+CIPSTARTEX=" STREAM_USAGE},
    {AT_CMD_CIPSEND, SCHEMA(cipsend), NULL, fw_cipsend_set, fw_cipsend_execute, fw_cipsend_poll,
     .usage = "AT+CIPSEND=[<link ID>,]<length>\r\nAT+CIPSEND"},
    {AT_CMD_CIPCLOSE, SCHEMA(cipclose), NULL, fw_cipclose_set, fw_cipclose_execute,
     .usage = "AT+CIPCLOSE=<link ID>\r\nAT+CIPCLOSE"},
    {AT_CMD_CIFSR, .execute = fw_cifsr_execute, .usage = "AT+CIFSR"},
    {AT_CMD_CIPMUX, SCHEMA(flag), fw_cipmux_query, fw_cipmux_set,
     .usage = "AT+CIPMUX?\r\nAT+CIPMUX=<mode>"},
    {AT_CMD_CIPDINFO, SCHEMA(flag), fw_cipdinfo_query, fw_cipdinfo_set,
     .usage = "AT+CIPDINFO?\r\nAT+CIPDINFO=<mode>"},
    {AT_CMD_CIPRECVMODE, SCHEMA(flag), fw_ciprecvmode_query, fw_ciprecvmode_set,
     .usage = "AT+CIPRECVMODE?\r\nAT+CIPRECVMODE=<mode>"},
    {AT_CMD_CIPRECVDATA, SCHEMA(ciprecvdata), NULL, fw_ciprecvdata_set, NULL, fw_ciprecvdata_poll,
     .usage = "AT+CIPRECVDATA=[<link ID>,]<len>"},
    {AT_CMD_CIPRECVLEN, NULL, fw_ciprecvlen_query, .usage = "AT+CIPRECVLEN?"},
};

/* The specification marks the first four as not supported, the framework page the others. */
static const char *const refused[] = {
    "CIPSENDL", "CIPSENDLCFG", "CIPFWVER", "CIUPDATE",
    "CWSTARTSMART", "CWSTOPSMART", "WPS", "MDNS", "CWJEAP",
};
/* clang-format on */

static bool is_name(const char *candidate, const char *name, size_t len)
{
    return strlen(candidate) == len && memcmp(candidate, name, len) == 0;
}

const struct fw_command *fw_command_find(const char *name, size_t len)
{
    for (size_t i = 0; i < COUNT(commands); i++) {
        if (is_name(at_command_name(commands[i].id), name, len)) {
            return &commands[i];
        }
    }
    return NULL;
}

bool fw_command_is_refused(const char *name, size_t len)
{
    for (size_t i = 0; i < COUNT(refused); i++) {
        if (is_name(refused[i], name, len)) {
            return true;
        }
    }
    return false;
}

const struct fw_command *fw_command_rows(size_t *count)
{
    *count = COUNT(commands);
    return commands;
}
