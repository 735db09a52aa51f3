/* The receive buffer of a link. Bytes of a frame are staged until the frame has proved whole, so
 * that a frame that came up short can be taken back before anybody has read it. */
#ifndef RING_H
#define RING_H

#include <stddef.h>

#include <wmat/core.h>

void ring_init(struct wm_ring *ring, void *bytes, size_t size);

/* Room for bytes that are not here yet. */
static inline size_t ring_free(const struct wm_ring *ring)
{
    return ring->size - ring->held;
}

/* Stages up to len bytes; returns how many there was room for. */
size_t ring_stage(struct wm_ring *ring, const void *bytes, size_t len);

/* The place of len bytes that the caller will stage, or NULL where they don't fit without a break.
 */
static inline uint8_t *ring_place(struct wm_ring *ring, size_t len)
{
    size_t at = ring->start + ring->held;
    size_t room = ring->size - at;
    if (at >= ring->size) {
        at -= ring->size;
        room = ring->start - at;
    }
    if (len > room)
        return NULL;
    ring->held += len;
    return ring->bytes + at;
}

static inline size_t ring_staged(const struct wm_ring *ring)
{
    return ring->held - ring->used;
}

/* The last byte; there must be one. */
static inline uint8_t *ring_last(struct wm_ring *ring)
{
    size_t at = ring->start + ring->held - 1;
    return ring->bytes + (at < ring->size ? at : at - ring->size);
}

/* Makes what is staged readable; or forgets it. */
static inline void ring_commit(struct wm_ring *ring)
{
    ring->used = ring->held;
}

static inline void ring_rollback(struct wm_ring *ring)
{
    ring->held = ring->used;
}

/* Takes up to cap bytes out; copies them and leaves them there; takes them out without a copy. Each
 * returns how many there were. */
size_t ring_read(struct wm_ring *ring, void *buffer, size_t cap);
size_t ring_peek(const struct wm_ring *ring, void *buffer, size_t cap);
size_t ring_skip(struct wm_ring *ring, size_t cap);

/* Copies up to cap of the bytes that are staged, the first at of them left out. */
size_t ring_part(const struct wm_ring *ring, size_t at, char *buffer, size_t cap);

#endif
