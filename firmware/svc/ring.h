/* The receive window of a link: bytes in from the socket, out to the serial line, by counted
 * copies. */
#ifndef FW_RING_H
#define FW_RING_H

#include <stddef.h>

#include "at_limits.h"

struct fw_ring {
    size_t head, used;
    unsigned char bytes[AT_RECV_WINDOW];
};

/* The next free piece, and after it was filled, how much of it. */
size_t fw_ring_space(struct fw_ring *ring, unsigned char **space);
void fw_ring_produced(struct fw_ring *ring, size_t len);

/* The next piece of content, valid until the next call; and how much of it was used. */
size_t fw_ring_peek(const struct fw_ring *ring, const unsigned char **bytes);
void fw_ring_consumed(struct fw_ring *ring, size_t len);

/* The same for len bytes that there is room for, or that are there: in two pieces where it wraps.
 */
void fw_ring_write(struct fw_ring *ring, const void *bytes, size_t len);
void fw_ring_read(struct fw_ring *ring, void *bytes, size_t len);

/* Forgets the last len bytes of the content. */
void fw_ring_cut(struct fw_ring *ring, size_t len);

/* Forgets the content. */
void fw_ring_clear(struct fw_ring *ring);

#endif
