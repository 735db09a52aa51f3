/* Golden rows for calls that are one command or a few: the bytes that must go out, those that the
 * module answers, and what the call returns. Each row plays three times: the answer whole, a byte
 * at a time, and behind the echo of a shipping module. */
#ifndef GOLDEN_H
#define GOLDEN_H

#include <wmat/core.h>

#define GOLDEN_TURNS 6

struct golden {
    int (*prepare)(struct wm_op *op); /* must return 0 */
    struct {
        const char *command, *answer; /* without the CR LF of the last line: command "AT+CIPV6?" */
    } turns[GOLDEN_TURNS];
    int result;
    void *out;            /* what the call writes into; NULL: nothing */
    size_t size;          /* of it */
    const void *expected; /* what stands there afterwards, every byte; NULL: zeros */
};

/* A row of one command; the same for one that writes into object, which must be *expected then, or
 * zeros (NULL). */
#define GOLDEN(prepare, command, answer, result)                                                   \
    {                                                                                              \
        prepare, {{command, answer}}, result, NULL, 0, NULL                                        \
    }
#define GOLDEN_INTO(object, prepare, command, answer, result, ...)                                 \
    {                                                                                              \
        prepare, {{command, answer}}, result, &(object), sizeof(object), __VA_ARGS__               \
    }

void golden_play(const struct golden *row);

/* A Check loop over a table of rows. */
#define GOLDEN_TEST(name, rows)                                                                    \
    START_TEST(name)                                                                               \
    {                                                                                              \
        golden_play(&rows[_i]);                                                                    \
    }                                                                                              \
    END_TEST

#define GOLDEN_ADD(tc, name, rows)                                                                 \
    tcase_add_loop_test(tc, name, 0, (int)(sizeof rows / sizeof rows[0]))

#endif
