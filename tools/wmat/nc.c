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
#include "nc_link.h"

#define SEND_BYTES    (4 * 5760) /* at least nc_link's piece_size */
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
    struct nc_link link;
    int open_error;        /* of the link: 0 or why it is not there */
    atomic_bool connected; /* there is, or was, a link */
    atomic_bool sending;   /* the sending thread runs, or ran */
    bool reader_gone;      /* nobody reads the output any more */
    int stop_fd;           /* readable: all threads must end */
    int news_fd;           /* readable: a thread has ended */
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
    int err;

    flow->unsent = len;
    err = nc_link_send(&flow->nc->link, &flow->job, bytes, len);
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

    while (err == 0 && (n = read_input(flow, bytes, flow->nc->link.piece_size)) != 0)
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

/* Starts the other way, once. Returns 0 or an error. */
static int start_sending(struct nc *nc)
{
    if (nc->sending || nc->options->keep)
        return 0;
    nc->send.result = RUNNING;
    nc->sending = true; /* before it can end: the watch asks for this when it is told of the end */
    if (pthread_create(&nc->send.thread, NULL, run_send, &nc->send) == 0)
        return 0;
    nc->sending = false;
    nc->send.result = WM_ERR_NOMEM;
    return WM_ERR_NOMEM;
}

/* Who listens for datagrams has nobody to send to before the first one. */
static int receive_all(struct flow *flow)
{
    struct nc *nc = flow->nc;
    bool waits = nc->options->listen && nc->options->kind == NC_UDP;
    char bytes[RECEIVE_BYTES];
    int n = waits ? 0 : start_sending(nc);

    while (n == 0) {
        n = nc_link_receive(&nc->link, &flow->job, bytes, sizeof bytes);
        if (n <= 0)
            return n;
        flow->bytes += (uint64_t)n;
        n = write_output(flow, bytes, (size_t)n);
        if (n == 0)
            n = start_sending(nc);
    }
    return n;
}

/* A client, or what was connected to, to its end. Returns 0 or an error. */
static int serve(struct flow *flow)
{
    struct nc *nc = flow->nc;
    int err = nc_link_open(&nc->link, &flow->job);

    nc->open_error = err;
    if (err < 0)
        return err;
    nc->connected = true;
    return receive_all(flow);
}

/* The receiving thread connects, too, so that the watching one stays free for a Ctrl-C. */
static void *run_receive(void *arg)
{
    struct flow *flow = arg;
    struct nc *nc = flow->nc;
    int err = serve(flow);

    while (err == 0 && nc->options->keep) {
        nc_link_hang_up(&nc->link);
        err = serve(flow);
    }
    flow_end(flow, err);
    if (nc->sending)
        pthread_join(nc->send.thread, NULL);
    return NULL;
}

/* How long the watch may sleep: until the end that was put off by -q. */
static int time_left(const struct nc *nc, int64_t *quit_at_ms)
{
    int64_t left;

    if (!nc->sending || nc->send.result != 0 || nc->options->quit_s == NC_NEVER)
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
        if (nc->sending && nc->send.result < 0 && nc->send.result != WM_ERR_CLOSED)
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
    if (!nc->connected || is_failure(nc->open_error))
        return nc_link_failed(&nc->link, nc->open_error);
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
        nc->open_error = WM_ERR_NOMEM;
        return;
    }
    watch(nc, interrupt_fd);
    stop(nc);
}

int nc_run(const struct cli *cli, struct wm_device *dev, const struct nc_options *options,
           struct nc_counts *counts)
{
    struct nc nc = {
        .cli = cli,
        .options = options,
        .link = {.cli = cli, .options = options, .dev = dev, .handle = -1},
    };
    int interrupt_fd = interrupt_catch();
    int status;

    nc.stop_fd = eventfd(0, EFD_CLOEXEC);
    nc.news_fd = eventfd(0, EFD_CLOEXEC);
    nc.send.nc = nc.receive.nc = &nc;
    job_init(&nc.send.job, dev);
    job_init(&nc.receive.job, dev);
    run(&nc, interrupt_fd);
    status = conclude(&nc, dev);
    nc_link_close(&nc.link);
    *counts = (struct nc_counts){nc.send.bytes, nc.receive.bytes};
    job_destroy(&nc.send.job);
    job_destroy(&nc.receive.job);
    close(nc.stop_fd);
    close(nc.news_fd);
    return status;
}
