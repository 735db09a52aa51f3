/* Sending and passthrough on a shipping module (device_dialect, sections 4 to 6), against golden
 * bytes from that page. Each test names its section, or its row of section 13. */
#include <stdio.h>
#include <string.h>

#include "shipping_bench.h"
#include "suite.h"

enum { HAND_OVER_MS = 30 };

static void prompt(const char *line)
{
    bench_command(&bench, line, "OK\r\n>\r\n");
}

/* Says payload and lets the silence pass that hands it over. */
static void give(const char *payload, const char *answer)
{
    bench_say(&bench, payload);
    bench_wait(&bench, HAND_OVER_MS);
    bench_expect(&bench, answer);
}

static void received(const char *bytes)
{
    ck_assert_uint_eq(linked->received.len, strlen(bytes));
    ck_assert_mem_eq(linked->received.data, bytes, strlen(bytes));
}

/* Section 4, row 6; the hand-over comes 30 ms behind the last byte. */
START_TEST(send)
{
    prompt("AT+CIPSEND=6");
    bench_say(&bench, "abc");
    bench_wait(&bench, 20);
    bench_say(&bench, "def");
    bench_wait(&bench, HAND_OVER_MS - 1);
    bench_expect(&bench, "");
    ck_assert_uint_eq(linked->received.len, 0);
    bench_wait(&bench, 1);
    bench_expect(&bench, "SEND OK\r\n");
    received("abcdef");
    bench_command(&bench, "AT", "OK\r\n");
}
END_TEST

/* Section 4: what stands behind the command line in its burst is lost. */
START_TEST(payload_in_the_burst_of_the_line_is_lost)
{
    bench_say(&bench, "AT+CIPSEND=4\r\nabcd");
    bench_wait(&bench, BENCH_PAUSE_MS);
    bench_expect(&bench, "AT+CIPSEND=4\r\nabcd\r\nOK\r\n>\r\n");
    give("wxyz", "SEND OK\r\n");
    received("wxyz");
}
END_TEST

/* Section 4: once 1024 bytes wait they are handed over without a silence. */
START_TEST(hand_over_by_count)
{
    prompt("AT+CIPSEND=1024");
    for (int i = 0; i < 1023; i++) {
        bench_say(&bench, "b");
    }
    bench_expect(&bench, "");
    bench_say(&bench, "c");
    bench_expect(&bench, "SEND OK\r\n");
    ck_assert_uint_eq(linked->received.len, 1024);
}
END_TEST

/* Section 4: 5120 bytes that come one by one need no silence at all. */
START_TEST(five_hand_overs_by_count)
{
    prompt("AT+CIPSEND=5120");
    for (int i = 0; i < 5120; i++) {
        bench_expect(&bench, "");
        bench_say(&bench, "b");
    }
    bench_expect(&bench, "SEND OK\r\n");
    ck_assert_uint_eq(linked->received.len, 5120);
}
END_TEST

/* Section 4: surplus in the same hand-over is dropped, a pipelined command too. */
START_TEST(surplus_is_dropped)
{
    prompt("AT+CIPSEND=4");
    give("abcdefgh\r\nAT+CIPMUX?\r\n", "SEND OK\r\n");
    received("abcd");
    bench_command(&bench, "AT", "OK\r\n");
}
END_TEST

/* Section 4: data mode is left when its text has been printed: what comes before is lost. */
START_TEST(a_command_before_the_result_has_left_is_lost)
{
    prompt("AT+CIPSEND=4");
    bench.deaf = true;
    bench_say(&bench, "abcd");
    bench_wait(&bench, HAND_OVER_MS);
    received("abcd");
    bench_say(&bench, "AT\r\n");
    bench.deaf = false;
    bench_wait(&bench, 100);
    bench_expect(&bench, "SEND OK\r\n");
    bench_command(&bench, "AT", "OK\r\n");
}
END_TEST

/* Section 4: there is no timeout. */
START_TEST(a_short_payload_waits_forever)
{
    prompt("AT+CIPSEND=4");
    give("abc", "");
    bench_wait(&bench, 3600000);
    bench_expect(&bench, "");
    give("d", "SEND OK\r\n");
    received("abcd");
}
END_TEST

/* Section 4, row 10. */
START_TEST(escape_cancels_and_leaves_the_rest)
{
    prompt("AT+CIPSEND=6");
    give("abcd", "");
    give("+++", "");
    ck_assert_uint_eq(linked->received.len, 0);
    bench_command(&bench, "AT", "OK\r\n");
    prompt("AT+CIPSEND=6");
    give("XY", "SEND OK\r\n");
    received("abcdXY");
    prompt("AT+CIPSEND=2");
    give("12", "SEND OK\r\n"); /* nothing is left */
    received("abcdXY12");
}
END_TEST

/* Section 4: the bytes belong to the link, not to what has its id next. */
START_TEST(leftover_belongs_to_its_link)
{
    struct fake_peer *peers[2] = {bench_connect_id(&bench, 0), bench_connect_id(&bench, 1)};

    prompt("AT+CIPSEND=0,6");
    give("abcd", "");
    give("+++", "");
    prompt("AT+CIPSEND=1,6");
    give("efg", "");
    give("+++", "");
    for (int id = 1; id >= 0; id--) {
        char line[24];

        snprintf(line, sizeof line, "AT+CIPSEND=%d,6", id);
        prompt(line);
        give("XYZ" + (id == 0), "SEND OK\r\n");
        ck_assert_mem_eq(peers[id]->received.data, id == 0 ? "abcdYZ" : "efgXYZ", 6);
    }
    prompt("AT+CIPSEND=0,6");
    give("abcd", "");
    give("+++", "");
    bench_command(&bench, "AT+CIPCLOSE=0", "0,CLOSED\r\nOK\r\n");
    linked = bench_connect_id(&bench, 0);
    prompt("AT+CIPSEND=0,2");
    give("XY", "SEND OK\r\n");
    received("XY");
}
END_TEST

/* Section 4: a payload that is, or ends in a hand-over of, three plus signs. */
START_TEST(plus_signs_alone_in_a_hand_over)
{
    prompt("AT+CIPSEND=3");
    give("+++", "");
    bench_command(&bench, "AT", "OK\r\n");
    prompt("AT+CIPSEND=1053");
    memcpy(many + 1050, "+++", 4);
    give(many, "");
    ck_assert_uint_eq(linked->received.len, 0);
    bench_command(&bench, "AT", "OK\r\n");
}
END_TEST

/* Section 4: the same behind 1024 bytes where they come one by one. What is refused for a while,
 * and more behind it, is not lost. */
START_TEST(hand_overs_end_at_the_count)
{
    bench.byte_by_byte = true;
    bench_reset(&bench);
    bench_wait(&bench, 5000);
    bench.out_len = 0;
    linked = bench_connect(&bench);
    prompt("AT+CIPSEND=1027");
    memcpy(many + 1024, "+++", 4);
    give(many, "");
    ck_assert_uint_eq(linked->received.len, 0);
    bench_command(&bench, "AT+CIPMODE=1", "OK\r\n");
    prompt("AT+CIPSEND");
    memset(many, 'b', 6 * 1024);
    linked->accepts = 100;
    bench_say_bytes(&bench, many, 5 * 1024);
    ck_assert_uint_eq(linked->received.len, 100);
    linked->accepts = SIZE_MAX;
    bench_wait(&bench, 0);
    ck_assert_uint_eq(linked->received.len, 5 * 1024);
    bench_expect(&bench, "");
}
END_TEST

START_TEST(plus_signs_among_others_are_payload)
{
    static const char *const payloads[] = {"abc+++", "+++abc", "++++++"};

    for (size_t i = 0; i < 3; i++) {
        prompt("AT+CIPSEND=6");
        give(payloads[i], "SEND OK\r\n");
        ck_assert_mem_eq(linked->received.data + 6 * i, payloads[i], 6);
    }
    prompt("AT+CIPSEND=2");
    give("++", "SEND OK\r\n");
}
END_TEST

/* Section 4, row 7: CLOSED at once, SEND FAIL at the next hand-over; later bytes are commands. */
START_TEST(link_closed_while_payload_is_awaited)
{
    prompt("AT+CIPSEND=6");
    give("ab", "");
    fake_peer_end(linked);
    bench_wait(&bench, 0);
    bench_expect(&bench, "CLOSED\r\n");
    bench_wait(&bench, 60000);
    bench_expect(&bench, "");
    give("c", "SEND FAIL\r\n");
    bench_command(&bench, "AT", "OK\r\n");
}
END_TEST

/* The same with +++: the data mode ends without a word. */
START_TEST(link_closed_and_escape)
{
    prompt("AT+CIPSEND=6");
    fake_peer_end(linked);
    bench_wait(&bench, 0);
    bench_expect(&bench, "CLOSED\r\n");
    give("+++", "");
    bench_command(&bench, "AT", "OK\r\n");
}
END_TEST

/* Section 4, row 9: every 200 ms, whatever so_sndtimeo says; everything waits, what comes is lost.
 */
START_TEST(a_stalled_peer_is_tried_forever)
{
    bench_command(&bench, "AT+CIPTCPOPT=-1,0,500,0", "OK\r\n");
    prompt("AT+CIPSEND=4");
    linked->accepts = 1;
    give("abcd", "");
    bench_wait(&bench, 3600000);
    bench_say(&bench, "AT\r\n");
    bench_wait(&bench, 50);
    bench_expect(&bench, "");
    linked->accepts = SIZE_MAX;
    bench_wait(&bench, 149);
    bench_expect(&bench, "");
    bench_wait(&bench, 1);
    bench_expect(&bench, "SEND OK\r\n");
    received("abcd");
    bench_command(&bench, "AT", "OK\r\n");
}
END_TEST

/* Section 4: a connection that breaks under the payload is SEND FAIL, not ERROR. */
START_TEST(a_broken_connection_is_send_fail)
{
    prompt("AT+CIPSEND=4");
    linked->accepts = 1;
    give("abcd", "");
    fake_peer_reset(linked);
    bench_wait(&bench, 0);
    bench_expect(&bench, "CLOSED\r\nSEND FAIL\r\n");
}
END_TEST

static struct fake_peer *open_udp(const char *line, const char *answer)
{
    bench_command(&bench, line, answer);
    return fake_last_peer(&bench.fake);
}

/* Section 4, row 8: AT+CIPMUX=0, any second argument. */
START_TEST(no_remote_host_in_single_mode)
{
    bench_command(&bench, "AT+CIPSEND=4,\"192.0.2.7\",9", "ERROR\r\n");
    bench_command(&bench, "AT+CIPCLOSE", "CLOSED\r\nOK\r\n");
    open_udp("AT+CIPSTART=\"UDP\",\"192.0.2.1\",9", "CONNECT\r\nOK\r\n");
    bench_command(&bench, "AT+CIPSEND=4,\"192.0.2.7\",9", "ERROR\r\n");
}
END_TEST

static void sent_to(const struct fake_peer *udp, size_t index, uint8_t last, uint16_t port)
{
    ck_assert_uint_gt(udp->sent_count, index);
    ck_assert_uint_eq(udp->sent[index].peer.addr.bytes[3], last);
    ck_assert_uint_eq(udp->sent[index].peer.port, port);
}

/* Section 4, row 8: an IPv4 literal, and it stays. */
START_TEST(a_remote_host_replaces_the_links)
{
    struct fake_peer *udp =
        open_udp("AT+CIPSTART=0,\"UDP\",\"192.0.2.1\",9", "0,CONNECT\r\nOK\r\n");

    prompt("AT+CIPSEND=0,4,\"192.0.2.77\",10");
    give("abcd", "SEND OK\r\n");
    prompt("AT+CIPSEND=0,4");
    give("efgh", "SEND OK\r\n");
    sent_to(udp, 0, 77, 10);
    sent_to(udp, 1, 77, 10);
    bench_command(&bench, "AT+CIPSEND=0,4,\"host\",10", "CMD PARSE ERR\r\n");
    prompt("AT+CIPSENDEX=0,4,\"192.0.2.101\",11"); /* 13 characters with its quotes */
    give("abcd", "SEND OK\r\n");
    sent_to(udp, 2, 101, 11);
}
END_TEST

/* Section 5: AT+CIPSENDEX has room for 15 characters with the quotes, in single mode, too. */
START_TEST(sendex_has_room_for_13_characters)
{
    struct fake_peer *udp = open_udp("AT+CIPSTART=\"UDP\",\"192.0.2.1\",9", "CONNECT\r\nOK\r\n");

    prompt("AT+CIPSENDEX=4,\"203.0.113.101\",11");
    give("abcd", "SEND OK\r\n");
    sent_to(udp, 0, 101, 11);
    bench_command(&bench, "AT+CIPSENDEX=4,\"203.100.113.101\",11", "CMD PARSE ERR\r\n");
}
END_TEST

START_TEST(no_remote_host_on_streams)
{
    bench_connect_id(&bench, 0);
    bench_command(&bench, "AT+CIPSEND=0,4,\"192.0.2.7\",9", "CMD PARSE ERR\r\n");
    bench_command(&bench, "AT+CIPSENDEX=0,4,\"192.0.2.7\",9", "CMD PARSE ERR\r\n");
}
END_TEST

/* Section 4: 3000 are two datagrams of 1500. */
START_TEST(datagrams_are_cut_at_the_mtu)
{
    struct fake_peer *udp = open_udp("AT+CIPSTART=\"UDP\",\"192.0.2.1\",9", "CONNECT\r\nOK\r\n");

    prompt("AT+CIPSEND=3000");
    bench_say_bytes(&bench, many, 3000);
    bench_wait(&bench, HAND_OVER_MS);
    bench_expect(&bench, "SEND OK\r\n");
    ck_assert_uint_eq(udp->sent_count, 2);
    ck_assert_uint_eq(udp->sent[0].len, 1500);
    ck_assert_uint_eq(udp->sent[1].len, 1500);
}
END_TEST

/* Section 5, row 11. */
START_TEST(sendex)
{
    static const struct {
        const char *payload, *sent;
    } cases[] = {
        {"abc\\0def", "abc"},        {"a\\bc\\d\\0", "a\\bc\\d"},    {"\\\\0", "\\"},
        {"12345678\\0", "12345678"}, {"123456789\\", "123456789\\"},
    };
    size_t before = 0;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = strlen(cases[i].sent);

        prompt("AT+CIPSENDEX=10");
        give(cases[i].payload, "SEND OK\r\n");
        ck_assert_uint_eq(linked->received.len - before, len);
        ck_assert_mem_eq(linked->received.data + before, cases[i].sent, len);
        before = linked->received.len;
    }
    prompt("AT+CIPSENDEX=10"); /* the two characters in two hand-overs */
    give("ab\\", "");
    give("0", "SEND OK\r\n");
    ck_assert_uint_eq(linked->received.len - before, 2);
    prompt("AT+CIPSENDEX=10");
    give("\\0", "SEND FAIL\r\n");
}
END_TEST

/* Section 5: a real NUL hides what follows; then only the length ends it. */
START_TEST(a_nul_hides_the_end)
{
    prompt("AT+CIPSENDEX=8");
    bench_say_bytes(&bench, "ab\0c\\0", 6);
    bench_wait(&bench, HAND_OVER_MS);
    bench_expect(&bench, "");
    give("de", "SEND OK\r\n");
    ck_assert_uint_eq(linked->received.len, 8);
    ck_assert_mem_eq(linked->received.data, "ab\0c\\0de", 8);
}
END_TEST

static void enter_stream(void)
{
    bench_command(&bench, "AT+CIPMODE=1", "OK\r\n");
    prompt("AT+CIPSEND");
}

/* Section 6, row 12: at 30 ms or 1024 bytes, without a reply. */
START_TEST(stream_hand_overs)
{
    enter_stream();
    bench_say(&bench, "abc");
    bench_wait(&bench, HAND_OVER_MS - 1);
    ck_assert_uint_eq(linked->received.len, 0);
    bench_wait(&bench, 1);
    received("abc");
    bench_say_bytes(&bench, many, 1023);
    ck_assert_uint_eq(linked->received.len, 3);
    bench_say(&bench, "b");
    ck_assert_uint_eq(linked->received.len, 3 + 1024);
    bench_expect(&bench, "");
}
END_TEST

/* Section 6, row 13: what is received is framed as ever. */
START_TEST(stream_receives_frames)
{
    enter_stream();
    fake_peer_send(linked, "hello", 5);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,5:hello\r\n");
}
END_TEST

/* Section 6: only a hand-over that is exactly +++ leaves, and nothing is printed. */
START_TEST(stream_leaving)
{
    static const char *const data[] = {"abc+++", "+++abc", "++", "+", "++++"};
    size_t len = 0;

    enter_stream();
    for (size_t i = 0; i < sizeof data / sizeof *data; i++) {
        give(data[i], "");
        ck_assert_mem_eq(linked->received.data + len, data[i], strlen(data[i]));
        len += strlen(data[i]);
        ck_assert_uint_eq(linked->received.len, len);
    }
    give("+++", "");
    ck_assert_uint_eq(linked->received.len, len);
    bench_command(&bench, "AT+CIPMODE?", "+CIPMODE:1\r\nOK\r\n");
}
END_TEST

/* Section 6: nothing is printed; what is said meanwhile is sent afterwards. */
START_TEST(stream_reconnects)
{
    bench_command(&bench, "AT+CIPRECONNINTV=10", "OK\r\n");
    enter_stream();
    fake_peer_end(linked);
    bench_wait(&bench, 500);
    give("kept", "");
    bench_wait(&bench, 500);
    bench_expect(&bench, "");
    linked = fake_last_peer(&bench.fake);
    received("kept");
    fake_peer_send(linked, "x", 1);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,1:x\r\n");
}
END_TEST

/* Section 6: +++ while it is down. The link stays listed, and dead. */
START_TEST(stream_left_while_down)
{
    for (int i = 0; i < 2; i++) { /* ended, and while it is connecting again */
        bench.fake.servers[0].answer = FAKE_KEEPS_SILENT;
        enter_stream();
        fake_peer_end(linked);
        bench_wait(&bench, i == 0 ? 0 : 5000);
        give("+++", "");
        bench_wait(&bench, 20000);
        bench_expect(&bench, "");
        bench_say(&bench, "AT+CIPSTATE?\r\n");
        bench_wait(&bench, BENCH_PAUSE_MS);
        ck_assert_ptr_nonnull(strstr(bench.out, "+CIPSTATE:0,\"TCP\",\"192.0.2.1\",80,"));
        bench.out_len = 0;
        bench_command(&bench, "AT+CIPSEND", "ERROR\r\n");
        bench_command(&bench, "AT+CIPCLOSE", "CLOSED\r\nOK\r\n");
        bench.fake.servers[0].answer = FAKE_ACCEPTS;
        linked = bench_connect(&bench);
    }
}
END_TEST

/* Section 6: outside of the data mode a close is reported as ever. */
START_TEST(stream_mode_without_data_mode)
{
    bench_command(&bench, "AT+CIPMODE=1", "OK\r\n");
    fake_peer_end(linked);
    bench_wait(&bench, 0);
    bench_expect(&bench, "CLOSED\r\n");
    bench_command(&bench, "AT+CIPSEND", "ERROR\r\n");
}
END_TEST

/* Sections 5 and 6: what AT+CIPMODE forbids. */
START_TEST(stream_rules)
{
    bench_command(&bench, "AT+CIPSEND", "ERROR\r\n");
    bench_command(&bench, "AT+CIPMODE=1", "OK\r\n");
    bench_command(&bench, "AT+CIPSEND=4", "CMD PARSE ERR\r\n");
    bench_command(&bench, "AT+CIPSENDEX=4", "ERROR\r\n");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("w800_send");
    TCase *single = tcase_create("single"), *multiple = tcase_create("multiple");
    TCase *stream = tcase_create("stream");

    tcase_add_checked_fixture(single, shipping_start_linked, shipping_stop);
    tcase_add_test(single, send);
    tcase_add_test(single, payload_in_the_burst_of_the_line_is_lost);
    tcase_add_test(single, hand_over_by_count);
    tcase_add_test(single, five_hand_overs_by_count);
    tcase_add_test(single, surplus_is_dropped);
    tcase_add_test(single, a_command_before_the_result_has_left_is_lost);
    tcase_add_test(single, a_short_payload_waits_forever);
    tcase_add_test(single, escape_cancels_and_leaves_the_rest);
    tcase_add_test(single, plus_signs_alone_in_a_hand_over);
    tcase_add_test(single, hand_overs_end_at_the_count);
    tcase_add_test(single, plus_signs_among_others_are_payload);
    tcase_add_test(single, link_closed_while_payload_is_awaited);
    tcase_add_test(single, link_closed_and_escape);
    tcase_add_test(single, a_stalled_peer_is_tried_forever);
    tcase_add_test(single, a_broken_connection_is_send_fail);
    tcase_add_test(single, no_remote_host_in_single_mode);
    tcase_add_test(single, sendex);
    tcase_add_test(single, a_nul_hides_the_end);
    suite_add_tcase(suite, single);
    tcase_add_checked_fixture(multiple, shipping_start_multiple, shipping_stop);
    tcase_add_test(multiple, leftover_belongs_to_its_link);
    tcase_add_test(multiple, a_remote_host_replaces_the_links);
    tcase_add_test(multiple, no_remote_host_on_streams);
    suite_add_tcase(suite, multiple);
    tcase_add_checked_fixture(stream, shipping_start_linked, shipping_stop);
    tcase_add_test(stream, stream_hand_overs);
    tcase_add_test(stream, stream_receives_frames);
    tcase_add_test(stream, stream_leaving);
    tcase_add_test(stream, stream_reconnects);
    tcase_add_test(stream, stream_left_while_down);
    tcase_add_test(stream, stream_mode_without_data_mode);
    tcase_add_test(stream, stream_rules);
    suite_add_tcase(suite, stream);
    stream = tcase_create("udp");
    tcase_add_checked_fixture(stream, shipping_start_joined, shipping_stop);
    tcase_add_test(stream, sendex_has_room_for_13_characters);
    tcase_add_test(stream, datagrams_are_cut_at_the_mtu);
    suite_add_tcase(suite, stream);
    return suite;
}

SUITE_MAIN(make_suite)
