/* Driver and firmware in one process on virtual time, joined by a wire that can be made bad: it
 * drops, flips or doubles one byte, hands over pieces of odd sizes, or resets the module at one
 * byte. */
#ifndef WIRE_H
#define WIRE_H

#include <wmat/core.h>
#include <wmfw/wmfw.h>

#include "fake_port.h"

enum wire_fault {
    WIRE_SOUND,
    WIRE_DROP,
    WIRE_FLIP, /* a bit of it */
    WIRE_DOUBLE,
    WIRE_RESET, /* the module, before the byte */
    WIRE_STALL, /* nothing passes for 2 s, then everything does */
};

enum wire_side { WIRE_TO_MODULE, WIRE_TO_HOST };

struct wire {
    struct wm_core core;
    struct fw fw;
    struct fake_port fake;
    uint64_t now_ms;
    unsigned seed; /* of the sizes of pieces; 0: as they come */
    enum wire_fault fault;
    enum wire_side side;
    uint64_t at; /* which byte of that side is hit */
    uint64_t passed[2];
    uint64_t stalled_until_ms;
    unsigned char to_host[512]; /* what the core has not taken yet */
    size_t to_host_len;
    struct wm_link links[WM_LINKS];
    unsigned char rings[WM_LINKS][8192];
};

/* A module that has just booted, with an echo server on port 7, and a searching core. */
void wire_start(struct wire *wire, enum wm_receive receive, size_t ring_bytes);
void wire_stop(struct wire *wire);

/* Lets one millisecond pass on both sides. */
void wire_pass(struct wire *wire);

/* Runs a prepared operation to its end; its result. Fails the test when it doesn't end in time. */
int wire_run(struct wire *wire, struct wm_op *op, uint32_t timeout_ms);

/* The usual calls. */
int wire_ready(struct wire *wire);
int wire_join(struct wire *wire);
int wire_connect(struct wire *wire, unsigned port);
int wire_send(struct wire *wire, int link, const void *bytes, size_t len);
int wire_recv(struct wire *wire, int link, void *bytes, size_t cap, uint32_t timeout_ms);
int wire_close(struct wire *wire, int link);

#endif
