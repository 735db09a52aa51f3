/* The module's clock (TCP/IP AT: CIPSNTPCFG, CIPSNTPTIME, CIPSNTPINTV). For threads, time and
 * callbacks see wmat.h. Every call's default deadline is 5 s. Errors of all: WM_ERR_ARG: a value
 * out of its range, a NULL, a control character; nothing was sent. WM_ERR_PROTO: the answer could
 * not be read; what a result was to go into is all zero then. */
#ifndef WMAT_TIME_H
#define WMAT_TIME_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

#define WM_SNTP_SERVERS     3
#define WM_SNTP_SERVER_SIZE 65 /* a host name or address, terminated */

/* AT+CIPSNTPCFG: whom the module asks for the time. */
struct wm_sntp {
    bool enabled;
    /* What is added to UTC, in one of two forms: -12..14 hours; or hours and minutes as one number,
     * [-]hhmm: 530 is +05:30, -330 is -03:30, 15..59 and -13..-59 are minutes alone. A module may
     * show whole hours where minutes were set. */
    int zone;
    /* 1..64 bytes each; "": none. Without any the module takes its own three. */
    char servers[WM_SNTP_SERVERS][WM_SNTP_SERVER_SIZE];
};

int wm_sntp_get(struct wm_device *dev, struct wm_sntp *sntp, uint32_t timeout_ms);
int wm_sntp_get_prepare(struct wm_op *op, struct wm_sntp *sntp);

/* WM_ERR_ARG also: a server behind one that is "", or names too long for a line together. */
int wm_sntp_set(struct wm_device *dev, const struct wm_sntp *sntp, uint32_t timeout_ms);
int wm_sntp_set_prepare(struct wm_op *op, const struct wm_sntp *sntp);

/* AT+CIPSNTPINTV: seconds between two questions, 15..4294967. wm_sntp_interval_get returns them. A
 * shipping module says WM_ERR_DEVICE while SNTP is off. */
int wm_sntp_interval_get(struct wm_device *dev, uint32_t timeout_ms);
int wm_sntp_interval_get_prepare(struct wm_op *op);
int wm_sntp_interval_set(struct wm_device *dev, unsigned interval_s, uint32_t timeout_ms);
int wm_sntp_interval_set_prepare(struct wm_op *op, unsigned interval_s);

/* The time in the zone of wm_sntp_set. */
struct wm_time {
    bool known; /* false: the clock was never set and runs from 1970; the rest is what it shows */
    int year;
    int month; /* 1..12 */
    int day;   /* 1..31 */
    int hour, minute, second;
    int weekday;   /* 0 is Sunday */
    char text[25]; /* as the module prints it: "Tue Oct 19 17:47:56 2021" */
};

/* AT+CIPSNTPTIME?. Returns 0 whether or not the time is known. */
int wm_time(struct wm_device *dev, struct wm_time *time, uint32_t timeout_ms);
int wm_time_prepare(struct wm_op *op, struct wm_time *time);

#ifdef __cplusplus
}
#endif

#endif
