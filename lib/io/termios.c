/* Ptys, the ports of virtual modules: libserialport can't open them (they have no modem lines and
 * no entry in /sys/class/tty). */
#include "port.h"

#include <errno.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "fd.h"

static const char pty_gone[] = "the pty has gone; did the virtual module end?";

static const struct {
    unsigned baud;
    speed_t speed;
} speeds[] = {
    {1200, B1200},       {2400, B2400},       {4800, B4800},       {9600, B9600},
    {19200, B19200},     {38400, B38400},     {57600, B57600},     {115200, B115200},
    {230400, B230400},   {460800, B460800},   {500000, B500000},   {576000, B576000},
    {921600, B921600},   {1000000, B1000000}, {1152000, B1152000}, {1500000, B1500000},
    {2000000, B2000000}, {2500000, B2500000}, {3000000, B3000000}, {4000000, B4000000},
};

static int set_speed(struct termios *settings, unsigned baud)
{
    for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++)
        if (speeds[i].baud == baud)
            return cfsetspeed(settings, speeds[i].speed) < 0 ? WM_ERR_IO : 0;
    return WM_ERR_ARG;
}

static int pty_set_baud(struct wm_transport *transport, unsigned baud)
{
    struct termios settings;
    int fd = fd_get(transport);

    if (tcgetattr(fd, &settings) < 0)
        return transport_gone(transport, pty_gone, errno);
    if (set_speed(&settings, baud) < 0)
        return WM_ERR_ARG;
    tcflush(fd, TCIOFLUSH);
    if (tcsetattr(fd, TCSANOW, &settings) < 0)
        return transport_gone(transport, pty_gone, errno);
    return 0;
}

static const struct wm_transport_ops pty_ops = {
    .read = fd_read,
    .write = fd_write,
    .fd = fd_get,
    .set_baud = pty_set_baud,
    .close = fd_close,
};

static int configure(int fd, const struct wm_port_options *options,
                     const struct port_detail *detail)
{
    struct termios settings;

    if (tcgetattr(fd, &settings) < 0)
        return port_fail(detail, WM_ERR_IO, "can't read the pty's settings: %s", strerror(errno));
    cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    settings.c_cflag &= ~(tcflag_t)CRTSCTS;
    if (options->flow == WM_FLOW_RTSCTS)
        settings.c_cflag |= CRTSCTS;
    settings.c_cc[VMIN] = 1; /* no data is EAGAIN; 0 is left for the end */
    settings.c_cc[VTIME] = 0;
    if (set_speed(&settings, options->baud) < 0)
        return port_fail(detail, WM_ERR_ARG,
                         "%u is no speed of a pty; use 9600, 115200, 921600, 2000000 ...",
                         options->baud);
    if (tcsetattr(fd, TCSANOW, &settings) < 0)
        return port_fail(detail, WM_ERR_IO, "can't set up the pty: %s", strerror(errno));
    return 0;
}

/* No TIOCEXCL here: on a pty that mark outlives its owner, and a program that was killed would
 * leave the virtual module shut for everyone but root. The lock that fd holds dies with it. */
int port_open_pty(struct wm_transport **out, int fd, const struct wm_port_options *options,
                  const struct port_detail *detail)
{
    int err = configure(fd, options, detail);

    if (err < 0) {
        close(fd);
        return err;
    }
    return fd_transport_new(out, fd, &pty_ops, pty_gone);
}
