/* The frame that is arriving: whose it is, and whether its bytes may be read. */
#ifndef FRAME_H
#define FRAME_H

#include "lexer.h"
#include "link.h"

/* Is there somebody who will read payload of this link? CLOSED may overtake data. */
bool frame_wanted(const struct wm_link *link);

/* A header came. False: it can't be genuine, or it is for no link. */
bool frame_begin(struct wm_core *core, const struct frame *frame);

/* Takes a piece of payload. Returns how many bytes had to be left because the ring is full. */
size_t frame_take(struct wm_core *core, struct slice data);

/* The bytes may be read. */
void frame_commit(struct wm_core *core);

/* Bytes are missing or were added: loud for whoever reads that link. */
void frame_drop(struct wm_core *core);

/* The module is searched for: what has begun is given up; an unfinished frame fails its link. */
void frame_reset(struct wm_core *core);

#endif
