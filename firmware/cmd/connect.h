/* Closing links, for the commands that do it. */
#ifndef FW_CONNECT_H
#define FW_CONNECT_H

#include "module.h"

/* Begins to close those of a set of links (bit k: link k) that exist: false when there is none.
 * Then fw_close_poll reports each as it closes, and gives outcome at the end. */
bool fw_close_links(struct fw_module *module, unsigned links, enum fw_outcome outcome);
fw_poll_fn fw_close_poll;

#endif
