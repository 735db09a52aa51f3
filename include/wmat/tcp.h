/* TCP links (TCP/IP AT: CIPSTART). For threads, time and callbacks see wmat.h. */
#ifndef WMAT_TCP_H
#define WMAT_TCP_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

/* All zero but host and port is the default. */
struct wm_tcp_options {
    const char *host;     /* IPv4, IPv6 or name, 1..64 bytes */
    unsigned port;        /* 1..65535 */
    bool ipv6;            /* "TCPv6"; chosen by itself where host is an IPv6 literal */
    int keep_alive_s;     /* 0: what was configured last; 1..7200 seconds; -1: switched off */
    const char *local_ip; /* bound local address; NULL: none */
    bool own_id;          /* true: use link_id below; false: the driver chooses one */
    unsigned link_id;     /* 0..4 */
};

/* AT+CIPSTART=<link ID>,"TCP"|"TCPv6",...: opens a link. Returns its handle (see link.h), to be
 * given back by wm_link_close. Default deadline 15 s; a link that opens after the deadline is
 * closed again. WM_ERR_ARG: host, port or another option out of range. WM_ERR_STATE: all links
 * are in use, or link_id is. WM_ERR_DEVICE: not reachable, refused, no such name, or no Wi-Fi (a
 * shipping module says CMD PARSE ERR for a name that it can't resolve; that is WM_ERR_DEVICE here
 * too). */
int wm_tcp_connect(struct wm_device *dev, const struct wm_tcp_options *options,
                   uint32_t timeout_ms);
int wm_tcp_connect_prepare(struct wm_op *op, const struct wm_tcp_options *options);

#ifdef __cplusplus
}
#endif

#endif
