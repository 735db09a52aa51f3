/* A trace, read back: in pieces, as it was written, or taken apart into lines and payload. */
#ifndef TRACE_READ_H
#define TRACE_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "trace.h"

/* Where a reader is. Begin with {.in = FILE}. */
struct trace_reader {
    FILE *in;
    unsigned long line;     /* number of the line that was read last */
    struct trace_head head; /* all 0 where the trace has none */
    bool has_head;
    size_t wire_bytes[2]; /* passed so far: rx, tx */
    char *text;           /* the line */
    size_t size;
    /* The piece that was read last. */
    uint64_t time_ms;
    bool tx;
    char *bytes; /* valid until the next one is read */
    size_t len;
};

/* Reads a piece. Returns 1, 0 at the end, -1 where a line is not part of a trace. */
int trace_next(struct trace_reader *reader);

/* Frees what the reader has allocated, not the file. */
void trace_reader_free(struct trace_reader *reader);

#define TRACE_SAMPLE 24 /* bytes shown of a payload */

/* A line without its end, or payload; a frame is both. Valid during the call. */
struct trace_item {
    bool tx;
    uint64_t start_ms, end_ms; /* of its first and last byte */
    const char *line;          /* terminated */
    size_t len;
    size_t payload; /* bytes that were announced; 0: none */
    size_t came;    /* of these; fewer where the trace ends or the link did */
    int link;       /* of the payload; -1: none was named */
    const char *sample;
    size_t sampled; /* at most TRACE_SAMPLE, but see trace_split_open */
};

typedef void (*trace_item_fn)(void *user, const struct trace_item *item);

/* Takes apart what passes on a line while it does. sample: how many bytes of a payload an item has
 * at most. NULL: no memory. */
struct trace_split *trace_split_open(size_t sample, trace_item_fn on_item, void *user);

void trace_split_feed(struct trace_split *split, bool tx, uint64_t time_ms, const char *bytes,
                      size_t len);

/* How many bytes of payload the module awaits from the host. */
size_t trace_split_due(const struct trace_split *split);

/* Tells what has come of unfinished lines and payload, and frees it. NULL is allowed. */
void trace_split_close(struct trace_split *split);

/* Tells all items. Returns 0, or the number of the line of reader->in that is not part of a trace.
 */
unsigned long trace_items(struct trace_reader *reader, trace_item_fn on_item, void *user);

/* Prints bytes with what a terminal might take for orders made harmless. */
void trace_print_bytes(FILE *out, const char *bytes, size_t len);

#endif
