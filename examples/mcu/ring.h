/* Bytes between an interrupt and the loop, in order: one side puts, the other takes, and neither
 * waits or masks anything. */
#ifndef RING_H
#define RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring {
    uint8_t *bytes;
    unsigned size; /* a power of two */
    atomic_uint put, taken;
};

/* False: it is full, and the byte is not in it. */
static inline bool ring_put(struct ring *ring, uint8_t byte)
{
    unsigned put = atomic_load_explicit(&ring->put, memory_order_relaxed);
    if (put - atomic_load_explicit(&ring->taken, memory_order_acquire) == ring->size)
        return false;
    ring->bytes[put & (ring->size - 1)] = byte;
    atomic_store_explicit(&ring->put, put + 1, memory_order_release);
    return true;
}

/* Lends the oldest bytes, as many as stand together, until ring_take. Returns their number. */
static inline size_t ring_peek(struct ring *ring, const uint8_t **bytes)
{
    unsigned taken = atomic_load_explicit(&ring->taken, memory_order_relaxed);
    unsigned count = atomic_load_explicit(&ring->put, memory_order_acquire) - taken;
    unsigned start = taken & (ring->size - 1);
    *bytes = ring->bytes + start;
    return count < ring->size - start ? count : ring->size - start;
}

/* Makes room: the n oldest bytes are done with. */
static inline void ring_take(struct ring *ring, size_t n)
{
    unsigned taken = atomic_load_explicit(&ring->taken, memory_order_relaxed);
    atomic_store_explicit(&ring->taken, taken + (unsigned)n, memory_order_release);
}

#endif
