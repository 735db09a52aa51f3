/* Arbitrary bytes on the serial line of a whole module: the line reader, the table, data modes,
 * links, servers, stations.
 *
 * A first byte of 1 chooses the dialect of a shipping module, one of 0 the manual one; any other is
 * input for the manual one.
 * The input goes to the module as it is, but for a backtick and the letter behind it, which make
 * something happen (see chaos_act; two backticks are one). Whatever was sent, the module must be
 * found again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "chaos.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void play(struct chaos *chaos, const uint8_t *data, size_t size)
{
    size_t at = 0;

    while (at < size) {
        const uint8_t *mark = memchr(data + at, '`', size - at);
        size_t len = mark != NULL ? (size_t)(mark - data) - at : size - at;

        chaos_say(chaos, data + at, len);
        at += len;
        if (at + 1 < size && data[at + 1] == '`') {
            chaos_say(chaos, "`", 1);
        } else if (at + 1 < size) {
            chaos_act(chaos, (char)data[at + 1]);
        }
        at += 2;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct chaos *chaos = malloc(sizeof *chaos);
    enum fw_dialect dialect = FW_DIALECT_MANUAL;

    if (chaos == NULL) {
        return 0;
    }
    if (size > 0 && data[0] < FW_DIALECTS) {
        dialect = (enum fw_dialect)data[0];
        data++;
        size--;
    }
    chaos_start(chaos, dialect);
    play(chaos, data, size);
    if (!chaos_find_again(chaos)) {
        abort();
    }
    chaos_stop(chaos);
    free(chaos);
    return 0;
}
