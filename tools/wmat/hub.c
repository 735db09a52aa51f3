#include "hub.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "interrupt.h"
#include "record.h"
#include "relay.h"

#define RING_BYTES 65536
#define LEAVE_MS   5000 /* the longest time for closing all links */
#define PAUSE_MS   100  /* until a connection that there was no descriptor for is tried again */

enum { POLL_LISTEN, POLL_INTERRUPT, POLL_DEVICE, POLL_RELAYS };

struct hub {
    const struct hub_options *options;
    struct relay_common common;
    struct relay relays[HUB_RELAYS];
    uint64_t tickets;
    int listen_fd, interrupt_fd;
    uint64_t accept_ms; /* not before that is there a descriptor to be had; 0: there always was */
    uint64_t leave_ms;  /* when to end at the latest; WM_NO_DEADLINE while it serves */
    bool in_trouble;    /* the module; what was told */
    bool gone;          /* the module, for good */
};

/* Something is wrong with the module. */
static void trouble(struct hub *hub, const char *words)
{
    hub->common.wifi_up = false;
    hub->in_trouble = true;
    cli_note(hub->common.cli, "%s", words);
}

static void on_event(struct wm_device *dev, const struct wm_event *event, void *user)
{
    struct hub *hub = user;

    (void)dev;
    switch (event->kind) {
    case WM_EVENT_WIFI_UP:
        hub->common.wifi_up = true;
        break;
    case WM_EVENT_WIFI_DOWN:
        hub->common.wifi_up = false;
        cli_note(hub->common.cli, "the module has left its access point");
        break;
    case WM_EVENT_LOST:
        trouble(hub, "the port is gone");
        break;
    case WM_EVENT_RESET:
        trouble(hub, "the module has restarted; its links are lost");
        break;
    case WM_EVENT_SILENT:
        trouble(hub, "the module does not answer; trying on");
        break;
    case WM_EVENT_READY:
        if (hub->in_trouble)
            cli_note(hub->common.cli, "the module is back");
        hub->in_trouble = false;
        break;
    default:
        break;
    }
}

static struct relay *free_relay(struct hub *hub)
{
    for (size_t i = 0; i < HUB_RELAYS; i++)
        if (hub->relays[i].state == RELAY_FREE)
            return &hub->relays[i];
    return NULL;
}

/* The connection stays in line, and poll would say so at once, again and again. */
static void not_accepted(struct hub *hub, int err)
{
    if (err != EMFILE && err != ENFILE && err != ENOBUFS && err != ENOMEM)
        return;
    if (hub->accept_ms == 0)
        cli_note(hub->common.cli, "a connection waits: %s", strerror(err));
    hub->accept_ms = local_now_ms() + PAUSE_MS;
}

static void accept_all(struct hub *hub)
{
    const int on = 1;
    struct relay *relay;

    while ((relay = free_relay(hub)) != NULL) {
        int fd = accept4(hub->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd < 0) {
            not_accepted(hub, errno);
            return;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        relay_begin(relay, &hub->common, fd, hub->options->host, hub->options->port,
                    ++hub->tickets);
    }
}

/* Who has waited for a link the longest; NULL: nobody waits. */
static struct relay *first_in_line(struct hub *hub)
{
    struct relay *first = NULL;

    for (size_t i = 0; i < HUB_RELAYS; i++) {
        struct relay *relay = &hub->relays[i];

        if (relay->state == RELAY_WAITING && (first == NULL || relay->ticket < first->ticket))
            first = relay;
    }
    return first;
}

static unsigned links_held(const struct hub *hub)
{
    unsigned held = 0;

    for (size_t i = 0; i < HUB_RELAYS; i++)
        held += relay_holds_link(&hub->relays[i]);
    return held;
}

/* Gives the links that are free to those who wait. */
static void serve_line(struct hub *hub)
{
    struct relay *first;

    while ((first = first_in_line(hub)) != NULL && links_held(hub) < WM_LINKS &&
           local_now_ms() >= hub->common.retry_ms)
        relay_start(first);
    hub->common.somebody_waits = first != NULL;
}

static uint64_t earlier(uint64_t one_ms, uint64_t other_ms)
{
    return one_ms < other_ms ? one_ms : other_ms;
}

/* How long poll may sleep. */
static int timeout_ms(const struct hub *hub)
{
    uint64_t now_ms = local_now_ms();
    uint64_t first_ms = earlier(wm_deadline(hub->common.dev), hub->leave_ms);

    if (hub->common.somebody_waits && links_held(hub) < WM_LINKS)
        first_ms = earlier(first_ms, hub->common.retry_ms);
    if (hub->accept_ms > now_ms)
        first_ms = earlier(first_ms, hub->accept_ms);
    for (size_t i = 0; i < HUB_RELAYS; i++)
        if (hub->relays[i].state != RELAY_FREE)
            first_ms = earlier(first_ms, relay_deadline_ms(&hub->relays[i]));
    if (first_ms == WM_NO_DEADLINE)
        return -1;
    return first_ms > now_ms ? (int)(first_ms - now_ms) : 0;
}

/* Returns how many of fds are in use: poll refuses more than the process may have descriptors. */
static size_t fill(struct hub *hub, struct pollfd *fds)
{
    size_t count = POLL_RELAYS;
    bool room = hub->leave_ms == WM_NO_DEADLINE && free_relay(hub) != NULL &&
                local_now_ms() >= hub->accept_ms;

    fds[POLL_LISTEN] = (struct pollfd){.fd = room ? hub->listen_fd : -1, .events = POLLIN};
    fds[POLL_INTERRUPT] = (struct pollfd){.fd = hub->interrupt_fd, .events = POLLIN};
    fds[POLL_DEVICE] =
        (struct pollfd){.fd = wm_fd(hub->common.dev), .events = wm_events(hub->common.dev)};
    for (size_t i = 0; i < HUB_RELAYS; i++) {
        const struct relay *relay = &hub->relays[i];

        fds[POLL_RELAYS + i] = (struct pollfd){.fd = -1};
        if (relay->state == RELAY_FREE)
            continue;
        fds[POLL_RELAYS + i] = (struct pollfd){.fd = relay->fd, .events = relay_events(relay)};
        count = POLL_RELAYS + i + 1;
    }
    return count;
}

/* What the driver called back may have closed a socket since it was polled. */
static void serve_relays(struct hub *hub, const struct pollfd *fds)
{
    uint64_t now_ms = local_now_ms();

    for (size_t i = 0; i < HUB_RELAYS; i++) {
        struct relay *relay = &hub->relays[i];

        if (fds[i].revents != 0 && relay->state != RELAY_FREE && relay->fd == fds[i].fd)
            relay_ready(relay, fds[i].revents);
        relay_tick(relay, now_ms);
    }
}

/* Ends all connections; they are told no more. */
static void end(struct hub *hub)
{
    hub->common.over = true;
    for (size_t i = 0; i < HUB_RELAYS; i++)
        relay_end(&hub->relays[i], false);
}

/* The first signal ends all connections, the next one does not wait for that. */
static void leave(struct hub *hub)
{
    uint64_t count;

    if (read(hub->interrupt_fd, &count, sizeof count) < 0)
        return;
    hub->leave_ms = hub->leave_ms == WM_NO_DEADLINE ? local_now_ms() + LEAVE_MS : 0;
    end(hub);
}

static bool is_over(const struct hub *hub)
{
    if (hub->gone || local_now_ms() >= hub->leave_ms)
        return true;
    return hub->leave_ms != WM_NO_DEADLINE && links_held(hub) == 0;
}

/* One turn of the loop. How long it may take comes first: what is left out of the poll because it
 * is not yet time must limit that. New connections come last: they may get the place, and the
 * descriptor, of one that was polled. */
static void turn(struct hub *hub)
{
    struct pollfd fds[POLL_RELAYS + HUB_RELAYS];
    int wait_ms = timeout_ms(hub);
    size_t count = fill(hub, fds);

    if (poll(fds, count, wait_ms) < 0)
        return;
    if (fds[POLL_DEVICE].revents != 0 || wm_deadline(hub->common.dev) <= local_now_ms())
        hub->gone = wm_process(hub->common.dev) == WM_ERR_IO;
    serve_relays(hub, fds + POLL_RELAYS);
    if (fds[POLL_INTERRUPT].revents != 0)
        leave(hub);
    if (fds[POLL_LISTEN].revents != 0)
        accept_all(hub);
    serve_line(hub);
}

/* Standard output has this line alone, but for the results of --json: who starts it waits for it.
 */
static void say_ready(const struct cli *cli, const struct local *local)
{
    char text[LOCAL_TEXT_MAX];

    local_print(local, text);
    if (cli->json)
        printf("{\"ready\":\"%s\"}\n", text);
    else
        printf("ready %s\n", text);
    fflush(stdout);
}

static int serve(struct hub *hub, const struct local *local)
{
    const struct cli *cli = hub->common.cli;

    hub->interrupt_fd = interrupt_catch();
    say_ready(cli, local);
    while (!is_over(hub))
        turn(hub);
    if (interrupt_signal() != 0)
        return CLI_SIGNAL + interrupt_signal();
    return cli_fail(cli, hub->common.dev, WM_ERR_IO, NULL, "the module is gone");
}

static int open_and_serve(struct hub *hub, const struct local *local)
{
    const struct wm_config config = {.loop = true,
                                     .receive = hub->options->receive,
                                     .ring_bytes = RING_BYTES,
                                     .on_event = on_event,
                                     .user = hub};
    struct session session;
    int status = session_open(&session, hub->common.cli, config);

    hub->common.dev = session.dev;
    if (status == CLI_DONE)
        status = serve(hub, local);
    end(hub);
    session_close(&session);
    return status;
}

int hub_run(const struct cli *cli, const struct hub_options *options)
{
    struct local local = options->local;
    struct hub *hub = calloc(1, sizeof *hub);
    int status = CLI_FAILED;

    if (hub == NULL)
        return cli_fail(cli, NULL, WM_ERR_NOMEM, NULL, "can't begin");
    hub->options = options;
    hub->common = (struct relay_common){.cli = cli,
                                        .user = options->user,
                                        .password = options->password,
                                        .quit_ms = options->quit_ms};
    hub->leave_ms = WM_NO_DEADLINE;
    hub->listen_fd = local_listen(cli, &local);
    if (hub->listen_fd >= 0) {
        status = open_and_serve(hub, &local);
        close(hub->listen_fd);
    }
    free(hub);
    return status;
}
