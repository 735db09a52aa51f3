/* What the blocking device does, to be counted under callgrind or strace: work_device ROW COUNT
 * does the work of a row COUNT times over a socket pair. The module at its other end is a process
 * of its own, and is no part of the work. Prints the id of that process and the time of one piece
 * of the work. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <wmat/wmat.h>

#include "answers.h"

#define CHUNK 5760 /* the most that one AT+CIPSEND takes (TCP/IP AT: CIPSEND) */

/* The module: an answer to every line. */

static void say(int fd, const char *text)
{
    if (write(fd, text, strlen(text)) < 0)
        _exit(1);
}

/* Takes what came behind a line; returns how much of the payload that it announced is still due. */
static size_t take_line(int fd, char *line)
{
    const char *comma = strrchr(line, ',');
    const char *answer = answer_to(line);
    say(fd, answer);
    return strstr(answer, ">") && comma ? strtoul(comma + 1, NULL, 10) : 0;
}

static void be_module(int fd)
{
    char line[300], bytes[8192];
    size_t fill = 0, payload = 0;
    ssize_t n;
    while ((n = read(fd, bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < n; i++) {
            if (payload > 0) {
                if (--payload == 0)
                    say(fd, "SEND OK\r\n");
            } else if (bytes[i] != '\n' && fill < sizeof line - 1) {
                line[fill++] = bytes[i];
            } else {
                line[fill] = '\0';
                fill = 0;
                payload = take_line(fd, line);
            }
        }
    }
    _exit(0);
}

/* The host. */

static int open_device(struct wm_device **dev, int *link, pid_t *module)
{
    int fds[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0 || (*module = fork()) < 0)
        return WM_ERR_IO;
    if (*module == 0) {
        close(fds[0]);
        be_module(fds[1]);
    }
    close(fds[1]);
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    struct wm_transport *transport;
    int err = wm_transport_from_fd(&transport, fds[0]);
    if (err < 0)
        return err;
    struct wm_config config = {.transport = transport, .idle_poll_ms = WM_FOREVER};
    err = wm_open(dev, &config);
    if (err < 0)
        return err;
    *link = wm_tcp_connect(*dev, &(struct wm_tcp_options){.host = "127.0.0.1", .port = 7}, 0);
    return *link;
}

static int probe(struct wm_device *dev, int link)
{
    (void)link;
    return wm_probe(dev, WM_FOREVER);
}

static int send_chunk(struct wm_device *dev, int link)
{
    static char payload[CHUNK];
    return wm_send(dev, link, payload, sizeof payload, WM_FOREVER);
}

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static int work(int (*row)(struct wm_device *dev, int link), unsigned count)
{
    struct wm_device *dev = NULL;
    pid_t module;
    int link;
    int err = open_device(&dev, &link, &module);
    double start_us = now_us();
    for (unsigned i = 0; i < count && err >= 0; i++)
        err = row(dev, link);
    double us = (now_us() - start_us) / count;
    wm_close(dev);
    if (err < 0)
        return fprintf(stderr, "%s\n", wm_err_text(err)), 1;
    waitpid(module, NULL, 0);
    printf("%ld %.1f\n", (long)module, us);
    return 0;
}

int main(int argc, char **argv)
{
    unsigned count = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    if (count > 0 && strcmp(argv[1], "probe") == 0)
        return work(probe, count);
    if (count > 0 && strcmp(argv[1], "send") == 0)
        return work(send_chunk, count);
    return fprintf(stderr, "usage: work_device probe|send COUNT\n"), 2;
}
