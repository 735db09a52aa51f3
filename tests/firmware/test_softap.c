/* Framework, "Wi-Fi commands": the module's own access point: CWSAP, CWLIF, CWQIF, CWDHCPS, CIPAP,
 * CIPAPMAC, CWAPPROTO; "Reports": +STA_CONNECTED, +STA_DISCONNECTED, +DIST_STA_IP. */
#include <stdio.h>
#include <string.h>

#include "fw_bench.h"
#include "suite.h"

#define A "02:00:00:00:00:0a"
#define B "02:00:00:00:00:0b"

#define CONNECTED(mac)    "+STA_CONNECTED: " mac "\r\n"
#define ADDRESS(mac, ip)  "+DIST_STA_IP: " mac "," ip "\r\n"
#define DISCONNECTED(mac) "+STA_DISCONNECTED: " mac "\r\n"

static struct fw_bench bench;

static void setup(void)
{
    memset(&bench, 0, sizeof bench);
}

static void teardown(void)
{
    bench_stop(&bench);
}

/* A module in SoftAP mode. */
static void start(int feed)
{
    bench_start(&bench, (enum bench_feed)feed);
    bench_talk(&bench, "AT+CWMODE=2\r\n", "OK\r\n");
}

START_TEST(needs_the_softap_mode)
{
    static const char *const commands[] = {
        "AT+CWSAP?\r\n",          "AT+CWSAP=\"net\",\"12345678\",5,3\r\n",
        "AT+CWLIF\r\n",           "AT+CWQIF\r\n",
        "AT+CWQIF=\"" A "\"\r\n", "AT+CWDHCPS?\r\n",
        "AT+CWDHCPS=0\r\n",       "AT+CWDHCPS=1,60,\"192.168.10.2\",\"192.168.10.9\"\r\n",
        "AT+CIPAP?\r\n",          "AT+CIPAP=\"10.0.0.1\"\r\n",
        "AT+CIPAPMAC?\r\n",       "AT+CIPAPMAC=\"18:fe:35:98:d3:7b\"\r\n",
    };

    bench_start(&bench, (enum bench_feed)_i);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        bench_talk(&bench, commands[i], "ERROR\r\n");
    }
    bench_play(&bench, "station-joins " A);
    bench_expect(&bench, "");
    ck_assert_uint_eq(bench.fake.commits, 0);
}
END_TEST

START_TEST(cwsap)
{
    static const char *const bad[] = {
        "\"\",\"12345678\",5,3",
        "\"123456789012345678901234567890123\",\"12345678\",5,3",
        "\"net\",\"1234567\",5,3",
        "\"net\",\"\",5,3", /* an encryption without a password */
        "\"net\",\"12345678\",0,3",
        "\"net\",\"12345678\",15,3",
        "\"net\",\"12345678\",5,1", /* WEP */
        "\"net\",\"12345678\",5,5",
        "\"net\",\"12345678\",5,-1",
        "\"net\",\"12345678\",5",
        "\"net\",\"12345678\",,3",
        "\"net\",,5,3",
        ",\"12345678\",5,3",
        "net,\"12345678\",5,3",
        "\"net\",\"12345678\",5,3,0",
        "\"net\",\"12345678\",5,3,9",
        "\"net\",\"12345678\",5,3,8,2",
        "\"net\",\"12345678\",5,3,8,-1",
        "\"net\",\"12345678\",5,3,8,1,1",
        "",
    };
    static const struct {
        const char *set, *query;
    } good[] = {
        {"\"WinnerMicro_WiFi\",\"12345678\",5,3", "\"WinnerMicro_WiFi\",\"12345678\",5,3,8,0"},
        {"\"n\",\"\",1,0,1,1", "\"n\",\"\",1,0,1,1"},
        {"\"12345678901234567890123456789012\","
         "\"123456789012345678901234567890123456789012345678901234567890123\",13,4,8,0",
         "\"12345678901234567890123456789012\","
         "\"123456789012345678901234567890123456789012345678901234567890123\",13,4,8,0"},
        {"\"n\",\"0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef\",6,2,,1",
         "\"n\",\"0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789abcdef\",6,2,8,1"},
    };
    char say[300], expect[300];

    start(_i);
    bench_talk(&bench, "AT+CWSAP?\r\n", "+CWSAP:\"W800-010001\",\"\",1,0,8,0\r\nOK\r\n");
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(say, sizeof say, "AT+CWSAP=%s\r\n", good[i].set);
        bench_talk(&bench, say, "OK\r\n");
        snprintf(expect, sizeof expect, "+CWSAP:%s\r\nOK\r\n", good[i].query);
        bench_talk(&bench, "AT+CWSAP?\r\n", expect);
    }
    BENCH_REFUSE(&bench, "AT+CWSAP", bad);
    bench_talk(&bench, "AT+CWSAP?\r\n", expect); /* nothing has changed */
}
END_TEST

/* A station comes, gets an address, is listed, and goes. */
START_TEST(stations_come_and_go)
{
    start(_i);
    bench_talk(&bench, "AT+CWLIF\r\n", "OK\r\n");
    bench_play(&bench, "station-joins " A);
    bench_expect(&bench, CONNECTED(A) ADDRESS(A, "192.168.10.2"));
    bench_play(&bench, "station-joins 02:00:00:00:00:0B");
    bench_expect(&bench, CONNECTED(B) ADDRESS(B, "192.168.10.3"));
    bench_talk(&bench, "AT+CWLIF\r\n",
               "+CWLIF:192.168.10.2," A "\r\n+CWLIF:192.168.10.3," B "\r\nOK\r\n");
    bench_play(&bench, "station-leaves " A);
    bench_expect(&bench, DISCONNECTED(A));
    bench_talk(&bench, "AT+CWLIF\r\n", "+CWLIF:192.168.10.3," B "\r\nOK\r\n");
    bench_play(&bench, "station-leaves " A);
    bench_expect(&bench, "");
}
END_TEST

START_TEST(cwqif)
{
    static const char *const bad[] = {"\"02:00\"", "02:00:00:00:00:0a", "", "\"" A "\",1", "1"};

    start(_i);
    bench_play(&bench, "station-joins " A);
    bench_play(&bench, "station-joins " B);
    bench.out_len = 0;
    BENCH_REFUSE(&bench, "AT+CWQIF", bad);
    bench_talk(&bench, "AT+CWQIF=\"02:00:00:00:00:0c\"\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CWQIF=\"02:00:00:00:00:0B\"\r\n", "OK\r\n" DISCONNECTED(B));
    bench_talk(&bench, "AT+CWQIF=\"" B "\"\r\n", "ERROR\r\n");
    bench_play(&bench, "station-joins " B);
    bench_expect(&bench, CONNECTED(B) ADDRESS(B, "192.168.10.3"));
    bench_talk(&bench, "AT+CWQIF\r\n", "OK\r\n" DISCONNECTED(A) DISCONNECTED(B));
    bench_talk(&bench, "AT+CWQIF\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWLIF\r\n", "OK\r\n");
}
END_TEST

/* max conn: who comes when it is full is turned away. */
START_TEST(max_conn)
{
    char event[64], all[2048] = "";

    start(_i);
    for (int i = 0; i < 9; i++) {
        snprintf(event, sizeof event, "station-joins 02:00:00:00:00:%02d", i);
        bench_play(&bench, event);
        if (i < 8) {
            size_t len = strlen(all);

            snprintf(all + len, sizeof all - len,
                     "+STA_CONNECTED: 02:00:00:00:00:%02d\r\n"
                     "+DIST_STA_IP: 02:00:00:00:00:%02d,192.168.10.%d\r\n",
                     i, i, i + 2);
        }
    }
    bench_expect(&bench, all);
    bench_talk(&bench, "AT+CWQIF=\"02:00:00:00:00:03\"\r\n",
               "OK\r\n+STA_DISCONNECTED: 02:00:00:00:00:03\r\n");
    bench_play(&bench, "station-joins 02:00:00:00:00:08");
    bench_expect(&bench,
                 CONNECTED("02:00:00:00:00:08") ADDRESS("02:00:00:00:00:08", "192.168.10.5"));
    bench_talk(&bench, "AT+CWSAP=\"one\",\"\",1,0,1\r\n",
               "OK\r\n+STA_DISCONNECTED: 02:00:00:00:00:00\r\n"
               "+STA_DISCONNECTED: 02:00:00:00:00:01\r\n+STA_DISCONNECTED: 02:00:00:00:00:02\r\n"
               "+STA_DISCONNECTED: 02:00:00:00:00:08\r\n"
               "+STA_DISCONNECTED: 02:00:00:00:00:04\r\n+STA_DISCONNECTED: 02:00:00:00:00:05\r\n"
               "+STA_DISCONNECTED: 02:00:00:00:00:06\r\n+STA_DISCONNECTED: 02:00:00:00:00:07\r\n");
    bench_play(&bench, "station-joins " A);
    bench_play(&bench, "station-joins " B);
    bench_expect(&bench, CONNECTED(A) ADDRESS(A, "192.168.10.2"));
}
END_TEST

/* Reports wait for a host that does not read; none is lost, and their order stays. */
START_TEST(deaf_host)
{
    char event[64], expect[4096] = "";

    start(BENCH_WHOLE);
    bench.deaf = true;
    for (int i = 0; i < 400; i++) {
        bench_say(&bench, ""); /* fill the output with answers first */
        if (fw_feed(&bench.fw, "AT+CWSAP?\r\n", 11, bench.now_ms) == 0) {
            break;
        }
    }
    for (int i = 0; i < 8; i++) {
        size_t len = strlen(expect);

        snprintf(event, sizeof event, "station-joins 02:00:00:00:00:%02d", i);
        bench_play(&bench, event);
        snprintf(expect + len, sizeof expect - len, "+STA_CONNECTED: 02:00:00:00:00:%02d\r\n", i);
    }
    bench_play(&bench, "station-leaves 02:00:00:00:00:07");
    bench_play(&bench, "station-joins 02:00:00:00:00:07");
    bench.deaf = false;
    bench_wait(&bench, 1);
    bench.out[bench.out_len] = '\0';
    for (const char *at = bench.out; (at = strstr(at, "+STA_CONNECTED: ")) != NULL; at++) {
        ck_assert_int_eq(strncmp(at, expect, 35), 0);
        memmove(expect, expect + 35, strlen(expect + 35) + 1);
    }
    ck_assert_str_eq(expect, "");
    bench.out_len = 0;
    bench_talk(&bench, "AT+CWQIF=\"02:00:00:00:00:07\"\r\n",
               "OK\r\n" DISCONNECTED("02:00:00:00:00:07"));
}
END_TEST

/* Who has left and come back before anybody looked has still left. */
START_TEST(leaves_and_comes_back_at_once)
{
    const uint8_t mac[6] = {2, 0, 0, 0, 0, 10};

    start(_i);
    bench_play(&bench, "station-joins " A);
    bench.out_len = 0;
    ck_assert(fw_radio_station_leaves(&bench.fake.radio, mac));
    ck_assert(fw_radio_station_joins(&bench.fake.radio, mac));
    bench_wait(&bench, 0);
    bench_expect(&bench, DISCONNECTED(A) CONNECTED(A) ADDRESS(A, "192.168.10.2"));
}
END_TEST

/* With the mode goes the access point, with it its stations; equal values change nothing. */
START_TEST(what_drops_the_stations)
{
    static const struct {
        const char *say;
        bool drops;
    } cases[] = {
        {"AT+CWSAP=\"net\",\"12345678\",5,3\r\n", true},
        {"AT+CWSAP=\"net\",\"12345678\",5,3\r\n", false},
        {"AT+CWSAP=\"net\",\"12345678\",5,3,8,1\r\n", true},
        {"AT+CIPAP=\"192.168.10.9\"\r\n", true},
        {"AT+CIPAP=\"192.168.10.9\"\r\n", false},
        {"AT+CIPAPMAC=\"18:fe:35:98:d3:7b\"\r\n", true},
        {"AT+CIPAPMAC=\"18:fe:35:98:d3:7b\"\r\n", false},
        {"AT+CWAPPROTO=3\r\n", true},
        {"AT+CWAPPROTO=3\r\n", false},
        {"AT+CWDHCPS=1,5,\"192.168.10.20\",\"192.168.10.30\"\r\n", false},
        {"AT+CWDHCP=0,2\r\n", false},
        {"AT+CWMODE=3\r\n", false},
        {"AT+CWMODE=1\r\n", true},
    };

    start(_i);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bench_play(&bench, "station-joins " A);
        bench.out_len = 0;
        bench_talk(&bench, cases[i].say, cases[i].drops ? "OK\r\n" DISCONNECTED(A) : "OK\r\n");
    }
    bench_play(&bench, "station-joins " A);
    bench_expect(&bench, "");
}
END_TEST

START_TEST(cwdhcps_rules)
{
    static const char *const bad[] = {
        "2",
        "-1",
        "",
        "1",
        "1,60",
        "1,60,\"192.168.10.2\"",
        "1,0,\"192.168.10.2\",\"192.168.10.9\"",
        "1,2881,\"192.168.10.2\",\"192.168.10.9\"",
        "1,,\"192.168.10.2\",\"192.168.10.9\"",
        "1,60,,\"192.168.10.9\"",
        "1,60,\"192.168.10.9\",\"192.168.10.2\"",
        "1,60,\"192.168.11.2\",\"192.168.11.9\"",
        "1,60,\"192.168.10.2\",\"192.168.11.9\"",
        "1,60,\"192.168.10.0\",\"192.168.10.9\"",
        "1,60,\"192.168.10.2\",\"192.168.10.255\"",
        "1,60,192.168.10.2,\"192.168.10.9\"",
        "1,60,\"192.168.10.2\",\"192.168.10.9\",1",
        "0,0",
    };

    start(_i);
    bench_talk(&bench, "AT+CWDHCPS?\r\n",
               "+CWDHCPS:120,\"192.168.10.2\",\"192.168.10.101\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWDHCPS=1,1,\"192.168.10.1\",\"192.168.10.254\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWDHCPS=1,2880,\"192.168.10.7\",\"192.168.10.7\"\r\n", "OK\r\n");
    BENCH_REFUSE(&bench, "AT+CWDHCPS", bad);
    bench_talk(&bench, "AT+CWDHCPS?\r\n",
               "+CWDHCPS:2880,\"192.168.10.7\",\"192.168.10.7\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWDHCPS=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWDHCPS?\r\n",
               "+CWDHCPS:120,\"192.168.10.2\",\"192.168.10.101\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWDHCP=0,2\r\n", "OK\r\n"); /* needs the DHCP server */
    bench_talk(&bench, "AT+CWDHCPS?\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CWDHCPS=0\r\n", "ERROR\r\n");
}
END_TEST

/* Addresses in order, never the module's own; none left is none given. */
START_TEST(pool_is_used_up)
{
    start(_i);
    bench_talk(&bench, "AT+CWDHCPS=1,1,\"192.168.10.1\",\"192.168.10.2\"\r\n", "OK\r\n");
    bench_play(&bench, "station-joins " A);
    bench_expect(&bench, CONNECTED(A) ADDRESS(A, "192.168.10.2"));
    bench_play(&bench, "station-joins " B);
    bench_expect(&bench, CONNECTED(B));
    bench_talk(&bench, "AT+CWLIF\r\n",
               "+CWLIF:192.168.10.2," A "\r\n+CWLIF:0.0.0.0," B "\r\nOK\r\n");
}
END_TEST

/* Who comes back within the time of its lease finds its address; then it is another's. */
START_TEST(leases_last)
{
    start(_i);
    bench_talk(&bench, "AT+CWDHCPS=1,2,\"192.168.10.50\",\"192.168.10.60\"\r\n", "OK\r\n");
    bench_play(&bench, "station-joins " A);
    bench_play(&bench, "station-leaves " A);
    bench_expect(&bench, CONNECTED(A) ADDRESS(A, "192.168.10.50") DISCONNECTED(A));
    bench_wait(&bench, 119999);
    bench_play(&bench, "station-joins " B);
    bench_play(&bench, "station-joins " A);
    bench_expect(&bench,
                 CONNECTED(B) ADDRESS(B, "192.168.10.51") CONNECTED(A) ADDRESS(A, "192.168.10.50"));
    bench_wait(&bench, 1000000); /* a station that is here renews its lease */
    bench_play(&bench, "station-leaves " A);
    bench_wait(&bench, 120000);
    bench_play(&bench, "station-leaves " B);
    bench_play(&bench, "station-joins 02:00:00:00:00:0c");
    bench_expect(&bench, DISCONNECTED(A) DISCONNECTED(B) CONNECTED("02:00:00:00:00:0c")
                             ADDRESS("02:00:00:00:00:0c", "192.168.10.50"));
}
END_TEST

START_TEST(no_dhcp_no_address)
{
    start(_i);
    bench_talk(&bench, "AT+CWDHCP=0,2\r\n", "OK\r\n");
    bench_play(&bench, "station-joins " A);
    bench_expect(&bench, CONNECTED(A));
    bench_talk(&bench, "AT+CWLIF\r\n", "+CWLIF:0.0.0.0," A "\r\nOK\r\n");
}
END_TEST

START_TEST(cipap)
{
    static const char *const bad[] = {"\"0.0.0.0\"",
                                      "\"224.0.0.1\"",
                                      "\"::1\"",
                                      "10.0.0.1",
                                      "\"10.0.0.1\",\"10.0.0.1\"",
                                      "\"10.0.0.1\",,\"255.0.0.0\"",
                                      "\"10.0.0.1\",\"10.0.0.1\",\"255.0.0.1\"",
                                      "\"10.0.0.1\",\"10.0.0.1\",\"255.0.0.0\",1",
                                      ""};

    start(_i);
    bench_talk(&bench, "AT+CIPAP?\r\n",
               "+CIPAP:ip:\"192.168.10.1\"\r\n+CIPAP:gateway:\"192.168.10.1\"\r\n"
               "+CIPAP:netmask:\"255.255.255.0\"\r\nOK\r\n");
    BENCH_REFUSE(&bench, "AT+CIPAP", bad);
    bench_talk(&bench, "AT+CIPAP=\"192.168.5.1\",\"192.168.5.2\",\"255.255.0.0\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPAP?\r\n",
               "+CIPAP:ip:\"192.168.5.1\"\r\n+CIPAP:gateway:\"192.168.5.2\"\r\n"
               "+CIPAP:netmask:\"255.255.0.0\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPAP=\"10.0.0.254\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPAP?\r\n",
               "+CIPAP:ip:\"10.0.0.254\"\r\n+CIPAP:gateway:\"10.0.0.254\"\r\n"
               "+CIPAP:netmask:\"255.255.255.0\"\r\nOK\r\n");
}
END_TEST

/* A pool outside of the network gives way to the default one, which is behind the module's address,
 * or in front of it where there is nothing behind. */
START_TEST(pool_follows_the_network)
{
    static const struct {
        const char *address, *pool;
    } cases[] = {
        {"\"10.0.0.1\"", "120,\"10.0.0.2\",\"10.0.0.101\""},
        {"\"10.0.0.200\"", "120,\"10.0.0.201\",\"10.0.0.254\""},
        {"\"10.0.0.254\"", "120,\"10.0.0.154\",\"10.0.0.253\""},
        {"\"10.0.0.1\",\"10.0.0.1\",\"255.255.255.252\"", "120,\"10.0.0.2\",\"10.0.0.2\""},
        {"\"10.0.0.2\",\"10.0.0.1\",\"255.255.255.252\"", "120,\"10.0.0.1\",\"10.0.0.1\""},
        {"\"192.168.10.1\"", "9,\"192.168.10.40\",\"192.168.10.50\""}, /* fits again */
    };
    char say[128], expect[128];

    start(_i);
    bench_talk(&bench, "AT+CWDHCPS=1,9,\"192.168.10.40\",\"192.168.10.50\"\r\n", "OK\r\n");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool configured = i + 1 == sizeof cases / sizeof *cases;

        snprintf(say, sizeof say, "AT+CIPAP=%s\r\n", cases[i].address);
        bench_talk(&bench, say, "OK\r\n");
        snprintf(expect, sizeof expect, "+CWDHCPS:%s%s\r\nOK\r\n", configured ? "" : "9",
                 cases[i].pool + (configured ? 0 : 3));
        bench_talk(&bench, "AT+CWDHCPS?\r\n", expect);
    }
}
END_TEST

START_TEST(cipapmac)
{
    static const char *const bad[] = {
        "\"00:00:00:00:00:00\"", "\"ff:ff:ff:ff:ff:ff\"",
        "\"15:fe:35:98:d3:7b\"", "\"02:80:00:01:00:00\"", /* the station's */
        "18:fe:35:98:d3:7b",     "",
    };

    start(_i);
    bench_talk(&bench, "AT+CIPAPMAC?\r\n", "+CIPAPMAC:\"02:80:00:01:00:01\"\r\nOK\r\n");
    BENCH_REFUSE(&bench, "AT+CIPAPMAC", bad);
    bench_talk(&bench, "AT+CIPAPMAC=\"18:FE:35:98:D3:7B\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPAPMAC?\r\n", "+CIPAPMAC:\"18:fe:35:98:d3:7b\"\r\nOK\r\n");
}
END_TEST

START_TEST(cwapproto)
{
    static const char *const bad[] = {"0", "8", "-1", "", "1,1", "\"7\""};

    start(_i);
    bench_talk(&bench, "AT+CWAPPROTO?\r\n", "+CWAPPROTO:7\r\nOK\r\n");
    bench_talk(&bench, "AT+CWAPPROTO=1\r\n", "OK\r\n");
    BENCH_REFUSE(&bench, "AT+CWAPPROTO", bad);
    bench_talk(&bench, "AT+CWAPPROTO?\r\n", "+CWAPPROTO:1\r\nOK\r\n");
    ck_assert_uint_eq(bench.fake.commits, 1); /* of CWMODE */
}
END_TEST

static int refuse_start(void *ctx, const struct fw_wifi_softap *softap, uint64_t now_ms)
{
    (void)ctx;
    (void)softap;
    (void)now_ms;
    return FW_IO_FAIL;
}

/* A platform whose radio can't be an access point: nothing changes, nothing is stored. */
START_TEST(radio_refuses)
{
    struct fw_wifi_ops ops = fw_radio_ops;
    const char *const commands[] = {"AT+CWSAP=\"net\",\"\",2,0\r\n", "AT+CIPAP=\"10.0.0.1\"\r\n",
                                    "AT+CIPAPMAC=\"18:fe:35:98:d3:7b\"\r\n", "AT+CWAPPROTO=1\r\n"};

    bench_start(&bench, BENCH_WHOLE);
    ops.ap_start = refuse_start;
    bench.fake.port.wifi = &ops;
    bench_talk(&bench, "AT+CWMODE=3\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CWMODE?\r\n", "+CWMODE:1\r\nOK\r\n");
    bench.fake.port.wifi = &fw_radio_ops;
    bench_talk(&bench, "AT+CWMODE=3\r\n", "OK\r\n");
    bench.fake.port.wifi = &ops;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        bench_talk(&bench, commands[i], "ERROR\r\n");
    }
    bench_talk(&bench, "AT+CWSAP?\r\n", "+CWSAP:\"W800-010001\",\"\",1,0,8,0\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPAPMAC?\r\n", "+CIPAPMAC:\"02:80:00:01:00:01\"\r\nOK\r\n");
    bench_talk(&bench, "AT+CWAPPROTO?\r\n", "+CWAPPROTO:7\r\nOK\r\n");
    ck_assert_uint_eq(bench.fake.commits, 1);
    bench_talk(&bench, "AT+CWINIT=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CWINIT=1\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CWINIT?\r\n", "+CWINIT:0\r\nOK\r\n");
    bench.fake.port.wifi = &fw_radio_ops;
}
END_TEST

/* Station and access point side by side. */
START_TEST(both_modes)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWMODE=3\r\n", "OK\r\n");
    bench_join(&bench);
    bench_play(&bench, "station-joins " A);
    bench_expect(&bench, CONNECTED(A) ADDRESS(A, "192.168.10.2"));
    bench_talk(&bench, "AT+CWMODE=2\r\n", "OK\r\nWIFI DISCONNECT\r\n");
    bench_talk(&bench, "AT+CWLIF\r\n", "+CWLIF:192.168.10.2," A "\r\nOK\r\n");
    bench_talk(&bench, "AT+CWMODE=0\r\n", "OK\r\n" DISCONNECTED(A));
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("softap");
    TCase *tcase = tcase_create("softap");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, needs_the_softap_mode, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwsap, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, stations_come_and_go, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwqif, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, max_conn, 0, BENCH_FEEDS);
    tcase_add_test(tcase, deaf_host);
    tcase_add_loop_test(tcase, leaves_and_comes_back_at_once, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, what_drops_the_stations, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwdhcps_rules, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, pool_is_used_up, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, leases_last, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, no_dhcp_no_address, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipap, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, pool_follows_the_network, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cipapmac, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwapproto, 0, BENCH_FEEDS);
    tcase_add_test(tcase, radio_refuses);
    tcase_add_loop_test(tcase, both_modes, 0, BENCH_FEEDS);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
