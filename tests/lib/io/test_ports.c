/* The list of ports. */
#include <check.h>
#include <string.h>

#include <wmat/err.h>
#include <wmat/transport.h>

#include "suite.h"

static int list_two(void *user, struct wm_port *ports, size_t max)
{
    static const struct wm_port found[2] = {
        {.name = "/dev/ttyUSB0", .description = "USB Serial", .usb_vid = 0x1a86, .usb_pid = 0x7523},
        {.name = "/dev/ttyS0", .usb_vid = -1, .usb_pid = -1},
    };

    memcpy(ports, found, (max < 2 ? max : 2) * sizeof *ports);
    return *(int *)user;
}

START_TEST(a_source_of_the_callers)
{
    int result = 2;
    const struct wm_port_source source = {.list = list_two, .user = &result};
    struct wm_port ports[1];

    ck_assert_int_eq(wm_ports(&source, ports, 1), 2);
    ck_assert_str_eq(ports[0].name, "/dev/ttyUSB0");
    result = WM_ERR_IO;
    ck_assert_int_eq(wm_ports(&source, ports, 1), WM_ERR_IO);
}
END_TEST

START_TEST(this_machine)
{
    struct wm_port ports[4];
    int count = wm_ports(NULL, ports, 4);

    ck_assert_int_ge(count, 0);
    for (int i = 0; i < count && i < 4; i++)
        ck_assert_int_eq(strncmp(ports[i].name, "/dev/", 5), 0);
    ck_assert_int_eq(wm_ports(NULL, NULL, 0), count);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ports");
    TCase *tcase = tcase_create("list");

    tcase_add_test(tcase, a_source_of_the_callers);
    tcase_add_test(tcase, this_machine);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
