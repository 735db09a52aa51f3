/* The line is cut, or the module reset, in the middle of anything: what was pending fails with its
 * typed error, links fail with WM_ERR_RESET, and new calls work. (That a reset does no harm at any
 * byte is shown on virtual time, in test_virtual.c.) */
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "folder.h"
#include "host.h"
#include "peer.h"
#include "suite.h"
#include "watch.h"

static struct host host;

static void stop(void)
{
    sim_stop(&host.sim);
    folder_remove();
}

/* A serial server: the line is cut, and the module behind it goes on as if nothing had happened: in
 * the middle of a send, with links open. */

static atomic_int line; /* its descriptor */

static int open_line(void *user, struct wm_transport **out)
{
    (void)user;
    int err = wm_transport_open(out, host.sim.path, NULL, NULL, 0);
    if (err == 0)
        line = (*out)->ops->fd(*out);
    return err;
}

static void cut_line(void)
{
    shutdown(line, SHUT_RDWR);
}

/* Cuts the line once, when this command has gone out: it is in the module, and its result never
 * comes. */
static const char *cut_at;

static void cut_when_sent(void *user, enum wm_trace_kind kind, const void *bytes, size_t len,
                          uint64_t now_ms)
{
    (void)user, (void)now_ms; /* with the device locked: cut_at needs no more */
    size_t start = cut_at ? strlen(cut_at) : 0;
    if (kind != WM_TRACE_TX || start == 0 || len < start || memcmp(bytes, cut_at, start) != 0)
        return;
    cut_at = NULL;
    cut_line();
}

static void open_over_tcp(const char *script, const char *command)
{
    const char *const joined[] = {"--listen", "127.0.0.1:0", "--join", "wmat", NULL};
    const char *const scripted[] = {"--listen", "127.0.0.1:0", "--script", script, NULL};
    struct wm_transport *transport;
    cut_at = command;
    sim_start(&host.sim, script ? scripted : joined);
    ck_assert_int_eq(open_line(NULL, &transport), 0);
    host_open_with(&host, (struct wm_config){.receive = WM_RECEIVE_ACTIVE,
                                             .transport = transport,
                                             .reopen = open_line,
                                             .trace = cut_when_sent});
    stream_spare_zeros(host_profile(&host).zeros_lost);
}

START_TEST(a_cut_while_nothing_happens)
{
    struct peer peer;
    open_over_tcp(NULL, NULL);
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX});
    int link = host_connect(&host, peer.port);
    cut_line();
    watch_await(WM_EVENT_LOST);
    watch_await(WM_EVENT_READY);
    peer_join(&peer); /* the module had kept the link; the driver has closed it */
    host_expect_reset(&host, link);
    struct wm_port_state state;
    wm_port_state(host.dev, &state);
    ck_assert_str_eq(state.name, "");
    ck_assert_uint_eq(state.reopened, 1);
    host_expect_works(&host);
    wm_close(host.dev);
}
END_TEST

START_TEST(a_cut_in_the_middle_of_sending)
{
    static unsigned char data[1 << 20];
    struct peer peer;
    open_over_tcp(NULL, NULL);
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX,
                                          .accident = cut_line,
                                          .accident_after = 100000});
    int link = host_connect(&host, peer.port);
    ck_assert_int_eq(wm_send(host.dev, link, data, sizeof data, 20000), WM_ERR_IO);
    watch_await(WM_EVENT_READY);
    peer_join(&peer);
    host_expect_reset(&host, link);
    host_expect_works(&host);
    wm_close(host.dev);
}
END_TEST

START_TEST(a_cut_in_the_middle_of_receiving)
{
    static unsigned char data[4096];
    struct peer peer;
    open_over_tcp(NULL, NULL);
    peer_start(&peer, &(struct peer_plan){.send_bytes = 100000000});
    int link = host_connect(&host, peer.port);
    host_read(&host, link, data, sizeof data);
    cut_line();
    int n = 1;
    while (n > 0)
        n = wm_recv(host.dev, link, data, sizeof data, 20000);
    ck_assert_msg(n == WM_ERR_IO || n == WM_ERR_RESET, "%s", wm_err_name(n));
    watch_await(WM_EVENT_READY);
    peer_join(&peer);
    host_expect_reset(&host, link);
    host_expect_works(&host);
    wm_close(host.dev);
}
END_TEST

/* A listener that answers nobody any more: its queue is full. Returns its port; fds are to be
 * closed. */
static uint16_t start_black_hole(int fds[4])
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fds[0] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(fds[0], (struct sockaddr *)&address, sizeof address), 0);
    ck_assert_int_eq(listen(fds[0], 0), 0);
    ck_assert_int_eq(getsockname(fds[0], (struct sockaddr *)&address, &len), 0);
    for (int i = 1; i < 4; i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        (void)connect(fds[i], (struct sockaddr *)&address, sizeof address);
    }
    return ntohs(address.sin_port);
}

START_TEST(a_cut_in_the_middle_of_connecting)
{
    int fds[4];
    uint16_t port = start_black_hole(fds);
    open_over_tcp(NULL, "AT+CIPSTART");
    struct wm_tcp_options options = {.host = "127.0.0.1", .port = port};
    ck_assert_int_eq(wm_tcp_connect(host.dev, &options, 20000), WM_ERR_IO);
    watch_await(WM_EVENT_READY);
    for (int i = 0; i < 4; i++)
        close(fds[i]);
    host_expect_works(&host);
    wm_close(host.dev);
}
END_TEST

START_TEST(a_cut_in_the_middle_of_joining)
{
    const char *script = folder_write("script", "0 address-delay 300\n");
    open_over_tcp(script, "AT+CWJAP");
    ck_assert_int_eq(wm_wifi_join(host.dev, "wmat", "wmat-demo-1", 0), WM_ERR_IO);
    watch_await(WM_EVENT_READY);
    ck_assert_int_eq(wm_wifi_join(host.dev, "wmat", "wmat-demo-1", 0), 0);
    host_expect_works(&host);
    wm_close(host.dev);
}
END_TEST

/* The module is reset at a time of its own: in the middle of whatever is repeated until then. */

static int reset_in_connect(uint16_t port)
{
    struct wm_tcp_options options = {.host = "127.0.0.1", .port = port};
    return wm_tcp_connect(host.dev, &options, 0);
}

static int reset_in_join(uint16_t port)
{
    (void)port;
    return wm_wifi_join(host.dev, "wmat", "wmat-demo-1", 0);
}

static int reset_in_send(uint16_t port)
{
    static unsigned char data[1 << 20];
    int link = reset_in_connect(port), n = 1;
    while (n > 0 && link > 0)
        n = wm_send(host.dev, link, data, sizeof data, 0);
    return link > 0 ? n : link;
}

static int reset_in_receive(uint16_t port)
{
    static unsigned char data[4096];
    int link = reset_in_connect(port), n = 1;
    while (n > 0 && link > 0)
        n = wm_recv(host.dev, link, data, sizeof data, 20000);
    return link > 0 ? n : link;
}

static const struct {
    int (*call)(uint16_t port);
    bool black_hole;
    const char *before; /* script */
} resets[] = {
    {reset_in_connect, true, ""},
    {reset_in_join, false, "0 address-delay never\n"},
    {reset_in_send, false, ""},
    {reset_in_receive, false, ""},
};

START_TEST(a_reset_in_the_middle)
{
    char text[128];
    struct peer peer;
    int fds[4];
    snprintf(text, sizeof text, "%s1500 reset\n1500 address-delay 0\n", resets[_i].before);
    const char *const args[] = {"--script", folder_write("script", text), NULL};
    sim_start(&host.sim, args);
    host_open_with(&host, (struct wm_config){.port = host.sim.path});
    stream_spare_zeros(host_profile(&host).zeros_lost);
    bool discards = host_profile(&host).passive_discards;
    uint16_t port = start_black_hole(fds);
    if (resets[_i].call != reset_in_join)
        ck_assert_int_ge(wm_wifi_join(host.dev, "wmat", "wmat-demo-1", 0), 0);
    if (!resets[_i].black_hole) {
        peer_start(&peer, &(struct peer_plan){
                              .send_bytes = resets[_i].call == reset_in_receive ? UINT64_MAX : 0,
                              .expect_bytes = UINT64_MAX});
        port = peer.port;
    }
    int err = resets[_i].call(port);
    bool full = discards && err == WM_ERR_OVERFLOW;
    ck_assert_msg(err == WM_ERR_RESET || full, "%s", wm_err_name(err));
    watch_await(WM_EVENT_RESET);
    watch_await(WM_EVENT_READY);
    for (int i = 0; i < 4; i++)
        close(fds[i]);
    if (!resets[_i].black_hole && resets[_i].call != reset_in_join)
        peer_join(&peer);
    ck_assert_int_eq(wm_wifi_join(host.dev, "wmat", "wmat-demo-1", 0), 0);
    host_expect_works(&host);
    wm_close(host.dev);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cut");
    TCase *tc = tcase_create("cut");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, folder_make, stop);
    tcase_add_test(tc, a_cut_while_nothing_happens);
    tcase_add_test(tc, a_cut_in_the_middle_of_sending);
    tcase_add_test(tc, a_cut_in_the_middle_of_receiving);
    tcase_add_test(tc, a_cut_in_the_middle_of_connecting);
    tcase_add_test(tc, a_cut_in_the_middle_of_joining);
    tcase_add_loop_test(tc, a_reset_in_the_middle, 0, sizeof resets / sizeof resets[0]);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
