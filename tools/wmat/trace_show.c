/* A trace for people: each line of the exchange with its time, payload as its length and first
 * bytes. */
#include "trace.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES 320 /* a command line has 256 */
#define SAMPLE_BYTES   24  /* shown of a payload */

/* One direction. */
struct side {
    char mark;
    uint64_t start_ms;         /* of what is being collected */
    char line[LINE_MAX_BYTES]; /* what came since the last end of a line; more is dropped */
    size_t len;
    size_t payload; /* bytes of the payload under way that are still to come */
    size_t total;   /* its length, 0 when none is under way */
    char sample[SAMPLE_BYTES];
    size_t sampled;
};

struct view {
    FILE *out;
    struct side tx, rx;
    size_t announced; /* by AT+CIPSEND, not yet granted by the module */
};

/* Prints bytes with what a terminal might take for orders made harmless. */
static void print_bytes(FILE *out, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (isprint((unsigned char)bytes[i]))
            fputc(bytes[i], out);
        else
            fprintf(out, "\\x%02x", (unsigned char)bytes[i]);
    }
}

/* Prints what a side has collected and begins anew. */
static void flush(struct view *view, struct side *side)
{
    size_t came = side->total - side->payload;

    if (side->len == 0 && side->total == 0)
        return;
    fprintf(view->out, "%9.3f %c ", (double)side->start_ms / 1000, side->mark);
    print_bytes(view->out, side->line, side->len);
    if (side->total > 0) {
        fprintf(view->out, "[%zu bytes: ", side->total);
        print_bytes(view->out, side->sample, side->sampled);
        fprintf(view->out, "%s]%s", came > side->sampled ? "..." : "",
                side->payload > 0 ? " (the trace ends here)" : "");
    }
    fputc('\n', view->out);
    side->len = side->total = side->payload = side->sampled = 0;
}

static void begin_payload(struct side *side, size_t len)
{
    side->total = side->payload = len;
}

static void take_payload(struct view *view, struct side *side, char byte)
{
    if (side->sampled < SAMPLE_BYTES)
        side->sample[side->sampled++] = byte;
    if (--side->payload == 0)
        flush(view, side);
}

static bool starts_with(const struct side *side, const char *text)
{
    return side->len >= strlen(text) && memcmp(side->line, text, strlen(text)) == 0;
}

/* Splits "a,b,..." into its numbers; what is none counts as 0. Returns how many there are. */
static size_t split(const char *text, size_t len, size_t numbers[4])
{
    size_t count = 0;
    size_t start = 0;

    for (size_t i = 0; i <= len && count < 4; i++) {
        if (i < len && text[i] != ',')
            continue;
        numbers[count++] = strtoul(text + start, NULL, 10);
        start = i + 1;
    }
    return count;
}

/* Does the line up to here announce payload? Then its length, else 0. Forms:
 * +IPD,[id,]length[,ip,port]: and +CIPRECVDATA:length, */
static size_t announced_by_frame(struct side *side)
{
    size_t numbers[4];
    size_t count;
    char last = side->line[side->len - 1];

    side->line[side->len] = '\0';
    if (last == ',' && starts_with(side, "+CIPRECVDATA:"))
        return strtoul(side->line + strlen("+CIPRECVDATA:"), NULL, 10);
    if (last != ':' || !starts_with(side, "+IPD,"))
        return 0;
    count = split(side->line + strlen("+IPD,"), side->len - strlen("+IPD,") - 1, numbers);
    return numbers[count % 2 == 0];
}

/* A whole line of the host's: AT+CIPSEND announces payload as its last parameter. */
static void note_command(struct view *view)
{
    size_t numbers[4];
    size_t count;
    struct side *side = &view->tx;

    view->announced = 0;
    side->line[side->len] = '\0';
    if (!starts_with(side, "AT+CIPSEND="))
        return;
    count = split(side->line + strlen("AT+CIPSEND="), side->len - strlen("AT+CIPSEND="), numbers);
    view->announced = numbers[count > 1 ? 1 : 0];
}

/* A whole line of the module's: OK lets the payload go, anything final stops it. */
static void note_answer(struct view *view)
{
    if (view->announced == 0)
        return;
    if (starts_with(&view->rx, "OK")) {
        begin_payload(&view->tx, view->announced);
        view->announced = 0;
    } else if (starts_with(&view->rx, "ERROR") || starts_with(&view->rx, "CMD ")) {
        view->announced = 0;
    }
}

static void end_line(struct view *view, struct side *side)
{
    if (side == &view->tx)
        note_command(view);
    else
        note_answer(view);
    flush(view, side);
}

static void take_byte(struct view *view, struct side *side, uint64_t time_ms, char byte)
{
    if (side->len == 0 && side->sampled == 0)
        side->start_ms = time_ms;
    if (side->payload > 0) {
        take_payload(view, side, byte);
    } else if (byte == '\n') {
        end_line(view, side);
    } else if (byte != '\r' && side->len < LINE_MAX_BYTES - 1) {
        side->line[side->len++] = byte;
        begin_payload(side, side == &view->rx ? announced_by_frame(side) : 0);
    }
}

/* Decodes one character of a JSON string of a trace and steps over it. False at its end. */
static bool next_byte(const char **text, char *byte)
{
    static const char names[] = "n\nr\rt\tb\bf\f";
    const char *name;
    unsigned code;

    if (**text == '"' || **text == '\0')
        return false;
    if (**text != '\\') {
        *byte = *(*text)++;
        return true;
    }
    if (sscanf(*text, "\\u%4x", &code) == 1) {
        *byte = (char)code;
        *text += strlen("\\u0000");
        return true;
    }
    name = strchr(names, (*text)[1]);
    *byte = name != NULL && (*text)[1] != '\0' ? name[1] : (*text)[1];
    *text += (*text)[1] != '\0' ? 2 : 1;
    return true;
}

static bool show_piece(struct view *view, const char *text)
{
    struct side *side;
    uint64_t time_ms;
    char direction;
    int head = 0;
    char byte;

    if (sscanf(text, "{\"t\":%" SCNu64 ",\"dir\":\"%cx\",\"text\":\"%n", &time_ms, &direction,
               &head) != 2 ||
        head == 0 || strchr("tr", direction) == NULL)
        return false;
    side = direction == 't' ? &view->tx : &view->rx;
    text += head;
    while (next_byte(&text, &byte))
        take_byte(view, side, time_ms, byte);
    return *text == '"';
}

unsigned long trace_show(FILE *in, FILE *out)
{
    struct view view = {.out = out, .tx = {.mark = '>'}, .rx = {.mark = '<'}};
    unsigned long number = 0;
    bool good = true;
    char *text = NULL;
    size_t size = 0;

    while (good && getline(&text, &size, in) > 0) {
        number++;
        good = show_piece(&view, text);
    }
    free(text);
    flush(&view, &view.tx);
    flush(&view, &view.rx);
    return good ? 0 : number;
}
