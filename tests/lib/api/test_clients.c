/* Whose number is it? Clients of the server and links that are dialled share five of them
 * (TCP-IP_AT: CIPSERVER, CIPSTART; PITFALLS 12). Golden bytes. */
#include <string.h>

#include <wmat/server.h>
#include <wmat/tls.h>
#include <wmat/udp.h>

#include "served.h"

/* The module gives the number of a client that has left to the next one, while the application
 * still holds the old handle. */
START_TEST(a_number_that_comes_again_is_another_link)
{
    char got[8];
    start_server(0, WM_RECEIVE_ACTIVE, _i);
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
    start_server(0, WM_RECEIVE_ACTIVE, 0);
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
    start_server(2, WM_RECEIVE_PASSIVE, 0);
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
    start_server(0, WM_RECEIVE_ACTIVE, _i);
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
    start_server(0, WM_RECEIVE_ACTIVE, _i);
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
    start_server(0, WM_RECEIVE_ACTIVE, _i);
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
    start_server(0, WM_RECEIVE_ACTIVE, _i);
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
    start_server(0, WM_RECEIVE_ACTIVE, _i);
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
    start_server(0, WM_RECEIVE_ACTIVE, _i);
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
    start_server(0, WM_RECEIVE_ACTIVE, _i);
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
    start_server(0, WM_RECEIVE_ACTIVE, _i);
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
    start_server(0, WM_RECEIVE_PASSIVE, 0);
    bench_module(&bench, "+IPD,1,2\r\n");
    bench_answer_checkup(&bench, WM_RECEIVE_PASSIVE,
                         "+CIPSTATE:1,\"TCP\",\"192.0.2.9\",40000,80,1\r\n");
    ck_assert_uint_eq(id_of(accept_now()), 1);
}
END_TEST

/* Also where one had its number that has left. */
START_TEST(a_lost_client_is_looked_for_behind_an_ended_link)
{
    start_server(0, WM_RECEIVE_PASSIVE, _i);
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
    start_server(0, WM_RECEIVE_ACTIVE, 0);
    bench_module(&bench, "+IPD,1,2:hi\r\n");
    bench_pass(&bench, 1);
    bench_expect(&bench, "AT+CIPCLOSE=1\r\n");
    bench_module(&bench, "1,CLOSED\r\n\r\nOK\r\n");
    ck_assert_uint_eq(wm_core_stats(&bench.core)->losses, 1);
    ck_assert_int_eq(accept_now(), WM_ERR_TIMEOUT);
}
END_TEST

/* A link that has ended, whose number a client has got since: what that one says is not its own. */
START_TEST(an_ended_link_does_not_get_what_a_client_says)
{
    struct wm_tcp_options options = {.host = "h", .port = 7};
    struct wm_op op;
    char got[16];
    start_server(0, WM_RECEIVE_ACTIVE, _i);
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

int main(void)
{
    Suite *suite = suite_create("clients");
    TCase *tc = tcase_create("clients");
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
    tcase_add_loop_test(tc, an_ended_link_and_a_server_that_may_be_on, 0, 2);
    tcase_add_loop_test(tc, an_ended_link_does_not_get_what_a_client_says, 0, 2);
    tcase_add_loop_test(tc, an_ended_link_gets_nothing_from_a_stray_server, 0, 2);
    tcase_add_test(tc, an_ended_link_gets_nothing_behind_a_restart);
    tcase_add_loop_test(tc, a_client_is_not_read_as_datagrams, 0, 2);
    tcase_add_loop_test(tc, a_lost_client_is_looked_for_behind_an_ended_link, 0, 2);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
