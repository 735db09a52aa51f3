/* A trace, written and shown. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suite.h"
#include "trace.h"

static const char *show(const char *trace, unsigned long bad_line)
{
    static char shown[2048];
    FILE *in = fmemopen((void *)trace, strlen(trace), "r");
    FILE *out = fmemopen(shown, sizeof shown, "w");

    ck_assert_uint_eq(trace_show(in, out), bad_line);
    fclose(in);
    fclose(out);
    return shown;
}

START_TEST(every_byte_has_its_escape)
{
    char path[] = "/tmp/wmat-test-XXXXXX";
    struct trace *trace;
    char text[200];
    FILE *file;

    close(mkstemp(path));
    trace = trace_open(path, NULL);
    trace_write(trace, WM_TRACE_TX, "AT\r\n", 4, 1000);
    trace_write(trace, WM_TRACE_RX, "\0\"\\\x1b\xff", 5, 1012);
    trace_close(trace);
    file = fopen(path, "r");
    ck_assert_ptr_nonnull(fgets(text, sizeof text, file));
    ck_assert_str_eq(text, "{\"t\":0,\"dir\":\"tx\",\"text\":\"AT\\r\\n\"}\n");
    ck_assert_ptr_nonnull(fgets(text, sizeof text, file));
    ck_assert_str_eq(text,
                     "{\"t\":12,\"dir\":\"rx\",\"text\":\"\\u0000\\\"\\\\\\u001b\\u00ff\"}\n");
    fclose(file);
    unlink(path);
}
END_TEST

START_TEST(lines_are_put_together)
{
    ck_assert_str_eq(show("{\"t\":0,\"dir\":\"tx\",\"text\":\"AT+CIPM\"}\n"
                          "{\"t\":5,\"dir\":\"tx\",\"text\":\"UX?\\r\\n\"}\n"
                          "{\"t\":1500,\"dir\":\"rx\",\"text\":\"+CIPMUX:0\\r\\nOK\\r\\n\"}\n",
                          0),
                     "    0.000 > AT+CIPMUX?\n"
                     "    1.500 < +CIPMUX:0\n"
                     "    1.500 < OK\n");
}
END_TEST

/* Payload is counted, also where it looks like lines. */
START_TEST(payload_is_shortened)
{
    ck_assert_str_eq(show("{\"t\":0,\"dir\":\"tx\",\"text\":\"AT+CIPSEND=0,6\\r\\n\"}\n"
                          "{\"t\":1,\"dir\":\"rx\",\"text\":\"OK\\r\\n>\\r\\n\"}\n"
                          "{\"t\":2,\"dir\":\"tx\",\"text\":\"AT\\r\\n\\u0000\"}\n"
                          "{\"t\":3,\"dir\":\"tx\",\"text\":\"x\"}\n"
                          "{\"t\":4,\"dir\":\"rx\",\"text\":\"SEND OK\\r\\n\"}\n"
                          "{\"t\":5,\"dir\":\"rx\",\"text\":\"+IPD,0,4:OK\\r\\n\\r\\n\"}\n"
                          "{\"t\":6,\"dir\":\"rx\",\"text\":\"+CIPRECVDATA:30,"
                          "012345678901234567890123456789\\r\\nOK\\r\\n\"}\n",
                          0),
                     "    0.000 > AT+CIPSEND=0,6\n"
                     "    0.001 < OK\n"
                     "    0.001 < >\n"
                     "    0.002 > [6 bytes: AT\\x0d\\x0a\\x00x]\n"
                     "    0.004 < SEND OK\n"
                     "    0.005 < +IPD,0,4:[4 bytes: OK\\x0d\\x0a]\n"
                     "    0.006 < +CIPRECVDATA:30,[30 bytes: 012345678901234567890123...]\n"
                     "    0.006 < OK\n");
}
END_TEST

START_TEST(a_refused_send_has_no_payload)
{
    ck_assert_str_eq(show("{\"t\":0,\"dir\":\"tx\",\"text\":\"AT+CIPSEND=0,6\\r\\n\"}\n"
                          "{\"t\":1,\"dir\":\"rx\",\"text\":\"ERROR\\r\\n\"}\n"
                          "{\"t\":2,\"dir\":\"tx\",\"text\":\"AT\\r\\n\"}\n"
                          "{\"t\":3,\"dir\":\"rx\",\"text\":\"OK\\r\\n\"}\n",
                          0),
                     "    0.000 > AT+CIPSEND=0,6\n"
                     "    0.001 < ERROR\n"
                     "    0.002 > AT\n"
                     "    0.003 < OK\n");
}
END_TEST

START_TEST(an_end_in_the_middle_is_shown)
{
    ck_assert_str_eq(show("{\"t\":0,\"dir\":\"rx\",\"text\":\"+IPD,1,9:abc\"}\n", 0),
                     "    0.000 < +IPD,1,9:[9 bytes: abc] (the trace ends here)\n");
}
END_TEST

START_TEST(what_is_no_trace_is_named)
{
    show("{\"t\":0,\"dir\":\"rx\",\"text\":\"OK\\r\\n\"}\nhello\n", 2);
    show("{\"t\":0,\"dir\":\"rx\",\"text\":\"OK", 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("trace");
    TCase *tcase = tcase_create("trace");

    tcase_add_test(tcase, every_byte_has_its_escape);
    tcase_add_test(tcase, lines_are_put_together);
    tcase_add_test(tcase, payload_is_shortened);
    tcase_add_test(tcase, a_refused_send_has_no_payload);
    tcase_add_test(tcase, an_end_in_the_middle_is_shown);
    tcase_add_test(tcase, what_is_no_trace_is_named);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
