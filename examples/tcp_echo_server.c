/* A TCP server on the module that sends back what it gets: five threads, one for each link that the
 * module has. Ctrl-C ends it. The module must have joined an access point (wmat join).
 *
 *     tcp_echo_server PORT TCP_PORT
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <wmat/wmat.h>

static int fail(struct wm_device *dev, const char *what, int err)
{
    char words[64] = "";
    wm_last_detail(dev, words, sizeof words);
    fprintf(stderr, "%s: %s%s%s\n", what, wm_err_text(err), words[0] ? "; the module said: " : "",
            words);
    wm_close(dev);
    return EXIT_FAILURE;
}

/* Returns why it ended: 0 when the client has closed. */
static int echo(struct wm_device *dev, int link)
{
    char bytes[4096];
    int n;
    while ((n = wm_recv(dev, link, bytes, sizeof bytes, WM_FOREVER)) > 0) {
        n = wm_send(dev, link, bytes, (size_t)n, 0);
        if (n < 0)
            break;
    }
    return n;
}

/* Until the server is stopped: wm_accept is WM_ERR_STATE then. */
static void *serve(void *arg)
{
    struct wm_device *dev = arg;
    int link;
    while ((link = wm_accept(dev, WM_FOREVER)) >= 0) {
        int err = echo(dev, link);
        if (err < 0)
            fprintf(stderr, "client: %s\n", wm_err_text(err));
        wm_link_close(dev, link, 0);
    }
    if (link != WM_ERR_STATE)
        fprintf(stderr, "accept: %s\n", wm_err_text(link));
    return NULL;
}

static void block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, signals, NULL); /* in every thread, so that sigwait has them */
}

int main(int argc, char **argv)
{
    char words[WM_DETAIL_MAX];
    pthread_t threads[WM_LINKS];
    struct wm_device *dev;
    sigset_t signals;
    int started = 0, signal;

    if (argc != 3) {
        fprintf(stderr, "usage: tcp_echo_server PORT TCP_PORT\n");
        return 2;
    }
    struct wm_config config = {.port = argv[1], .detail = words, .detail_size = sizeof words};
    struct wm_server_options server = {.port = (unsigned)strtoul(argv[2], NULL, 10)};

    block_signals(&signals);
    if (wm_open(&dev, &config) < 0) {
        fprintf(stderr, "%s: %s\n", argv[1], words);
        return EXIT_FAILURE;
    }
    int err = wm_server_start(dev, &server, 0);
    if (err < 0)
        return fail(dev, "server", err);
    while (started < WM_LINKS && pthread_create(&threads[started], NULL, serve, dev) == 0)
        started++;
    printf("%d threads serve TCP port %u; Ctrl-C ends them\n", started, server.port);
    fflush(stdout);
    sigwait(&signals, &signal);

    err = wm_server_stop(dev, true, 0);
    if (err < 0)
        return fail(dev, "stop", err);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    wm_close(dev);
    return EXIT_SUCCESS;
}
