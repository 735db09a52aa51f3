/* Options of links, of passthrough and of long sends (TCP/IP AT: CIPTCPOPT, CIPRECONNINTV,
 * CIPSENDLCFG). For threads, time and callbacks see wmat.h. Every call's default deadline is 5 s.
 * Errors of all: WM_ERR_ARG: a value out of its range, a NULL, no such link; nothing was sent.
 * WM_ERR_CLOSED: the link has closed. WM_ERR_PROTO: the answer could not be read; what a result was
 * to go into is all zero then. */
#ifndef WMAT_OPTIONS_H
#define WMAT_OPTIONS_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

/* Socket options of a link. All zero is the default of the module, and keep_alive_s as it is. */
struct wm_link_options {
    bool linger;              /* a close waits for what was sent to be acknowledged, */
    unsigned linger_s;        /* so many seconds: 0..65535; 0: the connection is reset. The module
                                 takes no other command meanwhile */
    bool no_delay;            /* small pieces go out at once (TCP_NODELAY) */
    unsigned send_timeout_ms; /* how long the network may keep a send waiting, 0..2147483647; 0:
                                 without end */
    int keep_alive_s;         /* seconds of silence before the peer is asked whether it is there:
                                 1..7200; -1: never; 0: as it is. Never 0 in an answer */
};

/* AT+CIPTCPOPT: sets all of them for a link (its handle), or for all link ids: WM_LINK_ALL. A
 * shipping module does not take WM_LINK_ALL (WM_ERR_REFUSED), and forgets the options when the link
 * closes. Returns 0. WM_ERR_ARG: a value out of its range, or no such link. */
int wm_link_options(struct wm_device *dev, int link, const struct wm_link_options *options,
                    uint32_t timeout_ms);
int wm_link_options_prepare(struct wm_op *op, int link, const struct wm_link_options *options);

/* AT+CIPTCPOPT?: those of a link. */
int wm_link_options_get(struct wm_device *dev, int link, struct wm_link_options *options,
                        uint32_t timeout_ms);
int wm_link_options_get_prepare(struct wm_op *op, int link, struct wm_link_options *options);

/* AT+CIPRECONNINTV: milliseconds until passthrough connects again after a loss: 100..3600000, a
 * multiple of 100. wm_reconnect_interval_get returns them. */
int wm_reconnect_interval_get(struct wm_device *dev, uint32_t timeout_ms);
int wm_reconnect_interval_get_prepare(struct wm_op *op);
int wm_reconnect_interval_set(struct wm_device *dev, unsigned interval_ms, uint32_t timeout_ms);
int wm_reconnect_interval_set_prepare(struct wm_op *op, unsigned interval_ms);

/* AT+CIPSENDLCFG, which the specification lists as not supported: how AT+CIPSENDL reports. */
struct wm_long_send {
    int report_bytes; /* a report each time that so many have come in, 100..1048576 */
    int piece_bytes;  /* handed to the network at once, 100..2920; 0 (for setting): as it is */
};

/* WM_ERR_DEVICE or WM_ERR_UNSUPPORTED: the module does not have it. */
int wm_long_send_get(struct wm_device *dev, struct wm_long_send *config, uint32_t timeout_ms);
int wm_long_send_get_prepare(struct wm_op *op, struct wm_long_send *config);
int wm_long_send_set(struct wm_device *dev, const struct wm_long_send *config, uint32_t timeout_ms);
int wm_long_send_set_prepare(struct wm_op *op, const struct wm_long_send *config);

#ifdef __cplusplus
}
#endif

#endif
