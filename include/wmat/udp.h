/* Datagrams (TCP/IP AT: CIPSTART, "Establish UDP Transmission"). For threads, time and callbacks
 * see wmat.h, for closing and information link.h. */
#ifndef WMAT_UDP_H
#define WMAT_UDP_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

/* Where wm_send's datagrams go when others than the remote end have sent some. */
enum wm_udp_peer {
    WM_UDP_PEER_FIXED, /* always to host and port */
    WM_UDP_PEER_FIRST, /* to whoever else was the first to send one */
    WM_UDP_PEER_LAST,  /* to whoever has sent the last one */
};

/* All zero but host and port is the default. */
struct wm_udp_options {
    const char *host;      /* the remote end: IPv4, IPv6 or name, 1..64 bytes; also 255.255.255.255
                              and multicast groups, which are joined */
    unsigned port;         /* 1..65535 */
    bool ipv6;             /* "UDPv6"; chosen by itself where host is an IPv6 literal */
    unsigned local_port;   /* 1..65535; 0: the module chooses */
    enum wm_udp_peer peer; /* other than WM_UDP_PEER_FIXED wants a local_port */
    const char *local_ip;  /* bound local address; NULL: none */
    bool own_id;           /* true: use link_id below; false: the driver chooses one */
    unsigned link_id;      /* 0..4 */
};

/* AT+CIPSTART=<link ID>,"UDP"|"UDPv6",...: opens a link of datagrams. Returns its handle (see
 * link.h), to be given back by wm_link_close. The first one of a device sets AT+CIPDINFO=1, which
 * makes the module say who sent what. Default deadline 15 s. WM_ERR_ARG, WM_ERR_STATE,
 * WM_ERR_DEVICE as wm_tcp_connect. */
int wm_udp_open(struct wm_device *dev, const struct wm_udp_options *options, uint32_t timeout_ms);
int wm_udp_open_prepare(struct wm_op *op, const struct wm_udp_options *options);

/* A datagram to send. */
struct wm_message {
    const void *data;
    size_t len;       /* 1..5760, and at most the profile's datagram_max: a shipping module makes
                         several of longer ones (device_dialect, section 4). More than 1472 bytes
                         travel in fragments */
    const char *host; /* where to, 1..64 bytes; NULL: the remote end of the link */
    unsigned port;    /* 1..65535, with a host */
};

/* AT+CIPSEND=<link ID>,<length>[,<"remote host">,<remote port>]: sends one datagram; wm_send does
 * the same to the remote end (but takes a length of 0, and sends nothing). Returns len. A datagram
 * of exactly "+++", which would end data mode, goes out by AT+CIPSENDEX; where the profile says
 * no_escapes, every one that ends in "+++". Default deadline 10 s. WM_ERR_ARG: a length or
 * destination out of range; or it ends in "+++", which the module may take for the end of data
 * mode, and can't go by AT+CIPSENDEX because it contains a zero byte or the two characters \0, or
 * is longer than 5758 bytes. WM_ERR_STATE: not a link of datagrams; or without a host, after one
 * was named to a module whose profile says sendto_redirects: it sends to that one from then on.
 * WM_ERR_DEVICE: no such name, or the network refuses it. WM_ERR_UNKNOWN_DELIVERY: no result; the
 * link is given up. */
int wm_sendto(struct wm_device *dev, int link, const void *data, size_t len, const char *host,
              unsigned port, uint32_t timeout_ms);
int wm_sendto_prepare(struct wm_op *op, int link, const struct wm_message *message);

/* What is known of a received datagram beside its payload. */
struct wm_datagram {
    char ip[WM_IP_SIZE]; /* who sent it; "" where the module did not say */
    unsigned port;
    size_t size;      /* of its payload, also where the buffer was too small for it */
    bool cut;         /* passive mode, a receive buffer too small: it may be a part of one, whose
                         rest follows as the next. Never with 3 KiB of free receive buffer. Where the
                         profile says datagrams_merged: or several that came close together */
    unsigned dropped; /* with WM_ERR_NOMEM: so many found no room in the receive buffer */
};

/* Takes one datagram, whole. Returns its size. The module drops those of more than 2920 bytes, and
 * empty ones, without a word to anybody. from may be NULL. Waits as wm_recv does.
 * WM_ERR_NOMEM: cap is smaller than from->size, and it stays where it is; or, with from->dropped
 * over 0, datagrams have been lost since the last call (told once; the next call goes on);
 * or it is cut and from is NULL. Others as wm_recv. wm_recv on a link of datagrams is this without
 * from. */
int wm_recvfrom(struct wm_device *dev, int link, void *buffer, size_t cap, struct wm_datagram *from,
                uint32_t timeout_ms);
int wm_recvfrom_prepare(struct wm_op *op, int link, void *buffer, size_t cap,
                        struct wm_datagram *from);

/* The same with timeout 0, on a core. */
int wm_core_read_from(struct wm_core *core, int link, void *buffer, size_t cap,
                      struct wm_datagram *from, uint64_t now_ms);

#ifdef __cplusplus
}
#endif

#endif
