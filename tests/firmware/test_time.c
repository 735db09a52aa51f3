/* TCP-IP_AT: CIPSNTPCFG, CIPSNTPTIME, CIPSNTPINTV, CIPDOMAIN, CIPDNS, PING. */
#include <stdio.h>
#include <string.h>

#include "calendar.h"
#include "fw_bench.h"
#include "suite.h"

static struct fw_bench bench;

static void setup(void)
{
    memset(&bench, 0, sizeof bench);
}

static void teardown(void)
{
    bench_stop(&bench);
}

static void start(int feed)
{
    bench_start(&bench, (enum bench_feed)feed);
    bench_join(&bench);
    fake_name(&bench.fake, "a.example", "192.0.2.1");
    fake_name(&bench.fake, "b.example", "192.0.2.2");
    fake_name(&bench.fake, "c.example", "2001:db8::3");
}

/* The dates of time_t 0, of a leap day, of the ends of years, of 32-bit time. */
START_TEST(dates)
{
    static const struct {
        int64_t unix_s;
        const char *text;
    } cases[] = {
        {0, "Thu Jan  1 00:00:00 1970"},
        {-1, "Wed Dec 31 23:59:59 1969"},
        {951782399, "Mon Feb 28 23:59:59 2000"},
        {951782400, "Tue Feb 29 00:00:00 2000"},
        {1634665676, "Tue Oct 19 17:47:56 2021"},
        {2147483647, "Tue Jan 19 03:14:07 2038"},
        {4107542400, "Mon Mar  1 00:00:00 2100"},
        {4107542399, "Sun Feb 28 23:59:59 2100"},
        {253402300799, "Fri Dec 31 23:59:59 9999"},
    };
    char text[FW_DATE_TEXT];

    bench_start(&bench, BENCH_WHOLE);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fw_date_format(cases[i].unix_s, ' ', text);
        ck_assert_str_eq(text, cases[i].text);
    }
}
END_TEST

START_TEST(the_clock_runs_from_1970)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIPSNTPTIME?\r\n", "+CIPSNTPTIME:Thu Jan  1 00:00:00 1970\r\nOK\r\n");
    bench_wait(&bench, 61000);
    bench_talk(&bench, "AT+CIPSNTPTIME?\r\n", "+CIPSNTPTIME:Thu Jan  1 00:01:01 1970\r\nOK\r\n");
}
END_TEST

static struct fake_peer *asked(size_t expected)
{
    bench_wait(&bench, 0);
    ck_assert_uint_eq(fake_last_peer(&bench.fake)->sent_count, 1);
    ck_assert_uint_eq(bench.fake.peer_count, expected);
    ck_assert_uint_eq(fake_last_peer(&bench.fake)->received.len, 48);
    return fake_last_peer(&bench.fake);
}

/* RFC 4330: an answer to the request that the server got. */
static void make_answer(const struct fake_peer *peer, uint32_t ntp_s, unsigned char packet[48])
{
    memset(packet, 0, 48);
    packet[0] = 4 << 3 | 4;
    packet[1] = 2;
    memcpy(packet + 24, peer->received.data + 40, 8);
    for (int i = 0; i < 4; i++) {
        packet[40 + i] = (unsigned char)(ntp_s >> (24 - 8 * i));
    }
}

static void answer(struct fake_peer *peer, uint32_t ntp_s)
{
    unsigned char packet[48];

    make_answer(peer, ntp_s, packet);
    fake_datagram(peer, "192.0.2.1", 123, packet, sizeof packet);
    bench_wait(&bench, 0);
}

#define NTP_2021 3843625676u /* Tue Oct 19 17:47:56 2021, in UTC+8: 09:47:56 UTC */

START_TEST(a_server_sets_the_clock)
{
    struct fake_peer *peer;

    start(_i);
    bench_talk(
        &bench, "AT+CIPSNTPCFG?\r\n",
        "+CIPSNTPCFG:0,0,\"cn.ntp.org.cn\",\"ntp.sjtu.edu.cn\",\"us.pool.ntp.org\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSNTPCFG=1,8,\"a.example\",\"b.example\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSNTPCFG?\r\n",
               "+CIPSNTPCFG:1,8,\"a.example\",\"b.example\"\r\nOK\r\n");
    peer = asked(1);
    ck_assert_uint_eq(peer->sent[0].peer.port, 123);
    ck_assert_uint_eq(peer->received.data[0], 4 << 3 | 3);
    answer(peer, NTP_2021);
    bench_expect(&bench, ""); /* no report in this dialect */
    bench_talk(&bench, "AT+CIPSNTPTIME?\r\n", "+CIPSNTPTIME:Tue Oct 19 17:47:56 2021\r\nOK\r\n");
    bench_wait(&bench, 5000);
    bench_talk(&bench, "AT+CIPSNTPTIME?\r\n", "+CIPSNTPTIME:Tue Oct 19 17:48:01 2021\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSNTPCFG=0,530\r\n", "OK\r\n"); /* no server, and the clock stays */
    bench_talk(&bench, "AT+CIPSNTPTIME?\r\n", "+CIPSNTPTIME:Tue Oct 19 15:18:01 2021\r\nOK\r\n");
    bench_talk(
        &bench, "AT+CIPSNTPCFG?\r\n",
        "+CIPSNTPCFG:0,5,\"cn.ntp.org.cn\",\"ntp.sjtu.edu.cn\",\"us.pool.ntp.org\"\r\nOK\r\n");
    bench_wait(&bench, 100000000);
    ck_assert_uint_eq(bench.fake.peer_count, 1);
}
END_TEST

START_TEST(it_asks_again_every_interval)
{
    start(_i);
    bench_talk(&bench, "AT+CIPSNTPINTV?\r\n", "+CIPSNTPINTV:3600\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSNTPCFG=1,0,\"a.example\"\r\n", "OK\r\n");
    answer(asked(1), NTP_2021);
    bench_wait(&bench, 3599999);
    ck_assert_uint_eq(bench.fake.peer_count, 1);
    bench_wait(&bench, 1);
    answer(asked(2), NTP_2021 + 7200);
    bench_talk(&bench, "AT+CIPSNTPTIME?\r\n", "+CIPSNTPTIME:Tue Oct 19 11:47:56 2021\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSNTPINTV=15\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSNTPINTV?\r\n", "+CIPSNTPINTV:15\r\n\r\nOK\r\n");
    bench_wait(&bench, 15000);
    asked(3);
}
END_TEST

/* A server that is silent, or whose name is not known, leaves the turn to the next one. */
START_TEST(servers_take_turns)
{
    start(_i);
    bench_talk(&bench, "AT+CIPSNTPCFG=1,0,\"a.example\",\"nowhere\",\"c.example\"\r\n", "OK\r\n");
    asked(1);
    bench_wait(&bench, 5000); /* a.example is silent, nowhere unknown */
    ck_assert_uint_eq(asked(2)->remote.addr.family, FW_IPV6);
    bench_wait(&bench, 5000);
    ck_assert_uint_eq(bench.fake.peer_count, 2); /* after the last one, a pause */
    bench_wait(&bench, 15000);
    answer(asked(3), NTP_2021);
    bench_talk(&bench, "AT+CIPSNTPTIME?\r\n", "+CIPSNTPTIME:Tue Oct 19 09:47:56 2021\r\nOK\r\n");
}
END_TEST

/* What is no answer to our question changes nothing. */
START_TEST(wrong_answers)
{
    struct fake_peer *peer;
    unsigned char packet[48];

    start(BENCH_WHOLE);
    bench_talk(&bench, "AT+CIPSNTPCFG=1,0,\"a.example\"\r\n", "OK\r\n");
    peer = asked(1);
    for (int i = 0; i < 7; i++) {
        make_answer(peer, NTP_2021, packet);
        switch (i) {
        case 0:
            packet[24] ^= 1; /* somebody else's question */
            break;
        case 1:
            packet[0] = 4 << 3 | 3; /* a client's packet */
            break;
        case 2:
            packet[0] |= 3 << 6; /* not synchronised */
            break;
        case 3:
            packet[1] = 0; /* kiss of death */
            break;
        case 4:
            packet[1] = 16;
            break;
        case 5:
            memset(packet + 40, 0, 4);
            break;
        default:
            break;
        }
        fake_datagram(peer, i == 6 ? "192.0.2.66" : "192.0.2.1", 123, packet, sizeof packet);
        bench_wait(&bench, 1);
    }
    fake_datagram(peer, "192.0.2.1", 123, packet, 47);
    bench_wait(&bench, 1);
    bench_talk(&bench, "AT+CIPSNTPTIME?\r\n", "+CIPSNTPTIME:Thu Jan  1 00:00:01 1970\r\nOK\r\n");
    answer(peer, 100000); /* after 2036 */
    bench_talk(&bench, "AT+CIPSNTPTIME?\r\n", "+CIPSNTPTIME:Fri Feb  8 10:14:56 2036\r\nOK\r\n");
}
END_TEST

START_TEST(it_waits_for_a_network)
{
    bench_start(&bench, (enum bench_feed)_i);
    fake_name(&bench.fake, "a.example", "192.0.2.1");
    bench_talk(&bench, "AT+CIPSNTPCFG=1,0,\"a.example\"\r\n", "OK\r\n");
    bench_wait(&bench, 100000);
    ck_assert_uint_eq(bench.fake.peer_count, 0);
    bench_join(&bench);
    answer(asked(1), NTP_2021);
}
END_TEST

/* Both formats, their ends, and what the specification says of them. */
/* What is due is not put off: the first time, and a new attempt after all servers have failed. */
START_TEST(an_interval_puts_nothing_off)
{
    bench_start(&bench, (enum bench_feed)_i);
    fake_name(&bench.fake, "a.example", "192.0.2.1");
    bench_talk(&bench, "AT+CIPSNTPCFG=1,0,\"a.example\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSNTPINTV=7200\r\n", "OK\r\n");
    bench_join(&bench);
    asked(1);
    bench_wait(&bench, 5000); /* no answer */
    bench_talk(&bench, "AT+CIPSNTPINTV=3600\r\n", "OK\r\n");
    bench_wait(&bench, 15000);
    answer(asked(2), NTP_2021);
    bench_wait(&bench, 1000000);
    bench_talk(&bench, "AT+CIPSNTPINTV=3600\r\n", "OK\r\n");
    bench_wait(&bench, 3599999);
    ck_assert_uint_eq(bench.fake.peer_count, 2);
    bench_wait(&bench, 1);
    asked(3);
}
END_TEST

START_TEST(time_zones)
{
    static const struct {
        const char *zone, *shown, *time;
    } good[] = {
        {"0", "0", "Tue Oct 19 09:47:56 2021"},       {"14", "14", "Tue Oct 19 23:47:56 2021"},
        {"-12", "-12", "Mon Oct 18 21:47:56 2021"},   {"800", "8", "Tue Oct 19 17:47:56 2021"},
        {"+800", "8", "Tue Oct 19 17:47:56 2021"},    {"-500", "-5", "Tue Oct 19 04:47:56 2021"},
        {"1245", "12", "Tue Oct 19 22:32:56 2021"},   {"015", "0", "Tue Oct 19 10:02:56 2021"},
        {"15", "0", "Tue Oct 19 10:02:56 2021"},      {"-13", "0", "Tue Oct 19 09:34:56 2021"},
        {"0530", "5", "Tue Oct 19 15:17:56 2021"},    {"1459", "14", "Wed Oct 20 00:46:56 2021"},
        {"-1259", "-12", "Mon Oct 18 20:48:56 2021"},
    };
    static const char *const bad[] = {"60", "99",    "860", "1500", "-1300", "1460", "00800",
                                      "x",  "\"8\"", "",    "-",    "+",     "8.5",  "8 "};
    char say[64], expect[128];

    start(_i);
    bench_talk(&bench, "AT+CIPSNTPCFG=1,0,\"a.example\"\r\n", "OK\r\n");
    answer(asked(1), NTP_2021);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(say, sizeof say, "AT+CIPSNTPCFG=0,%s,\"h\"\r\n", good[i].zone);
        bench_talk(&bench, say, "OK\r\n");
        snprintf(expect, sizeof expect, "+CIPSNTPCFG:0,%s,\"h\"\r\nOK\r\n", good[i].shown);
        bench_talk(&bench, "AT+CIPSNTPCFG?\r\n", expect);
        snprintf(expect, sizeof expect, "+CIPSNTPTIME:%s\r\nOK\r\n", good[i].time);
        bench_talk(&bench, "AT+CIPSNTPTIME?\r\n", expect);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(say, sizeof say, "AT+CIPSNTPCFG=0,%s,\"x\"\r\n", bad[i]);
        bench_talk(&bench, say, "CMD PARSE ERR\r\n");
    }
    bench_talk(&bench, "AT+CIPSNTPCFG?\r\n", "+CIPSNTPCFG:0,-12,\"h\"\r\nOK\r\n");
}
END_TEST

START_TEST(domain)
{
    start(_i);
    fake_name(&bench.fake, "both", "192.0.2.4");
    fake_name(&bench.fake, "both", "2001:db8::4");
    bench_talk(&bench, "AT+CIPDOMAIN=\"both\"\r\n", "+CIPDOMAIN:\"192.0.2.4\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPDOMAIN=\"both\",1\r\n", "+CIPDOMAIN:\"192.0.2.4\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPDOMAIN=\"both\",2\r\n", "+CIPDOMAIN:\"192.0.2.4\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPDOMAIN=\"both\",3\r\n", "+CIPDOMAIN:\"2001:db8::4\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPDOMAIN=\"c.example\"\r\n", "+CIPDOMAIN:\"2001:db8::3\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPDOMAIN=\"c.example\",2\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPDOMAIN=\"a.example\",3\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPDOMAIN=\"192.0.2.7\"\r\n", "+CIPDOMAIN:\"192.0.2.7\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPDOMAIN=\"192.0.2.7\",3\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPDOMAIN=\"nowhere\"\r\n", "ERROR\r\n");
    bench.fake.dns_silent = true;
    bench_talk(&bench, "AT+CIPDOMAIN=\"silent\"\r\n", "");
    bench_wait(&bench, 9999);
    bench_expect(&bench, "");
    bench_wait(&bench, 1);
    bench_expect(&bench, "ERROR\r\n");
}
END_TEST

/* A name server that never says whether there is an IPv4 address. */
START_TEST(domain_half_answered)
{
    start(_i);
    bench.fake.dns_silent4 = true;
    bench_talk(&bench, "AT+CIPDOMAIN=\"c.example\"\r\n", "");
    bench_wait(&bench, 9999);
    bench_expect(&bench, "");
    bench_wait(&bench, 1);
    bench_expect(&bench, "+CIPDOMAIN:\"2001:db8::3\"\r\nOK\r\n");
}
END_TEST

START_TEST(names_need_a_network)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIPDOMAIN=\"host\"\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+PING=\"192.0.2.1\"\r\n", "ERROR\r\n");
}
END_TEST

START_TEST(ping)
{
    start(_i);
    bench.fake.ping_result = 23;
    bench_talk(&bench, "AT+PING=\"192.0.2.9\"\r\n", "+PING:23\r\n\r\nOK\r\n");
    ck_assert_uint_eq(bench.fake.pinged.bytes[3], 9);
    bench.fake.ping_result = 0;
    bench_talk(&bench, "AT+PING=\"c.example\"\r\n", "+PING:0\r\n\r\nOK\r\n");
    ck_assert_uint_eq(bench.fake.pinged.family, FW_IPV6);
    bench_talk(&bench, "AT+PING=\"nowhere\"\r\n", "+PING:TIMEOUT\r\n\r\nERROR\r\n");
    bench.fake.ping_result = FW_IO_AGAIN;
    bench_talk(&bench, "AT+PING=\"192.0.2.9\"\r\n", "");
    bench_wait(&bench, 4999);
    bench_expect(&bench, "");
    bench_wait(&bench, 1);
    bench_expect(&bench, "+PING:TIMEOUT\r\n\r\nERROR\r\n");
    bench_talk(&bench, "AT+CIPV6=0\r\n", "OK\r\n"); /* nothing is sent, so nothing times out */
    bench_talk(&bench, "AT+PING=\"2001:db8::3\"\r\n", "ERROR\r\n");
    bench.fake.ping_forbidden = "this host forbids it";
    bench_talk(&bench, "AT+PING=\"192.0.2.9\"\r\n", "ERROR\r\n");
}
END_TEST

static void check_servers(size_t count, unsigned char first, unsigned char second)
{
    ck_assert_uint_eq(bench.fake.dns_server_count, count);
    if (count > 0) {
        ck_assert_uint_eq(bench.fake.dns_servers[0].bytes[0], first);
        ck_assert_uint_eq(bench.fake.dns_servers[1].bytes[0], second);
    }
}

START_TEST(name_servers)
{
    bench_start(&bench, (enum bench_feed)_i);
    check_servers(0, 0, 0);
    bench_talk(&bench, "AT+CIPDNS?\r\n", "+CIPDNS:0\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPDNS=1\r\n", "OK\r\n");
    check_servers(2, 208, 8);
    bench_talk(&bench, "AT+CIPDNS?\r\n", "+CIPDNS:1,\"208.67.222.222\",\"8.8.8.8\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPDNS=1,\"1.2.3.4\"\r\n", "OK\r\n");
    check_servers(2, 1, 8);
    bench_talk(&bench, "AT+CIPDNS=1,,\"1.2.3.4\"\r\n", "OK\r\n");
    check_servers(2, 208, 1);
    bench_talk(&bench, "AT+CIPDNS=1,\"9.9.9.9\",\"9.9.9.9\"\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPDNS=1,\"8.8.8.8\"\r\n", "ERROR\r\n"); /* the second one's default */
    bench_talk(&bench, "AT+CIPDNS=0,\"9.9.9.9\"\r\n", "CMD PARSE ERR\r\n");
    check_servers(2, 208, 1);
    bench_talk(&bench, "AT+CIPDNS=1,\"240c::6666\",\"2001:4860:4860::8888\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPDNS?\r\n",
               "+CIPDNS:1,\"240c::6666\",\"2001:4860:4860::8888\"\r\nOK\r\n");
    bench_boot(&bench);
    bench_expect(&bench, "ready\r\n");
    bench_talk(&bench, "AT+CIPDNS?\r\n",
               "+CIPDNS:1,\"240c::6666\",\"2001:4860:4860::8888\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPDNS=0\r\n", "OK\r\n");
    check_servers(0, 0, 0);
    bench_talk(&bench, "AT+SYSSTORE=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPDNS=1\r\n", "OK\r\n");
    bench_boot(&bench);
    bench_expect(&bench, "ready\r\n");
    bench_talk(&bench, "AT+CIPDNS?\r\n", "+CIPDNS:0\r\nOK\r\n");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("time");
    TCase *tcase = tcase_create("time");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, dates);
    tcase_add_loop_test(tcase, the_clock_runs_from_1970, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, a_server_sets_the_clock, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, it_asks_again_every_interval, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, servers_take_turns, 0, BENCH_FEEDS);
    tcase_add_test(tcase, wrong_answers);
    tcase_add_loop_test(tcase, it_waits_for_a_network, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, an_interval_puts_nothing_off, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, time_zones, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, domain, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, domain_half_answered, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, names_need_a_network, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, ping, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, name_servers, 0, BENCH_FEEDS);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
