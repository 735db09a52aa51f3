/* A module whose host and network may do anything: arbitrary bytes on the line, and between them
 * what a letter stands for. Whatever has happened, it must be found again in the way that a driver
 * finds it. On the fake port and on virtual time; what the module must never do aborts. */
#ifndef CHAOS_H
#define CHAOS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/wmfw.h>

#include "fake_port.h"

struct chaos {
    struct fw fw;
    struct fake_port fake;
    uint64_t now_ms;
    size_t peer; /* that letters are about: so many before the one that connected last */
    enum fw_dialect dialect;
    bool deaf;      /* the host does not read */
    char tail[128]; /* the end of what the module has said */
};

/* A module that has booted in a dialect, with the extensions. At every address there are a server
 * on port 80 that sends back what it gets, and one on port 81 that never answers; "host" is
 * 192.0.2.1. */
void chaos_start(struct chaos *chaos, enum fw_dialect dialect);

/* Powers it off; every socket of the port must be closed then. */
void chaos_stop(struct chaos *chaos);

/* Sends bytes. What the module does not take is lost: that happens to a host that does not read,
 * and in passthrough, where the module holds the line back while the peer takes nothing. */
void chaos_say(struct chaos *chaos, const void *bytes, size_t len);

/* Lets time pass, in steps of the module's deadlines. */
void chaos_pass(struct chaos *chaos, uint64_t ms);

/* Makes something happen:
 *   w W   30 ms, 11 s pass
 *   p     the host says a guarded +++
 *   d h   the host stops reading, reads again
 *   0..9  the letters below are about the peer so many before the last one
 *   s S   the peer sends 20 bytes (a datagram, where the link is one), 9000 bytes
 *   e r   it ends its side, breaks the connection
 *   b y   it takes ten bytes more and then nothing; anything
 *   f     its network refuses datagrams
 *   a     it answers, if it was silent until now; to a question for the time, with the time
 *   c     a client calls the module's server
 *   n Q   the name server falls silent, answers again
 *   l     the station loses its access point
 *   G B   the access point goes out of reach, comes back
 *   N     its DHCP server falls silent for good
 *   J K   a station joins the module's access point, another one
 *   L     the first of them leaves
 * Other letters do nothing. */
void chaos_act(struct chaos *chaos, char what);

/* Whether it answers AT with OK now. */
bool chaos_answers(struct chaos *chaos);

/* Everybody becomes reasonable; then a guarded +++, an empty line and AT: whether it answers. In
 * the dialect of a shipping module as often as it takes to get through its queue. */
bool chaos_find_again(struct chaos *chaos);

#endif
