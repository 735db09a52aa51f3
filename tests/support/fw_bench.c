#include "fw_bench.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"

static void hear(struct fw_bench *bench)
{
    if (bench->deaf) {
        return;
    }
    bench->out_len += fw_drain(&bench->fw, bench->out + bench->out_len,
                               sizeof bench->out - bench->out_len, bench->now_ms);
    ck_assert_msg(bench->out_len < sizeof bench->out, "the bench has no room for the output");
}

void bench_boot(struct fw_bench *bench)
{
    struct fw_config config = {.port = &bench->fake.port,
                               .dialect = bench->dialect,
                               .interleave = bench->interleave,
                               .byte_by_byte = bench->byte_by_byte};

    ck_assert_int_eq(fw_init(&bench->fw, &config, bench->now_ms), 0);
    hear(bench);
}

void bench_start(struct fw_bench *bench, enum bench_feed feed)
{
    bench_start_as(bench, feed, FW_DIALECT_MANUAL);
}

void bench_start_as(struct fw_bench *bench, enum bench_feed feed, enum fw_dialect dialect)
{
    memset(bench, 0, sizeof *bench);
    bench->now_ms = 1000;
    bench->feed = feed;
    bench->dialect = dialect;
    fake_port_init(&bench->fake);
    bench_boot(bench);
    bench_expect(bench, "ready\r\n");
}

void bench_stop(struct fw_bench *bench)
{
    fw_stop(&bench->fw, bench->now_ms);
    ck_assert_uint_eq(fake_open_sockets(&bench->fake), 0);
    fake_port_free(&bench->fake);
}

void bench_say_bytes(struct fw_bench *bench, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        size_t piece = bench->feed == BENCH_BYTES ? 1 : len;
        size_t used = fw_feed(&bench->fw, at, piece, bench->now_ms);

        hear(bench);
        ck_assert_msg(used > 0, "the module takes no input although its output was read");
        at += used;
        len -= used;
    }
}

void bench_say(struct fw_bench *bench, const char *text)
{
    bench_say_bytes(bench, text, strlen(text));
}

void bench_wait(struct fw_bench *bench, uint64_t ms)
{
    uint64_t end_ms = bench->now_ms + ms;

    for (;;) {
        uint64_t next_ms;

        fw_tick(&bench->fw, bench->now_ms);
        hear(bench);
        next_ms = fw_deadline(&bench->fw);
        ck_assert_msg(next_ms > bench->now_ms, "a deadline stays although its time has come");
        if (bench->now_ms == end_ms) {
            return;
        }
        bench->now_ms = next_ms < end_ms ? next_ms : end_ms;
    }
}

static void print_text(const char *label, const char *bytes, size_t len)
{
    fprintf(stderr, "%s (%zu) ", label, len);
    for (size_t i = 0; i < len && i < 400; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c == '\r' || c == '\n') {
            fputs(c == '\r' ? "\\r" : "\\n", stderr);
        } else if (c < 0x20 || c > 0x7e) {
            fprintf(stderr, "\\x%02x", c);
        } else {
            fputc(c, stderr);
        }
    }
    fputc('\n', stderr);
}

void bench_expect_bytes(struct fw_bench *bench, const void *bytes, size_t len)
{
    hear(bench);
    if (bench->out_len != len || memcmp(bench->out, bytes, len) != 0) {
        print_text("expected", bytes, len);
        print_text("said    ", bench->out, bench->out_len);
        ck_abort_msg("the module said something else");
    }
    bench->out_len = 0;
}

void bench_expect(struct fw_bench *bench, const char *text)
{
    bench_expect_bytes(bench, text, strlen(text));
}

void bench_talk(struct fw_bench *bench, const char *say, const char *expect)
{
    bench_say(bench, say);
    bench_expect(bench, expect);
}

void bench_command(struct fw_bench *bench, const char *line, const char *answer)
{
    char say[512], expect[8192];
    bool echo = bench->dialect == FW_DIALECT_W800;

    snprintf(say, sizeof say, "%s\r\n", line);
    snprintf(expect, sizeof expect, "%s%s%s", echo ? say : "", echo ? "\r\n" : "", answer);
    bench_say(bench, say);
    bench_wait(bench, BENCH_PAUSE_MS);
    bench_expect(bench, expect);
}

void bench_refuse(struct fw_bench *bench, const char *command, const char *const bad[],
                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char say[300];

        snprintf(say, sizeof say, "%s=%s\r\n", command, bad[i]);
        bench_say(bench, say);
        if (strncmp(bench->out, "CMD PARSE ERR", 13) != 0) {
            fprintf(stderr, "not refused: %s", say);
        }
        bench_expect(bench, "CMD PARSE ERR\r\n");
    }
}

void bench_reset(struct fw_bench *bench)
{
    fw_stop(&bench->fw, bench->now_ms);
    bench_boot(bench);
}

void bench_play(struct fw_bench *bench, const char *text)
{
    struct fw_script_event event;
    char reason[160];

    ck_assert_msg(fw_script_read_event(text, &event, reason, sizeof reason), "%s", reason);
    if (event.kind == FW_SCRIPT_RESET) {
        bench_reset(bench);
    }
    fw_script_play(&event, &bench->fake.radio, bench->now_ms);
    fw_tick(&bench->fw, bench->now_ms);
    hear(bench);
}

void bench_join(struct fw_bench *bench)
{
    bench_say(bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n");
    bench_wait(bench, 1000);
    if (bench->dialect == FW_DIALECT_W800) { /* test_w800_queries has its texts */
        ck_assert_ptr_nonnull(strstr(bench->out, "WIFI GOT IP "));
        bench->out_len = 0;
        return;
    }
    bench_expect(bench,
                 "WIFI CONNECTED\r\nOK\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
}

static void serve_once(struct fw_bench *bench)
{
    for (size_t i = 0; i < bench->fake.server_count; i++) {
        if (bench->fake.servers[i].port == 80) {
            return;
        }
    }
    fake_serve(&bench->fake, 80, FAKE_ACCEPTS, false);
}

/* Says a line that is answered at once, or when the burst has ended. */
static void ask(struct fw_bench *bench, const char *line, const char *answer)
{
    char say[80];

    if (bench->dialect == FW_DIALECT_W800) {
        bench_command(bench, line, answer);
        return;
    }
    snprintf(say, sizeof say, "%s\r\n", line);
    bench_talk(bench, say, answer);
}

struct fake_peer *bench_connect(struct fw_bench *bench)
{
    serve_once(bench);
    ask(bench, "AT+CIPSTART=\"TCP\",\"192.0.2.1\",80", "CONNECT\r\nOK\r\n");
    return fake_last_peer(&bench->fake);
}

struct fake_peer *bench_connect_id(struct fw_bench *bench, int id)
{
    char say[64], expect[32];

    serve_once(bench);
    snprintf(say, sizeof say, "AT+CIPSTART=%d,\"TCP\",\"192.0.2.1\",80", id);
    snprintf(expect, sizeof expect, "%d,CONNECT\r\nOK\r\n", id);
    ask(bench, say, expect);
    return fake_last_peer(&bench->fake);
}
