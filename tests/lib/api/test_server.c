/* The server and its clients (TCP-IP_AT: CIPSERVER, CIPSERVERMAXCONN, CIPSTO). Golden bytes. */
#include <string.h>

#include <wmat/server.h>

#include "served.h"

static struct wm_op accepting;

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

START_TEST(clients_are_accepted_in_their_order)
{
    start_server(0, WM_RECEIVE_ACTIVE, _i);
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
    start_server(0, WM_RECEIVE_PASSIVE, 0);
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
    start_server(0, WM_RECEIVE_PASSIVE, 0);
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
    start_server(0, WM_RECEIVE_ACTIVE, 0);
    bench_module(&bench, "0,CONNECT\r\n+IPD,0,2:hi\r\n0,CLOSED\r\n");
    int link = accept_now();
    ck_assert_int_eq(read_link(link, got, sizeof got), 2);
    ck_assert_int_eq(read_link(link, got, sizeof got), 0);
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
    start_server(0, WM_RECEIVE_PASSIVE, 0);
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
    start_server(0, WM_RECEIVE_ACTIVE, 0);
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
    start_server(0, WM_RECEIVE_ACTIVE, 0);
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
    start_server(0, WM_RECEIVE_ACTIVE, 0);
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
    start_server(0, WM_RECEIVE_ACTIVE, 0);
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
    start_server(0, WM_RECEIVE_ACTIVE, 0);
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
    start_server(0, WM_RECEIVE_PASSIVE, 0);
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
    start_server(0, WM_RECEIVE_PASSIVE, 0);
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
    tcase_add_test(tc, bad_options_send_nothing);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
