/* The other end of a benchmark: a TCP server in a thread of this process, one connection after the
 * other. The first byte of a connection says what it is for. */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "local.h"

enum bench_kind {
    BENCH_SINK = 'S',   /* takes the pattern, counts it */
    BENCH_SOURCE = 'G', /* sends the pattern until the connection ends */
    BENCH_ECHO = 'E',   /* sends back what comes */
};

struct bench_peer;

/* Byte number at of the pattern: a letter, because there are modules that swallow zeros. */
static inline char bench_pattern(uint64_t at)
{
    return (char)('a' + at % 26);
}

/* Fills bytes with the pattern from at on, or compares with it. */
void bench_fill(char *bytes, size_t len, uint64_t at);
bool bench_matches(const char *bytes, size_t len, uint64_t at);

/* Starts one that listens at listen_fd, which it takes over. NULL: no memory or thread. */
struct bench_peer *bench_peer_start(int listen_fd);

/* Waits until the sink's connection has ended, at most 5 s. Returns how many bytes of the pattern
 * it got; those behind the first wrong one do not count. */
uint64_t bench_peer_got(struct bench_peer *peer);

/* Ends it. NULL is allowed. */
void bench_peer_stop(struct bench_peer *peer);

#endif
