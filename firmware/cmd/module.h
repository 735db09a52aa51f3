/* All state of a module, and what handlers use of it. */
#ifndef FW_MODULE_H
#define FW_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/wmfw.h>

#include "args.h"
#include "at_limits.h"
#include "escape.h"
#include "line.h"
#include "link.h"
#include "reply.h"
#include "station.h"
#include "store.h"
#include "wifi.h"

#define FW_RESTART_MS 20 /* from the OK of AT+RST to `ready` */

/* The life of a command. */
enum fw_phase {
    FW_PHASE_IDLE,
    FW_PHASE_RUNNING,    /* its poll function decides when it ends; other lines get `busy ...` */
    FW_PHASE_DATA,       /* the line carries the payload of AT+CIPSEND */
    FW_PHASE_RESTARTING, /* the line is deaf until `ready` */
    FW_PHASES
};

/* What a handler, or the poll function of a running command, has decided. */
enum fw_outcome {
    FW_DONE,          /* OK */
    FW_DONE_BLANK,    /* a blank line and OK */
    FW_DONE_SEND,     /* SEND OK */
    FW_FAILED,        /* ERROR */
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

/* The payload of AT+CIPSEND. */
struct fw_send {
    unsigned id;
    size_t length, got, sent;
    unsigned char data[AT_SEND_MAX];
};

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
    uint64_t now_ms;
    struct fw_line line;
    struct fw_escape escape;
    struct fw_reply reply;
    struct fw_store store;
    struct fw_station station;
    struct fw_links links;

    enum fw_phase phase;
    fw_poll_fn *poll; /* of the running command */
    uint64_t restart_ms;

    bool multiple;         /* AT+CIPMUX */
    bool passive;          /* AT+CIPRECVMODE */
    bool info;             /* AT+CIPDINFO */
    unsigned keep_alive_s; /* the last one that was configured */

    /* Of the running command. */
    unsigned job_link;
    size_t job_length;
    struct fw_scan_filter job_scan;
    struct fw_send send;

    unsigned turn; /* the link whose turn it is to report first */

    struct fw_softap softap;
    struct fw_scan_options scan_options;
    size_t lowest_free; /* AT+SYSRAM: since boot */
};

/* Whether sockets can reach anybody: the station has an IPv4 address, or the access point is up. */
bool fw_has_network(const struct fw_module *module);

/* Whether IPv6 is enabled (AT+CIPV6). */
bool fw_has_ipv6(const struct fw_module *module);

/* The id as reports show it: -1 (no prefix) in single connection mode. */
static inline int fw_shown_id(const struct fw_module *module, unsigned id)
{
    return module->multiple ? (int)id : -1;
}

#endif
