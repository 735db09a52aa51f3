#include "reply.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

void fw_reply_init(struct fw_reply *reply, const struct fw_habits *habits)
{
    reply->habits = habits;
    reply->head = 0;
    reply->used = 0;
}

size_t fw_reply_room(const struct fw_reply *reply)
{
    return sizeof reply->out - reply->used;
}

void fw_reply_bytes(struct fw_reply *reply, const void *bytes, size_t len)
{
    size_t tail = (reply->head + reply->used) % sizeof reply->out;
    size_t first = sizeof reply->out - tail < len ? sizeof reply->out - tail : len;

    assert(len <= fw_reply_room(reply));
    memcpy(reply->out + tail, bytes, first);
    memcpy(reply->out, (const unsigned char *)bytes + first, len - first);
    reply->used += len;
}

static void write_text(struct fw_reply *reply, const char *text)
{
    fw_reply_bytes(reply, text, strlen(text));
}

static void write_number(struct fw_reply *reply, int number)
{
    char digits[12];
    size_t at = sizeof digits;
    unsigned rest = number < 0 ? 0u - (unsigned)number : (unsigned)number;

    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        digits[--at] = '-';
    }
    fw_reply_bytes(reply, digits + at, sizeof digits - at);
}

static void write_link(struct fw_reply *reply, int id)
{
    if (id >= 0) {
        write_number(reply, id);
        write_text(reply, ",");
    }
}

static void write_quoted(struct fw_reply *reply, const char *text)
{
    write_text(reply, "\"");
    write_text(reply, text);
    write_text(reply, "\"");
}

void fw_reply_message(struct fw_reply *reply, enum fw_message message, ...)
{
    const char *at = fw_habits_format(reply->habits, message);
    va_list fields;

    va_start(fields, message);
    while (*at != '\0') {
        size_t literal = strcspn(at, "%");

        fw_reply_bytes(reply, at, literal);
        at += literal;
        if (*at == '\0') {
            break;
        }
        switch (at[1]) {
        case 'd':
            write_number(reply, va_arg(fields, int));
            break;
        case 'i':
            write_link(reply, va_arg(fields, int));
            break;
        case 's':
            write_text(reply, va_arg(fields, const char *));
            break;
        case 'q':
            write_quoted(reply, va_arg(fields, const char *));
            break;
        default:
            assert(!"unknown field");
        }
        at += 2;
    }
    va_end(fields);
}

void fw_reply_echo(struct fw_reply *reply, const char *line, size_t len)
{
    fw_reply_bytes(reply, line, len);
    fw_reply_bytes(reply, "\r\n", 2);
}

size_t fw_reply_peek(const struct fw_reply *reply, const void **bytes)
{
    size_t to_end = sizeof reply->out - reply->head;

    *bytes = reply->out + reply->head;
    return reply->used < to_end ? reply->used : to_end;
}

void fw_reply_consume(struct fw_reply *reply, size_t len)
{
    assert(len <= reply->used);
    reply->head = (reply->head + len) % sizeof reply->out;
    reply->used -= len;
}
