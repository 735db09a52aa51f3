/* Names, and who answers for them. */
#include "commands.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "interrupt.h"
#include "interrupt.h"
#include "record.h"
#include "work.h"

#define PAUSE_MS 1000 /* between two pings */

static int resolve_failed(const struct cli *cli, struct wm_device *dev, int err, const char *name)
{
    const char *advice = NULL;

    if (err == WM_ERR_ARG)
        advice = "a name has 1 to 230 characters and no line end";
    else if (err == WM_ERR_DEVICE || err == WM_ERR_REFUSED)
        advice = "is there such a name, and is the module joined (`wmat status`)?";
    return cli_fail(cli, dev, err, advice, "can't find '%s'", name);
}

/* The address of a name; an address is its own. Returns 0 or an error. */
static int find(const struct cli *cli, struct wm_device *dev, const char *name, char ip[WM_IP_SIZE])
{
    unsigned char bytes[sizeof(struct in6_addr)];
    struct wm_op op;
    int err;

    if (inet_pton(AF_INET, name, bytes) == 1 || inet_pton(AF_INET6, name, bytes) == 1) {
        snprintf(ip, WM_IP_SIZE, "%s", name);
        return 0;
    }
    err = wm_resolve_prepare(&op, name, WM_PREFER_DEFAULT, ip);
    return err < 0 ? err : work_run(cli, dev, &op, "looking the name up");
}

static int resolve(const struct cli *cli, struct wm_device *dev, const char *name)
{
    char ip[WM_IP_SIZE];
    int err = find(cli, dev, name, ip);
    cJSON *record;

    if (err < 0)
        return resolve_failed(cli, dev, err, name);
    if (!cli->json) {
        puts(ip);
        return CLI_DONE;
    }
    record = cJSON_CreateObject();
    record_add(record, "name", name);
    record_add(record, "ip", ip);
    record_print_json(record);
    return CLI_DONE;
}

int cmd_resolve(const struct cli *cli, int argc, char **argv)
{
    struct session session;
    int status = cli_words(cli, argc, 1, 1, "resolve NAME");

    if (status != CLI_DONE)
        return status;
    status = session_attach(&session, cli);
    if (status == CLI_DONE)
        status = resolve(cli, session.dev, argv[1]);
    session_close(&session);
    return status;
}

/* What came of all pings. */
struct pings {
    const char *host;
    char ip[WM_IP_SIZE];
    unsigned long sent, answered, sum_ms;
    int min_ms, max_ms;
};

static void count_answer(struct pings *pings, int time_ms)
{
    pings->answered++;
    pings->sum_ms += (unsigned long)time_ms;
    pings->min_ms = time_ms < pings->min_ms ? time_ms : pings->min_ms;
    pings->max_ms = time_ms > pings->max_ms ? time_ms : pings->max_ms;
}

/* time_ms < 0: no answer came. */
static void print_ping(const struct cli *cli, const struct pings *pings, int time_ms)
{
    cJSON *record;

    if (!cli->json && time_ms < 0)
        printf("no answer from %s: seq=%lu\n", pings->ip, pings->sent);
    else if (!cli->json)
        printf("answer from %s: seq=%lu time=%d ms\n", pings->ip, pings->sent, time_ms);
    if (cli->json) {
        record = cJSON_CreateObject();
        record_add(record, "ip", pings->ip);
        cJSON_AddNumberToObject(record, "seq", (double)pings->sent);
        cJSON_AddBoolToObject(record, "answered", time_ms >= 0);
        if (time_ms >= 0)
            cJSON_AddNumberToObject(record, "time_ms", time_ms);
        record_print_json(record);
    }
    fflush(stdout);
}

static void summary_json(const struct pings *pings)
{
    cJSON *record = cJSON_CreateObject();

    record_add(record, "host", pings->host);
    cJSON_AddNumberToObject(record, "sent", (double)pings->sent);
    cJSON_AddNumberToObject(record, "received", (double)pings->answered);
    if (pings->answered > 0) {
        cJSON_AddNumberToObject(record, "min_ms", pings->min_ms);
        cJSON_AddNumberToObject(record, "avg_ms", (double)(pings->sum_ms / pings->answered));
        cJSON_AddNumberToObject(record, "max_ms", pings->max_ms);
    }
    record_print_json(record);
}

static void summary_text(const struct pings *pings)
{
    printf("--- %s: %lu sent, %lu received, %lu%% lost", pings->host, pings->sent, pings->answered,
           (pings->sent - pings->answered) * 100 / pings->sent);
    if (pings->answered > 0)
        printf(", min/avg/max %d/%lu/%d ms", pings->min_ms, pings->sum_ms / pings->answered,
               pings->max_ms);
    putchar('\n');
}

/* One echo. Returns what wm_ping returns; an answer or the lack of one is printed and counted. */
static int ping_once(const struct cli *cli, struct wm_device *dev, struct pings *pings)
{
    struct wm_op op;
    int result = wm_ping_prepare(&op, pings->ip);

    if (result == 0)
        result = work_run(cli, dev, &op, NULL);
    if (result < 0 && result != WM_ERR_TIMEOUT)
        return result;
    pings->sent++;
    if (result >= 0)
        count_answer(pings, result);
    print_ping(cli, pings, result);
    return result;
}

/* Ends after count of them (0: never) or a signal. Returns 0 or an error. */
static int ping_all(const struct cli *cli, struct wm_device *dev, struct pings *pings,
                    unsigned long count)
{
    int err = 0;

    while (err == 0 && (count == 0 || pings->sent < count)) {
        if (pings->sent > 0)
            err = work_sleep(cli, PAUSE_MS, NULL, 0);
        if (err == 0)
            err = ping_once(cli, dev, pings);
        if (err == WM_ERR_TIMEOUT || err > 0)
            err = 0;
    }
    return err;
}

static int ping(const struct cli *cli, struct wm_device *dev, const char *host, unsigned long count)
{
    struct pings pings = {.host = host, .min_ms = INT_MAX};
    int err = find(cli, dev, host, pings.ip);

    if (err < 0)
        return resolve_failed(cli, dev, err, host);
    err = ping_all(cli, dev, &pings, count);
    if (pings.sent > 0)
        (cli->json ? summary_json : summary_text)(&pings);
    if (err < 0 && (err != WM_ERR_CANCELLED || pings.sent == 0))
        return cli_fail(cli, dev, err,
                        err == WM_ERR_DEVICE ? "is the module joined (`wmat status`)?" : NULL,
                        "can't ping %s", host);
    if (interrupt_signal() != 0 && interrupt_signal() != SIGINT) /* Ctrl-C is how a ping ends */
        return CLI_SIGNAL + interrupt_signal();
    return pings.answered > 0 ? CLI_DONE : CLI_FAILED;
}

static int ping_options(const struct cli *cli, int argc, char **argv, unsigned long *count)
{
    int option;

    opterr = 0;
    while ((option = getopt(argc, argv, "c:")) != -1) {
        if (option == '?')
            return cli_no_option(cli, argv);
        if (!cli_number(optarg, 1, 1000000000, count))
            return cli_usage(cli, "'%s' is no count; write for instance -c 4", optarg);
    }
    return argc - optind == 1 ? CLI_DONE : cli_usage(cli, "write: wmat [OPTIONS] ping [-c N] HOST");
}

int cmd_ping(const struct cli *cli, int argc, char **argv)
{
    struct session session;
    unsigned long count = 0;
    int status = ping_options(cli, argc, argv, &count);

    if (status != CLI_DONE)
        return status;
    status = session_attach(&session, cli);
    if (status == CLI_DONE)
        status = ping(cli, session.dev, argv[optind], count);
    session_close(&session);
    return status;
}
