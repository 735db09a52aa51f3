/* What came out of each case: for people, as JSON lines, and as a JUnit file. */
#include "conform.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "record.h"

static const char *const verdicts[] = {"holds", "deviates", "untried"};

/* Text with the characters that XML has for itself; it is printable ASCII already. */
static void put_xml(FILE *file, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '<')
            fputs("&lt;", file);
        else if (*text == '&')
            fputs("&amp;", file);
        else if (*text == '"')
            fputs("&quot;", file);
        else
            fputc(*text, file);
    }
}

bool conform_report_open(struct conform_report *report, const struct cli *cli, const char *junit)
{
    *report = (struct conform_report){.cli = cli};
    if (junit == NULL)
        return true;
    report->junit = fopen(junit, "w");
    if (report->junit == NULL) {
        cli_note(cli, "can't write %s: %s", junit, strerror(errno));
        return false;
    }
    report->cases = open_memstream(&report->suite, &report->suite_size);
    return report->cases != NULL;
}

static void json_case(const struct transcript *transcript, const struct conform_result *result,
                      const char *why)
{
    cJSON *record = cJSON_CreateObject();

    cJSON_AddStringToObject(record, "case", transcript->name);
    cJSON_AddStringToObject(record, "section", transcript->section);
    cJSON_AddStringToObject(record, "dialect", transcript_dialects[transcript->reading.dialect]);
    cJSON_AddStringToObject(record, "verdict", verdicts[result->verdict]);
    if (*why != '\0')
        cJSON_AddStringToObject(record, "why", why);
    if (result->verdict != CONFORM_HOLDS && result->line > 0)
        cJSON_AddNumberToObject(record, "line", result->line);
    if (result->expected != NULL)
        cJSON_AddStringToObject(record, "expected", result->expected);
    if (result->got != NULL)
        cJSON_AddStringToObject(record, "got", result->got);
    cJSON_AddNumberToObject(record, "ms", result->ms);
    record_print_json(record);
}

static void text_case(const struct transcript *transcript, const struct conform_result *result,
                      const char *why)
{
    if (result->verdict == CONFORM_HOLDS) {
        printf("holds     %s\n", transcript->name);
    } else if (result->verdict == CONFORM_UNTRIED) {
        printf("untried   %s: %s\n", transcript->name, why);
    } else {
        printf("DEVIATES  %s, %s:%d (%s): %s\n", transcript->name, transcript->path, result->line,
               transcript->section, why);
        if (result->expected != NULL)
            printf("    expected  %s\n    got       %s\n", result->expected, result->got);
    }
}

static void junit_case(FILE *file, const struct transcript *transcript,
                       const struct conform_result *result, const char *why)
{
    fprintf(file, "  <testcase classname=\"wmat.%s\" name=\"",
            transcript_dialects[transcript->reading.dialect]);
    put_xml(file, transcript->name);
    fprintf(file, "\" time=\"%.3f\">\n", result->ms / 1000.0);
    if (result->verdict == CONFORM_UNTRIED) {
        fputs("    <skipped message=\"", file);
        put_xml(file, why);
        fputs("\"/>\n", file);
    } else if (result->verdict == CONFORM_DEVIATES) {
        fputs("    <failure message=\"", file);
        put_xml(file, why);
        fputs("\">", file);
        fprintf(file, "%s:%d\n", transcript->path, result->line);
        if (result->expected != NULL) {
            fputs("expected  ", file);
            put_xml(file, result->expected);
            fputs("\ngot       ", file);
            put_xml(file, result->got);
        }
        fputs("</failure>\n", file);
    }
    fputs("  </testcase>\n", file);
}

void conform_report_case(struct conform_report *report, const struct transcript *transcript,
                         const struct conform_result *result)
{
    char *why = conform_readable(result->why, strlen(result->why));

    report->counts[result->verdict]++;
    report->seconds += result->ms / 1000.0;
    if (report->cli->json)
        json_case(transcript, result, why);
    else
        text_case(transcript, result, why);
    fflush(stdout);
    if (report->cases != NULL)
        junit_case(report->cases, transcript, result, why);
    free(why);
}

static bool write_junit(struct conform_report *report)
{
    const unsigned *counts = report->counts;
    bool written;

    fclose(report->cases);
    fprintf(report->junit,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuite name=\"wmat conform\" tests=\"%u\" failures=\"%u\" errors=\"0\" "
            "skipped=\"%u\" time=\"%.3f\">\n%s</testsuite>\n",
            counts[CONFORM_HOLDS] + counts[CONFORM_DEVIATES] + counts[CONFORM_UNTRIED],
            counts[CONFORM_DEVIATES], counts[CONFORM_UNTRIED], report->seconds, report->suite);
    written = !ferror(report->junit);
    written = fclose(report->junit) == 0 && written;
    free(report->suite);
    if (!written)
        cli_note(report->cli, "the JUnit file could not be written");
    return written;
}

bool conform_report_close(struct conform_report *report)
{
    const unsigned *counts = report->counts;

    if (!report->cli->json)
        printf("%u hold, %u deviate, %u could not be tried\n", counts[CONFORM_HOLDS],
               counts[CONFORM_DEVIATES], counts[CONFORM_UNTRIED]);
    return report->junit == NULL || write_junit(report);
}
