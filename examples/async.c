/* Asynchronous calls: looks up several names without waiting for one after the other. What has not
 * ended after SECONDS is cancelled. The module must have joined an access point (wmat join).
 *
 *     async PORT SECONDS NAME...
 */
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <wmat/wmat.h>

#define NAMES_MAX 16

/* The operation and all that it refers to stay where they are until it has ended. */
struct lookup {
    struct wm_op op;
    const char *name;
    char ip[WM_IP_SIZE];
    bool failed;
    sem_t *ended;
};

/* Runs on the thread of the device; a blocking call is not possible in here. */
static void ended(struct wm_op *op, int result, void *user)
{
    struct lookup *lookup = user;
    (void)op;
    lookup->failed = result < 0;
    printf("%s: %s\n", lookup->name, result < 0 ? wm_err_text(result) : lookup->ip);
    sem_post(lookup->ended);
}

/* False: it could not even be asked, and ended is not called. */
static bool start(struct wm_device *dev, struct lookup *lookup)
{
    int err = wm_resolve_prepare(&lookup->op, lookup->name, WM_PREFER_DEFAULT, lookup->ip);
    if (err == 0)
        err = wm_submit(dev, &lookup->op, WM_FOREVER, ended, lookup);
    if (err < 0) {
        printf("%s: %s\n", lookup->name, wm_err_text(err));
        lookup->failed = true;
    }
    return err == 0;
}

/* Waits for count operations. False: they have not all ended in time. */
static bool await(sem_t *ended, size_t count, long seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until); /* sem_timedwait's */
    until.tv_sec += seconds;
    for (; count > 0; count--) {
        if (sem_timedwait(ended, &until) != 0)
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    static struct lookup lookups[NAMES_MAX];
    char words[WM_DETAIL_MAX];
    struct wm_device *dev;
    sem_t ended_ones;
    size_t count = argc > 3 ? (size_t)argc - 3 : 0, started = 0;
    int status = EXIT_SUCCESS;

    if (count == 0 || count > NAMES_MAX) {
        fprintf(stderr, "usage: async PORT SECONDS NAME...\n");
        return 2;
    }
    struct wm_config config = {.port = argv[1], .detail = words, .detail_size = sizeof words};
    sem_init(&ended_ones, 0, 0);
    if (wm_open(&dev, &config) < 0) {
        fprintf(stderr, "%s: %s\n", argv[1], words);
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < count; i++) {
        lookups[i].name = argv[3 + i];
        lookups[i].ended = &ended_ones;
        started += start(dev, &lookups[i]);
    }
    if (!await(&ended_ones, started, strtol(argv[2], NULL, 10))) {
        for (size_t i = 0; i < count; i++)
            wm_cancel(dev, &lookups[i].op); /* those that have ended don't mind */
    }
    wm_close(dev); /* every callback has returned */
    for (size_t i = 0; i < count; i++) {
        if (lookups[i].failed)
            status = EXIT_FAILURE;
    }
    sem_destroy(&ended_ones);
    return status;
}
