/* The tables of states: which state follows on which event. */
#ifndef TRANSITION_H
#define TRANSITION_H

#include <stddef.h>
#include <stdint.h>

/* States and events are below 16. */
struct transition {
    uint8_t on; /* state and event, see TRANSITION */
    uint8_t next;
};

#define TRANSITION(state, event, next)                                                             \
    {                                                                                              \
        (state) << 4 | (event), next                                                               \
    }

/* The state that follows, or -1: the event means nothing in this one. */
int transition_find(const struct transition *rows, size_t count, unsigned state, unsigned event);

#define TRANSITION_FIND(rows, state, event)                                                        \
    transition_find(rows, sizeof(rows) / sizeof *(rows), state, event)

#endif
