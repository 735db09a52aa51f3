/* A driver on a w800-sim process: what most end-to-end tests start with. */
#ifndef HOST_H
#define HOST_H

#include <wmat/wmat.h>

#include "sim.h"

struct host {
    struct sim sim;
    struct wm_device *dev;
};

/* Starts a module that has joined its access point and opens it, so that no data is lost: in active
 * mode where the module throws away what passive mode does not read in time; and stream_bytes has
 * no zeros where it loses those (profile.h). */
void host_open(struct host *host, enum wm_receive receive);

/* The same of the module of host->sim, with events as config says. */
void host_open_device(struct host *host, struct wm_config config);

struct wm_profile host_profile(const struct host *host);

/* Closes both. */
void host_close(struct host *host);

/* Opens the module of host->sim, or another one, that must open; its events go to watch.h, and
 * WM_EVENT_READY has come (but not with config.loop). */
void host_open_with(struct host *host, struct wm_config config);

/* It works: five bytes go to a peer, five come back, and no link is left over. */
void host_expect_works(struct host *host);

/* A link from before a restart: it says so, and can be given back. */
void host_expect_reset(struct host *host, int link);

/* A link to a port of 127.0.0.1. */
int host_connect(struct host *host, uint16_t port);

/* Sends all of text; reads exactly len bytes. */
void host_send(struct host *host, int link, const void *bytes, size_t len);
void host_read(struct host *host, int link, void *bytes, size_t len);

#endif
