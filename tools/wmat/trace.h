/* The trace of a line: JSON, a line each. The first says how the driver was opened (version of the
 * library, speed of the line or 0 for one without, flow control, enum wm_receive, size of a
 * receive buffer, timeout of calls in ms),
 *   {"wmat":"0.1.0","baud":115200,"rtscts":0,"attach":1,"receive":0,"ring":16384,"timeout":0}
 * then comes one for each piece that passed,
 *   {"t":12,"dir":"tx","text":"AT+CIPMUX?\r\n"}
 * t: milliseconds since the first piece; dir: tx from the host, rx from the module; text: the
 * bytes, each one a character of that number (so 0x00 is \u0000 and 0xff is \u00ff). */
#ifndef TRACE_H
#define TRACE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <wmat/core.h>

struct trace;

/* How the driver was opened that a trace is of. */
struct trace_head {
    unsigned baud; /* 0: unknown, or no line with a speed */
    unsigned rtscts, attach, receive;
    unsigned ring_bytes, timeout_ms;
};

/* NULL, and errno, when path can't be written. head NULL: the trace says nothing about it. */
struct trace *trace_open(const char *path, const struct trace_head *head);

/* A wm_trace_fn; user is the trace. */
void trace_write(void *user, enum wm_trace_kind kind, const void *bytes, size_t len,
                 uint64_t now_ms);

/* NULL is allowed. */
void trace_close(struct trace *trace);

/* Writes a trace so that people can read it: a line a line, payload shortened. Returns 0, or the
 * number of the line of in that is not part of a trace. */
unsigned long trace_show(FILE *in, FILE *out);

#endif
