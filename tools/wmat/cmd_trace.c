#include "commands.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "trace.h"

int cmd_trace(const struct cli *cli, int argc, char **argv)
{
    unsigned long bad;
    FILE *file;

    if (argc != 3 || strcmp(argv[1], "show") != 0)
        return cli_usage(cli, "write: wmat trace show FILE");
    file = fopen(argv[2], "re");
    if (file == NULL)
        return cli_usage(cli, "can't read %s: %s", argv[2], strerror(errno));
    bad = trace_show(file, stdout);
    fclose(file);
    if (bad == 0)
        return CLI_DONE;
    return cli_usage(cli,
                     "line %lu of %s is not part of a trace of wmat (those of w800-sim are "
                     "JSON lines to read as they are)",
                     bad, argv[2]);
}
