/* A shipping module on the bench: what the suites about it begin and end with. One at a time. */
#ifndef SHIPPING_BENCH_H
#define SHIPPING_BENCH_H

#include "fw_bench.h"

extern struct fw_bench bench;

/* The other end of the link of shipping_start_linked; a suite may put another one here. */
extern struct fake_peer *linked;

/* Payload: all 'a'. A test may change it, a start sets it again. */
extern char many[12000];

/* Fixtures: booted; in its network, too; with a TCP link to linked in single connection mode; in
 * multiple connection mode without a link. And what ends each. */
void shipping_start(void);
void shipping_start_joined(void);
void shipping_start_linked(void);
void shipping_start_multiple(void);
void shipping_stop(void);

/* Says commands, each of which gets its answer; the line is shown where it fails. */
struct exchange {
    const char *line, *answer;
};
void shipping_play(const struct exchange *exchanges, size_t count);
#define PLAY(exchanges) shipping_play(exchanges, sizeof(exchanges) / sizeof *(exchanges))

#endif
