#include "writer.h"

#include <string.h>
#include <wmat/err.h>

#include "suite.h"

static char line[257];

static const char *end(struct writer *writer)
{
    int len = writer_end(writer);
    ck_assert_int_ge(len, 0);
    line[len] = '\0';
    return line;
}

START_TEST(the_four_forms)
{
    struct writer writer = writer_execute(line, 256, AT_CMD_AT);
    ck_assert_str_eq(end(&writer), "AT\r\n");
    writer = writer_execute(line, 256, AT_CMD_CIPCLOSE);
    ck_assert_str_eq(end(&writer), "AT+CIPCLOSE\r\n");
    writer = writer_query(line, 256, AT_CMD_CIPMUX);
    ck_assert_str_eq(end(&writer), "AT+CIPMUX?\r\n");
    writer = writer_set(line, 256, AT_CMD_CIPMUX);
    writer_int(&writer, 1);
    ck_assert_str_eq(end(&writer), "AT+CIPMUX=1\r\n");
}
END_TEST

/* TCP-IP_AT: CIPSTART, examples */
START_TEST(parameters)
{
    struct writer writer = writer_set(line, 256, AT_CMD_CIPSTART);
    writer_string(&writer, "TCP");
    writer_string(&writer, "192.168.10.110");
    writer_int(&writer, 8080);
    writer_omit(&writer);
    writer_string(&writer, "192.168.10.100");
    ck_assert_str_eq(end(&writer),
                     "AT+CIPSTART=\"TCP\",\"192.168.10.110\",8080,,\"192.168.10.100\"\r\n");
    writer = writer_set(line, 256, AT_CMD_CWLAP);
    writer_omit(&writer);
    writer_omit(&writer);
    writer_int(&writer, 6);
    ck_assert_str_eq(end(&writer), "AT+CWLAP=,,6\r\n");
    writer = writer_set(line, 256, AT_CMD_CIPTCPOPT);
    writer_int(&writer, -1);
    writer_int(&writer, INT32_MIN);
    ck_assert_str_eq(end(&writer), "AT+CIPTCPOPT=-1,-2147483648\r\n");
}
END_TEST

/* framework, "Escapes inside a command" */
START_TEST(strings_are_escaped)
{
    struct writer writer = writer_set(line, 256, AT_CMD_CWJAP);
    writer_string(&writer, "a\"b\\c,d");
    writer_string(&writer, "");
    ck_assert_str_eq(end(&writer), "AT+CWJAP=\"a\\\"b\\\\c\\,d\",\"\"\r\n");
}
END_TEST

START_TEST(nothing_can_end_the_command)
{
    static const char *const strings[] = {"a\r\nAT+RST", "a\n", "\r", "\x01", "\x7f"};
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++) {
        struct writer writer = writer_set(line, 256, AT_CMD_CWJAP);
        writer_string(&writer, strings[i]);
        ck_assert_int_eq(writer_end(&writer), WM_ERR_ARG);
    }
}
END_TEST

/* framework, "At most 256 bytes a command" */
START_TEST(length_with_cr_lf)
{
    char text[300];
    for (size_t len = 240; len < 260; len++) {
        memset(text, 'x', len);
        text[len] = '\0';
        struct writer writer = writer_set(line, 256, AT_CMD_CIPMUX); /* 10 bytes, 2 quotes, CR LF */
        writer_string(&writer, text);
        int expected = len + 14 <= 256 ? (int)len + 14 : WM_ERR_ARG;
        ck_assert_int_eq(writer_end(&writer), expected);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("writer");
    TCase *tc = tcase_create("writer");
    tcase_add_test(tc, the_four_forms);
    tcase_add_test(tc, parameters);
    tcase_add_test(tc, strings_are_escaped);
    tcase_add_test(tc, nothing_can_end_the_command);
    tcase_add_test(tc, length_with_cr_lf);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
