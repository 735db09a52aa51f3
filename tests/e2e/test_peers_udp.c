/* TCP-IP_AT: CIPSTART "UDP", CIPSEND: datagrams to and from socat, of one peer, of several, of
 * groups, and of all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "netns.h"
#include "peers.h"
#include "suite.h"

enum { FRAME = 2920 };

static struct at_host host;
static struct process first, second;
static uint16_t first_port, second_port, own_port;

static void setup(void)
{
    host.fd = -1;
}

static void teardown(void)
{
    if (host.fd >= 0)
        at_close(&host);
    process_stop(&first);
    process_stop(&second);
}

/* What socat says on its standard input goes to the module's port, and the other way round. */
static uint16_t start_socat(struct process *socat, const char *address)
{
    char words[128];
    uint16_t port = process_free_port(address);
    snprintf(words, sizeof words, "UDP4-DATAGRAM:%s:%u,bind=%s:%u", at_address(0), own_port,
             address, port);
    process_start(socat, WORDS("socat", "-", words));
    process_await_port(socat, "udp", address, port);
    return port;
}

static void start_both(void)
{
    at_open(&host, NULL, NULL);
    own_port = process_free_port(at_address(0));
    first_port = start_socat(&first, at_address(1));
    second_port = start_socat(&second, at_address(2));
}

/* The module gets exactly that, in one frame. */
static void arrives(struct process *socat, const char *text)
{
    char frame[FRAME];
    int link;
    process_say(socat, text);
    size_t len = at_frame(&host, &link, frame, sizeof frame);
    ck_assert_msg(len == strlen(text) && memcmp(frame, text, len) == 0, "%.*s", (int)len, frame);
}

static void reaches(struct process *socat, const char *text)
{
    at_send(&host, -1, text, strlen(text));
    process_await(socat, text);
}

static void opens(int mode)
{
    at_say(&host, "AT+CIPSTART=\"UDP\",\"%s\",%u,%u,%d", at_address(1), first_port, own_port, mode);
    at_expect(&host, "CONNECT\r\nOK\r\n");
}

START_TEST(mode_0_stays_with_its_peer)
{
    start_both();
    opens(0);
    reaches(&first, "one\n");
    arrives(&first, "two\n");
    arrives(&second, "three\n");
    reaches(&first, "four\n");
}
END_TEST

START_TEST(mode_1_changes_once)
{
    start_both();
    opens(1);
    arrives(&first, "one\n");
    reaches(&first, "two\n");
    arrives(&second, "three\n");
    reaches(&second, "four\n");
    arrives(&first, "five\n");
    reaches(&second, "six\n");
}
END_TEST

START_TEST(mode_2_answers_whoever_spoke_last)
{
    start_both();
    opens(2);
    arrives(&second, "one\n");
    reaches(&second, "two\n");
    arrives(&first, "three\n");
    reaches(&first, "four\n");
    arrives(&second, "five\n");
    reaches(&second, "six\n");
}
END_TEST

START_TEST(a_send_with_a_remote_host)
{
    start_both();
    opens(0);
    at_say(&host, "AT+CIPSEND=6,\"%s\",%u", at_address(2), second_port);
    at_expect(&host, "OK\r\n>\r\n");
    at_write(&host, "aside\n", 6);
    at_expect(&host, "SEND OK\r\n");
    process_await(&second, "aside\n");
    reaches(&first, "and back\n");
    ck_assert(!strstr(first.said, "aside"));
}
END_TEST

/* Each datagram comes back as one. */
START_TEST(boundaries_of_datagrams)
{
    static const size_t sizes[] = {1, 1460, 2, FRAME, 3, 1000};
    static char sent[FRAME], frame[FRAME];
    char where[80];
    uint16_t port = process_free_port(at_address(1));
    int link;
    snprintf(where, sizeof where, "UDP4-RECVFROM:%u,bind=%s,fork", port, at_address(1));
    process_start(&first, WORDS("socat", "-b", "8192", where, "EXEC:cat"));
    process_await_port(&first, "udp", at_address(1), port);
    at_open(&host, NULL, NULL);
    at_ok(&host, "AT+CIPSTART=\"UDP\",\"%s\",%u", at_address(1), port);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        memset(sent, (int)('a' + i), sizeof sent);
        at_send(&host, -1, sent, sizes[i]);
        ck_assert_uint_eq(at_frame(&host, &link, frame, sizeof frame), sizes[i]);
        ck_assert_int_eq(memcmp(frame, sent, sizes[i]), 0);
    }
}
END_TEST

START_TEST(boundaries_in_passive_mode)
{
    char text[32];
    start_both();
    opens(0);
    at_ok(&host, "AT+CIPRECVMODE=1");
    process_say(&first, "one\n");
    at_await(&host, "+IPD,4\r\n");
    process_say(&first, "three\n");
    at_say(&host, "AT+CIPRECVLEN?");
    for (;;) { /* until the second one is there, too */
        at_await(&host, "+CIPRECVLEN:");
        at_line(&host, text, sizeof text);
        if (strcmp(text, "10,,,,") == 0)
            break;
        at_say(&host, "AT+CIPRECVLEN?");
    }
    ck_assert_uint_eq(at_take(&host, -1, text, sizeof text), 4);
    ck_assert_uint_eq(at_take(&host, -1, text, 3), 3);
    ck_assert_uint_eq(at_take(&host, -1, text, sizeof text), 3);
    ck_assert_int_eq(memcmp(text, "ee\n", 3), 0);
}
END_TEST

/* socat sends to the group and hears it, itself as well. */
static void start_group(const char *words)
{
    process_start(&first, WORDS("socat", "-", words));
}

START_TEST(an_ipv4_group)
{
    char words[192], group[24];
    uint16_t port;
    snprintf(group, sizeof group, "239%s", at_address(0) + 3);
    port = process_free_port("127.0.0.1");
    snprintf(words, sizeof words,
             "UDP4-DATAGRAM:%s:%u,bind=%s:%u,ip-add-membership=%s:127.0.0.1,"
             "ip-multicast-if=127.0.0.1,reuseaddr",
             group, port, group, port, group);
    start_group(words);
    process_await_port(&first, "udp", group, port);
    at_open(&host, NULL, NULL);
    at_ok(&host, "AT+CIPSTART=\"UDP\",\"%s\",%u", group, port);
    reaches(&first, "to the group\n");
    arrives(&first, "from the group\n");
}
END_TEST

/* Which hear each other, and not themselves, although both speak from the same port. */
START_TEST(two_modules_of_a_group)
{
    static struct at_host other;
    char group[24];
    uint16_t port = process_free_port("127.0.0.1");
    snprintf(group, sizeof group, "239%s", at_address(1) + 3);
    at_open(&host, NULL, NULL);
    at_open(&other, NULL, WORDS("--address", at_address(1)));
    at_ok(&host, "AT+CIPSTART=\"UDP\",\"%s\",%u", group, port);
    at_ok(&other, "AT+CIPSTART=\"UDP\",\"%s\",%u", group, port);
    at_send(&host, -1, "one", 3);
    at_await(&other, "+IPD,3:one\r\n");
    at_send(&other, -1, "two", 3);
    at_await(&host, "+IPD,3:two\r\n");
    ck_assert(at_is_silent(&host) && at_is_silent(&other));
    at_close(&other);
}
END_TEST

/* Nothing goes beyond loopback by itself, and there Linux has no way to IPv6 groups;
 * test_linux_crowd has those of an interface that is named. */
START_TEST(an_ipv6_group)
{
    at_open(&host, NULL, NULL);
    at_say(&host, "AT+CIPSTART=\"UDPv6\",\"ff02::1:2\",5000");
    at_expect(&host, "ERROR\r\n");
}
END_TEST

/* Everybody would hear it: in a network of its own. */
START_TEST(all)
{
    char words[128];
    uint16_t port = 5000;
    if (!netns_enter())
        return;
    snprintf(words, sizeof words,
             "UDP4-DATAGRAM:255.255.255.255:%u,bind=0.0.0.0:%u,broadcast,reuseaddr,"
             "so-bindtodevice=lo",
             port, port);
    process_start(&first, WORDS("socat", "-", words));
    process_await_port(&first, "udp", "0.0.0.0", port);
    at_open(&host, NULL, NULL);
    at_ok(&host, "AT+CIPSTART=\"UDP\",\"255.255.255.255\",%u", port);
    reaches(&first, "to all\n");
    arrives(&first, "from one of them\n");
}
END_TEST

int main(void)
{
    process_need(WORDS("socat"));
    Suite *suite = suite_create("peers udp");
    TCase *tc = tcase_create("udp");
    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, mode_0_stays_with_its_peer);
    tcase_add_test(tc, mode_1_changes_once);
    tcase_add_test(tc, mode_2_answers_whoever_spoke_last);
    tcase_add_test(tc, a_send_with_a_remote_host);
    tcase_add_test(tc, boundaries_of_datagrams);
    tcase_add_test(tc, boundaries_in_passive_mode);
    tcase_add_test(tc, an_ipv4_group);
    tcase_add_test(tc, two_modules_of_a_group);
    tcase_add_test(tc, an_ipv6_group);
    tcase_add_test(tc, all);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
