/* TCP-IP_AT: CIPSERVER, CIPSERVERMAXCONN, CIPSTO. */
#include <stdio.h>
#include <string.h>

#include "fw_bench.h"
#include "suite.h"

static struct fw_bench bench;

static void setup(void)
{
    memset(&bench, 0, sizeof bench);
}

static void teardown(void)
{
    bench_stop(&bench);
}

static void serve(int feed)
{
    bench_start(&bench, (enum bench_feed)feed);
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSERVER=1,80\r\n", "OK\r\n");
}

static struct fake_peer *call(const char *expect)
{
    struct fake_peer *peer = fake_call(&bench.fake, 80);

    ck_assert_ptr_nonnull(peer);
    bench_wait(&bench, 0);
    bench_expect(&bench, expect);
    return peer;
}

START_TEST(clients_take_free_links)
{
    struct fake_peer *first, *second;

    serve(_i);
    bench_connect_id(&bench, 1);
    first = call("0,CONNECT\r\n");
    second = call("2,CONNECT\r\n");
    bench_talk(&bench, "AT+CIPSTATE?\r\n",
               "+CIPSTATE:0,\"TCP\",\"192.0.2.9\",40002,80,1\r\n"
               "+CIPSTATE:1,\"TCP\",\"192.0.2.1\",80,50001,0\r\n"
               "+CIPSTATE:2,\"TCP\",\"192.0.2.9\",40003,80,1\r\nOK\r\n");
    fake_peer_send(second, "hi", 2);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,2,2:hi\r\n");
    bench_talk(&bench, "AT+CIPSEND=0,3\r\n", "OK\r\n>\r\n");
    bench_talk(&bench, "you", "SEND OK\r\n");
    ck_assert_uint_eq(first->received.len, 3);
    fake_peer_end(first);
    bench_wait(&bench, 0);
    bench_expect(&bench, "0,CLOSED\r\n");
    bench_talk(&bench, "AT+CIPCLOSE=2\r\n", "2,CLOSED\r\n\r\nOK\r\n");
    ck_assert(second->closed);
}
END_TEST

START_TEST(a_client_that_has_ended_already)
{
    struct fake_peer *peer;

    serve(_i);
    peer = fake_call(&bench.fake, 80);
    fake_peer_send(peer, "short", 5);
    fake_peer_end(peer);
    bench_wait(&bench, 0);
    bench_expect(&bench, "0,CONNECT\r\n+IPD,0,5:short\r\n0,CLOSED\r\n");
}
END_TEST

START_TEST(too_many_clients_are_turned_away)
{
    struct fake_peer *extra;

    serve(_i);
    for (int id = 0; id < 5; id++) {
        char expect[32];

        snprintf(expect, sizeof expect, "%d,CONNECT\r\n", id);
        call(expect);
    }
    extra = call("");
    ck_assert(extra->closed);
    bench_talk(&bench, "AT+CIPCLOSE=3\r\n", "3,CLOSED\r\n\r\nOK\r\n");
    call("3,CONNECT\r\n");
}
END_TEST

START_TEST(the_maximum_holds)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSERVERMAXCONN?\r\n", "+CIPSERVERMAXCONN:5\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSERVERMAXCONN=2\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSERVER=1,80\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSERVERMAXCONN=3\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSERVERMAXCONN?\r\n", "+CIPSERVERMAXCONN:2\r\nOK\r\n");
    call("0,CONNECT\r\n");
    call("1,CONNECT\r\n");
    ck_assert(call("")->closed);
    bench_connect_id(&bench, 2); /* our own connections do not count */
}
END_TEST

START_TEST(stopping_keeps_or_closes_the_clients)
{
    struct fake_peer *first, *second;

    serve(_i);
    first = call("0,CONNECT\r\n");
    bench_talk(&bench, "AT+CIPSERVER=0\r\n", "OK\r\n");
    ck_assert(!first->closed);
    ck_assert_ptr_null(fake_call(&bench.fake, 80));
    bench_talk(&bench, "AT+CIPSERVER=0\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPMUX=0\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSERVER=1,80\r\n", "OK\r\n");
    second = call("1,CONNECT\r\n");
    bench_connect_id(&bench, 2);
    bench_talk(&bench, "AT+CIPSERVER=0,1\r\n", "0,CLOSED\r\n1,CLOSED\r\nOK\r\n");
    ck_assert(first->closed && second->closed);
    bench_talk(&bench, "AT+CIPCLOSE=2\r\n", "2,CLOSED\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPMUX=0\r\n", "OK\r\n");
}
END_TEST

START_TEST(states)
{
    bench_start(&bench, (enum bench_feed)_i);
    bench_talk(&bench, "AT+CIPSERVER?\r\n", "+CIPSERVER:0\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSERVER=1\r\n", "ERROR\r\n"); /* no network */
    bench_join(&bench);
    bench_talk(&bench, "AT+CIPMUX=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSERVER=1\r\n", "ERROR\r\n"); /* single connection mode */
    bench_talk(&bench, "AT+CIPMUX=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSERVER=1\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSERVER?\r\n", "+CIPSERVER:1,333,\"TCP\"\r\n\r\nOK\r\n");
    bench_talk(&bench, "AT+CIPSERVER=1,81\r\n", "ERROR\r\n"); /* one at most */
    bench_talk(&bench, "AT+CIPMUX=0\r\n", "ERROR\r\n");
    bench_talk(&bench, "AT+CIPSERVER=0,0,\"TCP\"\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPSERVER=1,80,\"UDP\"\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPSERVER=1,80,\"TCP\",1\r\n", "CMD PARSE ERR\r\n");
    bench_talk(&bench, "AT+CIPSERVER=0\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSERVER=1,65535,\"TCPv6\"\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSERVER?\r\n", "+CIPSERVER:1,65535,\"TCPv6\"\r\n\r\nOK\r\n");
}
END_TEST

/* Spec, CIPSTO: silence in both directions; every byte either way starts the time anew. */
START_TEST(silent_clients_are_ended)
{
    struct fake_peer *peer;

    serve(_i);
    bench_talk(&bench, "AT+CIPSTO=10\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPSTO?\r\n", "+CIPSTO:10\r\nOK\r\n");
    bench_connect_id(&bench, 4); /* a connection of our own has no limit */
    peer = call("0,CONNECT\r\n");
    bench_wait(&bench, 9999);
    fake_peer_send(peer, "x", 1);
    bench_wait(&bench, 0);
    bench_expect(&bench, "+IPD,0,1:x\r\n");
    bench_wait(&bench, 9999);
    bench_talk(&bench, "AT+CIPSEND=0,1\r\n", "OK\r\n>\r\n");
    bench_talk(&bench, "y", "SEND OK\r\n");
    bench_wait(&bench, 9999);
    bench_expect(&bench, "");
    bench_wait(&bench, 1);
    bench_expect(&bench, "0,CLOSED\r\n");
    ck_assert(peer->closed);
    bench_talk(&bench, "AT+CIPSTO=0\r\n", "OK\r\n");
    call("0,CONNECT\r\n");
    bench_wait(&bench, 8000000);
    bench_expect(&bench, "");
}
END_TEST

START_TEST(a_lost_network_ends_clients_and_the_server_stays)
{
    serve(_i);
    call("0,CONNECT\r\n");
    bench_talk(&bench, "AT+CWQAP\r\n", "OK\r\nWIFI DISCONNECT\r\n0,CLOSED\r\n");
    bench_join(&bench);
    call("0,CONNECT\r\n");
}
END_TEST

/* The payload that an announced send still expects never reaches who gets the id next. */
START_TEST(a_send_does_not_go_to_the_next_client)
{
    struct fake_peer *first, *second;

    serve(_i);
    first = call("0,CONNECT\r\n");
    bench_talk(&bench, "AT+CIPSEND=0,4\r\n", "OK\r\n>\r\n");
    fake_peer_end(first);
    bench_wait(&bench, 0);
    bench_expect(&bench, "0,CLOSED\r\n");
    second = call("0,CONNECT\r\n");
    bench_talk(&bench, "data", "ERROR\r\n");
    ck_assert_uint_eq(first->received.len + second->received.len, 0);
}
END_TEST

/* A close that lingers takes its time (spec, CIPTCPOPT); clients come and go meanwhile, and none
 * gets the id whose CLOSED is not said yet. */
START_TEST(a_close_that_lingers_keeps_no_client_waiting)
{
    struct fake_peer *lingering;

    serve(_i);
    bench_talk(&bench, "AT+CIPSTO=10\r\n", "OK\r\n");
    bench_talk(&bench, "AT+CIPTCPOPT=1,60\r\n", "OK\r\n");
    lingering = bench_connect_id(&bench, 1);
    call("0,CONNECT\r\n");
    bench_talk(&bench, "AT+CIPCLOSE=1\r\n", "");
    call("2,CONNECT\r\n");
    bench_wait(&bench, 10000);
    bench_expect(&bench, "0,CLOSED\r\n2,CLOSED\r\n");
    fake_peer_end(lingering);
    bench_wait(&bench, 0);
    bench_expect(&bench, "1,CLOSED\r\n\r\nOK\r\n");
}
END_TEST

START_TEST(links_that_close_are_reported_one_by_one)
{
    struct fake_peer *lingering;

    serve(_i);
    bench_talk(&bench, "AT+CIPTCPOPT=0,60\r\n", "OK\r\n");
    lingering = bench_connect_id(&bench, 0);
    for (int id = 1; id < 5; id++) {
        bench_connect_id(&bench, id);
    }
    bench_talk(&bench, "AT+CIPCLOSE=5\r\n", "1,CLOSED\r\n2,CLOSED\r\n3,CLOSED\r\n4,CLOSED\r\n");
    call("1,CONNECT\r\n");
    fake_peer_end(lingering);
    bench_wait(&bench, 0);
    bench_expect(&bench, "0,CLOSED\r\n\r\nOK\r\n");
}
END_TEST

static Suite *make_suite(void)
{
    Suite *suite = suite_create("server");
    TCase *tcase = tcase_create("server");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, clients_take_free_links, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, a_client_that_has_ended_already, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, too_many_clients_are_turned_away, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, the_maximum_holds, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, stopping_keeps_or_closes_the_clients, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, states, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, silent_clients_are_ended, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, a_lost_network_ends_clients_and_the_server_stays, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, a_send_does_not_go_to_the_next_client, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, a_close_that_lingers_keeps_no_client_waiting, 0, BENCH_FEEDS);
    tcase_add_loop_test(tcase, links_that_close_are_reported_one_by_one, 0, BENCH_FEEDS);
    suite_add_tcase(suite, tcase);
    return suite;
}

SUITE_MAIN(make_suite)
