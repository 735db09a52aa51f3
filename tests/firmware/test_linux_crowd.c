/* firmware/port/linux: multicast and broadcast, among virtual modules of one process. */
#include <wmfw/linux.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "netns.h"
#include "sim_thread.h"
#include "suite.h"

static struct fw_linux *modules;

/* A network of its own with an interface that has a way to IPv6 groups. */
static bool enter_network(void)
{
    static const char command[] =
        "ip link add crowd0 type veth peer name crowd1 && ip link set crowd1 up && "
        "ip link set crowd0 addrgenmode none up && ip address add fe80::87/64 dev crowd0 nodad";

    return netns_enter() && system(command) == 0;
}

/* A module that talks to a crowd; -1 where this host has no network for it. */
static int open_crowd(unsigned index, const char *start)
{
    char said[1];
    int fd = host_open_pty(fw_linux_path(modules, index));

    host_expect(fd, "ready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\n"
                    "WIFI GOT IPv6 GL\r\n");
    host_say(fd, start, strlen(start));
    host_hear(fd, said, 1);
    if (said[0] == 'E') {
        close(fd);
        return -1;
    }
    host_expect(fd, "ONNECT\r\nOK\r\n");
    return fd;
}

/* TCP-IP_AT: CIPSTART, multicast and broadcast. The modules of a host hear each other, and none
 * hears itself. */
START_TEST(a_crowd_hears_each_other)
{
    static const char *const starts[] = {
        "AT+CIPSTART=\"UDP\",\"239.87.1.2\",48701\r\n",
        "AT+CIPSTART=\"UDP\",\"255.255.255.255\",48702\r\n",
    };
    int fds[2];

    modules = sim_thread_start((struct fw_linux_options){.count = 2, .join_ssid = "wmat"});
    for (unsigned i = 0; i < 2; i++) {
        fds[i] = open_crowd(i, starts[_i]);
        ck_assert_int_ge(fds[i], 0);
    }
    for (int turn = 0; turn < 4; turn++) {
        host_talk(fds[turn % 2], "AT+CIPSEND=5\r\n", "OK\r\n>\r\n");
        host_talk(fds[turn % 2], "hello", "SEND OK\r\n");
        host_expect(fds[1 - turn % 2], "+IPD,5:hello\r\n");
    }
    for (int i = 0; i < 2; i++) {
        host_talk(fds[i], "AT\r\n", "OK\r\n");
        close(fds[i]);
    }
}
END_TEST

/* The same over IPv6, where two modules at one port are not told apart: at two ports of a group
 * that one of them names in AT+CIPSEND. */
START_TEST(an_ipv6_group)
{
    static const char *const groups[] = {"FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFE", "ff12::87"};
    char start[96], send[96];
    int hears, says;

    if (!enter_network()) {
        ck_assert(getenv("WMAT_PEERS_NEEDED") == NULL);
        return;
    }
    modules = sim_thread_start(
        (struct fw_linux_options){.count = 2, .join_ssid = "wmat", .groups_at = "crowd0"});
    snprintf(start, sizeof start, "AT+CIPSTART=\"UDPv6\",\"%s\",48703\r\n", groups[_i]);
    hears = open_crowd(0, start);
    ck_assert_int_ge(hears, 0);
    snprintf(start, sizeof start, "AT+CIPSTART=\"UDPv6\",\"%s\",48704\r\n", groups[_i]);
    says = open_crowd(1, start);
    snprintf(send, sizeof send, "AT+CIPSEND=5,\"%s\",48703\r\n", groups[_i]);
    host_talk(says, send, "OK\r\n>\r\n");
    host_talk(says, "hello", "SEND OK\r\n");
    host_expect(hears, "+IPD,5:hello\r\n");
    host_talk(hears, "AT+CIPSEND=5\r\n", "OK\r\n>\r\n");
    host_talk(hears, "world", "SEND OK\r\n");
    host_talk(hears, "AT\r\n", "OK\r\n"); /* it does not hear itself */
    close(says);
    close(hears);
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("linux crowd");
    TCase *tcase = tcase_create("linux crowd");

    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, sim_thread_setup, sim_thread_teardown);
    tcase_add_loop_test(tcase, a_crowd_hears_each_other, 0, 2);
    tcase_add_loop_test(tcase, an_ipv6_group, 0, 2);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
