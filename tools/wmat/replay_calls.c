/* The program's calls, made out of their commands, and what they deliver. */
#include <stdlib.h>
#include <string.h>

#include "replay_state.h"

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
    for (size_t i = 0; i < REPLAY_CALLS; i++) {
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
                                    REPLAY_RECEIVE_MAX));
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

const struct frame_mark *replay_frame(const struct replay *replay, int id)
{
    const struct recording *recording = &replay->recording;
    size_t *at = &replay->moment->taken[id];

    while (*at < recording->frame_count && recording->frames[*at].link != id)
        ++*at;
    return *at < recording->frame_count ? &recording->frames[*at] : NULL;
}

void replay_delivery_differs(struct replay *replay, int id, const char *then, size_t then_len,
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
        const struct frame_mark *frame = replay_frame(replay, id);
        size_t left = frame != NULL ? frame->len - moment->within[id] : 0;
        size_t n = len < left ? len : left;
        const char *then = frame != NULL
                               ? replay->recording.payload.bytes + frame->start + moment->within[id]
                               : "";

        if (n == 0 || memcmp(bytes, then, n) != 0) {
            replay_delivery_differs(replay, id, then, left, bytes, len);
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

bool replay_call(struct replay *replay, const struct piece *piece)
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
