/* Seconds since 1970 as a date in the form of asctime (C11, 7.27.3.1). */
#ifndef FW_CALENDAR_H
#define FW_CALENDAR_H

#include <stdint.h>

#define FW_DATE_TEXT                                                                               \
    26 /* "Thu Jan  1 00:00:00 1970" and its NUL, and a fifth digit of the year                    \
        */

/* Writes the date of unix_s, which may be before 1970; day_padding stands in front of a day of one
 * digit: ' ' as asctime has it, or '0'. */
void fw_date_format(int64_t unix_s, char day_padding, char text[FW_DATE_TEXT]);

#endif
