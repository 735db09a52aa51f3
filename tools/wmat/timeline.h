/* What happened on a recorded line: commands with their results, data, reports, links. */
#ifndef TIMELINE_H
#define TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "trace_read.h"

enum entry_kind {
    ENTRY_COMMAND, /* text: the line; result: the final one, NULL where none came */
    ENTRY_DATA,    /* text: the first bytes, with escapes */
    ENTRY_REPORT,  /* text: the line */
    ENTRY_RAW,     /* of the host's, what is no command: +++ */
};

struct entry {
    enum entry_kind kind;
    uint64_t start_ms, end_ms;
    bool tx;
    bool failed; /* the result of a command is an error */
    int link;    /* -1: none, or unknown */
    size_t bytes;
    char *text;
    char *result;
    size_t answers; /* lines of the module's between command and result */
};

struct link_life {
    int id;
    uint64_t start_ms, end_ms;
    size_t bytes[2];                  /* rx, tx */
    uint64_t first_ms[2], last_ms[2]; /* of its data; where a command moved them, the command's
                                         own times */
    bool open;                        /* at the end of the trace */
};

struct timeline {
    struct trace_head head;
    struct entry *entries;
    size_t count;
    struct link_life *links;
    size_t link_count;
    uint64_t end_ms;      /* it starts at 0 */
    size_t wire_bytes[2]; /* rx, tx */
};

/* Reads a trace. Returns 0, or the number of the line that is not part of one. Free it in either
 * case. */
unsigned long timeline_read(struct timeline *timeline, FILE *in);

void timeline_free(struct timeline *timeline);

/* The name and form of a command line, "AT+CIPSEND=" of "AT+CIPSEND=0,5": its length. */
size_t command_name_length(const char *line);

/* Writes one self-contained page that draws it. title: the name of the file. */
void timeline_html(const struct timeline *timeline, const char *title, FILE *out);

#endif
