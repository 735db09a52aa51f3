/* Names that are no ports, and ports that can't be had: each says what to do. */
#include <check.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <wmat/err.h>
#include <wmat/transport.h>

#include "suite.h"
#include "test_port.h"

static void expect_failure(const char *port, int err, const char *words)
{
    struct wm_transport *transport;
    char detail[WM_DETAIL_MAX];

    ck_assert_int_eq(wm_transport_open(&transport, port, NULL, detail, sizeof detail), err);
    ck_assert_ptr_null(transport);
    ck_assert_msg(strstr(detail, words) != NULL, "%s: '%s' is not in '%s'", port, words, detail);
}

START_TEST(no_name)
{
    struct wm_transport *transport;

    expect_failure("", WM_ERR_ARG, "wmat ports");
    ck_assert_int_eq(wm_transport_open(&transport, NULL, NULL, NULL, 0), WM_ERR_ARG);
}
END_TEST

START_TEST(a_missing_port)
{
    expect_failure("/dev/ttyNOPE7", WM_ERR_IO, "wmat ports");
    expect_failure("/dev/null/ttyUSB0", WM_ERR_IO, "no such port");
}
END_TEST

START_TEST(a_directory)
{
    expect_failure("/dev", WM_ERR_ARG, "a directory");
}
END_TEST

START_TEST(a_file)
{
    char path[] = "/tmp/wmat-test-XXXXXX";
    int fd = mkstemp(path);

    ck_assert_int_ge(fd, 0);
    expect_failure(path, WM_ERR_ARG, "a file");
    unlink(path);
    close(fd);
}
END_TEST

START_TEST(a_device_that_is_no_tty)
{
    expect_failure("/dev/null", WM_ERR_ARG, "no serial port");
}
END_TEST

START_TEST(a_link_in_a_circle)
{
    char folder[] = "/tmp/wmat-test-XXXXXX";
    char link[64];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    strcat(strcpy(link, folder), "/tty");
    ck_assert_int_eq(symlink(link, link), 0);
    expect_failure(link, WM_ERR_IO, "can't look at");
    unlink(link);
    rmdir(folder);
}
END_TEST

/* Where the test runs as root, it tries as another user. */
START_TEST(no_permission)
{
    struct test_pty pty;
    const struct group *group = getgrnam("dialout");
    uid_t user = geteuid();

    test_pty_open(&pty);
    if (user == 0 && group != NULL) {
        ck_assert_int_eq(chown(pty.path, 0, group->gr_gid), 0);
        ck_assert_int_eq(chmod(pty.path, 0660), 0);
        ck_assert_int_eq(setgroups(0, NULL), 0);
        ck_assert_int_eq(seteuid(65534), 0);
        expect_failure(pty.path, WM_ERR_IO, "usermod -aG dialout");
        ck_assert_int_eq(seteuid(user), 0);
    } else {
        ck_assert_int_eq(chmod(pty.path, 0), 0);
        expect_failure(pty.path, WM_ERR_IO, "no permission");
    }
}
END_TEST

START_TEST(a_long_name_does_not_overflow_the_words)
{
    char port[4000];
    struct wm_transport *transport;
    char detail[16];

    memset(port, 'a', sizeof port - 1);
    port[sizeof port - 1] = '\0';
    ck_assert_int_eq(wm_transport_open(&transport, port, NULL, detail, sizeof detail), WM_ERR_IO);
    ck_assert_uint_eq(strlen(detail), sizeof detail - 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("port");
    TCase *tcase = tcase_create("names");

    tcase_add_test(tcase, no_name);
    tcase_add_test(tcase, a_missing_port);
    tcase_add_test(tcase, a_directory);
    tcase_add_test(tcase, a_file);
    tcase_add_test(tcase, a_device_that_is_no_tty);
    tcase_add_test(tcase, a_link_in_a_circle);
    tcase_add_test(tcase, no_permission);
    tcase_add_test(tcase, a_long_name_does_not_overflow_the_words);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
