/* A connection that comes back: says "tick" to a TCP echo server once a second, whatever happens to
 * the module, its port or the access point. Ctrl-C ends it.
 *
 *     recovery PORT SSID PASSWORD HOST TCP_PORT
 *
 * The driver does most of it: it opens a port that was unplugged again, finds the module, and tells
 * a restarted one what was set through this device, the join included. Links are gone then, and
 * that is for the program to see to: when the network is up again it connects anew.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <wmat/wmat.h>

#define ANSWER_MS 3000

static atomic_bool network_up;

/* Runs on the thread of the device. */
static void on_event(struct wm_device *dev, const struct wm_event *event, void *user)
{
    static const char *const words[WM_EVENT_KINDS] = {
        [WM_EVENT_LOST] = "the port is gone",       [WM_EVENT_RESET] = "the module has restarted",
        [WM_EVENT_SILENT] = "the module is silent", [WM_EVENT_READY] = "the module is ready",
        [WM_EVENT_WIFI_UP] = "the network is up",   [WM_EVENT_WIFI_DOWN] = "the network is down",
    };
    (void)dev, (void)user;
    if (!words[event->kind])
        return;
    printf("%s\n", words[event->kind]);
    fflush(stdout);
    if (event->kind == WM_EVENT_WIFI_UP)
        network_up = true;
    else if (event->kind != WM_EVENT_READY)
        network_up = false;
}

/* True: a signal has come meanwhile, and asks to end. */
static bool pause_ms(const sigset_t *signals, long ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    return sigtimedwait(signals, NULL, &time) > 0;
}

/* Sends a tick and awaits it. */
static int tick(struct wm_device *dev, int link, unsigned number)
{
    char line[32], answer[32];
    int len = snprintf(line, sizeof line, "tick %u\n", number);
    int err = wm_send(dev, link, line, (size_t)len, 0);
    for (int got = 0; err >= 0 && got < len; got += err) {
        err = wm_recv(dev, link, answer + got, (size_t)(len - got), ANSWER_MS);
        if (err == 0)
            return WM_ERR_CLOSED;
    }
    if (err >= 0)
        printf("%.*s", len, answer);
    fflush(stdout);
    return err;
}

/* Returns when the link is of no use any more, or true when it is time to end. */
static bool talk(struct wm_device *dev, int link, const sigset_t *signals)
{
    static unsigned number;
    int err;
    while ((err = tick(dev, link, ++number)) >= 0) {
        if (pause_ms(signals, 1000))
            return true;
    }
    printf("tick %u: %s\n", number, wm_err_text(err));
    return false;
}

static void run(struct wm_device *dev, const struct wm_tcp_options *server, const sigset_t *signals)
{
    bool over = false;
    while (!over) {
        int link = network_up ? wm_tcp_connect(dev, server, 0) : WM_ERR_STATE;
        if (link >= 0) {
            over = talk(dev, link, signals);
            wm_link_close(dev, link, 0); /* a handle is given back, whatever became of the link */
        } else {
            if (network_up)
                printf("connect: %s\n", wm_err_text(link));
            over = pause_ms(signals, 500);
        }
    }
}

int main(int argc, char **argv)
{
    char words[WM_DETAIL_MAX];
    struct wm_device *dev;
    sigset_t signals;

    if (argc != 6) {
        fprintf(stderr, "usage: recovery PORT SSID PASSWORD HOST TCP_PORT\n");
        return 2;
    }
    struct wm_config config = {
        .port = argv[1], .on_event = on_event, .detail = words, .detail_size = sizeof words};
    struct wm_tcp_options server = {.host = argv[4], .port = (unsigned)strtoul(argv[5], NULL, 10)};

    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* in the device's thread, too */
    if (wm_open(&dev, &config) < 0) {
        fprintf(stderr, "%s: %s\n", argv[1], words);
        return EXIT_FAILURE;
    }
    int err = wm_wifi_join(dev, argv[2], argv[3], 0);
    if (err < 0)
        fprintf(stderr, "join: %s\n", wm_err_text(err));
    else
        run(dev, &server, &signals);
    wm_close(dev);
    return err < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
