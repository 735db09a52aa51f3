/* The server and its clients (TCP-IP_AT: CIPSERVER, CIPSERVERMAXCONN, CIPSTO). Golden bytes. */
#include <string.h>

#include <wmat/server.h>
#include <wmat/tls.h>
#include <wmat/udp.h>

#include "dialogue.h"

static struct wm_op accepting;

static void run_lines(struct wm_op *op, const char *const lines[], size_t count)
{
    bench_submit(&bench, op, 0);
    for (size_t i = 0; i < count; i++) {
        bench_expect(&bench, lines[i]);
        bench_module(&bench, "OK\r\n");
    }
}

static const struct {
    struct wm_server_options options;
    const char *lines[3];
} starts[] = {
    {{.port = 80}, {"AT+CIPSERVERMAXCONN=5\r\n", "AT+CIPSTO=0\r\n", "AT+CIPSERVER=1,80\r\n"}},
    {{.port = 1001, .idle_timeout_s = 10, .max_clients = 2},
     {"AT+CIPSERVERMAXCONN=2\r\n", "AT+CIPSTO=10\r\n", "AT+CIPSERVER=1,1001\r\n"}},
    {{.port = 443, .tls = true, .verify_clients = true, .idle_timeout_s = 7200},
     {"AT+CIPSERVERMAXCONN=5\r\n", "AT+CIPSTO=7200\r\n", "AT+CIPSERVER=1,443,\"SSL\",1\r\n"}},
    {{.port = 443, .tls = true, .ipv6 = true},
     {"AT+CIPSERVERMAXCONN=5\r\n", "AT+CIPSTO=0\r\n", "AT+CIPSERVER=1,443,\"SSLv6\"\r\n"}},
    {{.port = 65535, .ipv6 = true, .max_clients = 5},
     {"AT+CIPSERVERMAXCONN=5\r\n", "AT+CIPSTO=0\r\n", "AT+CIPSERVER=1,65535,\"TCPv6\"\r\n"}},
};

START_TEST(every_form_of_starting)
{
    struct wm_op op;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    ck_assert_int_eq(wm_server_start_prepare(&op, &starts[_i].options), 0);
    run_lines(&op, starts[_i].lines, 3);
    ck_assert_int_eq(result_of(&op), 0);
    wm_server_stop_prepare(&op, _i % 2);
    ck_assert_int_eq(
        bench_run(&bench, &op, _i % 2 ? "AT+CIPSERVER=0,1\r\n" : "AT+CIPSERVER=0,0\r\n", "OK\r\n"),
        0);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_STATE);
}
END_TEST

static void start(unsigned max_clients, enum wm_receive receive, int piece)
{
    struct wm_server_options options = {.port = 80, .max_clients = max_clients};
    struct wm_op op;
    const char *lines[] = {max_clients ? "AT+CIPSERVERMAXCONN=2\r\n" : "AT+CIPSERVERMAXCONN=5\r\n",
                           "AT+CIPSTO=0\r\n", "AT+CIPSERVER=1,80\r\n"};
    bench_open(&bench, receive, 4096, (size_t)piece);
    wm_server_start_prepare(&op, &options);
    run_lines(&op, lines, 3);
    ck_assert_int_eq(result_of(&op), 0);
}

static int accept_now(void)
{
    struct wm_op op;
    wm_accept_prepare(&op);
    bench_submit(&bench, &op, 0);
    bench_pass(&bench, 1);
    return result_of(&op);
}

static unsigned id_of(int link)
{
    struct wm_link_info info;
    ck_assert_int_eq(wm_core_link_info(&bench.core, link, &info), 0);
    return info.id;
}

START_TEST(clients_are_accepted_in_their_order)
{
    start(0, WM_RECEIVE_ACTIVE, _i);
    ck_assert_int_eq(accept_now(), WM_ERR_TIMEOUT);
    bench_module(&bench, "1,CONNECT\r\n0,CONNECT\r\n+IPD,0,2:hi\r\n");
    int first = accept_now(), second = accept_now();
    ck_assert_uint_eq(id_of(first), 1);
    ck_assert_uint_eq(id_of(second), 0);
    ck_assert_int_eq(accept_now(), WM_ERR_TIMEOUT);
    link0 = second;
    expect_read("hi");
    wm_accept_prepare(&accepting);
    bench_submit(&bench, &accepting, 1000);
    bench_module(&bench, "2,CONNECT\r\n");
    ck_assert_uint_eq(id_of(result_of(&accepting)), 2);
}
END_TEST

START_TEST(a_client_is_an_event)
{
    struct wm_event event;
    start(0, WM_RECEIVE_PASSIVE, 0);
    while (wm_core_next_event(&bench.core, &event))
        ;
    bench_module(&bench, "0,CONNECT\r\n");
    ck_assert(wm_core_next_event(&bench.core, &event));
    ck_assert_int_eq(event.kind, WM_EVENT_CLIENT);
    ck_assert_int_eq(event.link, -1);
    bench_module(&bench, "+IPD,0,2\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=0,4096\r\n");
    bench_module(&bench, "+CIPRECVDATA:2,hi\r\nOK\r\n");
    ck_assert(!wm_core_next_event(&bench.core, &event)); /* nobody has its handle */
    int link = accept_now();
    ck_assert(wm_core_next_event(&bench.core, &event));
    ck_assert_int_eq(event.kind, WM_EVENT_READABLE);
    ck_assert_int_eq(event.link, link);
}
END_TEST

/* What it had to say counts, although it did not wait for an answer. */
/* What it has sent must not wait for ever where +IPD was lost, or was there before the client was
 * noticed. */
START_TEST(a_client_whose_report_was_lost_is_asked_for)
{
    start(0, WM_RECEIVE_PASSIVE, 0);
    bench.core.config.idle_poll_ms = 1000;
    bench_module(&bench, "2,CONNECT\r\n");
    link0 = accept_now();
    bench_pass(&bench, 1000);
    bench_expect(&bench, "AT+CIPRECVLEN?\r\n");
    bench_module(&bench, "+CIPRECVLEN:,,2,,\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPRECVDATA=2,4096\r\n");
    bench_module(&bench, "+CIPRECVDATA:2,hi\r\nOK\r\n");
    expect_read("hi");
}
END_TEST

START_TEST(a_client_that_has_left_already)
{
    char got[8];
    start(0, WM_RECEIVE_ACTIVE, 0);
    bench_module(&bench, "0,CONNECT\r\n+IPD,0,2:hi\r\n0,CLOSED\r\n");
    int link = accept_now();
    ck_assert_int_eq(read_link(link, got, sizeof got), 2);
    ck_assert_int_eq(read_link(link, got, sizeof got), 0);
}
END_TEST

/* The module gives the number of a client that has left to the next one, while the application
 * still holds the old handle. */
START_TEST(a_number_that_comes_again_is_another_link)
{
    char got[8];
    start(0, WM_RECEIVE_ACTIVE, _i);
    bench_module(&bench, "0,CONNECT\r\n+IPD,0,2:hi\r\n");
    int first = accept_now();
    bench_module(&bench, "0,CLOSED\r\n0,CONNECT\r\n+IPD,0,2:ho\r\n");
    int second = accept_now();
    ck_assert_int_ne(first, second);
    ck_assert_int_eq(read_link(first, got, sizeof got), 2);
    ck_assert_int_eq(memcmp(got, "hi", 2), 0);
    ck_assert_int_eq(read_link(first, got, sizeof got), 0);
    ck_assert_int_eq(read_link(second, got, sizeof got), 2);
    ck_assert_int_eq(memcmp(got, "ho", 2), 0);
    ck_assert_int_eq(read_link(second, got, sizeof got), WM_ERR_TIMEOUT);
}
END_TEST

/* Nor does the CLOSED of the first have to arrive. */
START_TEST(a_lost_closed_is_noticed)
{
    start(0, WM_RECEIVE_ACTIVE, 0);
    bench_module(&bench, "0,CONNECT\r\n");
    int first = accept_now();
    bench_module(&bench, "0,CONNECT\r\n");
    ck_assert_int_eq(state_of(first), WM_LINK_FAILED);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 1);
    ck_assert_int_gt(accept_now(), 0);
}
END_TEST

/* PITFALLS 12: the ids of clients and those of outgoing links are kept apart. */
START_TEST(outgoing_links_leave_the_clients_ids_alone)
{
    struct wm_tcp_options options = {.host = "127.0.0.1", .port = 7};
    struct wm_op op;
    start(2, WM_RECEIVE_PASSIVE, 0);
    for (unsigned id = 4; id >= 2; id--)
        ck_assert_uint_eq(id_of(bench_connect(&bench)), id);
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    ck_assert_int_eq(result_of(&op), WM_ERR_STATE);
}
END_TEST

/* PITFALLS 12: a client was faster than the command that wanted the same id. */
START_TEST(a_client_takes_the_id_that_was_being_dialled)
{
    struct wm_tcp_options options = {.host = "h", .port = 7};
    struct wm_op op;
    start(0, WM_RECEIVE_ACTIVE, _i);
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSTART=4,\"TCP\",\"h\",7\r\n");
    bench_module(&bench, "4,CONNECT\r\nERROR\r\n");
    bench_expect(&bench, "AT+CIPSTART=3,\"TCP\",\"h\",7\r\n");
    bench_module(&bench, "+IPD,4,2:hi\r\n3,CONNECT\r\nOK\r\n");
    ck_assert_uint_eq(id_of(result_of(&op)), 3);
    link0 = accept_now();
    ck_assert_uint_eq(id_of(link0), 4);
    expect_read("hi");
}
END_TEST

/* It may have said all it has to say, and have left, before the module refuses the dialling. */
START_TEST(what_that_client_has_sent_already_is_its_own)
{
    struct wm_tcp_options options = {.host = "h", .port = 7};
    struct wm_op op;
    char got[8];
    start(0, WM_RECEIVE_ACTIVE, _i);
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSTART=4,\"TCP\",\"h\",7\r\n");
    bench_module(&bench, "4,CONNECT\r\n+IPD,4,2:hi\r\n4,CLOSED\r\nERROR\r\n");
    bench_expect(&bench, "AT+CIPSTART=3,\"TCP\",\"h\",7\r\n");
    bench_module(&bench, "3,CONNECT\r\nOK\r\n");
    ck_assert_uint_eq(id_of(result_of(&op)), 3);
    int link = accept_now();
    ck_assert_int_eq(read_link(link, got, sizeof got), 2);
    ck_assert_int_eq(memcmp(got, "hi", 2), 0);
    ck_assert_int_eq(read_link(link, got, sizeof got), 0);
}
END_TEST

/* More than there is room for while nobody can read it: that client is turned away, not handed out
 * with a part of what it said. */
START_TEST(a_client_that_says_too_much_then_is_turned_away)
{
    struct wm_tcp_options options = {.host = "h", .port = 7};
    struct wm_op op;
    char frame[400] = "+IPD,4,300:";
    start(0, WM_RECEIVE_ACTIVE, _i);
    bench.core.links[4].ring.size = bench.core.config.ring_bytes = 256;
    memset(frame + 11, 'x', 300);
    memcpy(frame + 311, "\r\nERROR\r\n", 10);
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSTART=4,\"TCP\",\"h\",7\r\n");
    bench_module(&bench, "4,CONNECT\r\n");
    bench_module(&bench, frame);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 1);
    ck_assert_int_eq(accept_now(), WM_ERR_TIMEOUT);
}
END_TEST

/* Nor does the link that is dialled get what such a client has sent, where the module dials after
 * it has left. */
START_TEST(a_dialled_link_begins_empty)
{
    struct wm_tcp_options options = {.host = "h", .port = 7};
    struct wm_op op;
    char got[8];
    start(0, WM_RECEIVE_ACTIVE, _i);
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSTART=4,\"TCP\",\"h\",7\r\n");
    bench_module(&bench, "4,CONNECT\r\n+IPD,4,2:hi\r\n4,CLOSED\r\n");
    bench_module(&bench, "4,CONNECT\r\nOK\r\n+IPD,4,2:ho\r\n");
    int link = result_of(&op);
    ck_assert_int_eq(read_link(link, got, sizeof got), 2);
    ck_assert_int_eq(memcmp(got, "ho", 2), 0);
    ck_assert_int_eq(read_link(link, got, sizeof got), WM_ERR_TIMEOUT);
}
END_TEST

/* A client comes between the settings of a TLS link and its AT+CIPSTART: another id, all over. */
START_TEST(a_client_takes_the_id_that_was_being_set_up)
{
    struct wm_tls_options options = {.host = "10.0.0.1", .port = 7, .tls = {.auth = WM_TLS_NONE}};
    struct wm_op op;
    start(0, WM_RECEIVE_ACTIVE, _i);
    wm_tls_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSSLCCONF=4,0\r\n");
    bench_module(&bench, "4,CONNECT\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSSLCCONF=3,0\r\n");
    ck_assert_uint_eq(id_of(accept_now()), 4);
}
END_TEST

/* The CONNECT that comes behind the deadline is no client's. */
START_TEST(what_connects_late_is_no_client)
{
    struct wm_tcp_options options = {.host = "h", .port = 7};
    struct wm_op op;
    start(0, WM_RECEIVE_ACTIVE, _i);
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 100);
    bench_expect(&bench, "AT+CIPSTART=4,\"TCP\",\"h\",7\r\n");
    bench_pass(&bench, 101);
    ck_assert_int_eq(result_of(&op), WM_ERR_TIMEOUT);
    bench_module(&bench, "4,CONNECT\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPCLOSE=4\r\n");
    ck_assert_int_eq(accept_now(), WM_ERR_TIMEOUT);
}
END_TEST

/* A client for whom there is no place, whose number one has had that has left: what it sends is not
 * added to what that one has sent. */
START_TEST(a_client_without_a_place_is_nobody_else)
{
    char got[8];
    int last = -1;
    start(0, WM_RECEIVE_ACTIVE, _i);
    for (int i = 0; i < WM_LINKS; i++) { /* the bench has that many */
        bench_module(&bench, "0,CONNECT\r\n");
        last = accept_now();
        bench_module(&bench, "0,CLOSED\r\n");
    }
    bench_module(&bench, "0,CONNECT\r\n+IPD,0,2:hi\r\n");
    ck_assert_int_le(read_link(last, got, sizeof got), 0);
}
END_TEST

/* Nor where the server is one that only the module may know of: its OK was lost. */
START_TEST(an_ended_link_gets_nothing_from_a_stray_server)
{
    struct wm_server_options options = {.port = 80};
    struct wm_op op;
    char got[16];
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, (size_t)_i);
    int link = bench_connect(&bench);
    bench_module(&bench, "+IPD,0,5:hello\r\n0,CLOSED\r\n");
    wm_server_start_prepare(&op, &options);
    bench_submit(&bench, &op, 100);
    bench_expect(&bench, "AT+CIPSERVERMAXCONN=5\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSTO=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSERVER=1,80\r\n");
    bench_pass(&bench, 101);
    ck_assert_int_eq(result_of(&op), WM_ERR_TIMEOUT);
    bench_module(&bench, "0,CONNECT\r\n+IPD,0,2:hi\r\n");
    ck_assert_int_eq(read_link(link, got, sizeof got), 5);
    ck_assert_int_le(read_link(link, got, sizeof got), 0);
}
END_TEST

/* Nor behind a restart, before the driver has asked whether there is one. */
START_TEST(an_ended_link_gets_nothing_behind_a_restart)
{
    char got[16];
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, 0);
    int link = bench_connect(&bench);
    bench_module(&bench, "+IPD,0,5:hello\r\n0,CLOSED\r\nready\r\n+IPD,0,2:hi\r\n");
    ck_assert_int_eq(read_link(link, got, sizeof got), 5);
    ck_assert_int_le(read_link(link, got, sizeof got), 0);
}
END_TEST

/* A link of datagrams is dialled with the number of a client that was faster: in the buffer a
 * header stands in front of what that one has sent, which nobody may read as a stream. */
START_TEST(a_client_is_not_read_as_datagrams)
{
    struct wm_udp_options options = {.host = "h", .port = 7};
    struct wm_op op;
    start(0, WM_RECEIVE_ACTIVE, _i);
    wm_udp_open_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPDINFO=1\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSTART=4,\"UDP\",\"h\",7\r\n");
    bench_module(&bench, "4,CONNECT\r\n+IPD,4,2,\"192.0.2.9\",40000:hi\r\nERROR\r\n");
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 1);
    ck_assert_int_eq(accept_now(), WM_ERR_TIMEOUT);
}
END_TEST

/* What it sends shows that there is one. */
START_TEST(a_client_whose_connect_was_lost_is_looked_for)
{
    start(0, WM_RECEIVE_PASSIVE, 0);
    bench_module(&bench, "+IPD,1,2\r\n");
    bench_answer_checkup(&bench, WM_RECEIVE_PASSIVE,
                         "+CIPSTATE:1,\"TCP\",\"192.0.2.9\",40000,80,1\r\n");
    ck_assert_uint_eq(id_of(accept_now()), 1);
}
END_TEST

/* Also where one had its number that has left. */
START_TEST(a_lost_client_is_looked_for_behind_an_ended_link)
{
    start(0, WM_RECEIVE_PASSIVE, _i);
    bench_module(&bench, "1,CONNECT\r\n");
    int first = accept_now();
    bench_module(&bench, "1,CLOSED\r\n+IPD,1,2\r\n");
    bench_answer_checkup(&bench, WM_RECEIVE_PASSIVE,
                         "+CIPSTATE:1,\"TCP\",\"192.0.2.9\",40000,80,1\r\n");
    int second = accept_now();
    ck_assert_uint_eq(id_of(second), 1);
    ck_assert_int_ne(second, first);
}
END_TEST

/* In active mode that is lost: the client is turned away, not handed out without it. */
START_TEST(a_client_who_was_not_heard_is_turned_away)
{
    start(0, WM_RECEIVE_ACTIVE, 0);
    bench_module(&bench, "+IPD,1,2:hi\r\n");
    bench_pass(&bench, 1);
    bench_expect(&bench, "AT+CIPCLOSE=1\r\n");
    bench_module(&bench, "1,CLOSED\r\n\r\nOK\r\n");
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 1);
    ck_assert_int_eq(accept_now(), WM_ERR_TIMEOUT);
}
END_TEST

/* Two threads start a server at once: the second one does not forget that of the first. */
START_TEST(two_starts_at_once)
{
    struct wm_server_options options = {.port = 80};
    struct wm_op first, second;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    wm_server_start_prepare(&first, &options);
    wm_server_start_prepare(&second, &options);
    bench_submit(&bench, &first, 0);
    bench_submit(&bench, &second, 0);
    bench_expect(&bench, "AT+CIPSERVERMAXCONN=5\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSTO=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSERVER=1,80\r\n");
    bench_module(&bench, "OK\r\n");
    ck_assert_int_eq(result_of(&first), 0);
    ck_assert_int_eq(result_of(&second), WM_ERR_STATE);
    bench_module(&bench, "0,CONNECT\r\n");
    ck_assert_int_gt(accept_now(), 0);
}
END_TEST

/* The module has lost it: it is not there for ever in the driver. */
START_TEST(stopping_a_server_that_is_gone)
{
    struct wm_op op;
    start(0, WM_RECEIVE_PASSIVE, 0);
    wm_server_stop_prepare(&op, false);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSERVER=0,0\r\n");
    bench_module(&bench, "ERROR\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_STATE);
    ck_assert_int_eq(accept_now(), WM_ERR_STATE);
}
END_TEST

/* Handles that nobody gave back leave no place for another client. */
START_TEST(a_client_without_a_place_is_disconnected)
{
    start(0, WM_RECEIVE_ACTIVE, 0);
    for (int i = 0; i < WM_LINKS; i++) { /* the bench has that many */
        bench_module(&bench, "0,CONNECT\r\n");
        ck_assert_int_gt(accept_now(), 0);
        bench_module(&bench, "0,CLOSED\r\n");
    }
    bench_module(&bench, "0,CONNECT\r\n");
    bench_expect(&bench, "AT+CIPCLOSE=0\r\n");
    bench_module(&bench, "0,CLOSED\r\n\r\nOK\r\n");
    ck_assert_int_eq(accept_now(), WM_ERR_TIMEOUT);
    bench_silence(&bench, 100);
}
END_TEST

START_TEST(stopping_ends_who_waits)
{
    struct wm_op op;
    start(0, WM_RECEIVE_ACTIVE, 0);
    bench_module(&bench, "0,CONNECT\r\n");
    link0 = accept_now();
    bench_module(&bench, "1,CONNECT\r\n");
    wm_server_stop_prepare(&op, false);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIPSERVER=0,0\r\n", "OK\r\n"), 0);
    bench_expect(&bench, "AT+CIPCLOSE=1\r\n"); /* it was never accepted */
    bench_module(&bench, "1,CLOSED\r\n\r\nOK\r\n");
    ck_assert_int_eq(state_of(link0), WM_LINK_OPEN);
    wm_accept_prepare(&op);
    bench_submit(&bench, &op, 1000);
    ck_assert_int_eq(result_of(&op), WM_ERR_STATE);
    bench_module(&bench, "2,CONNECT\r\n"); /* nobody's: it is looked for, and closed */
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
}
END_TEST

START_TEST(stopping_wakes_who_accepts)
{
    struct wm_op op;
    start(0, WM_RECEIVE_ACTIVE, 0);
    wm_accept_prepare(&accepting);
    bench_submit(&bench, &accepting, WM_FOREVER);
    wm_server_stop_prepare(&op, true);
    ck_assert_int_eq(bench_run(&bench, &op, "AT+CIPSERVER=0,1\r\n", "OK\r\n"), 0);
    ck_assert_int_eq(result_of(&accepting), WM_ERR_STATE);
}
END_TEST

START_TEST(a_server_that_does_not_start)
{
    struct wm_server_options options = {.port = 80};
    struct wm_op op;
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, 0);
    wm_server_start_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSERVERMAXCONN=5\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSTO=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSERVER=1,80\r\n");
    bench_module(&bench, "ERROR\r\n");
    ck_assert_int_eq(result_of(&op), WM_ERR_DEVICE);
    ck_assert_int_eq(accept_now(), WM_ERR_STATE);
    run_lines(&op, starts[0].lines, 3); /* the same operation once more */
    ck_assert_int_eq(result_of(&op), 0);
    bench_submit(&bench, &op, 0); /* and while it runs */
    ck_assert_int_eq(result_of(&op), WM_ERR_STATE);
    bench_module(&bench, "0,CONNECT\r\n");
    ck_assert_int_gt(accept_now(), 0);
}
END_TEST

/* One that comes up after the deadline is stopped. */
START_TEST(a_server_that_starts_late)
{
    struct wm_server_options options = {.port = 80};
    struct wm_op op;
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, 0);
    wm_server_start_prepare(&op, &options);
    bench_submit(&bench, &op, 500);
    bench_expect(&bench, "AT+CIPSERVERMAXCONN=5\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSTO=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSERVER=1,80\r\n");
    bench_pass(&bench, 501);
    ck_assert_int_eq(result_of(&op), WM_ERR_TIMEOUT);
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPMODE=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPMUX?\r\n");
    bench_module(&bench, "+CIPMUX:1\r\nOK\r\n");
    bench_expect(&bench, "AT+CIPSTATE?\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSERVER=0,1\r\n");
    bench_module(&bench, "OK\r\n");
}
END_TEST

/* A client whose CONNECT was lost is found by the check-up, by its tetype. */
START_TEST(a_check_up_finds_clients)
{
    start(0, WM_RECEIVE_ACTIVE, 0);
    struct wm_op op;
    wm_probe_prepare(&op);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT\r\n");
    bench_module(&bench, "busy ...\r\n");
    bench_answer_search(&bench);
    bench_answer_checkup(&bench, WM_RECEIVE_ACTIVE,
                         "+CIPSTATE:3,\"TCP\",\"10.0.0.9\",4711,80,1\r\n");
    ck_assert_uint_eq(id_of(accept_now()), 3);
}
END_TEST

/* After a restart the settings are told again; the server once there is a network. */
START_TEST(a_restart_brings_the_server_back)
{
    start(0, WM_RECEIVE_ACTIVE, 0);
    bench_module(&bench, "0,CONNECT\r\n1,CONNECT\r\n");
    link0 = accept_now();
    bench_module(&bench, "ready\r\n");
    ck_assert_int_eq(state_of(link0), WM_LINK_FAILED);
    ck_assert_int_eq(accept_now(), WM_ERR_TIMEOUT); /* the second one is gone */
    bench_answer_search(&bench);
    bench_answer_setup_lines(&bench, WM_RECEIVE_ACTIVE);
    bench_expect(&bench, "AT+CIPSERVERMAXCONN=5\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSTO=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSERVER=1,80\r\n");
    bench_module(&bench, "ERROR\r\n");
    bench_silence(&bench, 1000);
    ck_assert(wm_core_ready(&bench.core));
    bench_module(&bench, "WIFI CONNECTED\r\nWIFI GOT IP\r\n");
    bench_expect(&bench, "AT+CIPSERVER=1,80\r\n");
    bench_module(&bench, "OK\r\n0,CONNECT\r\n");
    ck_assert_int_gt(accept_now(), 0);
    bench_silence(&bench, 1000);
}
END_TEST

/* It may want its clock before it verifies anybody: tried again now and then, not all the time. */
START_TEST(a_server_that_the_network_is_not_enough_for)
{
    start(0, WM_RECEIVE_PASSIVE, 0);
    bench_module(&bench, "ready\r\n");
    bench_answer_search(&bench);
    bench_answer_setup_lines(&bench, WM_RECEIVE_PASSIVE);
    bench_expect(&bench, "AT+CIPSERVERMAXCONN=5\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSTO=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSERVER=1,80\r\n");
    bench_module(&bench, "ERROR\r\nWIFI GOT IP\r\n");
    for (int i = 0; i < 3; i++) {
        bench_expect(&bench, "AT+CIPSERVER=1,80\r\n");
        bench_module(&bench, "ERROR\r\n");
        bench_silence(&bench, 4990);
    }
    bench_expect(&bench, "AT+CIPSERVER=1,80\r\n");
    bench_module(&bench, _i ? "OK\r\n" : "CMD PARSE ERR\r\n");
    ck_assert_uint_eq(wm_core_stats(&bench.core)->unset, _i ? 0 : 1);
    ck_assert_uint_eq(wm_core_stats(&bench.core)->retries, 4);
    if (!_i)
        bench_answer_checkup(&bench, WM_RECEIVE_PASSIVE, "");
    bench_silence(&bench, 20000);
}
END_TEST

START_TEST(factory_values_have_no_server)
{
    struct wm_op op;
    start(0, WM_RECEIVE_PASSIVE, 0);
    ck_assert_int_eq(wm_restore_prepare(&op), 0);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+RESTORE\r\n");
    bench_module(&bench, "OK\r\nready\r\n");
    bench_answer_search(&bench);
    bench_answer_setup_lines(&bench, WM_RECEIVE_PASSIVE);
    ck_assert_int_eq(result_of(&op), 0);
    wm_server_start_prepare(&op, &starts[0].options);
    run_lines(&op, starts[0].lines, 3);
    ck_assert_int_eq(result_of(&op), 0);
}
END_TEST

/* A link that has ended, whose number a client has got since: what that one says is not its own. */
START_TEST(an_ended_link_does_not_get_what_a_client_says)
{
    struct wm_tcp_options options = {.host = "h", .port = 7};
    struct wm_op op;
    char got[16];
    start(0, WM_RECEIVE_ACTIVE, _i);
    wm_tcp_connect_prepare(&op, &options);
    bench_submit(&bench, &op, 0);
    bench_expect(&bench, "AT+CIPSTART=4,\"TCP\",\"h\",7\r\n");
    bench_module(&bench, "4,CONNECT\r\nOK\r\n");
    int link = result_of(&op);
    bench_module(&bench, "+IPD,4,5:hello\r\n4,CLOSED\r\n");
    bench_module(&bench, "+IPD,4,2:hi\r\n"); /* its CONNECT was lost */
    ck_assert_int_eq(read_link(link, got, sizeof got), 5);
    ck_assert_int_eq(read_link(link, got, sizeof got), WM_ERR_PROTO);
}
END_TEST

/* The same where the start of the server failed, as far as the driver knows. */
START_TEST(an_ended_link_and_a_server_that_may_be_on)
{
    struct wm_server_options options = {.port = 80};
    struct wm_op op;
    char got[16];
    bench_open(&bench, WM_RECEIVE_ACTIVE, 4096, 0);
    link0 = bench_connect(&bench);
    wm_server_start_prepare(&op, &options);
    bench_submit(&bench, &op, 200);
    bench_expect(&bench, "AT+CIPSERVERMAXCONN=5\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSTO=0\r\n");
    bench_module(&bench, "OK\r\n");
    bench_expect(&bench, "AT+CIPSERVER=1,80\r\n");
    bench_pass(&bench, 300);
    ck_assert_int_eq(result_of(&op), WM_ERR_TIMEOUT);
    bench_module(&bench, "+IPD,0,5:hello\r\n0,CLOSED\r\n");
    bench_module(&bench, _i ? "+IPD,0,2:hi\r\n" : "0,CONNECT\r\n+IPD,0,2:hi\r\n");
    ck_assert_int_eq(read_link(link0, got, sizeof got), 5);
    ck_assert_int_le(read_link(link0, got, sizeof got), 0);
}
END_TEST

START_TEST(bad_options_send_nothing)
{
    static const struct wm_server_options bad[] = {
        {.port = 0},
        {.port = 65536},
        {.port = 1, .max_clients = 6},
        {.port = 1, .idle_timeout_s = 7201},
        {.port = 1, .verify_clients = true},
    };
    struct wm_op op;
    bench_open(&bench, WM_RECEIVE_PASSIVE, 4096, 0);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_int_eq(wm_server_start_prepare(&op, &bad[i]), WM_ERR_ARG);
        ck_assert_int_eq(wm_core_submit(&bench.core, &op, 0, NULL, NULL, 0), WM_ERR_STATE);
    }
    bench_silence(&bench, 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server");
    TCase *tc = tcase_create("server");
    tcase_add_loop_test(tc, every_form_of_starting, 0, sizeof starts / sizeof starts[0]);
    tcase_add_loop_test(tc, clients_are_accepted_in_their_order, 0, 2);
    tcase_add_test(tc, a_client_is_an_event);
    tcase_add_test(tc, a_client_whose_report_was_lost_is_asked_for);
    tcase_add_test(tc, a_client_that_has_left_already);
    tcase_add_loop_test(tc, a_number_that_comes_again_is_another_link, 0, 2);
    tcase_add_test(tc, a_lost_closed_is_noticed);
    tcase_add_test(tc, outgoing_links_leave_the_clients_ids_alone);
    tcase_add_loop_test(tc, a_client_takes_the_id_that_was_being_dialled, 0, 2);
    tcase_add_loop_test(tc, what_that_client_has_sent_already_is_its_own, 0, 2);
    tcase_add_test(tc, a_client_that_says_too_much_then_is_turned_away);
    tcase_add_loop_test(tc, a_dialled_link_begins_empty, 0, 2);
    tcase_add_loop_test(tc, a_client_takes_the_id_that_was_being_set_up, 0, 2);
    tcase_add_loop_test(tc, what_connects_late_is_no_client, 0, 2);
    tcase_add_loop_test(tc, a_client_without_a_place_is_nobody_else, 0, 2);
    tcase_add_test(tc, a_client_whose_connect_was_lost_is_looked_for);
    tcase_add_test(tc, a_client_who_was_not_heard_is_turned_away);
    tcase_add_test(tc, two_starts_at_once);
    tcase_add_test(tc, stopping_a_server_that_is_gone);
    tcase_add_test(tc, a_client_without_a_place_is_disconnected);
    tcase_add_test(tc, stopping_ends_who_waits);
    tcase_add_test(tc, stopping_wakes_who_accepts);
    tcase_add_test(tc, a_server_that_does_not_start);
    tcase_add_test(tc, a_server_that_starts_late);
    tcase_add_test(tc, a_check_up_finds_clients);
    tcase_add_test(tc, a_restart_brings_the_server_back);
    tcase_add_loop_test(tc, a_server_that_the_network_is_not_enough_for, 0, 2);
    tcase_add_test(tc, factory_values_have_no_server);
    tcase_add_loop_test(tc, an_ended_link_and_a_server_that_may_be_on, 0, 2);
    tcase_add_loop_test(tc, an_ended_link_does_not_get_what_a_client_says, 0, 2);
    tcase_add_loop_test(tc, an_ended_link_gets_nothing_from_a_stray_server, 0, 2);
    tcase_add_test(tc, an_ended_link_gets_nothing_behind_a_restart);
    tcase_add_loop_test(tc, a_client_is_not_read_as_datagrams, 0, 2);
    tcase_add_loop_test(tc, a_lost_client_is_looked_for_behind_an_ended_link, 0, 2);
    tcase_add_test(tc, bad_options_send_nothing);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
