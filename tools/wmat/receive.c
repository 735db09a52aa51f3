#include "receive.h"

#include <string.h>

int receive_mode(const struct cli *cli, const char *text, enum wm_receive *mode)
{
    static const char *const names[] = {
        [WM_RECEIVE_PASSIVE] = "passive",
        [WM_RECEIVE_ACTIVE] = "active",
        [WM_RECEIVE_ZERO_SAFE] = "zero-safe",
    };

    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i]) == 0) {
            *mode = (enum wm_receive)i;
            return CLI_DONE;
        }
    }
    return cli_usage(cli, "'%s' is no way to receive; write passive, active or zero-safe", text);
}
