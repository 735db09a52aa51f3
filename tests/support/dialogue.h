/* A dialogue between a test and a core on the bench, with link 0 open. */
#ifndef DIALOGUE_H
#define DIALOGUE_H

#include <wmat/link.h>
#include <wmat/sys.h>
#include <wmat/tcp.h>

#include "bench.h"
#include "suite.h"

extern struct bench bench;
extern int link0; /* handle of the open link */

/* Found, set up, and connected; the module's bytes come piece at a time (0: all at once). */
void open_passive(int piece);
void open_active(int piece, size_t ring_bytes);

/* The result of an operation that must have ended; the state of a link. */
int result_of(struct wm_op *op);
int state_of(int link);

/* wm_core_read; and that it gives exactly text on link 0. */
int read_link(int link, char *buffer, size_t cap);
void expect_read(const char *text);

#endif
