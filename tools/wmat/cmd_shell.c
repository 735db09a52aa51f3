#include "commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "shell.h"
#include "sim.h"

/* The driver looks for the module, whatever state and speed it is in, and leaves the line. */
static int find_module(const struct cli *cli, unsigned *baud, struct trace **trace)
{
    struct session session;
    struct wm_port_state state = {0};
    int status = session_attach(&session, cli);

    if (status == CLI_DONE)
        wm_port_state(session.dev, &state);
    *baud = state.baud;
    *trace = session.trace;
    session.trace = NULL;
    session_close(&session);
    return status;
}

/* No driver opens the built-in module, so the trace does not say how that was done. */
static int open_sim_trace(const struct cli *cli, struct trace **trace)
{
    if (cli->trace_path == NULL)
        return CLI_DONE;
    *trace = trace_open(cli->trace_path, NULL);
    if (*trace != NULL)
        return CLI_DONE;
    return cli_usage(cli, "can't write the trace %s: %s", cli->trace_path, strerror(errno));
}

static int open_sim(const struct cli *cli, struct shell *shell, struct sim **sim)
{
    char detail[WM_DETAIL_MAX] = "";
    int status = open_sim_trace(cli, &shell->trace);

    if (status != CLI_DONE)
        return status;
    shell_catch_signals(shell); /* in the module's thread, too */
    *sim = sim_open(&shell->port, detail, sizeof detail);
    if (*sim != NULL)
        return CLI_DONE;
    cli_note(cli, "the built-in virtual module does not start: %s", detail);
    return CLI_NO_MODULE;
}

static int open_port(const struct cli *cli, struct shell *shell)
{
    struct wm_port_options options = cli->options;
    char detail[WM_DETAIL_MAX] = "";
    unsigned baud;
    int status = find_module(cli, &baud, &shell->trace);

    if (status != CLI_DONE)
        return status;
    if (baud != 0)
        options.baud = baud;
    if (wm_transport_open(&shell->port, cli->port, &options, detail, sizeof detail) == 0)
        return CLI_DONE;
    cli_note(cli, "%s: %s", cli->port, detail);
    return CLI_NO_MODULE;
}

static int run(struct shell *shell)
{
    int status;

    shell->split = trace_split_open(5760, shell_on_item, shell);
    if (shell->split == NULL)
        return cli_fail(shell->cli, NULL, WM_ERR_NOMEM, NULL, "can't start");
    shell_catch_signals(shell);
    status = shell_run(shell);
    trace_split_close(shell->split);
    return status;
}

int cmd_shell(const struct cli *cli, int argc, char **argv)
{
    struct shell shell = {.cli = cli, .interactive = isatty(STDIN_FILENO)};
    struct sim *sim = NULL;
    int status = cli_words(cli, argc, 0, 0, "shell");

    (void)argv;
    if (status != CLI_DONE)
        return status;
    if (cli->port != NULL && strcmp(cli->port, "sim:") == 0)
        status = open_sim(cli, &shell, &sim);
    else
        status = open_port(cli, &shell);
    if (status == CLI_DONE)
        status = run(&shell);
    if (shell.port != NULL)
        shell.port->ops->close(shell.port);
    sim_close(sim);
    trace_close(shell.trace);
    return status;
}
