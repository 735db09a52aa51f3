#include <wmat/time.h>

#include <string.h>

#include "at_limits.h"
#include "arg.h"
#include "simple.h"

/* AT+CIPSNTPCFG (TCP/IP AT: CIPSNTPCFG). A shipping module shows enable alone while it is 0. */

static const struct field sntp_fields[] = {
    FLAG(wm_sntp, enabled),           NUMBER_OR(wm_sntp, zone, -1259, 1459, 0),
    MAYBE(TEXT, wm_sntp, servers[0]), MAYBE(TEXT, wm_sntp, servers[1]),
    MAYBE(TEXT, wm_sntp, servers[2]),
};
static const struct reading sntp_reading[] = {READING(AT_CMD_CIPSNTPCFG, sntp_fields)};
static const struct simple sntp_get = SIMPLE_GET(struct wm_sntp, sntp_reading);
static const struct simple sntp_set = SIMPLE_SET(AT_CMD_CIPSNTPCFG, sntp_fields);

int wm_sntp_get_prepare(struct wm_op *op, struct wm_sntp *sntp)
{
    return simple_prepare_get(op, &sntp_get, sntp);
}

int wm_sntp_get(struct wm_device *dev, struct wm_sntp *sntp, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_sntp_get_prepare(&op, sntp), timeout_ms);
}

static bool sntp_sound(const struct wm_sntp *sntp)
{
    int minutes = (sntp->zone < 0 ? -sntp->zone : sntp->zone) % 100;
    for (int i = 1; i < WM_SNTP_SERVERS; i++) {
        if (sntp->servers[i][0] && !sntp->servers[i - 1][0])
            return false;
    }
    return minutes < 60;
}

int wm_sntp_set_prepare(struct wm_op *op, const struct wm_sntp *sntp)
{
    int err = simple_prepare_set(op, &sntp_set, sntp);
    return op_checked(op, err == 0 && sntp_sound(sntp));
}

int wm_sntp_set(struct wm_device *dev, const struct wm_sntp *sntp, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_sntp_set_prepare(&op, sntp), timeout_ms);
}

/* AT+CIPSNTPINTV (TCP/IP AT: CIPSNTPINTV). */

static const struct simple interval_get =
    SIMPLE_NUMBER_GET(AT_CMD_CIPSNTPINTV, 0, AT_SNTP_INTERVAL_MAX);
static const struct simple interval_set =
    SIMPLE_NUMBER_SET(AT_CMD_CIPSNTPINTV, AT_SNTP_INTERVAL_MIN, AT_SNTP_INTERVAL_MAX);

int wm_sntp_interval_get_prepare(struct wm_op *op)
{
    return simple_prepare(op, &interval_get);
}

int wm_sntp_interval_get(struct wm_device *dev, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_sntp_interval_get_prepare(&op), timeout_ms);
}

int wm_sntp_interval_set_prepare(struct wm_op *op, unsigned interval_s)
{
    return simple_prepare_number(op, &interval_set, interval_s);
}

int wm_sntp_interval_set(struct wm_device *dev, unsigned interval_s, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_sntp_interval_set_prepare(&op, interval_s), timeout_ms);
}

/* AT+CIPSNTPTIME? (TCP/IP AT: CIPSNTPTIME): "Tue Oct 19 17:47:56 2021", the form of asctime. */

#define FIRST_YEAR 1970

static bool take(struct slice *text, size_t len, struct slice *piece)
{
    if (text->len < len)
        return false;
    *piece = slice_make(text->text, len);
    *text = slice_make(text->text + len, text->len - len);
    return true;
}

/* One of names, three letters each, and the blank behind it. */
static bool take_name(struct slice *text, const char *names, int *index)
{
    struct slice piece;
    if (!take(text, 4, &piece) || piece.text[3] != ' ')
        return false;
    for (int i = 0; names[3 * i]; i++) {
        if (memcmp(names + 3 * i, piece.text, 3) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

/* A number of digits, and what stands behind it ('\0': nothing). */
static bool take_number(struct slice *text, size_t digits, char behind, int min, int max,
                        int *value)
{
    struct slice number, rest;
    if (!take(text, digits, &number) ||
        (behind && (!take(text, 1, &rest) || rest.text[0] != behind)))
        return false;
    struct scan scan = scan_fields(number, 0);
    return scan_number(&scan, min, max, value) && scan_ended(&scan);
}

/* asctime pads the day with a blank, a shipping module with a zero (device_dialect, section 13, row
 * 25). */
static bool take_day(struct slice *text, int *day)
{
    struct slice blank;
    if (text->len > 0 && text->text[0] == ' ')
        return take(text, 1, &blank) && take_number(text, 1, ' ', 1, 9, day);
    return take_number(text, 2, ' ', 1, 31, day);
}

static bool read_time(struct slice text, struct wm_time *time)
{
    if (text.len != sizeof time->text - 1)
        return false;
    scan_copy(time->text, sizeof time->text, text);
    if (!take_name(&text, "SunMonTueWedThuFriSat", &time->weekday) ||
        !take_name(&text, "JanFebMarAprMayJunJulAugSepOctNovDec", &time->month) ||
        !take_day(&text, &time->day) || !take_number(&text, 2, ':', 0, 23, &time->hour) ||
        !take_number(&text, 2, ':', 0, 59, &time->minute) ||
        !take_number(&text, 2, ' ', 0, 60, &time->second) ||
        !take_number(&text, 4, '\0', 0, 9999, &time->year))
        return false;
    time->month++;
    time->known = time->year > FIRST_YEAR;
    return true;
}

static void time_line(struct wm_core *core, struct wm_op *op, struct slice line)
{
    struct scan scan;
    if (answer_of(line, AT_CMD_CIPSNTPTIME, &scan) &&
        read_time(slice_make(scan.at, (size_t)(scan.end - scan.at)), op->out))
        simple_sound(op);
    else
        simple_damaged(core, op);
}

static const struct reading time_reading[] = {{.command = AT_CMD_CIPSNTPTIME}};
static const struct simple time_get = {
    .op = {.timeout_ms = SIMPLE_MS, .begin = simple_ask, .line = time_line, .final = simple_next},
    .readings = time_reading,
    .count = COUNT(time_reading),
    .size = sizeof(struct wm_time)};

int wm_time_prepare(struct wm_op *op, struct wm_time *time)
{
    return simple_prepare_get(op, &time_get, time);
}

int wm_time(struct wm_device *dev, struct wm_time *time, uint32_t timeout_ms)
{
    struct wm_op op;
    return run_prepared(dev, &op, wm_time_prepare(&op, time), timeout_ms);
}
