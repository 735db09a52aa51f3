/* wmat: a W800 module from the command line. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

static const char help_head[] =
    "usage: wmat [OPTIONS] COMMAND [WORDS]; `wmat COMMAND --help` tells more\n"
    "\n";

static const char help_tail[] =
    "\n"
    "  -p, --port PORT   serial port, pty, tcp://HOST:PORT, or sim:, a built-in\n"
    "                    virtual module; the default is $WMAT_PORT\n"
    "  -b, --baud BAUD   speed in bits a second, 115200 by default\n"
    "  --flow rtscts     hardware flow control, where both wires are there\n"
    "  --json            results as JSON, one object a line\n"
    "  --timeout MS      longest time for the module and for each call\n"
    "  --trace FILE      record the line; `wmat trace show FILE` prints it\n"
    "  -h, --help; -V, --version\n"
    "exit status: 0 done, 1 module or network said no, 2 usage, 3 no module\n";

/* Two commands a line, so that all of it fits a screen of 24 lines and 80 columns. */
static int help(void)
{
    const struct command *command;

    fputs(help_head, stdout);
    for (size_t i = 0; (command = command_at(i)) != NULL; i++) {
        bool last_of_line = i % 2 == 1 || command_at(i + 1) == NULL;

        printf("  %-8s %-*s%s", command->name, last_of_line ? 0 : 28, command->summary,
               last_of_line ? "\n" : "");
    }
    fputs(help_tail, stdout);
    return CLI_DONE;
}

static int help_for(const struct command *command)
{
    printf("usage: wmat [OPTIONS] %s\n%s\n%s%s", command->synopsis, command->summary,
           *command->details ? "\n" : "", command->details);
    return CLI_DONE;
}

static int version(void)
{
    printf("wmat %s\n", wm_version());
    return CLI_DONE;
}

static int set_baud(struct cli *cli, const char *text)
{
    unsigned long baud;

    if (!cli_number(text, 1, 100000000, &baud))
        return cli_usage(cli, "'%s' is no speed; write for instance -b 115200", text);
    cli->options.baud = (unsigned)baud;
    return CLI_DONE;
}

static int set_flow(struct cli *cli, const char *text)
{
    if (strcmp(text, "rtscts") != 0 && strcmp(text, "none") != 0)
        return cli_usage(cli, "'%s' is no flow control; write --flow rtscts or --flow none", text);
    cli->options.flow = strcmp(text, "rtscts") == 0 ? WM_FLOW_RTSCTS : WM_FLOW_NONE;
    return CLI_DONE;
}

static int set_timeout(struct cli *cli, const char *text)
{
    unsigned long timeout_ms;

    if (!cli_number(text, 1, 86400000, &timeout_ms))
        return cli_usage(cli, "'%s' is no time; write milliseconds, 1 to 86400000", text);
    cli->timeout_ms = (uint32_t)timeout_ms;
    cli->options.connect_timeout_ms = (unsigned)timeout_ms;
    return CLI_DONE;
}

enum { OPTION_FLOW = 256, OPTION_JSON, OPTION_TIMEOUT, OPTION_TRACE };

static const struct option options[] = {
    {"port", required_argument, NULL, 'p'},
    {"baud", required_argument, NULL, 'b'},
    {"flow", required_argument, NULL, OPTION_FLOW},
    {"json", no_argument, NULL, OPTION_JSON},
    {"timeout", required_argument, NULL, OPTION_TIMEOUT},
    {"trace", required_argument, NULL, OPTION_TRACE},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

/* Takes one option. */
static int set_option(struct cli *cli, int option)
{
    switch (option) {
    case 'p':
        cli->port = optarg;
        return CLI_DONE;
    case 'b':
        return set_baud(cli, optarg);
    case OPTION_FLOW:
        return set_flow(cli, optarg);
    case OPTION_JSON:
        cli->json = true;
        return CLI_DONE;
    case OPTION_TIMEOUT:
        return set_timeout(cli, optarg);
    case OPTION_TRACE:
        cli->trace_path = optarg;
        return CLI_DONE;
    default:
        return CLI_USAGE;
    }
}

static int run_command(struct cli *cli, int argc, char **argv)
{
    const struct command *command = argc > 0 ? command_named(argv[0]) : NULL;

    if (argc == 0)
        return cli_usage(cli, "which command? See `wmat --help`");
    if (command == NULL)
        return cli_usage(cli, "there is no command '%s'; see `wmat --help`", argv[0]);
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return help_for(command);
    cli->command = command->name;
    optind = 0; /* getopt starts anew on the command's own words */
    return command->run(cli, argc, argv);
}

/* A full disk or a closed pipe shows at the last write. */
static int finish(const struct cli *cli, int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    cli_note(cli, "can't write the results: %s", strerror(errno));
    return status == CLI_DONE ? CLI_FAILED : status;
}

int main(int argc, char **argv)
{
    struct cli cli = {.port = getenv("WMAT_PORT")};
    int option;
    int status;

    opterr = 0;
    while ((option = getopt_long(argc, argv, "+p:b:hV", options, NULL)) != -1) {
        if (option == 'h')
            return finish(&cli, help());
        if (option == 'V')
            return finish(&cli, version());
        if (option == '?')
            return cli_usage(&cli, "no such option, or its value is missing: %s; see `wmat --help`",
                             argv[optind - 1]);
        status = set_option(&cli, option);
        if (status != CLI_DONE)
            return status;
    }
    return finish(&cli, run_command(&cli, argc - optind, argv + optind));
}
