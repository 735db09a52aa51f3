/* The links that nc can have: one set of calls for streams of bytes, datagrams and passthrough. */
#ifndef NC_LINK_H
#define NC_LINK_H

#include "job.h"
#include "nc.h"

struct nc_link {
    const struct cli *cli;
    const struct nc_options *options;
    struct wm_device *dev;
    int handle;        /* of wm_tcp_connect and its like; negative: not open */
    bool serving;      /* the module's server runs */
    size_t piece_size; /* so many bytes at most go out at once */
    union {            /* of the operation that opens it, as long as it runs */
        struct wm_tcp_options tcp;
        struct wm_tls_options tls;
        struct wm_udp_options udp;
        struct wm_stream_options stream;
        struct wm_server_options server;
    } how;
};

/* Opens it; with listen waits for a client. Returns 0 or an error. May be called again, for the
 * next client, behind nc_link_hang_up. */
int nc_link_open(struct nc_link *link, struct job *job);

/* Sends bytes; returns 0 or an error. */
int nc_link_send(const struct nc_link *link, struct job *job, const void *bytes, size_t len);

/* Takes what has arrived, one datagram at most. Returns its length, 0 at the end of file, or an
 * error. */
int nc_link_receive(const struct nc_link *link, struct job *job, void *buffer, size_t cap);

/* Gives the link back; a server goes on. */
void nc_link_hang_up(struct nc_link *link);

/* Ends everything. */
void nc_link_close(struct nc_link *link);

/* Says why it is not open. Returns an exit status. */
int nc_link_failed(const struct nc_link *link, int err);

#endif
