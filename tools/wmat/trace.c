#include "trace.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <wmat/wmat.h>

struct trace {
    FILE *file;
    uint64_t start_ms;
    bool started;
};

static void put_head(FILE *file, const struct trace_head *head)
{
    fprintf(file,
            "{\"wmat\":\"%s\",\"baud\":%u,\"rtscts\":%u,\"attach\":%u,\"receive\":%u,"
            "\"ring\":%u,\"timeout\":%u}\n",
            wm_version(), head->baud, head->rtscts, head->attach, head->receive, head->ring_bytes,
            head->timeout_ms);
}

struct trace *trace_open(const char *path, const struct trace_head *head)
{
    struct trace *trace = calloc(1, sizeof *trace);

    if (trace == NULL)
        return NULL;
    trace->file = fopen(path, "we");
    if (trace->file == NULL) {
        free(trace);
        return NULL;
    }
    setvbuf(trace->file, NULL, _IOLBF, 1 << 16);
    if (head != NULL)
        put_head(trace->file, head);
    return trace;
}

static void put_byte(FILE *file, unsigned char byte)
{
    if (byte == '"' || byte == '\\')
        fprintf(file, "\\%c", byte);
    else if (byte == '\r')
        fputs("\\r", file);
    else if (byte == '\n')
        fputs("\\n", file);
    else if (byte < 0x20 || byte >= 0x7f)
        fprintf(file, "\\u%04x", byte);
    else
        fputc(byte, file);
}

void trace_write(void *user, enum wm_trace_kind kind, const void *bytes, size_t len,
                 uint64_t now_ms)
{
    struct trace *trace = user;

    if (!trace->started)
        trace->start_ms = now_ms;
    trace->started = true;
    fprintf(trace->file, "{\"t\":%" PRIu64 ",\"dir\":\"%s\",\"text\":\"", now_ms - trace->start_ms,
            kind == WM_TRACE_TX ? "tx" : "rx");
    for (size_t i = 0; i < len; i++)
        put_byte(trace->file, ((const unsigned char *)bytes)[i]);
    fputs("\"}\n", trace->file);
}

void trace_close(struct trace *trace)
{
    if (trace == NULL)
        return;
    if (fclose(trace->file) != 0)
        fprintf(stderr, "wmat: the trace is not complete: %s\n", strerror(errno));
    free(trace);
}
