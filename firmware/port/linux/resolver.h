/* Names of one module, asked through c-ares. */
#ifndef FW_RESOLVER_H
#define FW_RESOLVER_H

#include <ares.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include <wmfw/port.h>

#define FW_RESOLVER_FDS ARES_GETSOCK_MAXNUM

/* One query. It stays in its place until its answer was fetched or c-ares has let go of it. */
struct fw_query {
    bool used;  /* the firmware waits for it */
    bool asked; /* c-ares works on it */
    enum fw_family family;
    int outcome; /* FW_IO_AGAIN while it is under way, else 0 or FW_IO_FAIL */
    struct fw_addr addr;
};

struct fw_resolver {
    ares_channel channel; /* opened with the first query; NULL before */
    char fixed[80];       /* ADDR:PORT of --resolver; "": those of AT+CIPDNS, or the host's */
    char servers[100];    /* of AT+CIPDNS; "": the host's */
    struct fw_query queries[2 * FW_DNS_QUERIES];
};

/* server as in --resolver, NULL: the host's. 0, or FW_IO_FAIL when it is not ADDR[:PORT]. */
int fw_resolver_init(struct fw_resolver *resolver, const char *server);
void fw_resolver_close(struct fw_resolver *resolver);

/* Writes what to poll for: how many entries, at most FW_RESOLVER_FDS. */
size_t fw_resolver_poll_set(const struct fw_resolver *resolver, struct pollfd *set);

/* Reads answers and checks time-outs. */
void fw_resolver_process(struct fw_resolver *resolver, const struct pollfd *set, size_t count);

/* How long poll may wait: milliseconds, -1 for ever. */
int fw_resolver_timeout(const struct fw_resolver *resolver);

extern const struct fw_dns_ops fw_resolver_ops; /* ctx is a struct fw_resolver */

#endif
