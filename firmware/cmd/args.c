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

/* A shipping module splits first and looks for quotes then: a comma in them has to be escaped. */
static void split_in_quotes(char *text, size_t len, struct tokens *tokens)
{
    size_t at = 0;

    tokens->count = 0;
    do {
        struct token *token = &tokens->token[tokens->count++];

        *token = (struct token){.text = text + at};
        while (at < len && (text[at] != ',' || tokens->count == AT_PARAMS_MAX)) {
            at += text[at] == '\\' && at + 1 < len;
            token->text[token->len++] = text[at++];
        }
        token->quoted =
            token->len >= 2 && token->text[0] == '"' && token->text[token->len - 1] == '"';
        if (token->quoted) {
            token->text++;
            token->len -= 2;
        }
    } while (at++ < len);
    for (size_t i = 0; i < tokens->count; i++) {
        tokens->token[i].text[tokens->token[i].len] = '\0';
    }
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

/* Digits, with a minus where it is wanted: how many bytes of sign, or -1. */
static int check_digits(const struct token *token, bool loose)
{
    int sign = token->len > 0 && token->text[0] == '-';
    bool only_sign = token->len == (size_t)sign;

    if (token->quoted || token->len == 0 || (only_sign && !loose) ||
        (loose && sign != 0 && token->text[1] == '0')) {
        return -1;
    }
    for (size_t at = (size_t)sign; at < token->len; at++) {
        if (token->text[at] < '0' || token->text[at] > '9') {
            return -1;
        }
    }
    return sign;
}

/* False: it is no number. *fits: an int holds it, or it counts as the largest. */
static bool parse_number(const struct token *token, bool loose, int *out, bool *fits)
{
    int sign = check_digits(token, loose);
    int64_t number = 0;

    if (sign < 0) {
        return false;
    }
    *fits = true;
    for (size_t at = (size_t)sign; at < token->len; at++) {
        number = number * 10 + (token->text[at] - '0');
        if (number > INT32_MAX) {
            number = INT32_MAX;
            *fits = loose;
        }
    }
    *out = (int)(sign != 0 ? -number : number);
    return true;
}

static enum fw_fault fault_or(enum fw_fault fault, enum fw_fault usual)
{
    return fault != FW_FAULT_NONE ? fault : usual;
}

static enum fw_fault read_number(const struct fw_arg *arg, const struct token *token,
                                 const struct fw_reading *reading, struct fw_value *value)
{
    bool fits;

    if (!parse_number(token, reading->loose_numbers, &value->number, &fits)) {
        value->number = 0;
        return arg->lax ? FW_FAULT_NONE : fault_or(arg->wrong, reading->no_number);
    }
    if (arg->bits != 0) {
        value->number = (int)((unsigned)value->number & ((1u << arg->bits) - 1));
    }
    if (!fits || value->number < arg->min || value->number > arg->max) {
        return fault_or(arg->range, FW_FAULT_PARSE);
    }
    return FW_FAULT_NONE;
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
static void find_rest(const struct fw_arg *arg, const struct fw_value *value,
                      const struct fw_schema **rest)
{
    for (size_t i = 0; i < arg->word_count; i++) {
        if (arg->words[i].value == value->number) {
            *rest = arg->words[i].rest;
        }
    }
}

/* Decodes in place: pairs of digits become bytes from the start of the text on. */
static enum fw_fault read_hex(const struct fw_arg *arg, const struct token *token,
                              struct fw_value *value)
{
    uint8_t *bytes = (uint8_t *)token->text;
    size_t count = token->len / 2;

    if (token->len % 2 != 0 || count < (size_t)arg->min || count > (size_t)arg->max) {
        return FW_FAULT_PARSE;
    }
    for (size_t i = 0; i < count; i++) {
        int high = fw_hex_digit(token->text[2 * i]), low = fw_hex_digit(token->text[2 * i + 1]);

        if (high < 0 || low < 0) {
            return fault_or(arg->range, FW_FAULT_PARSE);
        }
        bytes[i] = (uint8_t)(high << 4 | low);
    }
    value->bytes = bytes;
    value->byte_count = count;
    return FW_FAULT_NONE;
}

/* max: the longest text of an address, where a rule has one. */
static bool read_address(const struct fw_arg *arg, struct fw_value *value)
{
    if (arg->max != 0 && value->len > (size_t)arg->max) {
        return false;
    }
    value->given = value->len > 0;
    return (!value->given && !arg->strict && arg->kind == FW_ARG_IP) ||
           (fw_addr_parse(value->text, value->len, &value->addr) &&
            (arg->kind == FW_ARG_IP || value->addr.family == FW_IPV4));
}

static bool is_key(size_t len)
{
    return len == 0 || len == 5 || (len >= AT_PASSWORD_MIN && len <= AT_PASSWORD_HEX);
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
    case FW_ARG_IPV4:
        return read_address(arg, value);
    case FW_ARG_MAC:
        return fw_mac_parse(value->text, value->len, value->mac);
    case FW_ARG_PASSWORD:
        return fw_is_password(value->text, value->len);
    case FW_ARG_KEY:
        return is_key(value->len);
    default:
        return false;
    }
}

static enum fw_fault read_text(const struct fw_arg *arg, const struct token *token,
                               struct fw_value *value, const struct fw_schema **rest)
{
    value->text = token->text;
    value->len = token->len;
    if (!is_text(token)) {
        return fault_or(arg->wrong, FW_FAULT_PARSE);
    }
    if (arg->kind == FW_ARG_HEX) {
        return read_hex(arg, token, value);
    }
    return read_quoted(arg, value, rest) ? FW_FAULT_NONE : fault_or(arg->range, FW_FAULT_PARSE);
}

static enum fw_fault read_value(const struct fw_arg *arg, const struct token *token,
                                const struct fw_reading *reading, struct fw_value *value,
                                const struct fw_schema **rest)
{
    bool empty = token == NULL || (token->len == 0 && !token->quoted);
    enum fw_fault fault;

    if (arg->optional && (token == NULL || (empty && !arg->strict))) {
        return FW_FAULT_NONE;
    }
    if (token == NULL) {
        return FW_FAULT_PARSE;
    }
    value->given = true;
    if (arg->kind == FW_ARG_ZONE) {
        return read_zone(token, value) ? FW_FAULT_NONE : FW_FAULT_PARSE;
    }
    if (arg->kind == FW_ARG_NUMBER || arg->kind == FW_ARG_LINK) {
        fault = read_number(arg, token, reading, value);
        find_rest(arg, value, rest);
        return fault;
    }
    return read_text(arg, token, value, rest);
}

static bool takes_parameter(const struct fw_arg *arg, bool multiple)
{
    return arg->kind != FW_ARG_NOTHING && (arg->kind != FW_ARG_LINK || multiple);
}

static bool is_in_range(const struct fw_demand *demand, const struct fw_reading *reading,
                        size_t count)
{
    const struct fw_schema *schema = reading->schema;
    bool has_id = schema != NULL && schema->count > 0 && schema->args[0].kind == FW_ARG_LINK;

    count -= has_id && reading->multiple && count > 0;
    return demand->most == 0 || (count >= demand->least && count <= demand->most);
}

/* Where the reading of a command has come to. */
struct cursor {
    const struct tokens *tokens;
    const struct fw_reading *reading;
    const struct fw_demand *demand;
    struct fw_args *args;
    size_t next, position; /* of the tokens, of the values */
};

static bool is_shut(const struct cursor *cursor)
{
    const struct fw_demand *demand = cursor->demand;

    return demand->gate != NULL && cursor->position == demand->gate_at &&
           !demand->gate(cursor->reading->module, cursor->args);
}

static enum fw_fault read_rules(struct cursor *cursor, const struct fw_schema *schema,
                                const struct fw_schema **rest)
{
    const struct fw_reading *reading = cursor->reading;

    for (size_t i = 0; i < schema->count; i++) {
        const struct fw_arg *arg = &schema->args[i];
        struct fw_value *value = &cursor->args->value[cursor->position];
        const struct token *token = NULL;
        enum fw_fault fault;

        if (is_shut(cursor)) {
            return FW_FAULT_ERROR;
        }
        cursor->position++;
        *value = (struct fw_value){.number = arg->fallback, .text = ""};
        if (!takes_parameter(arg, reading->multiple)) {
            continue;
        }
        if (cursor->next < cursor->tokens->count) {
            token = &cursor->tokens->token[cursor->next];
        }
        fault = read_value(arg, token, reading, value, rest);
        if (fault != FW_FAULT_NONE) {
            return fault;
        }
        cursor->next++;
    }
    return FW_FAULT_NONE;
}

static enum fw_fault check(const struct tokens *tokens, const struct fw_reading *reading,
                           struct fw_args *args)
{
    static const struct fw_demand none;
    const struct fw_demand *demand = reading->demand != NULL ? reading->demand : &none;
    struct cursor cursor = {.tokens = tokens, .reading = reading, .demand = demand, .args = args};
    enum fw_fault count_fault = fault_or(demand->count_fault, FW_FAULT_PARSE);
    const struct fw_schema *schema = reading->schema;

    if (!is_in_range(demand, reading, tokens->count)) {
        return count_fault;
    }
    while (schema != NULL) {
        const struct fw_schema *rest = NULL;
        enum fw_fault fault = read_rules(&cursor, schema, &rest);

        if (fault != FW_FAULT_NONE) {
            return fault;
        }
        schema = rest;
    }
    return cursor.next >= tokens->count || demand->ignores_surplus ? FW_FAULT_NONE : count_fault;
}

enum fw_fault fw_args_check(char *text, size_t len, const struct fw_reading *reading,
                            struct fw_args *args)
{
    struct tokens tokens = {.count = 0};

    memset(args, 0, sizeof *args);
    if (text != NULL && reading->splits_in_quotes) {
        split_in_quotes(text, len, &tokens);
    } else if (text != NULL && !split(text, len, &tokens)) {
        return FW_FAULT_PARSE;
    }
    return check(&tokens, reading, args);
}

bool fw_args_read(char *text, size_t len, const struct fw_schema *schema, bool multiple,
                  struct fw_args *args)
{
    struct fw_reading reading = {
        .schema = schema, .multiple = multiple, .no_number = FW_FAULT_PARSE};

    return fw_args_check(text, len, &reading, args) == FW_FAULT_NONE;
}
