/* A replay that is under way: the core, the calls made for it, and what they have delivered. */
#ifndef REPLAY_STATE_H
#define REPLAY_STATE_H

#include <wmat/core.h>
#include <wmat/link.h>
#include <wmat/sys.h>
#include <wmat/tcp.h>

#include "replay.h"
#include "replay_load.h"

#define REPLAY_CALLS       32
#define REPLAY_RECEIVE_MAX 16384 /* of one call, as wmat nc does */

enum call_kind { CALL_FREE, CALL_AT, CALL_CONNECT, CALL_SEND, CALL_RECEIVE, CALL_CLOSE };

struct call {
    enum call_kind kind;
    int id; /* of the link, in the module */
    struct wm_op op;
    struct replay *replay;
    char *words; /* what its arguments point at; the replay's */
    union {
        struct wm_at_request at;
        struct wm_tcp_options tcp;
    } args;
};

/* What is put back. */
struct moment {
    struct wm_core core;
    struct wm_link links[WM_LINK_SLOTS];
    unsigned char settings[4096];
    struct call calls[REPLAY_CALLS];
    int handle[REPLAY_LINKS];
    size_t taken[REPLAY_LINKS]; /* next frame of each link, and how much of it was delivered */
    size_t within[REPLAY_LINKS];
    size_t piece; /* the next one */
    uint64_t now_ms;
    size_t delivered, made;
    bool mangled; /* a delivery differs */
    struct replay_result *result;
};

struct replay {
    struct recording recording;
    struct moment *moment, *before; /* the one that runs, and where it is put back to */
    unsigned char *rings, *rings_before;
    size_t ring_bytes;
    char (*received)[REPLAY_RECEIVE_MAX];
    char **words; /* all that calls point at */
    size_t word_count;
    const char *unsupported;
    struct replay_result *result;
};

/* Makes the call whose command stands at the piece. False: there is none; replay->unsupported is
 * the command of one that can't be made. */
bool replay_call(struct replay *replay, const struct piece *piece);

/* The first frame of the link that was not delivered whole. NULL: there is none. */
const struct frame_mark *replay_frame(const struct replay *replay, int id);

/* The result says so. */
void replay_delivery_differs(struct replay *replay, int id, const char *then, size_t then_len,
                             const char *now, size_t now_len);

#endif
