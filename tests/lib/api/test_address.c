/* Addresses and names of the module, against golden bytes (framework: "Wi-Fi commands"; TCP/IP AT:
 * CIFSR, CIPV6; device_dialect, sections 9 and 10). */
#include <string.h>

#include <wmat/address.h>
#include <wmat/link.h>

#include "bench.h"
#include "golden.h"
#include "suite.h"

static struct bench bench;

static void open_bench(int piece)
{
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, (size_t)piece);
}

/* AT+CIFSR. */

static const char quoted[] = "+CIFSR:APIP,\"192.168.10.1\"\r\n"
                             "+CIFSR:APMAC,\"28:6d:cd:00:00:01\"\r\n"
                             "+CIFSR:STAIP,\"192.168.1.50\"\r\n"
                             "+CIFSR:STAIP6LL,\"fe80::2a6d:cdff:fe00:2\"\r\n"
                             "+CIFSR:STAIP6GL,\"2001:db8::2\"\r\n"
                             "+CIFSR:STAMAC,\"28:6d:cd:00:00:02\"\r\n"
                             "OK\r\n";

/* device_dialect, section 9 */
static const char unquoted[] = "AT+CIFSR\r\n\r\n"
                               "+CIFSR:APIP,192.168.10.1\r\n"
                               "+CIFSR:APIP6LL,\"FE80::2A6D:CDFF:FE00:1\"\r\n"
                               "+CIFSR:APMAC,28:6d:cd:00:00:01\r\n"
                               "+CIFSR:STAIP,192.168.1.50\r\n"
                               "+CIFSR:STAIP6LL,fe80::2a6d:cdff:fe00:2\r\n"
                               "+CIFSR:STAIP6GL,2001:db8::2\r\n"
                               "+CIFSR:STAMAC,28:6d:cd:00:00:02\r\n"
                               "OK\r\n";

START_TEST(addresses_quoted_and_not)
{
    struct wm_addresses addresses;
    struct wm_op op;
    memset(&addresses, 0x55, sizeof addresses);
    open_bench(_i % 2);
    wm_addresses_prepare(&op, &addresses);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIFSR\r\n", _i / 2 ? unquoted : quoted), 0);
    ck_assert_str_eq(addresses.softap_ip, "192.168.10.1");
    ck_assert_str_eq(addresses.softap_mac, "28:6d:cd:00:00:01");
    ck_assert_str_eq(addresses.station_ip, "192.168.1.50");
    ck_assert_str_eq(addresses.station_ip6_local, "fe80::2a6d:cdff:fe00:2");
    ck_assert_str_eq(addresses.station_ip6_global, "2001:db8::2");
    ck_assert_str_eq(addresses.station_mac, "28:6d:cd:00:00:02");
}
END_TEST

START_TEST(addresses_that_there_are_none_of)
{
    struct wm_addresses addresses, none = {0};
    struct wm_op op;
    memset(&addresses, 0x55, sizeof addresses);
    open_bench(0);
    wm_addresses_prepare(&op, &addresses);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIFSR\r\n", "OK\r\n"), 0);
    ck_assert_int_eq(memcmp(&addresses, &none, sizeof none), 0);
}
END_TEST

/* A line that only a shipping module prints is no sign of damage: links in active mode stay. */
START_TEST(addresses_beside_an_active_link)
{
    struct wm_addresses addresses;
    struct wm_link_info info;
    struct wm_op op;
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, 0);
    int link = bench_connect(&bench);
    wm_addresses_prepare(&op, &addresses);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIFSR\r\n", unquoted), 0);
    ck_assert_int_eq(wm_core_link_info(&bench.core, link, &info), 0);
    ck_assert_int_eq((int)info.state, WM_LINK_OPEN);
}
END_TEST

static const char *const damaged[] = {
    "+CIFSR:STAIP,\"192.168.1.5x\"\r\nOK\r\n",
    "+CIFSR:STAMAC,\"28:6d:cd:00:00\"\r\nOK\r\n",
    "+CIFSR:STAIP,\"192.168.1.50\",1\r\nOK\r\n",
    "+CIFSX:STAIP,\"192.168.1.50\"\r\nOK\r\n",
};

START_TEST(addresses_that_are_damaged)
{
    struct wm_addresses addresses, none = {0};
    struct wm_op op;
    open_bench(0);
    wm_addresses_prepare(&op, &addresses);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIFSR\r\n", damaged[_i]), WM_ERR_PROTO);
    ck_assert_int_eq(memcmp(&addresses, &none, sizeof none), 0);
}
END_TEST

/* AT+CIPSTA. */

static struct wm_station_ip ip;

static int get_ip(struct wm_op *op)
{
    return wm_station_ip_get_prepare(op, &ip);
}

#define LINES                                                                                      \
    "+CIPSTA:ip:\"192.168.1.50\"\r\n+CIPSTA:gateway:\"192.168.1.1\"\r\n"                           \
    "+CIPSTA:netmask:\"255.255.255.0\"\r\n"

static const struct wm_station_ip no_ip6 = {"192.168.1.50", "192.168.1.1", "255.255.255.0", "", ""};
static const struct wm_station_ip with_ip6 = {"192.168.1.50", "192.168.1.1", "255.255.255.0",
                                              "FE80::1", "2001:DB8::1"};
static const struct wm_station_ip zeros = {"0.0.0.0", "0.0.0.0", "0.0.0.0", "", ""};

#define IP_ROW(answer, result, expected)                                                           \
    GOLDEN_INTO(ip, get_ip, "AT+CIPSTA?", answer, result, expected)

static const struct golden ip_rows[] = {
    IP_ROW(LINES "OK", 0, &no_ip6),
    IP_ROW(LINES "+CIPSTA:ip6ll:\"FE80::1\"\r\n+CIPSTA:ip6gl:\"2001:DB8::1\"\r\n\r\nOK", 0,
           &with_ip6),
    IP_ROW("+CIPSTA:ip:192.168.1.50\r\n+CIPSTA:gateway:192.168.1.1\r\n"
           "+CIPSTA:netmask:255.255.255.0\r\nOK",
           0, &no_ip6),
    IP_ROW("+CIPSTA:ip:\"0.0.0.0\"\r\n+CIPSTA:gateway:\"0.0.0.0\"\r\n"
           "+CIPSTA:netmask:\"0.0.0.0\"\r\nOK",
           0, &zeros),
    IP_ROW(LINES "ERROR", WM_ERR_DEVICE, NULL),
    IP_ROW("OK", WM_ERR_PROTO, NULL),
    IP_ROW("+CIPSTA:ip:\"192.168.1.50\"\r\n+CIPSTA:gateway:\"192.168.1.1\"\r\nOK", WM_ERR_PROTO,
           NULL),
    IP_ROW(LINES "+CIPSTA:ip:\"192.168.1.x\"\r\nOK", WM_ERR_PROTO, NULL),
    IP_ROW("+CIPSTA:ip:\"192.168.1.256\"\r\n" LINES "OK", WM_ERR_PROTO, NULL),
    IP_ROW(LINES "+CIPSTA:ip6ll:\"fe80:x\"\r\nOK", WM_ERR_PROTO, NULL),
};

GOLDEN_TEST(station_ip_get, ip_rows)

static const struct {
    const char *ip, *gateway, *netmask;
    const char *line; /* NULL: WM_ERR_ARG */
} station_ips[] = {
    {"192.168.1.50", "", "", "AT+CIPSTA=\"192.168.1.50\"\r\n"},
    {"192.168.1.50", "192.168.1.1", "255.255.255.0",
     "AT+CIPSTA=\"192.168.1.50\",\"192.168.1.1\",\"255.255.255.0\"\r\n"},
    {"", "", "", NULL},
    {"192.168.1.50", "192.168.1.1", "", NULL},
    {"192.168.1.50", "", "255.255.255.0", NULL},
    {"192.168.1.50\r\n", "", "", NULL},
    {"192.168.1", "", "", NULL},
    {"192.168.1.500", "", "", NULL},
    {"192.168.1.50.1", "", "", NULL},
    {"192.168..50", "", "", NULL},
    {"fe80::1", "", "", NULL},
};

START_TEST(station_ip_set)
{
    struct wm_station_ip given = {.ip6_local = "\r\n"}; /* is not looked at */
    struct wm_op op;
    open_bench(0);
    strcpy(given.ip, station_ips[_i].ip);
    strcpy(given.gateway, station_ips[_i].gateway);
    strcpy(given.netmask, station_ips[_i].netmask);
    if (!station_ips[_i].line) {
        ck_assert_int_eq(wm_station_ip_set_prepare(&op, &given), WM_ERR_ARG);
        return;
    }
    ck_assert_int_eq(wm_station_ip_set_prepare(&op, &given), 0);
    ck_assert_int_eq(bench_run(&bench, &op, station_ips[_i].line, "OK\r\n"), 0);
}
END_TEST

/* AT+CIPSTAMAC, AT+CWHOSTNAME, AT+CWDHCP, AT+CIPV6. */

static char mac[WM_MAC_SIZE], name[WM_HOSTNAME_SIZE];

static int get_mac(struct wm_op *op)
{
    return wm_station_mac_get_prepare(op, mac);
}

static int set_mac(struct wm_op *op)
{
    return wm_station_mac_set_prepare(op, "28:6d:cd:00:00:02");
}

static int get_name(struct wm_op *op)
{
    return wm_hostname_get_prepare(op, name);
}

static int set_name(struct wm_op *op)
{
    return wm_hostname_set_prepare(op, "pump,7");
}

static int dhcp_on(struct wm_op *op)
{
    return wm_dhcp_set_prepare(op, WM_DHCP_STATION | WM_DHCP_SOFTAP, true);
}

static int dhcp_off(struct wm_op *op)
{
    return wm_dhcp_set_prepare(op, WM_DHCP_SOFTAP, false);
}

static int ipv6_off(struct wm_op *op)
{
    return wm_ipv6_set_prepare(op, false);
}

static const char a_mac[WM_MAC_SIZE] = "28:6d:cd:00:00:02";
static const char a_name[WM_HOSTNAME_SIZE] = "pump,7";
static const char longest[WM_HOSTNAME_SIZE] = "01234567890123456789012345678901";

#define MAC_ROW(answer, result, expected)                                                          \
    GOLDEN_INTO(mac, get_mac, "AT+CIPSTAMAC?", answer, result, expected)
#define NAME_ROW(answer, result, expected)                                                         \
    GOLDEN_INTO(name, get_name, "AT+CWHOSTNAME?", answer, result, expected)

static const struct golden rows[] = {
    MAC_ROW("+CIPSTAMAC:\"28:6d:cd:00:00:02\"\r\nOK", 0, a_mac),
    MAC_ROW("+CIPSTAMAC:28:6d:cd:00:00:02\r\nOK", 0, a_mac),
    MAC_ROW("+CIPSTAMAC:\"28:6d:cd:00:00:0\"\r\nOK", WM_ERR_PROTO, NULL),
    MAC_ROW("+CIPSTAMAC:\"28:6d:cd:00:00:022\"\r\nOK", WM_ERR_PROTO, NULL),
    MAC_ROW("+CIPSTAMAC:\"28:6d:cd:00:00:0g\"\r\nOK", WM_ERR_PROTO, NULL),
    MAC_ROW("+CIPSTAMAC:\"28:6d:cd:00:00:02\",1\r\nOK", WM_ERR_PROTO, NULL),
    MAC_ROW("OK", WM_ERR_PROTO, NULL),
    MAC_ROW("ERROR", WM_ERR_DEVICE, NULL),
    GOLDEN(set_mac, "AT+CIPSTAMAC=\"28:6d:cd:00:00:02\"", "OK", 0),
    GOLDEN(set_mac, "AT+CIPSTAMAC=\"28:6d:cd:00:00:02\"", "CMD PARSE ERR", WM_ERR_REFUSED),
    NAME_ROW("+CWHOSTNAME:\"pump,7\"\r\nOK", 0, a_name),
    NAME_ROW("+CWHOSTNAME:01234567890123456789012345678901\r\n\r\nOK", 0, longest),
    NAME_ROW("+CWHOSTNAME:\"012345678901234567890123456789012\"\r\nOK", WM_ERR_PROTO, NULL),
    NAME_ROW("+CWHOSTNAME:\"pump\r\nOK", WM_ERR_PROTO, NULL),
    NAME_ROW("+CWHOSTNAMX:\"pump\"\r\nOK", WM_ERR_PROTO, NULL),
    NAME_ROW("CMD FORMAT ERR", WM_ERR_UNSUPPORTED, NULL),
    GOLDEN(set_name, "AT+CWHOSTNAME=\"pump\\,7\"", "OK", 0),
    GOLDEN(wm_dhcp_get_prepare, "AT+CWDHCP?", "+CWDHCP:0\r\nOK", 0),
    GOLDEN(wm_dhcp_get_prepare, "AT+CWDHCP?", "+CWDHCP:3\r\nOK", WM_DHCP_STATION | WM_DHCP_SOFTAP),
    GOLDEN(wm_dhcp_get_prepare, "AT+CWDHCP?", "+CWDHCP=2\r\nOK", WM_DHCP_SOFTAP),
    GOLDEN(wm_dhcp_get_prepare, "AT+CWDHCP?", "+CWDHCP:4\r\nOK", WM_ERR_PROTO),
    GOLDEN(wm_dhcp_get_prepare, "AT+CWDHCP?", "+CWDHCP:-1\r\nOK", WM_ERR_PROTO),
    GOLDEN(dhcp_on, "AT+CWDHCP=1,3", "OK", 0),
    GOLDEN(dhcp_off, "AT+CWDHCP=0,2", "ERROR", WM_ERR_DEVICE),
    GOLDEN(wm_ipv6_get_prepare, "AT+CIPV6?", "+CIPV6:1\r\n\r\nOK", 1),
    GOLDEN(wm_ipv6_get_prepare, "AT+CIPV6?", "+CIPV6:0\r\nOK", 0),
    GOLDEN(wm_ipv6_get_prepare, "AT+CIPV6?", "+CIPV6:0\r\n+CIPV6:x\r\nOK", WM_ERR_PROTO),
    GOLDEN(wm_ipv6_get_prepare, "AT+CIPV6?", "+CIPV6:x\r\n+CIPV6:0\r\nOK", WM_ERR_PROTO),
    GOLDEN(wm_ipv6_get_prepare, "AT+CIPV6?", "+CIPV6:11\r\nOK", WM_ERR_PROTO),
    GOLDEN(wm_ipv6_get_prepare, "AT+CIPV6?", "+CIPV6:1,\r\nOK", WM_ERR_PROTO),
    GOLDEN(wm_ipv6_get_prepare, "AT+CIPV6?", "+CIPV6 1\r\nOK", WM_ERR_PROTO),
    GOLDEN(wm_ipv6_get_prepare, "AT+CIPV6?", "+CIPV6\r\nOK", WM_ERR_PROTO),
    GOLDEN(ipv6_off, "AT+CIPV6=0", "OK", 0),
};

GOLDEN_TEST(the_others, rows)

int main(void)
{
    Suite *suite = suite_create("address");
    TCase *tc = tcase_create("address");
    tcase_add_loop_test(tc, addresses_quoted_and_not, 0, 4);
    tcase_add_test(tc, addresses_that_there_are_none_of);
    tcase_add_test(tc, addresses_beside_an_active_link);
    tcase_add_loop_test(tc, addresses_that_are_damaged, 0, sizeof damaged / sizeof damaged[0]);
    GOLDEN_ADD(tc, station_ip_get, ip_rows);
    tcase_add_loop_test(tc, station_ip_set, 0, sizeof station_ips / sizeof station_ips[0]);
    GOLDEN_ADD(tc, the_others, rows);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
