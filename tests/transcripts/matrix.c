/* The matrix: every command, form and rule of the table, every example and note of the
 * specification, with the transcript or test that holds it. Fails where nothing does, and says what
 * to write. Arguments: the source folder, then the transcripts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "obligations.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define TEXTS "tests/firmware/test_args.c", "texts_have_a_length"
#define TLS   "tests/firmware/test_ssl.c", "ssl_links_open_and_carry_bytes"

/* What no transcript can hold, why, and the test that does. */
static const struct elsewhere {
    const char *name;
    const char *what; /* as printed */
    const char *file, *test;
    const char *why;
} elsewhere[] = {
    {"CIPDOMAIN", "255 characters accepted", TEXTS, "a line has 256 bytes"},
    {"CIPDOMAIN", "256 characters refused", TEXTS, "a line has 256 bytes"},
    {"PING", "255 characters accepted", TEXTS, "a line has 256 bytes"},
    {"PING", "256 characters refused", TEXTS, "a line has 256 bytes"},
    {"CIPSSLCALPN", "255 characters accepted", TEXTS, "a line has 256 bytes"},
    {"CIPSSLCALPN", "256 characters refused", TEXTS, "a line has 256 bytes"},
    {"CIPSTART", "SSL accepted", TLS, "peers of transcripts know no TLS"},
    {"CIPSTART", "SSLv6 accepted", TLS, "peers of transcripts know no TLS"},
    {"CIPSTARTEX", "SSL accepted", TLS, "peers of transcripts know no TLS"},
    {"CIPSTARTEX", "SSLv6 accepted", TLS, "peers of transcripts know no TLS"},
};

enum { EXAMPLE, NOTE };

static const struct {
    int kind;
    const char *name;
    int number;
    const char *text;
    const char *file, *test; /* NULL: a transcript */
} spec[] = {
#define SPEC_EXAMPLE(name, line)                       {EXAMPLE, name, 0, line, NULL, NULL},
#define SPEC_NOTE(name, number, text)                  {NOTE, name, number, text, NULL, NULL},
#define SPEC_NOTE_TEST(name, number, text, file, test) {NOTE, name, number, text, file, test},
#include "spec.def"
#undef SPEC_EXAMPLE
#undef SPEC_NOTE
#undef SPEC_NOTE_TEST
};

static struct evidence evidence;
static struct obligations obligations;
static const char *source;
static char *const *paths;
static int path_count;
static unsigned missing;

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? slash + 1 : path;
}

/* Whether a file below the source folder has a line with that text; where: its number. */
static bool file_has(const char *path, const char *text, int *where)
{
    char line[1024];
    bool found = false;
    FILE *file = fopen(path, "r");

    for (*where = 1; file != NULL && fgets(line, sizeof line, file) != NULL; (*where)++) {
        found = strstr(line, text) != NULL;
        if (found) {
            break;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return found;
}

static bool print_test(const char *file, const char *test)
{
    char path[1024], text[256];
    int where;

    snprintf(path, sizeof path, "%s/%s", source, file);
    snprintf(text, sizeof text, "START_TEST(%s)", test);
    if (!file_has(path, text, &where)) {
        return false;
    }
    printf(" %s:%s", base_name(file), test);
    return true;
}

static bool print_uses(const struct obligation *obligation)
{
    bool any = false;

    for (size_t i = 0; i < evidence.count; i++) {
        if (obligation_is_held(obligation, &evidence.uses[i])) {
            printf(" %s:%d", base_name(evidence.uses[i].file), evidence.uses[i].line);
            any = true;
        }
    }
    return any;
}

static bool print_elsewhere(const struct obligation *obligation, const char *what)
{
    for (size_t i = 0; i < COUNT(elsewhere); i++) {
        if (strcmp(elsewhere[i].name, obligation->name) == 0 &&
            strcmp(elsewhere[i].what, what) == 0) {
            return print_test(elsewhere[i].file, elsewhere[i].test) &&
                   printf(" (%s)", elsewhere[i].why) > 0;
        }
    }
    return false;
}

static void demand_line(const struct obligation *obligation, const char *parameter,
                        const char *what)
{
    char line[2 * AT_LINE_MAX];

    obligation_line(obligation, line);
    fprintf(stderr, "missing: AT+%s %s, %s: %s; write, %s%s\n  > %s\n  < %s\n", obligation->name,
            obligation_form(obligation), parameter, what,
            strlen(line) > AT_LINE_MAX - 2 ? "in a test, for it is too long for a line, " : "",
            obligation->extensions ? "with the extensions on," : "for example,", line,
            obligation_result(obligation));
    missing++;
}

/* A line that obligation_line proposes has to hold what it was made for. */
static void check_proposal(const struct obligation *obligation)
{
    char line[2 * AT_LINE_MAX];

    obligation_line(obligation, line);
    if (obligation->demand.shape != SHAPE_FORM &&
        params_are_accepted(strchr(line, '=') + 1, obligation->row->args,
                            obligation->arg != NULL && obligation->arg->kind == FW_ARG_LINK) !=
            (obligation->demand.final == FINAL_OK)) {
        fprintf(stderr, "the proposed line would not do: %s\n", line);
        missing++;
    }
}

static void print_obligation(const struct obligation *obligation)
{
    char parameter[256], what[128];

    obligation_parameter(obligation, parameter);
    obligation_what(obligation, what);
    check_proposal(obligation);
    printf("AT%s%s\t%s\t%s\t%s\t", obligation->name[0] != '\0' ? "+" : "", obligation->name,
           obligation_form(obligation), parameter, what);
    if (!print_uses(obligation) && !print_elsewhere(obligation, what)) {
        printf(" -");
        demand_line(obligation, parameter, what);
    }
    printf("\n");
}

static bool print_example(const char *line)
{
    bool any = false;

    for (size_t i = 0; i < evidence.count; i++) {
        const struct use *use = &evidence.uses[i];

        if (strcmp(use->text, line) == 0 && (use->final == FINAL_OK || use->final == FINAL_ERROR)) {
            printf(" %s:%d", base_name(use->file), use->line);
            any = true;
        }
    }
    return any;
}

static bool print_note(const char *name, int number)
{
    char tag[64];
    bool any = false;
    int where;

    snprintf(tag, sizeof tag, "; note %s %d:", name, number);
    for (int i = 0; i < path_count; i++) {
        if (file_has(paths[i], tag, &where)) {
            printf(" %s:%d", base_name(paths[i]), where);
            any = true;
        }
    }
    return any;
}

static void print_spec(size_t at)
{
    bool held;

    printf("AT+%s\t%s\t\t%s\t", spec[at].name, spec[at].kind == NOTE ? "note" : "example",
           spec[at].text);
    if (spec[at].kind == EXAMPLE) {
        held = print_example(spec[at].text);
    } else {
        held = spec[at].file != NULL ? print_test(spec[at].file, spec[at].test)
                                     : print_note(spec[at].name, spec[at].number);
    }
    printf(held ? "\n" : " -\n");
    if (!held && spec[at].kind == EXAMPLE) {
        fprintf(stderr, "missing: example of %s; write\n  > %s\n", spec[at].name, spec[at].text);
    } else if (!held) {
        fprintf(stderr, "missing: note of %s, \"%s\"; hold it under a comment \"; note %s %d:\"\n",
                spec[at].name, spec[at].text, spec[at].name, spec[at].number);
    }
    missing += !held;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: %s SOURCE TRANSCRIPT...\n", argv[0]);
        return EXIT_FAILURE;
    }
    source = argv[1];
    paths = argv + 2;
    path_count = argc - 2;
    for (int i = 0; i < path_count; i++) {
        evidence_read(&evidence, paths[i]);
    }
    obligations_list(&obligations);
    printf("command\tform\tparameter\twhat\theld by\n");
    for (size_t i = 0; i < obligations.count; i++) {
        print_obligation(&obligations.list[i]);
    }
    for (size_t i = 0; i < COUNT(spec); i++) {
        print_spec(i);
    }
    fflush(stdout);
    fprintf(stderr, "%zu obligations, %zu lines in %d transcripts, %u missing\n",
            obligations.count + COUNT(spec), evidence.count, path_count, missing);
    return missing > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
