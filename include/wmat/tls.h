/* TLS client settings of the links (TCP/IP AT: CIPSSLCCONF, -CN, -SNI, -ALPN, -PSK). For threads,
 * time and callbacks see wmat.h.
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

#ifdef __cplusplus
}
#endif

#endif
