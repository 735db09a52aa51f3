/* TCP-IP_AT: CIPSERVER: curl gets a page from a module whose host serves it by AT commands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peers.h"
#include "suite.h"

enum { OFFSET = 20000, PAGE = 20000, CHUNK = 5760, LINKS = 5 };

static struct at_host host;
static struct process clients[LINKS];
static char page[PAGE + 1];
static char requests[LINKS][1024]; /* what has come so far */

static void setup(void)
{
    for (int i = 0; i < PAGE; i++)
        page[i] = (char)(i % 64 == 63 ? '\n' : 'a' + i * 7 % 26);
    at_open(&host, NULL, WORDS("--port-offset", "20000", "--certs", peers_path("server")));
    at_ok(&host, "AT+CIPMUX=1");
    at_ok(&host, "AT+CIPRECVMODE=1");
}

static void teardown(void)
{
    at_close(&host);
    for (int i = 0; i < LINKS; i++)
        process_stop(&clients[i]);
}

/* Headers, the page, the end of the connection, which ends the page. */
static void answer(int link)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    at_send(&host, link, head, sizeof head - 1);
    for (size_t at = 0; at < PAGE; at += CHUNK)
        at_send(&host, link, page + at, PAGE - at < CHUNK ? PAGE - at : CHUNK);
    at_say(&host, "AT+CIPCLOSE=%d", link);
    at_await(&host, "CLOSED\r\n\r\nOK\r\n");
    requests[link][0] = '\0';
}

/* True when the request was complete, and is answered. */
static bool serve_link(int link)
{
    size_t had = strlen(requests[link]);
    size_t len = at_take(&host, link, requests[link] + had, sizeof requests[link] - had - 1);
    requests[link][had + len] = '\0';
    if (!strstr(requests[link], "\r\n\r\n"))
        return false;
    ck_assert_msg(strncmp(requests[link], "GET /page HTTP/1.1\r\n", 20) == 0, "%s", requests[link]);
    answer(link);
    return true;
}

/* Serves so many requests. Notices may have been passed over: the lengths tell what has come. */
static void serve(unsigned count)
{
    while (count > 0) {
        char line[128];
        char *at = line;
        at_say(&host, "AT+CIPRECVLEN?");
        at_await(&host, "+CIPRECVLEN:");
        at_line(&host, line, sizeof line);
        at_await(&host, "OK\r\n");
        for (int link = 0; link < LINKS && count > 0; link++, at += strcspn(at, ",") + 1)
            count -= atoi(at) > 0 && serve_link(link);
    }
}

static void get(struct process *client, const char *scheme, unsigned port, const char *option)
{
    char url[64];
    snprintf(url, sizeof url, "%s://%s:%u/page", scheme, at_address(0), OFFSET + port);
    process_start(client, WORDS("curl", "--silent", "--show-error", "--max-time", "60", "--noproxy",
                                "*", url, option));
}

static void check_page(struct process *client)
{
    int status = process_wait(client);
    ck_assert_msg(status == 0 && strcmp(client->said, page) == 0, "curl: %d: %s", status,
                  client->said);
}

static void several_then_five(const char *scheme, unsigned port, const char *option)
{
    for (int i = 0; i < 3; i++) {
        get(&clients[0], scheme, port, option);
        serve(1);
        check_page(&clients[0]);
    }
    for (int i = 0; i < LINKS; i++)
        get(&clients[i], scheme, port, option);
    serve(LINKS);
    for (int i = 0; i < LINKS; i++)
        check_page(&clients[i]);
}

START_TEST(one_after_another_and_five_at_once)
{
    at_ok(&host, "AT+CIPSERVER=1,80");
    several_then_five("http", 80, NULL);
}
END_TEST

START_TEST(the_same_over_tls)
{
    at_ok(&host, "AT+CIPSERVER=1,443,\"SSL\"");
    several_then_five("https", 443, "--insecure");
}
END_TEST

START_TEST(over_tls_with_a_certificate_that_is_checked)
{
    char where[64], url[64];
    at_ok(&host, "AT+CIPSERVER=1,443,\"SSL\"");
    snprintf(where, sizeof where, "module.test:%d:%s", OFFSET + 443, at_address(0));
    snprintf(url, sizeof url, "https://module.test:%d/page", OFFSET + 443);
    process_start(&clients[0],
                  WORDS("curl", "--silent", "--show-error", "--max-time", "60", "--noproxy", "*",
                        "--cacert", peers_path("ca0.pem"), "--resolve", where, url));
    serve(1);
    check_page(&clients[0]);
    process_start(&clients[0],
                  WORDS("curl", "--silent", "--show-error", "--max-time", "60", "--noproxy", "*",
                        "--cacert", peers_path("ca1.pem"), "--resolve", where, url));
    ck_assert_int_eq(process_wait(&clients[0]), 60); /* curl: the certificate can't be verified */
}
END_TEST

int main(void)
{
    process_need(WORDS("curl", "openssl"));
    Suite *suite = suite_create("peers http");
    TCase *tc = tcase_create("http");
    tcase_set_timeout(tc, 120);
    tcase_add_unchecked_fixture(tc, peers_make_identities, peers_remove);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, one_after_another_and_five_at_once);
    tcase_add_test(tc, the_same_over_tls);
    tcase_add_test(tc, over_tls_with_a_certificate_that_is_checked);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
