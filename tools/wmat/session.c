#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sim.h"
#include "trace.h"

/* The port of the built-in virtual module. */
#define SIM_PORT "sim:"

#define OPEN_MS 15000 /* wm_open's own default */

static int no_port(const struct cli *cli)
{
    cli_note(cli,
             "which port? Name it with -p PORT or in $WMAT_PORT; `wmat ports` lists the ports of "
             "this machine, `-p sim:` is a built-in virtual module");
    return CLI_NO_MODULE;
}

static int no_module(const struct cli *cli, int err, const char *detail)
{
    bool named = strstr(detail, cli->port) != NULL;

    if (*detail)
        cli_note(cli, "%s%s%s [%s]", named ? "" : cli->port, named ? "" : ": ", detail,
                 wm_err_name(err));
    else
        cli_fail(cli, NULL, err,
                 "check power, wiring and speed (-b), and that it runs an AT firmware",
                 "no module answers at %s", cli->port);
    return CLI_NO_MODULE;
}

static int open_trace(struct session *session, const struct cli *cli,
                      const struct wm_config *config)
{
    const struct trace_head head = {.baud = strcmp(cli->port, SIM_PORT) == 0 ? 0
                                            : cli->options.baud              ? cli->options.baud
                                                                             : 115200,
                                    .rtscts = cli->options.flow == WM_FLOW_RTSCTS,
                                    .attach = config->attach,
                                    .receive = config->receive,
                                    .ring_bytes =
                                        config->ring_bytes ? (unsigned)config->ring_bytes : 16384,
                                    .timeout_ms = cli->timeout_ms};

    if (cli->trace_path == NULL)
        return CLI_DONE;
    session->trace = trace_open(cli->trace_path, &head);
    if (session->trace != NULL)
        return CLI_DONE;
    return cli_usage(cli, "can't write the trace %s: %s", cli->trace_path, strerror(errno));
}

static int open_sim(struct session *session, const struct cli *cli, struct wm_config *config)
{
    char detail[WM_DETAIL_MAX] = "";

    if (strcmp(cli->port, SIM_PORT) != 0)
        return CLI_DONE;
    session->sim = sim_open(&config->transport, detail, sizeof detail);
    if (session->sim != NULL)
        return CLI_DONE;
    cli_note(cli, "the built-in virtual module does not start: %s", detail);
    return CLI_NO_MODULE;
}

static int open_device(struct session *session, const struct cli *cli, struct wm_config *config)
{
    char detail[WM_DETAIL_MAX] = "";
    int err;

    config->port = cli->port;
    config->options = cli->options;
    config->open_timeout_ms = cli->timeout_ms;
    config->detail = detail;
    config->detail_size = sizeof detail;
    if (session->trace != NULL) {
        config->trace = trace_write;
        config->trace_user = session->trace;
    }
    err = wm_open(&session->dev, config);
    if (err == 0 && config->loop) /* it has only opened the port */
        err = wm_probe(session->dev, cli->timeout_ms ? cli->timeout_ms : OPEN_MS);
    return err < 0 ? no_module(cli, err, detail) : CLI_DONE;
}

int session_open(struct session *session, const struct cli *cli, struct wm_config config)
{
    int status;

    *session = (struct session){0};
    if (cli->port == NULL || *cli->port == '\0')
        return no_port(cli);
    status = open_trace(session, cli, &config);
    if (status == CLI_DONE)
        status = open_sim(session, cli, &config);
    if (status == CLI_DONE)
        status = open_device(session, cli, &config);
    return status;
}

int session_attach(struct session *session, const struct cli *cli)
{
    return session_open(session, cli, (struct wm_config){.attach = true});
}

void session_close(struct session *session)
{
    wm_close(session->dev);
    sim_close(session->sim);
    trace_close(session->trace);
}

int session_ask(const struct cli *cli, int argc, const char *usage,
                int (*ask)(const struct cli *cli, struct wm_device *dev))
{
    struct session session;
    int status = cli_words(cli, argc, 0, 0, usage);

    if (status != CLI_DONE)
        return status;
    status = session_attach(&session, cli);
    if (status == CLI_DONE)
        status = ask(cli, session.dev);
    session_close(&session);
    return status;
}
