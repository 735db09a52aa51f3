/* The list, by the table. */
#include "obligations.h"

#include <assert.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* --- the list --- */

/* Where the walk through the rules of a row is. */
struct walk {
    struct obligations *out;
    struct obligation base;
    unsigned depth;
    const void *seen[64]; /* rules and schemas that are listed already */
    size_t seen_count;
};

static void add(struct walk *walk, struct demand demand)
{
    struct obligation *obligation = &walk->out->list[walk->out->count++];

    assert(walk->out->count <= OBLIGATIONS_MAX);
    *obligation = walk->base;
    obligation->demand = demand;
}

static void accepts(struct walk *walk, enum shape shape, long long number)
{
    add(walk, (struct demand){.shape = shape, .final = FINAL_OK, .number = number});
}

static void refuses(struct walk *walk, enum shape shape, long long number)
{
    add(walk, (struct demand){.shape = shape, .final = FINAL_PARSE, .number = number});
}

static void list_number(struct walk *walk, const struct fw_arg *arg)
{
    accepts(walk, SHAPE_NUMBER, arg->min);
    accepts(walk, SHAPE_NUMBER, arg->max);
    refuses(walk, SHAPE_NUMBER, (long long)arg->min - 1);
    refuses(walk, SHAPE_NUMBER, (long long)arg->max + 1);
    for (size_t i = 0; i < arg->word_count; i++) {
        if (arg->words[i].value != arg->min && arg->words[i].value != arg->max) {
            accepts(walk, SHAPE_NUMBER, arg->words[i].value);
        }
    }
}

/* Spec, CIPSNTPCFG: hours, or hours and minutes in one number. */
static void list_zone(struct walk *walk)
{
    static const struct demand demands[] = {
        {SHAPE_TEXT, FINAL_OK, 0, "-12"},      {SHAPE_TEXT, FINAL_OK, 0, "14"},
        {SHAPE_TEXT, FINAL_OK, 0, "-1259"},    {SHAPE_TEXT, FINAL_OK, 0, "1459"},
        {SHAPE_TEXT, FINAL_OK, 0, "+0530"},    {SHAPE_TEXT, FINAL_OK, 0, "015"},
        {SHAPE_TEXT, FINAL_PARSE, 0, "-1300"}, {SHAPE_TEXT, FINAL_PARSE, 0, "1500"},
        {SHAPE_TEXT, FINAL_PARSE, 0, "-1260"}, {SHAPE_TEXT, FINAL_PARSE, 0, "1460"},
    };

    for (size_t i = 0; i < COUNT(demands); i++) {
        add(walk, demands[i]);
    }
}

static void list_text(struct walk *walk, int min, int max, int step)
{
    accepts(walk, SHAPE_LENGTH, (long long)min * step);
    accepts(walk, SHAPE_LENGTH, (long long)max * step);
    refuses(walk, SHAPE_LENGTH, ((long long)max + 1) * step);
    if (min > 0) {
        refuses(walk, SHAPE_LENGTH, ((long long)min - 1) * step);
    }
}

static void list_password(struct walk *walk)
{
    accepts(walk, SHAPE_LENGTH, 0);
    accepts(walk, SHAPE_LENGTH, AT_PASSWORD_MIN);
    accepts(walk, SHAPE_LENGTH, AT_PASSWORD_MAX);
    accepts(walk, SHAPE_LENGTH, AT_PASSWORD_HEX);
    refuses(walk, SHAPE_LENGTH, AT_PASSWORD_MIN - 1);
    refuses(walk, SHAPE_LENGTH, AT_PASSWORD_HEX);
    refuses(walk, SHAPE_LENGTH, AT_PASSWORD_HEX + 1);
}

static void list_words(struct walk *walk, const struct fw_arg *arg)
{
    for (size_t i = 0; i < arg->word_count; i++) {
        add(walk, (struct demand){SHAPE_TEXT, FINAL_OK, 0, arg->words[i].text});
    }
}

static void list_value(struct walk *walk, const struct fw_arg *arg)
{
    switch (arg->kind) {
    case FW_ARG_NUMBER:
    case FW_ARG_LINK:
        list_number(walk, arg);
        break;
    case FW_ARG_ZONE:
        list_zone(walk);
        break;
    case FW_ARG_TEXT:
        list_text(walk, arg->min, arg->max, 1);
        break;
    case FW_ARG_HEX:
        list_text(walk, arg->min, arg->max, 2);
        refuses(walk, SHAPE_ODD, 0);
        refuses(walk, SHAPE_BAD, 0);
        break;
    case FW_ARG_WORD:
        list_words(walk, arg);
        refuses(walk, SHAPE_BAD, 0);
        break;
    case FW_ARG_IP:
        accepts(walk, SHAPE_IPV4, 0);
        accepts(walk, SHAPE_IPV6, 0);
        accepts(walk, SHAPE_LENGTH, 0);
        refuses(walk, SHAPE_BAD, 0);
        break;
    case FW_ARG_IPV4:
        accepts(walk, SHAPE_IPV4, 0);
        refuses(walk, SHAPE_IPV6, 0);
        refuses(walk, SHAPE_BAD, 0);
        break;
    case FW_ARG_MAC:
        accepts(walk, SHAPE_GIVEN, 0);
        refuses(walk, SHAPE_BAD, 0);
        break;
    case FW_ARG_PASSWORD:
        list_password(walk);
        break;
    case FW_ARG_KEY: /* of a shipping module */
    case FW_ARG_NOTHING:
        break;
    }
}

static bool is_seen(struct walk *walk, const void *what)
{
    for (size_t i = 0; i < walk->seen_count; i++) {
        if (walk->seen[i] == what) {
            return true;
        }
    }
    assert(walk->seen_count < COUNT(walk->seen));
    walk->seen[walk->seen_count++] = what;
    return false;
}

static void list_schema(struct walk *walk, const struct fw_schema *schema);

static void list_rest(struct walk *walk, const struct fw_arg *arg)
{
    struct obligation before = walk->base;

    for (size_t i = 0; i < arg->word_count; i++) {
        if (arg->words[i].rest != NULL) {
            assert(walk->depth < WORDS_DEEP);
            walk->base.choices[walk->depth] = arg;
            walk->base.words[walk->depth++] = &arg->words[i];
            list_schema(walk, arg->words[i].rest);
            walk->depth--;
            walk->base = before;
        }
    }
}

static void list_schema(struct walk *walk, const struct fw_schema *schema)
{
    bool ends = true;

    walk->base.schema = schema;
    for (size_t i = 0; i < schema->count; i++) {
        const struct fw_arg *arg = &schema->args[i];

        walk->base.arg = arg;
        walk->base.position += arg->kind != FW_ARG_NOTHING;
        if (arg->kind != FW_ARG_NOTHING && !is_seen(walk, arg)) {
            list_value(walk, arg);
            add(walk, (struct demand){.shape = SHAPE_ABSENT,
                                      .final = arg->optional ? FINAL_OK : FINAL_PARSE});
        }
        if (arg->words != NULL) {
            list_rest(walk, arg);
            for (size_t k = 0; k < arg->word_count; k++) {
                ends = ends && arg->words[k].rest == NULL;
            }
        }
    }
    if (ends && !is_seen(walk, schema)) {
        walk->base.arg = NULL;
        refuses(walk, SHAPE_TOO_MANY, 0);
    }
}

static void list_forms(struct walk *walk, unsigned has)
{
    for (unsigned form = AT_T; form <= AT_E; form <<= 1) {
        walk->base.form = form;
        add(walk, (struct demand){.shape = SHAPE_FORM,
                                  .final = (has & form) != 0 ? FINAL_OK : FINAL_ERROR});
    }
}

static void list_row(struct obligations *obligations, const struct fw_command *row)
{
    static struct walk walk;

    walk =
        (struct walk){.out = obligations, .base = {.name = at_command_name(row->id), .row = row}};
    if (row->extension) {
        list_forms(&walk, 0);
    }
    walk.base.extensions = row->extension;
    list_forms(&walk, at_command_forms(row->id));
    walk.base.form = AT_S;
    if (row->args != NULL) {
        list_schema(&walk, row->args);
    }
}

void obligations_list(struct obligations *obligations)
{
    const struct fw_command *row;
    const char *name;

    for (size_t i = 0; (row = fw_command_row(i)) != NULL; i++) {
        list_row(obligations, row);
    }
    for (size_t i = 0; (name = fw_command_refused(i)) != NULL; i++) {
        static struct walk walk;

        walk = (struct walk){.out = obligations, .base = {.name = name}};
        list_forms(&walk, 0);
    }
}
