/* The built-in virtual module: the firmware in a thread of this process, joined to the driver by a
 * socket pair. */
#ifndef SIM_H
#define SIM_H

#include <stddef.h>

#include <wmat/transport.h>

struct sim;

/* Starts one, joined to its own access point, and gives the host's end of its line, which the
 * caller closes before sim_close. NULL, and words, when it does not start. */
struct sim *sim_open(struct wm_transport **line, char *detail, size_t detail_size);

/* Powers it off. NULL is allowed. */
void sim_close(struct sim *sim);

#endif
