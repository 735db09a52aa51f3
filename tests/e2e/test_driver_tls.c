/* The driver's TLS links against `openssl s_server`: whom it trusts, and what goes through. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wmat/wmat.h>

#include "peers.h"
#include "sim.h"
#include "suite.h"

/* peer.pem is valid in 2020 and 2021, for the name "peer.test" */
enum { IN_2021 = 1625097600 };

static struct sim sim;
static struct wm_device *dev;
static struct process server;
static struct sntp_stub stub;

static void setup(void)
{
    char ntp_port[8], detail[200];
    sntp_stub_start(&stub, IN_2021);
    snprintf(ntp_port, sizeof ntp_port, "%u", stub.port);
    sim_start(&sim, WORDS("--join", "wmat", "--certs", peers_folder(), "--ntp-port", ntp_port));
    struct wm_config config = {.port = sim.path, .detail = detail, .detail_size = sizeof detail};
    int err = wm_open(&dev, &config);
    ck_assert_msg(err == 0, "%s: %s", wm_err_name(err), detail);
}

static void teardown(void)
{
    wm_close(dev);
    sim_stop(&sim);
    process_stop(&server);
    sntp_stub_stop(&stub);
}

static void keep_year(void *user, const char *text, size_t len)
{
    if (len > 4)
        memcpy(user, text + len - 4, 4);
}

static void set_clock(void)
{
    char year[5] = "";
    ck_assert_int_eq(wm_at(dev, "AT+CIPSNTPCFG=1,0,\"127.0.0.1\"", NULL, NULL, 0), 0);
    while (strcmp(year, "2021") != 0)
        ck_assert_int_eq(wm_at(dev, "AT+CIPSNTPTIME?", keep_year, year, 0), 0);
}

static uint16_t serve(void)
{
    return peers_serve_tls(&server, WORDS("-cert", peers_path("peer.pem"), "-key",
                                          peers_path("peer.key"), "-tls1_2", "-alpn", "h2"));
}

static struct wm_tls_options options_for(uint16_t port)
{
    return (struct wm_tls_options){.host = at_address(1),
                                   .port = port,
                                   .tls = {.auth = WM_TLS_SERVER, .common_name = "peer.test"}};
}

START_TEST(a_server_that_is_who_it_says)
{
    struct wm_tls_options options = options_for(serve());
    char got[64];
    set_clock();
    int link = wm_tls_connect(dev, &options, 0);
    ck_assert_msg(link > 0, "%s", wm_err_name(link));
    ck_assert_int_eq(wm_send(dev, link, "from the driver\n", 16, 0), 16);
    process_await(&server, "from the driver\n");
    process_say(&server, "from the peer\n");
    ck_assert_int_eq(wm_recv(dev, link, got, sizeof got, 20000), 14);
    ck_assert_int_eq(memcmp(got, "from the peer\n", 14), 0);
    ck_assert_int_eq(wm_link_close(dev, link, 0), 0);
    process_await(&server, "DONE");
}
END_TEST

START_TEST(a_server_that_is_somebody_else)
{
    struct wm_tls_options options = options_for(serve());
    options.tls.common_name = "second.test";
    set_clock();
    ck_assert_int_eq(wm_tls_connect(dev, &options, 0), WM_ERR_DEVICE);
    options.tls.common_name = "peer.test";
    ck_assert_int_gt(wm_tls_connect(dev, &options, 0), 0);
}
END_TEST

START_TEST(no_trust_without_a_clock)
{
    struct wm_tls_options options = options_for(serve());
    char detail[128];
    ck_assert_int_eq(wm_tls_connect(dev, &options, 0), WM_ERR_STATE);
    ck_assert_ptr_nonnull(strstr(wm_last_detail(dev, detail, sizeof detail), "clock"));
    options.tls.auth = WM_TLS_NONE;
    ck_assert_int_gt(wm_tls_connect(dev, &options, 0), 0);
}
END_TEST

/* What one connection had set is not left for the next one with its id. */
START_TEST(settings_end_with_their_connection)
{
    static const char *const alpn[] = {"h2"};
    struct wm_tls_options options = options_for(serve());
    char got[16];
    options.tls.auth = WM_TLS_NONE;
    options.tls.alpn = alpn;
    options.tls.alpn_count = 1;
    int link = wm_tls_connect(dev, &options, 0);
    ck_assert_int_gt(link, 0);
    process_await(&server, "ALPN protocols selected: h2");
    wm_link_close(dev, link, 0);
    process_await(&server, "DONE");
    options.tls.alpn = NULL;
    options.tls.alpn_count = 0;
    link = wm_tls_connect(dev, &options, 0);
    ck_assert_int_gt(link, 0);
    process_say(&server, "x\n");
    ck_assert_int_eq(wm_recv(dev, link, got, sizeof got, 20000), 2);
    struct wm_tls_settings settings;
    ck_assert_int_eq(wm_tls_config_get(dev, 0, &settings, 0), 0);
    ck_assert_uint_eq(settings.alpn_count, 0);
    ck_assert_str_eq(settings.sni, "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("driver_tls");
    TCase *tc = tcase_create("driver_tls");
    tcase_set_timeout(tc, 60);
    tcase_add_unchecked_fixture(tc, peers_make_identities, peers_remove);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, a_server_that_is_who_it_says);
    tcase_add_test(tc, a_server_that_is_somebody_else);
    tcase_add_test(tc, no_trust_without_a_clock);
    tcase_add_test(tc, settings_end_with_their_connection);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
