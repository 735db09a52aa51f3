/* Passthrough, as the rest of the module sees it. */
#ifndef FW_STREAM_H
#define FW_STREAM_H

#include "module.h"

/* Whether the line is in passthrough now: its link opens again by itself, without a word. */
bool fw_stream_is_on(const struct fw_module *module);

/* Whether it carries a raw stream: nothing but the link's bytes may be printed. */
bool fw_stream_is_raw(const struct fw_module *module);

#endif
