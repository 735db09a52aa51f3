/* TLS links and their settings (TCP/IP AT: CIPSTART "SSL"; CIPSSLCCONF, -CN, -SNI, -ALPN, -PSK).
 * For threads, time and callbacks see wmat.h.
 *
 * A setting belongs to a link id (0..4), whatever link has it, and counts from the next connection
 * on. Certificates and keys are in the module; here they have numbers. */
#ifndef WMAT_TLS_H
#define WMAT_TLS_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

#define WM_TLS_NAME_SIZE 65 /* a common name or SNI, terminated */
#define WM_TLS_ALPN_MAX  5
#define WM_TLS_ALPN_SIZE 240
#define WM_PSK_MAX       32 /* bytes of a key, and of an identity */

/* Who proves who they are. Where the server does, the module's clock has to be right (see
 * wm_sntp_set and wm_time): it is what certificates are dated by. */
enum wm_tls_auth {
    WM_TLS_KEEP,   /* as it is configured */
    WM_TLS_NONE,   /* nobody: anybody may pretend to be the server */
    WM_TLS_CLIENT, /* the module, by the certificate pki */
    WM_TLS_SERVER, /* the server, by the authority ca */
    WM_TLS_BOTH,
};

/* All zero sets nothing; what is NULL stays as it is. */
struct wm_tls_config {
    enum wm_tls_auth auth;
    unsigned pki;            /* number of the certificate and its key, 0..255; 0 if there is one */
    unsigned ca;             /* number of the authority, 0..255; 0 if there is one */
    const char *common_name; /* that the server's certificate must have, 1..64 bytes; "": not looked
                                at */
    const char *sni;         /* server name indication, 1..64 bytes; "": none is sent */
    const char *const *alpn; /* protocols, most wanted first, each at least 1 byte; the line of the
                                command has room for some 230 bytes of them all */
    size_t alpn_count;       /* 0..5; 0 with alpn not NULL: none */
    const void *psk;         /* pre-shared key, as bytes */
    size_t psk_len;          /* 1..32; 0 with psk not NULL: no key and no identity */
    const char *psk_identity; /* 1..32 bytes; needed with a key */
};

/* Sets what config names, a command each, for one link id or WM_LINK_ALL. What config points at
 * must stay until the operation has ended. Default deadline 5 s. WM_ERR_ARG: a value out of its
 * range, a control character, ALPN names that are too long together; nothing was sent.
 * WM_ERR_DEVICE, WM_ERR_REFUSED: the module did not take one of them; those before it (in the order
 * of the structure) are set. */
int wm_tls_config(struct wm_device *dev, unsigned link_id, const struct wm_tls_config *config,
                  uint32_t timeout_ms);
int wm_tls_config_prepare(struct wm_op *op, unsigned link_id, const struct wm_tls_config *config);

/* What is configured for a link id. */
struct wm_tls_settings {
    enum wm_tls_auth auth;
    unsigned pki, ca;
    char common_name[WM_TLS_NAME_SIZE]; /* "" where there is none */
    char sni[WM_TLS_NAME_SIZE];
    char alpn[WM_TLS_ALPN_SIZE]; /* the names with commas between them */
    unsigned alpn_count;
    unsigned char psk[WM_PSK_MAX];
    size_t psk_len; /* 0 where there is none */
    char psk_identity[WM_PSK_MAX + 1];
};

/* Asks for all of it, a query each. link_id: 0..4. Default deadline 5 s. WM_ERR_PROTO: an answer
 * could not be read; settings is all zero then. */
int wm_tls_config_get(struct wm_device *dev, unsigned link_id, struct wm_tls_settings *settings,
                      uint32_t timeout_ms);
int wm_tls_config_get_prepare(struct wm_op *op, unsigned link_id, struct wm_tls_settings *settings);

/* All zero but host, port and tls.auth is the default. */
struct wm_tls_options {
    const char *host;         /* IPv4, IPv6 or name, 1..64 bytes */
    unsigned port;            /* 1..65535 */
    bool ipv6;                /* "SSLv6"; chosen by itself where host is an IPv6 literal */
    int keep_alive_s;         /* as wm_tcp_options */
    const char *local_ip;     /* bound local address; NULL: none */
    bool own_id;              /* true: use link_id below; false: the driver chooses one */
    unsigned link_id;         /* 0..4 */
    struct wm_tls_config tls; /* what is set for this link's id first. auth has to be said: a
                                 connection should know whom it trusts. common_name and sni NULL:
                                 host, where that is a name. Where it is an address, or they are "",
                                 no name is looked at: any certificate that the CA has signed, for
                                 whomever, is good enough. alpn and psk NULL: none */
};

/* wm_tls_config for the id of the link, then AT+CIPSTART=<link ID>,"SSL"|"SSLv6",...: opens a link.
 * Returns its handle (see link.h), to be given back by wm_link_close. Default deadline 30 s; a link
 * that opens after the deadline is closed again. WM_ERR_ARG: as wm_tcp_connect and wm_tls_config,
 * or WM_TLS_KEEP. WM_ERR_STATE: no link is free, or as many are TLS as may be
 * (wm_config.tls_links, and 1 where the profile says so); or the server is to be verified and the
 * module's clock was never set (wm_last_detail says so then). WM_ERR_DEVICE: not reachable, no such
 * name, or the handshake failed: the module does not say why.
 */
int wm_tls_connect(struct wm_device *dev, const struct wm_tls_options *options,
                   uint32_t timeout_ms);
int wm_tls_connect_prepare(struct wm_op *op, const struct wm_tls_options *options);

#ifdef __cplusplus
}
#endif

#endif
