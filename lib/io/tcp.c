/* A serial port at the far end of a TCP connection. */
#include "port.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "fd.h"

#define HOST_MAX 256

static const char tcp_gone[] = "the serial server closed the connection";

struct address {
    char host[HOST_MAX];
    char port[6];
};

static const struct wm_transport_ops tcp_ops = {
    .read = fd_read,
    .write = fd_write,
    .fd = fd_get,
    .close = fd_close,
};

/* The end of the host, or NULL: at the last colon, or at the bracket that closes an IPv6 address.
 */
static const char *host_end(const char *text)
{
    const char *end;

    if (*text != '[')
        return strchr(text, ':');
    end = strchr(text, ']');
    return end != NULL && end[1] == ':' ? end : NULL;
}

static bool parse_port(const char *text, char port[6])
{
    size_t len = strspn(text, "0123456789");
    unsigned value = 0;

    if (len == 0 || len > 5 || text[len] != '\0')
        return false;
    for (size_t i = 0; i < len; i++)
        value = value * 10 + (unsigned)(text[i] - '0');
    memcpy(port, text, len + 1);
    return value >= 1 && value <= 65535;
}

static bool parse(const char *text, struct address *address)
{
    const char *end = host_end(text);
    const char *host = *text == '[' ? text + 1 : text;

    if (end == NULL || end == host || end - host >= HOST_MAX)
        return false;
    memcpy(address->host, host, (size_t)(end - host));
    address->host[end - host] = '\0';
    return parse_port(end + (*end == ']' ? 2 : 1), address->port);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* Waits until fd is connected. Returns 0 or an errno. */
static int await_connected(int fd, int64_t deadline_ms)
{
    struct pollfd poller = {.fd = fd, .events = POLLOUT};
    int error = 0;
    socklen_t size = sizeof error;
    int n;

    do {
        int64_t left = deadline_ms - now_ms();

        n = poll(&poller, 1, left > 0 ? (int)left : 0);
    } while (n < 0 && errno == EINTR);
    if (n == 0)
        return ETIMEDOUT;
    if (n < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0)
        return errno;
    return error;
}

/* Connects to one address. Returns the descriptor, or -1 with errno. */
static int connect_one(const struct addrinfo *info, int64_t deadline_ms)
{
    const int on = 1;
    int fd = socket(info->ai_family, info->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int error = 0;

    if (fd < 0)
        return -1;
    if (connect(fd, info->ai_addr, info->ai_addrlen) < 0)
        error = errno == EINPROGRESS || errno == EINTR ? await_connected(fd, deadline_ms) : errno;
    if (error != 0) {
        close(fd);
        errno = error;
        return -1;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

/* Connects to the first address that answers. Returns the descriptor, or -1 with errno. */
static int connect_any(const struct addrinfo *list, unsigned timeout_ms)
{
    int64_t deadline_ms = now_ms() + timeout_ms;
    int fd = -1;

    for (const struct addrinfo *info = list; info != NULL && fd < 0; info = info->ai_next)
        fd = connect_one(info, deadline_ms);
    return fd;
}

static int connect_failed(const struct address *address, unsigned timeout_ms,
                          const struct port_detail *detail)
{
    if (errno == ECONNREFUSED)
        return port_fail(detail, WM_ERR_IO,
                         "nothing listens at %.80s port %s; is the serial server running?",
                         address->host, address->port);
    if (errno == ETIMEDOUT)
        return port_fail(detail, WM_ERR_IO,
                         "%.80s port %s did not answer within %u ms; check the address",
                         address->host, address->port, timeout_ms);
    return port_fail(detail, WM_ERR_IO, "can't connect to %.80s port %s: %s", address->host,
                     address->port, strerror(errno));
}

int port_open_tcp(struct wm_transport **out, const char *address_text,
                  const struct wm_port_options *options, const struct port_detail *detail)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *list;
    struct address address;
    int err;
    int fd;

    if (!parse(address_text, &address))
        return port_fail(detail, WM_ERR_ARG,
                         "'%.80s' is no address; write tcp://HOST:PORT or tcp://[IPv6]:PORT",
                         address_text);
    err = getaddrinfo(address.host, address.port, &hints, &list);
    if (err != 0)
        return port_fail(detail, WM_ERR_IO, "no address for the host '%.80s': %s; check its name",
                         address.host, gai_strerror(err));
    fd = connect_any(list, options->connect_timeout_ms);
    freeaddrinfo(list);
    if (fd < 0)
        return connect_failed(&address, options->connect_timeout_ms, detail);
    return fd_transport_new(out, fd, &tcp_ops, tcp_gone);
}
