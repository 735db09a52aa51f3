/* AT+CIPSENDL (TCP/IP AT: CIPSENDL): the module sends while it receives, so that a long send needs
 * one command for many chunks. It is there only where AT+CIPSENDL=? prints a usage text (framework,
 * "The manual dialect"). */
#include <string.h>

#include <wmat/link.h>

#include "at_limits.h"
#include "at_text.h"
#include "link.h"
#include "send.h"

/* While it goes out no other link can be read, so it is not longer than it has to be. */
#define LONG_CHUNK 16384

enum { NOT_ASKED, HAS_NOT, HAS };

static int ask(struct wm_core *core)
{
    struct writer writer = txn_set(&core->txn, AT_CMD_CIPSENDL);
    writer_raw(&writer, "?", 1);
    return op_command(core, &writer);
}

static int begin(struct wm_core *core, struct wm_op *op, struct wm_link *link, size_t left)
{
    if (left <= AT_SEND_MAX || core->has_long_send == HAS_NOT)
        return 0;
    if (core->has_long_send == NOT_ASKED)
        return ask(core);
    size_t len = left < LONG_CHUNK ? left : LONG_CHUNK;
    op->value = (int)len;
    struct writer writer = txn_set(&core->txn, AT_CMD_CIPSENDL);
    writer_int(&writer, link->id);
    writer_int(&writer, (int)len);
    return send_start(core, link, &writer, (const uint8_t *)op->args + op->progress, len);
}

static void usage(struct wm_core *core)
{
    core->has_long_send = HAS;
}

/* A shipping module says OK without a usage text, and ERROR to the command (device_dialect, section
 * 12). */
static int asked(struct wm_core *core, enum final final)
{
    if (final != FINAL_OK || core->has_long_send != HAS)
        core->has_long_send = HAS_NOT;
    return WM_STEP_AGAIN;
}

const struct wm_long_send_ops wm_long_send = {begin, usage, asked};
