/* 100,000 random lines, in episodes of one boot each: valid ones made from the rules of the table,
 * nearly valid ones, garbage; payload where a data mode was entered by chance; and a network that
 * does what it likes. After any ten of them or so the module is found again with a guarded +++.
 *
 * A failure, a crash too, prints `again: test-firmware-random SEED` and the line; the seed as the
 * argument, or as $WMAT_SEED, plays that episode alone. */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "chaos.h"
#include "random_line.h"

enum { EPISODES = 1000, LINES = 100, BATCHES = 20 };

/* What each batch is at, where it survives a crash of the batch. */
struct record {
    uint64_t seed; /* 0: all is well */
    size_t line, len;
    char text[RANDOM_LINE_MAX];
};

static struct record *records;
static uint64_t only_seed;

static void let_things_happen(struct chaos *chaos, struct dice *dice)
{
    static const char letters[] =
        "wwwwwwwwWWWpppp0000123sssssssSSSerbyyyyfaaaaccccccccJKLBBBBnQQQQdhhhhh";
    static const char cuts[] = "lGNd";

    for (size_t count = dice_below(dice, 4); count > 0; count--) {
        chaos_act(chaos, letters[dice_below(dice, sizeof letters - 1)]);
    }
    if (dice_chance(dice, 1)) {
        chaos_act(chaos, cuts[dice_below(dice, sizeof cuts - 1)]);
    }
    chaos_pass(chaos, dice_below(dice, 50));
}

static void say_line(struct chaos *chaos, struct dice *dice, bool *multiple, struct record *record,
                     size_t line)
{
    record->line = line;
    record->len = random_line(dice, multiple, record->text);
    chaos_say(chaos, record->text, record->len);
    let_things_happen(chaos, dice);
    if (dice_chance(dice, 10) || line == LINES - 1) {
        ck_assert_msg(chaos_find_again(chaos), "the module is lost: %.*s", (int)sizeof chaos->tail,
                      chaos->tail);
    }
}

/* Every other episode is in the dialect of a shipping module. */
static void play(struct chaos *chaos, struct record *record, uint64_t seed)
{
    static const char join[] = "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n";
    struct dice dice = {seed};
    bool multiple = false;

    record->seed = seed;
    chaos_start(chaos, seed % 2 == 0 ? FW_DIALECT_W800 : FW_DIALECT_MANUAL);
    chaos_say(chaos, join, sizeof join - 1);
    chaos_pass(chaos, 1000);
    for (size_t line = 0; line < LINES; line++) {
        say_line(chaos, &dice, &multiple, record, line);
    }
    chaos_stop(chaos);
    record->seed = 0;
}

START_TEST(whatever_is_said_the_module_is_found_again)
{
    static struct chaos chaos;
    uint64_t count = EPISODES / BATCHES, first = (uint64_t)_i * count + 1;

    if (only_seed != 0) {
        play(&chaos, &records[_i], only_seed);
        return;
    }
    if (getenv("WMAT_FEW_WAYS") != NULL) { /* under valgrind */
        count /= 10;
    }
    for (uint64_t seed = first; seed < first + count; seed++) {
        play(&chaos, &records[_i], seed);
    }
}
END_TEST

static void print_failure(const struct record *record)
{
    fprintf(stderr, "again: test-firmware-random %" PRIu64 "\nline %zu: ", record->seed,
            record->line);
    for (size_t i = 0; i < record->len && i < 400; i++) {
        unsigned char c = (unsigned char)record->text[i];

        if (c < 0x20 || c > 0x7e) {
            fprintf(stderr, "\\x%02x", c);
        } else {
            fputc(c, stderr);
        }
    }
    fputc('\n', stderr);
}

int main(int argc, char **argv)
{
    const char *seed = argc > 1 ? argv[1] : getenv("WMAT_SEED");
    Suite *suite = suite_create("random");
    TCase *tc = tcase_create("random");
    SRunner *runner;
    int failed;

    only_seed = seed != NULL ? strtoull(seed, NULL, 0) : 0;
    records = mmap(NULL, BATCHES * sizeof *records, PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (records == MAP_FAILED) {
        return EXIT_FAILURE;
    }
    tcase_set_timeout(tc, 600);
    tcase_add_loop_test(tc, whatever_is_said_the_module_is_found_again, 0,
                        only_seed != 0 ? 1 : BATCHES);
    suite_add_tcase(suite, tc);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    for (size_t i = 0; i < BATCHES; i++) {
        if (records[i].seed != 0) {
            print_failure(&records[i]);
        }
    }
    srunner_free(runner);
    return failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
