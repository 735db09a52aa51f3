#include "profile.h"

#include "at_limits.h"
#include "module.h"

#define UART_READ_MAX 150

const struct wm_profile wm_profile_manual = {
    .tls_links = WM_LINKS, .datagram_max = AT_SEND_MAX, .frame_max = AT_IPD_MAX};

const struct wm_profile wm_profile_shipping = {
    .echo = true,
    .one_a_burst = true,
    .busy_queues = true,
    .zeros_lost = true,
    .passive_discards = true,
    .datagrams_merged = true,
    .stream_framed = true,
    .frame_trailer = true,
    .send_leftover = true,
    .sendto_redirects = true,
    .no_escapes = true,
    .zone_as_entered = true,
    .sntp_off_hides = true,
    .station_ip4_only = true,
    .idle_needs_server = true,
    .tls_keeps_names = true,
    .options_single = true,
    .usage_partial = true,
    .hand_over_gap_ms = AT_HAND_OVER_MS,
    .tls_links = 1,
    .hand_over_bytes = AT_HAND_OVER_BYTES,
    .datagram_max = 1500, /* the MTU of its network, without the headers */
    .frame_max = AT_RECV_WINDOW,
};

void profile_forget(struct wm_core *core)
{
    const struct wm_profile *forced = core->config.profile;
    core->profile = forced ? *forced : wm_profile_manual;
    core->lexer.trailer_due |= core->profile.frame_trailer;
}

/* A module that shows one habit of those that ship is taken to have them all. */
static void is_shipping(struct wm_core *core)
{
    bool echo = core->profile.echo;
    core->profile = wm_profile_shipping;
    core->profile.echo = echo;
    core->lexer.trailer_due = true;
}

void profile_line(struct wm_core *core, struct slice line)
{
    if (SLICE_STARTS(line, "+SYSSTORE::"))
        is_shipping(core);
}

/* While the module is searched for, what comes back may be a peer's echo of what passthrough has
 * sent it. */
void profile_echo(struct wm_core *core)
{
    if (core->config.profile || core->profile.echo || module_state(core) == MODULE_SEEK)
        return;
    core->profile.echo = true;
    is_shipping(core);
}

int profile_loss(const struct wm_core *core)
{
    return core->profile.zeros_lost ? WM_ERR_MANGLED : WM_ERR_PROTO;
}

bool profile_reads_bytes(const struct wm_core *core)
{
    return core->profile.zeros_lost && core->config.receive == WM_RECEIVE_ZERO_SAFE;
}

uint32_t profile_chunk(const struct wm_profile *profile)
{
    uint32_t count = profile->hand_over_bytes;
    return count ? AT_SEND_MAX - AT_SEND_MAX % count : AT_SEND_MAX;
}

bool profile_splits(const struct wm_profile *profile, size_t before)
{
    size_t count = profile->hand_over_bytes;
    if (count == 0)
        return false;
    size_t times = before / count;
    return times > 0 && before <= times * (count + UART_READ_MAX - 1);
}

int wm_core_profile(const struct wm_core *core, struct wm_profile *profile)
{
    *profile = core->profile;
    profile->frame_trailer |= core->lexer.trailer_due;
    return core->known || core->config.profile ? 0 : WM_ERR_STATE;
}
