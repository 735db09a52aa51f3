/* A module that throws away what its buffer of a link has no room for (device_dialect, section 7):
 * that the buffer was full shows in what it says and gives. What was in it then is sound, what
 * comes behind that may lack something: the link fails there. */
#ifndef OVERFLOW_H
#define OVERFLOW_H

#include <wmat/core.h>

/* So many bytes wait in the module, it says; link->hint_bytes. */
void overflow_notice(struct wm_core *core, struct wm_link *link);

/* No more than so many of a read of up to len bytes are sound. */
uint32_t overflow_limit(const struct wm_link *link, uint32_t len);

/* A read gave core->fetch_got bytes, which are readable now. */
void overflow_read(struct wm_core *core, struct wm_link *link);

/* The link is about to end. True: it has failed instead. */
bool overflow_end(struct wm_core *core, struct wm_link *link);

#endif
