#include "trace_html.h"

#include <inttypes.h>
#include <string.h>

#include "record.h"
#include "timeline.h"

/* A JSON string that may stand inside of a script element: no < in it can end that. */
static void put_string(FILE *out, const char *text)
{
    cJSON *string = record_bytes(text, strlen(text));
    char *json = cJSON_PrintUnformatted(string);

    for (const char *at = json; at != NULL && *at != '\0'; at++) {
        if (*at == '<')
            fputs("\\u003c", out);
        else
            fputc(*at, out);
    }
    cJSON_free(json);
    cJSON_Delete(string);
}

static void put_entry(FILE *out, const struct entry *entry)
{
    fprintf(out, "[%d,%" PRIu64 ",%" PRIu64 ",%d,%zu,%d,%d,", entry->kind, entry->start_ms,
            entry->end_ms, entry->link, entry->bytes, entry->failed, entry->tx);
    put_string(out, entry->text);
    fputc(',', out);
    if (entry->result != NULL)
        put_string(out, entry->result);
    else
        fputs("null", out);
    fputc(']', out);
}

static void put_link(FILE *out, const struct link_life *life)
{
    fprintf(out, "[%d,%" PRIu64 ",%" PRIu64 ",%zu,%zu,%" PRIu64 ",%" PRIu64 "]", life->id,
            life->start_ms, life->end_ms, life->bytes[0], life->bytes[1],
            life->last_ms[0] - life->first_ms[0], life->last_ms[1] - life->first_ms[1]);
}

static void put_lines(FILE *out, const char *const *lines)
{
    for (; *lines != NULL; lines++)
        fputs(*lines, out);
}

void timeline_html(const struct timeline *timeline, const char *title, FILE *out)
{
    put_lines(out, trace_page_head);
    fputs("{\"title\":", out);
    put_string(out, title);
    fprintf(out, ",\"end\":%" PRIu64 ",\"baud\":%u,\"wire\":[%zu,%zu],\n\"links\":[",
            timeline->end_ms, timeline->head.baud, timeline->wire_bytes[0],
            timeline->wire_bytes[1]);
    for (size_t i = 0; i < timeline->link_count; i++) {
        fputs(i > 0 ? ",\n" : "", out);
        put_link(out, &timeline->links[i]);
    }
    fputs("],\n\"entries\":[", out);
    for (size_t i = 0; i < timeline->count; i++) {
        fputs(i > 0 ? ",\n" : "", out);
        put_entry(out, &timeline->entries[i]);
    }
    fputs("]}", out);
    put_lines(out, trace_page_tail);
}
