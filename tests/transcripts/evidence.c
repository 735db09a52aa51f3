#include "evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transcript_play.h"

struct state {
    bool multiple, extensions;
};

static enum final final_of(const struct transcript *transcript, size_t at)
{
    static const struct {
        const char *line;
        enum final final;
    } finals[] = {{"OK\r\n", FINAL_OK},
                  {"ERROR\r\n", FINAL_ERROR},
                  {"CMD FORMAT ERR\r\n", FINAL_FORMAT},
                  {"CMD PARSE ERR\r\n", FINAL_PARSE}};

    for (; at < transcript->count && transcript->items[at].kind != TRANSCRIPT_HOST; at++) {
        const char *text = transcript->items[at].bytes;

        for (size_t i = 0; transcript->items[at].kind == TRANSCRIPT_MODULE && i < 4; i++) {
            const char *found = strstr(text, finals[i].line);

            if (found != NULL && (found == text || found[-1] == '\n')) {
                return finals[i].final;
            }
        }
    }
    return FINAL_NONE;
}

/* As the engine reads it: name, form, parameters. */
static void take_apart(struct use *use)
{
    char *name = use->text + (use->text[2] == '+' ? 3 : 2);
    size_t len = strcspn(name, "?=");

    memcpy(use->name, name, len);
    use->name[len] = '\0';
    use->row = fw_command_find(name, len);
    use->params = name + len;
    if (name[len] == '\0') {
        use->form = AT_E;
    } else if (strcmp(name + len, "?") == 0) {
        use->form = AT_Q;
    } else if (strcmp(name + len, "=?") == 0) {
        use->form = AT_T;
    } else if (name[len] == '=') {
        use->form = AT_S;
        use->params++;
    }
}

static bool is_command(const struct transcript_item *item)
{
    return item->kind == TRANSCRIPT_HOST && item->len >= 4 && item->len < AT_LINE_MAX + 2 &&
           memcmp(item->bytes, "AT", 2) == 0 &&
           memcmp(item->bytes + item->len - 2, "\r\n", 2) == 0 && strlen(item->bytes) == item->len;
}

/* What changes how later lines are read. */
static void follow(struct state *state, const struct transcript_item *item, const struct use *use)
{
    if (item->kind == TRANSCRIPT_NETWORK) {
        bool boots = strcmp(item->bytes, "boot") == 0 || strcmp(item->bytes, "joined") == 0;

        state->multiple = state->multiple && !boots;
        if (strncmp(item->bytes, "extensions ", 11) == 0) {
            state->extensions = strcmp(item->bytes + 11, "on") == 0;
        }
    }
    if (item->kind == TRANSCRIPT_MODULE && strstr(item->bytes, "ready\r\n") != NULL) {
        state->multiple = false;
    }
    if (use != NULL && strcmp(use->name, "CIPMUX") == 0 && use->form == AT_S &&
        use->final == FINAL_OK) {
        state->multiple = atoi(use->params) != 0;
    }
}

static struct use *add(struct evidence *evidence, const struct transcript *transcript, size_t at,
                       const struct state *state)
{
    const struct transcript_item *item = &transcript->items[at];
    struct use *use = &evidence->uses[evidence->count++];

    if (evidence->count > EVIDENCE_MAX) {
        fprintf(stderr, "%s: more lines than EVIDENCE_MAX\n", transcript->path);
        exit(EXIT_FAILURE);
    }
    *use = (struct use){.file = transcript->path,
                        .line = item->line,
                        .multiple = state->multiple,
                        .extensions = state->extensions,
                        .final = final_of(transcript, at + 1)};
    memcpy(use->text, item->bytes, item->len - 2);
    take_apart(use);
    return use;
}

static void read_case(struct evidence *evidence, const struct transcript *transcript)
{
    struct state state = {.multiple = false};

    for (size_t i = 0; i < transcript->count; i++) {
        const struct transcript_item *item = &transcript->items[i];

        follow(&state, item, is_command(item) ? add(evidence, transcript, i, &state) : NULL);
    }
}

void evidence_read(struct evidence *evidence, const char *path)
{
    static struct transcript transcript;
    char *text = transcript_load(path);

    for (unsigned n = 0; transcript_read(&transcript, path, text, n, TRANSCRIPT_MANUAL); n++) {
        if (transcript.holds[TRANSCRIPT_MANUAL]) {
            read_case(evidence, &transcript);
        }
        transcript_free(&transcript);
    }
    transcript_free(&transcript);
    free(text);
}

size_t pieces_split(const char *params, struct piece pieces[PIECES_MAX])
{
    size_t count = 0;
    bool quoted = false;

    pieces[0] = (struct piece){params, 0};
    for (const char *at = params; *at != '\0'; at++) {
        if (*at == '\\' && at[1] != '\0') {
            at++;
        } else if (*at == '"') {
            quoted = !quoted;
        } else if (*at == ',' && !quoted && count + 1 < PIECES_MAX) {
            pieces[++count] = (struct piece){at + 1, 0};
            continue;
        }
        pieces[count].len = (size_t)(at + 1 - pieces[count].at);
    }
    return count + 1;
}

size_t piece_text(const struct piece *piece, char text[AT_LINE_MAX])
{
    size_t len = 0;

    for (size_t i = 0; i < piece->len; i++) {
        if (piece->at[i] == '\\' && i + 1 < piece->len) {
            text[len++] = piece->at[++i];
        } else if (piece->at[i] != '"') {
            text[len++] = piece->at[i];
        }
    }
    text[len] = '\0';
    return len;
}

bool evidence_takes_parameter(const struct fw_arg *arg, bool multiple)
{
    return arg->kind != FW_ARG_NOTHING && (arg->kind != FW_ARG_LINK || multiple);
}

const struct fw_schema *evidence_rest(const struct fw_arg *arg, const struct piece *piece)
{
    char text[AT_LINE_MAX];

    piece_text(piece, text);
    for (size_t i = 0; i < arg->word_count; i++) {
        const struct fw_word *word = &arg->words[i];

        if (arg->kind == FW_ARG_WORD ? strcmp(text, word->text) == 0
                                     : text[0] != '\0' && atoi(text) == word->value) {
            return arg->words[i].rest;
        }
    }
    return NULL;
}

size_t spots_find(const struct fw_schema *schema, bool multiple, const struct piece *pieces,
                  size_t count, struct spot spots[SPOTS_MAX])
{
    size_t found = 0;

    while (schema != NULL) {
        const struct fw_schema *rest = NULL;

        for (size_t i = 0; i < schema->count && found < SPOTS_MAX; i++) {
            const struct fw_arg *arg = &schema->args[i];

            if (!evidence_takes_parameter(arg, multiple)) {
                continue;
            }
            if (arg->words != NULL && found < count) {
                rest = evidence_rest(arg, &pieces[found]);
            }
            spots[found] = (struct spot){schema, arg, found < count ? (int)found : -1};
            found++;
        }
        schema = rest;
    }
    return found;
}

bool params_are_accepted(const char *params, const struct fw_schema *schema, bool multiple)
{
    char text[2 * AT_LINE_MAX];
    struct fw_args args;

    strcpy(text, params);
    return fw_args_read(text, strlen(params), schema, multiple, &args);
}
