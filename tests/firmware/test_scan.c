/* Framework, "Wi-Fi commands": CWLAP, CWLAPOPT. */
#include <stdio.h>
#include <string.h>

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

START_TEST(cwlap_lists)
{
    bench_start(&bench, (enum bench_feed)_i);
    fw_radio_add(&bench.fake.radio, "guest", "");
    fw_radio_add(&bench.fake.radio, "office", "12345678");
    bench_say(&bench, "AT+CWLAP\r\n");
    bench_wait(&bench, 100);
    bench_expect(&bench, "+CWLAP:3,\"wmat\",-40,\"02:80:aa:00:00:01\",1,4,4,7,0\r\n"
                         "+CWLAP:0,\"guest\",-43,\"02:80:aa:00:00:02\",6,0,0,7,0\r\n"
                         "+CWLAP:3,\"office\",-46,\"02:80:aa:00:00:03\",11,4,4,7,0\r\nOK\r\n");
}
END_TEST

START_TEST(cwlap_filters)
{
    static const char office[] =
        "+CWLAP:3,\"office\",-43,\"02:80:aa:00:00:02\",6,4,4,7,0\r\nOK\r\n";
    static const struct {
        const char *parameters, *expect;
    } cases[] = {
        {"\"office\"", office},
        {",\"02:80:aa:00:00:02\"", office},
        {",,6", office},
        {"\"office\",,6,1,0,1500", office},
        {"\"office\",,7", "OK\r\n"},
        {"\"nobody\"", "OK\r\n"},
        {"\"12345678901234567890123456789012\"", "OK\r\n"},
        {"\"office\",,0,0,1500,0", office},
        {",,14", "OK\r\n"},
        {",,15", "CMD PARSE ERR\r\n"},
        {",,-1", "CMD PARSE ERR\r\n"},
        {",,,-1", "CMD PARSE ERR\r\n"},
        {",,,,-1", "CMD PARSE ERR\r\n"},
        {",,,,,-1", "CMD PARSE ERR\r\n"},
        {",,,2", "CMD PARSE ERR\r\n"},
        {",,,,1501", "CMD PARSE ERR\r\n"},
        {",,,,,1501", "CMD PARSE ERR\r\n"},
        {",\"02:80\"", "CMD PARSE ERR\r\n"},
        {"\"123456789012345678901234567890123\"", "CMD PARSE ERR\r\n"},
    };

    bench_start(&bench, (enum bench_feed)_i);
    fw_radio_add(&bench.fake.radio, "office", "12345678");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char say[96];

        snprintf(say, sizeof say, "AT+CWLAP=%s\r\n", cases[i].parameters);
        bench_say(&bench, say);
        bench_wait(&bench, 100);
        bench_expect(&bench, cases[i].expect);
    }
}
END_TEST

/* Each field by itself; what is masked off stays as an empty position. */
START_TEST(print_mask)
{
    static const struct {
        const char *mask, *expect;
    } cases[] = {
        {"0", "+CWLAP:,,,,,,,,\r\nOK\r\n"},
        {"1", "+CWLAP:3,,,,,,,,\r\nOK\r\n"},
        {"2", "+CWLAP:,\"wmat\",,,,,,,\r\nOK\r\n"},
        {"4", "+CWLAP:,,-40,,,,,,\r\nOK\r\n"},
        {"8", "+CWLAP:,,,\"02:80:aa:00:00:01\",,,,,\r\nOK\r\n"},
        {"16", "+CWLAP:,,,,1,,,,\r\nOK\r\n"},
        {"32", "+CWLAP:,,,,,4,,,\r\nOK\r\n"},
        {"64", "+CWLAP:,,,,,,4,,\r\nOK\r\n"},
        {"128", "+CWLAP:,,,,,,,7,\r\nOK\r\n"},
        {"256", "+CWLAP:,,,,,,,,0\r\nOK\r\n"},
        {"31", "+CWLAP:3,\"wmat\",-40,\"02:80:aa:00:00:01\",1,,,,\r\nOK\r\n"},
        {"511", "+CWLAP:3,\"wmat\",-40,\"02:80:aa:00:00:01\",1,4,4,7,0\r\nOK\r\n"},
    };

    bench_start(&bench, (enum bench_feed)_i);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char say[32];

        snprintf(say, sizeof say, "AT+CWLAPOPT=%s\r\n", cases[i].mask);
        bench_talk(&bench, say, "OK\r\n");
        bench_say(&bench, "AT+CWLAP\r\n");
        bench_wait(&bench, FW_RADIO_SCAN_MS);
        bench_expect(&bench, cases[i].expect);
    }
}
END_TEST

/* The weakest rssi, and the authentication modes; both count for a filtered scan, too. */
START_TEST(rssi_and_authmode)
{
    static const char guest[] = "+CWLAP:,\"guest\",,,,,,,\r\n",
                      wmat[] = "+CWLAP:,\"wmat\",,,,,,,\r\n";
    static const struct {
        const char *options;
        bool wmat, guest;
    } cases[] = {
        {"2,-100,65535", true, true}, {"2,-43", true, true},     {"2,-42", true, false},
        {"2,-40", true, false},       {"2,-39", false, false},   {"2,40", false, false},
        {"2,-100,1", false, true},    {"2,,8", true, false},     {"2,,9", true, true},
        {"2,,0", false, false},       {"2,-42,1", false, false}, {"2", true, true},
    };

    bench_start(&bench, (enum bench_feed)_i);
    fw_radio_add(&bench.fake.radio, "guest", ""); /* open, -43 dBm */
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char say[48], expect[96];

        snprintf(say, sizeof say, "AT+CWLAPOPT=%s\r\n", cases[i].options);
        bench_talk(&bench, say, "OK\r\n");
        bench_say(&bench, "AT+CWLAP\r\n");
        bench_wait(&bench, FW_RADIO_SCAN_MS);
        snprintf(expect, sizeof expect, "%s%sOK\r\n", cases[i].wmat ? wmat : "",
                 cases[i].guest ? guest : "");
        bench_expect(&bench, expect);
        bench_say(&bench, "AT+CWLAP=\"guest\"\r\n");
        bench_wait(&bench, FW_RADIO_SCAN_MS);
        snprintf(expect, sizeof expect, "%sOK\r\n", cases[i].guest ? guest : "");
        bench_expect(&bench, expect);
    }
}
END_TEST

START_TEST(cwlapopt_ranges)
{
    static const char *const bad[] = {"512",        "-1",      "511,-101",  "511,41",
                                      "511,,65536", "511,,-1", "511,1,1,1", "\"511\"",
                                      "",           ",-50",    "0x1FF"};

    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CWLAPOPT=16,-100,65535\r\n", "OK\r\n");
    BENCH_REFUSE(&bench, "AT+CWLAPOPT", bad);
    bench_talk(&bench, "AT+CWLAPOPT?\r\n", "ERROR\r\n");
    bench_say(&bench, "AT+CWLAP\r\n");
    bench_wait(&bench, FW_RADIO_SCAN_MS);
    bench_expect(&bench, "+CWLAP:,,,,1,,,,\r\nOK\r\n"); /* nothing has changed */
    bench_play(&bench, "reset");
    bench_say(&bench, "AT+CWLAP\r\n");
    bench_wait(&bench, FW_RADIO_SCAN_MS);
    bench_expect(&bench, "ready\r\n"
                         "+CWLAP:3,\"wmat\",-40,\"02:80:aa:00:00:01\",1,4,4,7,0\r\nOK\r\n");
    ck_assert_uint_eq(bench.fake.commits, 0);
}
END_TEST

/* A full radio: every line comes, however slowly the host reads. */
START_TEST(sixteen_access_points)
{
    char line[96];

    bench_start(&bench, (enum bench_feed)_i);
    for (int i = 1; i < FW_RADIO_APS; i++) {
        snprintf(line, sizeof line, "net-%02d-with-a-name-of-32-bytes!!", i);
        ck_assert(fw_radio_add(&bench.fake.radio, line, "12345678"));
    }
    ck_assert(!fw_radio_add(&bench.fake.radio, "one-too-many", ""));
    bench_say(&bench, "AT+CWLAP\r\n");
    bench_wait(&bench, FW_RADIO_SCAN_MS);
    bench.out[bench.out_len] = '\0';
    for (int i = 1; i < FW_RADIO_APS; i++) {
        snprintf(line, sizeof line, "\"net-%02d-with-a-name-of-32-bytes!!\"", i);
        ck_assert_ptr_nonnull(strstr(bench.out, line));
    }
    ck_assert_str_eq(bench.out + bench.out_len - 4, "OK\r\n");
    bench.out_len = 0;
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("scan");
    TCase *tcase = tcase_create("scan");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, cwlap_lists, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwlap_filters, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, print_mask, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, rssi_and_authmode, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, cwlapopt_ranges, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, sixteen_access_points, 0, BENCH_FEEDS);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
