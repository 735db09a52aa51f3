#include "net.h"

#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void fw_net_init(struct fw_net *net)
{
    memset(net, 0, sizeof *net);
    for (size_t i = 0; i < FW_NET_SOCKETS; i++) {
        net->socket[i].fd = -1;
    }
}

size_t fw_net_poll_set(const struct fw_net *net, struct pollfd *set)
{
    size_t count = 0;

    for (size_t i = 0; i < FW_NET_SOCKETS; i++) {
        unsigned want = net->socket[i].want;

        if (net->socket[i].fd >= 0 && want != 0) {
            set[count].fd = net->socket[i].fd;
            set[count].events = (short)(((want & FW_WANT_READ) != 0 ? POLLIN : 0) |
                                        ((want & FW_WANT_WRITE) != 0 ? POLLOUT : 0));
            set[count].revents = 0;
            count++;
        }
    }
    return count;
}

/* Link-local peers are looked for on the loopback interface (DESIGN: addresses). */
static socklen_t to_sockaddr(const struct fw_endpoint *endpoint, struct sockaddr_storage *out)
{
    struct sockaddr_in *in4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;

    memset(out, 0, sizeof *out);
    if (endpoint->addr.family == FW_IPV4) {
        in4->sin_family = AF_INET;
        in4->sin_port = htons(endpoint->port);
        memcpy(&in4->sin_addr, endpoint->addr.bytes, 4);
        return sizeof *in4;
    }
    in6->sin6_family = AF_INET6;
    in6->sin6_port = htons(endpoint->port);
    memcpy(&in6->sin6_addr, endpoint->addr.bytes, 16);
    if (IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr)) {
        in6->sin6_scope_id = if_nametoindex("lo");
    }
    return sizeof *in6;
}

static int open_socket(void *ctx, enum fw_family family)
{
    struct fw_net *net = ctx;

    for (int i = 0; i < FW_NET_SOCKETS; i++) {
        if (net->socket[i].fd < 0) {
            net->socket[i].fd = socket(family == FW_IPV4 ? AF_INET : AF_INET6,
                                       SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
            net->socket[i].want = 0;
            net->socket[i].started = false;
            return net->socket[i].fd >= 0 ? i : FW_IO_FAIL;
        }
    }
    return FW_IO_FAIL;
}

static int bind_socket(void *ctx, int sock, const struct fw_addr *local)
{
    struct fw_net *net = ctx;
    struct fw_endpoint endpoint = {.addr = *local};
    struct sockaddr_storage storage;
    socklen_t len = to_sockaddr(&endpoint, &storage);

    return bind(net->socket[sock].fd, (struct sockaddr *)&storage, len) == 0 ? 0 : FW_IO_FAIL;
}

static void keep_alive(void *ctx, int sock, unsigned idle_s)
{
    int fd = ((struct fw_net *)ctx)->socket[sock].fd;
    int on = idle_s > 0, idle = (int)idle_s, interval = 1, count = 3;

    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    if (on) {
        setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
        setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
        setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
    }
}

static int connect_outcome(int fd)
{
    struct pollfd writable = {.fd = fd, .events = POLLOUT};
    int error = 0;
    socklen_t len = sizeof error;

    if (poll(&writable, 1, 0) <= 0) {
        return FW_IO_AGAIN;
    }
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0 || error != 0) {
        return FW_IO_FAIL;
    }
    return 0;
}

static int connect_socket(void *ctx, int sock, const struct fw_endpoint *remote)
{
    struct fw_net *net = ctx;
    struct sockaddr_storage storage;
    socklen_t len = to_sockaddr(remote, &storage);

    if (net->socket[sock].started) {
        return connect_outcome(net->socket[sock].fd);
    }
    net->socket[sock].started = true;
    if (connect(net->socket[sock].fd, (struct sockaddr *)&storage, len) == 0) {
        return 0;
    }
    return errno == EINPROGRESS ? FW_IO_AGAIN : FW_IO_FAIL;
}

static uint16_t local_port(void *ctx, int sock)
{
    struct sockaddr_storage storage;
    socklen_t len = sizeof storage;

    if (getsockname(((struct fw_net *)ctx)->socket[sock].fd, (struct sockaddr *)&storage, &len) <
        0) {
        return 0;
    }
    if (storage.ss_family == AF_INET) {
        return ntohs(((struct sockaddr_in *)&storage)->sin_port);
    }
    return ntohs(((struct sockaddr_in6 *)&storage)->sin6_port);
}

static int io_result(ssize_t n)
{
    if (n >= 0) {
        return (int)n;
    }
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? FW_IO_AGAIN : FW_IO_FAIL;
}

static int send_bytes(void *ctx, int sock, const void *data, size_t len)
{
    return io_result(send(((struct fw_net *)ctx)->socket[sock].fd, data, len, MSG_NOSIGNAL));
}

static int recv_bytes(void *ctx, int sock, void *data, size_t cap)
{
    return io_result(recv(((struct fw_net *)ctx)->socket[sock].fd, data, cap, 0));
}

static void want(void *ctx, int sock, unsigned flags)
{
    ((struct fw_net *)ctx)->socket[sock].want = flags;
}

static void close_socket(void *ctx, int sock, enum fw_close how)
{
    struct fw_net *net = ctx;
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    if (how == FW_CLOSE_RESET) {
        setsockopt(net->socket[sock].fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    close(net->socket[sock].fd);
    net->socket[sock].fd = -1;
    net->socket[sock].want = 0;
}

const struct fw_net_ops fw_net_ops = {
    .open = open_socket,
    .bind = bind_socket,
    .keep_alive = keep_alive,
    .connect = connect_socket,
    .local_port = local_port,
    .send = send_bytes,
    .recv = recv_bytes,
    .want = want,
    .close = close_socket,
};
