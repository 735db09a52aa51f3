#include "commands.h"

#include <getopt.h>
#include <stdio.h>

#include "nc.h"
#include "receive.h"

#define RING_BYTES 65536

static int set_quit(const struct cli *cli, struct nc_options *nc, const char *text)
{
    unsigned long seconds;

    if (!cli_number(text, 0, 1000000, &seconds))
        return cli_usage(cli, "'%s' is no time; write seconds, as in -q 2", text);
    nc->quit_s = (int)seconds;
    return CLI_DONE;
}

static int set_peer(const struct cli *cli, struct nc_options *nc, int argc, char **argv)
{
    unsigned long port;

    if (argc != 2)
        return cli_usage(cli, "write: wmat nc [-q SECONDS] [--receive MODE] HOST PORT");
    if (!cli_number(argv[1], 1, 65535, &port))
        return cli_usage(cli, "'%s' is no port; it is a number from 1 to 65535", argv[1]);
    nc->host = argv[0];
    nc->port = (unsigned)port;
    return CLI_DONE;
}

static int parse(const struct cli *cli, int argc, char **argv, struct nc_options *nc,
                 struct wm_config *config)
{
    static const struct option options[] = {{"receive", required_argument, NULL, 'r'}, {0}};
    int status = CLI_DONE;
    int option;

    opterr = 0;
    while (status == CLI_DONE && (option = getopt_long(argc, argv, "q:", options, NULL)) != -1) {
        if (option == 'q')
            status = set_quit(cli, nc, optarg);
        else if (option == 'r')
            status = receive_mode(cli, optarg, &config->receive);
        else
            status = cli_no_option(cli, argv);
    }
    return status != CLI_DONE ? status : set_peer(cli, nc, argc - optind, argv + optind);
}

/* Standard output carries the data. */
static void print_counts(const struct nc_counts *counts)
{
    fprintf(stderr, "{\"sent_bytes\":%llu,\"received_bytes\":%llu}\n",
            (unsigned long long)counts->sent, (unsigned long long)counts->received);
}

int cmd_nc(const struct cli *cli, int argc, char **argv)
{
    struct nc_options nc = {.quit_s = NC_NEVER};
    struct wm_config config = {.ring_bytes = RING_BYTES};
    struct nc_counts counts;
    struct session session;
    int status = parse(cli, argc, argv, &nc, &config);

    if (status != CLI_DONE)
        return status;
    status = session_open(&session, cli, config);
    if (status == CLI_DONE) {
        status = nc_run(cli, session.dev, &nc, &counts);
        if (cli->json)
            print_counts(&counts);
    }
    session_close(&session);
    return status;
}
