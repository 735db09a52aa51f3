/* Driver and firmware in one process on virtual time, joined by a serial line that takes its time:
 * a byte needs ten bits (8N1) in each direction. Both sides act at once, with the time of day in
 * milliseconds; the line itself counts nanoseconds. */
#ifndef PACED_H
#define PACED_H

#include <wmat/core.h>
#include <wmfw/wmfw.h>

#include "fake_port.h"

#define PACED_RING 16384 /* as a device has it */

struct paced {
    struct wm_core core;
    struct wm_link link;
    unsigned char ring[PACED_RING];
    struct fw fw;
    struct fake_port fake;
    uint64_t now_ns, byte_ns;
    struct {
        bool busy;
        unsigned char byte;
        uint64_t done_ns; /* when it has arrived */
    } to_module, to_host;
    /* Called when bytes of the link arrived. */
    void (*on_readable)(struct paced *paced, int link);
};

/* A module that has just booted, joined to its access point by a driver that found it, with a
 * server on port 80 that accepts. */
void paced_start(struct paced *paced, unsigned baud, enum wm_receive receive);
void paced_stop(struct paced *paced);

/* Lets time pass until the next thing happens. */
void paced_step(struct paced *paced);

/* Runs a prepared operation to its end; its result. */
int paced_run(struct paced *paced, struct wm_op *op);

#endif
