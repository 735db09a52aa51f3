/* In what state the driver may find a module: at another speed, in data mode, in passthrough, in
 * the other multiplex mode, with links and a server of somebody else's. Each is brought to the
 * known one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "peer.h"
#include "suite.h"
#include "test_port.h"
#include "watch.h"

static struct host host;

static void stop_sim(void)
{
    sim_stop(&host.sim);
}

static uint64_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Left behind by another host. */

static void say(struct wm_transport *port, const char *text, const char *answer)
{
    char got[1024] = "";
    size_t len = 0;
    ck_assert_int_eq(port->ops->write(port, text, strlen(text)), (ptrdiff_t)strlen(text));
    while (len < strlen(answer) || strcmp(got + len - strlen(answer), answer) != 0) {
        ptrdiff_t n = test_await(port, got + len, sizeof got - 1 - len);
        ck_assert_int_gt(n, 0);
        len += (size_t)n;
        got[len] = '\0';
    }
}

/* Lines of that host, each with the end of its answer; %u is a peer's port. */
static const struct {
    const char *lines[6][2];
    bool linked; /* the peer sees a link, and its end */
} left[] = {
    /* several links */
    {{{"AT+CIPMUX=1\r\n", "OK\r\n"},
      {"AT+CIPSTART=0,\"TCP\",\"127.0.0.1\",%u\r\n", "0,CONNECT\r\nOK\r\n"}},
     true},
    /* single connection mode */
    {{{"AT+CIPMUX=0\r\n", "OK\r\n"},
      {"AT+CIPSTART=\"TCP\",\"127.0.0.1\",%u\r\n", "CONNECT\r\nOK\r\n"}},
     true},
    /* data mode, a length announced, part of it sent */
    {{{"AT+CIPMUX=1\r\n", "OK\r\n"},
      {"AT+CIPSTART=4,\"TCP\",\"127.0.0.1\",%u\r\n", "4,CONNECT\r\nOK\r\n"},
      {"AT+CIPSEND=4,5760\r\n", "OK\r\n>\r\n"},
      {"half", ""}},
     true},
    /* passthrough */
    {{{"AT+CIPMUX=0\r\n", "OK\r\n"},
      {"AT+CIPSTART=\"TCP\",\"127.0.0.1\",%u\r\n", "CONNECT\r\nOK\r\n"},
      {"AT+CIPMODE=1\r\n", "OK\r\n"},
      {"AT+CIPSEND\r\n", "OK\r\n>\r\n"},
      {"payload", ""}},
     true},
    /* a server, the other receive mode, senders shown */
    {{{"AT+CIPMUX=1\r\n", "OK\r\n"},
      {"AT+CIPSERVER=1,8087\r\n", "OK\r\n"},
      {"AT+CIPRECVMODE=0\r\n", "OK\r\n"},
      {"AT+CIPDINFO=1\r\n", "OK\r\n"}},
     false},
    /* half a command */
    {{{"AT+CIPSTART=\"TCP\",\"127.0.0.1\"", ""}}, false},
};

static void leave_behind(const char *const (*lines)[2], const struct peer *peer)
{
    char line[128];
    struct wm_transport *port = test_port_open(host.sim.path, NULL);
    for (size_t i = 0; i < 6 && lines[i][0]; i++) {
        const char *format = lines[i][0];
        const char *hole = strstr(format, "%u");
        if (hole)
            snprintf(line, sizeof line, "%.*s%u%s", (int)(hole - format), format, peer->port,
                     hole + 2);
        say(port, hole ? line : format, lines[i][1]);
    }
    port->ops->close(port);
}

START_TEST(a_module_that_another_host_has_left)
{
    static const char *const args[] = {"--join", "wmat", NULL};
    struct peer peer;
    struct wm_link_list list;
    sim_start(&host.sim, args);
    if (left[_i].linked)
        peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX});
    leave_behind(left[_i].lines, &peer);
    struct wm_config config = {.port = host.sim.path};
    ck_assert_int_eq(wm_open(&host.dev, &config), 0);
    ck_assert_int_eq(wm_links(host.dev, &list, 0), 0);
    if (left[_i].linked)
        peer_join(&peer);
    host_expect_works(&host);
    wm_close(host.dev);
}
END_TEST

/* Speeds. */

static const struct {
    const char *module;
    unsigned host, found;
} speeds[] = {
    {"921600", 0, 921600}, {"115200", 921600, 115200}, {"9600", 0, 9600}, {"57600", 57600, 57600}};

static void start_at(const char *baud)
{
    const char *const args[] = {"--join", "wmat", "--baud", baud, NULL};
    sim_start(&host.sim, args);
}

static unsigned baud_now(void)
{
    struct wm_port_state state;
    wm_port_state(host.dev, &state);
    return state.baud;
}

START_TEST(a_module_at_another_speed)
{
    char detail[256];
    start_at(speeds[_i].module);
    struct wm_config config = {.port = host.sim.path,
                               .options.baud = speeds[_i].host,
                               .detail = detail,
                               .detail_size = sizeof detail,
                               .on_event = watch_event};
    int err = wm_open(&host.dev, &config);
    ck_assert_msg(err == 0, "%s", detail);
    ck_assert_uint_eq(baud_now(), speeds[_i].found);
    watch_await(WM_EVENT_READY);
    ck_assert(!watch_has(WM_EVENT_SILENT));
    host_expect_works(&host);
    wm_close(host.dev);
}
END_TEST

START_TEST(a_speed_that_is_not_to_be_changed)
{
    char detail[256];
    start_at("921600");
    struct wm_config config = {.port = host.sim.path,
                               .no_speed_scan = true,
                               .open_timeout_ms = 4000,
                               .detail = detail,
                               .detail_size = sizeof detail};
    ck_assert_int_eq(wm_open(&host.dev, &config), WM_ERR_TIMEOUT);
    ck_assert_msg(strstr(detail, "its speed"), "%s", detail);
}
END_TEST

/* The error says what was tried, and the deadline holds. */
START_TEST(no_module_at_any_speed)
{
    static const uint32_t timeouts_ms[] = {500, 4000, 10000};
    static const char *const words[] = {
        "its speed", "at 57600, 115200, 921600",
        "at 57600, 115200, 921600, 2000000, 1000000, 460800, 230400, 38400, 19200, 9600, 1500000, "
        "3000000 baud"};
    struct test_pty pty;
    char detail[256];
    test_pty_open(&pty);
    struct wm_config config = {.port = pty.path,
                               .options.baud = 57600,
                               .open_timeout_ms = timeouts_ms[_i],
                               .detail = detail,
                               .detail_size = sizeof detail};
    uint64_t start_ms = clock_ms();
    ck_assert_int_eq(wm_open(&host.dev, &config), WM_ERR_TIMEOUT);
    uint64_t took_ms = clock_ms() - start_ms;
    ck_assert_uint_ge(took_ms, timeouts_ms[_i]);
    ck_assert_uint_lt(took_ms, timeouts_ms[_i] + 3000);
    ck_assert_msg(strstr(detail, words[_i]), "%s", detail);
    close(pty.master);
}
END_TEST

/* Takes what comes for so long, and answers nothing. */
static void boot(struct wm_transport *module, unsigned ms)
{
    char bytes[8192];
    uint64_t start_ms = clock_ms();
    while (clock_ms() - start_ms < ms)
        ck_assert_int_gt(test_await(module, bytes, sizeof bytes), 0);
}

static void *open_it(void *arg)
{
    struct wm_config *config = arg;
    int err = wm_open(&host.dev, config);
    ck_assert_msg(err == 0, "%s", config->detail);
    return NULL;
}

/* What a set-up asks, and an OK for everything else. */
static void answer_line(struct wm_transport *module, const char *line)
{
    const char *answer = strcmp(line, "AT+CIPMUX?") == 0 ? "+CIPMUX:1\r\nOK\r\n" : "OK\r\n";
    if (line[0] == 'A')
        module->ops->write(module, answer, strlen(answer));
}

static void answer_until_ready(struct wm_transport *module)
{
    char byte, line[512];
    size_t len = 0;
    while (!watch_has(WM_EVENT_READY)) {
        if (module->ops->read(module, &byte, 1) != 1)
            continue;
        if (byte != '\r' && byte != '\n' && len < sizeof line - 1) {
            line[len++] = byte;
            continue;
        }
        line[len] = '\0';
        len = 0;
        answer_line(module, line);
    }
}

START_TEST(a_module_that_is_slow_to_start)
{
    struct test_pty pty;
    struct wm_transport *module;
    char detail[256];
    pthread_t thread;
    test_pty_open(&pty);
    ck_assert_int_eq(wm_transport_from_fd(&module, pty.master), 0);
    struct wm_config config = {
        .port = pty.path, .detail = detail, .detail_size = sizeof detail, .on_event = watch_event};
    pthread_create(&thread, NULL, open_it, &config);
    boot(module, 3500); /* the first search is over, other speeds are being tried */
    answer_until_ready(module);
    pthread_join(thread, NULL);
    wm_close(host.dev);
    module->ops->close(module);
}
END_TEST

/* The module falls back to another speed later, as one does that was reset. */
START_TEST(a_speed_that_changes_later)
{
    char folder[] = "/tmp/wmat-test-XXXXXX", path[64];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/w800", folder);
    const char *const before[] = {"--join", "wmat", "--link", path, "--baud", "115200", NULL};
    const char *const after[] = {"--join", "wmat", "--link", path, "--baud", "460800", NULL};
    sim_start(&host.sim, before);
    struct wm_config config = {.port = path, .on_event = watch_event};
    ck_assert_int_eq(wm_open(&host.dev, &config), 0);
    watch_await(WM_EVENT_READY);
    sim_kill(&host.sim);
    watch_await(WM_EVENT_LOST);
    sim_start(&host.sim, after);
    watch_await(WM_EVENT_READY);
    ck_assert_uint_eq(baud_now(), 460800);
    host_expect_works(&host);
    wm_close(host.dev);
    sim_stop(&host.sim);
    rmdir(folder);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("found");
    TCase *tc = tcase_create("found");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, NULL, stop_sim);
    tcase_add_loop_test(tc, a_module_that_another_host_has_left, 0, sizeof left / sizeof left[0]);
    tcase_add_loop_test(tc, a_module_at_another_speed, 0, sizeof speeds / sizeof speeds[0]);
    tcase_add_test(tc, a_speed_that_is_not_to_be_changed);
    tcase_add_loop_test(tc, no_module_at_any_speed, 0, 3);
    tcase_add_test(tc, a_module_that_is_slow_to_start);
    tcase_add_test(tc, a_speed_that_changes_later);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
