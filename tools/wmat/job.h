/* One call of the driver at a time, run by one thread and stopped by another. */
#ifndef JOB_H
#define JOB_H

#include <pthread.h>
#include <stdbool.h>

#include <wmat/wmat.h>

struct job {
    struct wm_op op; /* prepared by the thread that runs it */
    struct wm_device *dev;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool running, stopped;
};

void job_init(struct job *job, struct wm_device *dev);
void job_destroy(struct job *job);

/* Runs the prepared operation. Returns its result; WM_ERR_CANCELLED once job_stop has been called.
 */
int job_run(struct job *job, uint32_t timeout_ms);

/* Ends what runs, and lets nothing more run. */
void job_stop(struct job *job);

#endif
