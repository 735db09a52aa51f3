/* SOCKS5, the proxy's side: bytes of RFC 1928 and RFC 1929. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "socks.h"
#include "suite.h"

#define IPV4 "\5\1\0\1\300\0\2\7\0\120" /* CONNECT 192.0.2.7 port 80 */
#define NAME "\5\1\0\3\13example.org\1\273"
#define IPV6 "\5\1\0\4\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1\37\220"

#define BYTES(text) text, sizeof(text) - 1

static const struct session {
    const char *user, *password;
    const char *sent;
    size_t sent_len;
    enum socks_state state;
    const char *said;
    size_t said_len;
    const char *host; /* NULL: was not asked */
    unsigned port;
    size_t behind; /* bytes of sent that are payload */
} sessions[] = {
    /* RFC 1928, section 3: no authentication. Section 4: the three kinds of address. */
    {NULL, NULL, BYTES("\5\1\0" IPV4), SOCKS_ASKED, BYTES("\5\0"), "192.0.2.7", 80, 0},
    {NULL, NULL, BYTES("\5\2\2\0" NAME), SOCKS_ASKED, BYTES("\5\0"), "example.org", 443, 0},
    {NULL, NULL, BYTES("\5\3\1\2\0" IPV6), SOCKS_ASKED, BYTES("\5\0"), "2001:db8::1", 8080, 0},
    {NULL, NULL, BYTES("\5\1\0" NAME "GET"), SOCKS_ASKED, BYTES("\5\0"), "example.org", 443, 3},
    /* A client that knows no method of ours. */
    {NULL, NULL, BYTES("\5\1\2"), SOCKS_OVER, BYTES("\5\377"), NULL, 0, 0},
    {NULL, NULL, BYTES("\5\0"), SOCKS_OVER, BYTES("\5\377"), NULL, 0, 0},
    {"me", "secret", BYTES("\5\1\0"), SOCKS_OVER, BYTES("\5\377"), NULL, 0, 0},
    /* Another protocol: SOCKS4, HTTP. */
    {NULL, NULL, BYTES("\4\1\0\120"), SOCKS_OVER, "", 0, NULL, 0, 3},
    {NULL, NULL, BYTES("GET"), SOCKS_OVER, "", 0, NULL, 0, 2},
    /* RFC 1929, section 2. */
    {"me", "secret", BYTES("\5\2\0\2\1\2me\6secret" IPV4), SOCKS_ASKED, BYTES("\5\2\1\0"),
     "192.0.2.7", 80, 0},
    {"me", "secret", BYTES("\5\1\2\1\2me\6secreT"), SOCKS_OVER, BYTES("\5\2\1\1"), NULL, 0, 0},
    {"me", "secret", BYTES("\5\1\2\1\2me\5secre"), SOCKS_OVER, BYTES("\5\2\1\1"), NULL, 0, 0},
    {"me", "secret", BYTES("\5\1\2\1\2me\7secrets"), SOCKS_OVER, BYTES("\5\2\1\1"), NULL, 0, 0},
    {"me", "secret", BYTES("\5\1\2\1\2ma\6secret"), SOCKS_OVER, BYTES("\5\2\1\1"), NULL, 0, 0},
    {"me", "secret", BYTES("\5\1\2\1\0\0"), SOCKS_OVER, BYTES("\5\2\1\1"), NULL, 0, 0},
    {"me", "", BYTES("\5\1\2\1\2me\0" IPV4), SOCKS_ASKED, BYTES("\5\2\1\0"), "192.0.2.7", 80, 0},
    {"me", "secret", BYTES("\5\1\2\5\2me\6secret"), SOCKS_OVER, BYTES("\5\2"), NULL, 0, 10},
    /* Section 6: BIND and UDP ASSOCIATE are 7, kinds of address that there are not are 8. */
    {NULL, NULL, BYTES("\5\1\0\5\2\0\1\300\0\2\7\0\120"), SOCKS_OVER,
     BYTES("\5\0\5\7\0\1\0\0\0\0\0\0"), NULL, 0, 0},
    {NULL, NULL, BYTES("\5\1\0\5\3\0\1\300\0\2\7\0\120"), SOCKS_OVER,
     BYTES("\5\0\5\7\0\1\0\0\0\0\0\0"), NULL, 0, 0},
    {NULL, NULL, BYTES("\5\1\0\5\1\0\2\0"), SOCKS_OVER, BYTES("\5\0\5\10\0\1\0\0\0\0\0\0"), NULL, 0,
     0},
    /* Names that are none. */
    {NULL, NULL, BYTES("\5\1\0\5\1\0\3\0\0\120"), SOCKS_OVER, BYTES("\5\0\5\1\0\1\0\0\0\0\0\0"),
     NULL, 0, 0},
    {NULL, NULL, BYTES("\5\1\0\5\1\0\3\3a\0b\0\120"), SOCKS_OVER, BYTES("\5\0\5\1\0\1\0\0\0\0\0\0"),
     NULL, 0, 0},
};

/* Feeds bytes out of memory that ends with them, so that a look behind them is found. */
static size_t feed(struct socks *socks, const char *bytes, size_t len)
{
    char *copy = malloc(len > 0 ? len : 1);
    size_t used;

    memcpy(copy, bytes, len);
    used = socks_feed(socks, copy, len);
    free(copy);
    return used;
}

/* Plays a session in pieces: what the client sends arrives until first, then step at a time. */
static void play(const struct session *session, size_t first, size_t step)
{
    struct socks socks;
    char said[2 * SOCKS_REPLY_MAX];
    size_t at = 0, used = 1;

    socks_init(&socks, session->user, session->password);
    for (size_t end = first; used > 0 && at < session->sent_len;) {
        end = end > session->sent_len ? session->sent_len : end;
        used = feed(&socks, session->sent + at, end - at);
        ck_assert_uint_le(used, end - at);
        at += used;
        if (at == end)
            end += step;
    }
    ck_assert_int_eq(socks.state, session->state);
    ck_assert_uint_eq(session->sent_len - at, session->behind);
    ck_assert_uint_eq(socks_take_reply(&socks, said, sizeof said), session->said_len);
    ck_assert_mem_eq(said, session->said, session->said_len);
    if (session->host != NULL) {
        ck_assert_str_eq(socks.host, session->host);
        ck_assert_uint_eq(socks.port, session->port);
    }
}

START_TEST(session_holds_in_pieces)
{
    const struct session *session = &sessions[_i];

    for (size_t first = 1; first <= session->sent_len; first++)
        play(session, first, session->sent_len);
    play(session, 1, 1);
}
END_TEST

/* A message that is not whole decides nothing. */
START_TEST(what_is_cut_off_waits)
{
    const struct session *session = &sessions[1];
    struct socks socks;

    for (size_t len = 0; len < session->sent_len; len++) {
        socks_init(&socks, NULL, NULL);
        for (size_t at = 0, used = 1; at < len && used > 0; at += used)
            used = feed(&socks, session->sent + at, len - at);
        ck_assert(socks_wants_input(&socks));
    }
}
END_TEST

START_TEST(the_longest_texts_fit)
{
    char text[SOCKS_TEXT_MAX + 1], message[600] = "\5\1\2";
    struct socks socks;
    size_t len = 3, at = 0;

    memset(text, 'x', SOCKS_TEXT_MAX);
    text[SOCKS_TEXT_MAX] = '\0';
    message[len++] = 1;
    for (int i = 0; i < 2; i++) {
        message[len++] = (char)SOCKS_TEXT_MAX;
        memcpy(message + len, text, SOCKS_TEXT_MAX);
        len += SOCKS_TEXT_MAX;
    }
    socks_init(&socks, text, text);
    while (at < len)
        at += feed(&socks, message + at, len - at);
    ck_assert_int_eq(socks.state, SOCKS_REQUEST);
    memcpy(message, "\5\1\0\3\377", 5);
    memcpy(message + 5, text, SOCKS_TEXT_MAX);
    memcpy(message + 5 + SOCKS_TEXT_MAX, "\377\376", 2);
    ck_assert_uint_eq(feed(&socks, message, 262), 262);
    ck_assert_int_eq(socks.state, SOCKS_ASKED);
    ck_assert_str_eq(socks.host, text);
    ck_assert_uint_eq(socks.port, 65534);
}
END_TEST

START_TEST(answers_name_their_reason)
{
    struct socks socks;
    char said[2 * SOCKS_REPLY_MAX];

    socks_init(&socks, NULL, NULL);
    feed(&socks, BYTES("\5\1\0"));
    feed(&socks, BYTES(IPV4));
    ck_assert_uint_eq(socks_take_reply(&socks, said, 1), 1); /* a socket that takes one byte */
    ck_assert_uint_eq(socks_take_reply(&socks, said + 1, sizeof said - 1), 1);
    ck_assert_mem_eq(said, "\5\0", 2);
    socks_answer(&socks, SOCKS_CONNECTION_REFUSED);
    ck_assert_int_eq(socks.state, SOCKS_OVER);
    ck_assert_uint_eq(socks_take_reply(&socks, said, sizeof said), 10);
    ck_assert_mem_eq(said, "\5\5\0\1\0\0\0\0\0\0", 10);
    ck_assert_uint_eq(feed(&socks, BYTES("more")), 0);
}
END_TEST

/* Sessions with bytes of chance in them: nothing is read or written where it should not be. */
START_TEST(chance_does_no_harm)
{
    unsigned dice = 1;

    for (int round = 0; round < 20000; round++) {
        const struct session *session = &sessions[(unsigned)round % _i];
        char sent[64], said[2 * SOCKS_REPLY_MAX];
        struct socks socks;

        memcpy(sent, session->sent, session->sent_len);
        for (int i = 0; i < 3; i++) {
            dice = dice * 1103515245 + 12345;
            sent[(dice >> 16) % session->sent_len] = (char)(dice >> 8);
        }
        socks_init(&socks, session->user, session->password);
        for (size_t at = 0, used = 1; at < session->sent_len && used > 0; at += used)
            used = feed(&socks, sent + at, session->sent_len - at);
        ck_assert_uint_le(socks_take_reply(&socks, said, sizeof said), 14);
        ck_assert_ptr_nonnull(memchr(socks.host, '\0', sizeof socks.host));
    }
}
END_TEST

static Suite *socks_suite(void)
{
    const int count = sizeof sessions / sizeof *sessions;
    Suite *suite = suite_create("socks");
    TCase *tcase = tcase_create("socks");

    tcase_add_loop_test(tcase, session_holds_in_pieces, 0, count);
    tcase_add_test(tcase, what_is_cut_off_waits);
    tcase_add_test(tcase, the_longest_texts_fit);
    tcase_add_test(tcase, answers_name_their_reason);
    tcase_add_loop_test(tcase, chance_does_no_harm, count, count + 1);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(socks_suite)
