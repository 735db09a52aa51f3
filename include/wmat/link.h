/* Links: sending, receiving, closing. For threads, time and callbacks see wmat.h.
 *
 * A link handle is a positive int that wm_tcp_connect, wm_tls_connect, wm_udp_open and wm_accept
 * return (those of wm_stream_open: stream.h). It carries the link id of the module
 * and the driver's count of links, so that a handle of a link that is gone is recognised
 * (WM_ERR_ARG), never mistaken for a newer one. It stays valid, whatever happens to the link, until
 * wm_link_close. */
#ifndef WMAT_LINK_H
#define WMAT_LINK_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

/* How wm_send uses AT+CIPSENDL, for wm_core_config.long_send. */
extern const struct wm_long_send_ops wm_long_send;

/* AT+CIPSEND: sends len bytes of a stream, in chunks of up to 5760; with flow control (RTS/CTS) and
 * a module that has it, more than that by AT+CIPSENDL, whose chunks have 16384. Returns len when
 * the module has answered SEND OK for all of them. data must stay until then. Default deadline 10 s
 * and 1 s more for every 512 bytes, half of what 9600 baud carry. 0 bytes: returns 0, in their
 * turn. A failure says nothing about how much the peer got; wm_link_info's sent_bytes counts what
 * SEND OK confirmed. The driver never sends a byte twice. Two sends on one link at once take turns
 * by the chunk. In active mode what nobody reads, on any link, also holds up SEND OK.
 * WM_ERR_CLOSED: the peer closed the link, or another call gave it back. WM_ERR_UNKNOWN_DELIVERY:
 * no result within the deadline, or a failure behind payload; the link is given up, since what
 * follows could be out of order (so it is when a send is cancelled that the module has begun to
 * work on). WM_ERR_DEVICE: the module took no data (ERROR). */
int wm_send(struct wm_device *dev, int link, const void *data, size_t len, uint32_t timeout_ms);
int wm_send_prepare(struct wm_op *op, int link, const void *data, size_t len);

/* Takes up to cap bytes that have arrived, at least one. Returns their number, or 0 at the end of
 * file: the peer has closed and every byte before that was delivered.
 * timeout_ms is how long to wait for a first byte; 0 only looks. WM_ERR_TIMEOUT: none came.
 * WM_ERR_RESET (the module restarted, or its port was unplugged), WM_ERR_IO, WM_ERR_PROTO,
 * WM_ERR_MANGLED, WM_ERR_OVERFLOW: the link failed; bytes that arrived before are delivered first.
 * WM_ERR_CLOSED: another call gave it back meanwhile. WM_ERR_ARG: no such link, or cap is 0. */
int wm_recv(struct wm_device *dev, int link, void *buffer, size_t cap, uint32_t timeout_ms);
int wm_recv_prepare(struct wm_op *op, int link, void *buffer, size_t cap);

/* Receiving without a copy: lends the bytes that have arrived where they are, as many as stand
 * together, at least one. Returns their number and sets *bytes, or 0 at the end of file; waits and
 * fails as wm_recv. They stay there until wm_consume takes them out of the way, or wm_link_close;
 * one reader at a time. Submitted, its completion is called with the number. WM_ERR_STATE: a link
 * of datagrams. */
int wm_peek(struct wm_device *dev, int link, const void **bytes, uint32_t timeout_ms);
int wm_peek_prepare(struct wm_op *op, int link, const void **bytes);

/* Takes the first n of the bytes lent out of the way. Does not block; may be called in callbacks.
 * WM_ERR_ARG: there are fewer, or no such link. */
int wm_consume(struct wm_device *dev, int link, size_t n);

/* AT+CIPCLOSE: closes a link and gives its handle back. Received bytes that were not taken are
 * discarded. Returns 0 also where the link was closed already. WM_ERR_ARG: no such link.
 * WM_ERR_STATE: a stream, which wm_stream_close ends; it stays open. Default
 * deadline 5 s; where it passes, the handle is gone all the same and the driver goes on closing the
 * link behind the scenes. */
int wm_link_close(struct wm_device *dev, int link, uint32_t timeout_ms);
int wm_link_close_prepare(struct wm_op *op, int link);

enum wm_link_state {
    WM_LINK_FREE,    /* no link */
    WM_LINK_OPENING, /* AT+CIPSTART is running */
    WM_LINK_OPEN,
    WM_LINK_ENDED,   /* closed by the peer; what arrived before can be read */
    WM_LINK_FAILED,  /* see error; what arrived before can be read */
    WM_LINK_CLOSING, /* AT+CIPCLOSE is due or running */
};

struct wm_link_info {
    enum wm_link_state state;
    unsigned id;             /* 0..4, the module's number of this link */
    int error;               /* why it failed, a negative enum wm_err; 0 otherwise */
    size_t buffered_bytes;   /* received and not yet taken */
    uint64_t sent_bytes;     /* confirmed by SEND OK */
    uint64_t received_bytes; /* arrived at the driver */
};

/* What the driver knows of a link; asks the module nothing. WM_ERR_ARG: no such link, or info is
 * NULL. */
int wm_link_info(struct wm_device *dev, int link, struct wm_link_info *info);

/* The same, and wm_recv with timeout 0, on a core. */
int wm_core_link_info(const struct wm_core *core, int link, struct wm_link_info *info);
int wm_core_read(struct wm_core *core, int link, void *buffer, size_t cap, uint64_t now_ms);

/* wm_peek with timeout 0, and wm_consume, on a core. */
int wm_core_peek(struct wm_core *core, int link, const void **bytes);
int wm_core_consume(struct wm_core *core, int link, size_t n, uint64_t now_ms);

/* One line of AT+CIPSTATE?: a link as the module sees it. */
struct wm_link_status {
    unsigned id;
    char type[8]; /* "TCP", "UDP", "SSL", "TCPv6", "UDPv6", "SSLv6" */
    char remote_ip[WM_IP_SIZE];
    unsigned remote_port, local_port;
    bool server; /* the module is the server of this link */
};

struct wm_link_list {
    struct wm_link_status links[WM_LINKS];
    size_t count;
};

/* AT+CIPSTATE?: the links that the module has. Returns their number. Default deadline 5 s.
 * WM_ERR_ARG: list is NULL. WM_ERR_PROTO: a line could not be read; count is 0 then. */
int wm_links(struct wm_device *dev, struct wm_link_list *list, uint32_t timeout_ms);
int wm_links_prepare(struct wm_op *op, struct wm_link_list *list);

#ifdef __cplusplus
}
#endif

#endif
