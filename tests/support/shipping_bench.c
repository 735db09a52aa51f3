#include "shipping_bench.h"

#include <stdio.h>
#include <string.h>

struct fw_bench bench;
struct fake_peer *linked;
char many[12000];

void shipping_start(void)
{
    memset(many, 'a', sizeof many);
    bench_start_as(&bench, BENCH_WHOLE, FW_DIALECT_W800);
}

void shipping_start_joined(void)
{
    shipping_start();
    bench_join(&bench);
}

void shipping_start_linked(void)
{
    shipping_start_joined();
    linked = bench_connect(&bench);
}

void shipping_start_multiple(void)
{
    shipping_start_joined();
    bench_command(&bench, "AT+CIPMUX=1", "OK\r\n");
}

void shipping_stop(void)
{
    bench_stop(&bench);
}

void shipping_play(const struct exchange *exchanges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fprintf(stderr, "%s\n", exchanges[i].line);
        bench_command(&bench, exchanges[i].line, exchanges[i].answer);
    }
}
