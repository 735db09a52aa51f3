#include "relay.h"

#include <arpa/inet.h>
#include <assert.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "local.h"
#include "record.h"

#define HANDSHAKE_MS 30000
#define CROWDED_MS   2000 /* instead of quit_ms, where others wait in line */
#define RETRY_MS     500
/* The module says ERROR for a peer that refuses and for one that is not there. The first is known
 * after a round trip, the second when nobody has answered for some seconds. */
#define REFUSED_WITHIN_MS 2000

enum relay_event {
    RELAY_CALLED,     /* a client that speaks SOCKS */
    RELAY_ASKS,       /* it is known where to */
    RELAY_HAS_NAME,   /* its turn; the name comes first */
    RELAY_HAS_IP,     /* its turn, or the name is known */
    RELAY_NO_LINK,    /* all of them were in use */
    RELAY_CONNECTED,  /* the link is open */
    RELAY_ENDED,      /* either side, or a failure */
    RELAY_LINK_GONE,  /* nothing of the module's is used any more */
    RELAY_LOCAL_GONE, /* the local socket is closed */
};

static const struct row {
    enum relay_state state;
    enum relay_event event;
    enum relay_state next;
} rows[] = {
    {RELAY_FREE, RELAY_CALLED, RELAY_HANDSHAKE},
    {RELAY_FREE, RELAY_ASKS, RELAY_WAITING},
    {RELAY_HANDSHAKE, RELAY_ASKS, RELAY_WAITING},
    {RELAY_HANDSHAKE, RELAY_ENDED, RELAY_LEAVING},
    {RELAY_WAITING, RELAY_HAS_NAME, RELAY_RESOLVING},
    {RELAY_WAITING, RELAY_HAS_IP, RELAY_CONNECTING},
    {RELAY_WAITING, RELAY_ENDED, RELAY_LEAVING},
    {RELAY_RESOLVING, RELAY_HAS_IP, RELAY_CONNECTING},
    {RELAY_RESOLVING, RELAY_ENDED, RELAY_LEAVING},
    {RELAY_CONNECTING, RELAY_NO_LINK, RELAY_WAITING},
    {RELAY_CONNECTING, RELAY_CONNECTED, RELAY_OPEN},
    {RELAY_CONNECTING, RELAY_ENDED, RELAY_LEAVING},
    {RELAY_OPEN, RELAY_ENDED, RELAY_LEAVING},
    {RELAY_LEAVING, RELAY_LINK_GONE, RELAY_LINGERING},
    {RELAY_LINGERING, RELAY_LOCAL_GONE, RELAY_FREE},
};

static void move(struct relay *relay, enum relay_event event)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].state == relay->state && rows[i].event == event) {
            relay->state = rows[i].next;
            relay->since_ms = local_now_ms();
            return;
        }
    }
    assert(!"an event that this state has no row for");
}

void relay_begin(struct relay *relay, struct relay_common *common, int fd, const char *host,
                 unsigned port, uint64_t ticket)
{
    assert(relay->state == RELAY_FREE);
    memset(relay, 0, sizeof *relay);
    relay->common = common;
    relay->fd = fd;
    relay->ticket = ticket;
    relay->proxied = host == NULL;
    socks_init(&relay->socks, common->user, common->password);
    if (relay->proxied)
        move(relay, RELAY_CALLED);
    else
        relay_asked(relay, host, port);
}

void relay_asked(struct relay *relay, const char *host, unsigned port)
{
    assert(strlen(host) < sizeof relay->host);
    strcpy(relay->host, host);
    relay->port = port;
    move(relay, RELAY_ASKS);
}

bool relay_holds_link(const struct relay *relay)
{
    return relay->state == RELAY_RESOLVING || relay->state == RELAY_CONNECTING ||
           relay->state == RELAY_OPEN || relay->state == RELAY_LEAVING;
}

static void submit_call(struct relay *relay, int err, wm_done_fn done)
{
    if (err == 0)
        err = wm_submit(relay->common->dev, &relay->call, relay->common->cli->timeout_ms, done,
                        relay);
    relay->call_runs = err == 0;
    if (err < 0)
        done(&relay->call, err, relay);
}

/* Why the network was not reached, in the words of SOCKS. */
static enum socks_reply reply_for(const struct relay *relay, int err)
{
    bool late = local_now_ms() - relay->since_ms > REFUSED_WITHIN_MS;

    if (err == WM_ERR_TIMEOUT)
        return SOCKS_HOST_UNREACHABLE;
    if (err != WM_ERR_DEVICE)
        return SOCKS_FAILED;
    if (!relay->common->wifi_up)
        return SOCKS_NETWORK_UNREACHABLE;
    return relay->state == RELAY_RESOLVING || late ? SOCKS_HOST_UNREACHABLE
                                                   : SOCKS_CONNECTION_REFUSED;
}

static void not_connected(struct relay *relay, int err)
{
    const char *advice = NULL;

    relay->err = err;
    if (err == WM_ERR_ARG)
        advice = "a host has 1 to 64 characters and no line end, a port is 1 to 65535";
    else if (err == WM_ERR_DEVICE && relay->state == RELAY_RESOLVING)
        advice = "is there such a name, and is the module joined (`wmat status`)?";
    else if (err == WM_ERR_DEVICE)
        advice = "does something listen there, and is the module joined (`wmat status`)?";
    if (relay->proxied)
        relay_answer(relay, reply_for(relay, err));
    relay_fail(relay, err, advice, "can't connect");
}

static void on_connected(struct wm_op *op, int result, void *user)
{
    struct relay *relay = user;

    (void)op;
    relay->call_runs = false;
    if (result >= 0)
        relay->link = result;
    if (relay->state != RELAY_CONNECTING) {
        relay_leave(relay);
    } else if (result == WM_ERR_STATE) {
        /* The driver is still closing a link behind the scenes. */
        relay->common->retry_ms = local_now_ms() + RETRY_MS;
        move(relay, RELAY_NO_LINK);
    } else if (result < 0) {
        not_connected(relay, result);
    } else {
        move(relay, RELAY_CONNECTED);
        if (relay->proxied)
            relay_answer(relay, SOCKS_SUCCEEDED);
        relay_pump(relay);
    }
}

static void connect_to(struct relay *relay, const char *host)
{
    move(relay, RELAY_HAS_IP);
    relay->options = (struct wm_tcp_options){.host = host, .port = relay->port};
    submit_call(relay, wm_tcp_connect_prepare(&relay->call, &relay->options), on_connected);
}

static void on_resolved(struct wm_op *op, int result, void *user)
{
    struct relay *relay = user;

    (void)op;
    relay->call_runs = false;
    if (relay->state != RELAY_RESOLVING)
        relay_leave(relay);
    else if (result < 0)
        not_connected(relay, result);
    else
        connect_to(relay, relay->ip);
}

static bool is_address(const char *host)
{
    unsigned char bytes[sizeof(struct in6_addr)];

    return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

/* A client of the proxy is told why: a name is looked up apart, because the module has one ERROR
 * for a name that is not known and a peer that refuses. It may be longer than AT+CIPSTART takes,
 * too. */
void relay_start(struct relay *relay)
{
    if (!relay->proxied || is_address(relay->host)) {
        connect_to(relay, relay->host);
        return;
    }
    move(relay, RELAY_HAS_NAME);
    submit_call(relay, wm_resolve_prepare(&relay->call, relay->host, WM_PREFER_DEFAULT, relay->ip),
                on_resolved);
}

static void tell_end(const struct relay *relay)
{
    cJSON *record;

    if (!relay->common->cli->json || relay->host[0] == '\0')
        return;
    record = cJSON_CreateObject();
    cJSON_AddItemToObject(record, "host", record_bytes(relay->host, strlen(relay->host)));
    cJSON_AddNumberToObject(record, "port", relay->port);
    cJSON_AddNumberToObject(record, "sent_bytes", (double)relay->sent_bytes);
    cJSON_AddNumberToObject(record, "received_bytes", (double)relay->received_bytes);
    record_add(record, "result", wm_err_name(relay->err));
    record_print_json(record);
    fflush(stdout);
}

static void on_closed(struct wm_op *op, int result, void *user)
{
    struct relay *relay = user;

    (void)op;
    (void)result; /* where it failed, the driver goes on closing behind the scenes */
    relay->call_runs = false;
    relay->link = 0;
    relay_leave(relay);
}

/* Once the calls have ended, the link is closed. What comes from it is read until then: in active
 * mode a full buffer would hold up the module, AT+CIPCLOSE too. */
void relay_leave(struct relay *relay)
{
    if (relay->call_runs || relay->send_runs)
        return;
    if (relay->link != 0) {
        submit_call(relay, wm_link_close_prepare(&relay->call, relay->link), on_closed);
        return;
    }
    if (relay->lend_runs)
        return;
    tell_end(relay);
    move(relay, RELAY_LINK_GONE);
    if (relay->fd < 0)
        move(relay, RELAY_LOCAL_GONE);
}

void relay_end(struct relay *relay, bool sound)
{
    if (relay->state == RELAY_FREE || relay->state >= RELAY_LEAVING)
        return;
    if (sound)
        relay_finish_local(relay);
    else
        relay_reset_local(relay);
    move(relay, RELAY_ENDED);
    if (relay->call_runs)
        wm_cancel(relay->common->dev, &relay->call);
    if (relay->send_runs)
        wm_cancel(relay->common->dev, &relay->send);
    relay_discard(relay);
    relay_leave(relay);
}

void relay_fail(struct relay *relay, int err, const char *advice, const char *what)
{
    relay->err = err;
    if (!relay->common->over)
        cli_fail(relay->common->cli, relay->common->dev, err, advice, "%s port %u: %s", relay->host,
                 relay->port, what);
    relay_end(relay, relay->proxied && relay->socks.state == SOCKS_OVER && relay->link == 0);
}

short relay_events(const struct relay *relay)
{
    switch (relay->state) {
    case RELAY_HANDSHAKE:
    case RELAY_LEAVING:
    case RELAY_LINGERING:
        return POLLIN;
    case RELAY_OPEN:
        return (short)((!relay->send_runs && !relay->up_ended ? POLLIN : 0) |
                       (relay->lent_len > 0 ? POLLOUT : 0));
    default:
        /* Nobody half-closes before the proxy has answered: such a client has gone. */
        return relay->proxied ? POLLRDHUP : 0;
    }
}

void relay_ready(struct relay *relay, short revents)
{
    if (relay->lingers)
        relay_drain_local(relay);
    else if (relay->state == RELAY_HANDSHAKE)
        relay_handshake(relay);
    else if (relay->state != RELAY_OPEN || (revents & (POLLIN | POLLOUT)) == 0)
        relay_end(relay, false); /* nobody is there any more */
    if (relay->state == RELAY_OPEN && (revents & POLLOUT) != 0)
        relay_write_local(relay);
    if (relay->state == RELAY_OPEN && (revents & POLLIN) != 0 && !relay->send_runs)
        relay_read_local(relay);
    if (relay->state == RELAY_LINGERING && relay->fd < 0)
        move(relay, RELAY_LOCAL_GONE);
}

uint64_t relay_deadline_ms(const struct relay *relay)
{
    const struct relay_common *common = relay->common;

    if (relay->lingers)
        return relay->linger_ms;
    if (relay->state == RELAY_HANDSHAKE)
        return relay->since_ms + HANDSHAKE_MS;
    if (relay->state != RELAY_OPEN || !relay->up_ended || relay->send_runs || relay->lent_len > 0)
        return WM_NO_DEADLINE;
    return relay->since_ms +
           (common->somebody_waits && common->quit_ms > CROWDED_MS ? CROWDED_MS : common->quit_ms);
}

void relay_tick(struct relay *relay, uint64_t now_ms)
{
    if (relay->state == RELAY_FREE || now_ms < relay_deadline_ms(relay))
        return;
    if (relay->lingers)
        relay_linger(relay);
    else
        relay_end(relay, relay->state == RELAY_OPEN);
    if (relay->state == RELAY_LINGERING && relay->fd < 0)
        move(relay, RELAY_LOCAL_GONE);
}
