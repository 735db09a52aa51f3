#include "link.h"

#include "datagram.h"
#include "engine.h"
#include "module.h"
#include "overflow.h"
#include "ring.h"
#include "stall.h"
#include "transition.h"

/* Handles are (epoch << 3 | index in links); the epoch never is 0 and leaves the sign bit alone. */
#define ID_BITS   3
#define EPOCH_MAX ((1u << 27) - 1)

static const struct transition rows[] = {
    TRANSITION(WM_LINK_FREE, LINK_DIAL, WM_LINK_OPENING),
    TRANSITION(WM_LINK_FREE, LINK_ARRIVED, WM_LINK_OPEN),

    TRANSITION(WM_LINK_OPENING, LINK_UP, WM_LINK_OPEN),
    TRANSITION(WM_LINK_OPENING, LINK_REFUSED, WM_LINK_FREE),
    TRANSITION(WM_LINK_OPENING, LINK_HANG_UP, WM_LINK_CLOSING),
    TRANSITION(WM_LINK_OPENING, LINK_BROKEN, WM_LINK_FAILED),

    TRANSITION(WM_LINK_OPEN, LINK_PEER_GONE, WM_LINK_ENDED),
    TRANSITION(WM_LINK_OPEN, LINK_BROKEN, WM_LINK_FAILED),
    TRANSITION(WM_LINK_OPEN, LINK_HANG_UP, WM_LINK_CLOSING),

    TRANSITION(WM_LINK_ENDED, LINK_HANG_UP, WM_LINK_CLOSING),
    TRANSITION(WM_LINK_ENDED, LINK_BROKEN, WM_LINK_FAILED),

    TRANSITION(WM_LINK_FAILED, LINK_HANG_UP, WM_LINK_CLOSING),

    TRANSITION(WM_LINK_CLOSING, LINK_GONE, WM_LINK_FREE),
};

void link_own_ring(struct wm_core *core, struct wm_link *link)
{
    size_t size = core->config.ring_bytes;
    ring_init(&link->ring, (uint8_t *)core->config.rings + (size_t)(link - core->links) * size,
              size);
    link->lent = false;
}

void links_init(struct wm_core *core)
{
    core->links = core->config.links;
    core->link_count = (uint8_t)core->config.link_count;
    for (int id = 0; id < core->link_count; id++) {
        core->links[id] = (struct wm_link){.state = WM_LINK_FREE};
        link_own_ring(core, &core->links[id]);
    }
}

static const struct wm_link *find(const struct wm_core *core, int handle)
{
    int at = handle & ((1 << ID_BITS) - 1);
    if (handle < 0 || at >= core->link_count)
        return NULL;
    const struct wm_link *link = &core->links[at];
    return link->owned && link->handle == handle ? link : NULL;
}

struct wm_link *link_of(struct wm_core *core, int handle)
{
    const struct wm_link *link = find(core, handle);
    return link ? &core->links[link - core->links] : NULL;
}

struct wm_link *link_at(struct wm_core *core, int id)
{
    struct wm_link *gone = NULL;
    for (int i = 0; i < core->links_end; i++) {
        struct wm_link *link = &core->links[i];
        if (link->state == WM_LINK_FREE || link->id != id)
            continue;
        if (link->in_module)
            return link;
        if (!link->peer_closed) /* nothing is due for it */
            gone = link;
    }
    return gone;
}

struct wm_link *link_sending(struct wm_core *core, int id)
{
    struct wm_link *link = link_at(core, id);
    bool served = core->arrived || core->stray_server || !core->known;
    return link && !link->in_module && served ? NULL : link;
}

void link_notify(struct wm_core *core, struct wm_link *link, enum wm_event_kind kind)
{
    if (link->owned)
        link->events |= (uint16_t)(1u << kind);
    engine_changed(core);
}

/* What is under way for a link that another may become. */
static void forget(struct wm_core *core, const struct wm_link *link)
{
    if (core->fetch_link == link)
        core->fetch_link = NULL;
    if (core->frame_link == link)
        core->frame_link = NULL;
}

/* Whoever looks at every link looks at those in front of links_end: most devices have one or two in
 * use of the eight that they have room for. */
static void find_end(struct wm_core *core)
{
    unsigned end = core->link_count;
    while (end > 0 && core->links[end - 1].state == WM_LINK_FREE)
        end--;
    core->links_end = (uint8_t)end;
}

static void enter(struct wm_core *core, struct wm_link *link, enum wm_link_state next)
{
    bool is_taken = link->state == WM_LINK_FREE;
    link->state = (uint8_t)next;
    if (is_taken || next == WM_LINK_FREE)
        find_end(core);
    if (next == WM_LINK_ENDED)
        link_notify(core, link, WM_EVENT_ENDED);
    else if (next == WM_LINK_FAILED)
        link_notify(core, link, WM_EVENT_FAILED);
    if (next == WM_LINK_CLOSING || next == WM_LINK_FREE) {
        link->owned = false;
        link->events = 0;
        link->hint_bytes = 0;
        link_own_ring(core, link);
    }
    if (next != WM_LINK_OPENING && next != WM_LINK_OPEN)
        stall_end(core); /* nothing more goes into its ring */
    if (next == WM_LINK_FREE)
        forget(core, link);
    engine_changed(core);
}

void link_event(struct wm_core *core, struct wm_link *link, enum link_event event)
{
    int next = TRANSITION_FIND(rows, link->state, event);
    if (next >= 0)
        enter(core, link, (enum wm_link_state)next);
    if (link_state(link) == WM_LINK_CLOSING && !link->in_module)
        link_event(core, link, LINK_GONE);
}

/* Is a number in use, by the module or by a handle that is still held? A link that has closed keeps
 * it until then, so that nothing of it is taken for the next one's. */
static bool id_in_use(const struct wm_core *core, int id)
{
    for (int i = 0; i < core->link_count; i++) {
        const struct wm_link *link = &core->links[i];
        if (link->state != WM_LINK_FREE && link->id == id)
            return true;
    }
    return false;
}

/* Where there is a server, the lower ids are its clients'. */
static int free_id(const struct wm_core *core, int preferred)
{
    if (preferred >= 0)
        return id_in_use(core, preferred) ? -1 : preferred;
    for (int i = 0; i < WM_LINKS - core->server_links; i++) {
        int id = core->arrived ? WM_LINKS - 1 - i : i;
        if (!id_in_use(core, id))
            return id;
    }
    return -1;
}

/* A free link; best the one of that number, so that a log is easier to read. */
static struct wm_link *free_link(struct wm_core *core, int id)
{
    if (id < core->link_count && core->links[id].state == WM_LINK_FREE)
        return &core->links[id];
    for (int i = 0; i < core->link_count; i++) {
        if (core->links[i].state == WM_LINK_FREE)
            return &core->links[i];
    }
    return NULL;
}

/* Makes a free link a new one. */
static void renew(struct wm_core *core, struct wm_link *link, int id)
{
    uint32_t epoch = link->epoch % EPOCH_MAX + 1;
    *link = (struct wm_link){.state = WM_LINK_FREE,
                             .id = (uint8_t)id,
                             .owned = true,
                             .epoch = epoch,
                             .handle = (int)(epoch << ID_BITS) | (int)(link - core->links),
                             .ring = link->ring};
}

struct wm_link *link_take(struct wm_core *core, int id)
{
    id = free_id(core, id);
    struct wm_link *link = id >= 0 ? free_link(core, id) : NULL;
    if (!link)
        return NULL;
    renew(core, link, id);
    link_event(core, link, LINK_DIAL);
    return link;
}

static void make_inbound(struct wm_core *core, struct wm_link *link, int id)
{
    renew(core, link, id);
    link->owned = false;
    link->inbound = link->in_module = true;
    link->arrival = core->arrivals++;
    link_event(core, link, LINK_ARRIVED);
    core->events |= 1u << WM_EVENT_CLIENT;
}

struct wm_link *link_arrive(struct wm_core *core, int id)
{
    struct wm_link *link = free_link(core, id);
    if (link)
        make_inbound(core, link, id);
    return link;
}

int link_accept(struct wm_core *core, struct wm_link *link)
{
    link->owned = true;
    if (link->ring.used > 0)
        link_notify(core, link, WM_EVENT_READABLE);
    if (link_state(link) == WM_LINK_ENDED)
        link_notify(core, link, WM_EVENT_ENDED);
    return link->handle;
}

void link_hand_over(struct wm_core *core, struct wm_link *link)
{
    struct wm_ring ring = link->ring; /* what the client has sent already */
    bool gone = !link->in_module;
    bool unfit = link_state(link) == WM_LINK_FAILED; /* the ring had no room for all of it */
    if (link->datagrams)
        unfit |= ring.held > 0 || link->dropped; /* with headers, or lost */
    link->in_module = false;
    link_event(core, link, LINK_REFUSED);
    link->ring = ring;
    make_inbound(core, link, link->id);
    if (unfit) {
        core->stats.losses++;
        link_fail(core, link, WM_ERR_PROTO);
    }
    if (gone)
        link_closed(core, link);
}

void link_fail(struct wm_core *core, struct wm_link *link, int err)
{
    if (link->state != WM_LINK_OPENING && link->state != WM_LINK_OPEN &&
        link->state != WM_LINK_ENDED)
        return;
    ring_rollback(&link->ring);
    core->stats.mangled += err == WM_ERR_MANGLED;
    link->error = err;
    link_event(core, link, LINK_BROKEN);
    if (!link->owned)
        link_event(core, link, LINK_HANG_UP); /* nobody will ask what became of it */
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
    if (!overflow_end(core, link))
        link_event(core, link, link_state(link) == WM_LINK_CLOSING ? LINK_GONE : LINK_PEER_GONE);
}

void link_hung_up(struct wm_core *core, int id, enum final final)
{
    struct wm_link *link = link_at(core, id);
    if (!link || link_state(link) != WM_LINK_CLOSING)
        return;
    if (final == FINAL_OK)
        link_closed(core, link);
    else
        module_event(core, MODULE_DOUBT);
}

int link_read(struct wm_core *core, int handle, void *buffer, size_t cap, struct wm_datagram *from)
{
    struct wm_link *link = link_of(core, handle);
    if (!link || cap == 0 || link_state(link) == WM_LINK_OPENING)
        return WM_ERR_ARG;
    if (cap > INT32_MAX)
        cap = INT32_MAX;
    int len = 0;
    if (link->datagrams)
        len = link->datagrams->read(link, buffer, cap, from);
    else if (!link->lent)
        len = (int)ring_read(&link->ring, buffer, cap);
    else if (link->ring.used > 0)
        return WM_ERR_TIMEOUT; /* they are another call's */
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
    if (!link || !info)
        return WM_ERR_ARG;
    *info = (struct wm_link_info){
        .state = (enum wm_link_state)link->state,
        .id = link->id,
        .error = link->error,
        .buffered_bytes = link->ring.used,
        .sent_bytes = link->sent_bytes,
        .received_bytes = link->received_bytes,
    };
    return 0;
}
