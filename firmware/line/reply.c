#include "reply.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#define PRINT_MAX 255 /* characters of a print call (device_dialect, section 1) */
#define RUN_MAX   6   /* of bytes of one task before the other has its turn */

void fw_reply_init(struct fw_reply *reply, const struct fw_habits *habits)
{
    reply->habits = habits;
    reply->head = reply->used = 0;
    reply->passed = reply->payload = reply->payload_end = 0;
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

/* A part of a message: what the print call has no room for is not printed. */
static void put(struct fw_reply *reply, const void *bytes, size_t len)
{
    len = len < reply->left ? len : reply->left;
    fw_reply_bytes(reply, bytes, len);
    reply->left -= len;
}

/* The usage text of a command is printed character by character. */
static size_t longest(const struct fw_reply *reply, enum fw_message message)
{
    bool limited = fw_has_quirk(reply->habits, FW_QUIRK_PRINT_LIMIT) && message != FW_MSG_USAGE;

    return limited ? PRINT_MAX : SIZE_MAX;
}

static void write_text(struct fw_reply *reply, const char *text)
{
    put(reply, text, strlen(text));
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
    put(reply, digits + at, sizeof digits - at);
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

    reply->left = longest(reply, message);
    va_start(fields, message);
    while (*at != '\0') {
        size_t literal = strcspn(at, "%");

        put(reply, at, literal);
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

void fw_reply_payload_begins(struct fw_reply *reply)
{
    reply->payload = reply->passed + reply->used;
}

void fw_reply_payload_ends(struct fw_reply *reply)
{
    reply->payload_end = reply->passed + reply->used;
}

/* Puts bytes in front of the output's byte number at. */
static void insert(struct fw_reply *reply, size_t at, const char *bytes, size_t len)
{
    assert(at <= reply->used && len <= fw_reply_room(reply));
    for (size_t i = reply->used; i > at; i--) {
        reply->out[(reply->head + i - 1 + len) % sizeof reply->out] =
            reply->out[(reply->head + i - 1) % sizeof reply->out];
    }
    for (size_t i = 0; i < len; i++) {
        reply->out[(reply->head + at + i) % sizeof reply->out] = (unsigned char)bytes[i];
    }
    reply->used += len;
}

/* How many bytes come before the other task has its turn: 1..RUN_MAX (xorshift32). */
static size_t draw_run(uint32_t *noise)
{
    *noise ^= *noise << 13;
    *noise ^= *noise >> 17;
    *noise ^= *noise << 5;
    return 1 + *noise % RUN_MAX;
}

/* Mixes a line with the payload that has not left yet, run by run: how much of it is in. */
static size_t mix(struct fw_reply *reply, const char *line, size_t len, uint32_t *noise)
{
    size_t at = reply->payload > reply->passed ? reply->payload - reply->passed : 0;
    size_t done = 0;

    while (done < len && reply->payload_end > reply->passed + at) {
        size_t run = draw_run(noise);

        run = run < len - done ? run : len - done;
        insert(reply, at, line + done, run);
        done += run;
        at += run + draw_run(noise);
        reply->payload_end += run;
    }
    return done;
}

void fw_reply_echo(struct fw_reply *reply, const char *line, size_t len, uint32_t *noise)
{
    size_t mixed = noise != NULL ? mix(reply, line, len, noise) : 0;

    fw_reply_bytes(reply, line + mixed, len - mixed);
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
    reply->passed += len;
}
