/* One thread measures, the first one waits for it and for a signal. */
#include "bench.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"
#include "job.h"

#define SEND_BYTES    (4 * 5760) /* a multiple of the chunks of AT+CIPSEND */
#define RECEIVE_BYTES 16384

struct work {
    const struct cli *cli;
    struct bench *bench;
    struct job job;
    pthread_t thread;
    int done_fd; /* readable: the thread has ended */
    int link;    /* 0: none */
    int err;
    const char *what; /* it was about */
};

static double now_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Runs the prepared operation; err is what its preparation said. */
static int run_op(struct work *work, int err)
{
    return err < 0 ? err : job_run(&work->job, work->cli->timeout_ms);
}

static int send_bytes(struct work *work, const void *bytes, size_t len)
{
    return run_op(work, wm_send_prepare(&work->job.op, work->link, bytes, len));
}

/* Waits for at least one byte. */
static int receive_bytes(struct work *work, void *bytes, size_t cap)
{
    int n = wm_recv_prepare(&work->job.op, work->link, bytes, cap);

    if (n == 0)
        n = job_run(&work->job, work->cli->timeout_ms ? work->cli->timeout_ms : 15000);
    return n == 0 ? WM_ERR_CLOSED : n;
}

static int connect_to(struct work *work, enum bench_kind kind)
{
    const struct wm_tcp_options options = {.host = work->bench->host, .port = work->bench->port};
    const char first = (char)kind;
    int link = run_op(work, wm_tcp_connect_prepare(&work->job.op, &options));

    work->link = link < 0 ? 0 : link;
    return link < 0 ? link : send_bytes(work, &first, 1);
}

static int hang_up(struct work *work)
{
    int link = work->link;

    work->link = 0;
    return run_op(work, wm_link_close_prepare(&work->job.op, link));
}

static void on_closed(struct wm_op *op, int result, void *user)
{
    atomic_int *closed = user;

    (void)op;
    *closed = result < 0 ? result : 1;
}

/* The same of a link that has more to say: in active mode a full buffer would hold up the module,
 * AT+CIPCLOSE too. */
static int hang_up_reading(struct work *work)
{
    char nobody[RECEIVE_BYTES];
    struct wm_op op;
    atomic_int closed = 0;
    int link = work->link;
    int err = wm_link_close_prepare(&op, link);

    work->link = 0;
    if (err == 0)
        err = wm_submit(work->job.dev, &op, work->cli->timeout_ms, on_closed, &closed);
    while (err == 0 && closed == 0)
        if (wm_recv(work->job.dev, link, nobody, sizeof nobody, 20) <= 0)
            poll(NULL, 0, 1);
    return err < 0 ? err : closed < 0 ? closed : 0;
}

static uint64_t wire_bytes(struct work *work, bool up)
{
    struct wm_stats stats;

    wm_get_stats(work->job.dev, &stats);
    return up ? stats.tx_bytes : stats.rx_bytes;
}

static int measure_up(struct work *work, double end_s, struct bench_way *way)
{
    char bytes[SEND_BYTES];
    int n = 0;

    while (n >= 0 && now_s() < end_s) {
        bench_fill(bytes, sizeof bytes, way->bytes);
        n = send_bytes(work, bytes, sizeof bytes);
        way->bytes += n > 0 ? (uint64_t)n : 0;
    }
    return n < 0 ? n : 0;
}

static int measure_down(struct work *work, double end_s, struct bench_way *way)
{
    char bytes[RECEIVE_BYTES];
    int n = 0;

    while (n >= 0 && now_s() < end_s) {
        n = receive_bytes(work, bytes, sizeof bytes);
        if (n > 0 && !bench_matches(bytes, (size_t)n, way->bytes))
            return WM_ERR_MANGLED;
        way->bytes += n > 0 ? (uint64_t)n : 0;
    }
    return n < 0 ? n : 0;
}

static int measure_way(struct work *work, bool up)
{
    struct bench_way *way = up ? &work->bench->up : &work->bench->down;
    int err = connect_to(work, up ? BENCH_SINK : BENCH_SOURCE);
    uint64_t before = wire_bytes(work, up);
    double start_s = now_s(), end_s = start_s + work->bench->seconds;

    if (err >= 0)
        err = up ? measure_up(work, end_s, way) : measure_down(work, end_s, way);
    if (err < 0)
        return err;
    way->seconds = now_s() - start_s;
    way->wire_bytes = wire_bytes(work, up) - before;
    err = up ? hang_up(work) : hang_up_reading(work);
    if (err == 0 && up && bench_peer_got(work->bench->peer) != way->bytes)
        err = WM_ERR_MANGLED;
    return err;
}

static int compare(const void *one, const void *other)
{
    double left = *(const double *)one, right = *(const double *)other;

    return left < right ? -1 : left > right;
}

static int measure_rounds(struct work *work)
{
    struct bench *bench = work->bench;
    int err = connect_to(work, BENCH_ECHO);
    double end_s = now_s() + bench->seconds;
    char byte = 'r';

    while (err >= 0 && bench->rounds < BENCH_ROUNDS && (bench->rounds == 0 || now_s() < end_s)) {
        double start_s = now_s();

        err = send_bytes(work, &byte, 1);
        if (err >= 0)
            err = receive_bytes(work, &byte, 1);
        if (err >= 0)
            bench->round_ms[bench->rounds++] = (now_s() - start_s) * 1000;
    }
    qsort(bench->round_ms, bench->rounds, sizeof *bench->round_ms, compare);
    return err < 0 ? err : hang_up(work);
}

/* Says what goes on, where somebody may wait for it. */
static void begin(struct work *work, const char *what)
{
    work->what = what;
    if (isatty(STDERR_FILENO))
        cli_note(work->cli, "%s ...", what);
}

static void *measure(void *arg)
{
    const uint64_t one = 1;
    struct work *work = arg;

    begin(work, "to the peer");
    work->err = measure_way(work, true);
    if (work->err >= 0) {
        begin(work, "from the peer");
        work->err = measure_way(work, false);
    }
    if (work->err >= 0) {
        begin(work, "round trips");
        work->err = measure_rounds(work);
    }
    if (write(work->done_fd, &one, sizeof one) < 0)
        abort(); /* an eventfd takes a 1 */
    return NULL;
}

static int conclude(const struct work *work)
{
    const char *advice = NULL;

    if (interrupt_signal() != 0)
        return CLI_SIGNAL + interrupt_signal();
    if (work->err >= 0)
        return CLI_DONE;
    if (work->err == WM_ERR_DEVICE)
        advice = "does the module reach that address? Name this machine's with --peer";
    return cli_fail(work->cli, work->job.dev, work->err, advice, "%s (%s port %u)", work->what,
                    work->bench->host, work->bench->port);
}

/* Runs the thread until it ends or a signal comes. Returns 0 or WM_ERR_NOMEM. */
static int run(struct work *work)
{
    struct pollfd fds[2] = {{.fd = interrupt_catch(), .events = POLLIN},
                            {.fd = work->done_fd, .events = POLLIN}};

    if (pthread_create(&work->thread, NULL, measure, work) != 0)
        return WM_ERR_NOMEM;
    while (poll(fds, 2, -1) < 0)
        ;
    job_stop(&work->job);
    pthread_join(work->thread, NULL);
    return 0;
}

int bench_run(const struct cli *cli, struct wm_device *dev, struct bench *bench)
{
    struct work work = {.cli = cli, .bench = bench, .what = "can't begin"};
    int status;

    job_init(&work.job, dev);
    work.done_fd = eventfd(0, EFD_CLOEXEC);
    if (work.done_fd < 0 || run(&work) < 0)
        work.err = WM_ERR_NOMEM;
    status = conclude(&work);
    if (work.link != 0)
        wm_link_close(dev, work.link, 0);
    job_destroy(&work.job);
    if (work.done_fd >= 0)
        close(work.done_fd);
    return status;
}
