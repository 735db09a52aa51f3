/* A network of its own for one test, in which every port and address is free, and which the machine
 * knows nothing of. */
#ifndef NETNS_H
#define NETNS_H

#include <stdbool.h>

/* Moves the calling process, a test of Check in its own process, and what it starts from now on,
 * into a new network that has nothing but a loopback interface. False: not allowed here, and the
 * test can't be done; with $WMAT_PEERS_NEEDED that is a failure. */
bool netns_enter(void);

/* What the process starts from now on may not open raw sockets. */
void netns_forbid_raw(void);

#endif
