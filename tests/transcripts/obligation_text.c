/* Obligations for people, and the line that would hold one. */
#include <stdio.h>
#include <string.h>

#include "obligations.h"

const char *obligation_form(const struct obligation *obligation)
{
    switch (obligation->form) {
    case AT_T:
        return "test";
    case AT_Q:
        return "query";
    case AT_S:
        return "set";
    default:
        return "execute";
    }
}

/* As it stands on the line. */
static void write_word(const struct fw_arg *arg, const struct fw_word *word, char text[VALUE_MAX])
{
    if (arg->kind == FW_ARG_WORD) {
        snprintf(text, VALUE_MAX, "\"%s\"", word->text);
    } else {
        snprintf(text, VALUE_MAX, "%d", word->value);
    }
}

void obligation_parameter(const struct obligation *obligation, char text[256])
{
    static const char *const kinds[] = {
        [FW_ARG_NUMBER] = "number", [FW_ARG_ZONE] = "time zone",    [FW_ARG_TEXT] = "text",
        [FW_ARG_WORD] = "word",     [FW_ARG_IP] = "address",        [FW_ARG_IPV4] = "IPv4 address",
        [FW_ARG_MAC] = "MAC",       [FW_ARG_PASSWORD] = "password", [FW_ARG_HEX] = "hex bytes",
        [FW_ARG_LINK] = "link id",  [FW_ARG_NOTHING] = "",
    };
    const struct fw_arg *arg = obligation->arg;
    int at = 0;

    text[0] = '\0';
    if (obligation->demand.shape == SHAPE_FORM) {
        return;
    }
    if (arg == NULL) {
        at = snprintf(text, 256, "all");
    } else {
        at = snprintf(text, 256, "%u %s", obligation->position, kinds[arg->kind]);
    }
    if (arg != NULL && arg->max != 0) {
        at += snprintf(text + at, 256 - (size_t)at, " %d..%d", arg->min, arg->max);
    }
    for (size_t i = 0; i < WORDS_DEEP && obligation->words[i] != NULL; i++) {
        char word[VALUE_MAX];

        write_word(obligation->choices[i], obligation->words[i], word);
        at += snprintf(text + at, 256 - (size_t)at, ", behind %.100s", word);
    }
}

void obligation_what(const struct obligation *obligation, char text[128])
{
    static const char *const shapes[] = {
        [SHAPE_ABSENT] = "omitted",        [SHAPE_GIVEN] = "given",
        [SHAPE_BAD] = "malformed",         [SHAPE_IPV4] = "an IPv4 address",
        [SHAPE_IPV6] = "an IPv6 address",  [SHAPE_ODD] = "odd number of digits",
        [SHAPE_TOO_MANY] = "one too many",
    };
    const struct demand *demand = &obligation->demand;
    const char *verdict = demand->final == FINAL_OK ? "accepted" : "refused";

    switch (demand->shape) {
    case SHAPE_FORM:
        snprintf(text, 128, "%s%s", demand->final == FINAL_OK ? "works" : "is refused",
                 obligation->row != NULL && obligation->row->extension && !obligation->extensions
                     ? " without extensions"
                     : "");
        break;
    case SHAPE_NUMBER:
        snprintf(text, 128, "%lld %s", demand->number, verdict);
        break;
    case SHAPE_LENGTH:
        snprintf(text, 128, "%lld characters %s", demand->number, verdict);
        break;
    case SHAPE_TEXT:
        snprintf(text, 128, "%s %s", demand->text, verdict);
        break;
    default:
        snprintf(text, 128, "%s %s", shapes[demand->shape], verdict);
    }
}

const char *obligation_result(const struct obligation *obligation)
{
    switch (obligation->demand.final) {
    case FINAL_OK:
        return "OK";
    case FINAL_PARSE:
        return "CMD PARSE ERR";
    default:
        return "ERROR";
    }
}

static const char *value_of(const struct obligation *obligation, char text[VALUE_MAX])
{
    const struct demand *demand = &obligation->demand;
    bool refused_password = obligation->arg->kind == FW_ARG_PASSWORD && demand->final != FINAL_OK;
    bool digits = obligation->arg->kind == FW_ARG_HEX || obligation->arg->kind == FW_ARG_PASSWORD;
    char fill[VALUE_MAX];

    memset(fill, digits && !refused_password ? '0' : 'x', sizeof fill);
    switch (demand->shape) {
    case SHAPE_NUMBER:
        snprintf(text, VALUE_MAX, "%lld", demand->number);
        return text;
    case SHAPE_LENGTH:
        snprintf(text, VALUE_MAX, "\"%.*s\"", (int)demand->number, fill);
        return text;
    case SHAPE_TEXT:
        snprintf(text, VALUE_MAX, obligation->arg->kind == FW_ARG_WORD ? "\"%s\"" : "%s",
                 demand->text);
        return text;
    case SHAPE_ABSENT:
        return "";
    case SHAPE_BAD:
        return "\"??\"";
    case SHAPE_IPV6:
        return "\"fe80::1\"";
    case SHAPE_ODD:
        return "\"0\"";
    default:
        return obligation_sample(obligation->arg, text);
    }
}

/* The value of a rule: what is demanded, the word that leads on, or a sample. */
static const char *write_value(const struct obligation *obligation, const struct fw_arg *arg,
                               unsigned depth, char text[VALUE_MAX])
{
    if (arg == obligation->arg) {
        return value_of(obligation, text);
    }
    if (depth < WORDS_DEEP && obligation->words[depth] != NULL &&
        arg == obligation->choices[depth]) {
        write_word(arg, obligation->words[depth], text);
        return text;
    }
    return obligation_sample(arg, text);
}

/* All parameters. */
static size_t write_params(const struct obligation *obligation, bool multiple, char *out, size_t at)
{
    const struct fw_schema *schema = obligation->row->args;
    unsigned count = 0;
    char text[VALUE_MAX];

    for (unsigned depth = 0; schema != NULL; depth++) {
        const struct fw_schema *rest = NULL;

        for (size_t i = 0; i < schema->count; i++) {
            const struct fw_arg *arg = &schema->args[i];
            struct piece piece;

            if (!evidence_takes_parameter(arg, multiple)) {
                continue;
            }
            piece.at = write_value(obligation, arg, depth, text);
            piece.len = strlen(piece.at);
            rest = arg->words != NULL ? evidence_rest(arg, &piece) : rest;
            at += (size_t)snprintf(out + at, 2 * AT_LINE_MAX - at, "%s%s", count++ > 0 ? "," : "",
                                   piece.at);
        }
        schema = rest;
    }
    return at;
}

void obligation_line(const struct obligation *obligation, char text[2 * AT_LINE_MAX])
{
    static const char *const suffixes[] = {[AT_T] = "=?", [AT_Q] = "?", [AT_S] = "=1", [AT_E] = ""};
    bool multiple = obligation->arg != NULL && obligation->arg->kind == FW_ARG_LINK;
    size_t at = (size_t)snprintf(text, 2 * AT_LINE_MAX, "AT%s%s",
                                 obligation->name[0] != '\0' ? "+" : "", obligation->name);

    if (obligation->demand.shape == SHAPE_FORM) {
        strcpy(text + at, suffixes[obligation->form]);
        return;
    }
    text[at++] = '=';
    text[at] = '\0';
    at = write_params(obligation, multiple, text, at);
    if (obligation->demand.shape == SHAPE_TOO_MANY) {
        strcpy(text + at, ",1");
    } else if (obligation->demand.shape == SHAPE_ABSENT) {
        while (text[at - 1] == ',') {
            text[--at] = '\0';
        }
    }
}
