/* TLS settings of a link, against golden bytes (TCP/IP AT: CIPSSLCCONF, CIPSSLCCN, CIPSSLCSNI,
 * CIPSSLCALPN, CIPSSLCPSK; device_dialect, sections 9, 11 and 13). */
#include <string.h>

#include <wmat/tls.h>

#include "bench.h"
#include "golden.h"
#include "suite.h"

#define SIXTEEN    "0123456789abcdef"
#define SIXTY_FOUR SIXTEEN SIXTEEN SIXTEEN SIXTEEN

static const char *const two[] = {"h2", "http/1.1"};
static const char *const five[] = {"a", "b", "c", "d", "e,f"};
static const char *const empty[] = {"h2", ""};

static const struct wm_tls_config configs[] = {
    {.auth = WM_TLS_NONE, .pki = 1, .ca = 2},
    {.auth = WM_TLS_CLIENT, .pki = 255},
    {.auth = WM_TLS_SERVER, .ca = 255},
    {.common_name = "example.org"},
    {.sni = SIXTY_FOUR},
    {.alpn = two, .alpn_count = 2},
    {.alpn = five, .alpn_count = 5},
    {.psk = "\x00\x1a\xff", .psk_len = 3, .psk_identity = "me, \"you\""},
    {.common_name = "", .sni = "", .alpn = two, .psk = ""}, /* clears */
    {.auth = WM_TLS_BOTH,
     .pki = 1,
     .ca = 2,
     .common_name = "example.org",
     .sni = "www.example.org",
     .alpn = two,
     .alpn_count = 2,
     .psk = SIXTEEN SIXTEEN,
     .psk_len = 32,
     .psk_identity = SIXTEEN SIXTEEN},
};

static int set(struct wm_op *op, size_t config, unsigned link_id)
{
    return wm_tls_config_prepare(op, link_id, &configs[config]);
}

/* clang-format off */
static int set_none(struct wm_op *op) { return set(op, 0, 0); }
static int set_client(struct wm_op *op) { return set(op, 1, 4); }
static int set_server(struct wm_op *op) { return set(op, 2, WM_LINK_ALL); }
static int set_name(struct wm_op *op) { return set(op, 3, 0); }
static int set_sni(struct wm_op *op) { return set(op, 4, 1); }
static int set_two(struct wm_op *op) { return set(op, 5, 2); }
static int set_five(struct wm_op *op) { return set(op, 6, 3); }
static int set_psk(struct wm_op *op) { return set(op, 7, 0); }
static int clear(struct wm_op *op) { return set(op, 8, 0); }
static int set_all(struct wm_op *op) { return set(op, 9, 4); }
/* clang-format on */

#define SET_ALL_UP_TO_ALPN                                                                         \
    {"AT+CIPSSLCCONF=4,3,1,2", "OK"}, {"AT+CIPSSLCCN=4,\"example.org\"", "OK"},                    \
    {                                                                                              \
        "AT+CIPSSLCSNI=4,\"www.example.org\"", "OK"                                                \
    }

static const struct golden set_rows[] = {
    GOLDEN(set_none, "AT+CIPSSLCCONF=0,0", "OK", 0),
    GOLDEN(set_client, "AT+CIPSSLCCONF=4,1,255,0", "OK", 0),
    GOLDEN(set_server, "AT+CIPSSLCCONF=5,2,0,255", "CMD PARSE ERR", WM_ERR_REFUSED),
    GOLDEN(set_name, "AT+CIPSSLCCN=0,\"example.org\"", "OK", 0),
    GOLDEN(set_sni, "AT+CIPSSLCSNI=1,\"" SIXTY_FOUR "\"", "ERROR", WM_ERR_DEVICE),
    GOLDEN(set_two, "AT+CIPSSLCALPN=2,2,\"h2\",\"http/1.1\"", "OK", 0),
    GOLDEN(set_five, "AT+CIPSSLCALPN=3,5,\"a\",\"b\",\"c\",\"d\",\"e\\,f\"", "OK", 0),
    GOLDEN(set_psk, "AT+CIPSSLCPSK=0,\"001aff\",\"me\\, \\\"you\\\"\"", "OK", 0),
    {clear,
     {{"AT+CIPSSLCCN=0,\"\"", "OK"},
      {"AT+CIPSSLCSNI=0,\"\"", "OK"},
      {"AT+CIPSSLCALPN=0,0", "OK"},
      {"AT+CIPSSLCPSK=0,\"\",\"\"", "OK"}},
     0,
     NULL,
     0,
     NULL},
    {set_all,
     {SET_ALL_UP_TO_ALPN,
      {"AT+CIPSSLCALPN=4,2,\"h2\",\"http/1.1\"", "OK"},
      {"AT+CIPSSLCPSK=4,\"3031323334353637383961626364656630313233343536373839616263646566\","
       "\"" SIXTEEN SIXTEEN "\"",
       "OK"}},
     0,
     NULL,
     0,
     NULL},
    /* The first that is refused is the last that is sent. */
    {set_all,
     {SET_ALL_UP_TO_ALPN, {"AT+CIPSSLCALPN=4,2,\"h2\",\"http/1.1\"", "ERROR"}},
     WM_ERR_DEVICE,
     NULL,
     0,
     NULL},
};

GOLDEN_TEST(config_set, set_rows)

START_TEST(a_configuration_of_nothing)
{
    static struct bench bench;
    struct wm_tls_config config = {0};
    struct wm_op op;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    ck_assert_int_eq(wm_tls_config_prepare(&op, 0, &config), 0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(bench_result(&op), 0);
    bench_silence(&bench, 100);
}
END_TEST

static const struct {
    struct wm_tls_config config;
    bool sound;
} judged[] = {
    {{.auth = (enum wm_tls_auth) - 1}, false},
    {{.auth = (enum wm_tls_auth)(WM_TLS_BOTH + 1)}, false},
    {{.pki = 256}, false},
    {{.ca = 256}, false},
    {{.common_name = SIXTY_FOUR}, true},
    {{.common_name = SIXTY_FOUR "x"}, false},
    {{.common_name = "a\r\nAT+RST"}, false},
    {{.sni = SIXTY_FOUR "x"}, false},
    {{.sni = "\x7f"}, false},
    {{.alpn = five, .alpn_count = 6}, false},
    {{.alpn_count = 1}, false},
    {{.alpn = empty, .alpn_count = 2}, false},
    {{.alpn = (const char *const[]){"a\n"}, .alpn_count = 1}, false},
    {{.alpn = (const char *const[]){NULL}, .alpn_count = 1}, false},
    {{.psk = "x", .psk_len = 1}, false},
    {{.psk = "x", .psk_len = 1, .psk_identity = ""}, false},
    {{.psk = SIXTY_FOUR, .psk_len = 33, .psk_identity = "x"}, false},
    {{.psk = SIXTY_FOUR, .psk_len = 32, .psk_identity = SIXTEEN SIXTEEN "x"}, false},
    {{.psk = "x", .psk_identity = "x"}, false},
    {{.psk_len = 1, .psk_identity = "x"}, false},
    {{.psk_identity = "x"}, false},
};

START_TEST(a_configuration_is_judged_before_it_is_sent)
{
    struct wm_op op;
    ck_assert_int_eq(wm_tls_config_prepare(&op, 0, &judged[_i].config),
                     judged[_i].sound ? 0 : WM_ERR_ARG);
}
END_TEST

/* The last byte that a line has room for, and one more. */
START_TEST(alpn_names_fill_a_line)
{
    static struct bench bench;
    char name[WM_LINE_SIZE], line[WM_LINE_SIZE + 32] = "AT+CIPSSLCALPN=0,1,\"";
    const char *const names[] = {name};
    struct wm_tls_config config = {.alpn = names, .alpn_count = 1};
    struct wm_op op;
    size_t longest = 256 - strlen(line) - 3;
    memset(name, 'p', sizeof name);
    name[longest] = '\0';
    strcat(strcat(line, name), "\"\r\n");
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    ck_assert_int_eq(wm_tls_config_prepare(&op, 0, &config), 0);
    ck_assert_int_eq(bench_run(&bench, &op, line, "OK\r\n"), 0);
    name[longest] = 'p';
    name[longest + 1] = '\0';
    ck_assert_int_eq(wm_tls_config_prepare(&op, 0, &config), WM_ERR_ARG);
}
END_TEST

/* Queries. */

static struct wm_tls_settings settings;

static int get_0(struct wm_op *op)
{
    return wm_tls_config_get_prepare(op, 0, &settings);
}

static int get_4(struct wm_op *op)
{
    return wm_tls_config_get_prepare(op, 4, &settings);
}

#define CONF                                                                                       \
    "+CIPSSLCCONF:0,3,1,2\r\n+CIPSSLCCONF:1,0,0,0\r\n+CIPSSLCCONF:2,0,0,0\r\n"                     \
    "+CIPSSLCCONF:3,0,0,0\r\n+CIPSSLCCONF:4,0,0,0\r\nOK"
#define INTO(expected) &settings, sizeof settings, expected

static const struct wm_tls_settings all = {.auth = WM_TLS_BOTH,
                                           .pki = 1,
                                           .ca = 2,
                                           .common_name = "example.org",
                                           .sni = "www.example.org",
                                           .alpn = "h2,http/1.1",
                                           .alpn_count = 2,
                                           .psk = {0x00, 0x1a, 0xff},
                                           .psk_len = 3,
                                           .psk_identity = "me"};
static const struct wm_tls_settings none = {.auth = WM_TLS_NONE};
static const struct wm_tls_settings named = {.auth = WM_TLS_NONE, .common_name = "x"};

#define GET(prepare, conf, cn, sni, alpn, psk, result, expected)                                   \
    {                                                                                              \
        prepare,                                                                                   \
            {{"AT+CIPSSLCCONF?", conf},                                                            \
             {"AT+CIPSSLCCN?", cn},                                                                \
             {"AT+CIPSSLCSNI?", sni},                                                              \
             {"AT+CIPSSLCALPN?", alpn},                                                            \
             {"AT+CIPSSLCPSK?", psk}},                                                             \
            result, INTO(expected)                                                                 \
    }

/* The query whose answer is damaged is the last one. */
#define BAD_CONF(answer)                                                                           \
    {                                                                                              \
        get_0, {{"AT+CIPSSLCCONF?", answer "\r\nOK"}}, WM_ERR_PROTO, INTO(NULL)                    \
    }
#define BAD_CN(answer)                                                                             \
    {                                                                                              \
        get_0, {{"AT+CIPSSLCCONF?", CONF}, {"AT+CIPSSLCCN?", answer "\r\nOK"}}, WM_ERR_PROTO,      \
            INTO(NULL)                                                                             \
    }
#define BAD_ALPN(answer)                                                                           \
    {                                                                                              \
        get_0,                                                                                     \
            {{"AT+CIPSSLCCONF?", CONF},                                                            \
             {"AT+CIPSSLCCN?", "OK"},                                                              \
             {"AT+CIPSSLCSNI?", "OK"},                                                             \
             {"AT+CIPSSLCALPN?", answer "\r\nOK"}},                                                \
            WM_ERR_PROTO, INTO(NULL)                                                               \
    }
#define BAD_PSK(answer) GET(get_0, CONF, "OK", "OK", "OK", answer "\r\nOK", WM_ERR_PROTO, NULL)

static const struct golden get_rows[] = {
    GET(get_0, CONF, "+CIPSSLCCN:0,\"example.org\"\r\n+CIPSSLCCN:3,\"other\"\r\nOK",
        "+CIPSSLCSNI:0,\"www.example.org\"\r\nOK", "+CIPSSLCALPN:0,\"h2\",\"http/1.1\"\r\n\r\nOK",
        "+CIPSSLCPSK:0,\"001AFf\",\"me\"\r\nOK", 0, &all),
    GET(get_0, CONF, "+CIPSSLCCN:0,\"example.org\"\r\nOK",
        "+CIPSSLCSNI:0,\"www.example.org\"\r\nOK",
        "+CIPSSLCALPN:0,h2,http/1.1\r\nOK", /* device_dialect, section 13, row 29 */
        "+CIPSSLCPSK:0,\"001aff\",\"me\"\r\nOK", 0, &all),
    GET(get_4, CONF, "+CIPSSLCCN:0,\"example.org\"\r\nOK", "OK", "OK",
        "+CIPSSLCPSK:0,\"001aff\",\"me\"\r\nOK", 0, &none),
    /* the wrong name (device_dialect, section 13, row 27) */
    GET(get_0, "+CIPSSLCCONF:0,0,0,0\r\nOK", "+CIPSSLCSNI:0,\"x\"\r\nOK", "OK", "OK", "OK", 0,
        &named),
    {get_0, {{"AT+CIPSSLCCONF?", "CMD FORMAT ERR"}}, WM_ERR_UNSUPPORTED, INTO(NULL)},
    {get_0, {{"AT+CIPSSLCCONF?", CONF}, {"AT+CIPSSLCCN?", "ERROR"}}, WM_ERR_DEVICE, INTO(NULL)},
    BAD_CONF("+CIPSSLCCONF:1,0,0,0"),
    BAD_CONF("+CIPSSLCCONF:0,4,0,0"),
    BAD_CONF("+CIPSSLCCONF:0,0,0"),
    BAD_CONF("+CIPSSLCCONF:0,0,256,0"),
    BAD_CONF("+CIPSSLCCONF:0,0,0,0,0"),
    BAD_CONF("+CIPSSLCCONF:5,0,0,0"),
    BAD_CONF("+CIPSSLCSNI:0,0,0,0"),
    BAD_CN("+CIPSSLCCN:0,\"" SIXTY_FOUR "x\""),
    BAD_CN("+CIPSSLCCN:0,\"a\",1"),
    BAD_CN("+CIPSSLCCN:\"a\""),
    BAD_CN("+CIPSSLCCN:0"),
    BAD_ALPN("+CIPSSLCALPN:0"),
    BAD_ALPN("+CIPSSLCALPN:0,a,b,c,d,e,f"),
    BAD_PSK("+CIPSSLCPSK:0,\"001\",\"me\""),
    BAD_PSK("+CIPSSLCPSK:0,\"0g\",\"me\""),
    BAD_PSK("+CIPSSLCPSK:0,\"" SIXTY_FOUR "00\",\"me\""),
    BAD_PSK("+CIPSSLCPSK:0,\"00\",\"" SIXTEEN SIXTEEN "x\""),
    BAD_PSK("+CIPSSLCPSK:0,\"00\""),
};

GOLDEN_TEST(config_get, get_rows)

START_TEST(ids_that_there_are_none_of)
{
    struct wm_tls_config config = {.auth = WM_TLS_NONE};
    struct wm_op op;
    ck_assert_int_eq(wm_tls_config_prepare(&op, 6, &config), WM_ERR_ARG);
    ck_assert_int_eq(wm_tls_config_prepare(&op, 0, NULL), WM_ERR_ARG);
    ck_assert_int_eq(wm_tls_config_get_prepare(&op, 5, &settings), WM_ERR_ARG);
    ck_assert_int_eq(wm_tls_config_get_prepare(&op, 0, NULL), WM_ERR_ARG);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tls_config");
    TCase *tc = tcase_create("tls_config");
    GOLDEN_ADD(tc, config_set, set_rows);
    tcase_add_test(tc, a_configuration_of_nothing);
    tcase_add_loop_test(tc, a_configuration_is_judged_before_it_is_sent, 0,
                        sizeof judged / sizeof judged[0]);
    tcase_add_test(tc, alpn_names_fill_a_line);
    GOLDEN_ADD(tc, config_get, get_rows);
    tcase_add_test(tc, ids_that_there_are_none_of);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
