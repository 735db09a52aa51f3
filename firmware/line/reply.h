/* The reply writer: the only way to the serial line. It owns the output; what it prints is a column
 * of message.def (dialect.h). */
#ifndef FW_REPLY_H
#define FW_REPLY_H

#include <stddef.h>
#include <stdint.h>

#include "at_limits.h"
#include "dialect.h"

/* Output waiting for the serial line. It holds a passive read of a whole receive window (5760
 * bytes) and its header, or two active frames beside the room that a command needs for its answer.
 */
#define FW_REPLY_BYTES 8192

/* Room that no frame may take and without which no command starts: the longest answer of a command
 * that does not ask for its room itself, and the echo in front of it. */
#define FW_REPLY_RESERVE (1536 + AT_LINE_MAX + 2)

struct fw_reply {
    const struct fw_habits *habits;
    size_t head, used;
    size_t left;     /* of the message that is written: characters that it may still have */
    uint64_t passed; /* bytes that have left, in all */
    uint64_t payload, payload_end; /* where the last frame's stands, counted as passed is */
    unsigned char out[FW_REPLY_BYTES];
};

/* They have to live as long as the writer. */
void fw_reply_init(struct fw_reply *reply, const struct fw_habits *habits);

/* Bytes that can be written now. Whoever writes has made sure of its room; what does not fit is a
 * programmer's mistake. */
size_t fw_reply_room(const struct fw_reply *reply);

/* Writes a message; the arguments are those of its fields: int for %d and %i, const char * for %s
 * and %q. */
void fw_reply_message(struct fw_reply *reply, enum fw_message message, ...);

/* Writes a command line as it came in, and CR LF. noise NULL: behind all that was written before.
 * Otherwise its bytes are mixed with the payload of a frame that is leaving; *noise, not 0, says
 * how and is moved on. */
void fw_reply_echo(struct fw_reply *reply, const char *line, size_t len, uint32_t *noise);

/* Around the payload of a frame. */
void fw_reply_payload_begins(struct fw_reply *reply);
void fw_reply_payload_ends(struct fw_reply *reply);

/* Writes payload as it is. */
void fw_reply_bytes(struct fw_reply *reply, const void *bytes, size_t len);

/* Lends the next piece of the output; fw_reply_consume drops the first len bytes of it. */
size_t fw_reply_peek(const struct fw_reply *reply, const void **bytes);
void fw_reply_consume(struct fw_reply *reply, size_t len);

#endif
