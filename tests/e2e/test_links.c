/* Links against real peers: payloads that look like the protocol, five links at once, ends. */
#include <pthread.h>
#include <string.h>

#include "host.h"
#include "peer.h"
#include "suite.h"

static struct host host;

static enum wm_receive mode(int i)
{
    return i ? WM_RECEIVE_ACTIVE : WM_RECEIVE_PASSIVE;
}

/* Sent alone, so that each is a hand-over of its own, and received as its own frame. */
static const char *const payloads[] = {
    "+IPD,0,9:",     "+IPD,0,9",      "OK",       "OK\r\n",
    "ERROR\r\n",     "\r\nERROR\r\n", ">",        ">\r\n",
    "+++",           "\r\n",          "0,CLOSED", "0,CLOSED\r\n",
    "0,CONNECT\r\n", "SEND OK\r\n",   "busy ...", "ready\r\n",
    "\r\nready\r\n", "AT+RST\r\n",    "AT\r\n",   "+CIPRECVDATA:5,hello\r\nOK\r\n",
};

START_TEST(payloads_that_look_like_the_protocol)
{
    struct peer peer;
    char all[1024] = "", back[1024];
    host_open(&host, mode(_i));
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++)
        strcat(all, payloads[i]);
    size_t len = strlen(all);
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        size_t n = strlen(payloads[i]);
        peer_start(&peer,
                   &(struct peer_plan){.send_bytes = n, .text = payloads[i], .expect_bytes = n});
        int link = host_connect(&host, peer.port);
        host_send(&host, link, payloads[i], n);
        host_read(&host, link, back, n);
        ck_assert_int_eq(memcmp(back, payloads[i], n), 0);
        ck_assert_int_eq(wm_recv(host.dev, link, back, 1, 20000), 0);
        peer_join(&peer);
        unsigned char sha[32];
        mbedtls_sha256_ret((const unsigned char *)payloads[i], n, sha, 0);
        ck_assert_int_eq(memcmp(peer.received_sha, sha, 32), 0);
        ck_assert_int_eq(wm_link_close(host.dev, link, 0), 0);
    }
    peer_start(&peer, &(struct peer_plan){.send_bytes = len, .text = all, .expect_bytes = len});
    int link = host_connect(&host, peer.port);
    host_send(&host, link, all, len);
    host_read(&host, link, back, len);
    ck_assert_int_eq(memcmp(back, all, len), 0);
    peer_join(&peer);
    host_close(&host);
}
END_TEST

START_TEST(every_byte_value)
{
    struct peer peer;
    unsigned char bytes[256], back[256], sha[32];
    for (int i = 0; i < 256; i++)
        bytes[i] = (unsigned char)i;
    host_open(&host, (enum wm_receive)_i);
    bool lost = host_profile(&host).zeros_lost && _i != WM_RECEIVE_ZERO_SAFE;
    peer_start(&peer, &(struct peer_plan){
                          .send_bytes = 256, .text = bytes, .expect_bytes = lost ? 0 : 256});
    int link = host_connect(&host, peer.port);
    if (lost) {
        int n = wm_recv(host.dev, link, back, sizeof back, 20000);
        ck_assert_msg(n == WM_ERR_MANGLED, "%s", wm_err_name(n));
        peer_join(&peer);
        host_close(&host);
        return;
    }
    host_send(&host, link, bytes, sizeof bytes);
    host_read(&host, link, back, sizeof back);
    ck_assert_int_eq(memcmp(back, bytes, sizeof bytes), 0);
    peer_join(&peer);
    mbedtls_sha256_ret(bytes, sizeof bytes, sha, 0);
    ck_assert_int_eq(memcmp(peer.received_sha, sha, 32), 0);
    host_close(&host);
}
END_TEST

/* Five links, each with its own traffic both ways; they end one after another. */

#define TRAFFIC (256 * 1024)

struct traffic {
    pthread_t sender, reader;
    struct peer peer;
    int number, link;
    uint64_t received;
    unsigned char sha[32];
    int err;
};

static void *send_all(void *arg)
{
    struct traffic *traffic = arg;
    unsigned char piece[4096];
    for (uint64_t at = 0; at < TRAFFIC && traffic->err >= 0; at += sizeof piece) {
        stream_bytes((uint32_t)traffic->number, at, piece, sizeof piece);
        traffic->err = wm_send(host.dev, traffic->link, piece, sizeof piece, 30000);
    }
    return NULL;
}

static void *receive_all(void *arg)
{
    struct traffic *traffic = arg;
    unsigned char piece[4096];
    mbedtls_sha256_context sha;
    int n;
    mbedtls_sha256_init(&sha);
    mbedtls_sha256_starts_ret(&sha, 0);
    while ((n = wm_recv(host.dev, traffic->link, piece, sizeof piece, 30000)) > 0) {
        mbedtls_sha256_update_ret(&sha, piece, (size_t)n);
        traffic->received += (uint64_t)n;
    }
    mbedtls_sha256_finish_ret(&sha, traffic->sha);
    mbedtls_sha256_free(&sha);
    return n < 0 ? (void *)wm_err_name(n) : NULL;
}

static void start_traffic(struct traffic *traffic, int number)
{
    traffic->number = number;
    peer_start(&traffic->peer, &(struct peer_plan){.send_bytes = TRAFFIC,
                                                   .seed = 100 + (uint32_t)number,
                                                   .expect_bytes = TRAFFIC});
    traffic->link = host_connect(&host, traffic->peer.port);
    /* In active mode a link that nobody reads holds up the others: the reader comes first. */
    ck_assert_int_eq(pthread_create(&traffic->reader, NULL, receive_all, traffic), 0);
    ck_assert_int_eq(pthread_create(&traffic->sender, NULL, send_all, traffic), 0);
}

static void check_traffic(struct traffic *traffic)
{
    unsigned char sha[32];
    peer_join(&traffic->peer);
    ck_assert_msg(traffic->err >= 0, "%s", wm_err_name(traffic->err));
    ck_assert_uint_eq(traffic->received, TRAFFIC);
    stream_sha(100 + (uint32_t)traffic->number, TRAFFIC, sha);
    ck_assert_int_eq(memcmp(traffic->sha, sha, 32), 0);
    stream_sha((uint32_t)traffic->number, TRAFFIC, sha);
    ck_assert_int_eq(memcmp(traffic->peer.received_sha, sha, 32), 0);
    ck_assert_int_eq(wm_link_close(host.dev, traffic->link, 0), 0);
}

START_TEST(five_links_at_once)
{
    struct traffic traffic[WM_LINKS] = {0};
    host_open(&host, mode(_i));
    for (int i = 0; i < WM_LINKS; i++)
        start_traffic(&traffic[i], i);
    for (int i = 0; i < WM_LINKS; i++) {
        void *failure;
        pthread_join(traffic[i].sender, NULL);
        pthread_join(traffic[i].reader, &failure);
        ck_assert_msg(!failure, "%s", (const char *)failure);
    }
    for (int i = 0; i < WM_LINKS; i++)
        check_traffic(&traffic[i]);
    host_close(&host);
}
END_TEST

/* The peer sends and closes at once; nobody reads before that. */
START_TEST(the_last_bytes_come_before_the_end_of_file)
{
    static unsigned char data[20000], back[20000];
    struct peer peer;
    host_open(&host, mode(_i));
    stream_bytes(7, 0, data, sizeof data);
    for (int round = 0; round < 5; round++) {
        peer_start(&peer, &(struct peer_plan){.send_bytes = sizeof data, .seed = 7});
        int link = host_connect(&host, peer.port);
        peer_join(&peer);
        host_read(&host, link, back, sizeof back);
        ck_assert_int_eq(memcmp(back, data, sizeof data), 0);
        ck_assert_int_eq(wm_recv(host.dev, link, back, 1, 20000), 0);
        ck_assert_int_eq(wm_recv(host.dev, link, back, 1, 0), 0);
        ck_assert_int_eq(wm_send(host.dev, link, "x", 1, 0), WM_ERR_CLOSED);
        ck_assert_int_eq(wm_link_close(host.dev, link, 0), 0);
    }
    host_close(&host);
}
END_TEST

START_TEST(a_refused_port_and_a_sixth_link)
{
    struct peer peer;
    char words[64];
    host_open(&host, WM_RECEIVE_PASSIVE);
    peer_start(&peer, &(struct peer_plan){0});
    int link = host_connect(&host, peer.port);
    peer_join(&peer); /* nobody listens there any more */
    struct wm_tcp_options options = {.host = "127.0.0.1", .port = peer.port};
    ck_assert_int_eq(wm_tcp_connect(host.dev, &options, 0), WM_ERR_DEVICE);
    ck_assert_str_eq(wm_last_detail(host.dev, words, sizeof words), "AT+CIPSTART: ERROR");
    ck_assert_int_eq(wm_link_close(host.dev, link, 0), 0);
    host_close(&host);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("links");
    TCase *tc = tcase_create("links");
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, payloads_that_look_like_the_protocol, 0, 2);
    tcase_add_loop_test(tc, every_byte_value, 0, WM_RECEIVE_ZERO_SAFE + 1);
    tcase_add_loop_test(tc, five_links_at_once, 0, 2);
    tcase_add_loop_test(tc, the_last_bytes_come_before_the_end_of_file, 0, 2);
    tcase_add_test(tc, a_refused_port_and_a_sixth_link);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
