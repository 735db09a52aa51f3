/* The local socket: what is said in SOCKS, and how it ends. */
#include "relay.h"

#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "local.h"

#define LINGER_MS 2000

/* The socket is young and the replies are short: one that has no room for them is of no use. */
static void say(struct relay *relay)
{
    unsigned char reply[2 * SOCKS_REPLY_MAX];
    size_t len = socks_take_reply(&relay->socks, reply, sizeof reply);

    if (len > 0 && send(relay->fd, reply, len, MSG_NOSIGNAL) != (ssize_t)len)
        relay_end(relay, false);
}

void relay_answer(struct relay *relay, enum socks_reply reply)
{
    socks_answer(&relay->socks, reply);
    say(relay);
}

/* Goes on with the state that the client has reached. */
static void go_on(struct relay *relay)
{
    say(relay);
    if (relay->state != RELAY_HANDSHAKE)
        return;
    if (relay->socks.state == SOCKS_ASKED)
        relay_asked(relay, relay->socks.host, relay->socks.port);
    else if (relay->socks.state == SOCKS_OVER)
        relay_end(relay, true);
}

void relay_handshake(struct relay *relay)
{
    ssize_t n = recv(relay->fd, relay->up, sizeof relay->up, 0);
    size_t used = 0, taken = 1;

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        relay_end(relay, false);
        return;
    }
    while (taken > 0 && used < (size_t)n) {
        taken = socks_feed(&relay->socks, relay->up + used, (size_t)n - used);
        used += taken;
    }
    relay->up_len = (size_t)n - used; /* payload, behind the request */
    memmove(relay->up, relay->up + used, relay->up_len);
    go_on(relay);
}

static void linger_on(struct relay *relay)
{
    relay->lingers = true;
    relay->linger_ms = local_now_ms() + LINGER_MS;
}

/* A socket that is closed with bytes that nobody has read resets the connection, and what was
 * written last may be lost with it: so what still comes is read for a while. */
void relay_finish_local(struct relay *relay)
{
    shutdown(relay->fd, SHUT_WR);
    linger_on(relay);
}

static void close_local(struct relay *relay)
{
    close(relay->fd);
    relay->fd = -1;
    relay->lingers = false;
}

void relay_reset_local(struct relay *relay)
{
    const struct linger reset = {.l_onoff = 1};

    setsockopt(relay->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close_local(relay);
}

/* The end of file counts as a byte. An error says that nobody is there any more. */
static bool all_arrived(const struct relay *relay)
{
    int waiting;

    return ioctl(relay->fd, SIOCOUTQ, &waiting) < 0 || waiting == 0;
}

/* A local side that reads slowly, or pauses, has time: its kernel sends no answer any more when it
 * has gone, and then poll says so. */
void relay_linger(struct relay *relay)
{
    if (all_arrived(relay))
        close_local(relay);
    else
        linger_on(relay);
}

void relay_drain_local(struct relay *relay)
{
    char nobody[4096];
    ssize_t n = recv(relay->fd, nobody, sizeof nobody, 0);

    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        close_local(relay);
}
