/* What the core does for received bytes, to be counted under callgrind: work_core ROW COUNT does
 * the work of a row COUNT times. All that counts happens inside of measured(). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wmat/link.h>
#include <wmat/tcp.h>

#include "answers.h"

#define READ_EVERY 4096 /* bytes fed before the application reads what its link holds */

static struct wm_core core;
static struct wm_link links[WM_LINKS];
static uint8_t rings[WM_LINKS][16384]; /* as a device has them */
static uint64_t now_ms;
static int handle;
static bool lent; /* the application looks at bytes where they lie */

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "%s\n", what);
        exit(1);
    }
}

/* The application reads a link until it has all. */
static void read_link(void)
{
    static uint8_t buffer[READ_EVERY];
    const void *bytes;
    int n;
    while (lent && (n = wm_core_peek(&core, handle, &bytes)) > 0)
        wm_core_consume(&core, handle, (size_t)n, now_ms);
    if (lent)
        return;
    while (wm_core_read(&core, handle, buffer, sizeof buffer, now_ms) == (int)sizeof buffer)
        ;
}

/* Feeds bytes in pieces; handle > 0: and reads them, each time that so many have come. */
static void measured(const uint8_t *bytes, size_t len, size_t piece)
{
    size_t unread = 0;
    for (size_t at = 0; at < len; at += piece) {
        size_t n = len - at < piece ? len - at : piece;
        wm_core_feed(&core, bytes + at, n, now_ms);
        unread += n;
        if (handle > 0 && unread >= READ_EVERY) {
            read_link();
            unread = 0;
        }
    }
}

/* Called through this, so that it stays a function that callgrind can find. */
static void (*volatile measure)(const uint8_t *bytes, size_t len, size_t piece) = measured;

/* Lets a millisecond pass; the module answers what was said. */
static void pass(void)
{
    const void *out;
    char line[300];
    size_t len;
    wm_core_tick(&core, ++now_ms);
    while ((len = wm_core_output(&core, &out, now_ms)) > 0) {
        demand(len < sizeof line, "a line that is too long");
        memcpy(line, out, len);
        line[len] = '\0';
        wm_core_sent(&core, len, now_ms);
        const char *answer = answer_to(line);
        wm_core_feed(&core, answer, strlen(answer), now_ms);
    }
}

static int run(struct wm_op *op)
{
    demand(wm_core_submit(&core, op, 0, NULL, NULL, now_ms) == 0, "an operation was refused");
    while (!wm_op_ended(op))
        pass();
    return op->result;
}

static void open_core(enum wm_receive receive)
{
    struct wm_core_config config = {.links = links,
                                    .link_count = WM_LINKS,
                                    .rings = rings,
                                    .ring_bytes = sizeof rings[0],
                                    .receive = receive,
                                    .idle_poll_ms = WM_FOREVER};
    demand(wm_core_init(&core, &config, now_ms) == 0, "the core was refused");
    while (!wm_core_ready(&core))
        pass();
}

static int connect_link(void)
{
    struct wm_tcp_options options = {.host = "127.0.0.1", .port = 7};
    struct wm_op op;
    wm_tcp_connect_prepare(&op, &options);
    int link = run(&op);
    demand(link > 0, "no link");
    return link;
}

static size_t put_frame(uint8_t *to, size_t payload)
{
    size_t len = (size_t)sprintf((char *)to, "+IPD,0,%zu:", payload);
    for (size_t i = 0; i < payload; i++)
        to[len++] = (uint8_t)(i * 31 + i / 7);
    to[len++] = '\r';
    to[len++] = '\n';
    return len;
}

/* Active frames (TCP/IP AT: CIPRECVMODE) for a link that an application reads. */
static void receive(size_t payload, size_t piece, unsigned count)
{
    uint8_t *stream = malloc(count * (payload + 32));
    struct wm_link_info info;
    size_t len = 0;
    demand(stream, "no memory");
    open_core(WM_RECEIVE_ACTIVE);
    handle = connect_link();
    for (unsigned i = 0; i < count; i++)
        len += put_frame(stream + len, payload);
    measure(stream, len, piece);
    read_link();
    wm_core_link_info(&core, handle, &info);
    demand(info.received_bytes == (uint64_t)count * payload && info.buffered_bytes == 0 &&
               wm_core_stats(&core)->losses == 0,
           "not all bytes arrived");
    free(stream);
}

/* The peer of an open link ends it; what comes before and behind that does not count. */
static void report(unsigned count)
{
    static const char line[] = "0,CLOSED\r\n";
    struct wm_op op;
    open_core(WM_RECEIVE_PASSIVE);
    for (unsigned i = 0; i < count; i++) {
        struct wm_link_info info;
        int link = connect_link();
        measure((const uint8_t *)line, sizeof line - 1, sizeof line - 1);
        wm_core_link_info(&core, link, &info);
        demand(info.state == WM_LINK_ENDED, "the link goes on");
        wm_link_close_prepare(&op, link);
        run(&op);
    }
}

int main(int argc, char **argv)
{
    unsigned payload, piece, count = argc == 3 ? (unsigned)strtoul(argv[2], NULL, 10) : 0;
    lent = count > 0 && strncmp(argv[1], "lent-", 5) == 0;
    if (lent)
        argv[1] += 5;
    if (count > 0 && sscanf(argv[1], "frames-%u-%u", &payload, &piece) == 2 && piece > 0)
        receive(payload, piece, count);
    else if (count > 0 && strcmp(argv[1], "closed") == 0)
        report(count);
    else
        demand(false, "usage: work_core [lent-]frames-PAYLOAD-PIECE|closed COUNT");
    return 0;
}
