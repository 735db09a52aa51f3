/* A transport over a descriptor: what ptys, TCP connections and joined pairs have in common. */
#ifndef IO_FD_H
#define IO_FD_H

#include <stdbool.h>

#include <wmat/err.h>
#include <wmat/transport.h>

struct fd_transport {
    struct wm_transport base;
    int fd;
    bool is_socket;   /* sends with MSG_NOSIGNAL */
    const char *gone; /* what to say when the other end has gone; static */
};

/* Makes one that owns fd; fd is closed when it fails. WM_ERR_NOMEM. */
int fd_transport_new(struct wm_transport **out, int fd, const struct wm_transport_ops *ops,
                     const char *gone);

/* The operations. */
ptrdiff_t fd_read(struct wm_transport *transport, void *bytes, size_t cap);
ptrdiff_t fd_write(struct wm_transport *transport, const void *bytes, size_t len);
int fd_get(struct wm_transport *transport);
void fd_close(struct wm_transport *transport);

/* Has the other end hung up? What tells an empty read of a tty from a dead one. */
bool fd_hung_up(int fd);

/* Leaves words in the transport's detail ("" and the text of error_number, 0 for none) and returns
 * WM_ERR_IO. */
int transport_gone(struct wm_transport *transport, const char *words, int error_number);

#endif
