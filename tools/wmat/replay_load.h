/* A recording in memory, for replay. */
#ifndef REPLAY_LOAD_H
#define REPLAY_LOAD_H

#include "trace_read.h"

#define REPLAY_LINKS 5

struct piece {
    unsigned long line;
    uint64_t time_ms;
    bool tx;
    size_t start, len; /* in bytes of its direction */
};

/* Payload that came on a link. */
struct frame_mark {
    size_t piece; /* that ends it */
    int link;
    size_t start, len; /* in the payload of all links */
};

struct buffer {
    char *bytes;
    size_t len, cap;
};

struct recording {
    struct trace_head head;
    struct piece *pieces;
    size_t count;
    struct buffer wire[2]; /* rx, tx: all bytes one behind the other */
    struct buffer payload;
    struct frame_mark *frames;
    size_t frame_count;
    bool full; /* no memory */
};

/* Returns 0, or the number of the line that is not part of a trace. Free it in either case. */
unsigned long recording_load(struct recording *recording, FILE *in);
void recording_free(struct recording *recording);

#endif
