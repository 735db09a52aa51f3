/* Calls of a session on a rig: as many in flight as several threads would have, of all kinds, each
 * checked when it ends: in time, with a result that its kind may have, and told to the oracle. */
#ifndef CALLS_H
#define CALLS_H

#include <wmat/address.h>
#include <wmat/link.h>
#include <wmat/server.h>
#include <wmat/stream.h>
#include <wmat/tcp.h>
#include <wmat/tls.h>
#include <wmat/udp.h>
#include <wmat/wifi.h>

#include "oracle.h"

#define CALLS            10
#define CALL_SERVER_PORT 80 /* of the module's own server */
#define CALL_SLACK_MS    2  /* by which a call may end behind its deadline: the steps of the rig */
#define CALL_BUFFER      6000
#define CALL_DATA        20480 /* the longest send */

enum call_kind {
    CALL_CONNECT,
    CALL_CONNECT_TLS,
    CALL_OPEN_UDP,
    CALL_SEND,
    CALL_RECV,
    CALL_SENDTO,
    CALL_RECVFROM,
    CALL_CLOSE,
    CALL_PROBE,
    CALL_LINKS,
    CALL_SCAN,
    CALL_STATUS,
    CALL_ADDRESSES,
    CALL_JOIN,
    CALL_SERVE,
    CALL_ACCEPT,
    CALL_STOP,
    CALL_STREAM_OPEN,
    CALL_STREAM_WRITE,
    CALL_STREAM_READ,
    CALL_STREAM_CLOSE,
    CALL_KINDS
};

struct calls;

struct call {
    struct wm_op op;
    struct calls *calls;
    enum call_kind kind;
    bool busy;
    struct flow *flow;
    const unsigned char *data;
    size_t len;
    int result;
    struct wm_message message;
    struct wm_datagram from;
    unsigned char buffer[CALL_BUFFER];
    union {
        struct wm_tcp_options tcp;
        struct wm_tls_options tls;
        struct wm_server_options server;
        struct wm_udp_options udp;
        struct wm_stream_options stream;
        struct wm_link_list links;
        struct wm_wifi_status status;
        struct wm_addresses addresses;
        struct wm_wifi_ap aps[4];
    } about;
};

struct calls {
    struct rig *rig;
    struct oracle *oracle;
    struct dice *dice;
    struct call call[CALLS];
    unsigned ended, failed; /* so far */
    bool told;              /* each call is printed */
};

void calls_init(struct calls *calls, struct rig *rig, struct oracle *oracle, struct dice *dice);

/* A call that is not in use; NULL: all are. */
struct call *calls_free(struct calls *calls);

/* Is a call of that kind under way on that flow? */
bool calls_busy(const struct calls *calls, const struct flow *flow, enum call_kind kind);
bool calls_any(const struct calls *calls);

/* Starts a call. flow and size where the kind has use of them: the flow that is opened, how much
 * to send, the size of the buffer; a number that a server, or its end, follows from. */
void calls_start(struct call *call, enum call_kind kind, struct flow *flow, size_t size,
                 uint32_t timeout_ms);

/* Runs callbacks, and looks for calls that go on behind their deadline: after every step. */
void calls_look(struct calls *calls);

/* Cancels one of those that are under way. */
void calls_cancel(struct calls *calls);

#endif
