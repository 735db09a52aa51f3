#include "scan.h"

#include "suite.h"

static struct scan fields(const char *text)
{
    return scan_fields(slice_make(text, strlen(text)), 0);
}

START_TEST(numbers_in_range)
{
    uint32_t value;
    struct scan scan = fields("0,4294967295,65536");
    ck_assert(scan_uint(&scan, UINT32_MAX, &value) && value == 0);
    ck_assert(scan_uint(&scan, UINT32_MAX, &value) && value == UINT32_MAX);
    ck_assert(!scan_uint(&scan, 65535, &value));
    ck_assert(scan_uint(&scan, 65536, &value) && value == 65536);
    ck_assert(scan_ended(&scan));
    ck_assert(!scan_uint(&scan, UINT32_MAX, &value));
}
END_TEST

START_TEST(what_is_no_number_stays)
{
    static const char *const texts[] = {"",   "x",          "1x",    "-1", "+1",
                                        " 1", "4294967296", "\"1\"", ","};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        uint32_t value;
        struct slice text;
        struct scan scan = fields(texts[i]);
        ck_assert_msg(!scan_uint(&scan, UINT32_MAX, &value), "%s", texts[i]);
        ck_assert(scan_text(&scan, &text) || texts[i][0] == '\0');
    }
}
END_TEST

START_TEST(signed_numbers)
{
    int value;
    struct scan scan = fields("-62,-1,7,-");
    ck_assert(scan_int(&scan, &value) && value == -62);
    ck_assert(scan_int(&scan, &value) && value == -1);
    ck_assert(scan_int(&scan, &value) && value == 7);
    ck_assert(!scan_int(&scan, &value));
}
END_TEST

START_TEST(texts_with_and_without_quotes)
{
    char text[16];
    struct scan scan = fields("\"a,b\",c,\"d\"e\",,\"\"");
    ck_assert(scan_string(&scan, text, sizeof text));
    ck_assert_str_eq(text, "a,b");
    ck_assert(scan_string(&scan, text, sizeof text));
    ck_assert_str_eq(text, "c");
    ck_assert(scan_string(&scan, text, sizeof text)); /* modules don't escape what they print */
    ck_assert_str_eq(text, "d\"e");
    ck_assert(scan_string(&scan, text, sizeof text));
    ck_assert_str_eq(text, "");
    ck_assert(scan_string(&scan, text, sizeof text));
    ck_assert_str_eq(text, "");
    ck_assert(!scan_string(&scan, text, sizeof text));
}
END_TEST

START_TEST(copies_are_cut_and_clean)
{
    char text[4];
    scan_copy(text, sizeof text, slice_make("abcdef", 6));
    ck_assert_str_eq(text, "abc");
    scan_copy(text, sizeof text, slice_make("a\0\n", 3));
    ck_assert_str_eq(text, "a??");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("scan");
    TCase *tc = tcase_create("scan");
    tcase_add_test(tc, numbers_in_range);
    tcase_add_test(tc, what_is_no_number_stays);
    tcase_add_test(tc, signed_numbers);
    tcase_add_test(tc, texts_with_and_without_quotes);
    tcase_add_test(tc, copies_are_cut_and_clean);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
