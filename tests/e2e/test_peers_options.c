/* TCP-IP_AT: CIPTCPOPT, CIPCLOSE: what the peer of a link sees of its options and of its end. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peers.h"
#include "suite.h"

static struct at_host host;
static int listener, peer;
static uint16_t port;

static void setup(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, len), 0);
    ck_assert_int_eq(listen(listener, 4), 0);
    ck_assert_int_eq(getsockname(listener, (struct sockaddr *)&address, &len), 0);
    port = ntohs(address.sin_port);
    at_open(&host, NULL, NULL);
}

static void teardown(void)
{
    at_close(&host);
    close(listener);
}

static void opens(void)
{
    at_ok(&host, "AT+CIPSTART=\"TCP\",\"127.0.0.1\",%u", port);
    peer = accept(listener, NULL, NULL);
    ck_assert_int_ge(peer, 0);
}

static void closes(void)
{
    at_say(&host, "AT+CIPCLOSE");
    at_await(&host, "CLOSED\r\n\r\nOK\r\n");
}

/* From /proc/net/tcp: the timer of the module's socket, 2 for keep-alive, and in how many ticks of
 * 10 ms it goes off. */
static unsigned keep_alive_ticks(void)
{
    char line[512];
    unsigned remote, timer, ticks = 0;
    FILE *file = fopen("/proc/net/tcp", "re");
    ck_assert_ptr_nonnull(file);
    while (fgets(line, sizeof line, file))
        if (sscanf(line, " %*u: %*x:%*x %*x:%x 01 %*x:%*x %x:%x", &remote, &timer, &ticks) == 3 &&
            remote == port && timer == 2)
            break;
        else
            ticks = 0;
    fclose(file);
    return ticks;
}

START_TEST(keep_alive_is_on_and_off)
{
    opens();
    ck_assert_uint_eq(keep_alive_ticks(), 0);
    at_ok(&host, "AT+CIPTCPOPT=,,,7200");
    unsigned ticks = keep_alive_ticks();
    ck_assert_msg(ticks > 700000 && ticks <= 720000, "%u", ticks);
    at_ok(&host, "AT+CIPTCPOPT=,,,0");
    ck_assert_uint_eq(keep_alive_ticks(), 0);
    at_ok(&host, "AT+CIPCLOSE");
    at_ok(&host, "AT+CIPSTART=\"TCP\",\"127.0.0.1\",%u,60", port);
    ticks = keep_alive_ticks();
    ck_assert_msg(ticks > 5000 && ticks <= 6000, "%u", ticks);
}
END_TEST

START_TEST(linger_0_breaks_the_connection)
{
    opens();
    at_ok(&host, "AT+CIPTCPOPT=0");
    closes();
    ck_assert_int_eq(recv(peer, &(char){0}, 1, 0), -1);
    ck_assert_int_eq(errno, ECONNRESET);
}
END_TEST

START_TEST(by_default_a_close_does_not_wait)
{
    char bytes[6];
    opens();
    at_send(&host, -1, "hello", 5);
    closes(); /* the peer has done nothing yet */
    ck_assert_int_eq(recv(peer, bytes, sizeof bytes, MSG_WAITALL), 5);
}
END_TEST

START_TEST(linger_waits_for_the_peer)
{
    char bytes[6];
    opens();
    at_ok(&host, "AT+CIPTCPOPT=3600");
    at_send(&host, -1, "hello", 5);
    at_say(&host, "AT+CIPCLOSE");
    ck_assert_int_eq(recv(peer, bytes, sizeof bytes, MSG_WAITALL), 5);
    at_say(&host, "AT");
    at_expect(&host, "busy ...\r\n");
    close(peer);
    at_expect(&host, "CLOSED\r\n\r\nOK\r\n");
}
END_TEST

START_TEST(linger_ends_when_its_time_is_over)
{
    char byte;
    opens();
    at_ok(&host, "AT+CIPTCPOPT=1");
    closes();
    ck_assert_int_eq(recv(peer, &byte, 1, 0), 0); /* the module's end, and then: */
    while (send(peer, "x", 1, MSG_NOSIGNAL) == 1) {
    }
}
END_TEST

/* What was sent arrives although received bytes were never read. */
START_TEST(a_close_with_unread_bytes_loses_nothing)
{
    static char bytes[5760];
    static const char noise[100000];
    at_ok(&host, "AT+CIPRECVMODE=1");
    opens();
    ck_assert_int_gt(send(peer, noise, sizeof noise, MSG_DONTWAIT), 0);
    at_await(&host, "+IPD,");
    at_send(&host, -1, bytes, sizeof bytes);
    closes();
    ck_assert_int_eq(recv(peer, bytes, sizeof bytes, MSG_WAITALL), sizeof bytes);
    ck_assert_int_eq(recv(peer, bytes, 1, 0), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("peers options");
    TCase *tc = tcase_create("options");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, keep_alive_is_on_and_off);
    tcase_add_test(tc, linger_0_breaks_the_connection);
    tcase_add_test(tc, by_default_a_close_does_not_wait);
    tcase_add_test(tc, linger_waits_for_the_peer);
    tcase_add_test(tc, linger_ends_when_its_time_is_over);
    tcase_add_test(tc, a_close_with_unread_bytes_loses_nothing);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
