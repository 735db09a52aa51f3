/* Two threads copy, one each way; the first one watches: signals, the time, the reader of the
 * output. */
#include "nc.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"
#include "job.h"

#define SEND_BYTES    (4 * 5760) /* of one call; AT+CIPSEND takes 5760 at a time */
#define RECEIVE_BYTES 16384

enum { RUNNING = 1 }; /* of a flow's result, beside 0 and the errors */

/* One way. */
struct flow {
    struct nc *nc;
    struct job job;
    pthread_t thread;
    atomic_int result; /* RUNNING, 0: came to its end, or an error of the link */
    int file_error;    /* errno of standard input or output */
    size_t unsent;     /* read from the input, not confirmed by the module */
    uint64_t bytes;
};

struct nc {
    const struct cli *cli;
    const struct nc_options *options;
    int link;
    atomic_bool connected;
    bool reader_gone; /* nobody reads the output any more */
    int stop_fd;      /* readable: all threads must end */
    int news_fd;      /* readable: a thread has ended */
    struct flow send, receive;
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void raise_event(int fd)
{
    const uint64_t one = 1;

    if (write(fd, &one, sizeof one) < 0)
        perror("wmat: nc");
}

static void flow_end(struct flow *flow, int result)
{
    flow->result = result;
    raise_event(flow->nc->news_fd);
}

/* Waits until a file is ready. False when it is time to stop. */
static bool await_file(const struct nc *nc, int fd, short events)
{
    struct pollfd pollers[2] = {{.fd = fd, .events = events},
                                {.fd = nc->stop_fd, .events = POLLIN}};

    while (poll(pollers, 2, -1) < 0)
        if (errno != EINTR)
            return false;
    return pollers[1].revents == 0;
}

/* Returns how many bytes of the input there are, 0 at its end, or an error. */
static ssize_t read_input(struct flow *flow, char *bytes, size_t cap)
{
    ssize_t n;

    do {
        if (!await_file(flow->nc, STDIN_FILENO, POLLIN))
            return WM_ERR_CANCELLED;
        n = read(STDIN_FILENO, bytes, cap);
    } while (n < 0 && (errno == EINTR || errno == EAGAIN));
    if (n < 0)
        flow->file_error = errno;
    return n < 0 ? WM_ERR_CANCELLED : n;
}

static int send_bytes(struct flow *flow, const char *bytes, size_t len)
{
    const uint32_t timeout_ms = flow->nc->cli->timeout_ms;
    int err = wm_send_prepare(&flow->job.op, flow->nc->link, bytes, len);

    flow->unsent = len;
    if (err == 0)
        err = job_run(&flow->job, timeout_ms ? timeout_ms : WM_FOREVER);
    if (err < 0)
        return err;
    flow->unsent = 0;
    flow->bytes += len;
    return 0;
}

static void *run_send(void *arg)
{
    struct flow *flow = arg;
    char bytes[SEND_BYTES];
    ssize_t n;
    int err = 0;

    while (err == 0 && (n = read_input(flow, bytes, sizeof bytes)) != 0)
        err = n < 0 ? (int)n : send_bytes(flow, bytes, (size_t)n);
    flow_end(flow, err);
    return NULL;
}

/* Writes pieces that a pipe takes whole once it is ready, so that no write outlasts a Ctrl-C. */
static int write_output(struct flow *flow, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n;

        if (!await_file(flow->nc, STDOUT_FILENO, POLLOUT))
            return WM_ERR_CANCELLED;
        n = write(STDOUT_FILENO, bytes, len < PIPE_BUF ? len : PIPE_BUF);
        if (n < 0 && errno != EINTR && errno != EAGAIN) {
            flow->file_error = errno;
            return WM_ERR_CANCELLED;
        }
        bytes += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static int receive_all(struct flow *flow)
{
    char bytes[RECEIVE_BYTES];
    int n;

    for (;;) {
        n = wm_recv_prepare(&flow->job.op, flow->nc->link, bytes, sizeof bytes);
        if (n == 0)
            n = job_run(&flow->job, WM_FOREVER);
        if (n <= 0)
            return n;
        flow->bytes += (uint64_t)n;
        n = write_output(flow, bytes, (size_t)n);
        if (n < 0)
            return n;
    }
}

/* Returns the link, or an error. */
static int connect_link(struct nc *nc)
{
    const struct wm_tcp_options options = {.host = nc->options->host, .port = nc->options->port};
    int err = wm_tcp_connect_prepare(&nc->receive.job.op, &options);

    return err < 0 ? err : job_run(&nc->receive.job, nc->cli->timeout_ms);
}

/* The receiving thread connects first, so that the watching one stays free for a Ctrl-C. */
static void *run_receive(void *arg)
{
    struct flow *flow = arg;
    struct nc *nc = flow->nc;

    nc->link = connect_link(nc);
    nc->connected = nc->link >= 0;
    if (!nc->connected) {
        flow_end(flow, nc->link);
        return NULL;
    }
    nc->send.result = RUNNING;
    if (pthread_create(&nc->send.thread, NULL, run_send, &nc->send) != 0) {
        nc->send.result = WM_ERR_NOMEM;
        flow_end(flow, WM_ERR_NOMEM);
        return NULL;
    }
    flow_end(flow, receive_all(flow));
    pthread_join(nc->send.thread, NULL);
    return NULL;
}

/* How long the watch may sleep: until the end that was put off by -q. */
static int time_left(const struct nc *nc, int64_t *quit_at_ms)
{
    int64_t left;

    if (!nc->connected || nc->send.result != 0 || nc->options->quit_s == NC_NEVER)
        return -1;
    if (*quit_at_ms < 0)
        *quit_at_ms = now_ms() + nc->options->quit_s * INT64_C(1000);
    left = *quit_at_ms - now_ms();
    return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

/* Returns when it is time to end: the peer closed, a failure, a signal, the time, or nobody reads
 * the output any more. */
static void watch(struct nc *nc, int interrupt_fd)
{
    struct pollfd pollers[3] = {{.fd = interrupt_fd, .events = POLLIN},
                                {.fd = nc->news_fd, .events = POLLIN},
                                {.fd = STDOUT_FILENO}};
    int64_t quit_at_ms = -1;
    uint64_t news;

    while (nc->receive.result == RUNNING) {
        if (nc->connected && nc->send.result < 0 && nc->send.result != WM_ERR_CLOSED)
            return;
        int left = time_left(nc, &quit_at_ms);
        int n = left == 0 ? 0 : poll(pollers, 3, left);

        nc->reader_gone = n > 0 && pollers[2].revents != 0;
        if (n == 0 || pollers[0].revents != 0 || nc->reader_gone)
            return;
        if (n > 0 && read(nc->news_fd, &news, sizeof news) < 0)
            return;
    }
}

static int connect_failed(const struct nc *nc, struct wm_device *dev)
{
    const char *advice = NULL;

    if (nc->link == WM_ERR_ARG)
        advice = "a host has 1 to 64 characters and no line end";
    else if (nc->link == WM_ERR_DEVICE)
        advice = "does something listen there, and is the module joined (`wmat status`)?";
    return cli_fail(nc->cli, dev, nc->link, advice, "can't connect to %s port %u",
                    nc->options->host, nc->options->port);
}

static int file_failed(const struct nc *nc)
{
    if (nc->send.file_error != 0)
        cli_note(nc->cli, "can't read standard input: %s", strerror(nc->send.file_error));
    else if (!nc->reader_gone && nc->receive.file_error != EPIPE)
        cli_note(nc->cli, "can't write standard output: %s", strerror(nc->receive.file_error));
    else if (nc->send.result == 0)
        return CLI_DONE; /* who read the output has had enough, as head does */
    return CLI_FAILED;
}

static bool is_failure(int result)
{
    return result < 0 && result != WM_ERR_CANCELLED;
}

/* What the ends of both ways amount to. */
static int conclude(const struct nc *nc, struct wm_device *dev)
{
    int signal_number = interrupt_signal();

    if (signal_number != 0)
        return CLI_SIGNAL + signal_number;
    if (!nc->connected)
        return connect_failed(nc, dev);
    if (is_failure(nc->receive.result))
        return cli_fail(nc->cli, dev, nc->receive.result, NULL, "the link failed");
    if (is_failure(nc->send.result) && nc->receive.result != 0)
        return cli_fail(nc->cli, dev, nc->send.result, NULL, "the link failed");
    if (nc->reader_gone || nc->send.file_error != 0 || nc->receive.file_error != 0)
        return file_failed(nc);
    if (nc->send.unsent > 0)
        return cli_fail(nc->cli, NULL, WM_ERR_CLOSED, NULL, "not all of the input was sent");
    return CLI_DONE;
}

static void stop(struct nc *nc)
{
    raise_event(nc->stop_fd);
    job_stop(&nc->send.job);
    job_stop(&nc->receive.job);
    pthread_join(nc->receive.thread, NULL);
}

static void run(struct nc *nc, int interrupt_fd)
{
    nc->receive.result = RUNNING;
    nc->send.result = RUNNING;
    if (pthread_create(&nc->receive.thread, NULL, run_receive, &nc->receive) != 0) {
        nc->link = WM_ERR_NOMEM;
        return;
    }
    watch(nc, interrupt_fd);
    stop(nc);
}

int nc_run(const struct cli *cli, struct wm_device *dev, const struct nc_options *options,
           struct nc_counts *counts)
{
    struct nc nc = {.cli = cli, .options = options};
    int interrupt_fd = interrupt_catch();
    int status;

    nc.stop_fd = eventfd(0, EFD_CLOEXEC);
    nc.news_fd = eventfd(0, EFD_CLOEXEC);
    nc.send.nc = nc.receive.nc = &nc;
    job_init(&nc.send.job, dev);
    job_init(&nc.receive.job, dev);
    run(&nc, interrupt_fd);
    status = conclude(&nc, dev);
    if (nc.connected)
        wm_link_close(dev, nc.link, 0);
    *counts = (struct nc_counts){nc.send.bytes, nc.receive.bytes};
    job_destroy(&nc.send.job);
    job_destroy(&nc.receive.job);
    close(nc.stop_fd);
    close(nc.news_fd);
    return status;
}
