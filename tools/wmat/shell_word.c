/* What the shell knows of commands and results. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "at_command.h"
#include "at_text.h"
#include "shell.h"

static const struct {
    const char *line;
    const char *words;
    bool is_error; /* and final */
} results[] = {
    {AT_TEXT_ERROR, "the module could not do it", true},
    {AT_TEXT_FORMAT_ERR, "it does not know this command, or not in this form; try help COMMAND",
     true},
    {AT_TEXT_PARSE_ERR, "it refused a parameter; try help COMMAND", true},
    {AT_TEXT_SEND_FAIL, "the payload did not go out", true},
    {AT_TEXT_SEND_CANCELLED, "the payload was given up", true},
    {AT_TEXT_BUSY, "it works on something else; the line may run later, do not repeat it at once",
     false},
};
#define RESULT_COUNT (sizeof results / sizeof *results)

static size_t result_of(const char *line)
{
    size_t i = 0;

    while (i < RESULT_COUNT && strcmp(results[i].line, line) != 0)
        i++;
    return i;
}

bool shell_is_error(const char *line)
{
    size_t i = result_of(line);

    return i < RESULT_COUNT && results[i].is_error;
}

const char *shell_line_words(const char *line)
{
    size_t i = result_of(line);

    return i < RESULT_COUNT ? results[i].words : NULL;
}

static const char *full_name(enum at_command command, char name[32])
{
    const char *short_name = at_command_name(command);

    snprintf(name, 32, "AT%s%s", *short_name ? "+" : "", short_name);
    return name;
}

const char *edit_candidate(const char *text, size_t len, size_t count)
{
    static _Thread_local char name[32];

    for (int i = 0; i < AT_COMMAND_COUNT; i++) {
        full_name((enum at_command)i, name);
        if (strncasecmp(name, text, len) == 0 && strlen(name) >= len && count-- == 0)
            return name;
    }
    return NULL;
}

static void list_commands(void)
{
    static const char *const chapters[] = {"system", "Wi-Fi", "TCP/IP"};

    for (int chapter = AT_CHAPTER_SYSTEM; chapter <= AT_CHAPTER_TCPIP; chapter++) {
        int column = printf("%s:", chapters[chapter]);

        for (int i = 0; i < AT_COMMAND_COUNT; i++) {
            char name[32];

            if ((int)at_command_chapter((enum at_command)i) != chapter)
                continue;
            if (column > 72)
                column = printf("\n ") - 1;
            column += printf(" %s", full_name((enum at_command)i, name));
        }
        putchar('\n');
    }
    printf("help COMMAND: its forms, and what the module says of its parameters. quit, or Ctrl-D: "
           "the end.\n");
}

static void show_forms(const char *name, unsigned forms)
{
    static const struct {
        enum at_form form;
        const char *ending, *words;
    } rows[] = {{AT_T, "=?", "its parameters"},
                {AT_Q, "?", "how it is set"},
                {AT_S, "=...", "set, or do it with parameters"},
                {AT_E, "", "do it"}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (forms & rows[i].form)
            printf("  %s%-*s %s\n", name, (int)(20 - strlen(name)), rows[i].ending, rows[i].words);
}

const char *shell_help(const struct shell *shell, const char *words)
{
    static _Thread_local char name[32];

    while (*words == ' ')
        words++;
    if (*words == '\0') {
        list_commands();
        return NULL;
    }
    for (int i = 0; i < AT_COMMAND_COUNT; i++) {
        full_name((enum at_command)i, name);
        if (strcasecmp(words, name) != 0 && (i == 0 || strcasecmp(words, name + 3) != 0))
            continue;
        show_forms(name, at_command_forms((enum at_command)i));
        return name;
    }
    cli_note(shell->cli, "there is no command '%s'; help lists them", words);
    return NULL;
}
