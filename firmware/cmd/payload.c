#include "payload.h"

#include <string.h>

/* A shipping module prints each byte as a text of one character: a NUL is an empty one. */
static void print_but_zeros(struct fw_module *module, const unsigned char *bytes, size_t len)
{
    while (len > 0) {
        const unsigned char *zero = memchr(bytes, 0, len);
        size_t run = zero != NULL ? (size_t)(zero - bytes) : len;

        fw_reply_bytes(&module->reply, bytes, run);
        run += zero != NULL;
        bytes += run;
        len -= run;
    }
}

void fw_payload_print(struct fw_module *module, const unsigned char *bytes, size_t len)
{
    if (fw_has_quirk(module->habits, FW_QUIRK_NO_ZEROS)) {
        print_but_zeros(module, bytes, len);
    } else {
        fw_reply_bytes(&module->reply, bytes, len);
    }
}

void fw_payload_write(struct fw_module *module, struct fw_link *link, size_t len)
{
    while (len > 0) {
        const unsigned char *piece;
        size_t n = fw_link_peek(link, &piece);

        n = n < len ? n : len;
        fw_payload_print(module, piece, n);
        fw_link_consumed(link, n);
        len -= n;
    }
}
