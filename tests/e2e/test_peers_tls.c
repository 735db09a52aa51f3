/* TCP-IP_AT: CIPSTART "SSL", CIPSSLC...: the module as a TLS client of `openssl s_server`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peers.h"
#include "suite.h"

/* peer.pem is valid in 2020 and 2021 */
enum { IN_2019 = 1561939200, IN_2021 = 1625097600, IN_2023 = 1688169600 };

static struct at_host host;
static struct process server;
static struct sntp_stub stub;

static void setup(void)
{
    char ntp_port[8];
    sntp_stub_start(&stub, 0);
    snprintf(ntp_port, sizeof ntp_port, "%u", stub.port);
    at_open(&host, peers_path("trace"), WORDS("--certs", peers_folder(), "--ntp-port", ntp_port));
}

static void teardown(void)
{
    at_close(&host);
    process_stop(&server);
    sntp_stub_stop(&stub);
}

static uint16_t serve_peer(const char *const *more)
{
    const char *options[24] = {"-cert", peers_path("peer.pem"), "-key", peers_path("peer.key"),
                               "-tls1_2"};
    size_t count = 5;
    for (; more && *more; more++)
        options[count++] = *more;
    return peers_serve_tls(&server, options);
}

static void opens(uint16_t port)
{
    at_say(&host, "AT+CIPSTART=\"SSL\",\"%s\",%u", at_address(1), port);
    at_expect(&host, "CONNECT\r\nOK\r\n");
}

static void fails(uint16_t port, const char *reason)
{
    char line[160];
    at_say(&host, "AT+CIPSTART=\"SSL\",\"%s\",%u", at_address(1), port);
    at_expect(&host, "ERROR\r\n");
    snprintf(line, sizeof line, "\"event\":\"connect\",\"text\":\"%s\"", reason);
    ck_assert_msg(at_traced(&host, line), "the trace has no %s", line);
}

static void set_clock(int64_t unix_s)
{
    peers_set_clock(&host, &stub, unix_s);
}

static void talks(void)
{
    char line[16];
    int link;
    at_send(&host, -1, "from the module\n", 16);
    process_await(&server, "from the module\n");
    process_say(&server, "from the peer\n");
    ck_assert_uint_eq(at_frame(&host, &link, line, sizeof line), 14);
    ck_assert_int_eq(memcmp(line, "from the peer\n", 14), 0);
}

START_TEST(without_verification_the_clock_does_not_matter)
{
    uint16_t port = serve_peer(NULL);
    opens(port);
    talks();
    at_say(&host, "AT+CIPCLOSE");
    at_expect(&host, "CLOSED\r\n\r\nOK\r\n");
    process_await(&server, "DONE");
}
END_TEST

START_TEST(over_ipv6)
{
    char line[64];
    process_start(&server, WORDS("openssl", "s_server", "-accept", "[::1]:0", "-cert",
                                 peers_path("peer.pem"), "-key", peers_path("peer.key")));
    process_await(&server, "ACCEPT [::1]:");
    process_line(&server, line, sizeof line);
    at_say(&host, "AT+CIPSTART=\"SSLv6\",\"::1\",%s", line);
    at_expect(&host, "CONNECT\r\nOK\r\n");
    talks();
    at_say(&host, "AT+CIPSTATE?");
    at_await(&host, "+CIPSTATE:0,\"SSLv6\",\"::1\",");
}
END_TEST

START_TEST(verification_needs_a_set_clock)
{
    uint16_t port = serve_peer(NULL);
    at_ok(&host, "AT+CIPSSLCCONF=2,0,0");
    fails(port, "the clock is not set: certificate dates can't be checked");
    set_clock(IN_2021);
    opens(port);
    talks();
}
END_TEST

START_TEST(the_module_s_clock_decides_on_dates)
{
    uint16_t port = serve_peer(NULL);
    at_ok(&host, "AT+CIPSSLCCONF=2,0,0");
    set_clock(IN_2019);
    fails(port, "the peer's certificate is not valid yet");
    set_clock(IN_2023);
    fails(port, "the peer's certificate has expired");
    set_clock(IN_2021);
    opens(port);
}
END_TEST

START_TEST(another_ca_is_refused)
{
    uint16_t port = serve_peer(NULL);
    set_clock(IN_2021);
    at_ok(&host, "AT+CIPSSLCCONF=2,0,1");
    fails(port, "the peer's certificate is of an unknown CA");
    process_await(&server, "alert unknown ca");
    at_ok(&host, "AT+CIPSSLCCONF=2,0,7");
    fails(port, "there is no CA certificate of that number");
}
END_TEST

START_TEST(the_common_name_is_compared)
{
    uint16_t port = serve_peer(NULL);
    set_clock(IN_2021);
    at_ok(&host, "AT+CIPSSLCCONF=2,0,0");
    at_ok(&host, "AT+CIPSSLCCN=\"second.test\"");
    fails(port, "the peer's certificate is for another name");
    at_ok(&host, "AT+CIPSSLCCN=\"peer.test\"");
    opens(port);
}
END_TEST

#define DEMANDS_CLIENT "-Verify", "2", "-verify_return_error", "-CAfile", peers_path("ca0.pem")

START_TEST(the_peer_demands_a_certificate)
{
    uint16_t port = serve_peer(WORDS(DEMANDS_CLIENT));
    at_ok(&host, "AT+CIPSSLCCONF=0");
    fails(port, "the peer accepts nothing that is offered (alert)");
    at_ok(&host, "AT+CIPSSLCCONF=1,1"); /* of the other CA */
    fails(port, "the peer refuses our certificate (alert)");
    at_ok(&host, "AT+CIPSSLCCONF=1,0");
    opens(port);
    process_await(&server, "subject=CN = client.test");
    talks();
}
END_TEST

START_TEST(both_sides_verify)
{
    uint16_t port = serve_peer(WORDS(DEMANDS_CLIENT));
    set_clock(IN_2021);
    at_ok(&host, "AT+CIPSSLCCONF=3,0,1");
    fails(port, "the peer's certificate is of an unknown CA");
    at_ok(&host, "AT+CIPSSLCCONF=3,0,0");
    at_ok(&host, "AT+CIPSSLCCN=\"peer.test\"");
    opens(port);
    process_await(&server, "subject=CN = client.test");
    talks();
}
END_TEST

START_TEST(sni_chooses_the_certificate)
{
    uint16_t port = serve_peer(WORDS("-servername", "second.test", "-cert2",
                                     peers_path("second.pem"), "-key2", peers_path("second.key")));
    set_clock(IN_2023); /* when only second.pem is valid */
    at_ok(&host, "AT+CIPSSLCCONF=2,0,0");
    at_ok(&host, "AT+CIPSSLCSNI=\"other.test\"");
    fails(port, "the peer's certificate has expired");
    at_ok(&host, "AT+CIPSSLCSNI=\"second.test\"");
    at_ok(&host, "AT+CIPSSLCCN=\"second.test\"");
    opens(port);
    process_await(&server, "Hostname in TLS extension: \"second.test\"");
}
END_TEST

START_TEST(no_sni_without_a_setting)
{
    uint16_t port = serve_peer(WORDS("-tlsextdebug"));
    opens(port);
    process_await(&server, "CIPHER is");
    ck_assert_msg(strstr(server.said, "extended master secret") &&
                      !strstr(server.said, "\"server name\""),
                  "%s", server.said);
}
END_TEST

START_TEST(alpn_is_agreed_on)
{
    uint16_t port = serve_peer(WORDS("-alpn", "mqtt,h2"));
    at_ok(&host, "AT+CIPSSLCALPN=2,\"h2\",\"http/1.1\"");
    opens(port);
    process_await(&server, "ALPN protocols advertised by the client: h2, http/1.1");
    process_await(&server, "ALPN protocols selected: h2");
    talks();
}
END_TEST

START_TEST(pre_shared_key)
{
    uint16_t port = peers_serve_tls(
        &server, WORDS("-psk", "00ff1a2b3c", "-psk_identity", "module", "-nocert", "-tls1_2"));
    at_ok(&host, "AT+CIPSSLCPSK=\"00FF1a2b3d\",\"module\"");
    fails(port, "the peer finds other keys than we (alert)");
    at_ok(&host, "AT+CIPSSLCPSK=\"00FF1a2b3c\",\"module\"");
    opens(port);
    process_await(&server, "PSK-");
    talks();
}
END_TEST

START_TEST(tls_1_1_is_refused)
{
    uint16_t port = peers_serve_tls(&server, WORDS("-cert", peers_path("peer.pem"), "-key",
                                                   peers_path("peer.key"), "-tls1_1", "-cipher",
                                                   "ALL:@SECLEVEL=0"));
    /* which has none of the suites that the module offers: all of them need TLS 1.2 */
    fails(port, "the peer accepts nothing that is offered (alert)");
    process_await(&server, "no shared cipher");
}
END_TEST

START_TEST(a_peer_without_tls)
{
    char where[40];
    uint16_t port = process_free_port(at_address(1));
    snprintf(where, sizeof where, "TCP-LISTEN:%u,bind=%s", port, at_address(1));
    /* one that left before it has read the hello would have it answered with a reset */
    process_start(&server, WORDS("socat", where, "SYSTEM:echo I speak no TLS; cat >/dev/null"));
    process_await_port(&server, "tcp", at_address(1), port);
    fails(port, "what the peer says is no TLS");
}
END_TEST

int main(void)
{
    process_need(WORDS("openssl", "socat"));
    Suite *suite = suite_create("peers tls");
    TCase *tc = tcase_create("client");
    tcase_set_timeout(tc, 120);
    tcase_add_unchecked_fixture(tc, peers_make_identities, peers_remove);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, without_verification_the_clock_does_not_matter);
    tcase_add_test(tc, over_ipv6);
    tcase_add_test(tc, verification_needs_a_set_clock);
    tcase_add_test(tc, the_module_s_clock_decides_on_dates);
    tcase_add_test(tc, another_ca_is_refused);
    tcase_add_test(tc, the_common_name_is_compared);
    tcase_add_test(tc, the_peer_demands_a_certificate);
    tcase_add_test(tc, both_sides_verify);
    tcase_add_test(tc, sni_chooses_the_certificate);
    tcase_add_test(tc, no_sni_without_a_setting);
    tcase_add_test(tc, alpn_is_agreed_on);
    tcase_add_test(tc, pre_shared_key);
    tcase_add_test(tc, tls_1_1_is_refused);
    tcase_add_test(tc, a_peer_without_tls);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
