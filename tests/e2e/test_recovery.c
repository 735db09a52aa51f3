/* The port vanishes and comes back, the module is reset: what was pending fails with its typed
 * error, events tell, and new calls work. */
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "host.h"
#include "peer.h"
#include "suite.h"
#include "watch.h"

static struct host host;
static char folder[64];

static void make_folder(void)
{
    strcpy(folder, "/tmp/wmat-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_folder(void)
{
    sim_stop(&host.sim);
    rmdir(folder);
}

static const char *path_of(const char *name)
{
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void start_sim(struct sim *sim, const char *link)
{
    const char *const args[] = {"--join", "wmat", "--link", link, NULL};
    sim_start(sim, args);
}

static void open_with(struct wm_config config)
{
    char detail[256];
    config.on_event = watch_event;
    config.detail = detail;
    config.detail_size = sizeof detail;
    int err = wm_open(&host.dev, &config);
    ck_assert_msg(err == 0, "%s: %s", wm_err_name(err), detail);
    if (!config.loop)
        watch_await(WM_EVENT_READY);
}

/* Five bytes to a peer and nothing left over. */
static void expect_a_working_device(void)
{
    struct peer peer;
    peer_start(&peer, &(struct peer_plan){.send_bytes = 5, .text = "world", .expect_bytes = 5});
    int link = host_connect(&host, peer.port);
    char bytes[5];
    host_send(&host, link, "hello", 5);
    host_read(&host, link, bytes, 5);
    ck_assert_int_eq(memcmp(bytes, "world", 5), 0);
    ck_assert_int_eq(wm_link_close(host.dev, link, 0), 0);
    peer_join(&peer);
    ck_assert_uint_eq(peer.received, 5);
    struct wm_link_list list;
    ck_assert_int_eq(wm_links(host.dev, &list, 0), 0);
}

static void expect_a_reset_link(int link)
{
    char byte;
    ck_assert_int_eq(wm_recv(host.dev, link, &byte, 1, 1000), WM_ERR_RESET);
    ck_assert_int_eq(wm_link_close(host.dev, link, 0), 0);
}

static struct wm_port_state port_state(void)
{
    struct wm_port_state state;
    wm_port_state(host.dev, &state);
    return state;
}

/* The virtual module dies and is started again under the same name. */

START_TEST(the_same_path_comes_back)
{
    const char *link_path = path_of("w800");
    struct peer peer;
    start_sim(&host.sim, link_path);
    open_with((struct wm_config){.port = link_path});
    ck_assert_str_eq(port_state().name, link_path);
    ck_assert(port_state().open);
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX});
    int link = host_connect(&host, peer.port);
    sim_kill(&host.sim);
    watch_await(WM_EVENT_LOST);
    ck_assert_int_eq(wm_probe(host.dev, 0), WM_ERR_IO);
    expect_a_reset_link(link);
    ck_assert(!port_state().open);
    peer_join(&peer);
    start_sim(&host.sim, link_path);
    watch_await(WM_EVENT_READY);
    ck_assert(port_state().open);
    ck_assert_uint_eq(port_state().reopened, 1);
    expect_a_working_device();
    wm_close(host.dev);
}
END_TEST

START_TEST(closing_while_the_port_is_gone)
{
    const char *link_path = path_of("w800");
    start_sim(&host.sim, link_path);
    open_with((struct wm_config){.port = link_path});
    sim_kill(&host.sim);
    watch_await(WM_EVENT_LOST);
    wm_close(host.dev);
    unlink(link_path);
}
END_TEST

START_TEST(a_port_that_is_not_opened_again)
{
    const char *link_path = path_of("w800");
    struct peer peer;
    start_sim(&host.sim, link_path);
    open_with((struct wm_config){.port = link_path, .no_reopen = true});
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX});
    int link = host_connect(&host, peer.port);
    char byte;
    sim_kill(&host.sim);
    ck_assert_int_eq(wm_recv(host.dev, link, &byte, 1, 20000), WM_ERR_IO);
    ck_assert_int_eq(wm_recv(host.dev, link, &byte, 1, 20000), WM_ERR_IO);
    ck_assert_int_eq(wm_probe(host.dev, 0), WM_ERR_IO);
    peer_join(&peer);
    wm_close(host.dev);
    unlink(link_path);
}
END_TEST

/* In the program's loop. */

static void turn(void)
{
    struct pollfd pfd = {.fd = wm_fd(host.dev), .events = wm_events(host.dev)};
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t now_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    uint64_t deadline_ms = wm_deadline(host.dev);
    poll(&pfd, 1,
         deadline_ms == WM_NO_DEADLINE ? -1
                                       : (int)(deadline_ms > now_ms ? deadline_ms - now_ms : 0));
    ck_assert_int_eq(wm_process(host.dev), 0);
}

static void turn_until(enum wm_event_kind kind)
{
    while (!watch_has(kind))
        turn();
    watch_await(kind);
}

START_TEST(the_same_path_comes_back_in_a_loop)
{
    const char *link_path = path_of("w800");
    start_sim(&host.sim, link_path);
    open_with((struct wm_config){.port = link_path, .loop = true});
    turn_until(WM_EVENT_READY);
    expect_a_working_device();
    sim_kill(&host.sim);
    turn_until(WM_EVENT_LOST);
    ck_assert_int_eq(wm_fd(host.dev), -1);
    ck_assert_uint_ne(wm_deadline(host.dev), WM_NO_DEADLINE);
    ck_assert_int_eq(wm_probe(host.dev, 0), WM_ERR_IO);
    start_sim(&host.sim, link_path);
    turn_until(WM_EVENT_READY);
    expect_a_working_device();
    wm_close(host.dev);
}
END_TEST

/* The adapter gets another name: found by its serial number. */

static struct wm_port ports[3];
static int port_count, lists;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t listed = PTHREAD_COND_INITIALIZER;

static int list_ports(void *user, struct wm_port *out, size_t max)
{
    (void)user;
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < port_count && (size_t)i < max; i++)
        out[i] = ports[i];
    int count = port_count;
    lists++;
    pthread_cond_broadcast(&listed);
    pthread_mutex_unlock(&mutex);
    return count;
}

static const struct wm_port_source table = {.list = list_ports};

/* name and serial of each, the last name NULL. */
static void set_ports(const char *const (*rows)[2])
{
    pthread_mutex_lock(&mutex);
    for (port_count = 0; rows[port_count][0]; port_count++) {
        ports[port_count] = (struct wm_port){.usb_vid = 0x1a86, .usb_pid = 0x7523};
        strcpy(ports[port_count].name, rows[port_count][0]);
        strcpy(ports[port_count].serial, rows[port_count][1]);
    }
    lists = 0;
    pthread_mutex_unlock(&mutex);
}

#define PORTS(...) set_ports((const char *const[][2]){__VA_ARGS__, {NULL, NULL}})

static void await_lists(int count)
{
    pthread_mutex_lock(&mutex);
    while (lists < count)
        pthread_cond_wait(&listed, &mutex);
    pthread_mutex_unlock(&mutex);
}

START_TEST(another_path_with_the_same_serial_number)
{
    const char *first = path_of("first"), *second = path_of("second");
    struct sim other;
    PORTS({first, "W800-1"}, {"/dev/ttyNONE9", "W800-2"});
    start_sim(&host.sim, first);
    open_with((struct wm_config){.port = first, .ports = &table});
    ck_assert_str_eq(port_state().serial, "W800-1");
    sim_kill(&host.sim);
    watch_await(WM_EVENT_LOST);
    start_sim(&host.sim, first); /* another adapter has this name now */
    PORTS({first, "W800-3"}, {"/dev/ttyNONE9", "W800-2"});
    await_lists(3);
    ck_assert(!port_state().open);
    start_sim(&other, second);
    PORTS({first, "W800-3"}, {second, "W800-1"});
    watch_await(WM_EVENT_READY);
    ck_assert_str_eq(port_state().name, second);
    expect_a_working_device();
    wm_close(host.dev);
    sim_stop(&other);
}
END_TEST

/* An adapter with several ports: the same one of them, when all are there. */
START_TEST(one_of_the_ports_of_an_adapter)
{
    const char *first = path_of("first"), *second = path_of("second"), *third = path_of("third");
    struct sim other;
    PORTS({first, "QUAD"}, {second, "QUAD"});
    start_sim(&host.sim, second);
    open_with((struct wm_config){.port = second, .ports = &table});
    sim_kill(&host.sim);
    watch_await(WM_EVENT_LOST);
    unlink(second); /* its pty may be given to another module */
    start_sim(&host.sim, first); /* not ours */
    start_sim(&other, third);
    PORTS({first, "QUAD"});
    await_lists(2);
    PORTS({first, "QUAD"}, {third, "QUAD"});
    watch_await(WM_EVENT_READY);
    ck_assert_str_eq(port_state().name, third);
    expect_a_working_device();
    wm_close(host.dev);
    sim_stop(&other);
}
END_TEST

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

static void open_over_tcp(const char *script)
{
    const char *const joined[] = {"--listen", "127.0.0.1:0", "--join", "wmat", NULL};
    const char *const scripted[] = {"--listen", "127.0.0.1:0", "--script", script, NULL};
    struct wm_transport *transport;
    sim_start(&host.sim, script ? scripted : joined);
    ck_assert_int_eq(open_line(NULL, &transport), 0);
    open_with((struct wm_config){.transport = transport, .reopen = open_line});
}

START_TEST(a_cut_while_nothing_happens)
{
    struct peer peer;
    open_over_tcp(NULL);
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX});
    int link = host_connect(&host, peer.port);
    cut_line();
    watch_await(WM_EVENT_LOST);
    watch_await(WM_EVENT_READY);
    peer_join(&peer); /* the module had kept the link; the driver has closed it */
    expect_a_reset_link(link);
    ck_assert_str_eq(port_state().name, "");
    expect_a_working_device();
    wm_close(host.dev);
}
END_TEST

START_TEST(a_cut_in_the_middle_of_sending)
{
    static unsigned char data[1 << 20];
    struct peer peer;
    open_over_tcp(NULL);
    peer_start(&peer, &(struct peer_plan){.expect_bytes = UINT64_MAX,
                                          .accident = cut_line,
                                          .accident_after = 100000});
    int link = host_connect(&host, peer.port);
    ck_assert_int_eq(wm_send(host.dev, link, data, sizeof data, 20000), WM_ERR_IO);
    watch_await(WM_EVENT_READY);
    peer_join(&peer);
    expect_a_reset_link(link);
    expect_a_working_device();
    wm_close(host.dev);
}
END_TEST

START_TEST(a_cut_in_the_middle_of_receiving)
{
    static unsigned char data[4096];
    struct peer peer;
    open_over_tcp(NULL);
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
    expect_a_reset_link(link);
    expect_a_working_device();
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

/* The command is in the module when the line is cut; its result never comes. */
static void cut_when_sent(void *user, enum wm_trace_kind kind, const void *bytes, size_t len,
                          uint64_t now_ms)
{
    const char *command = user;
    (void)now_ms;
    if (kind == WM_TRACE_TX && len > strlen(command) &&
        memcmp(bytes, command, strlen(command)) == 0)
        cut_line();
}

static void open_traced(const char *script, char *command)
{
    const char *const joined[] = {"--listen", "127.0.0.1:0", "--join", "wmat", NULL};
    const char *const scripted[] = {"--listen", "127.0.0.1:0", "--script", script, NULL};
    struct wm_transport *transport;
    sim_start(&host.sim, script ? scripted : joined);
    ck_assert_int_eq(open_line(NULL, &transport), 0);
    open_with((struct wm_config){.transport = transport,
                                 .reopen = open_line,
                                 .trace = cut_when_sent,
                                 .trace_user = command});
}

START_TEST(a_cut_in_the_middle_of_connecting)
{
    static char command[] = "AT+CIPSTART";
    int fds[4];
    uint16_t port = start_black_hole(fds);
    open_traced(NULL, command);
    struct wm_tcp_options options = {.host = "127.0.0.1", .port = port};
    ck_assert_int_eq(wm_tcp_connect(host.dev, &options, 20000), WM_ERR_IO);
    command[0] = '-'; /* no more cuts */
    watch_await(WM_EVENT_READY);
    for (int i = 0; i < 4; i++)
        close(fds[i]);
    expect_a_working_device();
    wm_close(host.dev);
}
END_TEST

START_TEST(a_cut_in_the_middle_of_joining)
{
    static char command[] = "AT+CWJAP";
    const char *script = path_of("script");
    FILE *file = fopen(script, "w");
    fputs("0 address-delay 300\n", file);
    fclose(file);
    open_traced(script, command);
    ck_assert_int_eq(wm_wifi_join(host.dev, "wmat", "wmat-demo-1", 0), WM_ERR_IO);
    command[0] = '-';
    watch_await(WM_EVENT_READY);
    ck_assert_int_eq(wm_wifi_join(host.dev, "wmat", "wmat-demo-1", 0), 0);
    expect_a_working_device();
    wm_close(host.dev);
    unlink(script);
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
    const char *script = path_of("script"), *link_path = path_of("w800");
    const char *const args[] = {"--link", link_path, "--script", script, NULL};
    struct peer peer;
    int fds[4];
    FILE *file = fopen(script, "w");
    fprintf(file, "%s1500 reset\n1500 address-delay 0\n", resets[_i].before);
    fclose(file);
    sim_start(&host.sim, args);
    open_with((struct wm_config){.port = link_path});
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
    ck_assert_msg(err == WM_ERR_RESET, "%s", wm_err_name(err));
    watch_await(WM_EVENT_RESET);
    watch_await(WM_EVENT_READY);
    for (int i = 0; i < 4; i++)
        close(fds[i]);
    if (!resets[_i].black_hole && resets[_i].call != reset_in_join)
        peer_join(&peer);
    ck_assert_int_eq(wm_wifi_join(host.dev, "wmat", "wmat-demo-1", 0), 0);
    expect_a_working_device();
    wm_close(host.dev);
    unlink(script);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("recovery");
    TCase *tc = tcase_create("recovery");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, make_folder, remove_folder);
    tcase_add_test(tc, the_same_path_comes_back);
    tcase_add_test(tc, closing_while_the_port_is_gone);
    tcase_add_test(tc, a_port_that_is_not_opened_again);
    tcase_add_test(tc, the_same_path_comes_back_in_a_loop);
    tcase_add_test(tc, another_path_with_the_same_serial_number);
    tcase_add_test(tc, one_of_the_ports_of_an_adapter);
    tcase_add_test(tc, a_cut_while_nothing_happens);
    tcase_add_test(tc, a_cut_in_the_middle_of_sending);
    tcase_add_test(tc, a_cut_in_the_middle_of_receiving);
    tcase_add_test(tc, a_cut_in_the_middle_of_connecting);
    tcase_add_test(tc, a_cut_in_the_middle_of_joining);
    tcase_add_loop_test(tc, a_reset_in_the_middle, 0, sizeof resets / sizeof resets[0]);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
