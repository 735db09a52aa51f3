/* A connection in memory: one end is a socket of port.h, for the module; the other one is the
 * peer's. Both directions can be made narrow, be cut after a number of bytes, or break. */
#ifndef TLS_WIRE_H
#define TLS_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include <wmfw/port.h>

#define TLS_WIRE_SOCK 5 /* the only socket that there is */
#define TLS_WIRE_MAX  (256 * 1024)

struct tls_queue {
    unsigned char bytes[TLS_WIRE_MAX];
    size_t head, used;
    size_t room;   /* bytes that may be under way */
    size_t piece;  /* bytes that one call moves at most */
    size_t passes; /* bytes that may still be read; then the stream has ended */
    size_t total;  /* bytes that were read */
    bool ended;    /* the writer has ended it */
};

struct tls_wire {
    struct tls_queue to_module, to_peer;
    bool broken;              /* every call of the module fails */
    unsigned char first[512]; /* what the module sent first, */
    size_t first_len;         /* as much of it as there is room */
};

/* Sound and wide. */
void tls_wire_init(struct tls_wire *wire);

/* Both directions at once. */
void tls_wire_limit(struct tls_wire *wire, size_t room, size_t piece);

/* send and recv of port.h, nothing else; their context is the wire. */
extern const struct fw_net_ops tls_wire_net;

/* The peer's end: 1..len bytes, FW_IO_AGAIN, or 0 at the end. */
int tls_wire_put(struct tls_wire *wire, const void *data, size_t len);
int tls_wire_get(struct tls_wire *wire, void *data, size_t cap);

#endif
