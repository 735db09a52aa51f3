#include "lexer.h"

#include "at_limits.h"

/* Payload may still be due in TRAILER. */
enum state { LINE = LEXER_LINE, TRAILER, TRAILER_LF };

/* Instead of the length of a header: the line is none; it may still become one. */
enum { HEADER_NONE = -1, HEADER_OPEN = 0 };

void lexer_init(struct wm_lexer *lexer)
{
    *lexer = (struct wm_lexer){.state = LINE};
}

static void start_line(struct wm_lexer *lexer)
{
    lexer->state = LINE;
    lexer->fill = 0;
    lexer->plain = false;
    lexer->overlong = false;
}

void lexer_reset(struct wm_lexer *lexer)
{
    start_line(lexer);
    lexer->after_prompt = false;
    lexer->payload_left = 0;
}

/* Only a part that may be one is kept as anything but a plain line. */
bool lexer_in_header(const struct wm_lexer *lexer)
{
    return lexer->state == LINE && lexer->fill > 0 && !lexer->plain;
}

/* Headers. Where the bytes end before it is clear what they are, both answers are still possible.
 */

/* Up to max numbers with commas between them. Returns where the last one ends, or where another
 * thing than a number begins behind a comma; end: HEADER_OPEN; NULL: HEADER_NONE. */
static const char *take_numbers(const char *at, const char *end, unsigned max, struct frame *frame)
{
    const char *start = at;
    unsigned count = 0;
    uint32_t value = 0;
    for (; at < end; at++) {
        unsigned digit = (unsigned char)*at - (unsigned)'0';
        if (digit <= 9) {
            value = value * 10 + digit;
            if (value > AT_RECV_WINDOW)
                return NULL;
            continue;
        }
        bool ends = *at == ',' || *at == ':';
        if (count == 1 && !ends)
            return start; /* an address */
        if (at == start)
            return NULL;
        frame->link_id = count++ ? (int)frame->len : -1;
        frame->len = value;
        if (*at != ',' || count == max)
            return at;
        start = at + 1;
        value = 0;
    }
    return end;
}

/* The length of what text has to start with, or HEADER_NONE, HEADER_OPEN. */
static int parse_prefix(const char *text, size_t len, bool *read)
{
    static const char ipd[] = "+IPD,", recvdata[] = "+CIPRECVDATA:";
    *read = false;
    if (len > sizeof ipd - 1 && memcmp(text, ipd, sizeof ipd - 1) == 0)
        return sizeof ipd - 1;
    *read = len > sizeof recvdata - 1;
    if (memcmp(text, recvdata, *read ? sizeof recvdata - 1 : len) == 0)
        return *read ? (int)sizeof recvdata - 1 : HEADER_OPEN;
    return len < sizeof ipd && memcmp(text, ipd, len) == 0 ? HEADER_OPEN : HEADER_NONE;
}

int lexer_header(const struct wm_lexer *lexer, const char *text, size_t len, struct frame *frame)
{
    bool read;
    int prefix = parse_prefix(text, len, &read);
    if (prefix <= 0)
        return prefix;
    const char *end = text + (len < WM_LINE_SIZE ? len : WM_LINE_SIZE);
    frame->source = read ? FRAME_RECVDATA : FRAME_IPD;
    frame->ip = slice_make(text, 0);
    frame->port = 0;
    const char *at = take_numbers(text + prefix, end, read ? 1 : 2, frame);
    bool peer = at && at < end && (*at == ',' ? !read || lexer->with_peer : at[-1] == ',');
    if (peer && lexer->take_peer)
        at = lexer->take_peer(at + (*at == ','), end, frame);
    if (at == end)
        return len < WM_LINE_SIZE ? HEADER_OPEN : HEADER_NONE;
    if (!at || *at != (read ? ',' : ':') || frame->link_id >= AT_LINKS)
        return HEADER_NONE;
    return (int)(at + 1 - text);
}

static void begin_frame(struct wm_lexer *lexer, struct token *token)
{
    start_line(lexer);
    token->kind = TOKEN_FRAME;
    lexer->payload_left = token->frame.len;
    lexer->state = TRAILER;
    lexer->ends_in_lf = false;
}

/* Lines. */

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

/* The line that ends before in[len]. */
static void take_line(struct wm_lexer *lexer, const uint8_t *in, size_t len, struct token *token)
{
    struct slice text = slice_make((const char *)in, len);
    if (lexer->fill > 0) {
        keep(lexer, in, len);
        text = slice_make(lexer->line, lexer->fill);
    }
    token->cut = lexer->overlong || text.len > sizeof lexer->line;
    if (text.len > sizeof lexer->line)
        text.len = sizeof lexer->line; /* as if it had come in pieces */
    if (text.len > 0 && text.text[text.len - 1] == '\r')
        text.len--;
    start_line(lexer);
    lexer->after_prompt = false;
    if (text.len > 0) {
        token->kind = TOKEN_LINE;
        token->text = text;
    }
}

static size_t plain_line(struct wm_lexer *lexer, const uint8_t *in, size_t len, struct token *token)
{
    const uint8_t *end = memchr(in, '\n', len);
    if (!end) {
        keep(lexer, in, len);
        return len;
    }
    take_line(lexer, in, (size_t)(end - in), token);
    return (size_t)(end - in) + 1;
}

/* A line that may still turn out to be a header, and of which a part has been kept: byte by byte.
 */
static size_t kept_header(struct wm_lexer *lexer, const uint8_t *in, size_t len,
                          struct token *token)
{
    for (size_t i = 0; i < len; i++) {
        lexer->line[lexer->fill] = (char)in[i];
        int header = lexer_header(lexer, lexer->line, lexer->fill + 1u, &token->frame);
        if (header > 0) {
            begin_frame(lexer, token);
            return i + 1;
        }
        if (header == HEADER_NONE) {
            lexer->plain = true;
            return i + plain_line(lexer, in + i, len - i, token);
        }
        lexer->fill++;
    }
    return len;
}

/* A prompt, or the space behind it. */
static bool take_prompt(struct wm_lexer *lexer, uint8_t c, struct token *token)
{
    if (c == '>' && lexer->prompt_expected) {
        lexer->prompt_expected = false;
        lexer->after_prompt = true;
        token->kind = TOKEN_PROMPT;
        return true;
    }
    return c == ' ' && lexer->after_prompt;
}

static size_t new_header(struct wm_lexer *lexer, const uint8_t *in, size_t len, struct token *token)
{
    int header = lexer_header(lexer, (const char *)in, len, &token->frame);
    if (header > 0) {
        begin_frame(lexer, token);
        return (size_t)header;
    }
    lexer->plain = header == HEADER_NONE;
    return plain_line(lexer, in, len, token);
}

static size_t next_line(struct wm_lexer *lexer, const uint8_t *in, size_t len, struct token *token)
{
    if (lexer->plain)
        return plain_line(lexer, in, len, token);
    if (lexer->fill > 0)
        return kept_header(lexer, in, len, token);
    if (in[0] == '+')
        return new_header(lexer, in, len, token);
    if (take_prompt(lexer, in[0], token))
        return 1;
    lexer->plain = true;
    return plain_line(lexer, in, len, token);
}

/* What stands behind a frame. */

static void end_frame(struct wm_lexer *lexer, enum frame_trailer trailer, struct token *token)
{
    lexer->state = LINE;
    token->kind = TOKEN_FRAME_END;
    token->frame.trailer = trailer;
}

/* Without experience of this module, a payload that ends like a trailer has probably eaten one. */
static void end_bare(struct wm_lexer *lexer, bool at_lf, struct token *token)
{
    bool eaten = at_lf || lexer->ends_in_lf || lexer->state == TRAILER_LF;
    end_frame(lexer, lexer->trailer_due || eaten ? TRAILER_MISSING : TRAILER_NONE, token);
}

size_t lexer_trailer(struct wm_lexer *lexer, const uint8_t *in, size_t len, struct token *token)
{
    token->kind = TOKEN_NONE;
    size_t at = 0;
    if (lexer->state == TRAILER && in[0] == '\r') {
        lexer->state = TRAILER_LF;
        if (++at == len)
            return at;
    }
    if (lexer->state == TRAILER_LF && in[at] == '\n') {
        lexer->trailer_due = true;
        end_frame(lexer, TRAILER_FOUND, token);
        return at + 1;
    }
    end_bare(lexer, in[at] == '\n', token);
    return at;
}

bool lexer_cr_seen(const struct wm_lexer *lexer)
{
    return lexer->state == TRAILER_LF;
}

bool lexer_awaits_trailer(const struct wm_lexer *lexer)
{
    return lexer->state != LINE && lexer->payload_left == 0;
}

void lexer_end_frame(struct wm_lexer *lexer, struct token *token)
{
    end_bare(lexer, false, token);
}

size_t lexer_next(struct wm_lexer *lexer, const uint8_t *in, size_t len, struct token *token)
{
    token->kind = TOKEN_NONE;
    token->cut = false;
    return next_line(lexer, in, len, token);
}
