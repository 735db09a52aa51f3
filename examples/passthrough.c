/* Passthrough: standard input goes to a TCP server, what comes back to standard output, with no
 * commands in between. A stream has no end of file: it ends when standard input has, and QUIET_MS
 * have passed without a byte. The module must have joined an access point (wmat join).
 *
 *     passthrough PORT HOST TCP_PORT
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <wmat/wmat.h>

#define QUIET_MS 1000

static int fail(struct wm_device *dev, const char *what, int err)
{
    char words[64] = "";
    wm_last_detail(dev, words, sizeof words);
    fprintf(stderr, "%s: %s%s%s\n", what, wm_err_text(err), words[0] ? "; the module said: " : "",
            words);
    wm_close(dev);
    return EXIT_FAILURE;
}

/* Prints what comes until nothing has come for quiet_ms. */
static int take_all(struct wm_device *dev, int stream, uint32_t quiet_ms)
{
    char bytes[4096];
    int n;
    while ((n = wm_stream_read(dev, stream, bytes, sizeof bytes, quiet_ms)) > 0)
        fwrite(bytes, 1, (size_t)n, stdout);
    fflush(stdout);
    return n == WM_ERR_TIMEOUT ? 0 : n;
}

/* Both directions take turns: a peer that is not read from stops reading, too. */
static int pump(struct wm_device *dev, int stream)
{
    char bytes[512];
    ssize_t n;
    int err = 0;
    while (err >= 0 && (n = read(STDIN_FILENO, bytes, sizeof bytes)) > 0) {
        err = wm_stream_write(dev, stream, bytes, (size_t)n, 0);
        if (err >= 0)
            err = take_all(dev, stream, 0);
    }
    return err < 0 ? err : take_all(dev, stream, QUIET_MS);
}

int main(int argc, char **argv)
{
    char words[WM_DETAIL_MAX];
    struct wm_device *dev;

    if (argc != 4) {
        fprintf(stderr, "usage: passthrough PORT HOST TCP_PORT\n");
        return 2;
    }
    struct wm_config config = {.port = argv[1], .detail = words, .detail_size = sizeof words};
    struct wm_stream_options peer = {.host = argv[2], .port = (unsigned)strtoul(argv[3], NULL, 10)};

    if (wm_open(&dev, &config) < 0) {
        fprintf(stderr, "%s: %s\n", argv[1], words);
        return EXIT_FAILURE;
    }
    int stream = wm_stream_open(dev, &peer, 0);
    if (stream < 0)
        return fail(dev, "open", stream);
    int err = pump(dev, stream);
    if (err < 0)
        return fail(dev, "stream", err);
    err = wm_stream_close(dev, stream, 0); /* the module takes commands again */
    if (err < 0)
        return fail(dev, "close", err);
    wm_close(dev);
    return EXIT_SUCCESS;
}
