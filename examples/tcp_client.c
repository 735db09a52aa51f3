/* Opens a module, joins an access point, sends a line to a TCP server and prints what comes back.
 *
 *     tcp_client PORT SSID PASSWORD HOST TCP_PORT TEXT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wmat/wmat.h>

static int fail(struct wm_device *dev, const char *what, int err)
{
    char words[64] = "";
    if (dev)
        wm_last_detail(dev, words, sizeof words);
    fprintf(stderr, "%s: %s: %s%s%s\n", what, wm_err_name(err), wm_err_text(err),
            words[0] ? "; the module said: " : "", words);
    wm_close(dev);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    char words[WM_DETAIL_MAX];
    char answer[512];
    struct wm_device *dev;
    int n;

    if (argc != 7) {
        fprintf(stderr, "usage: tcp_client PORT SSID PASSWORD HOST TCP_PORT TEXT\n");
        return 2;
    }
    struct wm_config config = {.port = argv[1], .detail = words, .detail_size = sizeof words};
    struct wm_tcp_options to = {.host = argv[4], .port = (unsigned)strtoul(argv[5], NULL, 10)};

    int err = wm_open(&dev, &config);
    if (err < 0) {
        fprintf(stderr, "%s: %s: %s\n", argv[1], wm_err_name(err), words);
        return EXIT_FAILURE;
    }
    err = wm_wifi_join(dev, argv[2], argv[3], 0);
    if (err < 0)
        return fail(dev, "join", err);
    int link = wm_tcp_connect(dev, &to, 0);
    if (link < 0)
        return fail(dev, "connect", link);
    err = wm_send(dev, link, argv[6], strlen(argv[6]), 0);
    if (err < 0)
        return fail(dev, "send", err);
    while ((n = wm_recv(dev, link, answer, sizeof answer, 2000)) > 0)
        fwrite(answer, 1, (size_t)n, stdout);
    if (n < 0 && n != WM_ERR_TIMEOUT) /* a server that keeps the link open has said all it had to */
        return fail(dev, "receive", n);
    wm_link_close(dev, link, 0);
    wm_close(dev);
    return EXIT_SUCCESS;
}
