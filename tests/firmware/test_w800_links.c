/* Links, server and clock of a shipping module: section 8 of the page on what it does, rows 19, 20,
 * 32 and 36 of its section 13. */
#include <string.h>

#include "shipping_bench.h"
#include "suite.h"

static struct fake_peer *call(const char *expect)
{
    struct fake_peer *peer = fake_call(&bench.fake, 80);

    ck_assert_ptr_nonnull(peer);
    bench_wait(&bench, 0);
    bench_expect(&bench, expect);
    return peer;
}

static void serve(void)
{
    bench_command(&bench, "AT+CIPMUX=1", "OK\r\n");
    bench_command(&bench, "AT+CIPSERVER=1,80", "OK\r\n");
}

START_TEST(single_link)
{
    struct fake_peer *peer = bench_connect(&bench);

    bench_command(&bench, "AT+CIPSTATE?", "+CIPSTATE:0,\"TCP\",\"192.0.2.1\",80,50000,0\r\nOK\r\n");
    bench_command(&bench, "AT+CIPRECVLEN?", "+CIPRECVLEN:0,,,,\r\nOK\r\n");
    fake_peer_end(peer);
    bench_wait(&bench, 0);
    bench_expect(&bench, "CLOSED\r\n");
}
END_TEST

/* Section 9: addresses of IPv6 in upper case. */
START_TEST(ipv6_link)
{
    fake_serve(&bench.fake, 81, FAKE_ACCEPTS, false);
    bench_command(&bench, "AT+CIPMUX=1", "OK\r\n");
    bench_command(&bench, "AT+CIPSTART=3,\"TCPv6\",\"2001:db8::ab\",81", "3,CONNECT\r\nOK\r\n");
    bench_command(&bench, "AT+CIPSTATE?",
                  "+CIPSTATE:3,\"TCPv6\",\"2001:DB8::AB\",81,50000,0\r\nOK\r\n");
}
END_TEST

/* Section 11: the options of a link are those of one connection. */
START_TEST(options_end_with_the_link)
{
    struct fake_peer *peer;

    bench_command(&bench, "AT+CIPTCPOPT=5,1,2000,60", "OK\r\n");
    peer = bench_connect(&bench);
    ck_assert(peer->no_delay);
    bench_command(&bench, "AT+CIPTCPOPT?", "CIPTCPOPT:0,5,1,2000,60\r\nOK\r\n");
    fake_peer_end(peer);
    bench_wait(&bench, 0);
    bench_expect(&bench, "CLOSED\r\n");
    bench_command(&bench, "AT+CIPTCPOPT?", "CIPTCPOPT:0,-1,0,0,0\r\nOK\r\n");
    ck_assert(!bench_connect(&bench)->no_delay);
    bench_command(&bench, "AT+CIPTCPOPT=3", "OK\r\n");
    bench_say(&bench, "AT+CIPCLOSE\r\n"); /* it lingers */
    bench_wait(&bench, 4000);
    bench_expect(&bench, "AT+CIPCLOSE\r\n\r\nCLOSED\r\nOK\r\n");
    bench_command(&bench, "AT+CIPTCPOPT?", "CIPTCPOPT:0,-1,0,0,0\r\nOK\r\n");
}
END_TEST

/* Section 8: AT+CIPSERVER=0 keeps the clients, and they are the module's own links then. */
START_TEST(a_server_that_leaves_its_clients)
{
    serve();
    call("0,CONNECT\r\n");
    bench_command(&bench, "AT+CIPSTATE?", "+CIPSTATE:0,\"TCP\",\"192.0.2.9\",40001,80,1\r\nOK\r\n");
    bench_command(&bench, "AT+CIPSERVER=0", "OK\r\n");
    bench_command(&bench, "AT+CIPSTATE?", "+CIPSTATE:0,\"TCP\",\"192.0.2.9\",40001,80,0\r\nOK\r\n");
    bench_command(&bench, "AT+CIPSERVER?", "+CIPSERVER:0,80,\"TCP\",0\r\nOK\r\n");
    bench_command(&bench, "AT+CIPSERVER=1,80", "OK\r\n");
    call("1,CONNECT\r\n");
    bench_command(&bench, "AT+CIPSERVER=0,1", "1,CLOSED\r\nOK\r\n");
    bench_command(&bench, "AT+CIPCLOSE=0", "0,CLOSED\r\nOK\r\n");
}
END_TEST

/* Section 8: without a network it can't be closed. */
START_TEST(a_server_without_a_network)
{
    serve();
    bench_command(&bench, "AT+CWQAP", "WIFI DISCONNECT\r\nOK\r\n");
    bench_command(&bench, "AT+CIPSERVER=0", "ERROR\r\n");
    bench_command(&bench, "AT+CIPSERVER=0,1", "ERROR\r\n");
    bench_command(&bench, "AT+CIPSERVER?", "+CIPSERVER:1,80,\"TCP\",0\r\nOK\r\n");
}
END_TEST

/* Row 20: nobody is told. */
START_TEST(a_silent_client)
{
    struct fake_peer *peer;

    serve();
    bench_command(&bench, "AT+CIPSTO=10", "OK\r\n");
    peer = call("0,CONNECT\r\n");
    bench_wait(&bench, 11000);
    bench_expect(&bench, "");
    ck_assert(peer->closed);
    bench_command(&bench, "AT+CIPSTATE?", "OK\r\n");
}
END_TEST

/* Row 36: a TLS server has the only TLS link; TCP beside it is fine. */
START_TEST(a_tls_server_blocks_tls_clients)
{
    bench_command(&bench, "AT+CIPMUX=1", "OK\r\n");
    bench_command(&bench, "AT+CIPSERVER=1,443,\"SSL\"", "OK\r\n");
    bench_command(&bench, "AT+CIPSTART=1,\"SSL\",\"192.0.2.1\",443", "ERROR\r\n");
    bench_command(&bench, "AT+CIPSTARTEX=\"SSLv6\",\"2001:db8::1\",443", "ERROR\r\n");
    bench_connect_id(&bench, 1);
    bench_command(&bench, "AT+CIPSERVER=0", "OK\r\n");
    bench_command(&bench, "AT+CIPSERVER?", "+CIPSERVER:0,443,\"SSL\",0\r\nOK\r\n");
}
END_TEST

static void answer_time(struct fake_peer *peer)
{
    unsigned char packet[48] = {4 << 3 | 4, 2};

    memcpy(packet + 24, peer->received.data + 40, 8);
    memcpy(packet + 40, "\xe5\x18\xc0\xcc", 4);
    fake_datagram(peer, "192.0.2.1", 123, packet, sizeof packet);
    bench_wait(&bench, 0);
}

/* Section 10: once after each AT+CIPSNTPCFG=1. */
START_TEST(time_is_reported)
{
    fake_name(&bench.fake, "a.example", "192.0.2.1");
    for (int i = 0; i < 2; i++) {
        bench_command(&bench, "AT+CIPSNTPCFG=1,0,\"a.example\"", "OK\r\n");
        answer_time(fake_last_peer(&bench.fake));
        bench_expect(&bench, "+TIME_UPDATED\r\n");
        bench_wait(&bench, 3600000);
        answer_time(fake_last_peer(&bench.fake));
        bench_expect(&bench, "");
    }
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("w800 links");
    TCase *tcase = tcase_create("w800 links");

    tcase_add_checked_fixture(tcase, shipping_start_joined, shipping_stop);
    tcase_add_test(tcase, single_link);
    tcase_add_test(tcase, ipv6_link);
    tcase_add_test(tcase, options_end_with_the_link);
    tcase_add_test(tcase, a_server_that_leaves_its_clients);
    tcase_add_test(tcase, a_server_without_a_network);
    tcase_add_test(tcase, a_silent_client);
    tcase_add_test(tcase, a_tls_server_blocks_tls_clients);
    tcase_add_test(tcase, time_is_reported);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
