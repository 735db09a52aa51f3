#include "replay_load.h"

#include <stdlib.h>
#include <string.h>

#define FRAME_MAX 16384

static bool append(struct buffer *buffer, const char *bytes, size_t len)
{
    if (buffer->len + len + 1 > buffer->cap) {
        size_t cap = (buffer->len + len + 1) * 2;
        char *grown = realloc(buffer->bytes, cap);

        if (grown == NULL)
            return false;
        buffer->bytes = grown;
        buffer->cap = cap;
    }
    memcpy(buffer->bytes + buffer->len, bytes, len);
    buffer->len += len;
    buffer->bytes[buffer->len] = '\0'; /* so that a command can be read as text */
    return true;
}

/* Room for one more; the array doubles. */
static void *grow(void *array, size_t count, size_t size, bool *full)
{
    void *grown = array;

    if ((count & (count - 1)) == 0)
        grown = realloc(array, (count ? count * 2 : 1) * size);
    *full = *full || grown == NULL;
    return grown != NULL ? grown : array;
}

static void note_frame(void *user, const struct trace_item *item)
{
    struct recording *recording = user;

    if (item->tx || item->payload == 0 || recording->full)
        return;
    recording->frames = grow(recording->frames, recording->frame_count, sizeof *recording->frames,
                             &recording->full);
    if (recording->full)
        return;
    recording->frames[recording->frame_count++] = (struct frame_mark){
        recording->count, item->link < 0 ? 0 : item->link, recording->payload.len, item->sampled};
    recording->full = !append(&recording->payload, item->sample, item->sampled);
}

static void add_piece(struct recording *recording, const struct trace_reader *reader)
{
    struct buffer *wire = &recording->wire[reader->tx];

    recording->pieces =
        grow(recording->pieces, recording->count, sizeof *recording->pieces, &recording->full);
    if (recording->full)
        return;
    recording->pieces[recording->count++] =
        (struct piece){reader->line, reader->time_ms, reader->tx, wire->len, reader->len};
    recording->full = !append(wire, reader->bytes, reader->len);
}

unsigned long recording_load(struct recording *recording, FILE *in)
{
    struct trace_reader reader = {.in = in};
    struct trace_split *split;
    int more = 0;

    *recording = (struct recording){0};
    split = trace_split_open(FRAME_MAX, note_frame, recording);
    recording->full = split == NULL || !append(&recording->wire[1], "", 0);
    while (!recording->full && (more = trace_next(&reader)) > 0) {
        trace_split_feed(split, reader.tx, reader.time_ms, reader.bytes, reader.len);
        add_piece(recording, &reader);
    }
    trace_split_close(split);
    recording->head = reader.head;
    if (!reader.has_head)
        recording->head = (struct trace_head){.ring_bytes = 16384};
    trace_reader_free(&reader);
    return more < 0 ? reader.line : 0;
}

void recording_free(struct recording *recording)
{
    free(recording->pieces);
    free(recording->frames);
    free(recording->payload.bytes);
    free(recording->wire[0].bytes);
    free(recording->wire[1].bytes);
}
