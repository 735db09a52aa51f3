/* Reproducible chance: everything that follows from one seed. */
#ifndef DICE_H
#define DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
    uint64_t state;
};

/* The next number (splitmix64). */
static inline uint64_t dice_next(struct dice *dice)
{
    uint64_t z = dice->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* 0 .. below - 1. */
static inline unsigned dice_below(struct dice *dice, unsigned below)
{
    return (unsigned)(dice_next(dice) >> 16) % below;
}

static inline unsigned dice_between(struct dice *dice, unsigned least, unsigned most)
{
    return least + dice_below(dice, most - least + 1);
}

/* True once in so many times. */
static inline bool dice_once_in(struct dice *dice, unsigned times)
{
    return dice_below(dice, times) == 0;
}

#endif
