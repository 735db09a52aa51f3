/* The core is memory and nothing else, so it can be put back to a moment before. That is how calls
 * are found: what was written next comes by itself, or after a call that is made out of the
 * command, either right before it or while the command before it was still under way. */
#include "replay.h"

#include <stdlib.h>
#include <string.h>

#include "replay_state.h"

#define START_MS 1000 /* time of the recording's first piece */
#define GUARD_MS 111  /* between a core's beginning and its first bytes */
#define RING_MAX 65536

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
    if (replay_call(replay, piece) && writes(replay, piece))
        return true;
    if (replay->unsupported != NULL)
        return false;
    put_back(replay);
    if (!replay_call(replay, piece))
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
        const struct frame_mark *frame = replay_frame(replay, id);

        if (frame == NULL || replay->moment->handle[id] < 0 || frame->piece >= last_tx)
            continue;
        replay_delivery_differs(replay, id, recording->payload.bytes + frame->start, frame->len, "",
                                0);
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
