/* The frame that is arriving: whose it is, and whether its bytes may be read. */
#ifndef FRAME_H
#define FRAME_H

#include "lexer.h"
#include "link.h"

#define FETCH_NOTHING UINT16_MAX /* fetch_got: no answer has come yet */

/* Is there somebody who will read payload of this link? CLOSED may overtake data. */
static inline bool frame_wanted(const struct wm_link *link)
{
    return link->state == WM_LINK_OPENING || link->state == WM_LINK_OPEN ||
           link->state == WM_LINK_ENDED;
}

/* A header came. False: it can't be genuine, or it is for no link. */
bool frame_begin(struct wm_core *core, const struct frame *frame);

/* Takes a piece of payload. Returns how many bytes were taken: fewer where the ring is full. */
size_t frame_take(struct wm_core *core, const uint8_t *bytes, size_t len);

/* The frame was whole. Its bytes may be read; those of an answer when the command's OK has come,
 * for what follows a gap of a few bytes could have completed it. */
void frame_commit(struct wm_core *core);
void frame_confirm(struct wm_core *core, struct wm_link *link);

/* Bytes are missing or were added: loud for whoever reads that link. */
void frame_drop(struct wm_core *core);

/* The module is searched for: what has begun is given up; an unfinished frame fails its link. A
 * header goes on, for its payload must not be taken for lines. */
void frame_reset(struct wm_core *core);

#endif
