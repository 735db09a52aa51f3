/* The far ends of a case's connections: what the verbs of conform_net.c stand on. */
#ifndef CONFORM_END_H
#define CONFORM_END_H

#include <netinet/in.h>

#include "conform.h"

struct sockaddr_in conform_inet(const char *address, unsigned port);

/* A non-blocking socket at a port of an address, 0: a free one. Returns the descriptor or -1. */
int conform_bound(int type, const char *address, unsigned *port);

/* The end that a case calls so; NULL: there is none. */
struct conform_end *conform_find_end(struct conform_net *net, const char *from, unsigned number);

/* A connection that is the latest from now on; conform_net_end closes it. */
void conform_keep_tcp(struct conform_net *net, int fd);

/* The descriptor of the latest connection, or of the end of the latest UDP link; -1: there is none.
 */
int conform_latest(struct conform_net *net);

#endif
