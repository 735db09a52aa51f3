/* wmat, the command line: what its commands share. */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stdint.h>

#include <wmat/wmat.h>

/* Exit statuses. */
enum cli_status {
    CLI_DONE = 0,
    CLI_FAILED = 1,    /* the module or the network said no */
    CLI_USAGE = 2,     /* wrong words on the command line */
    CLI_NO_MODULE = 3, /* no port, or nothing that speaks AT behind it */
    CLI_SIGNAL = 128,  /* plus the number of the signal that ended it */
};

/* What the command line says, and for whom. */
struct cli {
    const char *command; /* its name, for messages */
    const char *port;    /* NULL: none was named */
    struct wm_port_options options;
    uint32_t timeout_ms;    /* 0: the default of each call */
    const char *trace_path; /* NULL: none */
    bool json;
};

/* Messages, all to standard error. */

/* Says something. */
void cli_note(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The words on the command line are wrong. Returns CLI_USAGE. */
int cli_usage(const struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* getopt has found an option that the command does not have, or that lacks its value. Returns
 * CLI_USAGE. */
int cli_no_option(const struct cli *cli, char **argv);

/* A call failed: what could not be done, why, in the module's words too, and what to do about it.
 * advice NULL: that of the error. dev may be NULL. Returns the exit status that goes with err;
 * after a signal, which needs no words, that of the signal. */
int cli_fail(const struct cli *cli, struct wm_device *dev, int err, const char *advice,
             const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Reads a decimal number between min and max. False when text is none. */
bool cli_number(const char *text, unsigned long min, unsigned long max, unsigned long *number);

/* Refuses options of a command that has none, and a wrong number of words after it. Returns
 * CLI_DONE or CLI_USAGE. */
int cli_words(const struct cli *cli, int argc, int min, int max, const char *synopsis);

/* A module that a command works with. */
struct session {
    struct wm_device *dev;
    struct sim *sim;     /* behind -p sim:, else NULL */
    struct trace *trace; /* with --trace, else NULL */
};

/* Opens the module that the command line names. config says how: attach, receive, ring_bytes, loop,
 * on_event; the rest is filled in here. With loop, too, the module has answered then. Returns
 * CLI_DONE, or another status after a message. */
int session_open(struct session *session, const struct cli *cli, struct wm_config config);

/* As session_open; links and modes of the module stay as they are. */
int session_attach(struct session *session, const struct cli *cli);

/* The whole of a command without arguments that only asks the module something: checks that there
 * are none, attaches, asks, closes. usage: its name. Returns an enum cli_status, ask's own where it
 * ran. */
int session_ask(const struct cli *cli, int argc, const char *usage,
                int (*ask)(const struct cli *cli, struct wm_device *dev));

/* Ends what session_open made; also after it failed. */
void session_close(struct session *session);

#endif
