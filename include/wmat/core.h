/* The driver without I/O: it takes received bytes and the time, and gives bytes to send, deadlines
 * and events. It never allocates, blocks or reads a clock, so it runs in a super-loop, in a fuzzer,
 * on virtual time and under an event loop alike. wmat.h puts a thread and a port around it.
 *
 * A super-loop:
 *     for (;;) {
 *         have += uart_read(buf + have, sizeof buf - have); // whatever there is
 *         used = wm_core_feed(&core, buf, have, now());
 *         memmove(buf, buf + used, have -= used);           // what it did not take
 *         wm_core_tick(&core, now());
 *         n = wm_core_output(&core, &out, now());
 *         wm_core_sent(&core, uart_write(out, n), now());   // what there is room for: 0..n
 *         wm_core_dispatch(&core, NULL, NULL);              // runs the callbacks
 *     }
 * Nothing in it waits: a loop that waited for room to write would miss what comes in meanwhile.
 *
 * To build it: the sources of lib/proto, lib/core and lib/api, with include, lib/proto, lib/core
 * and lib/api as include folders, -Os -ffunction-sections -DNDEBUG and the linker's --gc-sections;
 * of the C library it needs memory and string functions only. tools/driver-size.sh does just that.
 *
 * Threads: one at a time per core. Callbacks run inside wm_core_dispatch only; any function of the
 * core may be called in them. Times are milliseconds of one monotonic clock; now_ms never goes
 * back. */
#ifndef WMAT_CORE_H
#define WMAT_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wmat/err.h>
#include <wmat/profile.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WM_LINKS       5  /* links of a module, ids 0..4 */
#define WM_LINK_SLOTS  8  /* of a driver: handles of links that have closed take some, too */
#define WM_LINK_ALL    5  /* instead of a link, where a call says so: all of them */
#define WM_IP_SIZE     46 /* an IP address as text, terminated */
#define WM_MAC_SIZE    18 /* "xx:xx:xx:xx:xx:xx", terminated */
#define WM_SSID_SIZE   33 /* an SSID, terminated */
#define WM_RING_MIN    256
#define WM_FOREVER     UINT32_MAX
#define WM_NO_DEADLINE UINT64_MAX

struct wm_core;
struct wm_long_send_ops;
struct wm_datagram;
struct wm_link;
struct wm_op;

/* How data is received (AT+CIPRECVMODE). Passive: the driver asks for what it has room for, so
 * nothing is lost without flow control. Active: the module sends at once, lowest latency; while a
 * link's ring is full the driver stops reading the port, which loses nothing only with RTS/CTS (or
 * where the port is no wire at all), and holds up every other link and command until the
 * application has read. Zero-safe: passive, and where the module loses zero bytes (profile.h) it is
 * asked for one byte at a time, which is right for all data and slow: a command and its answer for
 * each byte. README has a table of what each is good for. */
enum wm_receive {
    WM_RECEIVE_PASSIVE,
    WM_RECEIVE_ACTIVE,
    WM_RECEIVE_ZERO_SAFE,
};

/* What happened. READABLE, ENDED and FAILED may come more than once; each is a hint to look. What
 * comes again before it was told is told once; of WIFI_UP and WIFI_DOWN the one told last holds. */
enum wm_event_kind {
    WM_EVENT_READABLE, /* link: bytes arrived */
    WM_EVENT_ENDED,    /* link: the peer closed it */
    WM_EVENT_FAILED,   /* link: it failed, see wm_link_info */
    WM_EVENT_LOST,     /* the port is gone; READY follows if it comes back */
    WM_EVENT_RESET,    /* the module restarted; links failed, the set-up is being replayed */
    WM_EVENT_WIFI_UP,  /* the station has an address; also told when the module is found with one */
    WM_EVENT_WIFI_DOWN, /* the station lost its access point */
    WM_EVENT_READY,     /* the module is in its known state (again) */
    WM_EVENT_SILENT,    /* the module does not answer; the driver keeps trying */
    WM_EVENT_CLIENT,    /* a client of the server has connected, see wm_accept */
    WM_EVENT_KINDS
};

struct wm_event {
    enum wm_event_kind kind;
    int link; /* handle, for READABLE, ENDED and FAILED; else -1 */
};

/* Completion of an operation. result: what its blocking form returns. */
typedef void (*wm_done_fn)(struct wm_op *op, int result, void *user);

enum wm_trace_kind { WM_TRACE_RX, WM_TRACE_TX };

/* A piece of the wire, valid during the call. */
typedef void (*wm_trace_fn)(void *user, enum wm_trace_kind kind, const void *bytes, size_t len,
                            uint64_t now_ms);

/* Counters; those of 32 and 16 bits start over from 0. A loss is an error of its link as well, or
 * stands in the dropped and cut of the next datagram; but for bytes that named no link that is open
 * here.
 */
struct wm_stats {
    uint64_t rx_bytes, tx_bytes; /* on the wire */
    uint64_t frame_bytes;        /* payload of frames */
    uint32_t frames;             /* +IPD and +CIPRECVDATA with payload */
    uint32_t commands;           /* commands sent, the driver's own included */
    uint32_t reports;
    uint32_t noise;     /* lines that nobody awaited */
    uint32_t losses;    /* frames that came up short, long or for no link */
    uint32_t mangled;   /* of these, failures with WM_ERR_MANGLED */
    uint32_t overflows; /* times that the module's buffer of a link was found full, where it throws
                           away what comes then */
    uint32_t resyncs;   /* times that the driver had to find the module again */
    uint32_t resets;    /* times that the module restarted */
    uint16_t unset;     /* settings that a restarted module would not take again */
    uint16_t retries;   /* what was done again because the first time did not count: AT that was not
                           answered, a connection under another id, a server without its network.
                           Payload and commands of a call never are */
};

struct wm_core_config {
    struct wm_link *links; /* the driver's while core is used */
    unsigned link_count;   /* 0..WM_LINK_SLOTS: so many handles can be held at once */
    void *rings;           /* receive buffers, link_count of them one behind the other */
    size_t ring_bytes;     /* of each; at least WM_RING_MIN */
    enum wm_receive receive;
    void *settings;        /* memory for what the module has to be told again after a restart: the
                              lines of commands that set something, one of a kind. A call that
                              finds no room for its line is WM_ERR_NOMEM and sets nothing. NULL:
                              nothing is told again */
    size_t settings_bytes; /* 0 with NULL; a line takes up to 255, 2048 suit most programs; at most
                              65535 */
    const struct wm_long_send_ops *long_send; /* &wm_long_send: sends of more than 5760 bytes go out
                                             by AT+CIPSENDL where the module has it; only for lines
                                             with flow control. NULL: by AT+CIPSEND, in chunks */
    unsigned baud; /* speed of the line, where bytes that wm_core_sent was told of may still wait in
                      front of it (a driver with a queue): the silences around +++ count from when
                      they have surely left. 0: sent bytes have left */
    unsigned tls_links; /* so many TLS links at once, since each costs the module some 40 KiB; 0: as
                           many as there are links */
    bool attach;        /* find the module and change nothing; links can't be opened */
    uint32_t idle_poll_ms; /* passive: how often AT+CIPRECVLEN asks for data whose report was lost,
                              while links are open and nothing else goes on; 0: 1000; WM_FOREVER:
                              never */
    const struct wm_profile *profile; /* what to assume of the module; NULL: it is found out */
    wm_trace_fn trace;                /* may be NULL */
    void *trace_user;
};

/* An operation: one call, from its preparation to its result. The caller's memory; prepared by a
 * wm_..._prepare function, which checks the arguments, then started by wm_submit or wm_core_submit,
 * or run by wm_run. What its arguments point at must stay until it has ended. The fields are the
 * driver's. */
struct wm_op {
    const struct wm_op_def *def;
    uint8_t state;
    uint8_t step;
    int result;
    struct wm_op *next;
    wm_done_fn done;
    void *user;
    uint64_t deadline_ms;
    uint32_t timeout_ms;
    int link;         /* handle */
    const void *args; /* what to send or how */
    void *out;        /* where the result goes */
    void *about;      /* where goes what is told beside it */
    size_t size;      /* of what args or out point at */
    size_t progress;
    int value;
};

#include <wmat/layout.h>

/* Prepares a core. core is the caller's memory and so are the links and the rings, which must stay
 * as long as core is used:
 *     static struct wm_core core;
 *     static struct wm_link links[2];
 *     static unsigned char rings[2][1024];
 *     struct wm_core_config config = {
 *         .links = links, .link_count = 2, .rings = rings, .ring_bytes = sizeof rings[0]};
 * The search for the module starts with the first wm_core_tick. WM_ERR_ARG: a ring smaller than
 * WM_RING_MIN, more than WM_LINK_SLOTS links, or links without memory. */
int wm_core_init(struct wm_core *core, const struct wm_core_config *config, uint64_t now_ms);

/* Gives received bytes. Returns how many were taken; fewer than len when a ring is full, in active
 * mode and of a stream in any mode: the rest must be given again after wm_core_wants_input says so.
 */
size_t wm_core_feed(struct wm_core *core, const void *bytes, size_t len, uint64_t now_ms);

/* False while a full ring holds up the input. */
bool wm_core_wants_input(const struct wm_core *core);

/* Lends bytes to send, valid until the next call on this core. Returns their number, 0 if there are
 * none. At most 5760 at a time: a chunk of payload. Whoever feeds what has come between two parts
 * of it, and says with wm_core_sent how much has gone out, lends again only what is still wanted: a
 * link that closes ends its payload. So write what the port takes without waiting; where a write
 * waits, 1024 bytes at a time. */
size_t wm_core_output(struct wm_core *core, const void **bytes, uint64_t now_ms);

/* Says that the first n of the bytes lent last have gone out. */
void wm_core_sent(struct wm_core *core, size_t n, uint64_t now_ms);

/* Lets time pass. Call it when wm_core_deadline is reached, and whenever convenient. */
void wm_core_tick(struct wm_core *core, uint64_t now_ms);

/* When wm_core_tick is needed next; WM_NO_DEADLINE: not before something else happens. */
uint64_t wm_core_deadline(const struct wm_core *core);

/* Says that the port is gone for good (err: WM_ERR_IO). Everything pending fails with err, and so
 * does every link. */
void wm_core_lost(struct wm_core *core, int err);

/* Says that the port is gone and may come back: what is pending, and what is called meanwhile,
 * fails with WM_ERR_IO, links fail with WM_ERR_RESET. Either tells WM_EVENT_LOST. */
void wm_core_unplugged(struct wm_core *core);

/* Says that the port is back: the module is searched for and set up as if it were another one, and
 * WM_EVENT_READY tells when it takes commands again. */
void wm_core_plugged(struct wm_core *core, uint64_t now_ms);

/* How often the search has had no answer since it began, at most 255; -1 while the module is not
 * searched for. */
int wm_core_unanswered(const struct wm_core *core);

/* Starts the search over, at another speed of the line for instance; does nothing while the module
 * is not searched for. probe_ms: how long to wait for an answer to AT, at most 500; 0: 500. */
void wm_core_search(struct wm_core *core, uint32_t probe_ms, uint64_t now_ms);

/* Runs the callbacks of ended operations and, through on_event if not NULL, of events. */
void wm_core_dispatch(struct wm_core *core,
                      void (*on_event)(void *user, const struct wm_event *event), void *user);

/* Takes one ended operation whose done is due, or NULL; and one event: false when there is none.
 * What wm_core_dispatch is made of, for callers that hold a lock. */
struct wm_op *wm_core_next_done(struct wm_core *core);
bool wm_core_next_event(struct wm_core *core, struct wm_event *event);

/* Starts a prepared operation; one that has ended, its callback included, can be started again.
 * done may be NULL; see wm_op_ended. timeout_ms as in wmat.h. WM_ERR_IO: the port is gone (bytes
 * that arrived before can still be received). WM_ERR_STATE: op runs already, or needs what this
 * core was not configured for. */
int wm_core_submit(struct wm_core *core, struct wm_op *op, uint32_t timeout_ms, wm_done_fn done,
                   void *user, uint64_t now_ms);

/* As wm_cancel. */
void wm_core_cancel(struct wm_core *core, struct wm_op *op);

/* Has an operation ended (its result is in op->result)? */
bool wm_op_ended(const struct wm_op *op);

/* The module is in its known state and takes commands. */
bool wm_core_ready(const struct wm_core *core);

const struct wm_stats *wm_core_stats(const struct wm_core *core);

/* Copies the module's words about the last failure, such as "AT+CIPSTART: ERROR", terminated and
 * cut to size; "" if there was none. size 0: nothing. Returns text. */
char *wm_core_detail(const struct wm_core *core, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
