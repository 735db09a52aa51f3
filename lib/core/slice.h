/* Borrowed text: not terminated, valid as long as what it was taken from. */
#ifndef SLICE_H
#define SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct slice {
    const char *text;
    size_t len;
};

static inline struct slice slice_make(const char *text, size_t len)
{
    return (struct slice){text, len};
}

static inline bool slice_is(struct slice slice, const char *text, size_t len)
{
    return slice.len == len && memcmp(slice.text, text, len) == 0;
}

static inline bool slice_starts(struct slice slice, const char *text, size_t len)
{
    return slice.len >= len && memcmp(slice.text, text, len) == 0;
}

/* Literals: SLICE_IS(line, "OK"). */
#define SLICE_IS(slice, literal)     slice_is(slice, literal, sizeof(literal) - 1)
#define SLICE_STARTS(slice, literal) slice_starts(slice, literal, sizeof(literal) - 1)

#endif
