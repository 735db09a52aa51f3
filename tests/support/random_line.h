/* Random lines for a module: valid ones made from the rules of its own table, at their edges and
 * between; nearly valid ones; garbage. The same seed makes the same lines. */
#ifndef RANDOM_LINE_H
#define RANDOM_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RANDOM_LINE_MAX = 8192 };

struct dice {
    uint64_t state; /* the seed */
};

/* 0..count-1; true so many times of a hundred. */
size_t dice_below(struct dice *dice, size_t count);
bool dice_chance(struct dice *dice, unsigned percent);

/* Writes a line of at most RANDOM_LINE_MAX bytes, mostly with its CR LF: the length. *multiple is
 * the connection mode as its host believes, at first false. */
size_t random_line(struct dice *dice, bool *multiple, char *text);

#endif
