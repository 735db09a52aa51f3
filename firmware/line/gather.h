/* Payload on its way from the line of a shipping module (device_dialect, section 4): it is handed
 * over after 30 ms of silence, or once 1024 bytes wait. A read brings 150 of them at most, so that
 * a hand-over can have more; bytes that come one by one are handed over at exactly 1024. */
#ifndef FW_GATHER_H
#define FW_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "burst.h"

#define FW_HAND_OVER_BYTES 1024
#define FW_HAND_OVER_MS    30

struct fw_gather {
    size_t len;
    uint64_t last_ms;  /* when the last of them came */
    bool refused;      /* whoever they are for has no room now */
    bool byte_by_byte; /* each is a read of its own; the caller's to set */
    char bytes[FW_HAND_OVER_BYTES + FW_READ_MAX];
};

/* Empty; byte_by_byte stays. */
void fw_gather_init(struct fw_gather *gather);

/* Takes what a read can bring, or as many reads as may be taken before anything is due: how many
 * bytes, 0 when there is no room. */
size_t fw_gather_take(struct fw_gather *gather, const char *bytes, size_t len, uint64_t now_ms);

/* Whether they are to be handed over; and when silence makes them due, UINT64_MAX without any and
 * where they were refused. */
bool fw_gather_is_due(const struct fw_gather *gather, uint64_t now_ms);
uint64_t fw_gather_deadline(const struct fw_gather *gather);

/* Whether they are `+++` and nothing else. */
bool fw_gather_is_escape(const struct fw_gather *gather);

/* So many were taken; the others stay in front of what follows. */
void fw_gather_taken(struct fw_gather *gather, size_t len);

#endif
