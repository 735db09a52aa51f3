/* Real serial ports, through libserialport. */
#include "port.h"

#include <errno.h>
#include <libserialport.h>
#include <linux/serial.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "fd.h"

static const char serial_gone[] = "the serial port has gone; was the adapter unplugged?";

struct serial_transport {
    struct wm_transport base;
    struct sp_port *port;
    int lock_fd; /* holds the lock; libserialport reads and writes a descriptor of its own */
};

static struct serial_transport *self_of(struct wm_transport *transport)
{
    return (struct serial_transport *)transport;
}

static int serial_fd(struct wm_transport *transport)
{
    int fd = -1;

    sp_get_port_handle(self_of(transport)->port, &fd);
    return fd;
}

/* libserialport reports a hang-up as a read of 0 bytes. */
static ptrdiff_t serial_read(struct wm_transport *transport, void *bytes, size_t cap)
{
    int n = sp_nonblocking_read(self_of(transport)->port, bytes, cap);

    if (n < 0)
        return transport_gone(transport, serial_gone, errno);
    if (n == 0 && cap > 0 && fd_hung_up(serial_fd(transport)))
        return transport_gone(transport, serial_gone, 0);
    return n;
}

/* libserialport 0.1.1 reports a full port as a failure. */
static ptrdiff_t serial_write(struct wm_transport *transport, const void *bytes, size_t len)
{
    int n = sp_nonblocking_write(self_of(transport)->port, bytes, len);

    if (n >= 0)
        return n;
    return errno == EAGAIN || errno == EINTR ? 0 : transport_gone(transport, serial_gone, errno);
}

static int serial_set_baud(struct wm_transport *transport, unsigned baud)
{
    struct sp_port *port = self_of(transport)->port;
    enum sp_return result;

    sp_flush(port, SP_BUF_BOTH);
    result = sp_set_baudrate(port, (int)baud);

    if (result == SP_OK)
        return 0;
    if (result == SP_ERR_ARG || result == SP_ERR_SUPP)
        return WM_ERR_ARG;
    return transport_gone(transport, serial_gone, errno);
}

static void serial_close(struct wm_transport *transport)
{
    struct serial_transport *self = self_of(transport);

    sp_close(self->port);
    sp_free_port(self->port);
    close(self->lock_fd);
    free(self);
}

static const struct wm_transport_ops serial_ops = {
    .read = serial_read,
    .write = serial_write,
    .fd = serial_fd,
    .set_baud = serial_set_baud,
    .close = serial_close,
};

/* Says what libserialport said. */
static int sp_fail(enum sp_return result, const char *what, const struct port_detail *detail)
{
    char *words;

    if (result == SP_ERR_MEM)
        return WM_ERR_NOMEM;
    words = sp_last_error_message();
    port_fail(detail, WM_ERR_IO, "%s: %s", what, words ? words : "unknown error");
    sp_free_error_message(words);
    return WM_ERR_IO;
}

/* 8N1 at the speed asked for, RTS raised. */
static enum sp_return describe(struct sp_port_config *config, unsigned baud)
{
    sp_set_config_baudrate(config, (int)baud);
    sp_set_config_bits(config, 8);
    sp_set_config_parity(config, SP_PARITY_NONE);
    sp_set_config_stopbits(config, 1);
    sp_set_config_rts(config, SP_RTS_ON);
    return sp_set_config_flowcontrol(config, SP_FLOWCONTROL_NONE);
}

/* libserialport 0.1.1 puts CRTSCTS into the input flags, where it does nothing, and leaves a flow
 * control on that it found on; so RTS/CTS is set here. */
static int set_rtscts(int fd, enum wm_flow flow, const struct port_detail *detail)
{
    struct termios settings;

    if (tcgetattr(fd, &settings) == 0) {
        settings.c_cflag &= ~(tcflag_t)CRTSCTS;
        settings.c_cflag |= flow == WM_FLOW_RTSCTS ? CRTSCTS : 0;
        if (tcsetattr(fd, TCSANOW, &settings) == 0)
            return 0;
    }
    return port_fail(detail, WM_ERR_IO, "can't set the port's flow control: %s", strerror(errno));
}

static int configure(struct sp_port *port, unsigned baud, const struct port_detail *detail)
{
    struct sp_port_config *config;
    enum sp_return result = sp_new_config(&config);

    if (result != SP_OK)
        return sp_fail(result, "can't set up the port", detail);
    result = describe(config, baud);
    if (result == SP_OK)
        result = sp_set_config(port, config);
    sp_free_config(config);
    if (result == SP_OK)
        return 0;
    return sp_fail(result, "the port does not take this speed", detail);
}

/* USB adapters hold received bytes back for some milliseconds unless told not to. Where the driver
 * has no such flag, nothing is lost but time. */
static void ask_for_low_latency(int fd)
{
    struct serial_struct settings;

    if (ioctl(fd, TIOCGSERIAL, &settings) < 0)
        return;
    settings.flags |= ASYNC_LOW_LATENCY;
    ioctl(fd, TIOCSSERIAL, &settings);
}

static int open_port(struct sp_port *port, int fd, const struct wm_port_options *options,
                     const struct port_detail *detail)
{
    enum sp_return result = sp_open(port, SP_MODE_READ_WRITE);
    int err;

    if (result != SP_OK)
        return sp_fail(result, "libserialport can't open the port", detail);
    err = configure(port, options->baud, detail);
    if (err == 0)
        err = set_rtscts(fd, options->flow, detail);
    if (err < 0)
        sp_close(port);
    return err;
}

int port_open_serial(struct wm_transport **out, int fd, const char *path,
                     const struct wm_port_options *options, const struct port_detail *detail)
{
    struct serial_transport *self = calloc(1, sizeof *self);
    struct sp_port *port = NULL;
    enum sp_return result;
    int err = WM_ERR_NOMEM;

    if (self == NULL)
        goto cleanup;
    result = sp_get_port_by_name(path, &port);
    err = result == SP_OK ? open_port(port, fd, options, detail)
                          : sp_fail(result, "libserialport does not know the port", detail);
    if (err < 0)
        goto cleanup;
    *self = (struct serial_transport){.base.ops = &serial_ops, .port = port, .lock_fd = fd};
    ask_for_low_latency(fd);
    *out = &self->base;
    return 0;

cleanup:
    sp_free_port(port);
    free(self);
    close(fd);
    return err;
}
