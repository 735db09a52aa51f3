#include "timeline.h"

#include <stdlib.h>
#include <string.h>

#include "at_text.h"

/* The timeline that is being made. */
struct maker {
    struct timeline *timeline;
    size_t command; /* index of the one in flight, or NONE */
    bool sends;     /* it is followed by payload: its first OK is not the last word */
    bool accepted;  /* that OK has come */
    size_t sent;    /* index of the link that the payload went to, or NONE */
};

#define NONE SIZE_MAX

static void *must(void *memory)
{
    if (memory != NULL)
        return memory;
    fputs("wmat: trace: no memory left\n", stderr);
    exit(1);
}

/* Room for one more; the arrays double. */
static void *grow(void *array, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return array;
    return must(realloc(array, (count ? count * 2 : 1) * size));
}

static struct entry *add_entry(struct maker *maker, enum entry_kind kind,
                               const struct trace_item *item, const char *text)
{
    struct timeline *timeline = maker->timeline;
    struct entry *entry;

    timeline->entries = grow(timeline->entries, timeline->count, sizeof *entry);
    entry = &timeline->entries[timeline->count++];
    *entry = (struct entry){.kind = kind,
                            .start_ms = item->start_ms,
                            .end_ms = item->end_ms,
                            .tx = item->tx,
                            .link = -1,
                            .text = must(strdup(text))};
    return entry;
}

/* The link of that number that was opened last. */
static struct link_life *find_link(struct timeline *timeline, int id)
{
    for (size_t i = timeline->link_count; i > 0; i--)
        if (timeline->links[i - 1].id == id)
            return &timeline->links[i - 1];
    return NULL;
}

static struct link_life *open_link(struct timeline *timeline, int id, uint64_t time_ms)
{
    struct link_life *life;

    timeline->links = grow(timeline->links, timeline->link_count, sizeof *life);
    life = &timeline->links[timeline->link_count++];
    *life = (struct link_life){.id = id, .start_ms = time_ms, .end_ms = time_ms, .open = true};
    return life;
}

static void close_link(struct timeline *timeline, int id, uint64_t time_ms)
{
    struct link_life *life = find_link(timeline, id);

    if (life == NULL || !life->open)
        return;
    life->open = false;
    life->end_ms = time_ms;
}

static struct entry *in_flight(struct maker *maker)
{
    return maker->command == NONE ? NULL : &maker->timeline->entries[maker->command];
}

/* Payload: on its link, for as long as the command took that moved it. What a closed link had left
 * comes behind its CLOSED. */
static void add_data(struct maker *maker, const struct trace_item *item)
{
    const struct entry *command = in_flight(maker);
    struct entry *entry;
    struct link_life *life;
    char text[TRACE_SAMPLE * 4 + 8] = "";
    FILE *sample = fmemopen(text, sizeof text, "w");
    uint64_t start_ms = item->start_ms;

    trace_print_bytes(must(sample), item->sample, item->sampled);
    fputs(item->came > item->sampled ? "..." : "", sample);
    fclose(sample);
    if (command != NULL && (item->tx || strncmp(item->line, "+CIPRECVDATA", 12) == 0))
        start_ms = command->start_ms;
    entry = add_entry(maker, ENTRY_DATA, item, text);
    entry->link = item->link < 0 ? 0 : item->link;
    entry->bytes = item->came;
    life = find_link(maker->timeline, entry->link);
    if (life == NULL)
        life = open_link(maker->timeline, entry->link, start_ms);
    if (life->bytes[item->tx] == 0)
        life->first_ms[item->tx] = start_ms;
    life->bytes[item->tx] += item->came;
    life->last_ms[item->tx] = item->end_ms;
    if (item->tx)
        maker->sent = (size_t)(life - maker->timeline->links);
}

size_t command_name_length(const char *line)
{
    size_t len = strcspn(line, "=?");

    return line[len] == '\0' ? len : line[len] == '=' && line[len + 1] == '?' ? len + 2 : len + 1;
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void add_command(struct maker *maker, const struct trace_item *item)
{
    struct entry *entry;

    if (!starts_with(item->line, "AT")) {
        add_entry(maker, ENTRY_RAW, item, item->line);
        return;
    }
    entry = add_entry(maker, ENTRY_COMMAND, item, item->line);
    maker->command = maker->timeline->count - 1;
    maker->accepted = false;
    maker->sent = NONE;
    maker->sends = starts_with(item->line, "AT+CIPSEND=") ||
                   starts_with(item->line, "AT+CIPSENDL=") ||
                   starts_with(item->line, "AT+CIPSENDEX=");
    if (starts_with(item->line, "AT+CIPRECVDATA=") || starts_with(item->line, "AT+CIPSTART=") ||
        starts_with(item->line, "AT+CIPSTARTEX=") || starts_with(item->line, "AT+CIPCLOSE="))
        entry->link = strtol(strchr(item->line, '=') + 1, NULL, 10) & 7;
}

/* A command of which the result has come. What it closed is closed. */
static void end_command(struct maker *maker, const struct trace_item *item, bool failed)
{
    struct entry *entry = in_flight(maker);

    entry->end_ms = item->end_ms;
    entry->result = must(strdup(item->line));
    entry->failed = failed;
    maker->command = NONE;
    if (failed)
        return;
    if (starts_with(entry->text, "AT+CIPCLOSE"))
        close_link(maker->timeline, entry->link < 0 ? 0 : entry->link, item->end_ms);
    if (maker->sent != NONE) /* the bytes have left when the module says so */
        maker->timeline->links[maker->sent].last_ms[1] = item->end_ms;
}

/* Is it a final result? 1: a good one, -1: an error, 0: none. */
static int final_of(const char *line)
{
    static const char *const good[] = {AT_TEXT_OK, AT_TEXT_SEND_OK};
    static const char *const bad[] = {AT_TEXT_ERROR, AT_TEXT_SEND_FAIL, AT_TEXT_SEND_CANCELLED,
                                      AT_TEXT_FORMAT_ERR, AT_TEXT_PARSE_ERR};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (strcmp(line, good[i]) == 0)
            return 1;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (strcmp(line, bad[i]) == 0)
            return -1;
    return 0;
}

/* Splits "2,CLOSED"; without a number the link is 0. NULL: it is no such line. */
static const char *link_report(const char *line, int *id)
{
    *id = 0;
    if (line[0] >= '0' && line[0] <= '4' && line[1] == ',') {
        *id = line[0] - '0';
        line += 2;
    }
    return strcmp(line, AT_TEXT_CONNECT) == 0 || strcmp(line, AT_TEXT_CLOSED) == 0 ? line : NULL;
}

static bool is_report(const char *line)
{
    static const char *const prefixes[] = {"ready",           "WIFI ",        "+IPD,",
                                           "+STA_CONNECTED:", "busy ",        "+STA_DISCONN",
                                           "+DIST_STA_IP:",   "+TIME_UPDATED"};

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (starts_with(line, prefixes[i]))
            return true;
    return false;
}

/* <len>, or <id>,<len>: the link, -1 where it is neither. */
static int ipd_link(const char *words)
{
    if (strchr(words, ',') == NULL)
        return 0;
    return words[0] >= '0' && words[0] <= '4' && words[1] == ',' ? words[0] - '0' : -1;
}

static void add_report(struct maker *maker, const struct trace_item *item)
{
    struct entry *entry = add_entry(maker, ENTRY_REPORT, item, item->line);
    const char *what = link_report(item->line, &entry->link);

    if (what != NULL && strcmp(what, AT_TEXT_CONNECT) == 0)
        open_link(maker->timeline, entry->link, item->start_ms);
    else if (what != NULL)
        close_link(maker->timeline, entry->link, item->start_ms);
    else if (starts_with(item->line, "+IPD,"))
        entry->link = ipd_link(item->line + strlen("+IPD,"));
    else
        entry->link = -1;
}

/* A line of the module's. */
static void add_answer(struct maker *maker, const struct trace_item *item)
{
    struct entry *command = in_flight(maker);
    int final = final_of(item->line);
    int id;

    if (command != NULL && maker->sends && !maker->accepted && strcmp(item->line, AT_TEXT_OK) == 0)
        maker->accepted = true;
    else if (command != NULL && final != 0)
        end_command(maker, item, final < 0);
    else if (link_report(item->line, &id) != NULL || is_report(item->line) || final != 0)
        add_report(maker, item);
    else if (command != NULL)
        command->answers += strcmp(item->line, command->text) != 0; /* its echo is none */
    else if (strcmp(item->line, ">") != 0)
        add_report(maker, item);
}

static void add_item(void *user, const struct trace_item *item)
{
    struct maker *maker = user;
    struct timeline *timeline = maker->timeline;

    if (timeline->end_ms < item->end_ms)
        timeline->end_ms = item->end_ms;
    if (item->payload > 0)
        add_data(maker, item);
    else if (item->tx)
        add_command(maker, item);
    else
        add_answer(maker, item);
}

unsigned long timeline_read(struct timeline *timeline, FILE *in)
{
    struct trace_reader reader = {.in = in};
    struct maker maker = {.timeline = timeline, .command = NONE};
    unsigned long bad;

    *timeline = (struct timeline){0};
    bad = trace_items(&reader, add_item, &maker);
    timeline->head = reader.head;
    timeline->wire_bytes[0] = reader.wire_bytes[0];
    timeline->wire_bytes[1] = reader.wire_bytes[1];
    for (size_t i = 0; i < timeline->link_count; i++)
        if (timeline->links[i].open)
            timeline->links[i].end_ms = timeline->end_ms;
    trace_reader_free(&reader);
    return bad;
}

void timeline_free(struct timeline *timeline)
{
    for (size_t i = 0; i < timeline->count; i++) {
        free(timeline->entries[i].text);
        free(timeline->entries[i].result);
    }
    free(timeline->entries);
    free(timeline->links);
}
