/* A TLS connection whose server has to prove who it is. Certificates are dated, so the module's
 * clock comes first. The module must have joined an access point (wmat join), and have the
 * certificate of the authority (number 0) that has signed the server's.
 *
 *     tls_client PORT SNTP_SERVER HOST TLS_PORT NAME
 *
 * NAME is what the certificate must be for; with a HOST that is a name it would be that without
 * being said. The page that comes back is printed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wmat/wmat.h>

#define CLOCK_TRIES 50 /* five a second */

static int fail(struct wm_device *dev, const char *what, int err)
{
    char words[64] = "";
    wm_last_detail(dev, words, sizeof words);
    fprintf(stderr, "%s: %s%s%s\n", what, wm_err_text(err), words[0] ? "; the module said: " : "",
            words);
    wm_close(dev);
    return EXIT_FAILURE;
}

static int set_clock(struct wm_device *dev, const char *server)
{
    struct wm_sntp sntp = {.enabled = true};
    struct wm_time now = {.known = false};
    int err;
    if (strlen(server) >= sizeof sntp.servers[0])
        return WM_ERR_ARG;
    strcpy(sntp.servers[0], server);
    err = wm_sntp_set(dev, &sntp, 0);
    for (int i = 0; i < CLOCK_TRIES && err == 0; i++) {
        err = wm_time(dev, &now, 0);
        if (now.known)
            return err;
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    }
    return err < 0 ? err : WM_ERR_TIMEOUT;
}

static int exchange(struct wm_device *dev, int link)
{
    static const char request[] = "GET / HTTP/1.0\r\n\r\n";
    char answer[1024];
    int n = wm_send(dev, link, request, sizeof request - 1, 0);
    while (n > 0) {
        n = wm_recv(dev, link, answer, sizeof answer, 10000);
        if (n > 0)
            fwrite(answer, 1, (size_t)n, stdout);
    }
    return n;
}

int main(int argc, char **argv)
{
    char words[WM_DETAIL_MAX];
    struct wm_device *dev;

    if (argc != 6) {
        fprintf(stderr, "usage: tls_client PORT SNTP_SERVER HOST TLS_PORT NAME\n");
        return 2;
    }
    struct wm_config config = {.port = argv[1], .detail = words, .detail_size = sizeof words};
    struct wm_tls_options server = {
        .host = argv[3],
        .port = (unsigned)strtoul(argv[4], NULL, 10),
        .tls = {.auth = WM_TLS_SERVER, .ca = 0, .common_name = argv[5], .sni = argv[5]},
    };

    if (wm_open(&dev, &config) < 0) {
        fprintf(stderr, "%s: %s\n", argv[1], words);
        return EXIT_FAILURE;
    }
    int err = set_clock(dev, argv[2]);
    if (err < 0)
        return fail(dev, "clock", err);
    int link = wm_tls_connect(dev, &server, 0);
    if (link < 0) /* the module does not say why: not reachable, or not to be trusted */
        return fail(dev, "connect", link);
    err = exchange(dev, link);
    if (err < 0)
        return fail(dev, "exchange", err);
    wm_link_close(dev, link, 0);
    wm_close(dev);
    return EXIT_SUCCESS;
}
