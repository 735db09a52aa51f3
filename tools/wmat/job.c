#include "job.h"

void job_init(struct job *job, struct wm_device *dev)
{
    *job = (struct job){.dev = dev};
    pthread_mutex_init(&job->lock, NULL);
    pthread_cond_init(&job->changed, NULL);
}

void job_destroy(struct job *job)
{
    pthread_cond_destroy(&job->changed);
    pthread_mutex_destroy(&job->lock);
}

static void on_done(struct wm_op *op, int result, void *user)
{
    struct job *job = user;

    (void)op;
    (void)result;
    pthread_mutex_lock(&job->lock);
    job->running = false;
    pthread_cond_signal(&job->changed);
    pthread_mutex_unlock(&job->lock);
}

/* The lock is held while the operation starts, so that job_stop cancels nothing that has not
 * started. */
static int start(struct job *job, uint32_t timeout_ms)
{
    int err;

    if (job->stopped)
        return WM_ERR_CANCELLED;
    job->running = true;
    err = wm_submit(job->dev, &job->op, timeout_ms, on_done, job);
    if (err < 0)
        job->running = false;
    return err;
}

int job_run(struct job *job, uint32_t timeout_ms)
{
    int err;

    pthread_mutex_lock(&job->lock);
    err = start(job, timeout_ms);
    while (job->running)
        pthread_cond_wait(&job->changed, &job->lock);
    pthread_mutex_unlock(&job->lock);
    return err < 0 ? err : job->op.result;
}

void job_stop(struct job *job)
{
    bool running;

    pthread_mutex_lock(&job->lock);
    job->stopped = true;
    running = job->running;
    pthread_mutex_unlock(&job->lock);
    if (running)
        wm_cancel(job->dev, &job->op);
}
