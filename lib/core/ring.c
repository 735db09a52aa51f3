#include "ring.h"

#include <string.h>

void ring_init(struct wm_ring *ring, void *bytes, size_t size)
{
    *ring = (struct wm_ring){.bytes = bytes, .size = size};
}

size_t ring_stage(struct wm_ring *ring, const void *bytes, size_t len)
{
    size_t room = ring_free(ring);
    if (len > room)
        len = room;
    if (len == 0)
        return 0;
    size_t at = ring->start + ring->held;
    if (at >= ring->size)
        at -= ring->size;
    size_t first = ring->size - at < len ? ring->size - at : len;
    memcpy(ring->bytes + at, bytes, first);
    if (first < len)
        memcpy(ring->bytes, (const uint8_t *)bytes + first, len - first);
    ring->held += len;
    return len;
}

size_t ring_peek(const struct wm_ring *ring, void *buffer, size_t cap)
{
    size_t len = ring->used < cap ? ring->used : cap;
    if (len == 0)
        return 0;
    size_t first = ring->size - ring->start < len ? ring->size - ring->start : len;
    memcpy(buffer, ring->bytes + ring->start, first);
    if (first < len)
        memcpy((uint8_t *)buffer + first, ring->bytes, len - first);
    return len;
}

size_t ring_skip(struct wm_ring *ring, size_t cap)
{
    size_t len = ring->used < cap ? ring->used : cap;
    ring->start += len;
    if (ring->start >= ring->size)
        ring->start -= ring->size;
    ring->used -= len;
    ring->held -= len;
    return len;
}

size_t ring_read(struct wm_ring *ring, void *buffer, size_t cap)
{
    return ring_skip(ring, ring_peek(ring, buffer, cap));
}

size_t ring_part(const struct wm_ring *ring, size_t at, char *buffer, size_t cap)
{
    size_t len = ring_staged(ring) - at < cap ? ring_staged(ring) - at : cap;
    at += ring->start + ring->used;
    for (size_t i = 0; i < len; i++, at++)
        buffer[i] = (char)ring->bytes[at < ring->size ? at : at - ring->size];
    return len;
}
