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

/* Non-blocking stream sockets in the BSD shape. A socket is a number >= 0 that the platform
 * chooses. */
struct fw_net_ops {
    /* A new TCP socket of that family, or FW_IO_FAIL. */
    int (*open)(void *ctx, enum fw_family family);
    /* Binds to a local address with a port of the platform's choice: 0 or FW_IO_FAIL. */
    int (*bind)(void *ctx, int sock, const struct fw_addr *local);
    /* Keep-alive probes after idle_s seconds of silence, 1 s apart, 3 of them; 0 switches them off.
     */
    void (*keep_alive)(void *ctx, int sock, unsigned idle_s);
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
    /* What to wait for from now on: a set of enum fw_want. With 0 the socket may stay silent
     * however much it holds; that is what lets TCP push back. */
    void (*want)(void *ctx, int sock, unsigned flags);
    /* Ends the connection in the background (no lingering, no blocking) and forgets the number. */
    void (*close)(void *ctx, int sock);
};

/* Name resolution: one query at a time a module. Literal addresses never come here. */
struct fw_dns_ops {
    /* Starts a query for A (FW_IPV4) or AAAA (FW_IPV6) records: 0 or FW_IO_FAIL. host ends with a
     * NUL and need not live on. */
    int (*start)(void *ctx, const char *host, enum fw_family family);
    /* 0 and the first address; FW_IO_AGAIN while under way; FW_IO_FAIL: no such name or no answer.
     */
    int (*result)(void *ctx, struct fw_addr *out);
    /* Forgets the query. Harmless without one. */
    void (*cancel)(void *ctx);
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

struct fw_wifi_join {
    char ssid[33];     /* ends with a NUL */
    char password[65]; /* ends with a NUL; "" for an open network */
    uint8_t bssid[6];  /* all zero: any */
};

enum fw_wifi_event_type {
    FW_WIFI_SCAN_AP,     /* ap: one access point of the scan under way */
    FW_WIFI_SCAN_DONE,   /* the last one has been given */
    FW_WIFI_JOINED,      /* ap: associated with it */
    FW_WIFI_JOIN_FAILED, /* no such network, wrong password, or the time is over */
    FW_WIFI_GOT_IP,      /* ip, gateway, netmask */
    FW_WIFI_GOT_IP6_LL,  /* ip: link-local address */
    FW_WIFI_GOT_IP6_GL,  /* ip: global address */
    FW_WIFI_LOST,        /* the association is gone, wanted (leave) or not */
};

struct fw_wifi_event {
    enum fw_wifi_event_type type;
    struct fw_ap ap;
    struct fw_addr ip, gateway, netmask;
};

/* The radio as a station. */
struct fw_wifi_ops {
    /* The station's hardware address. */
    void (*mac)(void *ctx, uint8_t mac[6]);
    /* Starts a scan: 0 or FW_IO_FAIL. */
    int (*scan)(void *ctx, uint64_t now_ms);
    /* Starts to join: 0 or FW_IO_FAIL. Ends in JOINED (addresses follow) or JOIN_FAILED; the
     * firmware calls leave when that takes too long. */
    int (*join)(void *ctx, const struct fw_wifi_join *join, uint64_t now_ms);
    /* Leaves, or gives up joining. LOST follows where the last event told of an
     * association. */
    void (*leave)(void *ctx, uint64_t now_ms);
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
