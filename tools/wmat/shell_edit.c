/* Line editing by libedit. What the module says comes in between: libedit asks for each character
 * here, and while it waits for one the port is served. */
#include "shell.h"

#ifdef HAVE_LIBEDIT
#include <histedit.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#define CTRL_C L'\003'

struct editor {
    struct shell *shell;
    EditLine *el;
    History *history;
    bool cancelled; /* Ctrl-C */
    bool editing;   /* a line is on the screen */
    char line[8192];
};

static struct editor *editor_of(EditLine *el)
{
    void *editor = NULL;

    el_get(el, EL_CLIENTDATA, &editor);
    return editor;
}

static const char *prompt(EditLine *el)
{
    return shell_prompt(editor_of(el)->shell);
}

static void list_candidates(const char *text, size_t len)
{
    const char *name;

    putchar('\n');
    for (size_t i = 0; (name = edit_candidate(text, len, i)) != NULL; i++)
        printf("%-22s%s", name, i % 4 == 3 ? "\n" : "");
    putchar('\n');
    fflush(stdout);
}

/* Replaces what was typed of a name by what all candidates begin with. */
static void complete(EditLine *el)
{
    const LineInfo *info = el_line(el);
    const char *start = info->cursor;
    char common[32] = "";
    const char *name;
    size_t len;
    size_t count = 0;

    while (start > info->buffer && start[-1] != ' ')
        start--;
    len = (size_t)(info->cursor - start);
    for (; (name = edit_candidate(start, len, count)) != NULL; count++) {
        size_t same = 0;

        while (count > 0 && common[same] != '\0' && common[same] == name[same])
            same++;
        snprintf(common, count > 0 ? same + 1 : sizeof common, "%s", name);
    }
    if (count == 0 || len == 0)
        return;
    if (strlen(common) == len && count > 1) {
        list_candidates(start, len);
    } else {
        el_deletestr(el, (int)len);
        el_insertstr(el, common);
    }
    el_set(el, EL_REFRESH);
}

/* Reads a character; libedit knows nothing of those that are not passed on. */
static int read_char(wchar_t *out)
{
    mbstate_t state = {0};
    size_t n;
    char byte;

    do {
        if (read(STDIN_FILENO, &byte, 1) <= 0)
            return 0;
        n = mbrtowc(out, &byte, 1, &state);
        if (n == (size_t)-1)
            state = (mbstate_t){0};
    } while (n > 1);
    return 1;
}

/* A Ctrl-C that was typed before the terminal was ready for editing comes as a signal. */
static int get_char(EditLine *el, wchar_t *out)
{
    struct editor *edit = editor_of(el);

    for (;;) {
        int ready = shell_wait(edit->shell, true, -1);

        if (edit->shell->gone)
            return 0;
        *out = CTRL_C;
        if (ready == 0)
            continue;
        if (ready > 0 && read_char(out) == 0)
            return 0;
        if (*out == CTRL_C) {
            edit->cancelled = true;
            fputs("^C", stdout);
            *out = L'\n';
            return 1;
        }
        if (*out != L'\t')
            return 1;
        complete(el);
    }
}

static void set_up(struct editor *edit)
{
    EditLine *el = edit->el;
    HistEvent event;

    el_set(el, EL_CLIENTDATA, edit);
    el_set(el, EL_PROMPT, prompt);
    el_set(el, EL_EDITOR, "emacs");
    el_set(el, EL_GETCFN, get_char);
    el_set(el, EL_SETTY, "-d", "-isig", NULL);
    el_set(el, EL_SETTY, "-x", "+noflsh", NULL); /* a Ctrl-C must not swallow the next prompt */
    el_set(el, EL_BIND, "^R", "em-inc-search-prev", NULL);
    history(edit->history, &event, H_SETSIZE, 500);
    history(edit->history, &event, H_SETUNIQUE, 1);
    el_set(el, EL_HIST, history, edit->history);
}

struct editor *edit_open(struct shell *shell)
{
    struct editor *edit = calloc(1, sizeof *edit);

    if (edit == NULL)
        return NULL;
    setlocale(LC_CTYPE, "");
    edit->shell = shell;
    edit->history = history_init();
    edit->el = el_init("wmat", stdin, stdout, stderr);
    if (edit->el == NULL || edit->history == NULL) {
        edit_close(edit);
        return NULL;
    }
    set_up(edit);
    return edit;
}

const char *edit_line(struct editor *edit)
{
    const char *text;
    HistEvent event;
    int count = 0;

    do {
        edit->cancelled = false;
        edit->editing = true;
        text = el_gets(edit->el, &count);
        edit->editing = false;
        if (!edit->cancelled && (text == NULL || count <= 0)) {
            putchar('\n');
            return NULL;
        }
    } while (edit->cancelled);
    snprintf(edit->line, sizeof edit->line, "%s", text);
    edit->line[strcspn(edit->line, "\r\n")] = '\0';
    if (edit->line[0] != '\0' && trace_split_due(edit->shell->split) == 0)
        history(edit->history, &event, H_ENTER, edit->line);
    return edit->line;
}

void edit_hide(struct editor *edit)
{
    if (edit != NULL && edit->editing)
        fputs("\r\033[K", stdout);
}

void edit_show(struct editor *edit)
{
    if (edit != NULL && edit->editing)
        el_set(edit->el, EL_REFRESH);
}

void edit_close(struct editor *edit)
{
    if (edit == NULL)
        return;
    if (edit->el != NULL)
        el_end(edit->el);
    if (edit->history != NULL)
        history_end(edit->history);
    free(edit);
}

#else

struct editor *edit_open(struct shell *shell)
{
    cli_note(shell->cli, "built without libedit: lines can't be edited");
    return NULL;
}

const char *edit_line(struct editor *edit)
{
    (void)edit;
    return NULL;
}

void edit_hide(struct editor *edit)
{
    (void)edit;
}

void edit_show(struct editor *edit)
{
    (void)edit;
}

void edit_close(struct editor *edit)
{
    (void)edit;
}

#endif
