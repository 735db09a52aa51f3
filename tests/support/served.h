/* A core on the bench whose module runs a server. */
#ifndef SERVED_H
#define SERVED_H

#include <wmat/server.h>

#include "dialogue.h"

/* Submits an operation of several lines, each of which must come and is answered OK. */
void run_lines(struct wm_op *op, const char *const lines[], size_t count);

/* Opens the bench and starts a server on port 80. max_clients: 0, or 2. */
void start_server(unsigned max_clients, enum wm_receive receive, int piece);

/* The result of wm_accept now: a link, or an error. */
int accept_now(void);

/* The number that a link has in the module. */
unsigned id_of(int link);

#endif
