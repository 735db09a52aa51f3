#include "echo.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#define CLIENTS 16

static pthread_t thread;
static int stop_pipe[2], listener;

/* Small messages: the send buffer has room for them. False: the client has gone. */
static int echo(int fd)
{
    char bytes[4096];
    ssize_t n = recv(fd, bytes, sizeof bytes, 0);
    return n > 0 && send(fd, bytes, (size_t)n, MSG_NOSIGNAL) == n;
}

static void accept_client(struct pollfd *clients)
{
    int fd = accept(listener, NULL, NULL);
    for (int i = 0; i < CLIENTS && fd >= 0; i++) {
        if (clients[i].fd < 0) {
            clients[i].fd = fd;
            return;
        }
    }
    close(fd);
}

static void *run(void *arg)
{
    struct pollfd fds[CLIENTS + 2];
    (void)arg;
    for (int i = 0; i < CLIENTS; i++)
        fds[i] = (struct pollfd){.fd = -1, .events = POLLIN};
    fds[CLIENTS] = (struct pollfd){.fd = listener, .events = POLLIN};
    fds[CLIENTS + 1] = (struct pollfd){.fd = stop_pipe[0], .events = POLLIN};
    while (poll(fds, CLIENTS + 2, -1) > 0 && !fds[CLIENTS + 1].revents) {
        for (int i = 0; i < CLIENTS; i++) {
            if (fds[i].revents && !echo(fds[i].fd)) {
                close(fds[i].fd);
                fds[i].fd = -1;
            }
        }
        if (fds[CLIENTS].revents)
            accept_client(fds);
    }
    for (int i = 0; i < CLIENTS; i++) {
        if (fds[i].fd >= 0)
            close(fds[i].fd);
    }
    return NULL;
}

uint16_t echo_start(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(listener, 0);
    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(listener, CLIENTS), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &len), 0);
    ck_assert_int_eq(pipe(stop_pipe), 0);
    ck_assert_int_eq(pthread_create(&thread, NULL, run, NULL), 0);
    return ntohs(address.sin_port);
}

void echo_stop(void)
{
    ck_assert_int_eq(write(stop_pipe[1], "x", 1), 1);
    pthread_join(thread, NULL);
    close(listener);
    close(stop_pipe[0]);
    close(stop_pipe[1]);
}
