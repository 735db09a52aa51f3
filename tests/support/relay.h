/* A TCP relay in a thread of the test, between a module that connects to it and a peer behind it,
 * or a stream of its own; it counts, with small buffers, what it could hand to the module. */
#ifndef RELAY_H
#define RELAY_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>

#define RELAY_BUFFER   16384
#define RELAY_STALL_MS 300 /* nothing could be handed over for so long: stalled */

struct relay {
    uint16_t port; /* on 127.0.0.1 */
    int listener, module, peer, stop[2];
    const char *peer_address;
    uint16_t peer_port;
    uint64_t own_bytes;
    uint32_t seed;
    pthread_t thread;
    _Atomic uint64_t written; /* to the module's connection */
    sem_t stalled;            /* posted whenever the module takes no more for RELAY_STALL_MS */
};

/* Serves one connection: from a port of an IPv4 address. */
void relay_start(struct relay *relay, const char *peer_address, uint16_t peer_port);

/* Or offers so many bytes of stream_bytes(seed), then ends its side. */
void relay_start_stream(struct relay *relay, uint64_t bytes, uint32_t seed);

/* Waits until the module's side takes no more, though there is more. */
void relay_await_stall(struct relay *relay);

/* How many of the written bytes the program at the other end has taken: not those that are still in
 * the kernel's send buffer of the relay, nor in its receive buffer of that program. */
uint64_t relay_taken(const struct relay *relay);

/* Ends what is still open and the thread. */
void relay_stop(struct relay *relay);

#endif
