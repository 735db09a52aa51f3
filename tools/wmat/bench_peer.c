#include "bench_peer.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#define PIECE  65536
#define WAIT_S 5

struct bench_peer {
    int listen_fd, stop_fd;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t got;
    bool sunk; /* the sink's connection has ended */
};

void bench_fill(char *bytes, size_t len, uint64_t at)
{
    for (size_t i = 0; i < len; i++)
        bytes[i] = bench_pattern(at + i);
}

bool bench_matches(const char *bytes, size_t len, uint64_t at)
{
    for (size_t i = 0; i < len; i++)
        if (bytes[i] != bench_pattern(at + i))
            return false;
    return true;
}

/* Waits until fd is ready. False: time to stop. */
static bool await(const struct bench_peer *peer, int fd, short events)
{
    struct pollfd fds[2] = {{.fd = fd, .events = events}, {.fd = peer->stop_fd, .events = POLLIN}};

    while (poll(fds, 2, -1) < 0)
        if (errno != EINTR)
            return false;
    return fds[1].revents == 0;
}

/* Returns how many bytes came, 0 or less at the end. */
static ssize_t take(const struct bench_peer *peer, int fd, char *bytes, size_t cap)
{
    return await(peer, fd, POLLIN) ? recv(fd, bytes, cap, 0) : -1;
}

static bool give(const struct bench_peer *peer, int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = await(peer, fd, POLLOUT) ? send(fd, bytes, len, MSG_NOSIGNAL) : -1;

        if (n < 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

static void sink(struct bench_peer *peer, int fd, char *bytes)
{
    uint64_t got = 0;
    bool right = true;
    ssize_t n;

    while ((n = take(peer, fd, bytes, PIECE)) > 0) {
        right = right && bench_matches(bytes, (size_t)n, got);
        got += right ? (uint64_t)n : 0;
    }
    pthread_mutex_lock(&peer->lock);
    peer->got = got;
    peer->sunk = true;
    pthread_cond_signal(&peer->changed);
    pthread_mutex_unlock(&peer->lock);
}

static void source(struct bench_peer *peer, int fd, char *bytes)
{
    uint64_t at = 0;

    do {
        bench_fill(bytes, PIECE, at);
        at += PIECE;
    } while (give(peer, fd, bytes, PIECE));
}

static void echo(struct bench_peer *peer, int fd, char *bytes)
{
    ssize_t n;

    while ((n = take(peer, fd, bytes, PIECE)) > 0 && give(peer, fd, bytes, (size_t)n))
        ;
}

static void serve(struct bench_peer *peer, int fd, char *bytes)
{
    const int on = 1;
    char kind;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (take(peer, fd, &kind, 1) != 1)
        return;
    if (kind == BENCH_SINK)
        sink(peer, fd, bytes);
    else if (kind == BENCH_SOURCE)
        source(peer, fd, bytes);
    else if (kind == BENCH_ECHO)
        echo(peer, fd, bytes);
}

static void *run(void *arg)
{
    struct bench_peer *peer = arg;
    char bytes[PIECE];

    while (await(peer, peer->listen_fd, POLLIN)) {
        int fd = accept4(peer->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        if (fd >= 0) {
            serve(peer, fd, bytes);
            close(fd);
        }
    }
    return NULL;
}

struct bench_peer *bench_peer_start(int listen_fd)
{
    struct bench_peer *peer = calloc(1, sizeof *peer);

    if (peer == NULL) {
        close(listen_fd);
        return NULL;
    }
    peer->listen_fd = listen_fd;
    peer->stop_fd = eventfd(0, EFD_CLOEXEC);
    pthread_mutex_init(&peer->lock, NULL);
    pthread_cond_init(&peer->changed, NULL);
    if (peer->stop_fd >= 0 && pthread_create(&peer->thread, NULL, run, peer) == 0)
        return peer;
    close(peer->stop_fd);
    close(listen_fd);
    free(peer);
    return NULL;
}

uint64_t bench_peer_got(struct bench_peer *peer)
{
    struct timespec until;
    uint64_t got;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_S;
    pthread_mutex_lock(&peer->lock);
    while (!peer->sunk && pthread_cond_timedwait(&peer->changed, &peer->lock, &until) == 0)
        ;
    got = peer->got;
    pthread_mutex_unlock(&peer->lock);
    return got;
}

void bench_peer_stop(struct bench_peer *peer)
{
    const uint64_t one = 1;

    if (peer == NULL)
        return;
    if (write(peer->stop_fd, &one, sizeof one) == sizeof one)
        pthread_join(peer->thread, NULL);
    close(peer->listen_fd);
    close(peer->stop_fd);
    pthread_cond_destroy(&peer->changed);
    pthread_mutex_destroy(&peer->lock);
    free(peer);
}
