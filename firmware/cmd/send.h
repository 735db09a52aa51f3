/* What the sending commands share: payload from the serial line on its way to a link. */
#ifndef FW_SEND_H
#define FW_SEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmfw/port.h>

#include "ring.h"

#define FW_BLOCK_MS 30 /* how long bytes wait for company (spec: CIPSEND, passthrough) */

struct fw_module;

/* How the line is read in data mode: one for each way of sending. */
struct fw_sink {
    /* Takes payload from the line: how many bytes, 0 when there is no room now. */
    size_t (*take)(struct fw_module *module, const char *bytes, size_t len);
    /* All has come that was announced: the command goes on without the line. NULL: never. */
    bool (*is_full)(const struct fw_module *module);
    /* Goes on while the line is in data mode; true when something moved. NULL: nothing to do. */
    bool (*go_on)(struct fw_module *module);
    /* `+++` came, with silence around it. Returns an enum fw_outcome. */
    int (*escape)(struct fw_module *module);
    /* When go_on has to be called at the latest. NULL: never. */
    uint64_t (*deadline)(const struct fw_module *module);
};

struct fw_send {
    const struct fw_sink *sink;
    unsigned id;              /* of the link */
    unsigned link_generation; /* of that link: another one may get its id */
    size_t length;            /* announced */
    size_t got;               /* of it from the line, whatever became of it */
    size_t sent;              /* handed to the stack */
    size_t reported;          /* CIPSENDL: got, when it was reported last */
    bool backslash;           /* CIPSENDEX: the next byte stands for itself */
    bool terminated;          /* CIPSENDEX: \\0 came */
    bool hidden;              /* CIPSENDEX of a shipping module: a real NUL hides what follows it */
    bool filled;              /* all has come, the result has not been printed */
    bool broken;              /* CIPSENDL: the link is gone or took nothing in time */
    bool to_other;            /* datagrams: not to the link's remote end, but to remote */
    bool resolving;           /* the name of remote */
    struct fw_endpoint remote;
    uint64_t limit_ms;   /* so_sndtimeo: when the stack has to have taken something */
    uint64_t block_ms;   /* when the bytes that wait go out although they are few; FW_NEVER: none */
    uint64_t retry_ms;   /* passthrough: when to connect again; FW_NEVER: not planned */
    struct fw_ring data; /* from the line, not yet handed over */
};

/* Whether the link that the command began with is still open. */
bool fw_send_link_is_open(const struct fw_module *module);

/* Whether the next hand-over finds that the link is gone, and fails (row 7 of what a shipping
 * module does otherwise). */
bool fw_send_has_failed(const struct fw_module *module);

/* Begins anew for a link; sink may be NULL where fw_send_begin of the command sets it. */
void fw_send_reset(struct fw_module *module, unsigned id, const struct fw_sink *sink);

/* Hands over up to limit bytes, in pieces of at most piece bytes (datagrams: one datagram each):
 * 0 when they are gone, FW_IO_AGAIN when the stack is full, FW_IO_FAIL. */
int fw_send_hand_over(struct fw_module *module, size_t limit, size_t piece);

/* The piece that CIPSEND hands over at a time. */
size_t fw_send_piece(const struct fw_module *module);

/* The time that AT+CIPTCPOPT <so_sndtimeo> allows, from now on. */
uint64_t fw_send_limit(const struct fw_module *module);

#endif
