#include "commands.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "record.h"
#include "replay.h"
#include "timeline.h"
#include "trace.h"
#include "trace_stats.h"

static int bad_line(const struct cli *cli, const char *path, unsigned long line)
{
    return cli_usage(cli,
                     "line %lu of %s is not part of a trace of wmat (those of w800-sim are "
                     "JSON lines to read as they are)",
                     line, path);
}

static int show(const struct cli *cli, FILE *file, const char *path, const char *out_path)
{
    unsigned long bad = trace_show(file, stdout);

    (void)out_path;
    return bad == 0 ? CLI_DONE : bad_line(cli, path, bad);
}

static int stats(const struct cli *cli, FILE *file, const char *path, const char *out_path)
{
    struct timeline timeline;
    unsigned long bad = timeline_read(&timeline, file);
    bool good = bad == 0 && trace_stats(&timeline, cli->options.baud, cli->json);

    (void)out_path;
    timeline_free(&timeline);
    if (bad != 0)
        return bad_line(cli, path, bad);
    return good ? CLI_DONE : cli_fail(cli, NULL, WM_ERR_NOMEM, NULL, "%s", path);
}

/* Writes the page to a file, or to standard output. */
static int write_page(const struct cli *cli, const struct timeline *timeline, const char *title,
                      const char *out_path)
{
    FILE *out = out_path != NULL ? fopen(out_path, "we") : stdout;
    bool good;

    if (out == NULL)
        return cli_usage(cli, "can't write %s: %s", out_path, strerror(errno));
    timeline_html(timeline, title, out);
    if (out == stdout)
        return CLI_DONE;
    good = !ferror(out);
    if (fclose(out) == 0 && good)
        return CLI_DONE;
    cli_note(cli, "can't write %s: %s", out_path, strerror(errno));
    return CLI_FAILED;
}

static int html(const struct cli *cli, FILE *file, const char *path, const char *out_path)
{
    const char *name = strrchr(path, '/');
    struct timeline timeline;
    unsigned long bad = timeline_read(&timeline, file);
    int status = bad != 0 ? bad_line(cli, path, bad)
                          : write_page(cli, &timeline, name ? name + 1 : path, out_path);

    timeline_free(&timeline);
    return status;
}

static void print_quoted(FILE *out, const char *bytes, size_t len)
{
    fputc('"', out);
    trace_print_bytes(out, bytes, len);
    fputc('"', out);
}

static int say_difference(const char *path, const struct replay_result *result)
{
    fflush(stdout);
    fprintf(stderr, "wmat: trace: %s, line %lu (%.3f s)", path, result->line,
            (double)result->time_ms / 1000);
    if (result->link >= 0)
        fprintf(stderr, ": what link %d delivers differs: the line had ", result->link);
    else
        fprintf(stderr, ", byte %zu: what the driver writes differs: then ", result->offset);
    print_quoted(stderr, result->then, result->then_len);
    fputs(", now ", stderr);
    if (result->now_len > 0)
        print_quoted(stderr, result->now, result->now_len);
    else
        fputs("nothing", stderr);
    fputc('\n', stderr);
    return CLI_FAILED;
}

static int replay(const struct cli *cli, FILE *file, const char *path, const char *out_path)
{
    struct replay_result result;
    cJSON *record;

    (void)out_path;
    replay_run(file, &result);
    switch (result.end) {
    case REPLAY_NO_TRACE:
        return bad_line(cli, path, result.line);
    case REPLAY_NO_MEMORY:
        return cli_fail(cli, NULL, WM_ERR_NOMEM, NULL, "%s", path);
    case REPLAY_UNSUPPORTED:
        return cli_usage(cli,
                         "%s, line %lu: can't replay %.*s...: only TCP links and plain commands",
                         path, result.line, (int)result.now_len, result.now);
    case REPLAY_DIFFERS:
        return say_difference(path, &result);
    case REPLAY_SAME:
        break;
    }
    record = cJSON_CreateObject();
    cJSON_AddNumberToObject(record, "written_bytes", (double)result.written);
    cJSON_AddNumberToObject(record, "delivered_bytes", (double)result.delivered);
    record_print(cli, record);
    return CLI_DONE;
}

static const struct verb {
    const char *name;
    int (*run)(const struct cli *cli, FILE *file, const char *path, const char *out_path);
    bool writes; /* takes -o */
} verbs[] = {
    {"show", show, false},
    {"stats", stats, false},
    {"replay", replay, false},
    {"html", html, true},
};

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

/* A folder can be opened but not read. */
static FILE *open_file(const char *path)
{
    FILE *file = fopen(path, "re");
    int first = file != NULL ? fgetc(file) : EOF;

    if (first != EOF)
        ungetc(first, file);
    if (file == NULL || !ferror(file))
        return file;
    fclose(file);
    errno = EISDIR;
    return NULL;
}

static int usage(const struct cli *cli)
{
    return cli_usage(cli,
                     "write: wmat trace show FILE, stats FILE, replay FILE, or html FILE [-o OUT]");
}

int cmd_trace(const struct cli *cli, int argc, char **argv)
{
    const struct verb *verb = argc > 2 ? find_verb(argv[1]) : NULL;
    const char *out_path = NULL;
    FILE *file;
    int option;
    int status;

    while (verb != NULL && (option = getopt(argc - 1, argv + 1, verb->writes ? "o:" : "")) != -1) {
        if (option != 'o')
            return usage(cli);
        out_path = optarg;
    }
    if (verb == NULL || argc - 1 - optind != 1)
        return usage(cli);
    file = open_file(argv[1 + optind]);
    if (file == NULL)
        return cli_usage(cli, "can't read %s: %s", argv[1 + optind], strerror(errno));
    status = verb->run(cli, file, argv[1 + optind], out_path);
    fclose(file);
    return status;
}
