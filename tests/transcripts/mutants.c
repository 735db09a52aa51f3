/* Forms, names and refused commands are static in their files: the linker sends their readers
 * through the copies here (--wrap). */
#include "mutants.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "reply.h"
#include "shipped.h"
#include "table.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static unsigned forms[AT_COMMAND_COUNT];
static const char *names[AT_COMMAND_COUNT];
static const char *known_again; /* a refused command that is forgotten */
static bool copied;

unsigned __real_at_command_forms(enum at_command command);
unsigned __wrap_at_command_forms(enum at_command command);
const char *__real_at_command_name(enum at_command command);
const char *__wrap_at_command_name(enum at_command command);
bool __real_fw_command_is_refused(const char *name, size_t len);
bool __wrap_fw_command_is_refused(const char *name, size_t len);
bool __real_fw_shipped_refuses(const char *name, size_t len);
bool __wrap_fw_shipped_refuses(const char *name, size_t len);

unsigned __wrap_at_command_forms(enum at_command command)
{
    return copied ? forms[command] : __real_at_command_forms(command);
}

const char *__wrap_at_command_name(enum at_command command)
{
    return copied ? names[command] : __real_at_command_name(command);
}

static bool is_forgotten(const char *name, size_t len)
{
    return known_again != NULL && strlen(known_again) == len && memcmp(known_again, name, len) == 0;
}

bool __wrap_fw_command_is_refused(const char *name, size_t len)
{
    return !is_forgotten(name, len) && __real_fw_command_is_refused(name, len);
}

bool __wrap_fw_shipped_refuses(const char *name, size_t len)
{
    return !is_forgotten(name, len) && __real_fw_shipped_refuses(name, len);
}

static void copy_commands(void)
{
    for (int i = 0; i < AT_COMMAND_COUNT; i++) {
        forms[i] = __real_at_command_forms((enum at_command)i);
        names[i] = __real_at_command_name((enum at_command)i);
    }
    copied = true;
}

/* --- the list --- */

static struct mutants *out;
static const void *seen[1024];
static size_t seen_count;
static bool shipped; /* what is listed belongs to the shipping module */

/* Rules are shared by rows: each is listed once. */
static bool is_seen(const void *what)
{
    for (size_t i = 0; i < seen_count; i++) {
        if (seen[i] == what) {
            return true;
        }
    }
    if (seen_count == COUNT(seen)) {
        abort();
    }
    seen[seen_count++] = what;
    return false;
}

static void patch(const char *where, const char *what, const void *at, const void *bytes,
                  size_t len)
{
    struct mutant *mutant;

    if (out->count % 256 == 0) {
        out->list = realloc(out->list, (out->count + 256) * sizeof *out->list);
    }
    mutant = &out->list[out->count++];
    memset(mutant, 0, sizeof *mutant);
    snprintf(mutant->name, sizeof mutant->name, "%.40s %.50s", where, what);
    mutant->at = (void *)(uintptr_t)at;
    mutant->len = len;
    memcpy(mutant->bytes, bytes, len);
}

static void patch_int(const char *where, const char *what, const int *at, int value)
{
    patch(where, what, at, &value, sizeof value);
}

static void patch_pointer(const char *where, const char *what, const void *at, const void *value)
{
    patch(where, what, at, &value, sizeof value);
}

/* One character of a text changed, by way of the pointer to it. The copy is never freed. */
static void patch_character(const char *where, const char *const *at, size_t which, char c)
{
    char *copy = malloc(strlen(*at) + 1), what[32];

    strcpy(copy, *at);
    copy[which] = c;
    snprintf(what, sizeof what, "character %zu", which);
    patch_pointer(where, what, at, copy);
}

static char other(char c)
{
    return c == '#' ? '@' : '#';
}

static void list_text(const char *where, const char *const *at)
{
    for (size_t i = 0; (*at)[i] != '\0'; i++) {
        patch_character(where, at, i, other((*at)[i]));
    }
}

static void patch_flag(const char *where, const char *what, const bool *at)
{
    bool changed = !*at;

    patch(where, what, at, &changed, sizeof changed);
}

/* The other one of the two faults; where a rule has none, what it counts as then is usual. */
static void patch_fault(const char *where, const char *what, const enum fw_fault *at,
                        enum fw_fault usual)
{
    enum fw_fault fault = *at != FW_FAULT_NONE ? *at : usual;
    enum fw_fault changed = fault == FW_FAULT_PARSE ? FW_FAULT_ERROR : FW_FAULT_PARSE;

    patch(where, what, at, &changed, sizeof changed);
}

static void patch_size(const char *where, const char *what, const size_t *at, size_t value)
{
    patch(where, what, at, &value, sizeof value);
}

static void list_range(const char *where, const struct fw_arg *arg)
{
    patch_int(where, "min-1", &arg->min, (int)((unsigned)arg->min - 1));
    patch_int(where, "min+1", &arg->min, arg->min + 1);
    patch_int(where, "max-1", &arg->max, arg->max - 1);
    if (arg->max < INT32_MAX) {
        patch_int(where, "max+1", &arg->max, arg->max + 1);
    }
}

static void list_schema(const char *where, const struct fw_schema *schema);

/* The rules behind a word: gone, or those of another one. */
static void list_rest(const char *where, const struct fw_arg *arg, size_t which)
{
    const struct fw_word *word = &arg->words[which];

    if (word->rest == NULL) {
        return;
    }
    patch_pointer(where, "no rules behind it", &word->rest, NULL);
    for (size_t i = 0; i < arg->word_count; i++) {
        if (arg->words[i].rest != NULL && arg->words[i].rest != word->rest) {
            patch_pointer(where, "rules of another one", &word->rest, arg->words[i].rest);
            break;
        }
    }
    list_schema(where, word->rest);
}

/* What follows a word is listed under "WHERE/WORD". */
static void list_words(const char *where, const struct fw_arg *arg)
{
    for (size_t i = 0; i < arg->word_count; i++) {
        const struct fw_word *word = &arg->words[i];
        char name[80];

        if (arg->kind == FW_ARG_WORD) {
            snprintf(name, sizeof name, "%.50s/%.20s", where, word->text);
        } else {
            snprintf(name, sizeof name, "%.50s/%d", where, word->value);
        }
        if (is_seen(word)) {
            continue;
        }
        if (word->value != arg->words[(i + 1) % arg->word_count].value) {
            patch_int(name, "value", &word->value, arg->words[(i + 1) % arg->word_count].value);
        }
        if (arg->kind == FW_ARG_WORD) {
            list_text(name, &word->text);
        }
        list_rest(name, arg, i);
    }
}

static bool is_number(const struct fw_arg *arg)
{
    return arg->kind == FW_ARG_NUMBER || arg->kind == FW_ARG_LINK;
}

static void list_bits(const char *where, const struct fw_arg *arg)
{
    for (unsigned i = 0; i < 2; i++) {
        unsigned changed = i == 0 ? arg->bits + 1 : arg->bits - 1;

        if (i == 0 || arg->bits > 0) {
            patch(where, i == 0 ? "bits+1" : "bits-1", &arg->bits, &changed, sizeof changed);
        }
    }
}

/* What only rules of the shipping module have: its faults, and which texts it takes for what. A
 * fault that no text can bring is none to change. */
static void list_habits(const char *where, const struct fw_arg *arg)
{
    if (!arg->lax) {
        patch_fault(where, "wrong", &arg->wrong, is_number(arg) ? FW_FAULT_ERROR : FW_FAULT_PARSE);
    }
    patch_fault(where, "range", &arg->range, FW_FAULT_PARSE);
    if (arg->optional || arg->kind == FW_ARG_IP) {
        patch_flag(where, "strict", &arg->strict);
    }
    if (is_number(arg)) {
        patch_flag(where, "lax", &arg->lax);
        list_bits(where, arg);
    }
}

static void list_rule(const char *where, const struct fw_arg *arg)
{
    bool counts = is_number(arg);
    bool has_range = counts || arg->kind == FW_ARG_TEXT || arg->kind == FW_ARG_HEX;

    if (arg->kind == FW_ARG_NOTHING || is_seen(arg)) {
        return;
    }
    if (has_range) {
        list_range(where, arg);
    }
    if (arg->optional && (counts || arg->kind == FW_ARG_WORD)) {
        patch_int(where, "fallback+1", &arg->fallback, arg->fallback + 1);
        patch_int(where, "fallback-1", &arg->fallback, arg->fallback - 1);
    }
    patch_flag(where, "optional", &arg->optional);
    if (shipped) {
        list_habits(where, arg);
    }
    list_words(where, arg);
}

static void list_schema(const char *where, const struct fw_schema *schema)
{
    char name[80];

    if (is_seen(schema)) {
        return;
    }
    patch_size(where, "without its last rule", &schema->count, schema->count - 1);
    for (size_t i = 0; i < schema->count; i++) {
        snprintf(name, sizeof name, "%.50s/%zu", where, i + 1);
        list_rule(name, &schema->args[i]);
    }
}

/* The handlers of the next row that has such a one. */
static const struct fw_command *next_with(size_t index, size_t offset)
{
    const struct fw_command *row;

    for (size_t i = 1;; i++) {
        const void *handler;

        row = fw_command_row(index + i);
        if (row == NULL) {
            index = 0;
            i = 0;
            row = fw_command_row(0);
        }
        memcpy(&handler, (const char *)row + offset, sizeof handler);
        if (handler != NULL) {
            return row;
        }
    }
}

static void list_handlers(const char *where, const struct fw_command *row, size_t index)
{
    static const struct {
        const char *what;
        size_t offset;
    } handlers[] = {{"query", offsetof(struct fw_command, query)},
                    {"set", offsetof(struct fw_command, set)},
                    {"execute", offsetof(struct fw_command, execute)},
                    {"poll", offsetof(struct fw_command, poll)}};

    for (size_t i = 0; i < COUNT(handlers); i++) {
        const char *at = (const char *)row + handlers[i].offset;
        const char *other_at =
            (const char *)next_with(index, handlers[i].offset) + handlers[i].offset;
        const void *mine, *others;
        char what[64];

        memcpy(&mine, at, sizeof mine);
        memcpy(&others, other_at, sizeof others);
        if (mine == NULL) {
            continue;
        }
        snprintf(what, sizeof what, "%s missing", handlers[i].what);
        patch_pointer(where, what, at, NULL);
        if (mine != others) {
            snprintf(what, sizeof what, "%s of another row", handlers[i].what);
            patch_pointer(where, what, at, others);
        }
    }
}

static void list_forms(const char *where, enum at_command id)
{
    static const char *const forms_of[] = {"test form", "query form", "set form", "execute form"};

    for (unsigned i = 0; i < 4; i++) {
        unsigned changed = forms[id] ^ 1u << i;

        patch(where, forms_of[i], &forms[id], &changed, sizeof changed);
    }
}

static void list_row(size_t index)
{
    const struct fw_command *row = fw_command_row(index);
    const char *where = names[row->id][0] != '\0' ? names[row->id] : "AT";

    patch_pointer(where, "name", &names[row->id], "NOSUCH");
    list_forms(where, row->id);
    patch_flag(where, "extension", &row->extension);
    list_text(where, &row->usage);
    list_handlers(where, row, index);
    if (row->args != NULL) {
        list_schema(where, row->args);
    }
}

/* A field becomes one of another kind that takes the same argument. */
static char other_field(char c)
{
    return c == 'd' ? 'i' : c == 'i' ? 'd' : c == 's' ? 'q' : 's';
}

static void list_message(int message, enum fw_dialect dialect)
{
    static const char *const message_names[] = {
#define FW_MESSAGE(name, manual, w800) #name,
#include "message.def"
#undef FW_MESSAGE
    };
    const char *const *at = &fw_habits[dialect].formats[message];
    char where[64];

    if (*at == NULL) {
        return; /* that of the manual */
    }
    snprintf(where, sizeof where, "%smessage %s", dialect == FW_DIALECT_W800 ? MUTANT_W800 : "",
             message_names[message]);
    for (size_t i = 0; (*at)[i] != '\0'; i++) {
        bool is_field = (*at)[i] == '%';

        i += is_field;
        patch_character(where, at, i, is_field ? other_field((*at)[i]) : other((*at)[i]));
    }
}

/* The module without each of its habits. */
static void list_quirks(void)
{
    static const bool off = false;

    for (int i = 0; i < FW_QUIRKS; i++) {
        patch(MUTANT_W800 "quirk", fw_quirk_name((enum fw_quirk)i),
              &fw_habits[FW_DIALECT_W800].quirks[i], &off, sizeof off);
    }
}

/* How many parameters there may be, what is asked in front of them, and what surplus does. */
static void list_demand(const char *where, const struct fw_demand *demand)
{
    if (is_seen(demand)) {
        return;
    }
    patch_fault(where, "count_fault", &demand->count_fault, FW_FAULT_PARSE);
    patch_flag(where, "ignores_surplus", &demand->ignores_surplus);
    if (demand->most > 0) {
        patch_size(where, "least-1", &demand->least, demand->least - 1);
        patch_size(where, "least+1", &demand->least, demand->least + 1);
        patch_size(where, "most-1", &demand->most, demand->most - 1);
        patch_size(where, "most+1", &demand->most, demand->most + 1);
    }
    if (demand->gate != NULL) {
        patch_pointer(where, "gate missing", &demand->gate, NULL);
        patch_size(where, "gate_at-1", &demand->gate_at, demand->gate_at - 1);
        patch_size(where, "gate_at+1", &demand->gate_at, demand->gate_at + 1);
    }
}

/* The rules that only the shipping module has; a command may have others in each connection mode.
 */
static void list_rules(const char *name, const struct fw_shipped *row)
{
    static const char *const modes[] = {", single", ", multiple"};
    char where[64];

    for (int multiple = 0; multiple < 2; multiple++) {
        const struct fw_rules *rules = row->rules[multiple];

        snprintf(where, sizeof where, MUTANT_W800 "%s%s", name, modes[multiple]);
        patch_flag(where, "plain", &row->plain[multiple]);
        if (rules == NULL) {
            continue;
        }
        patch_pointer(where, "rules of the manual", &row->rules[multiple], NULL);
        if (row->rules[0] == row->rules[1]) {
            snprintf(where, sizeof where, MUTANT_W800 "%s", name);
        }
        list_schema(where, &rules->schema);
        list_demand(where, &rules->demand);
    }
}

static void list_shipped(void)
{
    char where[64];

    shipped = true;
    for (size_t i = 0; fw_command_row(i) != NULL; i++) {
        enum at_command id = fw_command_row(i)->id;
        const struct fw_shipped *row = fw_shipped_row(id);
        const char *name = names[id][0] != '\0' ? names[id] : "AT";

        if (fw_command_row(i)->extension) {
            continue; /* not there without the extensions */
        }
        snprintf(where, sizeof where, MUTANT_W800 "%s", name);
        list_forms(where, id);
        patch_flag(where, "no_test", &row->no_test);
        patch_flag(where, "any_form", &row->any_form);
        if ((forms[id] & AT_S) == 0) {
            patch_flag(where, "set_parse", &row->set_parse);
        }
        list_rules(name, row);
    }
}

/* The commands that it has and always refuses. */
static void list_shipped_refusals(void)
{
    char where[64];

    for (int i = 0; i < AT_COMMAND_COUNT; i++) {
        if (__real_fw_shipped_refuses(names[i], strlen(names[i]))) {
            snprintf(where, sizeof where, MUTANT_W800 "%s", names[i]);
            patch_pointer(where, "unknown", &known_again, names[i]);
        }
    }
}

void mutants_list(struct mutants *mutants)
{
    const char *name;

    *mutants = (struct mutants){.list = NULL};
    out = mutants;
    copy_commands();
    for (size_t i = 0; fw_command_row(i) != NULL; i++) {
        list_row(i);
    }
    for (size_t i = 0; (name = fw_command_refused(i)) != NULL; i++) {
        patch_pointer(name, "unknown", &known_again, name);
    }
    for (int i = 0; i < FW_MSG_COUNT; i++) {
        list_message(i, FW_DIALECT_MANUAL);
        list_message(i, FW_DIALECT_W800);
    }
    list_quirks();
    list_shipped();
    list_shipped_refusals();
}

void mutant_apply(const struct mutant *mutant)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = (uintptr_t)mutant->at / page * page;
    uintptr_t end = (uintptr_t)mutant->at + mutant->len;

    if (mprotect((void *)first, end - first, PROT_READ | PROT_WRITE) < 0) {
        perror("mprotect");
        exit(EXIT_SUCCESS); /* counts as survived */
    }
    memcpy(mutant->at, mutant->bytes, mutant->len);
}
