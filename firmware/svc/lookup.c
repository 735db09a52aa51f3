#include "lookup.h"

#include <stdbool.h>
#include <string.h>

#include "addr.h"

static bool will_do(enum fw_preference preference, enum fw_family family)
{
    return preference == FW_PREFER_IPV4 || (preference == FW_ONLY_IPV4) == (family == FW_IPV4);
}

static int ask(const struct fw_lookup *lookup, const char *host, enum fw_preference preference,
               enum fw_family family)
{
    if (!will_do(preference, family)) {
        return -1;
    }
    return lookup->port->dns->start(lookup->port->dns_ctx, host, family);
}

void fw_lookup_start(struct fw_lookup *lookup, const struct fw_port *port, const char *host,
                     enum fw_preference preference, uint64_t now_ms)
{
    *lookup = (struct fw_lookup){
        .port = port, .query4 = -1, .query6 = -1, .deadline_ms = now_ms + FW_LOOKUP_MS};
    if (fw_addr_parse(host, strlen(host), &lookup->addr)) {
        lookup->result = will_do(preference, lookup->addr.family) ? 0 : FW_IO_FAIL;
        lookup->reason = "an address of the other family";
        return;
    }
    lookup->query4 = ask(lookup, host, preference, FW_IPV4);
    lookup->query6 = ask(lookup, host, preference, FW_IPV6);
    lookup->result = FW_IO_FAIL;
    lookup->reason = "no such name";
}

/* The outcome of one of the two queries, which is over with anything but FW_IO_AGAIN. */
static int outcome(struct fw_lookup *lookup, int *query)
{
    int result = FW_IO_FAIL;

    if (*query >= 0) {
        result = lookup->port->dns->result(lookup->port->dns_ctx, *query, &lookup->addr);
    }
    if (result != FW_IO_AGAIN) {
        *query = -1;
    }
    return result;
}

/* IPv4 first: its answer counts, and the other one only where it fails. */
static int check(struct fw_lookup *lookup)
{
    int result;

    if (lookup->query4 < 0 && lookup->query6 < 0) {
        return lookup->result;
    }
    result = lookup->query4 >= 0 ? outcome(lookup, &lookup->query4) : FW_IO_FAIL;
    return result == FW_IO_FAIL ? outcome(lookup, &lookup->query6) : result;
}

/* The time is over: without an answer for IPv4, one for IPv6 has to do. */
static int last_resort(struct fw_lookup *lookup)
{
    lookup->reason = "no answer from the name server";
    return lookup->query6 >= 0 && outcome(lookup, &lookup->query6) == 0 ? 0 : FW_IO_FAIL;
}

int fw_lookup_poll(struct fw_lookup *lookup, uint64_t now_ms, struct fw_addr *out)
{
    int result = check(lookup);

    if (result == FW_IO_AGAIN && now_ms >= lookup->deadline_ms) {
        result = last_resort(lookup);
    }
    if (result != FW_IO_AGAIN) {
        *out = lookup->addr;
        fw_lookup_cancel(lookup);
    }
    return result;
}

void fw_lookup_cancel(struct fw_lookup *lookup)
{
    if (lookup->port == NULL) {
        return;
    }
    if (lookup->query4 >= 0) {
        lookup->port->dns->cancel(lookup->port->dns_ctx, lookup->query4);
    }
    if (lookup->query6 >= 0) {
        lookup->port->dns->cancel(lookup->port->dns_ctx, lookup->query6);
    }
    lookup->query4 = lookup->query6 = -1;
    lookup->port = NULL;
}

uint64_t fw_lookup_deadline(const struct fw_lookup *lookup)
{
    return lookup->port != NULL ? lookup->deadline_ms : FW_NEVER;
}
