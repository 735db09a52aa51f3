/* Passthrough: between its prompt and the next +++ every byte is payload. Only wm_stream_open
 * refers to this. */
#ifndef STREAM_H
#define STREAM_H

#include <stddef.h>
#include <stdint.h>

#include <wmat/core.h>

struct wm_stream_ops {
    /* Takes received bytes; returns how many. */
    size_t (*feed)(struct wm_core *core, const uint8_t *bytes, size_t len);
    /* Lends bytes to send; says that n of them have gone out. */
    size_t (*output)(struct wm_core *core, const uint8_t **bytes);
    void (*sent)(struct wm_core *core, size_t n);
    /* When output may lend more, where it waits for that. */
    uint64_t (*deadline)(const struct wm_core *core);
};

/* AT+CIPSEND was accepted: payload from here on, for this link. */
void stream_begin(struct wm_core *core);

/* op sends next, if nobody does: its args, size bytes of them, from progress on. */
void stream_offer(struct wm_core *core, struct wm_op *op);

/* op sends no more. */
void stream_withdraw(struct wm_core *core, const struct wm_op *op);

#endif
