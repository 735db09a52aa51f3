#include "commands.h"

#include <getopt.h>
#include <stdio.h>

#include "nc.h"
#include "nc_tls.h"
#include "receive.h"

#define RING_BYTES 65536

/* What the words on the command line say. */
struct words {
    struct nc_options nc;
    struct nc_tls tls;
    struct wm_config config;
};

enum {
    OPTION_RECEIVE = 256,
    OPTION_TLS,
    OPTION_STREAM,
    OPTION_VERIFY,
    OPTION_CA, /* this and what follows belongs to a client of TLS */
    OPTION_INSECURE,
    OPTION_CERT,
    OPTION_SNI,
    OPTION_ALPN,
    OPTION_PSK,
};

static const struct option options[] = {
    {"receive", required_argument, NULL, OPTION_RECEIVE},
    {"tls", no_argument, NULL, OPTION_TLS},
    {"stream", no_argument, NULL, OPTION_STREAM},
    {"verify-clients", no_argument, NULL, OPTION_VERIFY},
    {"ca", required_argument, NULL, OPTION_CA},
    {"insecure", no_argument, NULL, OPTION_INSECURE},
    {"cert", required_argument, NULL, OPTION_CERT},
    {"sni", required_argument, NULL, OPTION_SNI},
    {"alpn", required_argument, NULL, OPTION_ALPN},
    {"psk", required_argument, NULL, OPTION_PSK},
    {0},
};

static int set_quit(const struct cli *cli, struct nc_options *nc, const char *text)
{
    unsigned long seconds;

    if (!cli_number(text, 0, 1000000, &seconds))
        return cli_usage(cli, "'%s' is no time; write seconds, as in -q 2", text);
    nc->quit_s = (int)seconds;
    return CLI_DONE;
}

static int set_tls_option(const struct cli *cli, struct nc_tls *tls, int option)
{
    tls->given = true;
    switch (option) {
    case OPTION_CA:
        return nc_tls_ca(cli, tls, optarg);
    case OPTION_CERT:
        return nc_tls_cert(cli, tls, optarg);
    case OPTION_ALPN:
        return nc_tls_alpn(cli, tls, optarg);
    case OPTION_PSK:
        return nc_tls_psk(cli, tls, optarg);
    case OPTION_SNI:
        tls->sni = optarg;
        return CLI_DONE;
    default:
        tls->insecure = true;
        return CLI_DONE;
    }
}

static int set_option(const struct cli *cli, struct words *words, int option, char **argv)
{
    if (option >= OPTION_CA)
        return set_tls_option(cli, &words->tls, option);
    switch (option) {
    case 'q':
        return set_quit(cli, &words->nc, optarg);
    case OPTION_RECEIVE:
        return receive_mode(cli, optarg, &words->config.receive);
    case 'l':
        words->nc.listen = true;
        return CLI_DONE;
    case 'k':
        words->nc.keep = true;
        return CLI_DONE;
    case 'u':
        words->nc.kind = NC_UDP;
        return CLI_DONE;
    case OPTION_TLS:
        words->nc.kind = words->nc.kind == NC_UDP ? NC_UDP : NC_TLS;
        return CLI_DONE;
    case OPTION_STREAM:
        words->nc.stream = true;
        return CLI_DONE;
    case OPTION_VERIFY:
        words->nc.verify_clients = true;
        return CLI_DONE;
    default:
        return cli_no_option(cli, argv);
    }
}

/* What does not go together. */
static int check(const struct cli *cli, const struct words *words, bool tls)
{
    const struct nc_options *nc = &words->nc;

    if (tls && nc->kind == NC_UDP)
        return cli_usage(cli, "-u and --tls do not go together: the module has no DTLS");
    if (nc->listen && nc->stream)
        return cli_usage(cli, "-l and --stream do not go together: passthrough has no server");
    if (nc->keep && (!nc->listen || nc->kind == NC_UDP))
        return cli_usage(cli, "-k goes with -l, and not with -u");
    if (words->tls.given && (!tls || nc->listen))
        return cli_usage(cli, "--ca, --insecure, --cert, --sni, --alpn and --psk go with --tls, "
                              "and not with -l");
    if (words->tls.insecure && words->tls.has_ca)
        return cli_usage(cli, "--ca and --insecure do not go together");
    if (nc->verify_clients && (!tls || !nc->listen))
        return cli_usage(cli, "--verify-clients goes with -l and --tls");
    return CLI_DONE;
}

static int set_peer(const struct cli *cli, struct nc_options *nc, int argc, char **argv)
{
    unsigned long port;

    if (argc != (nc->listen ? 1 : 2))
        return cli_usage(cli, "write: wmat [OPTIONS] nc %s; see `wmat nc --help`",
                         nc->listen ? "-l [OPTIONS] PORT" : "[OPTIONS] HOST PORT");
    if (!cli_number(argv[argc - 1], 1, 65535, &port))
        return cli_usage(cli, "'%s' is no port; it is a number from 1 to 65535", argv[argc - 1]);
    nc->host = nc->listen ? NULL : argv[0];
    nc->port = (unsigned)port;
    return CLI_DONE;
}

static int parse(const struct cli *cli, int argc, char **argv, struct words *words)
{
    bool tls = false;
    int status = CLI_DONE;
    int option;

    opterr = 0;
    while (status == CLI_DONE && (option = getopt_long(argc, argv, "q:lku", options, NULL)) != -1) {
        tls = tls || option == OPTION_TLS;
        status = set_option(cli, words, option, argv);
    }
    if (status == CLI_DONE)
        status = check(cli, words, tls);
    if (status == CLI_DONE)
        status = set_peer(cli, &words->nc, argc - optind, argv + optind);
    nc_tls_config(&words->tls, &words->nc.tls);
    return status;
}

/* Standard output carries the data. */
static void print_counts(const struct nc_counts *counts)
{
    fprintf(stderr, "{\"sent_bytes\":%llu,\"received_bytes\":%llu}\n",
            (unsigned long long)counts->sent, (unsigned long long)counts->received);
}

int cmd_nc(const struct cli *cli, int argc, char **argv)
{
    struct words words = {.nc.quit_s = NC_NEVER, .config.ring_bytes = RING_BYTES};
    struct nc_counts counts;
    struct session session;
    int status = parse(cli, argc, argv, &words);

    if (status != CLI_DONE)
        return status;
    status = session_open(&session, cli, words.config);
    if (status == CLI_DONE) {
        status = nc_run(cli, session.dev, &words.nc, &counts);
        if (cli->json)
            print_counts(&counts);
    }
    session_close(&session);
    return status;
}
