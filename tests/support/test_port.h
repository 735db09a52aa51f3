/* Ptys, listening sockets and transfers for tests of ports. Each ends the test when it fails. */
#ifndef TEST_PORT_H
#define TEST_PORT_H

#include <stddef.h>

#include <wmat/transport.h>

/* A pty. The master is non-blocking; its other end is opened by path. */
struct test_pty {
    int master;
    char path[64];
};

void test_pty_open(struct test_pty *pty);

/* Opens a port that must open. */
struct wm_transport *test_port_open(const char *name, const struct wm_port_options *options);

/* A TCP socket on 127.0.0.1, bound to a free port; listens where backlog is >= 0. */
int test_bind(int backlog, unsigned *port);

/* Moves len random bytes each way at the same time and compares. */
void test_transfer(struct wm_transport *a, struct wm_transport *b, size_t len);

/* Waits until a read of transport gives something else than 0. Returns that. */
ptrdiff_t test_await(struct wm_transport *transport, void *bytes, size_t cap);

/* Waits until transport reports the loss of the other end: WM_ERR_IO and words. */
void test_await_gone(struct wm_transport *transport);

#endif
