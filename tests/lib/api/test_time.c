/* The clock of the module, against golden bytes (TCP/IP AT: CIPSNTPCFG, CIPSNTPTIME, CIPSNTPINTV;
 * device_dialect, sections 9, 11 and 13). */
#include <string.h>

#include <wmat/time.h>

#include "golden.h"
#include "suite.h"

/* AT+CIPSNTPCFG. */

static struct wm_sntp sntp;

static const struct wm_sntp settings[] = {
    {true, 8, {"cn.ntp.org.cn", "ntp.sjtu.edu.cn", ""}},
    {true, -500, {"0.pool.ntp.org", "time.google.com", "a,b"}},
    {true, 1245, {"", "", ""}},
    {false, 0, {"", "", ""}},
    {true, 14, {"x", "", ""}},
    {true, -12, {"x", "", ""}},
    {true, 1459, {"x", "", ""}},
    {true, -1259, {"x", "", ""}},
    {true, 15, {"x", "", ""}},
};

static int get_sntp(struct wm_op *op)
{
    return wm_sntp_get_prepare(op, &sntp);
}

/* clang-format off */
static int china(struct wm_op *op) { return wm_sntp_set_prepare(op, &settings[0]); }
static int new_york(struct wm_op *op) { return wm_sntp_set_prepare(op, &settings[1]); }
static int chatham(struct wm_op *op) { return wm_sntp_set_prepare(op, &settings[2]); }
static int off(struct wm_op *op) { return wm_sntp_set_prepare(op, &settings[3]); }
static int east(struct wm_op *op) { return wm_sntp_set_prepare(op, &settings[4]); }
static int west(struct wm_op *op) { return wm_sntp_set_prepare(op, &settings[5]); }
static int far_east(struct wm_op *op) { return wm_sntp_set_prepare(op, &settings[6]); }
static int far_west(struct wm_op *op) { return wm_sntp_set_prepare(op, &settings[7]); }
static int quarter(struct wm_op *op) { return wm_sntp_set_prepare(op, &settings[8]); }
/* clang-format on */

#define SNTP(answer, result, ...)                                                                  \
    GOLDEN_INTO(sntp, get_sntp, "AT+CIPSNTPCFG?", answer, result, __VA_ARGS__)

#define SIXTY_FIVE "01234567890123456789012345678901234567890123456789012345678901234"

static const struct golden sntp_rows[] = {
    SNTP("+CIPSNTPCFG:1,8,\"cn.ntp.org.cn\",\"ntp.sjtu.edu.cn\"\r\nOK", 0, &settings[0]),
    SNTP("+CIPSNTPCFG:1,8,cn.ntp.org.cn,ntp.sjtu.edu.cn\r\nOK", 0, &settings[0]),
    SNTP("+CIPSNTPCFG:1,-500,\"0.pool.ntp.org\",\"time.google.com\",\"a,b\"\r\nOK", 0,
         &settings[1]),
    SNTP("+CIPSNTPCFG:0\r\nOK", 0, &settings[3]), /* device_dialect, section 9 */
    SNTP("+CIPSNTPCFG:0,0\r\nOK", 0, &settings[3]),
    SNTP("+CIPSNTPCFG:2,0\r\nOK", WM_ERR_PROTO, NULL),
    SNTP("+CIPSNTPCFG:1,1460\r\nOK", WM_ERR_PROTO, NULL),
    SNTP("+CIPSNTPCFG:1,x\r\nOK", WM_ERR_PROTO, NULL),
    SNTP("+CIPSNTPCFG:1,8,\"" SIXTY_FIVE "\"\r\nOK", WM_ERR_PROTO, NULL),
    SNTP("+CIPSNTPCFG:1,8,\"a\",\"b\",\"c\",\"d\"\r\nOK", WM_ERR_PROTO, NULL),
    SNTP("OK", WM_ERR_PROTO, NULL),
    GOLDEN(china, "AT+CIPSNTPCFG=1,8,\"cn.ntp.org.cn\",\"ntp.sjtu.edu.cn\"", "OK", 0),
    GOLDEN(new_york, "AT+CIPSNTPCFG=1,-500,\"0.pool.ntp.org\",\"time.google.com\",\"a\\,b\"", "OK",
           0),
    GOLDEN(chatham, "AT+CIPSNTPCFG=1,1245", "OK", 0),
    GOLDEN(off, "AT+CIPSNTPCFG=0,0", "ERROR", WM_ERR_DEVICE),
    GOLDEN(east, "AT+CIPSNTPCFG=1,14,\"x\"", "OK", 0),
    GOLDEN(west, "AT+CIPSNTPCFG=1,-12,\"x\"", "OK", 0),
    GOLDEN(far_east, "AT+CIPSNTPCFG=1,1459,\"x\"", "OK", 0),
    GOLDEN(far_west, "AT+CIPSNTPCFG=1,-1259,\"x\"", "OK", 0),
    GOLDEN(quarter, "AT+CIPSNTPCFG=1,15,\"x\"", "OK", 0),
};

GOLDEN_TEST(sntp_get_and_set, sntp_rows)

/* AT+CIPSNTPTIME. */

static struct wm_time now;

static int get_time(struct wm_op *op)
{
    return wm_time_prepare(op, &now);
}

static const struct wm_time example = {
    true, 2021, 10, 19, 17, 47, 56, 2, "Tue Oct 19 17:47:56 2021"};
static const struct wm_time blank = {true, 2024, 2, 9, 0, 0, 60, 5, "Fri Feb  9 00:00:60 2024"};
static const struct wm_time zero = {true, 2024, 2, 9, 23, 59, 0, 5, "Fri Feb 09 23:59:00 2024"};
static const struct wm_time unset = {false, 1970, 1, 1, 0, 0, 0, 4, "Thu Jan  1 00:00:00 1970"};
static const struct wm_time unset_w800 = {
    false, 1970, 1, 1, 0, 0, 5, 4, "Thu Jan 01 00:00:05 1970"};
static const struct wm_time before = {false, 1969, 12, 31, 19, 0, 0, 3, "Wed Dec 31 19:00:00 1969"};

#define TIME(answer, result, ...)                                                                  \
    GOLDEN_INTO(now, get_time, "AT+CIPSNTPTIME?", answer, result, __VA_ARGS__)
#define DAMAGED(text) TIME("+CIPSNTPTIME:" text "\r\nOK", WM_ERR_PROTO, NULL)

static const struct golden time_rows[] = {
    TIME("+CIPSNTPTIME:Tue Oct 19 17:47:56 2021\r\nOK", 0, &example),
    TIME("+CIPSNTPTIME:Fri Feb  9 00:00:60 2024\r\nOK", 0, &blank),
    TIME("+CIPSNTPTIME:Fri Feb 09 23:59:00 2024\r\nOK", 0, &zero), /* section 13, row 25 */
    TIME("+CIPSNTPTIME:Thu Jan  1 00:00:00 1970\r\nOK", 0, &unset),
    TIME("+CIPSNTPTIME:Thu Jan 01 00:00:05 1970\r\nOK", 0, &unset_w800),
    TIME("+CIPSNTPTIME:Wed Dec 31 19:00:00 1969\r\nOK", 0, &before), /* west of Greenwich */
    DAMAGED(""),
    DAMAGED("Tue Oct 19 17:47:56 202"),
    DAMAGED("Tue Oct 19 17:47:56 20211"),
    DAMAGED("Txe Oct 19 17:47:56 2021"),
    DAMAGED("Tue Ocx 19 17:47:56 2021"),
    DAMAGED("Tue Oct 32 17:47:56 2021"),
    DAMAGED("Tue Oct  0 17:47:56 2021"),
    DAMAGED("Tue Oct 00 17:47:56 2021"),
    DAMAGED("Tue Oct 19 24:47:56 2021"),
    DAMAGED("Tue Oct 19 17:60:56 2021"),
    DAMAGED("Tue Oct 19 17:47:61 2021"),
    DAMAGED("Tue Oct 19 17-47:56 2021"),
    DAMAGED("Tue Oct 19 17:47:56,2021"),
    DAMAGED("TueOct  19 17:47:56 2021"),
    DAMAGED("Tue Oct 19 17:4,:56 2021"),
    DAMAGED("Tue Oct 19 17:47:56 -021"),
    TIME("OK", WM_ERR_PROTO, NULL),
    TIME("ERROR", WM_ERR_DEVICE, NULL),
};

GOLDEN_TEST(time_of_day, time_rows)

/* AT+CIPSNTPINTV. */

static int hourly(struct wm_op *op)
{
    return wm_sntp_interval_set_prepare(op, 3600);
}

#define INTERVAL(answer, result)                                                                   \
    GOLDEN(wm_sntp_interval_get_prepare, "AT+CIPSNTPINTV?", answer, result)

static const struct golden interval_rows[] = {
    INTERVAL("+CIPSNTPINTV:3600\r\n\r\nOK", 3600),
    INTERVAL("+CIPSNTPINTV:4294967\r\nOK", 4294967),
    INTERVAL("+CIPSNTPINTV:4294968\r\nOK", WM_ERR_PROTO),
    INTERVAL("+CIPSNTPINTV:36O0\r\nOK", WM_ERR_PROTO),
    INTERVAL("ERROR", WM_ERR_DEVICE), /* SNTP is off (device_dialect, section 13, row 26) */
    GOLDEN(hourly, "AT+CIPSNTPINTV=3600", "OK", 0),
};

GOLDEN_TEST(interval, interval_rows)

int main(void)
{
    Suite *suite = suite_create("time");
    TCase *tc = tcase_create("time");
    GOLDEN_ADD(tc, sntp_get_and_set, sntp_rows);
    GOLDEN_ADD(tc, time_of_day, time_rows);
    GOLDEN_ADD(tc, interval, interval_rows);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
