/* The proxy's side of SOCKS5 (RFC 1928, CONNECT alone) with passwords (RFC 1929): bytes in, bytes
 * out, no I/O. */
#ifndef SOCKS_H
#define SOCKS_H

#include <stdbool.h>
#include <stddef.h>

#define SOCKS_TEXT_MAX  255 /* bytes of a name, a user, a password */
#define SOCKS_REPLY_MAX 10

enum socks_state {
    SOCKS_GREETING, /* which methods the client knows */
    SOCKS_PASSWORD, /* who it is */
    SOCKS_REQUEST,  /* where it wants to go */
    SOCKS_ASKED,    /* host and port are there; socks_answer says what became of it */
    SOCKS_OVER,     /* answered, or refused: what stands in reply is the last of it */
};

/* What a request is answered with (RFC 1928, section 6). */
enum socks_reply {
    SOCKS_SUCCEEDED = 0,
    SOCKS_FAILED = 1,
    SOCKS_NETWORK_UNREACHABLE = 3,
    SOCKS_HOST_UNREACHABLE = 4,
    SOCKS_CONNECTION_REFUSED = 5,
    SOCKS_NO_SUCH_COMMAND = 7,
    SOCKS_NO_SUCH_ADDRESS = 8,
};

struct socks {
    enum socks_state state;
    const char *user, *password;                   /* NULL: everybody may */
    unsigned char message[3 + 2 * SOCKS_TEXT_MAX]; /* that is arriving */
    size_t have;
    unsigned char reply[2 * SOCKS_REPLY_MAX]; /* to be sent */
    size_t reply_len;
    char host[SOCKS_TEXT_MAX + 1]; /* an address as text, or a name */
    unsigned port;
};

/* Begins. user and password (both, or neither) must stay. */
void socks_init(struct socks *socks, const char *user, const char *password);

/* Takes what the client sent, up to the end of the message that is arriving. Returns how many bytes
 * that were; once it is asked or over, 0: what stands behind the request is payload. */
size_t socks_feed(struct socks *socks, const void *bytes, size_t len);

/* Is there more to be had from the client before it has asked, or is refused? */
bool socks_wants_input(const struct socks *socks);

/* Takes the bytes to send out: copies and returns them, at most cap. */
size_t socks_take_reply(struct socks *socks, void *bytes, size_t cap);

/* Answers the request of SOCKS_ASKED. */
void socks_answer(struct socks *socks, enum socks_reply reply);

#endif
