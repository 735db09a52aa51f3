/* Has the module take the time from a server, and prints it. The module must have joined an access
 * point (wmat join).
 *
 *     sntp_clock PORT SERVER ZONE
 *
 * ZONE: hours east of UTC, -12 to 14, or hours and minutes as one number: 530 is +05:30.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wmat/wmat.h>

#define TRIES 50 /* five a second */

static int fail(struct wm_device *dev, const char *what, int err)
{
    char words[64] = "";
    wm_last_detail(dev, words, sizeof words);
    fprintf(stderr, "%s: %s%s%s\n", what, wm_err_text(err), words[0] ? "; the module said: " : "",
            words);
    wm_close(dev);
    return EXIT_FAILURE;
}

/* The module asks its server behind the scenes and reports nothing: it has to be looked at. */
static int await_time(struct wm_device *dev, struct wm_time *now)
{
    for (int i = 0; i < TRIES; i++) {
        int err = wm_time(dev, now, 0);
        if (err < 0 || now->known)
            return err;
        nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
    }
    return WM_ERR_TIMEOUT;
}

int main(int argc, char **argv)
{
    char words[WM_DETAIL_MAX];
    struct wm_sntp sntp = {.enabled = true};
    struct wm_device *dev;
    struct wm_time now;

    if (argc != 4 || strlen(argv[2]) >= sizeof sntp.servers[0]) {
        fprintf(stderr, "usage: sntp_clock PORT SERVER ZONE\n");
        return 2;
    }
    struct wm_config config = {.port = argv[1], .detail = words, .detail_size = sizeof words};
    strcpy(sntp.servers[0], argv[2]);
    sntp.zone = (int)strtol(argv[3], NULL, 10);

    if (wm_open(&dev, &config) < 0) {
        fprintf(stderr, "%s: %s\n", argv[1], words);
        return EXIT_FAILURE;
    }
    int err = wm_sntp_set(dev, &sntp, 0);
    if (err < 0)
        return fail(dev, "server", err);
    err = await_time(dev, &now);
    if (err < 0)
        return fail(dev, "time", err);
    printf("%04d-%02d-%02d %02d:%02d:%02d\n", now.year, now.month, now.day, now.hour, now.minute,
           now.second);
    wm_close(dev);
    return EXIT_SUCCESS;
}
