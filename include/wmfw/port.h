/* What the firmware asks of a platform.
 *
 * Every operation returns at once: what can't be done now is FW_IO_AGAIN, and the platform calls
 * fw_tick when it may have changed. No operation may call back into the firmware. Each group has
 * its own context pointer, handed back unchanged. Times are the monotonic milliseconds that the
 * caller of the firmware passes in; a platform part that needs delays (the radio) takes them from
 * there and reports its next deadline, so that a whole module can run on virtual time. */
#ifndef WMFW_PORT_H
#define WMFW_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Results below zero. */
enum fw_io {
    FW_IO_AGAIN = -1, /* not now: try again at the next fw_tick */
    FW_IO_FAIL = -2,  /* never: the operation, or the socket, has failed */
};

/* No deadline. */
#define FW_NEVER UINT64_MAX

enum fw_family { FW_IPV4 = 4, FW_IPV6 = 6 };

/* An address in network order: bytes[0..3] for IPv4, all 16 for IPv6. family 0: no address. */
struct fw_addr {
    uint8_t family;
    uint8_t bytes[16];
};

struct fw_endpoint {
    struct fw_addr addr;
    uint16_t port; /* host order */
};

/* Readiness that the firmware waits for on a socket; see fw_net_ops.want. */
enum fw_want { FW_WANT_READ = 1, FW_WANT_WRITE = 2 };

/* How a stream socket ends: what was sent still goes out in the background, or the peer is told at
 * once that the connection is broken (RST) and what was not sent is forgotten. */
enum fw_close { FW_CLOSE_BACKGROUND, FW_CLOSE_RESET };

/* Non-blocking sockets in the BSD shape. A socket is a number >= 0 that the platform chooses. */
struct fw_net_ops {
    /* A new TCP socket of that family, or FW_IO_FAIL. */
    int (*open)(void *ctx, enum fw_family family);
    /* Binds to a local address with a port of the platform's choice: 0 or FW_IO_FAIL. */
    int (*bind)(void *ctx, int sock, const struct fw_addr *local);
    /* Keep-alive probes after idle_s seconds of silence, 1 s apart, 3 of them; 0 switches them off.
     */
    void (*keep_alive)(void *ctx, int sock, unsigned idle_s);
    /* TCP_NODELAY: small pieces go out at once. */
    void (*no_delay)(void *ctx, int sock, bool on);
    /* Starts to connect on the first call, asks for the outcome on the next ones:
     * 0 connected, FW_IO_AGAIN under way, FW_IO_FAIL refused, unreachable or timed out. */
    int (*connect)(void *ctx, int sock, const struct fw_endpoint *remote);
    /* The port that the socket is bound to, 0 when it has none. */
    uint16_t (*local_port)(void *ctx, int sock);
    /* Takes 1..len bytes and returns how many; FW_IO_AGAIN: the stack is full; FW_IO_FAIL: the link
     * died. */
    int (*send)(void *ctx, int sock, const void *data, size_t len);
    /* Gives 1..cap bytes and returns how many; 0: the peer has ended its side and everything was
     * read. */
    int (*recv)(void *ctx, int sock, void *data, size_t cap);
    /* Ends the sending direction: what was sent goes out, then the peer sees the end. */
    void (*shutdown)(void *ctx, int sock);

    /* A server on a port of the module's own address of that family: the listening socket, or
     * FW_IO_FAIL when the port is taken or not allowed. */
    int (*listen)(void *ctx, enum fw_family family, uint16_t port);
    /* The next connection of a server: its socket and *peer; FW_IO_AGAIN: none waits. */
    int (*accept)(void *ctx, int sock, struct fw_endpoint *peer);

    /* A UDP socket, or FW_IO_FAIL. local->port 0: of the platform's choice; local->addr.family 0:
     * not bound to one address. remote is whom the link talks to: where it is a multicast group the
     * socket joins it, where it is the broadcast address the socket may send there. */
    int (*open_datagram)(void *ctx, const struct fw_endpoint *local,
                         const struct fw_endpoint *remote);
    /* One datagram, whole or not at all: len, FW_IO_AGAIN, or FW_IO_FAIL. */
    int (*send_to)(void *ctx, int sock, const struct fw_endpoint *remote, const void *data,
                   size_t len);
    /* The next datagram: its length, which may be 0 and may be more than cap (the rest is lost),
     * and *remote; FW_IO_AGAIN: none waits. A socket error that an earlier datagram caused (port
     * unreachable) is no failure. */
    int (*recv_from)(void *ctx, int sock, struct fw_endpoint *remote, void *data, size_t cap);

    /* What to wait for from now on: a set of enum fw_want. fw_tick is called again for as long as
     * the socket is ready, not only once: the firmware takes some at a time. With 0 the socket may
     * stay silent however much it holds; that is what lets TCP push back. */
    void (*want)(void *ctx, int sock, unsigned flags);
    /* Ends the connection without blocking and forgets the number. */
    void (*close)(void *ctx, int sock, enum fw_close how);
};

/* Name resolution. Literal addresses never come here. */
struct fw_dns_ops {
    /* Starts a query for A (FW_IPV4) or AAAA (FW_IPV6) records: a number >= 0 that stands for it,
     * or FW_IO_FAIL. host ends with a NUL and need not live on. The platform has room for at least
     * FW_DNS_QUERIES of them. */
    int (*start)(void *ctx, const char *host, enum fw_family family);
    /* 0 and the first address; FW_IO_AGAIN while under way; FW_IO_FAIL: no such name or no answer.
     * With anything but FW_IO_AGAIN the query is over and its number free. */
    int (*result)(void *ctx, int query, struct fw_addr *out);
    /* Forgets a query that is under way. */
    void (*cancel)(void *ctx, int query);
    /* The servers to ask from now on (AT+CIPDNS), count 0: those that the network has given. */
    void (*servers)(void *ctx, const struct fw_addr *servers, size_t count);
};

/* A and AAAA for the command that runs and for the SNTP client, and some that were just given up.
 */
#define FW_DNS_QUERIES 8

/* ICMP echo: one at a time a module. */
struct fw_ping_ops {
    /* Sends a request: 0, or FW_IO_FAIL and in *reason why it can't be done here (static text). */
    int (*start)(void *ctx, const struct fw_addr *host, uint64_t now_ms, const char **reason);
    /* The round trip in ms; FW_IO_AGAIN: no answer yet. */
    int (*result)(void *ctx, uint64_t now_ms);
    /* Forgets the request. Harmless without one. */
    void (*cancel)(void *ctx);
};

/* Certificates and keys (PEM or DER) that were put on the module. */
enum fw_cert {
    FW_CERT_CA,        /* index: AT+CIPSSLCCONF <ca_number> */
    FW_CERT_CHAIN,     /* index: <pki_number>, the certificate and those that lead to a root */
    FW_CERT_KEY,       /* index: <pki_number> */
    FW_CERT_SERVER_CA, /* the server's have no index: 0 */
    FW_CERT_SERVER_CHAIN,
    FW_CERT_SERVER_KEY,
};

struct fw_cert_ops {
    /* Lends one: its bytes and *len, a NUL behind the last byte that *len counts where it is PEM.
     * Valid until the next call. NULL: there is none. */
    const void *(*lend)(void *ctx, enum fw_cert what, unsigned index, size_t *len);
};

/* One access point. The numbers are those of AT+CWLAP (ecn 0 OPEN .. 8 WAPI). */
struct fw_ap {
    char ssid[33]; /* ends with a NUL */
    uint8_t bssid[6];
    uint8_t channel;
    int8_t rssi; /* dBm */
    uint8_t ecn;
    uint8_t pairwise_cipher;
    uint8_t group_cipher;
    uint8_t bgn;
    uint8_t wps;
};

/* An IPv4 address and what belongs to it; ip.family 0: none. */
struct fw_ipv4_config {
    struct fw_addr ip, gateway, netmask;
};

/* The channels that the country allows (AT+CWCOUNTRY): first, first + 1, ... */
struct fw_wifi_channels {
    uint8_t first, count;
};

struct fw_wifi_scan {
    struct fw_wifi_channels channels;
    uint8_t channel;                         /* 0: all of them */
    bool passive;                            /* listen instead of asking */
    uint16_t channel_min_ms, channel_max_ms; /* on each channel; max 0: the platform's choice */
};

/* Whom to join, and how; the numbers are those of AT+CWJAP. */
struct fw_wifi_join {
    char ssid[33];     /* ends with a NUL */
    char password[65]; /* ends with a NUL; "" for an open network */
    uint8_t bssid[6];  /* all zero: any */
    uint8_t mac[6];    /* the station's hardware address */
    struct fw_wifi_channels channels;
    bool secured;            /* pci_en: neither an open network nor WEP */
    bool strongest;          /* scan_mode: of several access points the strongest, not the first */
    uint8_t listen_interval; /* in beacons */
    uint8_t pmf;             /* bit 0: capable, bit 1: required */
    uint8_t protocols;       /* AT+CWSTAPROTO: bit 0 b, bit 1 b/g, bit 2 b/g/n */
};

/* How the station gets its addresses. */
struct fw_wifi_addressing {
    bool dhcp;
    struct fw_ipv4_config fixed; /* without DHCP; ip.family 0: no IPv4 address */
    bool ip6;
    char hostname[33]; /* that DHCP gives away; ends with a NUL */
};

/* The module's own access point; the numbers are those of AT+CWSAP. */
struct fw_wifi_softap {
    char ssid[33];     /* ends with a NUL */
    char password[65]; /* ends with a NUL; not used by an open network */
    uint8_t mac[6];
    uint8_t channel;
    uint8_t ecn;
    uint8_t max_stations;
    bool hidden;
    uint8_t protocols;             /* AT+CWAPPROTO */
    struct fw_ipv4_config address; /* of the module on this network */
};

enum fw_wifi_event_type {
    FW_WIFI_SCAN_AP,     /* ap: one access point of the scan under way */
    FW_WIFI_SCAN_DONE,   /* the last one has been given */
    FW_WIFI_JOINED,      /* ap: associated with it */
    FW_WIFI_JOIN_FAILED, /* no such network, wrong password, or the time is over */
    FW_WIFI_GOT_IP,      /* ipv4: by DHCP, or the fixed one is in use */
    FW_WIFI_GOT_IP6_LL,  /* ip6: link-local address */
    FW_WIFI_GOT_IP6_GL,  /* ip6: global address */
    FW_WIFI_LOST,        /* the association is gone, wanted (leave) or not */
    FW_WIFI_STA_JOINED,  /* mac: a station of our access point, which asks for an address */
    FW_WIFI_STA_LEFT,    /* mac: it is gone, wanted (ap_drop, ap_stop) or not */
};

struct fw_wifi_event {
    enum fw_wifi_event_type type;
    const char *reason; /* of JOIN_FAILED, for the trace: static; NULL: unknown */
    struct fw_ap ap;
    struct fw_ipv4_config ipv4;
    struct fw_addr ip6;
    uint8_t mac[6];
};

/* The radio: a station and an access point of our own, side by side. */
struct fw_wifi_ops {
    /* The station's factory hardware address. */
    void (*mac)(void *ctx, uint8_t mac[6]);
    /* Starts a scan: 0 or FW_IO_FAIL. */
    int (*scan)(void *ctx, const struct fw_wifi_scan *scan, uint64_t now_ms);
    /* Starts to join: 0 or FW_IO_FAIL. Ends in JOINED (addresses follow) or JOIN_FAILED; the
     * firmware calls leave when that takes too long. */
    int (*join)(void *ctx, const struct fw_wifi_join *join, uint64_t now_ms);
    /* Leaves, or gives up joining. LOST follows where the last event told of an
     * association. */
    void (*leave)(void *ctx, uint64_t now_ms);
    /* Which addresses the station is to have from now on, also before a join. Where it is
     * associated, GOT_IP follows when DHCP was switched on or fixed has changed, and GOT_IP6_*
     * when IPv6 was switched on. */
    void (*addressing)(void *ctx, const struct fw_wifi_addressing *addressing, uint64_t now_ms);
    /* Brings our access point up, or anew with another configuration, without its stations: 0 or
     * FW_IO_FAIL, and then it is as it was. It turns away whoever comes when max_stations are
     * there. */
    int (*ap_start)(void *ctx, const struct fw_wifi_softap *softap, uint64_t now_ms);
    /* Takes it down. STA_LEFT follows for each station. Harmless when it is down. */
    void (*ap_stop)(void *ctx, uint64_t now_ms);
    /* Drops a station: STA_LEFT follows. */
    void (*ap_drop)(void *ctx, const uint8_t mac[6], uint64_t now_ms);
    /* The oldest event that is due: true and *out, or false. */
    bool (*poll)(void *ctx, uint64_t now_ms, struct fw_wifi_event *out);
    /* When poll will have something, FW_NEVER when nothing is under way. */
    uint64_t (*deadline)(void *ctx);
};

/* Settings that survive a restart: texts by name. put and erase change a copy; commit makes all of
 * it permanent at once or not at all, so that a power cut leaves the old settings or the new ones.
 */
struct fw_nvs_ops {
    /* Copies the text and its NUL: its length, or FW_IO_FAIL when there is none or it needs more
     * than cap. */
    int (*get)(void *ctx, const char *key, char *text, size_t cap);
    int (*put)(void *ctx, const char *key, const char *text);
    void (*erase)(void *ctx);
    int (*commit)(void *ctx);
};

struct fw_port {
    const struct fw_net_ops *net;
    void *net_ctx;
    const struct fw_dns_ops *dns;
    void *dns_ctx;
    const struct fw_ping_ops *ping;
    void *ping_ctx;
    const struct fw_cert_ops *certs;
    void *certs_ctx;
    uint16_t ntp_port; /* where SNTP servers are asked; 0: 123 */
    bool extensions;   /* the commands that the specification describes and calls unsupported */
    const struct fw_wifi_ops *wifi;
    void *wifi_ctx;
    const struct fw_nvs_ops *nvs;
    void *nvs_ctx;
    /* Random bytes fit for keys: 0 or FW_IO_FAIL. */
    int (*entropy)(void *ctx, void *out, size_t len);
    void *entropy_ctx;
    /* Tells what happens inside (a state that changes, a reason that no reply carries). May be
     * NULL. subject and text are valid for the call. */
    void (*trace)(void *ctx, const char *subject, const char *text);
    void *trace_ctx;
};

#endif
