#include "shipped.h"

#include <string.h>

#include "rules.h"

/* clang-format off */
#define RULES(array)      {.schema = {array, COUNT(array)}}
/* And what is asked of them as a whole. */
#define WHOLE(array, ...) {.schema = {array, COUNT(array)}, .demand = {__VA_ARGS__}}
/* AT+X alone, in either connection mode. */
#define ALONE             .plain = {true, true}
#define EACH(rules)       {&(rules), &(rules)}

/* --- gates: what is looked at before the parameters, or behind a link id --- */

static bool is_server_on(const struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    return fw_server_is_on(&module->server);
}

static bool is_server_off(const struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    return !fw_server_is_on(&module->server);
}

static bool is_multiple(const struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    return module->multiple;
}

static bool is_link_open(const struct fw_module *module, const struct fw_args *args)
{
    (void)args;
    return fw_link_exists(&module->links, 0);
}

/* Id 5 passes the range check of a module that has no such link. */
static bool is_link(const struct fw_module *module, const struct fw_args *args)
{
    (void)module;
    return args->value[0].number < AT_LINKS;
}

static bool is_link_free(const struct fw_module *module, const struct fw_args *args)
{
    return module->links.link[args->value[0].number].state == FW_LINK_FREE;
}

static bool are_links_free(const struct fw_module *module, const struct fw_args *args)
{
    for (unsigned id = 0; id < AT_LINKS; id++) {
        if (fw_is_meant(args->value[0].number, id) &&
            module->links.link[id].state != FW_LINK_FREE) {
            return false;
        }
    }
    return true;
}

/* --- modes --- */

static const struct fw_arg cipv6[] = {{.kind = FW_ARG_NUMBER, .max = 1, .lax = true}};
static const struct fw_rules cipv6_rules =
    WHOLE(cipv6, .least = 1, .most = 1, .count_fault = FW_FAULT_ERROR);

static const struct fw_arg cipmux[] = {{.kind = FW_ARG_NUMBER, .max = 1, .bits = 8}};
static const struct fw_rules cipmux_rules = WHOLE(cipmux, .least = 1, .most = 1);

static const struct fw_arg cipmode[] = {
    {.kind = FW_ARG_NUMBER, .max = 1, .wrong = FW_FAULT_PARSE},
};
static const struct fw_rules cipmode_rules =
    WHOLE(cipmode, .least = 1, .most = 1, .count_fault = FW_FAULT_ERROR);

static const struct fw_arg flag[] = {NUMBER(0, 1)};
static const struct fw_rules flag_rules = WHOLE(flag, .least = 1, .most = 1);
static const struct fw_rules ciprecvmode_rules = WHOLE(flag, .ignores_surplus = true);

static const struct fw_arg cipreconnintv[] = {NUMBER(1, AT_RECONNINTV_MAX)};
static const struct fw_rules cipreconnintv_rules = WHOLE(cipreconnintv, .least = 1, .most = 1);

static const struct fw_arg ciptcpopt[] = {
    {.kind = FW_ARG_LINK, .max = AT_LINKS - 1, .optional = true},
    NUMBER_OR(-1, 0x7fffffff, -1),       /* so_linger */
    {.kind = FW_ARG_NUMBER, .max = 1, .optional = true, .range = FW_FAULT_ERROR}, /* tcp_nodelay */
    NUMBER_OR(0, 0x7fffffff, 0),         /* so_sndtimeo */
    NUMBER_OR(0, AT_KEEP_ALIVE_MAX, 0),  /* keep_alive */
};
static const struct fw_rules ciptcpopt_rules = RULES(ciptcpopt);

/* --- links --- */

#define HOST_MAX 62 /* of CIPSTART (row 21) */
#define PORT     {.kind = FW_ARG_NUMBER, .max = AT_PORT_MAX, .bits = 16}
#define LOCAL_IP(longest) {.kind = FW_ARG_IP, .max = (longest), .optional = true, .strict = true}

static const struct fw_arg stream[] = {
    TEXT(1, HOST_MAX), PORT, NUMBER_OR(0, AT_KEEP_ALIVE_MAX, 0), LOCAL_IP(44),
};
static const struct fw_arg datagram[] = {
    TEXT(1, HOST_MAX), PORT,
    {.kind = FW_ARG_NUMBER, .max = AT_PORT_MAX, .bits = 16, .optional = true}, /* local port */
    NUMBER_OR(0, 2, 0),                                                        /* mode */
    LOCAL_IP(62),
};
static const struct fw_schema stream_schema = {stream, COUNT(stream)};
static const struct fw_schema datagram_schema = {datagram, COUNT(datagram)};
static const struct fw_word link_types[] = {
    {"TCP", FW_LINK_TCP, &stream_schema},   {"TCPv6", FW_LINK_TCPV6, &stream_schema},
    {"UDP", FW_LINK_UDP, &datagram_schema}, {"UDPv6", FW_LINK_UDPV6, &datagram_schema},
    {"SSL", FW_LINK_SSL, &stream_schema},   {"SSLv6", FW_LINK_SSLV6, &stream_schema},
};
static const struct fw_arg cipstart[] = {LINK(AT_LINKS - 1), WORD(link_types)};
static const struct fw_rules cipstart_rules =
    WHOLE(cipstart, .least = 3, .most = 6, .ignores_surplus = true, .gate = is_link_free, .gate_at = 1);
static const struct fw_arg cipstartex[] = {NOTHING, WORD(link_types)};
static const struct fw_rules cipstartex_rules =
    WHOLE(cipstartex, .least = 3, .most = 6, .ignores_surplus = true);

static const struct fw_arg cipclose[] = {LINK(AT_LINK_ALL)};
static const struct fw_rules cipclose_single = {.demand = {.count_fault = FW_FAULT_ERROR}};
static const struct fw_rules cipclose_multiple = RULES(cipclose);

/* Only in multiple connection mode AT+CIPSEND takes a remote end; AT+CIPSENDEX always does. */
static const struct fw_arg cipsend[] = {
    LINK(AT_LINKS),
    NUMBER(1, AT_SEND_MAX),
    TEXT_OR_NONE(AT_HOST_MAX),    /* remote host */
    NUMBER_OR(1, AT_PORT_MAX, 0), /* remote port */
};
static const struct fw_rules cipsend_single =
    WHOLE(cipsend, .least = 1, .most = 1, .count_fault = FW_FAULT_ERROR);
static const struct fw_rules cipsend_rules =
    WHOLE(cipsend, .least = 1, .most = 3, .gate = is_link, .gate_at = 1);

static const struct fw_arg ciprecvdata[] = {
    LINK(AT_LINKS),
    {.kind = FW_ARG_NUMBER, .min = 1, .max = AT_RECVDATA_MAX, .range = FW_FAULT_ERROR},
};
static const struct fw_rules ciprecvdata_single =
    WHOLE(ciprecvdata, .least = 1, .most = 1, .count_fault = FW_FAULT_ERROR, .gate = is_link_open);
static const struct fw_rules ciprecvdata_multiple = WHOLE(
    ciprecvdata, .least = 1, .most = 1, .count_fault = FW_FAULT_ERROR, .gate = is_link, .gate_at = 1);

/* --- server --- */

static const struct fw_word server_types[] = {
    {"TCP", FW_LINK_TCP, NULL}, {"TCPv6", FW_LINK_TCPV6, NULL},
    {"SSL", FW_LINK_SSL, NULL}, {"SSLv6", FW_LINK_SSLV6, NULL},
};
static const struct fw_arg server_stop[] = {NUMBER_OR(0, 1, 0)};
static const struct fw_arg server_start[] = {
    NUMBER_OR(0, AT_PORT_MAX, AT_SERVER_PORT),
    WORD_OR(server_types, FW_LINK_TCP),
    NUMBER_OR(0, 1, 0), /* CA enable */
};
static const struct fw_schema server_stop_schema = {server_stop, COUNT(server_stop)};
static const struct fw_schema server_start_schema = {server_start, COUNT(server_start)};
static const struct fw_word server_modes[] = {
    {NULL, 0, &server_stop_schema},
    {NULL, 1, &server_start_schema},
};
static const struct fw_arg cipserver[] = {
    {.kind = FW_ARG_NUMBER, .max = 1, .optional = true, .words = server_modes, .word_count = 2},
};
static const struct fw_rules cipserver_rules = WHOLE(cipserver, .gate = is_multiple);

static const struct fw_arg cipservermaxconn[] = {
    {.kind = FW_ARG_NUMBER, .min = 1, .max = AT_LINKS, .wrong = FW_FAULT_PARSE},
};
static const struct fw_rules cipservermaxconn_rules =
    WHOLE(cipservermaxconn, .ignores_surplus = true, .gate = is_server_off);

static const struct fw_arg cipsto[] = {NUMBER(0, AT_IDLE_MAX)};
static const struct fw_rules cipsto_rules =
    WHOLE(cipsto, .least = 1, .most = 1, .gate = is_server_on);

/* --- names and time --- */

static const struct fw_arg cipdomain[] = {
    TEXT(0, AT_HOST_MAX),
    {.kind = FW_ARG_NUMBER, .min = 1, .max = 3, .optional = true, .strict = true,
     .fallback = FW_PREFER_IPV4},
};
static const struct fw_rules cipdomain_rules = WHOLE(cipdomain, .ignores_surplus = true);

static const struct fw_arg ping[] = {
    {.kind = FW_ARG_TEXT, .max = 61, .range = FW_FAULT_ERROR},
};
static const struct fw_rules ping_rules =
    WHOLE(ping, .least = 1, .most = 1, .count_fault = FW_FAULT_ERROR);

#define NAME_SERVER {.kind = FW_ARG_IP, .optional = true, .strict = true}
static const struct fw_arg name_servers[] = {NAME_SERVER, NAME_SERVER};
static const struct fw_schema name_servers_schema = {name_servers, COUNT(name_servers)};
static const struct fw_word dns_modes[] = {{NULL, 0, NULL}, {NULL, 1, &name_servers_schema}};
static const struct fw_arg cipdns[] = {CHOICE(0, 1, dns_modes)};
static const struct fw_rules cipdns_rules = RULES(cipdns);

#define ZONE_MIN (-1259)
#define ZONE_MAX 1459
#define SNTP_SERVER \
    {.kind = FW_ARG_TEXT, .min = 1, .max = AT_HOST_MAX, .optional = true, .strict = true}
static const struct fw_arg sntp_off[] = {
    {.kind = FW_ARG_NUMBER, .min = ZONE_MIN, .max = ZONE_MAX, .optional = true, .strict = true,
     .range = FW_FAULT_ERROR},
    SNTP_SERVER, SNTP_SERVER, SNTP_SERVER,
};
static const struct fw_arg sntp_on[] = {
    {.kind = FW_ARG_NUMBER, .min = ZONE_MIN, .max = ZONE_MAX, .range = FW_FAULT_ERROR},
    SNTP_SERVER, SNTP_SERVER, SNTP_SERVER,
};
static const struct fw_schema sntp_off_schema = {sntp_off, COUNT(sntp_off)};
static const struct fw_schema sntp_on_schema = {sntp_on, COUNT(sntp_on)};
static const struct fw_word sntp_modes[] = {{NULL, 0, &sntp_off_schema}, {NULL, 1, &sntp_on_schema}};
static const struct fw_arg cipsntpcfg[] = {
    {.kind = FW_ARG_NUMBER, .max = 1, .range = FW_FAULT_ERROR, .words = sntp_modes, .word_count = 2},
};
static const struct fw_rules cipsntpcfg_rules =
    WHOLE(cipsntpcfg, .least = 1, .most = 5, .count_fault = FW_FAULT_ERROR);

static const struct fw_arg cipsntpintv[] = {
    {.kind = FW_ARG_NUMBER, .min = AT_SNTP_INTERVAL_MIN, .max = AT_SNTP_INTERVAL_MAX,
     .range = FW_FAULT_ERROR},
};
static const struct fw_rules cipsntpintv_rules =
    WHOLE(cipsntpintv, .least = 1, .most = 1, .count_fault = FW_FAULT_ERROR);

/* --- TLS --- */

#define LAX_NUMBER(high) {.kind = FW_ARG_NUMBER, .max = (high), .lax = true}
static const struct fw_arg certificates[] = {
    LAX_NUMBER(AT_CERT_NUMBER_MAX), LAX_NUMBER(AT_CERT_NUMBER_MAX),
};
static const struct fw_schema certificates_schema = {certificates, COUNT(certificates)};
static const struct fw_word auth_modes[] = {
    {NULL, 0, NULL},                 {NULL, 1, &certificates_schema},
    {NULL, 2, &certificates_schema}, {NULL, 3, &certificates_schema},
};
#define AUTH_MODE {.kind = FW_ARG_NUMBER, .max = 3, .lax = true, .words = auth_modes, .word_count = 4}
static const struct fw_arg cipsslcconf[] = {NOTHING, AUTH_MODE};
static const struct fw_arg cipsslcconf_all[] = {
    {.kind = FW_ARG_LINK, .max = AT_LINK_ALL, .optional = true, .fallback = AT_LINK_ALL, .lax = true},
    AUTH_MODE,
};
static const struct fw_rules cipsslcconf_single = RULES(cipsslcconf);
static const struct fw_rules cipsslcconf_multiple = RULES(cipsslcconf_all);

static const struct fw_arg tls_name[] = {LINK(AT_LINK_ALL), TEXT(1, AT_TLS_NAME_MAX)};
static const struct fw_rules tls_name_rules =
    WHOLE(tls_name, .least = 1, .most = 1, .gate = are_links_free, .gate_at = 1);

static const struct fw_arg alpn_names[AT_ALPN_MAX] = {
    TEXT(1, 255), TEXT(1, 255), TEXT(1, 255), TEXT(1, 255), TEXT(1, 255),
};
static const struct fw_schema alpn_schemas[AT_ALPN_MAX] = {
    {alpn_names, 1}, {alpn_names, 2}, {alpn_names, 3}, {alpn_names, 4}, {alpn_names, 5},
};
static const struct fw_word alpn_counts[] = {
    {NULL, 0, NULL},             {NULL, 1, &alpn_schemas[0]}, {NULL, 2, &alpn_schemas[1]},
    {NULL, 3, &alpn_schemas[2]}, {NULL, 4, &alpn_schemas[3]}, {NULL, 5, &alpn_schemas[4]},
};
static const struct fw_arg cipsslcalpn[] = {
    LINK(AT_LINK_ALL),
    {.kind = FW_ARG_NUMBER, .max = AT_ALPN_MAX, .wrong = FW_FAULT_PARSE, .words = alpn_counts,
     .word_count = COUNT(alpn_counts)},
};
static const struct fw_rules cipsslcalpn_rules = RULES(cipsslcalpn);

static const struct fw_arg cipsslcpsk[] = {
    LINK(AT_LINK_ALL),
    {.kind = FW_ARG_HEX, .min = 1, .max = AT_PSK_MAX, .range = FW_FAULT_ERROR},
    TEXT(1, AT_PSK_MAX), /* hint */
};
static const struct fw_rules cipsslcpsk_rules = RULES(cipsslcpsk);

/* --- Wi-Fi --- */

static const struct fw_arg cwjap[] = {
    TEXT(1, AT_SSID_MAX),
    {.kind = FW_ARG_KEY},
    OPTIONAL(FW_ARG_MAC),                             /* bssid */
    NUMBER_OR(0, 1, 0),                               /* pci_en */
    NUMBER_OR(0, AT_RECONNECT_MAX, 1),                /* reconn_interval */
    NUMBER_OR(1, AT_LISTEN_MAX, 3),                   /* listen_interval */
    NUMBER_OR(0, 1, 0),                               /* scan_mode */
    NUMBER_OR(AT_JOIN_MIN, AT_JOIN_MAX, 15),          /* jap_timeout */
    NUMBER_OR(0, 3, 1),                               /* pmf */
};
static const struct fw_rules cwjap_rules = RULES(cwjap);

static const struct fw_shipped rows[AT_COMMAND_COUNT] = {
    [AT_CMD_AT] = {.any_form = true},
    [AT_CMD_RST] = {.no_test = true, .set_parse = true},
    [AT_CMD_RESTORE] = {.no_test = true, .set_parse = true},
    [AT_CMD_SYSSTORE] = {.no_test = true},
    [AT_CMD_SYSRAM] = {.no_test = true},
    [AT_CMD_CWJAP] = {EACH(cwjap_rules)},
    [AT_CMD_CIPV6] = {EACH(cipv6_rules)},
    [AT_CMD_CIPMUX] = {EACH(cipmux_rules), ALONE},
    [AT_CMD_CIPMODE] = {EACH(cipmode_rules)},
    [AT_CMD_CIPSTART] = {EACH(cipstart_rules)},
    [AT_CMD_CIPSTARTEX] = {EACH(cipstartex_rules)},
    [AT_CMD_CIPSEND] = {{&cipsend_single, &cipsend_rules}, .plain = {false, true}},
    [AT_CMD_CIPSENDEX] = {EACH(cipsend_rules)},
    [AT_CMD_CIPCLOSE] = {{&cipclose_single, &cipclose_multiple}},
    [AT_CMD_CIPSERVER] = {EACH(cipserver_rules), ALONE},
    [AT_CMD_CIPSERVERMAXCONN] = {EACH(cipservermaxconn_rules), ALONE},
    [AT_CMD_CIPSTO] = {EACH(cipsto_rules), ALONE},
    [AT_CMD_CIPDOMAIN] = {EACH(cipdomain_rules), ALONE},
    [AT_CMD_CIPDINFO] = {EACH(flag_rules), ALONE},
    [AT_CMD_CIPRECONNINTV] = {EACH(cipreconnintv_rules), ALONE},
    [AT_CMD_CIPRECVMODE] = {EACH(ciprecvmode_rules), ALONE},
    [AT_CMD_CIPRECVDATA] = {{&ciprecvdata_single, &ciprecvdata_multiple}},
    [AT_CMD_CIPDNS] = {EACH(cipdns_rules)},
    [AT_CMD_CIPTCPOPT] = {EACH(ciptcpopt_rules), ALONE},
    [AT_CMD_CIPSNTPCFG] = {EACH(cipsntpcfg_rules)},
    [AT_CMD_CIPSNTPINTV] = {EACH(cipsntpintv_rules)},
    [AT_CMD_CIPSSLCCONF] = {{&cipsslcconf_single, &cipsslcconf_multiple}},
    [AT_CMD_CIPSSLCCN] = {EACH(tls_name_rules)},
    [AT_CMD_CIPSSLCSNI] = {EACH(tls_name_rules)},
    [AT_CMD_CIPSSLCALPN] = {EACH(cipsslcalpn_rules)},
    [AT_CMD_CIPSSLCPSK] = {EACH(cipsslcpsk_rules)},
    [AT_CMD_PING] = {EACH(ping_rules)},
};
/* clang-format on */

const struct fw_shipped *fw_shipped_row(enum at_command id)
{
    return &rows[id];
}

bool fw_shipped_refuses(const char *name, size_t len)
{
    static const enum at_command refused[] = {AT_CMD_CIPSENDL, AT_CMD_CIPSENDLCFG, AT_CMD_CIPFWVER,
                                              AT_CMD_CIUPDATE};

    for (size_t i = 0; i < COUNT(refused); i++) {
        const char *candidate = at_command_name(refused[i]);

        if (strlen(candidate) == len && memcmp(candidate, name, len) == 0) {
            return true;
        }
    }
    return false;
}
