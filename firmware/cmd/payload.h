/* Payload to the serial line. */
#ifndef FW_PAYLOAD_H
#define FW_PAYLOAD_H

#include "module.h"

/* Moves the first len bytes that the link received to the output, which has room for them. */
void fw_payload_write(struct fw_module *module, struct fw_link *link, size_t len);

/* Writes payload that stands elsewhere. */
void fw_payload_print(struct fw_module *module, const unsigned char *bytes, size_t len);

#endif
