#include "transcript.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const transcript_dialects[TRANSCRIPT_DIALECTS] = {"manual", "w800"};

#define LINE_MAX_BYTES 1024

struct reader {
    struct transcript *transcript;
    int line;
    unsigned cases;     /* begun so far */
    bool blank;         /* an empty line waits for what follows it */
    bool usage;         /* the answer to a =? is being read, */
    size_t usage_lines; /* and has so many lines */
};

static void fail(struct reader *reader, const char *why)
{
    if (reader->transcript->error == NULL) {
        reader->transcript->error = why;
        reader->transcript->error_line = reader->line;
    }
}

static int hex(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* Bytes of a > or < line, with CR LF unless it ends with a backslash. Returns their number. */
static size_t unescape(const char *text, char *out)
{
    size_t len = 0;

    for (; *text; text++) {
        if (*text != '\\') {
            out[len++] = *text;
            continue;
        }
        switch (*++text) {
        case '\0':
            return len;
        case 'r':
            out[len++] = '\r';
            break;
        case 'n':
            out[len++] = '\n';
            break;
        case '0':
            out[len++] = '\0';
            break;
        case 'x':
            out[len++] = (char)(hex(text[1]) << 4 | hex(text[2]));
            text += 2;
            break;
        default:
            out[len++] = *text;
        }
    }
    out[len++] = '\r';
    out[len++] = '\n';
    return len;
}

static struct transcript_item *last_item(struct transcript *transcript)
{
    return transcript->count ? &transcript->items[transcript->count - 1] : NULL;
}

static struct transcript_item *new_item(struct reader *reader, enum transcript_kind kind)
{
    struct transcript *transcript = reader->transcript;
    struct transcript_item *last = last_item(transcript);

    if (last && kind == TRANSCRIPT_MODULE && last->kind == kind)
        return last;
    if (transcript->count == TRANSCRIPT_ITEMS) {
        fail(reader, "too many lines; make several cases of it");
        return last;
    }
    last = &transcript->items[transcript->count++];
    *last = (struct transcript_item){.kind = kind, .line = reader->line};
    return last;
}

static void add(struct reader *reader, enum transcript_kind kind, const char *bytes, size_t len)
{
    struct transcript_item *item = new_item(reader, kind);
    char *grown = realloc(item->bytes, item->len + len + 1);

    if (grown == NULL) {
        fail(reader, "no memory");
        return;
    }
    item->bytes = grown;
    memcpy(item->bytes + item->len, bytes, len);
    item->len += len;
    item->bytes[item->len] = '\0';
    if (kind == TRANSCRIPT_HOST)
        reader->transcript->host_bytes += len;
    else if (kind == TRANSCRIPT_MODULE)
        reader->transcript->module_bytes += len;
}

static bool echoes(const struct reader *reader)
{
    return reader->transcript->reading.habits == TRANSCRIPT_W800;
}

static bool behind_prompt(struct transcript *transcript)
{
    const struct transcript_item *last = last_item(transcript);

    return last && last->kind == TRANSCRIPT_MODULE && last->len >= 3 &&
           memcmp(last->bytes + last->len - 3, ">\r\n", 3) == 0 &&
           (last->len == 3 || last->bytes[last->len - 4] == '\n');
}

static void add_host(struct reader *reader, const char *text)
{
    char bytes[LINE_MAX_BYTES];
    size_t len = unescape(text, bytes);
    size_t written = strlen(text);
    bool command = strncmp(text, "AT", 2) == 0 && (written == 0 || text[written - 1] != '\\') &&
                   !behind_prompt(reader->transcript);

    add(reader, TRANSCRIPT_HOST, bytes, len);
    reader->usage = false;
    reader->usage_lines = 0;
    if (!command || !echoes(reader))
        return;
    add(reader, TRANSCRIPT_MODULE, bytes, len);
    add(reader, TRANSCRIPT_MODULE, "\r\n", 2);
    reader->usage = written > 2 && strcmp(text + written - 2, "=?") == 0;
}

/* An empty line in front of a result is no line of a module that prints none there. */
static void add_module(struct reader *reader, const char *text, bool prefixed)
{
    char bytes[LINE_MAX_BYTES];
    bool result = strcmp(text, "OK") == 0 || strcmp(text, "ERROR") == 0;

    if (reader->blank && (!result || !echoes(reader)))
        add(reader, TRANSCRIPT_MODULE, "\r\n", 2);
    reader->blank = text[0] == '\0' && !prefixed;
    if (text[0] == '\0' && prefixed)
        reader->usage = false; /* it says itself where empty lines stand */
    if (reader->blank)
        return;
    if (reader->usage && result && reader->usage_lines > 0)
        add(reader, TRANSCRIPT_MODULE, "\r\n", 2);
    reader->usage_lines++;
    add(reader, TRANSCRIPT_MODULE, bytes, unescape(text, bytes));
}

static void end_blank(struct reader *reader)
{
    if (reader->blank)
        add(reader, TRANSCRIPT_MODULE, "\r\n", 2);
    reader->blank = false;
}

static void add_line(struct reader *reader, const char *text, bool prefixed)
{
    const char *rest = text[1] == ' ' ? text + 2 : text + 1;

    if (text[0] != '<')
        end_blank(reader);
    switch (text[0]) {
    case '>':
        add_host(reader, rest);
        break;
    case '<':
        add_module(reader, rest, prefixed);
        break;
    case '!':
        add(reader, TRANSCRIPT_NETWORK, rest, strlen(rest));
        break;
    case '=':
        add(reader, TRANSCRIPT_CALL, rest, strlen(rest));
        break;
    case '@':
        new_item(reader, TRANSCRIPT_TIME)->ms = (unsigned)strtoul(rest, NULL, 10);
        break;
    default:
        fail(reader, "a line starts with one of # ; ! = > < @, a dialect and a colon, or with "
                     "case, dialect, real, virtual or row");
    }
}

static int dialect_named(const char *name, size_t len)
{
    for (int i = 0; i < TRANSCRIPT_DIALECTS; i++) {
        if (strlen(transcript_dialects[i]) == len && memcmp(transcript_dialects[i], name, len) == 0)
            return i;
    }
    return -1;
}

/* Whether text begins with word and a blank; *rest is what is behind them. */
static bool is_word(const char *text, const char *word, const char **rest)
{
    size_t len = strlen(word);

    *rest = text + len + 1;
    return strncmp(text, word, len) == 0 && text[len] == ' ';
}

static void set_dialect(struct reader *reader, const char *name)
{
    int dialect = dialect_named(name, strlen(name));

    if (dialect < 0) {
        fail(reader, "the dialects are manual and w800");
        return;
    }
    for (int i = 0; i < TRANSCRIPT_DIALECTS; i++)
        reader->transcript->holds[i] = i == dialect;
}

/* What is said about a case. False: text says nothing of that kind. */
static bool read_word(struct reader *reader, const char *text)
{
    const char *rest;

    if (is_word(text, "dialect", &rest))
        set_dialect(reader, rest);
    else if (is_word(text, "row", &rest))
        reader->transcript->row = atoi(rest);
    else if (strcmp(text, "virtual time") == 0)
        reader->transcript->virtual_time = true;
    else if (strcmp(text, "real never") == 0)
        reader->transcript->never_real = true;
    else
        return false;
    return true;
}

static void read_case_line(struct reader *reader, const char *text)
{
    const char *colon = strchr(text, ':');
    int dialect = colon ? dialect_named(text, (size_t)(colon - text)) : -1;

    if (dialect >= 0 && (enum transcript_dialect)dialect != reader->transcript->reading.dialect)
        return;
    if (dialect >= 0)
        text = colon + 1 + strspn(colon + 1, " ");
    if (!read_word(reader, text))
        add_line(reader, text, dialect >= 0);
}

static void begin_case(struct reader *reader, const char *title)
{
    struct transcript *transcript = reader->transcript;
    size_t len = strlen(transcript->name);

    reader->cases++;
    if (reader->cases == transcript->number + 1)
        snprintf(transcript->name + len, sizeof transcript->name - len, "/%s", title);
}

static void read_line(struct reader *reader, const char *text)
{
    struct transcript *transcript = reader->transcript;
    bool mine = reader->cases == 0 || reader->cases == transcript->number + 1;
    const char *title;

    if (text[0] == '#') {
        if (reader->cases <= transcript->number)
            snprintf(transcript->section, sizeof transcript->section, "%s",
                     text + 1 + strspn(text + 1, " "));
        return;
    }
    if (text[0] == '\0' || text[0] == ';')
        return;
    if (transcript->section[0] == '\0')
        fail(reader, "name the section of the specification first: # SECTION");
    if (is_word(text, "case", &title))
        begin_case(reader, title);
    else if (mine)
        read_case_line(reader, text);
}

/* "tests/transcripts/cipsend.at": cipsend. */
static void name_file(struct transcript *transcript)
{
    const char *slash = strrchr(transcript->path, '/');
    const char *stem = slash ? slash + 1 : transcript->path;

    snprintf(transcript->name, sizeof transcript->name, "%.*s", (int)strcspn(stem, "."), stem);
}

static int finish(struct reader *reader)
{
    struct transcript *transcript = reader->transcript;
    unsigned cases = reader->cases > 0 ? reader->cases : 1;

    end_blank(reader);
    if (transcript->error == NULL && transcript->number < cases && transcript->count == 0 &&
        transcript->holds[transcript->reading.dialect])
        fail(reader, "a case without lines");
    if (transcript->error != NULL)
        return -1;
    return transcript->number < cases;
}

int transcript_parse(struct transcript *transcript, const char *path, const char *text,
                     unsigned number, struct transcript_reading reading)
{
    struct reader reader = {.transcript = transcript};
    char line[LINE_MAX_BYTES];

    *transcript = (struct transcript){
        .path = path, .number = number, .reading = reading, .holds = {true, true}};
    name_file(transcript);
    while (*text != '\0' && transcript->error == NULL) {
        size_t len = strcspn(text, "\n");

        reader.line++;
        if (len >= sizeof line - 3) {
            fail(&reader, "a line is too long");
            break;
        }
        memcpy(line, text, len);
        line[len] = '\0';
        read_line(&reader, line);
        text += len + (text[len] == '\n');
    }
    return finish(&reader);
}

void transcript_free(struct transcript *transcript)
{
    for (size_t i = 0; i < transcript->count; i++)
        free(transcript->items[i].bytes);
    transcript->count = 0;
}
