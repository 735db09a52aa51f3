/* Byte streams to a module: a serial port, a pty, a TCP connection to a serial server, memory, or a
 * table of the caller's.
 *
 * Threads: one thread at a time per transport; the blocking device of wmat.h sees to that.
 *
 * Pointers are not NULL unless a function says so. */
#ifndef WMAT_TRANSPORT_H
#define WMAT_TRANSPORT_H

#include <stddef.h>
#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_transport;

/* What a transport does. None of these blocks; each returns a negative enum wm_err on failure, and
 * may leave words about it in the transport's detail. */
struct wm_transport_ops {
    /* Takes up to cap bytes. Returns their number, 0 when there are none now, WM_ERR_IO when the
     * port has gone (a hang-up is never a 0). */
    ptrdiff_t (*read)(struct wm_transport *transport, void *bytes, size_t cap);
    /* Hands over up to len bytes. Returns how many were taken; 0 when there is no room now. */
    ptrdiff_t (*write)(struct wm_transport *transport, const void *bytes, size_t len);
    /* A descriptor for poll(): POLLIN when read may give something, POLLOUT when write may take
     * something. Stays the same until close. */
    int (*fd)(struct wm_transport *transport);
    /* Changes the speed, in bits a second. Bytes that are on their way at the old one are dropped.
     * WM_ERR_ARG: no such speed here. NULL: this transport has none. */
    int (*set_baud)(struct wm_transport *transport, unsigned baud);
    /* Ends the transport and frees it. */
    void (*close)(struct wm_transport *transport);
};

#define WM_DETAIL_MAX 192

struct wm_transport {
    const struct wm_transport_ops *ops;
    char detail[WM_DETAIL_MAX]; /* what went wrong last, in words; "" when nothing did */
};

enum wm_flow { WM_FLOW_NONE, WM_FLOW_RTSCTS };

/* How a named port is opened. All zero is the default. */
struct wm_port_options {
    unsigned baud; /* bits a second; 0: 115200. Of a tcp:// port, the speed of the line behind the
                      serial server: how long the bytes that it has taken are still on their way */
    enum wm_flow flow;
    /* The longest time that a tcp:// connection may take, in milliseconds; 0: 5000. Looking up the
     * address of a host's name comes in front of that and takes what the resolver takes. */
    unsigned connect_timeout_ms;
};

/* Opens a port by name:
 *   tcp://HOST:PORT, tcp://[IPv6]:PORT   a serial server such as ser2net
 *   a pty, or a symbolic link to one     termios
 *   any other path                       libserialport; symbolic links are resolved first
 * *out is freed by its ops->close. On failure *out is NULL and, if detail is not NULL, detail (at
 * most detail_size bytes, NUL included) says what to do. WM_ERR_ARG: an empty name, a malformed
 * tcp:// address, a directory or a file that is no serial port. WM_ERR_BUSY: another program has
 * the port. WM_ERR_IO: no such port, no permission, no connection. */
int wm_transport_open(struct wm_transport **out, const char *port,
                      const struct wm_port_options *options, char *detail, size_t detail_size);

/* Wraps a descriptor that is already open and non-blocking: a socket, or a tty such as the master
 * of a pty. The transport owns fd from then on, also when this fails. WM_ERR_NOMEM; WM_ERR_ARG: fd
 * is none. */
int wm_transport_from_fd(struct wm_transport **out, int fd);

/* A pair of transports joined in memory: what one writes the other reads. WM_ERR_NOMEM or
 * WM_ERR_IO. */
int wm_transport_pair(struct wm_transport *ends[2]);

/* One serial port of this machine. */
struct wm_port {
    char name[128];        /* path to give to wm_open */
    char description[128]; /* "" when unknown */
    char serial[64];       /* USB serial number; "" when it has none */
    int usb_vid, usb_pid;  /* -1 when it is not on USB */
};

/* Where the list of ports comes from. list fills ports and returns how many there are in all, which
 * may be more than max. */
struct wm_port_source {
    int (*list)(void *user, struct wm_port *ports, size_t max);
    void *user;
};

/* Lists the serial ports of this machine. source NULL: libserialport's enumeration; tests supply
 * their own. Returns how many there are (only max are stored), or WM_ERR_NOMEM, WM_ERR_IO. */
int wm_ports(const struct wm_port_source *source, struct wm_port *ports, size_t max);

#ifdef __cplusplus
}
#endif

#endif
