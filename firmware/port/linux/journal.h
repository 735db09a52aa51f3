/* The trace of all modules as JSON lines: time in ms since the start, module, and either a
 * direction with the bytes as text, or what happened. */
#ifndef FW_JOURNAL_H
#define FW_JOURNAL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct fw_journal {
    FILE *file; /* NULL: no trace */
    uint64_t start_ms;
};

/* "in": from the host to the module; "out": the other way. A byte outside of printable ASCII is
 * \u00XX. */
void fw_journal_bytes(struct fw_journal *journal, uint64_t now_ms, unsigned module,
                      const char *direction, const void *bytes, size_t len);
void fw_journal_event(struct fw_journal *journal, uint64_t now_ms, unsigned module,
                      const char *subject, const char *text);

#endif
