#include "ring.h"

#include <assert.h>
#include <string.h>

size_t fw_ring_space(struct fw_ring *ring, unsigned char **space)
{
    size_t tail;
    size_t to_end;
    size_t room = sizeof ring->bytes - ring->used;

    if (ring->used == 0) {
        ring->head = 0; /* one long piece instead of two */
    }
    tail = (ring->head + ring->used) % sizeof ring->bytes;
    to_end = sizeof ring->bytes - tail;
    *space = ring->bytes + tail;
    return room < to_end ? room : to_end;
}

void fw_ring_produced(struct fw_ring *ring, size_t len)
{
    assert(len <= sizeof ring->bytes - ring->used);
    ring->used += len;
}

size_t fw_ring_peek(const struct fw_ring *ring, const unsigned char **bytes)
{
    size_t to_end = sizeof ring->bytes - ring->head;

    *bytes = ring->bytes + ring->head;
    return ring->used < to_end ? ring->used : to_end;
}

void fw_ring_consumed(struct fw_ring *ring, size_t len)
{
    assert(len <= ring->used);
    ring->head = (ring->head + len) % sizeof ring->bytes;
    ring->used -= len;
}

void fw_ring_write(struct fw_ring *ring, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;

    while (len > 0) {
        unsigned char *space;
        size_t n = fw_ring_space(ring, &space);

        n = n < len ? n : len;
        memcpy(space, at, n);
        fw_ring_produced(ring, n);
        at += n;
        len -= n;
    }
}

void fw_ring_read(struct fw_ring *ring, void *bytes, size_t len)
{
    unsigned char *at = bytes;

    while (len > 0) {
        const unsigned char *piece;
        size_t n = fw_ring_peek(ring, &piece);

        n = n < len ? n : len;
        memcpy(at, piece, n);
        fw_ring_consumed(ring, n);
        at += n;
        len -= n;
    }
}

void fw_ring_cut(struct fw_ring *ring, size_t len)
{
    assert(len <= ring->used);
    ring->used -= len;
}

void fw_ring_clear(struct fw_ring *ring)
{
    ring->head = ring->used = 0;
}
