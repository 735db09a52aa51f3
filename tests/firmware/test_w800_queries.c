/* What a shipping module answers to queries: sections 9 and 10 of the page on what it does, and
 * rows 5 and 16 to 37 of its section 13. */
#include <string.h>

#include "shipping_bench.h"
#include "suite.h"

/* Joins with the answer of section 10: OK is the association, the address comes later (row 37). */
static void join(void)
{
    bench_command(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\"", "");
    bench_wait(&bench, 4);
    bench.out_len = 0;
    bench_wait(&bench, 1000);
    bench.out_len = 0;
}

/* Section 9, each line; section 11, the defaults of the first boot. */
START_TEST(first_boot)
{
    static const struct exchange exchanges[] = {
        {"AT", "OK\r\n"},
        {"AT+CIPV6?", "+CIPV6:1\r\nOK\r\n"},
        {"AT+CIPSTATE?", "OK\r\n"},
        {"AT+CIPMUX?", "+CIPMUX:0\r\nOK\r\n"},
        {"AT+CIPSERVER?", "+CIPSERVER:0,0,\"TCP\",0\r\nOK\r\n"},
        {"AT+CIPSERVERMAXCONN?", "+CIPSERVERMAXCONN:5\r\nOK\r\n"},
        {"AT+CIPMODE?", "+CIPMODE:0\r\nOK\r\n"},
        {"AT+CIPSTO?", "+CIPSTO:0\r\nOK\r\n"},
        {"AT+CIPSNTPCFG?", "+CIPSNTPCFG:0\r\nOK\r\n"},
        {"AT+CIPSNTPTIME?", "+CIPSNTPTIME:Thu Jan 01 00:00:00 1970\r\nOK\r\n"},
        {"AT+CIPSNTPINTV?", "ERROR\r\n"},
        {"AT+CIPDINFO?", "+CIPDINFO:false\r\nOK\r\n"},
        {"AT+CIPSSLCCONF?", "+CIPSSLCCONF:0,0,0,0\r\nOK\r\n"},
        {"AT+CIPSSLCCN?", "OK\r\n"},
        {"AT+CIPSSLCSNI?", "OK\r\n"},
        {"AT+CIPSSLCALPN?", "OK\r\n"},
        {"AT+CIPSSLCPSK?", "OK\r\n"},
        {"AT+CIPRECONNINTV?", "+CIPRECONNINTV:1\r\nOK\r\n"},
        {"AT+CIPRECVMODE?", "+CIPRECVMODE:0\r\nOK\r\n"},
        {"AT+CIPRECVLEN?", "+CIPRECVLEN:,,,,\r\nOK\r\n"},
        {"AT+CIPDNS?", "+CIPDNS:0,\"208.67.222.222\",\"8.8.8.8\"\r\nOK\r\n"},
        {"AT+CIPTCPOPT?", "CIPTCPOPT:0,-1,0,0,0\r\nOK\r\n"},
        {"AT+SYSSTORE?", "+SYSSTORE::1\r\nOK\r\n"},
        {"AT+CWMODE?", "+CWMODE:1\r\nOK\r\n"},
        {"AT+CWINIT?", "+CWINIT:1\r\nOK\r\n"},
        {"AT+CWDHCP?", "+CWDHCP:3\r\nOK\r\n"},
        {"AT+CWRECONNCFG?", "+CWRECONNCFG:0,0\r\nOK\r\n"},
        {"AT+CWSTATE?", "+CWSTATE=0\r\nOK\r\n"},
        {"AT+CWJAP?", "OK\r\n"},
        {"AT+CWSTAPROTO?", "+CWSTAPROTO=7\r\nOK\r\n"},
        {"AT+CWAPPROTO?", "+CWAPPROTO=7\r\nOK\r\n"},
        {"AT+CWHOSTNAME?", "+CWHOSTNAME:\"wm_dev-00010000\"\r\nOK\r\n"},
        {"AT+CWMODE=3", "OK\r\n"},
        {"AT+CIPAP?", "+CIPAP:ip:\"192.168.10.1\"\r\n+CIPAP:gateway:\"192.168.10.1\"\r\n"
                      "+CIPAP:netmask:\"255.255.255.0\"\r\nOK\r\n"},
    };

    PLAY(exchanges);
}
END_TEST

/* Section 9: a line a link. */
START_TEST(all_links)
{
    static const struct exchange exchanges[] = {
        {"AT+CIPMUX=1", "OK\r\n"},
        {"AT+CIPTCPOPT?", "CIPTCPOPT:0,-1,0,0,0\r\nCIPTCPOPT:1,-1,0,0,0\r\nCIPTCPOPT:2,-1,0,0,0\r\n"
                          "CIPTCPOPT:3,-1,0,0,0\r\nCIPTCPOPT:4,-1,0,0,0\r\nOK\r\n"},
        {"AT+CIPSSLCCONF?", "+CIPSSLCCONF:0,0,0,0\r\n+CIPSSLCCONF:1,0,0,0\r\n"
                            "+CIPSSLCCONF:2,0,0,0\r\n+CIPSSLCCONF:3,0,0,0\r\n"
                            "+CIPSSLCCONF:4,0,0,0\r\nOK\r\n"},
    };

    PLAY(exchanges);
}
END_TEST

/* Rows 27, 29, 30. */
START_TEST(tls_settings)
{
    static const struct exchange exchanges[] = {
        {"AT+CIPSSLCCN=\"a.example\"", "OK\r\n"},
        {"AT+CIPSSLCCN?", "+CIPSSLCSNI:0,\"a.example\"\r\nOK\r\n"},
        {"AT+CIPSSLCSNI=\"b.example\"", "OK\r\n"},
        {"AT+CIPSSLCSNI?", "+CIPSSLCSNI:0,\"b.example\"\r\nOK\r\n"},
        {"AT+CIPSSLCALPN=2,\"h2\",\"http/1.1\"", "OK\r\n"},
        {"AT+CIPSSLCALPN?", "+CIPSSLCALPN:0,h2,http/1.1\r\nOK\r\n"},
        {"AT+CIPSSLCPSK=\"0123ab\",\"me\"", "OK\r\n"},
        {"AT+CIPSSLCPSK?", "+CIPSSLCPSK:0,\"0123ab\",\"me\"\r\nOK\r\n"},
        {"AT+CIPMUX=1", "OK\r\n"},
        {"AT+CIPSSLCCN?", "+CIPSSLCCN:0,\"a.example\"\r\nOK\r\n"},
        {"AT+CIPSSLCCN=4,\"c.example\"", "OK\r\n"},
        {"AT+CIPSSLCCN?", "+CIPSSLCCN:0,\"a.example\"\r\n+CIPSSLCCN:4,\"c.example\"\r\nOK\r\n"},
    };

    PLAY(exchanges);
}
END_TEST

/* Rows 23 to 26; section 10: +TIME_UPDATED. */
START_TEST(time_of_day)
{
    static const struct exchange exchanges[] = {
        {"AT+CIPSNTPINTV=20", "ERROR\r\n"},
        {"AT+CIPSNTPCFG=1,8", "OK\r\n"},
        {"AT+CIPSNTPCFG?", "+CIPSNTPCFG:1,8,\"ntp.sjtu.edu.cn\",\"cn.ntp.org.cn\","
                           "\"us.pool.ntp.org\"\r\nOK\r\n"},
        {"AT+CIPSNTPTIME?", "+CIPSNTPTIME:Thu Jan 01 08:00:00 1970\r\nOK\r\n"},
        {"AT+CIPSNTPINTV?", "+CIPSNTPINTV:3600\r\nOK\r\n"},
        {"AT+CIPSNTPINTV=20", "OK\r\n"},
        {"AT+CIPSNTPINTV?", "+CIPSNTPINTV:20\r\nOK\r\n"},
        {"AT+CIPSNTPCFG=1,15,\"a.example\"", "OK\r\n"},
        {"AT+CIPSNTPCFG?", "+CIPSNTPCFG:1,15,\"a.example\"\r\nOK\r\n"},
        {"AT+CIPSNTPTIME?", "+CIPSNTPTIME:Thu Jan 01 00:12:00 1970\r\nOK\r\n"},
        {"AT+CIPSNTPCFG=1,45", "OK\r\n"},
        {"AT+CIPSNTPTIME?", "+CIPSNTPTIME:Thu Jan 01 00:41:59 1970\r\nOK\r\n"},
        {"AT+CIPSNTPCFG=1,-930", "OK\r\n"},
        {"AT+CIPSNTPTIME?", "+CIPSNTPTIME:Wed Dec 31 14:30:00 1969\r\nOK\r\n"},
        {"AT+CIPSNTPCFG=0,0", "OK\r\n"},
        {"AT+CIPSNTPCFG?", "+CIPSNTPCFG:0\r\nOK\r\n"},
        {"AT+CIPSNTPINTV?", "ERROR\r\n"},
    };

    PLAY(exchanges);
}
END_TEST

/* Section 9, and rows 18 and 33. */
START_TEST(joined)
{
    static const struct exchange exchanges[] = {
        {"AT+CIFSR", "+CIFSR:STAIP,127.87.0.1\r\n+CIFSR:STAIP6LL,FE80::80:FF:FE01:0\r\n"
                     "+CIFSR:STAIP6GL,::1\r\n+CIFSR:STAMAC,02:80:00:01:00:00\r\nOK\r\n"},
        {"AT+CIFSR?", "ERROR\r\n"},
        {"AT+CIPSTA?", "+CIPSTA:ip:\"127.87.0.1\"\r\n+CIPSTA:gateway:\"127.87.0.254\"\r\n"
                       "+CIPSTA:netmask:\"255.255.255.0\"\r\nOK\r\n"},
        {"AT+CIPSTAMAC?", "+CIPSTAMAC:\"02:80:00:01:00:00\"\r\nOK\r\n"},
        {"AT+CIPAPMAC?", "ERROR\r\n"},
        {"AT+CWSTATE?", "+CWSTATE:2,\"wmat\"\r\nOK\r\n"},
        {"AT+PING=\"192.0.2.1\"", "+PING:23 ms\r\nOK\r\n"},
        {"AT+PING=\"nobody.example\"", "PING:TIMEOUT\r\nERROR\r\n"},
    };

    join();
    bench.fake.ping_result = 23;
    PLAY(exchanges);
}
END_TEST

/* Row 18: the access point has an IPv6 address, the only one in quotes. */
START_TEST(cifsr_of_the_access_point)
{
    static const struct exchange exchanges[] = {
        {"AT+CWMODE=2", "OK\r\n"},
        {"AT+CIPAPMAC=\"28:6d:cd:11:22:3c\"", "OK\r\n"},
        {"AT+CIFSR", "+CIFSR:APIP,192.168.10.1\r\n+CIFSR:APIP6LL,\"FE80::2A6D:CDFF:FE11:223C\"\r\n"
                     "+CIFSR:APMAC,28:6d:cd:11:22:3c\r\nOK\r\n"},
        {"AT+CWMODE=0", "OK\r\n"},
        {"AT+CIFSR", "OK\r\n"},
    };

    PLAY(exchanges);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("w800 queries");
    TCase *tcase = tcase_create("w800 queries");

    tcase_add_checked_fixture(tcase, shipping_start, shipping_stop);
    tcase_add_test(tcase, first_boot);
    tcase_add_test(tcase, all_links);
    tcase_add_test(tcase, tls_settings);
    tcase_add_test(tcase, time_of_day);
    tcase_add_test(tcase, joined);
    tcase_add_test(tcase, cifsr_of_the_access_point);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
