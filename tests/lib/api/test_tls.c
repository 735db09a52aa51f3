/* TLS links (TCP-IP_AT: CIPSTART, "Establishing an SSL Connection"; CIPSSLC*). Golden bytes. */
#include <string.h>

#include <wmat/tls.h>

#include "dialogue.h"

#define CLOCK_SET   "+CIPSNTPTIME:Tue Oct 19 17:47:56 2021\r\nOK\r\n"
#define CLOCK_UNSET "+CIPSNTPTIME:Thu Jan  1 00:00:07 1970\r\nOK\r\n"

static struct wm_op op;

static void start(const struct wm_tls_options *options)
{
    ck_assert_int_eq(wm_tls_connect_prepare(&op, options), 0);
    bench_submit(&bench, &op, 0);
}

static void answer(const char *line, const char *result)
{
    bench_expect(&bench, line);
    bench_module(&bench, result);
}

/* PITFALLS 13: the host name gives SNI and common name. */
START_TEST(the_host_is_the_name)
{
    struct wm_tls_options options = {
        .host = "www.winnermicro.com", .port = 8443, .tls = {.auth = WM_TLS_SERVER, .ca = 2}};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, (size_t)_i);
    start(&options);
    answer("AT+CIPSSLCCONF=0,2,0,2\r\n", "OK\r\n");
    answer("AT+CIPSSLCCN=0,\"www.winnermicro.com\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCSNI=0,\"www.winnermicro.com\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCALPN=0,0\r\n", "OK\r\n");
    answer("AT+CIPSSLCPSK=0,\"\",\"\"\r\n", "OK\r\n");
    answer("AT+CIPSNTPTIME?\r\n", CLOCK_SET);
    answer("AT+CIPSTART=0,\"SSL\",\"www.winnermicro.com\",8443\r\n", "0,CONNECT\r\nOK\r\n");
    ck_assert_int_gt(result_of(&op), 0);
    ck_assert_int_eq(state_of(op.result), WM_LINK_OPEN);
}
END_TEST

START_TEST(every_option)
{
    static const char *const alpn[] = {"h2", "http/1.1"};
    struct wm_tls_options options = {.host = "192.168.10.110",
                                     .port = 1000,
                                     .local_ip = "192.168.101.100",
                                     .own_id = true,
                                     .link_id = 3,
                                     .tls = {.auth = WM_TLS_BOTH,
                                             .pki = 1,
                                             .ca = 2,
                                             .common_name = "cn",
                                             .sni = "sni",
                                             .alpn = alpn,
                                             .alpn_count = 2,
                                             .psk = "\x01\xab",
                                             .psk_len = 2,
                                             .psk_identity = "me"}};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    start(&options);
    answer("AT+CIPSSLCCONF=3,3,1,2\r\n", "OK\r\n");
    answer("AT+CIPSSLCCN=3,\"cn\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCSNI=3,\"sni\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCALPN=3,2,\"h2\",\"http/1.1\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCPSK=3,\"01ab\",\"me\"\r\n", "OK\r\n");
    answer("AT+CIPSNTPTIME?\r\n", CLOCK_SET);
    answer("AT+CIPSTART=3,\"SSL\",\"192.168.10.110\",1000,,\"192.168.101.100\"\r\n",
           "3,CONNECT\r\nOK\r\n");
    ck_assert_int_gt(result_of(&op), 0);
}
END_TEST

/* An address is no name, and without verification the clock does not matter. */
START_TEST(an_address_without_verification)
{
    struct wm_tls_options options = {
        .host = "FE80::5A9E:4687:702D:5D79", .port = 4433, .tls = {.auth = WM_TLS_NONE}};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    start(&options);
    answer("AT+CIPSSLCCONF=0,0\r\n", "OK\r\n");
    answer("AT+CIPSSLCCN=0,\"\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCSNI=0,\"\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCALPN=0,0\r\n", "ERROR\r\n"); /* there was none: no matter */
    answer("AT+CIPSSLCPSK=0,\"\",\"\"\r\n", "CMD PARSE ERR\r\n");
    bench_answer_checkup(&bench, WM_RECEIVE_PASSIVE, ""); /* a refusal is looked into */
    answer("AT+CIPSTART=0,\"SSLv6\",\"FE80::5A9E:4687:702D:5D79\",4433\r\n", "0,CONNECT\r\nOK\r\n");
    ck_assert_int_gt(result_of(&op), 0);
}
END_TEST

/* PITFALLS 13: verification with a clock that was never set is refused, with that reason. */
START_TEST(no_verification_without_a_clock)
{
    struct wm_tls_options options = {.host = "h", .port = 1, .tls = {.auth = WM_TLS_SERVER}};
    char words[80];
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, (size_t)_i);
    start(&options);
    answer("AT+CIPSSLCCONF=0,2,0,0\r\n", "OK\r\n");
    answer("AT+CIPSSLCCN=0,\"h\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCSNI=0,\"h\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCALPN=0,0\r\n", "OK\r\n");
    answer("AT+CIPSSLCPSK=0,\"\",\"\"\r\n", "OK\r\n");
    answer("AT+CIPSNTPTIME?\r\n", CLOCK_UNSET);
    ck_assert_int_eq(result_of(&op), WM_ERR_STATE);
    ck_assert_str_eq(wm_core_detail(&bench.core, words, sizeof words),
                     "AT+CIPSNTPTIME: the clock was never set, see wm_sntp_set");
    bench_silence(&bench, 100);
    ck_assert_int_gt(bench_connect(&bench), 0); /* the link is free again */
}
END_TEST

/* What the module refuses ends the call before anything is dialled. */
START_TEST(a_setting_that_is_refused)
{
    struct wm_tls_options options = {.host = "h", .port = 1, .tls = {.auth = WM_TLS_NONE}};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    start(&options);
    answer("AT+CIPSSLCCONF=0,0\r\n", "ERROR\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_DEVICE);
    bench_silence(&bench, 100);
    ck_assert_int_gt(bench_connect(&bench), 0);
}
END_TEST

START_TEST(a_restart_between_two_commands)
{
    struct wm_tls_options options = {.host = "h", .port = 1, .tls = {.auth = WM_TLS_NONE}};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    start(&options);
    answer("AT+CIPSSLCCONF=0,0\r\n", "OK\r\n");
    bench_expect(&bench, "AT+CIPSSLCCN=0,\"h\"\r\n");
    bench_module(&bench, "ready\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_RESET);
    bench_answer_search(&bench);
    bench_answer_setup(&bench, WM_RECEIVE_PASSIVE);
    ck_assert_int_gt(bench_connect(&bench), 0);
}
END_TEST

/* PITFALLS 13: so many TLS links and no more. */
START_TEST(the_number_of_tls_links_is_bounded)
{
    struct wm_tls_options options = {.host = "h", .port = 1, .tls = {.auth = WM_TLS_NONE}};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    bench.core.config.tls_links = 1;
    start(&options);
    answer("AT+CIPSSLCCONF=0,0\r\n", "OK\r\n");
    answer("AT+CIPSSLCCN=0,\"h\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCSNI=0,\"h\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCALPN=0,0\r\n", "OK\r\n");
    answer("AT+CIPSSLCPSK=0,\"\",\"\"\r\n", "OK\r\n");
    answer("AT+CIPSTART=0,\"SSL\",\"h\",1\r\n", "0,CONNECT\r\nOK\r\n");
    int link = result_of(&op);
    start(&options);
    ck_assert_int_eq(result_of(&op), WM_ERR_STATE);
    ck_assert_int_gt(bench_connect(&bench), 0); /* TCP is another matter */
    wm_link_close_prepare(&op, link);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIPCLOSE=0\r\n", "0,CLOSED\r\n\r\nOK\r\n"), 0);
    start(&options);
    bench_expect(&bench, "AT+CIPSSLCCONF=0,0\r\n");
}
END_TEST

/* A setting takes the module no time: where its answer is lost, the module is searched for at the
 * deadline, and not a minute behind it as if the connection were still coming up. */
START_TEST(a_setting_without_an_answer)
{
    struct wm_tls_options options = {.host = "h", .port = 1, .tls = {.auth = WM_TLS_NONE}};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    start(&options);
    answer("AT+CIPSSLCCONF=0,0\r\n", "OK\r\n");
    answer("AT+CIPSSLCCN=0,\"h\"\r\n", "");
    bench_pass(&bench, (unsigned)(op.deadline_ms - bench.now_ms));
    ck_assert_int_eq(result_of(&op), WM_ERR_TIMEOUT);
    bench_answer_search(&bench);
    bench_answer_checkup(&bench, WM_RECEIVE_PASSIVE, "");
    ck_assert_uint_le(bench.now_ms, op.deadline_ms + 500);
    ck_assert_int_gt(bench_connect(&bench), 0);
}
END_TEST

/* A failed handshake is ERROR, whatever the reason. */
START_TEST(a_failed_handshake)
{
    struct wm_tls_options options = {.host = "h", .port = 1, .tls = {.auth = WM_TLS_NONE}};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    start(&options);
    answer("AT+CIPSSLCCONF=0,0\r\n", "OK\r\n");
    answer("AT+CIPSSLCCN=0,\"h\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCSNI=0,\"h\"\r\n", "OK\r\n");
    answer("AT+CIPSSLCALPN=0,0\r\n", "OK\r\n");
    answer("AT+CIPSSLCPSK=0,\"\",\"\"\r\n", "OK\r\n");
    answer("AT+CIPSTART=0,\"SSL\",\"h\",1\r\n", "ERROR\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_DEVICE);
    bench_silence(&bench, 100);
}
END_TEST

static const struct wm_tls_options bad_options[] = {
    {.host = NULL, .port = 1, .tls = {.auth = WM_TLS_NONE}},
    {.host = "", .port = 1, .tls = {.auth = WM_TLS_NONE}},
    {.host = "h\r", .port = 1, .tls = {.auth = WM_TLS_NONE}},
    {.host = "h", .port = 0, .tls = {.auth = WM_TLS_NONE}},
    {.host = "h", .port = 65536, .tls = {.auth = WM_TLS_NONE}},
    {.host = "h", .port = 1},
    {.host = "h", .port = 1, .tls = {.auth = (enum wm_tls_auth)5}},
    {.host = "h", .port = 1, .tls = {.auth = WM_TLS_SERVER, .ca = 256}},
    {.host = "h", .port = 1, .tls = {.auth = WM_TLS_NONE, .sni = "\n"}},
    {.host = "h", .port = 1, .tls = {.auth = WM_TLS_NONE, .psk = "x", .psk_len = 1}},
    {.host = "h", .port = 1, .tls = {.auth = WM_TLS_NONE}, .keep_alive_s = 7201},
    {.host = "h", .port = 1, .tls = {.auth = WM_TLS_NONE}, .local_ip = "\n"},
    {.host = "h", .port = 1, .tls = {.auth = WM_TLS_NONE}, .own_id = true, .link_id = 5},
};

START_TEST(bad_options_send_nothing)
{
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    ck_assert_int_eq(wm_tls_connect_prepare(&op, &bad_options[_i]), WM_ERR_ARG);
    ck_assert_int_eq(wm_core_submit(&bench.core, &op, 0, NULL, NULL, bench.now_ms), WM_ERR_STATE);
    bench_silence(&bench, 100);
}
END_TEST

/* PITFALLS 3: on TLS links +IPD counts undeciphered bytes, and an empty read is no failure. */
START_TEST(an_empty_read_is_no_failure)
{
    struct wm_tls_options options = {.host = "h", .port = 1, .tls = {.auth = WM_TLS_NONE}};
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    start(&options);
    for (int i = 0; i < 5; i++) {
        bench_pass(&bench, 1);
        bench.sent_len = 0;
        bench_module(&bench, "OK\r\n");
    }
    answer("AT+CIPSTART=0,\"SSL\",\"h\",1\r\n", "0,CONNECT\r\nOK\r\n");
    link0 = result_of(&op);
    bench_module(&bench, "+IPD,0,29\r\n");
    answer("AT+CIPRECVDATA=0,4096\r\n", "ERROR\r\n");
    ck_assert_int_eq(state_of(link0), WM_LINK_OPEN);
    bench_module(&bench, "+IPD,0,5\r\n");
    answer("AT+CIPRECVDATA=0,4096\r\n", "+CIPRECVDATA:5,hello\r\nOK\r\n");
    expect_read("hello");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tls");
    TCase *tc = tcase_create("tls");
    tcase_add_loop_test(tc, the_host_is_the_name, 0, 2);
    tcase_add_test(tc, every_option);
    tcase_add_test(tc, an_address_without_verification);
    tcase_add_loop_test(tc, no_verification_without_a_clock, 0, 2);
    tcase_add_test(tc, a_setting_that_is_refused);
    tcase_add_test(tc, a_setting_without_an_answer);
    tcase_add_test(tc, a_restart_between_two_commands);
    tcase_add_test(tc, the_number_of_tls_links_is_bounded);
    tcase_add_test(tc, a_failed_handshake);
    tcase_add_loop_test(tc, bad_options_send_nothing, 0,
                        sizeof bad_options / sizeof bad_options[0]);
    tcase_add_test(tc, an_empty_read_is_no_failure);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
