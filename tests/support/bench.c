#include "bench.h"

#include <check.h>
#include <string.h>

#include <wmat/tcp.h>

#define LIMIT_MS 5000

static void collect(struct bench *bench)
{
    const void *out;
    size_t len;
    while ((len = wm_core_output(&bench->core, &out, bench->now_ms)) > 0) {
        ck_assert_uint_le(bench->sent_len + len, sizeof bench->sent);
        memcpy(bench->sent + bench->sent_len, out, len);
        bench->sent_len += len;
        wm_core_sent(&bench->core, len, bench->now_ms);
    }
}

void bench_start_links(struct bench *bench, unsigned link_count, enum wm_receive receive,
                       size_t ring_bytes, size_t piece)
{
    memset(bench, 0, sizeof *bench);
    bench->now_ms = 1000;
    bench->piece = piece;
    struct wm_core_config config = {.links = bench->links,
                                    .link_count = link_count,
                                    .rings = bench->rings,
                                    .ring_bytes = ring_bytes,
                                    .receive = receive,
                                    .settings = bench->settings,
                                    .settings_bytes = sizeof bench->settings,
                                    .idle_poll_ms = WM_FOREVER};
    ck_assert_int_eq(wm_core_init(&bench->core, &config, bench->now_ms), 0);
}

void bench_start(struct bench *bench, enum wm_receive receive, size_t ring_bytes, size_t piece)
{
    bench_start_links(bench, WM_LINKS, receive, ring_bytes, piece);
}

void bench_module_bytes(struct bench *bench, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        size_t n = bench->piece && bench->piece < len ? bench->piece : len;
        ck_assert_uint_eq(wm_core_feed(&bench->core, at, n, bench->now_ms), n);
        collect(bench);
        at += n;
        len -= n;
    }
}

void bench_module(struct bench *bench, const char *text)
{
    bench_module_bytes(bench, text, strlen(text));
}

void bench_pass(struct bench *bench, unsigned ms)
{
    for (unsigned i = 0; i < ms; i++) {
        bench->now_ms++;
        wm_core_tick(&bench->core, bench->now_ms);
        collect(bench);
    }
}

void bench_expect_bytes(struct bench *bench, const void *bytes, size_t len)
{
    collect(bench);
    for (unsigned ms = 0; bench->sent_len < len && ms < LIMIT_MS; ms++)
        bench_pass(bench, 1);
    ck_assert_uint_ge(bench->sent_len, len);
    ck_assert_msg(memcmp(bench->sent, bytes, len) == 0, "sent \"%.*s\" instead of \"%.*s\"",
                  (int)bench->sent_len, bench->sent, (int)len, (const char *)bytes);
    memmove(bench->sent, bench->sent + len, bench->sent_len - len);
    bench->sent_len -= len;
}

void bench_expect(struct bench *bench, const char *text)
{
    bench_expect_bytes(bench, text, strlen(text));
}

void bench_silence(struct bench *bench, unsigned ms)
{
    bench_pass(bench, ms);
    ck_assert_msg(bench->sent_len == 0, "sent \"%.*s\" instead of nothing", (int)bench->sent_len,
                  bench->sent);
}

void bench_answer_search(struct bench *bench)
{
    bench_expect(bench, "+++");
    bench_expect(bench, "\r\n");
    bench_expect(bench, "AT\r\n");
    bench_module(bench, "OK\r\n");
}

void bench_answer_profile(struct bench *bench)
{
    bench_expect(bench, "AT+SYSSTORE?\r\n");
    bench_module(bench, "+SYSSTORE:1\r\nOK\r\n");
}

void bench_answer_single(struct bench *bench, enum wm_receive receive)
{
    bench_expect(bench, "AT+CIPMODE=0\r\n");
    bench_module(bench, "OK\r\n");
    bench_expect(bench, "AT+CIPMUX?\r\n");
    bench_module(bench, "+CIPMUX:0\r\nOK\r\n");
    bench_expect(bench, "AT+CIPSTATE?\r\n");
    bench_module(bench, "OK\r\n");
    bench_expect(bench, "AT+CIPMUX=1\r\n");
    bench_module(bench, "OK\r\n");
    bench_expect(bench,
                 receive == WM_RECEIVE_ACTIVE ? "AT+CIPRECVMODE=0\r\n" : "AT+CIPRECVMODE=1\r\n");
    bench_module(bench, "OK\r\n");
    bench_expect(bench, "AT+CIPDINFO=0\r\n");
    bench_module(bench, "OK\r\n");
    bench_expect(bench, "AT+CWSTATE?\r\n");
    bench_module(bench, "+CWSTATE:0,\"\"\r\nOK\r\n");
}

void bench_answer_setup_lines(struct bench *bench, enum wm_receive receive)
{
    bench_answer_profile(bench);
    bench_answer_single(bench, receive);
}

void bench_answer_setup(struct bench *bench, enum wm_receive receive)
{
    bench_answer_setup_lines(bench, receive);
    ck_assert(wm_core_ready(&bench->core));
}

void bench_answer_checkup(struct bench *bench, enum wm_receive receive, const char *links)
{
    bench_expect(bench, "AT+CIPMODE=0\r\n");
    bench_module(bench, "OK\r\n");
    bench_expect(bench, "AT+CIPMUX?\r\n");
    bench_module(bench, "+CIPMUX:1\r\nOK\r\n");
    bench_expect(bench, "AT+CIPSTATE?\r\n");
    bench_module(bench, links);
    bench_module(bench, "OK\r\n");
    bench_expect(bench,
                 receive == WM_RECEIVE_ACTIVE ? "AT+CIPRECVMODE=0\r\n" : "AT+CIPRECVMODE=1\r\n");
    bench_module(bench, "OK\r\n");
    bench_expect(bench, "AT+CIPDINFO=0\r\n");
    bench_module(bench, "OK\r\n");
    bench_expect(bench, "AT+CWSTATE?\r\n");
    bench_module(bench, "+CWSTATE:2,\"x\"\r\nOK\r\n");
}

void bench_open(struct bench *bench, enum wm_receive receive, size_t ring_bytes, size_t piece)
{
    bench_start(bench, receive, ring_bytes, piece);
    bench_answer_search(bench);
    bench_answer_setup(bench, receive);
}

void bench_submit(struct bench *bench, struct wm_op *op, uint32_t timeout_ms)
{
    ck_assert_int_eq(wm_core_submit(&bench->core, op, timeout_ms, NULL, NULL, bench->now_ms), 0);
    collect(bench);
}

int bench_result(const struct wm_op *op)
{
    ck_assert(wm_op_ended(op));
    return op->result;
}

int bench_run(struct bench *bench, struct wm_op *op, const char *command, const char *answer)
{
    bench_submit(bench, op, 0);
    bench_expect(bench, command);
    bench_module(bench, answer);
    return bench_result(op);
}

int bench_connect(struct bench *bench)
{
    struct wm_tcp_options options = {.host = "127.0.0.1", .port = 7};
    struct wm_op op;
    char line[64] = "AT+CIPSTART=_,\"TCP\",\"127.0.0.1\",7\r\n";
    char answer[] = "_,CONNECT\r\nOK\r\n";
    ck_assert_int_eq(wm_tcp_connect_prepare(&op, &options), 0);
    bench_submit(bench, &op, 0);
    line[12] = answer[0] = (char)('0' + (op.link & 7));
    bench_expect(bench, line);
    bench_module(bench, answer);
    ck_assert(wm_op_ended(&op));
    ck_assert_int_gt(op.result, 0);
    return op.result;
}
