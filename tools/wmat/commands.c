#include "commands.h"

#include <string.h>

#define RECEIVE_HELP                                                                               \
    "  --receive MODE    passive, the default: needs no flow control, but a shipping\n"            \
    "                    module discards what is not read in time, and says so;\n"                 \
    "                    active: the module sends at once; zero-safe: right for\n"                 \
    "                    zero bytes, which some modules swallow, and slow there\n"

static const struct command commands[] = {
    {"ports", cmd_ports, "ports", "list the serial ports",
     "USB adapters with their vendor and product numbers, names and serial numbers.\n"},
    {"info", cmd_info, "info", "what the module is",
     "How fast it answers, how it departs from its manual, how it is set.\n"},
    {"at", cmd_at, "at CMD...", "send AT commands",
     "Prints what the module answers; exit status 1 at the first ERROR.\n"},
    {"scan", cmd_scan, "scan", "access points in reach", "It needs the station mode.\n"},
    {"join", cmd_join, "join SSID [PASSWORD]", "join an access point",
     "PASSWORD - reads it from standard input, where no other program sees it.\n"},
    {"leave", cmd_leave, "leave", "leave the access point",
     "The module may join it again when it restarts.\n"},
    {"status", cmd_status, "status", "Wi-Fi, addresses and links", ""},
    {"resolve", cmd_resolve, "resolve NAME", "look a name up",
     "Prints the first address, as the module's name server has it.\n"},
    {"ping", cmd_ping, "ping [-c N] HOST", "does HOST answer, how fast?",
     "  -c N              so many times; else until Ctrl-C. Once a second\n"
     "Exit status 1 where none was answered.\n"},
    {"time", cmd_time, "time [--server NAME]", "set the clock by SNTP",
     "Waits until it is set, and prints it. Servers that are set already are asked,\n"
     "else the module's own ones.\n"
     "  --server NAME     ask this one\n"},
    {"nc", cmd_nc, "nc [OPTIONS] HOST PORT; nc -l [OPTIONS] PORT", "TCP, UDP, TLS on a pipe",
     "At the end of its input it goes on receiving, because no AT command closes one\n"
     "direction alone.\n"
     "  -q SECONDS        end that long after the end of the input; by default when\n"
     "                    the peer closes, which neither -u nor --stream can see\n"
     "  -l                wait for a client; -k: for one after another, only receiving\n"
     "  -u                UDP: each piece of input is a datagram\n"
     "  --stream          passthrough: the whole line is payload\n" RECEIVE_HELP
     "  --tls             TLS; certificates are in the module and have numbers\n"
     "  --ca N            who has to have signed the server's, 0 by default\n"
     "  --insecure        anybody may be the server\n"
     "  --cert N          the module's own certificate\n"
     "  --sni NAME        the server's name, in its certificate, too; HOST by default\n"
     "  --alpn NAME,...   protocols, most wanted first\n"
     "  --psk ID:KEY      pre-shared key, in hex digits\n"
     "  --verify-clients  with -l: they need a certificate\n"},
    {"forward", cmd_forward, "forward [OPTIONS] LOCAL HOST PORT", "lead a local port to a peer",
     "Local connections go to one peer through the module.\n"
     "  LOCAL             where to listen: [ADDR:]PORT, on 127.0.0.1 unless told\n"
     "                    otherwise; port 0 is any, `ready ADDR:PORT` says which\n"
     "  -q SECONDS        end a connection whose local side has ended when nothing\n"
     "                    came for so long; 30\n" RECEIVE_HELP},
    {"proxy", cmd_proxy, "proxy [OPTIONS] [ADDR:PORT]", "a SOCKS5 proxy",
     "Local programs reach the network through the module.\n"
     "  ADDR:PORT         where to listen: [ADDR:]PORT, 127.0.0.1:1080 unless told\n"
     "                    otherwise; port 0 is any, `ready ADDR:PORT` says which\n"
     "  -q SECONDS        end a connection whose local side has ended when nothing\n"
     "                    came for so long; 30\n"
     "  --user NAME, --password-file FILE  who may use it; FILE's first line\n" RECEIVE_HELP},
    {"bench", cmd_bench, "bench [OPTIONS]", "how fast is it?",
     "Payload both ways, and round trips, against a peer that is started here.\n"
     "  --peer ADDR       where the peer listens: this host, as the module reaches it;\n"
     "                    found out where it is not given\n"
     "  --seconds N       how long to measure each way; 3\n" RECEIVE_HELP},
    {"conform", cmd_conform, "conform [OPTIONS]", "test cases: what deviates?",
     "Plays the test cases on a module and says what deviates.\n"
     "  --dialect D       manual, w800 or auto, the default: what the module speaks\n"
     "  --only GLOB       the cases with such names; --list prints them all\n"
     "  --peer ADDRESS    this host, as the module reaches it; 127.0.0.1 by default\n"
     "  --virtual         the module is a virtual one: it may be restarted, joined and\n"
     "                    restored\n"
     "  --ssid S, --password P  access point of a virtual module, wmat by default\n"
     "  --port-offset N   what a virtual module adds to its servers' ports\n"
     "  --junit FILE      write the results as JUnit XML\n"
     "  --report FILE.md  write which quirks the module shows\n"},
    {"shell", cmd_shell, "shell", "an AT console",
     "Lines go to the module, what it says is shown as it comes. help lists the\n"
     "commands, help COMMAND explains one, quit or Ctrl-D ends. Where the module\n"
     "awaits payload, lines are payload, with \\r, \\n and \\x00 to \\xff decoded.\n"
     "Reads a pipe, too: exit status 1 where something was refused.\n"},
    {"trace", cmd_trace, "trace show|stats|replay|html FILE", "show, count, draw a record",
     "What `wmat --trace FILE ...` has recorded: show prints it so that people can\n"
     "read it, stats counts, html draws it on a page. replay plays the module's part\n"
     "to the driver: exit status 1 where that writes other bytes than it did then.\n"
     "  -o OUT            where html writes its page; standard output by default\n"},
};

const struct command *command_at(size_t i)
{
    return i < sizeof commands / sizeof *commands ? &commands[i] : NULL;
}

const struct command *command_named(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}
