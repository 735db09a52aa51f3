/* Many modules in one thread: a plain poll() loop. Each module, which must have joined an access
 * point, connects to a TCP echo server, sends KIB kibibytes, checks what comes back and hangs up.
 *
 *     poll_loop HOST TCP_PORT KIB PORT...
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <wmat/wmat.h>

#define CLIENTS_MAX 64
#define BYTES_MAX   (64 * 1024)

static unsigned char payload[BYTES_MAX];
static size_t payload_len;
static struct wm_tcp_options server;

struct client {
    const char *port;
    struct wm_device *dev;
    struct wm_op call, send, receive; /* the last two run side by side */
    int link;
    size_t received;
    unsigned char bytes[2048];
    bool over, failed;
};

static void fail(struct client *client, const char *what, int err)
{
    char words[64] = "";
    if (client->over)
        return;
    if (client->dev)
        wm_last_detail(client->dev, words, sizeof words);
    fprintf(stderr, "%s: %s: %s%s%s\n", client->port, what, wm_err_text(err), words[0] ? ": " : "",
            words);
    client->over = client->failed = true;
}

static void closed(struct wm_op *op, int result, void *user)
{
    struct client *client = user;
    (void)op;
    if (result < 0)
        fail(client, "close", result);
    client->over = true;
}

static void hang_up(struct client *client)
{
    int err = wm_link_close_prepare(&client->call, client->link);
    if (err == 0)
        err = wm_submit(client->dev, &client->call, 0, closed, client);
    if (err < 0)
        fail(client, "close", err);
}

static void received(struct wm_op *op, int result, void *user);

static void receive(struct client *client)
{
    int err = wm_recv_prepare(&client->receive, client->link, client->bytes, sizeof client->bytes);
    if (err == 0)
        err = wm_submit(client->dev, &client->receive, 20000, received, client);
    if (err < 0)
        fail(client, "receive", err);
}

static void received(struct wm_op *op, int result, void *user)
{
    struct client *client = user;
    size_t len = (size_t)result;
    (void)op;
    if (result <= 0) {
        fail(client, "receive", result < 0 ? result : WM_ERR_CLOSED);
        return;
    }
    if (len > payload_len - client->received ||
        memcmp(client->bytes, payload + client->received, len) != 0) {
        fail(client, "what came back", WM_ERR_PROTO);
        return;
    }
    client->received += len;
    if (client->received < payload_len)
        receive(client);
    else
        hang_up(client);
}

static void sent(struct wm_op *op, int result, void *user)
{
    (void)op;
    if (result < 0)
        fail(user, "send", result);
}

static void connected(struct wm_op *op, int result, void *user)
{
    struct client *client = user;
    (void)op;
    if (result < 0) {
        fail(client, "connect", result);
        return;
    }
    client->link = result;
    int err = wm_send_prepare(&client->send, client->link, payload, payload_len);
    if (err == 0)
        err = wm_submit(client->dev, &client->send, 0, sent, client);
    if (err < 0)
        fail(client, "send", err);
    receive(client);
}

static void on_event(struct wm_device *dev, const struct wm_event *event, void *user)
{
    struct client *client = user;
    if (event->kind == WM_EVENT_SILENT || event->kind == WM_EVENT_LOST)
        fail(client, "module", event->kind == WM_EVENT_LOST ? WM_ERR_IO : WM_ERR_TIMEOUT);
    if (event->kind != WM_EVENT_READY)
        return;
    int err = wm_tcp_connect_prepare(&client->call, &server);
    if (err == 0)
        err = wm_submit(dev, &client->call, 0, connected, client);
    if (err < 0)
        fail(client, "connect", err);
}

static void open_client(struct client *client, const char *port)
{
    char words[WM_DETAIL_MAX] = "";
    client->port = port;
    struct wm_config config = {.port = port,
                               .loop = true,
                               .on_event = on_event,
                               .user = client,
                               .detail = words,
                               .detail_size = sizeof words};
    int err = wm_open(&client->dev, &config);
    if (err < 0) {
        fprintf(stderr, "%s: %s\n", port, words);
        client->over = client->failed = true;
    }
}

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* How long poll may sleep. */
static int timeout_ms(uint64_t deadline_ms)
{
    uint64_t now = now_ms();
    if (deadline_ms == WM_NO_DEADLINE)
        return -1;
    return deadline_ms > now ? (int)(deadline_ms - now) : 0;
}

/* One turn of the loop. False: every client is done. */
static bool serve(struct client *clients, size_t count)
{
    struct pollfd fds[CLIENTS_MAX];
    uint64_t deadlines_ms[CLIENTS_MAX], first_ms = WM_NO_DEADLINE;
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        fds[i] = (struct pollfd){.fd = -1};
        deadlines_ms[i] = WM_NO_DEADLINE;
        if (clients[i].over)
            continue;
        any = true;
        fds[i] = (struct pollfd){.fd = wm_fd(clients[i].dev), .events = wm_events(clients[i].dev)};
        deadlines_ms[i] = wm_deadline(clients[i].dev);
        first_ms = deadlines_ms[i] < first_ms ? deadlines_ms[i] : first_ms;
    }
    if (!any)
        return false;
    poll(fds, count, timeout_ms(first_ms));
    for (size_t i = 0; i < count; i++) {
        if (!clients[i].over && (fds[i].revents || deadlines_ms[i] <= now_ms()))
            wm_process(clients[i].dev);
    }
    return true;
}

int main(int argc, char **argv)
{
    static struct client clients[CLIENTS_MAX];
    size_t count = argc > 4 ? (size_t)argc - 4 : 0;
    size_t good = 0;
    if (count == 0 || count > CLIENTS_MAX) {
        fprintf(stderr, "usage: poll_loop HOST TCP_PORT KIB PORT...\n");
        return 2;
    }
    server = (struct wm_tcp_options){.host = argv[1], .port = (unsigned)strtoul(argv[2], NULL, 10)};
    payload_len = strtoul(argv[3], NULL, 10) * 1024;
    if (payload_len == 0 || payload_len > sizeof payload) {
        fprintf(stderr, "poll_loop: 1 to %d KiB\n", BYTES_MAX / 1024);
        return 2;
    }
    for (size_t i = 0; i < payload_len; i++)
        payload[i] = (unsigned char)(i * 31 + i / 257);
    for (size_t i = 0; i < count; i++)
        open_client(&clients[i], argv[4 + i]);
    while (serve(clients, count))
        ;
    for (size_t i = 0; i < count; i++) {
        good += !clients[i].failed;
        wm_close(clients[i].dev);
    }
    printf("%zu of %zu modules moved %zu KiB each way\n", good, count, payload_len / 1024);
    return good == count ? EXIT_SUCCESS : EXIT_FAILURE;
}
