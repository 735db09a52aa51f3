/* Calls that take their time: what they wait for is shown, and a signal ends them. */
#ifndef WORK_H
#define WORK_H

#include "cli.h"

/* Runs a prepared operation, within cli->timeout_ms. Where standard error is a terminal and it
 * takes longer than a second, it says what is done (as "joining wmat") and for how long. Returns
 * the operation's result, WM_ERR_CANCELLED after a SIGINT, SIGTERM or SIGHUP. */
int work_run(const struct cli *cli, struct wm_device *dev, struct wm_op *op, const char *what);

/* Waits. what as above, since_ms being when it began (work_now_ms); NULL: nothing is shown. Returns
 * 0, or WM_ERR_CANCELLED after a signal. */
int work_sleep(const struct cli *cli, int time_ms, const char *what, int64_t since_ms);

/* Takes what was shown away again. */
void work_hide(void);

/* The time since some moment in the past. */
int64_t work_now_ms(void);

#endif
