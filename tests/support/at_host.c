#include "at_host.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define OPTIONS_MAX 24

const char *at_address(unsigned index)
{
    static char text[4][20];
    unsigned pid = (unsigned)getpid();
    snprintf(text[index], sizeof text[index], "127.%u.%u.%u", 64 + (pid >> 14 & 127),
             pid >> 6 & 255, (pid & 63) << 2 | index);
    return text[index];
}

void at_attach(struct at_host *host, const char *path)
{
    struct termios raw;
    memset(host, 0, sizeof *host);
    host->fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    ck_assert_msg(host->fd >= 0, "%s: %s", path, strerror(errno));
    ck_assert_int_eq(tcgetattr(host->fd, &raw), 0);
    cfmakeraw(&raw);
    ck_assert_int_eq(tcsetattr(host->fd, TCSANOW, &raw), 0);
    at_await(host, "WIFI GOT IPv6 GL\r\n");
}

void at_open(struct at_host *host, const char *trace, const char *const *options)
{
    const char *words[OPTIONS_MAX] = {getenv("W800_SIM"), "--join", "wmat", "--address",
                                      at_address(0)};
    size_t count = 5;
    struct process sim;
    char line[300];
    ck_assert_msg(words[0], "W800_SIM must name the program; run the test through meson");
    for (; options && *options; options++)
        words[count++] = *options;
    if (trace) {
        words[count++] = "--trace";
        words[count++] = trace;
    }
    ck_assert_uint_lt(count, OPTIONS_MAX);
    process_start(&sim, words);
    process_line(&sim, line, sizeof line);
    ck_assert_msg(strncmp(line, "ready ", 6) == 0, "w800-sim said \"%s\"", line);
    at_attach(host, line + 6);
    host->sim = sim;
    snprintf(host->trace, sizeof host->trace, "%s", trace ? trace : "");
}

void at_close(struct at_host *host)
{
    close(host->fd);
    if (host->sim.pid > 0) {
        int status = process_stop(&host->sim);
        ck_assert_msg(status == 0, "w800-sim: exit status %d: %s", status, host->sim.said);
    }
}

void at_write(struct at_host *host, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        ssize_t n = write(host->fd, at, len);
        ck_assert_msg(n > 0, "write: %s", strerror(errno));
        at += n;
        len -= (size_t)n;
    }
}

static void say(struct at_host *host, const char *format, va_list args)
{
    char line[512];
    int len = vsnprintf(line, sizeof line - 2, format, args);
    ck_assert_int_lt(len, (int)sizeof line - 2);
    memcpy(line + len, "\r\n", 2);
    at_write(host, line, (size_t)len + 2);
}

void at_say(struct at_host *host, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(host, format, args);
    va_end(args);
}

/* Makes room and takes more; fails the test when nothing comes. */
static void hear(struct at_host *host, const char *awaited)
{
    struct pollfd readable = {.fd = host->fd, .events = POLLIN};
    memmove(host->buffer, host->buffer + host->at, host->end - host->at);
    host->end -= host->at;
    host->at = 0;
    ck_assert_msg(poll(&readable, 1, PROCESS_PATIENCE_MS) > 0,
                  "instead of \"%s\" the module says: %.*s", awaited, (int)host->end, host->buffer);
    ck_assert_uint_lt(host->end, sizeof host->buffer);
    ssize_t n = read(host->fd, host->buffer + host->end, sizeof host->buffer - host->end);
    ck_assert_msg(n > 0, "instead of \"%s\" the module has ended; it said: %.*s", awaited,
                  (int)host->end, host->buffer);
    host->end += (size_t)n;
}

static void need(struct at_host *host, size_t len, const char *awaited)
{
    while (host->end - host->at < len)
        hear(host, awaited);
}

void at_expect(struct at_host *host, const char *text)
{
    size_t len = strlen(text);
    need(host, len, text);
    ck_assert_msg(memcmp(host->buffer + host->at, text, len) == 0,
                  "instead of \"%s\" the module says: %.*s", text, (int)(host->end - host->at),
                  host->buffer + host->at);
    host->at += len;
}

void at_await(struct at_host *host, const char *text)
{
    size_t len = strlen(text);
    for (;;) {
        char *found = memmem(host->buffer + host->at, host->end - host->at, text, len);
        if (found) {
            host->at = (size_t)(found - host->buffer) + len;
            return;
        }
        hear(host, text);
    }
}

void at_line(struct at_host *host, char *line, size_t size)
{
    char *end;
    while (!(end = memmem(host->buffer + host->at, host->end - host->at, "\r\n", 2)))
        hear(host, "a line");
    size_t len = (size_t)(end - host->buffer) - host->at;
    ck_assert_uint_lt(len, size);
    memcpy(line, host->buffer + host->at, len);
    line[len] = '\0';
    host->at += len + 2;
}

static bool is_final(const char *line)
{
    static const char *const finals[] = {"OK",        "ERROR",         "SEND OK",
                                         "SEND FAIL", "CMD PARSE ERR", "CMD FORMAT ERR"};
    for (size_t i = 0; i < sizeof finals / sizeof *finals; i++)
        if (strcmp(line, finals[i]) == 0)
            return true;
    return strncmp(line, "busy", 4) == 0;
}

static void talk(struct at_host *host, const char *result, const char *format, va_list args)
{
    char line[1024];
    say(host, format, args);
    do
        at_line(host, line, sizeof line);
    while (!is_final(line));
    ck_assert_msg(strcmp(line, result) == 0, "%s: %s", format, line);
}

void at_ok(struct at_host *host, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    talk(host, "OK", format, args);
    va_end(args);
}

void at_error(struct at_host *host, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    talk(host, "ERROR", format, args);
    va_end(args);
}

void at_read(struct at_host *host, void *bytes, size_t len)
{
    char *at = bytes;
    while (len > 0) {
        need(host, 1, "payload");
        size_t n = host->end - host->at < len ? host->end - host->at : len;
        memcpy(at, host->buffer + host->at, n);
        host->at += n;
        at += n;
        len -= n;
    }
}

bool at_is_silent(struct at_host *host)
{
    struct pollfd readable = {.fd = host->fd, .events = POLLIN};
    return host->at == host->end && poll(&readable, 1, 0) == 0;
}

bool at_traced(struct at_host *host, const char *text)
{
    char line[65536], event[sizeof line] = "no event\n";
    FILE *file = fopen(host->trace, "re");
    bool found = false;
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fseek(file, (long)host->traced, SEEK_SET), 0);
    while (!found && fgets(line, sizeof line, file)) {
        found = strstr(line, text) != NULL;
        if (strstr(line, "\"event\""))
            strcpy(event, line);
    }
    if (found)
        host->traced = (size_t)ftell(file);
    else
        fprintf(stderr, "the last event is %s", event);
    fclose(file);
    return found;
}

/* "<id>," in multiple connection mode. */
static const char *prefix(int link, char text[16])
{
    text[0] = '\0';
    if (link >= 0)
        snprintf(text, 16, "%d,", link);
    return text;
}

void at_send(struct at_host *host, int link, const void *bytes, size_t len)
{
    char id[16];
    at_say(host, "AT+CIPSEND=%s%zu", prefix(link, id), len);
    at_await(host, "OK\r\n>\r\n");
    at_write(host, bytes, len);
    at_await(host, "SEND OK\r\n");
}

/* The next line that is about received bytes: `+IPD...` up to a colon or the line end, or CLOSED.
 */
static void next_notice(struct at_host *host, char *notice, size_t size)
{
    for (;;) {
        size_t len = 0;
        do {
            ck_assert_uint_lt(len, size - 1);
            at_read(host, notice + len, 1);
            len++;
        } while (notice[len - 1] != '\n' &&
                 (notice[len - 1] != ':' || strncmp(notice, "+IPD", 4) != 0));
        notice[len] = '\0';
        if (strncmp(notice, "+IPD,", 5) == 0 || strstr(notice, "CLOSED"))
            return;
    }
}

size_t at_frame(struct at_host *host, int *link, void *bytes, size_t cap)
{
    char notice[256];
    unsigned first, second = 0;
    next_notice(host, notice, sizeof notice);
    if (notice[0] != '+') {
        *link = notice[0] == 'C' ? -1 : notice[0] - '0';
        return 0;
    }
    bool has_id = sscanf(notice, "+IPD,%u,%u", &first, &second) == 2;
    *link = has_id ? (int)first : -1;
    size_t len = has_id ? second : first;
    ck_assert_uint_le(len, cap);
    at_read(host, bytes, len);
    at_expect(host, "\r\n");
    return len;
}

size_t at_take(struct at_host *host, int link, void *bytes, size_t cap)
{
    char head[64], id[16];
    unsigned len;
    size_t at = 0;
    at_say(host, "AT+CIPRECVDATA=%s%zu", prefix(link, id), cap);
    at_await(host, "+CIPRECVDATA:");
    do {
        ck_assert_uint_lt(at, sizeof head);
        at_read(host, head + at, 1);
    } while (head[at++] != ',');
    ck_assert_int_eq(sscanf(head, "%u", &len), 1);
    at_read(host, bytes, len);
    at_expect(host, "\r\nOK\r\n");
    return len;
}

size_t at_receive(struct at_host *host, int link, void *bytes, size_t cap)
{
    char notice[256];
    next_notice(host, notice, sizeof notice);
    return notice[0] == '+' ? at_take(host, link, bytes, cap) : 0;
}
