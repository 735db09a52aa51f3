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

static const struct fw_arg cwreconncfg[] = {
    NUMBER(0, AT_RECONNECT_MAX),
    NUMBER(0, AT_REPEATS_MAX),
};

static const struct fw_arg cwlapopt[] = {
    NUMBER(0, 0x1ff),            /* print mask */
    NUMBER_OR(-100, 40, -100),   /* rssi filter */
    NUMBER_OR(0, 0xffff, 0xffff), /* authmode mask */
};

static const struct fw_arg cwsap[] = {
    TEXT(1, AT_SSID_MAX),
    PASSWORD,
    NUMBER(1, AT_CHANNEL_MAX),
    NUMBER(0, AT_SOFTAP_ECN_MAX),
    NUMBER_OR(1, FW_SOFTAP_STATIONS, FW_SOFTAP_STATIONS), /* max conn */
    NUMBER_OR(0, 1, 0),                                   /* ssid hidden */
};

static const struct fw_arg cwdhcp[] = {NUMBER(0, 1), NUMBER(1, 3)};

/* Behind the enable of CWDHCPS. */
static const struct fw_arg no_pool[] = {
    NUMBER_OR(1, AT_LEASE_MAX, 1),
    OPTIONAL(FW_ARG_IPV4),
    OPTIONAL(FW_ARG_IPV4),
};
static const struct fw_arg pool[] = {NUMBER(1, AT_LEASE_MAX), IPV4, IPV4};
static const struct fw_schema no_pool_schema = {no_pool, COUNT(no_pool)};
static const struct fw_schema pool_schema = {pool, COUNT(pool)};
static const struct fw_word pool_enable[] = {{NULL, 0, &no_pool_schema}, {NULL, 1, &pool_schema}};
static const struct fw_arg cwdhcps[] = {CHOICE(0, 1, pool_enable)};

static const struct fw_arg address[] = {
    IPV4,
    OPTIONAL(FW_ARG_IPV4), /* gateway */
    OPTIONAL(FW_ARG_IPV4), /* netmask */
};

/* The codes of the vendor's Wi-Fi chapter. */
#define COUNTRY(code) {code, 0, NULL}
static const struct fw_word countries[] = {
    COUNTRY("CN"), COUNTRY("JP"), COUNTRY("US"), COUNTRY("CA"), COUNTRY("AL"), COUNTRY("AM"),
    COUNTRY("AT"), COUNTRY("AZ"), COUNTRY("BA"), COUNTRY("BE"), COUNTRY("BG"), COUNTRY("BY"),
    COUNTRY("CH"), COUNTRY("CY"), COUNTRY("CZ"), COUNTRY("DE"), COUNTRY("DK"), COUNTRY("EE"),
    COUNTRY("EL"), COUNTRY("ES"), COUNTRY("FI"), COUNTRY("FR"), COUNTRY("GE"), COUNTRY("HR"),
    COUNTRY("HU"), COUNTRY("IE"), COUNTRY("IS"), COUNTRY("IT"), COUNTRY("LI"), COUNTRY("LT"),
    COUNTRY("LU"), COUNTRY("LV"), COUNTRY("MD"), COUNTRY("ME"), COUNTRY("MK"), COUNTRY("MT"),
    COUNTRY("NL"), COUNTRY("NO"), COUNTRY("PL"), COUNTRY("PT"), COUNTRY("RO"), COUNTRY("RS"),
    COUNTRY("RU"), COUNTRY("SE"), COUNTRY("SI"), COUNTRY("SK"), COUNTRY("TR"), COUNTRY("UA"),
    COUNTRY("UK"),
};
static const struct fw_arg cwcountry[] = {
    WORD(countries),
    NUMBER(1, AT_CHANNEL_MAX), /* first channel */
    NUMBER(1, AT_CHANNEL_MAX), /* channel count */
};

static const struct fw_arg flag[] = {NUMBER(0, 1)};
static const struct fw_arg protocols[] = {NUMBER(1, 7)};
static const struct fw_arg mac[] = {MAC};
static const struct fw_arg cwhostname[] = {TEXT(1, FW_STATION_HOSTNAME)};

static const struct fw_command rows[] = {
    {AT_CMD_CWINIT, SCHEMA(flag), fw_cwinit_query, fw_cwinit_set,
     .usage = "AT+CWINIT?\r\nAT+CWINIT=<init>"},
    {AT_CMD_CWMODE, SCHEMA(cwmode), fw_cwmode_query, fw_cwmode_set,
     .usage = "AT+CWMODE?\r\nAT+CWMODE=<mode>[,<auto_connect>]"},
    {AT_CMD_CWSTATE, NULL, fw_cwstate_query, .usage = "AT+CWSTATE?"},
    {AT_CMD_CWJAP, SCHEMA(cwjap), fw_cwjap_query, fw_cwjap_set, fw_cwjap_execute, fw_cwjap_poll,
     .usage = "AT+CWJAP?\r\n"
              "AT+CWJAP=<\"ssid\">,<\"pwd\">[,<\"bssid\">][,<pci_en>][,<reconn_interval>]"
              "[,<listen_interval>][,<scan_mode>][,<jap_timeout>][,<pmf>]\r\n"
              "AT+CWJAP"},
    {AT_CMD_CWRECONNCFG, SCHEMA(cwreconncfg), fw_cwreconncfg_query, fw_cwreconncfg_set,
     .usage = "AT+CWRECONNCFG?\r\nAT+CWRECONNCFG=<interval_second>,<repeat_count>"},
    {AT_CMD_CWLAPOPT, SCHEMA(cwlapopt), NULL, fw_cwlapopt_set,
     .usage = "AT+CWLAPOPT=<print mask>[,<rssi filter>][,<authmode mask>]"},
    {AT_CMD_CWLAP, SCHEMA(cwlap), NULL, fw_cwlap_set, fw_cwlap_execute, fw_cwlap_poll,
     .usage = "AT+CWLAP=[<\"ssid\">,<\"mac\">,<channel>,<scan_type>,<scan_time_min>,<scan_time_max>]\r\n"
              "AT+CWLAP"},
    {AT_CMD_CWQAP, .execute = fw_cwqap_execute, .poll = fw_cwqap_poll, .usage = "AT+CWQAP"},
    {AT_CMD_CWSAP, SCHEMA(cwsap), fw_cwsap_query, fw_cwsap_set,
     .usage = "AT+CWSAP?\r\n"
              "AT+CWSAP=<\"ssid\">,<\"pwd\">,<channel>,<ecn>[,<max conn>][,<ssid hidden>]"},
    {AT_CMD_CWLIF, .execute = fw_cwlif_execute, .usage = "AT+CWLIF"},
    {AT_CMD_CWQIF, SCHEMA(mac), NULL, fw_cwqif_set, fw_cwqif_execute,
     .usage = "AT+CWQIF=<\"mac\">\r\nAT+CWQIF"},
    {AT_CMD_CWDHCP, SCHEMA(cwdhcp), fw_cwdhcp_query, fw_cwdhcp_set,
     .usage = "AT+CWDHCP?\r\nAT+CWDHCP=<operate>,<mode>"},
    {AT_CMD_CWDHCPS, SCHEMA(cwdhcps), fw_cwdhcps_query, fw_cwdhcps_set,
     .usage = "AT+CWDHCPS?\r\nAT+CWDHCPS=<enable>,<lease min>,<\"begin IP\">,<\"end IP\">"},
    {AT_CMD_CWAUTOCONN, SCHEMA(flag), NULL, fw_cwautoconn_set, .usage = "AT+CWAUTOCONN=<enable>"},
    {AT_CMD_CWSTAPROTO, SCHEMA(protocols), fw_cwstaproto_query, fw_cwstaproto_set,
     .usage = "AT+CWSTAPROTO?\r\nAT+CWSTAPROTO=<protocol>"},
    {AT_CMD_CWAPPROTO, SCHEMA(protocols), fw_cwapproto_query, fw_cwapproto_set,
     .usage = "AT+CWAPPROTO?\r\nAT+CWAPPROTO=<protocol>"},
    {AT_CMD_CIPSTAMAC, SCHEMA(mac), fw_cipstamac_query, fw_cipstamac_set,
     .usage = "AT+CIPSTAMAC?\r\nAT+CIPSTAMAC=<\"mac\">"},
    {AT_CMD_CIPAPMAC, SCHEMA(mac), fw_cipapmac_query, fw_cipapmac_set,
     .usage = "AT+CIPAPMAC?\r\nAT+CIPAPMAC=<\"mac\">"},
    {AT_CMD_CIPSTA, SCHEMA(address), fw_cipsta_query, fw_cipsta_set,
     .usage = "AT+CIPSTA?\r\nAT+CIPSTA=<\"ip\">[,<\"gateway\">,<\"netmask\">]"},
    {AT_CMD_CIPAP, SCHEMA(address), fw_cipap_query, fw_cipap_set,
     .usage = "AT+CIPAP?\r\nAT+CIPAP=<\"ip\">[,<\"gateway\">,<\"netmask\">]"},
    {AT_CMD_CWHOSTNAME, SCHEMA(cwhostname), fw_cwhostname_query, fw_cwhostname_set,
     .usage = "AT+CWHOSTNAME?\r\nAT+CWHOSTNAME=<\"hostname\">"},
    {AT_CMD_CWCOUNTRY, SCHEMA(cwcountry), fw_cwcountry_query, fw_cwcountry_set,
     .usage = "AT+CWCOUNTRY?\r\n"
              "AT+CWCOUNTRY=<\"country code\">,<first channel>,<channel count>"},
    {AT_CMD_CIPV6, SCHEMA(flag), fw_cipv6_query, fw_cipv6_set,
     .usage = "AT+CIPV6?\r\nAT+CIPV6=<enable>"},
};
/* clang-format on */

const struct fw_chapter fw_chapter_wifi = {rows, COUNT(rows)};
