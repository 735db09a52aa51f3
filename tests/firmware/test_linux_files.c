/* firmware/port/linux: the files of a virtual module (settings, script, trace, link), and options
 * that are refused. */
#include <wmfw/linux.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim_thread.h"
#include "suite.h"

static struct fw_linux *modules;

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

    sim_thread_path(state, "state");
    options.state_path = state;
    fd = sim_thread_start_on_socketpair(options);
    host_join(fd);
    close(fd);
    sim_thread_stop();
    read_text(state, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "\"wmat-demo-1\""));
    ck_assert_int_eq(stat(state, &first), 0);
    ck_assert_uint_eq(first.st_mode & 0777, 0600); /* it holds a password */
    fd = sim_thread_start_on_socketpair(options);
    host_expect(fd, "WIFI CONNECTED\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n");
    ck_assert_int_eq(stat(state, &second), 0);
    ck_assert_uint_eq(first.st_ino, second.st_ino); /* an equal value writes nothing */
    host_talk(fd, "AT+CWMODE=3\r\n", "OK\r\n");
    ck_assert_int_eq(stat(state, &second), 0);
    ck_assert_uint_ne(first.st_ino, second.st_ino); /* replaced, not written over */
    sim_thread_path(state, "state.tmp");
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

    sim_thread_path(state, "state");
    sim_thread_path(bad, "state.bad");
    file = fopen(state, "w");
    fputs("{\"wifi.mode\": \"3\"", file);
    fclose(file);
    fd = sim_thread_start_on_socketpair((struct fw_linux_options){.state_path = state});
    host_talk(fd, "AT+CWMODE?\r\n", "+CWMODE:1\r\nOK\r\n");
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

    sim_thread_path(state, "state");
    sim_thread_path(temporary, "state.tmp");
    file = fopen(state, "w");
    fputs("{\"wifi.mode\":\"2\"}", file);
    fclose(file);
    ck_assert_int_eq(mkdir(temporary, 0700), 0);
    fd = sim_thread_start_on_socketpair((struct fw_linux_options){.state_path = state});
    host_talk(fd, "AT+CWMODE?\r\n", "+CWMODE:2\r\nOK\r\n");
    host_talk(fd, "AT+CWMODE=3\r\nAT+CWMODE?\r\n", "OK\r\n+CWMODE:3\r\nOK\r\n");
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

    sim_thread_path(path, "script");
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
    modules = sim_thread_start(
        (struct fw_linux_options){.script_path = path, .count = 2, .join_ssid = "wmat"});
    first = host_open_pty(fw_linux_path(modules, 0));
    host_expect(first, "ready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\n"
                       "WIFI GOT IPv6 GL\r\nWIFI DISCONNECT\r\n");
    second = host_open_pty(fw_linux_path(modules, 1));
    host_expect(second, "ready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\n"
                        "WIFI GOT IPv6 GL\r\nready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n");
    close(first);
    close(second);
}
END_TEST

START_TEST(trace_file)
{
    char trace[256], text[4096];
    int fd;

    sim_thread_path(trace, "trace");
    fd = sim_thread_start_on_socketpair((struct fw_linux_options){.trace_path = trace});
    host_talk(fd, "AT\"\x01\xff\r\n", "CMD FORMAT ERR\r\n");
    close(fd);
    sim_thread_stop();
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
    refuse((struct fw_linux_options){.groups_at = "nowhere0"}, "no such interface");
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
    sim_thread_path(path, "link");
    file = fopen(path, "w");
    fclose(file);
    refuse((struct fw_linux_options){.link_path = path}, "no symbolic link");
    ck_assert_int_eq(access(path, F_OK), 0);
}
END_TEST

/* Only what a module has left behind that was killed is taken away. */
START_TEST(old_link_is_replaced)
{
    char path[256], target[256];
    ssize_t len;

    sim_thread_path(path, "link");
    ck_assert_int_eq(symlink("/etc/hostname", path), 0);
    refuse((struct fw_linux_options){.link_path = path}, "/etc/hostname");
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(symlink("/dev/pts/999999", path), 0);
    modules = sim_thread_start((struct fw_linux_options){.link_path = path});
    refuse((struct fw_linux_options){.link_path = path}, "a module that runs");
    close(host_open_pty(path));
    ck_assert_int_eq(unlink(path), 0); /* somebody else takes the name */
    ck_assert_int_eq(symlink("/dev/null", path), 0);
    sim_thread_stop();
    len = readlink(path, target, sizeof target);
    ck_assert_int_eq(len, 9);
    ck_assert_mem_eq(target, "/dev/null", 9);
}
END_TEST

/* The settings are where a symbolic link leads to. */
START_TEST(settings_behind_a_link)
{
    char state[256], real[256], text[4096];
    int fd;

    sim_thread_path(state, "state");
    sim_thread_path(real, "real");
    fd = sim_thread_start_on_socketpair((struct fw_linux_options){.state_path = real});
    host_talk(fd, "AT+CWMODE=2\r\n", "OK\r\n");
    close(fd);
    sim_thread_stop();
    ck_assert_int_eq(symlink(real, state), 0);
    fd = sim_thread_start_on_socketpair((struct fw_linux_options){.state_path = state});
    host_talk(fd, "AT+CWMODE=3\r\n", "OK\r\n");
    close(fd);
    sim_thread_stop();
    read_text(real, text, sizeof text);
    ck_assert_ptr_nonnull(strstr(text, "\"wifi.mode\":\t\"3\""));
    ck_assert_int_gt(readlink(state, text, sizeof text), 0);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("linux files");
    TCase *tcase = tcase_create("linux files");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, sim_thread_setup, sim_thread_teardown);
    tcase_add_test(tcase, settings_file);
    tcase_add_test(tcase, damaged_settings_file);
    tcase_add_test(tcase, settings_that_cannot_be_written);
    tcase_add_test(tcase, script);
    tcase_add_test(tcase, trace_file);
    tcase_add_test(tcase, wrong_options);
    tcase_add_test(tcase, old_link_is_replaced);
    tcase_add_test(tcase, settings_behind_a_link);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
