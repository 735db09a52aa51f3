#include "conform.h"

#include <poll.h>
#include <string.h>
#include <time.h>

#define SEND_LIMIT_MS 10000

uint64_t conform_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void conform_wait(unsigned ms)
{
    struct timespec time = {ms / 1000, (long)(ms % 1000) * 1000000};

    while (nanosleep(&time, &time) != 0) {
    }
}

static void wait_port(struct conform_line *line, short events, int ms)
{
    struct pollfd ready = {.fd = line->port->ops->fd(line->port), .events = events};

    poll(&ready, 1, ms);
}

static void record(struct conform_line *line, enum wm_trace_kind kind, const void *bytes,
                   size_t len)
{
    if (line->trace != NULL)
        trace_write(line->trace, kind, bytes, len, conform_now_ms());
}

/* What the port holds now. False: nothing. */
static bool read_now(struct conform_line *line)
{
    ptrdiff_t n;

    if (line->len == sizeof line->bytes || line->gone)
        return false;
    n = line->port->ops->read(line->port, line->bytes + line->len, sizeof line->bytes - line->len);
    line->gone = n < 0;
    if (n <= 0)
        return false;
    record(line, WM_TRACE_RX, line->bytes + line->len, (size_t)n);
    line->len += (size_t)n;
    return true;
}

void conform_send(struct conform_line *line, const void *bytes, size_t len)
{
    const char *at = bytes;
    uint64_t end_ms = conform_now_ms() + SEND_LIMIT_MS;

    while (len > 0 && !line->gone) {
        ptrdiff_t n = line->port->ops->write(line->port, at, len);

        line->gone = n < 0 || conform_now_ms() > end_ms;
        if (n > 0) {
            record(line, WM_TRACE_TX, at, (size_t)n);
            at += n;
            len -= (size_t)n;
        } else if (n == 0) {
            read_now(line); /* a module whose output stands still may take nothing */
            wait_port(line, POLLOUT | POLLIN, 100);
        }
    }
}

bool conform_receive(struct conform_line *line, unsigned ms)
{
    uint64_t end_ms = conform_now_ms() + ms;

    for (;;) {
        uint64_t now_ms = conform_now_ms();

        if (read_now(line))
            return true;
        if (line->gone || now_ms >= end_ms || line->len == sizeof line->bytes)
            return false;
        wait_port(line, POLLIN, (int)(end_ms - now_ms));
    }
}

void conform_take(struct conform_line *line, size_t len)
{
    memmove(line->bytes, line->bytes + len, line->len - len);
    line->len -= len;
}

void conform_drop(struct conform_line *line)
{
    line->len = 0;
}

void conform_settle(struct conform_line *line, unsigned silence_ms)
{
    do {
        conform_drop(line);
    } while (conform_receive(line, silence_ms));
}

static bool has(const struct conform_line *line, const char *text)
{
    return memmem(line->bytes, line->len, text, strlen(text)) != NULL;
}

bool conform_await(struct conform_line *line, const char *text, unsigned ms)
{
    uint64_t end_ms = conform_now_ms() + ms;

    while (!has(line, text)) {
        uint64_t now_ms = conform_now_ms();

        if (now_ms >= end_ms || !conform_receive(line, (unsigned)(end_ms - now_ms)))
            return false;
    }
    return true;
}

/* The end of a whole line that is a final result; NULL: it has not come. *ok: it is OK. */
static const char *final_end(const char *text, const char *end, bool *ok)
{
    static const char *const finals[] = {"OK\r\n", "ERROR\r\n", "CMD FORMAT ERR\r\n",
                                         "CMD PARSE ERR\r\n"};

    while (text < end) {
        const char *line_end = memchr(text, '\n', (size_t)(end - text));

        if (line_end == NULL)
            return NULL;
        for (size_t i = 0; i < sizeof finals / sizeof *finals; i++) {
            size_t len = strlen(finals[i]);

            if ((size_t)(line_end + 1 - text) == len && memcmp(text, finals[i], len) == 0) {
                *ok = i == 0;
                return line_end + 1;
            }
        }
        text = line_end + 1;
    }
    return NULL;
}

static const char *without_echo(struct conform_line *line, const char *command)
{
    size_t len = strlen(command);

    if (line->len >= len + 4 && memcmp(line->bytes, command, len) == 0)
        return line->bytes + len + 4;
    return line->bytes;
}

int conform_command(struct conform_line *line, const char *command, char *answer, size_t size,
                    unsigned ms)
{
    uint64_t end_ms = conform_now_ms() + ms;
    const char *end;
    bool ok = false;

    conform_drop(line);
    conform_send(line, command, strlen(command));
    conform_send(line, "\r\n", 2);
    while ((end = final_end(line->bytes, line->bytes + line->len, &ok)) == NULL) {
        uint64_t now_ms = conform_now_ms();

        if (now_ms >= end_ms || !conform_receive(line, (unsigned)(end_ms - now_ms)))
            return -1;
    }
    if (size > 0) {
        const char *from = without_echo(line, command);
        size_t len = end > from ? (size_t)(end - from) : 0;

        len = len < size ? len : size - 1;
        memcpy(answer, from, len);
        answer[len] = '\0';
    }
    conform_take(line, (size_t)(end - line->bytes));
    return ok ? 0 : 1;
}
