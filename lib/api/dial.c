#include "dial.h"

#include <string.h>

#include "at_limits.h"
#include "arg.h"
#include "keeper.h"
#include "link.h"

int dial_id(bool own_id, unsigned link_id)
{
    if (!own_id)
        return -1;
    return link_id < WM_LINKS ? (int)link_id : WM_LINKS;
}

bool dial_sound(const struct dial *dial)
{
    return arg_text(dial->host, 1, AT_HOST_MAX) && dial->port >= 1 && dial->port <= AT_PORT_MAX &&
           dial->link_id < WM_LINKS;
}

int dial_take(struct wm_core *core, struct wm_op *op, const struct dial *dial)
{
    struct wm_link *link = link_take(core, dial->link_id);
    if (!link)
        return WM_ERR_STATE;
    link->datagrams = dial->datagrams;
    op->link = link->handle;
    op->progress = 1;
    return 0;
}

void dial_again(struct wm_core *core, struct wm_op *op)
{
    link_event(core, link_of(core, op->link), LINK_REFUSED);
    op->link = -1;
    op->progress = 0;
}

bool dial_has_link(const struct wm_op *op)
{
    return op->progress > 0;
}

struct writer dial_write(struct wm_core *core, const struct wm_op *op, const struct dial *dial)
{
    struct wm_link *link = link_of(core, op->link);
    bool ipv6 = dial->ipv6 || strchr(dial->host, ':');
    struct writer writer = txn_line(&core->txn, at_name_CIPSTART, '=');
    link->in_module = true;
    if (!core->single)
        writer_int(&writer, link->id);
    writer_string(&writer, ipv6 ? dial->type6 : dial->type);
    writer_string(&writer, dial->host);
    writer_int(&writer, (int)dial->port);
    return writer;
}

bool dial_tail_sound(int keep_alive_s, const char *local_ip)
{
    return keep_alive_s >= -1 && keep_alive_s <= AT_KEEP_ALIVE_MAX &&
           (!local_ip || local_ip[0] == '\0' || arg_ip(local_ip));
}

void dial_tail(struct writer *writer, int keep_alive_s, const char *local_ip)
{
    if (keep_alive_s != 0)
        writer_int(writer, keep_alive_s < 0 ? 0 : keep_alive_s);
    else if (local_ip)
        writer_omit(writer);
    if (local_ip)
        writer_string(writer, local_ip);
}

/* The arguments were checked, so a refusal of them means the name: a shipping module says CMD PARSE
 * ERR for one that it can't resolve (device_dialect, section 13, row 22). */
int dial_final(struct wm_core *core, struct wm_op *op, enum final final)
{
    struct wm_link *link = link_of(core, op->link);
    if (final != FINAL_OK && link->came_up && core->arrived) {
        link_hand_over(core, link);
        core->stats.retries++;
        op->link = -1;
        op->progress = 0;
        return WM_STEP_AGAIN; /* a client was faster: with another id */
    }
    if (final == FINAL_PARSE_ERR)
        return WM_ERR_DEVICE;
    if (final != FINAL_OK)
        return op_result(final);
    link_event(core, link, LINK_UP);
    if (!link->in_module)
        link_closed(core, link); /* CLOSED came before OK */
    keeper_ask_within(core, 0);
    return op->link;
}

/* A link that may still come up, after the deadline, is closed when it has. */
int dial_end(struct wm_core *core, struct wm_op *op, int result, bool in_flight)
{
    /* submitted again, the handle of before is not its own any more */
    struct wm_link *link = dial_has_link(op) ? link_of(core, op->link) : NULL;
    if (link && result < 0) {
        link->in_module = link->in_module && in_flight;
        link_event(core, link, LINK_HANG_UP);
    }
    if (result < 0)
        op->link = -1;
    return result;
}
