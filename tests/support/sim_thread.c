#include "sim_thread.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "test_dialect.h"

enum { PATIENCE_MS = 20000 };

static struct fw_linux *sim;
static pthread_t thread;
static int stop_pipe[2], run_result;
static char dir[64];

static void *run(void *arg)
{
    (void)arg;
    run_result = fw_linux_run(sim, stop_pipe[0]);
    return NULL;
}

void sim_thread_setup(void)
{
    strcpy(dir, "/tmp/wmfw-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(pipe(stop_pipe), 0);
    sim = NULL;
}

struct fw_linux *sim_thread_start(struct fw_linux_options options)
{
    char err[256] = "";

    if (options.dialect == FW_DIALECT_MANUAL) {
        options.dialect = test_dialect();
    }
    ck_assert_msg(fw_linux_open(&sim, &options, err, sizeof err) == 0, "%s", err);
    ck_assert_int_eq(pthread_create(&thread, NULL, run, NULL), 0);
    return sim;
}

void sim_thread_join(void)
{
    pthread_join(thread, NULL);
    ck_assert_int_eq(run_result, 0);
    fw_linux_close(sim);
    sim = NULL;
}

void sim_thread_stop(void)
{
    ck_assert_int_eq(write(stop_pipe[1], "x", 1), 1);
    sim_thread_join();
    ck_assert_int_eq(read(stop_pipe[0], &(char){0}, 1), 1);
}

void sim_thread_path(char path[256], const char *name)
{
    snprintf(path, 256, "%.60s/%.190s", dir, name);
}

static void remove_folder(void)
{
    DIR *folder = opendir(dir);
    struct dirent *entry;
    char path[256];

    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.') {
            sim_thread_path(path, entry->d_name);
            remove(path);
        }
    }
    closedir(folder);
    rmdir(dir);
}

void sim_thread_teardown(void)
{
    if (sim != NULL) {
        sim_thread_stop();
    }
    remove_folder();
    close(stop_pipe[0]);
    close(stop_pipe[1]);
}

void host_say(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        ssize_t n = write(fd, at, len);

        ck_assert_msg(n > 0 || errno == EAGAIN, "write: %s", strerror(errno));
        at += n > 0 ? n : 0;
        len -= n > 0 ? (size_t)n : 0;
    }
}

void host_hear(int fd, void *buf, size_t len)
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

void host_expect(int fd, const char *text)
{
    char said[1024] = "";

    ck_assert_uint_lt(strlen(text), sizeof said);
    host_hear(fd, said, strlen(text));
    ck_assert_str_eq(said, text);
}

void host_talk(int fd, const char *line, const char *answer)
{
    host_say(fd, line, strlen(line));
    host_expect(fd, answer);
}

int host_open_pty(const char *path)
{
    int fd = open(path, O_RDWR | O_NOCTTY);

    ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
    return fd;
}

int sim_thread_start_on_socketpair(struct fw_linux_options options)
{
    int ends[2];

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    options.uart = FW_LINUX_FD;
    options.uart_fd = ends[0];
    sim_thread_start(options);
    host_expect(ends[1], "ready\r\n");
    return ends[1];
}

void host_join(int fd)
{
    host_talk(fd, "AT+CWJAP=\"wmat\",\"wmat-demo-1\"\r\n",
              "WIFI CONNECTED\r\nOK\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
}
