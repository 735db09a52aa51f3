/* The far ends of a case's connections, on this host. */
#include "conform_end.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEST_NETWORK "10.0.0."   /* peers of the cases */
#define TEST_CLIENT  "192.0.2.9" /* who calls the module's server in them */
#define PATIENCE_MS  1000

struct sockaddr_in conform_inet(const char *address, unsigned port)
{
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

    inet_pton(AF_INET, address, &in.sin_addr);
    return in;
}

/* A socket at a port of an address, 0: a free one. Returns the descriptor or -1. */
int conform_bound(int type, const char *address, unsigned *port)
{
    struct sockaddr_in in = conform_inet(address, *port);
    socklen_t len = sizeof in;
    int one = 1, fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (fd >= 0 && type == SOCK_STREAM)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd >= 0 && (bind(fd, (struct sockaddr *)&in, sizeof in) != 0 ||
                    getsockname(fd, (struct sockaddr *)&in, &len) != 0)) {
        close(fd);
        return -1;
    }
    *port = ntohs(in.sin_port);
    return fd;
}

/* --- ends --- */

struct ends {
    struct conform_net *net;
    char *why;
    size_t why_size;
};

static bool map_address(const struct conform_net *net, const char *from, char to[64])
{
    unsigned host = (unsigned)atoi(from + strlen(TEST_NETWORK));

    if (host == 1)
        snprintf(to, 64, "%s", net->peer);
    else
        snprintf(to, 64, "127.0.0.%u", host);
    return host == 1 || net->loopback;
}

struct conform_end *conform_find_end(struct conform_net *net, const char *from, unsigned number)
{
    for (size_t i = 0; i < net->end_count; i++) {
        if (strcmp(net->ends[i].from, from) == 0 && net->ends[i].number == number)
            return &net->ends[i];
    }
    return NULL;
}

/* Both protocols at one port, because a case names it once. */
static bool open_end(struct conform_end *end)
{
    for (int tries = 0; tries < 20; tries++) {
        end->port = 0;
        end->udp = conform_bound(SOCK_DGRAM, end->address, &end->port);
        if (end->udp < 0)
            return false;
        if (!end->serves)
            return true;
        end->listener = conform_bound(SOCK_STREAM, end->address, &end->port);
        if (end->listener >= 0 && listen(end->listener, 8) == 0)
            return true;
        close(end->udp);
    }
    return false;
}

static const char *served(const struct transcript *transcript, unsigned number)
{
    for (size_t i = 0; i < transcript->count; i++) {
        const struct transcript_item *item = &transcript->items[i];

        if (item->kind == TRANSCRIPT_NETWORK && strncmp(item->bytes, "serve ", 6) == 0 &&
            strtoul(item->bytes + 6, NULL, 10) == number)
            return item->bytes;
    }
    return "";
}

static bool add_end(const struct ends *ends, const struct transcript *transcript, const char *from,
                    unsigned number)
{
    struct conform_net *net = ends->net;
    struct conform_end *end = &net->ends[net->end_count];
    const char *serve = served(transcript, number);

    if (conform_find_end(net, from, number) != NULL)
        return true;
    *end = (struct conform_end){.number = number,
                                .listener = -1,
                                .serves = strstr(serve, " accepts") != NULL,
                                .echo = strstr(serve, " echo") != NULL};
    snprintf(end->from, sizeof end->from, "%s", from);
    if (net->end_count == CONFORM_ENDS || !map_address(net, from, end->address) || !open_end(end)) {
        snprintf(ends->why, ends->why_size,
                 "needs a peer of its own at another address than --peer %s", net->peer);
        return false;
    }
    net->end_count++;
    return true;
}

/* Each ADDRESS",PORT and "datagram from ADDRESS PORT" of a text. */
static bool add_ends_of(const struct ends *ends, const struct transcript *transcript,
                        const char *text)
{
    char from[64];
    unsigned number;

    for (const char *at = text; (at = strstr(at, TEST_NETWORK)) != NULL; at++) {
        if ((sscanf(at, "%15[0-9.]\",%u", from, &number) == 2 ||
             sscanf(at, "%15[0-9.] %u", from, &number) == 2) &&
            number > 0 && number < 65536 && !add_end(ends, transcript, from, number))
            return false;
    }
    return true;
}

/* Ports below are edges of the range, or too short for a word that stands for nothing else. */
#define OWN_MIN 1000
#define OWN_MAX 65534

/* The local port of an AT+CIPSTART or AT+CIPSTARTEX of a datagram link; 0: none that may be another
 * one. */
static unsigned own_port(const char *line)
{
    const char *type = strstr(line, "\"UDP");
    unsigned number = 0;

    if (strncmp(line, "AT+CIPSTART", 11) != 0 || type == NULL ||
        sscanf(type, "\"%*[^\"]\",\"%*[^\"]\",%*u,%u", &number) != 1)
        return 0;
    return number >= OWN_MIN && number <= OWN_MAX ? number : 0;
}

static unsigned free_port(void)
{
    unsigned port = 0;
    int fd = conform_bound(SOCK_DGRAM, "0.0.0.0", &port);

    if (fd >= 0)
        close(fd);
    return port;
}

/* What stands for a port of the module's own: itself, where it is a fixed one. */
static unsigned stands_for(const struct conform_net *net, unsigned number)
{
    for (size_t i = 0; i < net->own_count; i++) {
        if (net->owns[i].number == number)
            return net->owns[i].port;
    }
    return number;
}

static void add_own(struct conform_net *net, struct conform_words *words, const char *line)
{
    struct conform_own own = {own_port(line), 0};
    char from[16], to[16];

    if (own.number == 0 || stands_for(net, own.number) != own.number ||
        net->own_count == CONFORM_OWNS || (own.port = free_port()) == 0)
        return;
    net->owns[net->own_count++] = own;
    snprintf(from, sizeof from, "%u", own.number);
    snprintf(to, sizeof to, "%u", own.port);
    conform_word(words, from, to);
}

static void add_words(struct conform_net *net, struct conform_words *words)
{
    char from[CONFORM_WORD], to[CONFORM_WORD], address[64];

    for (size_t i = 0; i < net->end_count; i++) {
        const struct conform_end *end = &net->ends[i];

        snprintf(from, sizeof from, "%s\",%u", end->from, end->number);
        snprintf(to, sizeof to, "%s\",%u", end->address, end->port);
        conform_word(words, from, to);
        snprintf(from, sizeof from, "%s,%u", end->from, end->number);
        snprintf(to, sizeof to, "%s,%u", end->address, end->port);
        conform_word(words, from, to);
    }
    for (unsigned host = 1; host < 10; host++) {
        snprintf(from, sizeof from, TEST_NETWORK "%u", host);
        if (map_address(net, from, address))
            conform_word(words, from, address);
    }
    conform_word(words, TEST_CLIENT, net->loopback ? "127.0.0.9" : net->peer);
}

bool conform_net_begin(struct conform_net *net, const struct transcript *transcript,
                       struct conform_words *words, char *why, size_t why_size)
{
    const struct ends ends = {net, why, why_size};

    net->end_count = net->own_count = net->tcp_count = 0;
    net->udp = -1;
    net->is_udp = false;
    net->awaits = 0;
    net->module_port = 0;
    for (size_t i = 0; i < transcript->count; i++) {
        const struct transcript_item *item = &transcript->items[i];

        if ((item->kind == TRANSCRIPT_HOST || item->kind == TRANSCRIPT_NETWORK) &&
            !add_ends_of(&ends, transcript, item->bytes))
            return false;
    }
    add_words(net, words);
    for (size_t i = 0; i < transcript->count; i++) {
        if (transcript->items[i].kind == TRANSCRIPT_HOST)
            add_own(net, words, transcript->items[i].bytes);
    }
    return true;
}

void conform_net_end(struct conform_net *net)
{
    for (size_t i = 0; i < net->tcp_count; i++)
        close(net->tcps[i]);
    for (size_t i = 0; i < net->end_count; i++) {
        close(net->ends[i].udp);
        if (net->ends[i].listener >= 0)
            close(net->ends[i].listener);
    }
    net->end_count = net->tcp_count = 0;
}

/* --- which connection is the latest --- */

void conform_keep_tcp(struct conform_net *net, int fd)
{
    if (net->tcp_count == CONFORM_TCPS)
        close(net->tcps[--net->tcp_count]);
    net->tcps[net->tcp_count++] = fd;
    net->is_udp = false;
}

/* "...,"ADDRESS",PORT,LOCAL": the module's own port. */
static void remember_udp(struct conform_net *net, const char *pair, const struct conform_end *end)
{
    const char *local = strchr(strchr(pair, ',') + 1, ',');

    net->udp = end->udp;
    net->is_udp = true;
    net->module_port = local != NULL ? stands_for(net, (unsigned)atoi(local + 1)) : 0;
}

void conform_net_opened(struct conform_net *net, const char *line)
{
    const char *pair = strstr(line, TEST_NETWORK);
    const struct conform_end *end;
    char from[64];
    unsigned number;

    if (pair == NULL || sscanf(pair, "%15[0-9.]\",%u", from, &number) != 2)
        return;
    end = conform_find_end(net, from, number);
    if (end == NULL)
        return;
    if (strstr(line, "\"UDP\"") != NULL)
        remember_udp(net, pair, end);
    else
        net->awaits++;
}

static bool accept_one(struct conform_net *net)
{
    for (size_t i = 0; i < net->end_count; i++) {
        int fd = net->ends[i].listener < 0
                     ? -1
                     : accept4(net->ends[i].listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (fd >= 0) {
            conform_keep_tcp(net, fd);
            return true;
        }
    }
    return false;
}

/* Those that the module has announced, and those that it opens again by itself. */
static void accept_all(struct conform_net *net)
{
    for (int ms = 0; ms < PATIENCE_MS; ms += 10) {
        bool udp = net->is_udp;

        while (accept_one(net)) {
            net->awaits -= net->awaits > 0;
            net->is_udp = udp && net->awaits == 0;
        }
        if (net->awaits == 0)
            return;
        conform_wait(10);
    }
}

/* The latest connection; -1: there is none. */
int conform_latest(struct conform_net *net)
{
    accept_all(net);
    if (net->is_udp)
        return net->udp;
    return net->tcp_count > 0 ? net->tcps[net->tcp_count - 1] : -1;
}
