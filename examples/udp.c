/* Sends a datagram, and once more when no answer comes: datagrams get lost. The module must have
 * joined an access point (wmat join).
 *
 *     udp PORT HOST UDP_PORT TEXT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wmat/wmat.h>

#define TRIES     3
#define ANSWER_MS 1000

static int fail(struct wm_device *dev, const char *what, int err)
{
    char words[64] = "";
    wm_last_detail(dev, words, sizeof words);
    fprintf(stderr, "%s: %s%s%s\n", what, wm_err_text(err), words[0] ? "; the module said: " : "",
            words);
    wm_close(dev);
    return EXIT_FAILURE;
}

/* Returns the size of the answer. */
static int ask(struct wm_device *dev, int link, const char *text, char *answer, size_t cap,
               struct wm_datagram *from)
{
    int n = WM_ERR_TIMEOUT;
    for (int i = 0; i < TRIES && n == WM_ERR_TIMEOUT; i++) {
        n = wm_send(dev, link, text, strlen(text), 0);
        if (n >= 0)
            n = wm_recvfrom(dev, link, answer, cap, from, ANSWER_MS);
    }
    return n;
}

int main(int argc, char **argv)
{
    char words[WM_DETAIL_MAX];
    char answer[2920]; /* the module drops longer ones */
    struct wm_datagram from;
    struct wm_device *dev;

    if (argc != 5) {
        fprintf(stderr, "usage: udp PORT HOST UDP_PORT TEXT\n");
        return 2;
    }
    struct wm_config config = {.port = argv[1], .detail = words, .detail_size = sizeof words};
    struct wm_udp_options peer = {.host = argv[2], .port = (unsigned)strtoul(argv[3], NULL, 10)};

    if (wm_open(&dev, &config) < 0) {
        fprintf(stderr, "%s: %s\n", argv[1], words);
        return EXIT_FAILURE;
    }
    int link = wm_udp_open(dev, &peer, 0);
    if (link < 0)
        return fail(dev, "open", link);
    int n = ask(dev, link, argv[4], answer, sizeof answer, &from);
    if (n == WM_ERR_TIMEOUT) {
        fprintf(stderr, "no answer to %d datagrams\n", TRIES);
        wm_close(dev);
        return EXIT_FAILURE;
    }
    if (n < 0)
        return fail(dev, "exchange", n);
    printf("%s:%u: %.*s\n", from.ip, from.port, n, answer);
    wm_link_close(dev, link, 0);
    wm_close(dev);
    return EXIT_SUCCESS;
}
