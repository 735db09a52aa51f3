#include "net.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crowd.h"
#include "sockaddr.h"

void fw_net_init(struct fw_net *net, const struct fw_addr *address, uint16_t port_offset)
{
    memset(net, 0, sizeof *net);
    net->address = *address;
    net->port_offset = port_offset;
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

/* A place for a descriptor, which is closed when there is none. */
static int keep(struct fw_net *net, int fd)
{
    for (int i = 0; i < FW_NET_SOCKETS && fd >= 0; i++) {
        if (net->socket[i].fd < 0) {
            net->socket[i].fd = fd;
            net->socket[i].want = 0;
            net->socket[i].started = false;
            net->socket[i].own.family = 0;
            return i;
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    return FW_IO_FAIL;
}

static int new_fd(enum fw_family family, int type)
{
    int on = 1;
    int fd = socket(family == FW_IPV4 ? AF_INET : AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd >= 0 && family == FW_IPV6) {
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    }
    return fd;
}

static int open_socket(void *ctx, enum fw_family family)
{
    return keep(ctx, new_fd(family, SOCK_STREAM));
}

static int bind_socket(void *ctx, int sock, const struct fw_addr *local)
{
    struct fw_net *net = ctx;
    struct fw_endpoint endpoint = {.addr = *local};
    struct sockaddr_storage storage;
    socklen_t len = fw_sockaddr_make(&endpoint, &storage);

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

static void no_delay(void *ctx, int sock, bool on)
{
    int value = on;

    setsockopt(((struct fw_net *)ctx)->socket[sock].fd, IPPROTO_TCP, TCP_NODELAY, &value,
               sizeof value);
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
    socklen_t len = fw_sockaddr_make(remote, &storage);

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

static void shut_down(void *ctx, int sock)
{
    shutdown(((struct fw_net *)ctx)->socket[sock].fd, SHUT_WR);
}

/* The module's own address of a family; IPv6 is the host's loopback address. */
static struct fw_addr own_address(const struct fw_net *net, enum fw_family family)
{
    static const struct fw_addr loopback = {.family = FW_IPV6, .bytes = {[15] = 1}};

    return family == FW_IPV4 ? net->address : loopback;
}

static int bind_fd(int fd, const struct fw_endpoint *local)
{
    struct sockaddr_storage storage;
    socklen_t len = fw_sockaddr_make(local, &storage);

    return bind(fd, (struct sockaddr *)&storage, len);
}

static int listen_socket(void *ctx, enum fw_family family, uint16_t port)
{
    struct fw_net *net = ctx;
    struct fw_endpoint local = {.addr = own_address(net, family),
                                .port = (uint16_t)(port + net->port_offset)};
    bool exists = port + net->port_offset <= UINT16_MAX;
    int on = 1;
    int fd = exists ? new_fd(family, SOCK_STREAM) : -1;

    if (fd < 0) {
        return FW_IO_FAIL;
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind_fd(fd, &local) < 0 || listen(fd, 8) < 0) {
        close(fd);
        return FW_IO_FAIL;
    }
    return keep(net, fd);
}

static int accept_socket(void *ctx, int sock, struct fw_endpoint *peer)
{
    struct fw_net *net = ctx;
    struct sockaddr_storage storage;
    socklen_t len = sizeof storage;
    int fd = accept4(net->socket[sock].fd, (struct sockaddr *)&storage, &len,
                     SOCK_NONBLOCK | SOCK_CLOEXEC);

    if (fd < 0) {
        return FW_IO_AGAIN; /* one that gave up meanwhile is none */
    }
    fw_sockaddr_read(&storage, peer);
    return keep(net, fd);
}

/* DESIGN, addresses: peers on this machine see the module's own address. */
static struct fw_endpoint bind_to(const struct fw_net *net, const struct fw_endpoint *local,
                                  const struct fw_endpoint *remote, bool crowd)
{
    struct fw_endpoint where = *local;

    if (where.addr.family == 0 && fw_addr_is_loopback(&remote->addr)) {
        where.addr = own_address(net, (enum fw_family)remote->addr.family);
    }
    where.addr.family = remote->addr.family;
    if (crowd && where.port == 0) {
        where.port = remote->port;
    }
    return where;
}

static int open_datagram(void *ctx, const struct fw_endpoint *local,
                         const struct fw_endpoint *remote)
{
    struct fw_net *net = ctx;
    bool crowd = fw_addr_is_crowd(&remote->addr);
    const struct fw_addr *address = local->addr.family != 0 ? &local->addr : &net->address;
    struct fw_addr own = {.family = 0};
    struct fw_endpoint where = bind_to(net, local, remote, crowd);
    int fd = new_fd((enum fw_family)remote->addr.family, SOCK_DGRAM);
    int sock;

    if (fd < 0) {
        return FW_IO_FAIL;
    }
    if ((local->addr.family != 0 && local->addr.family != remote->addr.family) ||
        (crowd && fw_crowd_join(fd, address, net->group_interface, &remote->addr, &own) < 0) ||
        bind_fd(fd, &where) < 0) {
        close(fd);
        return FW_IO_FAIL;
    }
    sock = keep(net, fd);
    if (sock >= 0) {
        net->socket[sock].own = own;
    }
    return sock;
}

static ssize_t send_once(const struct fw_net *net, int sock, const struct fw_endpoint *remote,
                         const void *data, size_t len)
{
    const struct fw_addr *own = &net->socket[sock].own;
    struct sockaddr_storage storage;
    socklen_t size = fw_sockaddr_make(remote, &storage);
    int fd = net->socket[sock].fd;

    if (own->family != 0 && fw_addr_is_broadcast(&remote->addr)) {
        return fw_crowd_send(fd, own, remote, data, len);
    }
    return sendto(fd, data, len, MSG_NOSIGNAL, (struct sockaddr *)&storage, size);
}

static int send_to(void *ctx, int sock, const struct fw_endpoint *remote, const void *data,
                   size_t len)
{
    ssize_t n = send_once(ctx, sock, remote, data, len);

    if (n < 0 && errno == ECONNREFUSED) { /* the answer to an earlier one */
        n = send_once(ctx, sock, remote, data, len);
    }
    return io_result(n);
}

static bool is_own(struct fw_net *net, int sock, const struct fw_endpoint *from)
{
    const struct fw_addr *own = &net->socket[sock].own;

    return own->family != 0 && memcmp(own, &from->addr, sizeof *own) == 0 &&
           from->port == local_port(net, sock);
}

static int recv_from(void *ctx, int sock, struct fw_endpoint *remote, void *data, size_t cap)
{
    struct fw_net *net = ctx;
    struct sockaddr_storage storage;
    ssize_t n;

    do {
        socklen_t len = sizeof storage;

        n = recvfrom(net->socket[sock].fd, data, cap, MSG_TRUNC, (struct sockaddr *)&storage, &len);
        if (n >= 0) {
            fw_sockaddr_read(&storage, remote);
        }
    } while ((n < 0 && errno == ECONNREFUSED) || (n >= 0 && is_own(net, sock, remote)));
    return io_result(n);
}

static void want(void *ctx, int sock, unsigned flags)
{
    ((struct fw_net *)ctx)->socket[sock].want = flags;
}

/* With received bytes that nobody has read, Linux breaks the connection, and forgets what was sent.
 */
static void discard_received(int fd)
{
    enum { TIMES = 512 }; /* more than a receive buffer holds */
    char nothing[16384];

    for (int i = 0; i < TIMES && recv(fd, nothing, sizeof nothing, 0) > 0; i++) {
    }
}

static void close_socket(void *ctx, int sock, enum fw_close how)
{
    struct fw_net *net = ctx;
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    if (how == FW_CLOSE_RESET) {
        setsockopt(net->socket[sock].fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    } else {
        discard_received(net->socket[sock].fd);
    }
    close(net->socket[sock].fd);
    net->socket[sock].fd = -1;
    net->socket[sock].want = 0;
}

const struct fw_net_ops fw_net_ops = {
    .open = open_socket,
    .bind = bind_socket,
    .keep_alive = keep_alive,
    .no_delay = no_delay,
    .connect = connect_socket,
    .local_port = local_port,
    .send = send_bytes,
    .recv = recv_bytes,
    .shutdown = shut_down,
    .listen = listen_socket,
    .accept = accept_socket,
    .open_datagram = open_datagram,
    .send_to = send_to,
    .recv_from = recv_from,
    .want = want,
    .close = close_socket,
};
