/* Names, ping and name servers, against golden bytes (TCP/IP AT: CIPDOMAIN, PING, CIPDNS;
 * device_dialect, sections 9, 11 and 13). */
#include <string.h>

#include <wmat/name.h>

#include "bench.h"
#include "golden.h"
#include "suite.h"

/* AT+CIPDOMAIN. */

static char ip[WM_IP_SIZE];
static const char address[WM_IP_SIZE] = "192.0.2.7", address6[WM_IP_SIZE] = "2001:DB8::7";

static int resolve(struct wm_op *op)
{
    return wm_resolve_prepare(op, "www.winnermicro.com", WM_PREFER_DEFAULT, ip);
}

static int resolve_4_or_6(struct wm_op *op)
{
    return wm_resolve_prepare(op, "ds.test-ipv6.com", WM_PREFER_IPV4, ip);
}

static int resolve_4(struct wm_op *op)
{
    return wm_resolve_prepare(op, "www.winnermicro.com", WM_ONLY_IPV4, ip);
}

static int resolve_6(struct wm_op *op)
{
    return wm_resolve_prepare(op, "ipv6.test-ipv6.com", WM_ONLY_IPV6, ip);
}

#define RESOLVE(answer, result, ...)                                                               \
    GOLDEN_INTO(ip, resolve, "AT+CIPDOMAIN=\"www.winnermicro.com\"", answer, result, __VA_ARGS__)

static const struct golden resolve_rows[] = {
    RESOLVE("+CIPDOMAIN:\"192.0.2.7\"\r\nOK", 0, address),
    RESOLVE("+CIPDOMAIN:192.0.2.7\r\nOK", 0, address),
    RESOLVE("+CIPDOMAIN:\"192.0.2.7\"\r\n+CIPDOMAIN:\"192.0.2.8\"\r\nOK", 0, address),
    GOLDEN_INTO(ip, resolve_4_or_6, "AT+CIPDOMAIN=\"ds.test-ipv6.com\",1",
                "+CIPDOMAIN:\"2001:DB8::7\"\r\nOK", 0, address6),
    GOLDEN_INTO(ip, resolve_4, "AT+CIPDOMAIN=\"www.winnermicro.com\",2",
                "+CIPDOMAIN:\"192.0.2.7\"\r\nOK", 0, address),
    GOLDEN_INTO(ip, resolve_6, "AT+CIPDOMAIN=\"ipv6.test-ipv6.com\",3",
                "+CIPDOMAIN:\"2001:DB8::7\"\r\nOK", 0, address6),
    RESOLVE("ERROR", WM_ERR_DEVICE, NULL),
    RESOLVE("+CIPDOMAIN:\"192.0.2.7\"\r\nERROR", WM_ERR_DEVICE, NULL),
    RESOLVE("CMD PARSE ERR", WM_ERR_REFUSED, NULL),
    RESOLVE("OK", WM_ERR_PROTO, NULL),
    RESOLVE("+CIPDOMAIN:\"192.0.2.x\"\r\nOK", WM_ERR_PROTO, NULL),
    RESOLVE("+CIPDOMAIN:\"192.0.2.7\"\r\n+CIPDOMAIN:\"192.0.2\"\r\nOK", WM_ERR_PROTO, NULL),
    RESOLVE("+CIPDOMAIN:\"192.0.2.7\",1\r\nOK", WM_ERR_PROTO, NULL),
    RESOLVE("+CIPDOMAIN:\"0123:4567:89ab:cdef:0123:4567:89ab:cdef:0123:4567\"\r\nOK", WM_ERR_PROTO,
            NULL),
    RESOLVE("+CIPDOMAIN:\"\"\r\nOK", WM_ERR_PROTO, NULL),
};

GOLDEN_TEST(resolve_a_name, resolve_rows)

/* AT+PING. */

static int ping(struct wm_op *op)
{
    return wm_ping_prepare(op, "www.baidu.com");
}

static int ping6(struct wm_op *op)
{
    return wm_ping_prepare(op, "240E:FF:E020:966:0:FF:B042:F296");
}

#define PING(answer, result) GOLDEN(ping, "AT+PING=\"www.baidu.com\"", answer, result)

static const struct golden ping_rows[] = {
    PING("+PING:23\r\n\r\nOK", 23),
    PING("+PING:0\r\n\r\nOK", 0),
    PING("+PING:2147483647\r\nOK", 2147483647),
    GOLDEN(ping6, "AT+PING=\"240E:FF:E020:966:0:FF:B042:F296\"", "+PING:1\r\n\r\nOK", 1),
    PING("+PING:TIMEOUT\r\n\r\nERROR", WM_ERR_TIMEOUT),
    PING("+PING:23 ms\r\nOK", 23),                 /* device_dialect, section 13, row 33 */
    PING("PING:TIMEOUT\r\nERROR", WM_ERR_TIMEOUT), /* the same */
    PING("ERROR", WM_ERR_DEVICE),
    PING("CMD PARSE ERR", WM_ERR_REFUSED),
    PING("OK", WM_ERR_PROTO),
    PING("+PING:TIMEOUT\r\nOK", WM_ERR_PROTO),
    PING("+PING:23\r\nERROR", WM_ERR_DEVICE),
    PING("+PING:2147483648\r\nOK", WM_ERR_PROTO),
    PING("+PING:-1\r\nOK", WM_ERR_PROTO),
    PING("+PING:23 s\r\nOK", WM_ERR_PROTO),
    PING("+PING: ms\r\nOK", WM_ERR_PROTO),
    PING("+PING:23,4\r\nOK", WM_ERR_PROTO),
    PING("+PING:23\r\n+PING:x\r\nOK", WM_ERR_PROTO),
    PING("+PONG:23\r\nOK", WM_ERR_PROTO),
};

GOLDEN_TEST(ping_a_host, ping_rows)

/* AT+CIPDNS. */

static struct wm_dns dns;
static const struct wm_dns by_dhcp = {false, {"", ""}};
static const struct wm_dns defaults = {false, {"208.67.222.222", "8.8.8.8"}};
static const struct wm_dns manual = {true, {"208.67.222.222", "8.8.8.8"}};
static const struct wm_dns manual6 = {true, {"240c::6666", "2001:4860:4860::8888"}};
static const struct wm_dns one = {true, {"192.0.2.1", ""}};
static const struct wm_dns as_it_comes = {true, {"", ""}};

static int get_dns(struct wm_op *op)
{
    return wm_dns_get_prepare(op, &dns);
}

/* clang-format off */
static int set_defaults(struct wm_op *op) { return wm_dns_set_prepare(op, &defaults); }
static int set_manual(struct wm_op *op) { return wm_dns_set_prepare(op, &manual); }
static int set_manual6(struct wm_op *op) { return wm_dns_set_prepare(op, &manual6); }
static int set_one(struct wm_op *op) { return wm_dns_set_prepare(op, &one); }
static int set_none(struct wm_op *op) { return wm_dns_set_prepare(op, &as_it_comes); }
/* clang-format on */

#define DNS(answer, result, ...)                                                                   \
    GOLDEN_INTO(dns, get_dns, "AT+CIPDNS?", answer, result, __VA_ARGS__)

static const struct golden dns_rows[] = {
    DNS("+CIPDNS:0\r\nOK", 0, &by_dhcp),
    DNS("+CIPDNS:0,\"208.67.222.222\",\"8.8.8.8\"\r\nOK", 0, &defaults), /* section 13, row 34 */
    DNS("+CIPDNS:1,\"208.67.222.222\",\"8.8.8.8\"\r\nOK", 0, &manual),
    DNS("+CIPDNS:1,240c::6666,2001:4860:4860::8888\r\nOK", 0, &manual6),
    DNS("+CIPDNS:1,\"192.0.2.1\"\r\nOK", 0, &one),
    DNS("+CIPDNS:2\r\nOK", WM_ERR_PROTO, NULL),
    DNS("+CIPDNS:\r\nOK", WM_ERR_PROTO, NULL),
    DNS("+CIPDNS:1,\"208.67.222.222\",\"8.8.8.8\",\"1.1.1.1\"\r\nOK", WM_ERR_PROTO, NULL),
    DNS("+CIPDNS:1,\"208.67.222\"\r\nOK", WM_ERR_PROTO, NULL),
    DNS("+CIPDNS:1,\"208.67.222.222\r\nOK", WM_ERR_PROTO, NULL),
    DNS("OK", WM_ERR_PROTO, NULL),
    GOLDEN(set_defaults, "AT+CIPDNS=0", "OK", 0),
    GOLDEN(set_manual, "AT+CIPDNS=1,\"208.67.222.222\",\"8.8.8.8\"", "OK", 0),
    GOLDEN(set_manual6, "AT+CIPDNS=1,\"240c::6666\",\"2001:4860:4860::8888\"", "OK", 0),
    GOLDEN(set_one, "AT+CIPDNS=1,\"192.0.2.1\"", "ERROR", WM_ERR_DEVICE),
    GOLDEN(set_none, "AT+CIPDNS=1", "OK", 0),
};

GOLDEN_TEST(name_servers, dns_rows)

/* A name is as long as a line has room for. */
START_TEST(the_longest_name)
{
    static struct bench bench;
    char name[300], line[300] = "AT+CIPDOMAIN=\"";
    struct wm_op op;
    size_t longest = 256 - strlen(line) - 3;
    memset(name, 'n', sizeof name);
    name[longest] = '\0';
    strcat(strcat(line, name), "\"\r\n");
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    ck_assert_int_eq(wm_resolve_prepare(&op, name, WM_PREFER_DEFAULT, ip), 0);
    ck_assert_int_eq(bench_run(&bench, &op, line, "ERROR\r\n"), WM_ERR_DEVICE);
    ck_assert_int_eq(wm_resolve_prepare(&op, name, WM_PREFER_IPV4, ip), WM_ERR_ARG);
    name[longest] = 'n';
    name[longest + 1] = '\0';
    ck_assert_int_eq(wm_resolve_prepare(&op, name, WM_PREFER_DEFAULT, ip), WM_ERR_ARG);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("name");
    TCase *tc = tcase_create("name");
    GOLDEN_ADD(tc, resolve_a_name, resolve_rows);
    GOLDEN_ADD(tc, ping_a_host, ping_rows);
    GOLDEN_ADD(tc, name_servers, dns_rows);
    tcase_add_test(tc, the_longest_name);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
