#include "overflow.h"

#include "at_limits.h"
#include "link.h"

/* The module's buffer was full, sound bytes ago from here on. Datagrams can lack one anywhere: the
 * reader is told, and goes on. */
static void found_full(struct wm_core *core, struct wm_link *link, uint32_t sound)
{
    if (link->gap_in > 0)
        return;
    core->stats.overflows++;
    core->stats.losses++;
    if (link->datagrams)
        link_count_dropped(link);
    else
        link->gap_in = (uint16_t)(sound + 1);
}

/* The line behind a read says what that has left: with what it gave that was in the buffer. */
void overflow_notice(struct wm_core *core, struct wm_link *link)
{
    uint32_t full = AT_RECV_WINDOW;
    if (!core->profile.passive_discards)
        return;
    if (link == &core->links[core->read_at])
        full -= core->read_got;
    if (link->hint_bytes >= full)
        found_full(core, link, full);
}

uint32_t overflow_limit(const struct wm_link *link, uint32_t len)
{
    return link->gap_in > 0 && link->gap_in - 1u < len ? link->gap_in - 1u : len;
}

bool overflow_end(struct wm_core *core, struct wm_link *link)
{
    if (link->gap_in == 0 || link_state(link) != WM_LINK_OPEN)
        return false;
    link_fail(core, link, WM_ERR_OVERFLOW);
    return true;
}

void overflow_read(struct wm_core *core, struct wm_link *link)
{
    uint32_t got = core->fetch_got;
    core->read_got = got == core->fetch_max ? (uint16_t)got : 0;
    core->read_at = (uint8_t)(link - core->links);
    if (link->gap_in > 0)
        link->gap_in = (uint16_t)(link->gap_in - got);
    else if (core->profile.passive_discards && got >= AT_RECV_WINDOW)
        found_full(core, link, 0);
    if (link->gap_in == 1)
        overflow_end(core, link);
}
