#include "hidden.h"

#include <string.h>

#include "at_text.h"
#include "report.h"
#include "ring.h"
#include "txn.h"

#define TAIL_MAX 128

static bool ends_line(const char *text, size_t len)
{
    return len >= 2 && text[len - 2] == '\r' && text[len - 1] == '\n';
}

/* The last line, and whether its end is there, too. False: no line begins in the text. */
static bool last_line(const char *text, size_t len, struct slice *line, bool *ended)
{
    *ended = ends_line(text, len);
    if (*ended)
        len -= 2;
    size_t at = len;
    while (at > 0 && !ends_line(text, at))
        at--;
    *line = slice_make(text + at, len - at);
    return at > 0 && at < len;
}

/* Behind an echo stands an empty line, behind all others something else. */
bool hidden_by_zeros(const struct wm_core *core)
{
    const struct wm_link *link = core->frame_link;
    char tail[TAIL_MAX];
    struct slice line;
    bool ended;
    if (!link)
        return false;
    size_t len = ring_tail(&link->ring, tail, sizeof tail);
    if (!last_line(tail, len, &line, &ended))
        return false;
    if (txn_is_echo(&core->txn, line))
        return true;
    enum line_kind kind = report_parse(line).kind;
    return !ended && (kind == LINE_FINAL || kind == LINE_REPORT || SLICE_STARTS(line, AT_TEXT_IPD));
}
