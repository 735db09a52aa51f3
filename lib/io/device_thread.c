/* The I/O thread of a device: it reads the port, lets time pass and runs the callbacks. */
#include "device.h"

#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

void device_wake_thread(struct device *dev)
{
    uint64_t one = 1;
    ssize_t n = write(dev->wake_fd, &one, sizeof one);
    (void)n; /* it fails only when it is readable anyway */
}

/* Prepares to poll; returns what to poll the port for. */
static short fall_asleep(struct device *dev)
{
    short events = device_poll_events(dev);
    dev->polls_input = events & POLLIN;
    dev->polls_output = events & POLLOUT;
    dev->polls_until_ms = device_deadline(dev);
    dev->asleep = true;
    return events;
}

/* Sleeps until the port, a deadline or another thread has something to do. Returns what the port
 * has. */
static short sleep_on_port(struct device *dev)
{
    short events = fall_asleep(dev);
    struct pollfd fds[2] = {
        {.fd = dev->wake_fd, .events = POLLIN},
        {.fd = events ? dev->transport->ops->fd(dev->transport) : -1, .events = events},
    };
    uint64_t count;
    int timeout_ms = device_poll_timeout(dev, dev->polls_until_ms);
    device_unlock_to_sleep(dev);
    poll(fds, 2, timeout_ms);
    if (fds[0].revents && read(dev->wake_fd, &count, sizeof count) < 0)
        fds[0].revents = 0;
    device_lock(dev);
    dev->asleep = false;
    device_look_at_clock(dev);
    return fds[1].revents;
}

/* The deadline that was slept for is looked at again only where it has passed: one that has come
 * closer meanwhile is watched by the call that it belongs to, or has ended the sleep. */
static void work(struct device *dev)
{
    short has = sleep_on_port(dev);
    if ((has & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) || dev->input_len > 0)
        device_take_input(dev);
    if (dev->polls_until_ms <= dev->now_ms)
        device_tick(dev);
    device_keep_port(dev);
    device_flush(dev);
}

static void *run(void *arg)
{
    struct device *dev = arg;
    device_lock(dev);
    while (!dev->stopping) {
        device_run_callbacks(dev);
        if (!dev->stopping)
            work(dev);
    }
    device_unlock(dev);
    return NULL;
}

/* The program's signals are its own threads' affair. */
static bool create_thread(struct device *dev)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool made = pthread_create(&dev->thread, NULL, run, dev) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return made;
}

int device_start_thread(struct device *dev)
{
    dev->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (dev->wake_fd < 0)
        return WM_ERR_IO;
    device_lock(dev);
    dev->running = create_thread(dev);
    device_unlock(dev);
    return dev->running ? 0 : WM_ERR_NOMEM;
}

void device_stop_thread(struct device *dev)
{
    device_lock(dev);
    dev->stopping = true;
    device_unlock(dev);
    device_wake_thread(dev);
    pthread_join(dev->thread, NULL);
    dev->thread = pthread_self(); /* where callbacks run from now on */
}
