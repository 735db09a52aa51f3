#include "commands.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "record.h"
#include "work.h"

#define WAIT_MS 30000 /* for a first answer of the servers; the module asks again and again */
#define LOOK_MS 200

/* Sees to it that the module asks somebody. server NULL: whom it asks already, or its own ones. */
static int configure(const struct cli *cli, struct wm_device *dev, const char *server)
{
    struct wm_sntp sntp;
    int err;

    if (server != NULL && (*server == '\0' || strlen(server) >= sizeof sntp.servers[0]))
        return WM_ERR_ARG;
    err = wm_sntp_get(dev, &sntp, cli->timeout_ms);
    if (err < 0 || (server == NULL && sntp.enabled))
        return err;
    sntp.enabled = true;
    if (server != NULL) {
        memset(sntp.servers, 0, sizeof sntp.servers);
        snprintf(sntp.servers[0], sizeof sntp.servers[0], "%s", server);
    }
    return wm_sntp_set(dev, &sntp, cli->timeout_ms);
}

static int ask_time(const struct cli *cli, struct wm_device *dev, struct wm_time *now)
{
    struct wm_op op;
    int err = wm_time_prepare(&op, now);

    return err < 0 ? err : work_run(cli, dev, &op, NULL);
}

static int wait_for_time(const struct cli *cli, struct wm_device *dev, struct wm_time *now)
{
    const int64_t limit_ms = cli->timeout_ms ? cli->timeout_ms : WAIT_MS;
    const int64_t since_ms = work_now_ms();
    int err = ask_time(cli, dev, now);

    while (err == 0 && !now->known) {
        err = work_sleep(cli, LOOK_MS, "waiting for the servers", since_ms);
        if (err == 0)
            err = ask_time(cli, dev, now);
        if (err == 0 && !now->known && work_now_ms() - since_ms >= limit_ms)
            err = WM_ERR_TIMEOUT;
    }
    work_hide();
    return err;
}

/* As the module shows it, in its zone: of that AT+CIPSNTPCFG? may tell whole hours alone, so it is
 * not printed. */
static void print_time(const struct cli *cli, const struct wm_time *now)
{
    char text[80];
    cJSON *record;

    snprintf(text, sizeof text, "%04d-%02d-%02d%c%02d:%02d:%02d", now->year, now->month, now->day,
             cli->json ? 'T' : ' ', now->hour, now->minute, now->second);
    if (!cli->json) {
        puts(text);
        return;
    }
    record = cJSON_CreateObject();
    record_add(record, "time", text);
    record_print_json(record);
}

static int time_failed(const struct cli *cli, struct wm_device *dev, int err)
{
    const char *advice = NULL;

    if (err == WM_ERR_ARG)
        advice = "a server has 1 to 64 characters and no line end";
    else if (err == WM_ERR_TIMEOUT)
        advice = "is the module joined (`wmat status`), and does the server answer? "
                 "--server NAME asks another";
    return cli_fail(cli, err == WM_ERR_TIMEOUT ? NULL : dev, err, advice, "the clock is not set");
}

static int set_clock(const struct cli *cli, struct wm_device *dev, const char *server)
{
    struct wm_time now;
    int err = configure(cli, dev, server);

    if (err == 0)
        err = wait_for_time(cli, dev, &now);
    if (err < 0)
        return time_failed(cli, dev, err);
    print_time(cli, &now);
    return CLI_DONE;
}

static int parse(const struct cli *cli, int argc, char **argv, const char **server)
{
    static const struct option options[] = {{"server", required_argument, NULL, 's'}, {0}};
    int option;

    opterr = 0;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option != 's')
            return cli_no_option(cli, argv);
        *server = optarg;
    }
    return optind == argc ? CLI_DONE
                          : cli_usage(cli, "too many words; write: wmat [OPTIONS] time "
                                           "[--server NAME]");
}

int cmd_time(const struct cli *cli, int argc, char **argv)
{
    struct session session;
    const char *server = NULL;
    int status = parse(cli, argc, argv, &server);

    if (status != CLI_DONE)
        return status;
    status = session_attach(&session, cli);
    if (status == CLI_DONE)
        status = set_clock(cli, session.dev, server);
    session_close(&session);
    return status;
}
