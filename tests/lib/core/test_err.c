#include <wmat/err.h>

#include <string.h>

#include "suite.h"

START_TEST(every_error_has_a_name_and_a_text)
{
    static const int errors[] = {
#define ONE(name, value, text) WM_ERR_##name,
        WM_ERROR_LIST(ONE)
#undef ONE
    };
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        ck_assert_int_lt(errors[i], 0);
        ck_assert_int_eq(strncmp(wm_err_name(errors[i]), "WM_ERR_", 7), 0);
        ck_assert_str_ne(wm_err_name(errors[i]), "WM_ERR_?");
        ck_assert_uint_gt(strlen(wm_err_text(errors[i])), 8);
        for (size_t other = 0; other < i; other++)
            ck_assert_int_ne(errors[i], errors[other]);
    }
    ck_assert_str_eq(wm_err_name(WM_ERR_TIMEOUT), "WM_ERR_TIMEOUT");
}
END_TEST

START_TEST(everything_else)
{
    ck_assert_str_eq(wm_err_name(0), "WM_OK");
    ck_assert_str_eq(wm_err_name(5760), "WM_OK");
    ck_assert_str_eq(wm_err_name(-99), "WM_ERR_?");
    ck_assert_str_eq(wm_err_name(-2147483647 - 1), "WM_ERR_?");
    ck_assert_str_eq(wm_err_text(-99), "unknown error");
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("err");
    TCase *tc = tcase_create("err");
    tcase_add_test(tc, every_error_has_a_name_and_a_text);
    tcase_add_test(tc, everything_else);
    suite_add_tcase(suite, tc);
    return suite;
}

SUITE_MAIN(suite)
