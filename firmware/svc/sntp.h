/* SNTP client (RFC 4330, section 5): asks the configured servers in turn and sets the clock. */
#ifndef FW_SNTP_H
#define FW_SNTP_H

#include <stdbool.h>
#include <stdint.h>

#include <wmfw/port.h>

#include "at_limits.h"
#include "clock.h"
#include "lookup.h"

#define FW_SNTP_ANSWER_MS 5000  /* how long a server has to answer before the next one is asked */
#define FW_SNTP_RETRY_MS  15000 /* after all of them have failed */

enum fw_sntp_state {
    FW_SNTP_OFF,
    FW_SNTP_WAITING, /* for next_ms, or for a network */
    FW_SNTP_RESOLVING,
    FW_SNTP_ASKING,
    FW_SNTP_STATES
};

struct fw_sntp {
    const struct fw_port *port;
    struct fw_clock *clock;
    enum fw_sntp_state state;
    char servers[AT_SNTP_SERVERS][AT_HOST_MAX + 1]; /* "": none */
    unsigned interval_s;                            /* AT+CIPSNTPINTV */
    unsigned server;                                /* whose turn it is */
    bool answered; /* the last time that it asked: next_ms is an interval behind that */
    bool untold;   /* the next answer is the first one since fw_sntp_start, */
    bool news;     /* and there was one that fw_sntp_take_news has not told */
    struct fw_lookup lookup;
    struct fw_endpoint remote;
    int sock;         /* -1: none */
    uint8_t stamp[8]; /* what the answer has to repeat */
    uint64_t asked_ms, deadline_ms;
    uint64_t next_ms;
};

void fw_sntp_init(struct fw_sntp *sntp, const struct fw_port *port, struct fw_clock *clock);

/* Begins to ask at once, and again every interval_s; or asks no more. */
void fw_sntp_start(struct fw_sntp *sntp, uint64_t now_ms);
void fw_sntp_stop(struct fw_sntp *sntp);
bool fw_sntp_is_on(const struct fw_sntp *sntp);

/* Whether the clock was set: true once after each fw_sntp_start. */
bool fw_sntp_take_news(struct fw_sntp *sntp);

/* The next question is interval_s from now; but what waits for a network, or asks anew because
 * nobody has answered, is not put off. */
void fw_sntp_set_interval(struct fw_sntp *sntp, unsigned interval_s, uint64_t now_ms);

/* Goes on, where there is a network. True when something changed. */
bool fw_sntp_poll(struct fw_sntp *sntp, bool online, uint64_t now_ms);
uint64_t fw_sntp_deadline(const struct fw_sntp *sntp, bool online);

#endif
