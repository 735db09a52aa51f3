/* What the module says of its modes, its server and the data that waits in it (TCP/IP AT: CIPMUX,
 * CIPMODE, CIPRECVMODE, CIPDINFO, CIPSERVER, CIPSERVERMAXCONN, CIPSTO, CIPRECVLEN). The driver sets
 * these by itself; asking is for those who want to know, such as a program that only attached. For
 * threads, time and callbacks see wmat.h. Every call's default deadline is 5 s. WM_ERR_ARG: a NULL;
 * nothing was sent. WM_ERR_PROTO: the answer could not be read; what a result was to go into is all
 * zero then. */
#ifndef WMAT_STATE_H
#define WMAT_STATE_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

struct wm_modes {
    bool multiple;    /* AT+CIPMUX: several links */
    bool passthrough; /* AT+CIPMODE */
    bool passive;     /* AT+CIPRECVMODE: data waits until it is asked for */
    bool peers_shown; /* AT+CIPDINFO: received data comes with address and port of its sender */
};

/* Asks for all four, a query each. */
int wm_modes(struct wm_device *dev, struct wm_modes *modes, uint32_t timeout_ms);
int wm_modes_prepare(struct wm_op *op, struct wm_modes *modes);

struct wm_server_status {
    bool on;
    int port;     /* of a server that is off: 0, or that of the last one */
    char type[8]; /* "TCP", "TCPv6", "SSL" or "SSLv6"; of one that is off: "", or the last one's */
    bool verifies_clients;
    int max_clients;    /* 1..5 */
    int idle_timeout_s; /* 0: none */
};

/* AT+CIPSERVER?, AT+CIPSERVERMAXCONN?, AT+CIPSTO?. */
int wm_server_status(struct wm_device *dev, struct wm_server_status *status, uint32_t timeout_ms);
int wm_server_status_prepare(struct wm_op *op, struct wm_server_status *status);

struct wm_waiting {
    int bytes[WM_LINKS]; /* by link id; -1: there is no such link */
};

/* AT+CIPRECVLEN?: what has been received and not yet been read, in passive mode. Of a TLS link the
 * undeciphered bytes. The driver reads them by itself, so this is what it has no room for. */
int wm_waiting(struct wm_device *dev, struct wm_waiting *waiting, uint32_t timeout_ms);
int wm_waiting_prepare(struct wm_op *op, struct wm_waiting *waiting);

#ifdef __cplusplus
}
#endif

#endif
