#include "interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A signal handler has no other way to its program. */
static volatile sig_atomic_t caught;
static volatile sig_atomic_t event_fd;

static void on_signal(int number)
{
    const uint64_t one = 1;
    int saved_errno = errno;

    caught = number;
    if (write(event_fd, &one, sizeof one) < 0)
        _exit(128 + number);
    errno = saved_errno;
}

int interrupt_catch(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    if (event_fd > 0)
        return event_fd;
    event_fd = eventfd(0, EFD_CLOEXEC);
    if (event_fd < 0)
        return -1;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
    return event_fd;
}

int interrupt_signal(void)
{
    return caught;
}
