#include "fields.h"

#include <string.h>

#include "arg.h"

static bool number_sound(const struct field *field, int64_t value)
{
    if (field->kind == FIELD_OPTION && (value == 0 || value == -1))
        return value == 0 || field->min == 0;
    return value >= field->min && value <= field->max;
}

/* An array that has no end is none of them: nothing behind it is looked at. */
static bool text_sound(const struct field *field, const char *text)
{
    if (!arg_text(text, 0, (size_t)field->max))
        return false;
    if (field->optional && text[0] == '\0')
        return true;
    switch ((enum field_kind)field->kind) {
    case FIELD_IP4:
        return arg_ip4(text);
    case FIELD_IP:
        return arg_ip(text);
    case FIELD_MAC:
        return arg_mac(text);
    default:
        return arg_text(text, (size_t)field->min, (size_t)field->max);
    }
}

static bool is_number(const struct field *field)
{
    return field->kind == FIELD_NUMBER || field->kind == FIELD_OPTION;
}

static bool is_bool(const struct field *field)
{
    return field->kind == FIELD_FLAG || field->kind == FIELD_TRUTH;
}

/* The text that a member holds or points at; NULL: none. */
static const char *text_of(const struct field *field, const void *from)
{
    const char *at = (const char *)from + field->offset;
    if (field->kind != FIELD_STRING)
        return at;
    const char *string;
    memcpy(&string, at, sizeof string);
    return string;
}

static int number_of(const struct field *field, const void *from)
{
    const char *at = (const char *)from + field->offset;
    int value;
    if (is_bool(field))
        return *(const bool *)at;
    memcpy(&value, at, sizeof value);
    return value;
}

static bool sound(const struct field *field, const void *from)
{
    if (is_bool(field))
        return true;
    if (is_number(field))
        return number_sound(field, number_of(field, from));
    const char *text = text_of(field, from);
    return !text || text_sound(field, text);
}

bool fields_sound(const struct field *fields, size_t count, const void *from)
{
    for (size_t i = 0; i < count; i++) {
        if (!sound(&fields[i], from))
            return false;
    }
    return true;
}

static bool left_out(const struct field *field, const void *from)
{
    if (field->kind == FIELD_OPTION)
        return number_of(field, from) == 0;
    if (is_number(field) || is_bool(field))
        return false;
    const char *text = text_of(field, from);
    return !text || (field->optional && text[0] == '\0');
}

static void write_field(struct writer *writer, const struct field *field, const void *from)
{
    if (!is_number(field) && !is_bool(field)) {
        writer_string(writer, text_of(field, from));
        return;
    }
    int value = number_of(field, from);
    writer_int(writer, field->kind == FIELD_OPTION && value < 0 ? 0 : value);
}

void fields_write(struct writer *writer, const struct field *fields, size_t count, const void *from)
{
    size_t omitted = 0;
    for (size_t i = 0; i < count; i++) {
        if (left_out(&fields[i], from)) {
            omitted++;
            continue;
        }
        for (; omitted > 0; omitted--)
            writer_omit(writer);
        write_field(writer, &fields[i], from);
    }
}

/* Reads digits with a minus where min allows one. */
static bool parse_number(struct slice text, int32_t min, int32_t max, int *value)
{
    bool minus = text.len > 0 && text.text[0] == '-';
    struct scan digits = scan_fields(text, minus);
    uint32_t number;
    if (!scan_uint(&digits, INT32_MAX, &number) || !scan_ended(&digits))
        return false;
    *value = minus ? -(int)number : (int)number;
    return *value >= min && *value <= max;
}

bool scan_number(struct scan *scan, int32_t min, int32_t max, int *value)
{
    struct slice text;
    return scan_text(scan, &text) && parse_number(text, min, max, value);
}

static void set_missing(const struct field *field, char *at)
{
    int missing = field->missing;
    if (is_number(field))
        memcpy(at, &missing, sizeof missing);
    else
        *at = 0; /* "", or false */
}

static bool read_bool(const struct field *field, struct slice text, char *at)
{
    bool truth = field->kind == FIELD_TRUTH;
    bool yes = truth ? SLICE_IS(text, "true") : SLICE_IS(text, "1");
    bool no = truth ? SLICE_IS(text, "false") : SLICE_IS(text, "0");
    if (yes || no)
        *(bool *)at = yes;
    return yes || no;
}

static bool read_number(const struct field *field, struct slice text, char *at)
{
    int value;
    if (!parse_number(text, field->min, field->max, &value))
        return false;
    memcpy(at, &value, sizeof value);
    return true;
}

/* How many fields are left. */
static size_t fields_left(const struct scan *scan)
{
    size_t count = !scan->ended;
    for (const char *at = scan->at; at < scan->end; at++)
        count += *at == ',';
    return count;
}

/* A name may hold a quote and a comma, and modules don't escape what they print: it ends where no
 * more fields are left than belong behind it. */
static bool take_text(struct scan *scan, struct slice *text, size_t behind)
{
    bool quoted = !scan_ended(scan) && scan->at < scan->end && *scan->at == '"';
    if (!scan_text(scan, text))
        return false;
    struct scan tail = *scan;
    struct slice more;
    while (quoted && fields_left(&tail) > behind) {
        tail.at = text->text + text->len; /* from its closing quote to the next one */
        tail.ended = false;
        if (!scan_text(&tail, &more))
            return true;
        text->len = (size_t)(more.text + more.len - text->text);
        *scan = tail;
    }
    return true;
}

static bool read_field(struct scan *scan, const struct field *field, void *to, size_t behind)
{
    char *at = (char *)to + field->offset;
    struct slice text;
    bool there = take_text(scan, &text, behind);
    if (field->optional && (!there || text.len == 0)) {
        set_missing(field, at);
        return there || scan_ended(scan);
    }
    if (!there)
        return false;
    if (is_number(field))
        return read_number(field, text, at);
    if (is_bool(field))
        return read_bool(field, text, at);
    if (text.len > (size_t)field->max)
        return false;
    scan_copy(at, (size_t)field->max + 1, text);
    return field->kind == FIELD_TEXT || text_sound(field, at);
}

static bool read_all(struct scan *scan, const struct field *fields, size_t count, void *to,
                     bool counted)
{
    for (size_t i = 0; i < count; i++) {
        if (!read_field(scan, &fields[i], to, counted ? count - i - 1 : SIZE_MAX))
            return false;
    }
    return true;
}

/* Is there one text whose end can be found by counting? Of two, either may hold the commas. */
static bool one_text(const struct field *fields, size_t count)
{
    size_t texts = 0;
    for (size_t i = 0; i < count; i++)
        texts += fields[i].kind == FIELD_TEXT || fields[i].kind == FIELD_STRING;
    return texts == 1;
}

/* Otherwise, or where that fits no better, a text ends at the first quote in front of a comma. */
bool fields_read(struct scan *scan, const struct field *fields, size_t count, void *to)
{
    struct scan start = *scan;
    if (one_text(fields, count) && read_all(scan, fields, count, to, true))
        return true;
    *scan = start;
    return read_all(scan, fields, count, to, false);
}

bool answer_of(struct slice line, enum at_command command, struct scan *scan)
{
    return scan_answer(line, at_command_name(command), scan);
}
