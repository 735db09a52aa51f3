/* Copies both ways, as fast as the slower end takes it. */
#include "relay.h"

#include <errno.h>
#include <sys/socket.h>

#include "local.h"

static void on_sent(struct wm_op *op, int result, void *user);
static void on_lent(struct wm_op *op, int result, void *user);

/* It goes on receiving: no AT command closes one direction alone. */
static void end_up(struct relay *relay)
{
    relay->up_ended = true;
    relay->since_ms = local_now_ms();
}

static void send_up(struct relay *relay)
{
    int err = wm_send_prepare(&relay->send, relay->link, relay->up, relay->up_len);

    if (err == 0)
        err = wm_submit(relay->common->dev, &relay->send, relay->common->cli->timeout_ms, on_sent,
                        relay);
    relay->send_runs = err == 0;
    if (err < 0)
        on_sent(&relay->send, err, relay);
}

static void on_sent(struct wm_op *op, int result, void *user)
{
    struct relay *relay = user;

    (void)op;
    relay->send_runs = false;
    if (relay->state != RELAY_OPEN) {
        relay_leave(relay);
    } else if (result == WM_ERR_CLOSED) {
        end_up(relay); /* what the peer sent before it closed is still passed on */
    } else if (result < 0) {
        relay_fail(relay, result, NULL, "the link failed");
    } else {
        relay->sent_bytes += relay->up_len;
        relay->up_len = 0;
        relay->since_ms = local_now_ms();
        relay_read_local(relay);
    }
}

void relay_read_local(struct relay *relay)
{
    ssize_t n;

    if (relay->up_ended)
        return;
    n = recv(relay->fd, relay->up, sizeof relay->up, 0);
    if (n > 0) {
        relay->up_len = (size_t)n;
        send_up(relay);
    } else if (n == 0) {
        end_up(relay);
    } else if (errno != EAGAIN && errno != EINTR) {
        relay_end(relay, false);
    }
}

/* Asks for what comes from the module, where the driver has it. */
static void ask(struct relay *relay)
{
    int err = wm_peek_prepare(&relay->lend, relay->link, &relay->lent);

    if (err == 0)
        err = wm_submit(relay->common->dev, &relay->lend, WM_FOREVER, on_lent, relay);
    relay->lend_runs = err == 0;
    if (err < 0)
        on_lent(&relay->lend, err, relay);
}

static void on_lent(struct wm_op *op, int result, void *user)
{
    struct relay *relay = user;

    (void)op;
    relay->lend_runs = false;
    if (relay->state != RELAY_OPEN && result > 0) {
        relay->lent_len = (size_t)result;
        relay_discard(relay);
    } else if (relay->state != RELAY_OPEN) {
        relay_leave(relay);
    } else if (result < 0) {
        relay_fail(relay, result, NULL, "the link failed");
    } else if (result == 0) {
        relay_end(relay, true); /* the peer has closed, and all that it sent was passed on */
    } else {
        relay->lent_len = (size_t)result;
        relay->since_ms = local_now_ms();
        relay_write_local(relay);
    }
}

void relay_write_local(struct relay *relay)
{
    while (relay->lent_len > 0) {
        ssize_t n = send(relay->fd, relay->lent, relay->lent_len, MSG_NOSIGNAL);

        if (n < 0 && errno == EAGAIN)
            return; /* until poll says that there is room */
        if (n < 0 && errno != EINTR) {
            relay_end(relay, false);
            return;
        }
        if (n > 0) {
            wm_consume(relay->common->dev, relay->link, (size_t)n);
            relay->lent = (const char *)relay->lent + n;
            relay->lent_len -= (size_t)n;
            relay->received_bytes += (uint64_t)n;
        }
    }
    ask(relay);
}

/* Of a connection that has ended: throws away what comes from the module, until its link is closed.
 */
void relay_discard(struct relay *relay)
{
    if (relay->link == 0 || relay->lend_runs)
        return;
    if (relay->lent_len > 0)
        wm_consume(relay->common->dev, relay->link, relay->lent_len);
    relay->lent_len = 0;
    ask(relay);
}

/* What a client sent behind its request goes first. */
void relay_pump(struct relay *relay)
{
    if (relay->state == RELAY_OPEN && relay->up_len > 0)
        send_up(relay);
    if (relay->state == RELAY_OPEN)
        ask(relay);
}
