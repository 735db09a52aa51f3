#include "socks.h"

#include <arpa/inet.h>
#include <assert.h>
#include <string.h>

enum {
    VERSION = 5,
    PASSWORD_VERSION = 1, /* of RFC 1929 */
    CONNECT = 1,
    ADDRESS_IPV4 = 1,
    ADDRESS_NAME = 3,
    ADDRESS_IPV6 = 4,
    METHOD_NONE = 0,
    METHOD_PASSWORD = 2,
    METHOD_REFUSED = 0xff,
};

void socks_init(struct socks *socks, const char *user, const char *password)
{
    assert((user == NULL) == (password == NULL));
    *socks = (struct socks){.user = user, .password = password};
}

/* The one place where a state ends: the next message begins, and this is what is said. */
static void move(struct socks *socks, enum socks_state next, const unsigned char *reply, size_t len)
{
    assert(len <= sizeof socks->reply - socks->reply_len);
    if (len > 0)
        memcpy(socks->reply + socks->reply_len, reply, len);
    socks->reply_len += len;
    socks->have = 0;
    socks->state = next;
}

static void answer(struct socks *socks, enum socks_reply reply)
{
    /* The address that the module connects from is not known: 0.0.0.0 port 0. */
    const unsigned char bytes[SOCKS_REPLY_MAX] = {VERSION, (unsigned char)reply, 0, ADDRESS_IPV4};

    move(socks, SOCKS_OVER, bytes, sizeof bytes);
}

void socks_answer(struct socks *socks, enum socks_reply reply)
{
    assert(socks->state == SOCKS_ASKED);
    answer(socks, reply);
}

/* RFC 1928, section 3: version, number of methods, methods. */
static size_t greeting_len(const struct socks *socks)
{
    return socks->have < 2 ? 2 : 2 + (size_t)socks->message[1];
}

static void take_greeting(struct socks *socks)
{
    const unsigned char wanted = socks->user != NULL ? METHOD_PASSWORD : METHOD_NONE;
    bool offered = memchr(socks->message + 2, wanted, socks->message[1]) != NULL;
    const unsigned char reply[2] = {VERSION, offered ? wanted : METHOD_REFUSED};

    if (!offered)
        move(socks, SOCKS_OVER, reply, sizeof reply);
    else
        move(socks, socks->user != NULL ? SOCKS_PASSWORD : SOCKS_REQUEST, reply, sizeof reply);
}

/* RFC 1929, section 2: version, length, user, length, password. */
static size_t password_len(const struct socks *socks)
{
    size_t user_end = 2 + (size_t)socks->message[1];

    if (socks->have < 2)
        return 2;
    return socks->have <= user_end ? user_end + 1 : user_end + 1 + socks->message[user_end];
}

/* Is what stands there, behind its length, this text? Takes as long whatever differs, so that the
 * time says nothing about a password. */
static bool is_text(const unsigned char *counted, const char *text)
{
    size_t len = strlen(text);
    unsigned difference = counted[0] != len;

    for (size_t i = 0; i < counted[0]; i++)
        difference |= counted[1 + i] ^ (unsigned char)text[i < len ? i : 0];
    return difference == 0;
}

static void take_password(struct socks *socks)
{
    const unsigned char *user = socks->message + 1;
    bool user_is_right = is_text(user, socks->user);
    bool right = is_text(user + 1 + user[0], socks->password) && user_is_right;
    const unsigned char reply[2] = {PASSWORD_VERSION, right ? 0 : 1};

    move(socks, right ? SOCKS_REQUEST : SOCKS_OVER, reply, sizeof reply);
}

/* RFC 1928, section 4: version, command, 0, kind of address, address, port. */
static size_t request_len(const struct socks *socks)
{
    if (socks->have < 5)
        return 5;
    switch (socks->message[3]) {
    case ADDRESS_IPV4:
        return 4 + 4 + 2;
    case ADDRESS_NAME:
        return 4 + 1 + (size_t)socks->message[4] + 2;
    case ADDRESS_IPV6:
        return 4 + 16 + 2;
    default:
        return 5; /* how long it is can't be known, so the refusal comes now */
    }
}

/* Reads the address. False: a name that can be none. */
static bool take_host(struct socks *socks)
{
    const unsigned char *address = socks->message + 4;
    size_t len = address[0];

    if (socks->message[3] != ADDRESS_NAME)
        return inet_ntop(socks->message[3] == ADDRESS_IPV4 ? AF_INET : AF_INET6, address,
                         socks->host, sizeof socks->host) != NULL;
    if (len == 0 || memchr(address + 1, '\0', len) != NULL)
        return false;
    memcpy(socks->host, address + 1, len);
    socks->host[len] = '\0';
    return true;
}

static void take_request(struct socks *socks)
{
    const unsigned char *end = socks->message + socks->have;
    unsigned char kind = socks->message[3];

    if (socks->message[1] != CONNECT) {
        answer(socks, SOCKS_NO_SUCH_COMMAND);
    } else if (kind != ADDRESS_IPV4 && kind != ADDRESS_NAME && kind != ADDRESS_IPV6) {
        answer(socks, SOCKS_NO_SUCH_ADDRESS);
    } else if (!take_host(socks)) {
        answer(socks, SOCKS_FAILED);
    } else {
        socks->port = (unsigned)end[-2] << 8 | end[-1];
        move(socks, SOCKS_ASKED, NULL, 0);
    }
}

/* How each message is read. */
static const struct message {
    unsigned char version;
    size_t (*len)(const struct socks *socks); /* in all, as far as it can be told by now */
    void (*take)(struct socks *socks);
} messages[] = {
    [SOCKS_GREETING] = {VERSION, greeting_len, take_greeting},
    [SOCKS_PASSWORD] = {PASSWORD_VERSION, password_len, take_password},
    [SOCKS_REQUEST] = {VERSION, request_len, take_request},
};

bool socks_wants_input(const struct socks *socks)
{
    return socks->state < SOCKS_ASKED;
}

size_t socks_feed(struct socks *socks, const void *bytes, size_t len)
{
    const struct message *message = &messages[socks_wants_input(socks) ? socks->state : 0];
    size_t used = 0;

    if (!socks_wants_input(socks))
        return 0;
    while (used < len && socks->have < message->len(socks)) {
        socks->message[socks->have++] = ((const unsigned char *)bytes)[used++];
        if (socks->message[0] != message->version) {
            move(socks, SOCKS_OVER, NULL, 0); /* no SOCKS5: it would not understand an answer */
            return used;
        }
    }
    if (socks->have > 0 && socks->have == message->len(socks))
        message->take(socks);
    return used;
}

size_t socks_take_reply(struct socks *socks, void *bytes, size_t cap)
{
    size_t len = socks->reply_len < cap ? socks->reply_len : cap;

    memcpy(bytes, socks->reply, len);
    memmove(socks->reply, socks->reply + len, socks->reply_len - len);
    socks->reply_len -= len;
    return len;
}
