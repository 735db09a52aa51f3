#include "scan.h"

struct scan scan_fields(struct slice line, size_t skip)
{
    return (struct scan){line.text + skip, line.text + line.len, false};
}

bool scan_after(struct slice line, const char *prefix, struct scan *scan)
{
    size_t len = strlen(prefix);
    if (!slice_starts(line, prefix, len))
        return false;
    *scan = scan_fields(line, len);
    return true;
}

bool scan_answer(struct slice line, const char *name, struct scan *scan)
{
    size_t len = strlen(name) + (line.len > 0 && line.text[0] == '+');
    if (line.len <= len || memcmp(line.text + len - strlen(name), name, strlen(name)) != 0)
        return false;
    char separator = line.text[len++];
    if (separator == ':' && len < line.len && line.text[len] == ':')
        len++;
    *scan = scan_fields(line, len);
    return separator == ':' || separator == '=';
}

bool scan_ended(const struct scan *scan)
{
    return scan->ended;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool scan_at_digit(const struct scan *scan)
{
    return !scan->ended && scan->at < scan->end && is_digit(*scan->at);
}

/* Steps over the field that ends at at. */
static void step(struct scan *scan, const char *at)
{
    scan->ended = at == scan->end;
    scan->at = scan->ended ? at : at + 1;
}

bool scan_uint(struct scan *scan, uint32_t max, uint32_t *value)
{
    const char *at = scan->at;
    uint32_t number = 0;
    if (!scan_at_digit(scan))
        return false;
    for (; at < scan->end && is_digit(*at); at++) {
        uint32_t digit = (uint32_t)(*at - '0');
        if (number > (max - digit) / 10 || digit > max)
            return false;
        number = number * 10 + digit;
    }
    if (at < scan->end && *at != ',')
        return false;
    *value = number;
    step(scan, at);
    return true;
}

bool scan_int(struct scan *scan, int *value)
{
    struct scan tail = *scan;
    bool minus = !tail.ended && tail.at < tail.end && *tail.at == '-';
    if (minus)
        tail.at++;
    uint32_t number;
    if (!scan_uint(&tail, 999999999, &number))
        return false;
    *value = minus ? -(int)number : (int)number;
    *scan = tail;
    return true;
}

bool scan_text(struct scan *scan, struct slice *text)
{
    if (scan->ended)
        return false;
    const char *at = scan->at;
    if (at < scan->end && *at == '"') {
        for (at++; at < scan->end; at++) {
            if (*at == '"' && (at + 1 == scan->end || at[1] == ','))
                break;
        }
        if (at == scan->end)
            return false;
        *text = slice_make(scan->at + 1, (size_t)(at - scan->at - 1));
        step(scan, at + 1);
        return true;
    }
    const char *comma = memchr(at, ',', (size_t)(scan->end - at));
    const char *stop = comma ? comma : scan->end;
    *text = slice_make(at, (size_t)(stop - at));
    step(scan, stop);
    return true;
}

void scan_copy(char *to, size_t size, struct slice text)
{
    size_t len = text.len < size - 1 ? text.len : size - 1;
    for (size_t i = 0; i < len; i++)
        to[i] = (unsigned char)text.text[i] < ' ' ? '?' : text.text[i];
    to[len] = '\0';
}

bool scan_string(struct scan *scan, char *to, size_t size)
{
    struct slice text;
    if (!scan_text(scan, &text))
        return false;
    scan_copy(to, size, text);
    return true;
}
