#include "ring.h"

#include <string.h>

#include "suite.h"

static unsigned char memory[8];
static char out[16];

START_TEST(staged_bytes_are_not_read_before_they_are_committed)
{
    struct wm_ring ring;
    ring_init(&ring, memory, sizeof memory);
    ck_assert_uint_eq(ring_stage(&ring, "abc", 3), 3);
    ck_assert_uint_eq(ring_read(&ring, out, sizeof out), 0);
    ring_commit(&ring);
    ck_assert_uint_eq(ring_stage(&ring, "de", 2), 2);
    ck_assert_uint_eq(ring_read(&ring, out, sizeof out), 3);
    ring_rollback(&ring);
    ring_commit(&ring);
    ck_assert_uint_eq(ring_read(&ring, out, sizeof out), 0);
    ck_assert_uint_eq(ring_free(&ring), 8);
}
END_TEST

/* Every fill level at every start, against a plain model. */
START_TEST(wraps_anywhere)
{
    for (size_t start = 0; start < sizeof memory; start++) {
        for (size_t len = 0; len <= sizeof memory + 2; len++) {
            struct wm_ring ring;
            ring_init(&ring, memory, sizeof memory);
            ring_stage(&ring, "........", start);
            ring_commit(&ring);
            ring_read(&ring, out, start);
            size_t fits = len < sizeof memory ? len : sizeof memory;
            ck_assert_uint_eq(ring_stage(&ring, "0123456789", len), fits);
            ring_commit(&ring);
            ck_assert_uint_eq(ring_free(&ring), sizeof memory - fits);
            size_t half = ring_read(&ring, out, fits / 2);
            ck_assert_uint_eq(ring_read(&ring, out + half, sizeof out - half), fits - half);
            ck_assert_int_eq(memcmp(out, "0123456789", fits), 0);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ring");
    TCase *tc = tcase_create("ring");
    tcase_add_test(tc, staged_bytes_are_not_read_before_they_are_committed);
    tcase_add_test(tc, wraps_anywhere);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
