/* TCP-IP_AT: CIPDOMAIN, CIPDNS, CIPSTART and PING by name, CIPSNTP...: dnsmasq and chronyd, as
 * Debian has them, and the kernel that answers pings. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "netns.h"
#include "peers.h"
#include "suite.h"

static struct at_host host;
static struct process dns, other_dns, ntp, echo;

static void setup(void)
{
    host.fd = -1;
}

static void teardown(void)
{
    if (host.fd >= 0)
        at_close(&host);
    process_stop(&dns);
    process_stop(&other_dns);
    process_stop(&ntp);
    process_stop(&echo);
}

static const char *user(void)
{
    return getpwuid(geteuid())->pw_name;
}

/* A name server that knows v4.test, v6.test and both.test, and that there is no other in .test;
 * v4.test is `own`. */
static void serve_names(struct process *server, const char *address, uint16_t port, const char *own)
{
    char port_text[24], listen[48], v4[48];
    snprintf(port_text, sizeof port_text, "--port=%u", port);
    snprintf(listen, sizeof listen, "--listen-address=%s", address);
    snprintf(v4, sizeof v4, "--host-record=v4.test,%s", own);
    process_start(server, WORDS("dnsmasq", "--no-daemon" /* and who we are */,
                                "--conf-file=/dev/null", "--no-hosts", "--no-resolv", "--pid-file=",
                                "--log-facility=-", "--log-queries", "--bind-interfaces",
                                "--local=/test/", "--host-record=v6.test,2001:db8::6",
                                "--host-record=both.test,127.0.0.1,::1", v4, port_text, listen));
    process_await_port(server, "udp", address, port);
}

static void open_with_resolver(void)
{
    char resolver[40];
    uint16_t port = process_free_port(at_address(1));
    serve_names(&dns, at_address(1), port, "192.0.2.4");
    snprintf(resolver, sizeof resolver, "%s:%u", at_address(1), port);
    at_open(&host, peers_path("trace"), WORDS("--resolver", resolver));
}

static void resolves(const char *name, int network, const char *address)
{
    char line[96] = "ERROR\r\n";
    at_say(&host, "AT+CIPDOMAIN=\"%s\",%d", name, network);
    if (address)
        snprintf(line, sizeof line, "+CIPDOMAIN:\"%s\"\r\nOK\r\n", address);
    at_expect(&host, line);
}

START_TEST(names_of_either_family)
{
    open_with_resolver();
    resolves("v4.test", 1, "192.0.2.4");
    resolves("v4.test", 2, "192.0.2.4");
    resolves("v4.test", 3, NULL);
    resolves("v6.test", 1, "2001:db8::6");
    resolves("v6.test", 2, NULL);
    resolves("v6.test", 3, "2001:db8::6");
    resolves("both.test", 1, "127.0.0.1");
    resolves("both.test", 2, "127.0.0.1");
    resolves("both.test", 3, "::1");
    for (int network = 1; network <= 3; network++)
        resolves("nobody.test", network, NULL);
    process_await(&dns, "nobody.test is NXDOMAIN");
}
END_TEST

START_TEST(links_by_name)
{
    char listen[64], port[8];
    open_with_resolver();
    snprintf(port, sizeof port, "%u", process_free_port("127.0.0.1"));
    snprintf(listen, sizeof listen, "TCP4-LISTEN:%s,bind=127.0.0.1,fork", port);
    process_start(&echo, WORDS("socat", listen, "SYSTEM:echo hello"));
    process_await_port(&echo, "tcp", "127.0.0.1", (uint16_t)atoi(port));
    at_say(&host, "AT+CIPSTART=\"TCP\",\"both.test\",%s", port);
    at_expect(&host, "CONNECT\r\nOK\r\n");
    at_await(&host, "hello\n");
    at_await(&host, "CLOSED\r\n");
    at_error(&host, "AT+CIPSTART=\"TCP\",\"nobody.test\",%s", port);
    ck_assert(at_traced(&host, "no such name"));
    at_error(&host, "AT+CIPSTART=\"TCP\",\"v6.test\",%s", port);
}
END_TEST

/* In a network of its own this process may ping, whatever the machine allows. */
START_TEST(pings)
{
    if (!netns_enter())
        return;
    open_with_resolver();
    static const char *const answering[] = {"127.0.0.1", "::1", "both.test"};
    for (size_t i = 0; i < sizeof answering / sizeof *answering; i++) {
        at_say(&host, "AT+PING=\"%s\"", answering[i]);
        at_expect(&host, "+PING:");
        at_await(&host, "\r\n\r\nOK\r\n");
    }
    at_say(&host, "AT+PING=\"nobody.test\"");
    at_expect(&host, "+PING:TIMEOUT\r\n\r\nERROR\r\n");
}
END_TEST

START_TEST(ping_of_who_is_not_there)
{
    if (!netns_enter())
        return;
    at_open(&host, NULL, NULL);
    at_say(&host, "AT+PING=\"198.51.100.1\""); /* no way leads there */
    at_say(&host, "AT");
    at_expect(&host, "busy ...\r\n");
    at_expect(&host, "+PING:TIMEOUT\r\n\r\nERROR\r\n");
}
END_TEST

/* A new network lets no group ping, and raw sockets are forbidden as well. */
START_TEST(ping_where_it_is_forbidden)
{
    if (!netns_enter())
        return;
    netns_forbid_raw();
    at_open(&host, peers_path("trace"), NULL);
    at_say(&host, "AT+PING=\"127.0.0.1\"");
    at_expect(&host, "ERROR\r\n");
    ck_assert(at_traced(&host, "this host forbids ICMP"));
    process_await(&host.sim, "AT+PING: this host forbids ICMP: give the program CAP_NET_RAW");
}
END_TEST

/* Port 53, as a module asks. */
START_TEST(the_servers_of_cipdns_are_asked)
{
    if (!netns_enter())
        return;
    serve_names(&dns, "127.0.0.53", 53, "192.0.2.53");
    serve_names(&other_dns, "127.0.0.54", 53, "192.0.2.54");
    at_open(&host, NULL, NULL);
    at_ok(&host, "AT+CIPDNS=1,\"127.0.0.53\"");
    resolves("v4.test", 1, "192.0.2.53");
    process_await(&dns, "query[A] v4.test");
    at_ok(&host, "AT+CIPDNS=1,\"127.0.0.54\",\"127.0.0.53\"");
    resolves("v4.test", 1, "192.0.2.54");
    process_await(&other_dns, "query[A] v4.test");
    ck_assert_int_eq(process_stop(&other_dns), 0);
    resolves("v4.test", 1, "192.0.2.53"); /* nobody at the first one: the second */
}
END_TEST

static void serve_time(uint16_t port)
{
    const char *config = peers_path("chrony.conf");
    FILE *file = fopen(config, "we");
    ck_assert_ptr_nonnull(file);
    fprintf(file, "port %u\nbindaddress %s\ncmdport 0\nlocal stratum 8\nallow 127.0.0.0/8\n", port,
            at_address(1));
    fprintf(file, "pidfile %s\nbindcmdaddress /\n", peers_path("chrony.pid"));
    fclose(file);
    /* -x: it never touches the clock */
    process_start(&ntp, WORDS("chronyd", "-d", "-x", "-U", "-u", user(), "-f", config));
    process_await_port(&ntp, "udp", at_address(1), port);
}

/* Asks until the clock is set. */
static int64_t shown_time(void)
{
    char line[128];
    struct tm parts;
    do {
        at_say(&host, "AT+CIPSNTPTIME?");
        at_await(&host, "+CIPSNTPTIME:");
        at_line(&host, line, sizeof line);
        at_expect(&host, "OK\r\n");
    } while (strstr(line, "1970"));
    memset(&parts, 0, sizeof parts);
    ck_assert_ptr_nonnull(strptime(line, "%a %b %d %H:%M:%S %Y", &parts));
    return timegm(&parts);
}

START_TEST(the_time_of_a_real_server)
{
    char port_text[8];
    uint16_t port = process_free_port(at_address(1));
    serve_time(port);
    snprintf(port_text, sizeof port_text, "%u", port);
    at_open(&host, peers_path("trace"), WORDS("--ntp-port", port_text));
    at_ok(&host, "AT+CIPSNTPCFG=1,8,\"%s\"", at_address(1));
    int64_t shown_s = shown_time(), now_s = time(NULL);
    ck_assert_int_le(llabs(shown_s - 8 * 3600 - now_s), 2);
    at_ok(&host, "AT+CIPSNTPCFG=1,-930,\"%s\"", at_address(1));
    shown_s = shown_time(), now_s = time(NULL);
    ck_assert_int_le(llabs(shown_s + 9 * 3600 + 30 * 60 - now_s), 2);
}
END_TEST

int main(void)
{
    process_need(WORDS("dnsmasq", "chronyd", "socat"));
    Suite *suite = suite_create("peers names");
    TCase *tc = tcase_create("names");
    tcase_set_timeout(tc, 120);
    tcase_add_unchecked_fixture(tc, peers_make_folder, peers_remove);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, names_of_either_family);
    tcase_add_test(tc, links_by_name);
    tcase_add_test(tc, pings);
    tcase_add_test(tc, ping_of_who_is_not_there);
    tcase_add_test(tc, ping_where_it_is_forbidden);
    tcase_add_test(tc, the_servers_of_cipdns_are_asked);
    tcase_add_test(tc, the_time_of_a_real_server);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
