/* The rows of the TCP/IP commands: forms (at_command.def), rules, handlers, usage. */
#include "rules.h"

/* clang-format off */
static const struct fw_arg flag[] = {NUMBER(0, 1)};

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

static const struct fw_arg cipstart[] = {LINK(AT_LINKS - 1), WORD(link_types)};
static const struct fw_arg cipstartex[] = {NOTHING, WORD(link_types)};
static const struct fw_arg cipsend[] = {LINK(AT_LINKS - 1), NUMBER(1, AT_SEND_MAX)};
static const struct fw_arg cipclose[] = {LINK(AT_LINK_ALL)};
static const struct fw_arg ciprecvdata[] = {LINK(AT_LINKS - 1), NUMBER(1, AT_RECVDATA_MAX)};

#define STREAM_USAGE "<\"type\">,<\"remote host\">,<remote port>[,<keep_alive>][,<\"local IP\">]"

static const struct fw_command rows[] = {
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
/* clang-format on */

const struct fw_chapter fw_chapter_tcpip = {rows, COUNT(rows)};
