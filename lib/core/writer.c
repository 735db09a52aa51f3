#include "writer.h"

#include <string.h>

#include <wmat/err.h>

static void put(struct writer *writer, const char *text, size_t len)
{
    if (writer->err < 0 || len > writer->size - writer->len) {
        writer->err = WM_ERR_ARG;
        return;
    }
    memcpy(writer->text + writer->len, text, len);
    writer->len += len;
}

static struct writer start(char *text, size_t size, enum at_command command)
{
    struct writer writer = {.text = text, .size = size};
    const char *name = at_command_name(command);
    put(&writer, "AT+", name[0] ? 3 : 2);
    put(&writer, name, strlen(name));
    return writer;
}

struct writer writer_execute(char *text, size_t size, enum at_command command)
{
    return start(text, size, command);
}

struct writer writer_query(char *text, size_t size, enum at_command command)
{
    struct writer writer = start(text, size, command);
    put(&writer, "?", 1);
    return writer;
}

struct writer writer_set(char *text, size_t size, enum at_command command)
{
    struct writer writer = start(text, size, command);
    put(&writer, "=", 1);
    return writer;
}

static void separate(struct writer *writer)
{
    if (writer->begun)
        put(writer, ",", 1);
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
    put(writer, "\"", 1);
    for (; *string && writer->err == 0; string++) {
        unsigned char c = (unsigned char)*string;
        if (c < ' ' || c == 0x7f)
            writer->err = WM_ERR_ARG;
        if (c == '"' || c == '\\' || c == ',')
            put(writer, "\\", 1);
        put(writer, string, 1);
    }
    put(writer, "\"", 1);
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
