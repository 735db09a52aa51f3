#include "link.h"

#include "datagram.h"
#include "engine.h"
#include "ring.h"
#include "stall.h"

/* Handles are (epoch << 3 | id); the epoch never is 0 and leaves the sign bit alone. */
#define ID_BITS   3
#define EPOCH_MAX ((1u << 27) - 1)

static const struct {
    uint8_t state, event, next;
} rows[] = {
    {WM_LINK_FREE, LINK_DIAL, WM_LINK_OPENING},

    {WM_LINK_OPENING, LINK_UP, WM_LINK_OPEN},
    {WM_LINK_OPENING, LINK_REFUSED, WM_LINK_FREE},
    {WM_LINK_OPENING, LINK_HANG_UP, WM_LINK_CLOSING},
    {WM_LINK_OPENING, LINK_BROKEN, WM_LINK_FAILED},

    {WM_LINK_OPEN, LINK_PEER_GONE, WM_LINK_ENDED},
    {WM_LINK_OPEN, LINK_BROKEN, WM_LINK_FAILED},
    {WM_LINK_OPEN, LINK_HANG_UP, WM_LINK_CLOSING},

    {WM_LINK_ENDED, LINK_HANG_UP, WM_LINK_CLOSING},
    {WM_LINK_ENDED, LINK_BROKEN, WM_LINK_FAILED},

    {WM_LINK_FAILED, LINK_HANG_UP, WM_LINK_CLOSING},

    {WM_LINK_CLOSING, LINK_GONE, WM_LINK_FREE},
};

void links_init(struct wm_core *core)
{
    size_t ring_bytes = core->config.ring_bytes;
    core->links = core->config.links;
    core->link_count = (uint8_t)core->config.link_count;
    for (int id = 0; id < core->link_count; id++) {
        core->links[id] = (struct wm_link){.state = WM_LINK_FREE};
        ring_init(&core->links[id].ring, (uint8_t *)core->config.rings + (size_t)id * ring_bytes,
                  ring_bytes);
    }
}

static const struct wm_link *find(const struct wm_core *core, int handle)
{
    int id = handle & ((1 << ID_BITS) - 1);
    if (handle < 0 || id >= core->link_count)
        return NULL;
    const struct wm_link *link = &core->links[id];
    return link->owned && link->handle == handle ? link : NULL;
}

struct wm_link *link_of(struct wm_core *core, int handle)
{
    const struct wm_link *link = find(core, handle);
    return link ? &core->links[link_id(core, link)] : NULL;
}

unsigned link_id(const struct wm_core *core, const struct wm_link *link)
{
    return (unsigned)(link - core->links);
}

void link_notify(struct wm_core *core, struct wm_link *link, enum wm_event_kind kind)
{
    if (link->owned)
        link->events |= (uint8_t)(1u << kind);
    engine_changed(core);
}

static void enter(struct wm_core *core, struct wm_link *link, enum wm_link_state next)
{
    link->state = (uint8_t)next;
    if (next == WM_LINK_ENDED)
        link_notify(core, link, WM_EVENT_ENDED);
    else if (next == WM_LINK_FAILED)
        link_notify(core, link, WM_EVENT_FAILED);
    if (next == WM_LINK_CLOSING || next == WM_LINK_FREE) {
        link->owned = false;
        link->events = 0;
        link->hint_bytes = 0;
        ring_clear(&link->ring);
        stall_end(core);
    }
    engine_changed(core);
}

void link_event(struct wm_core *core, struct wm_link *link, enum link_event event)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].state == link->state && rows[i].event == event) {
            enter(core, link, (enum wm_link_state)rows[i].next);
            break;
        }
    }
    if (link_state(link) == WM_LINK_CLOSING && !link->in_module)
        link_event(core, link, LINK_GONE);
}

struct wm_link *link_take(struct wm_core *core, int preferred)
{
    for (int id = 0; id < core->link_count; id++) {
        struct wm_link *link = &core->links[id];
        if ((preferred >= 0 && id != preferred) || link->state != WM_LINK_FREE)
            continue;
        link->epoch = link->epoch % EPOCH_MAX + 1;
        link->handle = (int)(link->epoch << ID_BITS) | id;
        link->error = 0;
        link->sent_bytes = link->received_bytes = 0;
        link->owned = true;
        link->peer_closed = false;
        link->datagrams = NULL;
        link->cut = link->skipping = false;
        link->dropped = 0;
        link->in_module = true;
        link_event(core, link, LINK_DIAL);
        return link;
    }
    return NULL;
}

void link_fail(struct wm_core *core, struct wm_link *link, int err)
{
    if (link->state != WM_LINK_OPENING && link->state != WM_LINK_OPEN &&
        link->state != WM_LINK_ENDED)
        return;
    ring_rollback(&link->ring);
    link->error = err;
    link_event(core, link, LINK_BROKEN);
}

void links_fail(struct wm_core *core, int err)
{
    for (int id = 0; id < core->link_count; id++) {
        struct wm_link *link = &core->links[id];
        link->in_module = false;
        link->hint_bytes = 0;
        if (link_state(link) == WM_LINK_ENDED)
            continue; /* it had ended before: what arrived is whole */
        link_fail(core, link, err);
        link_event(core, link, LINK_GONE);
    }
}

void link_closed(struct wm_core *core, struct wm_link *link)
{
    link->in_module = false;
    link->hint_bytes = 0;
    link_event(core, link, LINK_PEER_GONE);
    link_event(core, link, LINK_GONE);
}

int link_read(struct wm_core *core, int handle, void *buffer, size_t cap, struct wm_datagram *from)
{
    struct wm_link *link = link_of(core, handle);
    if (!link || cap == 0 || link_state(link) == WM_LINK_OPENING)
        return WM_ERR_ARG;
    if (cap > INT32_MAX)
        cap = INT32_MAX;
    int len = link->datagrams ? link->datagrams->read(link, buffer, cap, from)
                              : (int)ring_read(&link->ring, buffer, cap);
    if (len != 0) {
        stall_end(core);
        return len;
    }
    if (link_state(link) == WM_LINK_FAILED)
        return link->error;
    return link_state(link) == WM_LINK_ENDED ? 0 : WM_ERR_TIMEOUT;
}

int wm_core_link_info(const struct wm_core *core, int handle, struct wm_link_info *info)
{
    const struct wm_link *link = find(core, handle);
    if (!link)
        return WM_ERR_ARG;
    *info = (struct wm_link_info){
        .state = (enum wm_link_state)link->state,
        .id = link_id(core, link),
        .error = link->error,
        .buffered_bytes = link->ring.used,
        .sent_bytes = link->sent_bytes,
        .received_bytes = link->received_bytes,
    };
    return 0;
}
