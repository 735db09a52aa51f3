/* firmware/port/linux: virtual modules over a real pty, a socketpair and TCP, with real loopback
 * sockets. */
#include <wmfw/linux.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "sim_thread.h"
#include "suite.h"

enum { BULK = 4 << 20 };

static struct fw_linux *modules;
static pthread_t peer_thread;
static bool peer_runs;

static void setup(void)
{
    sim_thread_setup();
    peer_runs = false;
}

static void teardown(void)
{
    sim_thread_teardown();
    if (peer_runs) {
        pthread_join(peer_thread, NULL);
    }
}

/* An echo server for one connection. */
static void *echo(void *arg)
{
    int listener = *(int *)arg;
    int fd = accept(listener, NULL, NULL);
    char buf[65536];
    ssize_t n;

    while ((n = recv(fd, buf, sizeof buf, 0)) > 0) {
        for (ssize_t at = 0; at < n;) {
            ssize_t sent = send(fd, buf + at, (size_t)(n - at), MSG_NOSIGNAL);

            if (sent <= 0) {
                break;
            }
            at += sent;
        }
    }
    close(fd);
    close(listener);
    return NULL;
}

static unsigned listen_at(int family, int *listener)
{
    struct sockaddr_in in4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr *where = family == AF_INET ? (struct sockaddr *)&in4 : (struct sockaddr *)&in6;
    socklen_t len = family == AF_INET ? sizeof in4 : sizeof in6;

    *listener = socket(family, SOCK_STREAM, 0);
    if (*listener < 0 || bind(*listener, where, len) < 0 || listen(*listener, 4) < 0) {
        return 0;
    }
    getsockname(*listener, where, &len);
    return ntohs(family == AF_INET ? in4.sin_port : in6.sin6_port);
}

static unsigned start_echo(int family)
{
    static int listener;
    unsigned port = listen_at(family, &listener);

    if (port > 0) {
        ck_assert_int_eq(pthread_create(&peer_thread, NULL, echo, &listener), 0);
        peer_runs = true;
    }
    return port;
}

static void connect_to(int fd, const char *type, const char *host, unsigned port)
{
    char line[128];

    snprintf(line, sizeof line, "AT+CIPSTART=\"%s\",\"%s\",%u\r\n", type, host, port);
    host_talk(fd, line, "CONNECT\r\nOK\r\n");
}

START_TEST(pty_echo)
{
    char link[256], target[256] = "";
    int fd;

    sim_thread_path(link, "link");
    modules = sim_thread_start((struct fw_linux_options){.link_path = link});
    ck_assert_str_eq(fw_linux_path(modules, 0), link);
    ck_assert_ptr_null(fw_linux_path(modules, 1));
    ck_assert_int_gt(readlink(link, target, sizeof target - 1), 0);
    ck_assert_int_eq(strncmp(target, "/dev/pts/", 9), 0);
    fd = host_open_pty(link);
    host_expect(fd, "ready\r\n"); /* it waited for the first who opens */
    host_join(fd);
    connect_to(fd, "TCP", "127.0.0.1", start_echo(AF_INET));
    host_talk(fd, "AT+CIPSEND=5\r\n", "OK\r\n>\r\n");
    host_say(fd, "a\0\r\n\xff", 5);
    host_expect(fd, "SEND OK\r\n");
    host_hear(fd, target, 14);
    ck_assert_mem_eq(target, "+IPD,5:a\0\r\n\xff\r\n", 14);
    host_talk(fd, "AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
    close(fd);
    sim_thread_stop();
    ck_assert_int_eq(access(link, F_OK), -1);
}
END_TEST

/* A host that goes away and comes back is no hang-up. */
START_TEST(pty_reopened)
{
    int fd;

    modules = sim_thread_start((struct fw_linux_options){0});
    for (int i = 0; i < 20; i++) {
        fd = host_open_pty(fw_linux_path(modules, 0));
        if (i == 0) {
            host_expect(fd, "ready\r\n");
        }
        host_talk(fd, "AT\r\n", "OK\r\n");
        close(fd);
    }
}
END_TEST

/* The head of what the module says next: a line, or what comes before payload. */
static void hear_head(int fd, char *head, size_t cap)
{
    static const char read_head[] = "+CIPRECVDATA:";
    size_t len = 0;
    bool done = false;

    while (!done) {
        ck_assert_uint_lt(len, cap - 1);
        host_hear(fd, head + len, 1);
        head[++len] = '\0';
        done = head[len - 1] == '\n' || (head[len - 1] == ':' && strncmp(head, "+IPD,", 5) == 0) ||
               (head[len - 1] == ',' && strncmp(head, read_head, sizeof read_head - 1) == 0);
    }
}

struct bulk {
    unsigned char *sent, *got;
    size_t sent_len, got_len;
    bool busy;    /* a command is under way */
    bool waiting; /* there is something to read */
};

static void next_command(int fd, struct bulk *bulk)
{
    char line[64];
    size_t len = BULK - bulk->sent_len < 5760 ? BULK - bulk->sent_len : 5760;

    if (!bulk->busy && bulk->waiting) {
        bulk->waiting = false;
        bulk->busy = true;
        host_say(fd, "AT+CIPRECVDATA=5760\r\n", 21);
    } else if (!bulk->busy && len > 0) {
        bulk->busy = true;
        snprintf(line, sizeof line, "AT+CIPSEND=%zu\r\n", len);
        host_say(fd, line, strlen(line));
        host_say(fd, bulk->sent + bulk->sent_len, len);
        bulk->sent_len += len;
    }
}

static void take(int fd, struct bulk *bulk, const char *head)
{
    size_t len;

    if (strncmp(head, "+IPD,", 5) == 0 && strchr(head, '\n') != NULL) {
        bulk->waiting = true;
    } else if (head[0] == '+') {
        len = strtoul(head + strcspn(head, "0123456789"), NULL, 10);
        ck_assert_uint_le(bulk->got_len + len, BULK);
        host_hear(fd, bulk->got + bulk->got_len, len);
        host_expect(fd, head[1] == 'I' ? "\r\n" : "\r\nOK\r\n");
        bulk->got_len += len;
        bulk->busy = bulk->busy && head[1] == 'I';
    } else if (strcmp(head, "SEND OK\r\n") == 0) {
        bulk->busy = false;
    } else {
        ck_assert_msg(strcmp(head, "OK\r\n") == 0 || strcmp(head, ">\r\n") == 0, "%s", head);
    }
}

/* More than all buffers hold, both ways at the same time. */
static void move_bulk(int fd)
{
    struct bulk bulk = {.sent = malloc(BULK), .got = malloc(BULK)};
    uint32_t state = 7;
    char head[64];

    for (size_t i = 0; i < BULK; i++) {
        state = state * 1664525 + 1013904223;
        bulk.sent[i] = (unsigned char)(state >> 24);
    }
    while (bulk.got_len < BULK) {
        next_command(fd, &bulk);
        hear_head(fd, head, sizeof head);
        take(fd, &bulk, head);
    }
    ck_assert_int_eq(memcmp(bulk.sent, bulk.got, BULK), 0);
    free(bulk.sent);
    free(bulk.got);
}

START_TEST(bulk)
{
    int fd = sim_thread_start_on_socketpair((struct fw_linux_options){0});

    host_join(fd);
    if (_i == 1) {
        host_talk(fd, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    }
    connect_to(fd, "TCP", "localhost", start_echo(AF_INET));
    move_bulk(fd);
    close(fd);
}
END_TEST

START_TEST(tcpv6_link)
{
    int fd = sim_thread_start_on_socketpair((struct fw_linux_options){0});
    unsigned port = start_echo(AF_INET6);

    if (port == 0) {
        return; /* this machine has no IPv6 */
    }
    host_join(fd);
    connect_to(fd, "TCPv6", "::1", port);
    host_talk(fd, "AT+CIPSEND=2\r\nhi", "OK\r\n>\r\nSEND OK\r\n+IPD,2:hi\r\n");
    close(fd);
}
END_TEST

START_TEST(connect_failures)
{
    int fd = sim_thread_start_on_socketpair((struct fw_linux_options){.resolver = "127.0.0.1:9"});
    int listener;
    unsigned port = listen_at(AF_INET, &listener);
    char line[96];

    close(listener); /* nobody there any more */
    host_join(fd);
    snprintf(line, sizeof line, "AT+CIPSTART=\"TCP\",\"127.0.0.1\",%u\r\n", port);
    host_talk(fd, line, "ERROR\r\n");
    host_talk(fd, "AT+CIPSTART=\"TCP\",\"127.0.0.1\",80,,\"192.0.2.99\"\r\n", "ERROR\r\n");
    host_talk(fd, "AT+CIPSTART=\"TCP\",\"no such name\",80\r\n", "ERROR\r\n");
    host_talk(fd, "AT\r\n", "OK\r\n");
    close(fd);
}
END_TEST

/* A name server of one answer: 127.0.0.1 for whoever asks. */
static void *answer_dns(void *arg)
{
    static const unsigned char record[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1};
    int fd = *(int *)arg;
    unsigned char query[512 + sizeof record];
    struct sockaddr_in from;
    socklen_t len = sizeof from;
    ssize_t n = recvfrom(fd, query, 512, 0, (struct sockaddr *)&from, &len);

    query[2] |= 0x80;          /* a response */
    query[7] = 1;              /* one answer */
    query[10] = query[11] = 0; /* nothing additional: the question ends the message */
    while (n > 12 && query[n - 1] != 1) {
        n--;
    }
    n = 12;
    while (query[n] != 0) {
        n += query[n] + 1;
    }
    n += 5;
    memcpy(query + n, record, sizeof record);
    sendto(fd, query, (size_t)n + sizeof record, 0, (struct sockaddr *)&from, len);
    close(fd);
    return NULL;
}

START_TEST(resolver_option)
{
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof where;
    int server = socket(AF_INET, SOCK_DGRAM, 0);
    pthread_t dns_thread;
    char resolver[32];
    int fd;

    ck_assert_int_eq(bind(server, (struct sockaddr *)&where, len), 0);
    getsockname(server, (struct sockaddr *)&where, &len);
    ck_assert_int_eq(pthread_create(&dns_thread, NULL, answer_dns, &server), 0);
    snprintf(resolver, sizeof resolver, "127.0.0.1:%u", ntohs(where.sin_port));
    fd = sim_thread_start_on_socketpair((struct fw_linux_options){.resolver = resolver});
    host_join(fd);
    connect_to(fd, "TCP", "echo.example.com", start_echo(AF_INET));
    pthread_join(dns_thread, NULL);
    close(fd);
}
END_TEST

START_TEST(starts_joined)
{
    int fd = sim_thread_start_on_socketpair(
        (struct fw_linux_options){.join_ssid = "wmat", .address = "127.87.3.4"});

    host_expect(fd, "WIFI CONNECTED\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    host_talk(fd, "AT+CIPSTA?\r\n", "+CIPSTA:ip:\"127.87.3.4\"\r\n");
    close(fd);
}
END_TEST

/* A shipping module hands payload over by count, however much of it the kernel has at once: each
 * hand-over of passthrough is a datagram of its own. */
START_TEST(hand_overs_by_count)
{
    static unsigned char payload[5 * 1024], got[2048];
    struct sockaddr_in where = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof where;
    int peer = socket(AF_INET, SOCK_DGRAM, 0);
    int fd = sim_thread_start_on_socketpair(
        (struct fw_linux_options){.dialect = FW_DIALECT_W800, .join_ssid = "wmat"});
    char line[64], answer[160];

    ck_assert_int_eq(bind(peer, (struct sockaddr *)&where, sizeof where), 0);
    ck_assert_int_eq(getsockname(peer, (struct sockaddr *)&where, &len), 0);
    host_expect(fd, "WIFI CONNECTED\r\nWIFI GOT IP \"127.87.0.1\"\r\n"
                    "WIFI GOT IPv6 LL \"FE80::80:5EFF:FEED:0\"\r\nWIFI GOT IPv6 GL \"::1\"\r\n");
    snprintf(line, sizeof line, "AT+CIPSTART=\"UDP\",\"127.0.0.1\",%u\r\n", ntohs(where.sin_port));
    snprintf(answer, sizeof answer, "%s\r\nCONNECT\r\nOK\r\n", line);
    host_talk(fd, line, answer);
    host_talk(fd, "AT+CIPMODE=1\r\n", "AT+CIPMODE=1\r\n\r\nOK\r\n");
    host_talk(fd, "AT+CIPSEND\r\n", "AT+CIPSEND\r\n\r\nOK\r\n>\r\n");
    host_say(fd, payload, sizeof payload);
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(recv(peer, got, sizeof got, 0), 1024);
    }
    close(peer);
    close(fd);
}
END_TEST

/* The end of the stream ends the run. */
START_TEST(end_of_stream)
{
    int fd = sim_thread_start_on_socketpair((struct fw_linux_options){0});

    close(fd);
    sim_thread_join();
}
END_TEST

/* A command that runs is answered first. */
START_TEST(end_of_stream_behind_a_command)
{
    int fd = sim_thread_start_on_socketpair((struct fw_linux_options){0});

    host_say(fd, "AT+CWLAP\r\n", 10);
    ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
    host_expect(fd, "+CWLAP:3,\"wmat\",-40,\"02:80:aa:00:00:01\",1,4,4,7,0\r\nOK\r\n");
    sim_thread_join();
    close(fd);
}
END_TEST

static int call(const char *path)
{
    struct sockaddr_in where = {.sin_family = AF_INET};
    const char *colon = strrchr(path, ':');
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(strncmp(path, "tcp://127.0.0.1:", 16), 0);
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    where.sin_port = htons((uint16_t)atoi(colon + 1));
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&where, sizeof where), 0);
    return fd;
}

/* One host at a time; the module stays what it was between them. */
START_TEST(listening)
{
    int first, second;

    modules = sim_thread_start(
        (struct fw_linux_options){.uart = FW_LINUX_LISTEN, .listen = "127.0.0.1:0"});
    first = call(fw_linux_path(modules, 0));
    host_talk(first, "AT+CIPMUX=1\r\n", "OK\r\n");
    second = call(fw_linux_path(modules, 0));
    ck_assert_int_le(read(second, &(char){0}, 1), 0); /* turned away */
    close(second);
    host_talk(first, "AT\r\n", "OK\r\n");
    shutdown(first, SHUT_WR);
    ck_assert_int_eq(read(first, &(char){0}, 1), 0);
    close(first);
    second = call(fw_linux_path(modules, 0));
    host_talk(second, "AT+CIPMUX?\r\n", "+CIPMUX:1\r\nOK\r\n");
    close(second);
}
END_TEST

START_TEST(several_modules)
{
    char link[256], path[256];

    sim_thread_path(link, "link");
    modules = sim_thread_start(
        (struct fw_linux_options){.link_path = link, .count = 2, .join_ssid = "wmat"});
    for (int i = 0; i < 2; i++) {
        char expected[64];
        int fd;

        snprintf(path, sizeof path, "%.250s%d", link, i);
        ck_assert_str_eq(fw_linux_path(modules, (unsigned)i), path);
        fd = host_open_pty(path);
        host_expect(
            fd,
            "ready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
        snprintf(expected, sizeof expected, "+CIFSR:STAIP,\"127.87.0.%d\"\r\n", i + 1);
        host_talk(fd, "AT+CIFSR\r\n", expected);
        close(fd);
    }
}
END_TEST

/* A host that sets no speed finds that of the module; test_cable.c has the pace and other speeds.
 */
START_TEST(paced_line)
{
    int fd;

    modules = sim_thread_start((struct fw_linux_options){.baud = 9600, .hold_back = true});
    fd = host_open_pty(fw_linux_path(modules, 0));
    host_expect(fd, "ready\r\n");
    host_talk(fd, "AT+CIPMUX?\r\nAT\r\n", "+CIPMUX:0\r\nOK\r\nOK\r\n");
    close(fd);
}
END_TEST

/* The host is told of the port that it asked for, wherever the server really is. */
START_TEST(port_behind_the_offset)
{
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons(20080)};
    struct sockaddr_in client;
    socklen_t len = sizeof client;
    unsigned own = (unsigned)getpid(); /* nobody else's address */
    char address[32], state[128];
    int caller = socket(AF_INET, SOCK_STREAM, 0);
    int fd;

    snprintf(address, sizeof address, "127.%u.%u.9", 100 + own / 250 % 100, own % 250);
    fd = sim_thread_start_on_socketpair(
        (struct fw_linux_options){.port_offset = 20000, .address = address});
    server.sin_addr.s_addr = inet_addr(address);
    host_join(fd);
    host_talk(fd, "AT+CIPMUX=1\r\nAT+CIPSERVER=1,80\r\n", "OK\r\nOK\r\n");
    ck_assert_int_eq(connect(caller, (struct sockaddr *)&server, sizeof server), 0);
    ck_assert_int_eq(getsockname(caller, (struct sockaddr *)&client, &len), 0);
    host_expect(fd, "0,CONNECT\r\n");
    snprintf(state, sizeof state, "+CIPSTATE:0,\"TCP\",\"%s\",%u,80,1\r\nOK\r\n",
             inet_ntoa(client.sin_addr), ntohs(client.sin_port));
    host_talk(fd, "AT+CIPSTATE?\r\n", state);
    close(caller);
    close(fd);
}
END_TEST

/* A port that the offset carries past the last one is none. */
START_TEST(port_offset)
{
    int fd = sim_thread_start_on_socketpair((struct fw_linux_options){.port_offset = 65535});

    host_join(fd);
    host_talk(fd, "AT+CIPMUX=1\r\nAT+CIPSERVER=1,80\r\n", "OK\r\nERROR\r\n");
    close(fd);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("linux");
    TCase *tcase = tcase_create("linux");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, pty_echo);
    tcase_add_test(tcase, pty_reopened);
    tcase_add_loop_test(tcase, bulk, 0, 2); /* active, passive */
    tcase_add_test(tcase, tcpv6_link);
    tcase_add_test(tcase, connect_failures);
    tcase_add_test(tcase, resolver_option);
    tcase_add_test(tcase, starts_joined);
    tcase_add_test(tcase, hand_overs_by_count);
    tcase_add_test(tcase, end_of_stream);
    tcase_add_test(tcase, end_of_stream_behind_a_command);
    tcase_add_test(tcase, listening);
    tcase_add_test(tcase, several_modules);
    tcase_add_test(tcase, paced_line);
    tcase_add_test(tcase, port_behind_the_offset);
    tcase_add_test(tcase, port_offset);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
