/* Every form of every command has its call: the demands come from lib/proto/at_command.def, the
 * rows from calls.def. A call is declared in a public header, both of its forms; a suite that a row
 * names shows the bytes of the form; and the table in DESIGN.md has the row, word by word.
 * `test_api_calls SOURCE_ROOT --print` prints that table. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at_command.h"
#include "suite.h"

#define FORMS 3

static const struct {
    unsigned form;
    char sign;
} forms[FORMS] = {{AT_Q, '?'}, {AT_S, '='}, {AT_E, '"'}};

static const struct row {
    enum at_command command;
    const char *calls[FORMS];
    const char *suites;
} rows[] = {
#define CALL(id, query, set, execute, suites) {AT_CMD_##id, {query, set, execute}, suites},
#include "calls.def"
#undef CALL
};

#define ROWS (sizeof rows / sizeof rows[0])

static const char *root;
static char file[1 << 20], headers[1 << 20];

static size_t read_file(const char *path, char *to, size_t size)
{
    char whole[512];
    snprintf(whole, sizeof whole, "%s/%s", root, path);
    FILE *in = fopen(whole, "r");
    ck_assert_msg(in != NULL, "no file %s", whole);
    size_t len = fread(to, 1, size - 1, in);
    to[len] = '\0';
    fclose(in);
    return len;
}

static void read_headers(void)
{
    static const char *const topics[] = {"address", "link",  "name",   "options", "server",
                                         "softap",  "state", "stream", "sys",     "tcp",
                                         "time",    "tls",   "udp",    "wifi"};
    size_t len = 0;
    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++) {
        char path[64];
        snprintf(path, sizeof path, "include/wmat/%s.h", topics[i]);
        len += read_file(path, headers + len, sizeof headers - len);
    }
}

static const struct row *row_of(enum at_command command)
{
    const struct row *found = NULL;
    for (size_t i = 0; i < ROWS; i++) {
        if (rows[i].command == command) {
            ck_assert_msg(!found, "two rows of %s", at_command_name(command));
            found = &rows[i];
        }
    }
    return found;
}

START_TEST(every_form_has_a_call)
{
    enum at_command command = (enum at_command)_i;
    const struct row *row = row_of(command);
    const char *name = at_command_name(command);
    ck_assert_msg(row != NULL, "%s has no row in calls.def", name);
    ck_assert_msg(at_command_forms(command) & AT_T, "%s has no usage text", name);
    for (int i = 0; i < FORMS; i++) {
        bool wanted = at_command_forms(command) & forms[i].form;
        ck_assert_msg(wanted == (row->calls[i][0] != '\0'), "AT+%s%c: %s", name, forms[i].sign,
                      wanted ? "no call in calls.def" : "there is no such form");
    }
}
END_TEST

static bool is_call(const char *name)
{
    return strcmp(name, "driver") != 0 && strcmp(name, "none") != 0;
}

/* In this form the call is still to come. */
static bool is_due(const char *call)
{
    return call[0] == '~';
}

/* Both forms of a call are declared. */
static void expect_declared(const char *call)
{
    char blocking[64], prepare[64];
    snprintf(blocking, sizeof blocking, "int %s(struct wm_device *dev", call);
    snprintf(prepare, sizeof prepare, "int %s_prepare(struct wm_op *op", call);
    ck_assert_msg(strstr(headers, blocking) != NULL, "no header declares %s", call);
    ck_assert_msg(strstr(headers, prepare) || strcmp(call, "wm_wifi_join_with") == 0,
                  "no header declares %s_prepare", call);
}

/* The bytes of a form, as a suite has them in its text. */
static bool shown_in(const char *suite, const struct row *row, int form)
{
    char path[64], bytes[40];
    const char *name = at_command_name(row->command);
    snprintf(path, sizeof path, "tests/lib/api/test_%s.c", suite);
    read_file(path, file, sizeof file);
    snprintf(bytes, sizeof bytes, "\"AT%s%s%c", name[0] ? "+" : "", name, forms[form].sign);
    if (strstr(file, bytes))
        return true;
    if (forms[form].form != AT_E)
        return false;
    strcpy(strrchr(bytes, '"'), "\\r\\n\"");
    return strstr(file, bytes) != NULL;
}

static bool shown(const struct row *row, int form)
{
    char suites[64];
    strcpy(suites, row->suites);
    for (char *suite = strtok(suites, " "); suite; suite = strtok(NULL, " ")) {
        if (shown_in(suite, row, form))
            return true;
    }
    return false;
}

START_TEST(every_call_is_declared_and_shown)
{
    const struct row *row = &rows[_i];
    read_headers();
    for (int i = 0; i < FORMS; i++) {
        char calls[128];
        bool all_due = true;
        strcpy(calls, row->calls[i]);
        if (calls[0] == '\0' || !is_call(calls))
            continue;
        for (char *call = strtok(calls, ", "); call; call = strtok(NULL, ", ")) {
            all_due = all_due && is_due(call);
            if (!is_due(call))
                expect_declared(call);
        }
        ck_assert_msg(all_due || shown(row, i), "AT+%s%c: none of \"%s\" shows its bytes",
                      at_command_name(row->command), forms[i].sign, row->suites);
    }
}
END_TEST

static const char *shown_as(char text[160], const char *calls)
{
    size_t len = 0;
    if (!is_call(calls))
        return strcmp(calls, "none") == 0 ? "not supported" : "the driver by itself";
    text[0] = '\0';
    for (const char *at = calls; *at;) {
        size_t n = strcspn(at, ",");
        const char *comma = len ? ", " : "", *note = is_due(at) ? " (to come)" : "";
        len += (size_t)snprintf(text + len, 160 - len, "%s`%.*s`%s", comma, (int)(n - is_due(at)),
                                at + is_due(at), note);
        at += n + strspn(at + n, ", ");
    }
    return text;
}

/* A row as DESIGN.md has it. */
static void format_row(char line[640], const struct row *row)
{
    char cells[FORMS][160];
    const char *name = at_command_name(row->command);
    snprintf(line, 640, "| %s | %s | %s | %s | %s |\n", name[0] ? name : "AT",
             shown_as(cells[0], row->calls[0]), shown_as(cells[1], row->calls[1]),
             shown_as(cells[2], row->calls[2]), row->suites);
}

START_TEST(the_table_in_the_design_is_this_one)
{
    char line[640];
    read_file("DESIGN.md", file, sizeof file);
    for (size_t i = 0; i < ROWS; i++) {
        format_row(line, &rows[i]);
        ck_assert_msg(strstr(file, line) != NULL,
                      "DESIGN.md lacks this row (--print prints the table): %s", line);
    }
}
END_TEST

static int print(void)
{
    char line[640];
    puts("| command | `?` | `=` | alone | suites |\n| --- | --- | --- | --- | --- |");
    for (size_t i = 0; i < ROWS; i++) {
        format_row(line, &rows[i]);
        fputs(line, stdout);
    }
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return EXIT_FAILURE;
    root = argv[1];
    if (argc > 2 && strcmp(argv[2], "--print") == 0)
        return print();
    Suite *suite = suite_create("calls");
    TCase *tc = tcase_create("calls");
    tcase_add_loop_test(tc, every_form_has_a_call, 0, AT_COMMAND_COUNT);
    tcase_add_loop_test(tc, every_call_is_declared_and_shown, 0, (int)ROWS);
    tcase_add_test(tc, the_table_in_the_design_is_this_one);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
