/* A w800-sim process for a test: the program named by $W800_SIM, on a pty or on TCP. */
#ifndef SIM_H
#define SIM_H

#include <sys/types.h>

struct sim {
    pid_t pid;
    int out;        /* its standard output */
    char path[256]; /* what to give to wm_open */
};

/* Starts it with up to 8 more arguments, the last one NULL, and waits until it is ready. */
void sim_start(struct sim *sim, const char *const *args);

/* Ends it by its process id: SIGTERM, or SIGKILL as an accident. */
void sim_stop(struct sim *sim);
void sim_kill(struct sim *sim);

#endif
