/* How a shipping module reads its line (device_dialect, section 2): in reads of up to 150 bytes,
 * which a pause ends. A read is looked at as a whole: what stands behind a command in it is part of
 * that command's message. */
#ifndef FW_BURST_H
#define FW_BURST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "line.h"

#define FW_READ_MAX 150

/* The pause that ends a read. The chip's UART counts bit times; a clock that ticks in milliseconds
 * can't tell less than two ticks from two bytes that follow one another. At 115200 baud 11 to 22
 * bytes would have passed meanwhile; below 19200 baud a burst may end between its bytes, which is
 * seen only where something stands behind a command. */
#define FW_READ_GAP_MS 2

struct fw_burst {
    char text[AT_LINE_MAX]; /* what earlier reads have left, and the present one */
    size_t len;
    size_t read_len; /* of the present read; 0: none has begun */
    uint64_t last_ms;
    bool too_long; /* there was no room for the present read */
    bool spoiled;  /* it has a NUL */
};

void fw_burst_init(struct fw_burst *burst);

/* Takes bytes until the read is full: how many. */
size_t fw_burst_take(struct fw_burst *burst, const char *bytes, size_t len, uint64_t now_ms);

/* Whether the read has ended: it is full, or the pause has lasted. And when the pause will have;
 * UINT64_MAX without a read. */
bool fw_burst_has_ended(const struct fw_burst *burst, uint64_t now_ms);
uint64_t fw_burst_deadline(const struct fw_burst *burst);

/* Ends the read. FW_LINE_COMPLETE: text and len are a message with CR LF somewhere in it, and stay
 * until fw_burst_init forgets them. FW_LINE_TOO_LONG: everything is forgotten, as it is, with
 * FW_LINE_NONE, after a NUL. Otherwise more reads are added. */
enum fw_line_event fw_burst_end(struct fw_burst *burst);

#endif
