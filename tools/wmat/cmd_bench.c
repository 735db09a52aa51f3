#include "commands.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>

#include "bench.h"
#include "receive.h"
#include "record.h"

#define SECONDS    3
#define RING_BYTES 65536

struct words {
    const char *peer; /* NULL: is found out */
    unsigned long seconds;
    enum wm_receive receive;
};

static int parse(const struct cli *cli, int argc, char **argv, struct words *words)
{
    static const struct option options[] = {{"peer", required_argument, NULL, 'p'},
                                            {"seconds", required_argument, NULL, 's'},
                                            {"receive", required_argument, NULL, 'r'},
                                            {0}};
    int status = CLI_DONE;
    int option;

    opterr = 0;
    while (status == CLI_DONE && (option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'p')
            words->peer = optarg;
        else if (option == 's' && !cli_number(optarg, 1, 3600, &words->seconds))
            status = cli_usage(cli, "'%s' is no time; write seconds, 1 to 3600", optarg);
        else if (option == 'r')
            status = receive_mode(cli, optarg, &words->receive);
        else if (option == '?')
            status = cli_no_option(cli, argv);
    }
    if (status == CLI_DONE && optind != argc)
        status = cli_usage(cli, "write: wmat bench [--peer ADDRESS] [--seconds N] "
                                "[--receive MODE]");
    return status;
}

/* Which address of this machine does the module see? The one that the way to the module's own
 * address begins with. */
static bool find_peer(const struct cli *cli, struct wm_device *dev, struct local *local)
{
    struct wm_station_ip station;
    struct local module;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool found = fd >= 0 && wm_station_ip_get(dev, &station, cli->timeout_ms) == 0 &&
                 local_parse(station.ip, "9", &module) &&
                 connect(fd, (struct sockaddr *)&module.address, module.len) == 0;

    local->len = sizeof local->address;
    found = found && getsockname(fd, (struct sockaddr *)&local->address, &local->len) == 0;
    if (fd >= 0)
        close(fd);
    if (found)
        ((struct sockaddr_in *)&local->address)->sin_port = 0;
    else
        cli_note(cli, "which address of this machine does the module reach? Name it with --peer; "
                      "`wmat status` shows the module's own");
    return found;
}

/* Writes the address of local alone. Returns its port. */
static unsigned split(const struct local *local, char text[LOCAL_TEXT_MAX])
{
    const struct sockaddr_in *ipv4 = (const struct sockaddr_in *)&local->address;
    size_t len;

    local_print(local, text);
    len = (size_t)(strrchr(text, ':') - text);
    if (text[0] == '[') {
        memmove(text, text + 1, len - 2);
        len -= 2;
    }
    text[len] = '\0';
    return ntohs(ipv4->sin_port); /* at the same place in an IPv6 address */
}

/* Figures of a benchmark mean nothing beyond four digits or so. */
static void add_number(cJSON *record, const char *name, double number, double parts)
{
    cJSON_AddNumberToObject(record, name, (double)(long long)(number * parts + 0.5) / parts);
}

static double share(const struct bench_way *way, unsigned baud)
{
    return (double)way->bytes * 10 / way->seconds / baud; /* a byte is ten bits there */
}

/* What was not measured is left out. */
static void add_way(cJSON *record, const char *name, const struct bench_way *way, unsigned baud)
{
    cJSON *item;

    if (way->seconds <= 0)
        return;
    item = cJSON_AddObjectToObject(record, name);
    cJSON_AddNumberToObject(item, "bytes", (double)way->bytes);
    add_number(item, "seconds", way->seconds, 1000);
    add_number(item, "bytes_per_s", (double)way->bytes / way->seconds, 1);
    cJSON_AddNumberToObject(item, "wire_bytes", (double)way->wire_bytes);
    if (baud > 0)
        add_number(item, "line_share", share(way, baud), 10000);
}

static void add_rounds(cJSON *record, const struct bench *bench)
{
    cJSON *item;

    if (bench->rounds == 0)
        return;
    item = cJSON_AddObjectToObject(record, "round_trip_ms");
    cJSON_AddNumberToObject(item, "count", (double)bench->rounds);
    add_number(item, "min", bench->round_ms[0], 1000);
    add_number(item, "median", bench->round_ms[bench->rounds / 2], 1000);
    add_number(item, "max", bench->round_ms[bench->rounds - 1], 1000);
}

static void print_json(const struct bench *bench, unsigned baud)
{
    cJSON *record = cJSON_CreateObject();

    cJSON_AddStringToObject(record, "peer", bench->host);
    if (baud > 0)
        cJSON_AddNumberToObject(record, "baud", baud);
    add_way(record, "up", &bench->up, baud);
    add_way(record, "down", &bench->down, baud);
    add_rounds(record, bench);
    record_print_json(record);
}

#define NO_WIRE 1.1 /* more of a line than errors of measurement can make */

static void print_way(const char *name, const struct bench_way *way, unsigned baud)
{
    if (way->seconds <= 0)
        return;
    printf("%-15s %.1f kB/s", name, (double)way->bytes / way->seconds / 1000);
    if (baud > 0 && share(way, baud) > NO_WIRE)
        printf(", more than %u baud carry: this line is no wire", baud);
    else if (baud > 0)
        printf(", %.1f %% of the line at %u baud", share(way, baud) * 100, baud);
    printf("\n");
}

static void print_text(const struct bench *bench, unsigned baud)
{
    printf("%-15s %s port %u\n", "peer", bench->host, bench->port);
    print_way("to the peer", &bench->up, baud);
    print_way("from the peer", &bench->down, baud);
    if (bench->rounds > 0)
        printf("%-15s %.2f ms, from %.2f to %.2f (%zu times)\n", "round trip",
               bench->round_ms[bench->rounds / 2], bench->round_ms[0],
               bench->round_ms[bench->rounds - 1], bench->rounds);
}

static int measure(const struct cli *cli, struct wm_device *dev, const struct words *words,
                   struct local *local)
{
    char host[LOCAL_TEXT_MAX];
    struct bench bench = {.seconds = (unsigned)words->seconds, .host = host};
    struct wm_port_state state;
    int fd = local_listen(cli, local);
    int status;

    if (fd < 0)
        return CLI_FAILED;
    bench.port = split(local, host);
    bench.peer = bench_peer_start(fd);
    if (bench.peer == NULL)
        return cli_fail(cli, NULL, WM_ERR_NOMEM, NULL, "can't start the peer");
    status = bench_run(cli, dev, &bench);
    bench_peer_stop(bench.peer);
    wm_port_state(dev, &state);
    if (cli->json)
        print_json(&bench, state.baud);
    else
        print_text(&bench, state.baud);
    return status;
}

int cmd_bench(const struct cli *cli, int argc, char **argv)
{
    struct words words = {.seconds = SECONDS};
    struct session session;
    struct local local;
    int status = parse(cli, argc, argv, &words);

    if (status == CLI_DONE && words.peer != NULL && !local_parse(words.peer, "0", &local))
        status = cli_usage(cli,
                           "'%s' is no peer; write an address of this machine, as the module "
                           "reaches it, with or without :PORT",
                           words.peer);
    if (status != CLI_DONE)
        return status;
    status = session_open(&session, cli,
                          (struct wm_config){.receive = words.receive, .ring_bytes = RING_BYTES});
    if (status == CLI_DONE && words.peer == NULL && !find_peer(cli, session.dev, &local))
        status = CLI_FAILED;
    if (status == CLI_DONE)
        status = measure(cli, session.dev, &words, &local);
    session_close(&session);
    return status;
}
