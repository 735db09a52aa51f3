/* The command line reader: bytes to whole lines. */
#ifndef FW_LINE_H
#define FW_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "at_limits.h"

/* What the bytes so far amount to. */
enum fw_line_event {
    FW_LINE_NONE,     /* no whole line yet */
    FW_LINE_COMPLETE, /* text and len hold a line, without its CR LF */
    FW_LINE_TOO_LONG, /* a line of more than AT_LINE_MAX bytes has ended; nothing of it is left */
};

struct fw_line {
    char text[AT_LINE_MAX]; /* bytes as they came, NUL and control bytes included */
    size_t len;
    bool too_long;
    bool complete; /* text holds a line that was handed out: the next byte starts a new one */
};

void fw_line_init(struct fw_line *line);

/* Takes bytes up to the end of the first line and returns how many; the rest belongs to whatever
 * that line asks for. A line ends with CR LF and with nothing else: a lone CR or LF is part of it.
 * The line that FW_LINE_COMPLETE announces is valid until the next call. */
size_t fw_line_take(struct fw_line *line, const char *bytes, size_t len, enum fw_line_event *event);

/* How many bytes stand in front of the first CR LF; len where there is none. */
size_t fw_line_length(const char *text, size_t len);

#endif
