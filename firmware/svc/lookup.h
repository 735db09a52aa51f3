/* A host, given as an address or a name, to an address. */
#ifndef FW_LOOKUP_H
#define FW_LOOKUP_H

#include <stdint.h>

#include <wmfw/port.h>

#define FW_LOOKUP_MS 10000 /* how long an answer may take */

/* Which addresses will do; the numbers are those of AT+CIPDOMAIN. */
enum fw_preference { FW_PREFER_IPV4 = 1, FW_ONLY_IPV4 = 2, FW_ONLY_IPV6 = 3 };

struct fw_lookup {
    const struct fw_port *port; /* NULL: none is under way */
    int query4, query6;         /* -1: none, or over */
    int result;                 /* where no query is needed */
    struct fw_addr addr;
    uint64_t deadline_ms;
    const char *reason; /* why it failed */
};

/* Starts. host ends with a NUL and need not live on. */
void fw_lookup_start(struct fw_lookup *lookup, const struct fw_port *port, const char *host,
                     enum fw_preference preference, uint64_t now_ms);

/* 0 and *out, FW_IO_AGAIN, or FW_IO_FAIL and lookup->reason. It is over with anything but
 * FW_IO_AGAIN. */
int fw_lookup_poll(struct fw_lookup *lookup, uint64_t now_ms, struct fw_addr *out);

/* Gives it up; harmless when none is under way. */
void fw_lookup_cancel(struct fw_lookup *lookup);

/* When fw_lookup_poll has to be called at the latest. */
uint64_t fw_lookup_deadline(const struct fw_lookup *lookup);

#endif
