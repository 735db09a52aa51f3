/* Whether a line of a transcript holds an obligation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "addr.h"
#include "obligations.h"

const char *obligation_sample(const struct fw_arg *arg, char text[VALUE_MAX])
{
    static const char *const samples[] = {
        [FW_ARG_ZONE] = "0",
        [FW_ARG_IP] = "\"192.0.2.1\"",
        [FW_ARG_IPV4] = "\"192.0.2.1\"",
        [FW_ARG_MAC] = "\"02:00:00:00:00:01\"",
        [FW_ARG_PASSWORD] = "\"12345678\"",
    };

    switch (arg->kind) {
    case FW_ARG_NUMBER:
    case FW_ARG_LINK:
        snprintf(text, VALUE_MAX, "%d", arg->min);
        return text;
    case FW_ARG_TEXT:
        snprintf(text, VALUE_MAX, "\"%.*s\"", arg->min > 0 ? arg->min : 1, "xxxxxxxxxxxxxxxx");
        return text;
    case FW_ARG_HEX:
        snprintf(text, VALUE_MAX, "\"%.*s\"", arg->min > 0 ? 2 * arg->min : 2, "0000000000000000");
        return text;
    case FW_ARG_WORD:
        snprintf(text, VALUE_MAX, "\"%s\"", arg->words[0].text);
        return text;
    default:
        return samples[arg->kind];
    }
}

static bool has_shape(const struct demand *demand, const struct fw_arg *arg,
                      const struct piece *piece)
{
    bool quoted = piece->len > 0 && piece->at[0] == '"';
    struct fw_addr addr = {.family = 0};
    char text[AT_LINE_MAX], *end = text;
    size_t len = piece_text(piece, text);

    fw_addr_parse(text, len, &addr);
    switch (demand->shape) {
    case SHAPE_NUMBER:
        return !quoted && strtoll(text, &end, 10) == demand->number && end > text && *end == '\0';
    case SHAPE_LENGTH:
        return quoted && len == (size_t)demand->number;
    case SHAPE_TEXT:
        return quoted == (arg->kind == FW_ARG_WORD) && strcmp(text, demand->text) == 0;
    case SHAPE_ABSENT:
        return piece->len == 0;
    case SHAPE_GIVEN:
        return len > 0;
    case SHAPE_BAD:
        return quoted && len > 0 && addr.family == 0 && (arg->kind != FW_ARG_HEX || len % 2 == 0);
    case SHAPE_IPV4:
        return quoted && addr.family == FW_IPV4;
    case SHAPE_IPV6:
        return quoted && addr.family == FW_IPV6;
    case SHAPE_ODD:
        return quoted && len % 2 == 1;
    default:
        return false;
    }
}

/* The parameters with one of them replaced: its end is cut off where `with` is NULL. */
static void replace(const struct piece *pieces, size_t count, size_t which, const char *with,
                    char out[2 * AT_LINE_MAX])
{
    size_t at = 0;

    for (size_t i = 0; i < count || i <= which; i++) {
        bool is_it = i == which;

        if (is_it && with == NULL) {
            break;
        }
        at += (size_t)snprintf(out + at, 2 * AT_LINE_MAX - at, "%s%.*s", i > 0 ? "," : "",
                               is_it ? (int)strlen(with) : (int)pieces[i].len,
                               is_it ? with : pieces[i].at);
    }
    out[at] = '\0';
}

/* Refused for this parameter: with another value in its place the line would do. */
static bool is_to_blame(const struct obligation *obligation, const struct use *use,
                        const struct piece *pieces, size_t count, size_t which)
{
    char sample[VALUE_MAX], params[2 * AT_LINE_MAX];
    const char *with = obligation->arg != NULL ? obligation_sample(obligation->arg, sample) : NULL;

    replace(pieces, count, which, with, params);
    return use->final == FINAL_PARSE &&
           !params_are_accepted(use->params, obligation->row->args, use->multiple) &&
           params_are_accepted(params, obligation->row->args, use->multiple);
}

static bool rule_is_held(const struct obligation *obligation, const struct use *use)
{
    const struct demand *demand = &obligation->demand;
    struct piece pieces[PIECES_MAX];
    struct spot spots[SPOTS_MAX];
    size_t count = pieces_split(use->params, pieces);
    size_t found = spots_find(obligation->row->args, use->multiple, pieces, count, spots);

    if (demand->shape == SHAPE_TOO_MANY) {
        return count == found + 1 && found > 0 && spots[found - 1].schema == obligation->schema &&
               is_to_blame(obligation, use, pieces, count, found);
    }
    for (size_t i = 0; i < found; i++) {
        struct piece none = {"", 0};
        const struct piece *piece = spots[i].piece >= 0 ? &pieces[i] : &none;

        if (spots[i].arg == obligation->arg && has_shape(demand, obligation->arg, piece)) {
            return demand->final == FINAL_OK
                       ? params_are_accepted(use->params, obligation->row->args, use->multiple)
                       : i <= count && is_to_blame(obligation, use, pieces, count, i);
        }
    }
    return false;
}

bool obligation_is_held(const struct obligation *obligation, const struct use *use)
{
    if (strcmp(use->name, obligation->name) != 0 || use->form != obligation->form ||
        use->extensions != obligation->extensions || use->final != obligation->demand.final) {
        return false;
    }
    return obligation->demand.shape == SHAPE_FORM || rule_is_held(obligation, use);
}
