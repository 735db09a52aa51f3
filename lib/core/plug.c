/* The port goes and comes back, or changes its speed: what only hosts call that see to that. */
#include <wmat/core.h>

#include "frame.h"
#include "lexer.h"
#include "link.h"
#include "module.h"
#include "seek.h"
#include "txn.h"

void wm_core_unplugged(struct wm_core *core)
{
    if (core->lost)
        return;
    links_fail(core, WM_ERR_RESET);
    wm_core_lost(core, WM_ERR_IO);
}

static void forget_wire(struct wm_core *core)
{
    lexer_reset(&core->lexer);
    frame_reset(core);
    txn_event(&core->txn, TXN_CLEAR);
}

/* It may be another module, or the same one with its links from before: both are set up as if they
 * had never been. */
void wm_core_plugged(struct wm_core *core, uint64_t now_ms)
{
    if (!core->lost)
        return;
    core->now_ms = now_ms;
    core->last_rx_ms = core->last_tx_ms = now_ms;
    core->lost = 0;
    core->stats.resyncs++;
    module_forget(core);
    forget_wire(core);
    module_event(core, MODULE_PLUGGED);
}

void wm_core_search(struct wm_core *core, uint32_t probe_ms, uint64_t now_ms)
{
    if (core->lost || module_state(core) != MODULE_SEEK)
        return;
    core->now_ms = now_ms;
    forget_wire(core);
    seek_start(core);
    if (probe_ms > 0 && probe_ms < SEEK_PROBE_MS)
        core->seek_probe_ms = (uint16_t)probe_ms;
}

int wm_core_unanswered(const struct wm_core *core)
{
    return !core->lost && module_state(core) == MODULE_SEEK ? core->seek_round : -1;
}
