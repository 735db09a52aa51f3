/* The life of a link, for link.c. */
#ifndef FW_LINK_STATE_H
#define FW_LINK_STATE_H

#include "link.h"

enum fw_link_event {
    FW_LINK_EVENT_RESOLVE,
    FW_LINK_EVENT_CONNECT,
    FW_LINK_EVENT_HANDSHAKE,
    FW_LINK_EVENT_OPENED,
    FW_LINK_EVENT_FAIL,
    FW_LINK_EVENT_END,    /* by the peer */
    FW_LINK_EVENT_LINGER, /* by us, waiting for the peer */
    FW_LINK_EVENT_HOLD,   /* it stays listed although it is gone */
    FW_LINK_EVENT_FREE,
};

/* The only place that changes the state; false when the event means nothing there. */
bool fw_link_step(struct fw_links *links, unsigned id, enum fw_link_event event);

#endif
