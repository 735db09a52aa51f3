/* clang-format off */
/* Plays transcripts against the driver: it gets the module's bytes and must send the host's. Lines
 * that start with "=" say what the application does; "-> RESULT" behind one waits for the call and
 * checks its result, a number or the name of an error:
 *
 *   open passive|active        opens the module; the lines that follow are the set-up
 *   mode N, join SSID PASSWORD, leave, scan, status, restart
 *   connect HOST PORT, send LINK TEXT, close LINK
 *   read LINK TEXT             these bytes have arrived; TEXT with escapes
 *   eof LINK, nothing LINK     so has the end of file; nothing has
 *   result RESULT              the call before ends with this
 *
 * A > line without a call before it is sent by wm_at, on a device that only attached; its result
 * must be that of the final result in the < lines. What wm_at refuses (it moves payload) is left
 * out. */
/* clang-format on */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wmat/core.h>
#include <wmat/link.h>
#include <wmat/sys.h>
#include <wmat/tcp.h>
#include <wmat/wifi.h>

#include "transcript_play.h"

#define LIMIT_MS 60000 /* virtual time until a call must have ended */

struct host {
    const struct transcript *transcript;
    const struct transcript_item *item;
    struct transcript_play play;
    struct wm_core core;
    struct wm_link links[WM_LINKS];
    unsigned char rings[WM_LINKS][8192];
    uint64_t now_ms;
    char sent[65536];
    size_t sent_len;
    bool opened;
    bool skipping; /* until the next line of the host */
    struct wm_op op;
    bool running;
    int expected; /* result that a wm_at must have */
    int handles[WM_LINKS];
    char text[1024]; /* a line of a transcript fits */
    struct wm_at_request at;
    struct wm_tcp_options tcp;
    struct wm_wifi_join_options join;
    struct wm_wifi_status status;
};

static struct host host;

#define FAIL(...) transcript_failed(host.transcript, host.item, &host.play, __VA_ARGS__)

static void collect(void)
{
    const void *out;
    size_t len;
    while ((len = wm_core_output(&host.core, &out, host.now_ms)) > 0) {
        if (host.sent_len + len <= sizeof host.sent)
            memcpy(host.sent + host.sent_len, out, len);
        host.sent_len += len;
        wm_core_sent(&host.core, len, host.now_ms);
    }
}

static void pass(unsigned ms)
{
    for (unsigned i = 0; i < ms; i++) {
        host.now_ms++;
        wm_core_tick(&host.core, host.now_ms);
        collect();
    }
}

static void start(bool attach, enum wm_receive receive)
{
    struct wm_core_config config = {.links = host.links,
                                    .link_count = WM_LINKS,
                                    .rings = host.rings,
                                    .ring_bytes = sizeof host.rings[0],
                                    .receive = receive,
                                    .attach = attach,
                                    .profile = &wm_profile_manual,
                                    .idle_poll_ms = WM_FOREVER};
    wm_core_init(&host.core, &config, host.now_ms);
    while (host.sent_len < 9) /* the search has no place in a transcript: +++, CR LF, AT */
        pass(1);
    host.sent_len = 0;
    wm_core_feed(&host.core, "OK\r\n", 4, host.now_ms);
    pass(100);
    host.opened = true;
}

static void await_end(void)
{
    for (unsigned ms = 0; host.running && !wm_op_ended(&host.op) && ms < LIMIT_MS; ms++)
        pass(1);
    if (host.running && !wm_op_ended(&host.op))
        FAIL("the call does not end");
    host.running = false;
}

static int result_named(const char *name)
{
    for (int err = -1; err > -20; err--) {
        if (strcmp(name, wm_err_name(err)) == 0)
            return err;
    }
    return atoi(name);
}

static void check_result(const char *name)
{
    await_end();
    int expected = result_named(name);
    if (host.op.result != expected)
        FAIL("the call returned %d (%s) instead of %s", host.op.result, wm_err_name(host.op.result),
             name);
}

static void submit(int prepared)
{
    int err = prepared;
    if (err == 0)
        err = wm_core_submit(&host.core, &host.op, 0, NULL, NULL, host.now_ms);
    if (err < 0) {
        host.op.result = err;
        host.op.state = 0;
    }
    host.running = err == 0;
    collect();
}

static size_t unescape_call(const char *text, char *bytes)
{
    size_t len = 0;
    for (; *text; text++) {
        char c = *text;
        if (c == '\\' && text[1]) {
            c = *++text;
            c = c == 'r' ? '\r' : c == 'n' ? '\n' : c == '0' ? '\0' : c == '_' ? ' ' : c;
        }
        bytes[len++] = c;
    }
    return len;
}

static void read_link(int link, const char *text)
{
    char expected[512], got[512];
    size_t len = unescape_call(text, expected);
    int n = wm_core_read(&host.core, host.handles[link], got, sizeof got, host.now_ms);
    if (n != (int)len || memcmp(got, expected, len) != 0)
        FAIL("read %d bytes (%s) instead of \"%s\"", n, wm_err_name(n), text);
    collect();
}

static void look(int link, int expected)
{
    char byte;
    int n = wm_core_read(&host.core, host.handles[link], &byte, 1, host.now_ms);
    if (n != expected)
        FAIL("read %d (%s) instead of %d", n, wm_err_name(n), expected);
}

static void call_link(const char *verb, const char *a, const char *b)
{
    int link = atoi(a) % WM_LINKS;
    if (strcmp(verb, "send") == 0)
        submit(
            wm_send_prepare(&host.op, host.handles[link], host.text, unescape_call(b, host.text)));
    else if (strcmp(verb, "close") == 0)
        submit(wm_link_close_prepare(&host.op, host.handles[link]));
    else if (strcmp(verb, "read") == 0)
        read_link(link, b);
    else if (strcmp(verb, "eof") == 0)
        look(link, 0);
    else if (strcmp(verb, "nothing") == 0)
        look(link, WM_ERR_TIMEOUT);
    else
        FAIL("the driver knows no \"%s\"", verb);
}

static void call(const char *verb, char *a, char *b)
{
    if (strcmp(verb, "open") == 0) {
        start(false, strcmp(a, "active") == 0 ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE);
    } else if (strcmp(verb, "mode") == 0) {
        submit(wm_wifi_mode_set_prepare(&host.op, (enum wm_wifi_mode)atoi(a)));
    } else if (strcmp(verb, "join") == 0) {
        host.join = (struct wm_wifi_join_options){.ssid = a, .password = b};
        submit(wm_wifi_join_prepare(&host.op, &host.join));
    } else if (strcmp(verb, "leave") == 0) {
        submit(wm_wifi_leave_prepare(&host.op));
    } else if (strcmp(verb, "scan") == 0) {
        submit(wm_wifi_scan_prepare(&host.op, NULL, 0));
    } else if (strcmp(verb, "status") == 0) {
        submit(wm_wifi_status_prepare(&host.op, &host.status));
    } else if (strcmp(verb, "restart") == 0) {
        submit(wm_restart_prepare(&host.op));
    } else if (strcmp(verb, "connect") == 0) {
        host.tcp = (struct wm_tcp_options){.host = a, .port = (unsigned)atoi(b)};
        submit(wm_tcp_connect_prepare(&host.op, &host.tcp));
    } else {
        call_link(verb, a, b);
    }
}

static void remember_link(void)
{
    if (host.op.result > 0 && host.op.args == &host.tcp)
        host.handles[host.op.result & 7] = host.op.result;
}

static void do_call(void)
{
    static char words[4][256];
    char *arrow = strstr(host.item->bytes, "-> ");
    memset(words, 0, sizeof words);
    sscanf(host.item->bytes, "%255s %255s %255s", words[0], words[1], words[2]);
    if (strcmp(words[0], "result") == 0) {
        await_end();
        remember_link();
        if (strcmp(words[1], "link") != 0)
            check_result(words[1]);
        return;
    }
    await_end();
    call(words[0], words[1], words[2]);
    if (arrow)
        check_result(arrow + 3);
}

/* The result of a wm_at, by the last final result before the next line of the host. */
static int final_of(const struct transcript_item *item)
{
    static const struct {
        const char *line;
        int result;
    } finals[] = {{"OK\r\n", 0},
                  {"ERROR\r\n", WM_ERR_DEVICE},
                  {"CMD FORMAT ERR\r\n", WM_ERR_UNSUPPORTED},
                  {"CMD PARSE ERR\r\n", WM_ERR_REFUSED},
                  {"busy ...\r\n", WM_ERR_BUSY}};
    const struct transcript_item *end = host.transcript->items + host.transcript->count;
    for (; item < end && item->kind != TRANSCRIPT_HOST; item++) {
        for (size_t i = 0; item->kind == TRANSCRIPT_MODULE && i < 5; i++) {
            const char *at = strstr(item->bytes, finals[i].line);
            if (at && (at == item->bytes || at[-1] == '\n'))
                return finals[i].result;
        }
    }
    return WM_ERR_TIMEOUT;
}

static void send_raw(void)
{
    await_end();
    if (host.at.command && host.op.args == &host.at && host.op.result != host.expected)
        FAIL("before this wm_at returned %d (%s) instead of %d", host.op.result,
             wm_err_name(host.op.result), host.expected);
    memcpy(host.text, host.item->bytes, host.item->len + 1);
    size_t len = host.item->len;
    host.skipping = len < 2 || memcmp(host.text + len - 2, "\r\n", 2) != 0 ||
                    memchr(host.text, '\0', len) != NULL;
    if (host.skipping)
        return;
    host.text[len - 2] = '\0';
    host.at.command = host.text;
    int err = wm_at_prepare(&host.op, &host.at);
    host.skipping = err < 0;
    if (err < 0) {
        host.op.args = NULL; /* nothing ran that could have a result */
        return;
    }
    host.expected = final_of(host.item + 1);
    submit(0);
}

static void expect_sent(void)
{
    for (unsigned ms = 0; host.sent_len < host.item->len && ms < 1000; ms++)
        pass(1);
    if (host.sent_len < host.item->len || memcmp(host.sent, host.item->bytes, host.item->len) != 0)
        FAIL("the driver sent \"%.*s\" instead of \"%s\"", (int)host.sent_len, host.sent,
             host.item->bytes);
    memmove(host.sent, host.sent + host.item->len, host.sent_len - host.item->len);
    host.sent_len -= host.item->len;
}

static bool module_says(void)
{
    for (size_t at = 0; at < host.item->len;) {
        size_t n = transcript_piece(&host.play, host.item->len - at);
        if (n == 0)
            return false;
        wm_core_feed(&host.core, host.item->bytes + at, n, host.now_ms);
        at += n;
        collect();
    }
    return true;
}

static bool driver_turn(void)
{
    return host.running || host.sent_len > 0 || !host.core.config.attach;
}

static bool play_item(void)
{
    switch (host.item->kind) {
    case TRANSCRIPT_CALL:
        do_call();
        break;
    case TRANSCRIPT_HOST:
        if (!host.opened)
            start(true, WM_RECEIVE_PASSIVE);
        if (!driver_turn() || host.op.args == &host.at)
            send_raw();
        if (!host.skipping)
            expect_sent();
        break;
    case TRANSCRIPT_MODULE:
        return host.skipping || module_says();
    case TRANSCRIPT_TIME:
        pass(host.item->ms);
        break;
    case TRANSCRIPT_NETWORK:
        break;
    }
    return true;
}

void transcript_play_driver(const struct transcript *transcript, struct transcript_play play)
{
    bool whole = true;
    memset(&host, 0, sizeof host);
    host.transcript = transcript;
    host.play = play;
    host.now_ms = 1000;
    for (size_t i = 0; i < transcript->count && whole; i++) {
        host.item = &transcript->items[i];
        whole = play_item();
    }
    await_end();
    if (whole && host.op.args == &host.at && host.at.command && host.op.result != host.expected)
        FAIL("wm_at returned %d (%s) instead of %d", host.op.result, wm_err_name(host.op.result),
             host.expected);
    if (whole && host.sent_len > 0)
        FAIL("at the end the driver sent \"%.*s\"", (int)host.sent_len, host.sent);
}

static size_t module_bytes(const struct transcript *transcript)
{
    return transcript->module_bytes;
}

int main(int argc, char **argv)
{
    return transcript_main(argc, argv, transcript_play_driver, module_bytes);
}
