/* The core is memory and nothing else, so it can be put back to a moment before. That is how calls
 * are found: what was written next comes by itself, or after a call that is made out of the
 * command, either right before it or while the command before it was still under way. */
#include "replay.h"

#include <stdlib.h>
#include <string.h>

#include <wmat/core.h>
#include <wmat/link.h>
#include <wmat/sys.h>
#include <wmat/tcp.h>

#include "replay_load.h"

#define START_MS    1000 /* time of the recording's first piece */
#define GUARD_MS    111  /* between a core's beginning and its first bytes */
#define CALLS       32
#define RING_MAX    65536
#define RECEIVE_MAX 16384 /* of one call, as wmat nc does */

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
    struct call calls[CALLS];
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
    char (*received)[RECEIVE_MAX];
    char **words; /* all that calls point at */
    size_t word_count;
    const char *unsupported;
    struct replay_result *result;
};

static void keep(struct replay *replay)
{
    *replay->before = *replay->moment;
    memcpy(replay->rings_before, replay->rings, WM_LINK_SLOTS * replay->ring_bytes);
}

static void put_back(struct replay *replay)
{
    *replay->moment = *replay->before;
    memcpy(replay->rings, replay->rings_before, WM_LINK_SLOTS * replay->ring_bytes);
}

/* A copy of text that lives as long as the replay. */
static char *remember(struct replay *replay, const char *text, size_t len)
{
    char **grown = realloc(replay->words, (replay->word_count + 1) * sizeof *grown);
    char *copy = grown != NULL ? malloc(len + 1) : NULL;

    if (grown != NULL)
        replay->words = grown;
    if (copy == NULL)
        return NULL;
    memcpy(copy, text, len);
    copy[len] = '\0';
    replay->words[replay->word_count++] = copy;
    return copy;
}

static struct call *new_call(struct replay *replay, enum call_kind kind, int id)
{
    for (size_t i = 0; i < CALLS; i++) {
        struct call *call = &replay->moment->calls[i];

        if (call->kind != CALL_FREE)
            continue;
        *call = (struct call){.kind = kind, .id = id, .replay = replay};
        return call;
    }
    return NULL;
}

static void on_done(struct wm_op *op, int result, void *user);

static bool start(struct call *call, int err)
{
    struct moment *moment = call->replay->moment;

    if (err >= 0)
        err = wm_core_submit(&moment->core, &call->op, WM_FOREVER, on_done, call, moment->now_ms);
    if (err < 0)
        call->kind = CALL_FREE;
    return err >= 0;
}

static void receive(struct replay *replay, int id)
{
    struct call *call = new_call(replay, CALL_RECEIVE, id);

    if (call != NULL)
        start(call, wm_recv_prepare(&call->op, replay->moment->handle[id], replay->received[id],
                                    RECEIVE_MAX));
}

static bool hang_up(struct replay *replay, int id)
{
    struct call *call = new_call(replay, CALL_CLOSE, id);
    int handle = replay->moment->handle[id];

    if (call == NULL || handle < 0)
        return false;
    replay->moment->handle[id] = -1;
    return start(call, wm_link_close_prepare(&call->op, handle));
}

static const struct frame_mark *frame_of(const struct replay *replay, int id)
{
    const struct recording *recording = &replay->recording;
    size_t *at = &replay->moment->taken[id];

    while (*at < recording->frame_count && recording->frames[*at].link != id)
        ++*at;
    return *at < recording->frame_count ? &recording->frames[*at] : NULL;
}

static void delivery_differs(struct replay *replay, int id, const char *then, size_t then_len,
                             const char *now, size_t now_len)
{
    struct replay_result *result = replay->result;

    replay->moment->mangled = true;
    result->link = id;
    result->then_len = then_len < REPLAY_SAMPLE ? then_len : REPLAY_SAMPLE;
    result->now_len = now_len < REPLAY_SAMPLE ? now_len : REPLAY_SAMPLE;
    memcpy(result->then, then, result->then_len);
    memcpy(result->now, now, result->now_len);
}

/* What was delivered must be what the frames had. */
static void compare_delivery(struct replay *replay, int id, const char *bytes, size_t len)
{
    struct moment *moment = replay->moment;

    while (len > 0 && !moment->mangled) {
        const struct frame_mark *frame = frame_of(replay, id);
        size_t left = frame != NULL ? frame->len - moment->within[id] : 0;
        size_t n = len < left ? len : left;
        const char *then = frame != NULL
                               ? replay->recording.payload.bytes + frame->start + moment->within[id]
                               : "";

        if (n == 0 || memcmp(bytes, then, n) != 0) {
            delivery_differs(replay, id, then, left, bytes, len);
            return;
        }
        bytes += n;
        len -= n;
        moment->delivered += n;
        moment->within[id] += n;
        if (moment->within[id] == frame->len) {
            moment->taken[id]++;
            moment->within[id] = 0;
        }
    }
}

/* A link begins with the first frame from here on. */
static void link_is_up(struct replay *replay, int id, int handle)
{
    struct moment *moment = replay->moment;
    const struct recording *recording = &replay->recording;

    moment->handle[id] = handle;
    moment->within[id] = 0;
    while (moment->taken[id] < recording->frame_count &&
           recording->frames[moment->taken[id]].piece + 1 < moment->piece)
        moment->taken[id]++;
    receive(replay, id);
}

static void on_done(struct wm_op *op, int result, void *user)
{
    struct call *call = user;
    struct replay *replay = call->replay;
    enum call_kind kind = call->kind;
    int id = call->id;

    (void)op;
    call->kind = CALL_FREE;
    if (kind == CALL_CONNECT && result >= 0) {
        link_is_up(replay, id, result);
    } else if (kind == CALL_RECEIVE && result > 0) {
        compare_delivery(replay, id, replay->received[id], (size_t)result);
        receive(replay, id);
    } else if (kind == CALL_RECEIVE && replay->moment->handle[id] >= 0) {
        hang_up(replay, id); /* at its end, nothing more can be done with it */
    }
}

/* Reads the parameters "..." and numbers of AT+CIPSTART. False: it is none that can be made a call.
 */
static bool connect_call(struct replay *replay, const char *line)
{
    char type[8], host[68], local[68] = "";
    int id, keep_alive = 0;
    unsigned port;
    int n = sscanf(line, "AT+CIPSTART=%d,\"%7[^\"]\",\"%67[^\"]\",%u,%d,\"%67[^\"]\"", &id, type,
                   host, &port, &keep_alive, local);
    struct call *call;

    if (n < 4 || strncmp(type, "TCP", 3) != 0 || id < 0 || id >= REPLAY_LINKS)
        return false;
    call = new_call(replay, CALL_CONNECT, id);
    if (call == NULL)
        return false;
    call->args.tcp =
        (struct wm_tcp_options){.host = remember(replay, host, strlen(host)),
                                .port = port,
                                .ipv6 = strcmp(type, "TCPv6") == 0,
                                .keep_alive_s = n > 4 ? (keep_alive == 0 ? -1 : keep_alive) : 0,
                                .local_ip = n > 5 ? remember(replay, local, strlen(local)) : NULL};
    return call->args.tcp.host != NULL &&
           start(call, wm_tcp_connect_prepare(&call->op, &call->args.tcp));
}

static bool send_call(struct replay *replay, const char *line, const char *payload)
{
    const char *end = replay->recording.wire[1].bytes + replay->recording.wire[1].len;
    struct call *call;
    unsigned len;
    int id;

    if (sscanf(line, "AT+CIPSEND=%d,%u", &id, &len) != 2 || id < 0 || id >= REPLAY_LINKS ||
        replay->moment->handle[id] < 0)
        return false;
    if (len > (size_t)(end - payload))
        return false;
    call = new_call(replay, CALL_SEND, id);
    return call != NULL &&
           start(call, wm_send_prepare(&call->op, replay->moment->handle[id], payload, len));
}

static bool at_call(struct replay *replay, const char *line)
{
    struct call *call = new_call(replay, CALL_AT, 0);

    if (call == NULL)
        return false;
    call->args.at = (struct wm_at_request){.command = line};
    return start(call, wm_at_prepare(&call->op, &call->args.at));
}

static bool begins(const char *line, const char *prefix)
{
    return strncmp(line, prefix, strlen(prefix)) == 0;
}

/* Commands of calls that are not made here. */
static bool is_unsupported(const char *line)
{
    static const char *const prefixes[] = {"AT+CIPSERVER=1",
                                           "AT+CIPSENDEX=", "AT+CIPSENDL=", "AT+CIPSTARTEX="};

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (begins(line, prefixes[i]))
            return true;
    return strcmp(line, "AT+CIPSEND") == 0 ||
           (begins(line, "AT+CIPSTART=") && strstr(line, ",\"TCP") == NULL);
}

/* Makes the call whose command stands at the piece. False: there is none. */
static bool make_call(struct replay *replay, const struct piece *piece)
{
    const char *text = replay->recording.wire[1].bytes + piece->start;
    const char *end = strstr(text, "\r\n");
    char *line = end != NULL && end > text ? remember(replay, text, (size_t)(end - text)) : NULL;
    int id;

    if (line == NULL || !begins(line, "AT"))
        return false;
    replay->moment->made++;
    replay->unsupported = is_unsupported(line) ? line : NULL;
    if (replay->unsupported != NULL)
        return false;
    if (begins(line, "AT+CIPSTART="))
        return connect_call(replay, line);
    if (begins(line, "AT+CIPSEND="))
        return send_call(replay, line, end + 2);
    if (sscanf(line, "AT+CIPCLOSE=%d", &id) == 1 && id >= 0 && id < REPLAY_LINKS &&
        replay->moment->handle[id] >= 0)
        return hang_up(replay, id);
    return at_call(replay, line);
}

static void feed(struct replay *replay, const struct piece *piece)
{
    struct moment *moment = replay->moment;
    const char *bytes = replay->recording.wire[0].bytes + piece->start;
    size_t done = 0;
    size_t n;

    do { /* a full ring takes more once its bytes were delivered */
        n = wm_core_feed(&moment->core, bytes + done, piece->len - done, moment->now_ms);
        wm_core_dispatch(&moment->core, NULL, NULL);
        done += n;
    } while (n > 0 && done < piece->len);
}

/* Lets the core have what the module said up to a piece, and that piece's time. */
static void run_to(struct replay *replay, size_t piece)
{
    struct moment *moment = replay->moment;
    const struct recording *recording = &replay->recording;

    while (moment->piece < piece) {
        const struct piece *next = &recording->pieces[moment->piece++];

        moment->now_ms = START_MS + next->time_ms;
        if (!next->tx)
            feed(replay, next);
    }
    if (piece < recording->count)
        moment->now_ms = START_MS + recording->pieces[piece].time_ms;
}

static void differs(struct replay *replay, const struct piece *piece, size_t at, const char *now,
                    size_t now_len)
{
    struct replay_result *result = replay->result;
    size_t left = piece->len - at;

    result->offset = at;
    result->then_len = left < REPLAY_SAMPLE ? left : REPLAY_SAMPLE;
    result->now_len = now_len < REPLAY_SAMPLE ? now_len : REPLAY_SAMPLE;
    memcpy(result->then, replay->recording.wire[1].bytes + piece->start + at, result->then_len);
    memcpy(result->now, now, result->now_len);
}

/* Does the core write this piece? Where it does not, the result says what instead; but what it says
 * already is kept where this gives nothing at all. */
static bool writes(struct replay *replay, const struct piece *piece)
{
    struct moment *moment = replay->moment;
    const char *then = replay->recording.wire[1].bytes + piece->start;
    size_t done = 0;

    wm_core_tick(&moment->core, moment->now_ms);
    wm_core_dispatch(&moment->core, NULL, NULL);
    while (done < piece->len) {
        const void *bytes = "";
        size_t n = wm_core_output(&moment->core, &bytes, moment->now_ms);
        size_t same = 0;

        n = n < piece->len - done ? n : piece->len - done;
        while (same < n && ((const char *)bytes)[same] == then[done + same])
            same++;
        if (n == 0)
            bytes = "";
        if (n == 0 || same < n) {
            if (n > 0 || replay->result->then_len == 0)
                differs(replay, piece, done + same, (const char *)bytes + same, n - same);
            return false;
        }
        wm_core_sent(&moment->core, n, moment->now_ms);
        wm_core_dispatch(&moment->core, NULL, NULL);
        done += n;
    }
    return true;
}

/* By itself; with a call right before; with a call that had been waiting since the piece before. */
static bool match(struct replay *replay, size_t index)
{
    const struct piece *piece = &replay->recording.pieces[index];

    replay->result->then_len = 0;
    run_to(replay, index);
    if (writes(replay, piece))
        return true;
    put_back(replay);
    run_to(replay, index);
    if (make_call(replay, piece) && writes(replay, piece))
        return true;
    if (replay->unsupported != NULL)
        return false;
    put_back(replay);
    if (!make_call(replay, piece))
        return false;
    run_to(replay, index);
    return writes(replay, piece);
}

static void fill_result(struct replay *replay, enum replay_end end, size_t index)
{
    const struct recording *recording = &replay->recording;
    struct replay_result *result = replay->result;

    result->end = end;
    result->delivered = replay->moment->delivered;
    result->calls = replay->moment->made;
    if (index < recording->count) {
        result->line = recording->pieces[index].line;
        result->time_ms = recording->pieces[index].time_ms;
    }
    if (end == REPLAY_UNSUPPORTED)
        result->now_len =
            (size_t)snprintf(result->now, REPLAY_SAMPLE, "%.40s", replay->unsupported);
}

/* A link that is still read must have delivered all that had come before the driver wrote last:
 * what came behind that may be a part of a frame. Returns the piece that it has not, or the number
 * of all. */
static size_t find_undelivered(struct replay *replay, size_t last_tx)
{
    const struct recording *recording = &replay->recording;

    for (int id = 0; id < REPLAY_LINKS; id++) {
        const struct frame_mark *frame = frame_of(replay, id);

        if (frame == NULL || replay->moment->handle[id] < 0 || frame->piece >= last_tx)
            continue;
        delivery_differs(replay, id, recording->payload.bytes + frame->start, frame->len, "", 0);
        return frame->piece;
    }
    return recording->count;
}

static void play(struct replay *replay)
{
    const struct recording *recording = &replay->recording;
    size_t last_tx = 0;
    size_t end;

    for (size_t i = 0; i < recording->count; i++) {
        if (!recording->pieces[i].tx)
            continue;
        last_tx = i;
        keep(replay);
        if (!match(replay, i)) {
            fill_result(replay, replay->unsupported != NULL ? REPLAY_UNSUPPORTED : REPLAY_DIFFERS,
                        i);
            return;
        }
        if (replay->moment->mangled) {
            fill_result(replay, REPLAY_DIFFERS, i);
            return;
        }
        replay->result->written += recording->pieces[i].len;
    }
    run_to(replay, recording->count);
    end = recording->count;
    if (!replay->moment->mangled)
        end = find_undelivered(replay, last_tx);
    fill_result(replay, replay->moment->mangled ? REPLAY_DIFFERS : REPLAY_SAME, end);
}

/* When the recorded core began: its first bytes come that long after. */
static uint64_t begin_ms(const struct recording *recording)
{
    for (size_t i = 0; i < recording->count; i++)
        if (recording->pieces[i].tx)
            return START_MS + recording->pieces[i].time_ms - GUARD_MS;
    return START_MS - GUARD_MS;
}

static int begin(struct replay *replay)
{
    const struct trace_head *head = &replay->recording.head;
    struct moment *moment = replay->moment;
    const struct wm_core_config config = {.links = moment->links,
                                          .link_count = head->attach ? 0 : WM_LINK_SLOTS,
                                          .rings = head->attach ? NULL : replay->rings,
                                          .ring_bytes = replay->ring_bytes,
                                          .receive = (enum wm_receive)head->receive,
                                          .settings = moment->settings,
                                          .settings_bytes = sizeof moment->settings,
                                          .long_send = head->rtscts ? &wm_long_send : NULL,
                                          .baud = head->baud,
                                          .attach = head->attach};

    for (int id = 0; id < REPLAY_LINKS; id++)
        moment->handle[id] = -1;
    moment->now_ms = begin_ms(&replay->recording);
    return wm_core_init(&moment->core, &config, moment->now_ms);
}

static bool allocate(struct replay *replay)
{
    size_t ring = replay->recording.head.ring_bytes;

    replay->ring_bytes = ring < WM_RING_MIN ? WM_RING_MIN : ring > RING_MAX ? RING_MAX : ring;
    replay->moment = calloc(1, sizeof *replay->moment);
    replay->before = calloc(1, sizeof *replay->before);
    replay->rings = calloc(WM_LINK_SLOTS, replay->ring_bytes);
    replay->rings_before = calloc(WM_LINK_SLOTS, replay->ring_bytes);
    replay->received = calloc(REPLAY_LINKS, sizeof *replay->received);
    return replay->moment != NULL && replay->before != NULL && replay->rings != NULL &&
           replay->rings_before != NULL && replay->received != NULL;
}

static void release(struct replay *replay)
{
    for (size_t i = 0; i < replay->word_count; i++)
        free(replay->words[i]);
    free(replay->words);
    free(replay->moment);
    free(replay->before);
    free(replay->rings);
    free(replay->rings_before);
    free(replay->received);
    recording_free(&replay->recording);
}

void replay_run(FILE *in, struct replay_result *result)
{
    struct replay replay = {.result = result};
    unsigned long bad;

    *result = (struct replay_result){.link = -1};
    bad = recording_load(&replay.recording, in);
    if (bad != 0) {
        result->end = REPLAY_NO_TRACE;
        result->line = bad;
    } else if (replay.recording.full || !allocate(&replay) || begin(&replay) < 0) {
        result->end = REPLAY_NO_MEMORY;
    } else {
        play(&replay);
    }
    release(&replay);
}
