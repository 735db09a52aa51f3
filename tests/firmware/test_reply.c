/* firmware/line/reply: the formats of the manual dialect (framework, "byte for byte") and the
 * output. */
#include "reply.h"

#include <stdio.h>
#include <string.h>

#include "suite.h"

static struct fw_reply reply;

static void setup(void)
{
    fw_reply_init(&reply, &fw_habits[FW_DIALECT_MANUAL]);
}

static void expect(const char *text)
{
    char said[256];
    size_t len = 0;
    const void *piece;
    size_t n;

    while ((n = fw_reply_peek(&reply, &piece)) > 0) {
        ck_assert_uint_lt(len + n, sizeof said);
        memcpy(said + len, piece, n);
        fw_reply_consume(&reply, n);
        len += n;
    }
    said[len] = '\0';
    ck_assert_str_eq(said, text);
}

/* device_dialect, section 1: at most 255 characters a print call, but for usage texts. */
START_TEST(a_shipping_module_prints_255_characters)
{
    char text[301], said[400];
    const void *piece;

    memset(text, 'x', 300);
    text[300] = '\0';
    for (int dialect = 0; dialect < FW_DIALECTS; dialect++) {
        fw_reply_init(&reply, &fw_habits[dialect]);
        fw_reply_message(&reply, FW_MSG_CIPDOMAIN, text);
        snprintf(said, sizeof said, "+CIPDOMAIN:\"%s\"\r\n", text);
        ck_assert_uint_eq(fw_reply_peek(&reply, &piece),
                          dialect == FW_DIALECT_W800 ? 255 : strlen(said));
        ck_assert_mem_eq(piece, said, 255);
        fw_reply_init(&reply, &fw_habits[dialect]);
        fw_reply_message(&reply, FW_MSG_USAGE, text);
        ck_assert_uint_ge(fw_reply_peek(&reply, &piece), 302);
    }
}
END_TEST

START_TEST(results)
{
    fw_reply_message(&reply, FW_MSG_OK);
    expect("OK\r\n");
    fw_reply_message(&reply, FW_MSG_ERROR);
    expect("ERROR\r\n");
    fw_reply_message(&reply, FW_MSG_FORMAT_ERR);
    expect("CMD FORMAT ERR\r\n");
    fw_reply_message(&reply, FW_MSG_PARSE_ERR);
    expect("CMD PARSE ERR\r\n");
    fw_reply_message(&reply, FW_MSG_SEND_OK);
    expect("SEND OK\r\n");
    fw_reply_message(&reply, FW_MSG_SEND_FAIL);
    expect("SEND FAIL\r\n");
    fw_reply_message(&reply, FW_MSG_PROMPT);
    expect("OK\r\n>\r\n");
}
END_TEST

START_TEST(fields)
{
    fw_reply_message(&reply, FW_MSG_CIPMUX, -2147483647 - 1);
    expect("+CIPMUX:-2147483648\r\n");
    fw_reply_message(&reply, FW_MSG_CLOSED, -1);
    expect("CLOSED\r\n");
    fw_reply_message(&reply, FW_MSG_CLOSED, 4);
    expect("4,CLOSED\r\n");
    fw_reply_message(&reply, FW_MSG_IPD_HEAD_INFO, 0, 5, "192.168.1.9", 8080);
    expect("+IPD,0,5,\"192.168.1.9\",8080:");
    fw_reply_message(&reply, FW_MSG_CIPRECVDATA_HEAD_INFO, 5, "192.168.1.9", 8080);
    expect("+CIPRECVDATA:5,192.168.1.9,8080,");
    fw_reply_message(&reply, FW_MSG_CWSTATE, 0, "100%d\"");
    expect("+CWSTATE:0,\"100%d\"\"\r\n");
}
END_TEST

/* Every offset of the ring, all of its room, every byte value. */
START_TEST(payload_wraps_around)
{
    unsigned char in[FW_REPLY_BYTES], out[FW_REPLY_BYTES];

    for (size_t i = 0; i < sizeof in; i++) {
        in[i] = (unsigned char)(i * 31 + i / 256);
    }
    for (size_t start = 0; start < sizeof in; start += 97) {
        size_t len = 0, n;
        const void *piece;

        ck_assert_uint_eq(fw_reply_room(&reply), sizeof in);
        fw_reply_bytes(&reply, in, sizeof in);
        ck_assert_uint_eq(fw_reply_room(&reply), 0);
        while ((n = fw_reply_peek(&reply, &piece)) > 0) {
            memcpy(out + len, piece, n);
            fw_reply_consume(&reply, n);
            len += n;
        }
        ck_assert_uint_eq(len, sizeof in);
        ck_assert_mem_eq(in, out, sizeof in);
        fw_reply_bytes(&reply, in, 97);
        while ((n = fw_reply_peek(&reply, &piece)) > 0) {
            fw_reply_consume(&reply, n);
        }
    }
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("reply");
    TCase *tcase = tcase_create("reply");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, results);
    tcase_add_test(tcase, a_shipping_module_prints_255_characters);
    tcase_add_test(tcase, fields);
    tcase_add_test(tcase, payload_wraps_around);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
