#include "hidden.h"

#include <string.h>

#include "at_text.h"
#include "lexer.h"
#include "report.h"
#include "ring.h"
#include "txn.h"

#define PART_MAX   (2 + WM_LINE_SIZE) /* CR LF, and a line behind it */
#define HEADER_MAX 72                 /* +IPD,<id>,<len>,"<IPv6 address>",<port>: */

static const char prompt[] = AT_TEXT_OK AT_TEXT_EOL ">";

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
static bool ends_in_line(const struct wm_core *core, const char *text, size_t len)
{
    struct slice line;
    bool ended;
    if (!last_line(text, len, &line, &ended))
        return false;
    if (txn_is_echo(&core->txn, line))
        return true;
    if (ended)
        return false;
    enum line_kind kind = report_parse(line).kind;
    return kind == LINE_FINAL || kind == LINE_REPORT || txn_is_answer(&core->txn, line);
}

/* CR LF stands behind the prompt, too. */
static bool ends_in_prompt(const char *text, size_t len)
{
    size_t size = sizeof prompt - 1;
    return len >= size && memcmp(text + len - size, prompt, size) == 0;
}

/* Another frame, whose payload goes on behind the end of this one? */
static bool holds_frame(const struct wm_core *core, const struct wm_ring *ring)
{
    char part[HEADER_MAX];
    struct frame frame;
    size_t len = ring_staged(ring);
    for (size_t at = 0; at < len; at++) {
        ring_part(ring, at, part, 1);
        if (part[0] != '\n')
            continue;
        size_t size = ring_part(ring, at + 1, part, sizeof part);
        int header = lexer_header(&core->lexer, part, size, &frame);
        if (header > 0 && at + 1 + (size_t)header + frame.len >= len)
            return true;
    }
    return false;
}

bool hidden_by_zeros(const struct wm_core *core)
{
    const struct wm_link *link = core->frame_link;
    char text[PART_MAX];
    if (!link)
        return false;
    size_t len = ring_staged(&link->ring);
    len = ring_part(&link->ring, len > sizeof text ? len - sizeof text : 0, text, sizeof text);
    return ends_in_line(core, text, len) || ends_in_prompt(text, len) ||
           (core->frame_source == FRAME_IPD && holds_frame(core, &link->ring));
}
