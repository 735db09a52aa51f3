#include "cli.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "interrupt.h"

/* What to do about an error where the command knows nothing better. */
static const char *advice_for(int err)
{
    switch (err) {
    case WM_ERR_IO:
        return "check the cable and the power, then try again";
    case WM_ERR_TIMEOUT:
        return "try again, or give it more time with --timeout";
    case WM_ERR_BUSY:
        return "try again in a moment";
    case WM_ERR_PROTO:
        return "use --flow rtscts or a lower speed; --trace FILE records what came";
    case WM_ERR_DEVICE:
        return "check with `wmat status` that the module is joined";
    case WM_ERR_UNSUPPORTED:
        return "this firmware does not have it";
    case WM_ERR_REFUSED:
        return "check the parameters";
    case WM_ERR_CLOSED:
        return "the peer ended it";
    case WM_ERR_UNKNOWN_DELIVERY:
        return "bytes get lost on the line: use --flow rtscts or a lower speed";
    case WM_ERR_MANGLED:
        return "--receive zero-safe is slow and right for such data";
    case WM_ERR_OVERFLOW:
        return "--receive active, with --flow rtscts where it is a wire, loses nothing";
    case WM_ERR_STATE:
        return "something else goes on in the module";
    case WM_ERR_RESET:
        return "check the module's power supply, then try again";
    default:
        return "see `wmat --help`";
    }
}

static int status_of(int err)
{
    return err == WM_ERR_ARG ? CLI_USAGE : err == WM_ERR_IO ? CLI_NO_MODULE : CLI_FAILED;
}

/* "wmat: COMMAND: " and the words, without an end of line; behind the results that came before.
 * Control characters (of a host name, an SSID) are made visible. */
static void say(const struct cli *cli, const char *format, va_list args)
{
    char text[512];

    fflush(stdout);
    fprintf(stderr, "wmat: ");
    if (cli->command != NULL)
        fprintf(stderr, "%s: ", cli->command);
    vsnprintf(text, sizeof text, format, args);
    for (const char *at = text; *at != '\0'; at++)
        fprintf(stderr, iscntrl((unsigned char)*at) ? "\\x%02x" : "%c", (unsigned char)*at);
}

void cli_note(const struct cli *cli, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(cli, format, args);
    va_end(args);
    fputc('\n', stderr);
}

int cli_usage(const struct cli *cli, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(cli, format, args);
    va_end(args);
    fputc('\n', stderr);
    return CLI_USAGE;
}

int cli_no_option(const struct cli *cli, char **argv)
{
    return cli_usage(cli,
                     "no such option, or its value is missing: %s; options of wmat itself stand "
                     "before the command, `wmat %s --help` lists its own",
                     argv[optind - 1], cli->command);
}

/* Did the module have a say in it? Then its words belong to it. */
static bool from_module(int err)
{
    return err == WM_ERR_DEVICE || err == WM_ERR_UNSUPPORTED || err == WM_ERR_REFUSED ||
           err == WM_ERR_TIMEOUT;
}

int cli_fail(const struct cli *cli, struct wm_device *dev, int err, const char *advice,
             const char *format, ...)
{
    char detail[WM_DETAIL_MAX] = "";
    va_list args;

    if (err == WM_ERR_CANCELLED && interrupt_signal() != 0)
        return CLI_SIGNAL + interrupt_signal();
    if (dev != NULL && from_module(err))
        wm_last_detail(dev, detail, sizeof detail);
    va_start(args, format);
    say(cli, format, args);
    va_end(args);
    fprintf(stderr, ": %s: %s%s%s%s; %s\n", wm_err_text(err), wm_err_name(err), *detail ? " (" : "",
            detail, *detail ? ")" : "", advice ? advice : advice_for(err));
    return status_of(err);
}

bool cli_number(const char *text, unsigned long min, unsigned long max, unsigned long *number)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    *number = strtoul(text, &end, 10);
    return errno == 0 && *end == '\0' && *number >= min && *number <= max;
}

int cli_words(const struct cli *cli, int argc, int min, int max, const char *synopsis)
{
    if (argc - 1 >= min && argc - 1 <= max)
        return CLI_DONE;
    return cli_usage(cli, "too %s words; write: wmat [OPTIONS] %s", argc - 1 < min ? "few" : "many",
                     synopsis);
}
