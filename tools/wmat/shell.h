/* The AT console: a raw line to the module, what it says made readable. */
#ifndef SHELL_H
#define SHELL_H

#include "cli.h"
#include "trace.h"
#include "trace_read.h"

struct shell {
    const struct cli *cli;
    struct wm_transport *port;
    struct trace *trace; /* NULL: none */
    struct trace_split *split;
    bool interactive;    /* lines are typed at a terminal */
    struct editor *edit; /* NULL: no editing */
    char command[256];   /* the last one that went out */
    bool awaiting;       /* its final result is due */
    bool sending;        /* that of the payload it announced, rather */
    bool failed;         /* something was refused, or not answered */
    bool stream;         /* passthrough: what is typed is payload, what comes is shown as it is */
    bool gone;           /* the port */
    bool input_ended;
    int signal; /* that ends it; 0: none */
};

/* From now on SIGINT, SIGTERM and SIGHUP interrupt shell_wait only, in every thread that starts
 * later; where a pipe gives the lines they end the program. */
void shell_catch_signals(const struct shell *shell);

/* Runs it on an open port until the input ends. Returns an enum cli_status. */
int shell_run(struct shell *shell);

/* A trace_item_fn for split; user is the shell. */
void shell_on_item(void *user, const struct trace_item *item);

/* Waits until the input has something, or until something came from the module; shows that.
 * timeout_ms below 0: for ever. 1: there is input; 0: there is none; -1: Ctrl-C. */
int shell_wait(struct shell *shell, bool input, int timeout_ms);

/* `help` and `help COMMAND`: what the table of commands says. Returns the name in the table, or
 * NULL where there is no such command (and says so), or none was named. */
const char *shell_help(const struct shell *shell, const char *words);

/* A prompt for what is to be typed now. */
const char *shell_prompt(const struct shell *shell);

/* A final result that is an error. `busy ...` is none: the line may still run. */
bool shell_is_error(const char *line);

/* Words for an error or for `busy ...`; NULL: it is neither. */
const char *shell_line_words(const char *line);

/* The line editor. NULL where this program was built without one, or there is no memory. */
struct editor *edit_open(struct shell *shell);

/* Reads a line without its end, valid until the next call. NULL: the input has ended. */
const char *edit_line(struct editor *edit);

/* The line that is being edited makes room for output; and comes back. */
void edit_hide(struct editor *edit);
void edit_show(struct editor *edit);

/* NULL is allowed. */
void edit_close(struct editor *edit);

/* The names that may stand at the cursor: the count-th that begins with the text (of which the case
 * does not matter), "AT+" in front; NULL when there are no more. */
const char *edit_candidate(const char *text, size_t len, size_t count);

#endif
