#include "payload.h"

void fw_payload_write(struct fw_module *module, struct fw_link *link, size_t len)
{
    while (len > 0) {
        const unsigned char *piece;
        size_t n = fw_ring_peek(&link->rx, &piece);

        n = n < len ? n : len;
        fw_reply_bytes(&module->reply, piece, n);
        fw_ring_consumed(&link->rx, n);
        len -= n;
    }
}
