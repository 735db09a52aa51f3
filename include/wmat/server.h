/* The TCP or TLS server of the module (TCP/IP AT: CIPSERVER, CIPSERVERMAXCONN, CIPSTO). For
 * threads, time and callbacks see wmat.h, for what to do with a client link.h. */
#ifndef WMAT_SERVER_H
#define WMAT_SERVER_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

/* All zero but port is the default. */
struct wm_server_options {
    unsigned port;        /* 1..65535 */
    bool ipv6;            /* "TCPv6", "SSLv6": listens on IPv6 instead of IPv4 */
    bool tls;             /* "SSL", "SSLv6" */
    bool verify_clients;  /* with tls: clients need a certificate of the module's CA */
    unsigned max_clients; /* AT+CIPSERVERMAXCONN, 1..5: so many link ids are kept for them; 0: up to
                             5, whichever are free */
    unsigned idle_timeout_s; /* AT+CIPSTO, 0..7200: a client that neither sends nor gets anything
                                for so long is disconnected; 0: never */
};

/* AT+CIPSERVERMAXCONN=..., AT+CIPSTO=..., AT+CIPSERVER=1,...: starts the server; there is one at
 * most. Its clients are told by WM_EVENT_CLIENT and taken by wm_accept. It is started again after a
 * restart of the module (see wm_core_config.settings). Default deadline 5 s. WM_ERR_ARG: an option
 * out of range, or verify_clients without tls. WM_ERR_STATE: there is one already. WM_ERR_DEVICE:
 * no Wi-Fi, the port is taken, or the module has no certificate or time for what was asked. */
int wm_server_start(struct wm_device *dev, const struct wm_server_options *options,
                    uint32_t timeout_ms);
int wm_server_start_prepare(struct wm_op *op, const struct wm_server_options *options);

/* Takes the client that has waited longest. Returns its handle (see link.h), to be given back by
 * wm_link_close; what it has sent before can be read. timeout_ms is how long to wait for one; 0
 * only looks. wm_links says where it comes from. WM_ERR_TIMEOUT: none came. WM_ERR_STATE: there is
 * no server, or it was stopped meanwhile. */
int wm_accept(struct wm_device *dev, uint32_t timeout_ms);
int wm_accept_prepare(struct wm_op *op);

/* AT+CIPSERVER=0,0|1: stops the server. Clients that were accepted stay, or with close_clients end
 * (WM_EVENT_ENDED); those that were not are disconnected. Default deadline 5 s. WM_ERR_STATE: there
 * is no server. */
int wm_server_stop(struct wm_device *dev, bool close_clients, uint32_t timeout_ms);
int wm_server_stop_prepare(struct wm_op *op, bool close_clients);

#ifdef __cplusplus
}
#endif

#endif
