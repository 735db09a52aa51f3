#include "report.h"

#include "suite.h"

static struct report parse(const char *line)
{
    return report_parse(slice_make(line, strlen(line)));
}

/* framework, "Final results" */
START_TEST(final_results)
{
    static const char *const texts[] = {[FINAL_OK] = "OK",
                                        [FINAL_ERROR] = "ERROR",
                                        [FINAL_SEND_OK] = "SEND OK",
                                        [FINAL_FORMAT_ERR] = "CMD FORMAT ERR",
                                        [FINAL_SEND_FAIL] = "SEND FAIL",
                                        [FINAL_PARSE_ERR] = "CMD PARSE ERR"};
    for (int final = FINAL_OK; final <= FINAL_SEND_FAIL; final++) {
        struct report report = parse(texts[final]);
        ck_assert_int_eq(report.kind, LINE_FINAL);
        ck_assert_int_eq((int)report.final, final);
    }
}
END_TEST

/* framework, "Reports" */
static const struct {
    const char *line;
    enum report_kind kind;
    int link_id;
    uint32_t len;
} reports[] = {
    {"ready", REPORT_READY, -1, 0},
    {"busy ...", REPORT_BUSY, -1, 0},
    {"WIFI CONNECTED", REPORT_WIFI_CONNECTED, -1, 0},
    {"WIFI GOT IP", REPORT_WIFI_GOT_IP, -1, 0},
    {"WIFI GOT IP \"192.168.1.50\"", REPORT_WIFI_GOT_IP, -1, 0}, /* device_dialect, section 10 */
    {"WIFI GOT IPv6 LL", REPORT_WIFI_GOT_IP6, -1, 0},
    {"WIFI GOT IPv6 GL", REPORT_WIFI_GOT_IP6, -1, 0},
    {"WIFI DISCONNECT", REPORT_WIFI_DISCONNECT, -1, 0},
    {"CONNECT", REPORT_CONNECT, -1, 0},
    {"0,CONNECT", REPORT_CONNECT, 0, 0},
    {"4,CLOSED", REPORT_CLOSED, 4, 0},
    {"CLOSED", REPORT_CLOSED, -1, 0},
    {"+IPD,5", REPORT_IPD, -1, 5},
    {"+IPD,3,5760", REPORT_IPD, 3, 5760},
    {"+STA_CONNECTED: 11:22:33:44:55:66", REPORT_STATION, -1, 0},
    {"+STA_DISCONNECTED: 11:22:33:44:55:66", REPORT_STATION, -1, 0},
    {"+DIST_STA_IP: 11:22:33:44:55:66,192.168.10.2", REPORT_STATION, -1, 0},
};

START_TEST(unsolicited_reports)
{
    struct report report = parse(reports[_i].line);
    ck_assert_int_eq(report.kind, LINE_REPORT);
    ck_assert_int_eq((int)report.report, (int)reports[_i].kind);
    ck_assert_int_eq(report.link_id, reports[_i].link_id);
    ck_assert_uint_eq(report.len, reports[_i].len);
}
END_TEST

START_TEST(everything_else_belongs_to_a_command)
{
    static const char *const lines[] = {"+CIPMUX:0", "5,CLOSED", "0,CLOSEDx",  "OKAY",   "ok",
                                        "+IPD,",     "+IPD,5,6", "+IPD,0,1,2", "0,",     "SEND",
                                        ">",         "busy",     "readyx",     "+IPD,-1"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        ck_assert_msg(parse(lines[i]).kind == LINE_RESULT, "%s", lines[i]);
    ck_assert_int_eq(parse("AT+CIPMUX?").kind, LINE_ECHO);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report");
    TCase *tc = tcase_create("report");
    tcase_add_test(tc, final_results);
    tcase_add_loop_test(tc, unsolicited_reports, 0, sizeof reports / sizeof reports[0]);
    tcase_add_test(tc, everything_else_belongs_to_a_command);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
