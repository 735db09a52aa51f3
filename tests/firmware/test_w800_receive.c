/* Receiving and closing on a shipping module (device_dialect, sections 1, 7 and 8), against golden
 * bytes from that page. Each test names its section, or its row of section 13. */
#include <stdio.h>
#include <string.h>

#include "shipping_bench.h"
#include "suite.h"

static void start_passive(void)
{
    shipping_start_linked();
    bench_command(&bench, "AT+CIPRECVMODE=1", "OK\r\n");
}

static void start_multiple(void)
{
    shipping_start_multiple();
    linked = bench_connect_id(&bench, 2);
}

/* The peer sends; the module says exactly that at once. */
static void arrives(const char *bytes, const char *said)
{
    fake_peer_send(linked, bytes, strlen(bytes));
    bench_wait(&bench, 0);
    bench_expect(&bench, said);
}

/* Section 7, the table. */
START_TEST(frames_in_single_mode)
{
    arrives("hello", "+IPD,5:hello\r\n");
    bench_command(&bench, "AT+CIPDINFO=1", "OK\r\n");
    arrives("hello", "+IPD,5,\"192.0.2.1\",80:hello\r\n");
    bench_command(&bench, "AT+CIPRECVMODE=1", "OK\r\n");
    arrives("hello", "+IPD,5\r\n");
}
END_TEST

START_TEST(frames_in_multiple_mode)
{
    arrives("hello", "+IPD,2,5:hello\r\n");
    bench_command(&bench, "AT+CIPDINFO=1", "OK\r\n");
    arrives("hello", "+IPD,2,5,\"192.0.2.1\",80:hello\r\n");
    bench_command(&bench, "AT+CIPRECVMODE=1", "OK\r\n");
    arrives("hello", "+IPD,2,5\r\n");
}
END_TEST

/* Expects a frame of so many bytes. */
static void expect_frame(size_t len)
{
    char expect[6000];
    int head = snprintf(expect, sizeof expect, "+IPD,%zu:", len);

    memset(expect + head, 'a', len);
    memcpy(expect + head + len, "\r\n", 2);
    ck_assert_uint_ge(bench.out_len, (size_t)head + len + 2);
    ck_assert_mem_eq(bench.out, expect, (size_t)head + len + 2);
    bench.out_len -= (size_t)head + len + 2;
    memmove(bench.out, bench.out + head + len + 2, bench.out_len);
}

/* Section 7, row 14: one receive call, up to 5760. */
START_TEST(long_frames)
{
    fake_peer_send(linked, many, 12000);
    bench_wait(&bench, 0);
    expect_frame(5760);
    expect_frame(5760);
    expect_frame(480);
    bench_expect(&bench, "");
}
END_TEST

/* Section 7, row 14: seven bytes with two zeros are five bytes and CR LF. */
START_TEST(zeros_are_counted_and_not_printed)
{
    fake_peer_send(linked, "ab\0cd\0e", 7);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,7:abcde\r\n");
    bench_command(&bench, "AT+CIPRECVMODE=1", "OK\r\n");
    fake_peer_send(linked, "ab\0cd\0e", 7);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,7\r\n");
    bench_command(&bench, "AT+CIPRECVDATA=100", "+CIPRECVDATA:7,abcde\r\nOK\r\n");
}
END_TEST

/* Section 17: a host that does not read loses nothing in active mode. */
START_TEST(an_unread_line_pushes_back)
{
    bench.deaf = true;
    fake_peer_send(linked, many, 12000);
    bench_wait(&bench, 1000);
    ck_assert_uint_eq(linked->taken, 5760);
    fake_peer_end(linked);
    bench.deaf = false;
    bench_wait(&bench, 0);
    expect_frame(5760);
    expect_frame(5760);
    expect_frame(480);
    bench_expect(&bench, "CLOSED\r\n");
}
END_TEST

/* Section 7: a NUL and a CR, byte by byte. */
START_TEST(reads_of_one_byte)
{
    fake_peer_send(linked, "\0\r", 2);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,2\r\n");
    bench_command(&bench, "AT+CIPRECVDATA=1", "+CIPRECVDATA:1,\r\nOK\r\n+IPD,1\r\n");
    bench_command(&bench, "AT+CIPRECVDATA=1", "+CIPRECVDATA:1,\r\r\nOK\r\n");
    bench_command(&bench, "AT+CIPRECVDATA=1", "ERROR\r\n");
}
END_TEST

/* Section 7, row 15: the notice is about the first piece; none while something waits. */
START_TEST(notices)
{
    arrives("abc", "+IPD,3\r\n");
    arrives("defg", "");
    bench_command(&bench, "AT+CIPRECVLEN?", "+CIPRECVLEN:7,,,,\r\nOK\r\n");
    bench_command(&bench, "AT+CIPRECVDATA=2", "+CIPRECVDATA:2,ab\r\nOK\r\n+IPD,5\r\n");
    bench_command(&bench, "AT+CIPRECVDATA=100", "+CIPRECVDATA:5,cdefg\r\nOK\r\n");
    arrives("h", "+IPD,1\r\n");
}
END_TEST

/* The notice of a host that was deaf counts what came first, not what waits by now. */
START_TEST(a_late_notice_is_about_the_first_piece)
{
    static const char usage[] = "AT+CIPSTART=?\r\n";

    fake_peer_send(linked, many, 5760);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,5760\r\n");
    bench.deaf = true;
    bench_say(&bench, "AT+CIPRECVDATA=5760\r\n");
    do { /* until there is no room for an answer */
        bench_wait(&bench, BENCH_PAUSE_MS);
    } while (fw_feed(&bench.fw, usage, sizeof usage - 1, bench.now_ms) > 0);
    fake_peer_send(linked, "abc", 3);
    bench_wait(&bench, 0);
    fake_peer_send(linked, many, 5000);
    bench_wait(&bench, 0);
    bench.deaf = false;
    bench_wait(&bench, BENCH_PAUSE_MS);
    bench.out[bench.out_len] = '\0';
    ck_assert_ptr_nonnull(strstr(bench.out, "+IPD,3\r\n"));
    ck_assert_ptr_null(strstr(bench.out, "+IPD,5003\r\n"));
    bench.out_len = 0;
}
END_TEST

/* Section 7, row 15: 5760 bytes; the rest is read and thrown away. */
START_TEST(overflow_is_discarded)
{
    fake_peer_send(linked, many, 5000);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,5000\r\n");
    fake_peer_send(linked, many, 5000);
    bench_wait(&bench, 0);
    ck_assert_uint_eq(linked->taken, 10000);
    bench_command(&bench, "AT+CIPRECVLEN?", "+CIPRECVLEN:5760,,,,\r\nOK\r\n");
}
END_TEST

/* Section 7: a client link stays until the last byte was read; CLOSED stands in front of OK. */
START_TEST(closed_within_the_read)
{
    arrives("until", "+IPD,5\r\n");
    fake_peer_end(linked);
    bench_wait(&bench, 1000);
    bench_expect(&bench, "");
    bench_command(&bench, "AT+CIPRECVDATA=3", "+CIPRECVDATA:3,unt\r\nOK\r\n+IPD,2\r\n");
    bench_command(&bench, "AT+CIPRECVDATA=2", "+CIPRECVDATA:2,il\r\nCLOSED\r\nOK\r\n");
    bench_command(&bench, "AT+CIPSTATE?", "OK\r\n");
}
END_TEST

/* Section 7: old data stay and can be read; new data come as frames. */
START_TEST(active_mode_leaves_old_data)
{
    arrives("old", "+IPD,3\r\n");
    bench_command(&bench, "AT+CIPRECVMODE=0", "OK\r\n");
    arrives("new", "+IPD,3:new\r\n");
    bench_command(&bench, "AT+CIPRECVDATA=100", "+CIPRECVDATA:3,old\r\nOK\r\n");
    bench_command(&bench, "AT+CIPRECVDATA=100", "ERROR\r\n");
}
END_TEST

/* Row 17: the address is in quotes. */
START_TEST(passive_read_with_the_sender)
{
    bench_command(&bench, "AT+CIPDINFO=1", "OK\r\n");
    arrives("abc", "+IPD,3\r\n");
    bench_command(&bench, "AT+CIPRECVDATA=9", "+CIPRECVDATA:3,\"192.0.2.1\",80,abc\r\nOK\r\n");
}
END_TEST

static struct fake_peer *open_udp(void)
{
    bench_command(&bench, "AT+CIPSTART=\"UDP\",\"192.0.2.1\",9", "CONNECT\r\nOK\r\n");
    return fake_last_peer(&bench.fake);
}

/* Section 7: the datagram's sender; up to 5760 bytes. */
START_TEST(datagrams)
{
    struct fake_peer *udp = open_udp();

    fake_datagram(udp, "192.0.2.7", 77, "abc", 3);
    fake_datagram(udp, "192.0.2.8", 78, "de", 2);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,3:abc\r\n+IPD,2:de\r\n");
    bench_command(&bench, "AT+CIPDINFO=1", "OK\r\n");
    fake_datagram(udp, "192.0.2.7", 77, "abc", 3);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,3,\"192.0.2.7\",77:abc\r\n");
    bench_command(&bench, "AT+CIPDINFO=0", "OK\r\n");
    fake_datagram(udp, "192.0.2.7", 77, many, 5000);
    bench_wait(&bench, 0);
    expect_frame(5000);
}
END_TEST

/* Section 7: n is the smaller of what is asked for and what is there, whatever datagram it is of.
 */
START_TEST(passive_datagrams_are_merged)
{
    struct fake_peer *udp = open_udp();

    bench_command(&bench, "AT+CIPRECVMODE=1", "OK\r\n");
    fake_datagram(udp, "192.0.2.7", 77, "abc", 3);
    bench_wait(&bench, 0);
    fake_datagram(udp, "192.0.2.7", 77, "de", 2);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,3\r\n");
    bench_command(&bench, "AT+CIPRECVDATA=4", "+CIPRECVDATA:4,abcd\r\nOK\r\n+IPD,1\r\n");
}
END_TEST

/* Section 7: an empty datagram closes the link, in both modes. */
START_TEST(an_empty_datagram_closes)
{
    for (int passive = 0; passive < 2; passive++) {
        struct fake_peer *udp = open_udp();

        bench_command(&bench, passive ? "AT+CIPRECVMODE=1" : "AT+CIPRECVMODE=0", "OK\r\n");
        fake_datagram(udp, "192.0.2.1", 9, "", 0);
        bench_wait(&bench, 0);
        bench_expect(&bench, "CLOSED\r\n");
        bench_command(&bench, "AT+CIPSTATE?", "OK\r\n");
    }
}
END_TEST

/* Section 8: CLOSED, then OK; id 5 is one line a link, and OK without any. */
START_TEST(closing)
{
    bench_connect_id(&bench, 0);
    bench_command(&bench, "AT+CIPCLOSE", "ERROR\r\n");
    bench_command(&bench, "AT+CIPCLOSE=4", "ERROR\r\n");
    bench_command(&bench, "AT+CIPCLOSE=6", "CMD PARSE ERR\r\n");
    bench_command(&bench, "AT+CIPCLOSE=5", "0,CLOSED\r\n2,CLOSED\r\nOK\r\n");
    bench_command(&bench, "AT+CIPCLOSE=5", "OK\r\n");
    bench_command(&bench, "AT+CIPMUX=0", "OK\r\n");
    bench_command(&bench, "AT+CIPCLOSE", "ERROR\r\n");
    bench_command(&bench, "AT+CIPCLOSE=0", "ERROR\r\n");
    bench_command(&bench, "AT+CIPMUX=1", "OK\r\n");
    linked = bench_connect_id(&bench, 3);
    fake_peer_end(linked);
    bench_wait(&bench, 0);
    bench_expect(&bench, "3,CLOSED\r\n");
}
END_TEST

static struct fake_peer *call(void)
{
    linked = fake_call(&bench.fake, 80);
    ck_assert_ptr_nonnull(linked);
    bench_wait(&bench, 0);
    return linked;
}

/* Section 8, row 20: a client that expires is gone without a word. */
START_TEST(a_client_expires_silently)
{
    bench_command(&bench, "AT+CIPSERVER=1,80", "OK\r\n");
    bench_command(&bench, "AT+CIPSTO=10", "OK\r\n");
    call();
    bench_expect(&bench, "0,CONNECT\r\n");
    bench_wait(&bench, 10000);
    bench_expect(&bench, "");
    ck_assert(linked->closed);
    call();
    bench_expect(&bench, "0,CONNECT\r\n");
}
END_TEST

/* Section 8: AT+CIPSERVER=0,1 closes clients in front of its OK; =0 keeps them as tetype 0. */
START_TEST(closing_a_server)
{
    bench_command(&bench, "AT+CIPSERVER=1,80", "OK\r\n");
    call();
    bench_expect(&bench, "0,CONNECT\r\n");
    bench_command(&bench, "AT+CIPSERVER=0,1", "0,CLOSED\r\nOK\r\n");
    bench_command(&bench, "AT+CIPSERVER=1,80", "OK\r\n");
    call();
    bench_expect(&bench, "0,CONNECT\r\n");
    bench_command(&bench, "AT+CIPSERVER=0", "OK\r\n");
    bench_say(&bench, "AT+CIPSTATE?\r\n");
    bench_wait(&bench, BENCH_PAUSE_MS);
    ck_assert_ptr_nonnull(strstr(bench.out, ",0\r\n+CIPSTATE:2,"));
    bench.out_len = 0;
    bench_command(&bench, "AT+CIPSERVER=1,80", "OK\r\n");
    fw_radio_ops.leave(&bench.fake.radio, bench.now_ms);
    bench_wait(&bench, 10);
    bench.out_len = 0;
    bench_command(&bench, "AT+CIPSERVER=0", "ERROR\r\n");
}
END_TEST

/* Section 7: what a client of the server has sent is lost when it ends, read or not. */
START_TEST(a_client_that_ends_loses_its_data)
{
    bench_command(&bench, "AT+CIPSERVER=1,80", "OK\r\n");
    bench_command(&bench, "AT+CIPRECVMODE=1", "OK\r\n");
    call();
    bench_expect(&bench, "0,CONNECT\r\n");
    arrives("abc", "+IPD,0,3\r\n");
    fake_peer_end(linked);
    bench_wait(&bench, 0);
    bench_expect(&bench, "0,CLOSED\r\n");
    bench_command(&bench, "AT+CIPRECVDATA=0,3", "ERROR\r\n");
}
END_TEST

/* A frame of 400 bytes W, of which 20 have left when AT+CIPSTATE? comes; what the host sees then.
 */
static void collide(uint32_t seed, char *seen, size_t size)
{
    char part[21] = "";

    bench.interleave = seed;
    bench_reset(&bench);
    bench.out_len = 0;
    bench_join(&bench);
    linked = bench_connect(&bench);
    memset(many, 'W', 400);
    bench.deaf = true;
    fake_peer_send(linked, many, 400);
    bench_wait(&bench, 0);
    ck_assert_uint_eq(fw_drain(&bench.fw, part, 20, bench.now_ms), 20);
    ck_assert_str_eq(part, "+IPD,400:WWWWWWWWWWW");
    bench_say(&bench, "AT+CIPMUX?\r\n");
    bench_wait(&bench, BENCH_PAUSE_MS);
    bench.deaf = false;
    bench_wait(&bench, 0);
    ck_assert_uint_lt(bench.out_len, size);
    memcpy(seen, bench.out, bench.out_len);
    seen[bench.out_len] = '\0';
    bench.out_len = 0;
}

/* Section 1: the echo is mixed into the payload, whose length counts the payload alone. */
START_TEST(an_echo_lands_in_a_frame)
{
    static const char echo[] = "AT+CIPMUX?\r\n";
    char seen[600], again[600], other[600];
    size_t payload = 0, line = 0, at = 0;

    collide(7, seen, sizeof seen);
    for (; payload < 389; at++) {
        if (seen[at] == 'W') {
            payload++;
        } else {
            ck_assert_int_eq(seen[at], echo[line++]);
        }
    }
    ck_assert_uint_eq(line, sizeof echo - 1); /* all of it, and not in one piece */
    ck_assert_ptr_null(strstr(seen, "AT+CIPMUX?\r\n"));
    ck_assert_str_eq(seen + at, "\r\n\r\n+CIPMUX:0\r\nOK\r\n");
    collide(7, again, sizeof again);
    ck_assert_str_eq(seen, again); /* a seed says how */
    collide(8, other, sizeof other);
    ck_assert_str_ne(seen, other);
}
END_TEST

/* Without it frames stay whole; and where no frame is leaving the seed changes nothing. */
START_TEST(frames_stay_whole_unless_told)
{
    char seen[600];

    collide(0, seen, sizeof seen);
    ck_assert_str_eq(seen + 389, "\r\nAT+CIPMUX?\r\n\r\n+CIPMUX:0\r\nOK\r\n");
    bench.interleave = 7;
    bench_reset(&bench);
    bench.out_len = 0;
    bench_command(&bench, "AT", "OK\r\n");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("w800_receive");
    TCase *tc = tcase_create("active");

    tcase_add_checked_fixture(tc, shipping_start_linked, shipping_stop);
    tcase_add_test(tc, frames_in_single_mode);
    tcase_add_test(tc, long_frames);
    tcase_add_test(tc, zeros_are_counted_and_not_printed);
    tcase_add_test(tc, an_unread_line_pushes_back);
    tcase_add_test(tc, an_echo_lands_in_a_frame);
    tcase_add_test(tc, frames_stay_whole_unless_told);
    suite_add_tcase(suite, tc);
    tc = tcase_create("passive");
    tcase_add_checked_fixture(tc, start_passive, shipping_stop);
    tcase_add_test(tc, reads_of_one_byte);
    tcase_add_test(tc, notices);
    tcase_add_test(tc, a_late_notice_is_about_the_first_piece);
    tcase_add_test(tc, overflow_is_discarded);
    tcase_add_test(tc, closed_within_the_read);
    tcase_add_test(tc, active_mode_leaves_old_data);
    tcase_add_test(tc, passive_read_with_the_sender);
    suite_add_tcase(suite, tc);
    tc = tcase_create("udp");
    tcase_add_checked_fixture(tc, shipping_start_joined, shipping_stop);
    tcase_add_test(tc, datagrams);
    tcase_add_test(tc, passive_datagrams_are_merged);
    tcase_add_test(tc, an_empty_datagram_closes);
    suite_add_tcase(suite, tc);
    tc = tcase_create("multiple");
    tcase_add_checked_fixture(tc, start_multiple, shipping_stop);
    tcase_add_test(tc, frames_in_multiple_mode);
    tcase_add_test(tc, closing);
    tcase_add_test(tc, a_client_expires_silently);
    tcase_add_test(tc, closing_a_server);
    tcase_add_test(tc, a_client_that_ends_loses_its_data);
    suite_add_tcase(suite, tc);
    return suite;
}

SUITE_MAIN(make_suite)
