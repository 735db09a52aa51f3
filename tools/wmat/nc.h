/* A TCP link on standard input and output. */
#ifndef NC_H
#define NC_H

#include <stdint.h>

#include "cli.h"

#define NC_NEVER (-1)

struct nc_options {
    const char *host;
    unsigned port;
    int quit_s; /* how long to go on after the end of the input; NC_NEVER: until the peer closes */
};

struct nc_counts {
    uint64_t sent; /* confirmed by the module */
    uint64_t received;
};

/* Connects, copies both ways until an end comes, closes the link. Returns an exit status, after a
 * message where it is not CLI_DONE. */
int nc_run(const struct cli *cli, struct wm_device *dev, const struct nc_options *options,
           struct nc_counts *counts);

#endif
