#include "frame.h"

#include <string.h>

#include "datagram.h"
#include "engine.h"
#include "keeper.h"
#include "profile.h"
#include "ring.h"
#include "stall.h"

/* The link that a frame is for; NULL: none, or it can't be genuine. A read has one answer. */
static struct wm_link *link_for(struct wm_core *core, const struct frame *frame)
{
    if (frame->source == FRAME_RECVDATA)
        return frame->len <= core->fetch_max && core->fetch_got == FETCH_NOTHING ? core->fetch_link
                                                                                 : NULL;
    if (core->single && core->profile.stream_framed)
        return link_at(core, 0); /* a stream that is being left */
    bool active = core->config.receive == WM_RECEIVE_ACTIVE && !core->single;
    return active ? link_sending(core, frame->link_id) : NULL;
}

/* A datagram that finds no room is dropped, as a full module drops them, and the reader is told:
 * held up input would hold up every other link. */
static void begin_datagram(struct wm_core *core, struct wm_link *link, const struct frame *frame)
{
    link->skipping = !link->datagrams->begin(core, link, frame);
    if (!link->skipping)
        return;
    core->stats.losses++;
    link_count_dropped(link);
}

bool frame_begin(struct wm_core *core, const struct frame *frame)
{
    core->frame_source = (uint8_t)frame->source;
    struct wm_link *link = link_for(core, frame);
    core->frame_link = link;
    core->stats.frames++;
    core->stats.frame_bytes += frame->len;
    if (frame->source == FRAME_RECVDATA) {
        core->fetch_got = (uint16_t)frame->len;
        keeper_reads(core, frame->len);
    }
    if (link && link->datagrams && frame_wanted(link))
        begin_datagram(core, link, frame);
    if (link && link->state != WM_LINK_FREE)
        return true;
    return core->single && core->profile.stream_framed; /* of a stream that was left */
}

size_t frame_take(struct wm_core *core, const uint8_t *bytes, size_t len)
{
    struct wm_link *link = core->frame_link;
    if (!link || !frame_wanted(link) || link->skipping)
        return len;
    size_t taken = len;
    uint8_t *place = ring_place(&link->ring, len);
    if (place)
        memcpy(place, bytes, len);
    else
        taken = ring_stage(&link->ring, bytes, len);
    link->received_bytes += taken;
    if (taken < len) {
        ring_commit(&link->ring); /* the rest can't come before somebody reads */
        link_notify(core, link, WM_EVENT_READABLE);
        stall_begin(core);
    }
    if (taken < len && link_state(link) == WM_LINK_OPENING)
        link_fail(core, link, WM_ERR_NOMEM); /* nobody can read it yet: it would never end */
    return taken;
}

void frame_confirm(struct wm_core *core, struct wm_link *link)
{
    if (link && frame_wanted(link)) {
        ring_commit(&link->ring);
        link_notify(core, link, WM_EVENT_READABLE);
    }
}

void frame_commit(struct wm_core *core)
{
    core->unconfirmed = false;
    if (core->frame_source == FRAME_IPD)
        frame_confirm(core, core->frame_link);
}

void frame_drop(struct wm_core *core)
{
    struct wm_link *link = core->frame_link;
    core->stats.losses++;
    core->unconfirmed = false;
    core->frame_link = NULL;
    if (link)
        link_fail(core, link, profile_loss(core));
}

void frame_reset(struct wm_core *core)
{
    bool in_frame = lexer_in_frame(&core->lexer);
    if (!lexer_in_header(&core->lexer))
        lexer_reset(&core->lexer);
    if (in_frame && core->frame_link)
        frame_drop(core);
}
