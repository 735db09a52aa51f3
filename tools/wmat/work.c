#include "work.h"

#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "interrupt.h"

#define SHOW_MS 1000 /* what is sooner needs no words */

int64_t work_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void show(const struct cli *cli, const char *what, int64_t since_ms)
{
    int64_t passed_ms = work_now_ms() - since_ms;

    if (what == NULL || passed_ms < SHOW_MS || !isatty(STDERR_FILENO))
        return;
    fflush(stdout);
    fprintf(stderr, "\rwmat: %s: ", cli->command);
    for (const char *at = what; *at != '\0'; at++) /* a name of the network's may be any bytes */
        fputc((unsigned char)*at < ' ' || *at == 0x7f ? '?' : *at, stderr);
    fprintf(stderr, " ... %lld s", (long long)(passed_ms / 1000));
}

void work_hide(void)
{
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

static void on_done(struct wm_op *op, int result, void *user)
{
    const uint64_t one = 1;

    (void)op;
    (void)result;
    if (write(*(int *)user, &one, sizeof one) < 0)
        perror("wmat");
}

/* Until the operation has ended; a signal cancels it first. */
static void await(const struct cli *cli, struct wm_device *dev, struct wm_op *op, const char *what,
                  int done_fd)
{
    struct pollfd pollers[2] = {{.fd = done_fd, .events = POLLIN},
                                {.fd = interrupt_catch(), .events = POLLIN}};
    int64_t since_ms = work_now_ms();

    while (pollers[0].revents == 0) {
        int n = poll(pollers, 2, SHOW_MS);

        if (n == 0)
            show(cli, what, since_ms);
        if (n > 0 && pollers[1].revents != 0) {
            wm_cancel(dev, op);
            pollers[1].fd = -1;
        }
    }
}

int work_run(const struct cli *cli, struct wm_device *dev, struct wm_op *op, const char *what)
{
    int done_fd = eventfd(0, EFD_CLOEXEC);
    int err;

    if (done_fd < 0)
        return WM_ERR_NOMEM;
    err = wm_submit(dev, op, cli->timeout_ms, on_done, &done_fd);
    if (err == 0) {
        await(cli, dev, op, what, done_fd);
        work_hide();
        err = op->result;
    }
    close(done_fd);
    return err;
}

int work_sleep(const struct cli *cli, int time_ms, const char *what, int64_t since_ms)
{
    struct pollfd poller = {.fd = interrupt_catch(), .events = POLLIN};

    show(cli, what, since_ms);
    poll(&poller, 1, time_ms);
    return interrupt_signal() != 0 ? WM_ERR_CANCELLED : 0;
}
