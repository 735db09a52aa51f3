/* TCP-IP_AT: CIPSERVER "SSL": the module as a TLS server of `openssl s_client`. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peers.h"
#include "suite.h"

#define PORT 20443 /* 443 and --port-offset */

enum { IN_2021 = 1625097600 };

static struct at_host host;
static struct process client, other_client;
static struct sntp_stub stub;

static void start(const char *certs)
{
    char ntp_port[8];
    sntp_stub_start(&stub, 0);
    snprintf(ntp_port, sizeof ntp_port, "%u", stub.port);
    at_open(
        &host, peers_path("trace"),
        WORDS("--port-offset", "20000", "--ntp-port", ntp_port, certs ? "--certs" : NULL, certs));
    at_ok(&host, "AT+CIPMUX=1");
}

static void teardown(void)
{
    at_close(&host);
    process_stop(&client);
    process_stop(&other_client);
    sntp_stub_stop(&stub);
}

static void call(struct process *process, const char *const *more)
{
    char where[40];
    const char *words[24] = {"openssl", "s_client", "-connect", where};
    size_t count = 4;
    snprintf(where, sizeof where, "%s:%d", at_address(0), PORT);
    for (; *more; more++)
        words[count++] = *more;
    process_start(process, words);
}

static void talks(struct process *process, int link)
{
    char line[32];
    int from;
    process_say(process, "from the client\n");
    ck_assert_uint_eq(at_frame(&host, &from, line, sizeof line), 16);
    ck_assert_int_eq(from, link);
    ck_assert_int_eq(memcmp(line, "from the client\n", 16), 0);
    at_send(&host, link, "from the module\n", 16);
    process_await(process, "from the module\n");
}

START_TEST(with_a_certificate_of_its_own)
{
    start(NULL);
    at_ok(&host, "AT+CIPSERVER=1,443,\"SSL\"");
    call(&client, WORDS("-servername", "any.test"));
    at_await(&host, "0,CONNECT\r\n");
    process_await(&client, "self-signed certificate");
    talks(&client, 0);
    at_say(&host, "AT+CIPSTATE?");
    at_await(&host, "+CIPSTATE:0,\"SSL\",\"127.0.0.1\",");
    at_await(&host, ",1\r\nOK\r\n");
    process_end_input(&client);
    at_await(&host, "0,CLOSED\r\n");
    ck_assert_int_eq(process_wait(&client), 0);
}
END_TEST

START_TEST(with_the_given_certificate)
{
    start(peers_path("server"));
    at_ok(&host, "AT+CIPSERVER=1,443,\"SSL\"");
    call(&client, WORDS("-CAfile", peers_path("ca0.pem"), "-verify_return_error",
                        "-verify_hostname", "module.test"));
    at_await(&host, "0,CONNECT\r\n");
    process_await(&client, "Verification: OK");
    process_await(&client, "Verified peername: module.test");
    talks(&client, 0);
    at_say(&host, "AT+CIPCLOSE=0");
    at_await(&host, "0,CLOSED\r\n\r\nOK\r\n");
    ck_assert_int_eq(process_wait(&client), 0); /* after a close_notify */
    call(&client, WORDS("-CAfile", peers_path("ca1.pem"), "-verify_return_error"));
    ck_assert_int_ne(process_wait(&client), 0);
    at_ok(&host, "AT");
}
END_TEST

/* What the client says shows that the module has given the connection up, in good order: behind a
 * reset it would say something else. */
static void turns_away(const char *complaint, const char *reason)
{
    process_await(&client, complaint);
    process_wait(&client);
    at_say(&host, "AT+CIPSTATE?");
    at_expect(&host, "OK\r\n"); /* no CONNECT, no link */
    ck_assert(at_traced(&host, reason));
}

START_TEST(with_client_certificates)
{
    start(peers_path("server"));
    at_error(&host, "AT+CIPSERVER=1,443,\"SSL\",1");
    ck_assert(at_traced(&host, "the clock is not set"));
    peers_set_clock(&host, &stub, IN_2021);
    at_ok(&host, "AT+CIPSERVER=1,443,\"SSL\",1");
    call(&client, WORDS("-tls1_2"));
    turns_away("unexpected eof", "the peer has presented no certificate");
    call(&client,
         WORDS("-tls1_2", "-cert", peers_path("cert1.pem"), "-key", peers_path("key1.pem")));
    turns_away("alert unknown ca", "the peer's certificate is of an unknown CA");
    call(&client, WORDS("-cert", peers_path("cert0.pem"), "-key", peers_path("key0.pem")));
    at_await(&host, "0,CONNECT\r\n");
    talks(&client, 0);
}
END_TEST

static int connect_plainly(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(PORT),
                             .sin_addr.s_addr = inet_addr(at_address(0))};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

START_TEST(a_silent_client_delays_nobody)
{
    start(NULL);
    at_ok(&host, "AT+CIPSERVER=1,443,\"SSL\"");
    int silent = connect_plainly();
    call(&client, WORDS("-tls1_2"));
    at_await(&host, ",CONNECT\r\n"); /* the silent one, who came first, is still shaking hands */
    talks(&client, 1);
    call(&other_client, WORDS("-tls1_2"));
    at_await(&host, "2,CONNECT\r\n");
    talks(&other_client, 2);
    talks(&client, 1);
    close(silent);
}
END_TEST

START_TEST(a_client_without_tls)
{
    char byte;
    start(NULL);
    at_ok(&host, "AT+CIPSERVER=1,443,\"SSL\"");
    int fd = connect_plainly();
    ck_assert_int_eq(send(fd, "GET / HTTP/1.0\r\n\r\n", 18, 0), 18);
    while (recv(fd, &byte, 1, 0) == 1) { /* an alert, perhaps */
    }
    close(fd);
    at_say(&host, "AT+CIPSTATE?");
    at_expect(&host, "OK\r\n");
    ck_assert(at_traced(&host, "what the peer says is no TLS"));
    call(&client, WORDS("-tls1_2"));
    at_await(&host, "0,CONNECT\r\n");
    talks(&client, 0);
}
END_TEST

START_TEST(an_old_version_is_refused)
{
    start(NULL);
    at_ok(&host, "AT+CIPSERVER=1,443,\"SSL\"");
    call(&client, WORDS("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"));
    turns_away("alert protocol version", "no TLS version in common");
}
END_TEST

int main(void)
{
    process_need(WORDS("openssl"));
    Suite *suite = suite_create("peers tls server");
    TCase *tc = tcase_create("server");
    tcase_set_timeout(tc, 120);
    tcase_add_unchecked_fixture(tc, peers_make_identities, peers_remove);
    tcase_add_checked_fixture(tc, NULL, teardown);
    tcase_add_test(tc, with_a_certificate_of_its_own);
    tcase_add_test(tc, with_the_given_certificate);
    tcase_add_test(tc, with_client_certificates);
    tcase_add_test(tc, a_silent_client_delays_nobody);
    tcase_add_test(tc, a_client_without_tls);
    tcase_add_test(tc, an_old_version_is_refused);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
