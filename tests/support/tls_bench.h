/* A module's TLS and its peer, on a connection in memory: the port that the module gets, the
 * certificates on both sides, and the turns that the two take. */
#ifndef TLS_BENCH_H
#define TLS_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tls.h"
#include "tls_identity.h"
#include "tls_peer.h"
#include "tls_wire.h"

/* What the module's store of certificates has, under each number. */
#define TLS_BENCH_PKI 2
#define TLS_BENCH_CA  1

#define TLS_BENCH_PIECE_MAX 20000 /* more than a record */

#define TLS_BENCH_NOW 1767225600 /* 2026-01-01 */

struct tls_bench {
    struct fw_port port;
    struct tls_wire wire;
    struct {
        const void *bytes; /* NULL: none */
        size_t len;
    } certs[FW_CERT_SERVER_KEY + 1];
    unsigned entropy_calls, entropy_fails_at; /* which call fails, from 1; 0: none */
    struct tls_identity root, other_root, server, device;
    struct tls_peer peer;
    bool peer_is_there;
    struct fw_tls *tls;
    const char *reason; /* that was given last */
};

/* Once a suite: two roots; "server.example" and "device.example" of the first one. */
void tls_bench_make(struct tls_bench *bench);
void tls_bench_free(struct tls_bench *bench);

/* Around each test. The module's store has the device as a client, the server as a server, and the
 * first root for both; the end closes the connection. */
void tls_bench_begin(struct tls_bench *bench);
void tls_bench_end(struct tls_bench *bench);

/* Puts an identity's texts in the store, or its root as a CA. */
void tls_bench_store(struct tls_bench *bench, enum fw_cert chain, enum fw_cert key,
                     const struct tls_identity *identity);
void tls_bench_trust(struct tls_bench *bench, enum fw_cert ca, const struct tls_identity *root);

/* A new connection (the one before is closed): the peer as described, and a client of the module.
 * The module's clock is at unix_s. */
void tls_bench_connect(struct tls_bench *bench, const struct tls_peer_options *options,
                       const struct fw_tls_config *config, uint64_t unix_s);

/* The same with a connection of that server. */
void tls_bench_accept(struct tls_bench *bench, const struct tls_peer_options *options,
                      struct fw_tls_server *server, uint64_t unix_s);

/* Lets both go on until neither can: what the module's handshake returns. */
int tls_bench_shake(struct tls_bench *bench);

/* Shakes hands, which has to work on both sides. */
void tls_bench_shake_well(struct tls_bench *bench);

/* Shakes hands, which has to fail for the module with a reason that begins so. */
void tls_bench_shake_badly(struct tls_bench *bench, const char *reason);

/* Sends len bytes of a pattern in each direction, and checks them. piece: how many the module
 * offers and asks for at once. */
void tls_bench_exchange(struct tls_bench *bench, size_t len, size_t piece);

#endif
