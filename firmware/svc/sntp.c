#include "sntp.h"

#include <string.h>

#include "trace.h"

/* RFC 4330, section 4. */
enum {
    PACKET_BYTES = 48,
    AT_STRATUM = 1,
    AT_ORIGINATE = 24,
    AT_TRANSMIT = 40,
    CLIENT_V4 = 4 << 3 | 3,
    MODE_SERVER = 4,
    NOT_SYNCHRONISED = 3, /* leap indicator */
    STRATUM_MAX = 15,
    NTP_PORT = 123,
};

#define UNIX_EPOCH UINT64_C(2208988800) /* seconds from 1900 to 1970 */
#define ERA        (UINT64_C(1) << 32)  /* seconds; the first one ends in 2036 */

enum event { EVENT_START, EVENT_STOP, EVENT_RESOLVE, EVENT_ASK, EVENT_DONE };

static const struct {
    enum fw_sntp_state state;
    enum event event;
    enum fw_sntp_state next;
} transitions[] = {
    {FW_SNTP_OFF, EVENT_START, FW_SNTP_WAITING},
    {FW_SNTP_WAITING, EVENT_STOP, FW_SNTP_OFF},
    {FW_SNTP_RESOLVING, EVENT_STOP, FW_SNTP_OFF},
    {FW_SNTP_ASKING, EVENT_STOP, FW_SNTP_OFF},
    {FW_SNTP_WAITING, EVENT_RESOLVE, FW_SNTP_RESOLVING},
    {FW_SNTP_RESOLVING, EVENT_ASK, FW_SNTP_ASKING},
    {FW_SNTP_RESOLVING, EVENT_DONE, FW_SNTP_WAITING},
    {FW_SNTP_ASKING, EVENT_DONE, FW_SNTP_WAITING},
};

static const char *const state_names[FW_SNTP_STATES] = {
    [FW_SNTP_OFF] = "off",
    [FW_SNTP_WAITING] = "waiting",
    [FW_SNTP_RESOLVING] = "resolving",
    [FW_SNTP_ASKING] = "asking",
};

/* The only place that changes the state; false when the event means nothing there. */
static bool step(struct fw_sntp *sntp, enum event event)
{
    for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i++) {
        if (transitions[i].state == sntp->state && transitions[i].event == event) {
            sntp->state = transitions[i].next;
            fw_trace(sntp->port, "sntp", state_names[sntp->state]);
            return true;
        }
    }
    return false;
}

void fw_sntp_init(struct fw_sntp *sntp, const struct fw_port *port, struct fw_clock *clock)
{
    memset(sntp, 0, sizeof *sntp);
    sntp->port = port;
    sntp->clock = clock;
    sntp->sock = -1;
    sntp->interval_s = AT_SNTP_INTERVAL;
}

static void let_go(struct fw_sntp *sntp)
{
    fw_lookup_cancel(&sntp->lookup);
    if (sntp->sock >= 0) {
        sntp->port->net->close(sntp->port->net_ctx, sntp->sock, FW_CLOSE_BACKGROUND);
        sntp->sock = -1;
    }
}

/* The first server from that one on that is configured; AT_SNTP_SERVERS: there is none. */
static unsigned next_server(const struct fw_sntp *sntp, unsigned from)
{
    while (from < AT_SNTP_SERVERS && sntp->servers[from][0] == '\0') {
        from++;
    }
    return from;
}

void fw_sntp_start(struct fw_sntp *sntp, uint64_t now_ms)
{
    fw_sntp_stop(sntp);
    sntp->server = next_server(sntp, 0);
    sntp->answered = false;
    sntp->untold = true;
    sntp->next_ms = now_ms;
    step(sntp, EVENT_START);
}

void fw_sntp_stop(struct fw_sntp *sntp)
{
    let_go(sntp);
    step(sntp, EVENT_STOP);
}

bool fw_sntp_is_on(const struct fw_sntp *sntp)
{
    return sntp->state != FW_SNTP_OFF;
}

bool fw_sntp_take_news(struct fw_sntp *sntp)
{
    bool news = sntp->news;

    sntp->news = false;
    return news;
}

void fw_sntp_set_interval(struct fw_sntp *sntp, unsigned interval_s, uint64_t now_ms)
{
    sntp->interval_s = interval_s;
    if (sntp->answered) {
        sntp->next_ms = now_ms + (uint64_t)interval_s * 1000;
    }
}

/* The next server that is configured, or after the last one a pause. */
static void fail(struct fw_sntp *sntp, const char *reason, uint64_t now_ms)
{
    fw_trace(sntp->port, "sntp", reason);
    let_go(sntp);
    sntp->answered = false;
    sntp->next_ms = now_ms;
    sntp->server = next_server(sntp, sntp->server + 1);
    if (sntp->server == AT_SNTP_SERVERS) {
        sntp->server = next_server(sntp, 0);
        sntp->next_ms = now_ms + FW_SNTP_RETRY_MS;
    }
    step(sntp, EVENT_DONE);
}

static void resolve(struct fw_sntp *sntp, uint64_t now_ms)
{
    step(sntp, EVENT_RESOLVE);
    fw_lookup_start(&sntp->lookup, sntp->port, sntp->servers[sntp->server], FW_PREFER_IPV4, now_ms);
}

/* Our time stamp is a random number: nobody learns our clock, nobody can guess it. */
static bool send_request(struct fw_sntp *sntp)
{
    const struct fw_port *port = sntp->port;
    uint8_t packet[PACKET_BYTES] = {CLIENT_V4};
    struct fw_endpoint any = {.port = 0};

    sntp->sock = port->net->open_datagram(port->net_ctx, &any, &sntp->remote);
    if (sntp->sock < 0 || port->entropy(port->entropy_ctx, sntp->stamp, sizeof sntp->stamp) < 0) {
        return false;
    }
    memcpy(packet + AT_TRANSMIT, sntp->stamp, sizeof sntp->stamp);
    port->net->want(port->net_ctx, sntp->sock, FW_WANT_READ);
    return port->net->send_to(port->net_ctx, sntp->sock, &sntp->remote, packet, sizeof packet) > 0;
}

static void check_resolved(struct fw_sntp *sntp, uint64_t now_ms)
{
    int result = fw_lookup_poll(&sntp->lookup, now_ms, &sntp->remote.addr);

    if (result == FW_IO_AGAIN) {
        return;
    }
    sntp->remote.port = sntp->port->ntp_port != 0 ? sntp->port->ntp_port : NTP_PORT;
    sntp->asked_ms = now_ms;
    sntp->deadline_ms = now_ms + FW_SNTP_ANSWER_MS;
    if (result < 0) {
        fail(sntp, sntp->lookup.reason, now_ms);
    } else if (send_request(sntp)) {
        step(sntp, EVENT_ASK);
    } else {
        fail(sntp, "the server can't be reached", now_ms);
    }
}

static uint64_t read_32(const uint8_t *bytes)
{
    return (uint64_t)bytes[0] << 24 | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 8 | bytes[3];
}

/* RFC 4330, section 5: an answer to our question, from a server that knows the time. */
static bool is_answer(const struct fw_sntp *sntp, const uint8_t *packet, int len,
                      const struct fw_endpoint *from)
{
    return len >= PACKET_BYTES && (packet[0] & 7) == MODE_SERVER &&
           packet[0] >> 6 != NOT_SYNCHRONISED && packet[AT_STRATUM] >= 1 &&
           packet[AT_STRATUM] <= STRATUM_MAX &&
           memcmp(packet + AT_ORIGINATE, sntp->stamp, sizeof sntp->stamp) == 0 &&
           read_32(packet + AT_TRANSMIT) != 0 &&
           memcmp(&from->addr, &sntp->remote.addr, sizeof from->addr) == 0;
}

/* The time that the server sent, and half of the way there and back. */
static void set_clock(struct fw_sntp *sntp, const uint8_t *packet, uint64_t now_ms)
{
    uint64_t seconds = read_32(packet + AT_TRANSMIT);
    uint64_t fraction = read_32(packet + AT_TRANSMIT + 4);
    uint64_t ms = fraction * 1000 >> 32;

    if (seconds < UNIX_EPOCH) { /* RFC 4330, section 3: the era after 2036 */
        seconds += ERA;
    }
    fw_clock_set(sntp->clock, (seconds - UNIX_EPOCH) * 1000 + ms + (now_ms - sntp->asked_ms) / 2,
                 now_ms);
}

static bool check_answer(struct fw_sntp *sntp, uint64_t now_ms)
{
    uint8_t packet[PACKET_BYTES];
    struct fw_endpoint from = {.port = 0};
    int len =
        sntp->port->net->recv_from(sntp->port->net_ctx, sntp->sock, &from, packet, sizeof packet);

    if (len >= 0 && is_answer(sntp, packet, len, &from)) {
        set_clock(sntp, packet, now_ms);
        let_go(sntp);
        sntp->answered = true;
        sntp->news |= sntp->untold;
        sntp->untold = false;
        sntp->next_ms = now_ms + (uint64_t)sntp->interval_s * 1000;
        return step(sntp, EVENT_DONE);
    }
    if (len == FW_IO_FAIL || now_ms >= sntp->deadline_ms) {
        fail(sntp, "no answer from the server", now_ms);
        return true;
    }
    return false;
}

bool fw_sntp_poll(struct fw_sntp *sntp, bool online, uint64_t now_ms)
{
    enum fw_sntp_state before = sntp->state;

    switch (sntp->state) {
    case FW_SNTP_WAITING:
        if (online && now_ms >= sntp->next_ms) {
            resolve(sntp, now_ms);
        }
        break;
    case FW_SNTP_RESOLVING:
        check_resolved(sntp, now_ms);
        break;
    case FW_SNTP_ASKING:
        return check_answer(sntp, now_ms);
    default:
        break;
    }
    return sntp->state != before;
}

uint64_t fw_sntp_deadline(const struct fw_sntp *sntp, bool online)
{
    switch (sntp->state) {
    case FW_SNTP_WAITING:
        return online ? sntp->next_ms : FW_NEVER;
    case FW_SNTP_RESOLVING:
        return fw_lookup_deadline(&sntp->lookup);
    case FW_SNTP_ASKING:
        return sntp->deadline_ms;
    default:
        return FW_NEVER;
    }
}
