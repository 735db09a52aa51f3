/* What a shipping module takes: sections 2 (splitting, numbers), 11 (validation) and 12 (forms) of
 * the page on what it does. P, E and F are the results' letters there. */
#include <stdio.h>
#include <string.h>

#include "shipping_bench.h"
#include "suite.h"
#include "table.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define OK "OK\r\n"
#define P  "CMD PARSE ERR\r\n"
#define E  "ERROR\r\n"
#define F  "CMD FORMAT ERR\r\n"

static void join(void)
{
    bench_say(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n");
    bench_wait(&bench, 1000);
    bench.out_len = 0;
}

/* A server at port 80, "www.example" is there, too. */
static void join_network(void)
{
    join();
    fake_serve(&bench.fake, 80, FAKE_ACCEPTS, false);
    fake_name(&bench.fake, "www.example", "192.0.2.1");
}

/* Section 2: a comma splits in quotes, too, unless it is escaped; \x is x everywhere. */
START_TEST(splitting)
{
    static const struct exchange exchanges[] = {
        {"AT+CWHOSTNAME=\"a,b\"", P},
        {"AT+CWHOSTNAME=\"a\\,b\"", OK},
        {"AT+CWHOSTNAME?", "+CWHOSTNAME:\"a,b\"\r\n" OK},
        {"AT+CWHOSTNAME=\"a\\\"b\"", OK},
        {"AT+CWHOSTNAME?", "+CWHOSTNAME:\"a\"b\"\r\n" OK}, /* never escaped again */
        {"AT+CWHOSTNAME=\"a\"b\"", OK},                    /* the first and the last one count */
        {"AT+CWHOSTNAME=\\\"\\x\\y\\\"", OK},
        {"AT+CWHOSTNAME?", "+CWHOSTNAME:\"xy\"\r\n" OK},
        {"AT+CWHOSTNAME=abc", P},
        {"AT+CWHOSTNAME=\"abc", P},
        {"AT+CWHOSTNAME=\"", P},
        {"AT+CIPMUX=\\1", OK},
        {"AT+CIPMUX=\"0\"", E}, /* quoted numbers are none */
        {"AT+CIPMUX=0", OK},
        /* 20 parameters at most: the last one takes the rest, and surplus is ignored here */
        {"AT+CIPRECVMODE=0,,,,,,,,,,,,,,,,,,,,,,,,", OK},
    };

    PLAY(exchanges);
}
END_TEST

/* Section 2: the number test; what is truncated. */
START_TEST(numbers)
{
    static const struct exchange exchanges[] = {
        {"AT+CIPMUX=01", OK},
        {"AT+CIPMUX=-", OK},
        {"AT+CIPMUX?", "+CIPMUX:0\r\n" OK},
        {"AT+CIPMUX=-0", E},
        {"AT+CIPMUX=+1", E},
        {"AT+CIPMUX= 1", E},
        {"AT+CIPMUX=1 ", E},
        {"AT+CIPMUX=x", E},
        {"AT+CIPMUX=2", P},
        {"AT+CIPMUX=255", P},
        {"AT+CIPMUX=-1", P},
        {"AT+CIPMUX=257", OK},
        {"AT+CIPMUX=256", OK},
        {"AT+CIPMUX?", "+CIPMUX:0\r\n" OK},
    };

    PLAY(exchanges);
}
END_TEST

/* Section 12, and section 2 on names. */
START_TEST(forms)
{
    static const struct exchange exchanges[] = {
        {"AT=?", OK},
        {"AT?", OK},
        {"AT=1", OK},
        {"AT+RST=?", E},
        {"AT+RST?", E},
        {"AT+RST=1", P},
        {"AT+RESTORE=?", E},
        {"AT+SYSSTORE=?", E},
        {"AT+SYSRAM=?", E},
        {"AT+SYSRAM", E},
        {"AT+SYSSTORE", E},
        {"AT+CIPMUX=?", "AT+CIPMUX?\r\nAT+CIPMUX=<mode>\r\n\r\n" OK},
        {"AT+CIPMUX=?x", E},
        {"AT+CIPMUX=? ", E},
        {"AT+CIPMUX? ", E},
        {"AT+CIPMUX?1", E},
        {"AT+CIPMUX=", E},
        {"AT+CIPV6=", E},
        {"AT+CIPSTART=", E},
        {"AT+PING=", E},
        {"AT+CIPMUX", P},
        {"AT+CIPDINFO", P},
        {"AT+CIPSTO", P},
        {"AT+CIPRECONNINTV", P},
        {"AT+CIPTCPOPT", OK},
        {"AT+CIPMODE", E},
        {"AT+CIPDNS", E},
        {"AT+CIPSTATE", E},
        {"AT+CIFSR?", E},
        {"AT+CIPSTART?", E},
        {"AT+CIPSENDL=?", "\r\n" OK},
        {"AT+CIPSENDLCFG=?", "\r\n" OK},
        {"AT+CIPFWVER=?", "\r\n" OK},
        {"AT+CIUPDATE=?", "\r\n" OK},
        {"AT+CIPSENDL=1", E},
        {"AT+CIPSENDL", E},
        {"AT+CIPSENDLCFG?", E},
        {"AT+CIPFWVER?", E},
        {"AT+CIUPDATE", E},
        {"AT+WPS", F},
        {"AT+MDNS=?", F},
        {"AT+CWSTARTSMART", F},
        {"AT+NOPE=?", F},
        {"AT+cipmux?", F},
        {"AT+CIPMUX ?", F},
        {"AT ", F},
        {"ATE0", F},
        {"ATE1", F},
    };

    PLAY(exchanges);
}
END_TEST

/* Section 2: a missing parameter is read at address 0 there; a good firmware refuses. */
START_TEST(missing_parameters)
{
    static const struct exchange exchanges[] = {
        {"AT+CIPDOMAIN", P},     {"AT+CIPRECVMODE", P},     {"AT+CIPSERVERMAXCONN", P},
        {"AT+CIPSSLCCONF=1", P}, {"AT+CIPSSLCCONF=1,0", P}, {"AT+CIPSNTPCFG=1", P},
        {"AT+CIPMUX=1", OK},     {"AT+CIPSSLCCONF=0,1", P},
    };

    PLAY(exchanges);
}
END_TEST

/* Section 11: CIPV6, CIPMUX, CIPMODE, CIPDINFO, CIPRECONNINTV, CIPRECVMODE. */
START_TEST(modes)
{
    static const struct exchange exchanges[] = {
        {"AT+CIPV6=0,0", E},
        {"AT+CIPV6=2", P},
        {"AT+CIPV6=x", OK},
        {"AT+CIPV6?", "+CIPV6:0\r\n" OK},
        {"AT+CIPV6=1", OK},
        {"AT+CIPMUX=1,1", P},
        {"AT+CIPMODE=1,1", E},
        {"AT+CIPMODE=x", P},
        {"AT+CIPMODE=2", P},
        {"AT+CIPMODE=1", OK},
        {"AT+CIPMUX=1", E},
        {"AT+CIPRECVMODE=1", OK},
        {"AT+CIPRECVMODE=0", OK},
        {"AT+CIPMODE=0", OK},
        {"AT+CIPMUX=1", OK},
        {"AT+CIPMODE=1", E},
        {"AT+CIPMUX=0", OK},
        {"AT+CIPDINFO=1,1", P},
        {"AT+CIPDINFO=x", E},
        {"AT+CIPDINFO=2", P},
        {"AT+CIPDINFO=1", OK},
        {"AT+CIPDINFO?", "+CIPDINFO:true\r\n" OK},
        {"AT+CIPRECONNINTV=1,1", P},
        {"AT+CIPRECONNINTV=x", E},
        {"AT+CIPRECONNINTV=0", P},
        {"AT+CIPRECONNINTV=36001", P},
        {"AT+CIPRECONNINTV=36000", OK},
        {"AT+CIPRECVMODE=x", E},
        {"AT+CIPRECVMODE=2", P},
        {"AT+CIPRECVMODE=0,1,2", OK},
    };

    PLAY(exchanges);
}
END_TEST

#define LOCAL_45 "\"123456789012345678901234567890123456789012345\""
#define HOST_62  "12345678901234567890123456789012345678901234567890123456789012"

/* Section 11, CIPSTART; row 21. */
START_TEST(cipstart)
{
    static const struct exchange exchanges[] = {
        {"AT+CIPSTART=\"TCP\",\"192.0.2.1\"", P},
        {"AT+CIPSTART=\"TCP\",\"192.0.2.1\",80,0,\"10.0.0.2\",0,0", P},
        {"AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",80", P},
        {"AT+CIPSTART=TCP,\"192.0.2.1\",80", P},
        {"AT+CIPSTART=\"tcp\",\"192.0.2.1\",80", P},
        {"AT+CIPSTART=\"TCP\",192.0.2.1,80", P},
        {"AT+CIPSTART=\"TCP\",\"\",80", P},
        {"AT+CIPSTART=\"TCP\",\"nobody.example\",80", P},
        {"AT+CIPSTART=\"TCP\",\"3" HOST_62 "\",80", P},
        {"AT+CIPSTART=\"TCP\",\"192.0.2.1\",x", E},
        {"AT+CIPSTART=\"TCP\",\"192.0.2.1\",", E},
        {"AT+CIPSTART=\"TCP\",\"192.0.2.1\",\"80\"", E},
        {"AT+CIPSTART=\"TCP\",\"192.0.2.1\",80,7201", P},
        {"AT+CIPSTART=\"TCP\",\"192.0.2.1\",80,x", E},
        {"AT+CIPSTART=\"TCP\",\"192.0.2.1\",80,0,\"\"", P},
        {"AT+CIPSTART=\"TCP\",\"192.0.2.1\",80,0,", P},
        {"AT+CIPSTART=\"TCP\",\"192.0.2.1\",80,0," LOCAL_45, P},
        {"AT+CIPSTART=\"UDP\",\"192.0.2.1\",80,4000,3", P},
        {"AT+CIPSTART=\"TCP\",\"192.0.2.1\",81", E}, /* refused */
        {"AT+CIPSTART=\"TCP\",\"" HOST_62 "\",80", "CONNECT\r\n" OK},
        {"AT+CIPSTART=\"TCP\"", P}, /* the count comes first, */
        {"AT+CIPSTART=TCP,x,y", E}, /* then the link */
        {"AT+CIPMUX=0", E},         /* without change */
        {"AT+CIPCLOSE=0", E},
        {"AT+CIPCLOSE", "CLOSED\r\n" OK},
        {"AT+CIPCLOSE", E},
        {"AT+CIPSTART=\"TCP\",\"192.0.2.1\",65616,7200", "CONNECT\r\n" OK}, /* 80 + 65536 */
        {"AT+CIPCLOSE", "CLOSED\r\n" OK},
        {"AT+CIPMUX=1", OK},
        {"AT+CIPSTART=5,\"TCP\",\"192.0.2.1\",80", P},
        {"AT+CIPSTART=x,\"TCP\",\"192.0.2.1\",80", E},
        {"AT+CIPSTART=,\"TCP\",\"192.0.2.1\",80", E},
        {"AT+CIPSTART=4,\"TCP\",\"www.example\",80", "4,CONNECT\r\n" OK},
        {"AT+CIPSTART=4,\"TCP\",\"www.example\",80", E},
        {"AT+CIPSTARTEX=\"TCP\",\"www.example\",80", "0,CONNECT\r\n" OK},
        {"AT+CIPCLOSE", E},
        {"AT+CIPCLOSE=1", E},
        {"AT+CIPCLOSE=6", P},
        {"AT+CIPCLOSE=5", "0,CLOSED\r\n4,CLOSED\r\n" OK},
        {"AT+CIPCLOSE=5", OK},
    };

    join_network();
    fake_name(&bench.fake, HOST_62, "192.0.2.1");
    PLAY(exchanges);
}
END_TEST

/* Sections 2, 4 and 5: CIPSEND, CIPSENDEX. */
START_TEST(cipsend)
{
    static const struct exchange exchanges[] = {
        {"AT+CIPSEND=0", P},
        {"AT+CIPSEND=5761", P},
        {"AT+CIPSEND=x", E},
        {"AT+CIPSEND=1,x", E}, /* any second one */
        {"AT+CIPSEND=1,\"192.0.2.1\",80", E},
        {"AT+CIPSENDEX=0", P},
        {"AT+CIPSENDEX=1,x", P},
        {"AT+CIPMUX=1", OK},
        {"AT+CIPSEND", P}, /* address 0 */
        {"AT+CIPSEND=5", P},
        {"AT+CIPSEND=0,1", E}, /* no link */
        {"AT+CIPSEND=5,1", E}, /* beyond the table */
        {"AT+CIPSEND=6,1", P},
        {"AT+CIPSEND=x,1", E},
        {"AT+CIPSEND=0,0", P},
        {"AT+CIPSEND=0,5761", P},
        {"AT+CIPSEND=0,x", E},
        {"AT+CIPSEND=0,1,x,1", P},
        {"AT+CIPSEND=0,1,\"a\",1,1", P},
        {"AT+CIPSTART=0,\"TCP\",\"192.0.2.1\",80", "0,CONNECT\r\n" OK},
        {"AT+CIPSEND=0,1,\"192.0.2.1\",80", P},
        {"AT+CIPSEND=0,1,\"ignored\"", OK ">\r\n"},
    };

    join_network();
    PLAY(exchanges);
}
END_TEST

/* Section 11: CIPRECVDATA. */
START_TEST(ciprecvdata)
{
    static const struct exchange exchanges[] = {
        {"AT+CIPRECVDATA=x,y,z", E},
        {"AT+CIPRECVMODE=1", OK},
        {"AT+CIPSTART=\"TCP\",\"192.0.2.1\",80", "CONNECT\r\n" OK},
        {"AT+CIPRECVDATA=0,1", E},
        {"AT+CIPRECVDATA=x", E},
        {"AT+CIPRECVDATA=0", E},
        {"AT+CIPRECVDATA=1", E}, /* nothing there */
        {"AT+CIPCLOSE", "CLOSED\r\n" OK},
        {"AT+CIPMUX=1", OK},
        {"AT+CIPRECVDATA=1", E},
        {"AT+CIPRECVDATA=5,1", E},
        {"AT+CIPRECVDATA=6,1", P},
        {"AT+CIPRECVDATA=x,1", E},
    };

    join_network();
    PLAY(exchanges);
}
END_TEST

/* Section 11: CIPSERVER, CIPSERVERMAXCONN, CIPSTO; row 19. */
START_TEST(server)
{
    static const struct exchange exchanges[] = {
        {"AT+CIPSERVER=1", E}, /* MUX=0 */
        {"AT+CIPSERVER=2", E},
        {"AT+CIPMUX=1", OK},
        {"AT+CIPSERVER=2", P},
        {"AT+CIPSERVER=1,65536", P},
        {"AT+CIPSERVER=1,80,\"UDP\"", P},
        {"AT+CIPSERVER=1,80,TCP", P},
        {"AT+CIPSERVER=1,80,\"TCP\",2", P},
        {"AT+CIPSERVER=0,2", P},
        {"AT+CIPSERVER=0,1,\"TCP\"", P},
        {"AT+CIPSERVER=0", E}, /* off */
        {"AT+CIPSERVER", E},
        {"AT+CIPSTO=1,1", P},
        {"AT+CIPSTO=10", E}, /* no server */
        {"AT+CIPSTO=7201", E},
        {"AT+CIPSERVERMAXCONN=0", P},
        {"AT+CIPSERVERMAXCONN=6", P},
        {"AT+CIPSERVERMAXCONN=x", P},
        {"AT+CIPSERVERMAXCONN=3,9", OK},
        {"AT+CIPSERVER=1", OK},
        {"AT+CIPSERVER?", "+CIPSERVER:1,333,\"TCP\",0\r\n" OK},
        {"AT+CIPSERVER=1", E},
        {"AT+CIPSERVERMAXCONN=9", E},
        {"AT+CIPSTO=7201", P},
        {"AT+CIPSTO=x", E},
        {"AT+CIPSTO=7200", OK},
        {"AT+CIPSTO?", "+CIPSTO:7200\r\n" OK},
        {"AT+CIPMUX=0", E},
        {"AT+CIPSERVER", OK}, /* closes, and keeps the clients */
        {"AT+CIPSERVER?", "+CIPSERVER:0,333,\"TCP\",0\r\n" OK},
        {"AT+CIPSERVER=1,0", OK},
        {"AT+CIPSERVER=0,0", OK},
    };

    join_network();
    PLAY(exchanges);
}
END_TEST

/* Section 11: CIPTCPOPT; row 32. */
START_TEST(ciptcpopt)
{
    static const struct exchange exchanges[] = {
        {"AT+CIPTCPOPT=5,1,1,1", OK}, /* in single connection mode no id */
        {"AT+CIPTCPOPT?", "CIPTCPOPT:0,5,1,1,1\r\n" OK},
        {"AT+CIPTCPOPT", OK}, /* keep_alive stays */
        {"AT+CIPTCPOPT?", "CIPTCPOPT:0,-1,0,0,1\r\n" OK},
        {"AT+CIPTCPOPT=-2", P},
        {"AT+CIPTCPOPT=x", E},
        {"AT+CIPTCPOPT=,2", E},
        {"AT+CIPTCPOPT=,-1", E},
        {"AT+CIPTCPOPT=,,,7201", P},
        {"AT+CIPMUX=1", OK},
        {"AT+CIPTCPOPT=5,1", P},
        {"AT+CIPTCPOPT=3,1,1,1,7200", OK},
        {"AT+CIPTCPOPT?", "CIPTCPOPT:0,-1,0,0,1\r\nCIPTCPOPT:1,-1,0,0,0\r\n"
                          "CIPTCPOPT:2,-1,0,0,0\r\nCIPTCPOPT:3,1,1,1,7200\r\n"
                          "CIPTCPOPT:4,-1,0,0,0\r\n" OK},
        {"AT+CIPTCPOPT=3,,,9", OK},
        {"AT+CIPTCPOPT=,2,1", OK}, /* an empty id does not shift what follows */
        {"AT+CIPTCPOPT?", "CIPTCPOPT:0,2,1,0,1\r\nCIPTCPOPT:1,-1,0,0,0\r\n"
                          "CIPTCPOPT:2,-1,0,0,0\r\nCIPTCPOPT:3,-1,0,9,7200\r\n"
                          "CIPTCPOPT:4,-1,0,0,0\r\n" OK},
    };

    PLAY(exchanges);
}
END_TEST

#define NAME_64 "1234567890123456789012345678901234567890123456789012345678901234"

/* Section 11: CIPSSLCCONF, -CN, -SNI, -ALPN, -PSK; rows 30 and 31. */
START_TEST(tls)
{
    static const struct exchange exchanges[] = {
        {"AT+CIPSSLCCONF=0", OK},
        {"AT+CIPSSLCCONF=0,0", P},
        {"AT+CIPSSLCCONF=4,0,0", P},
        {"AT+CIPSSLCCONF=3,1,2", OK},
        {"AT+CIPSSLCCONF?", "+CIPSSLCCONF:0,3,1,2\r\n" OK},
        {"AT+CIPSSLCCONF=2,x,y", OK},
        {"AT+CIPSSLCCONF?", "+CIPSSLCCONF:0,2,0,0\r\n" OK},
        {"AT+CIPSSLCCONF=x", OK},
        {"AT+CIPSSLCCN=a", P},
        {"AT+CIPSSLCCN=\"\"", P},
        {"AT+CIPSSLCCN=\"5" NAME_64 "\"", P},
        {"AT+CIPSSLCCN=\"" NAME_64 "\"", OK},
        {"AT+CIPSSLCSNI=a", P},
        {"AT+CIPSSLCSNI=\"5" NAME_64 "\"", P},
        {"AT+CIPSSLCSNI=\"" NAME_64 "\"", OK},
        {"AT+CIPSSLCALPN=x", P},
        {"AT+CIPSSLCALPN=6", P},
        {"AT+CIPSSLCALPN=0,\"a\"", P},
        {"AT+CIPSSLCALPN=2,\"a\"", P},
        {"AT+CIPSSLCALPN=1,\"a\",\"b\"", P},
        {"AT+CIPSSLCALPN=1,a", P},
        {"AT+CIPSSLCALPN=5,\"a\",\"b\",\"c\",\"d\",\"e\"", OK},
        {"AT+CIPSSLCALPN=0", OK},
        {"AT+CIPSSLCPSK=00,\"me\"", P},
        {"AT+CIPSSLCPSK=\"000\",\"me\"", P},
        {"AT+CIPSSLCPSK=\"0g\",\"me\"", E},
        {"AT+CIPSSLCPSK=\"" NAME_64 "00\",\"me\"", P},
        {"AT+CIPSSLCPSK=\"00\",\"\"", P},
        {"AT+CIPSSLCPSK=\"00\",\"123456789012345678901234567890123\"", P},
        {"AT+CIPSSLCPSK=\"00\"", P},
        {"AT+CIPSSLCPSK=\"" NAME_64 "\",\"12345678901234567890123456789012\"", OK},
        {"AT+CIPMUX=1", OK},
        {"AT+CIPSSLCCONF=6,0", P},
        {"AT+CIPSSLCCONF=5,1,2,3", OK},
        {"AT+CIPSSLCCONF=1,0", OK},
        {"AT+CIPSSLCCONF?", "+CIPSSLCCONF:0,1,2,3\r\n+CIPSSLCCONF:1,0,0,0\r\n"
                            "+CIPSSLCCONF:2,1,2,3\r\n+CIPSSLCCONF:3,1,2,3\r\n"
                            "+CIPSSLCCONF:4,1,2,3\r\n" OK},
        {"AT+CIPSSLCCONF=,0", OK}, /* empty: all */
        {"AT+CIPSSLCCONF?", "+CIPSSLCCONF:0,0,0,0\r\n+CIPSSLCCONF:1,0,0,0\r\n"
                            "+CIPSSLCCONF:2,0,0,0\r\n+CIPSSLCCONF:3,0,0,0\r\n"
                            "+CIPSSLCCONF:4,0,0,0\r\n" OK},
        {"AT+CIPSSLCCN=6,\"a\"", P},
        {"AT+CIPSSLCCN=1,\"a\"", OK},
        {"AT+CIPSTART=1,\"TCP\",\"192.0.2.1\",80", "1,CONNECT\r\n" OK},
        {"AT+CIPSSLCCN=1,\"a\"", E}, /* in use */
        {"AT+CIPSSLCSNI=1,\"a\"", E},
        {"AT+CIPSSLCSNI=5,\"a\"", E},
        {"AT+CIPSSLCSNI=2,\"a\"", OK},
    };

    join_network();
    PLAY(exchanges);
}
END_TEST

/* Section 11: CIPDNS, CIPDOMAIN, PING, CIPSNTPCFG, CIPSNTPINTV; row 21. */
START_TEST(names_and_time)
{
    static const struct exchange exchanges[] = {
        {"AT+CIPDNS=2", P},
        {"AT+CIPDNS=x", E},
        {"AT+CIPDNS=0,\"1.1.1.1\"", P},
        {"AT+CIPDNS=1,1.1.1.1", P},
        {"AT+CIPDNS=1,\"1.1.1\"", P},
        {"AT+CIPDNS=1,\"\"", P},
        {"AT+CIPDNS=1,,\"1.1.1.1\"", P},
        {"AT+CIPDNS=1,\"1.1.1.1\",\"2.2.2.2\",\"3.3.3.3\"", P},
        {"AT+CIPDNS=1,\"1.1.1.1\",\"2.2.2.2\"", OK},
        {"AT+CIPDNS?", "+CIPDNS:1,\"1.1.1.1\",\"2.2.2.2\"\r\n" OK},
        {"AT+CIPDNS=0", OK},
        {"AT+CIPDNS?", "+CIPDNS:0,\"208.67.222.222\",\"8.8.8.8\"\r\n" OK},
        {"AT+CIPDOMAIN=www.example", P},
        {"AT+CIPDOMAIN=\"5" NAME_64 "\"", P},
        {"AT+CIPDOMAIN=\"" NAME_64 "\"", E}, /* no such name */
        {"AT+CIPDOMAIN=\"www.example\",0", P},
        {"AT+CIPDOMAIN=\"www.example\",4", P},
        {"AT+CIPDOMAIN=\"www.example\",x", E},
        {"AT+CIPDOMAIN=\"www.example\",2,surplus", "+CIPDOMAIN:\"192.0.2.1\"\r\n" OK},
        {"AT+PING=192.0.2.1", P},
        {"AT+PING=\"192.0.2.1\",1", E},
        {"AT+PING=\"" HOST_62 "\"", E},
        {"AT+PING=\"192.0.2.1\"", "+PING:1 ms\r\n" OK},
        {"AT+CIPSNTPCFG=2,0", E},
        {"AT+CIPSNTPCFG=x,0", E},
        {"AT+CIPSNTPCFG=1,x", E},
        {"AT+CIPSNTPCFG=1,", E},
        {"AT+CIPSNTPCFG=1,1460", E},
        {"AT+CIPSNTPCFG=1,-1260", E},
        {"AT+CIPSNTPCFG=1,+8", E},
        {"AT+CIPSNTPCFG=1,8,\"a\",\"b\",\"c\",\"d\"", E},
        {"AT+CIPSNTPCFG=1,8,a", P},
        {"AT+CIPSNTPCFG=1,8,\"a\",", P},
        {"AT+CIPSNTPCFG=1,-13,\"a\"", OK},
        {"AT+CIPSNTPCFG?", "+CIPSNTPCFG:1,-13,\"a\"\r\n" OK},
        {"AT+CIPSNTPINTV=14", E},
        {"AT+CIPSNTPINTV=4294968", E},
        {"AT+CIPSNTPINTV=x", E},
        {"AT+CIPSNTPINTV=15,1", E},
        {"AT+CIPSNTPINTV=4294967", OK},
        {"AT+CIPSNTPCFG=0", OK},
    };

    join_network();
    bench.fake.ping_result = 1;
    PLAY(exchanges);
}
END_TEST

/* Section 10: CWJAP. Text for a number is usually ERROR (section 1). */
START_TEST(wifi)
{
    static const struct exchange exchanges[] = {
        {"AT+CWJAP=\"wmat\",\"1234\"", P},
        {"AT+CWJAP=\"wmat\",\"123456\"", P},
        {"AT+CWJAP=\"wmat\",\"5" NAME_64 "\"", P},
        {"AT+CWJAP=\"wmat\",\"wmat-demo-1\",,,,,,2", P},
        {"AT+CWJAP=\"wmat\",\"wmat-demo-1\",,,,,,601", P},
        {"AT+CWJAP=\"wmat\",\"wmat-demo-1\",,,,,,,,9", P},
        {"AT+CWJAP=wmat,\"wmat-demo-1\"", P},
        {"AT+CWMODE=4", P},
        {"AT+CWMODE=x", E},
        {"AT+SYSSTORE=x", E},
        {"AT+SYSSTORE=2", P},
    };
    static const char *const tried[] = {"\"12345\"", "\"12345678\"", "\"" NAME_64 "\""};

    PLAY(exchanges);
    for (size_t i = 0; i < COUNT(tried); i++) { /* taken, and the access point refuses */
        char line[128];

        snprintf(line, sizeof line, "AT+CWJAP=\"wmat\",%s\r\n", tried[i]);
        bench_say(&bench, line);
        bench_wait(&bench, 20000);
        bench.out[bench.out_len] = '\0';
        ck_assert_uint_ge(bench.out_len, 7);
        ck_assert_int_eq(memcmp(bench.out + bench.out_len - 7, "ERROR\r\n", 7), 0);
        ck_assert_ptr_null(strstr(bench.out, "CMD PARSE"));
        bench.out_len = 0;
    }
}
END_TEST

/* Section 2: "AT+X=" is ERROR for every command. */
START_TEST(nothing_behind_the_equals_sign)
{
    const struct fw_command *row;

    for (size_t i = 0; (row = fw_command_row(i)) != NULL; i++) {
        const char *name = at_command_name(row->id);
        char line[64];

        snprintf(line, sizeof line, "AT%s%s=", name[0] != '\0' ? "+" : "", name);
        bench_command(&bench, line, E);
    }
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("w800 arguments");
    TCase *tcase = tcase_create("w800 arguments");

    tcase_add_checked_fixture(tcase, shipping_start, shipping_stop);
    tcase_add_test(tcase, splitting);
    tcase_add_test(tcase, numbers);
    tcase_add_test(tcase, forms);
    tcase_add_test(tcase, missing_parameters);
    tcase_add_test(tcase, modes);
    tcase_add_test(tcase, cipstart);
    tcase_add_test(tcase, cipsend);
    tcase_add_test(tcase, ciprecvdata);
    tcase_add_test(tcase, server);
    tcase_add_test(tcase, ciptcpopt);
    tcase_add_test(tcase, tls);
    tcase_add_test(tcase, names_and_time);
    tcase_add_test(tcase, wifi);
    tcase_add_test(tcase, nothing_behind_the_equals_sign);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
