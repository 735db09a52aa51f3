#include "payload.h"

void fw_payload_write(struct fw_module *module, struct fw_link *link, size_t len)
{
    while (len > 0) {
        const unsigned char *piece;
        size_t n = fw_link_peek(link, &piece);

        n = n < len ? n : len;
        fw_reply_bytes(&module->reply, piece, n);
        fw_link_consumed(link, n);
        len -= n;
    }
}
