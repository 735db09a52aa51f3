#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "record.h"

static void print_line(void *user, const char *text, size_t len)
{
    (void)user;
    fwrite(text, 1, len, stdout);
    putchar('\n');
}

static void collect_line(void *user, const char *text, size_t len)
{
    cJSON_AddItemToArray(user, record_bytes(text, len));
}

/* The final result as the module said it; NULL when it was none of these. */
static const char *final_result(int err)
{
    switch (err) {
    case 0:
        return "OK";
    case WM_ERR_DEVICE:
        return "ERROR";
    case WM_ERR_UNSUPPORTED:
        return "CMD FORMAT ERR";
    case WM_ERR_REFUSED:
        return "CMD PARSE ERR";
    default:
        return NULL;
    }
}

static int send_text(const struct cli *cli, struct wm_device *dev, const char *command)
{
    int err = wm_at(dev, command, print_line, NULL, cli->timeout_ms);

    if (final_result(err) != NULL)
        puts(final_result(err));
    return err;
}

static int send_json(const struct cli *cli, struct wm_device *dev, const char *command)
{
    cJSON *record = cJSON_CreateObject();
    cJSON *lines;
    int err;

    record_add(record, "command", command);
    lines = cJSON_AddArrayToObject(record, "lines");
    err = wm_at(dev, command, collect_line, lines, cli->timeout_ms);
    if (final_result(err) != NULL)
        record_add(record, "result", final_result(err));
    record_print_json(record);
    return err;
}

/* A result of the module's needs no more words than its own. */
static int send_one(const struct cli *cli, struct wm_device *dev, const char *command)
{
    int err = (cli->json ? send_json : send_text)(cli, dev, command);

    if (err == WM_ERR_ARG)
        return cli_fail(
            cli, dev, err,
            "it must start with AT, have at most 254 bytes and move no payload (`wmat nc` does)",
            "can't send '%s'", command);
    if (final_result(err) == NULL)
        return cli_fail(cli, dev, err, NULL, "%s", command);
    return err == 0 ? CLI_DONE : CLI_FAILED;
}

int cmd_at(const struct cli *cli, int argc, char **argv)
{
    struct session session;
    int status = cli_words(cli, argc, 1, argc, "at CMD...");

    if (status != CLI_DONE)
        return status;
    status = session_attach(&session, cli);
    for (int i = 1; i < argc && status == CLI_DONE; i++)
        status = send_one(cli, session.dev, argv[i]);
    session_close(&session);
    return status;
}
