#include "txn.h"

#include <string.h>
#include <wmat/err.h>

#include "suite.h"

static struct wm_txn txn;
static uint8_t payload[3 * 5760]; /* as AT+CIPSENDL takes it */

static void take(const char *expected)
{
    const uint8_t *out;
    size_t len = txn_output(&txn, &out);
    ck_assert_uint_eq(len, strlen(expected));
    ck_assert_int_eq(memcmp(out, expected, len), 0);
    txn_sent(&txn, len);
}

static void start_command(void)
{
    txn_init(&txn);
    struct writer writer = txn_query(&txn, AT_CMD_CIPMUX);
    ck_assert_int_eq(txn_start(&txn, &writer), 0);
}

static void start_send(size_t len)
{
    txn_init(&txn);
    struct writer writer = txn_set(&txn, AT_CMD_CIPSEND);
    writer_int(&writer, 0);
    writer_int(&writer, (int32_t)len);
    ck_assert_int_eq(txn_start_send(&txn, &writer, 0, payload, len), 0);
}

START_TEST(a_command_ends_with_its_final_result)
{
    static const enum final finals[] = {FINAL_OK, FINAL_ERROR, FINAL_FORMAT_ERR, FINAL_PARSE_ERR};
    start_command();
    take("AT+CIPMUX?\r\n");
    ck_assert(!txn_final(&txn, FINAL_SEND_OK)); /* of an older send: not ours */
    ck_assert_int_eq(txn_state(&txn), TXN_SENT);
    ck_assert(txn_final(&txn, finals[_i]));
    ck_assert_int_eq(txn_state(&txn), TXN_IDLE);
    ck_assert(!txn_final(&txn, FINAL_OK)); /* nothing in flight */
}
END_TEST

/* TCP-IP_AT: CIPSEND */
START_TEST(payload_goes_out_after_ok_in_pieces)
{
    const uint8_t *out;
    size_t total = 0;
    start_send(sizeof payload);
    take("AT+CIPSEND=0,17280\r\n");
    ck_assert_uint_eq(txn_output(&txn, &out), 0);
    ck_assert(!txn_final(&txn, FINAL_OK));
    for (size_t len; (len = txn_output(&txn, &out)) > 0; total += len) {
        ck_assert_uint_eq(len, 5760);
        ck_assert_ptr_eq(out, payload + total);
        txn_sent(&txn, len);
    }
    ck_assert_uint_eq(total, sizeof payload);
    ck_assert(txn_final(&txn, FINAL_SEND_OK));
}
END_TEST

/* TCP-IP_AT: "+++": a hand-over of three bytes could end data mode. */
START_TEST(no_last_piece_of_three_bytes_or_fewer)
{
    for (size_t len = 5761; len <= 5766; len++) {
        const uint8_t *out;
        size_t last = 0;
        start_send(len);
        txn_sent(&txn, txn.line_len);
        txn_final(&txn, FINAL_OK);
        for (size_t n; (n = txn_output(&txn, &out)) > 0; txn_sent(&txn, n))
            last = n;
        ck_assert_uint_gt(last, 3);
        ck_assert_int_eq(txn_state(&txn), TXN_CONFIRM);
    }
}
END_TEST

START_TEST(a_link_that_closes_stops_the_payload)
{
    const uint8_t *out;
    start_send(3000);
    txn_sent(&txn, txn.line_len);
    txn_final(&txn, FINAL_OK);
    txn_sent(&txn, 1024);
    ck_assert(txn_event(&txn, TXN_LINK_CLOSED));
    ck_assert_uint_eq(txn_output(&txn, &out), 0);
    ck_assert(txn_in_payload(&txn));
    ck_assert(txn_final(&txn, FINAL_ERROR));
}
END_TEST

START_TEST(a_late_result_ends_an_abandoned_command)
{
    start_command();
    ck_assert(txn_event(&txn, TXN_ABANDON));
    ck_assert_int_eq(txn_state(&txn), TXN_ABANDONED);
    ck_assert(txn_final(&txn, FINAL_ERROR));
    ck_assert_int_eq(txn_state(&txn), TXN_IDLE);
}
END_TEST

START_TEST(an_abandoned_send_never_continues)
{
    const uint8_t *out;
    start_send(10);
    txn_sent(&txn, txn.line_len);
    txn_event(&txn, TXN_ABANDON);
    ck_assert(!txn_final(&txn, FINAL_OK)); /* data mode: a search must end it */
    ck_assert_uint_eq(txn_output(&txn, &out), 0);
    ck_assert(txn_in_payload(&txn));
}
END_TEST

START_TEST(a_line_that_does_not_fit_is_not_sent)
{
    char text[300];
    const uint8_t *out;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    txn_init(&txn);
    struct writer writer = txn_set(&txn, AT_CMD_CWJAP);
    writer_string(&writer, text);
    ck_assert_int_eq(txn_start(&txn, &writer), WM_ERR_ARG);
    ck_assert_int_eq(txn_state(&txn), TXN_IDLE);
    ck_assert_uint_eq(txn_output(&txn, &out), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("txn");
    TCase *tc = tcase_create("txn");
    tcase_add_loop_test(tc, a_command_ends_with_its_final_result, 0, 4);
    tcase_add_test(tc, payload_goes_out_after_ok_in_pieces);
    tcase_add_test(tc, no_last_piece_of_three_bytes_or_fewer);
    tcase_add_test(tc, a_link_that_closes_stops_the_payload);
    tcase_add_test(tc, a_late_result_ends_an_abandoned_command);
    tcase_add_test(tc, an_abandoned_send_never_continues);
    tcase_add_test(tc, a_line_that_does_not_fit_is_not_sent);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
