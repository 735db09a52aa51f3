#include "scripted.h"

#include <check.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void scripted_say_bytes(struct scripted *module, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0) {
        struct pollfd pfd = {.fd = module->fd, .events = POLLOUT};
        poll(&pfd, 1, -1);
        ssize_t n = send(module->fd, at, len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && (pfd.revents & (POLLHUP | POLLERR)))
            return;
        if (n > 0) {
            at += n;
            len -= (size_t)n;
        }
    }
}

void scripted_say(struct scripted *module, const char *text)
{
    scripted_say_bytes(module, text, strlen(text));
}

static const struct {
    const char *command, *answer;
} answers[] = {
    {"AT+CIPMUX?", "+CIPMUX:1\r\nOK\r\n"},
    {"AT+CWMODE?", "+CWMODE:1\r\nOK\r\n"},
    {"AT+SYSSTORE?", "+SYSSTORE:1\r\nOK\r\n"},
    {"AT+RST", "OK\r\nready\r\n"},
    {"AT+PING", "ERROR\r\n"},
    {"AT", "OK\r\n"},
    {"SEND OK", "SEND OK\r\n"}, /* behind a payload */
};

static void answer_state(struct scripted *module)
{
    char line[64];
    for (int id = 0; id < 5; id++) {
        if (module->links & (1u << id)) {
            snprintf(line, sizeof line, "+CIPSTATE:%d,\"TCP\",\"127.0.0.1\",7,50001,0\r\n", id);
            scripted_say(module, line);
        }
    }
    scripted_say(module, "OK\r\n");
}

/* Commands about links. */
static bool answer_link(struct scripted *module, const char *line)
{
    char text[64];
    int id, len;
    if (strcmp(line, "AT+CIPSTATE?") == 0) {
        answer_state(module);
    } else if (sscanf(line, "AT+CIPSTART=%d", &id) == 1) {
        module->links |= 1u << id;
        snprintf(text, sizeof text, "%d,CONNECT\r\nOK\r\n", id);
        scripted_say(module, text);
    } else if (sscanf(line, "AT+CIPCLOSE=%d", &id) == 1) {
        module->links &= ~(1u << id);
        snprintf(text, sizeof text, "%d,CLOSED\r\n\r\nOK\r\n", id);
        scripted_say(module, text);
    } else if (sscanf(line, "AT+CIPSEND=%d,%d", &id, &len) == 2) {
        module->payload_left = (size_t)len;
        scripted_say(module, "OK\r\n>\r\n");
    } else {
        return false;
    }
    return true;
}

static void answer(struct scripted *module, const char *line)
{
    if (answer_link(module, line))
        return;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (strncmp(line, answers[i].command, strlen(answers[i].command)) == 0) {
            scripted_say(module, answers[i].answer);
            return;
        }
    }
}

static void on_line(struct scripted *module, const char *line)
{
    pthread_mutex_lock(&module->mutex);
    bool held = module->hold && strncmp(line, module->hold, strlen(module->hold)) == 0;
    if (held) {
        module->held = true;
        module->hold = NULL;
        pthread_cond_broadcast(&module->changed);
    }
    bool refused = module->refused && strncmp(line, module->refused, strlen(module->refused)) == 0;
    pthread_mutex_unlock(&module->mutex);
    if (held || module->mute)
        return;
    if (refused)
        scripted_say(module, "ERROR\r\n");
    else
        answer(module, line);
}

static void on_payload(struct scripted *module, char byte)
{
    ck_assert_uint_lt(module->payload_len, sizeof module->payload);
    module->payload[module->payload_len++] = (unsigned char)byte;
    if (--module->payload_left == 0)
        on_line(module, "SEND OK");
}

static void on_byte(struct scripted *module, char byte)
{
    if (module->payload_left > 0) {
        on_payload(module, byte);
        return;
    }
    ck_assert_uint_lt(module->fill, sizeof module->line - 1);
    if (byte == '\r')
        return;
    if (byte != '\n') {
        module->line[module->fill++] = byte;
        return;
    }
    module->line[module->fill] = '\0';
    module->fill = 0;
    on_line(module, module->line);
}

static void wait_while_deaf(struct scripted *module)
{
    pthread_mutex_lock(&module->mutex);
    while (module->deaf && module->payload_left > 0)
        pthread_cond_wait(&module->changed, &module->mutex);
    pthread_mutex_unlock(&module->mutex);
}

static void *run(void *arg)
{
    struct scripted *module = arg;
    char bytes[512];
    ptrdiff_t n;
    for (;;) {
        struct pollfd pfd = {.fd = module->fd, .events = POLLIN};
        poll(&pfd, 1, -1);
        n = module->end->ops->read(module->end, bytes, sizeof bytes);
        if (n < 0)
            return NULL;
        for (ptrdiff_t i = 0; i < n; i++)
            on_byte(module, bytes[i]);
        wait_while_deaf(module);
    }
}

struct wm_transport *scripted_start(struct scripted *module, bool mute)
{
    struct wm_transport *ends[2];
    memset(module, 0, sizeof *module);
    ck_assert_int_eq(wm_transport_pair(ends), 0);
    module->mute = mute;
    module->end = ends[1];
    module->fd = ends[1]->ops->fd(ends[1]);
    pthread_mutex_init(&module->mutex, NULL);
    pthread_cond_init(&module->changed, NULL);
    ck_assert_int_eq(pthread_create(&module->thread, NULL, run, module), 0);
    return ends[0];
}

void scripted_join(struct scripted *module)
{
    pthread_join(module->thread, NULL);
    module->end->ops->close(module->end);
    pthread_cond_destroy(&module->changed);
    pthread_mutex_destroy(&module->mutex);
}

void scripted_hang_up(struct scripted *module)
{
    shutdown(module->fd, SHUT_RDWR);
}

void scripted_hold(struct scripted *module, const char *command)
{
    pthread_mutex_lock(&module->mutex);
    module->hold = command;
    module->held = false;
    pthread_mutex_unlock(&module->mutex);
}

void scripted_await_held(struct scripted *module)
{
    pthread_mutex_lock(&module->mutex);
    while (!module->held)
        pthread_cond_wait(&module->changed, &module->mutex);
    pthread_mutex_unlock(&module->mutex);
}

void scripted_answer(struct scripted *module, const char *text)
{
    scripted_await_held(module);
    scripted_say(module, text);
}

void scripted_refuse(struct scripted *module, const char *command)
{
    pthread_mutex_lock(&module->mutex);
    module->refused = command;
    pthread_mutex_unlock(&module->mutex);
}

void scripted_deafen(struct scripted *module, bool deaf)
{
    pthread_mutex_lock(&module->mutex);
    module->deaf = deaf;
    pthread_cond_broadcast(&module->changed);
    pthread_mutex_unlock(&module->mutex);
}
