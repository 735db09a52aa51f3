/* Modes, server and waiting bytes, against golden bytes (TCP/IP AT: CIPMUX, CIPMODE, CIPRECVMODE,
 * CIPDINFO, CIPSERVER, CIPSERVERMAXCONN, CIPSTO, CIPRECVLEN; device_dialect, sections 9 and 13). */
#include <string.h>

#include <wmat/state.h>

#include "golden.h"
#include "suite.h"

/* Four turns. */

static struct wm_modes modes;

static int get_modes(struct wm_op *op)
{
    return wm_modes_prepare(op, &modes);
}

#define MODES_INTO(...) &modes, sizeof modes, __VA_ARGS__
#define MODES(mux, mode, receive, info, result, ...)                                               \
    {                                                                                              \
        get_modes,                                                                                 \
            {{"AT+CIPMUX?", mux},                                                                  \
             {"AT+CIPMODE?", mode},                                                                \
             {"AT+CIPRECVMODE?", receive},                                                         \
             {"AT+CIPDINFO?", info}},                                                              \
            result, MODES_INTO(__VA_ARGS__)                                                        \
    }

static const struct wm_modes usual = {true, false, true, false};
static const struct wm_modes unusual = {false, true, false, true};

static const struct golden mode_rows[] = {
    MODES("+CIPMUX:1\r\nOK", "+CIPMODE:0\r\nOK", "+CIPRECVMODE:1\r\nOK", "+CIPDINFO:false\r\nOK", 0,
          &usual),
    MODES("+CIPMUX:0\r\nOK", "+CIPMODE:1\r\nOK", "+CIPRECVMODE:0\r\nOK", "+CIPDINFO:true\r\nOK", 0,
          &unusual),
    {get_modes, {{"AT+CIPMUX?", "+CIPMUX:2\r\nOK"}}, WM_ERR_PROTO, MODES_INTO(NULL)},
    {get_modes,
     {{"AT+CIPMUX?", "+CIPMUX:1\r\nOK"}, {"AT+CIPMODE?", "ERROR"}},
     WM_ERR_DEVICE,
     MODES_INTO(NULL)},
    MODES("+CIPMUX:1\r\nOK", "+CIPMODE:0\r\nOK", "+CIPRECVMODE:1\r\nOK", "+CIPDINFO:1\r\nOK",
          WM_ERR_PROTO, NULL),
    MODES("+CIPMUX:1\r\nOK", "+CIPMODE:0\r\nOK", "+CIPRECVMODE:1\r\nOK", "+CIPDINFO:truE\r\nOK",
          WM_ERR_PROTO, NULL),
    MODES("+CIPMUX:1\r\nOK", "+CIPMODE:0\r\nOK", "+CIPRECVMODE:1\r\nOK", "OK", WM_ERR_PROTO, NULL),
};

GOLDEN_TEST(modes_of_the_module, mode_rows)

/* Three turns. */

static struct wm_server_status server;

static int get_server(struct wm_op *op)
{
    return wm_server_status_prepare(op, &server);
}

#define SERVER_INTO(...) &server, sizeof server, __VA_ARGS__
#define SERVER(answer, connections, idle, result, ...)                                             \
    {                                                                                              \
        get_server,                                                                                \
            {{"AT+CIPSERVER?", answer},                                                            \
             {"AT+CIPSERVERMAXCONN?", connections},                                                \
             {"AT+CIPSTO?", idle}},                                                                \
            result, SERVER_INTO(__VA_ARGS__)                                                       \
    }
#define FIVE  "+CIPSERVERMAXCONN:5\r\nOK"
#define NEVER "+CIPSTO:0\r\nOK"

static const struct wm_server_status none = {false, 0, "", false, 5, 0};
static const struct wm_server_status none_w800 = {false, 0, "TCP", false, 5, 0};
static const struct wm_server_status tcp = {true, 80, "TCP", false, 1, 7200};
static const struct wm_server_status ssl = {true, 443, "SSLv6", true, 5, 0};

static const struct golden server_rows[] = {
    SERVER("+CIPSERVER:0\r\n\r\nOK", FIVE, NEVER, 0, &none),
    SERVER("+CIPSERVER:0,0,\"TCP\",0\r\nOK", FIVE, NEVER, 0, &none_w800), /* section 13, row 19 */
    SERVER("+CIPSERVER:1,80,\"TCP\"\r\n\r\nOK", "+CIPSERVERMAXCONN:1\r\nOK", "+CIPSTO:7200\r\nOK",
           0, &tcp),
    SERVER("+CIPSERVER:1,443,\"SSLv6\",1\r\n\r\nOK", FIVE, NEVER, 0, &ssl),
    {get_server, {{"AT+CIPSERVER?", "+CIPSERVER:2\r\nOK"}}, WM_ERR_PROTO, SERVER_INTO(NULL)},
    {get_server, {{"AT+CIPSERVER?", "+CIPSERVER:1,65536\r\nOK"}}, WM_ERR_PROTO, SERVER_INTO(NULL)},
    {get_server,
     {{"AT+CIPSERVER?", "+CIPSERVER:1,80,\"TCPv66666\"\r\nOK"}},
     WM_ERR_PROTO,
     SERVER_INTO(NULL)},
    {get_server,
     {{"AT+CIPSERVER?", "+CIPSERVER:0\r\n\r\nOK"},
      {"AT+CIPSERVERMAXCONN?", "+CIPSERVERMAXCONN:6\r\nOK"}},
     WM_ERR_PROTO,
     SERVER_INTO(NULL)},
    SERVER("+CIPSERVER:0\r\n\r\nOK", FIVE, "+CIPSTO:7201\r\nOK", WM_ERR_PROTO, NULL),
};

GOLDEN_TEST(server_of_the_module, server_rows)

/* AT+CIPRECVLEN?. */

static struct wm_waiting waiting;

static int get_waiting(struct wm_op *op)
{
    return wm_waiting_prepare(op, &waiting);
}

#define WAITING(answer, result, ...)                                                               \
    GOLDEN_INTO(waiting, get_waiting, "AT+CIPRECVLEN?", answer, result, __VA_ARGS__)

static const struct wm_waiting nobody = {{-1, -1, -1, -1, -1}};
static const struct wm_waiting first = {{100, -1, -1, -1, -1}};
static const struct wm_waiting mixed = {{0, 0, -1, 5760, -1}};
static const struct wm_waiting all = {{1, 2, 3, 4, 2147483647}};

static const struct golden waiting_rows[] = {
    WAITING("+CIPRECVLEN:,,,,\r\nOK", 0, &nobody),
    WAITING("+CIPRECVLEN:100,,,,\r\nOK", 0, &first),
    WAITING("+CIPRECVLEN:100,,,,,\r\nOK", 0, &first), /* the example of the specification */
    WAITING("+CIPRECVLEN:0,0,,5760,\r\nOK", 0, &mixed),
    WAITING("+CIPRECVLEN:1,2,3,4,2147483647\r\nOK", 0, &all),
    WAITING("+CIPRECVLEN:1,2,3,4,5,6\r\nOK", WM_ERR_PROTO, NULL),
    WAITING("+CIPRECVLEN:,,,,,,\r\nOK", WM_ERR_PROTO, NULL),
    WAITING("+CIPRECVLEN:-1,,,,\r\nOK", WM_ERR_PROTO, NULL),
    WAITING("+CIPRECVLEN:1x,,,,\r\nOK", WM_ERR_PROTO, NULL),
    WAITING("+CIPRECVLEN:1\r\nOK", WM_ERR_PROTO, NULL),
    WAITING("+CIPRECVLEN:1,,,\r\nOK", WM_ERR_PROTO, NULL),
    WAITING("OK", WM_ERR_PROTO, NULL),
};

GOLDEN_TEST(bytes_that_wait, waiting_rows)

int main(void)
{
    Suite *suite = suite_create("state");
    TCase *tc = tcase_create("state");
    GOLDEN_ADD(tc, modes_of_the_module, mode_rows);
    GOLDEN_ADD(tc, server_of_the_module, server_rows);
    GOLDEN_ADD(tc, bytes_that_wait, waiting_rows);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
