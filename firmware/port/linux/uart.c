#include "uart.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

/* A module holds a lock on its pty for as long as it runs; it is none that a host asks for. */
static bool lock_pty(int fd)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

static int open_pty(struct fw_uart *uart, char *err, size_t err_size)
{
    struct termios settings;

    uart->in = uart->out = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (uart->in < 0 || grantpt(uart->in) < 0 || unlockpt(uart->in) < 0 ||
        ptsname_r(uart->in, uart->path, sizeof uart->path) != 0) {
        int error = errno;

        snprintf(err, err_size, "no pseudo terminal can be opened: %s", strerror(error));
        return -error;
    }
    uart->slave = open(uart->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (uart->slave < 0 || tcgetattr(uart->slave, &settings) < 0) {
        int error = errno;

        snprintf(err, err_size, "%s can't be opened: %s", uart->path, strerror(error));
        return -error;
    }
    lock_pty(uart->slave);
    cfmakeraw(&settings);
    cfsetspeed(&settings, B115200);
    tcsetattr(uart->slave, TCSANOW, &settings);
    return 0;
}

static bool belongs_to_a_module(const char *pty)
{
    int fd = open(pty, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    bool taken = fd >= 0 ? !lock_pty(fd) : errno == EBUSY; /* its host may keep others out */

    if (fd >= 0) {
        close(fd);
    }
    return taken;
}

/* Where a symbolic link leads to, "" where there is none. */
static void read_link(const char *path, char target[FW_UART_PATH])
{
    ssize_t len = readlink(path, target, FW_UART_PATH - 1);

    target[len > 0 ? len : 0] = '\0';
}

/* Takes away what a module has left behind that was killed, and nothing else. Its pty may have been
 * given to this one: then the link is right, by chance. */
static int remove_old_link(const struct fw_uart *uart, const char *path, char *err, size_t err_size)
{
    char target[FW_UART_PATH];

    read_link(path, target);
    if (target[0] == '\0') {
        return 0;
    }
    if (strncmp(target, "/dev/pts/", 9) != 0) {
        snprintf(err, err_size,
                 "%s: a symbolic link to %s is there; choose another path, or remove it", path,
                 target);
        return -EEXIST;
    }
    if (strcmp(target, uart->path) != 0 && belongs_to_a_module(target)) {
        snprintf(err, err_size, "%s: a module that runs has this link", path);
        return -EBUSY;
    }
    unlink(path);
    return 0;
}

static int make_link(struct fw_uart *uart, const char *link_path, char *err, size_t err_size)
{
    int error = strlen(link_path) >= sizeof uart->path ? -ENAMETOOLONG : 0;

    if (error < 0) {
        snprintf(err, err_size, "%s: the path is too long", link_path);
        return error;
    }
    error = remove_old_link(uart, link_path, err, err_size);
    if (error < 0) {
        return error;
    }
    if (symlink(uart->path, link_path) < 0) {
        error = errno;
        snprintf(err, err_size, "%s can't be created: %s", link_path,
                 error == EEXIST ? "something that is no symbolic link is there" : strerror(error));
        return -error;
    }
    strcpy(uart->pty, uart->path);
    strcpy(uart->path, link_path);
    uart->linked = true;
    return 0;
}

/* Unless somebody else has it now. */
static void drop_link(const struct fw_uart *uart)
{
    char target[FW_UART_PATH];

    read_link(uart->path, target);
    if (uart->linked && strcmp(target, uart->pty) == 0) {
        unlink(uart->path);
    }
}

static int open_linked_pty(struct fw_uart *uart, const struct fw_linux_options *options,
                           unsigned index, char *err, size_t err_size)
{
    char name[FW_UART_PATH];
    int result = open_pty(uart, err, err_size);

    if (result < 0 || options->link_path == NULL) {
        return result;
    }
    if (options->count > 1) {
        snprintf(name, sizeof name, "%s%u", options->link_path, index);
        return make_link(uart, name, err, err_size);
    }
    return make_link(uart, options->link_path, err, err_size);
}

/* HOST:PORT or [HOST]:PORT. */
static bool split_host_port(const char *text, char host[256], unsigned *port)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon != NULL ? (size_t)(colon - text) : 0;
    char *end;
    unsigned long number;

    if (len == 0 || colon[1] < '0' || colon[1] > '9') {
        return false;
    }
    if (text[0] == '[' && text[len - 1] == ']') {
        text++;
        len -= 2;
    }
    number = strtoul(colon + 1, &end, 10);
    if (len == 0 || len > 255 || *end != '\0' || number > 65535) {
        return false;
    }
    memcpy(host, text, len);
    host[len] = '\0';
    *port = (unsigned)number;
    return true;
}

static int bind_and_listen(const struct addrinfo *where)
{
    int on = 1, error;
    int fd = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0) {
        return -errno;
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, where->ai_addr, where->ai_addrlen) < 0 || listen(fd, 4) < 0) {
        error = errno;
        close(fd);
        return -error;
    }
    return fd;
}

static void name_listener(struct fw_uart *uart)
{
    struct sockaddr_storage where;
    socklen_t len = sizeof where;
    char host[64], port[8];

    getsockname(uart->listener, (struct sockaddr *)&where, &len);
    if (getnameinfo((struct sockaddr *)&where, len, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) == 0) {
        snprintf(uart->path, sizeof uart->path,
                 where.ss_family == AF_INET6 ? "tcp://[%s]:%s" : "tcp://%s:%s", host, port);
    }
}

static int open_listener(struct fw_uart *uart, const struct fw_linux_options *options,
                         unsigned index, char *err, size_t err_size)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found;
    char host[256], service[16];
    unsigned port;

    if (options->listen == NULL || !split_host_port(options->listen, host, &port)) {
        snprintf(err, err_size, "%s: the address to listen at has the form HOST:PORT",
                 options->listen != NULL ? options->listen : "");
        return -EINVAL;
    }
    if (port + index > 65535) {
        snprintf(err, err_size, "%s: there are not enough ports behind it for the modules",
                 options->listen);
        return -EINVAL;
    }
    snprintf(service, sizeof service, "%u", port == 0 ? 0 : port + index);
    if (getaddrinfo(host, service, &hints, &found) != 0) {
        snprintf(err, err_size, "%s: there is no such address here", options->listen);
        return -EADDRNOTAVAIL;
    }
    uart->listener = bind_and_listen(found);
    freeaddrinfo(found);
    if (uart->listener < 0) {
        int error = -uart->listener;

        uart->listener = -1;
        snprintf(err, err_size, "can't listen at %s: %s", options->listen, strerror(error));
        return -error;
    }
    name_listener(uart);
    return 0;
}

static int open_stream(struct fw_uart *uart, int in, int out, char *err, size_t err_size)
{
    uart->in_flags = fcntl(in, F_GETFL);
    uart->out_flags = fcntl(out, F_GETFL);
    if (uart->in_flags < 0 || uart->out_flags < 0) {
        snprintf(err, err_size, "the stream for the serial line is not open");
        return -EBADF;
    }
    uart->in = in;
    uart->out = out;
    fcntl(in, F_SETFL, uart->in_flags | O_NONBLOCK);
    fcntl(out, F_SETFL, uart->out_flags | O_NONBLOCK);
    if (uart->kind == FW_LINUX_STDIO) {
        snprintf(uart->path, sizeof uart->path, "stdio");
    } else {
        snprintf(uart->path, sizeof uart->path, "fd:%d", in);
    }
    return 0;
}

int fw_uart_open(struct fw_uart *uart, const struct fw_linux_options *options, unsigned index,
                 char *err, size_t err_size)
{
    memset(uart, 0, sizeof *uart);
    uart->kind = options->uart;
    uart->in = uart->out = uart->listener = uart->slave = -1;
    switch (options->uart) {
    case FW_LINUX_PTY:
        return open_linked_pty(uart, options, index, err, err_size);
    case FW_LINUX_LISTEN:
        return open_listener(uart, options, index, err, err_size);
    case FW_LINUX_FD:
        return open_stream(uart, options->uart_fd, options->uart_fd, err, err_size);
    case FW_LINUX_STDIO:
        return open_stream(uart, STDIN_FILENO, STDOUT_FILENO, err, err_size);
    }
    snprintf(err, err_size, "unknown kind of serial line");
    return -EINVAL;
}

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
        *fd = -1;
    }
}

static void drop_host(struct fw_uart *uart)
{
    close_fd(&uart->in);
    uart->out = -1;
}

void fw_uart_close(struct fw_uart *uart)
{
    drop_link(uart);
    if (uart->kind == FW_LINUX_PTY || uart->kind == FW_LINUX_LISTEN) {
        drop_host(uart);
    }
    if (uart->kind == FW_LINUX_STDIO) { /* a terminal is shared with the shell */
        fcntl(uart->in, F_SETFL, uart->in_flags);
        fcntl(uart->out, F_SETFL, uart->out_flags);
    }
    close_fd(&uart->slave);
    close_fd(&uart->listener);
}

size_t fw_uart_poll_set(const struct fw_uart *uart, bool wants_input, bool has_output,
                        struct pollfd set[FW_UART_FDS])
{
    size_t count = 0;

    if (uart->listener >= 0) {
        set[count++] = (struct pollfd){.fd = uart->listener, .events = POLLIN};
    }
    if (uart->in >= 0 && wants_input && !uart->ended) {
        set[count++] = (struct pollfd){.fd = uart->in, .events = POLLIN};
    }
    if (uart->out >= 0 && has_output) {
        set[count++] = (struct pollfd){.fd = uart->out, .events = POLLOUT};
    }
    return count;
}

void fw_uart_accept(struct fw_uart *uart)
{
    int on = 1;
    int fd = uart->listener >= 0 ? accept4(uart->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)
                                 : -1;

    if (fd < 0) {
        return;
    }
    if (uart->in >= 0) {
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    uart->in = uart->out = fd;
}

static bool is_transient(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

static void end_of_stream(struct fw_uart *uart)
{
    if (uart->kind == FW_LINUX_LISTEN) {
        drop_host(uart);
    } else if (uart->kind != FW_LINUX_PTY) {
        uart->ended = true;
    }
}

size_t fw_uart_read(struct fw_uart *uart, void *buf, size_t cap)
{
    ssize_t n = uart->in >= 0 && !uart->ended ? read(uart->in, buf, cap) : -1;

    if (n > 0) {
        return (size_t)n;
    }
    if (uart->in >= 0 && (n == 0 || !is_transient(errno))) {
        end_of_stream(uart);
    }
    return 0;
}

/* A socket whose other end is gone must not raise SIGPIPE in a program that embeds this. */
static ssize_t write_quietly(int fd, const void *bytes, size_t len)
{
    ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

    return n < 0 && errno == ENOTSOCK ? write(fd, bytes, len) : n;
}

size_t fw_uart_write(struct fw_uart *uart, const void *bytes, size_t len)
{
    ssize_t n;

    if (uart->out < 0) {
        return len;
    }
    n = write_quietly(uart->out, bytes, len);
    if (n >= 0) {
        return (size_t)n;
    }
    if (!is_transient(errno)) {
        end_of_stream(uart);
        return len;
    }
    return 0;
}
