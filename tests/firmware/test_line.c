/* firmware/line: lines (framework, "Line and command grammar") and the guard times of +++
 * (TCP-IP_AT: +++). */
#include "line.h"

#include <string.h>

#include "escape.h"
#include "suite.h"

/* Feeds text in pieces of a size and writes the events as letters: C complete, L too long; the last
 * line is left in line. */
static void feed(struct fw_line *line, const char *text, size_t len, size_t piece, char *events)
{
    while (len > 0) {
        enum fw_line_event event;
        size_t used = fw_line_take(line, text, len < piece ? len : piece, &event);

        ck_assert_uint_gt(used, 0);
        if (event != FW_LINE_NONE) {
            *events++ = event == FW_LINE_COMPLETE ? 'C' : 'L';
        }
        text += used;
        len -= used;
    }
    *events = '\0';
}

static void check_line(const char *text, size_t len, const char *want_events, const char *want)
{
    for (size_t piece = 1; piece <= len; piece++) {
        struct fw_line line;
        char events[64];

        fw_line_init(&line);
        feed(&line, text, len, piece, events);
        ck_assert_str_eq(events, want_events);
        if (want != NULL) {
            ck_assert_uint_eq(line.len, strlen(want));
            ck_assert_mem_eq(line.text, want, line.len);
        }
    }
}

#define CHECK_LINE(text, events, want) check_line(text, sizeof(text) - 1, events, want)

START_TEST(cr_lf_ends_a_line)
{
    CHECK_LINE("AT\r\n", "C", "AT");
    CHECK_LINE("AT+RST\r\nAT\r\n", "CC", "AT");
    CHECK_LINE("\r\n", "C", "");
    CHECK_LINE("AT", "", NULL);
    CHECK_LINE("AT\r", "", NULL);
}
END_TEST

START_TEST(lone_cr_or_lf_is_part_of_the_line)
{
    CHECK_LINE("A\rT\r\n", "C", "A\rT");
    CHECK_LINE("A\nT\r\n", "C", "A\nT");
    CHECK_LINE("AT\n\r\r\n", "C", "AT\n\r");
    CHECK_LINE("AT\n", "", NULL);
}
END_TEST

START_TEST(nul_is_a_byte_like_others)
{
    struct fw_line line;
    char events[8];

    fw_line_init(&line);
    feed(&line, "A\0T\r\n", 5, 5, events);
    ck_assert_str_eq(events, "C");
    ck_assert_uint_eq(line.len, 3);
    ck_assert_mem_eq(line.text, "A\0T", 3);
}
END_TEST

START_TEST(at_most_256_bytes_with_cr_lf)
{
    char text[1024];

    memset(text, 'A', sizeof text);
    for (size_t len = 250; len < 300; len++) {
        for (size_t piece = 1; piece < 300; piece += 7) {
            struct fw_line line;
            char events[8];

            memcpy(text + len, "\r\nAT\r\n", 6);
            fw_line_init(&line);
            feed(&line, text, len + 6, piece, events);
            ck_assert_str_eq(events, len + 2 <= 256 ? "CC" : "LC");
            ck_assert_uint_eq(line.len, 2);
            memset(text + len, 'A', 6);
        }
    }
}
END_TEST

START_TEST(an_endless_line_stays_refused)
{
    struct fw_line line;
    char text[997];
    char events[8];

    memset(text, 'x', sizeof text);
    fw_line_init(&line);
    for (int i = 0; i < 1000; i++) {
        feed(&line, text, sizeof text, 100, events);
        ck_assert_str_eq(events, "");
    }
    feed(&line, "\nAT\r\nAT\r\n", 10, 1, events);
    ck_assert_str_eq(events, "LC");
}
END_TEST

static struct fw_escape started(uint64_t now_ms)
{
    struct fw_escape escape;

    fw_escape_start(&escape, now_ms);
    return escape;
}

START_TEST(escape_needs_30_ms_before)
{
    struct fw_escape escape = started(1000);

    fw_escape_feed(&escape, "+++", 3, 1029);
    ck_assert(!fw_escape_due(&escape, 5000));
    escape = started(1000);
    fw_escape_feed(&escape, "+++", 3, 1030);
    ck_assert(fw_escape_due(&escape, 5000));
}
END_TEST

START_TEST(escape_needs_30_ms_behind)
{
    struct fw_escape escape = started(1000);

    fw_escape_feed(&escape, "+++", 3, 1100);
    ck_assert_uint_eq(fw_escape_deadline(&escape), 1130);
    ck_assert(!fw_escape_due(&escape, 1129));
    ck_assert(fw_escape_due(&escape, 1130));
    fw_escape_feed(&escape, "x", 1, 1129);
    ck_assert(!fw_escape_due(&escape, 5000));
}
END_TEST

START_TEST(escape_allows_30_ms_between)
{
    struct fw_escape escape = started(1000);

    fw_escape_feed(&escape, "+", 1, 1100);
    fw_escape_feed(&escape, "+", 1, 1130);
    fw_escape_feed(&escape, "+", 1, 1160);
    ck_assert(fw_escape_due(&escape, 1190));

    escape = started(1000);
    fw_escape_feed(&escape, "+", 1, 1100);
    fw_escape_feed(&escape, "++", 2, 1131);
    ck_assert(!fw_escape_due(&escape, 5000));
}
END_TEST

START_TEST(four_plus_or_others_are_data)
{
    static const char *const texts[] = {"++++", "a+++", "+++a", "++", "+a+", "ab"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct fw_escape whole = started(1000), bytes = started(1000);

        fw_escape_feed(&whole, texts[i], strlen(texts[i]), 1100);
        for (const char *at = texts[i]; *at != '\0'; at++) {
            fw_escape_feed(&bytes, at, 1, 1100);
        }
        ck_assert_msg(!fw_escape_due(&whole, 5000), "%s", texts[i]);
        ck_assert_msg(!fw_escape_due(&bytes, 5000), "%s a byte at a time", texts[i]);
    }
}
END_TEST

START_TEST(escape_after_other_data)
{
    struct fw_escape escape = started(1000);

    fw_escape_feed(&escape, "data", 4, 1010);
    fw_escape_feed(&escape, "+++", 3, 1040);
    ck_assert(fw_escape_due(&escape, 1070));
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("line");
    TCase *lines = tcase_create("lines");
    TCase *escape = tcase_create("escape");

    tcase_add_test(lines, cr_lf_ends_a_line);
    tcase_add_test(lines, lone_cr_or_lf_is_part_of_the_line);
    tcase_add_test(lines, nul_is_a_byte_like_others);
    tcase_add_test(lines, at_most_256_bytes_with_cr_lf);
    tcase_add_test(lines, an_endless_line_stays_refused);
    suite_add_tcase(suite, lines);
    tcase_add_test(escape, escape_needs_30_ms_before);
    tcase_add_test(escape, escape_needs_30_ms_behind);
    tcase_add_test(escape, escape_allows_30_ms_between);
    tcase_add_test(escape, four_plus_or_others_are_data);
    tcase_add_test(escape, escape_after_other_data);
    suite_add_tcase(suite, escape);
    return suite;
}

SUITE_MAIN(make_suite)
