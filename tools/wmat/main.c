/* wmat: a W800 module from the command line. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "commands.h"

static const struct command {
    const char *name;
    int (*run)(const struct cli *cli, int argc, char **argv);
    const char *synopsis;
    const char *summary;
} commands[] = {
    {"ports", cmd_ports, "ports", "list the serial ports of this machine"},
    {"info", cmd_info, "info", "what the module is and how it is set"},
    {"at", cmd_at, "at CMD...", "send AT commands, print what the module answers"},
    {"scan", cmd_scan, "scan", "list the access points in reach"},
    {"join", cmd_join, "join SSID [PASSWORD]",
     "join an access point; PASSWORD - reads standard input"},
    {"status", cmd_status, "status", "Wi-Fi, addresses and links"},
    {"nc", cmd_nc, "nc [-q SECONDS] [--receive MODE] HOST PORT",
     "TCP to standard input and output"},
    {"forward", cmd_forward, "forward [-q SECONDS] LOCAL HOST PORT",
     "local connections to one peer through the module"},
    {"proxy", cmd_proxy, "proxy [OPTIONS] [ADDR:PORT]",
     "a SOCKS5 proxy whose way leads through the module"},
    {"conform", cmd_conform, "conform [OPTIONS]",
     "play the test cases on a module, say what deviates"},
    {"trace", cmd_trace, "trace show|stats|html FILE",
     "print a recorded trace, count or draw what is in it"},
};

static const char help_head[] = "usage: wmat [-p PORT] [-b BAUD] [--flow rtscts] [--json] "
                                "[--timeout MS] [--trace FILE] COMMAND\n"
                                "\n";

static const char help_tail[] =
    "\n"
    "  -p, --port PORT   serial port, pty, tcp://HOST:PORT, or sim: for a built-in virtual "
    "module;\n"
    "                    the default is $WMAT_PORT\n"
    "  -b, --baud BAUD   speed in bits a second, 115200 by default\n"
    "  --flow rtscts     hardware flow control, where both wires are there\n"
    "  --json            results as one JSON object a line\n"
    "  --timeout MS      longest time for the module and for each call\n"
    "  --trace FILE      record what passes on the line; `wmat trace show FILE` prints it\n"
    "  -h, --help        this text\n"
    "  -V, --version     the version\n"
    "\n"
    "nc:\n"
    "  -q SECONDS        end that long after the end of the input; by default when the peer "
    "closes\n"
    "  --receive MODE    passive, the default: nothing is lost without flow control;\n"
    "                    active: the module sends at once; zero-safe: right for zero bytes,\n"
    "                    which some modules swallow, and slow there\n"
    "\n"
    "forward, proxy:\n"
    "  LOCAL, ADDR:PORT  where to listen: [ADDR:]PORT; 127.0.0.1, and 1080 for the proxy, unless "
    "told\n"
    "                    otherwise; port 0 is any, `ready ADDR:PORT` says which\n"
    "  -q SECONDS        end a connection whose local side has ended when nothing came for so "
    "long; 30\n"
    "  --receive MODE    as nc's\n"
    "  --user NAME, --password-file FILE  who may use the proxy; FILE's first line\n"
    "\n"
    "trace:\n"
    "  -o OUT            where html writes its page; standard output by default\n"
    "\n"
    "conform:\n"
    "  --dialect D       manual, w800 or auto, the default: what the module speaks\n"
    "  --only GLOB       the cases with such names; --list prints them all\n"
    "  --peer ADDRESS    this host, as the module reaches it; 127.0.0.1 by default\n"
    "  --virtual         the module is a virtual one: it may be restarted, joined and restored\n"
    "  --ssid S, --password P  access point of a virtual module, wmat by default\n"
    "  --port-offset N   what a virtual module adds to its servers' ports\n"
    "  --junit FILE, --report FILE.md  results as JUnit XML; which quirks the module shows\n"
    "\n"
    "exit status: 0 done, 1 the module or the network said no, 2 usage, 3 no module\n";

static int help(void)
{
    fputs(help_head, stdout);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        printf("  %-43s %s\n", commands[i].synopsis, commands[i].summary);
    fputs(help_tail, stdout);
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
    if (argc == 0)
        return cli_usage(cli, "which command? See `wmat --help`");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i].name, argv[0]) == 0) {
            cli->command = commands[i].name;
            optind = 0; /* getopt starts anew on the command's own words */
            return commands[i].run(cli, argc, argv);
        }
    }
    return cli_usage(cli, "there is no command '%s'; see `wmat --help`", argv[0]);
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
            return help();
        if (option == 'V')
            return version();
        if (option == '?')
            return cli_usage(&cli, "no such option, or its value is missing: %s; see `wmat --help`",
                             argv[optind - 1]);
        status = set_option(&cli, option);
        if (status != CLI_DONE)
            return status;
    }
    return finish(&cli, run_command(&cli, argc - optind, argv + optind));
}
