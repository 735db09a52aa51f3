/* Passthrough, as the rest of the module sees it. */
#ifndef FW_STREAM_H
#define FW_STREAM_H

#include "module.h"

/* Whether the line carries a raw stream now: nothing but the link's bytes may be printed. */
bool fw_stream_is_on(const struct fw_module *module);

#endif
