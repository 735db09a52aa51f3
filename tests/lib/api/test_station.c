/* What the station is, does and may, against golden bytes (framework: "Wi-Fi commands";
 * device_dialect, sections 9 and 10). */
#include <string.h>

#include <wmat/wifi.h>

#include "golden.h"
#include "suite.h"

/* AT+CWSTATE?. */

static struct wm_wifi_status status;

static int get_status(struct wm_op *op)
{
    return wm_wifi_status_prepare(op, &status);
}

#define STATUS(answer, ...)                                                                        \
    GOLDEN_INTO(status, get_status, "AT+CWSTATE?", answer "\r\nOK", 0,                             \
                &(const struct wm_wifi_status){__VA_ARGS__})
#define STATUS_FAILS(answer, result)                                                               \
    GOLDEN_INTO(status, get_status, "AT+CWSTATE?", answer, result, NULL)

static const struct golden status_rows[] = {
    STATUS("+CWSTATE:0,\"\"", WM_WIFI_NEVER, ""),
    STATUS("+CWSTATE=0", WM_WIFI_NEVER, ""), /* device_dialect, section 10 */
    STATUS("+CWSTATE:1,\"home\"", WM_WIFI_NO_ADDRESS, "home"),
    STATUS("+CWSTATE:2,\"a,\"b\"", WM_WIFI_UP, "a,\"b"),
    STATUS("+CWSTATE:3,\"caf\xc3\xa9\"", WM_WIFI_CONNECTING, "caf\xc3\xa9"),
    STATUS("+CWSTATE:4,\"home\"", WM_WIFI_DOWN, "home"),
    STATUS("+CWSTATE:4,\"a\",\"b\"", WM_WIFI_DOWN, "a\",\"b"),
    STATUS("+CWSTATE:4,\"01234567890123456789012345678901\"", WM_WIFI_DOWN,
           "01234567890123456789012345678901"),
    STATUS_FAILS("+CWSTATE:4,\"012345678901234567890123456789012\"\r\nOK", WM_ERR_PROTO),
    STATUS_FAILS("+CWSTATE:5,\"home\"\r\nOK", WM_ERR_PROTO),
    STATUS_FAILS("+CWSTATE:2,\"home\",1\r\nOK", WM_ERR_PROTO),
    STATUS_FAILS("+CWSTATE:2,\"home\r\nOK", WM_ERR_PROTO),
    STATUS_FAILS("+CWSTATE:\r\nOK", WM_ERR_PROTO),
    STATUS_FAILS("OK", WM_ERR_PROTO),
    STATUS_FAILS("ERROR", WM_ERR_DEVICE),
};

GOLDEN_TEST(status_of_the_station, status_rows)

/* AT+CWJAP?. */

static struct wm_wifi_joined joined;

static int get_joined(struct wm_op *op)
{
    return wm_wifi_joined_prepare(op, &joined);
}

#define JOINED(answer, result, expected)                                                           \
    GOLDEN_INTO(joined, get_joined, "AT+CWJAP?", answer, result, expected)

static const struct wm_wifi_joined home = {"home", "aa:bb:cc:dd:ee:ff", 6, -48, 0, 1, 3, 0, 1};
static const struct wm_wifi_joined far = {"a,b", "aa:bb:cc:dd:ee:ff", 13, -90, 1, 0, 100, 1, 3};

/* Never escaped: with what would be other fields. */
static const struct wm_wifi_joined odd = {"a\",\"b", "aa:bb:cc:dd:ee:ff", 6, -48, 0, 1, 3, 0, 1};
static const struct wm_wifi_joined sly = {
    "a\",\"00:00:00:00:00:01\",1", "aa:bb:cc:dd:ee:ff", 6, -48, 0, 1, 3, 0, 1};

static const struct golden joined_rows[] = {
    JOINED("+CWJAP:\"home\",\"aa:bb:cc:dd:ee:ff\",6,-48,0,1,3,0,1\r\nOK", 0, &home),
    /* an empty line follows (device_dialect, section 10) */
    JOINED("+CWJAP:\"a,b\",\"aa:bb:cc:dd:ee:ff\",13,-90,1,0,100,1,3\r\n\r\nOK", 0, &far),
    JOINED("+CWJAP:\"a\",\"b\",\"aa:bb:cc:dd:ee:ff\",6,-48,0,1,3,0,1\r\nOK", 0, &odd),
    JOINED("+CWJAP:\"a\",\"00:00:00:00:00:01\",1\",\"aa:bb:cc:dd:ee:ff\",6,-48,0,1,3,0,1\r\nOK", 0,
           &sly),
    JOINED("OK", 0, NULL),
    JOINED("ERROR", WM_ERR_DEVICE, NULL),
    JOINED("+CWJAP:\"home\",6,-48\r\nOK", WM_ERR_PROTO, NULL),
    JOINED("+CWJAP:\"home\r\nOK", WM_ERR_PROTO, NULL),
    JOINED("+CWJAP:\"home\",\"aa:bb:cc:dd:ee:ff\",6,-48,0,1,3,0\r\nOK", WM_ERR_PROTO, NULL),
    JOINED("+CWJAP:\"home\",\"aa:bb:cc:dd:ee:ff\",6,-48,0,1,3,0,1,2\r\nOK", WM_ERR_PROTO, NULL),
    JOINED("+CWJAP:\"home\",\"aa:bb:cc:dd:ee:ff\",6,,0,1,3,0,1\r\nOK", WM_ERR_PROTO, NULL),
    JOINED("+CWJAP:\"home\",\"aa:bb:cc:dd:ee:ff\",6,-48,0,7201,3,0,1\r\nOK", WM_ERR_PROTO, NULL),
};

GOLDEN_TEST(joined_to, joined_rows)

/* AT+CWRECONNCFG, AT+CWCOUNTRY. */

static struct wm_wifi_reconnect reconnect;
static const struct wm_wifi_reconnect often = {7200, 1000}, never = {0, 0};
static struct wm_wifi_country country;
static const struct wm_wifi_country china = {"CN", 1, 13}, japan = {"JP", 14, 1};

static int get_reconnect(struct wm_op *op)
{
    return wm_wifi_reconnect_get_prepare(op, &reconnect);
}

static int set_often(struct wm_op *op)
{
    return wm_wifi_reconnect_set_prepare(op, &often);
}

static int set_never(struct wm_op *op)
{
    return wm_wifi_reconnect_set_prepare(op, &never);
}

static int get_country(struct wm_op *op)
{
    return wm_wifi_country_get_prepare(op, &country);
}

static int set_japan(struct wm_op *op)
{
    return wm_wifi_country_set_prepare(op, &japan);
}

#define RECONNECT(answer, result, expected)                                                        \
    GOLDEN_INTO(reconnect, get_reconnect, "AT+CWRECONNCFG?", answer, result, expected)
#define COUNTRY(answer, result, expected)                                                          \
    GOLDEN_INTO(country, get_country, "AT+CWCOUNTRY?", answer, result, expected)

static const struct golden pair_rows[] = {
    RECONNECT("+CWRECONNCFG:7200,1000\r\nOK", 0, &often),
    RECONNECT("+CWRECONNCFG:0,0\r\nOK", 0, &never),
    RECONNECT("+CWRECONNCFG:7201,0\r\nOK", WM_ERR_PROTO, NULL),
    RECONNECT("+CWRECONNCFG:0,1001\r\nOK", WM_ERR_PROTO, NULL),
    RECONNECT("+CWRECONNCFG:0\r\nOK", WM_ERR_PROTO, NULL),
    RECONNECT("+CWRECONNCFG:0,0,0\r\nOK", WM_ERR_PROTO, NULL),
    RECONNECT("OK", WM_ERR_PROTO, NULL),
    GOLDEN(set_often, "AT+CWRECONNCFG=7200,1000", "OK", 0),
    GOLDEN(set_never, "AT+CWRECONNCFG=0,0", "ERROR", WM_ERR_DEVICE),
    COUNTRY("+CWCOUNTRY:\"CN\",1,13\r\nOK", 0, &china),
    COUNTRY("+CWCOUNTRY:JP,14,1\r\nOK", 0, &japan),
    COUNTRY("+CWCOUNTRY:\"CNX\",1,13\r\nOK", WM_ERR_PROTO, NULL),
    COUNTRY("+CWCOUNTRY:\"CN\",0,13\r\nOK", WM_ERR_PROTO, NULL),
    COUNTRY("+CWCOUNTRY:\"CN\",1\r\nOK", WM_ERR_PROTO, NULL),
    GOLDEN(set_japan, "AT+CWCOUNTRY=\"JP\",14,1", "OK", 0),
};

GOLDEN_TEST(reconnection_and_country, pair_rows)

/* AT+CWINIT, AT+CWMODE with auto_connect, AT+CWAUTOCONN, AT+CWSTAPROTO. */

static int driver_down(struct wm_op *op)
{
    return wm_wifi_driver_set_prepare(op, false);
}

static int both_quietly(struct wm_op *op)
{
    return wm_wifi_mode_set_auto_prepare(op, WM_WIFI_BOTH, false);
}

static int station_auto(struct wm_op *op)
{
    return wm_wifi_mode_set_auto_prepare(op, WM_WIFI_STATION, true);
}

static int stay_away(struct wm_op *op)
{
    return wm_wifi_auto_join_set_prepare(op, false);
}

static int slow_only(struct wm_op *op)
{
    return wm_wifi_protocols_set_prepare(op, WM_WIFI_11B | WM_WIFI_11G);
}

static const struct golden number_rows[] = {
    GOLDEN(wm_wifi_driver_get_prepare, "AT+CWINIT?", "+CWINIT:1\r\nOK", 1),
    GOLDEN(wm_wifi_driver_get_prepare, "AT+CWINIT?", "+CWINIT:0\r\nOK", 0),
    GOLDEN(wm_wifi_driver_get_prepare, "AT+CWINIT?", "+CWINIT:2\r\nOK", WM_ERR_PROTO),
    GOLDEN(driver_down, "AT+CWINIT=0", "WIFI DISCONNECT\r\nOK", 0),
    GOLDEN(both_quietly, "AT+CWMODE=3,0", "OK", 0),
    GOLDEN(station_auto, "AT+CWMODE=1,1", "ERROR", WM_ERR_DEVICE),
    GOLDEN(stay_away, "AT+CWAUTOCONN=0", "OK", 0),
    GOLDEN(wm_wifi_protocols_get_prepare, "AT+CWSTAPROTO?", "+CWSTAPROTO:7\r\nOK", 7),
    GOLDEN(wm_wifi_protocols_get_prepare, "AT+CWSTAPROTO?", "+CWSTAPROTO=1\r\nOK", 1),
    GOLDEN(wm_wifi_protocols_get_prepare, "AT+CWSTAPROTO?", "+CWSTAPROTO:8\r\nOK", WM_ERR_PROTO),
    GOLDEN(wm_wifi_protocols_get_prepare, "AT+CWSTAPROTO?", "+CWSTAPROTO:0\r\nOK", WM_ERR_PROTO),
    GOLDEN(slow_only, "AT+CWSTAPROTO=3", "OK", 0),
};

GOLDEN_TEST(numbers, number_rows)

int main(void)
{
    Suite *suite = suite_create("station");
    TCase *tc = tcase_create("station");
    GOLDEN_ADD(tc, status_of_the_station, status_rows);
    GOLDEN_ADD(tc, joined_to, joined_rows);
    GOLDEN_ADD(tc, reconnection_and_country, pair_rows);
    GOLDEN_ADD(tc, numbers, number_rows);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
