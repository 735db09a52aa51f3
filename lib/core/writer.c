#include "writer.h"

#include <string.h>

#include <wmat/err.h>

static void put_char(struct writer *writer, char c)
{
    if (writer->len < writer->size)
        writer->text[writer->len++] = c;
    else
        writer->err = WM_ERR_ARG;
}

static void put(struct writer *writer, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        put_char(writer, text[i]);
}

struct writer writer_start(char *text, size_t size, const char *name, char ending)
{
    struct writer writer = {.text = text, .size = size};
    put(&writer, "AT+", name[0] ? 3 : 2);
    put(&writer, name, strlen(name));
    if (ending)
        put_char(&writer, ending);
    return writer;
}

struct writer writer_execute(char *text, size_t size, enum at_command command)
{
    return writer_start(text, size, at_command_name(command), 0);
}

struct writer writer_query(char *text, size_t size, enum at_command command)
{
    return writer_start(text, size, at_command_name(command), '?');
}

struct writer writer_set(char *text, size_t size, enum at_command command)
{
    return writer_start(text, size, at_command_name(command), '=');
}

static void separate(struct writer *writer)
{
    if (writer->begun)
        put_char(writer, ',');
    writer->begun = true;
}

void writer_int(struct writer *writer, int32_t value)
{
    char digits[12];
    size_t at = sizeof digits;
    uint32_t left = value < 0 ? 0 - (uint32_t)value : (uint32_t)value;
    do {
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (value < 0)
        digits[--at] = '-';
    separate(writer);
    put(writer, digits + at, sizeof digits - at);
}

void writer_string(struct writer *writer, const char *string)
{
    separate(writer);
    put_char(writer, '"');
    for (; *string && writer->err == 0; string++) {
        unsigned char c = (unsigned char)*string;
        if (c < ' ' || c == 0x7f)
            writer->err = WM_ERR_ARG;
        if (c == '"' || c == '\\' || c == ',')
            put_char(writer, '\\');
        put_char(writer, *string);
    }
    put_char(writer, '"');
}

void writer_omit(struct writer *writer)
{
    separate(writer);
}

void writer_raw(struct writer *writer, const char *text, size_t len)
{
    put(writer, text, len);
}

int writer_end(struct writer *writer)
{
    put(writer, "\r\n", 2);
    return writer->err < 0 ? writer->err : (int)writer->len;
}
