#include "test_port.h"

#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <wmat/err.h>

#define WAIT_MS 10000

void test_pty_open(struct test_pty *pty)
{
    pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    ck_assert_int_ge(pty->master, 0);
    ck_assert_int_eq(grantpt(pty->master), 0);
    ck_assert_int_eq(unlockpt(pty->master), 0);
    ck_assert_int_eq(ptsname_r(pty->master, pty->path, sizeof pty->path), 0);
}

struct wm_transport *test_port_open(const char *name, const struct wm_port_options *options)
{
    struct wm_transport *transport;
    char detail[WM_DETAIL_MAX];
    int err = wm_transport_open(&transport, name, options, detail, sizeof detail);

    ck_assert_msg(err == 0, "%s: %d %s", name, err, detail);
    return transport;
}

int test_bind(int backlog, unsigned *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, size), 0);
    if (backlog >= 0)
        ck_assert_int_eq(listen(fd, backlog), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static void wait_for(struct wm_transport *transport, short events)
{
    struct pollfd poller = {.fd = transport->ops->fd(transport), .events = events};

    ck_assert_int_gt(poll(&poller, 1, WAIT_MS), 0);
}

/* One direction of a transfer. */
struct flow {
    struct wm_transport *from, *to;
    unsigned char *sent, *received;
    size_t len, out, in;
};

static void flow_init(struct flow *flow, struct wm_transport *from, struct wm_transport *to,
                      size_t len)
{
    *flow = (struct flow){.from = from, .to = to, .len = len};
    flow->sent = malloc(len);
    flow->received = malloc(len);
    ck_assert(flow->sent != NULL && flow->received != NULL);
    for (size_t i = 0; i < len; i++)
        flow->sent[i] = (unsigned char)random();
}

static void flow_step(struct flow *flow)
{
    ptrdiff_t n = flow->from->ops->write(flow->from, flow->sent + flow->out, flow->len - flow->out);

    ck_assert_msg(n >= 0, "write: %s", flow->from->detail);
    flow->out += (size_t)n;
    n = flow->to->ops->read(flow->to, flow->received + flow->in, flow->len - flow->in);
    ck_assert_msg(n >= 0, "read: %s", flow->to->detail);
    flow->in += (size_t)n;
}

static void flow_end(struct flow *flow)
{
    ck_assert_mem_eq(flow->sent, flow->received, flow->len);
    free(flow->sent);
    free(flow->received);
}

static bool flow_done(const struct flow *flow)
{
    return flow->in == flow->len;
}

/* Waits until one of the ends can do what a flow still needs of it. */
static void wait_for_any(const struct flow *there, const struct flow *back)
{
    struct wm_transport *a = there->from;
    struct wm_transport *b = there->to;
    struct pollfd pollers[2] = {{.fd = a->ops->fd(a)}, {.fd = b->ops->fd(b)}};

    pollers[0].events |= there->out < there->len ? POLLOUT : 0;
    pollers[1].events |= there->in < there->len ? POLLIN : 0;
    pollers[1].events |= back->out < back->len ? POLLOUT : 0;
    pollers[0].events |= back->in < back->len ? POLLIN : 0;
    ck_assert_int_gt(poll(pollers, 2, WAIT_MS), 0);
}

void test_transfer(struct wm_transport *a, struct wm_transport *b, size_t len)
{
    struct flow there, back;

    flow_init(&there, a, b, len);
    flow_init(&back, b, a, len);
    while (!flow_done(&there) || !flow_done(&back)) {
        wait_for_any(&there, &back);
        flow_step(&there);
        flow_step(&back);
    }
    flow_end(&there);
    flow_end(&back);
}

ptrdiff_t test_await(struct wm_transport *transport, void *bytes, size_t cap)
{
    ptrdiff_t n;

    while ((n = transport->ops->read(transport, bytes, cap)) == 0)
        wait_for(transport, POLLIN);
    return n;
}

void test_await_gone(struct wm_transport *transport)
{
    char byte;

    ck_assert_int_eq(test_await(transport, &byte, 1), WM_ERR_IO);
    ck_assert_str_ne(transport->detail, "");
    ck_assert_int_eq(transport->ops->read(transport, &byte, 1), WM_ERR_IO);
}
