/* forward and proxy: what their words say. */
#include "commands.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "hub.h"
#include "receive.h"
#include "socks.h"

#define QUIT_S 30

enum { OPTION_RECEIVE = 'r', OPTION_USER = 'u', OPTION_PASSWORD = 'p' };

/* What the options say. */
struct words {
    struct hub_options hub;
    const char *password_path;
    char password[SOCKS_TEXT_MAX + 1];
};

static int set_quit(const struct cli *cli, struct hub_options *hub, const char *text)
{
    unsigned long seconds;

    if (!cli_number(text, 0, 1000000, &seconds))
        return cli_usage(cli, "'%s' is no time; write seconds, as in -q 2", text);
    hub->quit_ms = (uint32_t)seconds * 1000;
    return CLI_DONE;
}

static int set_option(const struct cli *cli, struct words *words, int option, char **argv)
{
    switch (option) {
    case 'q':
        return set_quit(cli, &words->hub, optarg);
    case OPTION_RECEIVE:
        return receive_mode(cli, optarg, &words->hub.receive);
    case OPTION_USER:
        words->hub.user = optarg;
        return CLI_DONE;
    case OPTION_PASSWORD:
        words->password_path = optarg;
        return CLI_DONE;
    default:
        return cli_no_option(cli, argv);
    }
}

static int parse(const struct cli *cli, int argc, char **argv, const struct option *options,
                 struct words *words)
{
    int status = CLI_DONE;
    int option;

    opterr = 0;
    words->hub.quit_ms = QUIT_S * 1000;
    while (status == CLI_DONE && (option = getopt_long(argc, argv, "q:", options, NULL)) != -1)
        status = set_option(cli, words, option, argv);
    return status;
}

static int set_peer(const struct cli *cli, struct hub_options *hub, char **argv)
{
    unsigned long port;

    if (!local_parse(argv[0], NULL, &hub->local))
        return cli_usage(cli,
                         "'%s' is no place to listen; write PORT, ADDRESS:PORT or [IPV6]:PORT, an "
                         "address of this machine and a port from 0 to 65535",
                         argv[0]);
    if (strlen(argv[1]) < 1 || strlen(argv[1]) > 64)
        return cli_usage(cli, "a host has 1 to 64 characters");
    if (!cli_number(argv[2], 1, 65535, &port))
        return cli_usage(cli, "'%s' is no port; it is a number from 1 to 65535", argv[2]);
    hub->host = argv[1];
    hub->port = (unsigned)port;
    return CLI_DONE;
}

int cmd_forward(const struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {{"receive", required_argument, NULL, OPTION_RECEIVE},
                                            {0}};
    struct words words = {0};
    int status = parse(cli, argc, argv, options, &words);

    if (status == CLI_DONE && argc - optind != 3)
        status =
            cli_usage(cli, "write: wmat forward [-q SECONDS] [--receive MODE] LOCAL HOST PORT, "
                           "where LOCAL is PORT or ADDRESS:PORT");
    if (status == CLI_DONE)
        status = set_peer(cli, &words.hub, argv + optind);
    return status == CLI_DONE ? hub_run(cli, &words.hub) : status;
}

/* The first line of a file. Returns CLI_DONE or CLI_USAGE. */
static int read_password(const struct cli *cli, struct words *words)
{
    FILE *file = fopen(words->password_path, "r");
    char line[SOCKS_TEXT_MAX + 3] = "";

    if (file == NULL)
        return cli_usage(cli, "can't read the password file %s", words->password_path);
    if (fgets(line, sizeof line, file) == NULL)
        line[0] = '\0';
    fclose(file);
    line[strcspn(line, "\r\n")] = '\0';
    if (strlen(line) < 1 || strlen(line) > SOCKS_TEXT_MAX)
        return cli_usage(cli, "a password has 1 to 255 bytes; %s has none in its first line",
                         words->password_path);
    strcpy(words->password, line);
    words->hub.password = words->password;
    return CLI_DONE;
}

static int check_user(const struct cli *cli, struct words *words)
{
    if ((words->hub.user == NULL) != (words->password_path == NULL))
        return cli_usage(cli, "--user and --password-file go together");
    if (words->hub.user == NULL)
        return CLI_DONE;
    if (strlen(words->hub.user) < 1 || strlen(words->hub.user) > SOCKS_TEXT_MAX)
        return cli_usage(cli, "a user's name has 1 to 255 bytes");
    return read_password(cli, words);
}

static int set_local(const struct cli *cli, struct hub_options *hub, const char *text)
{
    if (!local_parse(text, "1080", &hub->local))
        return cli_usage(cli,
                         "'%s' is no place to listen; write PORT, ADDRESS, ADDRESS:PORT or "
                         "[IPV6]:PORT, an address of this machine and a port from 0 to 65535",
                         text);
    if (hub->user == NULL && !local_is_loopback(&hub->local))
        cli_note(cli, "others can reach this proxy, and there is no password: --user and "
                      "--password-file give it one");
    return CLI_DONE;
}

int cmd_proxy(const struct cli *cli, int argc, char **argv)
{
    static const struct option options[] = {
        {"receive", required_argument, NULL, OPTION_RECEIVE},
        {"user", required_argument, NULL, OPTION_USER},
        {"password-file", required_argument, NULL, OPTION_PASSWORD},
        {0}};
    struct words words = {0};
    int status = parse(cli, argc, argv, options, &words);

    if (status == CLI_DONE && argc - optind > 1)
        status = cli_usage(cli, "write: wmat proxy [-q SECONDS] [--receive MODE] [--user NAME "
                                "--password-file FILE] [ADDR:PORT]");
    if (status == CLI_DONE)
        status = check_user(cli, &words);
    if (status == CLI_DONE)
        status = set_local(cli, &words.hub, argc > optind ? argv[optind] : "127.0.0.1");
    return status == CLI_DONE ? hub_run(cli, &words.hub) : status;
}
