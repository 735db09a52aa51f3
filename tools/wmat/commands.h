/* The commands. Each gets its own words, argv[0] being its name, and returns an exit status. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "cli.h"

int cmd_at(const struct cli *cli, int argc, char **argv);
int cmd_conform(const struct cli *cli, int argc, char **argv);
int cmd_forward(const struct cli *cli, int argc, char **argv);
int cmd_info(const struct cli *cli, int argc, char **argv);
int cmd_join(const struct cli *cli, int argc, char **argv);
int cmd_nc(const struct cli *cli, int argc, char **argv);
int cmd_ports(const struct cli *cli, int argc, char **argv);
int cmd_proxy(const struct cli *cli, int argc, char **argv);
int cmd_scan(const struct cli *cli, int argc, char **argv);
int cmd_status(const struct cli *cli, int argc, char **argv);
int cmd_trace(const struct cli *cli, int argc, char **argv);

#endif
