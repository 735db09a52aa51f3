/* The command line of a shipping module (device_dialect, sections 0 to 3), against golden bytes
 * from that page. Each test names its section, or its row of section 13. */
#include <stdio.h>
#include <string.h>

#include "shipping_bench.h"
#include "suite.h"

/* Says bytes and lets the pause pass that ends the burst. */
static void say(const char *text)
{
    bench_say(&bench, text);
    bench_wait(&bench, BENCH_PAUSE_MS);
}

static void talk(const char *text, const char *answer)
{
    say(text);
    bench_expect(&bench, answer);
}

/* Section 1, row 1: the message, one more CR LF, the answer; however its bytes came. */
START_TEST(echo_is_the_message_and_cr_lf)
{
    bench_start_as(&bench, (enum bench_feed)_i, FW_DIALECT_W800);
    talk("AT\r\n", "AT\r\n\r\nOK\r\n");
    talk("AT+CIPMUX?\r\n", "AT+CIPMUX?\r\n\r\n+CIPMUX:0\r\nOK\r\n");
    talk("ATE0\r\n", "ATE0\r\n\r\nCMD FORMAT ERR\r\n");
    bench_stop(&bench);
}
END_TEST

/* Section 0, fact 3: what is behind the first CR LF is echoed and thrown away. */
START_TEST(one_command_a_burst)
{
    bench_start_as(&bench, (enum bench_feed)_i, FW_DIALECT_W800);
    talk("AT\r\nAT+CIPMUX=1\r\n", "AT\r\nAT+CIPMUX=1\r\n\r\nOK\r\n");
    talk("AT+CIPMUX?\r\nxyz", "AT+CIPMUX?\r\nxyz\r\n+CIPMUX:0\r\nOK\r\n");
    talk("AT\r\n", "AT\r\n\r\nOK\r\n"); /* xyz is gone */
    bench_stop(&bench);
}
END_TEST

/* A burst on the wire comes byte by byte: only the pause tells where it ends. */
START_TEST(a_pause_ends_a_burst)
{
    bench_say(&bench, "AT\r\n");
    bench_wait(&bench, 1);
    bench_expect(&bench, "");
    bench_say(&bench, "AT\r\n");
    bench_wait(&bench, 1);
    bench_expect(&bench, "");
    bench_wait(&bench, 1);
    bench_expect(&bench, "AT\r\nAT\r\n\r\nOK\r\n");
    talk("AT\r\n", "AT\r\n\r\nOK\r\n");
}
END_TEST

/* Section 2: a read has at most 150 bytes. What stands behind them begins the next message. */
START_TEST(a_read_ends_after_150_bytes)
{
    char burst[161] = "AT\r\n";

    memset(burst + 4, '-', 146);
    strcpy(burst + 150, "AT+SYSRA");
    say(burst);
    ck_assert_mem_eq(bench.out, burst, 150);
    ck_assert_mem_eq(bench.out + 150, "\r\nOK\r\n", 6);
    ck_assert_uint_eq(bench.out_len, 156);
    bench.out_len = 0;
    talk("MX?\r\n", "AT+SYSRAMX?\r\n\r\nCMD FORMAT ERR\r\n");
}
END_TEST

/* Section 2: reads are added up until CR LF is there. */
START_TEST(pauses_do_not_cut_a_line)
{
    talk("A", "");
    bench_wait(&bench, 5000);
    talk("T+CIP", "");
    talk("MUX?\r", "");
    talk("\n", "AT+CIPMUX?\r\n\r\n+CIPMUX:0\r\nOK\r\n");
}
END_TEST

/* Section 2, row 2: 256 bytes with CR LF are accepted; more are dropped without a word. */
START_TEST(line_length)
{
    char line[300], echo[300];

    for (int len = 256; len <= 257; len++) {
        snprintf(line, sizeof line, "AT+CIPMUX=1%*s\r\n", len - 13, "");
        ck_assert_int_eq((int)strlen(line), len);
        say(line);
        snprintf(echo, sizeof echo, "%s\r\n", line);
        if (len == 256) {
            ck_assert_mem_eq(bench.out, echo, strlen(echo));
            bench.out_len = 0;
        }
        bench_expect(&bench, "");
    }
    talk("AT\r\n", "AT\r\n\r\nOK\r\n");
}
END_TEST

/* Section 2: a NUL clears the buffer and the read. */
START_TEST(nul_clears)
{
    static const char *const before[] = {"", "AT+CIP"};

    for (size_t i = 0; i < 2; i++) {
        talk(before[i], "");
        bench_say_bytes(&bench, "AT\0\r\nAT\r\n", 9);
        bench_wait(&bench, BENCH_PAUSE_MS);
        bench_expect(&bench, "");
    }
    talk("AT\r\n", "AT\r\n\r\nOK\r\n");
}
END_TEST

/* Section 2: no reply, no echo. */
START_TEST(what_does_not_begin_with_at_is_dropped)
{
    static const char *const junk[] = {" AT\r\n", "at+cipmux?\r\n", "At\r\n",  "\r\n",
                                       "A\r\n",   "+++AT\r\n",      "xAT\r\n", "\nAT\r\n"};

    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
        talk(junk[i], "");
    }
    talk("+++", ""); /* section 0, fact 2: CR LF is what gets rid of it */
    talk("\r\n", "");
    talk("AT\r\n", "AT\r\n\r\nOK\r\n");
}
END_TEST

/* Section 2: a lone LF or CR ends no line; its bytes stay in the buffer. */
START_TEST(lone_cr_and_lf_stay)
{
    talk("AT\n", "");
    talk("AT\r\n", "AT\nAT\r\n\r\nERROR\r\n");
    talk("AT\r", "");
    talk("AT\r\n", "AT\rAT\r\n\r\nERROR\r\n");
    /* names end, and parameters are read, up to the first CR or LF */
    talk("AT+CIPMUX=1\nxx\r\n", "AT+CIPMUX=1\nxx\r\n\r\nOK\r\n");
    talk("AT+CIPMUX?\r\n", "AT+CIPMUX?\r\n\r\n+CIPMUX:1\r\nOK\r\n");
}
END_TEST

/* Section 2: names are exact, blanks are never trimmed, an overlong name is no command. */
START_TEST(names)
{
    char line[220] = "AT+";

    talk("AT+cipmux?\r\n", "AT+cipmux?\r\n\r\nCMD FORMAT ERR\r\n");
    talk("AT+CIPMUX ?\r\n", "AT+CIPMUX ?\r\n\r\nCMD FORMAT ERR\r\n");
    talk("AT \r\n", "AT \r\n\r\nCMD FORMAT ERR\r\n");
    talk("AT+CIPMUX? \r\n", "AT+CIPMUX? \r\n\r\nERROR\r\n");
    memset(line + 3, 'X', 160);
    strcpy(line + 163, "\r\n");
    say(line);
    ck_assert_mem_eq(bench.out, line, 165);
    ck_assert_mem_eq(bench.out + 165, "\r\nCMD FORMAT ERR\r\n", 18);
    bench.out_len = 0;
}
END_TEST

/* Begins a command that waits for a peer. */
static void begin_to_connect(void)
{
    bench_command(&bench, "AT+CWJAP=\"wmat\",\"wmat-demo-1\"", "");
    bench_wait(&bench, 1000);
    bench.out_len = 0;
    fake_serve(&bench.fake, 81, FAKE_KEEPS_SILENT, false);
    talk("AT+CIPSTART=\"TCP\",\"192.0.2.1\",81\r\n",
         "AT+CIPSTART=\"TCP\",\"192.0.2.1\",81\r\n\r\n");
}

/* Section 3, row 3: a notice; the line runs later, with its echo then (section 1). */
START_TEST(busy_queues)
{
    begin_to_connect();
    talk("AT\r\n", "busy ...\r\n");
    talk("AT+CIPMUX?\r\n", "busy ...\r\n");
    talk("junk\r\n", "");
    bench_wait(&bench, 10000);
    bench_expect(&bench, "ERROR\r\n"
                         "AT\r\n\r\nOK\r\n"
                         "AT+CIPMUX?\r\n\r\n+CIPMUX:0\r\nOK\r\n");
    talk("AT\r\n", "AT\r\n\r\nOK\r\n");
}
END_TEST

/* Section 3: 20 deep; the 21st is dropped. */
START_TEST(the_queue_has_20_places)
{
    begin_to_connect();
    for (int i = 0; i < 22; i++) {
        char line[24];

        snprintf(line, sizeof line, "AT%d\r\n", i);
        talk(line, "busy ...\r\n");
    }
    bench_wait(&bench, 10000);
    for (int i = 0; i < 20; i++) {
        char said[40];

        snprintf(said, sizeof said, "AT%d\r\n\r\nCMD FORMAT ERR\r\n", i);
        ck_assert_ptr_nonnull(strstr(bench.out, said));
    }
    ck_assert_ptr_null(strstr(bench.out, "AT20\r\n"));
    bench.out_len = 0;
}
END_TEST

/* A host that does not read is not served; nothing of its lines is lost. */
START_TEST(a_deaf_host_is_answered_later)
{
    int asked = 0;

    bench.deaf = true;
    while (bench.deaf) {
        static const char line[] = "AT+CIPSTART=?\r\n";

        if (fw_feed(&bench.fw, line, sizeof line - 1, bench.now_ms) == 0) {
            break;
        }
        asked++;
        bench.now_ms += BENCH_PAUSE_MS;
        fw_tick(&bench.fw, bench.now_ms);
    }
    bench.deaf = false;
    bench_wait(&bench, 10);
    for (const char *at = bench.out; (at = strstr(at, "AT+CIPSTART=?\r\n\r\n")) != NULL; at++) {
        asked--;
    }
    ck_assert_int_eq(asked, 0);
    bench.out_len = 0;
    talk("AT\r\n", "AT\r\n\r\nOK\r\n");
}
END_TEST

/* Section 1: OK, 10 ms, the reset, ready; what came in between is lost. */
START_TEST(restart)
{
    struct fake_peer *peer;

    bench_join(&bench);
    peer = bench_connect(&bench);
    say("AT+RST\r\n");
    bench_expect(&bench, "AT+RST\r\n\r\nOK\r\n");
    bench_wait(&bench, 10 - 1);
    ck_assert(!peer->closed);
    bench_wait(&bench, 1);
    ck_assert(peer->closed);
    bench_expect(&bench, "");
    bench_say(&bench, "AT\r\n");
    bench_wait(&bench, 10);
    bench_expect(&bench, "ready\r\n");
    talk("AT\r\n", "AT\r\n\r\nOK\r\n");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("w800_line");
    TCase *tc = tcase_create("line"), *feeds = tcase_create("feeds");

    tcase_add_loop_test(feeds, echo_is_the_message_and_cr_lf, 0, BENCH_FEEDS);
    tcase_add_loop_test(feeds, one_command_a_burst, 0, BENCH_FEEDS);
    suite_add_tcase(suite, feeds);
    tcase_add_checked_fixture(tc, shipping_start, shipping_stop);
    tcase_add_test(tc, a_pause_ends_a_burst);
    tcase_add_test(tc, a_read_ends_after_150_bytes);
    tcase_add_test(tc, pauses_do_not_cut_a_line);
    tcase_add_test(tc, line_length);
    tcase_add_test(tc, nul_clears);
    tcase_add_test(tc, what_does_not_begin_with_at_is_dropped);
    tcase_add_test(tc, lone_cr_and_lf_stay);
    tcase_add_test(tc, names);
    tcase_add_test(tc, busy_queues);
    tcase_add_test(tc, the_queue_has_20_places);
    tcase_add_test(tc, a_deaf_host_is_answered_later);
    tcase_add_test(tc, restart);
    suite_add_tcase(suite, tc);
    return suite;
}

SUITE_MAIN(make_suite)
