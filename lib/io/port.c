/* The name of a port decides how it is opened. */
#include "port.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

/* Majors of pty slaves (Documentation/admin-guide/devices.txt of the kernel). */
#define PTY_MAJOR_FIRST 136
#define PTY_MAJOR_LAST  143

int port_fail(const struct port_detail *detail, int err, const char *format, ...)
{
    va_list args;

    if (detail->text == NULL || detail->size == 0)
        return err;
    va_start(args, format);
    vsnprintf(detail->text, detail->size, format, args);
    va_end(args);
    return err;
}

static bool is_pty(const struct stat *status)
{
    return major(status->st_rdev) >= PTY_MAJOR_FIRST && major(status->st_rdev) <= PTY_MAJOR_LAST;
}

static int missing(const char *name, const struct port_detail *detail)
{
    if (errno == ENOENT || errno == ENOTDIR)
        return port_fail(detail, WM_ERR_IO,
                         "no such port: %.80s; `wmat ports` lists the ports of this machine", name);
    return port_fail(detail, WM_ERR_IO, "can't look at %.80s: %s", name, strerror(errno));
}

static int check_kind(const char *name, const struct stat *status, const struct port_detail *detail)
{
    if (S_ISCHR(status->st_mode))
        return 0;
    return port_fail(detail, WM_ERR_ARG,
                     "%.80s is %s, not a serial port; `wmat ports` lists the ports of this machine",
                     name,
                     S_ISDIR(status->st_mode)   ? "a directory"
                     : S_ISREG(status->st_mode) ? "a file"
                                                : "something else");
}

static int no_permission(const char *path, const struct stat *status,
                         const struct port_detail *detail)
{
    struct group entry, *group = NULL;
    char names[1024];

    getgrgid_r(status->st_gid, &entry, names, sizeof names, &group);
    if (group == NULL || status->st_gid == 0 || (status->st_mode & S_IWGRP) == 0)
        return port_fail(detail, WM_ERR_IO, "no permission to open %.80s; try as root", path);
    return port_fail(detail, WM_ERR_IO,
                     "no permission to open %.60s; join its group with "
                     "`sudo usermod -aG %s $USER` and log in again",
                     path, group->gr_name);
}

static int busy(const char *path, const struct port_detail *detail)
{
    return port_fail(detail, WM_ERR_BUSY,
                     "another program has %.80s open; close it, or find it with `fuser %.80s`",
                     path, path);
}

/* Opens the device without changing anything about it. Returns the descriptor. */
static int open_device(const char *path, const struct stat *status,
                       const struct port_detail *detail)
{
    int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

    if (fd >= 0)
        return fd;
    if (errno == EACCES || errno == EPERM)
        return no_permission(path, status, detail);
    if (errno == EBUSY)
        return busy(path, detail);
    return port_fail(detail, WM_ERR_IO, "can't open %.80s: %s; is the device still there?", path,
                     strerror(errno));
}

static int check_tty(int fd, const char *path, const struct port_detail *detail)
{
    struct termios settings;

    if (tcgetattr(fd, &settings) == 0)
        return 0;
    if (errno == ENOTTY || errno == EINVAL)
        return port_fail(detail, WM_ERR_ARG,
                         "%.80s is no serial port; `wmat ports` lists the ports of this machine",
                         path);
    return port_fail(detail, WM_ERR_IO, "no hardware answers at %.80s: %s", path, strerror(errno));
}

/* Takes the port for this program. Root opens a port that is marked exclusive, so the mark is read;
 * a pty keeps a mark whose owner has gone, so it does not count there. */
static int take(int fd, const char *path, bool pty, const struct port_detail *detail)
{
    int exclusive = 0;

    if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
        return busy(path, detail);
    if (!pty && ioctl(fd, TIOCGEXCL, &exclusive) == 0 && exclusive)
        return busy(path, detail);
    return 0;
}

static int open_tty(struct wm_transport **out, const char *path, const struct stat *status,
                    const struct wm_port_options *options, const struct port_detail *detail)
{
    int fd = open_device(path, status, detail);
    int err;

    if (fd < 0)
        return fd;
    err = check_tty(fd, path, detail);
    if (err == 0)
        err = take(fd, path, is_pty(status), detail);
    if (err < 0) {
        close(fd);
        return err;
    }
    return is_pty(status) ? port_open_pty(out, fd, options, detail)
                          : port_open_serial(out, fd, path, options, detail);
}

/* libserialport knows a port by its real name only, so symbolic links are resolved first. */
static int open_path(struct wm_transport **out, const char *name,
                     const struct wm_port_options *options, const struct port_detail *detail)
{
    struct stat status;
    char *path = realpath(name, NULL);
    int err;

    if (path == NULL)
        return missing(name, detail);
    err = stat(path, &status) < 0 ? missing(name, detail) : check_kind(name, &status, detail);
    if (err == 0)
        err = open_tty(out, path, &status, options, detail);
    free(path);
    return err;
}

static struct wm_port_options with_defaults(const struct wm_port_options *options)
{
    struct wm_port_options full = {0};

    if (options != NULL)
        full = *options;
    if (full.baud == 0)
        full.baud = PORT_BAUD_DEFAULT;
    if (full.connect_timeout_ms == 0)
        full.connect_timeout_ms = PORT_CONNECT_TIMEOUT_DEFAULT_MS;
    return full;
}

int wm_transport_open(struct wm_transport **out, const char *port,
                      const struct wm_port_options *options, char *detail_text, size_t detail_size)
{
    const struct port_detail detail = {detail_text, detail_size};
    const struct wm_port_options full = with_defaults(options);

    *out = NULL;
    port_fail(&detail, 0, "%s", "");
    if (port == NULL || *port == '\0')
        return port_fail(&detail, WM_ERR_ARG,
                         "no port was named; `wmat ports` lists the ports of this machine");
    if (strncmp(port, PORT_TCP_SCHEME, strlen(PORT_TCP_SCHEME)) == 0)
        return port_open_tcp(out, port + strlen(PORT_TCP_SCHEME), &full, &detail);
    return open_path(out, port, &full, &detail);
}
