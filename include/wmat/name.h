/* Names and who answers for them (TCP/IP AT: CIPDOMAIN, PING, CIPDNS). For threads, time and
 * callbacks see wmat.h. WM_ERR_ARG: a value out of its range, a NULL, a control character; nothing
 * was sent. WM_ERR_PROTO: the answer could not be read. */
#ifndef WMAT_NAME_H
#define WMAT_NAME_H

#include <wmat/core.h>

#ifdef __cplusplus
extern "C" {
#endif

struct wm_device;

/* Which kind of address wm_resolve asks for. */
enum wm_prefer {
    WM_PREFER_DEFAULT, /* as WM_PREFER_IPV4 */
    WM_PREFER_IPV4,    /* IPv4 where there is one, else IPv6 */
    WM_ONLY_IPV4,
    WM_ONLY_IPV6,
};

/* AT+CIPDOMAIN: looks a name up. ip gets its address, the first one where the module prints
 * several. name: at least 1 byte, as many as a line of 256 has room for. Default deadline 15 s.
 * WM_ERR_DEVICE: no such name, no network, or no answer. */
int wm_resolve(struct wm_device *dev, const char *name, enum wm_prefer prefer, char ip[WM_IP_SIZE],
               uint32_t timeout_ms);
int wm_resolve_prepare(struct wm_op *op, const char *name, enum wm_prefer prefer,
                       char ip[WM_IP_SIZE]);

/* AT+PING: asks host for an echo. Returns the milliseconds that it took. host: an address or a
 * name, as in wm_resolve. Default deadline 20 s. WM_ERR_TIMEOUT: no answer, or no such name
 * (+PING:TIMEOUT). WM_ERR_DEVICE: the module can't ping (no network). */
int wm_ping(struct wm_device *dev, const char *host, uint32_t timeout_ms);
int wm_ping_prepare(struct wm_op *op, const char *host);

/* AT+CIPDNS: the name servers. */
struct wm_dns {
    bool manual; /* false: those that DHCP names; for setting, servers is not looked at then */
    char servers[2][WM_IP_SIZE]; /* IPv4 or IPv6; "": none, or (setting) the module's default. A
                                    second one needs a first, and must be another */
};

/* Default deadline 5 s. */
int wm_dns_get(struct wm_device *dev, struct wm_dns *dns, uint32_t timeout_ms);
int wm_dns_get_prepare(struct wm_op *op, struct wm_dns *dns);
int wm_dns_set(struct wm_device *dev, const struct wm_dns *dns, uint32_t timeout_ms);
int wm_dns_set_prepare(struct wm_op *op, const struct wm_dns *dns);

#ifdef __cplusplus
}
#endif

#endif
