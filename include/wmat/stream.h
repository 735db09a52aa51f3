/* Passthrough as a stream (TCP/IP AT: CIPMODE, CIPSEND's execute form, "+++"): one link, no
 * commands, every byte is payload. For threads, time and callbacks see wmat.h.
 *
 * While a stream is open the module takes no commands: whatever else needs one is WM_ERR_STATE, and
 * reports are not told. A peer that closes, or a Wi-Fi that goes, can't be seen from here: the
 * module connects again in silence (every wm_reconnect_interval), and up to 5760 bytes that were
 * written meanwhile are kept for it. Nor can a restart of the module: where that matters, let the
 * peer answer.
 */
#ifndef WMAT_STREAM_H
#define WMAT_STREAM_H

#include <wmat/core.h>
#include <wmat/tls.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

enum wm_stream_kind { WM_STREAM_TCP, WM_STREAM_UDP, WM_STREAM_TLS };

/* All zero but host and port (and tls.auth with WM_STREAM_TLS) is the default. */
struct wm_stream_options {
    enum wm_stream_kind kind;
    const char *host;         /* IPv4, IPv6 or name, 1..64 bytes */
    unsigned port;            /* 1..65535 */
    bool ipv6;                /* as wm_tcp_options */
    int keep_alive_s;         /* as wm_tcp_options; not with WM_STREAM_UDP */
    unsigned local_port;      /* with WM_STREAM_UDP: 1..65535; 0: the module chooses */
    const char *local_ip;     /* bound local address; NULL: none */
    struct wm_tls_config tls; /* as wm_tls_options, with WM_STREAM_TLS */
};

/* AT+CIPRECVMODE=1 (0 where received data come in frames), AT+CIPMUX=0, AT+CIPSTART=...,
 * AT+CIPMODE=1, AT+CIPSEND: opens a stream. Returns its handle, to be given back by
 * wm_stream_close. Default deadline 20 s, 40 s with WM_STREAM_TLS. WM_ERR_ARG: an option out of
 * range. WM_ERR_STATE: a link is open (or its handle not given back) or a server runs: passthrough
 * needs the module for itself; or as wm_tls_connect. WM_ERR_DEVICE: as wm_tcp_connect.
 * WM_ERR_NOMEM: received data come in frames, and the peer has sent more than the receive buffer
 * holds before passthrough was on. After a failure the module is set up for links again. */
int wm_stream_open(struct wm_device *dev, const struct wm_stream_options *options,
                   uint32_t timeout_ms);
int wm_stream_open_prepare(struct wm_op *op, const struct wm_stream_options *options);

/* Writes len bytes. Returns len when the port has taken them: nobody says what the module or the
 * peer took. The module sends them on in blocks of 512 bytes, or after 30 ms of silence. Three '+'
 * where a silence may stand in front are written with a pause of 40 ms inside, because +++ alone
 * would end passthrough. data must stay until then. Default deadline 10 s and 1 s more for every
 * 512 bytes. 0 bytes: returns 0 at once. WM_ERR_TIMEOUT: the port did not take all of it;
 * wm_link_info's sent_bytes counts what it took. WM_ERR_ARG: no such stream. */
int wm_stream_write(struct wm_device *dev, int stream, const void *data, size_t len,
                    uint32_t timeout_ms);
int wm_stream_write_prepare(struct wm_op *op, int stream, const void *data, size_t len);

/* Takes up to cap bytes that have arrived, at least one. As wm_recv, but that there is no end of
 * file. WM_ERR_MANGLED: the module frames what it receives (profile.h), and a frame came up short,
 * long, or with something else beside it; zero bytes do that. */
int wm_stream_read(struct wm_device *dev, int stream, void *buffer, size_t cap,
                   uint32_t timeout_ms);
int wm_stream_read_prepare(struct wm_op *op, int stream, void *buffer, size_t cap);

/* "+++" with its silences, AT until it is answered, AT+CIPMODE=0, AT+CIPCLOSE, AT+CIPMUX=1: ends
 * the stream and gives its handle back; links can be opened again. Received bytes that were not
 * taken are discarded. Default deadline 10 s; where it passes, the handle is gone all the same and
 * the driver goes on behind the scenes. WM_ERR_ARG: no such stream. */
int wm_stream_close(struct wm_device *dev, int stream, uint32_t timeout_ms);
int wm_stream_close_prepare(struct wm_op *op, int stream);

#ifdef __cplusplus
}
#endif

#endif
