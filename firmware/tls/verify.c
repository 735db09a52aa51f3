#include "verify.h"

bool fw_tls_clock_is_set(uint64_t unix_s, const char **reason)
{
    if (unix_s == 0) {
        *reason = "the clock is not set: certificate dates can't be checked";
    }
    return unix_s != 0;
}

/* Days from 1970-01-01 in the Gregorian calendar. The year begins in March here, so that the leap
 * day is its last. */
static int64_t days_since_1970(int year, int month, int day)
{
    int64_t years = year - (month <= 2);
    int months = (month + 9) % 12;

    return years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 + day - 1 -
           719468;
}

static int64_t seconds_since_1970(const mbedtls_x509_time *time)
{
    int64_t hours = days_since_1970(time->year, time->mon, time->day) * 24 + time->hour;

    return (hours * 60 + time->min) * 60 + time->sec;
}

/* mbedTLS has compared the dates with the clock of the host by now; that verdict is dropped. */
int fw_tls_verify_dates(void *ctx, mbedtls_x509_crt *crt, int depth, uint32_t *flags)
{
    const uint64_t *unix_s = ctx;
    int64_t now_s = (int64_t)*unix_s;

    (void)depth;
    *flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED | MBEDTLS_X509_BADCERT_FUTURE);
    if (now_s > seconds_since_1970(&crt->valid_to)) {
        *flags |= MBEDTLS_X509_BADCERT_EXPIRED;
    }
    if (now_s < seconds_since_1970(&crt->valid_from)) {
        *flags |= MBEDTLS_X509_BADCERT_FUTURE;
    }
    return 0;
}
