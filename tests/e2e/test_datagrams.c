/* Datagrams between the driver, w800-sim and a socket of this machine: boundaries in both receive
 * modes, +++, sizes from 1 to 5760 bytes, and bursts that nobody has room for. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host.h"
#include "suite.h"

#define LARGEST   5760
#define DELIVERED 2920 /* the largest that the module delivers (DESIGN.md, section 7) */
#define BURST     60
#define BURST_LEN 900

static struct host host;
static int peer, link0;
static struct sockaddr_in module;
static unsigned char sent[LARGEST], got[LARGEST + 1];

static uint16_t open_peer(void)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct timeval patience = {.tv_sec = 20};
    socklen_t len = sizeof here;
    peer = socket(AF_INET, SOCK_DGRAM, 0);
    ck_assert_int_eq(bind(peer, (struct sockaddr *)&here, len), 0);
    ck_assert_int_eq(getsockname(peer, (struct sockaddr *)&here, &len), 0);
    setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return ntohs(here.sin_port);
}

static void start(int active, size_t ring_bytes)
{
    static const char *const args[] = {"--join", "wmat", NULL};
    struct wm_udp_options options = {.host = "127.0.0.1", .port = open_peer()};
    sim_start(&host.sim, args);
    struct wm_config config = {.port = host.sim.path,
                               .receive = active ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE,
                               .ring_bytes = ring_bytes};
    ck_assert_int_eq(wm_open(&host.dev, &config), 0);
    link0 = wm_udp_open(host.dev, &options, 0);
    ck_assert_int_gt(link0, 0);
}

static void stop(void)
{
    close(peer);
    host_close(&host);
}

/* The peer gets exactly one datagram of these bytes. */
static void reaches(const void *bytes, size_t len)
{
    socklen_t addr_len = sizeof module;
    ck_assert_int_eq(wm_sendto(host.dev, link0, bytes, len, NULL, 0, 0), (int)len);
    ssize_t n = recvfrom(peer, got, sizeof got, 0, (struct sockaddr *)&module, &addr_len);
    ck_assert_int_eq(n, (ssize_t)len);
    ck_assert_int_eq(memcmp(got, bytes, len), 0);
}

static void answers(const void *bytes, size_t len)
{
    ck_assert_int_eq(sendto(peer, bytes, len, 0, (struct sockaddr *)&module, sizeof module),
                     (ssize_t)len);
}

static void comes_back(const void *bytes, size_t len)
{
    struct wm_datagram from;
    answers(bytes, len);
    ck_assert_int_eq(wm_recvfrom(host.dev, link0, got, sizeof got, &from, 20000), (int)len);
    ck_assert_uint_eq(from.size, len);
    ck_assert(!from.cut && from.dropped == 0);
    ck_assert_str_eq(from.ip, "127.0.0.1");
    ck_assert_int_eq(memcmp(got, bytes, len), 0);
}

static void fill(unsigned seed)
{
    for (size_t i = 0; i < LARGEST; i++)
        sent[i] =
            (unsigned char)((i * 31 + seed + i / 251) % 255 + 1); /* some modules lose zeros */
}

START_TEST(every_size_is_one_datagram)
{
    static const size_t sizes[] = {1, 2, 3, 255, 1460, 1472, 1473, DELIVERED - 1, DELIVERED};
    start(_i, 0);
    size_t most = host_profile(&host).datagram_max;
    for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        fill(i);
        reaches(sent, sizes[i] < most ? sizes[i] : most);
        comes_back(sent, sizes[i]);
    }
    reaches(sent, LARGEST < most ? LARGEST : most);
    ck_assert_int_eq(wm_sendto(host.dev, link0, sent, 0, NULL, 0, 0), WM_ERR_ARG);
    ck_assert_int_eq(wm_sendto(host.dev, link0, got, LARGEST + 1, NULL, 0, 0), WM_ERR_ARG);
    reaches("x", 1);
    stop();
}
END_TEST

START_TEST(words_of_the_protocol)
{
    static const char *const words[] = {"+++", "+++\r\n", "\\0", "SEND OK\r\n", "\r\n", ">"};
    start(_i, 0);
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        reaches(words[i], strlen(words[i]));
        comes_back(words[i], strlen(words[i]));
    }
    stop();
}
END_TEST

/* Each of a burst is marked by its first byte; all others are the same. */
static void burst(void)
{
    for (unsigned i = 0; i < BURST; i++) {
        memset(sent, (int)i + 1, BURST_LEN);
        answers(sent, BURST_LEN);
    }
}

/* The next one of the burst, behind the one before: whole. Returns what receiving did. */
static int next_of_burst(int *last, unsigned *dropped)
{
    struct wm_datagram from;
    int n = wm_recvfrom(host.dev, link0, got, sizeof got, &from, 2000);
    *dropped += n == WM_ERR_NOMEM ? from.dropped : 0;
    if (n < 0)
        return n;
    if (from.cut) {
        ck_assert(host_profile(&host).datagrams_merged);
        return n;
    }
    ck_assert_int_eq(n, BURST_LEN);
    ck_assert_int_gt(got[0], *last);
    *last = got[0];
    for (int i = 0; i < n; i++)
        ck_assert_int_eq(got[i], *last);
    return n;
}

/* What finds no room in the module is lost there, and nobody says so. Of what the driver got each
 * is delivered, or counted for the reader; none is torn, none comes out of order. */
START_TEST(a_burst_beyond_all_room)
{
    int last = -1, n;
    unsigned count = 0, dropped = 0;
    struct wm_stats stats;
    start(_i, 4096);
    reaches("x", 1);
    burst();
    while ((n = next_of_burst(&last, &dropped)) > 0 || n == WM_ERR_NOMEM)
        count += n > 0;
    ck_assert_int_eq(n, WM_ERR_TIMEOUT);
    wm_get_stats(host.dev, &stats);
    if (!host_profile(&host).datagrams_merged || _i) {
        ck_assert_uint_ge(count, 4);
        ck_assert_uint_eq(count + dropped, stats.frames);
    }
    comes_back("and on", 6);
    stop();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("datagrams");
    TCase *tc = tcase_create("datagrams");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, every_size_is_one_datagram, 0, 2);
    tcase_add_loop_test(tc, words_of_the_protocol, 0, 2);
    tcase_add_loop_test(tc, a_burst_beyond_all_room, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
