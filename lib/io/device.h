/* The parts of a device share this: device.c opens and closes it, device_io.c moves bytes,
 * device_wait.c is what calls wait with, device_thread.c the thread that serves it, device_loop.c
 * what a program calls that serves it in its own loop; device_port.c opens the port again when it
 * has vanished, device_speed.c finds its speed. */
#ifndef IO_DEVICE_H
#define IO_DEVICE_H

#include <pthread.h>

#include <wmat/wmat.h>

#include "call.h"
#include "park.h"

#define DEVICE_INPUT_BYTES    4096
#define DEVICE_SETTINGS_BYTES 4096

/* A blocking call that sleeps; on its thread's stack. */
struct waiter {
    struct waiter *next;
    struct wm_op *op; /* until this has ended */
    struct park park;
};

/* How the port is opened, and opened again when it has vanished. */
struct port_keeper {
    char *path; /* as it was asked for; NULL: the transport was the caller's */
    struct wm_port_options options;
    const struct wm_port_source *source;
    int (*reopen)(void *user, struct wm_transport **out);
    void *user;
    bool reopens;               /* a port that vanishes is opened again */
    uint64_t at_ms;             /* the next attempt */
    struct wm_port_state state; /* what the application is told */
    unsigned nth, siblings;     /* its place among the ports with its serial number */
};

/* The speeds that are tried when nothing answers. */
struct speeds {
    bool on;
    bool scanning;
    bool silence_told;
    uint8_t next;   /* in the list */
    uint8_t tried;  /* of the list; 0: only home */
    unsigned home;  /* where the search begins: what answered last, or was asked for */
    unsigned asked; /* by the configuration */
};

/* A core, its port, and the thread that moves bytes between them. The lock covers all but the
 * transport's descriptor, which the thread polls without it. */
struct device {
    struct wm_device base; /* first: what api sees */
    struct wm_core core;
    struct wm_link links[WM_LINK_SLOTS];
    uint8_t settings[DEVICE_SETTINGS_BYTES];
    struct wm_transport *transport; /* NULL while the port is gone */
    struct port_keeper port;
    struct speeds speeds;
    pthread_mutex_t mutex;
    pthread_t thread;
    int wake_fd;
    bool running, stopping;
    bool loop; /* no thread: the program's loop serves it */
    bool in_callback;
    bool output_due;         /* the port had no room for what is due */
    bool asleep;             /* the thread polls: */
    bool polls_input;        /* the port for input, which it does not while a ring is full, */
    bool polls_output;       /* and for room, */
    uint64_t polls_until_ms; /* and until then */
    uint64_t now_ms;         /* the clock, when it was looked at last */
    uint32_t changes_seen;   /* of core.changes, those that waiting calls were told */
    struct waiter *waiters;
    void (*on_event)(struct wm_device *dev, const struct wm_event *event, void *user);
    void *user;
    size_t input_at, input_len; /* what the core has not taken yet */
    uint8_t input[DEVICE_INPUT_BYTES];
    uint8_t *rings;
};

static inline struct device *device_of(struct wm_device *base)
{
    return (struct device *)base;
}

/* Looks at the clock. With the lock held, so that the core's time never goes back. */
uint64_t device_look_at_clock(struct device *dev);

/* device_io.c. All with the lock held; the time is now_ms. */

/* Hands the port what is due to be sent. */
void device_flush(struct device *dev);

/* Takes what the port has, where the core wants it; at most a buffer full at a time, so that output
 * gets its turn. */
void device_take_input(struct device *dev);

/* Lets time pass; when that is needed next. */
void device_tick(struct device *dev);
uint64_t device_deadline(const struct device *dev);

/* What to poll the port for, and how long at most until a deadline. */
short device_poll_events(const struct device *dev);
int device_poll_timeout(const struct device *dev, uint64_t until_ms);

/* Has an event come that the application wants to be told? Is any callback due? */
bool device_event_is_due(const struct device *dev);
bool device_callback_is_due(const struct device *dev);

/* Runs the callbacks of ended operations; and those of events, until none of either is due. With
 * the lock held, which is given up while they run. */
void device_run_completions(struct device *dev);
void device_run_callbacks(struct device *dev);

/* device_wait.c. Of a device with a thread, and of one without (config.loop). */

extern const struct wm_wait_ops device_thread_ops, device_loop_ops;

void device_lock(struct device *dev);

/* Gives up the lock, then wakes the calls whose operations have ended, and the I/O thread where it
 * sleeps through something that this thread leaves to it. */
void device_unlock(struct device *dev);

/* The same for the I/O thread itself, which is about to poll. */
void device_unlock_to_sleep(struct device *dev);

/* device_thread.c. */

/* WM_ERR_IO or WM_ERR_NOMEM: it does not run. */
int device_start_thread(struct device *dev);
void device_stop_thread(struct device *dev);

/* Ends the sleep of the thread. */
void device_wake_thread(struct device *dev);

/* device_port.c. All with the lock held. */

/* Opens the port that config names, or takes its transport. Leaves words in config's detail. */
int device_open_port(struct device *dev, const struct wm_config *config);
void device_close_port(struct device *dev);

/* The speed of the line behind the port, as far as the configuration tells; 0: it does not. A
 * serial server has a line, too. */
unsigned device_line_baud(const struct wm_config *config);

/* The port has failed. */
void device_lose_port(struct device *dev);

/* Closes a port that has failed, and opens it again when that is due: then the lock is given up
 * meanwhile. Only the thread that polls the port may do that. */
void device_keep_port(struct device *dev);

/* Has a port failed that has not been closed? */
bool device_port_is_missed(const struct device *dev);

/* device_speed.c. With the lock held. */

/* Goes on to the next speed where nothing answers at this one. */
void device_scan_speeds(struct device *dev);

/* Writes the speeds that were tried: "115200, 921600"; "" where there is but one. */
void device_speeds_tried(const struct device *dev, char *text, size_t size);

/* device_loop.c: wm_run of a device without a thread. */
int device_loop_run(struct wm_device *base, struct wm_op *op, uint32_t timeout_ms);

#endif
