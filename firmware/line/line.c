#include "line.h"

#include <string.h>

void fw_line_init(struct fw_line *line)
{
    memset(line, 0, sizeof *line);
}

/* Appends, or remembers that it did not fit. The last byte is kept in either case: a CR there and
 * an LF in the next piece end the line. */
static void append(struct fw_line *line, const char *bytes, size_t len)
{
    if (len == 0) {
        return;
    }
    if (len > sizeof line->text - line->len) {
        line->too_long = true;
        line->text[0] = bytes[len - 1];
        line->len = 1;
        return;
    }
    memcpy(line->text + line->len, bytes, len);
    line->len += len;
}

static bool ends_with_cr_lf(const struct fw_line *line)
{
    return line->len >= 2 && line->text[line->len - 2] == '\r' && line->text[line->len - 1] == '\n';
}

/* An overlong line keeps only its last byte, so that CR LF there may stand in two pieces or in one.
 */
static bool overlong_ends(const struct fw_line *line, const char *piece, size_t len, char before)
{
    char last = len >= 2 ? piece[len - 2] : before;

    return line->too_long && last == '\r' && piece[len - 1] == '\n';
}

size_t fw_line_take(struct fw_line *line, const char *bytes, size_t len, enum fw_line_event *event)
{
    size_t used = 0;

    *event = FW_LINE_NONE;
    if (line->complete) {
        fw_line_init(line);
    }
    while (used < len) {
        const char *piece = bytes + used;
        const char *lf = memchr(piece, '\n', len - used);
        size_t n = lf != NULL ? (size_t)(lf - piece) + 1 : len - used;
        char before = line->len > 0 ? line->text[line->len - 1] : '\0';

        append(line, piece, n);
        used += n;
        if (lf != NULL && overlong_ends(line, piece, n, before)) {
            line->complete = true;
            *event = FW_LINE_TOO_LONG;
            return used;
        }
        if (!line->too_long && ends_with_cr_lf(line)) {
            line->len -= 2;
            line->complete = true;
            *event = FW_LINE_COMPLETE;
            return used;
        }
    }
    return used;
}

size_t fw_line_length(const char *text, size_t len)
{
    size_t n = 0;

    while (n + 1 < len && (text[n] != '\r' || text[n + 1] != '\n')) {
        n++;
    }
    return n + 1 < len ? n : len;
}
