/* firmware/port/linux/nvs: the settings file: written whole or not at all, and whatever is found in
 * its place gives defaults, a warning and a kept copy. */
#include "nvs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suite.h"

enum { TOO_LARGE = 65537, NOBODY = 65534 };

static char dir[32], path[64];
static struct fw_nvs nvs;

static bool is_root;

static void setup(void)
{
    strcpy(dir, "/tmp/wmfw-test-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/state", dir);
}

/* Root may read and write everything: goes on as somebody who may not. */
static void give_up_privileges(void)
{
    is_root = geteuid() == 0;
    if (is_root) {
        ck_assert_int_eq(chown(dir, NOBODY, NOBODY), 0);
        ck_assert_int_eq(chown(path, NOBODY, NOBODY), 0);
        ck_assert_int_eq(seteuid(NOBODY), 0);
    }
}

static void teardown(void)
{
    char command[128];

    fw_nvs_close(&nvs);
    if (is_root) {
        ck_assert_int_eq(seteuid(0), 0);
        prctl(PR_SET_DUMPABLE, 1); /* a leak checker looks into the process when it ends */
    }
    snprintf(command, sizeof command, "chmod -R u+rwx %s; rm -rf %s", dir, dir);
    ck_assert_int_eq(system(command), 0);
}

static const char *name_of(const char *suffix)
{
    static char name[96];

    snprintf(name, sizeof name, "%s%s", path, suffix);
    return name;
}

static void write_file(const char *suffix, const char *bytes, size_t len)
{
    FILE *file = fopen(name_of(suffix), "w");

    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, len, file), len);
    fclose(file);
}

static void expect_file(const char *suffix, const char *bytes, size_t len)
{
    static char found[TOO_LARGE + 1];
    FILE *file = fopen(name_of(suffix), "r");

    ck_assert_msg(file != NULL, "%s: %s", name_of(suffix), strerror(errno));
    ck_assert_uint_eq(fread(found, 1, sizeof found, file), len);
    ck_assert_int_eq(memcmp(found, bytes, len), 0);
    fclose(file);
}

static bool exists(const char *suffix)
{
    struct stat about;

    return lstat(name_of(suffix), &about) == 0;
}

/* Opens it, and what it says on standard error; "" for nothing. */
static const char *open_nvs(void)
{
    static char said[512];
    int kept = dup(STDERR_FILENO), out = memfd_create("stderr", 0);
    ssize_t len;

    fflush(stderr);
    ck_assert_int_ge(dup2(out, STDERR_FILENO), 0);
    ck_assert_int_eq(fw_nvs_init(&nvs, path), 0);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    len = pread(out, said, sizeof said - 1, 0);
    said[len > 0 ? len : 0] = '\0';
    close(kept);
    close(out);
    return said;
}

static int get(const char *key, char text[96])
{
    return fw_nvs_ops.get(&nvs, key, text, 96);
}

static const struct {
    const char *bytes;
    size_t len;
} damaged[] = {
    {"", 0},
    {"{", 1},
    {"[]", 2},
    {"\"text\"", 6},
    {"{\"wifi.mode\": 3}", 16},
    {"{\"wifi.mode\": \"3\"", 17},
    {"{\"wifi.mode\": null}", 19},
    {"{\"wifi.mode\": {\"a\":\"b\"}}", 25},
    {"{\"wifi.mode\": \"3\"} x", 20},
    {"{\"wifi.mode\": \"3\"}\0", 19},
    {"{\"a\":\"1\",\"a\":\"2\"}", 17},
    {"\xff\xfe\x00\x01", 4},
    {"{\"a\":\"\\uD800\"}", 14},
};

START_TEST(damage)
{
    char text[96];

    write_file("", damaged[_i].bytes, damaged[_i].len);
    ck_assert_ptr_nonnull(strstr(open_nvs(), "is damaged: starting from defaults"));
    ck_assert_int_lt(get("wifi.mode", text), 0);
    expect_file(".bad", damaged[_i].bytes, damaged[_i].len);
    fw_nvs_ops.put(&nvs, "wifi.mode", "2");
    ck_assert_int_eq(fw_nvs_ops.commit(&nvs), 0);
    fw_nvs_close(&nvs);
    ck_assert_str_eq(open_nvs(), "");
    ck_assert_int_eq(get("wifi.mode", text), 1);
}
END_TEST

/* Every beginning of a file that was written is damage, or (the last one) the whole. */
START_TEST(truncation)
{
    char whole[512], text[96];
    size_t len;
    FILE *file;

    ck_assert_str_eq(open_nvs(), "");
    fw_nvs_ops.put(&nvs, "join.ssid", "a \"quoted\\ name");
    fw_nvs_ops.put(&nvs, "wifi.mode", "3");
    ck_assert_int_eq(fw_nvs_ops.commit(&nvs), 0);
    fw_nvs_close(&nvs);
    file = fopen(path, "r");
    len = fread(whole, 1, sizeof whole, file);
    fclose(file);
    for (size_t at = 0; at < len; at++) {
        write_file("", whole, at);
        ck_assert_ptr_nonnull(strstr(open_nvs(), "is damaged"));
        ck_assert_int_lt(get("wifi.mode", text), 0);
        fw_nvs_close(&nvs);
    }
    write_file("", whole, len);
    ck_assert_str_eq(open_nvs(), "");
    ck_assert_int_eq(get("join.ssid", text), 15);
    ck_assert_str_eq(text, "a \"quoted\\ name");
}
END_TEST

/* No kept copy is overwritten: the next one has another name. */
START_TEST(older_copies_stay)
{
    write_file("", "first", 5);
    ck_assert_ptr_nonnull(strstr(open_nvs(), "state.bad\n"));
    fw_nvs_close(&nvs);
    write_file("", "second", 6);
    ck_assert_ptr_nonnull(strstr(open_nvs(), "state.bad.1\n"));
    fw_nvs_close(&nvs);
    write_file("", "third", 5);
    ck_assert_ptr_nonnull(strstr(open_nvs(), "state.bad.2\n"));
    expect_file(".bad", "first", 5);
    expect_file(".bad.1", "second", 6);
    expect_file(".bad.2", "third", 5);
}
END_TEST

START_TEST(too_large)
{
    static char bytes[TOO_LARGE];

    memset(bytes, ' ', sizeof bytes);
    bytes[0] = '{';
    bytes[TOO_LARGE - 2] = '}';
    write_file("", bytes, TOO_LARGE - 1); /* the largest */
    ck_assert_str_eq(open_nvs(), "");
    fw_nvs_close(&nvs);
    write_file("", bytes, TOO_LARGE);
    ck_assert_ptr_nonnull(strstr(open_nvs(), "is too large: starting from defaults"));
    expect_file(".bad", bytes, TOO_LARGE);
}
END_TEST

START_TEST(no_permission)
{
    char text[96];

    write_file("", "{\"wifi.mode\": \"3\"}", 18);
    ck_assert_int_eq(chmod(path, 0), 0);
    give_up_privileges();
    ck_assert_ptr_nonnull(strstr(open_nvs(), "can't be read: starting from defaults"));
    ck_assert_int_lt(get("wifi.mode", text), 0);
    ck_assert(!exists(""));
    ck_assert_int_eq(chmod(name_of(".bad"), 0600), 0);
    expect_file(".bad", "{\"wifi.mode\": \"3\"}", 18);
}
END_TEST

/* What can't be moved away is not touched, and nothing is written over it. */
START_TEST(copy_that_cannot_be_kept)
{
    write_file("", "damage", 6);
    give_up_privileges();
    ck_assert_int_eq(chmod(dir, 0500), 0);
    ck_assert_ptr_nonnull(strstr(open_nvs(), "is damaged: starting from defaults; it is left"));
    fw_nvs_ops.put(&nvs, "wifi.mode", "2");
    ck_assert_int_eq(chmod(dir, 0700), 0);
    ck_assert_int_eq(fw_nvs_ops.commit(&nvs), 0);
    expect_file("", "damage", 6);
}
END_TEST

/* A directory, a pipe that nobody writes to, a device: left alone, without waiting. */
START_TEST(no_regular_file)
{
    if (_i == 0) {
        ck_assert_int_eq(mkdir(path, 0700), 0);
    } else if (_i == 1) {
        ck_assert_int_eq(mkfifo(path, 0600), 0);
    } else {
        ck_assert_int_eq(symlink("/dev/zero", path), 0);
    }
    ck_assert_ptr_nonnull(strstr(open_nvs(), "is no regular file: starting from defaults"));
    fw_nvs_ops.put(&nvs, "wifi.mode", "2");
    ck_assert_int_eq(fw_nvs_ops.commit(&nvs), 0);
    ck_assert(exists(""));
    ck_assert(!exists(".bad"));
    ck_assert(!exists(".tmp"));
}
END_TEST

/* A file that an interrupted write has left, or a symbolic link in its place. */
START_TEST(old_temporary_file)
{
    char text[96];

    write_file("victim", "precious", 8);
    if (_i == 0) {
        write_file(".tmp", "{\"wifi.mo", 9);
    } else {
        char victim[128];

        strcpy(victim, name_of("victim"));
        ck_assert_int_eq(symlink(victim, name_of(".tmp")), 0);
    }
    ck_assert_str_eq(open_nvs(), "");
    fw_nvs_ops.put(&nvs, "wifi.mode", "2");
    ck_assert_int_eq(fw_nvs_ops.commit(&nvs), 0);
    fw_nvs_close(&nvs);
    ck_assert(!exists(".tmp"));
    expect_file("victim", "precious", 8);
    ck_assert_str_eq(open_nvs(), "");
    ck_assert_int_eq(get("wifi.mode", text), 1);
}
END_TEST

/* A text of any bytes that a command can store. */
START_TEST(any_text)
{
    char all[96] = "", text[96];

    ck_assert_str_eq(open_nvs(), "");
    for (int i = 0; i < 90; i++) {
        all[i] = (char)(i < 40 ? 0x20 + i : 0x80 + i);
    }
    fw_nvs_ops.put(&nvs, "join.ssid", all);
    ck_assert_int_eq(fw_nvs_ops.commit(&nvs), 0);
    fw_nvs_close(&nvs);
    ck_assert_str_eq(open_nvs(), "");
    ck_assert_int_eq(get("join.ssid", text), 90);
    ck_assert_str_eq(text, all);
    ck_assert_int_lt(fw_nvs_ops.get(&nvs, "join.ssid", text, 90), 0); /* needs 91 */
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("nvs");
    TCase *tcase = tcase_create("nvs");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, damage, 0, sizeof damaged / sizeof *damaged);
    tcase_add_test(tcase, truncation);
    tcase_add_test(tcase, older_copies_stay);
    tcase_add_test(tcase, too_large);
    tcase_add_test(tcase, no_permission);
    tcase_add_test(tcase, copy_that_cannot_be_kept);
    tcase_add_loop_test(tcase, no_regular_file, 0, 3);
    tcase_add_loop_test(tcase, old_temporary_file, 0, 2);
    tcase_add_test(tcase, any_text);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
