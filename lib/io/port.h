/* How a name becomes a transport: what the openers of this folder share. */
#ifndef IO_PORT_H
#define IO_PORT_H

#include <stddef.h>

#include <wmat/err.h>
#include <wmat/transport.h>

#define PORT_BAUD_DEFAULT               115200
#define PORT_CONNECT_TIMEOUT_DEFAULT_MS 5000
#define PORT_TCP_SCHEME                 "tcp://"

/* Where words about a failed open go; text may be NULL. */
struct port_detail {
    char *text;
    size_t size;
};

/* Writes the words and returns err. */
int port_fail(const struct port_detail *detail, int err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The openers. fd is the port, open, non-blocking and locked; they own it from the call on, also
 * when they fail. options has no zeros left to default. */
int port_open_pty(struct wm_transport **out, int fd, const struct wm_port_options *options,
                  const struct port_detail *detail);

/* path is what libserialport opens a second time: it takes no descriptor. fd holds the lock. */
int port_open_serial(struct wm_transport **out, int fd, const char *path,
                     const struct wm_port_options *options, const struct port_detail *detail);

/* address is HOST:PORT or [IPv6]:PORT. */
int port_open_tcp(struct wm_transport **out, const char *address,
                  const struct wm_port_options *options, const struct port_detail *detail);

#endif
