/* A TCP server on 127.0.0.1 that sends back what it gets: prints `port N` and runs until it is
 * killed. For demonstrations and for tests that start a peer of their own. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Sends all of it. False when the peer has gone. */
static int send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

        if (n < 0)
            return 0;
        bytes += n;
        len -= (size_t)n;
    }
    return 1;
}

static void *echo(void *arg)
{
    int fd = (int)(intptr_t)arg;
    char bytes[16384];
    ssize_t n;

    while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0 && send_all(fd, bytes, (size_t)n))
        ;
    close(fd);
    return NULL;
}

static void serve(int fd)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, echo, (void *)(intptr_t)fd) == 0)
        pthread_detach(thread);
    else
        close(fd);
}

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int fd;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) < 0 ||
        listen(listener, 64) < 0 || getsockname(listener, (struct sockaddr *)&address, &size) < 0) {
        perror("tcp_echo");
        return EXIT_FAILURE;
    }
    printf("port %u\n", ntohs(address.sin_port));
    fflush(stdout);
    while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
        serve(fd);
    perror("tcp_echo");
    return EXIT_FAILURE;
}
