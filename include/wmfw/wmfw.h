/* The W800 AT firmware as a library without I/O, clock or allocation: bytes of the serial line in,
 * bytes out, time passed in.
 *
 *     struct fw fw;
 *     fw_init(&fw, &config, now_ms);
 *     for (;;) {
 *         wait for input, for a socket of the port, or until fw_deadline(&fw);
 *         accepted = fw_feed(&fw, bytes, len, now_ms);   // keep what was not accepted
 *         fw_tick(&fw, now_ms);
 *         write what fw_peek lends, fw_consume what was written;
 *     }
 *
 * Threads: one module belongs to one thread at a time; modules share nothing. now_ms is any
 * monotonic millisecond count, the same for all calls on a module; it may stand still but not go
 * back. */
#ifndef WMFW_WMFW_H
#define WMFW_WMFW_H

#include <wmfw/port.h>

enum fw_dialect {
    FW_DIALECT_MANUAL = 0, /* what the specification says */
    FW_DIALECT_W800,       /* what a module with the vendor's firmware 2.2-beta.2 does */
    FW_DIALECTS
};

struct fw_config {
    const struct fw_port *port; /* must live as long as the module */
    enum fw_dialect dialect;
    uint32_t
        interleave; /* w800: the echo of a command that begins while a frame goes out lands in the
                     * middle of the frame's payload, as this seed has it; 0: behind the frame */
    bool byte_by_byte; /* w800: what fw_feed brings came one byte after another, as on a line, and
                        * payload is handed over as soon as 1024 bytes wait. Else it is a burst that
                        * the module reads in pieces of 150, and the piece that reaches the 1024
                        * belongs to them */
};

/* Storage of one module: five receive windows of 5760 bytes, one send buffer of 5760, the output of
 * 8192, 20 command lines of 256, what cancelled sends have left behind of 5760, and what the rest
 * needs. */
#define FW_BYTES 69632

/* All state of a module. Its content is the firmware's own; the caller only provides the place. */
struct fw {
    union {
        long double align_float;
        void *align_pointer;
        uint64_t align_integer;
        unsigned char bytes[FW_BYTES];
    } storage;
};

/* Boots a module: loads the stored settings, says `ready`, and joins the stored access point.
 * Returns 0, or FW_IO_FAIL when there is no such dialect. There is nothing to free, but sockets
 * of the port stay open until fw_stop. */
int fw_init(struct fw *fw, const struct fw_config *config, uint64_t now_ms);

/* Closes the module's sockets and leaves the radio, without a report: power off. */
void fw_stop(struct fw *fw, uint64_t now_ms);

/* Bytes that came in on the serial line. Returns how many were taken; the rest has to be offered
 * again once something has changed: output was drained (the module takes no command that it has no
 * room to answer), or, where it sends payload as it comes in, fw_tick has found that the link takes
 * more. */
size_t fw_feed(struct fw *fw, const void *bytes, size_t len, uint64_t now_ms);

/* Bytes to send on the serial line: copies up to cap of them, returns how many. */
size_t fw_drain(struct fw *fw, void *buf, size_t cap, uint64_t now_ms);

/* The same without a copy: lends the next piece, 0 when there is none. It is valid until the next
 * call on the module. fw_consume drops the first len bytes of it. */
size_t fw_peek(const struct fw *fw, const void **bytes);
void fw_consume(struct fw *fw, size_t len, uint64_t now_ms);

/* Looks at sockets, radio and deadlines. Call it while a socket of the port is ready for what is
 * wanted of it (fw_net_ops.want), when a query has an answer, and when fw_deadline has come. */
void fw_tick(struct fw *fw, uint64_t now_ms);

/* When fw_tick has to be called at the latest; FW_NEVER: only when something happens. */
uint64_t fw_deadline(const struct fw *fw);

/* Whether a command runs, or waits to be run, whose result was not printed yet. Waiting for payload
 * is no such thing, but payload that is to be handed over is. */
bool fw_is_busy(const struct fw *fw);

/* How many bytes of struct fw are in use in this build (at most FW_BYTES). */
size_t fw_memory(void);

#endif
