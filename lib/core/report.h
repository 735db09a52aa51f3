/* What a line of the module means, whatever command runs: final result, report, or neither. */
#ifndef REPORT_H
#define REPORT_H

#include <stdint.h>

#include "slice.h"

enum line_kind {
    LINE_RESULT, /* belongs to the command in flight, or is noise */
    LINE_ECHO, /* starts with AT: a shipping module repeats commands (device_dialect, section 1) */
    LINE_FINAL,
    LINE_REPORT,
};

/* Final results (framework, "Final results"). */
enum final {
    FINAL_OK,
    FINAL_ERROR,
    FINAL_FORMAT_ERR,
    FINAL_PARSE_ERR,
    FINAL_SEND_OK,
    FINAL_SEND_FAIL,
    FINAL_SEND_CANCELLED, /* of CIPSENDL, by +++ */
};

enum report_kind {
    REPORT_CONNECT,
    REPORT_CLOSED,
    REPORT_READY,
    REPORT_BUSY,
    REPORT_WIFI_CONNECTED,
    REPORT_WIFI_GOT_IP,
    REPORT_WIFI_GOT_IP6,
    REPORT_WIFI_DISCONNECT,
    REPORT_WIFI_LOST_IP,
    REPORT_STATION, /* a station of our SoftAP came, went or got an address */
    REPORT_IPD,     /* passive mode: data waits */
    REPORT_TIME,    /* +TIME_UPDATED of a shipping module */
};

struct report {
    enum line_kind kind;
    const char *text; /* of LINE_FINAL, static */
    enum final final;
    enum report_kind report; /* of LINE_REPORT */
    int link_id;             /* of CONNECT, CLOSED and IPD; -1: single connection mode */
    uint32_t len;            /* of IPD, in bytes */
};

struct report report_parse(struct slice line);

#endif
