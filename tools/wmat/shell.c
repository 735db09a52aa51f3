#include "shell.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "at_text.h"
#include "record.h"

#define ANSWER_MS 10000 /* unless --timeout says otherwise */
#define GUARD_MS  60    /* the silence around +++ */

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

static volatile sig_atomic_t caught;

static void on_signal(int number)
{
    caught = number;
}

static uint64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void show_json(const struct trace_item *item)
{
    cJSON *record = cJSON_CreateObject();

    if (item->payload > 0) {
        cJSON_AddNumberToObject(record, "link", item->link < 0 ? 0 : item->link);
        cJSON_AddNumberToObject(record, "bytes", (double)item->came);
        cJSON_AddItemToObject(record, "data", record_bytes(item->sample, item->sampled));
    } else {
        cJSON_AddItemToObject(record, "line", record_bytes(item->line, item->len));
    }
    record_print_json(record);
}

static void show_text(const struct trace_item *item)
{
    const char *words = shell_line_words(item->line);

    if (item->payload > 0) {
        printf("link %d, %zu bytes: ", item->link < 0 ? 0 : item->link, item->came);
        trace_print_bytes(stdout, item->sample, item->sampled);
        puts(item->came < item->payload ? " (the rest did not come)" : "");
        return;
    }
    trace_print_bytes(stdout, item->line, item->len);
    if (words != NULL)
        printf("  (%s)", words);
    putchar('\n');
}

/* The OK of a command that announces payload is not the result of the payload. */
static bool is_final(const struct shell *shell, const char *line)
{
    return strcmp(line, shell->sending ? AT_TEXT_SEND_OK : AT_TEXT_OK) == 0 || shell_is_error(line);
}

/* Something that has passed; only the module's is news. Its echo is none. */
void shell_on_item(void *user, const struct trace_item *item)
{
    struct shell *shell = user;

    if (item->tx || (item->payload == 0 && (strcmp(item->line, AT_TEXT_PROMPT) == 0 ||
                                            strcmp(item->line, shell->command) == 0)))
        return;
    if (item->payload == 0 && shell->awaiting && is_final(shell, item->line)) {
        shell->awaiting = false;
        shell->failed = shell->failed || shell_is_error(item->line);
        shell->stream =
            strcmp(shell->command, "AT+CIPSEND") == 0 && strcmp(item->line, AT_TEXT_OK) == 0;
    }
    edit_hide(shell->edit);
    (shell->cli->json ? show_json : show_text)(item);
    fflush(stdout);
    edit_show(shell->edit);
}

/* What comes in passthrough is no line. */
static void show_stream(struct shell *shell, const char *bytes, size_t len)
{
    edit_hide(shell->edit);
    trace_print_bytes(stdout, bytes, len);
    putchar('\n');
    fflush(stdout);
    edit_show(shell->edit);
}

static void read_port(struct shell *shell)
{
    char bytes[4096];
    ptrdiff_t n = shell->port->ops->read(shell->port, bytes, sizeof bytes);

    shell->gone = n < 0;
    if (n <= 0)
        return;
    if (shell->trace != NULL)
        trace_write(shell->trace, WM_TRACE_RX, bytes, (size_t)n, now_ms());
    if (shell->stream)
        show_stream(shell, bytes, (size_t)n);
    else
        trace_split_feed(shell->split, false, now_ms(), bytes, (size_t)n);
}

static int take_signal(struct shell *shell)
{
    if (caught != SIGINT) {
        shell->signal = caught;
        shell->gone = true;
    }
    caught = 0;
    return -1;
}

/* Signals are only let through here, so that none is lost between a look and the wait. */
int shell_wait(struct shell *shell, bool input, int timeout_ms)
{
    const struct timespec time = {timeout_ms / 1000, timeout_ms % 1000 * 1000000L};
    struct pollfd pollers[2] = {{shell->port->ops->fd(shell->port), POLLIN, 0},
                                {input ? STDIN_FILENO : -1, POLLIN, 0}};
    sigset_t open;
    int n;

    sigprocmask(SIG_SETMASK, NULL, &open);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigdelset(&open, signals[i]);
    n = ppoll(pollers, 2, timeout_ms < 0 ? NULL : &time, &open);
    if (caught != 0)
        return take_signal(shell);
    if (n > 0 && pollers[0].revents != 0)
        read_port(shell);
    return n > 0 && pollers[1].revents != 0;
}

static void note_sent(struct shell *shell, const char *bytes, size_t len)
{
    if (shell->trace != NULL)
        trace_write(shell->trace, WM_TRACE_TX, bytes, len, now_ms());
    if (!shell->stream)
        trace_split_feed(shell->split, true, now_ms(), bytes, len);
}

/* Puts off the end with each byte that the port takes: a slow line has its time. Returns how many
 * it took before it took none for so long, has gone, or Ctrl-C came. */
static size_t write_port(struct shell *shell, const char *bytes, size_t len)
{
    const uint32_t timeout_ms = shell->cli->timeout_ms ? shell->cli->timeout_ms : ANSWER_MS;
    uint64_t end_ms = now_ms() + timeout_ms;
    size_t sent = 0;

    while (sent < len && !shell->gone && now_ms() < end_ms) {
        ptrdiff_t n = shell->port->ops->write(shell->port, bytes + sent, len - sent);

        shell->gone = n < 0;
        if (n > 0) {
            note_sent(shell, bytes + sent, (size_t)n);
            sent += (size_t)n;
            end_ms = now_ms() + timeout_ms;
        } else if (shell_wait(shell, false, 1) < 0) {
            break;
        }
    }
    return sent;
}

/* False: not all of it went out, and it says so. */
static bool send_bytes(struct shell *shell, const char *bytes, size_t len)
{
    size_t sent = write_port(shell, bytes, len);

    if (sent == len)
        return true;
    shell->failed = true;
    if (!shell->gone)
        cli_note(shell->cli, "the port took only %zu of these %zu bytes", sent, len);
    return false;
}

/* Until the final result, or until the module wants payload. */
static void await_answer(struct shell *shell)
{
    const uint32_t timeout_ms = shell->cli->timeout_ms ? shell->cli->timeout_ms : ANSWER_MS;
    uint64_t end_ms = now_ms() + timeout_ms;

    while (shell->awaiting && !shell->gone && trace_split_due(shell->split) == 0) {
        uint64_t now = now_ms();

        if (now >= end_ms) {
            cli_note(shell->cli, "no answer to %s within %u ms", shell->command, timeout_ms);
            shell->failed = true;
            shell->awaiting = false;
        } else if (shell_wait(shell, false, (int)(end_ms - now)) < 0) {
            shell->awaiting = false; /* Ctrl-C: what still comes is shown as a report is */
        }
    }
}

static void send_command(struct shell *shell, const char *line)
{
    size_t len = strlen(line);
    char out[sizeof shell->command + 2];

    if (len >= sizeof shell->command - 1) {
        cli_note(shell->cli, "a command has at most 254 bytes");
        shell->failed = true;
        return;
    }
    memcpy(shell->command, line, len + 1);
    memcpy(out, line, len);
    memcpy(out + len, "\r\n", 2);
    shell->awaiting = true;
    shell->sending = false;
    if (send_bytes(shell, out, len + 2))
        await_answer(shell);
    shell->awaiting = false;
}

/* Decodes \r \n \t \\ and \xNN. Returns the length. */
static size_t unescape(const char *text, char *out)
{
    static const char names[] = "r\rn\nt\t\\\\";
    size_t len = 0;

    while (*text != '\0') {
        const char *name = text[0] == '\\' && text[1] != '\0' ? strchr(names, text[1]) : NULL;
        unsigned code;

        if (name != NULL && (name - names) % 2 == 0) {
            out[len++] = name[1];
            text += 2;
        } else if (text[0] == '\\' && text[1] == 'x' && isxdigit((unsigned char)text[2]) &&
                   isxdigit((unsigned char)text[3]) && sscanf(text + 2, "%2x", &code) == 1) {
            out[len++] = (char)code;
            text += 4;
        } else {
            out[len++] = *text++;
        }
    }
    return len;
}

static void send_payload(struct shell *shell, const char *line)
{
    char *bytes = malloc(strlen(line) + 1);
    size_t due = trace_split_due(shell->split);
    size_t len;

    if (bytes == NULL)
        return;
    len = unescape(line, bytes);
    if (!shell->stream && len > due) {
        cli_note(shell->cli, "only the first %zu of these %zu bytes were announced", due, len);
        len = due;
    }
    shell->awaiting = shell->sending =
        !shell->stream; /* the result may come before the last byte */
    if (send_bytes(shell, bytes, len) && trace_split_due(shell->split) == 0)
        await_answer(shell);
    free(bytes);
    shell->awaiting = false;
}

static void rest(struct shell *shell, unsigned ms)
{
    uint64_t now = now_ms();
    const uint64_t end_ms = now + ms;

    for (; now < end_ms && !shell->gone; now = now_ms())
        shell_wait(shell, false, (int)(end_ms - now));
}

/* +++ between two silences; a command may follow a second later. */
static void leave_stream(struct shell *shell)
{
    rest(shell, GUARD_MS);
    if (!send_bytes(shell, AT_TEXT_ESCAPE, strlen(AT_TEXT_ESCAPE)))
        return;
    rest(shell, 1000);
    shell->stream = false;
}

static bool is_word(const char *line, const char *word)
{
    size_t len = strlen(word);

    return strncasecmp(line, word, len) == 0 && (line[len] == '\0' || line[len] == ' ');
}

static void explain(struct shell *shell, const char *words)
{
    const char *name = shell_help(shell, words);
    char query[40];

    fflush(stdout);
    if (name == NULL) {
        shell->failed = shell->failed || strspn(words, " ") < strlen(words);
        return;
    }
    snprintf(query, sizeof query, "%s=?", name);
    send_command(shell, query);
}

/* False: it was the last. */
static bool take_line(struct shell *shell, const char *line)
{
    if (shell->stream && strcmp(line, AT_TEXT_ESCAPE) == 0) {
        leave_stream(shell);
    } else if (shell->stream || trace_split_due(shell->split) > 0) {
        send_payload(shell, line);
    } else if (is_word(line, "quit") || is_word(line, "exit")) {
        return false;
    } else if (is_word(line, "help")) {
        explain(shell, line + strlen("help"));
    } else if (strncasecmp(line, "AT", 2) == 0) {
        send_command(shell, line);
    } else if (line[strspn(line, " \t")] != '\0' && *line != '#') {
        cli_note(shell->cli, "'%s' is no command: they begin with AT; help lists them", line);
        shell->failed = true;
    }
    return true;
}

const char *shell_prompt(const struct shell *shell)
{
    static _Thread_local char text[40];

    if (trace_split_due(shell->split) > 0)
        snprintf(text, sizeof text, "payload (%zu bytes)> ", trace_split_due(shell->split));
    else
        snprintf(text, sizeof text, "%s> ", shell->stream ? "passthrough" : "wmat");
    return text;
}

/* Takes the end from a line of which len bytes came. One that did not fit is left out as a whole:
 * its beginning alone might do something else. */
static size_t end_plain_line(struct shell *shell, char *line, size_t size, size_t len)
{
    if (len >= size) {
        cli_note(shell->cli, "a line of %zu bytes is left out: it may have %zu", len, size - 1);
        shell->failed = true;
        len = 0;
    }
    len -= len > 0 && line[len - 1] == '\r';
    line[len] = '\0';
    return len;
}

/* Without an editor: reads a byte at a time, so that nothing is left in a buffer where poll does
 * not see it. */
static const char *plain_line(struct shell *shell, char *line, size_t size)
{
    size_t len = 0;
    char byte;

    while (!shell->gone) {
        int ready = shell_wait(shell, true, -1);

        if (ready < 0)
            len = 0;
        if (ready <= 0)
            continue;
        if (read(STDIN_FILENO, &byte, 1) <= 0) {
            shell->input_ended = true;
            break;
        }
        if (byte == '\n')
            break;
        if (len < size - 1)
            line[len] = byte;
        len++;
    }
    len = end_plain_line(shell, line, size, len);
    return (shell->input_ended && len == 0) || shell->gone ? NULL : line;
}

void shell_catch_signals(const struct shell *shell)
{
    const struct sigaction action = {.sa_handler = on_signal};
    sigset_t mask;

    if (!shell->interactive)
        return;
    sigemptyset(&mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        sigaddset(&mask, signals[i]);
        sigaction(signals[i], &action, NULL);
    }
    sigprocmask(SIG_BLOCK, &mask, NULL);
}

int shell_run(struct shell *shell)
{
    char plain[8192];
    const char *line;

    shell->edit = shell->interactive ? edit_open(shell) : NULL;
    do {
        line =
            shell->edit != NULL ? edit_line(shell->edit) : plain_line(shell, plain, sizeof plain);
    } while (line != NULL && take_line(shell, line) && !shell->gone);
    edit_close(shell->edit);
    shell->edit = NULL;
    if (shell->signal != 0)
        return CLI_SIGNAL + shell->signal;
    if (shell->gone) {
        cli_note(shell->cli, "%s: the port has gone", shell->cli->port);
        return CLI_NO_MODULE;
    }
    return shell->failed && !shell->interactive ? CLI_FAILED : CLI_DONE;
}
