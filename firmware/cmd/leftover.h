/* What cancelled sends have left behind: a shipping module sends it in front of what the link sends
 * next (device_dialect, section 4 and row 10). */
#ifndef FW_LEFTOVER_H
#define FW_LEFTOVER_H

#include <stddef.h>

#include "at_limits.h"
#include "ring.h"

struct fw_leftover {
    unsigned
        generation[AT_LINKS]; /* of the link that it belongs to: the next one gets none of it */
    size_t len[AT_LINKS];
    size_t used; /* by all */
    unsigned char bytes[AT_SEND_MAX];
};

/* Keeps the content of a ring for a link; what there is no room for is lost. */
void fw_leftover_keep(struct fw_leftover *leftover, unsigned id, unsigned generation,
                      struct fw_ring *ring);

/* Moves up to max bytes that were kept for the link to a ring with room for them: how many. Nothing
 * is kept for it any more. */
size_t fw_leftover_take(struct fw_leftover *leftover, unsigned id, unsigned generation, size_t max,
                        struct fw_ring *ring);

#endif
