/* Reads the comma-separated fields of a result line: numbers, and texts with or without quotes.
 * Nothing here can run past the line. */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

struct scan {
    const char *at; /* first character of the next field */
    const char *end;
    bool ended; /* no field is left */
};

/* The fields of line behind its first skip characters. */
struct scan scan_fields(struct slice line, size_t skip);

/* The fields of line if it starts with prefix; else false. */
bool scan_after(struct slice line, const char *prefix, struct scan *scan);

/* The fields of an answer, "+<name>:...". Shipping modules leave out the plus, print two colons, or
 * an equals sign (device_dialect, sections 9, 10 and 13). */
bool scan_answer(struct slice line, const char *name, struct scan *scan);

bool scan_ended(const struct scan *scan);

/* Does a digit come next? */
bool scan_at_digit(const struct scan *scan);

/* Takes one field. False, with the scan where it was, if there is none, it is not a decimal number,
 * or it is over max. */
bool scan_uint(struct scan *scan, uint32_t max, uint32_t *value);

/* A number with an optional minus sign, of at most 9 digits. */
bool scan_int(struct scan *scan, int *value);

/* Takes one field as text, without its quotes. A quoted text ends at a quote before a comma or at
 * the end: modules don't escape what they print. */
bool scan_text(struct scan *scan, struct slice *text);

/* Copies text, terminated, cut to size; NULs and control characters become '?'. */
void scan_copy(char *to, size_t size, struct slice text);

/* scan_text and scan_copy in one. */
bool scan_string(struct scan *scan, char *to, size_t size);

#endif
