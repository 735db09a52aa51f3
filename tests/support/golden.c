#include "golden.h"

#include <check.h>
#include <string.h>

#include "bench.h"

static void check_out(const struct golden *row)
{
    const unsigned char *out = row->out, *expected = row->expected;
    for (size_t i = 0; i < row->size; i++) {
        unsigned char wanted = expected ? expected[i] : 0;
        ck_assert_msg(out[i] == wanted, "%s: byte %u is 0x%02x instead of 0x%02x",
                      row->turns[0].answer, (unsigned)i, out[i], wanted);
    }
}

static void play(const struct golden *row, size_t piece, bool echo)
{
    static struct bench bench;
    struct wm_op op;
    if (row->out)
        memset(row->out, 0x55, row->size);
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, piece);
    ck_assert_int_eq(row->prepare(&op), 0);
    bench_submit(&bench, &op, 0);
    for (int i = 0; i < GOLDEN_TURNS && row->turns[i].command; i++) {
        ck_assert_msg(!wm_op_ended(&op), "ended with %d before %s", op.result,
                      row->turns[i].command);
        bench_expect(&bench, row->turns[i].command);
        bench_expect(&bench, "\r\n");
        if (echo) {
            bench_module(&bench, row->turns[i].command);
            bench_module(&bench, "\r\n\r\n");
        }
        bench_module(&bench, row->turns[i].answer);
        bench_module(&bench, "\r\n");
    }
    ck_assert_msg(wm_op_ended(&op), "%s did not end", row->turns[0].command);
    ck_assert_msg(op.result == row->result, "%s: %d instead of %d", row->turns[0].answer, op.result,
                  row->result);
    check_out(row);
    bench_silence(&bench, 100);
}

void golden_play(const struct golden *row)
{
    play(row, 0, false);
    play(row, 1, false);
    play(row, 0, true);
}
