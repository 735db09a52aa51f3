/* The lexer: received bytes become lines, prompts and frames. It keeps nothing but an unfinished
 * line; payload is counted, never searched, and never passes through it.
 *
 *     while (len > 0) {
 *         size_t n = lexer_payload(&lexer);
 *         if (n > 0)
 *             ... take up to n bytes as payload ..., lexer_took(&lexer, bytes, n);
 *         else if (lexer_in_frame(&lexer))
 *             n = lexer_trailer(&lexer, bytes, len, &token);
 *         else
 *             n = lexer_next(&lexer, bytes, len, &token);
 *         ... token ...
 *         bytes += n, len -= n;
 *     }
 */
#ifndef LEXER_H
#define LEXER_H

#include <stddef.h>
#include <stdint.h>

#include <wmat/core.h>

#include "slice.h"

enum token_kind {
    TOKEN_NONE,      /* more bytes are needed */
    TOKEN_LINE,      /* text: a line without its CR LF; empty lines are not reported */
    TOKEN_PROMPT,    /* '>' where one was expected */
    TOKEN_FRAME,     /* frame: its payload follows */
    TOKEN_FRAME_END, /* behind the payload; frame.trailer says what stood there */
};

enum frame_source {
    FRAME_NONE,
    FRAME_IPD,      /* +IPD,[<id>,]<len>[,"<ip>",<port>]:<data> */
    FRAME_RECVDATA, /* +CIPRECVDATA:<len>,[<ip>,<port>,]<data> */
};

enum frame_trailer {
    TRAILER_FOUND,   /* CR LF */
    TRAILER_MISSING, /* something else, and bytes were lost or added: earlier frames had one, or a
                        part of it was taken for payload */
    TRAILER_NONE,    /* something else, and no frame of this stream has had one yet */
};

struct frame {
    enum frame_source source;
    int link_id; /* -1 in single connection mode and for +CIPRECVDATA */
    uint32_t len;
    struct slice ip; /* without quotes; empty where not shown. Valid with its token only */
    uint32_t port;
    enum frame_trailer trailer;
};

struct token {
    enum token_kind kind;
    struct slice text; /* valid until the next lexer_next and as long as the input */
    bool cut;          /* a line was longer than WM_LINE_SIZE: text is its beginning */
    struct frame frame;
};

void lexer_init(struct wm_lexer *lexer);

/* Takes a token from in, outside of a frame; behind its payload. Returns how many bytes it used;
 * with TOKEN_NONE all of them. len > 0. */
size_t lexer_next(struct wm_lexer *lexer, const uint8_t *in, size_t len, struct token *token);
size_t lexer_trailer(struct wm_lexer *lexer, const uint8_t *in, size_t len, struct token *token);

/* How many bytes of payload come next; and that the first len bytes of in were some of them (len >
 * 0).
 */
static inline uint32_t lexer_payload(const struct wm_lexer *lexer)
{
    return lexer->payload_left;
}

static inline void lexer_took(struct wm_lexer *lexer, const uint8_t *in, size_t len)
{
    lexer->payload_left -= (uint32_t)len;
    lexer->ends_in_lf = in[len - 1] == '\n';
}

static inline void lexer_took_inner(struct wm_lexer *lexer, size_t len)
{
    lexer->payload_left -= (uint32_t)len;
}

/* Is a frame unfinished? Is nothing missing but what may stand behind it? */
#define LEXER_LINE 0 /* the state outside of frames */

static inline bool lexer_in_frame(const struct wm_lexer *lexer)
{
    return lexer->state != LEXER_LINE;
}

bool lexer_cr_seen(const struct wm_lexer *lexer); /* and of that its first half */
bool lexer_awaits_trailer(const struct wm_lexer *lexer);

/* Nothing came behind a frame: ends it as if something else had. lexer_awaits_trailer must hold. */
void lexer_end_frame(struct wm_lexer *lexer, struct token *token);

/* Has a line begun that may be the header of a frame? */
bool lexer_in_header(const struct wm_lexer *lexer);

/* The length of the header of a frame that text starts with; 0: it may be a part of one; negative:
 * it is none. */
int lexer_header(const struct wm_lexer *lexer, const char *text, size_t len, struct frame *frame);

/* For wm_lexer.take_peer: <address>,<port>, the address in quotes or not. Returns where it ends;
 * end: more bytes may belong to it; NULL: this is none. */
const char *lexer_take_peer(const char *at, const char *end, struct frame *frame);

/* Gives up an unfinished frame or line: the next byte starts a line. */
void lexer_reset(struct wm_lexer *lexer);

#endif
