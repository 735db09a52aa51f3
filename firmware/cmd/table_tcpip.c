/* The rows of the TCP/IP commands: forms (at_command.def), rules, handlers, usage. */
#include "connect.h"
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
static const struct fw_arg datagram[] = {
    TEXT(1, AT_HOST_MAX),
    NUMBER(1, AT_PORT_MAX),
    NUMBER_OR(1, AT_PORT_MAX, 0), /* local port; 0: any */
    NUMBER_OR(0, 2, 0),           /* mode */
    OPTIONAL(FW_ARG_IP),          /* local IP */
};
static const struct fw_schema stream_schema = {stream, COUNT(stream)};
static const struct fw_schema datagram_schema = {datagram, COUNT(datagram)};

static const struct fw_word link_types[] = {
    {"TCP", FW_LINK_TCP, &stream_schema},
    {"TCPv6", FW_LINK_TCPV6, &stream_schema},
    {"UDP", FW_LINK_UDP, &datagram_schema},
    {"UDPv6", FW_LINK_UDPV6, &datagram_schema},
    {"SSL", FW_LINK_SSL, &stream_schema},
    {"SSLv6", FW_LINK_SSLV6, &stream_schema},
};

static const struct fw_arg cipstart[] = {LINK(AT_LINKS - 1), WORD(link_types)};
static const struct fw_arg cipstartex[] = {NOTHING, WORD(link_types)};

static const struct fw_arg cipsend[] = {
    LINK(AT_LINKS - 1),
    NUMBER(1, AT_SEND_MAX),
    TEXT_OPTIONAL(1, AT_HOST_MAX), /* remote host */
    NUMBER_OR(1, AT_PORT_MAX, 0),  /* remote port */
};
static const struct fw_arg cipsendl[] = {
    LINK(AT_LINKS - 1),
    NUMBER(1, AT_SENDL_MAX),
    TEXT_OPTIONAL(1, AT_HOST_MAX), /* remote host */
    NUMBER_OR(1, AT_PORT_MAX, 0),  /* remote port */
};
static const struct fw_arg cipsendlcfg[] = {
    NUMBER(100, 1048576),                                  /* report size */
    NUMBER_OR(100, AT_SENDL_PIECE_MAX, AT_SENDL_PIECE_MAX), /* transmit size */
};
static const struct fw_arg cipclose[] = {LINK(AT_LINK_ALL)};

/* Behind the mode of CIPSERVER. */
static const struct fw_word server_types[] = {
    {"TCP", FW_LINK_TCP, NULL},
    {"TCPv6", FW_LINK_TCPV6, NULL},
    {"SSL", FW_LINK_SSL, NULL},
    {"SSLv6", FW_LINK_SSLV6, NULL},
};
static const struct fw_arg server_stop[] = {NUMBER_OR(0, 1, 0)}; /* close the connections, too */
static const struct fw_arg server_start[] = {
    NUMBER_OR(1, AT_PORT_MAX, AT_SERVER_PORT),
    WORD_OR(server_types, FW_LINK_TCP),
    NUMBER_OR(0, 1, 0), /* CA enable */
};
static const struct fw_schema server_stop_schema = {server_stop, COUNT(server_stop)};
static const struct fw_schema server_start_schema = {server_start, COUNT(server_start)};
static const struct fw_word server_modes[] = {
    {"0", 0, &server_stop_schema},
    {"1", 1, &server_start_schema},
};
static const struct fw_arg cipserver[] = {CHOICE(0, 1, server_modes)};
static const struct fw_arg cipservermaxconn[] = {NUMBER(1, AT_LINKS)};
static const struct fw_arg cipsto[] = {NUMBER(0, AT_IDLE_MAX)};
static const struct fw_arg cipreconnintv[] = {NUMBER(1, AT_RECONNINTV_MAX)};

static const struct fw_arg ciptcpopt[] = {
    LINK(AT_LINK_ALL),
    NUMBER_OR(-1, 65535, -1),              /* so_linger, seconds */
    NUMBER_OR(0, 1, 0),                    /* tcp_nodelay */
    NUMBER_OR(0, 0x7fffffff, 0),           /* so_sndtimeo, ms */
    NUMBER_OR(0, AT_KEEP_ALIVE_MAX, 0),    /* keep_alive, seconds; omitted: as it is */
};

static const struct fw_arg cipsslcconf[] = {
    LINK(AT_LINK_ALL),
    NUMBER(0, 3),                         /* auth_mode */
    NUMBER_OR(0, AT_CERT_NUMBER_MAX, 0),  /* pki_number */
    NUMBER_OR(0, AT_CERT_NUMBER_MAX, 0),  /* ca_number */
};
static const struct fw_arg tls_name[] = {LINK(AT_LINK_ALL), TEXT(0, AT_TLS_NAME_MAX)};
static const struct fw_arg cipsslcpsk[] = {
    LINK(AT_LINK_ALL),
    HEX(0, AT_PSK_MAX),  /* psk: the key */
    TEXT(0, AT_PSK_MAX), /* hint: the identity */
};

static const struct fw_arg cipdomain[] = {TEXT(1, 255), NUMBER_OR(1, 3, FW_PREFER_IPV4)};
static const struct fw_arg ping[] = {TEXT(1, 255)};
static const struct fw_arg name_servers[] = {OPTIONAL(FW_ARG_IP), OPTIONAL(FW_ARG_IP)};
static const struct fw_schema name_servers_schema = {name_servers, COUNT(name_servers)};
static const struct fw_word dns_modes[] = {{"0", 0, NULL}, {"1", 1, &name_servers_schema}};
static const struct fw_arg cipdns[] = {CHOICE(0, 1, dns_modes)};
static const struct fw_arg cipsntpcfg[] = {
    NUMBER(0, 1), ZONE,
    TEXT_OPTIONAL(1, AT_HOST_MAX), TEXT_OPTIONAL(1, AT_HOST_MAX), TEXT_OPTIONAL(1, AT_HOST_MAX),
};
static const struct fw_arg cipsntpintv[] = {NUMBER(AT_SNTP_INTERVAL_MIN, AT_SNTP_INTERVAL_MAX)};

/* Behind the count of CIPSSLCALPN: so many names. */
static const struct fw_arg alpn_names[AT_ALPN_MAX] = {
    TEXT(1, 255), TEXT(1, 255), TEXT(1, 255), TEXT(1, 255), TEXT(1, 255),
};
static const struct fw_schema alpn_schemas[AT_ALPN_MAX] = {
    {alpn_names, 1}, {alpn_names, 2}, {alpn_names, 3}, {alpn_names, 4}, {alpn_names, 5},
};
static const struct fw_word alpn_counts[] = {
    {"0", 0, NULL},             {"1", 1, &alpn_schemas[0]}, {"2", 2, &alpn_schemas[1]},
    {"3", 3, &alpn_schemas[2]}, {"4", 4, &alpn_schemas[3]}, {"5", 5, &alpn_schemas[4]},
};
static const struct fw_arg cipsslcalpn[] = {LINK(AT_LINK_ALL), CHOICE(0, AT_ALPN_MAX, alpn_counts)};

static const struct fw_arg ciprecvdata[] = {LINK(AT_LINKS - 1), NUMBER(1, AT_RECVDATA_MAX)};

/* Usage of CIPSTART and CIPSTARTEX: one line a kind of link. */
#define START_USAGE(name, id) \
    "AT+" name "=" id "<\"type\">,<\"remote host\">,<remote port>[,<keep_alive>][,<\"local IP\">]\r\n" \
    "AT+" name "=" id "<\"type\">,<\"remote host\">,<remote port>[,<local port>,<mode>,<\"local IP\">]"
#define SEND_USAGE(name) \
    "AT+" name "=[<link ID>,]<length>[,<\"remote host\">,<remote port>]"

static const struct fw_command rows[] = {
    {AT_CMD_CIPSTATE, NULL, fw_cipstate_query, .usage = "AT+CIPSTATE?"},
    {AT_CMD_CIPSTART, SCHEMA(cipstart), NULL, fw_cipstart_set, NULL, fw_cipstart_poll,
     .usage = START_USAGE("CIPSTART", "[<link ID>,]")},
    {AT_CMD_CIPSTARTEX, SCHEMA(cipstartex), NULL, fw_cipstartex_set, NULL, fw_cipstart_poll,
     .usage = START_USAGE("CIPSTARTEX", "")},
    {AT_CMD_CIPSEND, SCHEMA(cipsend), NULL, fw_cipsend_set, fw_cipsend_execute, fw_cipsend_poll,
     .usage = SEND_USAGE("CIPSEND") "\r\nAT+CIPSEND"},
    {AT_CMD_CIPSENDEX, SCHEMA(cipsend), NULL, fw_cipsendex_set, NULL, fw_cipsend_poll,
     .usage = SEND_USAGE("CIPSENDEX")},
    {AT_CMD_CIPSENDL, SCHEMA(cipsendl), NULL, fw_cipsendl_set, NULL, fw_cipsendl_poll,
     .usage = SEND_USAGE("CIPSENDL"), .extension = true},
    {AT_CMD_CIPSENDLCFG, SCHEMA(cipsendlcfg), fw_cipsendlcfg_query, fw_cipsendlcfg_set,
     .usage = "AT+CIPSENDLCFG?\r\nAT+CIPSENDLCFG=<report size>[,<transmit size>]",
     .extension = true},
    {AT_CMD_CIPCLOSE, SCHEMA(cipclose), NULL, fw_cipclose_set, fw_cipclose_execute, fw_close_poll,
     .usage = "AT+CIPCLOSE=<link ID>\r\nAT+CIPCLOSE"},
    {AT_CMD_CIFSR, .execute = fw_cifsr_execute, .usage = "AT+CIFSR"},
    {AT_CMD_CIPMUX, SCHEMA(flag), fw_cipmux_query, fw_cipmux_set,
     .usage = "AT+CIPMUX?\r\nAT+CIPMUX=<mode>"},
    {AT_CMD_CIPSERVER, SCHEMA(cipserver), fw_cipserver_query, fw_cipserver_set, NULL, fw_close_poll,
     .usage = "AT+CIPSERVER?\r\nAT+CIPSERVER=<mode>[,<param2>][,<\"type\">][,<CA enable>]"},
    {AT_CMD_CIPSERVERMAXCONN, SCHEMA(cipservermaxconn), fw_cipservermaxconn_query,
     fw_cipservermaxconn_set, .usage = "AT+CIPSERVERMAXCONN?\r\nAT+CIPSERVERMAXCONN=<num>"},
    {AT_CMD_CIPMODE, SCHEMA(flag), fw_cipmode_query, fw_cipmode_set,
     .usage = "AT+CIPMODE?\r\nAT+CIPMODE=<mode>"},
    {AT_CMD_CIPSTO, SCHEMA(cipsto), fw_cipsto_query, fw_cipsto_set,
     .usage = "AT+CIPSTO?\r\nAT+CIPSTO=<time>"},
    {AT_CMD_CIPDOMAIN, SCHEMA(cipdomain), NULL, fw_cipdomain_set, NULL, fw_cipdomain_poll,
     .usage = "AT+CIPDOMAIN=<\"domain name\">[,<ip network>]"},
    {AT_CMD_PING, SCHEMA(ping), NULL, fw_ping_set, NULL, fw_ping_poll,
     .usage = "AT+PING=<\"host\">"},
    {AT_CMD_CIPDNS, SCHEMA(cipdns), fw_cipdns_query, fw_cipdns_set,
     .usage = "AT+CIPDNS?\r\nAT+CIPDNS=<enable>[,<\"DNS IP1\">][,<\"DNS IP2\">]"},
    {AT_CMD_CIPSNTPCFG, SCHEMA(cipsntpcfg), fw_cipsntpcfg_query, fw_cipsntpcfg_set,
     .usage = "AT+CIPSNTPCFG?\r\nAT+CIPSNTPCFG=<enable>,<timezone>"
              "[,<\"SNTP server1\">,<\"SNTP server2\">,<\"SNTP server3\">]"},
    {AT_CMD_CIPSNTPTIME, NULL, fw_cipsntptime_query, .usage = "AT+CIPSNTPTIME?"},
    {AT_CMD_CIPSNTPINTV, SCHEMA(cipsntpintv), fw_cipsntpintv_query, fw_cipsntpintv_set,
     .usage = "AT+CIPSNTPINTV?\r\nAT+CIPSNTPINTV=<interval second>"},
    {AT_CMD_CIPDINFO, SCHEMA(flag), fw_cipdinfo_query, fw_cipdinfo_set,
     .usage = "AT+CIPDINFO?\r\nAT+CIPDINFO=<mode>"},
    {AT_CMD_CIPSSLCCONF, SCHEMA(cipsslcconf), fw_cipsslcconf_query, fw_cipsslcconf_set,
     .usage = "AT+CIPSSLCCONF?\r\n"
              "AT+CIPSSLCCONF=[<link ID>,]<auth_mode>[,<pki_number>][,<ca_number>]"},
    {AT_CMD_CIPSSLCCN, SCHEMA(tls_name), fw_cipsslccn_query, fw_cipsslccn_set,
     .usage = "AT+CIPSSLCCN?\r\nAT+CIPSSLCCN=[<link ID>,]<\"common name\">"},
    {AT_CMD_CIPSSLCSNI, SCHEMA(tls_name), fw_cipsslcsni_query, fw_cipsslcsni_set,
     .usage = "AT+CIPSSLCSNI?\r\nAT+CIPSSLCSNI=[<link ID>,]<\"sni\">"},
    {AT_CMD_CIPSSLCALPN, SCHEMA(cipsslcalpn), fw_cipsslcalpn_query, fw_cipsslcalpn_set,
     .usage = "AT+CIPSSLCALPN?\r\n"
              "AT+CIPSSLCALPN=[<link ID>,]<counts>[,<\"alpn\">][,<\"alpn\">][,<\"alpn\">]"},
    {AT_CMD_CIPSSLCPSK, SCHEMA(cipsslcpsk), fw_cipsslcpsk_query, fw_cipsslcpsk_set,
     .usage = "AT+CIPSSLCPSK?\r\nAT+CIPSSLCPSK=[<link ID>,]<\"psk\">,<\"hint\">"},
    {AT_CMD_CIPRECONNINTV, SCHEMA(cipreconnintv), fw_cipreconnintv_query, fw_cipreconnintv_set,
     .usage = "AT+CIPRECONNINTV?\r\nAT+CIPRECONNINTV=<interval>"},
    {AT_CMD_CIPRECVMODE, SCHEMA(flag), fw_ciprecvmode_query, fw_ciprecvmode_set,
     .usage = "AT+CIPRECVMODE?\r\nAT+CIPRECVMODE=<mode>"},
    {AT_CMD_CIPRECVDATA, SCHEMA(ciprecvdata), NULL, fw_ciprecvdata_set, NULL, fw_ciprecvdata_poll,
     .usage = "AT+CIPRECVDATA=[<link ID>,]<len>"},
    {AT_CMD_CIPRECVLEN, NULL, fw_ciprecvlen_query, .usage = "AT+CIPRECVLEN?"},
    {AT_CMD_CIPTCPOPT, SCHEMA(ciptcpopt), fw_ciptcpopt_query, fw_ciptcpopt_set,
     .usage = "AT+CIPTCPOPT?\r\nAT+CIPTCPOPT=[<link ID>,][<so_linger>],[<tcp_nodelay>],"
              "[<so_sndtimeo>][,<keep_alive>]"},
};
/* clang-format on */

const struct fw_chapter fw_chapter_tcpip = {rows, COUNT(rows)};
