/* firmware/port/linux: virtual modules over a real pty, a socketpair and TCP, with real loopback
 * sockets. Each module runs in a thread; the test waits for what it says, never for a time. */
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
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "suite.h"

enum { PATIENCE_MS = 20000, BULK = 4 << 20 };

static struct fw_linux *sim;
static pthread_t sim_thread, peer_thread;
static int stop_pipe[2], run_result;
static bool peer_runs;
static char dir[64];

static void *run(void *arg)
{
    (void)arg;
    run_result = fw_linux_run(sim, stop_pipe[0]);
    return NULL;
}

static void setup(void)
{
    strcpy(dir, "/tmp/wmfw-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(pipe(stop_pipe), 0);
    sim = NULL;
    peer_runs = false;
}

static void start(struct fw_linux_options options)
{
    char err[256] = "";

    ck_assert_msg(fw_linux_open(&sim, &options, err, sizeof err) == 0, "%s", err);
    ck_assert_int_eq(pthread_create(&sim_thread, NULL, run, NULL), 0);
}

static void stop(void)
{
    ck_assert_int_eq(write(stop_pipe[1], "x", 1), 1);
    pthread_join(sim_thread, NULL);
    ck_assert_int_eq(read(stop_pipe[0], &(char){0}, 1), 1);
    ck_assert_int_eq(run_result, 0);
    fw_linux_close(sim);
    sim = NULL;
}

static void in_dir(char path[256], const char *name)
{
    snprintf(path, 256, "%s/%s", dir, name);
}

static void teardown(void)
{
    static const char *const names[] = {"link",  "state", "state.bad", "state.tmp",
                                        "trace", "link0", "link1",     "script"};

    if (sim != NULL) {
        stop();
    }
    if (peer_runs) {
        pthread_join(peer_thread, NULL);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[256];

        in_dir(path, names[i]);
        unlink(path);
    }
    rmdir(dir);
    close(stop_pipe[0]);
    close(stop_pipe[1]);
}

/* A host on a file descriptor. */
static void say(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        ssize_t n = write(fd, at, len);

        ck_assert_msg(n > 0 || errno == EAGAIN, "write: %s", strerror(errno));
        at += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
}

static void hear(int fd, void *buf, size_t len)
{
    char *at = buf;

    while (len > 0) {
        struct pollfd readable = {.fd = fd, .events = POLLIN};
        ssize_t n;

        ck_assert_msg(poll(&readable, 1, PATIENCE_MS) > 0, "the module says nothing");
        n = read(fd, at, len);
        ck_assert_msg(n > 0, "read: %s", n == 0 ? "end" : strerror(errno));
        at += n;
        len -= (size_t)n;
    }
}

static void expect(int fd, const char *text)
{
    char said[1024] = "";

    ck_assert_uint_lt(strlen(text), sizeof said);
    hear(fd, said, strlen(text));
    ck_assert_str_eq(said, text);
}

static void talk(int fd, const char *line, const char *answer)
{
    say(fd, line, strlen(line));
    expect(fd, answer);
}

static int open_pty(const char *path)
{
    int fd = open(path, O_RDWR | O_NOCTTY);

    ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
    return fd;
}

/* A pair of stream ends: the module's and the host's. */
static int start_on_socketpair(struct fw_linux_options options)
{
    int ends[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    options.uart = FW_LINUX_FD;
    options.uart_fd = ends[0];
    start(options);
    expect(ends[1], "ready\r\n");
    return ends[1];
}

static void join(int fd)
{
    talk(fd, "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n",
         "WIFI CONNECTED\r\nOK\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
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
    talk(fd, line, "CONNECT\r\nOK\r\n");
}

START_TEST(pty_echo)
{
    char link[256], target[256] = "";
    int fd;

    in_dir(link, "link");
    start((struct fw_linux_options){.link_path = link});
    ck_assert_str_eq(fw_linux_path(sim, 0), link);
    ck_assert_ptr_null(fw_linux_path(sim, 1));
    ck_assert_int_gt(readlink(link, target, sizeof target - 1), 0);
    ck_assert_int_eq(strncmp(target, "/dev/pts/", 9), 0);
    fd = open_pty(link);
    expect(fd, "ready\r\n"); /* it waited for the first who opens */
    join(fd);
    connect_to(fd, "TCP", "127.0.0.1", start_echo(AF_INET));
    talk(fd, "AT+CIPSEND=5\r\n", "OK\r\n>\r\n");
    say(fd, "a\0\r\n\xff", 5);
    expect(fd, "SEND OK\r\n");
    hear(fd, target, 14);
    ck_assert_mem_eq(target, "+IPD,5:a\0\r\n\xff\r\n", 14);
    talk(fd, "AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
    close(fd);
    stop();
    ck_assert_int_eq(access(link, F_OK), -1);
}
END_TEST

/* A host that goes away and comes back is no hang-up. */
START_TEST(pty_reopened)
{
    int fd;

    start((struct fw_linux_options){0});
    for (int i = 0; i < 20; i++) {
        fd = open_pty(fw_linux_path(sim, 0));
        if (i == 0) {
            expect(fd, "ready\r\n");
        }
        talk(fd, "AT\r\n", "OK\r\n");
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
        hear(fd, head + len, 1);
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
        say(fd, "AT+CIPRECVDATA=5760\r\n", 21);
    } else if (!bulk->busy && len > 0) {
        bulk->busy = true;
        snprintf(line, sizeof line, "AT+CIPSEND=%zu\r\n", len);
        say(fd, line, strlen(line));
        say(fd, bulk->sent + bulk->sent_len, len);
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
        hear(fd, bulk->got + bulk->got_len, len);
        expect(fd, head[1] == 'I' ? "\r\n" : "\r\nOK\r\n");
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
    int fd = start_on_socketpair((struct fw_linux_options){0});

    join(fd);
    if (_i == 1) {
        talk(fd, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    }
    connect_to(fd, "TCP", "localhost", start_echo(AF_INET));
    move_bulk(fd);
    close(fd);
}
END_TEST

START_TEST(tcpv6_link)
{
    int fd = start_on_socketpair((struct fw_linux_options){0});
    unsigned port = start_echo(AF_INET6);

    if (port == 0) {
        return; /* this machine has no IPv6 */
    }
    join(fd);
    connect_to(fd, "TCPv6", "::1", port);
    talk(fd, "AT+CIPSEND=2\r\nhi", "OK\r\n>\r\nSEND OK\r\n+IPD,2:hi\r\n");
    close(fd);
}
END_TEST

START_TEST(connect_failures)
{
    int fd = start_on_socketpair((struct fw_linux_options){.resolver = "127.0.0.1:9"});
    int listener;
    unsigned port = listen_at(AF_INET, &listener);
    char line[96];

    close(listener); /* nobody there any more */
    join(fd);
    snprintf(line, sizeof line, "AT+CIPSTART=\"TCP\",\"127.0.0.1\",%u\r\n", port);
    talk(fd, line, "ERROR\r\n");
    talk(fd, "AT+CIPSTART=\"TCP\",\"127.0.0.1\",80,,\"192.0.2.99\"\r\n", "ERROR\r\n");
    talk(fd, "AT+CIPSTART=\"TCP\",\"no such name\",80\r\n", "ERROR\r\n");
    talk(fd, "AT\r\n", "OK\r\n");
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
    fd = start_on_socketpair((struct fw_linux_options){.resolver = resolver});
    join(fd);
    connect_to(fd, "TCP", "echo.example.com", start_echo(AF_INET));
    pthread_join(dns_thread, NULL);
    close(fd);
}
END_TEST

START_TEST(starts_joined)
{
    int fd = start_on_socketpair(
        (struct fw_linux_options){.join_ssid = "wmat", .address = "127.87.3.4"});

    expect(fd, "WIFI CONNECTED\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    talk(fd, "AT+CIPSTA?\r\n", "+CIPSTA:ip:\"127.87.3.4\"\r\n");
    close(fd);
}
END_TEST

/* The end of the stream ends the run. */
START_TEST(end_of_stream)
{
    int fd = start_on_socketpair((struct fw_linux_options){0});

    close(fd);
    pthread_join(sim_thread, NULL);
    ck_assert_int_eq(run_result, 0);
    fw_linux_close(sim);
    sim = NULL;
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

    start((struct fw_linux_options){.uart = FW_LINUX_LISTEN, .listen = "127.0.0.1:0"});
    first = call(fw_linux_path(sim, 0));
    talk(first, "AT+CIPMUX=1\r\n", "OK\r\n");
    second = call(fw_linux_path(sim, 0));
    ck_assert_int_le(read(second, &(char){0}, 1), 0); /* turned away */
    close(second);
    talk(first, "AT\r\n", "OK\r\n");
    shutdown(first, SHUT_WR);
    ck_assert_int_eq(read(first, &(char){0}, 1), 0);
    close(first);
    second = call(fw_linux_path(sim, 0));
    talk(second, "AT+CIPMUX?\r\n", "+CIPMUX:1\r\nOK\r\n");
    close(second);
}
END_TEST

START_TEST(several_modules)
{
    char link[256], path[256];

    in_dir(link, "link");
    start((struct fw_linux_options){.link_path = link, .count = 2, .join_ssid = "wmat"});
    for (int i = 0; i < 2; i++) {
        char expected[64];
        int fd;

        snprintf(path, sizeof path, "%.250s%d", link, i);
        ck_assert_str_eq(fw_linux_path(sim, (unsigned)i), path);
        fd = open_pty(path);
        expect(
            fd,
            "ready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
        snprintf(expected, sizeof expected, "+CIFSR:STAIP,\"127.87.0.%d\"\r\n", i + 1);
        talk(fd, "AT+CIFSR\r\n", expected);
        close(fd);
    }
}
END_TEST

static void read_text(const char *path, char *text, size_t cap)
{
    FILE *file = fopen(path, "r");

    ck_assert_msg(file != NULL, "%s: %s", path, strerror(errno));
    text[fread(text, 1, cap - 1, file)] = '\0';
    fclose(file);
}

START_TEST(settings_file)
{
    struct fw_linux_options options = {0};
    struct stat first, second;
    char state[256], text[4096];
    int fd;

    in_dir(state, "state");
    options.state_path = state;
    fd = start_on_socketpair(options);
    join(fd);
    close(fd);
    stop();
    read_text(state, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "\"wmat-demo-1\""));
    ck_assert_int_eq(stat(state, &first), 0);
    ck_assert_uint_eq(first.st_mode & 0777, 0600); /* it holds a password */
    fd = start_on_socketpair(options);
    expect(fd, "WIFI CONNECTED\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    ck_assert_int_eq(stat(state, &second), 0);
    ck_assert_uint_eq(first.st_ino, second.st_ino); /* an equal value writes nothing */
    talk(fd, "AT+CWMODE=3\r\n", "OK\r\n");
    ck_assert_int_eq(stat(state, &second), 0);
    ck_assert_uint_ne(first.st_ino, second.st_ino); /* replaced, not written over */
    in_dir(state, "state.tmp");
    ck_assert_int_eq(access(state, F_OK), -1);
    close(fd);
}
END_TEST

/* A module starts whatever is in the place of its settings (test_nvs.c has the kinds of damage). */
START_TEST(damaged_settings_file)
{
    char state[256], bad[256], text[256];
    FILE *file;
    int fd;

    in_dir(state, "state");
    in_dir(bad, "state.bad");
    file = fopen(state, "w");
    fputs("{\"wifi.mode\": \"3\"", file);
    fclose(file);
    fd = start_on_socketpair((struct fw_linux_options){.state_path = state});
    talk(fd, "AT+CWMODE?\r\n", "+CWMODE:1\r\nOK\r\n");
    read_text(bad, text, sizeof text);
    ck_assert_str_eq(text, "{\"wifi.mode\": \"3\"");
    close(fd);
}
END_TEST

/* The temporary file can't be written: the old settings stay whole. */
START_TEST(settings_that_cannot_be_written)
{
    char state[256], temporary[256], text[256];
    FILE *file;
    int fd;

    in_dir(state, "state");
    in_dir(temporary, "state.tmp");
    file = fopen(state, "w");
    fputs("{\"wifi.mode\":\"2\"}", file);
    fclose(file);
    ck_assert_int_eq(mkdir(temporary, 0700), 0);
    fd = start_on_socketpair((struct fw_linux_options){.state_path = state});
    talk(fd, "AT+CWMODE?\r\n", "+CWMODE:2\r\nOK\r\n");
    talk(fd, "AT+CWMODE=3\r\nAT+CWMODE?\r\n", "OK\r\n+CWMODE:3\r\nOK\r\n");
    read_text(state, text, sizeof text);
    ck_assert_str_eq(text, "{\"wifi.mode\":\"2\"}");
    rmdir(temporary);
    close(fd);
}
END_TEST

static void refuse(struct fw_linux_options options, const char *word)
{
    struct fw_linux *none = (struct fw_linux *)&options;
    char err[256] = "";

    ck_assert_int_lt(fw_linux_open(&none, &options, err, sizeof err), 0);
    ck_assert_ptr_null(none);
    ck_assert_msg(strstr(err, word) != NULL, "%s", err);
    ck_assert_int_lt(fw_linux_open(&none, &options, NULL, 0), 0);
}

/* A script lets things happen to running modules, each to its own; reset is a power cycle. */
START_TEST(script)
{
    char path[256];
    FILE *file;
    int first, second;

    in_dir(path, "script");
    file = fopen(path, "w");
    fputs("0 module 0 ap-gone wmat\n"
          "1 module 1 reset\n"
          "2 module 0 ap-back wmat # not a comment here\n",
          file);
    fclose(file);
    refuse((struct fw_linux_options){.script_path = path, .count = 2}, ":3: ");
    file = fopen(path, "w");
    fputs("0 module 0 ap-gone wmat\n1 module 1 reset\n", file);
    fclose(file);
    start((struct fw_linux_options){.script_path = path, .count = 2, .join_ssid = "wmat"});
    first = open_pty(fw_linux_path(sim, 0));
    expect(first, "ready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\n"
                  "WIFI GOT IPv6 GL\r\nWIFI DISCONNECT\r\n");
    second = open_pty(fw_linux_path(sim, 1));
    expect(second, "ready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\n"
                   "WIFI GOT IPv6 GL\r\nready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n");
    close(first);
    close(second);
}
END_TEST

START_TEST(trace_file)
{
    char trace[256], text[4096];
    int fd;

    in_dir(trace, "trace");
    fd = start_on_socketpair((struct fw_linux_options){.trace_path = trace});
    talk(fd, "AT\"\x01\xff\r\n", "CMD FORMAT ERR\r\n");
    close(fd);
    stop();
    read_text(trace, text, sizeof text);
    ck_assert_ptr_nonnull(
        strstr(text, "\"module\":0,\"dir\":\"out\",\"bytes\":\"ready\\r\\n\"}\n"));
    ck_assert_ptr_nonnull(
        strstr(text, "\"dir\":\"in\",\"bytes\":\"AT\\\"\\u0001\\u00ff\\r\\n\"}\n"));
    ck_assert_ptr_nonnull(strstr(text, "\"event\":\"command\",\"text\":\"running\"}\n"));
}
END_TEST

START_TEST(wrong_options)
{
    static const struct fw_linux_ap short_password = {"net", "1234567"}, no_name = {"", NULL};
    char path[256];
    FILE *file;

    refuse((struct fw_linux_options){.address = "host"}, "host");
    refuse((struct fw_linux_options){.resolver = "x"}, "ADDR:PORT");
    refuse((struct fw_linux_options){.join_ssid = "nobody"}, "nobody");
    refuse((struct fw_linux_options){.aps = &short_password, .ap_count = 1}, "8 to 63");
    refuse((struct fw_linux_options){.aps = &no_name, .ap_count = 1}, "1 to 32");
    refuse((struct fw_linux_options){.uart = FW_LINUX_LISTEN, .listen = "nonsense"}, "HOST:PORT");
    refuse((struct fw_linux_options){.uart = FW_LINUX_LISTEN, .listen = "127.0.0.1:65536"},
           "HOST:PORT");
    refuse((struct fw_linux_options){.uart = FW_LINUX_LISTEN}, "HOST:PORT");
    refuse((struct fw_linux_options){.uart = FW_LINUX_STDIO, .count = 2}, "several");
    refuse((struct fw_linux_options){.uart = FW_LINUX_FD, .uart_fd = -1}, "not open");
    refuse((struct fw_linux_options){.uart = FW_LINUX_STDIO, .link_path = "x"}, "only a pty");
    refuse((struct fw_linux_options){.link_path = "/nonexistent/link"}, "/nonexistent/link");
    refuse((struct fw_linux_options){.trace_path = "/nonexistent/trace"}, "/nonexistent/trace");
    refuse((struct fw_linux_options){.script_path = "/nonexistent/script"}, "/nonexistent/script");
    refuse((struct fw_linux_options){.script_path = "/tmp"}, "can't be read");
    in_dir(path, "link");
    file = fopen(path, "w");
    fclose(file);
    refuse((struct fw_linux_options){.link_path = path}, "no symbolic link");
    ck_assert_int_eq(access(path, F_OK), 0);
}
END_TEST

START_TEST(old_link_is_replaced)
{
    char path[256];

    in_dir(path, "link");
    ck_assert_int_eq(symlink("/nonexistent", path), 0);
    start((struct fw_linux_options){.link_path = path});
    close(open_pty(path));
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
    tcase_add_test(tcase, end_of_stream);
    tcase_add_test(tcase, listening);
    tcase_add_test(tcase, several_modules);
    tcase_add_test(tcase, settings_file);
    tcase_add_test(tcase, damaged_settings_file);
    tcase_add_test(tcase, settings_that_cannot_be_written);
    tcase_add_test(tcase, script);
    tcase_add_test(tcase, trace_file);
    tcase_add_test(tcase, wrong_options);
    tcase_add_test(tcase, old_link_is_replaced);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
