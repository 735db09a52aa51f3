#include "peer.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_MS 120000

static bool spare_zeros;

void stream_spare_zeros(bool spare)
{
    spare_zeros = spare;
}

void stream_bytes(uint32_t seed, uint64_t at, void *out, size_t len)
{
    unsigned char *bytes = out;
    for (size_t i = 0; i < len; i++) {
        uint64_t x = (at + i + 1) * 0x9e3779b97f4a7c15u + seed;
        x ^= x >> 29;
        x *= 0xbf58476d1ce4e5b9u;
        bytes[i] = (unsigned char)(x >> 56);
        bytes[i] = (unsigned char)(bytes[i] + (spare_zeros && bytes[i] == 0));
    }
}

void stream_sha(uint32_t seed, uint64_t len, unsigned char sha[32])
{
    unsigned char piece[4096];
    mbedtls_sha256_context context;
    mbedtls_sha256_init(&context);
    mbedtls_sha256_starts_ret(&context, 0);
    for (uint64_t at = 0; at < len;) {
        size_t n = len - at < sizeof piece ? (size_t)(len - at) : sizeof piece;
        stream_bytes(seed, at, piece, n);
        mbedtls_sha256_update_ret(&context, piece, n);
        at += n;
    }
    mbedtls_sha256_finish_ret(&context, sha);
    mbedtls_sha256_free(&context);
}

static void send_some(struct peer *peer, int fd)
{
    unsigned char piece[8192];
    uint64_t left = peer->plan.send_bytes - peer->sent;
    size_t len = left < sizeof piece ? (size_t)left : sizeof piece;
    if (peer->plan.text)
        memcpy(piece, (const unsigned char *)peer->plan.text + peer->sent, len);
    else
        stream_bytes(peer->plan.seed, peer->sent, piece, len);
    ssize_t n = send(fd, piece, len, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n > 0)
        peer->sent += (uint64_t)n;
}

/* Returns 0 at the end of the stream. */
static int take_some(struct peer *peer, int fd, mbedtls_sha256_context *sha)
{
    unsigned char piece[8192];
    ssize_t n = recv(fd, piece, sizeof piece, MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    if (n > 0) {
        peer->received += (uint64_t)n;
        mbedtls_sha256_update_ret(sha, piece, (size_t)n);
    }
    if (peer->plan.accident && peer->received >= peer->plan.accident_after) {
        peer->plan.accident();
        peer->plan.accident = NULL;
    }
    return n > 0;
}

static void serve(struct peer *peer, int fd)
{
    mbedtls_sha256_context sha;
    mbedtls_sha256_init(&sha);
    mbedtls_sha256_starts_ret(&sha, 0);
    for (;;) {
        short events = peer->sent >= peer->plan.read_after ? POLLIN : 0;
        if (peer->sent < peer->plan.send_bytes)
            events |= POLLOUT;
        else if (peer->received >= peer->plan.expect_bytes)
            break;
        struct pollfd pfd = {.fd = fd, .events = events};
        if (poll(&pfd, 1, PATIENCE_MS) <= 0)
            break;
        if (pfd.revents & POLLOUT)
            send_some(peer, fd);
        if ((pfd.revents & (POLLIN | POLLHUP | POLLERR)) && !take_some(peer, fd, &sha))
            break;
    }
    mbedtls_sha256_finish_ret(&sha, peer->received_sha);
    mbedtls_sha256_free(&sha);
}

static void *run(void *arg)
{
    struct peer *peer = arg;
    struct pollfd pfd = {.fd = peer->listener, .events = POLLIN};
    if (poll(&pfd, 1, PATIENCE_MS) == 1) {
        int fd = accept(peer->listener, NULL, NULL);
        if (fd >= 0) {
            serve(peer, fd);
            close(fd);
        }
    }
    close(peer->listener);
    return NULL;
}

void peer_start(struct peer *peer, const struct peer_plan *plan)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    memset(peer, 0, sizeof *peer);
    peer->plan = *plan;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(peer->listener, 0);
    ck_assert_int_eq(bind(peer->listener, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(peer->listener, 1), 0);
    ck_assert_int_eq(getsockname(peer->listener, (struct sockaddr *)&address, &len), 0);
    peer->port = ntohs(address.sin_port);
    ck_assert_int_eq(pthread_create(&peer->thread, NULL, run, peer), 0);
}

void peer_join(struct peer *peer)
{
    pthread_join(peer->thread, NULL);
}
