#include "fd.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char pair_gone[] = "the other end was closed";

int transport_gone(struct wm_transport *transport, const char *words, int error_number)
{
    snprintf(transport->detail, sizeof transport->detail, "%s%s%s", words, error_number ? ": " : "",
             error_number ? strerror(error_number) : "");
    return WM_ERR_IO;
}

bool fd_hung_up(int fd)
{
    struct pollfd poller = {.fd = fd, .events = POLLIN};

    return poll(&poller, 1, 0) > 0 && (poller.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
}

/* An empty read means the end, except on a tty whose settings let it return at once. */
static ptrdiff_t empty_read(struct fd_transport *self)
{
    if (!self->is_socket && !fd_hung_up(self->fd) && isatty(self->fd))
        return 0;
    return transport_gone(&self->base, self->gone, 0);
}

ptrdiff_t fd_read(struct wm_transport *transport, void *bytes, size_t cap)
{
    struct fd_transport *self = (struct fd_transport *)transport;
    ssize_t n;

    if (cap == 0)
        return 0;
    do {
        n = read(self->fd, bytes, cap);
    } while (n < 0 && errno == EINTR);
    if (n > 0)
        return n;
    if (n == 0)
        return empty_read(self);
    if (errno == EAGAIN)
        return 0;
    return transport_gone(transport, self->gone, errno);
}

static ssize_t put(const struct fd_transport *self, const void *bytes, size_t len)
{
    return self->is_socket ? send(self->fd, bytes, len, MSG_NOSIGNAL) : write(self->fd, bytes, len);
}

ptrdiff_t fd_write(struct wm_transport *transport, const void *bytes, size_t len)
{
    struct fd_transport *self = (struct fd_transport *)transport;
    ssize_t n;

    do {
        n = put(self, bytes, len);
    } while (n < 0 && errno == EINTR);
    if (n >= 0)
        return n;
    if (errno == EAGAIN)
        return 0;
    return transport_gone(transport, self->gone, errno);
}

int fd_get(struct wm_transport *transport)
{
    return ((struct fd_transport *)transport)->fd;
}

void fd_close(struct wm_transport *transport)
{
    close(fd_get(transport));
    free(transport);
}

static bool is_socket(int fd)
{
    int type;
    socklen_t size = sizeof type;

    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0;
}

int fd_transport_new(struct wm_transport **out, int fd, const struct wm_transport_ops *ops,
                     const char *gone)
{
    struct fd_transport *self = calloc(1, sizeof *self);

    *out = NULL;
    if (self == NULL) {
        close(fd);
        return WM_ERR_NOMEM;
    }
    self->base.ops = ops;
    self->fd = fd;
    self->is_socket = is_socket(fd);
    self->gone = gone;
    *out = &self->base;
    return 0;
}

static const struct wm_transport_ops fd_ops = {
    .read = fd_read,
    .write = fd_write,
    .fd = fd_get,
    .close = fd_close,
};

int wm_transport_from_fd(struct wm_transport **out, int fd)
{
    *out = NULL;
    if (fd < 0)
        return WM_ERR_ARG;
    return fd_transport_new(out, fd, &fd_ops, pair_gone);
}

int wm_transport_pair(struct wm_transport *ends[2])
{
    int fds[2];
    int err;

    ends[0] = ends[1] = NULL;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) < 0)
        return WM_ERR_IO;
    err = wm_transport_from_fd(&ends[0], fds[0]);
    if (err < 0) {
        close(fds[1]);
        return err;
    }
    err = wm_transport_from_fd(&ends[1], fds[1]);
    if (err < 0) {
        fd_close(ends[0]);
        ends[0] = NULL;
    }
    return err;
}
