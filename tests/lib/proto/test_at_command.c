#include "at_command.h"

#include <string.h>

#include "suite.h"

/* The command list at the head of the specification, and forms as its sections have them. */
static const struct {
    const char *name;
    enum at_command command;
    unsigned forms;
} rows[] = {
    {"CIPV6", AT_CMD_CIPV6, AT_T | AT_Q | AT_S}, /* its examples set it: "Setting AT+CIPV6=1" */
    {"CIPSTATE", AT_CMD_CIPSTATE, AT_T | AT_Q},
    {"CIPDOMAIN", AT_CMD_CIPDOMAIN, AT_T | AT_S},
    {"CIPSTART", AT_CMD_CIPSTART, AT_T | AT_S},
    {"CIPSTARTEX", AT_CMD_CIPSTARTEX, AT_T | AT_S},
    {"CIPSEND", AT_CMD_CIPSEND, AT_T | AT_S | AT_E},
    {"CIPSENDEX", AT_CMD_CIPSENDEX, AT_T | AT_S},
    {"CIPCLOSE", AT_CMD_CIPCLOSE, AT_T | AT_S | AT_E},
    {"CIFSR", AT_CMD_CIFSR, AT_T | AT_E},
    {"CIPMUX", AT_CMD_CIPMUX, AT_T | AT_Q | AT_S},
    {"CIPSERVER", AT_CMD_CIPSERVER, AT_T | AT_Q | AT_S},
    {"CIPSERVERMAXCONN", AT_CMD_CIPSERVERMAXCONN, AT_T | AT_Q | AT_S},
    {"CIPMODE", AT_CMD_CIPMODE, AT_T | AT_Q | AT_S},
    {"CIPSTO", AT_CMD_CIPSTO, AT_T | AT_Q | AT_S},
    {"CIPSNTPCFG", AT_CMD_CIPSNTPCFG, AT_T | AT_Q | AT_S},
    {"CIPSNTPTIME", AT_CMD_CIPSNTPTIME, AT_T | AT_Q},
    {"CIPSNTPINTV", AT_CMD_CIPSNTPINTV, AT_T | AT_Q | AT_S},
    {"CIPDINFO", AT_CMD_CIPDINFO, AT_T | AT_Q | AT_S},
    {"CIPRECONNINTV", AT_CMD_CIPRECONNINTV, AT_T | AT_Q | AT_S},
    {"CIPRECVMODE", AT_CMD_CIPRECVMODE, AT_T | AT_Q | AT_S},
    {"CIPRECVDATA", AT_CMD_CIPRECVDATA, AT_T | AT_S},
    {"CIPRECVLEN", AT_CMD_CIPRECVLEN, AT_T | AT_Q},
    {"PING", AT_CMD_PING, AT_T | AT_S},
    {"CIPDNS", AT_CMD_CIPDNS, AT_T | AT_Q | AT_S},
    {"CIPTCPOPT", AT_CMD_CIPTCPOPT, AT_T | AT_Q | AT_S},
};

START_TEST(names_and_forms)
{
    ck_assert_str_eq(at_command_name(rows[_i].command), rows[_i].name);
    ck_assert_uint_eq(at_command_forms(rows[_i].command), rows[_i].forms);
    ck_assert_int_eq(at_command_chapter(rows[_i].command), AT_CHAPTER_TCPIP);
}
END_TEST

START_TEST(at_itself_has_no_name)
{
    ck_assert_str_eq(at_command_name(AT_CMD_AT), "");
    ck_assert_int_eq(at_command_chapter(AT_CMD_AT), AT_CHAPTER_SYSTEM);
    ck_assert_int_eq(at_command_chapter(AT_CMD_CWJAP), AT_CHAPTER_WIFI);
}
END_TEST

START_TEST(no_name_twice)
{
    for (int a = 0; a < AT_COMMAND_COUNT; a++) {
        for (int b = 0; b < a; b++)
            ck_assert_str_ne(at_command_name((enum at_command)a),
                             at_command_name((enum at_command)b));
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *suite = suite_create("at_command");
    TCase *tc = tcase_create("at_command");
    tcase_add_loop_test(tc, names_and_forms, 0, sizeof rows / sizeof rows[0]);
    tcase_add_test(tc, at_itself_has_no_name);
    tcase_add_test(tc, no_name_twice);
    suite_add_tcase(suite, tc);
    return suite;
}

SUITE_MAIN(suite)
