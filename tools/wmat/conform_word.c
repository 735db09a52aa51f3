#include "conform.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

void conform_word(struct conform_words *words, const char *from, const char *to)
{
    if (words->count == CONFORM_WORDS || *from == '\0' || *to == '\0' || strcmp(from, to) == 0)
        return;
    snprintf(words->list[words->count].from, CONFORM_WORD, "%s", from);
    snprintf(words->list[words->count].to, CONFORM_WORD, "%s", to);
    words->count++;
}

static bool is_part(char c)
{
    return isalnum((unsigned char)c) || c == '.' || c == ':';
}

/* The first word that stands, whole, at place at; -1: none. */
static int word_at(const struct conform_words *words, const char *bytes, size_t len, size_t at)
{
    if (at > 0 && (isalnum((unsigned char)bytes[at - 1]) || bytes[at - 1] == '.'))
        return -1;
    for (size_t i = 0; i < words->count; i++) {
        size_t n = strlen(words->list[i].from);

        if (n <= len - at && memcmp(bytes + at, words->list[i].from, n) == 0 &&
            (n == len - at || !is_part(bytes[at + n]) || bytes[at + n] == ':'))
            return (int)i;
    }
    return -1;
}

/* The number in a line of the module that no case can know: the local port of a link that chose it
 * (the fifth field of +CIPSTATE), a client's port (the fourth), free memory. Where it ends; at:
 * there is none. */
static size_t unknown_number(const char *bytes, size_t len, size_t at)
{
    size_t start = at, end = at;
    unsigned long number;

    if (at == 0 || bytes[at - 1] != ',' || !isdigit((unsigned char)bytes[at]))
        if ((at < 8 || memcmp(bytes + at - 8, "+SYSRAM:", 8) != 0) &&
            (at < 6 || memcmp(bytes + at - 6, "+PING:", 6) != 0))
            return at;
    while (start > 0 && bytes[start - 1] != '\n')
        start--;
    while (end < len && isdigit((unsigned char)bytes[end]))
        end++;
    if (len - start >= 8 && memcmp(bytes + start, "+SYSRAM:", 8) == 0)
        return end;
    if (at == start + 6 && memcmp(bytes + start, "+PING:", 6) == 0)
        return end;
    number = strtoul(bytes + at, NULL, 10);
    if (len - start >= 10 && memcmp(bytes + start, "+CIPSTATE:", 10) == 0 &&
        ((number >= 50000 && number < 50064) || (number >= 40000 && number < 40064)))
        return end;
    return at;
}

static void put(struct conform_text *text, const char *bytes, size_t len, bool any)
{
    for (size_t i = 0; i < len; i++) {
        text->bytes[text->len] = bytes[i];
        text->any[text->len] = any;
        text->len++;
    }
}

struct conform_text conform_text(const struct conform_words *words, const char *bytes, size_t len,
                                 bool wild)
{
    size_t room = (len + 1) * (words->count > 0 ? 64 : 1) + CONFORM_WORD;
    struct conform_text text = {malloc(room), calloc(room, sizeof(bool)), 0};

    for (size_t at = 0; text.bytes != NULL && text.any != NULL && at < len;) {
        int word = word_at(words, bytes, len, at);
        size_t end = wild ? unknown_number(bytes, len, at) : at;

        if (word >= 0 && text.len + CONFORM_WORD < room) {
            put(&text, words->list[word].to, strlen(words->list[word].to), false);
            at += strlen(words->list[word].from);
        } else if (end > at) {
            put(&text, "#", 1, true);
            at = end;
        } else {
            put(&text, bytes + at, 1, false);
            at++;
        }
    }
    return text;
}

void conform_text_free(struct conform_text *text)
{
    free(text->bytes);
    free(text->any);
}

enum conform_match conform_compare(const struct conform_text *text, const char *bytes, size_t len,
                                   size_t *used)
{
    size_t at = 0;

    for (size_t i = 0; i < text->len; i++) {
        *used = at;
        if (at == len)
            return CONFORM_MORE;
        if (text->any[i]) {
            if (!isdigit((unsigned char)bytes[at]))
                return CONFORM_OTHER;
            while (at < len && isdigit((unsigned char)bytes[at]))
                at++;
        } else if (text->bytes[i] != bytes[at++]) {
            return CONFORM_OTHER;
        }
    }
    *used = at;
    return CONFORM_SAME;
}

char *conform_readable(const char *bytes, size_t len)
{
    char *text = malloc(4 * len + 1);
    size_t n = 0;

    for (size_t i = 0; text != NULL && i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (c == '\r' || c == '\n' || c == '\0' || c == '\\') {
            text[n++] = '\\';
            text[n++] = c == '\r' ? 'r' : c == '\n' ? 'n' : c == '\0' ? '0' : '\\';
        } else if (c >= ' ' && c < 0x7f) {
            text[n++] = (char)c;
        } else {
            n += (size_t)snprintf(text + n, 5, "\\x%02x", c);
        }
    }
    if (text != NULL)
        text[n] = '\0';
    return text;
}
