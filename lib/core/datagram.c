#include "datagram.h"

#include "at_limits.h"
#include "ring.h"
#include "scan.h"

/* What stands in front of a datagram; the address follows as text, then the payload. */
struct header {
    uint16_t len;
    uint16_t port;
    uint8_t ip_len;
    bool cut;
};

#define HEADER_MAX (sizeof(struct header) + WM_IP_SIZE - 1)

/* A read that gave all it was asked for may have left a part of its datagram in the module. */
static bool may_be_cut(const struct wm_core *core, const struct wm_link *link,
                       const struct frame *frame)
{
    if (frame->source != FRAME_RECVDATA)
        return false;
    if (core->profile.datagrams_merged)
        return link->piled; /* asked for the length of one, else */
    return frame->len == core->fetch_max;
}

bool datagram_begin(struct wm_core *core, struct wm_link *link, const struct frame *frame)
{
    size_t ip_len = frame->ip.len < WM_IP_SIZE ? frame->ip.len : 0;
    bool cut = may_be_cut(core, link, frame);
    struct header header = {.len = (uint16_t)frame->len,
                            .port = (uint16_t)frame->port,
                            .ip_len = (uint8_t)ip_len,
                            .cut = cut || (link->cut && !core->profile.datagrams_merged)};
    if (ring_free(&link->ring) < sizeof header + ip_len + frame->len)
        return false;
    link->cut = cut;
    ring_stage(&link->ring, &header, sizeof header);
    ring_stage(&link->ring, frame->ip.text, ip_len);
    return true;
}

/* A datagram is asked for where the ring has room for the largest one (and a byte, which tells that
 * it was whole), for all that waits, or for nothing more than it has now. */
uint32_t datagram_wanted(const struct wm_link *link)
{
    size_t room = ring_free(&link->ring);
    uint32_t waiting = link->hint_bytes <= AT_IPD_MAX ? link->hint_bytes : AT_IPD_MAX;
    room = room > HEADER_MAX ? room - HEADER_MAX : 0;
    if (link->ring.used > 0 && room <= waiting)
        return 0;
    return room < AT_RECV_WINDOW ? (uint32_t)room : AT_RECV_WINDOW;
}

/* A module that gives several as one says how long the first is that comes into its empty buffer.
 * Of what else there is it says no more than how much. */
uint32_t datagram_first(const struct wm_core *core, struct wm_link *link, uint32_t wanted)
{
    if (!core->profile.datagrams_merged || link->piled)
        return wanted;
    link->piled = wanted < link->hint_bytes;
    return link->piled ? wanted : link->hint_bytes;
}

static void describe(struct wm_link *link, const struct header *header, struct wm_datagram *from)
{
    uint8_t start[HEADER_MAX];
    ring_peek(&link->ring, start, sizeof *header + header->ip_len);
    *from = (struct wm_datagram){.port = header->port, .size = header->len, .cut = header->cut};
    struct slice ip = slice_make((const char *)start + sizeof *header, header->ip_len);
    scan_copy(from->ip, sizeof from->ip, ip);
}

static int dropped(struct wm_link *link, struct wm_datagram *from)
{
    if (from)
        *from = (struct wm_datagram){.dropped = link->dropped};
    link->dropped = 0;
    return WM_ERR_NOMEM;
}

int datagram_read(struct wm_link *link, void *buffer, size_t cap, struct wm_datagram *from)
{
    struct header header;
    if (link->dropped)
        return dropped(link, from);
    if (ring_peek(&link->ring, &header, sizeof header) == 0)
        return 0;
    if (from)
        describe(link, &header, from);
    if (cap < header.len || (header.cut && !from))
        return WM_ERR_NOMEM;
    ring_skip(&link->ring, sizeof header + header.ip_len);
    return (int)ring_read(&link->ring, buffer, header.len);
}
