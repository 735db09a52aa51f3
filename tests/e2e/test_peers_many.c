/* Several modules in one w800-sim: none of them delays another, however long its own network takes;
 * and 64 of them echo at the same time. $WM_MANY_KIB sets another amount for each than 1 MiB. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peer.h"
#include "peers.h"
#include "suite.h"

enum { MODULES = 64, CHUNK = 5760, ROUND_TRIPS = 1000 };

static struct process sim, echo;
static struct at_host hosts[MODULES];
static unsigned module_count;

static void start(unsigned count, const char *const *options)
{
    const char *words[16] = {getenv("W800_SIM"), "--join", "wmat", "--count"};
    char number[8], line[300];
    size_t words_count = 5;
    snprintf(number, sizeof number, "%u", count);
    words[4] = number;
    for (; options && *options; options++)
        words[words_count++] = *options;
    process_start(&sim, words);
    module_count = count;
    for (unsigned i = 0; i < count; i++) {
        process_line(&sim, line, sizeof line);
        ck_assert_msg(strncmp(line, "ready ", 6) == 0, "%s", line);
        at_attach(&hosts[i], line + 6);
    }
}

static void teardown(void)
{
    for (unsigned i = 0; i < module_count; i++)
        at_close(&hosts[i]);
    int status = process_stop(&sim);
    ck_assert_msg(status == 0, "w800-sim: exit status %d: %s", status, sim.said);
    process_stop(&echo);
}

/* Nothing but a listening socket: who connects finds silence, and small buffers. */
static int listen_silently(uint16_t *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    int small = 4096, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, len), 0);
    ck_assert_int_eq(listen(fd, 4), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

/* Module 1 answers 1000 times while module 0 has nothing to say. */
static void module_1_goes_on(void)
{
    for (int i = 0; i < ROUND_TRIPS; i++) {
        at_say(&hosts[1], "AT");
        at_expect(&hosts[1], "OK\r\n");
    }
    ck_assert(at_is_silent(&hosts[0]));
}

START_TEST(while_another_lingers_in_a_close)
{
    uint16_t port;
    int listener = listen_silently(&port);
    start(2, NULL);
    at_ok(&hosts[0], "AT+CIPTCPOPT=3600");
    at_ok(&hosts[0], "AT+CIPSTART=\"TCP\",\"127.0.0.1\",%u", port);
    int peer = accept(listener, NULL, NULL);
    at_say(&hosts[0], "AT+CIPCLOSE");
    ck_assert_int_eq(recv(peer, &(char){0}, 1, 0), 0); /* the module has ended its side */
    module_1_goes_on();
    close(peer);
    at_expect(&hosts[0], "CLOSED\r\n\r\nOK\r\n");
    close(listener);
}
END_TEST

/* Sends until a send does not end at once: then other lines are `busy ...`. */
static void send_until_stalled(struct at_host *host)
{
    static const unsigned char chunk[CHUNK];
    char line[64];
    for (;;) {
        at_say(host, "AT+CIPSEND=%d", CHUNK);
        at_expect(host, "OK\r\n>\r\n");
        at_write(host, chunk, CHUNK);
        at_say(host, "AT");
        at_line(host, line, sizeof line);
        if (strcmp(line, "SEND OK") != 0)
            break;
        at_expect(host, "OK\r\n");
    }
    ck_assert_str_eq(line, "busy ...");
}

START_TEST(while_another_is_stalled_in_a_send)
{
    static char bytes[65536];
    uint16_t port;
    int listener = listen_silently(&port);
    start(2, NULL);
    at_ok(&hosts[0], "AT+CIPSTART=\"TCP\",\"127.0.0.1\",%u", port);
    int peer = accept(listener, NULL, NULL);
    send_until_stalled(&hosts[0]);
    module_1_goes_on();
    while (at_is_silent(&hosts[0]))
        ck_assert_int_gt(recv(peer, bytes, sizeof bytes, 0), 0);
    at_expect(&hosts[0], "SEND OK\r\n");
    close(peer);
    close(listener);
}
END_TEST

START_TEST(while_another_shakes_hands_with_a_silent_peer)
{
    uint16_t port;
    int listener = listen_silently(&port);
    start(2, NULL);
    at_say(&hosts[0], "AT+CIPSTART=\"SSL\",\"127.0.0.1\",%u", port);
    int peer = accept(listener, NULL, NULL);
    ck_assert_int_eq(recv(peer, &(char){0}, 1, 0), 1); /* of the ClientHello */
    module_1_goes_on();
    close(peer);
    at_expect(&hosts[0], "ERROR\r\n");
    close(listener);
}
END_TEST

START_TEST(while_another_asks_a_silent_name_server)
{
    char where[40];
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    int server = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ck_assert_int_eq(bind(server, (struct sockaddr *)&address, len), 0);
    ck_assert_int_eq(getsockname(server, (struct sockaddr *)&address, &len), 0);
    snprintf(where, sizeof where, "127.0.0.1:%u", ntohs(address.sin_port));
    start(2, WORDS("--resolver", where));
    at_say(&hosts[0], "AT+CIPSTART=\"TCP\",\"nobody.test\",80");
    ck_assert_int_gt(recv(server, &(char){0}, 1, 0), 0);
    module_1_goes_on();
    close(server); /* and whoever asks there is refused */
    at_expect(&hosts[0], "ERROR\r\n");
}
END_TEST

/* --- 64 at once --- */

static uint64_t amount(void)
{
    const char *kib = getenv("WM_MANY_KIB");
    return (kib ? strtoull(kib, NULL, 10) : 1024) << 10;
}

/* One chunk there and back: so much of it as the link gives at a time. */
static void echo_chunk(struct at_host *host, const unsigned char *chunk, unsigned char *back,
                       size_t len)
{
    at_send(host, -1, chunk, len);
    for (size_t at = 0; at < len;) {
        size_t n = at_receive(host, -1, back + at, len - at);
        ck_assert_uint_gt(n, 0);
        at += n;
    }
}

static void *echo_all(void *arg)
{
    struct at_host *host = arg;
    uint32_t seed = (uint32_t)(host - hosts);
    unsigned char chunk[CHUNK], back[CHUNK], sha[32], expected[32];
    mbedtls_sha256_context context;
    mbedtls_sha256_init(&context);
    mbedtls_sha256_starts_ret(&context, 0);
    for (uint64_t at = 0; at < amount();) {
        size_t len = amount() - at < CHUNK ? (size_t)(amount() - at) : CHUNK;
        stream_bytes(seed, at, chunk, len);
        echo_chunk(host, chunk, back, len);
        mbedtls_sha256_update_ret(&context, back, len);
        at += len;
    }
    mbedtls_sha256_finish_ret(&context, sha);
    mbedtls_sha256_free(&context);
    stream_sha(seed, amount(), expected);
    ck_assert_int_eq(memcmp(sha, expected, sizeof sha), 0);
    return NULL;
}

/* Of the process, both in the user's and in the kernel's code. */
static double processor_s(pid_t pid)
{
    char path[40];
    unsigned long user, kernel;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    ck_assert_ptr_nonnull(file);
    int got = fscanf(file, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu",
                     &user, &kernel);
    fclose(file);
    ck_assert_int_eq(got, 2);
    return (double)(user + kernel) / (double)sysconf(_SC_CLK_TCK);
}

START_TEST(all_echo_at_once)
{
    pthread_t threads[MODULES];
    unsigned port;
    process_start(&echo, WORDS(getenv("TCP_ECHO")));
    process_await(&echo, "\n");
    ck_assert_int_eq(sscanf(echo.said, "port %u", &port), 1);
    start(MODULES, NULL);
    for (unsigned i = 0; i < MODULES; i++) {
        at_ok(&hosts[i], "AT+CIPRECVMODE=1");
        at_ok(&hosts[i], "AT+CIPSTART=\"TCP\",\"127.0.0.1\",%u", port);
    }
    double before_s = processor_s(sim.pid);
    for (unsigned i = 0; i < MODULES; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, echo_all, &hosts[i]), 0);
    for (unsigned i = 0; i < MODULES; i++)
        pthread_join(threads[i], NULL);
    printf("%d modules, %llu KiB there and back each: %.3f s of processor time a module\n", MODULES,
           (unsigned long long)amount() >> 10, (processor_s(sim.pid) - before_s) / MODULES);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("peers many");
    TCase *tc = tcase_create("many");
    tcase_set_timeout(tc, 300);
    tcase_add_checked_fixture(tc, NULL, teardown);
    tcase_add_test(tc, while_another_lingers_in_a_close);
    tcase_add_test(tc, while_another_is_stalled_in_a_send);
    tcase_add_test(tc, while_another_shakes_hands_with_a_silent_peer);
    tcase_add_test(tc, while_another_asks_a_silent_name_server);
    tcase_add_test(tc, all_echo_at_once);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
