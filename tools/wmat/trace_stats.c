/* What a trace amounts to: how long commands took, what links carried, how busy the line was. */
#include "trace_stats.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

#define BITS_A_BYTE 10 /* 8N1 */

/* Commands of the same name and form. */
struct group {
    const char *name; /* not terminated */
    size_t name_len;
    size_t count;  /* with a result */
    size_t failed; /* of these */
    size_t silent; /* without one */
    uint64_t *took_ms;
};

struct groups {
    struct group *at;
    size_t count;
};

static struct group *find_group(struct groups *groups, const char *line)
{
    size_t len = command_name_length(line);
    struct group *grown;

    for (size_t i = 0; i < groups->count; i++)
        if (groups->at[i].name_len == len && memcmp(groups->at[i].name, line, len) == 0)
            return &groups->at[i];
    grown = realloc(groups->at, (groups->count + 1) * sizeof *grown);
    if (grown == NULL)
        return NULL;
    groups->at = grown;
    groups->at[groups->count] = (struct group){.name = line, .name_len = len};
    return &groups->at[groups->count++];
}

static bool add_time(struct group *group, const struct entry *entry)
{
    uint64_t *times;

    group->silent += entry->result == NULL;
    if (entry->result == NULL)
        return true;
    times = realloc(group->took_ms, (group->count + 1) * sizeof *times);
    if (times == NULL)
        return false;
    group->took_ms = times;
    times[group->count++] = entry->end_ms - entry->start_ms;
    group->failed += entry->failed;
    return true;
}

static int by_time(const void *a, const void *b)
{
    const uint64_t *x = a;
    const uint64_t *y = b;

    return (*x > *y) - (*x < *y);
}

static int by_name(const void *a, const void *b)
{
    const struct group *x = a;
    const struct group *y = b;
    size_t len = x->name_len < y->name_len ? x->name_len : y->name_len;
    int order = memcmp(x->name, y->name, len);

    return order != 0 ? order : (x->name_len > y->name_len) - (x->name_len < y->name_len);
}

static bool collect(struct groups *groups, const struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->count; i++) {
        const struct entry *entry = &timeline->entries[i];
        struct group *group;

        if (entry->kind != ENTRY_COMMAND)
            continue;
        group = find_group(groups, entry->text);
        if (group == NULL || !add_time(group, entry))
            return false;
    }
    for (size_t i = 0; i < groups->count; i++)
        if (groups->at[i].count > 0)
            qsort(groups->at[i].took_ms, groups->at[i].count, sizeof(uint64_t), by_time);
    if (groups->count > 0)
        qsort(groups->at, groups->count, sizeof *groups->at, by_name);
    return true;
}

/* Of sorted times; between the two in the middle where there are two. */
static double median(const uint64_t *times, size_t count)
{
    return count % 2 ? (double)times[count / 2]
                     : (double)(times[count / 2 - 1] + times[count / 2]) / 2;
}

/* Bytes a second while data went that way; negative: too short to tell. */
static double goodput(const struct link_life *life, bool tx)
{
    uint64_t ms = life->last_ms[tx] - life->first_ms[tx];

    return ms == 0 ? -1 : (double)life->bytes[tx] * 1000 / (double)ms;
}

/* Share of the line's time that bytes took; negative: its speed or its time is not known. */
static double busy(const struct timeline *timeline, bool tx, unsigned baud)
{
    if (baud == 0 || timeline->end_ms == 0)
        return -1;
    return (double)timeline->wire_bytes[tx] * BITS_A_BYTE * 1000 / baud / (double)timeline->end_ms;
}

static void print_group(const struct group *group)
{
    printf("%-20.*s %6zu", (int)group->name_len, group->name, group->count);
    if (group->count > 0)
        printf(" %9" PRIu64 " %9.1f %9" PRIu64, group->took_ms[0],
               median(group->took_ms, group->count), group->took_ms[group->count - 1]);
    if (group->failed > 0)
        printf("  %zu failed", group->failed);
    if (group->silent > 0)
        printf("  %zu without a result", group->silent);
    putchar('\n');
}

static void print_way(const struct link_life *life, bool tx)
{
    double rate = goodput(life, tx);

    printf("  %s %zu bytes", tx ? "sent" : "received", life->bytes[tx]);
    if (life->bytes[tx] > 0 && rate >= 0)
        printf(" (%.1f kB/s)", rate / 1000);
}

static void print_text(const struct timeline *timeline, const struct groups *groups, unsigned baud)
{
    if (groups->count > 0)
        printf("command              count    min ms median ms    max ms\n");
    for (size_t i = 0; i < groups->count; i++)
        print_group(&groups->at[i]);
    for (size_t i = 0; i < timeline->link_count; i++) {
        const struct link_life *life = &timeline->links[i];

        printf("link %d  %.3f to %.3f s", life->id, (double)life->start_ms / 1000,
               (double)life->end_ms / 1000);
        print_way(life, false);
        print_way(life, true);
        putchar('\n');
    }
    printf("line  %.3f s  received %zu bytes  sent %zu bytes\n", (double)timeline->end_ms / 1000,
           timeline->wire_bytes[0], timeline->wire_bytes[1]);
    if (busy(timeline, false, baud) >= 0)
        printf("busy at %u baud  receiving %.1f %%  sending %.1f %%\n", baud,
               busy(timeline, false, baud) * 100, busy(timeline, true, baud) * 100);
}

static void json_group(const struct group *group)
{
    cJSON *record = cJSON_CreateObject();

    cJSON_AddItemToObject(record, "command", record_bytes(group->name, group->name_len));
    cJSON_AddNumberToObject(record, "count", (double)group->count);
    if (group->count > 0) {
        cJSON_AddNumberToObject(record, "min_ms", (double)group->took_ms[0]);
        cJSON_AddNumberToObject(record, "median_ms", median(group->took_ms, group->count));
        cJSON_AddNumberToObject(record, "max_ms", (double)group->took_ms[group->count - 1]);
    }
    cJSON_AddNumberToObject(record, "failed", (double)group->failed);
    cJSON_AddNumberToObject(record, "without_result", (double)group->silent);
    record_print_json(record);
}

static void json_link(const struct link_life *life)
{
    cJSON *record = cJSON_CreateObject();

    cJSON_AddNumberToObject(record, "link", life->id);
    cJSON_AddNumberToObject(record, "start_ms", (double)life->start_ms);
    cJSON_AddNumberToObject(record, "end_ms", (double)life->end_ms);
    cJSON_AddNumberToObject(record, "rx_bytes", (double)life->bytes[0]);
    cJSON_AddNumberToObject(record, "tx_bytes", (double)life->bytes[1]);
    if (goodput(life, false) >= 0)
        cJSON_AddNumberToObject(record, "rx_bytes_per_s", goodput(life, false));
    if (goodput(life, true) >= 0)
        cJSON_AddNumberToObject(record, "tx_bytes_per_s", goodput(life, true));
    record_print_json(record);
}

static void json_line(const struct timeline *timeline, unsigned baud)
{
    cJSON *record = cJSON_CreateObject();

    cJSON_AddNumberToObject(record, "duration_ms", (double)timeline->end_ms);
    cJSON_AddNumberToObject(record, "rx_bytes", (double)timeline->wire_bytes[0]);
    cJSON_AddNumberToObject(record, "tx_bytes", (double)timeline->wire_bytes[1]);
    if (busy(timeline, false, baud) >= 0) {
        cJSON_AddNumberToObject(record, "baud", baud);
        cJSON_AddNumberToObject(record, "rx_busy", busy(timeline, false, baud));
        cJSON_AddNumberToObject(record, "tx_busy", busy(timeline, true, baud));
    }
    record_print_json(record);
}

static void print_json(const struct timeline *timeline, const struct groups *groups, unsigned baud)
{
    for (size_t i = 0; i < groups->count; i++)
        json_group(&groups->at[i]);
    for (size_t i = 0; i < timeline->link_count; i++)
        json_link(&timeline->links[i]);
    json_line(timeline, baud);
}

bool trace_stats(const struct timeline *timeline, unsigned baud, bool json)
{
    struct groups groups = {0};
    bool good = collect(&groups, timeline);

    if (good)
        (json ? print_json : print_text)(timeline, &groups, baud ? baud : timeline->head.baud);
    for (size_t i = 0; i < groups.count; i++)
        free(groups.at[i].took_ms);
    free(groups.at);
    return good;
}
