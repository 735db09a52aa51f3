/* The quirk report: which of the differences between manual and shipping module a module shows, and
 * what it does that is neither. */
#include "conform.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    int number;
    const char *manual, *w800;
} rows[] = {
#define ROW(number, manual, w800) {number, manual, w800},
#include "conform_row.def"
#undef ROW
};

enum shown { SHOWN, DOCUMENTED, NEITHER, UNTRIED, NOBODY };

static const char *const shown_text[] = {"shown", "as documented", "deviates from both",
                                         "could not be tried", "no case shows it"};

struct finding {
    enum shown shown;
    char text[4096]; /* Markdown, behind the row */
    size_t len;
};

static void add(struct finding *finding, const char *name, const char *dialect,
                const struct conform_result *result)
{
    int n = snprintf(finding->text + finding->len, sizeof finding->text - finding->len,
                     "- %s, %s: %.250s\n", name, dialect, result->why);

    if (n > 0)
        finding->len += (size_t)n;
    if (result->expected != NULL && finding->len < sizeof finding->text) {
        n = snprintf(finding->text + finding->len, sizeof finding->text - finding->len,
                     "  - expected `%.600s`\n  - got `%.600s`\n", result->expected, result->got);
        finding->len += n > 0 ? (size_t)n : 0;
    }
    if (finding->len >= sizeof finding->text)
        finding->len = sizeof finding->text - 1;
}

/* The case as that dialect has it, on a module with the echo that this one has. */
static enum conform_verdict probe(struct conform *conform, const struct transcript_file *file,
                                  unsigned number, enum transcript_dialect dialect,
                                  struct finding *finding)
{
    static struct transcript transcript;
    struct conform_result result;
    const struct transcript_reading reading = {dialect, conform->dialect};

    transcript_parse(&transcript, file->path, file->text, number, reading);
    conform_play(conform, &transcript, &result);
    if (result.verdict != CONFORM_HOLDS)
        add(finding, transcript.name, transcript_dialects[dialect], &result);
    conform_result_free(&result);
    transcript_free(&transcript);
    return result.verdict;
}

/* Several cases of a row: the worst counts, and one that shows it more than one that could not be
 * tried. */
static void look(struct conform *conform, const struct transcript_file *file, unsigned number,
                 struct finding *finding)
{
    enum conform_verdict module = probe(conform, file, number, TRANSCRIPT_W800, finding);
    enum conform_verdict manual = module == CONFORM_HOLDS
                                      ? CONFORM_UNTRIED
                                      : probe(conform, file, number, TRANSCRIPT_MANUAL, finding);
    enum shown shown = module == CONFORM_HOLDS     ? SHOWN
                       : manual == CONFORM_HOLDS   ? DOCUMENTED
                       : module == CONFORM_UNTRIED ? UNTRIED
                                                   : NEITHER;

    if (finding->shown == NOBODY || finding->shown == UNTRIED || shown == NEITHER)
        finding->shown = shown;
}

static void find_row(struct conform *conform, int row, struct finding *finding)
{
    static struct transcript transcript;
    const struct transcript_reading reading = {TRANSCRIPT_W800, TRANSCRIPT_W800};

    *finding = (struct finding){.shown = NOBODY};
    for (size_t f = 0; f < transcript_file_count; f++) {
        for (unsigned n = 0; transcript_parse(&transcript, transcript_files[f].path,
                                              transcript_files[f].text, n, reading) > 0;
             n++) {
            if (transcript.row == row)
                look(conform, &transcript_files[f], n, finding);
            transcript_free(&transcript);
        }
        transcript_free(&transcript);
    }
    if (finding->shown == SHOWN || finding->shown == DOCUMENTED)
        finding->len = 0;
    finding->text[finding->len] = '\0';
}

/* A cell of a table must not hold a bar. */
static void put_cell(FILE *file, const char *text)
{
    fputs("| ", file);
    for (; *text != '\0'; text++)
        fprintf(file, *text == '|' ? "\\|" : "%c", *text);
    fputc(' ', file);
}

static void put_row(FILE *file, size_t at, const struct finding *finding)
{
    fprintf(file, "| %d ", rows[at].number);
    put_cell(file, rows[at].manual);
    put_cell(file, rows[at].w800);
    put_cell(file, shown_text[finding->shown]);
    fputs("|\n", file);
}

static bool write_report(struct conform *conform, FILE *file, const char *deviations)
{
    static struct finding findings[sizeof rows / sizeof *rows];
    size_t count = sizeof rows / sizeof *rows;

    fprintf(file,
            "# What this module does\n\nFound by wmat %s; the module speaks the `%s` dialect.\n\n",
            wm_version(), transcript_dialects[conform->dialect]);
    fputs("| # | the manual | the module that ships | here |\n| --- | --- | --- | --- |\n", file);
    for (size_t i = 0; i < count; i++) {
        find_row(conform, rows[i].number, &findings[i]);
        put_row(file, i, &findings[i]);
    }
    fputs("\n## Details\n", file);
    for (size_t i = 0; i < count; i++) {
        if (findings[i].len > 0)
            fprintf(file, "\nRow %d, %s:\n\n%s", rows[i].number, shown_text[findings[i].shown],
                    findings[i].text);
    }
    fprintf(file, "\n## What deviates otherwise\n\n%s",
            *deviations != '\0' ? deviations : "Nothing: every case that could be tried holds.\n");
    return !ferror(file);
}

bool conform_rows(struct conform *conform, const char *path, const char *deviations)
{
    FILE *file = fopen(path, "w");
    bool written = file != NULL && write_report(conform, file, deviations);

    if (file != NULL)
        written = fclose(file) == 0 && written;
    if (!written)
        cli_note(conform->cli, "can't write %s: %s", path, strerror(errno));
    return written;
}
