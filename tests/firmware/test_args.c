/* firmware/cmd/args: splitting, escapes and rules (framework, "Line and command grammar"). */
#include "args.h"

#include <stdio.h>
#include <string.h>

#include "suite.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct fw_args args;
static char line[512];

static bool read_with(const struct fw_arg *rules, size_t count, bool multiple, const char *text)
{
    struct fw_schema schema = {rules, count};

    memset(line, 'Z', sizeof line); /* whatever was there before */
    memcpy(line, text, strlen(text));
    return fw_args_read(line, strlen(text), &schema, multiple, &args);
}

static bool read_texts(size_t count, const char *text)
{
    struct fw_arg rules[25];

    for (size_t i = 0; i < count; i++) {
        rules[i] = (struct fw_arg){.kind = FW_ARG_TEXT, .max = 250, .optional = true};
    }
    return read_with(rules, count, false, text);
}

static bool read_number(const char *text)
{
    static const struct fw_arg rule = {.kind = FW_ARG_NUMBER, .min = -5, .max = 0x7fffffff};

    return read_with(&rule, 1, false, text);
}

START_TEST(commas_split_outside_of_quotes_only)
{
    ck_assert(read_texts(3, "\"a,b\",\"\",\"c\""));
    ck_assert_str_eq(args.value[0].text, "a,b");
    ck_assert_str_eq(args.value[1].text, "");
    ck_assert(args.value[1].given);
    ck_assert_str_eq(args.value[2].text, "c");
}
END_TEST

START_TEST(backslash_makes_the_next_byte_itself)
{
    ck_assert(read_texts(2, "\"a\\\"b\\\\c\\,d\\e\",\"\\\"\""));
    ck_assert_str_eq(args.value[0].text, "a\"b\\c,de");
    ck_assert_uint_eq(args.value[0].len, 8);
    ck_assert_str_eq(args.value[1].text, "\"");
    ck_assert(read_number("\\4\\2"));
    ck_assert_int_eq(args.value[0].number, 42);
}
END_TEST

START_TEST(omitted_parameters)
{
    static const struct fw_arg rules[] = {
        {.kind = FW_ARG_NUMBER, .max = 9},
        {.kind = FW_ARG_NUMBER, .max = 9, .optional = true, .fallback = 7},
        {.kind = FW_ARG_TEXT, .max = 9, .optional = true},
    };

    ck_assert(read_with(rules, COUNT(rules), false, "1,,\"x\""));
    ck_assert(!args.value[1].given);
    ck_assert_int_eq(args.value[1].number, 7);
    ck_assert_str_eq(args.value[2].text, "x");
    ck_assert(read_with(rules, COUNT(rules), false, "1"));
    ck_assert_int_eq(args.value[1].number, 7);
    ck_assert_str_eq(args.value[2].text, "");
    ck_assert(read_with(rules, COUNT(rules), false, "1,,"));
    ck_assert(!read_with(rules, COUNT(rules), false, ""));
    ck_assert(!read_with(rules, COUNT(rules), false, ",1"));
    ck_assert(!read_with(rules, COUNT(rules), false, "1,,\"x\","));
    ck_assert(!read_with(rules, COUNT(rules), false, "1,2,\"x\",4"));
}
END_TEST

START_TEST(quotes_have_to_close_at_a_comma)
{
    static const char *const bad[] = {"\"",     "\"a",        "\"a\\\"", "\"a\"b",
                                      "a\"b\"", "\"a\"\"b\"", "\\",      "\"a\\"};

    for (size_t i = 0; i < COUNT(bad); i++) {
        ck_assert_msg(!read_texts(3, bad[i]), "%s", bad[i]);
    }
}
END_TEST

START_TEST(control_bytes_are_no_text)
{
    char text[] = "\"a?b\"";

    for (int c = 0; c < 256; c++) {
        struct fw_arg rule = {.kind = FW_ARG_TEXT, .max = 9};
        struct fw_schema schema = {&rule, 1};
        bool control = c < 0x20 || c == 0x7f;

        if (c == '\\' || c == '"') {
            continue;
        }
        text[2] = (char)c;
        memcpy(line, text, 5);
        ck_assert_msg(fw_args_read(line, 5, &schema, false, &args) == !control, "byte %d", c);
    }
}
END_TEST

START_TEST(numbers)
{
    static const char *const bad[] = {"+1",  " 1", "1 ",         "-",
                                      "0x1", "1a", "\"1\"",      "-6",
                                      "",    "a",  "2147483648", "99999999999999999999"};

    ck_assert(read_number("2147483647"));
    ck_assert_int_eq(args.value[0].number, 2147483647);
    ck_assert(read_number("-5"));
    ck_assert_int_eq(args.value[0].number, -5);
    ck_assert(read_number("007"));
    for (size_t i = 0; i < COUNT(bad); i++) {
        ck_assert_msg(!read_number(bad[i]), "%s", bad[i]);
    }
}
END_TEST

START_TEST(texts_have_a_length)
{
    static const struct fw_arg rule = {.kind = FW_ARG_TEXT, .min = 1, .max = 3};

    ck_assert(!read_with(&rule, 1, false, "\"\""));
    ck_assert(read_with(&rule, 1, false, "\"a\""));
    ck_assert(read_with(&rule, 1, false, "\"abc\""));
    ck_assert(!read_with(&rule, 1, false, "\"abcd\""));
    ck_assert(!read_with(&rule, 1, false, "abc"));
    ck_assert(read_with(&rule, 1, false, "\"\\a\\b\\c\""));
}
END_TEST

START_TEST(at_most_20_parameters)
{
    char text[64] = "";

    for (int i = 1; i <= 21; i++) {
        strcat(text, i == 1 ? "\"\"" : ",\"\"");
        ck_assert_msg(read_texts(20, text) == (i <= 20), "%d parameters", i);
    }
}
END_TEST

START_TEST(addresses)
{
    static const struct fw_arg ip = {.kind = FW_ARG_IP, .optional = true};
    static const struct fw_arg ipv4 = {.kind = FW_ARG_IPV4};
    static const struct fw_arg mac = {.kind = FW_ARG_MAC};

    ck_assert(read_with(&ip, 1, false, "\"127.0.0.1\""));
    ck_assert_int_eq(args.value[0].addr.family, FW_IPV4);
    ck_assert(read_with(&ip, 1, false, "\"::1\""));
    ck_assert_int_eq(args.value[0].addr.family, FW_IPV6);
    ck_assert(read_with(&ip, 1, false, "\"\"")); /* null values are valid (TCP-IP_AT: CIPSTART) */
    ck_assert(!args.value[0].given);
    ck_assert(!read_with(&ip, 1, false, "\"host\""));
    ck_assert(!read_with(&ipv4, 1, false, "\"::1\""));
    ck_assert(!read_with(&ipv4, 1, false, "\"\""));
    ck_assert(read_with(&mac, 1, false, "\"02:80:Aa:00:00:01\""));
    ck_assert_int_eq(args.value[0].mac[2], 0xaa);
    ck_assert(!read_with(&mac, 1, false, "\"02:80:aa:00:00\""));
    ck_assert(!read_with(&mac, 1, false, "\"02:80:aa:00:00:0g\""));
}
END_TEST

START_TEST(passwords)
{
    static const struct fw_arg rule = {.kind = FW_ARG_PASSWORD};
    char text[80] = "\"";

    for (size_t len = 0; len <= 70; len++) {
        char quoted[80];

        snprintf(quoted, sizeof quoted, "%s\"", text);
        ck_assert_msg(read_with(&rule, 1, false, quoted) == (len == 0 || (len >= 8 && len <= 64)),
                      "%zu characters", len);
        strcat(text, "a");
    }
    memset(text + 1, 'g', 64); /* 64 characters have to be hex digits */
    strcpy(text + 65, "\"");
    ck_assert(!read_with(&rule, 1, false, text));
}
END_TEST

START_TEST(link_id_by_multiplex_mode)
{
    static const struct fw_arg rules[] = {
        {.kind = FW_ARG_LINK, .max = 4},
        {.kind = FW_ARG_NUMBER, .max = 99},
    };

    ck_assert(read_with(rules, COUNT(rules), true, "3,10"));
    ck_assert_int_eq(args.value[0].number, 3);
    ck_assert_int_eq(args.value[1].number, 10);
    ck_assert(!read_with(rules, COUNT(rules), true, "10"));
    ck_assert(!read_with(rules, COUNT(rules), true, "5,10"));
    ck_assert(!read_with(rules, COUNT(rules), true, ",10"));
    ck_assert(read_with(rules, COUNT(rules), false, "10"));
    ck_assert_int_eq(args.value[0].number, 0);
    ck_assert_int_eq(args.value[1].number, 10);
    ck_assert(!read_with(rules, COUNT(rules), false, "3,10"));
}
END_TEST

START_TEST(words_choose_the_rules_behind_them)
{
    static const struct fw_arg one[] = {{.kind = FW_ARG_NUMBER, .max = 9}};
    static const struct fw_arg two[] = {{.kind = FW_ARG_TEXT, .max = 9},
                                        {.kind = FW_ARG_NUMBER, .max = 9}};
    static const struct fw_schema one_rules = {one, COUNT(one)}, two_rules = {two, COUNT(two)};
    static const struct fw_word words[] = {
        {"ONE", 1, &one_rules}, {"TWO", 2, &two_rules}, {"NONE", 3, NULL}};
    static const struct fw_arg rule = {
        .kind = FW_ARG_WORD, .words = words, .word_count = COUNT(words)};

    ck_assert(read_with(&rule, 1, false, "\"ONE\",5"));
    ck_assert_int_eq(args.value[0].number, 1);
    ck_assert_int_eq(args.value[1].number, 5);
    ck_assert(read_with(&rule, 1, false, "\"TWO\",\"x\",6"));
    ck_assert_int_eq(args.value[2].number, 6);
    ck_assert(read_with(&rule, 1, false, "\"NONE\""));
    ck_assert(!read_with(&rule, 1, false, "\"TWO\",5"));
    ck_assert(!read_with(&rule, 1, false, "\"one\",5"));
    ck_assert(!read_with(&rule, 1, false, "\"NONE\",5"));
    ck_assert(!read_with(&rule, 1, false, "ONE,5"));
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("args");
    TCase *tcase = tcase_create("args");

    tcase_add_test(tcase, commas_split_outside_of_quotes_only);
    tcase_add_test(tcase, backslash_makes_the_next_byte_itself);
    tcase_add_test(tcase, omitted_parameters);
    tcase_add_test(tcase, quotes_have_to_close_at_a_comma);
    tcase_add_test(tcase, control_bytes_are_no_text);
    tcase_add_test(tcase, numbers);
    tcase_add_test(tcase, texts_have_a_length);
    tcase_add_test(tcase, at_most_20_parameters);
    tcase_add_test(tcase, addresses);
    tcase_add_test(tcase, passwords);
    tcase_add_test(tcase, link_id_by_multiplex_mode);
    tcase_add_test(tcase, words_choose_the_rules_behind_them);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
