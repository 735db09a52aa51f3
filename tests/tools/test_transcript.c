/* The language of transcripts: what each line becomes in each dialect. */
#include <string.h>

#include <check.h>

#include "suite.h"
#include "transcript.h"

static struct transcript transcript;

/* Items in a row: the mark of the kind, the bytes, and a bar. */
static const char *items(void)
{
    static char all[2048];
    size_t len = 0;

    for (size_t i = 0; i < transcript.count; i++) {
        const struct transcript_item *item = &transcript.items[i];

        all[len++] = "><!=@"[item->kind];
        memcpy(all + len, item->bytes ? item->bytes : "", item->len);
        len += item->len;
        all[len++] = '|';
    }
    all[len] = '\0';
    return all;
}

static int read_as(const char *text, unsigned number, enum transcript_dialect dialect,
                   enum transcript_dialect habits)
{
    transcript_free(&transcript);
    return transcript_parse(&transcript, "folder/some.at", text, number,
                            (struct transcript_reading){dialect, habits});
}

static void check_items(const char *text, const char *manual, const char *w800)
{
    ck_assert_int_eq(read_as(text, 0, TRANSCRIPT_MANUAL, TRANSCRIPT_MANUAL), 1);
    ck_assert_str_eq(items(), manual);
    ck_assert_int_eq(read_as(text, 0, TRANSCRIPT_W800, TRANSCRIPT_W800), 1);
    ck_assert_str_eq(items(), w800);
}

START_TEST(echo_stands_in_front_of_the_answer)
{
    check_items("# S\n> AT\n< OK\n", ">AT\r\n|<OK\r\n|", ">AT\r\n|<AT\r\n\r\nOK\r\n|");
    check_items("# S\n> AT\n@ 30\n< OK\n", ">AT\r\n|@|<OK\r\n|", ">AT\r\n|<AT\r\n\r\n|@|<OK\r\n|");
}
END_TEST

START_TEST(what_is_no_command_line_is_not_echoed)
{
    check_items("# S\n> AT\\r\\n\\\n> x\\\n> x\n", ">AT\r\n|>x|>x\r\n|", ">AT\r\n|>x|>x\r\n|");
    check_items("# S\n> AT+CIPSEND=4\n< OK\n< >\n> AT\n< SEND OK\n",
                ">AT+CIPSEND=4\r\n|<OK\r\n>\r\n|>AT\r\n|<SEND OK\r\n|",
                ">AT+CIPSEND=4\r\n|<AT+CIPSEND=4\r\n\r\nOK\r\n>\r\n|>AT\r\n|<SEND OK\r\n|");
}
END_TEST

START_TEST(empty_line_in_front_of_a_result_is_the_manuals)
{
    check_items("# S\n< a\n<\n< OK\n", "<a\r\n\r\nOK\r\n|", "<a\r\nOK\r\n|");
    check_items("# S\n<\n< ERROR\n", "<\r\nERROR\r\n|", "<ERROR\r\n|");
    check_items("# S\n<\n< a\n<\n", "<\r\na\r\n\r\n|", "<\r\na\r\n\r\n|");
    check_items("# S\n< a\nw800: <\n< OK\n", "<a\r\nOK\r\n|", "<a\r\n\r\nOK\r\n|");
}
END_TEST

START_TEST(usage_ends_with_an_empty_line)
{
    check_items("# S\n> AT+X=?\n< AT+X\n< OK\n> AT\n< OK\n",
                ">AT+X=?\r\n|<AT+X\r\nOK\r\n|>AT\r\n|<OK\r\n|",
                ">AT+X=?\r\n|<AT+X=?\r\n\r\nAT+X\r\n\r\nOK\r\n|>AT\r\n|<AT\r\n\r\nOK\r\n|");
    check_items("# S\n> AT+X=?\nmanual: < ERROR\nw800: <\nw800: < OK\n", ">AT+X=?\r\n|<ERROR\r\n|",
                ">AT+X=?\r\n|<AT+X=?\r\n\r\n\r\nOK\r\n|");
    check_items("# S\n> AT=?\n< OK\n", ">AT=?\r\n|<OK\r\n|", ">AT=?\r\n|<AT=?\r\n\r\nOK\r\n|");
}
END_TEST

START_TEST(prefixed_lines_are_one_dialects)
{
    check_items("# S\nmanual: > a\\\nw800: > b\\\n! c\nw800: ! d\nmanual: @ 1\nw800: = e\n",
                ">a|!c|@|", ">b|!c|!d|=e|");
}
END_TEST

START_TEST(probe_reads_one_dialect_with_the_others_habits)
{
    const char *text = "# S\n> AT\nmanual: < a\nw800: < b\n<\n< OK\n";

    ck_assert_int_eq(read_as(text, 0, TRANSCRIPT_MANUAL, TRANSCRIPT_W800), 1);
    ck_assert_str_eq(items(), ">AT\r\n|<AT\r\n\r\na\r\nOK\r\n|");
}
END_TEST

START_TEST(cases_begin_with_the_head)
{
    const char *text = "# One\n! a\ncase first\nreal never\n! b\n# Two\ncase second\ndialect w800\n"
                       "row 13\n! c\n";

    ck_assert_int_eq(read_as(text, 0, TRANSCRIPT_MANUAL, TRANSCRIPT_MANUAL), 1);
    ck_assert_str_eq(items(), "!a|!b|");
    ck_assert_str_eq(transcript.name, "some/first");
    ck_assert_str_eq(transcript.section, "One");
    ck_assert(transcript.holds[TRANSCRIPT_MANUAL] && transcript.holds[TRANSCRIPT_W800]);
    ck_assert(transcript.never_real);
    ck_assert_int_eq(transcript.row, 0);
    ck_assert_int_eq(read_as(text, 1, TRANSCRIPT_W800, TRANSCRIPT_W800), 1);
    ck_assert_str_eq(items(), "!a|!c|");
    ck_assert_str_eq(transcript.name, "some/second");
    ck_assert_str_eq(transcript.section, "Two");
    ck_assert(!transcript.holds[TRANSCRIPT_MANUAL] && transcript.holds[TRANSCRIPT_W800]);
    ck_assert(!transcript.never_real);
    ck_assert_int_eq(transcript.row, 13);
    ck_assert_int_eq(read_as(text, 2, TRANSCRIPT_W800, TRANSCRIPT_W800), 0);
}
END_TEST

static void check_error(const char *text, int line)
{
    ck_assert_int_eq(read_as(text, 0, TRANSCRIPT_MANUAL, TRANSCRIPT_MANUAL), -1);
    ck_assert_ptr_nonnull(transcript.error);
    ck_assert_int_eq(transcript.error_line, line);
}

START_TEST(malformed_files_say_where)
{
    static char full[8192] = "# S\n";

    check_error("> AT\n", 1);
    check_error("# S\n> AT\nfoo\n", 3);
    check_error("# S\ndialect other\n", 2);
    check_error("# S\ncase empty\n", 2);
    for (int i = 0; i <= TRANSCRIPT_ITEMS; i++)
        strcat(full, "> AT\n");
    check_error(full, TRANSCRIPT_ITEMS + 2);
}
END_TEST

static Suite *make(void)
{
    Suite *suite = suite_create("transcript");
    TCase *tcase = tcase_create("language");

    tcase_add_test(tcase, echo_stands_in_front_of_the_answer);
    tcase_add_test(tcase, what_is_no_command_line_is_not_echoed);
    tcase_add_test(tcase, empty_line_in_front_of_a_result_is_the_manuals);
    tcase_add_test(tcase, usage_ends_with_an_empty_line);
    tcase_add_test(tcase, prefixed_lines_are_one_dialects);
    tcase_add_test(tcase, probe_reads_one_dialect_with_the_others_habits);
    tcase_add_test(tcase, cases_begin_with_the_head);
    tcase_add_test(tcase, malformed_files_say_where);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make)
