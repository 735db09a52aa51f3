#include "report.h"

#include "at_limits.h"
#include "at_text.h"
#include "scan.h"

struct row {
    const char *text;
    uint8_t len;
    bool prefix; /* more may follow: a shipping module adds the address to WIFI GOT IP */
    uint8_t kind;
    uint8_t value;
};

#define FINAL_ROW(text, value)                                                                     \
    {                                                                                              \
        text, sizeof(text) - 1, false, LINE_FINAL, value                                           \
    }
#define REPORT_ROW(text, value)                                                                    \
    {                                                                                              \
        text, sizeof(text) - 1, false, LINE_REPORT, value                                          \
    }
#define PREFIX_ROW(text, value)                                                                    \
    {                                                                                              \
        text, sizeof(text) - 1, true, LINE_REPORT, value                                           \
    }

/* Longer texts first where one is the beginning of another. */
static const struct row rows[] = {
    FINAL_ROW(AT_TEXT_OK, FINAL_OK),
    FINAL_ROW(AT_TEXT_SEND_OK, FINAL_SEND_OK),
    FINAL_ROW(AT_TEXT_ERROR, FINAL_ERROR),
    FINAL_ROW(AT_TEXT_SEND_FAIL, FINAL_SEND_FAIL),
    FINAL_ROW(AT_TEXT_FORMAT_ERR, FINAL_FORMAT_ERR),
    FINAL_ROW(AT_TEXT_PARSE_ERR, FINAL_PARSE_ERR),
    REPORT_ROW(AT_TEXT_CONNECT, REPORT_CONNECT),
    REPORT_ROW(AT_TEXT_CLOSED, REPORT_CLOSED),
    REPORT_ROW(AT_TEXT_READY, REPORT_READY),
    REPORT_ROW(AT_TEXT_BUSY, REPORT_BUSY),
    REPORT_ROW(AT_TEXT_WIFI_CONNECTED, REPORT_WIFI_CONNECTED),
    REPORT_ROW(AT_TEXT_WIFI_DISCONNECT, REPORT_WIFI_DISCONNECT),
    PREFIX_ROW(AT_TEXT_WIFI_GOT_IP6_LL, REPORT_WIFI_GOT_IP6),
    PREFIX_ROW(AT_TEXT_WIFI_GOT_IP6_GL, REPORT_WIFI_GOT_IP6),
    PREFIX_ROW(AT_TEXT_WIFI_GOT_IP, REPORT_WIFI_GOT_IP),
    REPORT_ROW("WIFI LOST IP", REPORT_WIFI_LOST_IP),
    PREFIX_ROW("+STA_CONNECTED:", REPORT_STATION),
    PREFIX_ROW("+STA_DISCONNECTED:", REPORT_STATION),
    PREFIX_ROW("+DIST_STA_IP:", REPORT_STATION),
    REPORT_ROW("+TIME_UPDATED", REPORT_TIME),
};

static bool matches(const struct row *row, struct slice line)
{
    if (line.text[0] != row->text[0] || line.len < row->len)
        return false;
    return (row->prefix || line.len == row->len) && memcmp(line.text, row->text, row->len) == 0;
}

static bool find_row(struct slice line, struct report *report)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (matches(&rows[i], line)) {
            report->kind = (enum line_kind)rows[i].kind;
            report->final = (enum final)rows[i].value;
            report->report = (enum report_kind)rows[i].value;
            return true;
        }
    }
    return false;
}

/* <id>,CONNECT and <id>,CLOSED. */
static bool parse_link_report(struct slice line, struct report *report)
{
    if (line.len < 3 || line.text[0] < '0' || line.text[0] >= '0' + AT_LINKS || line.text[1] != ',')
        return false;
    struct slice rest = slice_make(line.text + 2, line.len - 2);
    if (!SLICE_IS(rest, AT_TEXT_CONNECT) && !SLICE_IS(rest, AT_TEXT_CLOSED))
        return false;
    report->kind = LINE_REPORT;
    report->report = SLICE_IS(rest, AT_TEXT_CONNECT) ? REPORT_CONNECT : REPORT_CLOSED;
    report->link_id = line.text[0] - '0';
    return true;
}

/* +IPD,<len> and +IPD,<id>,<len>; the forms with data are frames, not lines. */
static bool parse_ipd(struct slice line, struct report *report)
{
    struct scan scan;
    uint32_t first;
    if (!scan_after(line, AT_TEXT_IPD, &scan) || !scan_uint(&scan, UINT32_MAX, &first))
        return false;
    report->len = first;
    if (!scan_ended(&scan)) {
        if (first >= AT_LINKS || !scan_uint(&scan, UINT32_MAX, &report->len))
            return false;
        report->link_id = (int)first;
    }
    report->kind = LINE_REPORT;
    report->report = REPORT_IPD;
    return scan_ended(&scan);
}

struct report report_parse(struct slice line)
{
    struct report report = {.kind = LINE_RESULT, .link_id = -1};
    if (line.len == 0 || find_row(line, &report) || parse_link_report(line, &report) ||
        parse_ipd(line, &report))
        return report;
    report = (struct report){.kind = LINE_RESULT, .link_id = -1};
    if (SLICE_STARTS(line, "AT"))
        report.kind = LINE_ECHO;
    return report;
}
