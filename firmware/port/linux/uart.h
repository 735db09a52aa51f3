/* The serial line of a module: a pty, an open stream, a TCP server for one host at a time, or
 * standard input and output. */
#ifndef FW_UART_H
#define FW_UART_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <wmfw/linux.h>

#define FW_UART_FDS  3
#define FW_UART_PATH 512

struct fw_uart {
    enum fw_linux_uart kind;
    int in, out;             /* -1: no host */
    int listener;            /* LISTEN only */
    int slave;               /* PTY only: kept open, so that a host that goes away is no hang-up */
    int in_flags, out_flags; /* STDIO: as they were found */
    bool ended;              /* FD and STDIO: the stream is over */
    bool linked;             /* path is a symbolic link of ours */
    char path[FW_UART_PATH];
    char pty[FW_UART_PATH]; /* where that link leads to */
};

/* index distinguishes several modules (PATH0, PATH1, ...; PORT, PORT+1, ...). 0 or a negative errno
 * with a message in err. */
int fw_uart_open(struct fw_uart *uart, const struct fw_linux_options *options, unsigned index,
                 char *err, size_t err_size);
void fw_uart_close(struct fw_uart *uart);

/* What to poll for, given whether the module takes input and has output. */
size_t fw_uart_poll_set(const struct fw_uart *uart, bool wants_input, bool has_output,
                        struct pollfd set[FW_UART_FDS]);

/* LISTEN: takes a host that calls; a second one is turned away. */
void fw_uart_accept(struct fw_uart *uart);

/* Bytes read, 0 when there are none now. The end of the stream sets ended, or waits for the next
 * host. */
size_t fw_uart_read(struct fw_uart *uart, void *buf, size_t cap);

/* Bytes written, 0 when the line takes none now. Without a host they go nowhere, as on a wire. */
size_t fw_uart_write(struct fw_uart *uart, const void *bytes, size_t len);

#endif
