#include "txn.h"

#include <string.h>

#include "at_limits.h"
#include "transition.h"

/* A chunk of AT+CIPSEND at once. */
#define PIECE_MAX AT_SEND_MAX

static const struct transition rows[] = {
    TRANSITION(TXN_IDLE, TXN_START, TXN_SENT),
    TRANSITION(TXN_IDLE, TXN_START_SEND, TXN_OFFERED),

    TRANSITION(TXN_SENT, TXN_ACCEPT, TXN_IDLE),
    TRANSITION(TXN_SENT, TXN_FAIL, TXN_IDLE),
    TRANSITION(TXN_SENT, TXN_ABANDON, TXN_ABANDONED),

    TRANSITION(TXN_OFFERED, TXN_ACCEPT, TXN_PAYLOAD),
    TRANSITION(TXN_OFFERED, TXN_FAIL, TXN_IDLE),
    TRANSITION(TXN_OFFERED, TXN_SEND_RESULT, TXN_IDLE),
    TRANSITION(TXN_OFFERED, TXN_ABANDON, TXN_CUT), /* a late OK would open data mode */

    TRANSITION(TXN_PAYLOAD, TXN_PAYLOAD_OUT, TXN_CONFIRM),
    TRANSITION(TXN_PAYLOAD, TXN_LINK_CLOSED, TXN_CUT),
    TRANSITION(TXN_PAYLOAD, TXN_FAIL, TXN_IDLE),
    TRANSITION(TXN_PAYLOAD, TXN_SEND_RESULT, TXN_IDLE),
    TRANSITION(TXN_PAYLOAD, TXN_ABANDON, TXN_CUT),

    TRANSITION(TXN_CONFIRM, TXN_FAIL, TXN_IDLE),
    TRANSITION(TXN_CONFIRM, TXN_SEND_RESULT, TXN_IDLE),
    TRANSITION(TXN_CONFIRM, TXN_ABANDON, TXN_ABANDONED),

    TRANSITION(TXN_CUT, TXN_FAIL, TXN_IDLE),
    TRANSITION(TXN_CUT, TXN_SEND_RESULT, TXN_IDLE),
    TRANSITION(TXN_CUT, TXN_ABANDON, TXN_CUT),

    TRANSITION(TXN_ABANDONED, TXN_ACCEPT, TXN_IDLE),
    TRANSITION(TXN_ABANDONED, TXN_FAIL, TXN_IDLE),
    TRANSITION(TXN_ABANDONED, TXN_SEND_RESULT, TXN_IDLE),
    TRANSITION(TXN_ABANDONED, TXN_ABANDON, TXN_ABANDONED),
};

void txn_init(struct wm_txn *txn)
{
    *txn = (struct wm_txn){.state = TXN_IDLE};
}

bool txn_event(struct wm_txn *txn, enum txn_event event)
{
    if (event == TXN_CLEAR) {
        txn->state = TXN_IDLE;
        txn->line_len = txn->line_sent = 0;
        txn->link = NULL;
        return true;
    }
    int next = TRANSITION_FIND(rows, txn->state, event);
    if (next >= 0)
        txn->state = (uint8_t)next;
    return next >= 0;
}

struct writer txn_line(struct wm_txn *txn, const char *name, char ending)
{
    return writer_start(txn->line, WM_LINE_SIZE, name, ending);
}

struct writer txn_query(struct wm_txn *txn, enum at_command command)
{
    return writer_query(txn->line, WM_LINE_SIZE, command);
}

struct writer txn_set(struct wm_txn *txn, enum at_command command)
{
    return writer_set(txn->line, WM_LINE_SIZE, command);
}

struct writer txn_execute(struct wm_txn *txn, enum at_command command)
{
    return writer_execute(txn->line, WM_LINE_SIZE, command);
}

int txn_start(struct wm_txn *txn, struct writer *writer)
{
    int len = writer_end(writer);
    if (len < 0)
        return len;
    txn->line_len = (uint16_t)len;
    txn->line_sent = 0;
    txn->link = NULL;
    txn_event(txn, TXN_START);
    return 0;
}

int txn_start_send(struct wm_txn *txn, struct writer *writer, const struct wm_link *link,
                   const void *payload, size_t len)
{
    int line_len = writer_end(writer);
    if (line_len < 0)
        return line_len;
    txn->line_len = (uint16_t)line_len;
    txn->line_sent = 0;
    txn->link = link;
    txn->payload = payload;
    txn->payload_len = len;
    txn->payload_sent = 0;
    txn->ends_in_escape = false;
    txn_event(txn, TXN_START_SEND);
    return 0;
}

static const char escape_tail[] = "+++\\0"; /* one piece, so that no silence cuts +++ off */
#define TAIL_LEN (sizeof escape_tail - 1)

int txn_start_send_escape(struct wm_txn *txn, struct writer *writer, const struct wm_link *link,
                          const void *payload, size_t len)
{
    int err = txn_start_send(txn, writer, link, payload, len + 2);
    txn->ends_in_escape = true;
    return err;
}

void txn_raw(struct wm_txn *txn, const char *bytes, size_t len)
{
    memmove(txn->line, bytes, len);
    txn->line_len = (uint16_t)len;
    txn->line_sent = 0;
}

/* The next piece of payload. The last one is never three bytes or fewer behind another: a hand-over
 * that is exactly +++ would end data mode (specification, "+++"). */
static size_t piece_len(size_t left)
{
    if (left <= PIECE_MAX)
        return left;
    return left - PIECE_MAX <= 3 ? PIECE_MAX - 4 : PIECE_MAX;
}

size_t txn_output(const struct wm_txn *txn, const uint8_t **bytes)
{
    if (txn->line_sent < txn->line_len) {
        *bytes = (const uint8_t *)txn->line + txn->line_sent;
        return (size_t)(txn->line_len - txn->line_sent);
    }
    if (txn->state != TXN_PAYLOAD)
        return 0;
    size_t left = txn->payload_len - txn->payload_sent;
    *bytes = txn->payload + txn->payload_sent;
    if (!txn->ends_in_escape)
        return piece_len(left);
    if (left > TAIL_LEN)
        return left - TAIL_LEN < PIECE_MAX ? left - TAIL_LEN : PIECE_MAX;
    *bytes = (const uint8_t *)escape_tail + TAIL_LEN - left;
    return left;
}

void txn_sent(struct wm_txn *txn, size_t n)
{
    if (txn->line_sent < txn->line_len) {
        txn->line_sent = (uint16_t)(txn->line_sent + n);
        return;
    }
    txn->payload_sent += n;
    if (txn->payload_sent == txn->payload_len)
        txn_event(txn, TXN_PAYLOAD_OUT);
}

static enum txn_event event_of(enum final final)
{
    if (final == FINAL_OK)
        return TXN_ACCEPT;
    bool of_send =
        final == FINAL_SEND_OK || final == FINAL_SEND_FAIL || final == FINAL_SEND_CANCELLED;
    return of_send ? TXN_SEND_RESULT : TXN_FAIL;
}

bool txn_final(struct wm_txn *txn, enum final final)
{
    return txn_event(txn, event_of(final)) && txn->state == TXN_IDLE;
}

bool txn_in_payload(const struct wm_txn *txn)
{
    return txn->state == TXN_PAYLOAD || txn->state == TXN_CUT;
}

bool txn_is_answer(const struct wm_txn *txn, struct slice line)
{
    size_t len = strcspn(txn->line, "=?\r");
    return txn_state(txn) != TXN_IDLE && len > 3 && slice_starts(line, txn->line + 2, len - 2);
}

bool txn_is_echo(const struct wm_txn *txn, struct slice line)
{
    return txn->line_len > 2 && slice_is(line, txn->line, txn->line_len - 2u);
}
