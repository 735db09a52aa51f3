/* The judge of a session on a rig: it knows what each peer sent and received, and what the calls
 * said, and finds what does not fit together.
 *
 * What the wire can't show, because the protocol has neither a checksum nor a link id in every
 * answer, and what is let pass for it, no more:
 *   - a flipped bit of payload: as many bytes of that link as were hit may differ, either way;
 *   - a byte of payload that comes twice on its way to the module: what that link's peer gets from
 *     there on (the chunk's last byte is pushed out, and read as the beginning of the next line);
 *   - a command that became another one that makes sense (AT+CIPSEND, AT+CIPRECVDATA, AT+CIPCLOSE
 *     or AT+CIPSTART with another link id, length, host or port): both links, from there on;
 *   - a frame or a CLOSED that names another link: both links, from there on;
 *   - a frame that lost a byte and has another one twice;
 *   - a CLOSED that is lost: the end of file of that link;
 *   - a CONNECT of a client that is lost, as long as the client says nothing;
 *   - an accident at a number that two have had, or a client of whom the driver does not know yet;
 *   - who sent a datagram, where a byte of its header was hit; that it is not said, where a byte of
 *     AT+CIPDINFO was: the module then has another setting than the driver gave it;
 *   - the end of a client that came while the server's end was on its way to the module, whether
 * its call had ended or not.
 *   - in passthrough, which has neither frames nor results: a byte that is lost, flipped or comes
 *     twice on either way; a prompt that is lost while the peer's first bytes spell it (they are
 *     taken for it); a restart, whose words are read as payload, while what is written goes to
 *     a module in command mode; a `+` that is lost, or comes late, out of those that end it, or out
 *     of two silences: the bytes of the search go to the peer, or passthrough ends before its time;
 *     bytes that the module held back when it was closed: they have no silence in front of +++;
 *     a damaged answer of the set-up that looks like a shipping module's: raw bytes are then
 *     taken for frames, until one does not fit.
 * Of passthrough it is still held that what is read is what reached the driver, that what leaves it
 * is what was written, that its peer gets nothing but what was on the wire, in that order, and,
 * without an accident on the way to the module, nothing but what was written.
 * Of a link, a byte of payload that is lost on either way, one that comes twice on its way to the
 * host, and every other accident must be noticed: before a byte of that frame was delivered, or,
 * where the frame is larger than the room in the receive buffer (active mode), at its end. A frame
 * of active mode that a restart cuts off may take what the module says next for payload; then its
 * link fails as soon as the restart shows.
 *
 * A client of the server begins with its name, and by that alone it is known: bytes of two clients
 * on one link, or of one on two, show whatever numbers their links have. */
#ifndef ORACLE_H
#define ORACLE_H

#include "rig.h"

#include <wmat/udp.h>

#define ORACLE_FLOWS   56
#define ORACLE_DIALLED 24 /* of these */
#define ORACLE_CLIENTS 20 /* of the module's server */
#define ORACLE_NAME    8  /* bytes that a client begins with, all of them its number */

/* A link, and what its peer knows of it. */
struct flow {
    uint16_t port; /* of its peer; no other flow of the session has it */
    bool udp, was_open;
    bool stream;            /* passthrough; what is known of that is at the end */
    bool client;            /* of the server */
    int waiting;            /* the handle that a client will have once it is accepted */
    struct fake_peer *peer; /* a client's, known by its name; NULL: not yet */
    unsigned char name[ORACLE_NAME];
    size_t named;                /* bytes of that */
    char sni[24];                /* what the peer of a TLS link must have heard; "": nothing */
    const struct wm_op *opening; /* the call that opens it; NULL: it has ended */
    int handle;                  /* 0: not open */
    bool ended;                  /* the end of file was told, */
    int error;                   /* or why it failed */
    size_t delivered;            /* bytes, or datagrams that are done with */
    size_t delivered_of;         /* bytes of a datagram that came in parts */
    struct fake_bytes given;     /* what the peer must have got: all that calls said was sent */
    size_t sent;                 /* datagrams of the peer that are accounted for, */
    size_t stray;                /* and those that nobody confirmed */
    size_t doubtful;             /* sends that failed */
    unsigned rx_flips, tx_flips; /* bytes that may differ */
    bool rx_free, tx_free;       /* what comes from now on is not looked at */
    bool end_free, from_free;
    bool air;         /* the station had no access point: links end for that */
    unsigned shifted; /* the last frame that lost bytes or got some, */
    int shift;        /* and how many more or less it has */
    bool loose;       /* a damaged header may deliver wrong bytes, and then it is */
    bool doomed;      /* part of a damaged frame may have been delivered: the link has to fail */
    unsigned struck[2], refusals; /* of the rig, when the stream was opened */
    unsigned refused;             /* the same when it was closed */
    bool late;                    /* the line was late when it was opened, */
    bool waiting_bytes;           /* or held back when it was closed, */
    bool choked;                  /* or its peer took nothing more then */
};

struct oracle {
    struct rig *rig;
    struct flow flows[ORACLE_FLOWS];
    unsigned count, dialled;
    struct fake_peer *clients[ORACLE_CLIENTS];
    unsigned client_count;
    struct flow *stream; /* the one that is opened, open, or not judged yet; NULL */
    unsigned exact;      /* streams whose peer had to get all that was written, and had it */
    unsigned early; /* clients that had an accident before the driver knew of them: a bit each id */
    bool stopping;  /* AT+CIPSERVER=0 may be on its way, or its answer */
    bool mute;      /* AT+CIPDINFO had an accident */
    char verdict[256]; /* what is wrong, "": nothing */
};

void oracle_init(struct oracle *oracle, struct rig *rig);
void oracle_free(struct oracle *oracle);

/* Notes the first thing that is wrong. */
void oracle_blame(struct oracle *oracle, const struct flow *flow, const char *format, ...);

/* A byte had an accident: what may be wrong for that. */
void oracle_hit(struct oracle *oracle, const struct rig_hit *hit);

/* After every step: who loses what for want of a network. */
void oracle_look(struct oracle *oracle);

/* A new flow to a peer of that port; how opening it ended. NULL: there are enough. */
struct flow *oracle_open(struct oracle *oracle, uint16_t port, bool udp, const struct wm_op *op);
void oracle_opened(struct oracle *oracle, struct flow *flow, int result);

/* A client called the server: its number, from 1; 0: it is none. */
void oracle_client(struct oracle *oracle, struct fake_peer *peer);
unsigned oracle_number(const struct oracle *oracle, const struct fake_peer *peer);

/* A client was accepted: its flow. */
void oracle_accepted(struct oracle *oracle, int handle);

/* The server's end may be that of its clients, whatever they have sent. */
void oracle_stop(struct oracle *oracle);

/* The flow with a handle; NULL: there is none. */
struct flow *oracle_flow(struct oracle *oracle, int handle);

/* The handle was given back. */
void oracle_closed(struct flow *flow);

/* The far end, NULL where the module has never called it. */
struct fake_peer *oracle_peer(const struct oracle *oracle, const struct flow *flow);

/* A receiving call of a stream gave that; of datagrams. */
void oracle_received(struct oracle *oracle, struct flow *flow, const void *bytes, int result);
void oracle_datagram(struct oracle *oracle, struct flow *flow, const void *bytes, int result,
                     const struct wm_datagram *from);

/* A sending call of a stream ended so; of a datagram. */
void oracle_sent(struct oracle *oracle, struct flow *flow, const void *bytes, size_t len,
                 int result);
void oracle_sent_datagram(struct oracle *oracle, struct flow *flow, const void *bytes, size_t len,
                          int result);

/* All calls have ended, every client has said its name, those that waited were accepted, and every
 * open link was read dry. */
void oracle_judge(struct oracle *oracle);

/* oracle_stream.c. A stream is opened; how that ended; how its calls did; it is to be closed. */
struct flow *oracle_stream_open(struct oracle *oracle, uint16_t port, const struct wm_op *op);
void oracle_stream_opened(struct oracle *oracle, struct flow *flow, int result);
void oracle_stream_wrote(struct oracle *oracle, struct flow *flow, const struct wm_op *op,
                         int result);
void oracle_stream_read(struct oracle *oracle, struct flow *flow, const void *bytes, int result);
void oracle_stream_closing(struct oracle *oracle, struct flow *flow);
void oracle_stream_closed(struct oracle *oracle, struct flow *flow, int result);

/* How often the module has called its peer: again, when a connection ends. */
unsigned oracle_calls(const struct oracle *oracle, const struct flow *flow);

/* An open one was read dry, and no call is under way. One that has been closed is judged. */
void oracle_judge_stream(struct oracle *oracle);

/* Between the files of the oracle: bytes are added; what an accident at something of a link
 * concerns. */
void oracle_append(struct fake_bytes *to, const void *bytes, size_t len);
struct flow *oracle_at(struct oracle *oracle, int id);

/* Nothing of what has that link id is sure from now on. */
void oracle_free_all(struct oracle *oracle, int id);

/* Clients that the driver has come to know of. */
void oracle_look_clients(struct oracle *oracle);

/* May that link end with this, on a module that swallows zero bytes and throws away what its buffer
 * has no room for? */
bool oracle_allows(const struct oracle *oracle, const struct flow *flow, int error);

/* The first bytes of a client are its name. Returns how many of them are. */
size_t oracle_name(struct oracle *oracle, struct flow *flow, const unsigned char *bytes,
                   size_t len);

/* No client that is there was forgotten. */
void oracle_judge_clients(struct oracle *oracle);

/* A stream's bytes, or its end, against what its peer has sent. */
void oracle_check_bytes(struct oracle *oracle, struct flow *flow, const unsigned char *bytes,
                        size_t len);

#endif
