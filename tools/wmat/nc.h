/* A link on standard input and output. */
#ifndef NC_H
#define NC_H

#include <stdint.h>

#include "cli.h"

#define NC_NEVER (-1)

enum nc_kind { NC_TCP, NC_UDP, NC_TLS };

struct nc_options {
    enum nc_kind kind;
    bool listen; /* wait for a client (NC_UDP: for a first datagram) on port, instead of connecting
                  */
    bool keep;   /* with listen, not NC_UDP: one client after another; nothing is sent to them */
    bool stream; /* passthrough; not with listen */
    bool verify_clients; /* with listen and NC_TLS */
    const char *host;    /* NULL with listen */
    unsigned port;
    int quit_s; /* how long to go on after the end of the input; NC_NEVER: until the peer closes */
    struct wm_tls_config tls; /* with NC_TLS, without listen */
};

struct nc_counts {
    uint64_t sent; /* confirmed by the module; of a stream: taken by the port */
    uint64_t received;
};

/* Connects, copies both ways until an end comes, closes the link. Returns an exit status, after a
 * message where it is not CLI_DONE. */
int nc_run(const struct cli *cli, struct wm_device *dev, const struct nc_options *options,
           struct nc_counts *counts);

#endif
