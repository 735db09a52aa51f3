#include "transition.h"

int transition_find(const struct transition *rows, size_t count, unsigned state, unsigned event)
{
    unsigned on = state << 4 | event;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].on == on)
            return rows[i].next;
    }
    return -1;
}
