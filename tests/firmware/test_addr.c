/* firmware/svc/addr against the C library's own reading and writing of addresses. */
#include "addr.h"

#include <arpa/inet.h>
#include <string.h>

#include "suite.h"

static const char *const texts[] = {
    "0.0.0.0",
    "127.0.0.1",
    "255.255.255.255",
    "1.2.3.4",
    "192.168.10.110",
    "256.1.1.1",
    "1.2.3",
    "1.2.3.4.5",
    "1..3.4",
    "1.2.3.4 ",
    " 1.2.3.4",
    "01.2.3.4",
    "1.2.3.a",
    "",
    ".",
    "1.2.3.",
    "::",
    "::1",
    "1::",
    "fe80::860d:8eff:fe9d:cd90",
    "FE80::5A9E:4687:702D:5D79",
    "240E:FF:E020:966:0:FF:B042:F296",
    "2001:db8:0:0:1:0:0:1",
    "1:2:3:4:5:6:7:8",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7::",
    "::2:3:4:5:6:7:8",
    "1::2::3",
    ":::",
    ":1",
    "1:",
    "12345::",
    "::g",
    "::ffff:1.2.3.4",
    "::1.2.3.4",
    "1:2:3:4:5:6:1.2.3.4",
    "1:2:3:4:5:6:7:1.2.3.4",
    "::1.2.3",
    "::ffff:1.2.3.4:1",
    "localhost",
    "0:0:0:0:0:0:0:0",
    "1:0:0:2:0:0:0:3",
    "::%lo",
};

START_TEST(parses_what_inet_pton_parses)
{
    const char *text = texts[_i];
    unsigned char bytes[16];
    struct fw_addr addr;
    bool ok = fw_addr_parse(text, strlen(text), &addr);

    if (inet_pton(AF_INET, text, bytes) == 1) {
        ck_assert_msg(ok && addr.family == FW_IPV4 && memcmp(addr.bytes, bytes, 4) == 0, "%s",
                      text);
    } else if (inet_pton(AF_INET6, text, bytes) == 1) {
        ck_assert_msg(ok && addr.family == FW_IPV6 && memcmp(addr.bytes, bytes, 16) == 0, "%s",
                      text);
    } else {
        ck_assert_msg(!ok, "%s", text);
    }
}
END_TEST

START_TEST(formats_as_inet_ntop_does)
{
    unsigned char bytes[16];
    char want[64], got[FW_ADDR_TEXT];
    struct fw_addr addr;

    if (!fw_addr_parse(texts[_i], strlen(texts[_i]), &addr) || strchr(texts[_i], '.') != NULL) {
        return; /* inet_ntop writes ::a.b.c.d where RFC 5952 leaves the choice */
    }
    ck_assert_int_eq(inet_pton(AF_INET6, texts[_i], bytes), 1);
    inet_ntop(AF_INET6, bytes, want, sizeof want);
    fw_addr_format(&addr, got);
    ck_assert_str_eq(got, want);
}
END_TEST

START_TEST(formats_ipv4)
{
    struct fw_addr addr = {.family = FW_IPV4, .bytes = {192, 168, 0, 255}};
    char text[FW_ADDR_TEXT];

    fw_addr_format(&addr, text);
    ck_assert_str_eq(text, "192.168.0.255");
    addr.family = 0;
    fw_addr_format(&addr, text);
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(longest_address)
{
    struct fw_addr addr = {.family = FW_IPV6};
    char text[FW_ADDR_TEXT];

    memset(addr.bytes, 0xff, 16);
    fw_addr_format(&addr, text);
    ck_assert_str_eq(text, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}
END_TEST

static struct fw_addr parse(const char *text)
{
    struct fw_addr addr = {0};

    ck_assert(*text == '\0' || fw_addr_parse(text, strlen(text), &addr));
    return addr;
}

START_TEST(ipv4_numbers)
{
    struct fw_addr addr = parse("192.168.10.254"), back;

    ck_assert_uint_eq(fw_ipv4_to_number(&addr), 0xc0a80afe);
    back = fw_ipv4_from_number(0xc0a80afe);
    ck_assert_mem_eq(&back, &addr, sizeof addr);
}
END_TEST

START_TEST(hosts_and_netmasks)
{
    static const struct {
        const char *text;
        bool host, netmask;
    } cases[] = {
        {"0.0.0.0", false, false},
        {"0.1.2.3", false, false},
        {"1.0.0.0", true, false},
        {"10.0.0.1", true, false},
        {"223.255.255.255", true, false},
        {"224.0.0.1", false, false},
        {"255.255.255.255", false, false},
        {"128.0.0.0", true, true},
        {"255.0.0.0", false, true},
        {"255.255.255.254", false, true},
        {"255.255.0.255", false, false},
        {"254.255.0.0", false, false},
        {"::1", false, false},
        {"", false, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fw_addr addr = parse(cases[i].text);

        ck_assert_msg(fw_ipv4_is_host(&addr) == cases[i].host, "%s", cases[i].text);
        ck_assert_msg(fw_ipv4_is_netmask(&addr) == cases[i].netmask, "%s", cases[i].text);
    }
}
END_TEST

/* What is missing is filled in, what is there stays. */
START_TEST(completes)
{
    static const struct {
        const char *ip, *gateway, *netmask, *gateway_after, *netmask_after;
    } cases[] = {
        {"10.1.2.3", "", "", "10.1.2.1", "255.255.255.0"},
        {"10.1.2.3", "", "255.0.0.0", "10.0.0.1", "255.0.0.0"},
        {"10.1.2.3", "9.9.9.9", "", "9.9.9.9", "255.255.255.0"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fw_ipv4_config ipv4 = {parse(cases[i].ip), parse(cases[i].gateway),
                                      parse(cases[i].netmask)};
        char text[FW_ADDR_TEXT];

        fw_ipv4_complete(&ipv4);
        fw_addr_format(&ipv4.gateway, text);
        ck_assert_str_eq(text, cases[i].gateway_after);
        fw_addr_format(&ipv4.netmask, text);
        ck_assert_str_eq(text, cases[i].netmask_after);
    }
}
END_TEST

START_TEST(host_macs)
{
    static const struct {
        uint8_t mac[6];
        bool host;
    } cases[] = {
        {{0, 0, 0, 0, 0, 0}, false},
        {{0, 0, 0, 0, 0, 1}, true},
        {{1, 0, 0, 0, 0, 0}, false},
        {{0x18, 0x6d, 0xcd, 0x55, 0xe5, 0x7b}, true},
        {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_int_eq(fw_mac_is_host(cases[i].mac), cases[i].host);
    }
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("addr");
    TCase *tcase = tcase_create("addr");

    tcase_add_loop_test(tcase, parses_what_inet_pton_parses, 0, sizeof texts / sizeof *texts);
    tcase_add_loop_test(tcase, formats_as_inet_ntop_does, 0, sizeof texts / sizeof *texts);
    tcase_add_test(tcase, formats_ipv4);
    tcase_add_test(tcase, longest_address);
    tcase_add_test(tcase, ipv4_numbers);
    tcase_add_test(tcase, hosts_and_netmasks);
    tcase_add_test(tcase, completes);
    tcase_add_test(tcase, host_macs);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
