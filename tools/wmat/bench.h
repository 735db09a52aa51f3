/* How fast bytes travel through a module, and how long they take. */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

#include "bench_peer.h"
#include "cli.h"

#define BENCH_ROUNDS 100 /* the most round trips */

struct bench_way {
    uint64_t bytes;      /* payload, all of it right */
    uint64_t wire_bytes; /* on the serial line in that direction, commands and headers included */
    double seconds;
};

struct bench {
    unsigned seconds; /* how long to measure each way */
    const char *host; /* of the peer, as the module reaches it */
    unsigned port;
    struct bench_peer *peer;

    struct bench_way up, down;
    double round_ms[BENCH_ROUNDS]; /* from the shortest to the longest */
    size_t rounds;
};

/* Measures: to the peer, from the peer, round trips of one byte; what it came to not has 0
 * seconds, or rounds. Returns CLI_DONE, or another status after a message, or for a signal without
 * one. */
int bench_run(const struct cli *cli, struct wm_device *dev, struct bench *bench);

#endif
