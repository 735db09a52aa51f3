/* Both names of each function are defined here, so the header must not map one to the other. */
#undef _FILE_OFFSET_BITS
#include "serial_shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define EXPORT     __attribute__((visibility("default")))
#define SYSFS      "/sys/class/tty/"
#define SYSFS_LINK "../../devices/made-up/tty/"
#define USB_MAJOR  188

/* glibc's names that no header declares; libserialport is built with _FORTIFY_SOURCE, and for a
 * glibc that had no stat symbols. */
EXPORT int __open_2(const char *path, int flags);
EXPORT int __lxstat(int version, const char *path, struct stat *status);

static int latency_flags;

struct device {
    char name[64];
    char target[64];
};

/* Fills a pointer to the function that would have been called without the shim. */
static void find(const char *name, void *function)
{
    void *symbol = dlsym(RTLD_NEXT, name);

    memcpy(function, &symbol, sizeof symbol);
}

static bool get_device(struct device *device)
{
    const char *text = getenv(SERIAL_SHIM_ENV);

    return text != NULL && sscanf(text, "%63[^=]=%63s", device->name, device->target) == 2;
}

static bool is_device(const char *path, struct device *device)
{
    return get_device(device) && strcmp(path, device->name) == 0;
}

/* Is path the device's entry in /sys/class/tty? */
static bool is_entry(const char *path, struct device *device)
{
    return get_device(device) && strncmp(path, SYSFS, strlen(SYSFS)) == 0 &&
           strcmp(path + strlen(SYSFS), device->name + strlen("/dev/")) == 0;
}

static int open_real(const char *path, int flags, mode_t mode)
{
    int (*next)(const char *, int, ...);
    struct device device;

    find("open", &next);
    return next(is_device(path, &device) ? device.target : path, flags, mode);
}

static mode_t mode_of(int flags, va_list args)
{
    return __OPEN_NEEDS_MODE(flags) ? (mode_t)va_arg(args, unsigned) : 0;
}

EXPORT int open(const char *path, int flags, ...)
{
    va_list args;
    int fd;

    va_start(args, flags);
    fd = open_real(path, flags, mode_of(flags, args));
    va_end(args);
    return fd;
}

EXPORT int open64(const char *path, int flags, ...)
{
    va_list args;
    int fd;

    va_start(args, flags);
    fd = open_real(path, flags, mode_of(flags, args));
    va_end(args);
    return fd;
}

EXPORT int __open_2(const char *path, int flags)
{
    return open_real(path, flags, 0);
}

EXPORT char *realpath(const char *path, char *resolved)
{
    char *(*next)(const char *, char *);
    struct device device;

    find("realpath", &next);
    if (resolved == NULL && is_device(path, &device))
        return strdup(path);
    return next(path, resolved);
}

static int stat_real(const char *symbol, const char *path, void *status)
{
    int (*next)(const char *, void *);

    find(symbol, &next);
    return next(path, status);
}

EXPORT int stat(const char *path, struct stat *status)
{
    struct device device;

    if (!is_device(path, &device))
        return stat_real("stat", path, status);
    *status = (struct stat){.st_mode = S_IFCHR | 0660, .st_rdev = makedev(USB_MAJOR, 0)};
    return 0;
}

EXPORT int stat64(const char *path, struct stat64 *status)
{
    struct device device;

    if (!is_device(path, &device))
        return stat_real("stat64", path, status);
    *status = (struct stat64){.st_mode = S_IFCHR | 0660, .st_rdev = makedev(USB_MAJOR, 0)};
    return 0;
}

EXPORT int __lxstat(int version, const char *path, struct stat *status)
{
    int (*next)(int, const char *, struct stat *);
    struct device device;

    find("__lxstat", &next);
    if (!is_entry(path, &device))
        return next(version, path, status);
    *status = (struct stat){.st_mode = S_IFLNK | 0777};
    return 0;
}

EXPORT ssize_t readlink(const char *path, char *target, size_t size)
{
    ssize_t (*next)(const char *, char *, size_t);
    struct device device;
    char link[128];

    find("readlink", &next);
    if (!is_entry(path, &device))
        return next(path, target, size);
    snprintf(link, sizeof link, SYSFS_LINK "%.60s", device.name + strlen("/dev/"));
    return (ssize_t)strlen(strncpy(target, link, size));
}

/* What a pty lacks: modem lines, an exclusive mark that goes with its owner, the settings of an
 * adapter. */
static bool answer(unsigned long request, void *arg)
{
    switch (request) {
    case TIOCMGET:
        *(int *)arg = TIOCM_DTR | TIOCM_RTS | TIOCM_CTS | TIOCM_DSR | TIOCM_CAR;
        return true;
    case TIOCGSERIAL:
        *(struct serial_struct *)arg = (struct serial_struct){.flags = latency_flags};
        return true;
    case TIOCSSERIAL:
        latency_flags = ((const struct serial_struct *)arg)->flags;
        return true;
    case TIOCMSET:
    case TIOCMBIS:
    case TIOCMBIC:
    case TIOCEXCL:
        return true;
    default:
        return false;
    }
}

EXPORT int ioctl(int fd, unsigned long request, ...)
{
    int (*next)(int, unsigned long, ...);
    struct device device;
    va_list args;
    void *arg;

    find("ioctl", &next);
    va_start(args, request);
    arg = va_arg(args, void *);
    va_end(args);
    if (get_device(&device) && isatty(fd) && answer(request, arg))
        return 0;
    return next(fd, request, arg);
}

bool serial_shim_low_latency(void)
{
    return (latency_flags & ASYNC_LOW_LATENCY) != 0;
}
