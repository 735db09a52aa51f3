/* The life of a module: lines to handlers, handlers to results, data mode, restart. */
#ifndef FW_ENGINE_H
#define FW_ENGINE_H

#include "module.h"

/* Everything but the reply writer starts anew; says `ready`. */
void fw_engine_boot(struct fw_module *module);

/* Takes input as far as the phase allows; how many bytes. */
size_t fw_engine_feed(struct fw_module *module, const char *bytes, size_t len);

/* Does what can be done now, until nothing moves. */
void fw_engine_advance(struct fw_module *module);

uint64_t fw_engine_deadline(const struct fw_module *module);

/* Closes the sockets and leaves the radio. */
void fw_engine_halt(struct fw_module *module);

#endif
