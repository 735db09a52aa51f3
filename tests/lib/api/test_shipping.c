/* Receiving from a shipping module (device_dialect, sections 1, 3, 6, 7 and 17): what it swallows,
 * mixes in or throws away is never lost in silence. Golden bytes, typed from that page; most cases
 * run with the module's bytes whole and one at a time. */
#include <stdio.h>
#include <string.h>

#include <wmat/profile.h>
#include <wmat/server.h>
#include <wmat/stream.h>
#include <wmat/udp.h>
#include <wmat/wifi.h>

#include "dialogue.h"

/* A command that comes back in front of its answer. */
static void echoed(const char *command, const char *answer)
{
    bench_expect(&bench, command);
    bench_module(&bench, command);
    bench_module(&bench, "\r\n");
    bench_module(&bench, answer);
}

/* The search and the set-up. */
static void answer_opening(enum wm_receive receive)
{
    bench_expect(&bench, "+++");
    bench_expect(&bench, "\r\n");
    echoed("AT\r\n", "OK\r\n");
    echoed("AT+SYSSTORE?\r\n", "+SYSSTORE::1\r\nOK\r\n");
    echoed("AT+CIPMODE=0\r\n", "OK\r\n");
    echoed("AT+CIPMUX?\r\n", "+CIPMUX:0\r\nOK\r\n");
    echoed("AT+CIPSTATE?\r\n", "OK\r\n");
    echoed("AT+CIPMUX=1\r\n", "OK\r\n");
    echoed(receive == WM_RECEIVE_ACTIVE ? "AT+CIPRECVMODE=0\r\n" : "AT+CIPRECVMODE=1\r\n",
           "OK\r\n");
    echoed("AT+CIPDINFO=0\r\n", "OK\r\n");
    echoed("AT+CWSTATE?\r\n", "+CWSTATE:2,\"x\"\r\nOK\r\n");
}

static void open_shipping(enum wm_receive receive, size_t ring_bytes, int piece)
{
    bench_start(&bench, receive, ring_bytes, (size_t)piece);
    answer_opening(receive);
    ck_assert(wm_core_ready(&bench.core));
}

static int connect_one(void)
{
    struct wm_tcp_options options = {.host = "127.0.0.1", .port = 7};
    struct wm_op op;
    char line[] = "AT+CIPSTART=_,\"TCP\",\"127.0.0.1\",7\r\n", answer[] = "_,CONNECT\r\nOK\r\n";
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    line[12] = answer[0] = (char)('0' + (op.link & 7));
    echoed(line, answer);
    return result_of(&op);
}

static const struct wm_stats *stats(void)
{
    return wm_core_stats(&bench.core);
}

/* Row 20: the idle time is taken only while a server runs. */

static void start_server(void)
{
    struct wm_server_options options = {.port = 80, .idle_timeout_s = 60};
    struct wm_op op;
    ck_assert_int_eq(wm_server_start_prepare(&op, &options), 0);
    bench_submit(&bench, &op, 0);
    echoed("AT+CIPSERVERMAXCONN=5\r\n", "OK\r\n");
    echoed("AT+CIPSERVER=1,80\r\n", "OK\r\n");
    echoed("AT+CIPSTO=60\r\n", "OK\r\n");
    ck_assert_int_eq(result_of(&op), 0);
}

static void stop_server(void)
{
    struct wm_op op;
    wm_server_stop_prepare(&op, true);
    bench_submit(&bench, &op, 0);
    echoed("AT+CIPSERVER=0,1\r\n", "OK\r\n");
    ck_assert_int_eq(result_of(&op), 0);
}

/* After a restart: in front of the server it would be CMD PARSE ERR, and forgotten. */
START_TEST(the_idle_time_comes_back_behind_the_server)
{
    bool up_at_once = _i & 1;
    open_shipping(WM_RECEIVE_ACTIVE, 4096, 0);
    start_server();
    if (_i & 2) {
        stop_server();
        start_server();
    }
    bench_module(&bench, "ready\r\n");
    answer_opening(WM_RECEIVE_ACTIVE);
    echoed("AT+CIPSERVERMAXCONN=5\r\n", "OK\r\n");
    echoed("AT+CIPSERVER=1,80\r\n", up_at_once ? "OK\r\n" : "ERROR\r\n");
    if (!up_at_once) {
        ck_assert(wm_core_ready(&bench.core));
        bench_module(&bench, "WIFI GOT IP \"192.168.1.50\"\r\n");
        echoed("AT+CIPSERVER=1,80\r\n", "OK\r\n");
    }
    echoed("AT+CIPSTO=60\r\n", "OK\r\n");
    bench_silence(&bench, 20000);
    ck_assert(wm_core_ready(&bench.core));
    ck_assert_uint_eq(stats()->unset, 0);
}
END_TEST

/* Section 7: zero bytes are counted and not sent. */

static const char *const short_reads[] = {
    "+CIPRECVDATA:7,abcdef\r\nOK\r\n", /* one of seven */
    "+CIPRECVDATA:7,abcde\r\nOK\r\n",  "+CIPRECVDATA:7,abcd\r\nOK\r\n",
    "+CIPRECVDATA:7,abc\r\nOK\r\n",    "+CIPRECVDATA:7,ab\r\nOK\r\n",
    "+CIPRECVDATA:7,a\r\nOK\r\n", /* OK and all is taken for data: the silence behind tells */
    "+CIPRECVDATA:7,\r\nOK\r\n",       "+CIPRECVDATA:1,\r\nOK\r\n",
};

START_TEST(a_read_that_comes_up_short)
{
    char got[16];
    open_shipping(WM_RECEIVE_PASSIVE, 4096, _i & 1);
    link0 = connect_one();
    int other = connect_one();
    bench_module(&bench, "+IPD,0,7\r\n");
    echoed("AT+CIPRECVDATA=0,4096\r\n", short_reads[_i / 2]);
    bench_pass(&bench, 1100);
    ck_assert_int_eq(read_link(link0, got, sizeof got), WM_ERR_MANGLED);
    ck_assert_int_eq(state_of(other), WM_LINK_OPEN);
    ck_assert_uint_eq(stats()->losses, 1);
    ck_assert_uint_eq(stats()->mangled, 1);
}
END_TEST

START_TEST(a_frame_that_comes_up_short)
{
    static const char *const frames[] = {
        "+IPD,0,7:abcdef\r\n1,CONNECT\r\n",
        "+IPD,0,7:abcde\r\n+IPD,1,2:xy\r\n",
        "+IPD,0,7:abcde\r\n",
        "+IPD,0,9:abcde\r\n",
    };
    char got[16];
    open_shipping(WM_RECEIVE_ACTIVE, 4096, _i & 1);
    link0 = connect_one();
    int other = connect_one();
    bench_module(&bench, "+IPD,0,2:ok\r\n");
    bench_module(&bench, frames[_i / 2]);
    bench_pass(&bench, 1100);
    ck_assert_int_eq(read_link(link0, got, sizeof got), 2);
    ck_assert_int_eq(read_link(link0, got, sizeof got), WM_ERR_MANGLED);
    ck_assert_int_eq(state_of(other), WM_LINK_OPEN); /* the wire shows that it lacks nothing */
    if (_i / 2 == 1)
        ck_assert_int_eq(read_link(other, got, sizeof got), 2);
    ck_assert_uint_eq(stats()->mangled, 1);
}
END_TEST

/* As many zero bytes as a line behind the frame has: CR LF stands where it should. */
static const char *const hiding[] = {
    "+IPD,0,7:abc\r\nOK\r\n", /* four */
    "+IPD,0,13:abc\r\n1,CLOSED\r\n",
    "+IPD,0,16:abc\r\n+IPD,1,2:xy\r\n",
    "+IPD,0,15:abc\r\nAT+SYSRAM?\r\n\r\n",
    "+IPD,0,17:abc\r\nAT+SYSRAM?\r\n\r\n", /* up to the empty line behind the echo */
    "+IPD,0,24:abc\r\nAT+SYSRAM?\r\n\r\nOK\r\n>\r\n",
    "+IPD,0,30:abc\r\nAT+SYSRAM?\r\n\r\n+SYSRAM:1,2\r\nOK\r\n",
    /* the payload of another frame, just where CR LF stands in it */
    "+IPD,0,17:abc\r\n+IPD,1,9:xyz\r\nuvwx\r\n",
    "+IPD,0,22:abc\r\n+IPD,1,20:uvw\r\nxy\r\nabcdefghijk\r\n",
    /* no CR LF where it should stand, in the first frame: half of an echo */
    "+IPD,0,7:abc\r\nAT+SYSRAM?\r\n\r\n+SYSRAM:1,2\r\nOK\r\n",
};

START_TEST(a_frame_that_hides_a_line)
{
    char got[16];
    struct wm_op op;
    struct wm_ram ram;
    open_shipping(WM_RECEIVE_ACTIVE, 4096, _i & 1);
    link0 = connect_one();
    wm_ram_prepare(&op, &ram);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+SYSRAM?\r\n");
    bench_module(&bench, hiding[_i / 2]);
    ck_assert_int_eq(read_link(link0, got, sizeof got), WM_ERR_MANGLED);
}
END_TEST

/* What only looks a little like one is what the peer has sent. */
START_TEST(a_frame_that_hides_nothing)
{
    static const char *const frames[] = {
        "abc\r\nOKAY",    "abc\r\nAT+SYSRAM", "abc\r\nOK\r\n",      "OK",
        "abc\nOK",        "abc\r\n>",         "abc\r\n+SYSRAM:1,2", "abc\r\n+IPD,1,2:xy\r\nuvw",
        "abc+IPD,1,99:xy"};
    char header[32], got[32];
    const char *text = frames[_i / 2];
    open_shipping(WM_RECEIVE_ACTIVE, 4096, _i & 1);
    link0 = connect_one();
    snprintf(header, sizeof header, "+IPD,0,%zu:", strlen(text));
    bench_module(&bench, header);
    bench_module(&bench, text);
    bench_module(&bench, "\r\n");
    ck_assert_int_eq(read_link(link0, got, sizeof got), (int)strlen(text));
}
END_TEST

/* Section 1: the echo of a command lands inside a frame, byte for byte mixed. */
START_TEST(an_echo_inside_a_frame)
{
    char got[64];
    open_shipping(WM_RECEIVE_ACTIVE, 4096, _i);
    link0 = connect_one();
    bench_module(&bench, "+IPD,0,12:WWWWAT+CIWWWWWPSTATE?WWW\r\n");
    bench_pass(&bench, 1100);
    ck_assert_int_eq(read_link(link0, got, sizeof got), WM_ERR_MANGLED);
    ck_assert_uint_ge(stats()->losses, 1);
    bench_expect(&bench, "+++");
}
END_TEST

/* So none is sent while a frame arrives: it waits for its end, or a second. */
START_TEST(no_command_while_a_frame_arrives)
{
    struct wm_op op;
    open_shipping(WM_RECEIVE_ACTIVE, 4096, 0);
    link0 = connect_one();
    bench_module(&bench, "+IPD,0,5:ab");
    wm_probe_prepare(&op);
    bench_submit(&bench, &op, 5000);
    bench_silence(&bench, 500);
    if (_i == 0) {
        bench_module(&bench, "cde\r\n");
    } else {
        bench_module(&bench, "c");
        bench_silence(&bench, 499);
    }
    bench_expect(&bench, "AT\r\n");
    ck_assert_uint_eq(stats()->losses, 0);
}
END_TEST

/* Section 7: the safe way, a byte at a time. */
START_TEST(zero_safe)
{
    static const struct {
        const char *answer;
        char byte;
    } rows[] = {
        {"+CIPRECVDATA:1,a\r\nOK\r\n+IPD,0,4\r\n", 'a'},
        {"+CIPRECVDATA:1,\r\nOK\r\n+IPD,0,3\r\n", '\0'},
        {"+CIPRECVDATA:1,\r\r\nOK\r\n+IPD,0,2\r\n", '\r'},
        {"+CIPRECVDATA:1,\n\r\nOK\r\n+IPD,0,1\r\n", '\n'},
        {"+CIPRECVDATA:1,\r\nOK\r\n", '\0'},
    };
    char got[16];
    open_shipping(WM_RECEIVE_ZERO_SAFE, 4096, _i);
    link0 = connect_one();
    bench_module(&bench, "+IPD,0,5\r\n");
    for (size_t i = 0; i < 5; i++)
        echoed("AT+CIPRECVDATA=0,1\r\n", rows[i].answer);
    ck_assert_int_eq(read_link(link0, got, sizeof got), 5);
    ck_assert_int_eq(memcmp(got, "a\0\r\n\0", 5), 0);
    ck_assert_uint_eq(stats()->losses, 0);
}
END_TEST

/* A byte that was lost on its way is no zero byte. */
START_TEST(zero_safe_does_not_make_up_bytes)
{
    static const char *const answers[] = {"+CIPRECVDATA:1,a\nOK\r\n", "+CIPRECVDATA:1,OK\r\n",
                                          "+CIPRECVDATA:1,\n\nOK\r\n"};
    char got[4];
    open_shipping(WM_RECEIVE_ZERO_SAFE, 4096, 0);
    link0 = connect_one();
    bench_module(&bench, "+IPD,0,1\r\n");
    echoed("AT+CIPRECVDATA=0,1\r\n", answers[_i]);
    bench_pass(&bench, 1100);
    ck_assert_int_eq(read_link(link0, got, sizeof got), WM_ERR_MANGLED);
}
END_TEST

/* On a module that loses none it is plain passive mode. */
START_TEST(zero_safe_where_nothing_is_lost)
{
    bench_open(&bench, WM_RECEIVE_ZERO_SAFE, 4096, 0);
    link0 = bench_connect(&bench);
    bench_module(&bench, "+IPD,0,3\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    bench_module_bytes(&bench, "+CIPRECVDATA:3,a\0b\r\nOK\r\n", 24);
    char got[4];
    ck_assert_int_eq(read_link(link0, got, sizeof got), 3);
}
END_TEST

/* Section 7: what comes beyond 5760 bytes is thrown away. The first row is of a smaller ring. */

static char many[5760];

static void answer_read(unsigned asked, unsigned len, const char *behind)
{
    char line[40], header[32];
    snprintf(line, sizeof line, "AT+CIPRECVDATA=0,%u\r\n", asked);
    snprintf(header, sizeof header, "+CIPRECVDATA:%u,", len);
    bench_expect(&bench, line);
    bench_module(&bench, header);
    bench_module_bytes(&bench, many, len);
    bench_module(&bench, "\r\nOK\r\n");
    bench_module(&bench, behind);
}

static void open_receiving(enum wm_receive receive, size_t ring_bytes)
{
    memset(many, 'm', sizeof many);
    open_shipping(receive, ring_bytes, 0);
    link0 = connect_one();
}

static void expect_overflow(int sound)
{
    static char got[8192];
    int at = 0, n;
    while ((n = read_link(link0, got, sizeof got)) > 0)
        at += n;
    ck_assert_int_eq(at, sound);
    ck_assert_int_eq(n, WM_ERR_OVERFLOW);
    ck_assert_uint_eq(stats()->overflows, 1);
}

/* What was in the buffer is read, then the link fails. */
START_TEST(a_read_that_finds_the_buffer_full)
{
    open_receiving(WM_RECEIVE_PASSIVE, 8192);
    bench_module(&bench, "+IPD,0,1460\r\n");
    answer_read(5760, 5760, "");
    expect_overflow(5760);
}
END_TEST

START_TEST(a_notice_that_the_buffer_is_full)
{
    open_receiving(WM_RECEIVE_PASSIVE, 4096);
    bench_module(&bench, "+IPD,0,5760\r\n");
    answer_read(4096, 4096, "+IPD,0,3000\r\n"); /* of which 1664 were there before the gap */
    static char got[4096];
    ck_assert_int_eq(read_link(link0, got, sizeof got), 4096);
    answer_read(1664, 1664, "+IPD,0,1336\r\n");
    expect_overflow(1664);
}
END_TEST

START_TEST(a_read_and_what_it_left_are_a_full_buffer)
{
    static char got[4096];
    open_receiving(WM_RECEIVE_PASSIVE, 4096);
    bench_module(&bench, "+IPD,0,1460\r\n");
    answer_read(4096, 4096, "+IPD,0,1664\r\n");
    ck_assert_int_eq(read_link(link0, got, sizeof got), 4096);
    answer_read(1664, 1664, "");
    expect_overflow(1664);
}
END_TEST

START_TEST(a_length_that_shows_a_full_buffer)
{
    open_receiving(WM_RECEIVE_PASSIVE, 8192);
    bench.core.config.idle_poll_ms = 0;
    bench.core.ask_at_ms = bench.now_ms;
    bench_pass(&bench, 1);
    echoed("AT+CIPRECVLEN?\r\n", "+CIPRECVLEN:5760,,,,\r\nOK\r\n");
    answer_read(5760, 5760, "");
    expect_overflow(5760);
}
END_TEST

/* A buffer that was never full: what a read gave and the next notice are two things. */
START_TEST(no_false_alarm)
{
    static char got[8192];
    open_receiving(WM_RECEIVE_PASSIVE, 8192);
    bench_module(&bench, "+IPD,0,1460\r\n");
    answer_read(5760, 4000, "");
    ck_assert_int_eq(read_link(link0, got, sizeof got), 4000);
    bench_module(&bench, "+IPD,0,5000\r\n");
    answer_read(5760, 5759, "");
    ck_assert_int_eq(read_link(link0, got, sizeof got), 5759);
    ck_assert_int_eq(state_of(link0), WM_LINK_OPEN);
    ck_assert_uint_eq(stats()->overflows, 0);
}
END_TEST

/* The peer closes behind a gap: that is no end of file. */
START_TEST(an_end_behind_a_gap)
{
    open_receiving(WM_RECEIVE_PASSIVE, 8192);
    bench_module(&bench, "+IPD,0,5760\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,5760\r\n");
    bench_module(&bench, "+CIPRECVDATA:5760,");
    bench_module_bytes(&bench, many, 5760);
    bench_module(&bench, "\r\n0,CLOSED\r\nOK\r\n"); /* in front of OK: section 7 */
    expect_overflow(5760);
}
END_TEST

/* The end of a link whose data were all there: CLOSED stands between them and OK. */
START_TEST(an_end_of_file)
{
    char got[8];
    open_receiving(WM_RECEIVE_PASSIVE, 8192);
    bench_module(&bench, "+IPD,0,2\r\n");
    echoed("AT+CIPRECVDATA=0,5760\r\n", "+CIPRECVDATA:2,il\r\n0,CLOSED\r\nOK\r\n");
    ck_assert_int_eq(read_link(link0, got, sizeof got), 2);
    echoed("AT+CIPRECVDATA=0,5760\r\n", "ERROR\r\n");
    ck_assert_int_eq(read_link(link0, got, sizeof got), 0);
    ck_assert_uint_eq(stats()->losses, 0);
}
END_TEST

/* A passive read gives all that waits, several datagrams as one: so the first is asked for by its
 * length, and what may have come together with others is marked. */
START_TEST(datagrams_that_come_together)
{
    struct wm_udp_options options = {.host = "10.0.0.1", .port = 7};
    struct wm_datagram from;
    struct wm_op open;
    char got[16];
    open_shipping(WM_RECEIVE_PASSIVE, 8192, 0);
    bench.core.config.idle_poll_ms = 0;
    wm_udp_open_prepare(&open, &options);
    bench_submit(&bench, &open, 0);
    echoed("AT+CIPDINFO=1\r\n", "OK\r\n");
    echoed("AT+CIPSTART=0,\"UDP\",\"10.0.0.1\",7\r\n", "0,CONNECT\r\nOK\r\n");
    int link = result_of(&open);
    echoed("AT+CIPRECVLEN?\r\n", "+CIPRECVLEN:0,,,,\r\nOK\r\n");
    bench_module(&bench, "+IPD,0,3\r\n");
    echoed("AT+CIPRECVDATA=0,3\r\n", "+CIPRECVDATA:3,\"10.0.0.1\",7,one\r\nOK\r\n+IPD,0,7\r\n");
    ck_assert_int_eq(wm_core_read_from(&bench.core, link, got, sizeof got, &from, bench.now_ms), 3);
    ck_assert(!from.cut);
    bench_expect(&bench, "AT+CIPRECVDATA=0,5760\r\n");
    bench_module(&bench, "+CIPRECVDATA:7,\"10.0.0.1\",7,twothre\r\nOK\r\n");
    ck_assert_int_eq(wm_core_read_from(&bench.core, link, got, sizeof got, &from, bench.now_ms), 7);
    ck_assert(from.cut);
    echoed("AT+CIPRECVLEN?\r\n", "+CIPRECVLEN:0,,,,\r\nOK\r\n");
    bench_module(&bench, "+IPD,0,4\r\n"); /* into an empty buffer */
    bench_expect(&bench, "AT+CIPRECVDATA=0,4\r\n");
}
END_TEST

/* Section 3: `busy ...` is a notice. The command runs, and is not repeated. */
START_TEST(busy_is_a_notice)
{
    struct wm_op op;
    open_shipping(WM_RECEIVE_PASSIVE, 4096, _i);
    wm_probe_prepare(&op);
    bench_submit(&bench, &op, 10000);
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "busy ...\r\n");
    bench_silence(&bench, 5000);
    bench_module(&bench, "AT\r\n\r\nOK\r\n");
    ck_assert_int_eq(result_of(&op), 0);
    bench_silence(&bench, 1000);
    ck_assert_uint_eq(stats()->resyncs, 0);
}
END_TEST

/* During a search, too. */
START_TEST(busy_in_a_search)
{
    open_shipping(WM_RECEIVE_PASSIVE, 4096, 0);
    link0 = connect_one();
    bench_module(&bench, "+IPD,0,4\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    bench_module(&bench, "+CIPRECVDATA:4,abcdX"); /* trouble */
    bench_expect(&bench, "+++");
    bench_expect(&bench, "\r\n");
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "\r\nbusy ...\r\n");
    bench_silence(&bench, 15000);
    bench_module(&bench, "AT\r\n\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
}
END_TEST

/* Section 10: OK is the association only; the address comes later, in quotes. */
START_TEST(a_join_waits_for_its_address)
{
    struct wm_op op;
    open_shipping(WM_RECEIVE_PASSIVE, 4096, _i);
    bench.core.wifi_up = false;
    wm_wifi_join_prepare(&op,
                         &(struct wm_wifi_join_options){.ssid = "net", .password = "secret-word"});
    bench_submit(&bench, &op, 0);
    echoed("AT+CWMODE?\r\n", "+CWMODE:1\r\nOK\r\n");
    echoed("AT+CWJAP=\"net\",\"secret-word\"\r\n", "WIFI CONNECTED\r\nOK\r\n");
    bench_silence(&bench, 2000);
    ck_assert(!wm_op_ended(&op));
    bench_module(&bench, "WIFI GOT IP \"192.168.1.50\"\r\n");
    ck_assert_int_eq(result_of(&op), 0);
}
END_TEST

/* Section 6: passthrough, whose received data come in frames. */

static struct wm_op op;

static void open_stream(size_t ring_bytes, int piece)
{
    static const struct wm_stream_options options = {.host = "127.0.0.1", .port = 7};
    open_shipping(WM_RECEIVE_PASSIVE, ring_bytes, piece);
    wm_stream_open_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    echoed("AT+CIPRECVMODE=0\r\n", "OK\r\n");
    echoed("AT+CIPMUX=0\r\n", "OK\r\n");
    echoed("AT+CIPSTART=\"TCP\",\"127.0.0.1\",7\r\n", "CONNECT\r\nOK\r\n+IPD,2:hi\r\n");
    echoed("AT+CIPMODE=1\r\n", "OK\r\n");
    echoed("AT+CIPSEND\r\n", "OK\r\n>\r\n");
    link0 = result_of(&op);
}

START_TEST(a_stream_is_unframed)
{
    char got[64];
    open_stream(4096, _i);
    bench_module(&bench, "+IPD,5:hello\r\n+IPD,9:+IPD,2:\r\n\r\n");
    ck_assert_int_eq(read_link(link0, got, sizeof got), 16);
    ck_assert_int_eq(memcmp(got, "hihello+IPD,2:\r\n", 16), 0);
    wm_stream_close_prepare(&op, link0);
    bench_submit(&bench, &op, 0);
    bench_module(&bench, "+IPD,4:OK"); /* what is still on its way is nobody's any more */
    bench_expect(&bench, "+++");
    bench_module(&bench, "\r\n\r\n");
    bench_expect(&bench, "\r\n");
    echoed("AT\r\n", "OK\r\n");
    echoed("AT+CIPMODE=0\r\n", "OK\r\n");
    echoed("AT+CIPMUX?\r\n", "+CIPMUX:0\r\nOK\r\n");
    echoed("AT+CIPSTATE?\r\n", "+CIPSTATE:0,\"TCP\",\"127.0.0.1\",7,50001,0\r\nOK\r\n");
    bench_module(&bench, "+IPD,3:bye\r\n");
    echoed("AT+CIPCLOSE\r\n", "CLOSED\r\nOK\r\n");
    echoed("AT+CIPMUX=1\r\n", "OK\r\n");
    echoed("AT+CIPRECVMODE=1\r\n", "OK\r\n");
    echoed("AT+CIPDINFO=0\r\n", "OK\r\n");
    echoed("AT+CWSTATE?\r\n", "+CWSTATE:2,\"x\"\r\nOK\r\n");
    ck_assert_int_eq(result_of(&op), 0);
    ck_assert_uint_eq(stats()->losses, 0);
}
END_TEST

/* A frame that comes up short or long, or something between two of them. */
START_TEST(a_stream_that_is_mangled)
{
    static const char *const wrong[] = {"+IPD,5:hell\r\n+IPD,2:xy\r\n",
                                        "+IPD,5:helloo\r\n",
                                        "noise\r\n",
                                        "+IPD,0,2:xy\r\n",
                                        "+IPD,8:hello\r\n",
                                        "+IPD,15:abc\r\n+IPD,9:xyz\r\nuvwx\r\n"};
    char got[64];
    open_stream(4096, _i & 1);
    bench_module(&bench, "+IPD,2:ok\r\n");
    bench_module(&bench, wrong[_i / 2]);
    bench_pass(&bench, 3100);
    ck_assert_int_eq(read_link(link0, got, sizeof got), 4);
    ck_assert_int_eq(read_link(link0, got, sizeof got), WM_ERR_MANGLED);
    bench_expect(&bench, "+++");
}
END_TEST

/* A full ring holds the module back; nothing is lost. */
START_TEST(a_stream_that_is_read_slowly)
{
    char got[256];
    open_stream(256, 0);
    ck_assert_int_eq(read_link(link0, got, sizeof got), 2);
    const char frame[] = "+IPD,300:";
    wm_core_feed(&bench.core, frame, sizeof frame - 1, bench.now_ms);
    ck_assert_uint_eq(wm_core_feed(&bench.core, many, 300, bench.now_ms), 256);
    ck_assert(!wm_core_wants_input(&bench.core));
    bench_pass(&bench, 10000);
    ck_assert_int_eq(read_link(link0, got, sizeof got), 256);
    ck_assert_uint_eq(wm_core_feed(&bench.core, many, 44, bench.now_ms), 44);
    bench_module(&bench, "\r\n");
    ck_assert_int_eq(read_link(link0, got, sizeof got), 44);
}
END_TEST

int main(void)
{
    static const int pieces = 2; /* 0: whole, 1: a byte at a time */
    Suite *suite = suite_create("shipping");
    TCase *tc = tcase_create("lost and mixed");
    tcase_add_loop_test(tc, a_read_that_comes_up_short, 0, 2 * 8);
    tcase_add_loop_test(tc, a_frame_that_comes_up_short, 0, 2 * 4);
    tcase_add_loop_test(tc, a_frame_that_hides_a_line, 0, 2 * 10);
    tcase_add_loop_test(tc, a_frame_that_hides_nothing, 0, 2 * 9);
    tcase_add_loop_test(tc, an_echo_inside_a_frame, 0, pieces);
    tcase_add_loop_test(tc, no_command_while_a_frame_arrives, 0, 2);
    tcase_add_loop_test(tc, zero_safe, 0, pieces);
    tcase_add_loop_test(tc, zero_safe_does_not_make_up_bytes, 0, 3);
    tcase_add_test(tc, zero_safe_where_nothing_is_lost);
    suite_add_tcase(suite, tc);
    tc = tcase_create("thrown away");
    tcase_add_test(tc, a_read_that_finds_the_buffer_full);
    tcase_add_test(tc, a_notice_that_the_buffer_is_full);
    tcase_add_test(tc, a_read_and_what_it_left_are_a_full_buffer);
    tcase_add_test(tc, a_length_that_shows_a_full_buffer);
    tcase_add_test(tc, no_false_alarm);
    tcase_add_test(tc, an_end_behind_a_gap);
    tcase_add_test(tc, an_end_of_file);
    tcase_add_test(tc, datagrams_that_come_together);
    suite_add_tcase(suite, tc);
    tc = tcase_create("commands and streams");
    tcase_add_loop_test(tc, busy_is_a_notice, 0, pieces);
    tcase_add_test(tc, busy_in_a_search);
    tcase_add_loop_test(tc, the_idle_time_comes_back_behind_the_server, 0, 4);
    tcase_add_loop_test(tc, a_join_waits_for_its_address, 0, pieces);
    tcase_add_loop_test(tc, a_stream_is_unframed, 0, pieces);
    tcase_add_loop_test(tc, a_stream_that_is_mangled, 0, 2 * 6);
    tcase_add_test(tc, a_stream_that_is_read_slowly);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
