/* Bytes of both directions -> lines and payload. Payload is counted, also where it looks like
 * lines.
 */
#include <stdlib.h>
#include <string.h>

#include "trace_read.h"

#define LINE_MAX_BYTES 320 /* a command line has 256 */

/* One direction. */
struct side {
    bool tx;
    uint64_t start_ms, end_ms; /* of what is being collected */
    char line[LINE_MAX_BYTES]; /* what came since the last end of a line; more is dropped */
    size_t len;
    size_t payload; /* bytes of the payload under way that are still to come */
    size_t total;   /* its length, 0 when none is under way */
    int link;
    char *sample;
    size_t sampled;
    bool escaped; /* a backslash was the last byte of payload that \0 ends (CIPSENDEX) */
};

struct trace_split {
    trace_item_fn on_item;
    void *user;
    struct side tx, rx;
    size_t sample_max;
    size_t announced; /* by AT+CIPSEND, not yet granted by the module */
    bool ends_early;  /* by AT+CIPSENDEX: \0 ends it */
    int send_link;    /* -1: none was named */
    int read_link;    /* of the last AT+CIPRECVDATA */
    bool with_peer;   /* AT+CIPDINFO=1 */
};

/* Tells what a side has collected and begins anew. */
static void flush(struct trace_split *split, struct side *side)
{
    if (side->len > 0 || side->total > 0) {
        side->line[side->len] = '\0';
        split->on_item(split->user, &(struct trace_item){.tx = side->tx,
                                                         .start_ms = side->start_ms,
                                                         .end_ms = side->end_ms,
                                                         .line = side->line,
                                                         .len = side->len,
                                                         .payload = side->total,
                                                         .came = side->total - side->payload,
                                                         .link = side->link,
                                                         .sample = side->sample,
                                                         .sampled = side->sampled});
    }
    side->len = side->total = side->payload = side->sampled = 0;
    side->link = -1;
    side->escaped = false;
}

static void begin_payload(struct side *side, size_t len, int link)
{
    side->total = side->payload = len;
    side->link = link;
}

/* AT+CIPSENDEX ends at \0, too; the two characters are no payload. */
static void end_early(struct trace_split *split, struct side *side, char byte)
{
    if (side->escaped && byte == '0') {
        size_t came = side->total - side->payload;

        side->total = came > 2 ? came - 2 : 0;
        side->payload = 0;
        side->sampled = side->sampled > side->total ? side->total : side->sampled;
        flush(split, side);
    }
    side->escaped = byte == '\\' && !side->escaped;
}

static void take_payload(struct trace_split *split, struct side *side, char byte)
{
    if (side->sampled < split->sample_max)
        side->sample[side->sampled++] = byte;
    side->payload--;
    if (side->tx && split->ends_early)
        end_early(split, side, byte);
    if (side->total > 0 && side->payload == 0)
        flush(split, side);
}

/* Returns what follows prefix in the line, or NULL. */
static const char *behind(struct side *side, const char *prefix)
{
    side->line[side->len] = '\0';
    return strncmp(side->line, prefix, strlen(prefix)) == 0 ? side->line + strlen(prefix) : NULL;
}

/* Splits "a,b,..." into its fields. Returns how many there are, at most 5. */
static size_t fields_of(const char *text, const char *fields[5])
{
    size_t count = 0;

    while (text != NULL && count < 5) {
        fields[count++] = text;
        text = strchr(text, ',');
        text = text != NULL ? text + 1 : NULL;
    }
    return count;
}

/* Is it ADDRESS,PORT up to the colon that ends a header? */
static bool is_peer(const char *address, const char *port)
{
    return strcspn(address, ".:") < strcspn(address, ",") &&
           strspn(port, "0123456789") == strlen(port) - 1 && port[1] != '\0';
}

/* +IPD,[id,]length[,ip,port]: */
static void look_at_ipd(struct side *side, const char *text)
{
    const char *fields[5];
    size_t count = fields_of(text, fields);
    bool named;

    if (count > 4 || (count > 2 && !is_peer(fields[count - 2], fields[count - 1])))
        return; /* a colon within an IPv6 address */
    named = count % 2 == 0;
    begin_payload(side, strtoul(fields[named ? 1 : 0], NULL, 10),
                  named ? (int)strtoul(text, NULL, 10) : -1);
}

/* Does the line up to here announce payload? Forms: +IPD..., see above, and
 * +CIPRECVDATA:length,[ip,port,] */
static void look_at_header(struct trace_split *split, struct side *side)
{
    char last = side->line[side->len - 1];
    const char *text;
    const char *fields[5];

    if (last == ':' && (text = behind(side, "+IPD,")) != NULL)
        look_at_ipd(side, text);
    else if (last == ',' && (text = behind(side, "+CIPRECVDATA:")) != NULL &&
             fields_of(text, fields) == (split->with_peer ? 4 : 2))
        begin_payload(side, strtoul(text, NULL, 10), split->read_link);
}

/* The id that the parameters of a command begin with, when there are more than least. */
static int link_of(const char *text, size_t least)
{
    const char *fields[5];

    return fields_of(text, fields) > least ? (int)strtoul(text, NULL, 10) : -1;
}

static void note_send(struct trace_split *split, const char *text)
{
    const char *fields[5];
    size_t count = fields_of(text, fields);
    bool named = count == 2 || count == 4; /* id,length or id,length,host,port */

    split->announced = strtoul(fields[named ? 1 : 0], NULL, 10);
    split->send_link = named ? (int)strtoul(text, NULL, 10) : -1;
}

/* A whole line of the host's. */
static void note_command(struct trace_split *split)
{
    struct side *side = &split->tx;
    const char *text;

    split->announced = 0;
    split->ends_early = behind(side, "AT+CIPSENDEX=") != NULL;
    if ((text = behind(side, "AT+CIPSEND=")) != NULL ||
        (text = behind(side, "AT+CIPSENDL=")) != NULL ||
        (text = behind(side, "AT+CIPSENDEX=")) != NULL)
        note_send(split, text);
    else if ((text = behind(side, "AT+CIPRECVDATA=")) != NULL)
        split->read_link = link_of(text, 1);
    else if ((text = behind(side, "AT+CIPDINFO=")) != NULL)
        split->with_peer = *text == '1';
}

/* A whole line of the module's: OK lets the payload go, anything final stops it. */
static void note_answer(struct trace_split *split)
{
    struct side *side = &split->rx;

    if (split->announced > 0 && behind(side, "OK") != NULL) {
        flush(split, &split->tx);
        begin_payload(&split->tx, split->announced, split->send_link);
        split->announced = 0;
    } else if (behind(side, "ERROR") != NULL || behind(side, "CMD ") != NULL) {
        split->announced = 0;
    }
}

static void end_line(struct trace_split *split, struct side *side)
{
    if (side->tx)
        note_command(split);
    flush(split, side);
}

static void take_byte(struct trace_split *split, struct side *side, uint64_t time_ms, char byte)
{
    if (side->len == 0 && side->sampled == 0)
        side->start_ms = time_ms;
    side->end_ms = time_ms;
    if (side->payload > 0) {
        take_payload(split, side, byte);
    } else if (byte == '\n') {
        if (!side->tx)
            note_answer(split);
        end_line(split, side);
    } else if (byte != '\r' && side->len < LINE_MAX_BYTES - 1) {
        side->line[side->len++] = byte;
        if (!side->tx)
            look_at_header(split, side);
    }
}

struct trace_split *trace_split_open(size_t sample, trace_item_fn on_item, void *user)
{
    struct trace_split *split = calloc(1, sizeof *split + 2 * sample);

    if (split == NULL)
        return NULL;
    *split = (struct trace_split){.on_item = on_item,
                                  .user = user,
                                  .tx = {.tx = true, .link = -1},
                                  .rx = {.link = -1},
                                  .sample_max = sample,
                                  .send_link = -1,
                                  .read_link = -1};
    split->tx.sample = (char *)(split + 1);
    split->rx.sample = split->tx.sample + sample;
    return split;
}

void trace_split_feed(struct trace_split *split, bool tx, uint64_t time_ms, const char *bytes,
                      size_t len)
{
    for (size_t i = 0; i < len; i++)
        take_byte(split, tx ? &split->tx : &split->rx, time_ms, bytes[i]);
}

size_t trace_split_due(const struct trace_split *split)
{
    return split->tx.payload;
}

void trace_split_close(struct trace_split *split)
{
    if (split == NULL)
        return;
    flush(split, &split->tx);
    flush(split, &split->rx);
    free(split);
}

unsigned long trace_items(struct trace_reader *reader, trace_item_fn on_item, void *user)
{
    struct trace_split *split = trace_split_open(TRACE_SAMPLE, on_item, user);
    int more = 0;

    while (split != NULL && (more = trace_next(reader)) > 0)
        trace_split_feed(split, reader->tx, reader->time_ms, reader->bytes, reader->len);
    trace_split_close(split);
    return more < 0 ? reader->line : 0;
}
