/* The lexer on arbitrary bytes: whatever the pieces are, it makes the same of them. The first byte
 * of the input chooses how the stream is cut and what the lexer expects. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lexer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct shown {
    char *text;
    size_t len, cap;
};

static void show(struct shown *shown, const void *bytes, size_t len)
{
    if (shown->len + len > shown->cap) {
        shown->cap = 2 * (shown->len + len);
        shown->text = realloc(shown->text, shown->cap);
    }
    if (len > 0)
        memcpy(shown->text + shown->len, bytes, len);
    shown->len += len;
}

static void show_token(struct shown *shown, const struct token *token)
{
    char head[128];
    if (token->kind == TOKEN_NONE)
        return;
    bool frame = token->kind == TOKEN_FRAME;
    int len = snprintf(head, sizeof head, "|%d %d %d %u %u|", (int)token->kind,
                       token->kind == TOKEN_LINE && token->cut, frame ? token->frame.link_id : 0,
                       frame ? (unsigned)token->frame.len : 0,
                       token->kind == TOKEN_FRAME_END ? (unsigned)token->frame.trailer : 0);
    show(shown, head, (size_t)len);
    if (token->kind == TOKEN_LINE)
        show(shown, token->text.text, token->text.len);
    else if (frame)
        show(shown, token->frame.ip.text, token->frame.ip.len);
}

/* Takes a token or a piece of payload. */
static size_t lex_next(struct wm_lexer *lexer, const uint8_t *at, size_t len, struct shown *shown)
{
    struct token token;
    size_t used = lexer_payload(lexer);
    if (used > len)
        used = len;
    if (used > 0) {
        lexer_took(lexer, at, used);
        show(shown, at, used);
        return used;
    }
    used = lexer_in_frame(lexer) ? lexer_trailer(lexer, at, len, &token)
                                 : lexer_next(lexer, at, len, &token);
    if (used > len || (used == 0 && token.kind == TOKEN_NONE))
        abort();
    show_token(shown, &token);
    return used;
}

/* In a block of its own size, so that a sanitizer sees a byte too many. */
static void lex_piece(struct wm_lexer *lexer, const uint8_t *data, size_t len, struct shown *shown)
{
    uint8_t *piece = malloc(len);
    memcpy(piece, data, len);
    for (size_t at = 0; at < len;)
        at += lex_next(lexer, piece + at, len - at, shown);
    free(piece);
}

static struct shown lex(const uint8_t *data, size_t size, size_t piece, uint8_t flags)
{
    struct shown shown = {0};
    struct wm_lexer lexer;
    lexer_init(&lexer);
    lexer.prompt_expected = flags & 1;
    lexer.with_peer = flags & 2;
    lexer.take_peer = flags & 128 ? NULL : lexer_take_peer;
    for (size_t at = 0; at < size; at += piece)
        lex_piece(&lexer, data + at, size - at < piece ? size - at : piece, &shown);
    return shown;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    uint8_t flags = data[0];
    struct shown whole = lex(data + 1, size - 1, size - 1, flags);
    struct shown bytes = lex(data + 1, size - 1, 1, flags);
    struct shown pieces = lex(data + 1, size - 1, (flags >> 2) + 1u, flags);
    if (whole.len != bytes.len || whole.len != pieces.len ||
        (whole.len > 0 && (memcmp(whole.text, bytes.text, whole.len) != 0 ||
                           memcmp(whole.text, pieces.text, whole.len) != 0)))
        abort();
    free(whole.text);
    free(bytes.text);
    free(pieces.text);
    return 0;
}
