/* The trace of a line: one JSON object for each piece that passed,
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

/* NULL, and errno, when path can't be written. */
struct trace *trace_open(const char *path);

/* A wm_trace_fn; user is the trace. */
void trace_write(void *user, enum wm_trace_kind kind, const void *bytes, size_t len,
                 uint64_t now_ms);

/* NULL is allowed. */
void trace_close(struct trace *trace);

/* Writes a trace so that people can read it: a line a line, payload shortened. Returns 0, or the
 * number of the line of in that is not part of a trace. */
unsigned long trace_show(FILE *in, FILE *out);

#endif
