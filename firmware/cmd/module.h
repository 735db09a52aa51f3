/* All state of a module, and what handlers use of it. */
#ifndef FW_MODULE_H
#define FW_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/wmfw.h>

#include "args.h"
#include "at_limits.h"
#include "burst.h"
#include "dialect.h"
#include "escape.h"
#include "gather.h"
#include "leftover.h"
#include "line.h"
#include "link.h"
#include "lookup.h"
#include "queue.h"
#include "reply.h"
#include "send.h"
#include "server.h"
#include "sntp.h"
#include "station.h"
#include "store.h"
#include "trace.h"
#include "wifi.h"

#define FW_RESTART_MS 20 /* from the OK of AT+RST to `ready` */
#define FW_HALT_MS    10 /* from there to the reset, in a shipping module */

/* The life of a command. */
enum fw_phase {
    FW_PHASE_IDLE,
    FW_PHASE_RUNNING,    /* its poll function decides when it ends; other lines get `busy ...` */
    FW_PHASE_DATA,       /* the line carries payload, into the sink of the sending command */
    FW_PHASE_RESTARTING, /* the line is deaf until `ready` */
    FW_PHASES
};

/* What a handler, or the poll function of a running command, has decided. */
enum fw_outcome {
    FW_DONE,          /* OK */
    FW_DONE_BLANK,    /* a blank line and OK */
    FW_DONE_SEND,     /* SEND OK */
    FW_DONE_SILENT,   /* nothing is printed */
    FW_SEND_FAILED,   /* SEND FAIL */
    FW_CANCELLED,     /* SEND CANCELLED */
    FW_FAILED,        /* ERROR */
    FW_FAILED_BLANK,  /* a blank line and ERROR */
    FW_BAD_PARAMETER, /* CMD PARSE ERR */
    FW_UNKNOWN,       /* CMD FORMAT ERR */
    FW_WAIT,          /* not yet: the poll function goes on */
    FW_DATA,    /* prompt, then data mode; the poll function runs when the payload is complete */
    FW_RESTART, /* OK, then restart */
    FW_OUTCOMES
};

struct fw_module;

typedef enum fw_outcome fw_handler_fn(struct fw_module *module, const struct fw_args *args);
typedef enum fw_outcome fw_poll_fn(struct fw_module *module);

/* What AT+CWLAP looks for. */
struct fw_scan_filter {
    char ssid[AT_SSID_MAX + 1]; /* "": any */
    bool by_bssid;
    uint8_t bssid[6];
};

/* AT+CWLAPOPT: what AT+CWLAP shows. */
struct fw_scan_options {
    unsigned fields;    /* bit 0 ecn .. bit 8 wps */
    int rssi_min;       /* dBm */
    unsigned authmodes; /* bit x: ecn x */
};

struct fw_module {
    const struct fw_port *port;
    const struct fw_habits *habits;
    uint64_t now_ms;
    struct fw_line line;   /* in the manual dialect, and of the command that runs */
    struct fw_burst burst; /* of a shipping module */
    struct fw_queue queue;
    struct fw_gather gather;
    struct fw_leftover leftover;
    struct fw_escape escape;
    struct fw_reply reply;
    struct fw_store store;
    struct fw_station station;
    struct fw_clock clock;
    struct fw_links links;
    struct fw_server server;
    struct fw_sntp sntp;

    enum fw_phase phase;
    uint64_t halt_ms, restart_ms;
    uint64_t deaf_until; /* the result of the last send has left then (reply.passed) */
    uint32_t noise;      /* what mixes echoes with frames; 0: nothing does */

    bool multiple;                /* AT+CIPMUX */
    bool passthrough;             /* AT+CIPMODE */
    bool passive;                 /* AT+CIPRECVMODE */
    bool info;                    /* AT+CIPDINFO */
    unsigned reconnect_intervals; /* AT+CIPRECONNINTV, of 100 ms */
    bool dns_manual;              /* AT+CIPDNS */
    struct fw_addr dns_servers[AT_DNS_SERVERS];
    int zone;                  /* AT+CIPSNTPCFG, as its query shows it */
    int zone_s;                /* and in seconds east of UTC */
    size_t sendl_report_bytes; /* AT+CIPSENDLCFG */
    size_t sendl_piece_bytes;

    /* Of the running command. */
    fw_poll_fn *poll;
    uint64_t job_ms; /* when its poll function has to look again */
    unsigned job_link;
    int job_keep_alive_s; /* -1: not given */
    unsigned job_links;   /* bit by bit: links that it closes; 0 while no command closes any */
    enum fw_outcome job_outcome;
    bool job_pinging; /* the request is out */
    size_t job_length;
    struct fw_scan_filter job_scan;
    struct fw_lookup job_lookup;
    struct fw_send send;

    unsigned turn; /* the link whose turn it is to report first */

    struct fw_softap softap;
    struct fw_scan_options scan_options;
    size_t lowest_free; /* AT+SYSRAM: since boot */
};

/* ERROR, and why for who watches. */
static inline enum fw_outcome fw_refuse(const struct fw_module *module, const char *subject,
                                        const char *reason)
{
    fw_trace(module->port, subject, reason);
    return FW_FAILED;
}

#define FW_REASON_NO_NETWORK "no network: no address yet, or none of that family, and no SoftAP"

/* Whether sockets can reach anybody: the station has an IPv4 address, or the access point is up. */
bool fw_has_network(const struct fw_module *module);

/* Whether sockets of that family can: for IPv6 the station needs an IPv6 address of its own (spec,
 * CIPSTART: "obtain an IPv6 address"). */
bool fw_can_reach(const struct fw_module *module, enum fw_family family);

/* Whether IPv6 is enabled (AT+CIPV6). */
bool fw_has_ipv6(const struct fw_module *module);

/* How many links a query that goes through them shows. */
static inline unsigned fw_shown_links(const struct fw_module *module)
{
    return module->multiple ? AT_LINKS : 1;
}

/* Whether a set command for the link `wanted`, or for all of them, means this one. */
static inline bool fw_is_meant(int wanted, unsigned id)
{
    return wanted == (int)id || wanted == AT_LINK_ALL;
}

/* The id as reports show it: -1 (no prefix) in single connection mode. */
static inline int fw_shown_id(const struct fw_module *module, unsigned id)
{
    return module->multiple ? (int)id : -1;
}

#endif
