#include "lexer.h"

#include "at_limits.h"
#include "scan.h"

enum state { LINE, DATA, TRAILER, TRAILER_LF };

/* What the line that has begun may still become. */
enum scan_state {
    SCAN_START,    /* nothing seen */
    SCAN_PLUS,     /* '+', not decided */
    SCAN_IPD,      /* ends at ':' outside quotes, or as a line */
    SCAN_RECVDATA, /* ends at its first comma, or at the third where the peer is shown */
    SCAN_PLAIN,    /* a line */
};

/* How frames of this stream end, learnt from those that have come. */
enum trailer_rule { RULE_UNKNOWN, RULE_PRESENT };

static const char ipd_prefix[] = "+IPD,";
static const char recvdata_prefix[] = "+CIPRECVDATA:";

void lexer_init(struct wm_lexer *lexer)
{
    *lexer = (struct wm_lexer){.state = LINE, .scan = SCAN_START, .trailer = RULE_UNKNOWN};
}

void lexer_reset(struct wm_lexer *lexer)
{
    lexer->state = LINE;
    lexer->scan = SCAN_START;
    lexer->fill = 0;
    lexer->overlong = false;
    lexer->after_prompt = false;
    lexer->payload_left = 0;
}

bool lexer_in_frame(const struct wm_lexer *lexer)
{
    return lexer->state != LINE;
}

void lexer_unread_data(struct wm_lexer *lexer, uint32_t len)
{
    lexer->payload_left += len;
    lexer->state = DATA;
}

/* Keeps the beginning of a line whose end has not arrived. */
static void keep(struct wm_lexer *lexer, const uint8_t *in, size_t len)
{
    size_t room = sizeof lexer->line - lexer->fill;
    if (len > room) {
        lexer->overlong = true;
        len = room;
    }
    memcpy(lexer->line + lexer->fill, in, len);
    lexer->fill = (uint16_t)(lexer->fill + len);
}

/* The line that ends with the first len bytes of in. */
static struct slice whole_line(struct wm_lexer *lexer, const uint8_t *in, size_t len)
{
    if (lexer->fill == 0)
        return slice_make((const char *)in, len);
    keep(lexer, in, len);
    return slice_make(lexer->line, lexer->fill);
}

static enum scan_state decide(const char *text, size_t len)
{
    if (len <= sizeof ipd_prefix - 1 && memcmp(text, ipd_prefix, len) == 0)
        return len == sizeof ipd_prefix - 1 ? SCAN_IPD : SCAN_PLUS;
    if (len <= sizeof recvdata_prefix - 1 && memcmp(text, recvdata_prefix, len) == 0)
        return len == sizeof recvdata_prefix - 1 ? SCAN_RECVDATA : SCAN_PLUS;
    return SCAN_PLAIN;
}

/* Decides byte by byte whether a line that starts with '+' has a payload header. */
static void scan_plus(struct wm_lexer *lexer, const uint8_t *in, size_t at)
{
    char prefix[sizeof recvdata_prefix];
    size_t kept = lexer->fill < sizeof prefix ? lexer->fill : sizeof prefix;
    memcpy(prefix, lexer->line, kept);
    size_t len = kept;
    for (size_t i = 0; i <= at && len < sizeof prefix; i++)
        prefix[len++] = (char)in[i];
    lexer->scan = (uint8_t)decide(prefix, len);
    lexer->quoted = false;
    lexer->commas = 0;
}

/* Looks for the end of a header or of a line that may be one. */
static bool ends_header(struct wm_lexer *lexer, uint8_t c)
{
    if (c == '"')
        lexer->quoted = !lexer->quoted;
    if (lexer->scan == SCAN_IPD)
        return c == ':' && !lexer->quoted;
    if (c == ',')
        lexer->commas++;
    return c == ',' && lexer->commas == (lexer->with_peer ? 3 : 1);
}

/* Finds where the line or the header that has begun ends. Returns len where it does not. */
static size_t find_end(struct wm_lexer *lexer, const uint8_t *in, size_t len, bool *header)
{
    *header = false;
    for (size_t i = 0; i < len; i++) {
        if (lexer->scan == SCAN_START)
            lexer->scan = in[i] == '+' ? SCAN_PLUS : SCAN_PLAIN;
        if (lexer->scan == SCAN_PLAIN) {
            const uint8_t *end = memchr(in + i, '\n', len - i);
            return end ? (size_t)(end - in) : len;
        }
        if (in[i] == '\n')
            return i;
        if (lexer->scan == SCAN_PLUS) {
            scan_plus(lexer, in, i);
        } else if (ends_header(lexer, in[i])) {
            *header = true;
            return i;
        }
    }
    return len;
}

static bool parse_ipd(struct slice text, struct frame *frame)
{
    struct scan scan = scan_fields(text, sizeof ipd_prefix - 1);
    uint32_t first, second;
    if (!scan_uint(&scan, AT_RECV_WINDOW, &first))
        return false;
    frame->link_id = -1;
    frame->len = first;
    if (scan_at_digit(&scan) && scan_uint(&scan, AT_RECV_WINDOW, &second)) {
        if (first >= AT_LINKS)
            return false;
        frame->link_id = (int)first;
        frame->len = second;
    }
    if (scan_ended(&scan))
        return true;
    return scan_text(&scan, &frame->ip) && scan_uint(&scan, AT_PORT_MAX, &frame->port) &&
           scan_ended(&scan);
}

static bool parse_recvdata(const struct wm_lexer *lexer, struct slice text, struct frame *frame)
{
    struct scan scan = scan_fields(text, sizeof recvdata_prefix - 1);
    frame->link_id = -1;
    if (!scan_uint(&scan, AT_RECV_WINDOW, &frame->len))
        return false;
    if (!lexer->with_peer)
        return scan_ended(&scan);
    return scan_text(&scan, &frame->ip) && scan_uint(&scan, AT_PORT_MAX, &frame->port) &&
           scan_ended(&scan);
}

/* A header is complete but for its last character, which in[at] is. Anything that isn't one after
 * all goes on as a line. */
static size_t take_header(struct wm_lexer *lexer, const uint8_t *in, size_t at, struct token *token)
{
    bool fits = lexer->fill + at < sizeof lexer->line;
    uint16_t fill = lexer->fill;
    struct slice text = whole_line(lexer, in, at);
    bool ipd = lexer->scan == SCAN_IPD;
    token->frame = (struct frame){.source = ipd ? FRAME_IPD : FRAME_RECVDATA};
    if (fits &&
        (ipd ? parse_ipd(text, &token->frame) : parse_recvdata(lexer, text, &token->frame))) {
        token->kind = TOKEN_FRAME;
        token->text = text;
        lexer->payload_left = token->frame.len;
        lexer->state = token->frame.len > 0 ? DATA : TRAILER;
        lexer->ends_in_lf = false;
        lexer->fill = 0;
        lexer->scan = SCAN_START;
        lexer->overlong = false;
        return at + 1;
    }
    if (fill == 0)
        keep(lexer, in, at);
    keep(lexer, in + at, 1);
    lexer->scan = SCAN_PLAIN;
    return at + 1;
}

static size_t take_line(struct wm_lexer *lexer, const uint8_t *in, size_t at, struct token *token)
{
    struct slice text = whole_line(lexer, in, at);
    token->cut = lexer->overlong || text.len > sizeof lexer->line;
    if (text.len > sizeof lexer->line)
        text.len = sizeof lexer->line; /* as if it had come in pieces */
    if (text.len > 0 && text.text[text.len - 1] == '\r')
        text.len--;
    lexer->fill = 0;
    lexer->scan = SCAN_START;
    lexer->overlong = false;
    lexer->after_prompt = false;
    if (text.len > 0) {
        token->kind = TOKEN_LINE;
        token->text = text;
    }
    return at + 1;
}

static size_t next_line(struct wm_lexer *lexer, const uint8_t *in, size_t len, struct token *token)
{
    if (lexer->fill == 0 && lexer->scan == SCAN_START) {
        if (in[0] == '>' && lexer->prompt_expected) {
            lexer->prompt_expected = false;
            lexer->after_prompt = true;
            token->kind = TOKEN_PROMPT;
            return 1;
        }
        if (in[0] == ' ' && lexer->after_prompt)
            return 1;
    }
    bool header;
    size_t at = find_end(lexer, in, len, &header);
    if (at == len) {
        keep(lexer, in, len);
        return len;
    }
    return header ? take_header(lexer, in, at, token) : take_line(lexer, in, at, token);
}

static size_t next_data(struct wm_lexer *lexer, const uint8_t *in, size_t len, struct token *token)
{
    if (len > lexer->payload_left)
        len = lexer->payload_left;
    token->kind = TOKEN_DATA;
    token->text = slice_make((const char *)in, len);
    lexer->payload_left -= (uint32_t)len;
    if (lexer->payload_left == 0) {
        lexer->state = TRAILER;
        lexer->ends_in_lf = in[len - 1] == '\n';
    }
    return len;
}

static void end_frame(struct wm_lexer *lexer, enum frame_trailer trailer, struct token *token)
{
    lexer->state = LINE;
    token->kind = TOKEN_FRAME_END;
    token->frame.trailer = trailer;
}

/* Without experience of this module, a payload that ends like a trailer has probably eaten one. */
static enum frame_trailer no_trailer(const struct wm_lexer *lexer, bool at_lf)
{
    bool eaten = at_lf || lexer->ends_in_lf || lexer->state == TRAILER_LF;
    return lexer->trailer == RULE_PRESENT || eaten ? TRAILER_MISSING : TRAILER_NONE;
}

static size_t next_trailer(struct wm_lexer *lexer, const uint8_t *in, struct token *token)
{
    if (lexer->state == TRAILER && in[0] == '\r') {
        lexer->state = TRAILER_LF;
        return 1;
    }
    if (lexer->state == TRAILER_LF && in[0] == '\n') {
        lexer->trailer = RULE_PRESENT;
        end_frame(lexer, TRAILER_FOUND, token);
        return 1;
    }
    end_frame(lexer, no_trailer(lexer, in[0] == '\n'), token);
    return 0;
}

bool lexer_awaits_trailer(const struct wm_lexer *lexer)
{
    return lexer->state == TRAILER || lexer->state == TRAILER_LF;
}

void lexer_end_frame(struct wm_lexer *lexer, struct token *token)
{
    end_frame(lexer, no_trailer(lexer, false), token);
}

size_t lexer_next(struct wm_lexer *lexer, const uint8_t *in, size_t len, struct token *token)
{
    token->kind = TOKEN_NONE;
    token->cut = false;
    switch ((enum state)lexer->state) {
    case LINE:
        return next_line(lexer, in, len, token);
    case DATA:
        return next_data(lexer, in, len, token);
    case TRAILER:
    case TRAILER_LF:
        return next_trailer(lexer, in, token);
    }
    return len;
}
