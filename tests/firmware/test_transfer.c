/* TCP-IP_AT: CIPSEND, +++, CIPRECVMODE, CIPRECVDATA, CIPRECVLEN; framework: +IPD, "byte for byte".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fw_bench.h"
#include "suite.h"

static struct fw_bench bench;
static unsigned char payload[65536]; /* every byte value, and no short period */

static void setup(void)
{
    uint32_t state = 1;

    memset(&bench, 0, sizeof bench);
    for (size_t i = 0; i < sizeof payload; i++) {
        state = state * 1664525 + 1013904223;
        payload[i] = (unsigned char)(state >> 24);
    }
}

static void teardown(void)
{
    bench_stop(&bench);
}

static struct fake_peer *start_single(int feed)
{
    bench_start(&bench, (enum bench_feed)feed);
    bench_join(&bench);
    return bench_connect(&bench);
}

static void start_multiple(int feed)
{
    bench_start(&bench, (enum bench_feed)feed);
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
}

static struct fake_peer *start_passive(int feed)
{
    bench_start(&bench, (enum bench_feed)feed);
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    return bench_connect(&bench);
}

/* A frame or an answer: text, payload, text. */
static void expect_payload(const char *head, const void *bytes, size_t len, const char *tail)
{
    char *want = malloc(strlen(head) + len + strlen(tail));

    memcpy(want, head, strlen(head));
    memcpy(want + strlen(head), bytes, len);
    memcpy(want + strlen(head) + len, tail, strlen(tail));
    bench_expect_bytes(&bench, want, strlen(head) + len + strlen(tail));
    free(want);
}

START_TEST(cipsend_single)
{
    struct fake_peer *peer = start_single(_i);

    bench_talk(&bench, "AT+CIPSEND=5\r\n", "OK\r\n>\r\n");
    bench_talk(&bench, "hell", "");
    bench_talk(&bench, "o", "SEND OK\r\n");
    ck_assert_uint_eq(peer->received.len, 5);
    ck_assert_mem_eq(peer->received.data, "hello", 5);
}
END_TEST

START_TEST(cipsend_multiple)
{
    struct fake_peer *two, *four;

    start_multiple(_i);
    two = bench_connect_id(&bench, 2);
    four = bench_connect_id(&bench, 4);
    bench_talk(&bench, "AT+CIPSEND=4,3\r\nabcAT+CIPSEND=2,1\r\nxAT\r\n",
               "OK\r\n>\r\nSEND OK\r\nOK\r\n>\r\nSEND OK\r\nOK\r\n");
    ck_assert_mem_eq(four->received.data, "abc", 3);
    ck_assert_mem_eq(two->received.data, "x", 1);
}
END_TEST

START_TEST(cipsend_rules)
{
    static const char *const bad[] = {"0", "5761",  "-1",  "",
                                      "x", "\"5\"", "0,5", "5,\"127.0.0.1\",80"};

    start_single(_i);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char say[64];

        snprintf(say, sizeof say, "AT+CIPSEND=%s\r\n", bad[i]);
        bench_talk(&bench, say, "CMD PARSE ERR\r\n");
    }
    bench_talk(&bench, "AT+CIPSEND\r\n", "ERROR\r\n"); /* passthrough needs AT+CIPMODE=1 */
    bench_talk(&bench, "AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSEND=5\r\n", "ERROR\r\n"); /* no connection */
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSEND=5\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPSEND=5,5\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPSEND=4,5\r\n", "ERROR\r\n");
}
END_TEST

START_TEST(cipsend_takes_5760_bytes_of_any_value)
{
    struct fake_peer *peer = start_single(_i);

    bench_talk(&bench, "AT+CIPSEND=5760\r\n", "OK\r\n>\r\n");
    bench_say_bytes(&bench, payload, 5760);
    bench_expect(&bench, "SEND OK\r\n");
    ck_assert_uint_eq(peer->received.len, 5760);
    ck_assert_mem_eq(peer->received.data, payload, 5760);
}
END_TEST

/* When the announced length is reached the bytes are data, whatever they spell. */
START_TEST(cipsend_payload_that_spells_something)
{
    static const char *const texts[] = {
        "+++", "AT\r\n",     "\r\n",        "+IPD,0,9:", "OK\r\n", "ERROR",
        ">",   "CLOSED\r\n", "SEND OK\r\n", "\\0",       "\\\\"};
    struct fake_peer *peer = start_single(_i);

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t len = strlen(texts[i]), before = peer->received.len;
        char say[64];

        snprintf(say, sizeof say, "AT+CIPSEND=%zu\r\n", len);
        bench_talk(&bench, say, "OK\r\n>\r\n");
        bench_wait(&bench, 100);
        bench_talk(&bench, texts[i], "SEND OK\r\n");
        bench_wait(&bench, 100);
        ck_assert_uint_eq(peer->received.len, before + len);
        ck_assert_mem_eq(peer->received.data + before, texts[i], len);
    }
    bench_talk(&bench, "AT\r\n", "OK\r\n");
}
END_TEST

/* +++ with its guard times ends the data mode without a reply; what was collected is not sent. */
START_TEST(escape_cancels_a_send)
{
    struct fake_peer *peer = start_single(_i);

    bench_talk(&bench, "AT+CIPSEND=10\r\n", "OK\r\n>\r\n");
    bench_say(&bench, "abc");
    bench_wait(&bench, 30);
    bench_say(&bench, "+++");
    bench_wait(&bench, 29);
    bench_expect(&bench, "");
    bench_wait(&bench, 1);
    bench_talk(&bench, "AT\r\n", "OK\r\n");
    ck_assert_uint_eq(peer->received.len, 0);
    bench_talk(&bench, "AT+CIPSEND=2\r\nhi", "OK\r\n>\r\nSEND OK\r\n");
    ck_assert_uint_eq(peer->received.len, 2);
}
END_TEST

START_TEST(escape_without_its_guard_times_is_data)
{
    struct fake_peer *peer = start_single(_i);

    bench_talk(&bench, "AT+CIPSEND=10\r\n", "OK\r\n>\r\n");
    bench_say(&bench, "abc");
    bench_wait(&bench, 29);
    bench_say(&bench, "+++");
    bench_wait(&bench, 1000);
    bench_talk(&bench, "defg", "SEND OK\r\n");
    ck_assert_mem_eq(peer->received.data, "abc+++defg", 10);
}
END_TEST

START_TEST(escape_leaves_at_the_prompt)
{
    start_single(_i);
    bench_talk(&bench, "AT+CIPSEND=1024\r\n", "OK\r\n>\r\n");
    bench_wait(&bench, 30);
    bench_say(&bench, "+++");
    /* the port may call late: the silence counts, not the call */
    bench.now_ms += 1000;
    bench_talk(&bench, "AT\r\n", "OK\r\n");
}
END_TEST

/* A link that dies meanwhile: its CLOSED report, the announced length is still swallowed, then
 * ERROR. */
START_TEST(link_dies_during_a_send)
{
    struct fake_peer *peer = start_single(_i);

    bench_talk(&bench, "AT+CIPSEND=10\r\n", "OK\r\n>\r\n");
    bench_say(&bench, "abc");
    fake_peer_end(peer);
    bench_wait(&bench, 100);
    bench_expect(&bench, "CLOSED\r\n");
    bench_talk(&bench, "\r\nAT\r\n", "");
    bench_talk(&bench, "xAT\r\n", "ERROR\r\nOK\r\n");
    ck_assert_uint_eq(peer->received.len, 0);
}
END_TEST

START_TEST(link_dies_and_the_send_is_cancelled)
{
    struct fake_peer *peer = start_single(_i);

    bench_talk(&bench, "AT+CIPSEND=10\r\n", "OK\r\n>\r\n");
    fake_peer_reset(peer);
    bench_wait(&bench, 100);
    bench_expect(&bench, "CLOSED\r\n");
    bench_say(&bench, "+++");
    bench_wait(&bench, 30);
    bench_talk(&bench, "AT\r\n", "OK\r\n");
}
END_TEST

/* SEND OK comes when the stack has taken everything; lines meanwhile are refused. */
START_TEST(a_full_stack_holds_the_send)
{
    struct fake_peer *peer = start_single(_i);

    peer->accepts = 4;
    peer->piece = 3;
    bench_talk(&bench, "AT+CIPSEND=10\r\n", "OK\r\n>\r\n");
    bench_talk(&bench, "0123456789", "");
    ck_assert_uint_eq(peer->received.len, 4);
    bench_wait(&bench, 60000);
    bench_talk(&bench, "AT\r\n", "busy ...\r\n");
    fake_peer_send(peer, "data", 4);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,3:dat\r\n+IPD,1:a\r\n");
    peer->accepts = SIZE_MAX;
    bench_wait(&bench, 0);
    bench_expect(&bench, "SEND OK\r\n");
    ck_assert_mem_eq(peer->received.data, "0123456789", 10);
}
END_TEST

START_TEST(a_link_dies_while_the_stack_is_full)
{
    struct fake_peer *peer = start_single(_i);

    peer->accepts = 4;
    bench_talk(&bench, "AT+CIPSEND=10\r\n0123456789", "OK\r\n>\r\n");
    fake_peer_reset(peer);
    bench_wait(&bench, 0);
    bench_expect(&bench, "CLOSED\r\nERROR\r\n");
}
END_TEST

START_TEST(reports_and_data_in_data_mode)
{
    struct fake_peer *peer = start_single(_i);

    bench_talk(&bench, "AT+CIPSEND=3\r\n", "OK\r\n>\r\n");
    bench_say(&bench, "a");
    fake_peer_send(peer, "xyz", 3);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,3:xyz\r\n");
    bench_talk(&bench, "bc", "SEND OK\r\n");
}
END_TEST

START_TEST(active_frames)
{
    struct fake_peer *peer = start_single(_i);

    fake_peer_send(peer, "hello", 5);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,5:hello\r\n");
    bench_talk(&bench, "AT+CIPDINFO=1\r\n", "OK\r\n");
    fake_peer_send(peer, "a\0b", 3);
    bench_wait(&bench, 0);
    bench_expect_bytes(&bench, "+IPD,3,\"192.0.2.1\",80:a\0b\r\n", 27);
    bench_talk(&bench, "AT+CIPRECVDATA=5\r\n", "ERROR\r\n"); /* it is for passive mode */
}
END_TEST

START_TEST(active_frames_multiple)
{
    start_multiple(_i);
    bench_connect_id(&bench, 0);
    fake_peer_send(bench_connect_id(&bench, 3), "hello", 5);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,3,5:hello\r\n");
    bench_talk(&bench, "AT+CIPDINFO=1\r\n", "OK\r\n");
    fake_peer_send(fake_last_peer(&bench.fake), "hello", 5);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,3,5,\"192.0.2.1\",80:hello\r\n");
}
END_TEST

/* At most 2920 bytes a frame. */
START_TEST(active_frames_have_a_limit)
{
    struct fake_peer *peer = start_single(_i);

    fake_peer_send(peer, payload, 2920);
    bench_wait(&bench, 0);
    expect_payload("+IPD,2920:", payload, 2920, "\r\n");
    fake_peer_send(peer, payload, 2921);
    bench_wait(&bench, 0);
    ck_assert_mem_eq(bench.out, "+IPD,2920:", 10);
    ck_assert_mem_eq(bench.out + 2932, "+IPD,1:", 7);
    bench.out_len = 0;
}
END_TEST

/* A host that does not read holds the peer back; afterwards everything arrives whole. */
START_TEST(active_mode_pushes_back)
{
    struct fake_peer *peer = start_single(BENCH_WHOLE);
    size_t at = 0, got = 0;

    bench.deaf = true;
    fake_peer_send(peer, payload, sizeof payload);
    fake_peer_end(peer);
    bench_wait(&bench, 1000);
    ck_assert_uint_le(peer->taken, 5760 + 8192);
    bench.deaf = false;
    bench_wait(&bench, 0);
    while (strncmp(bench.out + at, "+IPD,", 5) == 0) {
        char *colon;
        size_t len = strtoul(bench.out + at + 5, &colon, 10);

        ck_assert_uint_le(len, 2920);
        ck_assert_mem_eq(colon + 1, payload + got, len);
        ck_assert_mem_eq(colon + 1 + len, "\r\n", 2);
        got += len;
        at = (size_t)(colon + 1 - bench.out) + len + 2;
    }
    ck_assert_uint_eq(got, sizeof payload);
    ck_assert_uint_eq(bench.out_len, at + 8);
    ck_assert_mem_eq(bench.out + at, "CLOSED\r\n", 8);
    bench.out_len = 0;
}
END_TEST

START_TEST(ciprecvmode)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIPRECVMODE?\r\n", "+CIPRECVMODE:0\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPRECVMODE?\r\n", "+CIPRECVMODE:1\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPRECVMODE=2\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPRECVMODE=-1\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPRECVMODE?\r\n", "+CIPRECVMODE:1\r\nOK\r\n");
}
END_TEST

/* One +IPD until it is read; what remains is reported anew. */
START_TEST(passive_read)
{
    struct fake_peer *peer = start_passive(_i);

    fake_peer_send(peer, "hello", 5);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,5\r\n");
    fake_peer_send(peer, "world", 5);
    bench_wait(&bench, 1000);
    bench_expect(&bench, "");
    bench_talk(&bench, "AT+CIPRECVMODE=1\r\n", "OK\r\n"); /* no change, no news */
    bench_talk(&bench, "AT+CIPRECVDATA=4\r\n", "+CIPRECVDATA:4,hell\r\nOK\r\n+IPD,6\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=2147483647\r\n", "+CIPRECVDATA:6,oworld\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=1\r\n", "ERROR\r\n");
    fake_peer_send(peer, "!", 1);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,1\r\n");
    bench_talk(&bench, "AT+CIPDINFO=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=9\r\n", "+CIPRECVDATA:1,192.0.2.1,80,!\r\nOK\r\n");
}
END_TEST

START_TEST(passive_read_multiple)
{
    start_multiple(_i);
    bench_talk(&bench, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    bench_connect_id(&bench, 0);
    fake_peer_send(bench_connect_id(&bench, 4), "hello", 5);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,4,5\r\n");
    bench_talk(&bench, "AT+CIPRECVLEN?\r\n", "+CIPRECVLEN:0,,,,5\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=0,5\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=1,5\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=5,5\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=5\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=4,5\r\n", "+CIPRECVDATA:5,hello\r\nOK\r\n");
}
END_TEST

START_TEST(ciprecvdata_rules)
{
    static const char *const bad[] = {"", "0", "-1", "2147483648", "x", "0,5", "\"5\""};

    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=5\r\n", "ERROR\r\n");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char say[64];

        snprintf(say, sizeof say, "AT+CIPRECVDATA=%s\r\n", bad[i]);
        bench_talk(&bench, say, "CMD PARSE ERR\r\n");
    }
}
END_TEST

START_TEST(ciprecvlen)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIPRECVLEN?\r\n", "+CIPRECVLEN:,,,,\r\nOK\r\n");
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    fake_peer_send(bench_connect(&bench), payload, 100);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,100\r\n");
    bench_talk(&bench, "AT+CIPRECVLEN?\r\n", "+CIPRECVLEN:100,,,,\r\nOK\r\n");
}
END_TEST

/* If the cache is full, socket transmission is blocked: 5760 bytes are taken and not one more. */
START_TEST(passive_mode_pushes_back)
{
    struct fake_peer *peer = start_passive(_i);
    size_t got = 0;

    fake_peer_send(peer, payload, sizeof payload);
    bench_wait(&bench, 60000);
    ck_assert_uint_eq(peer->taken, 5760);
    ck_assert_uint_eq(bench.fake.wants[0], 0);
    bench.out_len = 0;
    while (got < sizeof payload) {
        size_t left = sizeof payload - got;
        size_t len = left < 5760 ? left : 5760;
        char head[32], tail[32];

        snprintf(head, sizeof head, "+CIPRECVDATA:%zu,", len);
        left -= len;
        if (left > 0) {
            snprintf(tail, sizeof tail, "\r\nOK\r\n+IPD,%zu\r\n", left < 5760 ? left : 5760);
        } else {
            snprintf(tail, sizeof tail, "\r\nOK\r\n");
        }
        bench_say(&bench, "AT+CIPRECVDATA=6000\r\n");
        expect_payload(head, payload + got, len, tail);
        got += len;
        ck_assert_uint_le(peer->taken, got + 5760);
    }
}
END_TEST

/* CLOSED is withheld while there is something to read; the id is not free until then. */
START_TEST(passive_close_waits_for_the_last_byte)
{
    struct fake_peer *peer = start_passive(_i);

    fake_peer_send(peer, "bye", 3);
    fake_peer_end(peer);
    bench_wait(&bench, 60000);
    bench_expect(&bench, "+IPD,3\r\n");
    ck_assert(peer->closed);
    bench_talk(&bench, "AT+CIPSTATE?\r\n",
               "+CIPSTATE:0,\"TCP\",\"192.0.2.1\",80,50000,0\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSTART=\"TCP\",\"192.0.2.1\",80\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSEND=1\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=2\r\n", "+CIPRECVDATA:2,by\r\nOK\r\n+IPD,1\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=2\r\n", "+CIPRECVDATA:1,e\r\nOK\r\nCLOSED\r\n");
    bench_talk(&bench, "AT+CIPSTATE?\r\n", "OK\r\n");
}
END_TEST

START_TEST(passive_close_by_the_host)
{
    struct fake_peer *peer = start_passive(_i);

    fake_peer_send(peer, "bye", 3);
    fake_peer_end(peer);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,3\r\n");
    bench_talk(&bench, "AT+CIPCLOSE\r\n", "CLOSED\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPRECVDATA=3\r\n", "ERROR\r\n");
}
END_TEST

/* Data that was kept when active mode comes on is delivered. */
START_TEST(passive_to_active_delivers)
{
    struct fake_peer *peer = start_passive(_i);

    fake_peer_send(peer, "kept", 4);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,4\r\n");
    bench_talk(&bench, "AT+CIPRECVMODE=0\r\n", "OK\r\n+IPD,4:kept\r\n");
    bench_talk(&bench, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    fake_peer_send(peer, "more", 4);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,4\r\n");
}
END_TEST

/* Five links at once, each with its own traffic, whatever pieces the network makes of it. */
START_TEST(five_links)
{
    struct fake_peer *peers[5];

    start_multiple(BENCH_WHOLE);
    bench_talk(&bench, "AT+CIPRECVMODE=1\r\n", "OK\r\n");
    for (int id = 0; id < 5; id++) {
        peers[id] = bench_connect_id(&bench, id);
        peers[id]->echo = true;
        peers[id]->piece = (size_t)(1 + id * 13);
    }
    for (int id = 0; id < 5; id++) {
        char say[64];

        snprintf(say, sizeof say, "AT+CIPSEND=%d,1000\r\n", id);
        bench_talk(&bench, say, "OK\r\n>\r\n");
        bench_say_bytes(&bench, payload + 1000 * id, 1000);
        bench_wait(&bench, 0);
        ck_assert_mem_eq(peers[id]->received.data, payload + 1000 * id, 1000);
        bench.out_len = 0;
    }
    for (int id = 4; id >= 0; id--) {
        char say[64];

        bench_wait(&bench, 0);
        bench.out_len = 0;
        snprintf(say, sizeof say, "AT+CIPRECVDATA=%d,5760\r\n", id);
        bench_say(&bench, say);
        expect_payload("+CIPRECVDATA:1000,", payload + 1000 * id, 1000, "\r\nOK\r\n");
    }
}
END_TEST

/* A busy link does not silence the others. */
START_TEST(links_take_turns)
{
    start_multiple(BENCH_WHOLE);
    fake_peer_send(bench_connect_id(&bench, 0), payload, sizeof payload);
    bench_wait(&bench, 0);
    bench.out_len = 0;
    bench_connect_id(&bench, 1);
    bench.deaf = true;
    fake_peer_send(&bench.fake.peers[0], payload, sizeof payload);
    fake_peer_send(&bench.fake.peers[1], "me too", 6);
    bench_wait(&bench, 0);
    bench.deaf = false;
    for (int i = 0; i < 3; i++) {
        const void *piece;

        fw_consume(&bench.fw, fw_peek(&bench.fw, &piece), bench.now_ms);
    }
    bench_wait(&bench, 0);
    ck_assert_uint_eq(bench.fake.peers[1].taken, 6);
    bench.out_len = 0;
}
END_TEST

#define ADD(test) tcase_add_loop_test(tcase, test, 0, BENCH_FEEDS)

static Suite *make_suite(void)
{
    Suite *suite = suite_create("transfer");
    TCase *tcase = tcase_create("transfer");

    tcase_add_checked_fixture(tcase, setup, teardown);
    ADD(cipsend_single);
    ADD(cipsend_multiple);
    ADD(cipsend_rules);
    ADD(cipsend_takes_5760_bytes_of_any_value);
    ADD(cipsend_payload_that_spells_something);
    ADD(escape_cancels_a_send);
    ADD(escape_without_its_guard_times_is_data);
    ADD(escape_leaves_at_the_prompt);
    ADD(link_dies_during_a_send);
    ADD(link_dies_and_the_send_is_cancelled);
    ADD(a_full_stack_holds_the_send);
    ADD(a_link_dies_while_the_stack_is_full);
    ADD(reports_and_data_in_data_mode);
    ADD(active_frames);
    ADD(active_frames_multiple);
    ADD(active_frames_have_a_limit);
    tcase_add_test(tcase, active_mode_pushes_back);
    ADD(ciprecvmode);
    ADD(passive_read);
    ADD(passive_read_multiple);
    ADD(ciprecvdata_rules);
    ADD(ciprecvlen);
    ADD(passive_mode_pushes_back);
    ADD(passive_close_waits_for_the_last_byte);
    ADD(passive_close_by_the_host);
    ADD(passive_to_active_delivers);
    tcase_add_test(tcase, five_links);
    tcase_add_test(tcase, links_take_turns);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
