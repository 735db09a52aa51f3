#include "trace_read.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void trace_print_bytes(FILE *out, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (isprint((unsigned char)bytes[i]))
            fputc(bytes[i], out);
        else
            fprintf(out, "\\x%02x", (unsigned char)bytes[i]);
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

static bool read_head(struct trace_reader *reader)
{
    struct trace_head *head = &reader->head;

    if (reader->line != 1)
        return false;
    reader->has_head =
        sscanf(reader->text,
               "{\"wmat\":\"%*[^\"]\",\"baud\":%u,\"rtscts\":%u,\"attach\":%u,\"receive\":%u,"
               "\"ring\":%u,\"timeout\":%u}",
               &head->baud, &head->rtscts, &head->attach, &head->receive, &head->ring_bytes,
               &head->timeout_ms) == 6;
    return reader->has_head;
}

/* The bytes take the place of the text that they are decoded from, which is never shorter. */
static bool read_piece(struct trace_reader *reader)
{
    const char *text = reader->text;
    char direction;
    int head = 0;

    if (sscanf(text, "{\"t\":%" SCNu64 ",\"dir\":\"%cx\",\"text\":\"%n", &reader->time_ms,
               &direction, &head) != 2 ||
        head == 0 || strchr("tr", direction) == NULL)
        return false;
    reader->tx = direction == 't';
    reader->bytes = reader->text;
    reader->len = 0;
    text += head;
    for (char byte; next_byte(&text, &byte);)
        reader->bytes[reader->len++] = byte;
    reader->wire_bytes[reader->tx] += reader->len;
    return *text == '"';
}

int trace_next(struct trace_reader *reader)
{
    do {
        if (getline(&reader->text, &reader->size, reader->in) <= 0)
            return 0;
        reader->line++;
    } while (read_head(reader));
    return read_piece(reader) ? 1 : -1;
}

void trace_reader_free(struct trace_reader *reader)
{
    free(reader->text);
}
