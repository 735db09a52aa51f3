/* The guard times of `+++` (TCP-IP_AT: +++): 30 ms of silence before the first `+`, at most 30 ms
 * between them, 30 ms of silence after the third. */
#ifndef FW_ESCAPE_H
#define FW_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fw_escape {
    uint64_t last_ms; /* when the last byte came in */
    uint8_t count;    /* `+` of a possible escape so far: 0..3 */
    bool spoiled;     /* something else came in after the last silence */
};

/* Starts to look: now_ms is when the last byte before came in. */
void fw_escape_start(struct fw_escape *escape, uint64_t now_ms);

/* Bytes that came in. */
void fw_escape_feed(struct fw_escape *escape, const char *bytes, size_t len, uint64_t now_ms);

/* Whether the silence after `+++` has lasted. */
bool fw_escape_due(const struct fw_escape *escape, uint64_t now_ms);

/* When fw_escape_due can become true, UINT64_MAX when no `+++` is waiting. */
uint64_t fw_escape_deadline(const struct fw_escape *escape);

/* How many of the last bytes may still become a `+++`: whoever passes bytes on keeps them back. */
unsigned fw_escape_held(const struct fw_escape *escape, uint64_t now_ms);

/* When fw_escape_held falls to 0 if nothing else comes in, UINT64_MAX when it is 0. */
uint64_t fw_escape_release(const struct fw_escape *escape, uint64_t now_ms);

#endif
