/* w800-sim: a W800 module without hardware (wmfw/linux.h does the work). */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <wmfw/linux.h>

enum { EXIT_USAGE = 2, APS_MAX = 16, COUNT_MAX = 250 };

static const char help[] =
    "Usage: w800-sim [OPTION]...\n"
    "A virtual W800 Wi-Fi module: the AT firmware on this machine's network. Prints `ready PATH` "
    "when PATH\n"
    "can be opened as its serial line.\n"
    "\n"
    "Serial line (a pseudo terminal unless told otherwise)\n"
    "  --link PATH           make the symbolic link PATH to the pseudo terminal\n"
    "  --listen HOST:PORT    offer it over TCP, to one host at a time; port 0: a free one for "
    "each\n"
    "  --stdio               use standard input and output\n"
    "  --count N             run N modules: PATH0, PATH1, ... or PORT, PORT+1, ...\n"
    "  --baud N              be as fast as that line, 8N1 (0: as fast as it goes); with it a host "
    "on\n"
    "                        the pty has to set the same speed\n"
    "  --flow none|rtscts    with --baud: lose what overruns the receive buffer (none), or stop "
    "the\n"
    "                        host\n"
    "  --dialect manual|w800 do what the specification says (manual), or what a module with the "
    "vendor's\n"
    "                        firmware 2.2-beta.2 does (w800)\n"
    "  --interleave          with --dialect w800 and --baud: the echo of a command lands in a "
    "frame that\n"
    "                        is on its way out, as --seed has it\n"
    "\n"
    "Radio and network\n"
    "  --ap SSID[,PASSWORD]  an access point; repeatable; without it there is one: "
    "wmat,wmat-demo-1\n"
    "  --join SSID           start joined to it, with an address\n"
    "  --address ADDR        station address of the first module (127.87.0.1)\n"
    "  --multicast6 IFACE    join IPv6 groups there (Linux has no way to them over loopback); "
    "without\n"
    "                        it a link to one is ERROR. No datagram leaves this machine\n"
    "  --port-offset N       add N to every port that AT+CIPSERVER opens\n"
    "  --certs DIR           certificates: ca<N>.pem, cert<N>.pem, key<N>.pem, server_cert.pem,\n"
    "                        server_key.pem, server_ca.pem\n"
    "  --resolver ADDR[:PORT] ask this name server instead of the host's\n"
    "  --ntp-port N          the port of SNTP servers (123)\n"
    "  --script FILE         let things happen to the radio, see below\n"
    "\n"
    "Others\n"
    "  --state FILE          keep the stored settings in FILE (with --count FILE0, FILE1, ...)\n"
    "  --trace FILE          write what passes on the line, and what happens inside, as JSON "
    "lines\n"
    "  --extensions          have AT+CIPSENDL and AT+CIPSENDLCFG\n"
    "  --seed N              seed of hardware addresses and of everything that is drawn\n"
    "  -h, --help, --version\n"
    "\n"
    "Script: one event a line, MS [module K] EVENT; MS since the start, K from 0 (without it: "
    "every "
    "module),\n"
    "# starts a comment line.\n"
    "  ap-gone SSID          an access point is out of reach\n"
    "  ap-back SSID          ... and back again\n"
    "  address-delay MS      the DHCP answer comes so long after a join; never: not at all\n"
    "  station-joins MAC     a station joins the module's own access point (AT+CWMODE=2 or 3)\n"
    "  station-leaves MAC    ... and leaves it\n"
    "  reset                 the module's power is off for a moment\n"
    "\n"
    "Exit status: 0 done, 1 it could not run, 2 usage.\n";

enum option_id {
    OPT_LINK = 256,
    OPT_LISTEN,
    OPT_STDIO,
    OPT_COUNT,
    OPT_BAUD,
    OPT_FLOW,
    OPT_DIALECT,
    OPT_INTERLEAVE,
    OPT_AP,
    OPT_JOIN,
    OPT_ADDRESS,
    OPT_MULTICAST6,
    OPT_PORT_OFFSET,
    OPT_CERTS,
    OPT_RESOLVER,
    OPT_NTP_PORT,
    OPT_EXTENSIONS,
    OPT_SCRIPT,
    OPT_STATE,
    OPT_TRACE,
    OPT_SEED,
    OPT_HELP,
    OPT_VERSION,
};

static const struct option long_options[] = {
    {"link", required_argument, NULL, OPT_LINK},
    {"listen", required_argument, NULL, OPT_LISTEN},
    {"stdio", no_argument, NULL, OPT_STDIO},
    {"count", required_argument, NULL, OPT_COUNT},
    {"baud", required_argument, NULL, OPT_BAUD},
    {"flow", required_argument, NULL, OPT_FLOW},
    {"dialect", required_argument, NULL, OPT_DIALECT},
    {"interleave", no_argument, NULL, OPT_INTERLEAVE},
    {"ap", required_argument, NULL, OPT_AP},
    {"join", required_argument, NULL, OPT_JOIN},
    {"address", required_argument, NULL, OPT_ADDRESS},
    {"multicast6", required_argument, NULL, OPT_MULTICAST6},
    {"port-offset", required_argument, NULL, OPT_PORT_OFFSET},
    {"certs", required_argument, NULL, OPT_CERTS},
    {"ntp-port", required_argument, NULL, OPT_NTP_PORT},
    {"extensions", no_argument, NULL, OPT_EXTENSIONS},
    {"resolver", required_argument, NULL, OPT_RESOLVER},
    {"script", required_argument, NULL, OPT_SCRIPT},
    {"state", required_argument, NULL, OPT_STATE},
    {"trace", required_argument, NULL, OPT_TRACE},
    {"seed", required_argument, NULL, OPT_SEED},
    {"help", no_argument, NULL, OPT_HELP},
    {"version", no_argument, NULL, OPT_VERSION},
    {NULL, 0, NULL, 0},
};

struct settings {
    struct fw_linux_options options;
    struct fw_linux_ap aps[APS_MAX];
};

__attribute__((noreturn, format(printf, 1, 2))) static void usage_error(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fputs("w800-sim: ", stderr);
    vfprintf(stderr, format, args);
    fputs("\nTry 'w800-sim --help'.\n", stderr);
    va_end(args);
    exit(EXIT_USAGE);
}

static unsigned long long number_of(const char *option, const char *text, unsigned long long min,
                                    unsigned long long max)
{
    char *end;
    unsigned long long number;

    errno = 0;
    number = strtoull(text, &end, 0);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || number < min ||
        number > max) {
        usage_error("--%s takes a number from %llu to %llu, not '%s'", option, min, max, text);
    }
    return number;
}

/* SSID[,PASSWORD]: the name goes to the first comma. */
static void add_ap(struct settings *settings, char *text)
{
    struct fw_linux_ap *ap = &settings->aps[settings->options.ap_count];
    char *comma = strchr(text, ',');

    if (settings->options.ap_count == APS_MAX) {
        usage_error("there can be at most %d access points", APS_MAX);
    }
    if (comma != NULL) {
        *comma = '\0';
        ap->password = comma + 1;
    }
    ap->ssid = text;
    settings->options.aps = settings->aps;
    settings->options.ap_count++;
}

static void set_uart(struct fw_linux_options *options, enum fw_linux_uart uart)
{
    if (options->uart != FW_LINUX_PTY || options->link_path != NULL) {
        usage_error("--link, --listen and --stdio exclude each other");
    }
    options->uart = uart;
}

static enum fw_dialect dialect_of(const char *name)
{
    if (strcmp(name, "manual") != 0 && strcmp(name, "w800") != 0) {
        usage_error("unknown dialect '%s'; use --dialect manual or --dialect w800", name);
    }
    return strcmp(name, "w800") == 0 ? FW_DIALECT_W800 : FW_DIALECT_MANUAL;
}

static bool is_rtscts(const char *flow)
{
    if (strcmp(flow, "none") != 0 && strcmp(flow, "rtscts") != 0) {
        usage_error("unknown flow control '%s'; use --flow none or --flow rtscts", flow);
    }
    return strcmp(flow, "rtscts") == 0;
}

static void take_option(struct settings *settings, int option, char *value)
{
    struct fw_linux_options *options = &settings->options;

    switch (option) {
    case OPT_LINK:
        set_uart(options, FW_LINUX_PTY);
        options->link_path = value;
        break;
    case OPT_LISTEN:
        set_uart(options, FW_LINUX_LISTEN);
        options->listen = value;
        break;
    case OPT_STDIO:
        set_uart(options, FW_LINUX_STDIO);
        break;
    case OPT_COUNT:
        options->count = (unsigned)number_of("count", value, 1, COUNT_MAX);
        break;
    case OPT_BAUD:
        options->baud = (unsigned)number_of("baud", value, 0, 4000000);
        break;
    case OPT_FLOW:
        options->hold_back = is_rtscts(value);
        break;
    case OPT_DIALECT:
        options->dialect = dialect_of(value);
        break;
    case OPT_INTERLEAVE:
        options->interleave = true;
        break;
    case OPT_AP:
        add_ap(settings, value);
        break;
    case OPT_JOIN:
        options->join_ssid = value;
        break;
    case OPT_ADDRESS:
        options->address = value;
        break;
    case OPT_MULTICAST6:
        options->groups_at = value;
        break;
    case OPT_PORT_OFFSET:
        options->port_offset = (uint16_t)number_of("port-offset", value, 0, 65535);
        break;
    case OPT_CERTS:
        options->certs_path = value;
        break;
    case OPT_NTP_PORT:
        options->ntp_port = (uint16_t)number_of("ntp-port", value, 1, 65535);
        break;
    case OPT_EXTENSIONS:
        options->extensions = true;
        break;
    case OPT_RESOLVER:
        options->resolver = value;
        break;
    case OPT_SCRIPT:
        options->script_path = value;
        break;
    case OPT_STATE:
        options->state_path = value;
        break;
    case OPT_TRACE:
        options->trace_path = value;
        break;
    case OPT_SEED:
        options->seed = number_of("seed", value, 1, UINT64_MAX);
        break;
    case 'h':
    case OPT_HELP:
        fputs(help, stdout);
        exit(EXIT_SUCCESS);
    case OPT_VERSION:
        puts("w800-sim " WMAT_VERSION);
        exit(EXIT_SUCCESS);
    default: /* getopt_long has said what */
        fputs("Try 'w800-sim --help'.\n", stderr);
        exit(EXIT_USAGE);
    }
}

static void parse(struct settings *settings, int argc, char **argv)
{
    static char name[] = "w800-sim"; /* what getopt_long says comes from */
    int option;

    argv[0] = name;
    while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
        take_option(settings, option, optarg);
    }
    if (optind < argc) {
        usage_error("unexpected argument '%s'", argv[optind]);
    }
    if (settings->options.count > 1 && settings->options.uart == FW_LINUX_STDIO) {
        usage_error("--stdio has room for one module; leave out --count");
    }
    if (settings->options.interleave &&
        (settings->options.baud == 0 || settings->options.dialect != FW_DIALECT_W800)) {
        usage_error(
            "--interleave needs --dialect w800 and --baud: without a pace frames leave at once");
    }
    if (settings->options.hold_back && settings->options.baud == 0) {
        usage_error("--flow rtscts needs --baud: without a pace nothing is lost anyway");
    }
}

/* SIGINT, SIGTERM and SIGHUP as something that the event loop can wait for. */
static int signal_fd(void)
{
    sigset_t set;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Standard output is the serial line itself with --stdio. */
static void announce(const struct fw_linux *sim, const struct fw_linux_options *options)
{
    FILE *where = options->uart == FW_LINUX_STDIO ? stderr : stdout;
    const char *path;

    for (unsigned i = 0; (path = fw_linux_path(sim, i)) != NULL; i++) {
        fprintf(where, "ready %s\n", path);
    }
    fflush(where);
}

int main(int argc, char **argv)
{
    struct settings settings = {0};
    struct fw_linux *sim;
    char err[256] = "";
    int stop, result;

    parse(&settings, argc, argv);
    stop = signal_fd();
    result = fw_linux_open(&sim, &settings.options, err, sizeof err);
    if (result < 0) {
        if (result == -EINVAL) {
            usage_error("%s", err);
        }
        fprintf(stderr, "w800-sim: %s\n", err);
        return EXIT_FAILURE;
    }
    announce(sim, &settings.options);
    result = fw_linux_run(sim, stop);
    fw_linux_close(sim);
    if (result < 0) {
        fprintf(stderr, "w800-sim: %s\n", strerror(-result));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
