/* Payload from a receive window to the serial line. */
#ifndef FW_PAYLOAD_H
#define FW_PAYLOAD_H

#include "module.h"

/* Moves the first len bytes that the link received to the output, which has room for them. */
void fw_payload_write(struct fw_module *module, struct fw_link *link, size_t len);

#endif
