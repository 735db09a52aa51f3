/* The memory of a core, included by core.h so that a program can place one where it likes. Not an
 * interface: the fields are the driver's and change without notice. */
#ifndef WMAT_LAYOUT_H
#define WMAT_LAYOUT_H

#include <wmat/core.h>

#define WM_LINE_SIZE 256 /* a line of the module's, longer ones are cut; and a command line */

struct frame;

/* Bytes -> lines, prompts, frames. */
struct wm_lexer {
    uint8_t state;
    bool plain; /* the line that has begun is no header */
    bool overlong;
    bool after_prompt;
    bool ends_in_lf;  /* the payload of the last frame */
    bool trailer_due; /* frames end in CR LF: one did, or the profile says so */
    bool prompt_expected;
    /* Takes the address of a frame's sender; NULL: headers have none. */
    const char *(*take_peer)(const char *at, const char *end, struct frame *frame);
    bool with_peer; /* AT+CIPDINFO=1: +CIPRECVDATA carries address and port */
    uint16_t fill;
    uint32_t payload_left;
    char line[WM_LINE_SIZE];
};

/* A byte queue with a part that is staged: written, but not to be read before it is committed. */
struct wm_ring {
    uint8_t *bytes;
    size_t size;
    size_t start; /* first byte to read */
    size_t used;  /* committed */
    size_t held;  /* the same and what is staged behind it */
};

/* One command in flight. */
struct wm_txn {
    uint8_t state;
    bool ends_in_escape;        /* payload ends with +++\0 (CIPSENDEX), whose +++ is the caller's */
    const struct wm_link *link; /* of a send; else NULL */
    uint16_t line_len, line_sent;
    const uint8_t *payload;
    size_t payload_len, payload_sent; /* of it, with what may stand behind the caller's bytes */
    uint64_t deadline_ms;             /* of a command that nobody waits for any more */
    char line[WM_LINE_SIZE + 2];
};

struct wm_datagram_ops;
struct wm_settings_ops;
struct wm_stream_ops;

struct wm_link {
    uint8_t state;    /* enum wm_link_state */
    uint8_t id;       /* its number in the module */
    bool in_module;   /* the module has it, as far as we know */
    bool owned;       /* an application holds its handle */
    bool peer_closed; /* CLOSED came before data that had been reported (passive) */
    bool tls : 1;
    bool stream : 1;     /* of passthrough */
    bool inbound : 1;    /* a client of the server */
    bool came_up : 1;    /* its CONNECT was reported */
    bool cut : 1;        /* the last datagram may have been a part of one */
    bool lent : 1;       /* its ring is in the buffer of a call that waits for bytes */
    bool skipping : 1;   /* the datagram that is arriving has no room */
    bool redirected : 1; /* datagrams without a destination no longer go to the remote end */
    uint8_t arrival;     /* counts the clients, so that the first one is accepted first */
    uint8_t dropped : 7; /* datagrams that found no room, up to 127 */
    bool piled : 1;      /* the module may have several that it gives as one (passive) */
    uint16_t events;     /* due, bits of enum wm_event_kind */
    uint16_t gap_in;     /* the module has thrown bytes away behind so many that follow, less one;
                            0: it has not (passive) */
    const struct wm_datagram_ops *datagrams; /* NULL: a stream */
    int handle;
    int error;
    uint32_t epoch;
    uint32_t hint_bytes; /* said to wait in the module (passive) */
    uint64_t sent_bytes, received_bytes;
    struct wm_ring ring;
};

/* What is small and used often comes first: a microcontroller reaches it in shorter instructions.
 */
struct wm_core {
    uint8_t state;
    uint8_t seek_state;
    uint8_t seek_round;
    uint8_t link_count;
    uint8_t links_end; /* the links from here on are free */
    uint8_t frame_source;
    uint8_t next_link; /* fairness between links */
    bool turn_due;     /* a line has come: what it says may give somebody a turn */
    bool keeper_turn;  /* fairness between the driver and its user */
    bool known;        /* set up once: what comes next is recovery */
    bool stalled;      /* a full ring holds up the input */
    bool unconfirmed;  /* the last frame had no trailer; the next line has to make sense */
    bool single;       /* single connection mode, for a stream */
    bool wifi_up : 1;
    bool wifi_joining : 1;     /* the station has joined, or tries to */
    bool peers_shown : 1;      /* AT+CIPDINFO=1 is on: somebody wants to know who sent a datagram */
    bool stray_server : 1;     /* one may be on that nobody wants */
    bool holding : 1;          /* a command waits for the end of a frame */
    uint8_t has_long_send : 2; /* 0: not asked yet, 1: no, 2: yes */
    struct wm_profile profile; /* what is known of the module */
    uint8_t server_links;      /* so many ids are the server's */
    uint8_t arrivals;
    uint8_t unwanted;      /* ids of links to close that have no place here, a bit each */
    uint8_t stream_prompt; /* characters of the prompt that have come */
    uint8_t stream_pluses; /* the burst so far is so many '+' and nothing else */
    uint16_t events;       /* due, bits of enum wm_event_kind */
    uint16_t settings_len;
    uint16_t seek_probe_ms;
    int lost;                      /* 0, or why the port is gone */
    uint32_t changes;              /* counts whatever an application may wait for */
    struct wm_link *links;         /* link_count of them */
    struct wm_op *current;         /* has the turn */
    struct wm_op *queue;           /* wait for their turn */
    struct wm_op *waiting;         /* need no turn, but something to happen */
    struct wm_op *done;            /* ended, callback due */
    struct wm_link *frame_link;    /* of the frame that is arriving; NULL: none of ours */
    struct wm_link *fetch_link;    /* of the AT+CIPRECVDATA in flight; NULL */
    uint16_t fetch_max, fetch_got; /* its length: asked for, answered */
    uint16_t read_got;             /* the same of a read that gave all, until the next line, */
    uint8_t read_at;      /* which may say what that has left in the module; its place in links */
    uint32_t filler_left; /* bytes that fill up an announced length */
    const struct wm_settings_ops *settings; /* NULL: nothing was set */
    const struct wm_op_def *due_when_up;    /* to be done once the station has an address */
    /* A link has come up that nobody dialled; NULL: there is no server. */
    void (*arrived)(struct wm_core *core, int id);
    const struct wm_stream_ops *stream; /* in MODULE_STREAM: what moves its bytes */
    struct wm_op *stream_op;            /* whose bytes go out */
    size_t stream_lent;                 /* of them, by wm_core_output */
    struct wm_stats stats;
    uint64_t now_ms;
    uint64_t last_rx_ms, last_tx_ms;
    uint64_t seek_at_ms;    /* next step of the search; MODULE_READY: no command starts before */
    uint64_t escape_at_ms;  /* when +++ went out; MODULE_READY: what is due waits until then */
    uint64_t ask_at_ms;     /* when AT+CIPRECVLEN is due */
    uint64_t stalled_at_ms; /* when the input was held up */
    struct wm_op keeper;    /* the driver's own operations */
    struct wm_core_config config;
    struct wm_lexer lexer;
    struct wm_txn txn;
    const char *why; /* what became of the command that failed last, static; NULL: none has */
    char failed[20]; /* and which it was */
};

#endif
