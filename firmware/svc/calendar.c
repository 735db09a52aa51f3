#include "calendar.h"

#include <string.h>

enum { DAY_S = 86400 };

struct date {
    int64_t year;
    int month, day; /* from 0, from 1 */
};

static int64_t floor_div(int64_t number, int64_t by)
{
    return number / by - (number % by < 0);
}

/* The proleptic Gregorian calendar, counted in years that begin in March: the leap day is the last
 * one of its year. Days of 400 years: 146097. */
static struct date date_of(int64_t days)
{
    int64_t from_0000 = days + 719468; /* 1 March 0000 to 1 January 1970 */
    int64_t era = floor_div(from_0000, 146097);
    int64_t day = from_0000 - era * 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t day_of_year = day - (365 * year + year / 4 - year / 100);
    int month = (int)((5 * day_of_year + 2) / 153);
    struct date date = {.day = (int)(day_of_year - (153 * month + 2) / 5) + 1,
                        .month = (month + 2) % 12};

    date.year = era * 400 + year + (date.month < 2);
    return date;
}

static char *put_2(char *text, int number, char padding)
{
    *text++ = number < 10 ? padding : (char)('0' + number / 10);
    *text++ = (char)('0' + number % 10);
    return text;
}

static char *put_year(char *text, int64_t year)
{
    int64_t unit = 1;

    while (year / unit >= 10) {
        unit *= 10;
    }
    for (; unit > 0; unit /= 10) {
        *text++ = (char)('0' + year / unit % 10);
    }
    return text;
}

void fw_date_format(int64_t unix_s, char day_padding, char text[FW_DATE_TEXT])
{
    static const char days[] = "ThuFriSatSunMonTueWed";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t day = floor_div(unix_s, DAY_S);
    int second = (int)(unix_s - day * DAY_S);
    struct date date = date_of(day);
    int weekday = (int)(day - floor_div(day, 7) * 7);

    memcpy(text, days + 3 * weekday, 3);
    text[3] = ' ';
    memcpy(text + 4, months + 3 * date.month, 3);
    text[7] = ' ';
    text = put_2(text + 8, date.day, day_padding);
    *text++ = ' ';
    text = put_2(text, second / 3600, '0');
    *text++ = ':';
    text = put_2(text, second / 60 % 60, '0');
    *text++ = ':';
    text = put_2(text, second % 60, '0');
    *text++ = ' ';
    *put_year(text, date.year) = '\0';
}
