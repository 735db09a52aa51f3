/* Sockets of this machine: where local programs connect to. */
#ifndef LOCAL_H
#define LOCAL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "cli.h"

#define LOCAL_TEXT_MAX 64 /* an address and its port as text, terminated */

struct local {
    struct sockaddr_storage address;
    socklen_t len;
};

/* Reads PORT, ADDRESS or ADDRESS:PORT, where an address is IPv4 or IPv6, this one in brackets when
 * a port follows. Without an address it is 127.0.0.1; without a port it is port, which NULL says
 * must be there. Port 0 is any free one. False: text is none of these. */
bool local_parse(const char *text, const char *port, struct local *local);

/* Is it an address that other machines do not reach? */
bool local_is_loopback(const struct local *local);

/* Listens there. Returns a non-blocking descriptor, and in local where that is; -1 after a message.
 */
int local_listen(const struct cli *cli, struct local *local);

/* Writes ADDRESS:PORT. Returns text. */
const char *local_print(const struct local *local, char text[LOCAL_TEXT_MAX]);

/* Milliseconds of CLOCK_MONOTONIC, as wm_deadline has them. */
uint64_t local_now_ms(void);

#endif
