/* A device's events, but for those of links, kept for a test that waits for them. One device at a
 * time. */
#ifndef WATCH_H
#define WATCH_H

#include <wmat/wmat.h>

/* An on_event; its user is not looked at. */
void watch_event(struct wm_device *dev, const struct wm_event *event, void *user);

/* Waits for the next event of that kind, whatever comes before it; at most 30 s. */
void watch_await(enum wm_event_kind kind);

/* Has one come that was not waited for? */
bool watch_has(enum wm_event_kind kind);

#endif
