/* One command in flight: its line, its payload, and the states between them. */
#ifndef TXN_H
#define TXN_H

#include <wmat/core.h>

#include "report.h"
#include "writer.h"

enum txn_state {
    TXN_IDLE,      /* nothing in flight */
    TXN_SENT,      /* a command line; its final result is due */
    TXN_OFFERED,   /* the line of a send; OK is due before the payload */
    TXN_PAYLOAD,   /* OK came: payload goes out */
    TXN_CONFIRM,   /* payload is out; SEND OK is due */
    TXN_CUT,       /* the link closed in the middle of the payload: no more of it goes out */
    TXN_ABANDONED, /* nobody wants the result; it is still awaited before the next line */
};

enum txn_event {
    TXN_START,
    TXN_START_SEND,
    TXN_ACCEPT,      /* OK */
    TXN_FAIL,        /* any other final result */
    TXN_SEND_RESULT, /* SEND OK, SEND FAIL */
    TXN_PAYLOAD_OUT,
    TXN_LINK_CLOSED,
    TXN_ABANDON,
    TXN_CLEAR,
};

void txn_init(struct wm_txn *txn);

/* Moves on by the table in txn.c. False: the event means nothing in this state. */
bool txn_event(struct wm_txn *txn, enum txn_event event);

static inline enum txn_state txn_state(const struct wm_txn *txn)
{
    return (enum txn_state)txn->state;
}

/* A writer into the command line; txn must be idle. By name and ending (writer_start), or by the
 * table of all commands. */
struct writer txn_line(struct wm_txn *txn, const char *name, char ending);
struct writer txn_query(struct wm_txn *txn, enum at_command command);
struct writer txn_set(struct wm_txn *txn, enum at_command command);
struct writer txn_execute(struct wm_txn *txn, enum at_command command);

/* Ends the line and starts the command. 0, or WM_ERR_ARG and nothing is sent. */
int txn_start(struct wm_txn *txn, struct writer *writer);

/* The same with payload, which must stay until the command has ended. */
int txn_start_send(struct wm_txn *txn, struct writer *writer, const struct wm_link *link,
                   const void *payload, size_t len);

/* The same of a payload that ends in +++, behind which \0 is sent (TCP/IP AT: CIPSENDEX). */
int txn_start_send_escape(struct wm_txn *txn, struct writer *writer, const struct wm_link *link,
                          const void *payload, size_t len);

/* Sends bytes that are no command (the search for the module); txn must be idle. */
void txn_raw(struct wm_txn *txn, const char *bytes, size_t len);

/* Bytes to send now, at most 5760; 0: none. */
size_t txn_output(const struct wm_txn *txn, const uint8_t **bytes);
void txn_sent(struct wm_txn *txn, size_t n);

/* A final result came. True: the command has ended with it (txn is idle again unless it was
 * abandoned, then too). */
bool txn_final(struct wm_txn *txn, enum final final);

/* May payload be in the module's hands, the announced length not yet reached? */
bool txn_in_payload(const struct wm_txn *txn);

/* Is it the command itself, which a shipping module repeats before it answers? */
bool txn_is_echo(const struct wm_txn *txn, struct slice line);

/* +NAME..., a line of the command AT+NAME that is in flight? */
bool txn_is_answer(const struct wm_txn *txn, struct slice line);

#endif
