/* The SoftAP, against golden bytes (framework: "Wi-Fi commands"; device_dialect, section 10). */
#include <string.h>

#include <wmat/softap.h>
#include <wmat/wifi.h>

#include "bench.h"
#include "golden.h"
#include "suite.h"

#define THIRTY_TWO "01234567890123456789012345678901"
#define HEX        "0123456789abcdef0123456789ABCDEF0123456789abcdef0123456789ABCDEF"

/* AT+CWSAP. */

static struct wm_softap softap;
static const struct wm_softap secured = {"pump,7", "12345678", 6, 3, 4, false};
static const struct wm_softap open_one = {THIRTY_TWO, "", 14, 0, 8, true};
static const struct wm_softap keyed = {"k", HEX, 1, 4, 0, true};
static const struct wm_softap short_line = {"x", "", 1, 0, 0, false};

static int get_softap(struct wm_op *op)
{
    return wm_softap_get_prepare(op, &softap);
}

static int set_secured(struct wm_op *op)
{
    return wm_softap_set_prepare(op, &secured);
}

static int set_open(struct wm_op *op)
{
    return wm_softap_set_prepare(op, &open_one);
}

static int set_keyed(struct wm_op *op)
{
    return wm_softap_set_prepare(op, &keyed);
}

#define SOFTAP(answer, result, ...)                                                                \
    GOLDEN_INTO(softap, get_softap, "AT+CWSAP?", answer, result, __VA_ARGS__)

static const struct golden softap_rows[] = {
    SOFTAP("+CWSAP:\"pump,7\",\"12345678\",6,3,4,0\r\nOK", 0, &secured),
    SOFTAP("+CWSAP:\"" THIRTY_TWO "\",\"\",14,0,8,1\r\n\r\nOK", 0, &open_one),
    SOFTAP("+CWSAP:x,,1,0\r\nOK", 0, &short_line),
    SOFTAP("+CWSAP:\"pump\",\"12345678\",6\r\nOK", WM_ERR_PROTO, NULL),
    SOFTAP("+CWSAP:\"pump\",\"12345678\",6,3,4,2\r\nOK", WM_ERR_PROTO, NULL),
    SOFTAP("+CWSAP:\"pump\",\"12345678\",6,3,4,0,0\r\nOK", WM_ERR_PROTO, NULL),
    SOFTAP("+CWSAP:\"" THIRTY_TWO "2\",\"\",14,0,8,1\r\nOK", WM_ERR_PROTO, NULL),
    SOFTAP("OK", WM_ERR_PROTO, NULL),
    SOFTAP("ERROR", WM_ERR_DEVICE, NULL),
    GOLDEN(set_secured, "AT+CWSAP=\"pump\\,7\",\"12345678\",6,3,4,0", "OK", 0),
    GOLDEN(set_open, "AT+CWSAP=\"" THIRTY_TWO "\",\"\",14,0,8,1", "OK", 0),
    GOLDEN(set_keyed, "AT+CWSAP=\"k\",\"" HEX "\",1,4,,1", "ERROR", WM_ERR_DEVICE),
};

GOLDEN_TEST(softap_get_and_set, softap_rows)

/* AT+CWLIF. */

static struct wm_softap_station list[2];

static int get_none(struct wm_op *op)
{
    return wm_softap_stations_prepare(op, NULL, 0);
}

static int get_two(struct wm_op *op)
{
    return wm_softap_stations_prepare(op, list, 2);
}

#define A "+CWLIF:192.168.10.2,aa:bb:cc:dd:ee:01\r\n"
#define B "+CWLIF:\"0.0.0.0\",\"aa:bb:cc:dd:ee:02\"\r\n"
#define A_IN_C                                                                                     \
    {                                                                                              \
        "192.168.10.2", "aa:bb:cc:dd:ee:01"                                                        \
    }
#define B_IN_C                                                                                     \
    {                                                                                              \
        "0.0.0.0", "aa:bb:cc:dd:ee:02"                                                             \
    }

static const struct wm_softap_station two[2] = {A_IN_C, B_IN_C};

#define LIST(answer, result, ...)                                                                  \
    GOLDEN_INTO(list, get_two, "AT+CWLIF", answer, result, __VA_ARGS__)

static const struct golden list_rows[] = {
    GOLDEN(get_none, "AT+CWLIF", "OK", 0),
    GOLDEN(get_none, "AT+CWLIF", A B "OK", 2),
    LIST(A B "OK", 2, two),
    LIST(A B "+STA_CONNECTED: aa:bb:cc:dd:ee:03\r\n" A "OK", 3, two),
    GOLDEN(get_two, "AT+CWLIF", A "ERROR", WM_ERR_DEVICE),
    GOLDEN(get_two, "AT+CWLIF", "+CWLIF:192.168.10.2\r\n" A "OK", WM_ERR_PROTO),
    GOLDEN(get_two, "AT+CWLIF", A "+CWLIF:192.168.10.2,aa:bb:cc:dd:ee:0\r\nOK", WM_ERR_PROTO),
    GOLDEN(get_two, "AT+CWLIF", A "+CWLIF:192.168.1O.2,aa:bb:cc:dd:ee:02\r\nOK", WM_ERR_PROTO),
    GOLDEN(get_two, "AT+CWLIF", A B A "+CWLIX:192.168.10.2,aa:bb:cc:dd:ee:01\r\nOK", WM_ERR_PROTO),
};

GOLDEN_TEST(stations, list_rows)

/* AT+CWQIF, AT+CWDHCPS, AT+CIPAP, AT+CIPAPMAC, AT+CWAPPROTO. */

static struct wm_softap_leases leases;
static const struct wm_softap_leases pool = {2880, "192.168.10.2", "192.168.10.101"};
static struct wm_softap_ip ip;
static const struct wm_softap_ip own = {"192.168.10.1", "192.168.10.1", "255.255.255.0"};
static const struct wm_softap_ip alone = {"10.0.0.1", "", ""};
static char mac[WM_MAC_SIZE];
static const char a_mac[WM_MAC_SIZE] = "28:6d:cd:00:00:01";

static int drop_one(struct wm_op *op)
{
    return wm_softap_drop_prepare(op, "aa:bb:cc:dd:ee:01");
}

static int get_leases(struct wm_op *op)
{
    return wm_softap_leases_get_prepare(op, &leases);
}

static int set_leases(struct wm_op *op)
{
    return wm_softap_leases_set_prepare(op, &pool);
}

static int default_leases(struct wm_op *op)
{
    return wm_softap_leases_set_prepare(op, NULL);
}

static int get_ip(struct wm_op *op)
{
    return wm_softap_ip_get_prepare(op, &ip);
}

static int set_own(struct wm_op *op)
{
    return wm_softap_ip_set_prepare(op, &own);
}

static int set_alone(struct wm_op *op)
{
    return wm_softap_ip_set_prepare(op, &alone);
}

static int get_mac(struct wm_op *op)
{
    return wm_softap_mac_get_prepare(op, mac);
}

static int set_mac(struct wm_op *op)
{
    return wm_softap_mac_set_prepare(op, a_mac);
}

static int fast_only(struct wm_op *op)
{
    return wm_softap_protocols_set_prepare(op, WM_WIFI_11N);
}

#define LEASES(answer, result, ...)                                                                \
    GOLDEN_INTO(leases, get_leases, "AT+CWDHCPS?", answer, result, __VA_ARGS__)
#define IP(answer, result, ...) GOLDEN_INTO(ip, get_ip, "AT+CIPAP?", answer, result, __VA_ARGS__)
#define MAC(answer, result, ...)                                                                   \
    GOLDEN_INTO(mac, get_mac, "AT+CIPAPMAC?", answer, result, __VA_ARGS__)
#define PROTOCOLS(answer, result)                                                                  \
    GOLDEN(wm_softap_protocols_get_prepare, "AT+CWAPPROTO?", answer, result)

static const struct golden other_rows[] = {
    GOLDEN(drop_one, "AT+CWQIF=\"aa:bb:cc:dd:ee:01\"", "OK", 0),
    GOLDEN(drop_one, "AT+CWQIF=\"aa:bb:cc:dd:ee:01\"", "ERROR", WM_ERR_DEVICE),
    GOLDEN(wm_softap_drop_all_prepare, "AT+CWQIF", "OK", 0),
    LEASES("+CWDHCPS:2880,\"192.168.10.2\",\"192.168.10.101\"\r\nOK", 0, &pool),
    LEASES("+CWDHCPS=2880,\"192.168.10.2\",\"192.168.10.101\"\r\nOK", 0, &pool), /* section 10 */
    LEASES("+CWDHCPS:2881,\"192.168.10.2\",\"192.168.10.101\"\r\nOK", WM_ERR_PROTO, NULL),
    LEASES("+CWDHCPS:0,\"192.168.10.2\",\"192.168.10.101\"\r\nOK", WM_ERR_PROTO, NULL),
    LEASES("+CWDHCPS:120,\"192.168.10.2\"\r\nOK", WM_ERR_PROTO, NULL),
    GOLDEN(set_leases, "AT+CWDHCPS=1,2880,\"192.168.10.2\",\"192.168.10.101\"", "OK", 0),
    GOLDEN(default_leases, "AT+CWDHCPS=0", "ERROR", WM_ERR_DEVICE),
    IP("+CIPAP:ip:\"192.168.10.1\"\r\n+CIPAP:gateway:\"192.168.10.1\"\r\n"
       "+CIPAP:netmask:\"255.255.255.0\"\r\nOK",
       0, &own),
    IP("+CIPAP:ip:192.168.10.1\r\n+CIPAP:gateway:192.168.10.1\r\n"
       "+CIPAP:netmask:255.255.255.0\r\n\r\nOK",
       0, &own),
    IP("+CIPAP:ip:\"192.168.10.1\"\r\n+CIPAP:netmask:\"255.255.255.0\"\r\nOK", WM_ERR_PROTO, NULL),
    GOLDEN(set_own, "AT+CIPAP=\"192.168.10.1\",\"192.168.10.1\",\"255.255.255.0\"", "OK", 0),
    GOLDEN(set_alone, "AT+CIPAP=\"10.0.0.1\"", "CMD PARSE ERR", WM_ERR_REFUSED),
    MAC("+CIPAPMAC:\"28:6d:cd:00:00:01\"\r\nOK", 0, a_mac),
    MAC("+CIPAPMAC:\"28-6d-cd-00-00-01\"\r\nOK", WM_ERR_PROTO, NULL),
    GOLDEN(set_mac, "AT+CIPAPMAC=\"28:6d:cd:00:00:01\"", "OK", 0),
    PROTOCOLS("+CWAPPROTO:7\r\nOK", 7),
    PROTOCOLS("+CWAPPROTO=3\r\nOK", WM_WIFI_11B | WM_WIFI_11G), /* device_dialect, section 10 */
    PROTOCOLS("+CWAPPROTO:\r\nOK", WM_ERR_PROTO),
    GOLDEN(fast_only, "AT+CWAPPROTO=4", "OK", 0),
};

GOLDEN_TEST(the_others, other_rows)

int main(void)
{
    Suite *suite = suite_create("softap");
    TCase *tc = tcase_create("softap");
    GOLDEN_ADD(tc, softap_get_and_set, softap_rows);
    GOLDEN_ADD(tc, stations, list_rows);
    GOLDEN_ADD(tc, the_others, other_rows);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
