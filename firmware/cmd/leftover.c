#include "leftover.h"

#include <string.h>

static size_t place_of(const struct fw_leftover *leftover, unsigned id)
{
    size_t at = 0;

    for (unsigned before = 0; before < id; before++) {
        at += leftover->len[before];
    }
    return at;
}

static void forget(struct fw_leftover *leftover, unsigned id)
{
    size_t at = place_of(leftover, id), end = at + leftover->len[id];

    memmove(leftover->bytes + at, leftover->bytes + end, leftover->used - end);
    leftover->used -= leftover->len[id];
    leftover->len[id] = 0;
}

void fw_leftover_keep(struct fw_leftover *leftover, unsigned id, unsigned generation,
                      struct fw_ring *ring)
{
    size_t at, len, room;

    forget(leftover, id);
    at = place_of(leftover, id);
    room = sizeof leftover->bytes - leftover->used;
    len = ring->used < room ? ring->used : room;
    memmove(leftover->bytes + at + len, leftover->bytes + at, leftover->used - at);
    fw_ring_read(ring, leftover->bytes + at, len);
    leftover->used += len;
    leftover->len[id] = len;
    leftover->generation[id] = generation;
}

size_t fw_leftover_take(struct fw_leftover *leftover, unsigned id, unsigned generation, size_t max,
                        struct fw_ring *ring)
{
    size_t len = leftover->generation[id] == generation ? leftover->len[id] : 0;

    len = len < max ? len : max;
    fw_ring_write(ring, leftover->bytes + place_of(leftover, id), len);
    forget(leftover, id);
    return len;
}
