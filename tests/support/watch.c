#include "watch.h"

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

#define PATIENCE_S 30

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static enum wm_event_kind kinds[256];
static size_t count, seen;

void watch_event(struct wm_device *dev, const struct wm_event *event, void *user)
{
    (void)dev, (void)user;
    if (event->link >= 0)
        return;
    pthread_mutex_lock(&mutex);
    ck_assert_uint_lt(count, sizeof kinds / sizeof kinds[0]);
    kinds[count++] = event->kind;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

void watch_await(enum wm_event_kind kind)
{
    struct timespec until;
    bool found = false;
    int err = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += PATIENCE_S;
    pthread_mutex_lock(&mutex);
    while (!found && err != ETIMEDOUT) {
        while (seen < count && !found)
            found = kinds[seen++] == kind;
        if (!found)
            err = pthread_cond_timedwait(&changed, &mutex, &until);
    }
    pthread_mutex_unlock(&mutex);
    ck_assert_msg(found, "event %d did not come", (int)kind);
}

bool watch_has(enum wm_event_kind kind)
{
    bool found = false;
    pthread_mutex_lock(&mutex);
    for (size_t i = seen; i < count; i++)
        found = found || kinds[i] == kind;
    pthread_mutex_unlock(&mutex);
    return found;
}
