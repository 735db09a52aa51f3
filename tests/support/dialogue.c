#include "dialogue.h"

#include <string.h>

struct bench bench;
int link0;

void open_passive(int piece)
{
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, (size_t)piece);
    link0 = bench_connect(&bench);
}

void open_active(int piece, size_t ring_bytes)
{
    bench_open(&bench, WM_RECEIVE_ACTIVE, ring_bytes, (size_t)piece);
    link0 = bench_connect(&bench);
}

int result_of(struct wm_op *op)
{
    ck_assert(wm_op_ended(op));
    return op->result;
}

int state_of(int link)
{
    struct wm_link_info info;
    ck_assert_int_eq(wm_core_link_info(&bench.core, link, &info), 0);
    return (int)info.state;
}

int read_link(int link, char *buffer, size_t cap)
{
    return wm_core_read(&bench.core, link, buffer, cap, bench.now_ms);
}

void expect_read(const char *text)
{
    char buffer[8192];
    int len = read_link(link0, buffer, sizeof buffer);
    ck_assert_int_eq(len, (int)strlen(text));
    ck_assert_int_eq(memcmp(buffer, text, strlen(text)), 0);
}
