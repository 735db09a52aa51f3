/* TCP-IP_AT: CIPRECVMODE: much more than a window is offered to a link that nobody reads. The
 * module takes a window, and where the link is SSL what is left of a record; the sender stalls.
 * What it could write until then is the kernel's: its send buffer, and the receive buffer of the
 * module's socket. Read at last, everything arrives whole. $WM_WINDOW_MIB sets another amount
 * than 64. */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "peer.h"
#include "peers.h"
#include "relay.h"
#include "suite.h"

enum {
    WINDOW = 5760,
    RECORD = 16384 + 256, /* RFC 5246: the largest, and what it may be longer than its content */
    KERNEL = 16 << 20,    /* more than the kernel's buffers hold */
    SEED = 5
};

static struct at_host host;
static struct relay relay;
static struct process server;

static uint64_t amount(void)
{
    const char *mib = getenv("WM_WINDOW_MIB");
    return (mib ? strtoull(mib, NULL, 10) : 64) << 20;
}

static void setup(void)
{
    at_open(&host, NULL, NULL);
    at_ok(&host, "AT+CIPRECVMODE=1");
}

static void teardown(void)
{
    at_close(&host);
    relay_stop(&relay);
    process_stop(&server);
}

static void read_all(uint64_t len)
{
    static unsigned char piece[WINDOW];
    unsigned char sha[32], expected[32];
    mbedtls_sha256_context context;
    uint64_t total = 0;
    size_t n;
    mbedtls_sha256_init(&context);
    mbedtls_sha256_starts_ret(&context, 0);
    while (total < len && (n = at_receive(&host, -1, piece, sizeof piece)) > 0) {
        mbedtls_sha256_update_ret(&context, piece, n);
        total += n;
    }
    ck_assert_uint_eq(total, len);
    mbedtls_sha256_finish_ret(&context, sha);
    mbedtls_sha256_free(&context);
    stream_sha(SEED, len, expected);
    ck_assert_int_eq(memcmp(sha, expected, sizeof sha), 0);
}

static void check_stalled(uint64_t before, uint64_t least, uint64_t most)
{
    relay_await_stall(&relay);
    uint64_t taken = relay_taken(&relay) - before;
    printf("of %" PRIu64 " bytes the sender could write %" PRIu64 ", the module took %" PRIu64 "\n",
           amount(), relay.written - before, taken);
    ck_assert_uint_ge(taken, least);
    ck_assert_uint_le(taken, most);
    if (amount() > KERNEL)
        ck_assert_uint_lt(relay.written, KERNEL);
}

START_TEST(an_unread_tcp_link)
{
    relay_start_stream(&relay, amount(), SEED);
    at_ok(&host, "AT+CIPSTART=\"TCP\",\"127.0.0.1\",%u", relay.port);
    check_stalled(0, WINDOW, WINDOW);
    at_say(&host, "AT+CIPRECVLEN?");
    at_await(&host, "+CIPRECVLEN:5760,,,,\r\nOK\r\n");
    at_ok(&host, "AT+CIPRECVMODE=0"); /* announces nothing; and what is there is delivered */
    at_await(&host, "+IPD,2920:");
}
END_TEST

START_TEST(an_unread_tcp_link_arrives_whole)
{
    relay_start_stream(&relay, amount(), SEED);
    at_ok(&host, "AT+CIPSTART=\"TCP\",\"127.0.0.1\",%u", relay.port);
    check_stalled(0, WINDOW, WINDOW);
    read_all(amount());
    at_await(&host, "CLOSED\r\n");
}
END_TEST

/* Writes the stream into the standard input of s_server. */
static void *feed(void *arg)
{
    unsigned char piece[16384];
    (void)arg;
    for (uint64_t at = 0; at < amount(); at += sizeof piece) {
        stream_bytes(SEED, at, piece, sizeof piece);
        for (size_t done = 0; done < sizeof piece;) {
            ssize_t n = write(server.in, piece + done, sizeof piece - done);
            if (n <= 0)
                return NULL;
            done += (size_t)n;
        }
    }
    return NULL;
}

START_TEST(an_unread_tls_link_arrives_whole)
{
    pthread_t feeder;
    uint16_t port = peers_serve_tls(&server, WORDS("-quiet", "-cert", peers_path("peer.pem"),
                                                   "-key", peers_path("peer.key"), "-tls1_2"));
    relay_start(&relay, at_address(1), port);
    at_ok(&host, "AT+CIPSTART=\"SSL\",\"127.0.0.1\",%u", relay.port);
    uint64_t handshake = relay.written;
    ck_assert_int_eq(pthread_create(&feeder, NULL, feed, NULL), 0);
    check_stalled(handshake, WINDOW, WINDOW + RECORD);
    read_all(amount());
    pthread_join(feeder, NULL);
}
END_TEST

int main(void)
{
    process_need(WORDS("openssl"));
    Suite *suite = suite_create("peers window");
    TCase *tc = tcase_create("window");
    tcase_set_timeout(tc, 300);
    tcase_add_unchecked_fixture(tc, peers_make_identities, peers_remove);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, an_unread_tcp_link);
    tcase_add_test(tc, an_unread_tcp_link_arrives_whole);
    tcase_add_test(tc, an_unread_tls_link_arrives_whole);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
