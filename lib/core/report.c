#include "report.h"

#include "at_limits.h"
#include "at_text.h"
#include "scan.h"

/* What a text means: a report, or one of these. */
enum { FINAL = 0x20, PREFIX = 0x40, VALUE = 0x1f };

/* Longer texts first where one is the beginning of another. Behind a PREFIX more may follow: a
 * shipping module adds the address to WIFI GOT IP. */
#define ROWS(ROW)                                                                                  \
    ROW(AT_TEXT_OK, FINAL | FINAL_OK)                                                              \
    ROW(AT_TEXT_CLOSED, REPORT_CLOSED)                                                             \
    ROW(AT_TEXT_CONNECT, REPORT_CONNECT)                                                           \
    ROW(AT_TEXT_SEND_OK, FINAL | FINAL_SEND_OK)                                                    \
    ROW(AT_TEXT_ERROR, FINAL | FINAL_ERROR)                                                        \
    ROW(AT_TEXT_SEND_FAIL, FINAL | FINAL_SEND_FAIL)                                                \
    ROW(AT_TEXT_SEND_CANCELLED, FINAL | FINAL_SEND_CANCELLED)                                      \
    ROW(AT_TEXT_FORMAT_ERR, FINAL | FINAL_FORMAT_ERR)                                              \
    ROW(AT_TEXT_PARSE_ERR, FINAL | FINAL_PARSE_ERR)                                                \
    ROW(AT_TEXT_READY, REPORT_READY)                                                               \
    ROW(AT_TEXT_BUSY, REPORT_BUSY)                                                                 \
    ROW(AT_TEXT_WIFI_CONNECTED, REPORT_WIFI_CONNECTED)                                             \
    ROW(AT_TEXT_WIFI_DISCONNECT, REPORT_WIFI_DISCONNECT)                                           \
    ROW("WIFI GOT IPv6", PREFIX | REPORT_WIFI_GOT_IP6)                                             \
    ROW(AT_TEXT_WIFI_GOT_IP, PREFIX | REPORT_WIFI_GOT_IP)                                          \
    ROW("WIFI LOST IP", REPORT_WIFI_LOST_IP)                                                       \
    ROW("+STA_CONNECTED:", PREFIX | REPORT_STATION)                                                \
    ROW("+STA_DISCONNECTED:", PREFIX | REPORT_STATION)                                             \
    ROW("+DIST_STA_IP:", PREFIX | REPORT_STATION)                                                  \
    ROW("+TIME_UPDATED", REPORT_TIME)

#define TEXT(text, meaning) text "\0"
#define ROW(text, meaning)  {sizeof(text) - 1, meaning},

/* The texts one behind the other, without pointers they take less room. */
static const char texts[] = ROWS(TEXT);
static const struct {
    uint8_t len, meaning;
} rows[] = {ROWS(ROW)};

/* What line means, or -1, and the text that it is or starts with. */
static int find(struct slice line, const char **text)
{
    *text = texts;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t len = rows[i].len;
        bool fits = rows[i].meaning & PREFIX ? line.len >= len : line.len == len;
        if (fits && memcmp(line.text, *text, len) == 0)
            return rows[i].meaning & ~PREFIX;
        *text += len + 1;
    }
    return -1;
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
    report->report = REPORT_IPD;
    return scan_ended(&scan);
}

/* <id>,CONNECT and <id>,CLOSED: the id, or -1. */
static int take_id(struct slice *line)
{
    unsigned id = line->len > 2 ? (unsigned)(unsigned char)line->text[0] - '0' : AT_LINKS;
    if (id >= AT_LINKS || line->text[1] != ',')
        return -1;
    line->text += 2;
    line->len -= 2;
    return (int)id;
}

struct report report_parse(struct slice line)
{
    struct report report = {.kind = LINE_RESULT, .link_id = -1};
    struct slice rest = line;
    int id = take_id(&rest);
    int meaning = find(rest, &report.text);
    if (meaning >= 0 && (id < 0 || meaning <= REPORT_CLOSED)) {
        report.kind = meaning & FINAL ? LINE_FINAL : LINE_REPORT;
        report.final = (enum final)(meaning & VALUE);
        report.report = (enum report_kind)(meaning & VALUE);
        report.link_id = id;
    } else if (parse_ipd(line, &report)) {
        report.kind = LINE_REPORT;
    } else if (SLICE_STARTS(line, "AT")) {
        report.kind = LINE_ECHO;
    }
    return report;
}
