#include "relay.h"

#include <arpa/inet.h>
#include <check.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"

#define PATIENCE_S 60

/* Bytes on their way in one direction. */
struct pipe_part {
    unsigned char bytes[RELAY_BUFFER];
    size_t at, len;
    bool ended;
};

static bool is_empty(const struct pipe_part *part)
{
    return part->at == part->len;
}

static void fill(struct pipe_part *part, int fd)
{
    ssize_t n = recv(fd, part->bytes, sizeof part->bytes, MSG_DONTWAIT);
    if (n > 0) {
        part->at = 0;
        part->len = (size_t)n;
    }
    part->ended = n == 0;
}

static size_t drain(struct pipe_part *part, int fd)
{
    ssize_t n = send(fd, part->bytes + part->at, part->len - part->at, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0)
        part->at += (size_t)n;
    return n > 0 ? (size_t)n : 0;
}

/* The relay's own stream in place of a peer's. */
static void generate(struct relay *relay, struct pipe_part *part, uint64_t *made)
{
    uint64_t left = relay->own_bytes - *made;
    part->at = 0;
    part->len = left < sizeof part->bytes ? (size_t)left : sizeof part->bytes;
    stream_bytes(relay->seed, *made, part->bytes, part->len);
    *made += part->len;
    part->ended = part->len == 0;
}

/* What goes either way, and how far the relay's own stream is. */
struct traffic {
    struct pipe_part down, up;
    uint64_t made;
    bool stalled; /* and it was told */
};

enum { MODULE, PEER, STOP, FDS };

static short events_of(const struct pipe_part *from, const struct pipe_part *to)
{
    return (short)((is_empty(from) ? POLLIN : 0) | (is_empty(to) ? 0 : POLLOUT));
}

/* Waits for the next event; tells of a stall once. */
static void wait_for_event(struct relay *relay, struct traffic *traffic, struct pollfd fds[FDS])
{
    bool waits = !is_empty(&traffic->down) && !traffic->stalled;
    fds[MODULE] = (struct pollfd){relay->module, events_of(&traffic->up, &traffic->down), 0};
    fds[PEER] = (struct pollfd){relay->peer, events_of(&traffic->down, &traffic->up), 0};
    fds[STOP] = (struct pollfd){relay->stop[0], POLLIN, 0};
    if (poll(fds, FDS, waits ? RELAY_STALL_MS : -1) == 0) {
        traffic->stalled = true;
        sem_post(&relay->stalled);
    }
}

static void move(struct relay *relay, struct traffic *traffic, const struct pollfd fds[FDS])
{
    if (fds[MODULE].revents & POLLOUT) {
        traffic->stalled = false;
        relay->written += drain(&traffic->down, relay->module);
    }
    if (fds[PEER].revents & POLLOUT)
        drain(&traffic->up, relay->peer);
    if (fds[PEER].revents & (POLLIN | POLLHUP) && is_empty(&traffic->down))
        fill(&traffic->down, relay->peer);
    if (fds[MODULE].revents & (POLLIN | POLLHUP) && is_empty(&traffic->up))
        fill(&traffic->up, relay->module);
}

static void forward(struct relay *relay)
{
    struct traffic traffic = {.made = 0};
    struct pollfd fds[FDS];
    while (!traffic.up.ended) {
        if (relay->peer < 0 && is_empty(&traffic.down) && !traffic.down.ended)
            generate(relay, &traffic.down, &traffic.made);
        if (traffic.down.ended && is_empty(&traffic.down)) {
            shutdown(relay->module, SHUT_WR);
            return;
        }
        wait_for_event(relay, &traffic, fds);
        if (fds[STOP].revents)
            return;
        move(relay, &traffic, fds);
    }
}

static void open_peer(struct relay *relay)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(relay->peer_port)};
    if (!relay->peer_address)
        return;
    to.sin_addr.s_addr = inet_addr(relay->peer_address);
    relay->peer = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    connect(relay->peer, (struct sockaddr *)&to, sizeof to);
}

static void *run(void *arg)
{
    struct relay *relay = arg;
    struct pollfd fds[] = {{.fd = relay->listener, .events = POLLIN},
                           {.fd = relay->stop[0], .events = POLLIN}};
    if (poll(fds, 2, PATIENCE_S * 1000) <= 0 || fds[1].revents)
        return NULL;
    relay->module = accept4(relay->listener, NULL, NULL, SOCK_CLOEXEC);
    open_peer(relay);
    forward(relay);
    if (relay->peer >= 0)
        close(relay->peer);
    return NULL;
}

static void start(struct relay *relay)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    int small = RELAY_BUFFER;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    relay->module = relay->peer = -1;
    ck_assert_int_eq(pipe2(relay->stop, 0), 0);
    ck_assert_int_eq(sem_init(&relay->stalled, 0, 0), 0);
    relay->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(relay->listener, 0);
    /* what is accepted inherits it */
    ck_assert_int_eq(setsockopt(relay->listener, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
    ck_assert_int_eq(bind(relay->listener, (struct sockaddr *)&address, len), 0);
    ck_assert_int_eq(listen(relay->listener, 1), 0);
    ck_assert_int_eq(getsockname(relay->listener, (struct sockaddr *)&address, &len), 0);
    relay->port = ntohs(address.sin_port);
    ck_assert_int_eq(pthread_create(&relay->thread, NULL, run, relay), 0);
}

void relay_start(struct relay *relay, const char *peer_address, uint16_t peer_port)
{
    memset(relay, 0, sizeof *relay);
    relay->peer_address = peer_address;
    relay->peer_port = peer_port;
    start(relay);
}

void relay_start_stream(struct relay *relay, uint64_t bytes, uint32_t seed)
{
    memset(relay, 0, sizeof *relay);
    relay->own_bytes = bytes;
    relay->seed = seed;
    start(relay);
}

void relay_await_stall(struct relay *relay)
{
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += PATIENCE_S;
    ck_assert_msg(sem_timedwait(&relay->stalled, &limit) == 0, "the module takes all");
}

/* The column rx_queue of the socket that is connected to ours. */
static uint64_t unread_by(uint16_t port, uint16_t our_port)
{
    char line[512];
    unsigned local, remote, unread = 0;
    bool found = false;
    FILE *file = fopen("/proc/net/tcp", "re");
    ck_assert_ptr_nonnull(file);
    while (!found && fgets(line, sizeof line, file))
        found = sscanf(line, " %*u: %*x:%x %*x:%x %*x %*x:%x", &local, &remote, &unread) == 3 &&
                local == port && remote == our_port;
    fclose(file);
    ck_assert(found);
    return unread;
}

uint64_t relay_taken(const struct relay *relay)
{
    struct sockaddr_in module;
    socklen_t len = sizeof module;
    int unsent;
    ck_assert_int_eq(getpeername(relay->module, (struct sockaddr *)&module, &len), 0);
    ck_assert_int_eq(ioctl(relay->module, SIOCOUTQ, &unsent), 0);
    return relay->written - (uint64_t)unsent - unread_by(ntohs(module.sin_port), relay->port);
}

void relay_stop(struct relay *relay)
{
    ck_assert_int_eq(write(relay->stop[1], "x", 1), 1);
    pthread_join(relay->thread, NULL);
    close(relay->listener);
    close(relay->stop[0]);
    close(relay->stop[1]);
    if (relay->module >= 0)
        close(relay->module);
    sem_destroy(&relay->stalled);
}
