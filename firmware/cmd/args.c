#include "args.h"

#include <string.h>

#include "addr.h"
#include "hex.h"
#include "station.h"

/* One parameter as it stood on the line, unescaped. */
struct token {
    char *text; /* ends with a NUL once the whole line was split */
    size_t len;
    bool quoted;
};

struct tokens {
    struct token token[AT_PARAMS_MAX];
    size_t count;
};

/* Unescapes in place up to an unescaped end byte, and returns where that is: len when there is
 * none, above len when a backslash has nothing behind it. */
static size_t unescape_until(char end, char *text, size_t len, struct token *token)
{
    size_t at = 0;

    token->text = text;
    token->len = 0;
    while (at < len && text[at] != end) {
        if (text[at] == '\\' && ++at == len) {
            return len + 1;
        }
        text[token->len++] = text[at++];
    }
    return at;
}

/* Reads one parameter; how many bytes it took, or -1. Text goes on to its closing quote, a comma in
 * it does not split. */
static int read_token(char *text, size_t len, struct token *token)
{
    size_t end;

    token->quoted = len > 0 && text[0] == '"';
    if (!token->quoted) {
        end = unescape_until(',', text, len, token);
        return end > len ? -1 : (int)end;
    }
    end = 1 + unescape_until('"', text + 1, len - 1, token);
    return end >= len ? -1 : (int)end + 1;
}

static bool split(char *text, size_t len, struct tokens *tokens)
{
    size_t at = 0;

    tokens->count = 0;
    for (;;) {
        struct token *token = &tokens->token[tokens->count];
        int took;

        if (tokens->count == AT_PARAMS_MAX) {
            return false;
        }
        took = read_token(text + at, len - at, token);
        if (took < 0) {
            return false;
        }
        tokens->count++;
        at += (size_t)took;
        if (at == len) {
            break;
        }
        if (text[at++] != ',') {
            return false;
        }
    }
    for (size_t i = 0; i < tokens->count; i++) {
        tokens->token[i].text[tokens->token[i].len] = '\0';
    }
    return true;
}

static bool is_text(const struct token *token)
{
    for (size_t i = 0; i < token->len; i++) {
        unsigned char c = (unsigned char)token->text[i];

        if (c < 0x20 || c == 0x7f) {
            return false;
        }
    }
    return token->quoted;
}

static bool read_number(const struct token *token, int min, int max, struct fw_value *value)
{
    bool negative = token->len > 0 && token->text[0] == '-';
    size_t at = negative;
    int64_t number = 0;

    if (token->quoted || at == token->len) {
        return false;
    }
    for (; at < token->len; at++) {
        if (token->text[at] < '0' || token->text[at] > '9') {
            return false;
        }
        number = number * 10 + (token->text[at] - '0');
        if (number > INT32_MAX) {
            return false;
        }
    }
    value->number = (int)(negative ? -number : number);
    return value->number >= min && value->number <= max;
}

/* Spec, CIPSNTPCFG: hours where they are in range, else hours and minutes in one number. */
static bool read_zone(const struct token *token, struct fw_value *value)
{
    bool negative = token->len > 0 && token->text[0] == '-';
    size_t at = negative || (token->len > 0 && token->text[0] == '+');
    int hours_max = negative ? 12 : 14;
    int number = 0, digits = 0;

    for (; at < token->len && token->text[at] >= '0' && token->text[at] <= '9'; at++, digits++) {
        number = digits < 4 ? number * 10 + (token->text[at] - '0') : 9999;
    }
    if (token->quoted || digits == 0 || at < token->len) {
        return false;
    }
    if (number > hours_max && (number / 100 > hours_max || number % 100 > 59)) {
        return false;
    }
    number = number <= hours_max ? number * 60 : number / 100 * 60 + number % 100;
    value->number = negative ? -number : number;
    return true;
}

static bool read_word(const struct fw_arg *arg, struct fw_value *value,
                      const struct fw_schema **rest)
{
    for (size_t i = 0; i < arg->word_count; i++) {
        if (strcmp(value->text, arg->words[i].text) == 0) {
            value->number = arg->words[i].value;
            *rest = arg->words[i].rest;
            return true;
        }
    }
    return false;
}

/* The rules behind a number that decides about them. */
static bool find_rest(const struct fw_arg *arg, const struct fw_value *value,
                      const struct fw_schema **rest)
{
    for (size_t i = 0; i < arg->word_count; i++) {
        if (arg->words[i].value == value->number) {
            *rest = arg->words[i].rest;
        }
    }
    return true;
}

/* Decodes in place: pairs of digits become bytes from the start of the text on. */
static bool read_hex(const struct fw_arg *arg, const struct token *token, struct fw_value *value)
{
    uint8_t *bytes = (uint8_t *)token->text;
    size_t count = token->len / 2;

    if (token->len % 2 != 0 || count < (size_t)arg->min || count > (size_t)arg->max) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        int high = fw_hex_digit(token->text[2 * i]), low = fw_hex_digit(token->text[2 * i + 1]);

        if (high < 0 || low < 0) {
            return false;
        }
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    value->bytes = bytes;
    value->byte_count = count;
    return true;
}

static bool read_quoted(const struct fw_arg *arg, struct fw_value *value,
                        const struct fw_schema **rest)
{
    switch (arg->kind) {
    case FW_ARG_TEXT:
        return value->len >= (size_t)arg->min && value->len <= (size_t)arg->max;
    case FW_ARG_WORD:
        return read_word(arg, value, rest);
    case FW_ARG_IP:
        value->given = value->len > 0;
        return !value->given || fw_addr_parse(value->text, value->len, &value->addr);
    case FW_ARG_IPV4:
        return fw_addr_parse(value->text, value->len, &value->addr) &&
               value->addr.family == FW_IPV4;
    case FW_ARG_MAC:
        return fw_mac_parse(value->text, value->len, value->mac);
    case FW_ARG_PASSWORD:
        return fw_is_password(value->text, value->len);
    default:
        return false;
    }
}

static bool read_value(const struct fw_arg *arg, const struct token *token, struct fw_value *value,
                       const struct fw_schema **rest)
{
    if (token == NULL || (token->len == 0 && !token->quoted)) {
        return arg->optional;
    }
    value->given = true;
    if (arg->kind == FW_ARG_ZONE) {
        return read_zone(token, value);
    }
    if (arg->kind == FW_ARG_NUMBER || arg->kind == FW_ARG_LINK) {
        return read_number(token, arg->min, arg->max, value) && find_rest(arg, value, rest);
    }
    value->text = token->text;
    value->len = token->len;
    if (!is_text(token)) {
        return false;
    }
    return arg->kind == FW_ARG_HEX ? read_hex(arg, token, value) : read_quoted(arg, value, rest);
}

static bool takes_parameter(const struct fw_arg *arg, bool multiple)
{
    return arg->kind != FW_ARG_NOTHING && (arg->kind != FW_ARG_LINK || multiple);
}

static bool check(const struct tokens *tokens, const struct fw_schema *schema, bool multiple,
                  struct fw_args *args)
{
    size_t next = 0, position = 0;

    while (schema != NULL) {
        const struct fw_schema *rest = NULL;

        for (size_t i = 0; i < schema->count; i++) {
            const struct fw_arg *arg = &schema->args[i];
            struct fw_value *value = &args->value[position++];

            *value = (struct fw_value){.number = arg->fallback, .text = ""};
            if (takes_parameter(arg, multiple)) {
                const struct token *token = next < tokens->count ? &tokens->token[next] : NULL;

                if (!read_value(arg, token, value, &rest)) {
                    return false;
                }
                next++;
            }
        }
        schema = rest;
    }
    return next >= tokens->count;
}

bool fw_args_read(char *text, size_t len, const struct fw_schema *schema, bool multiple,
                  struct fw_args *args)
{
    struct tokens tokens;

    memset(args, 0, sizeof *args);
    return split(text, len, &tokens) && check(&tokens, schema, multiple, args);
}
