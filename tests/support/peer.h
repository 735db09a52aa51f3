/* A TCP peer in a thread of the test: sends a stream of its own and takes what comes, at the same
 * time, and keeps the SHA-256 of both. */
#ifndef PEER_H
#define PEER_H

#include <pthread.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

#include <mbedtls/sha256.h>

/* A reproducible stream of bytes that look random: byte i depends on seed and i alone. */
void stream_bytes(uint32_t seed, uint64_t at, void *out, size_t len);

/* Whether it has no zero bytes, for modules that lose those: 1 stands in their place. To be said
 * before a thread uses it. */
void stream_spare_zeros(bool spare);

struct peer_plan {
    uint64_t send_bytes; /* of stream_bytes(seed) */
    const void *text;    /* instead: these bytes, send_bytes of them; NULL: the stream */
    uint32_t seed;
    uint64_t expect_bytes;  /* taken before it closes; UINT64_MAX: until the other side closes */
    uint64_t read_after;    /* starts to read when it has sent so many */
    void (*accident)(void); /* called once, on the peer's thread, when accident_after bytes came */
    uint64_t accident_after;
};

struct peer {
    struct peer_plan plan;
    int listener;
    uint16_t port;
    pthread_t thread;
    uint64_t received, sent;
    unsigned char received_sha[32];
};

/* Listens on a free port of 127.0.0.1 and serves one connection by the plan, then closes it. */
void peer_start(struct peer *peer, const struct peer_plan *plan);

/* Waits for the end of that connection. */
void peer_join(struct peer *peer);

/* SHA-256 of len bytes of a stream. */
void stream_sha(uint32_t seed, uint64_t len, unsigned char sha[32]);

#endif
