#include "tls_wire.h"

#include <check.h>
#include <stdint.h>
#include <string.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static int put(struct tls_queue *queue, const unsigned char *data, size_t len)
{
    size_t n = least(least(len, queue->piece), queue->room - least(queue->room, queue->used));

    for (size_t i = 0; i < n; i++) {
        queue->bytes[(queue->head + queue->used + i) % TLS_WIRE_MAX] = data[i];
    }
    queue->used += n;
    return n > 0 ? (int)n : FW_IO_AGAIN;
}

static int get(struct tls_queue *queue, unsigned char *data, size_t cap)
{
    size_t n = least(least(cap, queue->piece), least(queue->used, queue->passes));

    for (size_t i = 0; i < n; i++) {
        data[i] = queue->bytes[(queue->head + i) % TLS_WIRE_MAX];
    }
    queue->head = (queue->head + n) % TLS_WIRE_MAX;
    queue->used -= n;
    queue->passes -= queue->passes == SIZE_MAX ? 0 : n;
    queue->total += n;
    if (n == 0) {
        return queue->ended || queue->passes == 0 ? 0 : FW_IO_AGAIN;
    }
    return (int)n;
}

void tls_wire_init(struct tls_wire *wire)
{
    memset(wire, 0, sizeof *wire);
    wire->to_module.passes = wire->to_peer.passes = SIZE_MAX;
    tls_wire_limit(wire, TLS_WIRE_MAX, SIZE_MAX);
}

void tls_wire_limit(struct tls_wire *wire, size_t room, size_t piece)
{
    wire->to_module.room = wire->to_peer.room = room;
    wire->to_module.piece = wire->to_peer.piece = piece;
}

static int module_send(void *ctx, int sock, const void *data, size_t len)
{
    struct tls_wire *wire = ctx;
    int sent;

    ck_assert_int_eq(sock, TLS_WIRE_SOCK);
    ck_assert_uint_gt(len, 0);
    sent = wire->broken ? FW_IO_FAIL : put(&wire->to_peer, data, len);
    if (sent > 0) {
        size_t n = least((size_t)sent, sizeof wire->first - wire->first_len);

        memcpy(wire->first + wire->first_len, data, n);
        wire->first_len += n;
    }
    return sent;
}

static int module_recv(void *ctx, int sock, void *data, size_t cap)
{
    struct tls_wire *wire = ctx;

    ck_assert_int_eq(sock, TLS_WIRE_SOCK);
    ck_assert_uint_gt(cap, 0);
    return wire->broken ? FW_IO_FAIL : get(&wire->to_module, data, cap);
}

const struct fw_net_ops tls_wire_net = {.send = module_send, .recv = module_recv};

int tls_wire_put(struct tls_wire *wire, const void *data, size_t len)
{
    return put(&wire->to_module, data, len);
}

int tls_wire_get(struct tls_wire *wire, void *data, size_t cap)
{
    return get(&wire->to_peer, data, cap);
}
