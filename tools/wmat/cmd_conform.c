#include "commands.h"

#include <fnmatch.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "conform.h"
#include "interrupt.h"
#include "sim.h"

#define SIM_PORT "sim:"

struct wish {
    const char *only, *junit, *report, *peer, *ssid, *password;
    unsigned long port_offset;
    int dialect; /* -1: to be found out */
    bool is_virtual, list;
};

enum {
    OPTION_DIALECT = 256,
    OPTION_JSON,
    OPTION_JUNIT,
    OPTION_ONLY,
    OPTION_PEER,
    OPTION_REPORT,
    OPTION_VIRTUAL,
    OPTION_LIST,
    OPTION_SSID,
    OPTION_PASSWORD,
    OPTION_PORT_OFFSET
};

static const struct option options[] = {
    {"dialect", required_argument, NULL, OPTION_DIALECT},
    {"json", no_argument, NULL, OPTION_JSON},
    {"junit", required_argument, NULL, OPTION_JUNIT},
    {"only", required_argument, NULL, OPTION_ONLY},
    {"peer", required_argument, NULL, OPTION_PEER},
    {"report", required_argument, NULL, OPTION_REPORT},
    {"virtual", no_argument, NULL, OPTION_VIRTUAL},
    {"list", no_argument, NULL, OPTION_LIST},
    {"ssid", required_argument, NULL, OPTION_SSID},
    {"password", required_argument, NULL, OPTION_PASSWORD},
    {"port-offset", required_argument, NULL, OPTION_PORT_OFFSET},
    {"port", required_argument, NULL, 'p'},
    {0},
};

static int set_dialect(const struct cli *cli, struct wish *wish, const char *name)
{
    if (strcmp(name, "auto") == 0) {
        wish->dialect = -1;
        return CLI_DONE;
    }
    for (int i = 0; i < TRANSCRIPT_DIALECTS; i++) {
        if (strcmp(name, transcript_dialects[i]) == 0) {
            wish->dialect = i;
            return CLI_DONE;
        }
    }
    return cli_usage(cli, "'%s' is no dialect; write --dialect manual, w800 or auto", name);
}

static int set_option(struct cli *cli, struct wish *wish, int option)
{
    switch (option) {
    case OPTION_DIALECT:
        return set_dialect(cli, wish, optarg);
    case OPTION_JSON:
        cli->json = true;
        return CLI_DONE;
    case OPTION_JUNIT:
        wish->junit = optarg;
        return CLI_DONE;
    case OPTION_ONLY:
        wish->only = optarg;
        return CLI_DONE;
    case OPTION_PEER:
        wish->peer = optarg;
        return CLI_DONE;
    case OPTION_REPORT:
        wish->report = optarg;
        return CLI_DONE;
    case OPTION_VIRTUAL:
        wish->is_virtual = true;
        return CLI_DONE;
    case OPTION_LIST:
        wish->list = true;
        return CLI_DONE;
    case OPTION_SSID:
        wish->ssid = optarg;
        return CLI_DONE;
    case OPTION_PASSWORD:
        wish->password = optarg;
        return CLI_DONE;
    case OPTION_PORT_OFFSET:
        if (!cli_number(optarg, 0, 64000, &wish->port_offset))
            return cli_usage(cli, "'%s' is no offset; write 0 to 64000", optarg);
        return CLI_DONE;
    case 'p':
        cli->port = optarg;
        return CLI_DONE;
    default:
        return cli_usage(cli, "no such option, or its value is missing; see `wmat --help`");
    }
}

static int read_words(struct cli *cli, struct wish *wish, int argc, char **argv)
{
    int option, status = CLI_DONE;

    while (status == CLI_DONE && (option = getopt_long(argc, argv, "+p:", options, NULL)) != -1)
        status = set_option(cli, wish, option);
    if (status == CLI_DONE && optind < argc)
        status = cli_usage(cli, "too many words; write: wmat [OPTIONS] conform [OPTIONS]");
    return status;
}

/* --- the cases --- */

typedef void (*case_fn)(void *user, const struct transcript *transcript);

/* Calls back for every case that is wanted, as the dialect has it. */
static void each_case(const struct wish *wish, enum transcript_dialect dialect, case_fn fn,
                      void *user)
{
    static struct transcript transcript;
    const struct transcript_reading reading = {dialect, dialect};

    for (size_t f = 0; f < transcript_file_count; f++) {
        for (unsigned n = 0; transcript_parse(&transcript, transcript_files[f].path,
                                              transcript_files[f].text, n, reading) > 0;
             n++) {
            if (transcript.holds[dialect] &&
                (wish->only == NULL || fnmatch(wish->only, transcript.name, 0) == 0))
                fn(user, &transcript);
            transcript_free(&transcript);
        }
        transcript_free(&transcript);
    }
}

static void list_case(void *user, const struct transcript *transcript)
{
    (void)user;
    printf("%s\t%s%s\t%s\n", transcript->name,
           transcript->holds[TRANSCRIPT_MANUAL] ? "manual " : "",
           transcript->holds[TRANSCRIPT_W800] ? "w800" : "", transcript->section);
}

static void list_w800_case(void *user, const struct transcript *transcript)
{
    if (!transcript->holds[TRANSCRIPT_MANUAL])
        list_case(user, transcript);
}

static int list(const struct wish *wish)
{
    if (wish->dialect >= 0) {
        each_case(wish, (enum transcript_dialect)wish->dialect, list_case, NULL);
        return CLI_DONE;
    }
    each_case(wish, TRANSCRIPT_MANUAL, list_case, NULL);
    each_case(wish, TRANSCRIPT_W800, list_w800_case, NULL);
    return CLI_DONE;
}

struct run {
    struct conform conform;
    struct conform_report report;
    struct conform_kept kept;
    FILE *deviations; /* Markdown, for the quirk report */
    char *text;
    size_t size;
};

static void play_case(void *user, const struct transcript *transcript)
{
    struct run *run = user;
    struct conform_result result;

    if (interrupt_signal() != 0)
        return; /* the module gets its settings back first */
    conform_play(&run->conform, transcript, &result);
    if (interrupt_signal() != 0) {
        conform_result_free(&result); /* a wait may have been cut short */
        return;
    }
    conform_report_case(&run->report, transcript, &result);
    if (result.verdict == CONFORM_DEVIATES && transcript->row == 0)
        fprintf(run->deviations, "- %s (%s), line %d: %s\n", transcript->name, transcript->section,
                result.line, result.why);
    if (result.verdict == CONFORM_DEVIATES && transcript->row == 0 && result.expected != NULL)
        fprintf(run->deviations, "  - expected `%s`\n  - got `%s`\n", result.expected, result.got);
    conform_result_free(&result);
}

/* --- the module --- */

static int open_port(struct run *run, struct sim **sim)
{
    const struct cli *cli = run->conform.cli;
    char detail[WM_DETAIL_MAX] = "";

    if (cli->port == NULL || *cli->port == '\0') {
        cli_note(cli, "which port? Name it with -p PORT or in $WMAT_PORT");
        return CLI_NO_MODULE;
    }
    if (strcmp(cli->port, SIM_PORT) == 0)
        *sim = sim_open(&run->conform.line.port, detail, sizeof detail);
    else
        wm_transport_open(&run->conform.line.port, cli->port, &cli->options, detail, sizeof detail);
    if (run->conform.line.port == NULL) {
        cli_note(cli, "%s: %s", cli->port, detail);
        return CLI_NO_MODULE;
    }
    if (cli->trace_path != NULL)
        run->conform.line.trace = trace_open(cli->trace_path, NULL);
    return CLI_DONE;
}

static bool begin(struct run *run, const struct wish *wish)
{
    struct conform *conform = &run->conform;

    conform->dialect =
        wish->dialect < 0 ? TRANSCRIPT_MANUAL : (enum transcript_dialect)wish->dialect;
    conform->is_virtual = wish->is_virtual;
    conform->ssid = wish->ssid;
    conform->password = wish->password;
    conform->net.peer = wish->peer;
    conform->net.loopback = strncmp(wish->peer, "127.", 4) == 0;
    conform->net.port_offset = (unsigned)wish->port_offset;
    if (!conform_find(conform, wish->dialect < 0)) {
        cli_note(conform->cli, "no module answers at %s; check power, wiring and speed (-b)",
                 conform->cli->port);
        return false;
    }
    conform_keep(conform, &run->kept);
    interrupt_catch();
    if (!conform->is_virtual)
        conform_command(&conform->line, "AT+SYSSTORE=0", NULL, 0, 1000);
    conform_look(conform);
    return true;
}

static int play(struct run *run, const struct wish *wish)
{
    unsigned changed;
    bool written, none;

    if (!conform_report_open(&run->report, run->conform.cli, wish->junit))
        return CLI_USAGE;
    run->deviations = open_memstream(&run->text, &run->size);
    each_case(wish, run->conform.dialect, play_case, run);
    fclose(run->deviations);
    written = wish->report == NULL || interrupt_signal() != 0 ||
              conform_rows(&run->conform, wish->report, run->text);
    free(run->text);
    none = run->report.counts[0] + run->report.counts[1] + run->report.counts[2] == 0;
    if (none && interrupt_signal() == 0)
        cli_note(run->conform.cli, "no case of this dialect has such a name; see --list");
    changed = conform_give_back(&run->conform, &run->kept);
    written = conform_report_close(&run->report) && written;
    if (interrupt_signal() != 0)
        return CLI_SIGNAL + interrupt_signal();
    if (none)
        return CLI_USAGE;
    return written && changed == 0 && run->report.counts[CONFORM_DEVIATES] == 0 ? CLI_DONE
                                                                                : CLI_FAILED;
}

int cmd_conform(const struct cli *cli, int argc, char **argv)
{
    static struct run run;
    struct cli own = *cli;
    struct wish wish = {
        .dialect = -1, .peer = "127.0.0.1", .ssid = "wmat", .password = "wmat-demo-1"};
    struct sim *sim = NULL;
    int status = read_words(&own, &wish, argc, argv);

    if (status != CLI_DONE)
        return status;
    if (wish.list)
        return list(&wish);
    run.conform.cli = &own;
    status = open_port(&run, &sim);
    wish.is_virtual = wish.is_virtual || sim != NULL;
    if (status == CLI_DONE)
        status = begin(&run, &wish) ? play(&run, &wish) : CLI_NO_MODULE;
    if (run.conform.line.port != NULL)
        run.conform.line.port->ops->close(run.conform.line.port);
    trace_close(run.conform.line.trace);
    sim_close(sim);
    return status;
}
