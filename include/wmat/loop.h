/* The other door: a device in a program that has a loop of its own. Opened with config.loop, a
 * device has no thread and takes no time of its own; the program polls its port, one of many, and
 * calls wm_process:
 *
 *     for (;;) {
 *         struct pollfd pfd = {.fd = wm_fd(dev), .events = wm_events(dev)};
 *         poll(&pfd, 1, ...);     // until wm_deadline(dev) at most
 *         wm_process(dev);        // calls back
 *     }
 *
 * examples/poll_loop.c has 32 of them in one poll().
 *
 * Opening: wm_open opens the port and returns at once; WM_EVENT_READY and WM_EVENT_SILENT tell what
 * becomes of the module. Operations that were submitted before it is ready wait, and their
 * deadlines run.
 *
 * Threads: such a device belongs to one thread at a time; nothing of it may run beside anything
 * else of it. Callbacks (completions, events) run inside wm_process, and the completions of what
 * wm_close cancels inside wm_close; nowhere else. Inside one, everything that does not block may be
 * called, but not wm_process and not wm_close; a blocking call returns WM_ERR_STATE.
 *
 * Blocking calls are possible outside callbacks: they poll this device's own port until they end,
 * and no other one, so a program with many devices submits instead. What comes due meanwhile is
 * called back by the next wm_process; wm_deadline asks for it at once.
 *
 * On a device with a thread these functions return -1, 0, WM_NO_DEADLINE and WM_ERR_STATE. */
#ifndef WMAT_LOOP_H
#define WMAT_LOOP_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

/* What to poll next: a descriptor, or -1 while there is nothing to wait for but the deadline (poll
 * skips those). It may change, and a closed one be used again by something else, inside wm_process
 * and blocking calls: ask before each poll. With epoll: level-triggered, and registered anew when
 * the answer is another one than before. */
int wm_fd(struct wm_device *dev);

/* What to poll it for: POLLIN, POLLOUT (of poll.h) or both; 0 while wm_fd is -1. */
short wm_events(struct wm_device *dev);

/* When wm_process is needed at the latest: milliseconds of CLOCK_MONOTONIC, 0 for at once,
 * WM_NO_DEADLINE for not before the port has something. Every call on the device may change it: ask
 * before each poll. */
uint64_t wm_deadline(struct wm_device *dev);

/* Takes what the port has (at most 4096 bytes at a time), sends what is due, lets time pass and
 * runs the callbacks that are due. Blocks only while a port that vanished is opened again: a tcp://
 * port for up to 1 s (options.connect_timeout_ms) and, where its host is a name, for as long as the
 * resolver takes, so a program with many devices names addresses. Call it when poll says that the
 * port has something or the deadline has come; any other time does no harm. Returns 0;
 * WM_ERR_STATE: called inside a callback; WM_ERR_IO: the port is gone for good, wm_close is all
 * that is left. */
int wm_process(struct wm_device *dev);

#ifdef __cplusplus
}
#endif

#endif
