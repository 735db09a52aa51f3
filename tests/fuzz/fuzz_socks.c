/* SOCKS5 from arbitrary clients of `wmat proxy`: whatever the pieces are, the same comes of them.
 * An odd first byte asks for a password; the rest is what the client sends. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "socks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct result {
    enum socks_state state;
    size_t used, said_len;
    unsigned char said[2 * SOCKS_REPLY_MAX];
    char host[SOCKS_TEXT_MAX + 1];
    unsigned port;
};

static void play(struct result *result, const uint8_t *data, size_t size, size_t piece)
{
    struct socks socks;
    size_t used = 1;

    memset(result, 0, sizeof *result);
    socks_init(&socks, data[0] & 1 ? "me" : NULL, data[0] & 1 ? "secret" : NULL);
    for (data++, size--; used > 0 && size > 0; data += used, size -= used) {
        used = socks_feed(&socks, data, size < piece ? size : piece);
        result->used += used;
    }
    if (socks.state == SOCKS_ASKED) {
        memcpy(result->host, socks.host, strlen(socks.host));
        result->port = socks.port;
    }
    result->state = socks.state;
    result->said_len = socks_take_reply(&socks, result->said, sizeof result->said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct result whole, bytes;

    if (size == 0)
        return 0;
    play(&whole, data, size, SIZE_MAX);
    play(&bytes, data, size, 1);
    if (memcmp(&whole, &bytes, sizeof whole) != 0)
        abort();
    return 0;
}
