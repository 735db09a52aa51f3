/* The commands. Each gets its own words, argv[0] being its name, and returns an exit status. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <stddef.h>

#include "cli.h"

/* A command of the command line. */
struct command {
    const char *name;
    int (*run)(const struct cli *cli, int argc, char **argv);
    const char *synopsis;
    const char *summary; /* at most 28 characters: two stand on a line of `wmat --help` */
    const char *details; /* behind it in `wmat COMMAND --help`, 20 lines of 80 characters */
};

/* The i-th one; NULL behind the last. */
const struct command *command_at(size_t i);

/* NULL: there is none of that name. */
const struct command *command_named(const char *name);

int cmd_at(const struct cli *cli, int argc, char **argv);
int cmd_bench(const struct cli *cli, int argc, char **argv);
int cmd_conform(const struct cli *cli, int argc, char **argv);
int cmd_forward(const struct cli *cli, int argc, char **argv);
int cmd_info(const struct cli *cli, int argc, char **argv);
int cmd_join(const struct cli *cli, int argc, char **argv);
int cmd_leave(const struct cli *cli, int argc, char **argv);
int cmd_nc(const struct cli *cli, int argc, char **argv);
int cmd_ping(const struct cli *cli, int argc, char **argv);
int cmd_ports(const struct cli *cli, int argc, char **argv);
int cmd_proxy(const struct cli *cli, int argc, char **argv);
int cmd_resolve(const struct cli *cli, int argc, char **argv);
int cmd_scan(const struct cli *cli, int argc, char **argv);
int cmd_shell(const struct cli *cli, int argc, char **argv);
int cmd_status(const struct cli *cli, int argc, char **argv);
int cmd_time(const struct cli *cli, int argc, char **argv);
int cmd_trace(const struct cli *cli, int argc, char **argv);

#endif
