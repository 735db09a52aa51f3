/* A device on a scripted module, or on one that takes few bytes at a time: what the tests of the
 * blocking device start with. */
#ifndef DEVICE_RIG_H
#define DEVICE_RIG_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include <wmat/wmat.h>

#include "scripted.h"

extern struct scripted module;
extern struct wm_device *dev;

uint64_t clock_ms(void);

/* Opens one that must open: as config says; on the scripted module. Closes it and ends the module.
 */
void open_with(struct wm_config config);
void open_device(enum wm_receive receive);
void close_device(void);

int connect_link(void);

/* Completions: what ended, where, how. */
struct note {
    struct wm_op op;
    int result;
    int calls;
    pthread_t thread;
    bool (*then)(struct note *note); /* true: it was started again */
};

void take_note(struct wm_op *op, int result, void *user);

/* Submits its operation, which must start; waits for the end, which must come once; runs it (the
 * main function of a thread). */
void submit(struct note *note, uint32_t timeout_ms);
int await(struct note *note);
void *run_op(void *note);

/* Events: keep_event, with events as its user, keeps them; the next one must be this. */
extern struct wm_event events[64];
void keep_event(struct wm_device *from, const struct wm_event *event, void *user);
void expect_event(enum wm_event_kind kind, int link);

/* A transport of the caller's: around another, it takes few bytes at a time and tells when it took
 * fewer than it was given. */
struct choke {
    struct wm_transport base;
    struct wm_transport *inner;
    size_t most; /* at a time */
    int short_fd;
    atomic_int closed;
};

extern struct choke choke;

/* One in front of the scripted module. */
struct wm_transport *choke_start(size_t most, bool mute);
int choke_get_fd(struct wm_transport *transport);

#endif
