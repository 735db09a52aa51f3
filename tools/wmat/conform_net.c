/* What "!" lines do with real sockets. What only the network of the tests can do (names, times, the
 * radio) is said so. */
#include "conform_end.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 1000
#define MOMENT_MS   50 /* in which nothing must come */

struct act {
    struct conform_net *net;
    const char *rest;
    char *why;
    size_t why_size;
};

static enum conform_verdict say(const struct act *act, enum conform_verdict verdict,
                                const char *format, ...) __attribute__((format(printf, 3, 4)));

static enum conform_verdict say(const struct act *act, enum conform_verdict verdict,
                                const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(act->why, act->why_size, format, args);
    va_end(args);
    return verdict;
}

static bool ready(int fd, short events, int ms)
{
    struct pollfd one = {.fd = fd, .events = events};

    return poll(&one, 1, ms) > 0;
}

/* --- the verbs --- */

static size_t unescape(const char *text, char *bytes)
{
    size_t len = 0;

    for (; *text != '\0'; text++) {
        char c = *text;

        if (c == '\\' && text[1] != '\0') {
            c = *++text;
            c = c == 'r' ? '\r' : c == 'n' ? '\n' : c == '0' ? '\0' : c;
        }
        bytes[len++] = c;
    }
    return len;
}

static enum conform_verdict nothing(const struct act *act)
{
    (void)act;
    return CONFORM_HOLDS;
}

static enum conform_verdict send_to_module(const struct act *act, int fd, const char *bytes,
                                           size_t len)
{
    struct sockaddr_in to = conform_inet(act->net->module, act->net->module_port);
    ptrdiff_t n;

    if (act->net->is_udp && act->net->module_port == 0)
        return say(act, CONFORM_UNTRIED, "the module's UDP port is not known");
    n = act->net->is_udp ? sendto(fd, bytes, len, 0, (struct sockaddr *)&to, sizeof to)
                         : send(fd, bytes, len, MSG_NOSIGNAL);
    if (n != (ptrdiff_t)len)
        return say(act, CONFORM_DEVIATES, "the peer can't send: %s", strerror(errno));
    return CONFORM_HOLDS;
}

static enum conform_verdict peer_sends(const struct act *act)
{
    char bytes[1024];
    int fd = conform_latest(act->net);

    if (fd < 0)
        return say(act, CONFORM_DEVIATES, "the module has not connected");
    return send_to_module(act, fd, bytes, unescape(act->rest, bytes));
}

static enum conform_verdict peer_ends(const struct act *act)
{
    int fd = conform_latest(act->net);

    if (fd < 0 || shutdown(fd, SHUT_WR) != 0)
        return say(act, CONFORM_DEVIATES, "there is no connection that the peer could end");
    return CONFORM_HOLDS;
}

static enum conform_verdict peer_resets(const struct act *act)
{
    const struct linger now = {1, 0};
    int fd = conform_latest(act->net);

    if (fd < 0 || act->net->is_udp)
        return say(act, CONFORM_DEVIATES, "there is no connection that the peer could reset");
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
    act->net->tcp_count--;
    return CONFORM_HOLDS;
}

/* What has come, up to cap bytes; waits until there are at least so many, or for a moment. */
static size_t received(struct conform_net *net, int fd, char *bytes, size_t cap, size_t enough)
{
    uint64_t end_ms = conform_now_ms() + (enough > 0 ? PATIENCE_MS : MOMENT_MS);
    size_t len = 0;

    while (len < cap && conform_now_ms() < end_ms) {
        struct sockaddr_in from;
        socklen_t from_len = sizeof from;
        ptrdiff_t n;

        if (!ready(fd, POLLIN, len >= enough ? MOMENT_MS : PATIENCE_MS))
            break;
        n = recvfrom(fd, bytes + len, cap - len, 0, (struct sockaddr *)&from, &from_len);
        if (n <= 0)
            break;
        if (net->is_udp)
            net->module_port = ntohs(from.sin_port);
        len += (size_t)n;
        if (len >= enough)
            end_ms = conform_now_ms() + MOMENT_MS;
    }
    return len;
}

static enum conform_verdict peer_received(const struct act *act)
{
    char expected[1024], got[2048];
    size_t len = unescape(act->rest, expected), n;
    int fd = conform_latest(act->net);

    if (fd < 0)
        return say(act, CONFORM_DEVIATES, "the module has not connected");
    n = received(act->net, fd, got, sizeof got, len);
    if (n != len || memcmp(got, expected, len) != 0)
        return say(act, CONFORM_DEVIATES, "the peer received %zu bytes \"%.*s\" instead of \"%s\"",
                   n, (int)n, got, act->rest);
    return CONFORM_HOLDS;
}

/* That text is somewhere in what it got. */
static enum conform_verdict peer_heard(const struct act *act)
{
    char got[2048];
    int fd = conform_latest(act->net);
    size_t n = fd < 0 ? 0 : received(act->net, fd, got, sizeof got, 1);

    if (memmem(got, n, act->rest, strlen(act->rest)) == NULL)
        return say(act, CONFORM_DEVIATES, "the peer did not hear \"%s\" in %zu bytes", act->rest,
                   n);
    return CONFORM_HOLDS;
}

static enum conform_verdict peer_received_count(const struct act *act)
{
    static char got[65536];
    size_t len = strtoul(act->rest, NULL, 10), n;
    int fd = conform_latest(act->net);

    if (fd < 0)
        return say(act, CONFORM_DEVIATES, "the module has not connected");
    n = received(act->net, fd, got, sizeof got, len);
    if (n != len)
        return say(act, CONFORM_DEVIATES, "the peer received %zu bytes instead of %zu", n, len);
    return CONFORM_HOLDS;
}

/* A reset, or an end: the two kinds of an end look the same from here. */
static enum conform_verdict peer_sees(const struct act *act)
{
    char byte;
    int fd = conform_latest(act->net);
    bool any =
        fd >= 0 && ready(fd, POLLIN, strcmp(act->rest, "nothing") == 0 ? MOMENT_MS : PATIENCE_MS);
    ptrdiff_t n = any ? recv(fd, &byte, 1, MSG_PEEK) : 1;
    const char *seen = !any ? "nothing" : n < 0 ? "a reset" : n == 0 ? "a close" : "bytes";

    if (strcmp(seen, act->rest) != 0 && (n != 0 || strcmp(act->rest, "an end") != 0))
        return say(act, CONFORM_DEVIATES, "the peer sees %s instead of %s", seen, act->rest);
    return CONFORM_HOLDS;
}

static int call_module(const struct conform_net *net, unsigned number)
{
    struct sockaddr_in to = conform_inet(net->module, number + net->port_offset);
    unsigned port = 0;
    int fd = conform_bound(SOCK_STREAM, net->loopback ? "127.0.0.9" : "0.0.0.0", &port);

    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&to, sizeof to) != 0 && errno == EINPROGRESS &&
        ready(fd, POLLOUT, PATIENCE_MS)) {
        int error = 0;
        socklen_t len = sizeof error;

        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
        if (error == 0)
            return fd;
    }
    close(fd);
    return -1;
}

static enum conform_verdict client_calls(const struct act *act)
{
    int fd;

    conform_latest(act->net); /* who connected before is not the latest */
    fd = call_module(act->net, (unsigned)atoi(act->rest));
    if (fd < 0)
        return say(act, CONFORM_DEVIATES, "nothing listens at %s port %s", act->net->module,
                   act->rest);
    conform_keep_tcp(act->net, fd);
    return CONFORM_HOLDS;
}

static enum conform_verdict client_finds_nobody(const struct act *act)
{
    int fd = call_module(act->net, (unsigned)atoi(act->rest));

    if (fd < 0)
        return CONFORM_HOLDS;
    close(fd);
    return say(act, CONFORM_DEVIATES, "something listens at %s port %s", act->net->module,
               act->rest);
}

static enum conform_verdict datagram(const struct act *act)
{
    char from[64], bytes[1024];
    const struct conform_end *end = NULL;
    unsigned number;
    int at = 0;

    if (sscanf(act->rest, "%63s %u%n", from, &number, &at) == 2)
        end = conform_find_end(act->net, from, number);
    if (end == NULL || !act->net->is_udp)
        return say(act, CONFORM_UNTRIED, "no peer here can send from %s", act->rest);
    return send_to_module(
        act, end->udp, bytes,
        unescape(act->rest[at] == ' ' ? act->rest + at + 1 : act->rest + at, bytes));
}

/* The last datagram that this end got; those before it are forgotten. */
static enum conform_verdict datagram_went(const struct act *act)
{
    char to[64], expected[1024], got[2048];
    struct conform_end *end = NULL;
    struct sockaddr_in from;
    socklen_t from_len = sizeof from;
    unsigned number;
    int at = 0;
    ptrdiff_t n = -1, last;
    size_t len;

    if (sscanf(act->rest, "%63s %u%n", to, &number, &at) == 2)
        end = conform_find_end(act->net, to, number);
    if (end == NULL)
        return say(act, CONFORM_UNTRIED, "no peer here is %s", act->rest);
    len = unescape(act->rest[at] == ' ' ? act->rest + at + 1 : act->rest + at, expected);
    while (ready(end->udp, POLLIN, n < 0 ? PATIENCE_MS : 0) &&
           (last = recvfrom(end->udp, got, sizeof got, 0, (struct sockaddr *)&from, &from_len)) >=
               0)
        n = last;
    if (n != (ptrdiff_t)len || memcmp(got, expected, len) != 0)
        return say(act, CONFORM_DEVIATES, "the datagram for %s was %s\"%.*s\"", act->rest,
                   n < 0 ? "not sent " : "", n < 0 ? 0 : (int)n, got);
    act->net->module_port = ntohs(from.sin_port);
    return CONFORM_HOLDS;
}

/* A verb that ends in a blank has something behind it. */
static const struct {
    const char *verb;
    enum conform_verdict (*act)(const struct act *act);
} verbs[] = {
    {"serve ", nothing}, /* at the begin */
    {"peer sends ", peer_sends},
    {"peer ends", peer_ends},
    {"peer resets", peer_resets},
    {"peer received bytes ", peer_received_count},
    {"peer received ", peer_received},
    {"peer heard ", peer_heard},
    {"peer sees ", peer_sees},
    {"client calls ", client_calls},
    {"client finds nobody ", client_finds_nobody},
    {"datagram from ", datagram},
    {"datagram went to ", datagram_went},
};

static const char *rest_of(const char *text, size_t verb)
{
    size_t len = strlen(verbs[verb].verb);

    if (strncmp(text, verbs[verb].verb, len) != 0)
        return NULL;
    return verbs[verb].verb[len - 1] == ' ' || text[len] == '\0' ? text + len : NULL;
}

bool conform_net_knows(const char *text)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (rest_of(text, i) != NULL)
            return i > 0 || strstr(text, " silent") == NULL;
    }
    return false;
}

enum conform_verdict conform_net_act(struct conform_net *net, const char *text, char *why,
                                     size_t why_size)
{
    struct act act = {net, NULL, why, why_size};

    for (size_t i = 0; i < sizeof verbs / sizeof *verbs && act.rest == NULL; i++) {
        act.rest = rest_of(text, i);
        if (act.rest != NULL)
            return verbs[i].act(&act);
    }
    return say(&act, CONFORM_UNTRIED, "needs \"%s\"", text);
}
